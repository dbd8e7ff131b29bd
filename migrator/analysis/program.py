"""The small program that a Python file becomes: what flows where, without what it computes.

A file is cut into units (the module and each function in it). A unit owns numbered nodes, each of
which stands for a set of abstract values (a variable, a parameter, the result of an expression),
and a list of operations that say how values get from node to node. The solver carries a unit out
once per context. Everything here is plain data, so that files can be read in worker processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from migrator.analysis.sites import Span

# A node: an index in the same unit, (unit, index) in an enclosing unit, (class, attribute name), or
# a name that the file does not bind itself.
Ref = int | tuple[int, int] | tuple[int, str] | str


class Op(IntEnum):
    """The operations of a unit. The comment gives the operands after the code."""

    COPY = 0  # source, destination
    CONSTANT = 1  # node, literal index
    LOAD = 2  # base, attribute, destination
    STORE = 3  # base, attribute, source, statement index or -1
    ITEM = 4  # base, key (constant or None), destination; for a constant its literal and context
    # (else -1 and ""), for another key its node
    SET_ITEM = 5  # base, key literal index or -1, source, statement index
    ELEMENT = 6  # base, destination: what iterating over base gives
    CALL = 7  # call index
    DICT = 8  # node, display index
    SEQUENCE = 9  # node, item refs, spread refs, True where only an annotation says so
    FUNCTION = 10  # node, unit index
    CLASS = 11  # node, class index
    IMPORT = 12  # node, dotted module, bind the top package
    IMPORT_FROM = 13  # node, module, level, name
    TYPED = 14  # annotation node, destination: an instance of what the annotation names
    ALIAS = 15  # node, typed node: a type alias
    ENTER = 16  # base, destination: what `with base as destination` binds
    JOIN = 17  # part, destination: a piece of a longer string
    MERGE = 18  # base, source: base.update(source), base |= source
    OPAQUE = 19  # node: something unknown
    COMPOSE = 20  # node, parts: the string that the parts make, one after the other
    FILL = 21  # node, template, values: the string that `template % values` makes
    SIFT = 22  # source, destination: a copy without what is false
    DECORATE = 23  # decorator, the function or class that it is given
    SHOW = 24  # source, destination: the text of a value


@dataclass(frozen=True, slots=True)
class LiteralRecord:
    """A constant in the source. `context` says where it stands (see module.py's roles)."""

    value: object
    span: Span
    context: str
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """An argument as written at a call: its name ("" for positional, "*" and "**" for spreads)."""

    name: str
    node: Ref
    span: Span


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call expression. `method` is the attribute chain of the callee after its root."""

    function: Ref
    span: Span
    function_span: Span
    result: Ref
    arguments: tuple[Passed, ...]
    root: str
    method: str
    awaited: bool
    role: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`key: value` of a dict display, `key=value` of a dict(...) call; key None for a spread."""

    key: str | None
    key_literal: int
    node: Ref
    span: Span


@dataclass(frozen=True, slots=True)
class Display:
    """A dict display or dict(...) call."""

    span: Span
    entries: tuple[Entry, ...]
    is_call: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or attribute chain that could be OpenAI's (its root is imported)."""

    node: Ref
    span: Span
    context: str  # annotation, except, base, call, decorator, value
    spelled: str


@dataclass(frozen=True, slots=True)
class TestRecord:
    """A test of a value by another: `==` and `in` (also negated), startswith, endswith."""

    how: str
    unit: int
    left: Ref
    right: Ref
    span: Span
    negated: bool = False


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """An assignment to an attribute or an item."""

    span: Span
    target: str
    value_span: Span
    value_node: Ref
    spelled: str


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import statement, with (imported name, local name) pairs."""

    span: Span
    module: str
    level: int
    names: tuple[tuple[str, str, Ref], ...]
    is_from: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: kind is positional, keyword, star or double_star."""

    name: str
    node: int
    kind: str
    default: Ref | None = None


class Signature:
    """Some parameters by what they take: a place, a name, all other places, all other names."""

    __slots__ = ("double", "named", "positional", "star")

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.positional = [one for one in parameters if one.kind == "positional"]
        named = [one for one in parameters if one.kind in {"positional", "keyword"}]
        self.named = {one.name: one for one in named}
        self.star = next((one for one in parameters if one.kind == "star"), None)
        self.double = next((one for one in parameters if one.kind == "double_star"), None)


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """An annotated or assigned name in a class body."""

    name: str
    span: Span
    name_span: Span
    annotated: bool
    has_value: bool
    value_span: Span | None
    alias: Span | None = None  # the literal of a settings field's `alias=`
    literal: int = -1  # the name itself, as a literal: what a settings class reads by it


@dataclass
class ClassRecord:
    """A class: its bases (nodes of the unit it stands in) and its fields."""

    name: str
    unit: int
    line: int
    bases: tuple[Ref, ...] = ()
    decorators: tuple[Ref, ...] = ()
    fields: tuple[FieldRecord, ...] = ()
    names: frozenset[str] = frozenset()
    prefix: str = ""  # env_prefix of a settings class


@dataclass
class Unit:
    """A function's or the module's operations. Nodes are numbered from 0 to `size`."""

    name: str
    line: int
    parent: int | None
    class_index: int | None = None
    size: int = 0
    statements: int = 0
    operations: list[tuple[object, ...]] = field(default_factory=list)
    parameters: tuple[Parameter, ...] = ()
    result: int = -1
    yields: int = -1
    decorators: tuple[str, ...] = ()
    labels: dict[int, tuple[int, str]] = field(default_factory=dict)

    @cached_property
    def signature(self) -> Signature:
        """What all parameters take."""
        return Signature(self.parameters)

    @cached_property
    def signature_of_method(self) -> Signature:
        """What the parameters take but for the first, which is the instance."""
        return Signature(self.parameters[1:])

    @cached_property
    def is_generator(self) -> bool:
        """Whether anything is yielded. Asked once the unit is whole."""
        return any(
            operation[0] is Op.COPY and operation[2] == self.yields for operation in self.operations
        )


@dataclass
class ModuleFacts:
    """What one Python file says, ready to be linked with the others.

    `is_document`: it is a configuration file, and what a program loads from it.
    """

    path: str
    units: list[Unit] = field(default_factory=list)
    classes: list[ClassRecord] = field(default_factory=list)
    calls: list[CallRecord] = field(default_factory=list)
    displays: list[Display] = field(default_factory=list)
    literals: list[LiteralRecord] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    tests: list[TestRecord] = field(default_factory=list)
    statements: list[StatementRecord] = field(default_factory=list)
    imports: list[ImportRecord] = field(default_factory=list)
    exports: dict[str, int] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)  # by name: the line of the first use
    stars: list[tuple[str, int]] = field(default_factory=list)
    fallbacks: list[int] = field(default_factory=list)  # literals that end a choice: `x or "…"`
    is_document: bool = False
