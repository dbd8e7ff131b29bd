"""The names that a file uses and that nothing in it binds."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping

# What Python binds in every module, in classes, and where a module asks for it by its own.
_ALWAYS = frozenset({*dir(builtins), "__file__", "__path__", "__annotations__", "__class__",
                     "__module__", "__qualname__", "__builtins__", "WindowsError"})  # fmt: skip


def unbound(data: bytes) -> Mapping[str, int]:
    """Each name that is used and bound nowhere in the file, with its first line.

    In whatever scope it is bound, it counts as bound; a file that does not parse, or that binds
    what it does not name (`from x import *`, `globals()`, `exec`), has none.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return {}
    nodes = list(ast.walk(tree))
    bound = {name for node in nodes for name in _bound(node)}
    used: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used[node.id] = min(node.lineno, used.get(node.id, node.lineno))
    if "*" in bound or not used.keys().isdisjoint({"globals", "exec"}):
        return {}
    return {name: line for name, line in used.items() if name not in bound | _ALWAYS}


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (one.asname or one.name.split(".")[0] for one in names)
        case ast.Global(names=names):
            yield from names
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.AST() if type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
            yield node.name  # type: ignore[attr-defined]  # Python 3.12 and later
