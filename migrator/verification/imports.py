"""Whether what changed files import is there: in the tree, in Python, in what it asks for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.analysis.documents import LARGEST, requirements_of
from migrator.language import _, marked
from migrator.planning.dependencies.demands import OPENAI, Wanted, demand
from migrator.planning.dependencies.files import normalised
from migrator.providers import known_ids, load_provider
from migrator.regular import content
from migrator.verification.ladder import Finding

if TYPE_CHECKING:
    from migrator.verification.static import Written

_RULE = marked("imports")
_SOURCES = ("", "src", "lib")


class Imports:
    """The modules of a repository, and the packages that its files ask for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._by_folder: dict[Path, frozenset[str]] = {}

    def unresolved(self, written: Collection[Written], *, declares: bool) -> Iterator[Finding]:
        """The imports that changed files have now, and that nothing brings.

        Without `declares`, what no dependency file asks for is on the checklist already.
        """
        known = {name for file in written for name in self._tops(file.before or b"")}
        for file in written:
            old = {ast.dump(node) for node in _imports(file.before or b"")}
            for node in _imports(file.after):
                if ast.dump(node) not in old:
                    yield from self._missing(file.path, node, known, declares=declares)

    def _missing(
        self,
        path: str,
        node: ast.Import | ast.ImportFrom,
        known: Collection[str],
        *,
        declares: bool,
    ) -> Iterator[Finding]:
        modules = (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
        for module in modules:
            level = node.level if isinstance(node, ast.ImportFrom) else 0
            file = self._module(path, module, level)
            if file is not None and isinstance(node, ast.ImportFrom):
                if level or not self._is_neighbour(module, file):
                    yield from self._names(path, node, module, file)
            elif file is None and level:
                yield Finding(
                    _("there is no module `{module}`", module=module), path, node.lineno, _RULE
                )
            elif file is None and declares and not self._is_brought(path, module, known):
                what = _("no dependency file asks for what brings `{module}`", module=module)
                yield Finding(what, path, node.lineno, _RULE)

    def _names(self, path: str, node: ast.ImportFrom, module: str, file: Path) -> Iterator[Finding]:
        offered = _offered(file)
        for one in node.names:
            beside = file.parent / one.name
            is_module = beside.is_dir() or beside.with_suffix(".py").exists()
            if offered is not None and one.name not in {*offered, "*"} and not is_module:
                yield Finding(
                    _("`{module}` has no `{name}`", module=module, name=one.name),
                    path,
                    node.lineno,
                    _RULE,
                )

    def _module(self, path: str, module: str, level: int) -> Path | None:
        """The file of a module of the repository, as a file of it imports it."""
        parts = module.split(".") if module else []
        here = (self.root / path).parent
        if level:
            folders = [here.joinpath(*[".."] * (level - 1))]
        else:
            above = [one for one in (self.root / path).parents if one.is_relative_to(self.root)]
            folders = [one / source for one in above for source in _SOURCES]
        for folder in folders:
            place = folder.joinpath(*parts)
            for file in (place.with_suffix(".py") if parts else place, place / "__init__.py"):
                if file.is_file():
                    return file
        return None

    def _is_neighbour(self, module: str, file: Path) -> bool:
        """Whether a module is a part of a package, which an installed one of its name goes before.

        Only a script that is started beside it means it.
        """
        place = file.parent if file.name == "__init__.py" else file
        folder = self.root.joinpath(*place.relative_to(self.root).parts[: -len(module.split("."))])
        return (folder / "__init__.py").is_file()

    def _is_brought(self, path: str, module: str, known: Collection[str]) -> bool:
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or top in known or (self.root / top).is_dir():
            return True
        asked = self._asked(path)
        return not asked or any(_may_bring(one, module) for one in asked)

    def _asked(self, path: str) -> set[str]:
        """The distributions that dependency files beside a file and above it ask for."""
        found: set[str] = set()
        for folder in (self.root / path).parents:
            found |= self._asked_in(folder) | self._asked_in(folder / "requirements")
            if folder == self.root:
                break
        return found

    def _asked_in(self, folder: Path) -> frozenset[str]:
        if folder not in self._by_folder:
            self._by_folder[folder] = frozenset(_asked_in(folder, self.root))
        return self._by_folder[folder]

    @staticmethod
    def _tops(data: bytes) -> Iterator[str]:
        for node in _imports(data):
            if isinstance(node, ast.Import):
                yield from (one.name.split(".")[0] for one in node.names)
            elif node.module and not node.level:
                yield node.module.split(".")[0]


def _asked_in(folder: Path, root: Path) -> Iterator[str]:
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.suffix == ".py" and file.name != "setup.py":
            continue
        try:
            if not file.is_file() or file.stat().st_size > LARGEST:
                continue
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for one in requirements_of(file.relative_to(root).as_posix(), text):
            yield normalised(one.name)


def _may_bring(distribution: str, module: str) -> bool:
    """Whether a distribution may bring a module: known to, or as its name says."""
    top = module.split(".")[0]
    if top in modules_of(distribution) or (top == OPENAI and demand(Wanted(distribution))):
        return True
    spelled = normalised(module.replace(".", "-"))
    return (
        spelled == distribution
        or spelled.startswith(f"{distribution}-")
        or (distribution.startswith(f"{spelled}-"))
    )


@cache
def modules_of(distribution: str) -> frozenset[str]:
    """The modules that a distribution brings, where it is a provider's SDK."""
    known = (load_provider(one).sdk for one in known_ids())
    return frozenset(
        package.split(".")[0]
        for sdk in known
        if sdk is not None and normalised(sdk.name) == distribution
        for package in sdk.packages
    )


def _imports(data: bytes) -> Iterator[ast.Import | ast.ImportFrom]:
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return
    yield from (one for one in ast.walk(tree) if isinstance(one, (ast.Import, ast.ImportFrom)))


def _offered(file: Path) -> Mapping[str, None] | None:
    """The names that a module binds at its top; None where that cannot be told."""
    try:
        tree = ast.parse(content(file))
    except (OSError, SyntaxError, ValueError):
        return None
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found[node.name] = None
            case ast.Name(id=name, ctx=ast.Store()):
                found[name] = None
            case ast.Import() | ast.ImportFrom():
                if any(one.name == "*" for one in node.names):
                    return None
                found |= dict.fromkeys((one.asname or one.name.split(".")[0]) for one in node.names)
    return None if "__getattr__" in found else found
