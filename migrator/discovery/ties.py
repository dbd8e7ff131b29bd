"""Which files belong to those with evidence: what they import, and what imports them, by name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.discovery.blocks import Block, blocks, is_evident, touching, used_words
from migrator.discovery.evidence import framework_imports, is_tokenizer
from migrator.discovery.statements import Imported, imported, words

if TYPE_CHECKING:
    from migrator.analysis.resolver import Resolver

_MOST = 200
_MOST_PER_CANDIDATE = 1
_STAR = "*"
# A name stands for all of a module where the module itself is imported.
_EVERYTHING = b"*"


# By file: the names that are imported of it, each with the local name it gets.
Takes = dict[str, list[tuple[bytes, bytes]]]
# By file: the names that are needed of it.
Needs = dict[str, set[bytes]]


class ImportGraph:
    """Which Python file imports what of which, worked out for the files that are asked about."""

    def __init__(
        self, resolver: Resolver, imports: Mapping[str, bytes], read: Callable[[str], bytes]
    ) -> None:
        """`imports` are the import statements of every file, `read` gives a file's bytes."""
        self._resolver = resolver
        self._imports = imports
        self._read = read
        self._modules: dict[tuple[str, int, str], str | None] = {}
        self._taken: dict[str, Takes] = {}
        self._may: dict[str, list[str]] = {}

    def statements(self, path: str) -> bytes:
        """The import statements of a file."""
        return self._imports.get(path, b"")

    def blocks(self, path: str) -> list[Block]:
        """The blocks of a file."""
        return blocks(self._read(path))

    def takes(self, path: str) -> Takes:
        """What a file imports: (name, local name) pairs by file, "*" for the module itself."""
        found = self._taken.get(path)
        if found is None:
            found = self._taken[path] = {}
            for one in imported(self.statements(path)):
                for target, name, local in self._targets(path, one):
                    if target != path:
                        found.setdefault(target, []).append((name, local))
        return found

    def importers(self, paths: Iterable[str]) -> dict[str, Takes]:
        """The files that import one of these, and what they import of them."""
        wanted: dict[str, list[str]] = {}
        for target in paths:
            for path in self._may_import(target):
                wanted.setdefault(path, []).append(target)
        found = {}
        for path, targets in sorted(wanted.items()):
            takes = self.takes(path)
            taken = {target: takes[target] for target in targets if target in takes}
            if taken:
                found[path] = taken
        return found

    def _may_import(self, target: str) -> list[str]:
        """The files that say a module's name after its package's, or stand in that or below it."""
        if target not in self._may:
            self._may[target] = list(self._find_importers(target))
        return self._may[target]

    def _find_importers(self, target: str) -> Iterator[str]:
        folder = target.rpartition("/")[0]
        if _is_package(target):
            folder = folder.rpartition("/")[0]
        name = os.fsencode(_module_name(target))
        package = os.fsencode(folder.rpartition("/")[2])
        said = [package + b"." + name, package + b" import"]
        if not self._resolver.is_package(folder):
            said += [b"from " + name, b"import " + name, b", " + name]
        for path in self._naming.get(_module_name(target), ()):
            statements = self._imports[path]
            if path.startswith(folder + "/") or any(one in statements for one in said):
                yield path

    @cached_property
    def _naming(self) -> dict[str, list[str]]:
        """The files whose imports have a word that is some module's name, by the name."""
        known = {os.fsencode(name): name for name in self._resolver.names}
        found: dict[str, list[str]] = {}
        for path, statements in self._imports.items():
            names = {known[word] for word in known.keys() & words(statements)}
            names.update(_package_name(path, len(dots)) for dots in _BARE.findall(statements))
            for name in names:
                found.setdefault(name, []).append(path)
        return found

    def outside(self, path: str) -> list[Imported]:
        """The imports of a file that get at OpenAI or a framework outside of the repository."""
        return [
            one
            for one in framework_imports(self.statements(path))
            if one.module.partition(".")[0] == "openai" or not self._is_local(path, one.module)
        ]

    def sends(self, path: str) -> list[Imported]:
        """Those of them that can send something: a tokenizer does not."""
        return [one for one in self.outside(path) if not is_tokenizer(one.module)]

    def _is_local(self, importer: str, module: str) -> bool:
        key = self._module(importer, 0, module)
        return key is not None and self._resolver.file(key) is not None

    def _targets(self, path: str, one: Imported) -> Iterable[tuple[str, bytes, bytes]]:
        resolver = self._resolver
        key = self._module(path, one.level, one.module)
        if key is None:
            return
        file = resolver.file(key)
        if not one.names:
            if file:
                yield file, _EVERYTHING, one.locals[0].encode()
            return
        for name, local in one.names:
            inner = resolver.child(key, name)
            inside = resolver.file(inner) if inner is not None else None
            if inside:
                yield inside, _EVERYTHING, local.encode()
            if file:
                yield file, _EVERYTHING if name == _STAR else name.encode(), local.encode()

    def _module(self, importer: str, level: int, module: str) -> str | None:
        """The key of an imported module; the files of a folder all mean the same by a name."""
        place = (importer.rpartition("/")[0], level, module)
        if place not in self._modules:
            resolver = self._resolver
            self._modules[place] = (
                resolver.relative(importer, module, level)
                if level
                else resolver.absolute(importer, module)
            )
        return self._modules[place]


