"""Which part of a plan is to be carried out: the groups that `--only` and `--skip` select.

A selector is a pattern of paths as in .gitignore, a place (`app.py:12`), a site's id, a kind
(`kind:dep`), the name of a codemod, a code of the checklist, or the name of a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from migrator.analysis import surface
from migrator.analysis.sites import DocumentFacts, Kind, Site
from migrator.decisions import Checklist, Convert, Decision, Group, Leave, Plan
from migrator.edits import Marker
from migrator.errors import MigrateError
from migrator.language import _, few, listed, marked
from migrator.planning.grouping import goes_along
from migrator.planning.messages import MESSAGES

_KIND = "kind:"
_PLACE = re.compile(r"(?P<path>.+):(?P<line>\d+)")
_SHOWN = 6
_LEFT = marked("it is not selected (--only, --skip)")
HELD = marked("it is not selected")


class SelectionError(MigrateError):
    """What is selected is a part of a group, or is not there at all."""

    exit_code = 2


@dataclass(frozen=True)
class Selection:
    """What is asked for: all of it where `only` is empty, without what `skip` names.

    `named` are the selectors that were typed: each has to name something. Those of a settings file
    may name what has moved already. `unmarked` are the ids of sites that get no marker.
    """

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    named: Collection[str] = ()
    unmarked: Collection[str] = ()

    def __bool__(self) -> bool:
        return bool(self.only or self.skip or self.unmarked)


def left_out(plan: Plan, selection: Selection, paths: Collection[str]) -> frozenset[str]:
    """The ids of the sites that are not selected. `paths` are files that a selector may name.

    Raises SelectionError for a selector that names nothing, and for a part of a group.
    """
    found = _Matching(plan, frozenset(paths))
    only = {one: found.sites(one) for one in selection.only}
    skip = {one: found.sites(one) for one in selection.skip}
    for option, selectors in (("--only", only), ("--skip", skip)):
        for selector, sites in selectors.items():
            if sites is None and selector in selection.named:
                raise SelectionError(_names_nothing(option, selector))
    every = [one.site for one in plan.decisions]
    wanted = _union(only) if selection.only else {site.id for site in every}
    refused = _union(skip)
    chosen = wanted - refused
    _look_at_groups(plan, chosen, bool(selection.only))
    grouped = {one for group in plan.groups for one in group.site_ids}
    files = {site.path for site in every if site.id in chosen}
    along = {
        site.id
        for site in every
        if goes_along(site)
        and site.id not in grouped | refused
        and (site.path in files or (files and isinstance(site.facts, DocumentFacts)))
    }
    return frozenset(site.id for site in every if site.id not in chosen | along)


def without(plan: Plan, whole: Plan, left: Collection[str]) -> Plan:
    """The plan in which some sites are left as they are; `whole` is the plan without a selection.

    Raises SelectionError where something that is selected cannot move alone after all.
    """
    wanted = {one for group in whole.groups for one in group.site_ids} - set(left)
    moving = {one for group in plan.groups for one in group.site_ids}
    for decision in plan.decisions:
        if decision.site.id in wanted - moving:
            raise SelectionError(
                _(
                    "`{place}` cannot move without what is not selected: {why}",
                    place=_at(decision.site),
                    why=_why(decision),
                )
            )
    groups = (
        replace(group, selected=not set(left) & set(group.site_ids)) for group in whole.groups
    )
    return replace(
        plan,
        decisions=tuple(
            Leave(one.site, _(_LEFT)) if one.site.id in left else one for one in plan.decisions
        ),
        groups=tuple(groups),
    )


def without_markers(plan: Plan, sites: Collection[str]) -> Plan:
    """The plan in which some sites get no markers."""

    def unmarked(decision: Decision) -> Decision:
        if isinstance(decision, Leave) or decision.site.id not in sites:
            return decision
        kept = (one for one in decision.edits if not isinstance(one.instruction, Marker))
        return replace(decision, edits=tuple(kept))

    return replace(plan, decisions=tuple(map(unmarked, plan.decisions)))


def _why(decision: Decision) -> str:
    return decision.items[0].why if isinstance(decision, Checklist) else decision.reason


def _union(selected: Mapping[str, Collection[str] | None]) -> set[str]:
    return {one for sites in selected.values() for one in sites or ()}


# -- selectors ------------------------------------------------------------------------------------


class _Matching:
    """Finds the sites that selectors mean."""

    def __init__(self, plan: Plan, paths: frozenset[str]) -> None:
        self._decisions = plan.decisions
        self._groups = {group.id: group.site_ids for group in plan.groups}
        self._paths = paths

    def sites(self, selector: str) -> set[str] | None:
        """The ids of the sites; None where the selector names nothing there is."""
        if selector in self._groups:
            return set(self._groups[selector])
        if selector.startswith(_KIND):
            return self._of_kind(selector.removeprefix(_KIND))
        place = _PLACE.fullmatch(selector)
        if place is not None:
            path, line = place["path"], int(place["line"])
            found = self._where(lambda one: one.site.path == path and _covers(one.site, line))
            return found or None
        named = self._where(lambda one: one.site.id == selector or selector in _names(one))
        if named or selector in MESSAGES:
            return named
        return self._below(selector)

    def _of_kind(self, name: str) -> set[str]:
        if name not in {kind.value for kind in Kind}:
            kinds = listed(kind.value for kind in Kind)
            raise SelectionError(
                _("kind:{name} is no kind of site: the kinds are {kinds}", name=name, kinds=kinds)
            )
        return self._where(lambda one: one.site.kind.value == name)

    def _below(self, pattern: str) -> set[str] | None:
        from pathspec import GitIgnoreSpec

        try:
            spec = GitIgnoreSpec.from_lines([pattern.removeprefix("./")])
        except ValueError:
            return None
        found = self._where(lambda one: spec.match_file(one.site.path))
        return found if found or any(map(spec.match_file, self._paths)) else None

    def _where(self, test: Callable[[Decision], bool]) -> set[str]:
        return {one.site.id for one in self._decisions if test(one)}


def _covers(site: Site, line: int) -> bool:
    return site.span.line <= line <= site.span.end_line


def _names(decision: Decision) -> set[str]:
    """The codemods and the codes of the checklist that a site has to do with."""
    if isinstance(decision, Leave):
        return set()
    items = decision.notes if isinstance(decision, Convert) else decision.items
    return {edit.codemod for edit in decision.edits} | {item.code for item in items}


def _names_nothing(option: str, selector: str) -> str:
    return _(
        "{option} {selector} names nothing: no file, place (app.py:12), site, kind "
        "(kind:dep), codemod, code of the checklist or group (`migrate apply "
        "--dry-run` lists them)",
        option=option,
        selector=selector,
    )


# -- groups ---------------------------------------------------------------------------------------


def _look_at_groups(plan: Plan, chosen: Collection[str], by_only: bool) -> None:
    """Raises SelectionError where a part of a group is chosen."""
    sites = {one.site.id: one.site for one in plan.decisions}
    parted = [
        group
        for group in plan.groups
        if 0 < sum(one in chosen for one in group.site_ids) < len(group.site_ids)
    ]
    if parted:
        told = _parts(parted[0], sites, chosen, by_only)
        if len(parted) > 1:
            more = len(parted) - 1
            told = _("{told} ({more} more groups are parted)", told=told, more=more)
        raise SelectionError(told)


def _parts(group: Group, sites: Mapping[str, Site], chosen: Collection[str], by_only: bool) -> str:
    words, one, other = _across(group, sites, chosen)
    gone = [_at(sites[each]) for each in group.site_ids if each not in chosen]
    places = list(dict.fromkeys(gone))
    shown = few([f"`{place}`" for place in places], _SHOWN)
    option = "--only" if by_only else "--skip"
    key = any(surface.variable(name) is not None for name in words.split("`")[1:2])
    apart = _(" (or give each its own: --split-variables)") if key else ""
    return _(
        "{one} and {other} share {words}: select both or neither. Left out "
        "of the group: {shown}. To name all of it: {option} '{group}'{apart}",
        one=_named(one),
        other=_named(other),
        words=words,
        shown=shown,
        option=option,
        group=group.id,
        apart=apart,
    )


def _across(
    group: Group, sites: Mapping[str, Site], chosen: Collection[str]
) -> tuple[str, Site, Site]:
    """What ties something chosen to something that is not, in words, and the two.

    Two that share a third say more than that and one of them.
    """
    pairs = [
        (bond.words, sites[one], sites[other])
        for bond in group.bonds
        for one in bond.site_ids
        for other in bond.site_ids
        if one in chosen and other not in chosen
    ]
    return min(pairs, key=lambda pair: sum(_says(pair[0], site) for site in pair[1:]))


def _says(words: str, site: Site) -> bool:
    return re.search(rf"{re.escape(_at(site))}(?!\d)", words) is not None


def _named(site: Site) -> str:
    return f"`{_at(site)}` ({site.kind.value})"


def _at(site: Site) -> str:
    return f"{site.path}:{site.span.line}"
