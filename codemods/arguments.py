"""The entries of a call or a display, and how they are laid out.

Entries are taken away and put in so that the ones that stay keep their place, their comments and
their line.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from migrator.language import _
from migrator.newer import parse

if TYPE_CHECKING:
    import libcst as cst

    Bracketed = cst.Call | cst.Dict | cst.List | cst.Set | cst.Tuple
    Node = cst.Arg | cst.BaseDictElement | cst.BaseElement
else:
    cst = LazyModule("libcst")


@dataclass(frozen=True)
class Entry:
    """One argument or dict element, its comma, and the blanks after it."""

    node: Node
    comma: cst.Comma | None
    space: cst.BaseParenthesizableWhitespace

    @property
    def name(self) -> str | None:
        match self.node:
            case cst.Arg(keyword=cst.Name(value=name)):
                return name
            case cst.DictElement(key=cst.SimpleString() as key):
                value = ast.literal_eval(key.value)
                return value if isinstance(value, str) else None
        return None

    @property
    def value(self) -> cst.BaseExpression:
        return self.node.value


@dataclass(frozen=True)
class Entries:
    """The entries of a call or a dict display. `lead` are the blanks after the opening bracket."""

    node: Bracketed
    lead: cst.BaseParenthesizableWhitespace
    items: tuple[Entry, ...]
    quote: str = '"'
    trailing: bool = False

    @classmethod
    def of(cls, node: cst.BaseExpression, quote: str = '"', *, trailing: bool = False) -> Entries:
        """`quote` is for new keys; `trailing` asks for a comma behind the last of several lines.

        Raises CannotRewrite for what is no call and no display.
        """
        match node:
            case cst.Call(args=args):
                lead = node.whitespace_before_args
                return cls(node, lead, tuple(map(_entry, args)), quote, trailing)
            case (
                cst.Dict(lbrace=opening, elements=elements, rbrace=closing)
                | cst.Set(lbrace=opening, elements=elements, rbrace=closing)
            ):
                items = _display(elements, closing.whitespace_before)
                return cls(node, opening.whitespace_after, items, quote, trailing)
            case cst.Tuple(elements=elements, lpar=lpar, rpar=rpar):
                lead = lpar[-1].whitespace_after if lpar else _none()
                items = _display(elements, rpar[0].whitespace_before if rpar else _none())
                return cls(node, lead, items, quote, trailing)
            case cst.List(lbracket=opening, elements=elements, rbracket=closing):
                items = _display(elements, closing.whitespace_before)
                return cls(node, opening.whitespace_after, items, quote, trailing)
        raise CannotRewrite(_("it has no entries"))

    @property
    def names(self) -> list[str]:
        """The names of the entries that have one."""
        return [item.name for item in self.items if item.name is not None]

    def index(self, name: str) -> int | None:
        """The place of the entry of that name."""
        return next((i for i, item in enumerate(self.items) if item.name == name), None)

    def value(self, name: str) -> cst.BaseExpression | None:
        """The value of the entry of that name."""
        at = self.index(name)
        return None if at is None else self.items[at].value

    def with_value(self, name: str, value: cst.BaseExpression) -> Entries:
        """Another value in the place of the old one; a new entry at the end where there is none."""
        at = self.index(name)
        if at is None:
            return self.insert(len(self.items), name, value)
        return self.with_value_at(at, value)

    def with_value_at(self, at: int, value: cst.BaseExpression) -> Entries:
        """Another value of the entry at a place."""
        return self._with(at, self.items[at].node.with_changes(value=value))

    def rename(self, name: str, new: str) -> Entries:
        """Another name for an entry. Raises CannotRewrite where the name is taken."""
        at = self.index(name)
        assert at is not None
        if self.index(new) is not None:
            raise CannotRewrite(_("{new} stands beside {name}", new=new, name=name))
        node = self.items[at].node
        if isinstance(node, cst.Arg):
            return self._with(at, node.with_changes(keyword=cst.Name(new)))
        assert isinstance(node, cst.DictElement)
        assert isinstance(node.key, cst.SimpleString)
        quote = node.key.quote
        return self._with(at, node.with_changes(key=cst.SimpleString(f"{quote}{new}{quote}")))

    def named_from(self, first: int, names: Sequence[str]) -> Entries:
        """The arguments that are given by position from a place on, by their names.

        `names` are those of all that are. Raises CannotRewrite where one has none.
        """
        found = self
        for at, item in enumerate(self.items):
            node = item.node
            if at < first or item.name is not None:
                continue
            if not isinstance(node, cst.Arg) or node.star or at >= len(names):
                raise CannotRewrite(_("what it is given by position has no name"))
            found = found._with(at, self._node(names[at], item.value))
        return found

    def _with(self, at: int, node: Node) -> Entries:
        item = replace(self.items[at], node=node)
        return replace(self, items=(*self.items[:at], item, *self.items[at + 1 :]))

    def remove(self, name: str) -> Entries:
        """Take the entry of that name away."""
        at = self.index(name)
        assert at is not None
        return self.remove_at(at)

    def remove_at(self, at: int) -> Entries:
        """Take an entry away with its comma, its line and the comment at the line's end."""
        gone, kept = self.items[at], [*self.items[:at], *self.items[at + 1 :]]
        before = self.items[at - 1].space if at else self.lead
        last = at == len(self.items) - 1
        space = _merged(before, gone.space, last=last)
        if at == 0 and kept and not _multi(before) and not _comment(gone.space):
            space = before
        if at == 0:
            return replace(
                self, lead=space if kept or _comment(space) else _none(), items=tuple(kept)
            )
        comma = kept[at - 1].comma
        if last and gone.comma is None and comma and not _multi(comma.whitespace_before):
            comma = None
        kept[at - 1] = replace(kept[at - 1], comma=comma, space=space)
        return replace(self, items=tuple(kept))

    def insert(self, at: int, name: str | None, value: cst.BaseExpression) -> Entries:
        """Put an entry in before the one at a place, laid out as its neighbours are."""
        node = self._node(name, value)
        if len(self.items) == 1 and isinstance(self.items[0].value, cst.GeneratorExp):
            return self._around_generator()._inserted(at, node)
        return self._inserted(at, node)

    def _around_generator(self) -> Entries:
        """The brackets a generator needs as soon as it is not the only argument."""
        [item] = self.items
        if item.value.lpar:
            return self
        bracketed = item.value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return self._with(0, item.node.with_changes(value=bracketed))

    def _inserted(self, at: int, node: Node) -> Entries:
        if not self.items and _multi(self.lead):
            return self._only(node)
        if not self.items:
            return replace(self, lead=_none(), items=(Entry(node, None, _none()),))
        if at < len(self.items):
            before = self.items[at - 1].space if at else self.lead
            if self.in_one_row and self.items[-1].comma is None:
                before = cst.SimpleWhitespace(" ")
            item = Entry(node, cst.Comma(), _separator(before))
            return replace(self, items=(*self.items[:at], item, *self.items[at:]))
        last = self.items[-1]
        before = self.items[-2].space if len(self.items) > 1 else self.lead
        separator, end = _separator(before), last.space
        if isinstance(separator, cst.ParenthesizedWhitespace) and isinstance(
            end, cst.ParenthesizedWhitespace
        ):
            separator = separator.with_changes(first_line=end.first_line)
            newline = cst.TrailingWhitespace(newline=end.first_line.newline)
            end = end.with_changes(first_line=newline)
        previous = replace(last, comma=last.comma or self._comma, space=separator)
        alone = len(self.items) == 1
        ends = bool(last.comma) or (self.trailing and alone and _multi(end))
        if alone and isinstance(self.node, cst.Tuple) and not _multi(end):
            ends = False  # its comma made a tuple of it
        added = Entry(node, cst.Comma() if ends else None, end)
        return replace(self, items=(*self.items[:-1], previous, added))

    @property
    def _comma(self) -> cst.Comma:
        """A comma as the entries have it: some begin their lines with it."""
        before = self.items[-2].comma if len(self.items) > 1 else None
        blanks = before.whitespace_before if before else _none()
        return cst.Comma(whitespace_before=_separator(blanks) if _multi(blanks) else _none())

    def _only(self, node: Node) -> Entries:
        """The first entry of a bracket that is open over lines: commented-out arguments in it."""
        assert isinstance(self.lead, cst.ParenthesizedWhitespace)
        rows = [line for line in self.lead.empty_lines if line.comment]
        level = rows[-1].whitespace if rows else cst.SimpleWhitespace("    ")
        lead = self.lead.with_changes(last_line=level, indent=bool(rows) and self.lead.indent)
        end = cst.ParenthesizedWhitespace(indent=self.lead.indent, last_line=self.lead.last_line)
        return replace(self, lead=lead, items=(Entry(node, cst.Comma(), end),))

    def element(self, name: str, value: cst.BaseExpression) -> cst.DictElement:
        """An entry of a dict display, its key in the quotes of the others."""
        return cst.DictElement(cst.SimpleString(f"{self.key_quote}{name}{self.key_quote}"), value)

    def _node(self, name: str | None, value: cst.BaseExpression) -> Node:
        if isinstance(self.node, (cst.List, cst.Set, cst.Tuple)):
            return cst.Element(value)
        if isinstance(self.node, cst.Dict):
            return self.element(str(name), value)
        if name is None:
            return cst.Arg(value)
        spaced = next(
            (
                item.node.equal
                for item in self.items
                if isinstance(item.node, cst.Arg) and item.node.keyword
            ),
            None,
        )
        tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        equal = spaced if isinstance(spaced, cst.AssignEqual) else tight
        return cst.Arg(value, keyword=cst.Name(name), equal=equal)

    @property
    def key_quote(self) -> str:
        """The quote of the keys that stand there, or of new ones."""
        keys = [
            item.node.key.quote
            for item in self.items
            if isinstance(item.node, cst.DictElement)
            and isinstance(item.node.key, cst.SimpleString)
        ]
        return keys[0] if keys else self.quote

    @property
    def spread(self) -> bool:
        """Whether the entries stand on several lines."""
        return any(_multi(space) for space in (self.lead, *(item.space for item in self.items)))

    @property
    def in_one_row(self) -> bool:
        """Whether the entries stand on one line of their own, between those of the brackets."""
        inner = [item.space for item in self.items[:-1]]
        ends = (self.lead, self.items[-1].space) if self.items else ()
        return bool(ends) and all(map(_multi, ends)) and not any(map(_multi, inner))

    def on_own_line(self, at: int, indentation: str) -> Entries:
        """The entry at a place on a line of its own."""
        before = replace(self.items[at - 1], space=_line(indentation))
        return replace(self, items=(*self.items[: at - 1], before, *self.items[at:]))

    @property
    def crowded(self) -> int | None:
        """The place of the last entry, where it shares its line in a bracket of several lines."""
        at = len(self.items) - 1
        shares = at > 0 and self.spread and not _multi(self.items[at - 1].space)
        return at if shares and not self.in_one_row else None

    def rebuilt(self) -> Bracketed:
        """The node with these entries."""
        if isinstance(self.node, cst.Call):
            args = [_argument(item) for item in self.items]
            return self.node.with_changes(args=args, whitespace_before_args=self.lead)
        elements = [_element(item, item is self.items[-1]) for item in self.items]
        end = self.items[-1].space if self.items else _none()
        if isinstance(self.node, cst.Tuple):
            return self._parenthesized(elements, end)
        opening, closing = ("lbrace", "rbrace")
        if isinstance(self.node, cst.List):
            opening, closing = ("lbracket", "rbracket")
        brackets = {
            opening: getattr(self.node, opening).with_changes(whitespace_after=self.lead),
            closing: getattr(self.node, closing).with_changes(whitespace_before=end),
        }
        return self.node.with_changes(elements=elements, **brackets)

    def _parenthesized(
        self, elements: Sequence[Node], end: cst.BaseParenthesizableWhitespace
    ) -> cst.Tuple:
        """A tuple of the elements, in the parentheses that it has."""
        assert isinstance(self.node, cst.Tuple)
        lpar, rpar = list(self.node.lpar), list(self.node.rpar)
        if lpar:
            lpar[-1] = lpar[-1].with_changes(whitespace_after=self.lead)
            rpar[0] = rpar[0].with_changes(whitespace_before=end)
        return self.node.with_changes(elements=elements, lpar=lpar, rpar=rpar)

    def broken(self, outer: str, indent: str, *, each: bool) -> Entries:
        """The entries in lines of their own: one for `each`, or one line for all of them."""
        inner, end = _line(outer + indent), _line(outer)
        between = inner if each else cst.SimpleWhitespace(" ")
        items = [
            Entry(item.node, item.comma or cst.Comma(), _commented(between, item.space))
            for item in self.items
        ]
        last = self.items[-1].space
        items[-1] = Entry(items[-1].node, cst.Comma() if each else None, _commented(end, last))
        return replace(self, lead=_commented(inner, self.lead), items=tuple(items))


