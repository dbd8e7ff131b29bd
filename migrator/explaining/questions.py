"""What `migrate explain` is asked about: a code, a name of the API, a model, a parameter."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.analysis.surface import Section
from migrator.decisions import Severity, Source
from migrator.explaining.examples import examples
from migrator.explaining.explanation import Explanation
from migrator.explaining.names import UnknownNameError, hint, meant
from migrator.explaining.table import Becomes, Entry, entry
from migrator.planning.messages import MESSAGES
from migrator.providers import Model, Parameter, Provider
from migrator.sdks import COMPATIBLE

_GRAVITY: Mapping[Severity, str] = {
    Severity.BLOCKER: "it will fail, or has no counterpart",
    Severity.BEHAVIOUR: "it runs, but differs",
    Severity.REVIEW: "it could not be proven",
    Severity.SETUP: "a thing for a person to do",
}
_WHAT: Mapping[Section, str] = {
    "legacy_class": "a class of openai before 1.0",
    "legacy_call": "a call of openai before 1.0",
    "client": "a class of clients",
    "setting": "a setting of the openai module",
    "exception": "an exception of the openai package",
    "type": "a type of the openai package",
    "framework": "what a framework sends requests by",
}
_ACTIONS: Mapping[str, str] = {
    "keep": "kept as it is",
    "drop": "taken away, with a note",
    "rename": "renamed to `{there}`",
    "extra_body": "moved into extra_body, as `{there}`",
    "clamp": "kept within {range}",
    "reject": "on the checklist: it is refused",
    "chat": "a chat request in the place of this one, which takes it",
}


def about(
    provider: Provider,
    *,
    code: str = "",
    model: str = "",
    parameter: str = "",
    api: str = "",
    mode: str = COMPATIBLE,
) -> list[Explanation]:
    """What one of these is, or becomes; a parameter is that of `api`. Raises UnknownNameError."""
    if code:
        return [about_code(code)]
    if model:
        return [about_model(provider, model)]
    if parameter:
        return about_parameter(provider, parameter, api)
    return about_api(provider, api, mode)


def about_code(code: str) -> Explanation:
    """What a code of the checklist means. Raises UnknownNameError."""
    message = MESSAGES.get(code)
    if message is None:
        known = hint(code, list(MESSAGES)) or ": they are listed in docs/checklist.md"
        raise UnknownNameError(f"the checklist has no code {code!r}{known}")
    example = examples().get(code, {})
    return Explanation(
        code,
        "a code of the checklist; what stands in braces is filled in at the place",
        f"{message.severity.value}: {_GRAVITY[message.severity]}",
        _for_example(example),
        severity=message.severity,
        code=code,
        title=_plain(message.title),
        action=_plain(message.action),
        sources=(Source(f"docs/checklist.md#{code}", "The checklist's codes"),),
        before=example.get("before", ""),
        after=example.get("after", ""),
        everywhere=True,
    )


def _for_example(example: Mapping[str, str]) -> str:
    """When a code is said, by one case of it."""
    if not example:
        return ""
    return f"for example, on the way to {example['target']}: {example['title']}: {example['why']}"


def about_api(provider: Provider, name: str, mode: str = COMPATIBLE) -> list[Explanation]:
    """What becomes of a name of the API at a provider. Raises UnknownNameError."""
    return [_of_entry(entry(provider, section, one, mode)) for section, one in meant(name)]


def about_model(
    provider: Provider, model: str, model_map: Mapping[str, str] | None = None
) -> Explanation:
    """What a model of OpenAI's becomes. Raises UnknownNameError, RetiredModelError."""
    matched = surface.match_model(model, in_model_position=True)
    if matched is None:
        known = hint(model, list(surface.every_model()))
        if provider.model(model) is not None:
            known = f": it is {provider.name}'s own (migrate providers {provider.spelled})"
        raise UnknownNameError(f"OpenAI has no model {model!r}{known}")
    choice = provider.map_model(matched.id, (), model_map)
    kind = "a model that reasons" if matched.reasoning else f"a model of the kind {matched.kind}"
    if choice.model is None:
        message = MESSAGES["model-no-counterpart"]
        return Explanation(
            model,
            kind,
            Becomes.CHECKLIST.value,
            choice.why,
            message.severity,
            message.code,
            message.title.format(model=model),
            "nothing that is documented",
            message.action.format(model=model),
            sources=choice.sources,
        )
    new = provider.model(choice.model)
    others = ", ".join(choice.alternatives)
    choose = f"Others, for `--map`: {others}." if others else ""
    thinking = _thinking(provider, new, matched.reasoning) if new is not None else ""
    becomes = f"becomes {choice.model} ({choice.confidence})"
    if provider.is_native(choice.model):
        becomes = f"nearest is {choice.model}, which no OpenAI-compatible endpoint reaches"
    return Explanation(
        model,
        kind,
        becomes,
        choice.why,
        action=" ".join(filter(None, (thinking, choose))),
        sources=tuple(dict.fromkeys((*choice.sources, *(new.sources if new is not None else ())))),
    )


