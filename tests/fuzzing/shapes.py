"""Other shapes of a program: its calls, names and statements said in other ways.

What comes of it may differ from what comes of the program it was made from.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from random import Random
from typing import Any

_SHARE = 0.3
_NAMES = ("client", "_", "match", "type", "клиент", "模型", "ﬁ", "__x", "openai", "self", "model")


def _expression(template: str, **parts: ast.expr) -> ast.expr:
    """The expression of a template, in which names stand for others."""

    class Filled(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parts.get(node.id, node)

    return Filled().visit(ast.parse(template, mode="eval").body)


# What a call may stand in.
_AROUND = (
    "(answer := CALL)",
    "(lambda: CALL)()",
    "(lambda x=CALL: x)()",
    "[CALL for _ in range(2)][0]",
    "[x for x in (CALL,) if x]",
    "next(CALL for _ in '1')",
    "{k: CALL for k in 'ab'}",
    "f'{CALL}'",
    "f'{CALL!r:>{10}}'",
    "CALL if CALL else None",
    "CALL or None",
    "(CALL, *[CALL])",
    "print(CALL, CALL)",
    "print(*CALL, **CALL)",
    "(lambda *a, **k: CALL)",
    "(yield CALL)",
    "(await CALL)",
    "not CALL",
    "CALL[0:CALL]",
    "{**CALL, 'a': CALL}",
)


def _splat(call: ast.Call, random: Random) -> ast.Call:
    """The arguments of a call by a dictionary, or by dict()."""
    named = [one for one in call.keywords if one.arg is not None]
    kept = random.randrange(len(named) + 1)
    handed = named[kept:]
    if random.random() < 0.5:
        mapping: ast.expr = ast.Dict(
            [ast.Constant(one.arg) for one in handed], [one.value for one in handed]
        )
    else:
        mapping = ast.Call(ast.Name("dict"), [], handed)
    spread = [one for one in call.keywords if one.arg is None]
    keywords = [*named[:kept], ast.keyword(None, mapping), *spread]
    if random.random() < 0.3:
        random.shuffle(keywords)
    return ast.Call(call.func, call.args, keywords)


def _reordered(call: ast.Call, random: Random) -> ast.Call:
    keywords = list(call.keywords)
    random.shuffle(keywords)
    return ast.Call(call.func, call.args, keywords)


def _starred(call: ast.Call, random: Random) -> ast.Call:
    handed = ast.Starred(ast.Tuple(call.args, ast.Load()), ast.Load())
    return ast.Call(call.func, [handed], call.keywords)


def _by_name(call: ast.Call, random: Random) -> ast.Call:
    """The function of a call got by getattr, or kept by partial."""
    func = call.func
    if isinstance(func, ast.Attribute) and random.random() < 0.5:
        asked = [func.value, ast.Constant(func.attr)]
        return ast.Call(ast.Call(ast.Name("getattr"), asked, []), call.args, call.keywords)
    partial = ast.Call(ast.Name("partial"), [func, *call.args], call.keywords)
    return ast.Call(partial, [], [])


def _around(call: ast.Call, random: Random) -> ast.expr:
    return _expression(random.choice(_AROUND), CALL=call)


def _without_arguments(call: ast.Call, random: Random) -> ast.Call:
    kept = [one for one in call.keywords if random.random() < 0.7]
    return ast.Call(call.func, call.args, kept)


def _twice(call: ast.Call, random: Random) -> ast.Call:
    """A call whose last argument is one such call."""
    return ast.Call(call.func, call.args, [*call.keywords, ast.keyword("user", call)])


def _unpacked_value(call: ast.Call, random: Random) -> ast.Call:
    """A value of the call by a condition, in parentheses or named on the way."""
    ways = ("VALUE if FLAG else VALUE", "(value := VALUE)", "VALUE or OTHER", "(lambda: VALUE)()")
    keywords = [
        ast.keyword(one.arg, _expression(random.choice(ways), VALUE=one.value))
        if random.random() < 0.3
        else one
        for one in call.keywords
    ]
    return ast.Call(call.func, call.args, keywords)


_OF_CALLS: tuple[Callable[[ast.Call, Random], ast.expr], ...] = (
    _splat,
    _reordered,
    _starred,
    _by_name,
    _around,
    _around,
    _without_arguments,
    _twice,
    _unpacked_value,
)

# What statements may stand in.
_BLOCKS = (
    "if FLAG:\n    BODY",
    "if FLAG:\n    BODY\nelif OTHER:\n    BODY\nelse:\n    BODY",
    "if FLAG:\n    pass\nelse:\n    BODY",
    "try:\n    BODY\nexcept Exception as error:\n    raise",
    "try:\n    pass\nfinally:\n    BODY",
    "try:\n    BODY\nexcept* ValueError:\n    pass",
    "for _ in range(2):\n    BODY\nelse:\n    pass",
    "while True:\n    BODY\n    break",
    "with (open('a') as a, open('b') as b):\n    BODY",
    "def run():\n    BODY",
    "async def run():\n    async with lock:\n        BODY",
    "class Runner:\n    BODY",
    "class Runner:\n    @property\n    def run(self, *, flag=True):\n        BODY",
    "match value:\n    case {'a': [x, *_]} if x:\n        BODY\n    case _:\n        BODY",
    "def run(a, /, b: int = 1, *c, d, **e) -> None:\n    'doc'\n    BODY",
    "def outer():\n    def inner():\n        nonlocal_ = 1\n        BODY\n    return inner",
)


class _Shaper(ast.NodeTransformer):
    def __init__(self, random: Random) -> None:
        self.random = random

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if self.random.random() < _SHARE:
            return self.random.choice(_OF_CALLS)(node, self.random)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        self.generic_visit(node)
        if self.random.random() < _SHARE / 3:
            return ast.AsyncFunctionDef(**{name: getattr(node, name) for name in node._fields})
        if self.random.random() < _SHARE / 3:
            node.decorator_list = [*node.decorator_list, _expression("wraps(lambda f: f)")]
        return node


def shaped_calls(text: str, random: Random) -> str:
    """Some calls said otherwise."""
    return ast.unparse(ast.fix_missing_locations(_Shaper(random).visit(ast.parse(text))))


def nested(text: str, random: Random) -> str:
    """Some of the statements in a block of another statement."""
    tree = ast.parse(text)
    start = random.randrange(len(tree.body) + 1)
    end = random.randrange(start, len(tree.body) + 1)
    if start == end:
        return text
    block = ast.parse(random.choice(_BLOCKS)).body[0]
    inside = tree.body[start:end]

    class Filled(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> Any:
            is_body = isinstance(node.value, ast.Name) and node.value.id == "BODY"
            return inside if is_body else node

    tree.body[start:end] = [Filled().visit(block)]
    return ast.unparse(ast.fix_missing_locations(tree))


def renamed(text: str, random: Random) -> str:
    """One of the names, at all of its places, by another; an import by an alias."""
    tree = ast.parse(text)
    names = sorted({one.id for one in ast.walk(tree) if isinstance(one, ast.Name)})
    if not names:
        return text
    old, new = random.choice(names), random.choice(_NAMES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
        elif isinstance(node, ast.arg) and node.arg == old:
            node.arg = new
        elif isinstance(node, ast.alias) and (node.asname or node.name) == old:
            node.asname = new
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == old:
            node.name = new
    return ast.unparse(tree)


def doubled(text: str, random: Random) -> str:
    """A statement of the program once more, somewhere."""
    tree = ast.parse(text)
    if tree.body:
        one = random.choice(tree.body)
        tree.body.insert(random.randrange(len(tree.body) + 1), one)
    return ast.unparse(tree)


def shuffled(text: str, random: Random) -> str:
    """Two statements that follow each other, the other way round."""
    tree = ast.parse(text)
    if len(tree.body) > 1:
        at = random.randrange(len(tree.body) - 1)
        tree.body[at : at + 2] = reversed(tree.body[at : at + 2])
    return ast.unparse(tree)


def cut(text: str, random: Random) -> str:
    """The program without one of its statements."""
    tree = ast.parse(text)
    if len(tree.body) > 1:
        del tree.body[random.randrange(len(tree.body))]
    return ast.unparse(tree)


SHAPES: tuple[Callable[[str, Random], str], ...] = (
    shaped_calls,
    shaped_calls,
    shaped_calls,
    nested,
    renamed,
    doubled,
    shuffled,
    cut,
)


def shaped(text: str, shapes: list[Callable[[str, Random], str]], random: Random) -> str:
    """The text in other shapes, one after the other, as far as each of them is Python."""
    for shape in shapes:
        try:
            other = shape(text, random)
            compile(other, "shaped", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            continue
        text = other
    return text
