"""URLs that are put together: every way in which the parts of one may come together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import urljoin

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.extract.variables import meaning_of
from migrator.analysis.library import URL_JOINS
from migrator.analysis.sites import AddressPart, Literal
from migrator.analysis.values import Composed, Constant, Piece, Variable

_MOST = 24
_DEEPEST = 8
ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a URL, and the constant or variable it comes from."""

    text: str
    value: Constant | Variable | None = None
    joined: str = "text"


Parts = tuple[Part, ...]
_UNKNOWN: Parts = (Part(ANYTHING),)


def addresses(evidence: Evidence, node: int, depth: int = 0) -> tuple[list[Parts], bool]:
    """The strings that a node may hold, in their parts, and whether these are all."""
    found: dict[Parts, None] = {}
    shadows: list[Constant | Variable] = []
    known = bool(evidence.solver.values[node]) and depth < _DEEPEST
    for value in evidence.solver.values[node] if known else ():
        match value:
            case Constant(value=str(text)):
                found[(Part(text, value),)] = None
            case Constant(value=int(number)):
                found[(Part(str(number)),)] = None
            case Variable(name=name) if meaning_of(name) == "base_url":
                found[(Part(surface.base_url(), value),)] = None
            case Composed():
                found |= dict.fromkeys(_composed(evidence, value, depth))
            case Piece(of=Constant() | Variable() as part):
                shadows.append(part)
            case _:
                known = False
    # What a string is put together from stands beside it; alone, it says too little.
    told = {part.value for one in found for part in one}
    known = known and all(shadow in told for shadow in shadows)
    return list(found)[:_MOST], known and len(found) <= _MOST


def _composed(evidence: Evidence, value: Composed, depth: int) -> Iterator[Parts]:
    options = []
    for position, node in enumerate(value.parts):
        found, known = addresses(evidence, node, depth + 1)
        every = found if known else [*found, _UNKNOWN]
        if value.how in URL_JOINS and position:
            every = [attached(one, URL_JOINS[value.how]) for one in every]
        options.append(every)
    for count, choice in enumerate(product(*options)):
        if count > _MOST:
            return
        yield tuple(part for one in choice for part in one)


def nodes(evidence: Evidence, node: int, depth: int = 0) -> Iterator[int]:
    """A node and those of the parts of what it holds."""
    yield node
    for value in evidence.solver.values[node] if depth < _DEEPEST else ():
        if isinstance(value, Composed):
            for part in value.parts:
                yield from nodes(evidence, part, depth + 1)


def attached(parts: Parts, how: str) -> Parts:
    """The parts, put behind others in that way."""
    return (replace(parts[0], joined=how), *parts[1:]) if parts else parts


def written(parts: tuple[Part, ...] | tuple[AddressPart, ...]) -> str:
    """The URL that the parts make."""
    return joined([(part.joined, part.text) for part in parts])


def joined(parts: list[tuple[str, str]]) -> str:
    """The URL of (how it is joined, text) pairs."""
    groups: list[list[str]] = []
    for how, text in parts:
        if how == "text" and groups:
            groups[-1][1] += text
        else:
            groups.append([how, text])
    url = ""
    for how, text in groups:
        if how == "urljoin":
            url = _join(url, text)
        elif how == "base":
            url = url.rstrip("/") + "/" + text.lstrip("/")
        else:
            url += text
    return url


def _join(url: str, text: str) -> str:
    try:
        return urljoin(url, text)
    except ValueError:  # what a program says need not be a URL
        return text


def _literal(evidence: Evidence, part: Part) -> Literal | None:
    """The literal that a part stands in, with the part alone as its value."""
    if not isinstance(part.value, Constant):
        return None
    return replace(evidence.literal(part.value.literal), value=str(part.value.value))


def facts_of(evidence: Evidence, parts: Parts) -> tuple[AddressPart, ...]:
    """The parts as the planner sees them."""
    return tuple(
        AddressPart(
            part.text,
            _literal(evidence, part),
            evidence.read(part.value) if isinstance(part.value, Variable) else None,
            part.joined,
        )
        for part in parts
    )
