"""What a codemod has at hand for one edit: the file, its manners, and what it asks for."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from codemods.arguments import Entries
from codemods.lazy import LazyModule
from codemods.literals import Literal
from codemods.outcome import CannotRewrite
from codemods.python_file import PythonFile, used_names
from codemods.scope import Need, Scope
from codemods.written import inner_nodes
from migrator.analysis.sites import Span
from migrator.language import _
from migrator.nodes import by_class

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


_FORMATTED = re.compile(r"""(?i)(?<![a-z0-9_])(?:f|fr|rf)(\"{3}|'{3}|"|')""")


@dataclass(frozen=True, slots=True)
class Helper:
    """A function that the new code calls and that the file has to define."""

    name: str
    source: str

    @property
    def names(self) -> Collection[str]:
        """The names that it reads."""
        return _names_in(self.source)


@cache
def _names_in(source: str) -> Collection[str]:
    return used_names(by_class(ast.parse(source))).keys()


@dataclass
class Context:
    """One edit at work.

    `becoming` counts, by the name they are written with, the constructions whose class changes;
    `pending` are the helpers that other edits asked for. `needs`, `helpers` and `fresh` are what
    the codemod asks for and makes.
    """

    file: PythonFile
    scope: Scope
    span: Span
    becoming: Counter[str] = field(default_factory=Counter)
    pending: Sequence[Helper] = ()
    needs: list[Need] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    fresh: list[cst.CSTNode] = field(default_factory=list)

    @cached_property
    def node(self) -> ast.expr | None:
        """The expression the edit is for, as the file has it."""
        return self.file.expression(self.span)

    @cached_property
    def parent(self) -> ast.AST | None:
        """What stands around that expression."""
        return self.file.parent(self.node) if self.node else None

    @cached_property
    def in_annotation(self) -> bool:
        """Whether the expression is an annotation or a part of one."""
        if self.node is None:
            return False
        chain = [self.node, *self.file.ancestors(self.node)]
        return any(
            inner in (getattr(outer, "annotation", None), getattr(outer, "returns", None))
            for inner, outer in pairwise(chain)
        )

    @cached_property
    def formatted(self) -> ast.JoinedStr | None:
        """The f-string that the expression stands in."""
        around = self.file.ancestors(self.node) if self.node else iter(())
        return next((node for node in around if isinstance(node, ast.JoinedStr)), None)

    @cached_property
    def quote(self) -> str:
        """The quote for new strings: the file's, or the one an f-string around leaves free."""
        if self.formatted is None:
            return self.file.quote
        return "'" if self.enclosing[0] == '"' else '"'

    @cached_property
    def enclosing(self) -> str:
        """The quotes of the f-string that the expression stands in, empty where it is in none."""
        if self.formatted is None:
            return ""
        start, __ = self.file.bounds(self.formatted)
        before = self.file.source.text[start : self.file.source.bounds(self.span)[0]]
        opened = _FORMATTED.findall(before)
        return opened[-1] if opened else '"'

    def handed_on(self, function: cst.BaseExpression) -> cst.BaseExpression:
        """A method's path as an argument: on one line, where it stood on several."""
        match function:
            case cst.Attribute(value=value, dot=cst.Dot() as dot):
                code = cst.Module([]).code_for_node(dot)
                blanks = cst.SimpleWhitespace("")
                tight = cst.Dot(blanks, blanks) if "#" not in code else dot
                return function.with_changes(value=self.handed_on(value), dot=tight)
            case cst.Call(func=inner):
                call = function.with_changes(func=self.handed_on(inner))
                self.fresh.append(call)
                return call
        return function

    def entries(self, node: cst.BaseExpression) -> Entries:
        """The entries of a call or a dict display, new ones in the manner of the file.

        Raises CannotRewrite for anything else.
        """
        if not isinstance(node, (cst.Call, cst.Dict)):
            raise CannotRewrite(_("it is neither a call nor a dict display"))
        return Entries.of(node, self.quote, trailing=self.file.trailing_comma)

    def require_room(self, code: str) -> None:
        """Raises CannotRewrite where the f-string around cannot hold the new code (Python 3.11)."""
        if self.enclosing and ({"\\", "\n", "\r"} & set(code) or self.enclosing in code):
            raise CannotRewrite(_("it stands in an f-string that cannot hold the new text"))

    def spell(self, path: str) -> str:
        """How to write a dotted path here; what it needs is imported. Raises CannotRewrite."""
        spelled, need = self.scope.spell(path, self.span)
        if need is not None:
            self.needs.append(need)
        return spelled

    def rebind(self, name: str, path: str) -> bool:
        """Whether a name comes from another module from now on, at all of its places in the file.

        Its import is changed then.
        """
        binding = self.scope.binding(name, self.span)
        module, __, last = path.rpartition(".")
        if binding is None or not isinstance(binding.statement, ast.ImportFrom):
            return False
        if not (binding.local == name == last) or binding.path == path:
            return False
        if self.becoming[name] != self.file.names[name]:
            return False
        self.needs.append(Need(module, last, instead=binding.path.rpartition(".")[0]))
        return True

    def spell_anyhow(self, path: str) -> str:
        """How to write a dotted path here, written out where the name alone means something else.

        Raises CannotRewrite where the path's first name does, too.
        """
        try:
            return self.spell(path)
        except CannotRewrite:
            module = path.rpartition(".")[0]
            spelled, need = self.scope.spell_module(module, self.span)
        self.needs += [need] if need is not None else []
        return path if spelled == module else f"{spelled}.{path.rpartition('.')[2]}"

    def parse(
        self, source: str, values: Mapping[str, cst.BaseExpression] = MappingProxyType({})
    ) -> cst.BaseExpression:
        """The expression that a source stands for, its plain strings in the quotes of the file.

        `values` stand in the places of the names.
        """
        made = cst.parse_expression(source)
        if "'" in source or '"' in source:
            made = made.visit(_quotes(self.quote))  # type: ignore[assignment]
        if values:
            made = made.visit(_filler(values))  # type: ignore[assignment]
        known = list(values.values())
        displays = (cst.Call, cst.Dict, cst.List)
        self.fresh += [one for one in inner_nodes(made, known) if isinstance(one, displays)]
        return made

    def string(self, value: str) -> cst.BaseExpression:
        """A new string literal."""
        return cst.SimpleString(Literal("", self.quote, "").holding(value).source)


@cache
def _quotes(quote: str) -> cst.CSTTransformer:
    class Quotes(cst.CSTTransformer):
        def leave_SimpleString(  # noqa: N802 - LibCST's name
            self, original_node: cst.SimpleString, updated_node: cst.SimpleString
        ) -> cst.BaseExpression:
            value = updated_node.value
            if updated_node.prefix or len(updated_node.quote) == 3:
                return updated_node
            body = value[1:-1]
            if {"'", '"', "\\"} & set(body):
                return updated_node
            return updated_node.with_changes(value=f"{quote}{body}{quote}")

        def visit_FormattedString(self, node: cst.FormattedString) -> bool:  # noqa: N802
            return False

    return Quotes()


def _filler(values: Mapping[str, cst.BaseExpression]) -> cst.CSTTransformer:
    class Filler(cst.CSTTransformer):
        def leave_Name(  # noqa: N802 - LibCST's name
            self, original_node: cst.Name, updated_node: cst.Name
        ) -> cst.BaseExpression:
            return values.get(updated_node.value, updated_node)

    return Filler()
