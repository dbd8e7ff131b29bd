"""What IPython adds to Python: magics, shell commands and questions, hidden so that a cell parses.

Hidden is what stands behind a mark that no program holds: a line in a comment, the name of a magic
that Python follows in a string. The marks are all that is added, so that taking them away gives
the cell again.
"""

from __future__ import annotations

import re

from migrator.newer import parse

# Characters that Unicode keeps for the use inside of programs.
BORDER, MARK = "\ufdd0", "\ufdd1"
_COMMENT, _STATEMENT = f"#{MARK}", f"_#{MARK}"
# What goes before a line that is no Python.
HIDDEN = re.compile(f"_?#{MARK}")
# What goes around a magic that Python follows.
_OPEN, FOLLOWED = f'"""{MARK}', f'{MARK}""";'
_MARKED = re.compile(f'_?#{MARK}|"""{MARK}|{MARK}""";')
# What cannot stand in a Python text at all, or means a border or a mark.
_UNFIT = re.compile(f"[\0\ud800-\udfff{BORDER}{MARK}]")

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)")
# Cell magics after which the cell is Python still, line magics that are followed by Python.
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "memit"})
SHELLS = frozenset({"bash", "sh", "script"})
FILES = frozenset({"writefile", "file"})
_LINE = re.compile(r"[^\r\n]+")
_SPECIAL = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*\r?$", re.MULTILINE)
# An operator that a line begins with (`% name`) is no magic, and none begins with `!=`.
_MAGIC = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    r"(?P<before>%(?:time|timeit|prun|memit)[ \t]+(?:-[a-zA-Z]+[ \t]*\d*[ \t]+)*)"
    r"(?=[^\s%!?-])[^\r\n]*(?<!\\)(?=[\r\n]|\Z)"
    r"|(?P<target>[A-Za-z_][\w.,\[\] \t]*=[ \t]*)?"
    r"(?P<command>(?:!(?!=)|%%?(?=[A-Za-z_]))(?:\\\r?\n|[^\r\n])+)"
    r"|(?P<question>(?:\?{1,2}[%\w.*]+|%{0,2}[\w.*\[\]]+\?{1,2})[ \t]*(?=[\r\n]|\Z)))"
)
_TOKEN = re.compile(
    r"(?P<string>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
    r"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')"
    r"|(?P<comment>\#[^\r\n]*)|(?P<opening>[(\[{])|(?P<closing>[)\]}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<end>\r\n|\r|\n)",
    re.DOTALL,
)


def cell_magic(cell: str) -> str:
    """The name of the magic that a cell is handed to as a whole; "" for a cell of Python."""
    found = _CELL_MAGIC.match(cell)
    return found["name"] if found and found["name"] not in _PYTHON_CELLS else ""


def as_python(cell: str) -> str | None:
    """A cell with what is not Python hidden; None for one that is not Python at all."""
    if cell_magic(cell):
        return None
    text = _hidden(cell) if _SPECIAL.search(cell) else cell
    return text if text is not None and not _UNFIT.search(cell) and _parses(text) else None


def as_comment(cell: str) -> str:
    """A cell with all its lines hidden."""
    return _LINE.sub(rf"{_COMMENT}\g<0>", _UNFIT.sub("?", cell))


def written(text: str) -> str:
    """A text without the marks."""
    return _MARKED.sub("", text) if MARK in text else text


def unmarked(text: str, at: int) -> int:
    """Where a character of a text stands in the text without the marks."""
    marks = ((one.start(), one.end()) for one in _MARKED.finditer(text, 0, at + len(_OPEN)))
    return at - sum(min(at, end) - start for start, end in marks if start < at)


def _hidden(cell: str) -> str | None:
    """A cell with its magics hidden; None where Python that has to stand in one line does not."""
    parts: list[str] = []
    at = 0
    while at < len(cell):
        magic = _MAGIC.match(cell, at)
        if magic is None or not magic["before"]:
            end = magic.end() if magic else _line_end(cell, at)
            parts.append(_mask(magic) if magic else cell[at:end])
        else:
            end = _line_end(cell, magic.end("before"))
            if cell[magic.end() : end].strip():
                return None
            parts.append(f"{magic['indent']}{_OPEN}{magic['before']}{FOLLOWED}")
            parts.append(cell[magic.end("before") : end])
        at = end
        if magic is not None and (rest := _TOKEN.match(cell, at)) and rest["end"]:
            parts.append(rest.group())
            at = rest.end()
    return "".join(parts)


def _mask(magic: re.Match[str]) -> str:
    """A magic in a comment; a statement stands before it where one may be needed."""
    target = magic["target"] or ""
    start = _STATEMENT if target or magic["indent"] else _COMMENT
    text = magic["command"] or magic["question"]
    first, *rest = re.split(r"(?<=\n)", text)
    continued = "".join(_COMMENT + line if line.strip() else line for line in rest)
    return f"{magic['indent']}{target}{start}{first}{continued}"


def _line_end(cell: str, start: int) -> int:
    """The offset after the logical line that begins at an offset."""
    depth = 0
    for token in _TOKEN.finditer(cell, start):
        if token["opening"]:
            depth += 1
        elif token["closing"]:
            depth = max(depth - 1, 0)
        elif token["end"] and not depth:
            return token.end()
    return len(cell)


def _parses(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
