"""What comments and settings say of the checklist: what they take off it, how grave an item is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.analysis.sites import Site, Suppression
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Plan, Severity
from migrator.language import _, listed
from migrator.planning.messages import MESSAGES, general

if TYPE_CHECKING:
    from migrator.settings.territories import Territories

UNUSED = "suppression-unused"
SETTING_UNUSED = "setting-unused"


class Suppressions:
    """The comments of a repository, with the sites that they stand at, and its settings."""

    def __init__(
        self,
        comments: Iterable[Suppression],
        sites: Iterable[Site],
        territories: Territories | None = None,
    ) -> None:
        self.comments = tuple(comments)
        self.territories = territories
        self._honoured = [one for one in self.comments if one.reason]
        self._sites = {site.id: site for site in sites if site.suppressions}

    def judged(self, item: ChecklistItem) -> ChecklistItem:
        """The item as grave as settings see it, with what takes it off the checklist."""
        comment = self._comment(item)
        if self.territories is None:
            return replace(item, suppressed=comment) if comment else item
        ruling = self.territories.ruling(item.code, item.path)
        severity = Severity(ruling.severity) if ruling.severity else item.severity
        return replace(item, severity=severity, suppressed=comment or ruling.taken)

    def _comment(self, item: ChecklistItem) -> Suppression | None:
        """The comment that takes an item off the checklist.

        It names the code, and stands at the item's line or at what the item is about there.
        """
        about = [
            comment
            for one in item.site_ids
            if (site := self._sites.get(one)) is not None
            and (site.path, site.span.line) == (item.path, item.line)
            for comment in site.suppressions
        ]
        for one in self._honoured:
            if item.code in one.codes and (
                one in about or one.covers(item.path, item.line, item.line)
            ):
                return one
        return None


def applied(
    plan: Plan,
    known: Suppressions,
    *,
    whole: Plan | None = None,
    tells_unused: bool = False,
) -> Plan:
    """The plan with every item as grave as settings see it, and marked where one is taken off.

    No decision changes. What a comment lacks, and which takes nothing off, is on the list itself:
    `whole` is the plan without a selection, as what is not selected has no items. `tells_unused`
    says the same of settings: not where only a part of what they speak of was looked at.
    """

    def judged(items: tuple[ChecklistItem, ...]) -> tuple[ChecklistItem, ...]:
        return tuple(map(known.judged, items))

    def decided(decision: Decision) -> Decision:
        match decision:
            case Checklist(items=items):
                return replace(decision, items=judged(items))
            case Convert(notes=notes):
                return replace(decision, notes=judged(notes))
        return decision

    used = {(known.judged(item).suppressed, item.code) for item in (whole or plan).checklist}
    told = [*_told(known.comments, used)]
    if tells_unused and known.territories is not None:
        told += _unused_settings(known.territories, used)
    return replace(
        plan,
        decisions=tuple(map(decided, plan.decisions)),
        extra_items=(*judged(plan.extra_items), *told),
    )


_Used = Collection[tuple[Suppression | None, str]]


def _told(comments: Iterable[Suppression], used: _Used) -> Iterator[ChecklistItem]:
    """What is wrong with the comments."""
    for one in comments:
        fault = _fault(one)
        comment = f"{one.verb}[{', '.join(one.codes)}]"
        if fault:
            yield general("suppression-refused", one.path, one.line, fault, comment=comment)
        elif unused := _unused(one, used):
            why = _("no item of the code {names} stands there", names=unused)
            yield general(UNUSED, one.path, one.line, why, comment=comment)


def _unused_settings(territories: Territories, used: _Used) -> Iterator[ChecklistItem]:
    """What suppressions of the settings take nothing off."""
    for one in territories.suppressions():
        if unused := _unused(one, used):
            why = _("no item of the code {names} stands in the files of its pattern", names=unused)
            codes = ", ".join(one.codes)
            yield general(SETTING_UNUSED, one.path, one.line, why, codes=codes)


def _unused(one: Suppression, used: _Used) -> str:
    return listed(f"`{code}`" for code in one.codes if (one, code) not in used)


def _fault(comment: Suppression) -> str:
    """Why a comment is not honoured; "" where it is."""
    unknown = [f"`{code}`" for code in comment.codes if code not in MESSAGES]
    if not comment.codes:
        return _("it names no code of the checklist")
    if not comment.reason:
        return _("it gives no reason, and without one it is not honoured")
    return _("the checklist has no code {names}", names=listed(unknown)) if unknown else ""
