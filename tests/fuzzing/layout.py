"""Other layouts of a program: it means the same, so the same must come of it.

A layout is a function of a text and of chance. What it makes is kept only where its syntax is that
of the text it was made from.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

Layout = Callable[[str, Random], str]

_SHARE = 0.15  # of the places where a layout could do something
_OPENING, _CLOSING = "([{", ")]}"
_WORDS = ("note", "see below", "TODO", "模型", "type: ignore", "noqa: E501", "fmt: skip")


def syntax(text: str) -> str | None:
    """What a text says, without where it says it; None where it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.kind = None
        if isinstance(node, ast.JoinedStr):
            node.values = list(_joined(node.values))
    return ast.dump(tree)


def _joined(values: list[ast.expr]) -> Iterator[ast.expr]:
    """The parts of an f-string, in which neighbouring texts are one."""
    held = ""
    for value in values:
        if isinstance(value, ast.Constant):
            held += value.value
            continue
        if held:
            yield ast.Constant(held)
        held = ""
        yield value
    if held:
        yield ast.Constant(held)


def laid_out(text: str, layouts: list[Layout], random: Random) -> str:
    """The text in other layouts, one after the other."""
    meaning = syntax(text)
    for layout in layouts:
        other = layout(text, random)
        if other != text and syntax(other) == meaning:
            text = other
    return text


def _gaps(text: str) -> Iterator[tuple[int, int, int]]:
    """Between two tokens of a line: the offset, how many brackets are open, the next token's."""
    starts = [0]
    for line in text.splitlines(keepends=True) if "\r" not in text and "\f" not in text else []:
        starts.append(starts[-1] + len(line))
    if len(starts) == 1:
        return
    depth, inside = 0, 0
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    marks = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT}
    for token, following in pairwise(tokens):
        name = tokenize.tok_name[token.type]
        inside += name.endswith("STRING_START")
        inside -= name.endswith("STRING_END")
        if token.type == tokenize.OP:
            depth += (token.string in _OPENING) - (token.string in _CLOSING)
        skipped = token.type in marks or following.type in {*marks, tokenize.ENDMARKER}
        if not inside and not skipped and token.end[0] == following.start[0]:
            row, column = token.end
            if row < len(starts):
                end = starts[following.start[0] - 1] + following.start[1]
                yield starts[row - 1] + column, depth, end


def _put(text: str, random: Random, made: Callable[[int], str]) -> str:
    """Something put between some of the tokens; "" for nothing there."""
    pieces, done = [], 0
    for start, depth, _end in _gaps(text):
        if random.random() < _SHARE and (put := made(depth)):
            pieces += [text[done:start], put]
            done = start
    return "".join([*pieces, text[done:]])


def comments_in_brackets(text: str, random: Random) -> str:
    return _put(text, random, lambda depth: f" # {random.choice(_WORDS)}\n  " if depth else "")


def lines_in_brackets(text: str, random: Random) -> str:
    return _put(text, random, lambda depth: "\n" + " " * random.randrange(9) if depth else "")


def continued_lines(text: str, random: Random) -> str:
    return _put(text, random, lambda depth: " \\\n " + " " * random.randrange(9))


def blanks(text: str, random: Random) -> str:
    return _put(text, random, lambda depth: random.choice((" ", "  ", "\t", " \t")))


