"""Requests that are sent by curl, run with a list of arguments."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis.extract.addresses import addresses, written
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.instances import Given
from migrator.analysis.values import Constant, External, Made, Sequence

_RUNNERS = frozenset({"subprocess", "asyncio"})
_HEADER = frozenset({"-H", "--header"})
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--json"})
_VERB = frozenset({"-X", "--request"})
_CURL = "curl"


def is_runner(value: External | Made) -> bool:
    """Whether a function may run a command."""
    return value.path.split(".")[0] in _RUNNERS


def arguments(
    evidence: Evidence, given: tuple[Given, ...]
) -> tuple[dict[str, Given], list[Given]] | None:
    """The URL, method and data of a command, and its headers by name; None for another command."""
    words = _words(evidence, given)
    if not words or not _is(evidence, words[0], frozenset({_CURL})):
        return None
    found: dict[str, Given] = {}
    headers: list[Given] = []
    rest = iter(words[1:])
    for word in rest:
        if _is(evidence, word, _HEADER):
            headers += _header(evidence, next(rest, -1))
        elif _is(evidence, word, _DATA):
            found["data"] = _given(next(rest, -1))
        elif _is(evidence, word, _VERB):
            found["method"] = _given(next(rest, -1))
        elif any("://" in written(one) for one in addresses(evidence, word)[0]):
            found["url"] = _given(word)
    return (found, headers) if "url" in found else None


def _words(evidence: Evidence, given: tuple[Given, ...]) -> list[int]:
    """The nodes of a command's words: of a list's items, or of the arguments themselves."""
    solver = evidence.solver
    if not given:
        return []
    for value in solver.held(given[0].node, Sequence):
        grown = solver.values[solver.element_node(value)]
        return [] if grown else solver.items(value)
    return [item.node for item in given if not item.name]


def _is(evidence: Evidence, node: int, texts: frozenset[str]) -> bool:
    held = evidence.solver.values[node] if node >= 0 else ()
    return bool(held) and all(isinstance(v, Constant) and v.value in texts for v in held)


def _given(node: int) -> Given:
    return Given("", node, -1, None, None)


def _header(evidence: Evidence, node: int) -> Iterator[Given]:
    """`Name: value`, by the name."""
    for parts in addresses(evidence, node)[0] if node >= 0 else ():
        name, colon, _ = written(parts).partition(":")
        if colon:
            yield Given(name.strip(), node, -1, None, None)
