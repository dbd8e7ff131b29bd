"""What the messages of a chat call hold: roles, parts, the word JSON, a schema to keep to."""

from __future__ import annotations

from migrator.analysis.sites import Literal
from migrator.edits import Edit, Instruction, JsonPrompt, ReplaceString, StructuredOutput
from migrator.language import _
from migrator.planning import frameworks, function_answers, functions, pictures, repeated_roles
from migrator.planning.calls import Call
from migrator.planning.client_settings import condition_of
from migrator.providers import Parameter

_JSON_TEXT = "Answer in JSON."
# The roles of messages that ask for nothing, and of those that lead.
_LEADING = frozenset({"system", "developer"})
_UNASKING = _LEADING | {"assistant"}
_JSON_WORD = "json-word"
# Rules that a request without a message of the user or a tool breaks.
_ASKED = frozenset({"user-message", "last-message"})
# A feature of the messages, and the entry of the profile's `content` that speaks of it.
_PARTS = {"audio": "part_input_audio", "file": "part_file"}


def decide(call: Call) -> None:
    """Plan the edits and notes of the messages and the format of the answer."""
    _json_word(call)
    _json_mode(call)
    _schema(call)
    asking = _asking(call)
    for literal in call.facts.roles:
        if literal == asking:
            _ask(call, literal)
        else:
            _role(call, literal)
    joined = repeated_roles.decide(call)
    late = "system_late" in call.facts.features and "system" not in joined
    if late and "system-first" in call.provider.rules:
        call.note("system-late", call.chat_parameter("messages"))
    pictures.decide(call)
    for feature, name in _PARTS.items():
        if feature in call.facts.features:
            part = call.provider.content_part(name, call.chosen)
            told = {"part": name.removeprefix("part_")}
            if part.action == "reject":
                call.block("content-refused", part, **told)
            else:
                call.note("content-part", part, **told)


def _json_word(call: Call) -> None:
    """JSON mode is refused where no message says JSON."""
    features = call.facts.features
    asked = _JSON_WORD in call.provider.rules
    if not asked or "json_object" not in features or "json_word" in features:
        return
    parameter = call.chat_parameter("response_format_json_object")
    place = call.facts.content
    if place is not None and _is_own(call):
        edit = Edit(
            place.path,
            place.span,
            "json-prompt",
            JsonPrompt(_JSON_TEXT),
            (call.site.id,),
            f"response_format: {parameter.detail}",
        )
        call.context.edit(edit)
        call.note("json-word-added", parameter)
    elif "messages_known" in features:
        call.note("json-word-missing", parameter)
    else:
        call.note("json-word", parameter)


def _json_mode(call: Call) -> None:
    """JSON mode at a model that is not known to keep it."""
    if "json_object" in call.facts.features:
        unsure = [new for new in call.chosen if call.provider.lacks(new, ("json_object",))]
        if unsure:
            parameter = call.chat_parameter("response_format_json_object")
            call.note("json-unsure", parameter, model=unsure[0])


def _is_own(call: Call) -> bool:
    """Whether the prompt is never said without asking for JSON, by this call or another."""
    asked = call.facts.argument("response_format")
    if asked and (not asked.always or condition_of(call.context, call.site, asked)):
        return False
    return not any(
        facts.content == call.facts.content and "json_object" not in facts.features
        for site, facts in call.context.calls()
        if site.id != call.site.id
    )


def _schema(call: Call) -> None:
    """A schema to keep to, where a chosen model is not documented to know them."""
    if "json_schema" not in call.facts.features:
        return
    lacking = [new for new in call.chosen if call.provider.lacks(new, ("json_schema",))]
    parameter = call.chat_parameter("response_format_json_schema")
    sdk = call.context.sdk if call.site.id in call.context.sdk_calls else None
    parsed = call.facts.api.endswith(".parse")
    if sdk is not None and parsed and sdk.method(call.facts.api) is None:
        instruction = StructuredOutput(call.facts.asynchronous)
        _edit_call(call, "structured-output", instruction, parameter)
        call.say("structured-output", _("{sdk} has no `parse`", sdk=sdk.name), sdk.sources)
        return
    if not lacking:
        if "tool-schema" in call.provider.rules:
            call.note("json-schema-kind", parameter)
        return
    if frameworks.has_another_way(call.context, call.facts):
        call.note("schema-otherwise", parameter, model=lacking[0])
        return
    if not call.facts.api.endswith(".parse") or call.facts.raw or not call.facts.complete:
        call.block("json-schema", parameter, model=lacking[0])
        return
    instruction = StructuredOutput(call.facts.asynchronous, _user_speaks_once(call))
    _edit_call(call, "structured-output", instruction, parameter)
    call.note("structured-output", parameter)


def _user_speaks_once(call: Call) -> bool:
    """Whether a message of the user may not follow another."""
    rule = call.provider.rules.get("consecutive-roles")
    return rule is not None and "user" in rule.values


def _edit_call(call: Call, codemod: str, instruction: Instruction, parameter: Parameter) -> None:
    site = call.site
    reason = f"response_format: {parameter.detail}"
    call.context.edit(Edit(site.path, site.span, codemod, instruction, (site.id,), reason))


def _role(call: Call, literal: Literal) -> None:
    role = call.provider.role(literal.value, call.chosen)
    if literal.value == function_answers.ROLE and role.name_there:
        answer = functions.answer(call, literal)
        if answer is not None and not is_said_elsewhere(call, literal):
            function_answers.rewrite(call.context, call.site.id, literal, answer, role.name_there)
            return
    if role.action == "rename" and role.name_there:
        if is_said_elsewhere(call, literal):
            why = _("the same message is handed to a call that stays as it is")
            call.say("arguments-shared", why, name=_("role {value}", value=literal.value))
            return
        reason = _("role {value}: {detail}", value=literal.value, detail=role.detail)
        instruction = ReplaceString(role.name_there)
        place = (literal.path, literal.span)
        call.context.edit(Edit(*place, "message-role", instruction, (call.site.id,), reason))
    elif role.verdict == "rejected":
        call.block("role-refused", role, role=literal.value, there=role.name_there)
    elif role.action == "reject":
        call.note("role-uncertain", role, role=literal.value, there=role.name_there)


def _asking(call: Call) -> Literal | None:
    """The role of the only message, where it is not the user's and one of the user's is wanted."""
    roles = call.facts.roles
    known = "roles_known" in call.facts.features and call.facts.complete
    if _ASKED.isdisjoint(call.provider.rules) or not known or not roles:
        return None
    if any(literal.value not in _UNASKING for literal in roles):
        return None
    alone = len(roles) == 1 and roles[0].value in _LEADING
    shared = any(
        one != call.site.id for role in roles for one in call.context.by_role.get(role, ())
    )
    if alone and not shared:
        return roles[0]
    call.block("user-message", call.chat_parameter("messages"))
    return None


def _ask(call: Call, literal: Literal) -> None:
    """Say as the user what the system alone would say."""
    parameter = call.chat_parameter("messages")
    reason = _("role {value}: {detail}", value=literal.value, detail=parameter.detail)
    place = (literal.path, literal.span)
    call.context.edit(Edit(*place, "message-role", ReplaceString("user"), (call.site.id,), reason))
    call.note("user-role", parameter)


def is_said_elsewhere(call: Call, literal: Literal) -> bool:
    """Whether a call that stays is handed the same message."""
    return any(one not in call.context.moved_calls for one in call.context.by_role.get(literal, ()))
