"""The codemods by the instruction they carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, TypeVar

from migrator.edits import Instruction

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Codemod:
    """A kind of rewriting.

    `summary` says what it does and `review` what a person should look at afterwards. `run` rewrites
    one expression, or lists the changes of one statement where `statement` is True. `combine` makes
    one instruction of several for the same node; without it, several that differ are refused, but
    for one that is `last`: those are carried out one after the other, behind all else of the node.
    `literal` makes the source of a plain string literal of another's, where that is all there is
    to do: then nothing is parsed.
    """

    instruction: type[Instruction]
    name: str
    summary: str
    review: str
    run: Callable[..., Any]
    statement: bool = False
    combine: Callable[..., Any] | None = None
    last: bool = False
    literal: Callable[[Any, str], str] | None = None


_registered: dict[type[Instruction], Codemod] = {}


def codemod(
    instruction: type[Instruction],
    *,
    name: str,
    summary: str,
    review: str,
    statement: bool = False,
    combine: Callable[..., Any] | None = None,
    last: bool = False,
    literal: Callable[[Any, str], str] | None = None,
) -> Callable[[Function], Function]:
    """Register a function as the codemod of an instruction. Raises ValueError at a second one."""

    def register(run: Function) -> Function:
        if instruction in _registered:
            raise ValueError(f"{instruction.__name__} already has a codemod")
        _registered[instruction] = Codemod(
            instruction, name, summary, review, run, statement, combine, last, literal
        )
        return run

    return register


def _modules() -> Iterator[str]:
    import codemods

    for module in walk_packages(codemods.__path__, "codemods."):
        if not module.ispkg:
            yield module.name


@cache
def codemods() -> Mapping[type[Instruction], Codemod]:
    """Every codemod, by the class of its instruction."""
    for module in _modules():
        import_module(module)
    return _registered
