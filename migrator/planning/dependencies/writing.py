"""How a requirement is written into a dependency file: beside others, in their manner and order.

What is written are splices: the bounds of a stretch of the text, and what takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from packaging.requirements import Requirement as Written
from packaging.specifiers import SpecifierSet

from migrator.analysis.documents.requirement import Requirement
from migrator.language import _
from migrator.planning.dependencies.files import PYTHON, DependencyFile, normalised

Splice = tuple[int, int, str]

_QUOTES = ("'", '"')
_LINES = frozenset({"requirements", "ini"})
# What a shell would take for itself.
_SPECIAL = re.compile(r"[<>*~!;\[\]\s]")
_SPACED = re.compile(r"[\w.-]+(?:\[[^\]]*\])?(?P<before>\s*)[<>=!~^]+(?P<behind>\s*)")
_COMMA = re.compile(r"[ \t]*,")
_REST = re.compile(r"[ \t]*(?:(?:#|(?<=\s);)[^\r\n]*)?(?=\r?\n|\r|\Z)")
_LOGICAL_LINE = re.compile(r"(?:[^\r\n\\]|\\\r?\n|\\)*")
_CONTINUED = re.compile(r"[ \t]*\\?(?=\r?\n|\r|\Z)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_INLINE = re.compile(r"[ \t]*[\"']?(?P<key>[\w.-]+)[\"']?[ \t]*=[ \t]*\{[^\r\n{}]*\}")
# A string of YAML that a command stands in.
_OPENED = re.compile(r"[ \t]*(?:-[ \t]+)?(?:[\w.-]+:[ \t]*)?(?P<quote>[\"'])")
_CONDA = ("conda", "mamba")


class CannotWriteError(Exception):
    """The form of the file, or of the place in it, is none that is known."""


def requirement_text(file: DependencyFile, like: Requirement, wanted: Written) -> str:
    """A requirement in the manner of its neighbour, without quotes. Raises CannotWriteError."""
    specifier = _specifier(wanted.specifier, like)
    if like.keyed and wanted.extras:
        raise CannotWriteError(_("extras are said in a table of their own"))
    if like.keyed:
        return specifier or "*"
    extras = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else ""
    manner = _SPACED.match(like.text)
    if specifier and manner and manner["before"]:
        between = " " if manner["behind"] else ""
        specifier = " " + re.sub(r"(?<=[<>=!~])(?=\d)", between, specifier)
    text = f"{wanted.name}{extras}{specifier}"
    return f"{text}; {like.marker}" if like.marker else text


def _specifier(wanted: SpecifierSet, like: Requirement) -> str:
    """The releases that are wanted, said as the neighbour says it where that comes to the same.

    An exact neighbour gets an exact one: the first release that is known to serve.
    """
    text = ",".join(sorted((str(one) for one in wanted), key=_floor_first))
    floor = next((one.version for one in wanted if one.operator in (">=", "~=", "==")), "")
    operator = re.match(r"[=~^]*", like.specifier)
    if not floor or "," in like.specifier or len(wanted) > 1 or operator is None:
        return text
    if operator[0] in ("==", "^", "~="):
        return f"{operator[0]}{floor}"
    if like.keyed and re.fullmatch(r"\d[\w.]*", like.specifier):
        return floor
    return text


def _floor_first(one: str) -> tuple[bool, str]:
    return not one.startswith((">", "~", "=")), one


def change(file: DependencyFile, old: Requirement, versions: str) -> list[Splice]:
    """Ask for other releases of a package. Raises CannotWriteError."""
    if old.url or old.versions is None:
        raise CannotWriteError(_("it does not say which releases are meant"))
    start, end = old.versions
    if old.word and _SPECIAL.search(versions) and not _quote(file, old):
        first, last = old.bounds
        quote = _fresh_quote(file, old)
        text = file.source.text
        return [(first, last, f"{quote}{text[first:start]}{versions}{text[end:last]}{quote}")]
    return [(start, end, versions)]


def replaced(file: DependencyFile, old: Requirement, new: str, name: str) -> list[Splice]:
    """Put a requirement (of a package of that name) in the place of another."""
    if not old.keyed:
        return [(*old.bounds, _quoted(file, old, new))]
    return [(*_entry(file, old)[1], name), (*old.bounds, new)]


def added(file: DependencyFile, beside: Requirement, new: str, name: str) -> list[Splice]:
    """Put a requirement (of a package of that name) into the group of another, in its order.

    Raises CannotWriteError.
    """
    anchor, behind = _anchor(file, beside, name)
    if anchor.keyed:
        return _added_entry(file, anchor, new, name, behind=behind)
    if anchor.word:
        return _added_word(file, beside, new)
    start, end = _outer(file, anchor)
    text = file.source.text
    line = text.rfind("\n", 0, start) + 1
    line = max(line, text.rfind("\r", 0, start) + 1)
    lead = text[line:start]
    if file.form in _LINES or lead.strip() == "-":
        if file.form == "requirements" and lead.strip():
            lead = ""
        return [_line(file, lead, new, line, end, behind=behind)]
    item = _like(file, anchor, new)
    comma = _COMMA.match(text, end)
    last = comma.end() if comma else end
    if lead.strip() or not _REST.match(text, last):
        return [(end, end, f", {item}") if behind else (start, start, f"{item}, ")]
    if not behind:
        return [_line(file, lead, f"{item},", line, last, behind=False)]
    if comma:
        return [_line(file, lead, f"{item},", line, last, behind=True)]
    at, _unused, new_line = _line(file, lead, item, line, last, behind=True)
    return [(at, at, f",{new_line}")] if at == end else [(end, end, ","), (at, at, new_line)]


def removed(file: DependencyFile, old: Requirement) -> list[Splice]:
    """Take a requirement away, with its line where it has one of its own.

    Raises CannotWriteError where nothing would be left of what it stands in.
    """
    text = file.source.text
    start, end = old.whole if old.keyed else _outer(file, old)
    if old.word or file.form == "yaml":
        if len(file.beside(old)) == 1:
            raise CannotWriteError(_("nothing else is asked for there"))
        if old.word:
            return [(len(text[:start].rstrip(" \t")), end, "")]
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    comma = _COMMA.match(text, end)
    last = comma.end() if comma else end
    rest = _REST.match(text, last)
    if file.form == "requirements":
        rest = _LOGICAL_LINE.match(text, last)
    if text[line:start].strip(" \t-e") or rest is None:
        if old.keyed:
            raise CannotWriteError(_("it shares its line"))
        blank = len(text) - len(text[last:].lstrip(" \t")) - last if comma else 0
        if comma is None:
            separator = re.search(r",[ \t]*\Z", text[:start])
            return [(separator.start() if separator else start, end, "")]
        return [(start, last + blank, "")]
    ended = _LINE_END.match(text, rest.end())
    return [(line, ended.end() if ended else rest.end(), "")]


def _anchor(file: DependencyFile, beside: Requirement, name: str) -> tuple[Requirement, bool]:
    """The neighbour that a new package stands behind, or before: sorted lists stay sorted."""
    block = _block(file, beside)
    named = [(one, normalised(one.name)) for one in block if normalised(one.name) != "python"]
    names = [name for _, name in named]
    if len(names) < 2 or names != sorted(names):
        return beside, True
    before = [one for one, other in named if other < normalised(name)]
    return (before[-1], True) if before else (named[0][0], False)


def _block(file: DependencyFile, beside: Requirement) -> Sequence[Requirement]:
    """The neighbours without a blank line or a line of comment between them."""
    blocks: list[list[Requirement]] = [[]]
    group = file.beside(beside)
    for before, one in pairwise([group[0], *group]):
        between = file.source.text[before.bounds[1] : one.bounds[0]]
        if before is not one and re.search(r"\n[ \t]*(?:#|\r?\n)", between):
            blocks.append([])
        blocks[-1].append(one)
    return next(block for block in blocks if beside in block)


def _added_entry(
    file: DependencyFile, anchor: Requirement, new: str, name: str, *, behind: bool
) -> list[Splice]:
    """`name = "releases"` on a line of its own."""
    text = file.source.text
    (start, end), (first, _unused) = _entry(file, anchor)
    lead = text[start:first]
    if lead.strip():
        raise CannotWriteError(_("it is in a table on one line"))
    quote = text[anchor.bounds[0] - 1]
    return [_line(file, lead, f"{name} = {quote}{new}{quote}", start, end, behind=behind)]


def _entry(file: DependencyFile, one: Requirement) -> tuple[tuple[int, int], tuple[int, int]]:
    """The line of a table's entry up to the end of its value, and its key in it.

    Raises CannotWriteError for what goes over several lines, or hangs on an extra.
    """
    text = file.source.text
    start = max(text.rfind("\n", 0, one.bounds[0]), text.rfind("\r", 0, one.bounds[0])) + 1
    if one.name_bounds is not None:
        return (start, one.whole[1]), one.name_bounds
    entry = _INLINE.match(text, start)
    if entry is None or entry["key"] != one.name:
        raise CannotWriteError(_("it is a table of its own"))
    if "optional" in entry[0]:
        raise CannotWriteError(_("it is installed with an extra only"))
    return (start, entry.end()), entry.span("key")


def _added_word(file: DependencyFile, beside: Requirement, new: str) -> list[Splice]:
    """A word behind another one, on a line of its own where that has one."""
    start, end = _outer(file, beside)
    quote = _quote(file, beside)
    word = f"{quote}{new}{quote}" if quote else _quoted(file, beside, new)
    source = file.source
    number = source.position(start)[0]
    lead = source.text[source.starts[number - 1] : start]
    alone = not lead.strip() and _CONTINUED.match(source.text, end)
    if alone and number > 1 and source.line(number - 1).endswith("\\"):
        return [(end, end, f" \\{source.newline}{lead}{word}")]
    return [(end, end, f" {word}")]


def _line(
    file: DependencyFile, lead: str, item: str, line: int, end: int, *, behind: bool
) -> Splice:
    """A line of its own, behind the one that holds `end`, or before the one at `line`."""
    newline = file.source.newline
    if not behind:
        return line, line, f"{lead}{item}{newline}"
    rest = _LOGICAL_LINE.match(file.source.text, end)
    assert rest is not None
    at = rest.end()
    return at, at, f"{newline}{lead}{item}"


def _outer(file: DependencyFile, one: Requirement) -> tuple[int, int]:
    """The bounds of a requirement with its quotes."""
    if file.form == PYTHON:
        return one.whole
    width = len(_quote(file, one))
    return one.bounds[0] - width, one.bounds[1] + width


def _quote(file: DependencyFile, one: Requirement) -> str:
    text, (start, end) = file.source.text, one.bounds
    before = text[start - 1 : start]
    return before if before in _QUOTES and before == text[end : end + 1] else ""


def _fresh_quote(file: DependencyFile, one: Requirement) -> str:
    """Quotes for a word of a command that do not end the string which the command may stand in."""
    line = file.source.line(file.source.position(one.bounds[0])[0])
    opened = _OPENED.match(line)
    return "'" if opened and opened["quote"] == '"' else '"'


def _like(file: DependencyFile, anchor: Requirement, new: str) -> str:
    """A requirement in its neighbour's quotes."""
    quote = _quote(file, anchor)
    if not quote and file.form != "yaml":
        raise CannotWriteError(_("it is no plain string"))
    if quote and quote in new:
        quote = _QUOTES[quote == _QUOTES[0]]
    return f"{quote}{new}{quote}"


def _quoted(file: DependencyFile, old: Requirement, new: str) -> str:
    """A requirement that takes the place of another one's text, inside its quotes if it has any."""
    if not old.word or _quote(file, old) or not _SPECIAL.search(new):
        return new
    quote = _fresh_quote(file, old)
    return f"{quote}{new}{quote}"


def is_condas(file: DependencyFile, one: Requirement) -> bool:
    """Whether a package is named as conda knows it, which may be otherwise than Python's index."""
    if one.word:
        return any(tool in str(one.group[0]) for tool in _CONDA)
    keys = tuple(key for key in one.group if isinstance(key, str))
    if file.form == "yaml":
        return keys == ("dependencies",) or "requirements" in keys
    return keys[-1:] == ("dependencies",) and ("pixi" in keys or "pixi" in file.path)


def pip_group(file: DependencyFile) -> list[Requirement]:
    """What a conda environment has pip install. Raises CannotWriteError where that is nothing."""
    found = [one for one in file.requirements if one.group[-1:] == ("pip",)]
    if not found:
        raise CannotWriteError(
            _("conda may know it by another name, and pip installs nothing there")
        )
    return found
