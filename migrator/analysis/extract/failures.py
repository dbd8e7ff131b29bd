"""What caught errors are asked for: `NameFacts.comparisons` of the exceptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.places import Compared, places
from migrator.analysis.sites import Comparison, Kind, NameFacts, Span
from migrator.analysis.values import Made

_HEADERS = ".response.headers"


def fill_exceptions(evidence: Evidence) -> None:
    """Give every exception the comparisons of the errors that its handlers catch, and headers."""
    named: defaultdict[int, list[Draft]] = defaultdict(list)
    for draft in evidence.of_kind(Kind.EXCEPTION):
        if isinstance(draft.facts, NameFacts):
            named[draft.module].append(draft)
    frames: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, frame in enumerate(evidence.solver.frames):
        if frame.module in named:
            frames[frame.module, frame.unit].append(number)
    for module, drafts in named.items():
        if _compares(evidence, module):
            path = evidence.path(module)
            for one in places(path, evidence.sources[path].text).comparisons:
                for exception, steps in _caught(evidence, one, frames[module, one.unit]):
                    place = evidence.place(module, one.span)
                    _attach(drafts, exception, Comparison(place, one.values, steps))
    for module, exception, asked in _headers(evidence):
        _attach(named[module], exception, asked)


def _compares(evidence: Evidence, module: int) -> bool:
    literals = evidence.solver.modules[module].literals
    return any("compare" in one.context for one in literals)


def _caught(
    evidence: Evidence, compared: Compared, frames: list[int]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The exceptions that what is compared is a part of, each with the path to the part."""
    solver = evidence.solver
    for number in frames:
        for value in solver.held(solver.resolve(compared.node, number), Made):
            if (found := _part(value.path)) is not None:
                yield found


def _part(path: str) -> tuple[str, tuple[str, ...]] | None:
    """The exception that something is a part of, and the path to the part."""
    parts = path.split(".")
    for length in range(len(parts), 1, -1):
        if name := surface.exception(".".join(parts[:length])):
            return name, tuple(part.strip("[]") for part in parts[length:])
    return None


def _headers(evidence: Evidence) -> Iterator[tuple[int, str, Comparison]]:
    """Which header of an error is asked for: `error.response.headers["name"]`, `….get("name")`."""
    for value, (module, index) in evidence.solver.items_read:
        record = evidence.solver.modules[module].literals[index]
        if value.path.endswith(_HEADERS):
            yield from _asked(evidence, value.path, module, record.span, (str(record.value),))
    for (module, _), applications in evidence.solver.requests.items():
        for called, instance, given in applications.values():
            if isinstance(called, Made) and called.path.endswith(f"{_HEADERS}.get") and given:
                names = tuple(str(one.value) for one in evidence.texts(given[0].node))
                path = called.path.removesuffix(".get")
                yield from _asked(evidence, path, module, instance.record.span, names)


def _asked(
    evidence: Evidence, path: str, module: int, span: Span, names: tuple[str, ...]
) -> Iterator[tuple[int, str, Comparison]]:
    found = _part(path)
    if found is not None and names:
        exception, steps = found
        yield module, exception, Comparison(evidence.place(module, span), names, steps)


def _attach(drafts: list[Draft], exception: str, comparison: Comparison) -> None:
    """Give a comparison to the nearest place above it that names the exception."""
    line = comparison.place.span.line
    above = [
        draft
        for draft in drafts
        if isinstance(draft.facts, NameFacts)
        and draft.facts.name == exception
        and draft.span.line <= line
    ]
    if above:
        draft = max(above, key=lambda one: one.span)
        assert isinstance(draft.facts, NameFacts)
        known = dict.fromkeys((*draft.facts.comparisons, comparison))
        draft.facts = replace(draft.facts, comparisons=tuple(known))
