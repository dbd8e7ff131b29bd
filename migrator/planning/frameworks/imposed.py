"""What a framework's requests say by themselves, and the provider does not take."""

from __future__ import annotations

from migrator.planning.calls import Call
from migrator.planning.frameworks.recipes import recipe

_REFUSED = "rejected"
_TAKEN = frozenset({"keep", "clamp"})
_IGNORED = "ignored"


def tell(call: Call) -> None:
    """Name the parameters that nothing takes out of the requests of a framework's client."""
    known = recipe(call.facts.sender)
    for name, feature in known.pairs("imposes").items() if known is not None else ():
        parameter = call.chat_parameter(name)
        said = feature in {"", *call.facts.features} and call.facts.argument(name) is None
        if not said or parameter.action in _TAKEN or parameter.verdict == _IGNORED:
            continue
        framework = known.known.called if known is not None else call.facts.framework
        if parameter.verdict == _REFUSED:
            call.block("framework-imposes", parameter, framework=framework, name=name)
        else:
            call.note("framework-says", parameter, framework=framework, name=name)