def _display(elements: Sequence[Node], end: cst.BaseParenthesizableWhitespace) -> tuple[Entry, ...]:
    """The entries of a display: the blanks after the last stand before the closing bracket."""
    items = tuple(map(_entry, elements))
    return (*items[:-1], replace(items[-1], space=end)) if items else ()


def _entry(node: Node) -> Entry:
    comma = node.comma if isinstance(node.comma, cst.Comma) else None
    bare = node.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    if comma is None:
        if isinstance(node, cst.Arg):
            return Entry(
                bare.with_changes(whitespace_after_arg=_none()), None, node.whitespace_after_arg
            )
        return Entry(bare, None, _none())
    return Entry(bare, comma.with_changes(whitespace_after=_none()), comma.whitespace_after)


def _argument(item: Entry) -> cst.Arg:
    assert isinstance(item.node, cst.Arg)
    if item.comma is None:
        return item.node.with_changes(whitespace_after_arg=item.space)
    return item.node.with_changes(comma=item.comma.with_changes(whitespace_after=item.space))


def _element(item: Entry, last: bool) -> Node:
    assert not isinstance(item.node, cst.Arg)
    if item.comma is None:
        return item.node
    space = _none() if last else item.space
    return item.node.with_changes(comma=item.comma.with_changes(whitespace_after=space))


