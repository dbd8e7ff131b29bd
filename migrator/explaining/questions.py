"""What `migrate explain` is asked about: a code, a name of the API, a model, a parameter."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.analysis.surface import Section
from migrator.decisions import Severity, Source
from migrator.explaining.examples import examples
from migrator.explaining.explanation import Explanation
from migrator.explaining.names import UnknownNameError, meant, near, with_hint
from migrator.explaining.table import Becomes, Entry, entry
from migrator.language import _, listed, marked
from migrator.planning.messages import MESSAGES
from migrator.providers import Model, Parameter, Provider
from migrator.sdks import COMPATIBLE

_GRAVITY: Mapping[Severity, str] = {
    Severity.BLOCKER: marked("it will fail, or has no counterpart"),
    Severity.BEHAVIOUR: marked("it runs, but differs"),
    Severity.REVIEW: marked("it could not be proven"),
    Severity.SETUP: marked("a thing for a person to do"),
}
_WHAT: Mapping[Section, str] = {
    "legacy_class": marked("a class of openai before 1.0"),
    "legacy_call": marked("a call of openai before 1.0"),
    "client": marked("a class of clients"),
    "setting": marked("a setting of the openai module"),
    "exception": marked("an exception of the openai package"),
    "type": marked("a type of the openai package"),
    "framework": marked("what a framework sends requests by"),
}
_ACTIONS: Mapping[str, str] = {
    "keep": marked("kept as it is"),
    "drop": marked("taken away, with a note"),
    "rename": marked("renamed to `{there}`"),
    "extra_body": marked("moved into extra_body, as `{there}`"),
    "clamp": marked("kept within {range}"),
    "reject": marked("on the checklist: it is refused"),
    "chat": marked("a chat request in the place of this one, which takes it"),
}
# Words of the knowledge that decide something, and are told as they are.
_WORDS = {
    "official": marked("official"),
    "inferred": marked("inferred"),
    "chosen": marked("chosen"),
    "unknown": marked("unknown"),
    "supported": marked("supported"),
    "partial": marked("partial"),
    "rejected": marked("rejected"),
    "renamed": marked("renamed"),
    "clamped": marked("clamped"),
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
        if not near(code, list(MESSAGES)):
            raise UnknownNameError(
                _(
                    "the checklist has no code {code!r}: they are listed in docs/checklist.md "
                    "(names of OpenAI's go with --api, --model or --parameter)",
                    code=code,
                )
            )
        told = _("the checklist has no code {code!r}", code=code)
        raise UnknownNameError(with_hint(told, code, list(MESSAGES)))
    example = examples().get(code, {})
    return Explanation(
        code,
        _("a code of the checklist; what stands in braces is filled in at the place"),
        _(
            "{severity}: {meaning}",
            severity=_(message.severity.value),
            meaning=_(_GRAVITY[message.severity]),
        ),
        _for_example(example),
        severity=message.severity,
        code=code,
        title=_plain(_(message.title)),
        action=_plain(_(message.action)),
        sources=(Source(f"docs/checklist.md#{code}", _("The checklist's codes")),),
        before=example.get("before", ""),
        after=example.get("after", ""),
        everywhere=True,
    )


def _for_example(example: Mapping[str, str]) -> str:
    """When a code is said, by one case of it."""
    if not example:
        return ""
    return _(
        "for example, on the way to {target}: {title}: {why}",
        target=example["target"],
        title=example["title"],
        why=example["why"],
    )


def about_api(provider: Provider, name: str, mode: str = COMPATIBLE) -> list[Explanation]:
    """What becomes of a name of the API at a provider. Raises UnknownNameError."""
    return [_of_entry(entry(provider, section, one, mode)) for section, one in meant(name)]


def about_model(
    provider: Provider, model: str, model_map: Mapping[str, str] | None = None
) -> Explanation:
    """What a model of OpenAI's becomes. Raises UnknownNameError, RetiredModelError."""
    matched = surface.match_model(model, in_model_position=True)
    if matched is None:
        if provider.model(model) is not None:
            raise UnknownNameError(
                _(
                    "OpenAI has no model {model!r}: it is {provider}'s own "
                    "(migrate providers {spelled})",
                    model=model,
                    provider=provider.name,
                    spelled=provider.spelled,
                )
            )
        told = _("OpenAI has no model {model!r}", model=model)
        raise UnknownNameError(with_hint(told, model, list(surface.every_model())))
    choice = provider.map_model(matched.id, (), model_map)
    kind = (
        _("a model that reasons")
        if matched.reasoning
        else _("a model of the kind {kind}", kind=matched.kind)
    )
    if choice.model is None:
        message = MESSAGES["model-no-counterpart"]
        return Explanation(
            model,
            kind,
            _(Becomes.CHECKLIST.value),
            choice.why,
            message.severity,
            message.code,
            _(message.title, model=model),
            _("nothing that is documented"),
            _(message.action, model=model),
            sources=choice.sources,
        )
    new = provider.model(choice.model)
    others = listed(choice.alternatives)
    choose = _("Others, for `--map`: {others}.", others=others) if others else ""
    thinking = _thinking(provider, new, matched.reasoning) if new is not None else ""
    becomes = _(
        "becomes {model} ({confidence})", model=choice.model, confidence=_said(choice.confidence)
    )
    if provider.is_native(choice.model):
        becomes = _(
            "nearest is {model}, which no OpenAI-compatible endpoint reaches", model=choice.model
        )
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
        return _("{model} thinks by default, and no switch is documented.", model=model.id)
    keys = listed(f"`{key}={value}`" for key, value in (*switch.extra_body, *switch.parameters))
    if switch.least and keys:
        told = marked("{model} thinks in every call; it is asked to do so least with {keys}.")
    elif switch.least:
        told = marked("{model} thinks in every call.")
    elif switch.contested:
        told = marked(
            "{model} thinks by default; it is switched off with {keys} (sources disagree on "
            "whether it can)."
        )
    else:
        told = marked("{model} thinks by default; it is switched off with {keys}.")
    return _(told, model=model.id, keys=keys)


