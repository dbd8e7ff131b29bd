"""The uses of OpenAI in a Python file, by its syntax; where it has none, by its text."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left

from migrator.checking import codes
from migrator.checking.uses import Use, in_order
from migrator.newer import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.checking.names import Names

# What imports a module that it is given by name (`import_module`, `LazyLoader`), what such a name
# is handed to for a test, and what runs a text.
_IMPORTING = re.compile(r"(?:import|lazy_?load)(?!.*(?:error|warning)$)", re.IGNORECASE)
_RUNNING = frozenset({"exec", "eval", "compile"})
_REPLACING = frozenset({"patch", "setattr", "delattr"})
_MODEL = re.compile(r"model|deployment|engine", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]*\Z")
_DOTTED = re.compile(r"[A-Za-z_][\w.]*\Z")
_SETTINGS = "Settings"
# What is shown to a person, whatever addresses stand in it.
_SHOWN = frozenset({"help", "description"})
_STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"|#[^\n]*")
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[\w.]+)[ \t]+import[ \t]*\(?(?P<names>[^\n#]*)"
    r"|import[ \t]+(?P<modules>[^\n#;]+))",
    re.MULTILINE,
)


def uses_in(path: str, text: str, names: Names) -> tuple[list[Use], SyntaxError | None]:
    """The uses in order, and why the text is no Python, where it is none and only its lines count.

    Comments and documentation are no uses.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(path, text, names)
    try:
        reader.statements(parse(text).body)
    except SyntaxError as error:
        return in_order(list(_by_lines(path, text, names))), error
    except (ValueError, RecursionError, MemoryError) as error:
        return in_order(list(_by_lines(path, text, names))), SyntaxError(str(error))
    return in_order(reader.found), None


class _Reader:
    """Goes through the statements that hold a word of OpenAI's, and through no others."""

    def __init__(self, path: str, text: str, names: Names) -> None:
        self.found: list[Use] = []
        self._path = path
        self._names = names
        self._lines = text.split("\n")
        self._telling = _lines_with(names.words, text.lower())

    def statements(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._visit(statement)

    def _tells(self, node: ast.AST) -> bool:
        first = getattr(node, "lineno", None)
        if first is None:
            return True
        for decorator in getattr(node, "decorator_list", ()):
            first = min(first, decorator.lineno)
        last = getattr(node, "end_lineno", first)
        at = bisect_left(self._telling, first)
        return at < len(self._telling) and self._telling[at] <= last

    def _visit(self, node: ast.AST, role: str = "") -> None:
        """`role` says what a value is for: the name of an argument, a key, a target."""
        if not self._tells(node):
            return
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    self._imported(alias, alias.name)
            case ast.ImportFrom(level=0, module=str(module), names=aliases):
                told = {self._names.imported(f"{module}.{one.name}", module) for one in aliases}
                for known in filter(None, sorted(told, key=str)):
                    self._add(node, *known)
            case ast.Expr(value=ast.Constant()):
                pass  # documentation
            case ast.Constant(value=str(text)):
                self._text(node, text, role)
            case ast.JoinedStr(values=values):
                self._joined(node, values, role)
            case ast.Call():
                self._call(node)
            case ast.keyword(arg=argument, value=value):
                if argument:
                    self._variable(node, argument)
                self._visit(value, argument or "")
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if key is not None:
                        self._visit(key)
                    named = isinstance(key, ast.Constant) and isinstance(key.value, str)
                    self._visit(value, key.value if named else "")  # type: ignore[union-attr]
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._visit(target)
                self._visit(value, _name_of(targets[0]))
            case ast.ClassDef():
                self._class(node)
            case ast.AnnAssign(target=target, annotation=annotation, value=given):
                self._visit(target)
                self._visit(annotation)
                if given is not None:
                    self._visit(given, _name_of(target))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._function(node)
            case ast.Compare(left=left, comparators=compared):
                for one in (left, *compared):
                    self._visit(one, next(filter(None, map(_name_of, (left, *compared))), ""))
            case ast.Subscript(value=value, slice=index):
                self._visit(value)
                self._visit(index)
            case ast.IfExp() | ast.BoolOp() | ast.List() | ast.Tuple() | ast.Set() | ast.BinOp():
                for child in ast.iter_child_nodes(node):
                    self._visit(child, role)
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name):
                self._variable(node, name)
                for child in ast.iter_child_nodes(node):
                    self._visit(child)
            case _:
                for child in ast.iter_child_nodes(node):
                    self._visit(child)

    def _class(self, node: ast.ClassDef) -> None:
        """Fields of settings are variables, in small letters too."""
        settings = any(_name_of(base).endswith(_SETTINGS) for base in node.bases)
        for statement in node.body if settings else ():
            match statement:
                case (
                    ast.AnnAssign(target=ast.Name(id=name))
                    | ast.Assign(targets=[ast.Name(id=name)])
                ):
                    self._variable(statement, name.upper(), in_environment=True)
        for child in ast.iter_child_nodes(node):
            self._visit(child)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        given = node.args
        placed = [*given.posonlyargs, *given.args]
        defaults: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(placed[len(placed) - len(given.defaults) :], given.defaults, strict=True),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        for argument, default in defaults:
            if default is not None:
                self._visit(default, argument.arg)
        for child in ast.iter_child_nodes(node):
            if child is not given:
                self._visit(child)
        for argument in (*placed, *given.kwonlyargs):
            if argument.annotation is not None:
                self._visit(argument.annotation)

    def _call(self, node: ast.Call) -> None:
        called = _name_of(node.func)
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            module = first.value
            replaced = called in _REPLACING and "." in module
            if (replaced or _IMPORTING.search(called)) and _DOTTED.match(module):
                self._imported(first, module)
            elif called in _RUNNING and "\n" not in module:
                self._program(first, module)
        second = node.args[1] if len(node.args) > 1 and called == "getenv" else None
        for child in (node.func, *node.args):
            role = _name_of(first) if child is second and first is not None else ""
            self._visit(child, role)
        for keyword in node.keywords:
            self._visit(keyword)

    def _imported(self, node: ast.AST, path: str, module: str = "") -> None:
        known = self._names.imported(path, module)
        if known is not None:
            self._add(node, *known)

    def _joined(self, node: ast.JoinedStr, values: Iterable[ast.expr], role: str) -> None:
        parts = [
            one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else "{x}"
            for one in values
        ]
        self._text(node, "".join(parts), role)
        for value in values:
            if isinstance(value, ast.FormattedValue):
                self._visit(value.value)

    def _text(self, node: ast.AST, text: str, role: str) -> None:
        names = self._names
        if model := names.model(text, bool(_MODEL.search(role))):
            self._add(node, codes.MODEL, model)
        elif not names.may_be_told(text):
            return
        elif "\n" in text:
            self._program(node, text)
        elif _CAPITALS.match(text):
            self._variable(node, text, in_environment=True)
        elif role not in _SHOWN and (host := names.address(text)):
            self._add(node, codes.URL, host)

    def _program(self, node: ast.AST, text: str) -> None:
        """A text of several lines may be a program, that is run or written out."""
        several = getattr(node, "end_lineno", 0) > getattr(node, "lineno", 0)
        for match in _IMPORT.finditer(text):
            line = text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip()))
            for path, module in _paths_of(match):
                known = self._names.imported(path, module)
                if known is not None:
                    self._add(node, *known, below=line if several else 0)

    def _variable(self, node: ast.AST, name: str, *, in_environment: bool = False) -> None:
        """A name that is written as a variable's: a string may stand in the environment."""
        known = _CAPITALS.match(name) is not None
        if known and self._names.is_variable(name, in_environment=in_environment):
            self._add(node, codes.KEY, name)

    def _add(self, node: ast.AST, code: str, subject: str, below: int = 0) -> None:
        line: int = getattr(node, "lineno", 1) + below
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        start: int = 0 if below else getattr(node, "col_offset", 0)
        column = len(text.encode("utf-8", "surrogatepass")[:start].decode("utf-8", "replace"))
        self.found.append(Use(self._path, code, subject, line, column + 1, text))