def _thinking(provider: Provider, model: Model, reasons: bool) -> str:
    """What is done about a model's thinking."""
    if not model.thinking_default or reasons:
        return ""
    switch = provider.thinking_off(model.id)
    if switch is None:
        return f"{model.id} thinks by default, and no switch is documented."
    keys = ", ".join(f"`{key}={value}`" for key, value in (*switch.extra_body, *switch.parameters))
    if switch.least:
        asked = f"; it is asked to do so least with {keys}" if keys else ""
        return f"{model.id} thinks in every call{asked}."
    doubt = " (sources disagree on whether it can)" if switch.contested else ""
    return f"{model.id} thinks by default; it is switched off with {keys}{doubt}."


def about_parameter(provider: Provider, name: str, api: str = "") -> list[Explanation]:
    """What becomes of a parameter, of one method or of every kind of request that has it.

    Raises UnknownNameError.
    """
    known = provider.parameter_families()
    families = [provider.family(without_raw(api))] if api else list(known)
    if families[0] not in known:
        raise UnknownNameError(
            f"the profile says nothing of the parameters of {api!r}, only of requests for "
            f"{', '.join(known)}"
        )
    having = [family for family in families if name in provider.parameters_of(family)]
    if not having:
        every = [one for family in families for one in provider.parameters_of(family)]
        raise UnknownNameError(f"no source names a parameter {name!r}{hint(name, every)}")
    return [_of_parameter(family, provider.parameter(family, name)) for family in having]


def _of_parameter(family: str, parameter: Parameter) -> Explanation:
    there = parameter.name_there or parameter.name
    return Explanation(
        parameter.name,
        f"a parameter of {family} requests",
        _ACTIONS[parameter.action].format(there=there, range=parameter.range_text),
        parameter.detail or f"it is {parameter.verdict}",
        sources=parameter.sources,
    )


def _of_entry(row: Entry) -> Explanation:
    first = row.items[0] if row.items and row.becomes is Becomes.CHECKLIST else None
    return Explanation(
        row.name,
        _what(row),
        row.becomes.value,
        row.why,
        row.severity,
        first.code if first else "",
        first.title if first else "",
        row.counterpart,
        first.action if first else "",
        row.items[1:] if first else row.items,
        row.sources,
        row.before,
        row.after,
    )


def _what(row: Entry) -> str:
    if row.section != "method":
        return _WHAT[row.section]
    method = surface.method(without_raw(row.name))
    assert method is not None, "a row of the table is of the catalogue"
    route = f", {method.http} {method.route}" if method.route and method.http else ""
    last = f" to {method.until}" if method.until is not None else " and later"
    return f"a method of openai {method.since}{last}{route}"


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}")