def about_parameter(provider: Provider, name: str, api: str = "") -> list[Explanation]:
    """What becomes of a parameter, of one method or of every kind of request that has it.

    Raises UnknownNameError.
    """
    known = provider.parameter_families()
    families = [provider.family(without_raw(api))] if api else list(known)
    if families[0] not in known:
        raise UnknownNameError(
            _(
                "the profile says nothing of the parameters of {api!r}, only of requests for "
                "{known}",
                api=api,
                known=listed(known),
            )
        )
    having = [family for family in families if name in provider.parameters_of(family)]
    if not having:
        every = [one for family in families for one in provider.parameters_of(family)]
        told = _("no source names a parameter {name!r}", name=name)
        raise UnknownNameError(with_hint(told, name, every))
    return [_of_parameter(family, provider.parameter(family, name)) for family in having]


def _of_parameter(family: str, parameter: Parameter) -> Explanation:
    there = parameter.name_there or parameter.name
    return Explanation(
        parameter.name,
        _("a parameter of {family} requests", family=family),
        _(_ACTIONS[parameter.action], there=there, range=parameter.range_text),
        parameter.detail or _("it is {verdict}", verdict=_said(parameter.verdict)),
        sources=parameter.sources,
    )


def _of_entry(row: Entry) -> Explanation:
    first = row.items[0] if row.items and row.becomes is Becomes.CHECKLIST else None
    return Explanation(
        row.name,
        _what(row),
        _(row.becomes.value),
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
        return _(_WHAT[row.section])
    method = surface.method(without_raw(row.name))
    assert method is not None, "a row of the table is of the catalogue"
    told = _("a method of openai {since} and later", since=method.since)
    if method.until is not None:
        told = _("a method of openai {since} to {until}", since=method.since, until=method.until)
    route = f"{method.http} {method.route}" if method.route and method.http else ""
    return listed(filter(None, (told, route)))


def _said(word: str) -> str:
    return _(_WORDS.get(word, word))


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}")