def _lines_with(words: Iterable[str], text: str) -> list[int]:
    """The numbers of the lines that hold one of the words."""
    places: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            places.add(at)
            at = text.find(word, at + 1)
    numbers: list[int] = []
    line, start = 1, 0
    for at in sorted(places):
        line += text.count("\n", start, at)
        start = at
        numbers.append(line)
    return numbers


def _name_of(node: ast.AST) -> str:
    """The last name of an expression."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return _name_of(func)
        case ast.Subscript(slice=ast.Constant(value=str(key))) | ast.Constant(value=str(key)):
            return key
    return ""


def _paths_of(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """What an import statement imports, and the module of which."""
    if match["module"]:
        for name in match["names"].strip(" \t()\r").split(",") or ("",):
            yield f"{match['module']}.{name.split(' as ')[0].strip()}", match["module"]
    else:
        for name in match["modules"].split(","):
            if bare := name.split(" as ")[0].strip():
                yield bare, ""


def _by_lines(path: str, text: str, names: Names) -> Iterator[Use]:
    """The uses in a text that is no Python of today: its imports, and its strings."""
    for number, line in enumerate(text.split("\n"), 1):
        if not names.may_be_told(line):
            continue
        if match := _IMPORT.match(line):
            for imported, module in _paths_of(match):
                if known := names.imported(imported, module):
                    yield Use(path, *known, number, line.index(match[0].lstrip()) + 1, line)
        for string in _STRING.finditer(line):
            held = string[1] or string[2] or ""
            column = string.start() + 1
            if _CAPITALS.match(held) and names.is_variable(held, in_environment=True):
                yield Use(path, codes.KEY, held, number, column, line)
            elif model := names.model(held, False):
                yield Use(path, codes.MODEL, model, number, column, line)
            elif host := names.address(held):
                yield Use(path, codes.URL, host, number, column, line)
