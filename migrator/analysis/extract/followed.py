"""Whether it is known what a call does with the values that it is given."""

from __future__ import annotations

from collections.abc import Collection

from migrator.analysis import library
from migrator.analysis.values import (
    Bag,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Member,
    Method,
    Partial,
    Value,
)

# What carries a call out in the repository itself, or is OpenAI's own and takes parts as they are.
_FOLLOWED = (Function, Bound, Class, Instance, Partial, Member)


def is_followed(called: Collection[Value]) -> bool:
    """Whether a call means a function of the repository, or OpenAI's own."""
    return any(isinstance(value, _FOLLOWED) for value in called)


def is_traced(called: Collection[Value]) -> bool:
    """Whether it is known of every function what it does with the values it is given."""
    return bool(called) and all(
        (isinstance(value, External) and _is_known(value.path))
        or (isinstance(value, Method) and not _updates(value))
        for value in called
    )


def _updates(method: Method) -> bool:
    return isinstance(method.owner, Bag) and method.name == "update"


def _is_known(path: str) -> bool:
    return library.follows(path) or path.startswith("openai.")
