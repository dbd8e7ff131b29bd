"""Chat calls: parameters, thinking, JSON modes, roles, tools."""

from __future__ import annotations

from collections.abc import Callable

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, Origin, Site
from migrator.edits import Edit, JsonPrompt, ReplaceString, StructuredOutput
from migrator.planning import models
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.movement import CHAT
from migrator.providers import Parameter, ThinkingSwitch

# Handled by name below, or never a parameter of the request.
_NOT_PARAMETERS = frozenset(
    {"messages", "model", "stream", "response_format", "tool_choice", "max_retries"}
)
_SMALL_LIMIT = 2000
_LIMITS = ("max_tokens", "max_completion_tokens")
# From weakest to strongest, over all providers.
_EFFORTS = ("none", "off", "minimal", "low", "medium", "high", "xhigh", "max")
_JSON_TEXT = "Answer in JSON."


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved chat call."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api in CHAT:
            _Call(context, edits, site, facts).decide()
    edits.finish()


def _nearest_effort(wanted: str, taken: tuple[str, ...]) -> str | None:
    """The word of the provider that is nearest to OpenAI's, the stronger one where two are."""
    if wanted in taken or not taken:
        return wanted if taken else None
    if wanted not in _EFFORTS:
        return None
    place = _EFFORTS.index(wanted)
    known = [word for word in taken if word in _EFFORTS]
    return min(
        known,
        key=lambda word: (abs(_EFFORTS.index(word) - place), -_EFFORTS.index(word)),
        default=None,
    )


