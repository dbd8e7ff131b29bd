"""What is said of packages that cannot be installed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.planning.dependencies import demands
from migrator.planning.dependencies.demands import OPENAI, Clash, Demand, Wanted
from migrator.ranges import ALL, Releases, releases

if TYPE_CHECKING:
    from migrator.planning.dependencies.deciding import Step

CODE = "dependency-conflict"


def told(step: Step, found: Clash) -> tuple[str, str, dict[str, str]]:
    """The code, the reason and the details of the item of a change that is not made."""
    new = next(step.after()).text
    others = [one for one in found.demands if one.wanted.name != step.old.name] or found.demands
    why = "; ".join(map(_said, others))
    remedy = "; ".join(_remedy(one, _allowed(found)) for one in others)
    other = ", ".join(f"`{one.wanted.text}`" for one in others)
    if not others:
        why = " and ".join(f"{_place(pin)} asks for `{pin.text}`" for pin in found.pins)
        other, remedy = "what else is asked for", "ask for the same releases everywhere"
    return CODE, why, {"new": new, "other": other, "remedy": remedy}


def _allowed(found: Clash) -> Releases:
    both = ALL
    for pin in found.pins:
        both &= releases(pin.specifier) or ALL
    return both


def _said(one: Demand) -> str:
    return f"`{one.wanted.text}` ({_place(one.wanted)}) demands {OPENAI} {one.said}"


def _place(one: Wanted) -> str:
    return f"{one.path}:{one.line}" if one.line else one.path


def _remedy(one: Demand, allowed: Releases) -> str:
    name = one.wanted.name
    if first := demands.raised(one.wanted, allowed):
        return f"ask for `{name}` {first} or later, which goes with it"
    if successor := demands.successor(name):
        return f"use `{successor}` in the place of `{name}`, of which no release goes with it"
    return f"do without `{name}`, of which no release up to {demands.newest(name)} goes with it"
