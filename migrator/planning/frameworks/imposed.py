"""What a framework's requests say by themselves, or never say, whatever the provider takes."""

from __future__ import annotations

from migrator.planning.calls import Call
from migrator.planning.frameworks import needs, recipe_for
from migrator.planning.messages import item

_REFUSED = "rejected"
_TAKEN = frozenset({"keep", "clamp"})
_IGNORED = "ignored"


def tell(call: Call) -> None:
    """Name the parameters that a framework sends, or leaves out, whatever its client is given."""
    known = recipe_for(call.context, call.facts.sender)
    framework = call.facts.framework
    for name in known.names("unsent") if known is not None else ():
        if known is not None and call.facts.argument(name) is not None:
            why, sources = known.text("detail"), known.sources
            call.say("framework-leaves-out", why, sources, framework=framework, name=name)
    for feature, told in known.pairs("cannot").items() if known is not None else ():
        if known is not None and feature in call.facts.features:
            details = {"framework": known.known.label, "class": known.known.name}
            call.say("framework-cannot", told["why"], known.sources, hint=told["hint"], **details)
    for need, what in needs(call.provider, call.facts).items():
        lacking = [one for one in call.chosen if call.provider.lacks(one, {need})]
        if lacking:
            details = {"framework": framework, "model": lacking[0], "what": what}
            why = known.text("detail") if known is not None else ""
            told = item("framework-needs", call.site, why, (), details)
            call.context.hinder(call.site.id, told)
    for name, one in known.pairs("may_impose").items() if known is not None else ():
        parameter = call.chat_parameter(name)
        needed = {str(one.get("need", ""))}
        refused = parameter.verdict == _REFUSED or any(
            call.provider.lacks(model, needed) for model in call.chosen
        )
        if refused and one["feature"] in {"", *call.facts.features}:
            call.note("framework-may-say", parameter, framework=framework, name=name, **one)
    for name, feature in known.pairs("imposes").items() if known is not None else ():
        parameter = call.chat_parameter(name)
        said = feature in {"", *call.facts.features} and call.facts.argument(name) is None
        if not said or parameter.action in _TAKEN or parameter.verdict == _IGNORED:
            continue
        framework = known.known.label if known is not None else call.facts.framework
        if parameter.verdict == _REFUSED:
            call.block("framework-imposes", parameter, framework=framework, name=name)
        else:
            call.note("framework-says", parameter, framework=framework, name=name)
