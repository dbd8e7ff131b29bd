"""Packages: the openai package stays; what is pinned below 1.0 is a person's to raise."""

from __future__ import annotations

import re

from migrator.analysis.sites import DocumentFacts, Kind, NameFacts, Site
from migrator.planning.context import Context
from migrator.planning.messages import item

_OPENAI = "openai"
_STAYS = "the openai package stays: it speaks to the provider's endpoint"
_OTHERS = "a package beside openai: what it sends where is decided in the code"
# Releases to try a specifier on: the first and a late one of every line since 1.0.
_SINCE_ONE = ("1.0.0", "1.109.1", "2.0.0", "2.54.0", "3.0.0", "3.54.0")
_POETRY = re.compile(r"[\^~]\s*(\d+)(?:\.(\d+))?")


def decide(context: Context) -> None:
    """Plan nothing for packages, and say why; the target needs no other one."""
    for site in context.of_kind(Kind.DEP):
        name, specifier = _requirement(site)
        if name != _OPENAI:
            context.leave(site.id, _OTHERS)
        elif specifier and not _lets_one_in(specifier):
            why = "clients, which can be pointed at another provider, exist from openai 1.0 on"
            context.hinder(site.id, item("legacy-pin", site, why))
        else:
            context.leave(site.id, _STAYS)


def _requirement(site: Site) -> tuple[str, str]:
    """The package's name and the versions asked for, as they are written."""
    match site.facts:
        case DocumentFacts(name=name, extra=extra):
            return site.detail or name, dict(extra).get("specifier", "")
        case NameFacts(name=written):
            name = re.split(r"[\[<>=!~^;@ ]", written, maxsplit=1)[0]
            return site.detail or name, written[len(name) :].partition("]")[2] or written[
                len(name) :
            ]
    return site.detail, ""


def _lets_one_in(specifier: str) -> bool:
    """Whether a version specifier allows openai 1.0 or later; so does one that can't be read."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    specifier = specifier.split(";")[0].strip().strip("()")
    if caret := _POETRY.fullmatch(specifier):
        return int(caret[1]) >= 1
    if re.fullmatch(r"\d[\w.]*", specifier):
        specifier = f"=={specifier}"
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    exact = [one.version for one in allowed if one.operator in {"==", "==="}]
    if exact:
        return not exact[0].startswith("0.")
    return any(allowed.contains(version) for version in _SINCE_ONE)