class _Call:
    """One chat call on its way."""

    def __init__(
        self, context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts
    ) -> None:
        self._context = context
        self._provider = context.provider
        self._edits = edits
        self._site = site
        self._facts = facts

    def decide(self) -> None:
        for argument in self._facts.arguments:
            if argument.name not in _NOT_PARAMETERS:
                self._parameter(argument)
        self._functions()
        self._tool_choice()
        self._parallel_tools()
        self._response_format()
        self._structured_output()
        self._thinking()
        self._roles()
        self._raw()
        self._unknown_arguments()

    def _note(self, code: str, parameter: Parameter, **details: object) -> None:
        self._context.note(
            self._site.id,
            item(code, self._site, parameter.detail, parameter.sources, details),
        )

    def _block(self, code: str, parameter: Parameter, **details: object) -> None:
        self._context.hindrances.setdefault(self._site.id, []).append(
            item(code, self._site, parameter.detail, parameter.sources, details)
        )

    # -- plain parameters ----------------------------------------------------------------------

    def _parameter(self, argument: Argument) -> None:
        parameter = self._provider.chat_parameter(argument.name)
        handlers: dict[str, Callable[[Argument, Parameter], None]] = {
            "drop": self._drop,
            "clamp": self._clamp,
            "extra_body": self._move,
        }
        if argument.name in {"logprobs", "top_logprobs"} and argument.value:
            self._note("logprobs-models", parameter)
        if argument.name == "reasoning_effort":
            self._effort(argument, parameter)
        elif parameter.action in handlers:
            handlers[parameter.action](argument, parameter)

    def _drop(self, argument: Argument, parameter: Parameter) -> None:
        reason = f"{argument.name}: {parameter.detail}"
        self._edits.drop(self._site, argument, reason)
        self._note("parameter-dropped", parameter, name=argument.name)

    def _clamp(self, argument: Argument, parameter: Parameter) -> None:
        value = argument.value
        if value is UNKNOWN:
            if argument.name == "temperature":
                self._note(
                    "parameter-range", parameter, name=argument.name, range=parameter.range_text
                )
            return
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or parameter.accepts(value)
        ):
            return
        if argument.name == "n":
            self._block(
                "value-refused", parameter, name="n", value=value, range=parameter.range_text
            )
            return
        nearest = parameter.nearest(value)
        new = f"{nearest:g}"
        if argument.spelled.strip() != repr(value):
            self._note("parameter-range", parameter, name=argument.name, range=parameter.range_text)
            return
        self._edits.replace(self._site, argument, new, f"{argument.name}: {parameter.detail}")
        self._note("parameter-changed", parameter, name=argument.name, value=value, new=new)

    def _move(self, argument: Argument, parameter: Parameter) -> None:
        there, value = str(parameter.name_there), str(parameter.value_there or argument.spelled)
        reason = f"{argument.name}: {parameter.detail}"
        self._edits.drop(self._site, argument, reason)
        self._edits.extra_body(self._site, self._facts, there, value, reason)
        self._note("parameter-moved", parameter, name=argument.name, there=there)

    def _effort(self, argument: Argument, parameter: Parameter) -> None:
        chosen = {model for _, model in models.models_of(self._context, self._facts) if model}
        words = {self._provider.efforts(model) for model in chosen}
        if len(words) != 1 or not isinstance(argument.value, str):
            said = (
                "; ".join(", ".join(one) or "none" for one in sorted(words)) or "the model's words"
            )
            self._note("parameter-range", parameter, name=argument.name, range=said)
            return
        taken = next(iter(words))
        new = _nearest_effort(argument.value, taken)
        if new is None:
            self._drop(argument, parameter)
        elif new != argument.value:
            reason = f"reasoning_effort: {parameter.detail}"
            self._edits.replace(self._site, argument, f'"{new}"', reason)
            self._note(
                "parameter-changed", parameter, name=argument.name, value=argument.value, new=new
            )

    def _functions(self) -> None:
        for name in ("functions", "function_call"):
            if self._facts.argument(name) is not None:
                parameter = self._provider.chat_parameter(name)
                self._block(
                    "functions-deprecated", parameter, name=name, there=parameter.name_there
                )

    def _unknown_arguments(self) -> None:
        if self._facts.complete:
            return
        refused = [
            name
            for name in self._provider.parameter_names("chat_parameters")
            if self._provider.chat_parameter(name).action in {"drop", "reject"}
        ]
        why = "a mapping that is made at run time is passed to the call"
        self._context.note(
            self._site.id, item("arguments-unknown", self._site, why, names=", ".join(refused))
        )

    # -- tools ---------------------------------------------------------------------------------

    def _tool_choice(self) -> None:
        argument = self._facts.argument("tool_choice")
        if argument is None or argument.value != "required":
            return
        parameter = self._provider.chat_parameter("tool_choice_required")
        if parameter.action == "rename":
            new = f'"{parameter.name_there}"'
            self._edits.replace(self._site, argument, new, f"tool_choice: {parameter.detail}")
            self._note("tool-choice", parameter)

    def _parallel_tools(self) -> None:
        parameter = self._provider.chat_parameter("parallel_tool_calls")
        tools = self._facts.argument("tools")
        if (
            tools is None
            or self._facts.argument("parallel_tool_calls")
            or not parameter.default_here
        ):
            return
        if tools.always and tools.origin is Origin.KEYWORD and self._facts.complete:
            reason = f"parallel_tool_calls: {parameter.detail}"
            self._edits.add(self._site, "parallel_tool_calls", parameter.default_here, reason)
        else:
            # Without tools the argument is refused, so it is not added where they may be absent.
            self._note("parallel-tools", parameter)

    # -- JSON ----------------------------------------------------------------------------------

    def _response_format(self) -> None:
        if "json_object" not in self._facts.features or "json_word" in self._facts.features:
            return
        parameter = self._provider.chat_parameter("response_format_json_object")
        place = self._facts.content
        if "messages_known" in self._facts.features and place is not None:
            self._context.edit(
                Edit(
                    place.path,
                    place.span,
                    "json-prompt",
                    JsonPrompt(_JSON_TEXT),
                    (self._site.id,),
                    f"response_format: {parameter.detail}",
                )
            )
            self._note("json-word-added", parameter)
        else:
            self._note("json-word", parameter)

    def _structured_output(self) -> None:
        if "json_schema" not in self._facts.features:
            return
        chosen = [model for _, model in models.models_of(self._context, self._facts) if model]
        lacking = [model for model in chosen if self._provider.lacks(model, ("json_schema",))]
        if not lacking:
            return
        parameter = self._provider.chat_parameter("response_format_json_schema")
        if not self._facts.api.endswith(".parse"):
            self._block("json-schema", parameter, model=lacking[0])
            return
        self._context.edit(
            Edit(
                self._site.path,
                self._site.span,
                "structured-output",
                StructuredOutput(self._facts.asynchronous),
                (self._site.id,),
                f"response_format: {parameter.detail}",
            )
        )
        self._note("structured-output", parameter)

    # -- thinking ------------------------------------------------------------------------------

    def _thinking(self) -> None:
        pairs = models.models_of(self._context, self._facts)
        known = [(old, new) for old, new in pairs if new is not None]
        if not known:
            if not pairs:
                self._thinking_note("thinking-unknown")
            return
        plain = [new for old, new in known if not models.is_reasoning(old)]
        reasoning = [new for old, new in known if models.is_reasoning(old)]
        switches = {new: self._provider.thinking_off(new) for new in plain}
        if reasoning and any(switches.values()):
            self._thinking_note("thinking-unknown")
        elif any(switches.values()):
            self._switch_off(plain, switches)
        self._small_limits(reasoning)

    def _switch_off(self, plain: list[str], switches: dict[str, ThinkingSwitch | None]) -> None:
        """Switch thinking off if every model that can reach the call takes the same switch."""
        if any(switch is None and not self._takes_switch(new) for new, switch in switches.items()):
            self._thinking_note("thinking-unknown")
            return
        kinds = {(s.extra_body, s.parameters) for s in switches.values() if s is not None}
        if len(kinds) != 1:
            self._thinking_note("thinking-unknown")
            return
        extra_body, parameters = next(iter(kinds))
        reason = self._provider.thinking.text
        for key, source in extra_body:
            self._edits.extra_body(self._site, self._facts, key, source, reason)
        for name, source in parameters:
            self._edits.add(self._site, name, source, reason)
        for new, switch in switches.items():
            if switch is not None and switch.contested:
                why = self._provider.thinking.text
                contested = item("thinking-contested", self._site, why, switch.sources, model=new)
                self._context.note(self._site.id, contested)

    def _takes_switch(self, model_id: str) -> bool:
        model = self._provider.model(model_id)
        return model is not None and model.thinking == "hybrid"

    def _thinking_note(self, code: str) -> None:
        thinking = self._provider.thinking
        self._context.note(
            self._site.id, item(code, self._site, thinking.text, thinking.sources, model="")
        )

    def _small_limits(self, reasoning: list[str]) -> None:
        if not reasoning:
            return
        for name in _LIMITS:
            argument = self._facts.argument(name)
            if argument is None or not isinstance(argument.value, int):
                continue
            if argument.value < _SMALL_LIMIT:
                self._note("thinking-tokens", self._provider.chat_parameter(name), name=name)

    # -- messages ------------------------------------------------------------------------------

    def _roles(self) -> None:
        for literal in self._facts.roles:
            role = self._provider.role(literal.value)
            if role.action == "rename" and role.name_there:
                self._context.edit(
                    Edit(
                        literal.path,
                        literal.span,
                        "message-role",
                        ReplaceString(role.name_there),
                        (self._site.id,),
                        f"role {literal.value}: {role.detail}",
                    )
                )
            elif role.verdict == "rejected":
                self._block("role-refused", role, role=literal.value, there=role.name_there)
            elif role.action == "reject":
                self._note("role-uncertain", role, role=literal.value, there=role.name_there)
        if "system_late" in self._facts.features:
            self._note("system-late", self._provider.chat_parameter("messages"))

    def _raw(self) -> None:
        if self._facts.raw:
            why = "header names such as x-ratelimit-remaining-requests are OpenAI's"
            self._context.note(self._site.id, item("raw-response", self._site, why))
