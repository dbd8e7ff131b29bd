"""What a Python package says of itself: its sources are read, and never imported or run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.ClassDef | Function | ast.Assign | ast.AnnAssign
_VERSION = re.compile(r"^Version: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A class, a function or a value, and the dotted name of the module that it stands in."""

    module: str
    node: Definition


@dataclass(frozen=True)
class Package:
    """An unpacked distribution: the folder holds its packages and its `.dist-info`."""

    name: str
    folder: Path

    @cached_property
    def version(self) -> str:
        """What its metadata says; empty where there is none."""
        stem = re.sub(r"[-_.]+", "_", self.name).lower()
        for path in self.folder.glob("*.dist-info/METADATA"):
            if (
                re.sub(r"[-_.]+", "_", path.parent.name.rpartition("-")[0].partition("-")[0])
                == stem
            ):
                found = _VERSION.search(path.read_text("utf-8", "replace"))
                return found[1].strip() if found else ""
        return ""

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Every module that is written in Python, by its dotted name."""
        found = {}
        for path in sorted(self.folder.rglob("*.py")):
            *above, last = path.relative_to(self.folder).with_suffix("").parts
            found[".".join(above if last == "__init__" else [*above, last])] = path
        return found

    def tree(self, module: str) -> ast.Module:
        """The syntax of a module; an empty one where there is none, or it is not Python 3."""
        return self._trees.get(module) or self._trees.setdefault(module, self._parsed(module))

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {}

    def _parsed(self, module: str) -> ast.Module:
        path = self.modules.get(module)
        try:
            return ast.parse(path.read_bytes() if path is not None else b"")
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    def states(self, text: str) -> bool:
        """Whether a string constant of its code is that text, or an f-string as it is written."""
        beginning = text.partition("{")[0].encode()
        return any(
            text in _texts(self.tree(module))
            for module, path in self.modules.items()
            if beginning in path.read_bytes()
        )

    def find(self, dotted: str) -> Found | None:
        """What a dotted name is defined by, through imports of it from elsewhere."""
        return self._find(dotted, set())

    def _find(self, dotted: str, seen: set[str]) -> Found | None:
        module, _, name = dotted.rpartition(".")
        if not module or dotted in seen:
            return None
        seen.add(dotted)
        if module not in self.modules:
            owner = self._find(module, seen)
            return self._member(owner, name) if owner is not None else None
        for node in self.tree(module).body:
            if isinstance(node, Definition) and name in _names(node):
                return Found(module, node)
        for origin in self._origins(module, name):
            if found := self._find(origin, seen):
                return found
        return None

    def _member(self, owner: Found, name: str) -> Found | None:
        """A method of a class, or of one above it: the last of those that share a name."""
        if not isinstance(owner.node, ast.ClassDef):
            return None
        own = [
            node
            for node in owner.node.body
            if isinstance(node, Definition) and name in _names(node)
        ]
        if own:
            return Found(owner.module, own[-1])
        for base in self.bases(owner):
            if found := self._member(base, name):
                return found
        return None

    def bases(self, owner: Found) -> Iterator[Found]:
        """The classes right above one, those of the package alone."""
        for base in owner.node.bases if isinstance(owner.node, ast.ClassDef) else ():
            if found := self.named(owner.module, base):
                yield found

    def ancestors(self, owner: Found) -> Iterator[str]:
        """The names of a class and of all above it."""
        yield from _names(owner.node)
        for base in self.bases(owner):
            yield from self.ancestors(base)

    def named(self, module: str, expression: ast.expr | None) -> Found | None:
        """The class that an expression names in a module: `Chat`, `"Chat"`, `chat.Chat`."""
        if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
            expression = ast.parse(expression.value, mode="eval").body
        if expression is None or not isinstance(expression, ast.Name | ast.Attribute):
            return None
        return self.find(f"{module}.{ast.unparse(expression)}")

    def _origins(self, module: str, name: str) -> Iterator[str]:
        """Where a module has a name from, wherever in it that is imported."""
        for node in ast.walk(self.tree(module)):
            if not isinstance(node, ast.ImportFrom):
                continue
            source = self._absolute(module, node)
            for alias in node.names:
                if alias.name == "*":
                    yield f"{source}.{name}"
                elif (alias.asname or alias.name) == name:
                    yield f"{source}.{alias.name}"

    def _absolute(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.modules[module].name == "__init__.py"
        parts = module.split(".")
        above = parts[: len(parts) - node.level + package]
        return ".".join([*above, *filter(None, [node.module])])

    def parameters(self, dotted: str) -> tuple[str, ...] | None:
        """The names a callable takes, `**` at the end where it takes any; None where there is none.

        A class is called by its `__init__`, or that of a class above it.
        """
        found = self.find(dotted)
        if found is not None and isinstance(found.node, ast.ClassDef):
            found = self._member(found, "__init__")
        if found is None or not isinstance(found.node, Function):
            return None
        given = found.node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        return (*(name for name in names if name != "self"), *(["**"] if given.kwarg else []))


def _names(definition: Definition) -> list[str]:
    """The names that a statement binds."""
    if isinstance(definition, ast.Assign):
        return [one.id for one in definition.targets if isinstance(one, ast.Name)]
    if isinstance(definition, ast.AnnAssign):
        return [definition.target.id] if isinstance(definition.target, ast.Name) else []
    return [definition.name]


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield "".join(map(_piece, node.values))
        return
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def _piece(part: ast.expr) -> str:
    """A part of an f-string as it is written."""
    if isinstance(part, ast.FormattedValue):
        return "{" + ast.unparse(part.value) + "}"
    return str(part.value) if isinstance(part, ast.Constant) else ""