def comments_behind(text: str, random: Random) -> str:
    """A comment at the end of some lines, on a line of its own above others."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if random.random() < _SHARE and line.endswith("\n"):
            word = random.choice(_WORDS)
            if random.random() < 0.5:
                lines[number] = f"{line[:-1]}  # {word}\n"
            else:
                indentation = line[: len(line) - len(line.lstrip())]
                lines[number] = f"{indentation}# {word}\n{line}"
    return "".join(lines)


def blank_lines(text: str, random: Random) -> str:
    """Blank lines, some with blanks or a form feed, before some lines."""
    lines = text.splitlines(keepends=True)
    for number in range(len(lines)):
        if random.random() < _SHARE:
            lines[number] = random.choice(("\n", "   \n", "\f\n", "\n\n\n")) + lines[number]
    return "".join(lines)


def tabs(text: str, random: Random) -> str:
    """A tab for each step of indentation; for some a single blank."""
    step = random.choice(("\t", " ", "\t", "  \t"))

    def indented(match: re.Match[str]) -> str:
        return step * (len(match[0]) // 4) + " " * (len(match[0]) % 4)

    return re.sub(r"(?m)^ +", indented, text)


def joined_statements(text: str, random: Random) -> str:
    """Some simple statements on one line."""
    compound = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.While)
    compound += (ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try, ast.Match)
    places = []
    for node in ast.walk(ast.parse(text)):
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if not isinstance(block, list):
                continue
            for one, other in pairwise(block):
                if not isinstance(one, compound) and not isinstance(other, compound):
                    places.append((one, other))
            if isinstance(node, compound) and len(block) == 1 and block is node.body:
                places.append((node, block[0]))
    places = [place for place in places if random.random() < _SHARE * 2]
    for one, other in sorted(places, key=lambda place: -place[1].lineno):
        if (other.end_lineno or 0) > text.count("\n") + 1:
            continue  # what follows it was put on its last line
        start, end = _offset(text, other.lineno, 0), _offset(text, other.lineno, other.col_offset)
        if isinstance(one, compound):
            above = text[:start].rstrip()
            if above.endswith(":"):
                text = above + " " + text[end:]
            continue
        above = _offset(text, one.end_lineno or 0, one.end_col_offset or 0)
        if not text[above:end].strip():
            text = text[:above] + random.choice(("; ", ";")) + text[end:]
    return text


def _offset(text: str, line: int, column: int) -> int:
    """The offset of a place of the syntax (which counts UTF-8 bytes)."""
    lines = [f"{one}\n" for one in text.split("\n")]
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))


def _expressions(text: str, kind: type[ast.expr]) -> list[tuple[int, int]]:
    """Where expressions of a kind stand, outside of f-strings, the last first."""
    found: list[tuple[int, int]] = []
    if any(one in text for one in "\f\r\v\x1c\x1d\x1e\x85\u2028\u2029"):
        return found

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, kind) and not isinstance(child, ast.Starred | ast.Slice):
                ends = child.end_lineno or 0, child.end_col_offset or 0
                start = _offset(text, child.lineno, child.col_offset)
                found.append((start, _offset(text, *ends)))
            if not isinstance(child, ast.JoinedStr):
                visit(child)

    visit(ast.parse(text))
    return sorted(set(found), reverse=True)


def parentheses(text: str, random: Random) -> str:
    """Some expressions in parentheses of their own."""
    meaning = syntax(text)
    for start, end in _expressions(text, ast.expr):
        if random.random() < _SHARE / 3:
            inner = random.choice(("{}", "{}", "( {} )", "\n {}\n", " # note\n{}"))
            other = text[:start] + "(" + inner.format(text[start:end]) + ")" + text[end:]
            text = other if syntax(other) == meaning else text
    return text


def strings(text: str, random: Random) -> str:
    """Some strings spelled otherwise: other quotes, in parts, with escapes and prefixes."""
    meaning = syntax(text)
    for start, end in _expressions(text, ast.Constant):
        literal = text[start:end]
        if random.random() < _SHARE and literal[:1] in "'\"" and "\n" not in literal:
            value = ast.literal_eval(literal)
            other = text[:start] + _spelled(value, random) + text[end:]
            text = other if syntax(other) == meaning else text
    return text


def _spelled(value: str, random: Random) -> str:
    middle = random.randrange(len(value) + 1)
    one, two = value[:middle], value[middle:]
    return random.choice(
        (
            repr(value),
            f'"""{value}"""',
            f"r'{value}'",
            f"u{value!r}",
            f'("{one}" {two!r})',
            f'("{one}"\n  {two!r})',
            f'"{one}" {two!r}',
            '"' + "".join(f"\\x{ord(c):02x}" if ord(c) < 128 else c for c in one) + f'{two}"',
            f'f"{value}"',
            f'"{one}\\\n{two}"',
        )
    )


def commas(text: str, random: Random) -> str:
    """A comma behind the last argument of some calls."""
    meaning = syntax(text)
    for _start, end in _expressions(text, ast.Call):
        if random.random() < _SHARE * 2 and text[end - 1 : end] == ")":
            other = text[: end - 1] + random.choice((",", ", ", ",\n")) + text[end - 1 :]
            text = other if syntax(other) == meaning else text
    return text


def ending(text: str, random: Random) -> str:
    """Another end of the file."""
    return text.rstrip("\n") + random.choice(("", "\n\n\n", "\n    ", "\n# end", "\n\f\n", ";\n"))


LAYOUTS: tuple[Layout, ...] = (
    comments_in_brackets,
    lines_in_brackets,
    continued_lines,
    blanks,
    comments_behind,
    blank_lines,
    tabs,
    joined_statements,
    parentheses,
    strings,
    commas,
    ending,
)

# What a file may be written in: its cookie (none for UTF-8), and whether a mark stands before it.
ENCODINGS: tuple[tuple[str, bool], ...] = (
    ("", False),
    ("", True),
    ("utf-8", True),
    ("gbk", False),
    ("gb18030", False),
    ("latin-1", False),
    ("utf-8", False),
)
NEWLINES = ("\n", "\n", "\r\n", "\r", "mixed")


def written(text: str, newline: str, encoding: tuple[str, bool], random: Random) -> bytes:
    """The bytes of a text with other line ends, in an encoding that can hold it."""
    name, marked = encoding
    declared = f"# -*- coding: {name} -*-\n{text}" if name else text
    if newline == "mixed":
        declared = re.sub(r"\n", lambda _: random.choice(("\n", "\r\n")), declared)
    else:
        declared = declared.replace("\n", newline)
    try:
        data = declared.encode(name or "utf-8")
    except UnicodeEncodeError:
        return text.encode()
    data = codecs.BOM_UTF8 + data if marked else data
    try:
        same = ast.dump(ast.parse(data)) == ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return text.encode()
    return data if same else text.encode()
