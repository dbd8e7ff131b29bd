"""What a provider refuses: a check knows how to look, the profile says whether and what to answer.

A check is a generator that yields the values for the rule's message where a request breaks it. It
is bound to a rule of the profile by its id; a rule the profile does not have is not enforced.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from migrator import schemas
from migrator.decisions import Source
from migrator.providers import Model, Pairs, Parameter, Provider, Rule

Found = Iterator[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: the rule that was broken, and who says that it is a rule."""

    rule: str
    status: int
    code: str
    message: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Request:
    """A request's body with what the checks ask of it. Null counts as left out."""

    provider: Provider
    api: str
    sent: Mapping[str, Any]

    @cached_property
    def body(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.sent.items() if value is not None}

    @property
    def model_id(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def is_own_model(self) -> bool:
        """Whether the model is one that a user named, of which nothing is known."""
        return self.provider.is_own_model(self.model_id)

    @cached_property
    def model(self) -> Model:
        found = self.provider.model(self.model_id)
        if found is None and self.is_own_model:
            return Model(
                self.model_id,
                "",
                vision=True,
                audio_in=True,
                tools=True,
                json_object=True,
                json_schema=True,
            )
        assert found is not None, "the unknown-model check runs first"
        return found

    @cached_property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        found = self.body.get("messages")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    @cached_property
    def parts(self) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """Every content part with the index of its message."""
        return [
            (index, part)
            for index, message in enumerate(self.messages)
            if isinstance(message.get("content"), list)
            for part in message["content"]
            if isinstance(part, dict)
        ]

    @property
    def tools(self) -> Sequence[Any]:
        found = self.body.get("tools")
        return found if isinstance(found, list) else []

    @property
    def format(self) -> str:
        found = self.body.get("response_format")
        return str(found.get("type", "")) if isinstance(found, dict) else ""

    @property
    def choices(self) -> int:
        found = self.body.get("n", 1)
        return found if isinstance(found, int) else 1

    def parameter(self, name: str) -> Parameter:
        """The provider's verdict on a parameter, for the model that is asked."""
        thinks = self.api == CHAT and self.thinks
        return self.provider.parameter(self.api, name, [self.model_id], thinks=thinks)

    @cached_property
    def thinks(self) -> bool:
        """Whether the model will think. A contested switch is taken to have no effect."""
        model = self.model
        if model.thinking in ("never", "always"):
            return model.thinking == "always"
        if _sent(self.provider.on_switch(model.id).extra_body, self.body):
            return True
        switch = self.provider.off_switch(model.id)
        if not switch.contested and (
            _sent(switch.extra_body, self.body) or _sent(switch.parameters, self.body)
        ):
            return False
        if self.body.get("reasoning_effort") in self.provider.efforts_off:
            return False
        return model.thinking_default

    @property
    def splits(self) -> bool:
        """Whether the thoughts of the model are kept out of the text of its answer."""
        switch = self.provider.split_switch
        return switch is None or _sent(switch.extra_body, self.body)


def _sent(pairs: Pairs, body: Mapping[str, Any]) -> bool:
    return bool(pairs) and all(
        name in body and body[name] == ast.literal_eval(value) for name, value in pairs
    )


def text_of(content: Any) -> str:
    """The text of a message's content, whether a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


# -- the shape, which the checks rely on ------------------------------------------------------

_SHAPES: Mapping[str, tuple[type, ...]] = {
    "model": (str,),
    "messages": (list,),
    "tools": (list,),
    "functions": (list,),
    "response_format": (dict,),
    "stream_options": (dict,),
    "tool_choice": (str, dict),
    "n": (int,),
    "max_tokens": (int,),
    "max_completion_tokens": (int,),
    "dimensions": (int,),
    "reasoning_effort": (str,),
    "encoding_format": (str,),
    "purpose": (str,),
    "endpoint": (str,),
}
# Where the same word holds something else than in a chat request.
_OF_MEDIA: Mapping[str, tuple[type, ...]] = {"model": (str,), "response_format": (str,)}
_WORDS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "images.generate": {**_OF_MEDIA, "n": (int,)},
    "audio.speech.create": {**_OF_MEDIA, "input": (str,)},
    # Forms, in which every value is a text.
    "images.edit": _OF_MEDIA,
    "audio.transcriptions.create": _OF_MEDIA,
    "audio.translations.create": _OF_MEDIA,
}
_MESSAGE_SHAPES: Mapping[str, tuple[type, ...]] = {
    "role": (str,),
    "content": (str, list),
    "tool_calls": (list,),
    "tool_call_id": (str,),
}
_INNER: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "messages": _MESSAGE_SHAPES,
    "content": {"type": (str,), "text": (str,)},
    "tool_calls": {"id": (str,), "function": (dict,)},
    "tools": {"type": (str,), "function": (dict,)},
    "functions": {"name": (str,), "parameters": (dict,)},
    "function": {"name": (str,), "parameters": (dict,)},
    "response_format": {"type": (str,), "json_schema": (dict,)},
    "json_schema": {"schema": (dict,)},
}


def misshapen(api: str, body: Mapping[str, Any]) -> str:
    """What in a request has the wrong JSON type, or nothing."""
    return _misshapen(body, _WORDS.get(api, _SHAPES))


def _misshapen(
    body: Mapping[str, Any], shapes: Mapping[str, tuple[type, ...]], at: str = ""
) -> str:
    for name, kinds in shapes.items():
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            return f"{at}{name} has the wrong type"
        if name not in _INNER or isinstance(value, str):
            continue
        for row in value if isinstance(value, list) else [value]:
            if not isinstance(row, dict):
                return f"{at}{name} has an entry of the wrong type"
            if found := _misshapen(row, _INNER[name], f"{at}{name}."):
                return found
    return ""


# -- the checks -------------------------------------------------------------------------------

Check = Callable[[Request, Rule], Found]
CHECKS: dict[str, Check] = {}
_APIS: dict[str, tuple[str, ...]] = {}
NATIVE, NATIVE_CHAT = "native", "native.chat"  # by the path: for several media, for text alone
SINGLE = "single_vectors"
CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, IMAGES, FILES, BATCHES = (
    "chat.completions",
    "completions",
    "responses",
    "embeddings",
    "images.generate",
    "files.create",
    "batches",
)
EDITS, SPEECH, TRANSCRIPTIONS, TRANSLATIONS, MODERATIONS = (
    "images.edit",
    "audio.speech",
    "audio.transcriptions",
    "audio.translations",
    "moderations",
)
_MEDIA = (IMAGES, EDITS, SPEECH, TRANSCRIPTIONS, TRANSLATIONS)


def check(rule: str, *apis: str) -> Callable[[Check], Check]:
    """Bind a check to the rule of that id, for the endpoints named."""

    def bind(function: Check) -> Check:
        CHECKS[rule] = function
        _APIS[rule] = apis
        return function

    return bind


def refuse(request: Request) -> Refusal | None:
    """The first rule of the profile that a request breaks."""
    for rule in request.provider.rules.values():
        if request.api not in _APIS.get(rule.id, ()):
            continue
        for values in CHECKS[rule.id](request, rule):
            return refusal(rule, **values)
    return None


# What is answered where a profile has no rule for it.
_PLAIN_RULES: Mapping[str, Rule] = {
    "foreign-key": Rule("foreign-key", 401, "invalid_api_key", "Incorrect API key provided."),
    "endpoint": Rule("endpoint", 404, "not_found", "{detail}"),
    "unknown-model": Rule(
        "unknown-model", 404, "model_not_found", "The model `{model}` does not exist."
    ),
}


def rule_of(provider: Provider, name: str) -> Rule:
    """A provider's rule of a name, or the plain one."""
    return provider.rules.get(name) or _PLAIN_RULES[name]


def family(api: str) -> str:
    """The name that the rules have for the requests of a method."""
    return api if api == FILES else api.removesuffix(".create")


def refusal(rule: Rule, **values: Any) -> Refusal:
    """The error a rule answers, its message filled in; `sources` in the values replace its own."""
    sources = values.pop("sources", None) or rule.sources
    return Refusal(rule.id, rule.http, rule.code, rule.message.format_map(values), sources)


@check(
    "unknown-model",
    *(CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, SINGLE),
    *(*_MEDIA, MODERATIONS, NATIVE, NATIVE_CHAT),
)
def unknown_model(request: Request, rule: Rule) -> Found:
    listed = bool(rule.models) and rule.concerns(request.model_id)
    known = request.provider.model(request.model_id) is not None or request.is_own_model
    if listed or not known:
        retired = request.provider.retired(request.model_id)
        yield {"model": request.model_id, "sources": retired.sources if retired else ()}


@check("native-path", NATIVE, NATIVE_CHAT)
def native_path(request: Request, rule: Rule) -> Found:
    model, detail = request.model, f"`{request.model_id}` is asked for at another path"
    sees = bool(model.vision or model.audio_in or model.kind in ("tts", "image", "asr"))
    if sees is (request.api == NATIVE_CHAT):
        yield {"detail": detail}


@check("native-form", NATIVE, NATIVE_CHAT)
def native_form(request: Request, rule: Rule) -> Found:
    if request.model.kind in ("tts", "image"):
        return
    native, wanted = request.provider.native, _mapping(request.body.get("parameters"))
    known = set(native.chat_takes) if native is not None else set()
    yield from _unknown(request.body, {"model", "input", "parameters"}, "")
    yield from _unknown(_mapping(request.body.get("input")), {"messages", "prompt"}, "input.")
    yield from _unknown(wanted, known, "parameters.")
    if request.api == NATIVE_CHAT and wanted.get("result_format") != "message":
        for name in ("tools", "enable_thinking"):
            if wanted.get(name):
                yield {"detail": f"{name} needs result_format message"}


@check("native-speech", NATIVE)
def native_speech(request: Request, rule: Rule) -> Found:
    if request.model.kind != "tts":
        return
    voices, given = request.provider.voices, _mapping(request.body.get("input"))
    text, language = given.get("text"), given.get("language_type", voices.languages[0])
    if not request.provider.speaks(request.model_id):
        yield {"detail": f"the model `{request.model_id}` is asked for at another path"}
    if not isinstance(text, str) or not 0 < len(text) <= voices.longest:
        yield {"detail": f"input.text must have 1 to {voices.longest} characters"}
    if given.get("voice") not in voices.names:
        yield {"detail": f"input.voice must be one of {', '.join(voices.names)}"}
    if language not in voices.languages:
        yield {"detail": f"input.language_type must be one of {', '.join(voices.languages)}"}
    yield from _unknown(request.body, {"model", "input", "parameters"}, "")
    yield from _unknown(_mapping(request.body.get("parameters")), set(), "parameters.")
    yield from _unknown(given, {"text", "voice", "language_type"}, "input.")


@check("native-pictures", NATIVE)
def native_pictures(request: Request, rule: Rule) -> Found:
    if request.model.kind != "image":
        return
    given, wanted = _mapping(request.body.get("input")), request.body.get("parameters", {})
    messages = given.get("messages")
    message = _mapping(messages[0]) if isinstance(messages, list) and len(messages) == 1 else {}
    parts = message.get("content")
    parts = [_mapping(part) for part in parts] if isinstance(parts, list) else []
    images = [str(part["image"]) for part in parts if "image" in part]
    texts = [part["text"] for part in parts if "text" in part]
    if message.get("role") != "user" or len(texts) != 1 or len(images) > _MOST_IMAGES:
        yield {"detail": "one message of the user holds up to 3 images and one text"}
    if any(not one.startswith(_IMAGE_LINKS) for one in images):
        yield {"detail": "an image is a URL or a data URI"}
    yield from _unknown(request.body, {"model", "input", "parameters"}, "")
    yield from _unknown(_mapping(wanted), _PICTURE_PARAMETERS, "parameters.")
    count = request.provider.parameter("images.edit", "n")
    if not count.accepts(_mapping(wanted).get("n", 1)):
        yield {"detail": f"Range of n should be {count.range_text}"}
    size = _mapping(wanted).get("size")
    if size is not None and re.fullmatch(r"[0-9]+\*[0-9]+", str(size)) is None:
        yield {"detail": f"size `{size}` is not written WIDTH*HEIGHT"}


_MOST_IMAGES = 3
_IMAGE_LINKS = ("http://", "https://", "oss://", "data:image/")
_PICTURE_PARAMETERS = {"n", "size", "negative_prompt", "prompt_extend", "watermark", "seed"}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _unknown(given: Mapping[str, Any], known: set[str], at: str) -> Found:
    for name in given.keys() - known:
        yield {"detail": f"{at}{name} is not documented"}


@check("wrong-mode", CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, SINGLE, *_MEDIA)
def wrong_mode(request: Request, rule: Rule) -> Found:
    if not (request.is_own_model or request.provider.serves(request.api, request.model)):
        detail = f"a model of kind {request.model.kind} on {request.api}"
        yield {"model": request.model_id, "detail": detail, "sources": request.model.sources}


@check("refused-parameter", CHAT, RESPONSES, EMBEDDINGS, *_MEDIA, BATCHES)
def refused_parameter(request: Request, rule: Rule) -> Found:
    if request.provider.family(request.api) not in request.provider.parameter_families():
        return  # nothing is said of its parameters
    for name in request.body:
        own = name in request.provider.own_parameters and request.api != RESPONSES
        known = request.provider.names_parameter(request.api, name)
        if own or (request.provider.ignores_unknown and not known):
            continue
        parameter = request.parameter(name)
        if _refused(parameter):
            yield {
                "name": name,
                "verdict": parameter.verdict,
                "detail": parameter.detail,
                "sources": parameter.sources,
            }


def _refused(parameter: Parameter) -> bool:
    """Whether it is refused, or has no effect that is known, and the profile does not keep it."""
    idle = parameter.verdict in ("unknown", "ignored") and parameter.action != "keep"
    return idle or parameter.verdict in ("rejected", "renamed")


@check("out-of-range", CHAT, *_MEDIA)
def out_of_range(request: Request, rule: Rule) -> Found:
    for name, value in request.body.items():
        parameter = request.parameter(name)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and not parameter.accepts(value):
            yield {"name": name, "range": parameter.range_text, "sources": parameter.sources}


@check("parameter-value", CHAT)
def parameter_value(request: Request, rule: Rule) -> Found:
    for name, value in request.body.items():
        parameter = request.parameter(name)
        if parameter.values and value not in parameter.values:
            values = list(parameter.values)
            yield {"name": name, "value": value, "values": values, "sources": parameter.sources}


@check("two-limits", CHAT)
def two_limits(request: Request, rule: Rule) -> Found:
    if "max_tokens" in request.body and "max_completion_tokens" in request.body:
        yield {}


@check("empty-messages", CHAT)
def empty_messages(request: Request, rule: Rule) -> Found:
    if not request.messages:
        yield {}


@check("role", CHAT)
def role(request: Request, rule: Rule) -> Found:
    for index, message in enumerate(request.messages):
        name = str(message.get("role", ""))
        verdict = request.provider.role(name, [request.model_id])
        if verdict.verdict in ("rejected", "unknown"):
            yield {"role": name, "index": index, "sources": verdict.sources}


@check("system-first", CHAT)
def system_first(request: Request, rule: Rule) -> Found:
    for index, message in enumerate(request.messages):
        if index and message.get("role") == "system" and rule.concerns(request.model_id):
            yield {"index": index}


@check("consecutive-roles", CHAT)
def consecutive_roles(request: Request, rule: Rule) -> Found:
    roles = [message.get("role") for message in request.messages]
    for index, (before, role) in enumerate(pairwise(roles), 1):
        if before == role and role in rule.values:
            yield {"role": role, "index": index}


@check("last-message", CHAT)
def last_message(request: Request, rule: Rule) -> Found:
    last = request.messages[-1]
    if last.get("role") not in ("user", "tool") and last.get("partial") is not True:
        yield {"role": last.get("role")}


@check("tool-message", CHAT)
def tool_message(request: Request, rule: Rule) -> Found:
    called: set[Any] = set()
    for index, message in enumerate(request.messages):
        if message.get("tool_calls"):
            called = {call.get("id") for call in message["tool_calls"] if isinstance(call, dict)}
        if message.get("role") != "tool":
            continue
        if not message.get("tool_call_id"):
            yield {"index": index, "detail": "need a tool_call_id"}
        elif message["tool_call_id"] not in called:
            yield {"index": index, "detail": "must follow the tool_calls they answer"}
        elif not isinstance(message.get("content"), str):
            yield {"index": index, "detail": "must have a string as content"}


@check("image-on-text-model", CHAT)
def image_on_text_model(request: Request, rule: Rule) -> Found:
    for index, part in request.parts:
        seen = part.get("type") in ("image_url", "video", "video_url")
        if seen and not request.model.vision:
            yield {"model": request.model_id, "part": part["type"], "index": index}


@check("content-part", CHAT)
def content_part(request: Request, rule: Rule) -> Found:
    for index, part in request.parts:
        kind = str(part.get("type", ""))
        if kind in ("text", "image_url", "video", "video_url"):
            continue
        verdict = request.provider.content_part(f"part_{kind}", [request.model_id])
        deaf = kind == "input_audio" and not (request.model.audio_in or request.model.kind == "asr")
        if deaf:
            word = f"not taken by {request.model_id}"
            yield {"part": kind, "index": index, "verdict": word, "sources": verdict.sources}
        elif _refused(verdict):
            yield {
                "part": kind or "without a type",
                "index": index,
                "verdict": verdict.verdict,
                "sources": verdict.sources,
            }


@check("audio-data", CHAT)
def audio_data(request: Request, rule: Rule) -> Found:
    for index, part in request.parts:
        audio = part.get("input_audio")
        if isinstance(audio, dict):
            data = str(audio.get("data", ""))
            if not data.startswith(("data:", "http://", "https://")):
                yield {"index": index}


@check("content-string", CHAT)
def content_string(request: Request, rule: Rule) -> Found:
    """Of the roles that the rule names, or of every message to a model of text alone."""
    model = request.model
    if not rule.names and (model.vision or model.audio_in or model.kind == "asr"):
        return
    for index, message in enumerate(request.messages):
        concerned = not rule.names or message.get("role") in rule.names
        if concerned and isinstance(message.get("content"), list):
            yield {"index": index}


@check("image-url", CHAT)
def image_url(request: Request, rule: Rule) -> Found:
    for index, part in request.parts:
        given = part.get("image_url")
        url = str(given.get("url", "") if isinstance(given, dict) else given)
        if part.get("type") == "image_url" and url.startswith(("http://", "https://")):
            yield {"index": index, "url": url}


@check("reasoning-content", CHAT)
def reasoning_content(request: Request, rule: Rule) -> Found:
    for index, message in enumerate(request.messages):
        if request.thinks and message.get("tool_calls") and not message.get("reasoning_content"):
            yield {"index": index}


@check("empty-content", CHAT)
def empty_content(request: Request, rule: Rule) -> Found:
    for index, message in enumerate(request.messages):
        content = message.get("content")
        said = content is not None or message.get("tool_calls")
        if not said or content in ("", []):
            yield {"index": index, "role": message.get("role")}


@check("user-message", CHAT)
def user_message(request: Request, rule: Rule) -> Found:
    if {message.get("role") for message in request.messages} <= {"system", "assistant"}:
        yield {}


@check("stop-list", CHAT)
def stop_list(request: Request, rule: Rule) -> Found:
    given = request.body.get("stop")
    if given is None:
        return
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        yield {"detail": "has to be a list of strings"}
    elif rule.maximum is not None and len(given) > rule.maximum:
        yield {"detail": f"holds at most {rule.maximum} strings"}
    elif rule.longest is not None and any(len(one) > rule.longest for one in given):
        yield {"detail": f"holds strings of at most {rule.longest} characters"}


@check("stop-count", CHAT)
def stop_count(request: Request, rule: Rule) -> Found:
    given = request.body.get("stop")
    if isinstance(given, list) and rule.maximum is not None and len(given) > rule.maximum:
        yield {"detail": f"holds at most {rule.maximum} strings"}


@check("max-tokens", CHAT)
def max_tokens(request: Request, rule: Rule) -> Found:
    ceiling = request.model.max_output
    for name in ("max_tokens", "max_completion_tokens"):
        value = request.body.get(name)
        least = request.parameter(name).minimum or 1
        if isinstance(value, int) and (value < least or (ceiling is not None and value > ceiling)):
            yield {"maximum": ceiling}


@check("json-word", CHAT)
def json_word(request: Request, rule: Rule) -> Found:
    if request.format == "json_object" and not any(
        "json" in text_of(message.get("content")).lower() for message in request.messages
    ):
        yield {}


@check("json-object-model", CHAT)
def json_object_model(request: Request, rule: Rule) -> Found:
    if request.format == "json_object" and request.model.json_object is False:
        yield {"model": request.model_id}


@check("json-schema-model", CHAT)
def json_schema_model(request: Request, rule: Rule) -> Found:
    if request.format == "json_schema" and not request.model.json_schema:
        yield {"model": request.model_id}


@check("json-while-thinking", CHAT)
def json_while_thinking(request: Request, rule: Rule) -> Found:
    if request.format.startswith("json") and request.thinks and rule.concerns(request.model_id):
        yield {}


@check("tools-model", CHAT)
def tools_model(request: Request, rule: Rule) -> Found:
    if request.tools and not request.model.tools:
        yield {"model": request.model_id}


@check("tool-name", CHAT)
def tool_name(request: Request, rule: Rule) -> Found:
    for index, tool in enumerate(request.tools):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or tool.get("type") != "function":
            yield {"index": index, "detail": "only tools of type function are taken"}
            continue
        name = str(function.get("name", ""))
        if not name or (rule.maximum is not None and len(name) > rule.maximum):
            yield {"index": index, "detail": f"a name has 1 to {rule.maximum} characters"}
        elif not rule.allows(name):
            yield {"index": index, "detail": f"the name {name} is refused"}


@check("tool-count", CHAT)
def tool_count(request: Request, rule: Rule) -> Found:
    if rule.maximum is not None and len(request.tools) > rule.maximum:
        yield {"maximum": rule.maximum}


@check("tool-schema", CHAT)
def tool_schema(request: Request, rule: Rule) -> Found:
    for tool in request.tools:
        function = _mapping(_mapping(tool).get("function"))
        if detail := schemas.unsaid(function.get("parameters", {})):
            yield {"detail": f"{function.get('name')}: {detail}"}


@check("tool-choice-required", CHAT)
def tool_choice_required(request: Request, rule: Rule) -> Found:
    verdict = request.parameter("tool_choice_required")
    if request.body.get("tool_choice") == "required" and verdict.verdict == "rejected":
        yield {"sources": verdict.sources}


@check("tool-choice-named", CHAT)
def tool_choice_named(request: Request, rule: Rule) -> Found:
    verdict = request.parameter("tool_choice_named")
    if isinstance(request.body.get("tool_choice"), dict) and verdict.verdict == "rejected":
        yield {"sources": verdict.sources}


@check("tool-choice-none", CHAT)
def tool_choice_none(request: Request, rule: Rule) -> Found:
    verdict = request.parameter("tool_choice_none")
    if request.body.get("tool_choice") == "none" and _refused(verdict):
        yield {"sources": verdict.sources}


@check("tool-choice-value", CHAT)
def tool_choice_value(request: Request, rule: Rule) -> Found:
    value = request.body.get("tool_choice")
    kind = "named" if isinstance(value, dict) else value
    verdict = request.parameter(f"tool_choice_{kind}") if kind is not None else None
    if verdict is not None and _refused(verdict):
        yield {"value": value, "verdict": verdict.verdict, "sources": verdict.sources}


@check("choices-with-tools", CHAT)
def choices_with_tools(request: Request, rule: Rule) -> Found:
    if request.choices > 1 and request.tools:
        yield {}


@check("choices-while-thinking", CHAT)
def choices_while_thinking(request: Request, rule: Rule) -> Found:
    if request.choices > 1 and request.thinks:
        yield {}


@check("choices-model", CHAT)
def choices_model(request: Request, rule: Rule) -> Found:
    if request.choices > 1 and rule.concerns(request.model_id):
        yield {"model": request.model_id}


@check("logprobs-model", CHAT)
def logprobs_model(request: Request, rule: Rule) -> Found:
    if request.body.get("logprobs") and (rule.concerns(request.model_id) or request.thinks):
        yield {"model": request.model_id}


@check("logprobs-alone", CHAT)
def logprobs_alone(request: Request, rule: Rule) -> Found:
    if request.body.get("top_logprobs") and not request.body.get("logprobs"):
        yield {}


@check("effort", CHAT)
def effort(request: Request, rule: Rule) -> Found:
    value = request.body.get("reasoning_effort")
    taken = request.provider.efforts(request.model_id)
    if value is not None and value not in taken and not request.is_own_model:
        yield {"value": value, "values": list(taken), "model": request.model_id}


@check("effort-and-budget", CHAT)
def effort_and_budget(request: Request, rule: Rule) -> Found:
    both = "reasoning_effort" in request.body and "thinking_budget" in request.body
    if both and rule.concerns(request.model_id):
        yield {}


@check("effort-and-thinking", CHAT)
def effort_and_thinking(request: Request, rule: Rule) -> Found:
    value = request.body.get("reasoning_effort")
    asks = value is not None and value not in request.provider.efforts_off
    if asks and not request.thinks and not request.is_own_model:
        yield {"value": value}


@check("thinking-type", CHAT)
def thinking_type(request: Request, rule: Rule) -> Found:
    for name in rule.names:
        value = _mapping(request.body.get(name)).get("type")
        if value is not None and value not in rule.values:
            yield {"value": value, "values": list(rule.values), "model": request.model_id}


@check("thinking-switch", CHAT)
def thinking_switch(request: Request, rule: Rule) -> Found:
    """A switch is refused by what never thinks, and by what cannot be kept from it."""
    always = request.provider.off_switch(request.model_id).least
    for name, _ in request.provider.on_switch(request.model_id).extra_body:
        if name in request.body and (always or request.model.thinking == "never"):
            yield {"model": request.model_id, "name": name}


@check("thinking-off", CHAT)
def thinking_off(request: Request, rule: Rule) -> Found:
    """What always thinks may not be told to stop, as the others are."""
    switch = request.provider.off_switch("")
    told = _sent(switch.extra_body, request.body) or _sent(switch.parameters, request.body)
    if told and request.model.thinking == "always" and rule.concerns(request.model_id):
        yield {"model": request.model_id}


@check("stream-only", CHAT)
def stream_only(request: Request, rule: Rule) -> Found:
    if request.model.stream_only and not request.body.get("stream"):
        yield {}


@check("responses-effort", RESPONSES)
def responses_effort(request: Request, rule: Rule) -> Found:
    reasoning = request.body.get("reasoning")
    value = reasoning.get("effort") if isinstance(reasoning, dict) else None
    taken = request.provider.responses_parameter("reasoning").values
    if value is not None and value not in taken:
        yield {"value": value, "values": list(taken)}


@check("responses-tool", RESPONSES)
def responses_tool(request: Request, rule: Rule) -> Found:
    for tool in request.tools:
        kind = str(tool.get("type", "")) if isinstance(tool, dict) else ""
        verdict = request.provider.responses_tool(kind)
        if verdict.action != "keep":
            yield {"type": kind, "verdict": verdict.verdict, "sources": verdict.sources}


@check("embedding-input", EMBEDDINGS)
def embedding_input(request: Request, rule: Rule) -> Found:
    given = request.body.get("input")
    rows = given if isinstance(given, list) else [given]
    if not rows or not all(isinstance(row, str) for row in rows):
        yield {}


@check("embedding-empty", EMBEDDINGS)
def embedding_empty(request: Request, rule: Rule) -> Found:
    given = request.body.get("input")
    if "" in (given if isinstance(given, list) else [given]):
        yield {}


@check("embedding-batch", EMBEDDINGS)
def embedding_batch(request: Request, rule: Rule) -> Found:
    given, most = request.body.get("input"), request.model.max_batch
    if isinstance(given, list) and most is not None and len(given) > most:
        yield {"maximum": most}


@check("embedding-length", EMBEDDINGS)
def embedding_length(request: Request, rule: Rule) -> Found:
    given = request.body.get("input")
    texts = given if isinstance(given, list) else [given]
    if any(len(text) > (rule.maximum or 0) for text in texts if isinstance(text, str)):
        yield {"maximum": rule.maximum}


@check("embedding-single", SINGLE)
def embedding_single(request: Request, rule: Rule) -> Found:
    given = request.body.get("input")
    parts = given if isinstance(given, list) else []
    texts = [_mapping(part).get("text") for part in parts]
    if len(parts) != 1 or _mapping(parts[0]).get("type") != "text":
        yield {"detail": "it holds one part with the type text"}
    elif not isinstance(texts[0], str) or not texts[0]:
        yield {"detail": "its text is empty"}
    yield from _unknown(request.body, _SINGLE_PARAMETERS, "")


_SINGLE_PARAMETERS = {
    "model",
    "input",
    "dimensions",
    "encoding_format",
    "instructions",
    "sparse_embedding",
}


@check("embedding-dimensions", EMBEDDINGS, SINGLE)
def embedding_dimensions(request: Request, rule: Rule) -> Found:
    value, known = request.body.get("dimensions"), request.model.dimensions
    asked_for = bool(rule.models) and rule.concerns(request.model_id)
    wrong = value not in known if value is not None else asked_for
    if wrong and not request.is_own_model:
        yield {"value": value, "values": list(known)}


@check("encoding-format", EMBEDDINGS, SINGLE)
def encoding_format(request: Request, rule: Rule) -> Found:
    value = request.body.get("encoding_format", "float")
    if value not in rule.values:
        yield {"value": value, "values": list(rule.values)}


@check("image-size", IMAGES)
def image_size(request: Request, rule: Rule) -> Found:
    size = request.parameter("size")
    value = request.body.get(size.name_there or size.name)
    if value is not None and not size.fits(str(value)):
        yield {"value": value, "model": request.model_id}


@check("image-quality", IMAGES)
def image_quality(request: Request, rule: Rule) -> Found:
    value, quality = request.body.get("quality"), request.parameter("quality")
    if value is not None and not quality.fits(str(value)):
        yield {"value": value, "model": request.model_id}


@check("image-area", IMAGES)
def image_area(request: Request, rule: Rule) -> Found:
    value = str(request.body.get("size", ""))
    sides = re.fullmatch(r"([0-9]+)x([0-9]+)", value)
    small = sides and int(sides[1]) * int(sides[2]) < (rule.minimum or 0)
    if small and rule.concerns(request.model_id):
        yield {"value": value, "minimum": rule.minimum}


@check("image-format", IMAGES)
def image_format(request: Request, rule: Rule) -> Found:
    value = request.body.get("response_format")
    known = request.parameter("response_format").values
    if value is not None and value not in known:
        yield {"value": value, "values": list(known)}


@check("sound-file", TRANSCRIPTIONS)
def sound_file(request: Request, rule: Rule) -> Found:
    kind = str(request.sent.get("filename", "")).rpartition(".")[2].lower()
    if kind not in rule.values:
        yield {"value": kind, "values": list(rule.values)}


@check("speech-voice", SPEECH)
def speech_voice(request: Request, rule: Rule) -> Found:
    voices, given = request.provider.voices, request.body.get("voice")
    known = [voices.spell(name, request.model_id) for name in voices.names]
    if request.provider.speaks(request.model_id) and given not in known:
        yield {"value": given, "values": ", ".join(known)}


@check("speech-text", SPEECH)
def speech_text(request: Request, rule: Rule) -> Found:
    text, longest = request.body.get("input"), request.provider.voices.longest
    if not isinstance(text, str) or not text or (longest and len(text) > longest):
        yield {"maximum": longest}


@check("speech-format", SPEECH)
@check("media-format", SPEECH, TRANSCRIPTIONS, TRANSLATIONS, EDITS)
def media_format(request: Request, rule: Rule) -> Found:
    value, known = request.body.get("response_format"), request.parameter("response_format").values
    if value is not None and known and value not in known:
        yield {"value": value, "values": ", ".join(known)}


@check("asr-message", CHAT)
def asr_message(request: Request, rule: Rule) -> Found:
    if request.model.kind != "asr":
        return
    sounds = [part for _, part in request.parts if part.get("type") == "input_audio"]
    roles = [message.get("role") for message in request.messages]
    if roles not in (["user"], ["system", "user"]) or len(sounds) != 1:
        yield {"model": request.model_id}


@check("translation-message", CHAT)
def translation_message(request: Request, rule: Rule) -> Found:
    if request.model.kind != "translation":
        return
    roles = [message.get("role") for message in request.messages]
    if roles != ["user"] or "translation_options" not in request.body:
        yield {"model": request.model_id}


@check("batch-endpoint", BATCHES)
def batch_endpoint(request: Request, rule: Rule) -> Found:
    value = request.body.get("endpoint")
    known = request.provider.parameter("batches.create", "endpoint").values
    if request.body and value not in known:
        yield {"value": value, "values": list(known)}


@check("file-purpose", FILES)
def file_purpose(request: Request, rule: Rule) -> Found:
    value = request.body.get("purpose")
    if value not in rule.values:
        yield {"value": value, "values": list(rule.values)}