# `from . import x`: the package goes without its name.
_BARE = re.compile(rb"from[ \t]*(\.+)[ \t]*import")


@dataclass(frozen=True)
class _Reached:
    """Of one file: the names that carry something of OpenAI's, and what their blocks import."""

    names: set[bytes]
    needs: Needs


def tied_by_imports(graph: ImportGraph, candidates: Mapping[str, bytes]) -> list[str]:
    """Files that use what candidates define, or define what these use: at most so many, near first.

    Only candidates that reach OpenAI themselves tie others: a model's name alone does not. Up:
    files that import a name which carries something of OpenAI's, two levels (a package that passes
    names on, or a candidate, is no level). Down: files that define the names which the lines that
    touch OpenAI use, two levels.
    """
    reaching = [path for path, data in candidates.items() if is_evident(data) or graph.sends(path)]
    most = _MOST + _MOST_PER_CANDIDATE * len(reaching)
    search = _Search(graph, candidates, reaching)
    found: dict[str, None] = {}
    for level in (search.up, search.down, search.last_up, search.down):
        if len(found) < most:
            found |= dict.fromkeys(sorted(level(most) - candidates.keys()))
    return list(found)[:most]


def _reached(graph: ImportGraph, path: str, carried: set[bytes]) -> _Reached:
    """What carries in a file that imports these names (and OpenAI's or a framework's)."""
    own = {name.encode() for one in graph.sends(path) for name in one.locals}
    parts = graph.blocks(path)
    at_the_source = bool(own) or any(one.evident for one in parts)
    names, parts = touching(parts, carried | own, at_the_source=at_the_source)
    needs: Needs = {}
    _need(graph, path, used_words(parts), needs)
    return _Reached(names, needs)


class _Search:
    """Goes up and down from the files that reach OpenAI, a level a call."""

    def __init__(
        self, graph: ImportGraph, candidates: Container[str], reaching: Iterable[str]
    ) -> None:
        self._graph = graph
        self._candidates = candidates
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
                is_free = _is_package(path) or path in self._candidates
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
                    needs = following if _is_package(path) else self._wanted
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
            if local == _EVERYTHING:
                found |= names
            elif name == _EVERYTHING or name in names:
                found.add(local)
    return found


def _define(graph: ImportGraph, path: str, names: set[bytes], needs: Needs) -> bool:
    """Whether a file defines or passes on one of the names; what it imports for that is needed."""
    used = set(names)
    rest = graph.blocks(path)
    defines = False
    while added := [one for one in rest if not used.isdisjoint(one.names)]:
        defines = True
        rest = [one for one in rest if used.isdisjoint(one.names)]
        used |= used_words(added)
    return _need(graph, path, used, needs) or defines


def _add(needs: Needs, more: Needs) -> None:
    for path, names in more.items():
        needs.setdefault(path, set()).update(names)


def _need(graph: ImportGraph, path: str, used: set[bytes], needs: Needs) -> bool:
    """Note which names of which files a file needs for the words it uses; whether it needs any."""
    found = False
    for target, pairs in graph.takes(path).items():
        for name, local in pairs:
            if name == _EVERYTHING:
                if local in used or local == _EVERYTHING:
                    _add(needs, {target: used})
                    found = True
            elif local in used:
                _add(needs, {target: {name}})
                found = True
    return found


def _is_package(path: str) -> bool:
    return path.rpartition("/")[2].startswith("__init__.")


def _package_name(path: str, level: int) -> str:
    """The name of the package that so many dots mean in a file."""
    folders = path.split("/")[:-level]
    return folders[-1] if folders else ""


def _module_name(path: str) -> str:
    """The last part of a module's dotted name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" else stem
