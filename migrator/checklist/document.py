"""MIGRATION_CHECKLIST.md as a text that people write in: its entries, and small edits of it.

Only lines that are the tool's own are touched: boxes are ticked, places are brought up to date,
entries are put in. Everything else, notes and ticks of a person's, stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from migrator.decisions import Severity
from migrator.language import ENGLISH, LANGUAGES, marked, spelled_in, spellings

# What the file is known by, in whatever language it was written.
TITLE = marked("# Migration checklist: {target}")
WHY, DO = marked("**Why:**"), marked("**Do:**")
GONE, MOVED = marked("gone"), marked("moved")
BY_COMMENT = {
    "done": marked("done: {reason}"),
    "ignored": marked("ignored: {reason}"),
    "off": marked("off: {reason}"),
}
_SECTION = re.compile(r"## (?P<name>[^:：]+)")
_HEADING = re.compile(r"### `(?P<code>[a-z0-9-]+)`: (?P<title>.*)")
_ENTRY = re.compile(
    r"- \[(?P<box>[ xX])\] (?P<said>.*?)(?P<mark> <!--(?P<site>[^\s>]+)(?: \w+)?-->)?"
)
_COUNT = re.compile(r"(?P<head>\| (?P<severity>[^|]+) \| )\d+(?P<tail> \|.*)")
# `sites 42 = converted 30 + checklist 8 + left 4`: the figures alone tell, not the words.
_COVERAGE = re.compile(
    r"`[^`\d]*\d+[^`\d]*=[^`\d]*(?P<converted>\d+)[^`\d]*\+[^`\d]*\d+[^`\d]*\+[^`\d]*\d+[^`]*`"
)
_TARGET = r"([\w./-]+)"
_ESCAPED = re.compile(r"\\([\\`*\[\]<>|~_])")
_GONE = "gone"  # the mark of one that this program ticked
_FILE = "file"  # the mark of an entry that stands for a file
_NOTE = "note"  # and of one that was ticked by a comment, as re-reading does not tell of it


@dataclass(frozen=True, slots=True)
class Entry:
    """One box of the checklist.

    `number` is its line in the text. `place` is the path it names, with `line`; `site` is set where
    re-reading the repository tells whether it is settled. `ours`: it was ticked by this program.
    """

    number: int
    ticked: bool
    severity: Severity
    code: str
    title: str
    path: str = ""
    line: int = 0
    site: str = ""
    ours: bool = False
    why: str = ""
    action: str = ""


def plain(text: str) -> str:
    """A text of the checklist without what only Markdown reads."""
    return _ESCAPED.sub(r"\1", text)


def mark(site: str) -> str:
    """What stands behind an entry that re-reading tells of: no reader of the page sees it."""
    return f" <!--{site or _FILE}-->"


class Document:
    """The text of a checklist, line by line."""

    def __init__(self, text: str) -> None:
        # Where line ends are mixed, each stays as it is: a line that ends in CR is then nobody's.
        alike = text.count("\r\n") == text.count("\n")
        self._newline = "\r\n" if alike and "\n" in text else "\n"
        self.lines = text.split(self._newline)

    @property
    def text(self) -> str:
        return self._newline.join(self.lines)

    @property
    def target(self) -> str:
        """The provider that the title names; "" where it names none."""
        found = next(filter(None, map(_title().match, self.lines)), None)
        return next(filter(None, found.groups())).rstrip(",") if found else ""

    @property
    def language(self) -> str:
        """The language of LANGUAGES that its title is in; English where it has no such title."""
        known = ((name, _title_in(name)) for name in LANGUAGES)
        return next((name for name, title in known if any(map(title.match, self.lines))), ENGLISH)

    @property
    def converted(self) -> int:
        """How many sites the runs that wrote it have converted."""
        return sum(
            int(found["converted"]) for found in map(_COVERAGE.fullmatch, self.lines) if found
        )

    def entries(self) -> list[Entry]:
        """The entries, in their order."""
        return list(self._entries())

    def _entries(self) -> Iterator[Entry]:
        severity, told = None, Entry(0, False, Severity.REVIEW, "", "")
        fence = ""
        for number, line in enumerate(self.lines):
            bare = line.strip()
            if fence or bare.startswith("```"):
                fence = _fenced(fence, bare)
                continue
            if section := _SECTION.match(line):
                severity = _severity(section["name"])
            elif heading := _HEADING.fullmatch(line):
                told = replace(
                    told, code=heading["code"], title=heading["title"], why="", action=""
                )
            elif (why := _behind(line, WHY)) is not None:
                told = replace(told, why=why)
            elif (action := _behind(line, DO)) is not None:
                told = replace(told, action=action)
            elif severity is not None and told.code and (box := _ENTRY.fullmatch(line)):
                yield _entry(replace(told, number=number, severity=severity), box)

    # -- edits ---------------------------------------------------------------------------------

    def tick(self, entry: Entry, why: str) -> None:
        """Tick an entry, and say why behind it."""
        box = self._box(entry)
        site = f" <!--{box['site'] or _NOTE} {_GONE}-->"
        self.lines[entry.number] = f"- [x] {_settled().sub('', box['said'])} ({why}){site}"

    def untick(self, entry: Entry) -> None:
        """Open an entry again that was ticked by this program."""
        box = self._box(entry)
        self.lines[entry.number] = f"- [ ] {_settled().sub('', box['said'])}{mark(box['site'])}"

    def move(self, entry: Entry, line: int) -> None:
        """Bring the line that an entry names up to date."""
        if entry.line and line and line != entry.line:
            old, new = f"{entry.path}:{entry.line}", f"{entry.path}:{line}"
            self.lines[entry.number] = self.lines[entry.number].replace(old, new, 1)

    def add(self, severity: Severity, heading: str, block: Sequence[str], entry: str) -> None:
        """Put an entry in below its heading, which is put in where it is not there.

        `block` is the head of the section, a blank line, and the heading with what it explains;
        `entry` may have more lines below its box.
        """
        number = self._find(lambda line: line == heading)
        if number is not None:
            self._insert(self._end(number, ("## ", "### ")), *entry.split("\n"))
            return
        section = self._find(lambda line: _severity_of(line) is severity)
        if section is None:
            number = self._before(severity)
            self._insert(number, *block, "", *entry.split("\n"))
        else:
            self._insert(self._end(section, ("## ",)), *block[2:], "", *entry.split("\n"))

    def recount(self) -> None:
        """Bring the numbers of open entries up to date."""
        open_entries = [one for one in self._entries() if not one.ticked]
        for number, line in enumerate(self.lines):
            found = _COUNT.fullmatch(line)
            if found and (severity := _severity(found["severity"])):
                size = sum(one.severity is severity for one in open_entries)
                self.lines[number] = f"{found['head']}{size}{found['tail']}"

    def add_coverage(self, line: str) -> None:
        """Put the figures of another run below those that are there."""
        numbers = [n for n, one in enumerate(self.lines) if _COVERAGE.fullmatch(one)]
        if numbers:
            self.lines[numbers[-1] + 1 : numbers[-1] + 1] = ["", line]

    def section(self, name: str) -> list[str]:
        """The lines of a section, with its heading; none where it is not there."""
        start = self._named(name)
        return self.lines[start : self._end(start, ("## ",))] if start is not None else []

    def replace_section(self, name: str, lines: Sequence[str]) -> None:
        """Put other lines in the place of a section, at the end where there is none."""
        start = self._named(name)
        if start is not None:
            del self.lines[start : self._end(start, ("## ",))]
        if lines:
            self._insert(len(self.lines) if start is None else start, *lines)

    def _box(self, entry: Entry) -> re.Match[str]:
        box = _ENTRY.fullmatch(self.lines[entry.number])
        assert box is not None, "an entry is a box"
        return box

    def _named(self, name: str) -> int | None:
        """Where a section begins that is none of entries."""
        headings = [f"## {one}" for one in spellings(name)]
        return self._find(lambda line: line in headings)

    def _find(self, test: Callable[[str], bool]) -> int | None:
        return next((number for number, line in enumerate(self.lines) if test(line)), None)

    def _end(self, start: int, beginnings: tuple[str, ...]) -> int:
        """Where what begins on a line ends: before the next line that begins so."""
        fence = ""
        for number in range(start + 1, len(self.lines)):
            bare = self.lines[number].strip()
            if fence or bare.startswith("```"):
                fence = _fenced(fence, bare)
            elif self.lines[number].startswith(beginnings):
                return number
        return len(self.lines)

    def _before(self, severity: Severity) -> int:
        """Where the section of a severity belongs."""
        order = list(Severity)
        later = set(order[order.index(severity) + 1 :])
        for number, line in enumerate(self.lines):
            if line.startswith("## ") and (_severity_of(line) in {*later, None}):
                return number
        return len(self.lines)

    def _insert(self, number: int, *lines: str) -> None:
        """Put lines in, a blank line around them: entries follow entries without one."""
        while number > 0 and not self.lines[number - 1].strip():
            number -= 1
        close = lines[0].startswith("- [") and self.lines[number - 1].startswith("- [")
        self.lines[number:number] = [*([] if close else [""]), *lines]
        after = number + len(lines) + (not close)
        if after == len(self.lines):
            self.lines.append("")
        elif self.lines[after].strip():
            self.lines.insert(after, "")


def _entry(told: Entry, box: re.Match[str]) -> Entry:
    ours = bool(box["mark"]) and box["mark"].endswith(f" {_GONE}-->")
    place = _place().match(box["said"])
    site = "" if box["site"] == _NOTE else box["site"] or ""
    found = replace(told, ticked=box["box"] != " ", site=site, ours=ours)
    if place is None:
        return found
    return replace(found, path=place["path"], line=int(place["line"] or 0))


def _fenced(fence: str, line: str) -> str:
    """The fence that is open behind a line."""
    ticks = line[: len(line) - len(line.lstrip("`"))]
    if not fence:
        return ticks
    return "" if line == ticks and len(ticks) >= len(fence) else fence


def _severity_of(line: str) -> Severity | None:
    section = _SECTION.match(line)
    return _severity(section["name"]) if section else None


def _severity(name: str) -> Severity | None:
    return _severities().get(name.strip().lower())


@cache
def _severities() -> dict[str, Severity]:
    from migrator.reports.words import SEVERITIES

    return {
        word.lower(): severity for severity, name in SEVERITIES.items() for word in spellings(name)
    }


@cache
def _title() -> re.Pattern[str]:
    return _any(spellings(TITLE), _TARGET)


@cache
def _title_in(language: str) -> re.Pattern[str]:
    return _any([spelled_in(language, TITLE)], _TARGET)


@cache
def _place() -> re.Pattern[str]:
    from migrator.reports.words import CELL

    cells = _any((one.removeprefix("{place}") for one in spellings(CELL)), r"\d+").pattern
    return re.compile(
        rf"(?P<ticks>`+) ?(?P<path>[^`\n]+?)(?::(?P<line>\d+))?(?:{cells})? ?(?P=ticks)"
    )


@cache
def _settled() -> re.Pattern[str]:
    """What stands behind an entry that was ticked by this program."""
    texts = [one for text in (GONE, MOVED, *BY_COMMENT.values()) for one in spellings(text)]
    return re.compile(rf" \((?:{_any(texts, '.*').pattern})\)$")


def _any(texts: Iterable[str], value: str) -> re.Pattern[str]:
    """Any of some texts, with the pattern in the place of what is filled in."""
    parts = (map(re.escape, re.split(r"\{\w+\}", text)) for text in texts)
    return re.compile("|".join(value.join(one) for one in parts))


def _behind(line: str, label: str) -> str | None:
    """What a line says behind a label, None where it does not begin with it."""
    for one in spellings(label):
        if line.startswith(f"{one} "):
            return line[len(one) + 1 :]
    return None
