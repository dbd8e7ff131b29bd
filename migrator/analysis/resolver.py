"""Which file an import means: several import roots, src layouts and namespace packages."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Container, Iterable

_PACKAGE = "__init__"
# Modules that Python has loaded before any import of a program: no file takes their place.
_LOADED = frozenset(
    {"abc", "builtins", "codecs", "encodings", "io", "marshal", "os", "site", "stat", "sys", "time"}
)


class Resolver:
    """Finds the repository's modules by dotted name.

    A module's key is its path without the suffix, a package's the path of its folder. A dotted name
    is looked up beside the importing file, then in every folder above it, then anywhere in the
    repository where just one place answers to it, at last beside a file of a package.
    """

    def __init__(
        self,
        paths: Iterable[str],
        reserved: Container[str] = (),
        real: Container[str] = (),
        settings: Iterable[str] = (),
    ) -> None:
        """`reserved` are top-level names of well-known packages: a plain folder never answers to
        them, nor to a name of the standard library. `real` are module keys that import the package
        they are named after, so they cannot be what others mean by that name alone. `settings` are
        the files that Django's settings are in.
        """
        self._reserved = reserved
        self._real = real
        self._files: dict[str, str] = {}
        self._folders: set[str] = set()
        self._by_last: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            stem = path.rpartition(".")[0]
            folder, _, name = stem.rpartition("/")
            key = folder if name == _PACKAGE else stem
            self._files.setdefault(key, path)
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]
        for key in sorted({*self._files, *self._folders}):
            if key:
                self._by_last[key.rpartition("/")[2]].append(key)
        wanted = frozenset(settings)
        self.settings = [key for key, path in self._files.items() if path in wanted]

    @property
    def paths(self) -> Iterable[str]:
        """All Python files."""
        return self._files.values()

    @property
    def names(self) -> Iterable[str]:
        """The last parts of all modules' names."""
        return self._by_last

    def file(self, key: str) -> str | None:
        """The file of a module, or of a package's `__init__`; None for a plain folder."""
        return self._files.get(key)

    def child(self, key: str, name: str) -> str | None:
        """The submodule of a package, if there is one."""
        inner = f"{key}/{name}" if key else name
        return inner if inner in self._files or inner in self._folders else None

    def is_package(self, folder: str) -> bool:
        """Whether a folder holds an `__init__` module."""
        return f"{folder}/{_PACKAGE}.py".lstrip("/") == self._files.get(folder)

    def relative(self, importer: str, dotted: str, level: int) -> str | None:
        """The module of `from ..dotted import x` in the file `importer`."""
        folder = importer.rpartition("/")[0]
        for _ in range(level - 1):
            folder = folder.rpartition("/")[0]
        parts = [part for part in (folder, *dotted.split(".")) if part]
        key = "/".join(parts)
        return key if key in self._files or key in self._folders or not key else None

    def absolute(self, importer: str, dotted: str) -> str | None:
        """The module of `import dotted` in the file `importer`, or None where it is not ours."""
        if dotted.partition(".")[0] in _LOADED:
            return None
        tail = dotted.replace(".", "/")
        folder = importer.rpartition("/")[0]
        own = importer.rpartition(".")[0]
        while True:
            # A package's own folder is not an import root: its modules are reached from above.
            if not self.is_package(folder):
                for base in (folder, f"{folder}/src".lstrip("/")):
                    key = f"{base}/{tail}" if base else tail
                    if self._answers(key, alone="/" not in tail) and key != own:
                        return key
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return self._anywhere(importer, tail) or self._beside(importer, tail)

    def _answers(self, key: str, *, alone: bool) -> bool:
        if alone and key in self._real:
            return False
        if key in self._files:
            return True
        name = key.rpartition("/")[2]
        known = name in self._reserved or name in sys.stdlib_module_names
        return key in self._folders and not known

    def _beside(self, importer: str, tail: str) -> str | None:
        """The module beside a script that is run where it lies, in the folder of a package."""
        folder, top = importer.rpartition("/")[0], tail.partition("/")[0]
        key = f"{folder}/{tail}"
        if not folder or top in self._reserved or top in sys.stdlib_module_names:
            return None
        found = key in self._files and key != importer.rpartition(".")[0]
        return key if found else None

    def _anywhere(self, importer: str, tail: str) -> str | None:
        """A dotted name of several parts that only one place of the repository answers to."""
        if "/" not in tail:
            return None
        last = tail.rpartition("/")[2]
        found = [key for key in self._by_last.get(last, ()) if key.endswith("/" + tail)]
        if len(found) == 1:
            return found[0]
        top = importer.split("/")[0]
        near = [key for key in found if key.startswith(top + "/")]
        return near[0] if len(near) == 1 else None
