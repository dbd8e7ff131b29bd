"""The dependency files of a repository: what each declares, and which are installed together."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.documents import document_format, requirements_of
from migrator.analysis.documents.requirement import Requirement
from migrator.analysis.documents.requirements import included
from migrator.source import SourceText

PYTHON = "python"
_SCRIPTS = frozenset({"setup.py", "noxfile.py"})
# What builds a package is not what it runs with.
_BUILDING = ("build-system",)
# Tools that lock all groups of a file together.
_TOGETHER = frozenset({"poetry", "uv", "pdm"})
_MAIN = ("project", "dependencies")


@dataclass(frozen=True)
class DependencyFile:
    """A file that declares dependencies, in text order."""

    path: str
    source: SourceText
    requirements: tuple[Requirement, ...]

    @cached_property
    def form(self) -> str:
        return PYTHON if self.path.endswith(".py") else document_format(self.path) or ""

    def named(self, distribution: str) -> list[Requirement]:
        """The requirements of a distribution."""
        wanted = normalised(distribution)
        return [one for one in self.requirements if normalised(one.name) == wanted]

    def beside(self, requirement: Requirement) -> list[Requirement]:
        """All of the group that a requirement stands in."""
        return [one for one in self.requirements if one.group == requirement.group]

    @cached_property
    def includes(self) -> dict[str, bool]:
        """The files that are installed with it, by their paths, and whether only as constraints."""
        if self.form != "requirements":
            return {}
        folder = posixpath.dirname(self.path)
        return {
            posixpath.normpath(posixpath.join(folder, name)): constrains
            for name, constrains in included(self.source.text)
        }

    @cached_property
    def is_constraining(self) -> bool:
        """Whether it only says which releases are meant, of what others ask for."""
        return "constraint" in posixpath.basename(self.path)

    @cached_property
    def is_hashed(self) -> bool:
        """Whether its requirements are held to hashes, which nothing here can give."""
        return self.form == "requirements" and "--hash" in self.source.text

    def environments(self) -> Iterator[list[Requirement]]:
        """The requirements that are installed together: all, or the main ones with each extra."""
        groups = dict.fromkeys(one.group for one in self.requirements)
        tools = {group[1] for group in groups if len(group) > 1 and group[0] == "tool"}
        if self.form != "pyproject" or tools & _TOGETHER or _MAIN not in groups:
            yield list(self.requirements)
            return
        for group in groups:
            yield [one for one in self.requirements if one.group in (_MAIN, group)]


@dataclass(frozen=True)
class DependencyFiles:
    """All of them, by path."""

    sources: Mapping[str, SourceText]
    named: Collection[str] = ()

    @cached_property
    def files(self) -> dict[str, DependencyFile]:
        """Those that declare anything; of Python, scripts known by their names, and `named`."""
        found = {}
        for path, source in sorted(self.sources.items()):
            if path.endswith(".py") and not self._is_script(path):
                continue
            declared = tuple(
                one for one in requirements_of(path, source.text) if one.group[:1] != _BUILDING
            )
            file = DependencyFile(path, source, declared)
            if declared or file.includes:
                found[path] = file
        return found

    def _is_script(self, path: str) -> bool:
        return posixpath.basename(path) in _SCRIPTS or path in self.named

    def below(self, path: str, *, asked: bool = False) -> list[DependencyFile]:
        """The files that a file includes, those in these too; `asked`: not as constraints."""
        found: dict[str, DependencyFile] = {}
        left = [path]
        while left:
            one = self.files.get(left.pop())
            for name, constrains in one.includes.items() if one else ():
                if asked and constrains:
                    continue
                if name != path and name not in found and name in self.files:
                    found[name] = self.files[name]
                    left.append(name)
        return list(found.values())

    def environments(self, path: str) -> Iterator[list[tuple[DependencyFile, Requirement]]]:
        """Everything that is installed with what a file declares, in each way that it is."""
        for top in self.files.values():
            included_files = self.below(top.path)
            if path != top.path and path not in {one.path for one in included_files}:
                continue
            rest = [(one, each) for one in included_files for each in one.requirements]
            for together in top.environments():
                yield [*((top, one) for one in together), *rest]


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
