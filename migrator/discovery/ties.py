"""Which files belong to those with evidence: what they import, and what imports them, by name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Set
from dataclasses import dataclass

from migrator.discovery.blocks import Block, is_evident, touching, used_words
from migrator.discovery.graph import EVERYTHING, ImportGraph, Takes, is_package

_MOST = 200
_MOST_PER_CANDIDATE = 1
# As many bytes as files that only define what others use may have: more than any application has.
_MOST_DEFINED = 1_000_000
# What the variables begin with that a function of another file may read.
_VARIABLE = b"OPENAI_"
# A variable that holds an address: who reads it hands it to what sends requests.
_ADDRESS = re.compile(rb"OPENAI_\w*(?:BASE|URL|HOST|ENDPOINT)")
# By file: the names that are needed of it.
Needs = dict[str, set[bytes]]


def most_tied(reaching: int) -> int:
    """How many files may be tied to so many that reach OpenAI."""
    return _MOST + _MOST_PER_CANDIDATE * reaching


@dataclass(frozen=True)
class _Reached:
    """Of one file: the names that carry something of OpenAI's, and what their blocks import."""

    names: set[bytes]
    needs: Needs


def tied_by_imports(
    graph: ImportGraph, candidates: Mapping[str, bytes], hints: Set[str] = frozenset()
) -> list[str]:
    """Files that use what candidates define, or define what these use: at most so many, near first.

    Only candidates that reach OpenAI themselves, or read its address, tie others: a model's name
    alone does not. Up:
    files that import a name which carries something of OpenAI's, two levels (a package that passes
    names on, a candidate, or a file with a hint is no level). Down: files that define the names
    which the lines that touch OpenAI use, two levels.
    """
    reaching = [
        path
        for path, data in candidates.items()
        if is_evident(data) or graph.sends(path) or _ADDRESS.search(data)
    ]
    most = most_tied(len(reaching))
    search = _Search(graph, candidates.keys() | hints, reaching)
    found: dict[str, None] = {}
    room = _MOST_DEFINED
    for level in (search.up, search.down, search.last_up, search.down):
        for path in sorted(level(most) - candidates.keys()) if len(found) < most else ():
            if level == search.down and path not in found:
                room -= len(graph.read(path))
            if room >= 0:
                found[path] = None
    return list(found)[:most]


def _reached(graph: ImportGraph, path: str, carried: set[bytes]) -> _Reached:
    """What carries in a file that imports these names (and OpenAI's or a framework's)."""
    own = {name.encode() for one in graph.sends(path) for name in one.locals}
    parts = graph.blocks(path)
    at_the_source = bool(own) or any(one.evident for one in parts)
    reading = [one for one in parts if _VARIABLE in one.text]
    used, _ = _with_definitions(parts, used_words(reading))
    names, parts = touching(parts, carried | own, at_the_source=at_the_source)
    needs: Needs = {}
    _need(graph, path, used_words(parts) | used, needs)
    return _Reached(names, needs)


class _Search:
    """Goes up and down from the files that reach OpenAI, a level a call."""

    def __init__(self, graph: ImportGraph, free: Container[str], reaching: Iterable[str]) -> None:
        self._graph = graph
        self._free = free
        self._known = {path: _reached(graph, path, set()) for path in reaching}
        self._frontier = dict(self._known)
        self._wanted: Needs | None = None
        self._seen: Needs = {}

    def up(self, most: int) -> set[str]:
        """The importers of what carries, and of what passes it on."""
        return self._up(is_last=False)

    def last_up(self, most: int) -> set[str]:
        """The importers of those, without a look at what they pass on."""
        return self._up(is_last=True)

    def _up(self, *, is_last: bool) -> set[str]:
        graph, known = self._graph, self._known
        found: set[str] = set()
        pending, self._frontier = self._frontier, {}
        while pending:
            following: dict[str, _Reached] = {}
            for path, taken in graph.importers(pending).items():
                carried = _carried(taken, pending)
                if not carried:
                    continue
                found.add(path)
                is_free = is_package(path) or path in self._free
                before = known.get(path)
                if (is_last and not is_free) or (before and carried <= before.names):
                    continue
                reached = _reached(graph, path, carried | (before.names if before else set()))
                known[path] = reached
                (following if is_free else self._frontier)[path] = reached
            pending = following
        return found

    def down(self, most: int) -> set[str]:
        """The files that define what the touching blocks use, or what those use: about so many."""
        if self._wanted is None:
            self._wanted = {}
            for reached in self._known.values():
                _add(self._wanted, reached.needs)
        found: set[str] = set()
        pending, self._wanted = self._wanted, {}
        while pending and len(found) < most:
            following: Needs = {}
            for path, names in pending.items():
                new = names - self._seen.get(path, set())
                if new and len(found) < most:
                    _add(self._seen, {path: new})
                    needs = following if is_package(path) else self._wanted
                    if _define(self._graph, path, new, needs):
                        found.add(path)
            pending = following
        return found


def _carried(takes: Takes, known: Mapping[str, _Reached]) -> set[bytes]:
    """The local names under which a file imports something that carries."""
    found: set[bytes] = set()
    for path, pairs in takes.items():
        names = known[path].names
        for name, local in pairs:
            if local == EVERYTHING:
                found |= names
            elif name == EVERYTHING or name in names:
                found.add(local)
    return found


def _define(graph: ImportGraph, path: str, names: set[bytes], needs: Needs) -> bool:
    """Whether a file defines or passes on one of the names; what it imports for that is needed."""
    used, defines = _with_definitions(graph.blocks(path), names)
    return _need(graph, path, used, needs) or defines


def _with_definitions(blocks: Iterable[Block], names: set[bytes]) -> tuple[set[bytes], bool]:
    """The words of what some names are made of, with these; whether one of the blocks makes one."""
    used, rest, defines = set(names), list(blocks), False
    while added := [one for one in rest if not used.isdisjoint(one.names)]:
        defines = True
        rest = [one for one in rest if used.isdisjoint(one.names)]
        used |= used_words(added)
    return used, defines


def _add(needs: Needs, more: Needs) -> None:
    for path, names in more.items():
        needs.setdefault(path, set()).update(names)


def _need(graph: ImportGraph, path: str, used: set[bytes], needs: Needs) -> bool:
    """Note which names of which files a file needs for the words it uses; whether it needs any."""
    found = False
    for target, pairs in graph.takes(path).items():
        for name, local in pairs:
            if name == EVERYTHING:
                if local in used or local == EVERYTHING:
                    _add(needs, {target: used})
                    found = True
            elif local in used:
                _add(needs, {target: {name}})
                found = True
    return found
