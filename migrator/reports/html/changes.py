"""The diff of a file side by side, each change with the reason and the source of its edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrator.changes.diff import FileChange
from migrator.decisions import Checklist, Decision, NewFile, Source
from migrator.edits import Edit, Marker
from migrator.language import _, counted
from migrator.reports.html.hunks import Hunk, Row, assigned, hunks, marked_words
from migrator.reports.html.texts import prose, site_anchor, sources, text
from migrator.reports.words import clauses
from migrator.source import NOTEBOOK

_LONGEST_LINE = 600
_LONG = 60  # rows of a hunk that is shown at once


@dataclass(frozen=True, slots=True)
class FileDiff:
    """The markup of a file's changes, and how many lines come and go."""

    markup: str
    changes: int
    added: int
    removed: int


class Changes:
    """The changes of a plan; edits are numbered through the whole page."""

    def __init__(self, edits: Sequence[Edit], decisions: Mapping[str, Decision]) -> None:
        self._edits = edits
        self._decisions = decisions
        self._number = 0

    def of_file(self, change: FileChange | None, path: str, new: NewFile | None) -> FileDiff:
        """What changes in one file, in the order of its lines."""
        edits = [(number, one) for number, one in enumerate(self._edits) if one.path == path]
        found = hunks(change) if change is not None else []
        lines = [self._lines(edit) for _number, edit in edits]
        made = assigned(found, lines)
        parts = []
        for number, hunk in enumerate(found):
            own = [edits[one] for one in made.get(number, ())]
            met = zip(edits, lines, strict=True) if not own else ()
            others = [edit for (_, edit), where in met if not hunk.distance(*where)]
            parts.append(self._change(hunk, own, others, new))
        if edits and not found:
            parts.append(f'<div class="change">{self._reasons(edits)}</div>')
        added, removed = (sum(getattr(one, side) for one in found) for side in ("added", "removed"))
        return FileDiff("\n".join(parts), len(found), added, removed)

    def _lines(self, edit: Edit) -> tuple[int, int]:
        """The lines of an edit in its file; those of a notebook's program are others."""
        span = edit.span
        if edit.path.endswith(NOTEBOOK):
            sites = (self._decisions.get(one) for one in edit.site_ids)
            shown = [one.site.span for one in sites if one and one.site.path == edit.path]
            span = shown[0] if shown else span
        # A marker is a comment above the first line.
        last = span.line if isinstance(edit.instruction, Marker) else span.end_line
        return span.line, last

    def _change(
        self,
        hunk: Hunk,
        edits: list[tuple[int, Edit]],
        others: list[Edit],
        new: NewFile | None,
    ) -> str:
        """A hunk under the reasons of its edits, or of `others` that are told of elsewhere."""
        self._number += 1
        name = f"change-{self._number}"
        if edits:
            why = self._reasons(edits)
        elif others:
            reasons = dict.fromkeys(self._told(edit)[0] for edit in others)
            why = f'<p class="why">{prose(clauses(reasons))}</p>'
        elif new is not None:
            why = _alone(_("A module that the rewritten calls need."))
        else:
            why = _alone(_("What the changes of this file need: imports, helpers."))
        label = text(_("The change at line {line}", line=hunk.first))
        return (
            f'<div class="change" id="{name}" tabindex="-1" role="group" aria-label="{label}">'
            f"{why}{_table(hunk)}</div>"
        )

    def _reasons(self, edits: Iterable[tuple[int, Edit]]) -> str:
        """Why: edits of one reason and one source together."""
        together: dict[tuple[str, tuple[Source, ...]], list[tuple[int, Edit]]] = {}
        for number, edit in edits:
            told = self._told(edit)
            together.setdefault(told, []).append((number, edit))
        rows = [
            f"<li>{''.join(_chip(*one) for one in alike)} {prose(reason)} {sources(cited)}</li>"
            for (reason, cited), alike in together.items()
        ]
        return f'<ul class="why">{"".join(rows)}</ul>'

    def _told(self, edit: Edit) -> tuple[str, tuple[Source, ...]]:
        """Why an edit is made, and by which sources."""
        decisions = [self._decisions[one] for one in edit.site_ids if one in self._decisions]
        cited = [source for one in decisions for source in _cited(one)]
        reason = edit.reason or next(
            filter(None, (getattr(d, "reason", "") for d in decisions)), ""
        )
        return reason, tuple(dict.fromkeys(cited))


def _alone(words: str) -> str:
    return f'<p class="why">{text(words)}</p>'


def _cited(decision: Decision) -> Iterator[Source]:
    if isinstance(decision, Checklist):
        for item in decision.items:
            yield from item.sources
    else:
        yield from decision.sources


def _chip(number: int, edit: Edit) -> str:
    """One edit: the codemod that made it, and the way to its site."""
    said = f'{text(edit.codemod)} <span class="line">{edit.span.line}</span>'
    if edit.path.endswith(NOTEBOOK):
        said = text(edit.codemod)
    href = f' href="#{site_anchor(edit.site_ids[0])}"' if edit.site_ids else ""
    return f'<a class="edit" data-edit="{number}"{href}>{said}</a>'


def _table(hunk: Hunk) -> str:
    columns = '<col class="number"><col>' * 2
    sides = "".join(
        f'<th scope="col" colspan="2">{text(side)}</th>' for side in (_("before"), _("after"))
    )
    head = f"<colgroup>{columns}</colgroup><thead><tr>{sides}</tr></thead>"
    only = "" if any(row.old for row in hunk.rows) else " only-new"
    if not any(row.new for row in hunk.rows):
        only = " only-old"
    rows = "\n".join(map(_row, hunk.rows))
    table = f'<table class="diff{only}">{head}<tbody>\n{rows}</tbody></table>'
    if len(hunk.rows) <= _LONG:
        return table
    lines = counted("{number} line", "{number} lines", len(hunk.rows))
    return f"<details><summary>{text(lines)}</summary>{table}</details>"


def _row(row: Row) -> str:
    if not row.changed:
        shown = text(_cut(row.before))
        return (
            f'<tr class="same"><th>{row.old}</th><td>{shown}</td>'
            f"<th>{row.new}</th><td>{shown}</td></tr>"
        )
    if row.old and row.new:
        one, other = marked_words(_cut(row.before), _cut(row.after))
        old, new = _pieces(one, "del"), _pieces(other, "ins")
    else:
        old, new = text(_cut(row.before)), text(_cut(row.after))
    left = f'<th>{row.old}</th><td class="old">{old}</td>' if row.old else _NOTHING
    right = f'<th>{row.new}</th><td class="new">{new}</td>' if row.new else _NOTHING
    return f"<tr>{left}{right}</tr>"


_NOTHING = '<th></th><td class="none"></td>'


def _pieces(parts: Iterable[tuple[str, bool]], tag: str) -> str:
    return "".join(f"<{tag}>{text(one)}</{tag}>" if other else text(one) for one, other in parts)


def _cut(line: str) -> str:
    """A line that can be read: a picture in a notebook is one of a hundred thousand characters."""
    more = len(line) - _LONGEST_LINE
    return f"{line[:_LONGEST_LINE]}… (+{more:,})" if more > 0 else line


def summary(diff: FileDiff) -> str:
    """`+3 −2`."""
    if not diff.changes:
        return ""
    return f'<span class="plus">+{diff.added}</span> <span class="minus">−{diff.removed}</span>'
