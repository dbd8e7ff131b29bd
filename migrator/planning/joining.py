"""The plans of several providers for parts of a repository, made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.analysis.sites import Site
from migrator.decisions import Checklist, Convert, Decision, Leave, Plan
from migrator.edits import Edit


def joined(sites: Sequence[Site], plans: Sequence[Plan]) -> Plan:
    """One plan of the first one's and of those for the shares of others.

    A site that several looked after, a line of a .env file, has the edits and notes of all.
    """
    first = plans[0]
    decisions: dict[str, Decision] = {}
    elsewhere: dict[str, str] = {}
    for plan in plans:
        for decision in plan.decisions:
            known = decisions.get(decision.site.id)
            merged = decision if known is None else _both(known, decision)
            decisions[decision.site.id] = merged
            if plan is not first and known is None:
                elsewhere[decision.site.id] = plan.target.provider
    return replace(
        first,
        decisions=tuple(replace(decisions[site.id], site=site) for site in sites),
        extra_items=tuple(dict.fromkeys(item for plan in plans for item in plan.extra_items)),
        files=tuple(file for plan in plans for file in plan.files),
        choices={site: choice for plan in plans for site, choice in plan.choices.items()},
        elsewhere=elsewhere,
    )


def _both(one: Decision, other: Decision) -> Decision:
    """What two say of a site: who changes something is right, and of two who do so, both."""
    if not _edits(other):
        return one
    if not _edits(one):
        return other
    edits = tuple(dict.fromkeys((*_edits(one), *_edits(other))))
    match one, other:
        case Convert(), Convert():
            notes = tuple(dict.fromkeys((*one.notes, *other.notes)))
            return replace(one, edits=edits, notes=notes, reason=f"{one.reason}; {other.reason}")
        case (Checklist(items=items) as kept, Convert(notes=notes)) | (
            Convert(notes=notes),
            Checklist(items=items) as kept,
        ):
            return replace(kept, items=(*items, *notes), edits=edits)
        case Checklist(), Checklist():
            return replace(one, items=(*one.items, *other.items), edits=edits)
    return one


def _edits(decision: Decision) -> tuple[Edit, ...]:
    return () if isinstance(decision, Leave) else decision.edits
