"""The words and the order that all reports share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.analysis.sites import CallFacts, Certainty
from migrator.decisions import ChecklistItem, Convert, Coverage, Group, Plan, Severity, Source
from migrator.language import _, counted, joined, marked
from migrator.reports.order import in_order as in_order
from migrator.reports.redaction import redact

if TYPE_CHECKING:
    from migrator.providers import Price

MEANINGS = {
    Severity.BLOCKER: marked("no counterpart, it will fail"),
    Severity.BEHAVIOUR: marked("it runs, but differs"),
    Severity.REVIEW: marked("it could not be proven"),
    Severity.SETUP: marked("for a person to do"),
}
SEVERITIES = {
    Severity.BLOCKER: marked("blocker"),
    Severity.BEHAVIOUR: marked("behaviour"),
    Severity.REVIEW: marked("review"),
    Severity.SETUP: marked("setup"),
}

CELL = marked("{place} (cell {cell})")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")  # what is code in a sentence

_CERTAINTIES = {Certainty.PROVEN: marked("proven"), Certainty.LIKELY: marked("likely")}
_OFFERS = {
    "docs": marked("docs"),
    "free tier": marked("free tier"),
    "grant": marked("grant"),
    "discount": marked("discount"),
    "tool": marked("tool"),
}
_NAMED = 3
_CONTROLS = frozenset({"Cf", "Cc", "Cs"})


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def files(number: int) -> str:
    """`1 file`, `2 files`."""
    return counted("{number:,} file", "{number:,} files", number)


def sites_of(number: int) -> str:
    """`1 site`, `2 sites`."""
    return counted("{number:,} site", "{number:,} sites", number)


def items_of(number: int) -> str:
    """`1 item`, `2 items`."""
    return counted("{number:,} item", "{number:,} items", number)


def listed(words: Iterable[str]) -> str:
    """`one, two, three`."""
    return _(", ").join(words)


def clauses(words: Iterable[str]) -> str:
    """`one; two; three`."""
    return _("; ").join(words)


def certainty_name(certainty: Certainty) -> str:
    """The word for how certain a site is."""
    return _(_CERTAINTIES[certainty])


def offer_name(kind: str) -> str:
    """The word for a kind of offer of a provider's."""
    return _(_OFFERS.get(kind, kind))


def severity_name(severity: Severity) -> str:
    """The word for a severity."""
    return _(SEVERITIES[severity])


def severity_heading(severity: Severity) -> str:
    """`Blocker: no counterpart, it will fail`."""
    return _(
        "{severity}: {meaning}",
        severity=severity_name(severity).capitalize(),
        meaning=_(MEANINGS[severity]),
    )


def coverage_line(coverage: Coverage) -> str:
    """`sites 42 = converted 30 + checklist 8 + left 4`, and how many items settings leave off."""
    told = _(
        "sites {sites} = converted {converted} + checklist {checklist} + left {left}",
        sites=coverage.sites,
        converted=coverage.converted,
        checklist=coverage.checklist,
        left=coverage.left,
    )
    if not coverage.off:
        return told
    return counted(
        "{told}; {number} item off the list by the settings",
        "{told}; {number} items off the list by the settings",
        coverage.off,
        told=told,
    )


def requests_line(plan: Plan) -> str:
    """`6 of 7 requests move`, "" where there is none."""
    requests = [one for one in plan.decisions if isinstance(one.site.facts, CallFacts)]
    moved = sum(isinstance(one, Convert) for one in requests)
    if not requests:
        return ""
    return counted(
        "{moved} of {number:,} request moves",
        "{moved} of {number:,} requests move",
        len(requests),
        moved=moved,
    )


def group_line(group: Group) -> str:
    """`5 sites in src/llm.py and src/api.py; they share the client at src/llm.py:7`."""
    told = _(
        "{sites} in {places}",
        sites=sites_of(len(group.site_ids)),
        places=several([f"`{path}`" for path in group.paths]),
    )
    if group.ties:
        told = _("{told}; they share {ties}", told=told, ties=several(group.ties))
    return told if group.selected else _("{told} (not selected)", told=told)


def several(words: Sequence[str]) -> str:
    """`one, two and three`; the first of them and how many more."""
    if len(words) > _NAMED:
        return and_more(listed(words[:_NAMED]), len(words) - _NAMED)
    return joined(words)


def and_more(first: str, number: int) -> str:
    """`one and 2 more`."""
    return _("{first} and {number} more", first=first, number=number)


def price(figures: Price | None, sign: str) -> str:
    """`¥12 / ¥36`; the price alone that is asked for what goes in, where nothing comes out."""
    if figures is None:
        return ""
    taken, given = figures
    return f"{sign}{taken:g} / {sign}{given:g}" if given else f"{sign}{taken:g}"


def place(path: str, line: int, cell: int | None = None) -> str:
    """`app.py:3`, with the cell in a notebook, or the path alone where there is no line."""
    path = in_a_line(path)
    where = f"{path}:{line}" if path and line > 0 else path
    return _(CELL, place=where, cell=cell) if cell is not None else where


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
    return _("{title}, {date}", title=title, date=source.as_of) if source.as_of else title


def width_of(text: str) -> int:
    """How many columns of a terminal the text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(one) in ("W", "F") for one in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def left(text: str, width: int) -> str:
    """The text, filled up to the right."""
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    """The text, filled up to the left."""
    return " " * (width - width_of(text)) + text


def in_a_line(name: str) -> str:
    """The name of a file, with line ends spelled out: a pipeline obeys lines that begin alike."""
    return name if name.isprintable() else visible(name).replace("\n", "\\n").replace("\t", "\\t")


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
