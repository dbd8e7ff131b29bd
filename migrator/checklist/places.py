"""A plan with its places where they are once it is carried out, for people who read it then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrator.analysis.sites import Site, Span
from migrator.changes.comparing import Compared, Opcode
from migrator.changes.diff import FileChange
from migrator.decisions import Bond, ChecklistItem, Plan
from migrator.relocating import Relocation

_MARKER = b"# MIGRATE["
_LONG = 5_000  # from so many lines on, those that come again and again are not compared


def afterwards(plan: Plan, changes: Sequence[FileChange]) -> Plan:
    """The plan with the lines that its places have after the changes; its edits stay."""
    moved = Moved(changes)
    if not moved:
        return plan
    groups = (replace(one, bonds=tuple(map(moved.bond, one.bonds))) for one in plan.groups)
    return replace(moved.plan(plan), groups=tuple(groups))


def _opcodes(before: bytes, after: bytes) -> Sequence[Opcode]:
    old, new = before.splitlines(), after.splitlines()
    return Compared(old, new, autojunk=len(old) > _LONG).get_opcodes()


def _markers(after: bytes) -> frozenset[int]:
    """The lines of the comments that are put above what will fail."""
    lines = enumerate(after.splitlines(), 1)
    return frozenset(number for number, line in lines if line.lstrip().startswith(_MARKER))


class Moved(Relocation):
    """The changed files, and where each line of theirs is now."""

    def __init__(self, changes: Iterable[FileChange]) -> None:
        self._shifts: dict[str, Sequence[Opcode]] = {}
        self._markers: dict[str, frozenset[int]] = {}
        for one in changes:
            if one.before is not None and one.after is not None:
                self._shifts[one.path] = _opcodes(one.before, one.after)
                self._markers[one.path] = _markers(one.after)
        super().__init__(self._shifts)

    def __bool__(self) -> bool:
        return bool(self._shifts)

    def item(self, item: ChecklistItem) -> ChecklistItem:
        comment = item.suppressed
        if comment is not None:
            comment = replace(comment, line=self.line(comment.path, comment.line))
        return replace(
            item,
            line=self.line(item.path, item.line),
            why=self.words(item.why),
            action=self.words(item.action),
            suppressed=comment,
        )

    def bond(self, bond: Bond) -> Bond:
        return replace(bond, words=self.words(bond.words))

    def site(self, site: Site) -> Site:
        span = site.span
        first, last = (self.line(site.path, line) for line in (span.line, span.end_line))
        return replace(site, span=Span(first, span.column, max(first, last), span.end_column))

    def line(self, path: str, line: int) -> int:
        """Where a line is now; what was written in its place, where it was rewritten."""
        shifts = self._shifts.get(path, ())
        at = bisect_left(shifts, line, key=lambda shift: shift[2])
        if at == len(shifts) or line <= shifts[at][1]:
            return line
        tag, start, _, here, until = shifts[at]
        if tag == "equal":
            return here + line - start
        now = here + max(min(line - start, until - here), 1)
        above = self._markers[path]
        return next((one for one in range(now, until + 1) if one not in above), now)
