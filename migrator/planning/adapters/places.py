"""Where a module that is written beside the code stands, and how each file imports it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from migrator.planning.context import Context


@dataclass
class Places:
    """The places for modules in a repository."""

    context: Context

    # -- where a module stands -------------------------------------------------------------------

    @cached_property
    def files(self) -> frozenset[str]:
        """All Python files."""
        return frozenset(self.context.python)

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a package."""
        return _joined(folder, "__init__.py") in self.files

    def tree(self, path: str) -> str:
        """The topmost package around a file, or its folder where it stands in none."""
        folder = folder_of(path)
        while folder and self.is_package(folder) and self.is_package(folder_of(folder)):
            folder = folder_of(folder)
        return folder

    def free(self, folder: str, kind: str, text: str) -> str:
        """The path of the module: one that is free, or that holds this text already."""
        name, number = f"{self.context.provider.id}_{kind}", 1
        written = {one.path: one.text for one in self.context.files}
        while True:
            path = _joined(folder, f"{name}.py" if number == 1 else f"{name}_{number}.py")
            there = written.get(path, self.context.modules.get(path))
            if there == text or (path not in self.files and path not in written):
                return path
            number += 1

    def text(self, path: str) -> str:
        """The text of a file; empty where it was not read."""
        source = self.context.sources.get(path)
        return source.text if source is not None else ""

    # -- how it is imported ----------------------------------------------------------------------

    def imported_as(self, path: str, by: str) -> str:
        """The module's name in a file: relative, dotted or plain, as the file imports its own."""
        folder, name = folder_of(path), path.rpartition("/")[2].removesuffix(".py")
        tree = self.tree(by)
        dotted = ".".join(part for part in (_dotted(folder), name) if part)
        text = self.text(by)
        if self.is_package(tree):
            top = tree.rpartition("/")[2]
            if imports(text, top):
                return ".".join([*_dotted(_below(folder, folder_of(tree))).split("."), name])
            up = folder_of(by).removeprefix(folder).count("/")
            return "." * (up + 1) + name
        return dotted if folder and imports(text, _dotted(folder)) else name

    def own_modules(self, path: str) -> tuple[str, ...]:
        """The names by which a file can import what is the repository's own, from the top."""
        roots = {"", "src/", *([f"{folder}/"] if (folder := folder_of(path)) else [])}
        found = {
            file.removeprefix(root).split("/")[0].removesuffix(".py")
            for file in self.files
            for root in roots
            if file.startswith(root)
        }
        written = {one.path.rpartition("/")[2].removesuffix(".py") for one in self.context.files}
        return tuple(sorted((found | written) - {"src"}))


def imports(text: str, module: str) -> bool:
    """Whether a file imports a module, or something of it."""
    return re.search(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(module)}\b", text, re.M) is not None


def folder_of(path: str) -> str:
    """The folder of a file; empty for the root."""
    return path.rpartition("/")[0]


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _below(folder: str, root: str) -> str:
    return folder.removeprefix(root).lstrip("/")


def _dotted(folder: str) -> str:
    return folder.removeprefix("src/").replace("/", ".")


def common(folders: Iterable[str]) -> str:
    """The deepest folder that holds all of some."""
    steps = [folder.split("/") for folder in folders]
    shared = []
    for level in zip(*steps, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)