def _none() -> cst.SimpleWhitespace:
    return cst.SimpleWhitespace("")


def _line(indentation: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(indentation))


def _multi(space: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace)


def _comment(space: cst.BaseParenthesizableWhitespace) -> bool:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return False
    return bool(space.first_line.comment or any(line.comment for line in space.empty_lines))


def _commented(
    space: cst.BaseParenthesizableWhitespace, before: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """The blanks with the comments of those that they take the place of."""
    if not isinstance(before, cst.ParenthesizedWhitespace) or not _comment(before):
        return space
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return before
    return space.with_changes(
        first_line=before.first_line, empty_lines=before.empty_lines, indent=before.indent
    )


def _separator(before: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """The blanks between two entries, by those before one of them."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return cst.SimpleWhitespace(" ")
    return before.with_changes(
        first_line=cst.TrailingWhitespace(newline=before.first_line.newline), empty_lines=()
    )


def _merged(
    before: cst.BaseParenthesizableWhitespace,
    after: cst.BaseParenthesizableWhitespace,
    *,
    last: bool,
) -> cst.BaseParenthesizableWhitespace:
    """The blanks that stay where an entry stood between two stretches of them."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return after if isinstance(after, cst.ParenthesizedWhitespace) or last else before
    if not isinstance(after, cst.ParenthesizedWhitespace):
        return before if not last or _comment(before) else after
    return before.with_changes(
        empty_lines=(*before.empty_lines, *after.empty_lines),
        indent=after.indent,
        last_line=after.last_line,
    )


def same(one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether two expressions are the same but for their layout and quotes."""
    module = cst.Module([])
    codes: Sequence[str] = [module.code_for_node(node) for node in (one, other)]
    trees = [ast.dump(parse(f"({code})")) for code in codes]
    return trees[0] == trees[1]
