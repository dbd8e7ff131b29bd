"""The words and the order that all reports share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.analysis.sites import CallFacts, Site
from migrator.decisions import ChecklistItem, Convert, Coverage, Group, Plan, Severity, Source
from migrator.language import counted
from migrator.reports.redaction import redact

if TYPE_CHECKING:
    from migrator.providers import Price

MEANINGS = {
    Severity.BLOCKER: "no counterpart: it will fail",
    Severity.BEHAVIOUR: "it runs, but differs",
    Severity.REVIEW: "it could not be proven",
    Severity.SETUP: "for a person to do",
}

CODE_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")  # what is code in a sentence

_NAMED = 3
_CONTROLS = frozenset({"Cf", "Cc", "Cs"})


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def coverage_line(coverage: Coverage) -> str:
    """`sites 42 = converted 30 + checklist 8 + left 4`, and how many items settings leave off."""
    return (
        f"sites {coverage.sites} = converted {coverage.converted} "
        f"+ checklist {coverage.checklist} + left {coverage.left}{_off(coverage.off)}"
    )


def _off(number: int) -> str:
    if not number:
        return ""
    return counted(
        "; {number} item off the list by the settings",
        "; {number} items off the list by the settings",
        number,
    )


def requests_line(plan: Plan) -> str:
    """`6 of 7 requests move`, "" where there is none."""
    requests = [one for one in plan.decisions if isinstance(one.site.facts, CallFacts)]
    moved = sum(isinstance(one, Convert) for one in requests)
    verb = "moves" if len(requests) == 1 else "move"
    return f"{moved} of {count(len(requests), 'request')} {verb}" if requests else ""


def group_line(group: Group) -> str:
    """`5 sites in src/llm.py and src/api.py; they share the client at src/llm.py:7`."""
    places = _several([f"`{path}`" for path in group.paths])
    shared = f"; they share {_several(group.ties)}" if group.ties else ""
    chosen = "" if group.selected else " (not selected)"
    return f"{count(len(group.site_ids), 'site')} in {places}{shared}{chosen}"


def _several(words: Sequence[str]) -> str:
    """`one, two and three`; the first of them and how many more."""
    if len(words) > _NAMED:
        return f"{', '.join(words[:_NAMED])} and {len(words) - _NAMED} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def price(figures: Price | None, sign: str) -> str:
    """`¥12 / ¥36`; the price alone that is asked for what goes in, where nothing comes out."""
    if figures is None:
        return ""
    taken, given = figures
    return f"{sign}{taken:g} / {sign}{given:g}" if given else f"{sign}{taken:g}"


def place(path: str, line: int, cell: int | None = None) -> str:
    """`app.py:3`, with the cell in a notebook, or the path alone where there is no line."""
    where = f"{path}:{line}" if path and line > 0 else path
    return f"{where} (cell {cell})" if cell is not None else where


def in_order(sites: Iterable[Site]) -> list[Site]:
    """Sites as a reader meets them."""
    return sorted(sites, key=lambda site: (site.path, site.span, site.kind.value, site.id))


def redacted(item: ChecklistItem) -> ChecklistItem:
    """The item with every secret in it hidden."""
    return replace(
        item,
        title=redact(item.title),
        why=redact(item.why),
        action=redact(item.action),
        source_code=redact(item.source_code),
        replacement=redact(item.replacement),
    )


def alike(items: Iterable[ChecklistItem]) -> list[list[ChecklistItem]]:
    """Items that differ only in their place together, in the order of the first of each."""
    found: dict[tuple[object, ...], list[ChecklistItem]] = {}
    for item in items:
        said = (item.code, item.title, item.why, item.action, item.sources)
        found.setdefault(said, []).append(item)
    return list(found.values())


def dated(source: Source) -> str:
    """A source's title (or address) with its date."""
    title = source.title or source.url
    return f"{title}, {source.as_of}" if source.as_of else title


def visible(text: str) -> str:
    """The text with what a terminal would obey, or would hide, spelled out; tabs and newlines stay.

    Source code is somebody else's text: an escape sequence in it must not reach the terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in "\t\n" or unicodedata.category(character) not in _CONTROLS
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in text
    )
