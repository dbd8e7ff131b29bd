"""Modules that are written beside the code: which calls need one, where it stands, how it is
imported."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from migrator.analysis.sites import Site
from migrator.decisions import NewFile
from migrator.edits import AdapterCall, Edit
from migrator.planning.adapters import pictures, speech
from migrator.planning.context import Context
from migrator.providers import Native, Provider

_SOURCES: Mapping[str, Callable[[Provider, Native, Collection[str]], str]] = {
    "speech": speech.source,
    "pictures": pictures.source,
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call that is to be made by a function of a module."""

    site: Site
    method: str
    function: str
    reason: str


@dataclass
class Adapters:
    """Gathers the calls; `finish` decides where the modules stand and plans the edits."""

    context: Context
    _wanted: defaultdict[tuple[str, str], list[_Wanted]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def call(self, site: Site, kind: str, method: str, function: str, reason: str) -> None:
        """Have a call of `client.<method>` made by a function of the module of that kind."""
        home = self._tree(site.path)
        self._wanted[kind, home].append(_Wanted(site, method, function, reason))

    def finish(self) -> None:
        native = self.context.provider.native
        for (kind, _), wanted in self._wanted.items():
            assert native is not None, "a profile with native parameters names the interface"
            functions = {one.function for one in wanted}
            text = _SOURCES[kind](self.context.provider, native, functions)
            paths = sorted({one.site.path for one in wanted})
            path = self._free(_common([_folder(one) for one in paths]), kind, text)
            sites = tuple(one.site.id for one in wanted)
            if path not in self._files:
                self.context.files.append(NewFile(path, text, paths[0], sites))
            for one in wanted:
                module = self._imported_as(path, one.site.path)
                own = self._own_modules(one.site.path)
                facts = self.context.call(one.site.id)
                bare = facts is not None and facts.module_client
                made = AdapterCall(one.method, one.function, module, path, own, bare)
                span, ids = one.site.span, (one.site.id,)
                edit = Edit(one.site.path, span, "adapter-call", made, ids, one.reason)
                self.context.edit(edit)

    # -- where a module stands -------------------------------------------------------------------

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(self.context.python)

    def _is_package(self, folder: str) -> bool:
        return _joined(folder, "__init__.py") in self._files

    def _tree(self, path: str) -> str:
        """The topmost package around a file, or its folder where it stands in none."""
        folder = _folder(path)
        while folder and self._is_package(folder) and self._is_package(_folder(folder)):
            folder = _folder(folder)
        return folder

    def _free(self, folder: str, kind: str, text: str) -> str:
        """The path of the module: one that is free, or that holds this text already."""
        name, number = f"{self.context.provider.id}_{kind}", 1
        while True:
            path = _joined(folder, f"{name}.py" if number == 1 else f"{name}_{number}.py")
            if path not in self._files or self.context.modules.get(path) == text:
                return path
            number += 1

    # -- how it is imported ----------------------------------------------------------------------

    def _imported_as(self, path: str, by: str) -> str:
        """The module's name in a file: relative, dotted or plain, as the file imports its own."""
        folder, name = _folder(path), path.rpartition("/")[2].removesuffix(".py")
        tree = self._tree(by)
        dotted = ".".join(part for part in (_dotted(folder), name) if part)
        source = self.context.sources.get(by)
        text = source.text if source is not None else ""
        if self._is_package(tree):
            top = tree.rpartition("/")[2]
            if _imports(text, top):
                return ".".join([*_dotted(_below(folder, _folder(tree))).split("."), name])
            up = _folder(by).removeprefix(folder).count("/")
            return "." * (up + 1) + name
        return dotted if folder and _imports(text, _dotted(folder)) else name

    def _own_modules(self, path: str) -> tuple[str, ...]:
        """The names by which a file can import what is the repository's own, from the top."""
        roots = {"", "src/", *([f"{folder}/"] if (folder := _folder(path)) else [])}
        found = {
            file.removeprefix(root).split("/")[0].removesuffix(".py")
            for file in self._files
            for root in roots
            if file.startswith(root)
        }
        written = {one.path.rpartition("/")[2].removesuffix(".py") for one in self.context.files}
        return tuple(sorted((found | written) - {"src"}))


def _imports(text: str, module: str) -> bool:
    return re.search(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(module)}\b", text, re.M) is not None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _below(folder: str, root: str) -> str:
    return folder.removeprefix(root).lstrip("/")


def _dotted(folder: str) -> str:
    return folder.removeprefix("src/").replace("/", ".")


def _common(folders: list[str]) -> str:
    """The deepest folder that holds all of some."""
    steps = [folder.split("/") for folder in folders]
    shared = []
    for level in zip(*steps, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)
