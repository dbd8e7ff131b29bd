"""What is said of packages that cannot be installed together."""

from __future__ import annotations

from migrator.language import _, apart, listed
from migrator.planning.dependencies import demands
from migrator.planning.dependencies.demands import OPENAI, Clash, Demand, Wanted
from migrator.ranges import ALL, Releases, releases

CODE = "dependency-conflict"


def told(new: Wanted, found: Clash) -> tuple[str, str, dict[str, str]]:
    """The code, the reason and the details of the item of a requirement that is not written."""
    others = [one for one in found.demands if one.wanted != new]
    own = next((one for one in found.demands if one.wanted == new), None)
    why = [_said(one) for one in ([own] if own else []) + others]
    names = [one.wanted.text for one in others]
    remedies = [_remedy(one, _allowed(found)) for one in others]
    if not others:
        pins = [one for one in found.pins if one != new]
        why += [_("{place} asks for `{text}`", place=_place(pin), text=pin.text) for pin in pins]
        names = [pin.text for pin in pins]
        remedies = [
            _("ask for {openai} {said}", openai=OPENAI, said=own.said)
            if own
            else _("ask for the same releases")
        ]
    other = listed(f"`{name}`" for name in dict.fromkeys(names))
    return CODE, apart(why), {"new": new.text, "other": other, "remedy": apart(remedies)}


def _allowed(found: Clash) -> Releases:
    both = ALL
    for pin in found.pins:
        both &= releases(pin.specifier) or ALL
    return both


def _said(one: Demand) -> str:
    where = f" ({_place(one.wanted)})" if one.wanted.line else ""
    return _(
        "`{text}`{where} demands {openai} {said}",
        text=one.wanted.text,
        where=where,
        openai=OPENAI,
        said=one.said,
    )


def _place(one: Wanted) -> str:
    return f"{one.path}:{one.line}"


def _remedy(one: Demand, allowed: Releases) -> str:
    name = one.wanted.name
    if first := demands.raised(one.wanted, allowed):
        return _("ask for `{name}` {first} or later, which goes with it", name=name, first=first)
    if successor := demands.successor(name):
        return _(
            "use `{successor}` in the place of `{name}`, of which no release goes with it",
            successor=successor,
            name=name,
        )
    return _(
        "do without `{name}`, of which no release up to {newest} goes with it",
        name=name,
        newest=demands.newest(name),
    )
