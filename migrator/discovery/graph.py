"""Which Python file imports what of which, by the text of their import statements."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.discovery import configuration
from migrator.discovery.blocks import Block, blocks
from migrator.discovery.evidence import framework_imports, is_tokenizer
from migrator.discovery.statements import Imported, imported, plain, words

if TYPE_CHECKING:
    from migrator.analysis.resolver import Resolver

# By file: the names that are imported of it, each with the local name it gets.
Takes = dict[str, list[tuple[bytes, bytes]]]
# A name that stands for all of a module, where the module itself is imported.
EVERYTHING = b"*"
_STAR = "*"
# `from . import x`: the package goes without its name.
_BARE = re.compile(rb"from[ \t]*(\.+)[ \t]*import")


class ImportGraph:
    """Which Python file imports what of which, worked out for the files that are asked about."""

    def __init__(
        self, resolver: Resolver, imports: Mapping[str, bytes], read: Callable[[str], bytes]
    ) -> None:
        """`imports` are the import statements of every file, `read` gives a file's bytes."""
        self._resolver = resolver
        self._imports = imports
        self.read = read
        self._modules: dict[tuple[str, int, str], str | None] = {}
        self._taken: dict[str, Takes] = {}
        self._may: dict[str, list[str]] = {}
        self._blocks: dict[str, list[Block]] = {}

    def statements(self, path: str) -> bytes:
        """The import statements of a file."""
        return self._imports.get(path, b"")

    def blocks(self, path: str) -> list[Block]:
        """The blocks of a file."""
        found = self._blocks.get(path)
        if found is None:
            found = self._blocks[path] = blocks(plain(self.read(path)))
        return found

    @property
    def paths(self) -> Iterable[str]:
        """Every Python file of the repository."""
        return self._resolver.paths

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """The files that Django's settings are in; read only where something asks for them."""
        return configuration.settings_modules(self)

    def uses_settings(self, path: str) -> bool:
        """Whether a file imports Django's settings."""
        said = self.statements(path)
        named = map(configuration.names_of_settings, imported(said))
        return configuration.PACKAGE.encode() in said and any(named)

    def file_of(self, importer: str, dotted: str) -> str | None:
        """The file of a module by its dotted name."""
        key = self._module(importer, 0, dotted)
        return self._resolver.file(key) if key is not None else None

    def stars(self, path: str) -> list[str]:
        """The files of which a file imports everything."""
        keys = (
            self._module(path, one.level, one.module)
            for one in imported(self.statements(path))
            if any(name == _STAR for name, _ in one.names)
        )
        files = (self._resolver.file(key) for key in keys if key is not None)
        return [file for file in files if file is not None]

    def starred_by(self, path: str) -> list[str]:
        """The files that import everything of a file."""
        return [one for one in self._may_import(path) if path in self.stars(one)]

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
        if is_package(target):
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
            for local in configuration.names_of_settings(one):
                yield from ((file, EVERYTHING, local.encode()) for file in self.settings)
            return
        file = resolver.file(key)
        if not one.names:
            if file:
                yield file, EVERYTHING, one.locals[0].encode()
            return
        for name, local in one.names:
            inner = resolver.child(key, name)
            inside = resolver.file(inner) if inner is not None else None
            if inside:
                yield inside, EVERYTHING, local.encode()
            if file:
                yield file, EVERYTHING if name == _STAR else name.encode(), local.encode()

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


def is_package(path: str) -> bool:
    """Whether a file is the `__init__` of a package."""
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
