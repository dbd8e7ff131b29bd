"""Change the named arguments of a call, a dict display or a `dict(...)` call.

create(model=m, seed=1)  ->  create(model=m, extra_body={"enable_thinking": False})
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from codemods.arguments import Entries, same
from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import Pairs, Parameters
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_LISTS = ("drop", "rename", "replace", "add", "move", "extra_body", "compose")


def combine(several: Sequence[Parameters]) -> Parameters:
    """One instruction that does what all of them do. Raises CannotRewrite where they contradict."""
    claims: dict[tuple[str, str], tuple[str, str]] = {}
    for instruction in several:
        for place, claim in _claims(instruction):
            if claims.setdefault(place, claim) != claim:
                raise CannotRewrite(
                    _("another edit wants something else of {place}", place=place[1])
                )
    joined: dict[str, Any] = {
        name: tuple(dict.fromkeys(one for p in several for one in getattr(p, name)))
        for name in _LISTS
    }
    return replace(several[0], **joined)


def _wishes(instruction: Parameters) -> Iterator[tuple[str, tuple[str, str]]]:
    """What nothing else may be wanted of an argument beside."""
    for name in instruction.drop:
        yield name, ("drop", "")
    for kind in ("replace", "add"):
        for name, text in getattr(instruction, kind):
            yield name, (kind, text)
    for name, text in instruction.compose:
        for consumed in (name, *_named(text)):
            yield consumed, ("compose", text)


def _claims(instruction: Parameters) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """What is wanted of each argument, of its name and of each key of what `rest` names.

    What is moved may have another name there, so no more is wanted of its name.
    """
    for name in instruction.move:
        yield ("argument", name), ("move", "")
    for name, new in instruction.rename:
        yield ("name", name), ("rename", new)
    for name, wish in _wishes(instruction):
        yield ("argument", name), wish
        yield ("name", name), wish
    for name, text in instruction.extra_body:
        yield ("extra", name), ("extra", text)
    yield ("rest", ""), ("rest", instruction.rest)


@codemod(
    Parameters,
    name="parameters",
    summary="Drop, rename, replace, move and add the arguments of a request",
    review="Check that the answers still mean what the program expects without dropped arguments",
    combine=combine,
)
def change_parameters(
    instruction: Parameters, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite where an argument is missing, or stands there with another value."""
    entries = context.entries(node)
    _require(entries, instruction)
    renamed = dict(instruction.rename)
    moved = {renamed.get(name, name): _value(entries, name) for name in instruction.move}
    for name, source in instruction.replace:
        entries = entries.with_value(name, context.parse(source))
    for name, new in instruction.rename:
        entries = entries if name in instruction.move else entries.rename(name, new)
    for name, source in instruction.compose:
        entries = _composed(entries, name, source, context)
    extra = moved | {name: context.parse(source) for name, source in instruction.extra_body}
    gone = [*instruction.drop, *instruction.move]
    for name, source in instruction.add:
        entries = _added(entries, name, context.parse(source), gone)
    if extra:
        body = _extended(instruction.rest, entries.value(instruction.rest), extra, context)
        entries = _added(entries, instruction.rest, body, gone, replace=True)
    for name in gone:
        entries = entries.remove(name)
    return entries.rebuilt()


def _require(entries: Entries, instruction: Parameters) -> None:
    pairs: Pairs = (*instruction.rename, *instruction.replace)
    parts = (name for __, source in instruction.compose for name in _named(source))
    for name in (*instruction.drop, *instruction.move, *(name for name, __ in pairs), *parts):
        if entries.index(name) is None:
            raise CannotRewrite(_("no argument {name} stands there", name=name))


def _named(source: str) -> list[str]:
    """The arguments that a composed value is made of."""
    nodes = ast.walk(ast.parse(source, mode="eval"))
    return list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))


def _composed(entries: Entries, name: str, source: str, context: Context) -> Entries:
    """The entries with one in the place of those that it is made of."""
    parts = sorted(_named(source), key=lambda part: entries.index(part) or 0)
    value = context.parse(source, {part: _value(entries, part) for part in parts})
    value = _joined(value, context)
    for part in parts[1:]:
        entries = entries.remove(part)
    return entries.with_value(parts[0], value).rename(parts[0], name)


def _joined(value: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """One list of a list that ends in another list's elements."""
    match value:
        case cst.List(elements=[*leading, cst.StarredElement(value=cst.List() as written)]):
            entries = Entries.of(written, trailing=context.file.trailing_comma)
            for at, element in enumerate(leading):
                entries = entries.insert(at, None, element.value)
            joined = entries.rebuilt()
            context.fresh.append(joined)
            return joined
    return value


def _value(entries: Entries, name: str) -> cst.BaseExpression:
    value = entries.value(name)
    assert value is not None
    return value


def _added(
    entries: Entries,
    name: str,
    value: cst.BaseExpression,
    gone: Sequence[str],
    *,
    replace: bool = False,
) -> Entries:
    """The entries with another one: at the end, or where all that follows it goes."""
    present = entries.value(name)
    if present is not None and name not in gone:
        if replace or same(present, value):
            return entries.with_value(name, value) if replace else entries
        raise CannotRewrite(_("{name} stands there with another value", name=name))
    return entries.insert(len(entries.items), name, value)


def _extended(
    rest: str,
    body: cst.BaseExpression | None,
    extra: dict[str, cst.BaseExpression],
    context: Context,
) -> cst.BaseExpression:
    """The display for `extra_body`, or what takes its place, with more keys."""
    if body is None or (isinstance(body, cst.Name) and body.value == "None"):
        entries = context.entries(cst.Dict([]))
    elif isinstance(body, cst.Dict) or _is_dict_call(body, extra):
        entries = context.entries(body)
    else:
        splat = cst.StarredDictElement(_splattable(body))
        entries = context.entries(cst.Dict([splat]))
    for name, value in extra.items():
        present = entries.value(name)
        if present is None:
            entries = entries.insert(len(entries.items), name, value)
        elif not same(present, value):
            raise CannotRewrite(_("{rest} holds another {name}", rest=rest, name=name))
    display = entries.rebuilt()
    context.fresh.append(display)
    return display


def _is_dict_call(body: cst.BaseExpression, extra: Collection[str]) -> bool:
    """Whether it is a `dict(...)` that can take the names as they are."""
    match body:
        case cst.Call(func=cst.Name(value="dict")):
            return all(name.isidentifier() and not iskeyword(name) for name in extra)
    return False


def _splattable(body: cst.BaseExpression) -> cst.BaseExpression:
    """The expression, or an empty dict where it is None: the SDK takes None, a splat does not."""
    simple = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BooleanOperation)
    if not (isinstance(body, simple) or body.lpar):
        body = body.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.BooleanOperation(
        body, cst.Or(), cst.Dict([]), lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
    )
