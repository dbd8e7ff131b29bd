"""Abstract values: what a name can hold, as far as it matters for reaching OpenAI.

Values are interned by the solver and compared by identity, so that sets of them are cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """The base of all abstract values."""


@dataclass(frozen=True, slots=True, eq=False)
class Opaque(Value):
    """Something that is only known at run time."""


@dataclass(frozen=True, slots=True, eq=False)
class External(Value):
    """A module, class, function or constant outside the repository, by its dotted path.

    `through` is the drop-in module that offers it where it is one of the openai package's.
    """

    path: str
    through: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Made(Value):
    """What a call of something external gave: `path` is what was called, and where."""

    path: str
    origin: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Module(Value):
    """A module or package of the repository, by its path without suffix."""

    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Function(Value):
    """A function of the repository in the frame that holds its free variables."""

    module: int
    unit: int
    frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Bound(Value):
    """A method together with the instance or class it is called on."""

    function: Function
    owner: Value


@dataclass(frozen=True, slots=True, eq=False)
class Class(Value):
    """A class of the repository."""

    module: int
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Instance(Value):
    """An instance of a class of the repository."""

    of: Class


@dataclass(frozen=True, slots=True, eq=False)
class Super(Value):
    """`super()` in a method: the class whose bases are looked at, and the instance."""

    of: Class
    owner: Value


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Value):
    """A constant and the literal it is written as (module, literal index)."""

    value: Any
    literal: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Piece(Value):
    """A longer string that holds this value as a part."""

    of: Value


@dataclass(frozen=True, slots=True, eq=False)
class Composed(Value):
    """A string put together from what some nodes hold, in their order.

    `how`: `text` (one after the other), or the function that joins the parts of a URL.
    """

    how: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded(Value):
    """The JSON text of a value."""

    of: Value


@dataclass(frozen=True, slots=True, eq=False)
class Variable(Value):
    """The value of an environment variable, read by the literal that names it."""

    name: str
    literal: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Client(Value):
    """A client of OpenAI: its canonical class, and the call that made it.

    `origin` is (module, call index), or None where only an annotation says so.
    """

    class_path: str
    origin: tuple[int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Member(Value):
    """A resource or method of a client: `chat`, `chat.completions.create`."""

    client: Client
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class Answer(Value):
    """What a request gave, or a part of it.

    `origin` is the call that sent it, `api` what it asked (`chat.completions.create`). `path` leads
    to the part, from the answer or, where `streamed`, from a chunk of it (see `answers.py`).
    """

    origin: tuple[int, int]
    api: str
    path: tuple[str, ...] = ()
    streamed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Bag(Value):
    """A dictionary, by the place that makes it."""

    key: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sequence(Value):
    """A list, tuple, set or generator, by the place that makes it."""

    key: tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Method(Value):
    """A method of a container, a string or a variable's value."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Partial(Value):
    """`functools.partial(function, …)`: the function and the call that binds arguments."""

    function: Value
    call: int


@dataclass(frozen=True, slots=True, eq=False)
class Alias(Value):
    """A type alias: the node that holds an instance of what it names."""

    node: int
