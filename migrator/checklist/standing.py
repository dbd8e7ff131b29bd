"""Which items another look at the repository tells of: those about what is there as it was."""

from __future__ import annotations

from migrator.decisions import Checklist, ChecklistItem, Plan


def standing(plan: Plan) -> list[ChecklistItem]:
    """The items about what is not converted, and about files as they are, in the plan's order.

    What is said of what moves, and of what belongs to no place, is only for a person to settle. A
    call that stays while its client is written twice is there as it was.
    """
    moving = {one for group in plan.groups if group.selected for one in group.site_ids}
    found = {
        item
        for decision in plan.decisions
        if isinstance(decision, Checklist)
        for item in decision.items
        if decision.site.id not in moving or _stands(item)
    }
    found |= {item for item in plan.extra_items if _stands(item)}
    return [item for item in plan.checklist if item in found]


def _stands(item: ChecklistItem) -> bool:
    from migrator.planning.messages import MESSAGES  # reports are imported without the planner

    message = MESSAGES.get(item.code)
    return message is not None and message.standing
