"""Which items of the checklist the comments of the repository take off it, and which take none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from migrator.analysis.sites import Site, Suppression
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Plan
from migrator.language import _, listed
from migrator.planning.messages import MESSAGES, general

UNUSED = "suppression-unused"


class Suppressions:
    """The comments of a repository, with the sites that they stand at."""

    def __init__(self, comments: Iterable[Suppression], sites: Iterable[Site]) -> None:
        self._honoured = [one for one in comments if one.reason]
        self._sites = {site.id: site for site in sites if site.suppressions}

    def of(self, item: ChecklistItem) -> Suppression | None:
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


def applied(plan: Plan, comments: Sequence[Suppression], *, whole: Plan | None = None) -> Plan:
    """The plan with every item marked that a comment takes off the list; no decision changes.

    What a comment lacks, and which has nothing to take off, is on the list itself: `whole` is the
    plan without a selection, as what is not selected has no items.
    """
    if not comments:
        return plan
    known = Suppressions(comments, [one.site for one in plan.decisions])

    def marked(items: tuple[ChecklistItem, ...]) -> tuple[ChecklistItem, ...]:
        return tuple(replace(item, suppressed=known.of(item)) for item in items)

    def decided(decision: Decision) -> Decision:
        match decision:
            case Checklist(items=items):
                return replace(decision, items=marked(items))
            case Convert(notes=notes):
                return replace(decision, notes=marked(notes))
        return decision

    used = {(known.of(item), item.code) for item in (whole or plan).checklist}
    return replace(
        plan,
        decisions=tuple(map(decided, plan.decisions)),
        extra_items=(*marked(plan.extra_items), *_told(comments, used)),
    )


def _told(
    comments: Iterable[Suppression], used: Collection[tuple[Suppression | None, str]]
) -> Iterator[ChecklistItem]:
    """What is wrong with the comments."""
    for one in comments:
        fault = _fault(one)
        unused = [f"`{code}`" for code in one.codes if (one, code) not in used]
        comment = f"{one.verb}[{', '.join(one.codes)}]"
        if fault:
            yield general("suppression-refused", one.path, one.line, fault, comment=comment)
        elif unused:
            why = _("no item of the code {names} stands there", names=listed(unused))
            yield general(UNUSED, one.path, one.line, why, comment=comment)


def _fault(comment: Suppression) -> str:
    """Why a comment is not honoured; "" where it is."""
    unknown = [f"`{code}`" for code in comment.codes if code not in MESSAGES]
    if not comment.codes:
        return _("it names no code of the checklist")
    if not comment.reason:
        return _("it gives no reason, and without one it is not honoured")
    return _("the checklist has no code {names}", names=listed(unknown)) if unknown else ""
