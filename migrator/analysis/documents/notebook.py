"""Jupyter notebooks: their code cells, and the magics that install packages or set variables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from migrator.analysis.documents import json_, shell
from migrator.analysis.documents.findings import Bounds, Entry, Finding, judge_env
from migrator.analysis.documents.requirement import Requirement, moved
from migrator.analysis.sites import Kind
from migrator.source import SourceText, UndecodableError

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)")
# A magic or a command as a statement, one assigned to a name, and a request for help. An operator
# that a line begins with (`% name`) is none of them.
_MAGIC = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<target>[A-Za-z_][\w, \t]*=[ \t]*)?"
    r"(?:!(?!=)|%%?(?=[A-Za-z]))[^\r\n]*|\?{1,2}[\w.]+[ \t]*$|[\w.]+\?{1,2}[ \t]*$)",
    re.MULTILINE,
)
_ENV_MAGIC = re.compile(
    r"^[ \t]*%env[ \t]+(?P<name>[A-Za-z_]\w*)(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>[^\r\n]*)"
)
_SHELL_MAGIC = re.compile(r"[ \t]*(?:!|%(?:pip|conda|mamba|uv|system|sx)\b)")
# Cell magics after which the cell is Python still.
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun"})
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


def _blanked(magic: re.Match[str]) -> str:
    """A statement in a magic's place; a name that it binds is bound still."""
    target = magic["target"]
    return magic["indent"] + (f"{target}None" if target else "pass")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell. `lines` and `columns` say for each of its lines where it begins in the file.

    `index` counts all cells of the notebook from 0; lines are 1-based, columns 0-based code points
    of the text behind the opening quote, where a backslash escape is as wide as it is written.
    """

    index: int
    source: str
    lines: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def python(self) -> str:
        """The source with its magics blanked out, line for line; "" for a cell not in Python."""
        cell_magic = _CELL_MAGIC.match(self.source)
        if cell_magic and cell_magic["name"] not in _PYTHON_CELLS:
            return ""
        return _MAGIC.sub(_blanked, self.source)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cell: its text and the file's offset of every character of it, and of its end."""

    text: str
    offsets: tuple[int, ...]


def _offsets(raw: str, start: int) -> list[int]:
    """The offset of each character of a JSON string's value, and of its end."""
    widths: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(raw):
        widths += [1] * (match.start() - at) + [len(match.group())]
        at = match.end()
    widths += [1] * (len(raw) - at)
    return list(accumulate(widths, initial=start))


def _lines(text: str, entry: Entry) -> Iterator[_Line]:
    """The lines in one JSON string."""
    offsets = _offsets(text[slice(*entry.bounds)], entry.bounds[0])
    if len(offsets) != len(entry.value) + 1:
        # A surrogate pair is two escapes and one character: the string's start has to do.
        offsets = [entry.bounds[0]] * len(entry.value) + [entry.bounds[1]]
    at = 0
    for line in entry.value.splitlines(keepends=True):
        yield _Line(line, tuple(offsets[at : at + len(line) + 1]))
        at += len(line)


def _code_cells(text: str) -> dict[int, list[_Line]]:
    """The lines of the code cells by the index of the cell; none where the kernel is no Python."""
    sources: dict[int, list[_Line]] = defaultdict(list)
    code: set[int] = set()
    for entry in json_.entries(text):
        match entry.path:
            case ("metadata", "kernelspec", "language") | ("metadata", "language_info", "name"):
                if entry.value.lower() not in ("python", "ipython"):
                    return {}
            case ("cells", int(index), "cell_type") if entry.value == "code":
                code.add(index)
            case ("cells", int(index), "source") | ("cells", int(index), "source", int()):
                sources[index] += _lines(text, entry)
    return {index: sources[index] for index in sorted(code)}


def cells(source: SourceText) -> list[Cell]:
    """The code cells of a notebook."""
    found = []
    for index, lines in _code_cells(source.text).items():
        starts = [source.position(line.offsets[0]) for line in lines]
        found.append(
            Cell(
                index,
                "".join(line.text for line in lines),
                tuple(line for line, _ in starts),
                tuple(column for _, column in starts),
            )
        )
    return found


def notebook_cells(data: bytes) -> list[Cell]:
    """The code cells of a notebook file; none where it cannot be read."""
    try:
        return cells(SourceText.decode(data, python=False))
    except UndecodableError:
        return []


def _placed(finding: Finding, offsets: tuple[int, ...], cell: int) -> Finding:
    """A finding in a line's text as one in the file's."""

    def moved(bounds: Bounds | None) -> Bounds | None:
        return (offsets[bounds[0]], offsets[bounds[1]]) if bounds else None

    whole = (offsets[finding.whole[0]], offsets[finding.whole[1]])
    return replace(
        finding,
        whole=whole,
        value_bounds=moved(finding.value_bounds),
        name_bounds=moved(finding.name_bounds),
        cell=cell,
    )


def _variable_line(line: str) -> Finding | None:
    """`%env NAME=value`."""
    match = _ENV_MAGIC.match(line)
    if match is None:
        return None
    value = match["value"].rstrip()
    bounds = (match.start("value"), match.start("value") + len(value))
    name = match.span("name")
    return judge_env(Entry((match["name"],), value, bounds, (name[0], bounds[1]), name))


def requirements(text: str) -> Iterator[Requirement]:
    """The packages that a notebook's commands install, where they stand in the file."""
    for lines in _code_cells(text).values():
        in_shell = bool(lines) and lines[0].text.lstrip().startswith(("%%bash", "%%sh"))
        for line in lines:
            if not in_shell and not _SHELL_MAGIC.match(line.text):
                continue
            for found in shell.requirements(line.text):
                at = line.offsets[int(found.group[1])]
                yield replace(moved(found, line.offsets), group=(found.group[0], at))


def findings(text: str) -> Iterator[Finding]:
    """The findings of a notebook's magics. Its Python is analysed as Python."""
    for index, lines in _code_cells(text).items():
        in_shell = bool(lines) and lines[0].text.lstrip().startswith(("%%bash", "%%sh"))
        for line in lines:
            if found := _variable_line(line.text):
                yield _placed(found, line.offsets, index)
            elif in_shell or _SHELL_MAGIC.match(line.text):
                for found in shell.findings(line.text):
                    kept = found if found.kind is Kind.DEP else replace(found, kind=_kind(found))
                    yield _placed(kept, line.offsets, index)


def _kind(finding: Finding) -> Kind:
    """A variable in a magic is set or read for the notebook's own process: an env_key site."""
    return Kind.ENV_KEY if finding.name_bounds and finding.role != "model" else finding.kind
