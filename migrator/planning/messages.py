"""The closed vocabulary of the checklist: a code, how grave it is, its title, what a person does.

Titles and actions are templates; `why` is always the fact that decided it, with its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from migrator.analysis.sites import Place, Site
from migrator.decisions import ChecklistItem, Severity, Source
from migrator.language import _


@dataclass(frozen=True, slots=True)
class Message:
    """One code of the checklist.

    `standing`: an item of it that belongs to no site, or to one whose group moves without it, is
    about what is there, and settled once it is not said any more.
    """

    code: str
    severity: Severity
    title: str
    action: str
    standing: bool = False


_B, _H, _R, _S = Severity.BLOCKER, Severity.BEHAVIOUR, Severity.REVIEW, Severity.SETUP

MESSAGES: dict[str, Message] = {
    message.code: message
    for message in (
        # What has no counterpart.
        Message(
            "endpoint-missing",
            _B,
            "`{api}` is not served by {provider}",
            "Nearest: {counterpart}. {remedy}.",
            standing=True,
        ),
        Message(
            "endpoint-undocumented",
            _B,
            "whether {provider} serves `{api}` is not documented",
            "Nearest: {counterpart}. {remedy}.",
            standing=True,
        ),
        Message(
            "endpoint-unproven",
            _B,
            "`{api}` is served by {provider} only in part",
            "Nearest: {counterpart}. {remedy}.",
            standing=True,
        ),
        Message(
            "responses-api",
            _B,
            "`{api}` is served by {provider} only in part",
            "Nearest: {counterpart}. {remedy}.",
        ),
        Message(
            "completion-refused",
            _B,
            "`{name}` has no counterpart in a chat request",
            "Do it another way, then run `migrate apply` again: {remedy}.",
        ),
        Message(
            "completion-prompts",
            _B,
            "one request may hold several prompts, or tokens",
            "Send one request with one string for each prompt, then run `migrate apply` again.",
        ),
        Message(
            "completion-untraced",
            _B,
            "this completion could not be made a chat request",
            'Call `chat.completions.create` with `messages=[{{"role": "user", "content": prompt}}]` and read `choices[0].message.content`.',
        ),
        Message(
            "answer-untraced",
            _B,
            "the answer would have another shape, and goes where that could not be followed",
            "Hand on its text in the place of the answer, or rewrite these by hand together with the call: {places}.",
        ),
        Message(
            "responses-refused",
            _B,
            "`{name}` of the Responses API is not taken",
            "Do without `{name}`, or keep what it does in your own code.",
        ),
        Message(
            "responses-tool",
            _B,
            "the built-in tool `{name}` is not served",
            "Use one that is ({known}), or a function of your own.",
        ),
        Message(
            "responses-state",
            _B,
            "`{wanted}` asks for a chat request, and `{name}` cannot be said in one",
            "As it stands, {reason}. Do without `{wanted}`, or call `chat.completions.create` with the messages so far.",
        ),
        Message(
            "responses-by-hand",
            _B,
            "`{wanted}` asks for a chat request, and this request is sent without the SDK",
            "Do without `{wanted}`, or post a chat request: messages, `response_format`, and `choices[0].message.content` of the answer.",
        ),
        Message(
            "responses-tied",
            _B,
            "`{wanted}` asks for a chat request, and calls that belong with it could not become one",
            "Make chat requests of these too, or give each its own input and tools: {places}.",
        ),
        Message(
            "sdk-not-carried",
            _R,
            "this stays with the openai package: {sdk} cannot take its place exactly",
            "It works as it is, on the compatible endpoint of {provider}. Rewrite what hinders it, then run `migrate apply --mode sdk` again on the code as it was.",
        ),
        Message(
            "own-class-unused",
            _R,
            "`{class}` speaks to the compatible endpoint: no class of the framework's own for {provider} takes its place",
            "Nothing has to be done: it works as it is written.",
        ),
        Message(
            "sdk-exception-missing",
            _H,
            "{sdk} never raises `{name}`, nor anything of its own in its place",
            "Catch {instead}.",
        ),
        Message(
            "sdk-exception-made",
            _H,
            "`{name}` is constructed here, and {sdk} never raises it",
            "Construct what {sdk} raises, if this is to look like one of its errors.",
        ),
        Message(
            "sdk-error-field",
            _H,
            "`{field}` of an error of {sdk} is another",
            "Read what its errors hold: `message`, `code`, `status_code`, `headers`, `body` and `request_id`.",
        ),
        Message(
            "sdk-type-mixed",
            _R,
            "`{name}` may be a client of the openai package or of {sdk}",
            "Name `{new}` where only one of that kind comes.",
        ),
        Message(
            "sdk-patch",
            _R,
            "a test puts something in the place of `{name}`",
            "Put it in the place of what {sdk} calls.",
        ),
        Message(
            "dependency-needed",
            _S,
            "`{requirement}` has to be installed",
            "{what}.",
        ),
        Message(
            "dependency-conflict",
            _B,
            "`{new}` cannot be installed beside {other}",
            "Settle that first: {remedy}. Then ask for `{new}` here.",
        ),
        Message(
            "lock-file",
            _S,
            "`{lock}` has to be written anew",
            "Run `{command}`{where}.",
        ),
        Message(
            "sdk-chosen",
            _S,
            "{sdk} has to be installed: `{requirement}`",
            "Install it wherever the program runs, and write lock files anew.",
        ),
        Message(
            "plugin-rewrote",
            _R,
            "the codemod `{name}` of {package} has rewritten {places}",
            "{review}. To do without it: `--no-plugins`.",
        ),
        Message(
            "sdk-caution", _H, "to know of {sdk}", "Weigh it: `--mode compatible` goes without."
        ),
        Message(
            "client-shared",
            _B,
            "this client also serves calls that cannot move",
            "Give the calls that cannot move a client of their own, then run `migrate apply` again. They are: {calls}.",
        ),
        Message(
            "call-unparted",
            _R,
            "`{api}` cannot be told apart from what does not go to {provider}",
            "Give it a client of its own, assigned to a variable, then run `migrate apply` again.",
        ),
        Message(
            "model-no-counterpart",
            _B,
            "`{model}` has no counterpart",
            "Choose a model yourself: `--map {model}=MODEL`.",
        ),
        Message(
            "model-composed",
            _B,
            "the name of the model is put together: {texts}",
            "Write the whole names of {provider}'s models, or look them up in a table by what varies; then run `migrate apply` again.",
        ),
        Message(
            "model-native",
            _B,
            "`{model}` becomes `{new}`, which this request does not reach",
            "Nearest: {counterpart}. {remedy}.",
        ),
        Message(
            "media-untraced",
            _B,
            "this call of `{api}` could not be made one that the provider takes",
            "Call `{api}` on the client with its arguments by name, or do so by hand: {remedy}.",
        ),
        Message(
            "model-test-fails",
            _B,
            "`{new}`, which `{model}` became, ends in an error after `{test}`",
            "Let the test take `{new}` as it took `{model}`, or say what else is to be done for it.",
        ),
        Message(
            "tokenizer-fails",
            _B,
            "tiktoken is asked for the tokenizer of `{new}`, which it does not know",
            "Catch the `KeyError` that it raises, and take `tiktoken.get_encoding` of `{encoding}` then.",
        ),
        Message(
            "functions-deprecated",
            _B,
            "`{name}` is the old form of tools",
            "Give `{there}`, a function as `{{'type': 'function', 'function': ...}}`; read `message.tool_calls[0].function`, and answer with the role `tool` and its `tool_call_id`.",
        ),
        Message(
            "token-input",
            _B,
            "the embeddings input holds token ids",
            "Send strings: {provider} takes a string or a list of strings.",
        ),
        Message(
            "azure-deployment-named",
            _B,
            "{names} is a deployment's name, and no model of {provider}'s",
            "Write the model that is meant in its place.",
        ),
        Message(
            "value-missing",
            _B,
            "`{name}={value}` is not to be had: it may be {range}",
            "Do with one of these, or go another way. {remedy}.",
        ),
        Message(
            "value-refused",
            _B,
            "`{name}={value}` is refused: it may be {range}",
            "Make several calls, or lower the value.",
        ),
        Message(
            "effort-refused",
            _B,
            "`{name}={value}` is refused: it may be {range}",
            "Write one of these at {where}, or turn it into one before this call.",
        ),
        Message(
            "encoding-refused",
            _B,
            "`encoding_format={value}` is not documented",
            "Use one of these and read the vectors so: {values}.",
        ),
        Message(
            "logprobs-refused",
            _B,
            "`{model}` gives no log probabilities",
            "Do without them, or choose a model that gives them with `--map`.",
        ),
        Message(
            "json-schema",
            _B,
            "`{model}` is not documented to take json_schema",
            'Use `response_format={{"type": "json_object"}}` with the schema in the prompt, or choose a model that takes it with `--map`.',
        ),
        Message("role-refused", _B, "the role `{role}` is not taken", "Use the role `{there}`."),
        Message(
            "legacy-sdk",
            _B,
            "a call of openai before 1.0",
            "Upgrade the call to a client of openai 1.x, then run `migrate apply` again; or stay on openai 0.28 with `--legacy keep`.",
        ),
        Message(
            "legacy-ended",
            _B,
            "`{api}` ended with openai before 1.0",
            "Nearest in openai 1.0 and later: `{now}`. Nearest at {provider}: {counterpart}. {remedy}.",
        ),
        Message(
            "legacy-gone",
            _B,
            "`{api}` ended with openai before 1.0, and nothing took its place",
            "Take the call away, or keep it in a program of its own that stays on openai 0.28.",
        ),
        Message(
            "framework-client",
            _B,
            "{framework} reaches OpenAI by its own class",
            "{hint}.",
        ),
        Message(
            "framework-release",
            _B,
            "`{asked}` ({place}) is too old for what points this `{class}` at the provider",
            "{hint}.",
        ),
        Message(
            "raw-http",
            _B,
            "OpenAI's HTTP interface is used without its SDK",
            "Replace the host by `{base_url}`, the key by `{key}` and the model; the path after `/v1` stays.",
        ),
        Message(
            "raw-http-azure",
            _B,
            "Azure OpenAI's HTTP interface is used without its SDK",
            "Send it to `{base_url}` and what follows the deployment in the path, without `api-version`: with the header `Authorization: Bearer` and the key from `{key}` in the place of `api-key`, and the model in the body.",
        ),
        Message(
            "argument-refused",
            _B,
            "`{name}` is refused by {provider}, and also goes to another provider",
            "Give the request to {provider} without it, or with what it takes.",
        ),
        Message(
            "extra-refused",
            _B,
            "`{name}` in `extra_body` is refused here",
            "Take it away, or say it in the provider's own words.",
        ),
        Message("parameter-refused", _B, "`{name}` is refused here", "Take it away, or {instead}."),
        Message(
            "tool-name", _B, "a tool may not be called `{name}`", "Give the tool another name."
        ),
        Message(
            "tool-schema",
            _B,
            "the schema of the tool `{name}` is not taken: {detail}",
            "Say one type everywhere, and write what is referred to in the place of the reference.",
        ),
        Message(
            "tool-choice-named",
            _B,
            "a tool may not be asked for by its name",
            "Pass `tool_choice={there}` and in `tools` the one tool that is meant.",
        ),
        Message(
            "stop-words",
            _B,
            "{what} taken",
            "Give fewer or shorter ones, and cut the answer at the others where it is read.",
        ),
        Message(
            "user-message",
            _B,
            "messages of the system and the assistant alone are refused",
            "Say what is asked for as a message of the role `user`.",
        ),
        Message(
            "consecutive-roles",
            _B,
            "two messages of the role `{role}` stand in a row ({where}), and are refused",
            'Make one message of them: `{{"role": "{role}", "content": first + "\\n\\n" + second}}`.',
        ),
        Message(
            "reasoning-content",
            _B,
            "an assistant message with tool calls is made anew without its `reasoning_content`",
            "Put what `message.reasoning_content` held (in a stream, the joined `delta.reasoning_content`) into the message as `reasoning_content`, or append the message of the answer itself: the next request is refused without it.",
        ),
        Message(
            "framework-turns",
            _B,
            "{framework} sends its tool calls back without what `{model}` thought",
            "Choose a model that need not think, or hand it no tools: the request after a tool call is refused.",
        ),
        Message(
            "framework-imposes",
            _B,
            "{framework} sends `{name}` by itself, which the provider refuses",
            "Take another class of the framework's, or another provider: no argument takes it out.",
        ),
        Message(
            "framework-needs",
            _B,
            "{framework} asks for a model that {what}, and `{model}` is not known to",
            "Choose one that does, `--map MODEL=MODEL`, or another provider; no argument of the class takes it out. Or ask by the openai package here.",
        ),
        Message(
            "image-link",
            _B,
            "a picture is named by a link, and links are not taken",
            "Download it and send a data URI: `{data_uri}`.",
        ),
        Message(
            "image-address",
            _H,
            "whether a picture is a link is only known at run time, and links are not taken",
            "Make sure that it is a data URI; of a link make one by `{data_uri}`.",
        ),
        Message(
            "content-refused",
            _B,
            "a message part of type `{part}` is not taken",
            "Send the content in another way.",
        ),
        Message(
            "stream-only",
            _B,
            "`{model}` answers only as a stream",
            "Pass `stream=True` and join the pieces, or choose another model with `--map`.",
        ),
        Message(
            "stream-usage-taken",
            _B,
            "the usage of each chunk is taken ({where}), and every chunk has the usage so far",
            "Keep `chunk.usage` in a variable, and use what it holds when the stream has ended.",
        ),
        Message(
            "thinking-conflict",
            _B,
            "`{name}` is refused while `{model}` thinks",
            "Switch thinking off for this call, or do without `{name}`.",
        ),
        Message(
            "legacy-name",
            _B,
            "`{name}` is of openai before 1.0",
            "Use what took its place, or stay on openai 0.28 with `--legacy keep`.",
        ),
        # What runs, but differs.
        Message(
            "endpoint-partly",
            _H,
            "`{api}` is served in part",
            "Check that this call keeps to the part that is served.",
        ),
        Message(
            "responses-chat",
            _H,
            "a Responses call became a chat request, for `{wanted}`",
            "Check the result of this call.",
        ),
        Message(
            "responses-kept",
            _H,
            "`{name}` finds what the provider keeps, for some time",
            "Let the program begin anew where an answer is not found any more.",
        ),
        Message(
            "responses-tools",
            _H,
            "which tools this call is given is only known at run time",
            "Make sure that each is one of: {known}.",
        ),
        Message(
            "responses-tool-options",
            _H,
            "of the tool `{name}`, these options are not documented: {options}",
            "Check that the answers fit without them: what is not documented is ignored.",
        ),
        Message(
            "completion-chat",
            _H,
            "a completion became a chat answer",
            "Read some answers: a chat model answers a prompt where the old model went on with it.",
        ),
        Message(
            "completion-limit",
            _H,
            "without `max_tokens` a completion ended after 16 tokens",
            "Pass `max_tokens` where a short answer is meant.",
        ),
        Message(
            "completion-prompt",
            _H,
            "whether the prompt is one string is only known at run time",
            "Make sure that it is: a list of prompts is refused.",
        ),
        Message(
            "picture-links",
            _H,
            "pictures come as links, which expire",
            "Download `data[0].url` at once, where the program keeps the link.",
        ),
        Message(
            "picture-data",
            _H,
            "pictures come as links, and are now fetched where the program asked for their data",
            "See to it that the program may reach the host of the links.",
        ),
        Message(
            "image-embedded",
            _H,
            "a picture that was named by a link is fetched and sent as a data URI",
            "See to it that the program may reach the host of the link, and that nobody else may choose it.",
        ),
        Message(
            "picture-size",
            _H,
            "which sizes of pictures are taken is not documented",
            "Try `{size}`, and take one that is accepted.",
        ),
        Message(
            "transcription-chat",
            _H,
            "a transcription is now a chat request that holds the sound",
            "Split what is longer or larger than that, and check some transcripts.",
        ),
        Message(
            "translation-chat",
            _H,
            "a spoken translation is now a transcription and a request that translates it",
            "Split what is longer or larger than that, and check some translations.",
        ),
        Message(
            "speech-format",
            _H,
            "speech comes as {format}",
            "Give files and responses the name and type of {format} where they say otherwise, or convert it.",
        ),
        Message(
            "speech-long",
            _B,
            "the text is longer than the {longest} characters that one request speaks",
            "Cut it after a sentence, speak each piece, and join the sound.",
        ),
        Message(
            "speech-length",
            _H,
            "one request speaks at most {longest} characters",
            "Cut longer texts after a sentence, speak each piece, and join the sound.",
        ),
        Message(
            "sound-limits",
            _H,
            "not every sound file is taken",
            "Convert it to what is taken, cut it into pieces that are short enough, and join their texts.",
        ),
        Message(
            "speech-voice",
            _H,
            "speech has other voices: {said}",
            "Listen to it, and name another where it should sound otherwise: {names}.",
        ),
        Message(
            "batch-requests",
            _H,
            "the file of this batch holds requests of its own",
            "See to it that each of its lines names a model of {provider}, and parameters that are taken.",
        ),
        Message(
            "batch-rows",
            _H,
            "the rows of this batch are written at {rows}",
            "Send a batch of a few rows first, to see that the models of these rows are among those that batches of {provider} take.",
        ),
        Message(
            "path-request",
            _H,
            "this request names a path in the place of `{api}`",
            "Check that the model and the parameters in its body are the provider's, as for `{api}`.",
        ),
        Message(
            "model-lacks",
            _H,
            "`{model}` is not known to have: {needs}",
            "Try the call, or choose another model with `--map`.",
        ),
        Message(
            "model-chosen",
            _H,
            "`{model}`, your own choice, is none of the models that are known of {provider}",
            "Check its spelling with the provider's list of models{near}.",
        ),
        Message(
            "model-own",
            _H,
            "`{model}` is a model of your own at {provider}, of which nothing is known here",
            "Check that it takes what its calls send, and whether it thinks by default.",
        ),
        Message(
            "model-table-extended",
            _H,
            "the table got an entry for `{new}`: {value}",
            "Check what else the table is used for.",
        ),
        Message(
            "model-listed",
            _H,
            "`{new}` was put beside `{model}` in a list of models",
            "Check that everything the list is used for may have it; take the old names away where they are offered or let through.",
        ),
        Message(
            "model-test",
            _H,
            "`{test}` answers otherwise for `{new}` than for `{model}`",
            "Say what is to be done for `{new}`; here is the test with the answer it had.",
        ),
        Message(
            "model-merged",
            _H,
            "`{model}` and `{other}` both became `{new}`",
            "Check that nothing here needs two different names.",
        ),
        Message(
            "content-part",
            _H,
            "message parts of type `{part}` differ",
            "Check how the part is written.",
        ),
        Message(
            "messages-merged",
            _H,
            "messages of one role in a row became one",
            "Read the joined text as a whole.",
        ),
        Message(
            "parameter-dropped",
            _H,
            "`{name}` was taken away",
            "Nothing, if the program can do without it.",
        ),
        Message(
            "parameter-renamed",
            _H,
            "`{name}` became `{there}`",
            "Check the result of this call.",
        ),
        Message(
            "argument-to-add",
            _H,
            "`{added}` could not be added",
            "Pass `{added}` where the call does not get it another way.",
        ),
        Message(
            "parameter-moved",
            _H,
            "`{name}` became `{there}` in extra_body",
            "Check that the provider's option does what you want.",
        ),
        Message(
            "parameter-changed",
            _H,
            "`{name}={value}` became `{new}`",
            "Check the result of this call.",
        ),
        Message(
            "parameter-range",
            _H,
            "`{name}` must stay in {range}",
            "Make sure that the value given at run time stays in the range.",
        ),
        Message(
            "answer-missing",
            _H,
            "where an answer has no `{name}`, KeyError is caught",
            "Ask whether it is None instead: an object has every field, and None where none was sent.",
        ),
        Message(
            "functions-tools",
            _H,
            "functions became tools, and the function call the first tool call",
            "Check that messages that answer one have the role `tool` and its `tool_call_id`.",
        ),
        Message(
            "answer-limit",
            _H,
            "no limit of tokens is given, and answers end after {limit}",
            "Where answers may be longer, pass `max_tokens`; a cut one has finish_reason `length`.",
        ),
        Message(
            "stream-usage",
            _H,
            "every chunk of a stream carries the usage so far",
            "Take the last one: do not add them up, nor wait for a chunk that has no choices.",
        ),
        Message(
            "json-unsure",
            _H,
            "`{model}` is not known to keep to JSON mode",
            "Read the answer with care: take off fences such as ```json, and ask again where it is no JSON.",
        ),
        Message(
            "tool-choice",
            _H,
            "a forced tool call became a free one",
            "Check that a tool was called, and ask again if it was not.",
        ),
        Message(
            "tools-withheld",
            _H,
            '`tool_choice="none"` became a request without tools',
            "Nothing: no tool is called.",
        ),
        Message(
            "tools-forbidden",
            _B,
            '`tool_choice="none"` is refused here',
            "Send the request without `tools`.",
        ),
        Message(
            "stop-list",
            _H,
            "`stop` is only known at run time",
            "Make sure that it is a list, of at most {most} words.",
        ),
        Message(
            "stop-contested",
            _H,
            "whether {count} stop words are taken is not certain",
            "Try it, or keep to one and cut the answer at the others where it is read.",
        ),
        Message(
            "user-role",
            _H,
            "the only message was the system's, and became the user's",
            "Nothing: it is refused without a message of the user.",
        ),
        Message(
            "tool-choice-only",
            _H,
            "a tool that was asked for by its name is the only one now, and one is required",
            "Nothing: the same tool is called.",
        ),
        Message(
            "content-none",
            _H,
            "an assistant message with tool calls says nothing in the place of an empty text",
            "Nothing: an empty text is refused.",
        ),
        Message(
            "reasoning-kept",
            _H,
            "an assistant message that is made anew carries its `reasoning_content` back",
            "Nothing: the next request is refused without it.",
        ),
        Message(
            "tool-choice-value",
            _H,
            "`tool_choice` is decided at run time",
            "Make sure that it is not {refused}.",
        ),
        Message(
            "tool-forced",
            _H,
            "what wraps this client asks for a tool by its name",
            "Unless the client is wrapped so already: {remedy}.",
        ),
        Message(
            "json-word-missing",
            _R,
            "JSON mode needs the word JSON in a message, and none says it",
            "Ask for JSON in the prompt.",
        ),
        Message(
            "json-schema-kind",
            _H,
            "the schema of an answer has to say one type everywhere, and to refer to nothing",
            "Check the schema: what is nested in a model of pydantic is referred to by `$ref`.",
        ),
        Message(
            "json-word",
            _H,
            "JSON mode needs the word JSON in a message",
            "Make sure that a message of this call says JSON.",
        ),
        Message(
            "json-word-added",
            _H,
            "the word JSON was added to a prompt",
            "Nothing: JSON mode is refused without it.",
        ),
        Message(
            "parallel-tools",
            _H,
            "several tool calls at once must be asked for",
            "Add `parallel_tool_calls=True` where tools are given.",
        ),
        Message(
            "logprobs-models",
            _H,
            "log probabilities are not given by every model",
            "Check that the model of this call gives them.",
        ),
        Message(
            "thinking-tokens",
            _H,
            "thinking may use up a small token limit",
            "Raise `{name}` if answers come back empty with finish_reason `length`.",
        ),
        Message(
            "thinking-room",
            _H,
            "`{name}={value}` became `{new}`, since the thinking counts too",
            "Cut the answer in the program where its length matters, or ask for a short one in the prompt.",
        ),
        Message(
            "thinking-unknown",
            _H,
            "whether this call's model thinks by default is not known here",
            "Where a model that thinks by default is used, give `{switch}` {where}.",
        ),
        Message(
            "thinking-always",
            _H,
            "`{model}` thinks in every call, which the model before did not",
            "Expect slower and dearer answers, and leave room for the thinking in token limits; or choose another model with `--map`.",
        ),
        Message(
            "thinking-switched",
            _H,
            "thinking was switched off for the models known here",
            "A model that cannot think refuses the switch: take it away if such a one is used.",
        ),
        Message(
            "model-unknown",
            _R,
            "{names} is the name of no model that is known here",
            "See to it that {provider} has such a model, or write another in its place.",
        ),
        Message(
            "model-at-run-time",
            _R,
            "the model of this call is decided at run time",
            "See to it that a model of {provider} is handed in.",
        ),
        Message(
            "thinking-lost",
            _H,
            "`{model}` does not think in this call",
            "Choose a model that thinks with `--map` if the answers get worse.",
        ),
        Message(
            "thinking-contested",
            _H,
            "sources disagree on whether `{model}` can stop thinking",
            "Check a call, or choose another model with `--map`.",
        ),
        Message(
            "role-uncertain", _H, "the role `{role}` may not be taken", "Use the role `{there}`."
        ),
        Message(
            "system-late",
            _H,
            "a system message comes after the first message",
            "Merge it into the first system message if the provider refuses it.",
        ),
        Message(
            "vector-width",
            _H,
            "vectors of `{model}` have another width",
            "Change the width of your index to {width} and build it anew.",
        ),
        Message(
            "vector-widths",
            _H,
            "the models of this call give vectors of several widths",
            "Pass `dimensions` for each model; the widths are {widths}.",
        ),
        Message(
            "embedding-single",
            _H,
            "each text is a request of its own",
            "Nothing, unless your limits of requests are small: then lower `AT_ONCE` in the module.",
        ),
        Message(
            "embedding-length",
            _H,
            "a text to embed has at most {size} characters",
            "Cut longer texts, or make the pieces smaller where they are cut.",
        ),
        Message(
            "embedding-batch",
            _H,
            "an embeddings request takes at most {size} inputs",
            "Split longer lists into several requests.",
        ),
        Message(
            "tokenizer",
            _H,
            "token counts are now an estimate",
            "Leave some room where a limit depends on the count.",
        ),
        Message(
            "tokenizer-name",
            _H,
            "tiktoken is asked for the tokenizer of a model that is decided at run time",
            "Catch the `KeyError` that it raises for the provider's models, and take an encoding by its name: `tiktoken.get_encoding(…)`.",
        ),
        Message(
            "answer-empty",
            _H,
            "`{field}` is empty in the answers of {provider}",
            "Do without it: nothing may hang on its value.",
        ),
        Message(
            "answer-partial",
            _H,
            "`{field}` is not in every answer of {provider}",
            "Let the program do without it where it is missing.",
        ),
        Message(
            "answer-value",
            _H,
            "`{field}` is compared with `{value}`, which {provider} does not give",
            "It gives {values}: let the program find the case in another way.",
        ),
        Message(
            "answer-thinking",
            _H,
            "`{field}` is empty while the model thinks",
            "Pass over None where the pieces are joined.",
        ),
        Message(
            "answer-header",
            _H,
            "the header `{name}` is OpenAI's",
            "Let the program do without it: no source says that {provider} sends it.",
        ),
        Message(
            "error-code",
            _H,
            "an error's `{part}` is compared with `{value}`, which {provider} does not name",
            "Compare with the provider's own codes: {codes}.",
        ),
        Message(
            "error-meaning",
            _H,
            "`{value}` says something else at {provider}",
            "Look at what the program does on it.",
        ),
        Message(
            "error-text",
            _H,
            "an error's text is searched for `{value}`",
            "Compare the code or the exception's class instead: no source says how {provider} words its errors.",
        ),
        Message(
            "stream-by-hand",
            _H,
            "a stream of {provider} is read by hand",
            "Where the loop reads an event, pass over one without choices or content, and look for `error`.",
        ),
        Message(
            "raw-response",
            _H,
            "the raw response has the provider's headers",
            "Look for headers by the provider's names (x-ratelimit-… are OpenAI's).",
        ),
        Message(
            "headers-openai",
            _H,
            "default headers of OpenAI's own: {names}",
            "Make sure that they are gone: nothing reads them there.",
        ),
        Message(
            "client-argument-dropped",
            _H,
            "`{name}` was taken from the client",
            "Nothing: it means something to OpenAI only.",
        ),
        Message(
            "key-shape",
            _H,
            "the code tests what a key looks like",
            "Let it take {provider}'s keys: {format}.",
        ),
        Message(
            "structured-output",
            _H,
            "`.parse` now asks for JSON and validates it here",
            "Check that the answers fit the model; the schema is in the prompt.",
        ),
        Message(
            "framework-says",
            _H,
            "{framework} sends `{name}` by itself, which the provider does not document",
            "Try it: no argument of the class takes it out.",
        ),
        Message(
            "framework-may-say",
            _H,
            "{framework} sends `{name}`, which the provider refuses, {when}",
            "Nothing to do elsewhere; there, ask in another way: {remedy}.",
        ),
        Message(
            "framework-cannot",
            _H,
            "`{class}` of {framework} does less for a model that is not OpenAI's",
            "{hint}.",
        ),
        Message(
            "framework-leaves-out",
            _H,
            "{framework} does not send `{name}` to a model that it does not know",
            "Nothing to do if the answers are good without it; else ask the provider by the openai package here.",
        ),
        Message(
            "framework-older",
            _H,
            "`{asked}` ({place}) is another release than this `{class}` is written for",
            "{hint}.",
        ),
        Message(
            "schema-otherwise",
            _H,
            "the schema is handed over as a function to call",
            "`{model}` is not documented to take JSON schemas; check that the answers fit.",
        ),
        # What could not be proven.
        Message(
            "base-url-unknown",
            _R,
            "where this client sends its requests could not be traced",
            "If it is OpenAI: set `base_url` to `{base_url}` and the key to `{key}`.",
        ),
        Message(
            "framework-model",
            _R,
            "the model of this `{class}` may be named elsewhere",
            "Where nothing names one, hand in `{argument}` with a model of the provider's: {hint}.",
        ),
        Message(
            "client-elsewhere",
            _R,
            "this client speaks to OpenAI or to {others}, as it is told at run time",
            "Where OpenAI is meant, hand in `{base_url}` and a key of the provider, or give its calls a client of their own.",
        ),
        Message(
            "address-dropped",
            _R,
            "the address that `openai.{name}` was given here is not used any more",
            "Pass what was given here as `base_url` where the client is made, with `{read}` where nothing is.",
        ),
        Message(
            "client-arguments-unknown",
            _R,
            "the arguments of this client could not be traced",
            "Pass `base_url` and `api_key` where the arguments are made.",
        ),
        Message(
            "client-gateway",
            _R,
            "this client asks by a gateway, `{gateway}`",
            "Ask who runs it. Either {provider} is set behind it there, and its models are named here; or the gateway is taken out: an `OpenAI` client with `base_url` `{base_url}`, the key from `{key}`, and no headers of the gateway's. Then run `migrate apply` again.",
        ),
        Message(
            "client-bedrock",
            _R,
            "this client speaks to Amazon Bedrock",
            "If it is to move too, make it an `OpenAI` client with `base_url` `{base_url}`.",
        ),
        Message(
            "client-untraced",
            _R,
            "the client of this call comes from outside the repository",
            "Hand in a client that points at `{base_url}`.",
        ),
        Message(
            "client-serves-others",
            _R,
            "nothing of what this client serves can move yet",
            "It stays on OpenAI until its calls are done another way: {calls}.",
        ),
        Message(
            "client-kept",
            _H,
            "a second client, `{name}`, stays on OpenAI",
            "It serves what {provider} does not, and needs the old key: {calls}. Take it away with them.",
        ),
        Message(
            "client-beside",
            _S,
            "a second client, `{name}`, asks {provider}",
            "It reads its key from `{key}`, and serves {calls}.",
        ),
        Message(
            "settings-field-missing",
            _R,
            "the settings class has no field for `{key}`",
            "Give it one and read the key of `{name}` from there, or set `{key}` in the environment of the program.",
        ),
        Message(
            "client-escapes",
            _R,
            "this client is handed to other code",
            "Check that the code it is handed to uses nothing that the provider lacks: {places}.",
        ),
        Message(
            "client-waits",
            _R,
            "this client waits for what it shares",
            "Give what stays a client or a model name of its own, then run `migrate apply` again.",
        ),
        Message(
            "call-waits",
            _R,
            "this call waits for what it shares",
            "It moves when that is settled; run `migrate apply` again then.",
        ),
        Message(
            "call-tied",
            _R,
            "this call goes on from one that stays, or is gone on from there",
            "It moves when these can: {calls}. Where it has no need of what they make, give it a client of its own.",
        ),
        Message(
            "path-untraced",
            _R,
            "where this request goes could not be traced",
            "Look its path up with `migrate explain --api PATH`, and call the method it belongs to.",
        ),
        Message(
            "client-unused",
            _R,
            "no call of this client was found",
            "Check that what is asked of it is served by the provider.",
        ),
        Message(
            "setting-waits",
            _R,
            "`openai.{name}` waits for the calls it serves",
            "It moves with them; run `migrate apply` again then.",
        ),
        Message(
            "exception-wider",
            _H,
            "`{name}` is the base of more errors since openai 1.0",
            "Put its `except` below those of `RateLimitError`, `BadRequestError` and their like, and check what is tried again.",
        ),
        Message(
            "exception-narrower",
            _H,
            "`{name}` is raised for less since openai 1.0",
            "Name {others} beside it where an unknown model, or another thing that is not there, is to count too.",
        ),
        Message(
            "error-field",
            _B,
            "errors of openai 1.0 and later have no `{name}`",
            "Read {there} of the error instead; only errors that answer a request have them.",
        ),
        Message(
            "error-made",
            _B,
            "`{name}` is made here as openai before 1.0 had it",
            "Raise an error of your own, or make it as it is made now: `{made}`, with the request or the response.",
        ),
        Message(
            "answer-escapes",
            _R,
            "an answer is handed to `{name}`",
            "Check at {where} that it takes an object; `.model_dump()` makes a dict of one.",
        ),
        Message(
            "fake-legacy",
            _R,
            "a test puts something in the place of `{name}`, of openai before 1.0",
            "Put it in the place of `{there}`, and answer with an object of openai's types.",
        ),
        Message(
            "fake-class",
            _R,
            "a test puts something in the place of the class `{name}`, of openai before 1.0",
            "Put it in the place of the client or of the method that the code under test calls.",
        ),
        Message(
            "fake-answer",
            _R,
            "what a test answers for `{name}` could not be followed",
            "Let it answer with an object at {where}: `{made}` makes one of a dict.",
        ),
        Message(
            "legacy-branch",
            _R,
            "a call for openai before 1.0, in a file that asks which release there is",
            "It goes to the provider as well. Take it away once nothing runs on openai 0.28.",
        ),
        Message(
            "legacy-setting",
            _R,
            "`openai.{name}` serves calls of openai before 1.0",
            "It moves with them.",
        ),
        Message(
            "call-elsewhere",
            _R,
            "this call may also go to another provider",
            "Give the calls to OpenAI a place of their own; the other client is {others}.",
        ),
        Message(
            "framework-call",
            _R,
            "{framework} sends this request",
            "It moves with its client, which is on this list.",
        ),
        Message(
            "framework-request",
            _R,
            "{framework} sends this request by itself",
            "Tell {framework} the provider: {hint}; and a model of the provider's.",
        ),
        Message(
            "call-untraced",
            _R,
            "this looks like a call of OpenAI",
            "If the object is a client of OpenAI, point it at the provider.",
        ),
        Message(
            "arguments-unknown",
            _R,
            "some arguments of this call could not be traced",
            "Make sure that none of these is passed: {names}.",
        ),
        Message(
            "parameter-unknown",
            _R,
            "`{name}` is a parameter of which nothing is known",
            "Take it away if the provider refuses it.",
        ),
        Message(
            "argument-for-others",
            _R,
            "`{name}` also goes to another provider",
            "The call stays as it is; see to it that {provider} is asked without it, or with what it takes.",
        ),
        Message(
            "argument-read",
            _R,
            "`{name}` is left in a dictionary that the code looks it up in",
            "Change it together with what looks it up, or give the call its own arguments.",
        ),
        Message(
            "arguments-shared",
            _R,
            "`{name}` is shared with another call",
            "Give each call its own arguments.",
        ),
        Message(
            "model-untraced",
            _R,
            "`{model}` could not be traced to a call",
            "If it names the model of a request, write `{new}`.",
        ),
        Message(
            "model-waits",
            _R,
            "`{model}` waits for the call or client it reaches",
            "Write `{new}` when that one moves.",
        ),
        Message(
            "model-prefixed",
            _R,
            "`{model}` is written with a provider's prefix",
            "Change it where the framework is given the provider's address.",
        ),
        Message(
            "model-table",
            _R,
            "a table is keyed by the name `{model}`",
            "Add an entry for `{new}`; do not guess its prices or limits.",
        ),
        Message(
            "model-table-missing",
            _B,
            "the table has no entry for `{news}`, which `{olds}` became",
            "Add entries with the provider's own figures (context length: {context}); do not guess prices.",
        ),
        Message(
            "model-table-default",
            _H,
            "the table has no entry for `{news}`, which `{olds}` became: its default is taken",
            "Add entries with the provider's own figures (context length: {context}); do not guess prices.",
        ),
        Message(
            "model-compare",
            _R,
            "the code compares with the name `{model}`",
            "Say what the branch should do for `{new}`.",
        ),
        Message(
            "model-list",
            _R,
            "names of models are compared with a list: `{models}`",
            "Put the names of the provider's models that are used into it.",
        ),
        Message(
            "model-shared",
            _R,
            "`{model}` reaches calls that need different models",
            "Give each call its own model name.",
        ),
        Message(
            "azure-deployment",
            _R,
            "the model of this call was an Azure deployment's name",
            "Put the provider's model in its place.",
        ),
        Message(
            "unreadable-file",
            _R,
            "the file could not be analysed",
            "Migrate its mentions of OpenAI by hand: lines {lines}.",
            standing=True,
        ),
        Message(
            "data-files",
            _R,
            "records in {count} name OpenAI or its models",
            "Nothing, unless the program takes a setting from one of them.",
            standing=True,
        ),
        Message(
            "rewriting-refused", _R, "a change could not be carried out", "Make it by hand: {what}."
        ),
        Message(
            "code-in-text",
            _R,
            "a text holds code that imports openai",
            "If it becomes a program, change it by hand as the code beside it is changed: nothing in texts is rewritten.",
        ),
        Message(
            "raw-http-untraced",
            _R,
            "this may be a request to OpenAI's HTTP interface",
            "If it is, replace the address by `{base_url}` and the key by `{key}`.",
        ),
        Message(
            "address-untraced",
            _R,
            "`{address}` could not be traced to what asks for it",
            "If what moves asks for it, write `{base_url}`, or read it from `{variable}`.",
        ),
        Message(
            "address-waits",
            _R,
            "`{address}` waits for what asks for it",
            "It moves with that.",
        ),
        Message(
            "variable-waits",
            _R,
            "`{name}` waits for what reads it",
            "It moves with its readers; if nothing reads it, take it away.",
        ),
        Message(
            "variable-prefix",
            _R,
            "`{name}` begins the names of a settings class's variables",
            "Rename it together with the variables, if they are to have the provider's name.",
        ),
        Message(
            "variable-shared",
            _R,
            "`{name}` is read for what moves and for what stays",
            "Set `{new}` beside it; take the old one away when nothing reads it any more.",
        ),
        Message(
            "address-listed",
            _R,
            "the code knows OpenAI by the address `{name}`",
            "Let it know {provider} too, by `{new}`.",
        ),
        Message(
            "address-expected",
            _R,
            "a test answers for OpenAI's address",
            "It moves with the requests that it answers for, to `{base_url}`.",
        ),
        Message(
            "call-asserted",
            _R,
            "a test compares all arguments of a call",
            "Add what the call is given now: {given}.",
        ),
        Message(
            "client-asserted",
            _R,
            "a test compares what a client is made with",
            "Add what it is made with now: {given}.",
        ),
        Message(
            "fake-narrow",
            _R,
            "a fake of `{name}` takes no key and no base URL",
            "Let it take them (`**options`), or its construction fails.",
        ),
        Message(
            "answer-type",
            _R,
            "`{name}` is the type of answers that are chat completions now, some or all of them",
            "Write `{new}` where those are meant.",
        ),
        Message(
            "name-untraced",
            _R,
            "this names `{name}` and could not be traced",
            "Check by hand what it is used for.",
        ),
        # What a person has to do outside the code.
        Message("get-a-key", _S, "a key of {provider} is needed", "Get one at {page} and {then}."),
        Message(
            "key-in-source",
            _S,
            "a key stood in the source",
            "Revoke it; set `{key}` in the environment instead.",
        ),
        Message(
            "key-from-elsewhere",
            _S,
            "the key of this client comes from elsewhere",
            "See to it that a key of {provider} is handed in here.",
        ),
        Message(
            "test-key",
            _S,
            "tests that put a fake in the place of `{name}` now need `{key}`",
            'Set it to any text there (`monkeypatch.setenv("{key}", "test")`).',
        ),
        Message(
            "cassette",
            _S,
            "a recording holds OpenAI's answers",
            "Record it again from {provider}.",
        ),
        Message(
            "variable-renamed",
            _S,
            "`{name}` is now `{new}`",
            "Set `{new}` wherever `{name}` was set{mentions}.",
        ),
        Message(
            "docs-variable",
            _S,
            "`{name}` stands in documentation, comments or messages",
            "Write `{new}` there{how}: {places}.",
        ),
        Message(
            "docs-key-page",
            _S,
            "the documentation sends people to OpenAI for a key",
            "Say where a key of {provider} is to be had{how}: {places}.",
        ),
        Message(
            "docs-model",
            _S,
            "`{name}` stands in commands of the documentation",
            "Write `{new}` there{how}: {places}.",
        ),
        Message(
            "docs-models",
            _S,
            "comments and messages beside the new names speak of models of OpenAI",
            "Name there what {provider} has for them, where it is meant for today: {places}.",
        ),
        Message(
            "docs-package",
            _S,
            "the documentation installs the openai package",
            "Install `{new}` there{how}: {places}.",
        ),
        Message(
            "docs-shared",
            _S,
            "`{name}` stands in documentation, comments or messages, and what moved reads `{new}`",
            "Tell of both: {places}.",
        ),
        Message(
            "docs-words",
            _S,
            "lines of the documentation that are rewritten still speak of OpenAI",
            "Read them again: {places}.",
        ),
        Message(
            "docs-program",
            _S,
            "programs in the documentation call OpenAI",
            "Move them by hand as the code was: {places}.",
        ),
        Message(
            "variable-kept",
            _S,
            "`{name}` now means {provider}'s",
            "Where `{name}` is set, set it to {value}.",
        ),
        Message(
            "variable-unused",
            _S,
            "`{name}` is no longer needed by what moved",
            "Take it away where nothing else reads it.",
        ),
        Message(
            "model-variable",
            _S,
            "`{name}` may name an OpenAI model",
            "Where `{name}` is set, set it to a model of {provider}.",
        ),
        Message(
            "config-value", _S, "`{name}` stands in a configuration file", "Change it to `{new}`."
        ),
        Message(
            "config-models",
            _S,
            "a configuration file names {count} models of OpenAI's",
            "Where what moved is given one of them, change {models}.",
        ),
        Message(
            "config-framework",
            _S,
            "`{name}` names the model that {framework} asks for",
            "Change it to `{new}`{beside}.",
        ),
        Message(
            "action-input",
            _S,
            "`{name}` is given to the action `{action}`",
            "Where the action hands it on to the code here, give it the provider's; where it calls OpenAI by itself, it goes on needing OpenAI's.",
        ),
        Message("config-secret", _S, "`{name}` is read from a secret", "{how}."),
        Message(
            "model-setting",
            _S,
            "`{name}` names an OpenAI model",
            "If the program reads it, set it to `{new}`.",
        ),
        Message(
            "config-unused",
            _S,
            "`{name}` stands in a configuration file",
            "Take it away if only what moved reads it.",
        ),
        Message(
            "setting-unmoved",
            _S,
            "`{name}` stands in a configuration file",
            "Nothing, until the code that reads it moves.",
        ),
        Message(
            "workspace-id",
            _S,
            "the address of this region holds your workspace's id",
            "Put the id in the place of the braces, or set `{variable}` to the whole address.",
        ),
        Message(
            "rebuild-index",
            _S,
            "vectors of another model do not compare",
            "Compute all stored vectors anew before the first search.",
        ),
        # Comments that take items off the list.
        Message(
            "suppression-refused",
            _R,
            "the comment `migrate: {comment}` is not honoured",
            "Write the code and behind it why: `# migrate: ignore[code] reason`.",
            standing=True,
        ),
        Message(
            "suppression-unused",
            _R,
            "the comment `migrate: {comment}` takes nothing off the checklist",
            "Take it away, or set it at the statement that it is about.",
            standing=True,
        ),
        Message(
            "setting-unused",
            _R,
            "the suppression of `{codes}` in the settings takes nothing off the checklist",
            "Take it away, or correct its `path`.",
            standing=True,
        ),
        Message(
            "legacy-pin", _S, "openai is pinned below 1.0", "Raise the pin together with the calls."
        ),
    )
}


def item(
    code: str,
    site: Site,
    why: str,
    sources: Iterable[Source] = (),
    details: Mapping[str, object] | None = None,
    *,
    also: Iterable[Site] = (),
    **more: object,
) -> ChecklistItem:
    """A checklist item at a site, its title and action filled in from the details."""
    filled = {**(details or {}), **more}
    message = MESSAGES[code]
    return ChecklistItem(
        code,
        (site.id, *(one.id for one in also if one.id != site.id)),
        site.path,
        site.span.line,
        message.severity,
        _fill(message.title, filled),
        why,
        _fill(message.action, filled),
        tuple(sources),
        site.code,
    )


def elsewhere(told: ChecklistItem, place: Place, code: str) -> ChecklistItem:
    """An item of a site that is about another place: it is shown there, with the code there."""
    return replace(told, path=place.path, line=place.span.line, source_code=code)


def general(
    code: str, path: str, line: int, why: str, sources: Iterable[Source] = (), **details: object
) -> ChecklistItem:
    """A checklist item that belongs to no site."""
    message = MESSAGES[code]
    return ChecklistItem(
        code,
        (),
        path,
        line,
        message.severity,
        _fill(message.title, details),
        why,
        _fill(message.action, details),
        tuple(sources),
    )


def _fill(template: str, details: dict[str, object]) -> str:
    return _(template, **details) if details else _(template).format()
