"""Packages that bring providers and codemods of their own, found by their entry points.

`migrator.providers`: the name is the provider's id, the value the package that holds `<id>.yaml`.
`migrator.codemods`: the name is the codemod's, the value a function under `codemod`. Both are
looked for where a command first needs them, and a scan needs neither. docs/plugins.md is the page
for authors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.errors import MigrateError
from migrator.language import _

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    import libcst as cst

    from codemods.context import Context
    from migrator.edits import Plugged

PROVIDERS, CODEMODS = "migrator.providers", "migrator.codemods"
VARIABLE = "MIGRATE_NO_PLUGINS"
OPTION = "--no-plugins"
# The sites that are one expression: others a codemod cannot be given.
KINDS = frozenset({"client", "call", "model", "exception", "type_ref"})
Rewrite = Callable[["cst.BaseExpression", "Place"], "cst.BaseExpression"]


class PluginError(MigrateError):
    """A plug-in cannot be used, or failed at work. The message names it and what to do."""

    exit_code = 2


class Declined(Exception):  # noqa: N818 - it is an answer, not an error
    """A codemod leaves a place to a person: the text says why, on the checklist."""


@dataclass(frozen=True)
class Place:
    """Where a codemod is at work: a site that moves to `provider`, in this `mode`.

    `kind` and `detail` are what `migrate scan` says of the site. `line` is that of the text that is
    rewritten; a notebook's is its program.
    """

    path: str
    line: int
    kind: str
    detail: str
    provider: str
    mode: str
    _context: Context

    def name_of(self, path: str) -> str:
        """How to write a dotted path here (`acme.http.Client`); what it needs is imported.

        Raises Declined where its name means something else here.
        """
        from codemods.outcome import CannotRewrite

        try:
            return self._context.spell_anyhow(path)
        except CannotRewrite as error:
            raise Declined(str(error)) from None

    def with_arguments(
        self,
        node: cst.BaseExpression,
        *,
        add: Mapping[str, str] | None = None,
        replace: Mapping[str, str] | None = None,
        rename: Mapping[str, str] | None = None,
        drop: Iterable[str] = (),
    ) -> cst.BaseExpression:
        """A call with other arguments, in the manner of the file: names -> source (or new names).

        What is added and stands there already stays, and what is renamed or dropped and does not
        stand there is passed over. Raises Declined where an argument to replace is not there, and
        for what is no call.
        """
        from codemods.outcome import CannotRewrite
        from codemods.parameters import change_parameters
        from migrator.edits import Parameters

        try:
            there = self._context.entries(node).names
            wanted = Parameters(
                drop=tuple(one for one in drop if one in there),
                rename=tuple(one for one in (rename or {}).items() if one[0] in there),
                replace=tuple((replace or {}).items()),
                add=tuple(one for one in (add or {}).items() if one[0] not in there),
            )
            idle = wanted == Parameters()
            return node if idle else change_parameters(wanted, node, self._context)
        except CannotRewrite as error:
            raise Declined(str(error)) from None


@dataclass(frozen=True)
class Codemod:
    """A codemod of a plug-in; `name` and `package` are those that it is found by."""

    rewrite: Rewrite
    kinds: frozenset[str]
    summary: str
    review: str
    url: str = ""
    name: str = ""
    package: str = ""

    def carry_out(self, node: cst.BaseExpression, asked: Plugged, context: Context) -> Any:
        """What it makes of an expression.

        Raises Declined, and PluginError for whatever else it raises, and for what is no expression.
        """
        import libcst as cst

        line = context.span.line
        where = (context.file.path, line, asked.kind, asked.detail, asked.provider, asked.mode)
        try:
            made = self.rewrite(node, Place(*where, context))
        except Declined:
            raise
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise self._fault(f"{context.file.path}:{line}: {told}") from error
        if not isinstance(made, cst.BaseExpression):
            raise self._fault(_("it has to give an expression, not {what}", what=repr(made)))
        return made

    def _fault(self, told: str) -> PluginError:
        return _fault(self.package, _("codemod {name}", name=self.name), told)


def codemod(
    *, kinds: Iterable[str], summary: str, review: str, url: str = ""
) -> Callable[[Rewrite], Codemod]:
    """Make a codemod of a function that rewrites the expression of one site.

    It is called for every site of these `kinds` (of KINDS) that moves, with the expression as this
    tool has rewritten it, and gives what is to stand there: the same node to leave it alone. Given
    its own result it has to leave that alone. `summary` says what it does, `review` what a person
    should look at afterwards, and `url` where that is written down; all three are shown.
    """

    def made(rewrite: Rewrite) -> Codemod:
        return Codemod(rewrite, frozenset(kinds), summary, review, url)

    return made


@dataclass(frozen=True)
class Profile:
    """The file of a provider, and the package that brings it."""

    id: str
    file: Path
    package: str

    def fault(self, told: str) -> PluginError:
        """What is told of something that is wrong with it."""
        return _fault(self.package, _("provider {name}", name=self.id), told)


def profiles() -> Mapping[str, Profile]:
    """The providers of plug-ins, by their ids. Raises PluginError for a file that is not there."""
    return {} if switched_off() else _profiles()


def third_party() -> Mapping[str, Codemod]:
    """The codemods of plug-ins, by their names, in their order.

    Raises PluginError for one that cannot be loaded, is none, or has the name of another.
    """
    return {} if switched_off() else _third_party()


def switched_off() -> bool:
    """Whether plug-ins are not to be looked for."""
    return bool(os.environ.get(VARIABLE, ""))


def switch_off() -> None:
    """Look for no plug-ins from here on, nor have the processes that are started."""
    os.environ[VARIABLE] = "1"


def look_again() -> None:
    """Forget what was found: packages have been installed since, or taken away."""
    _profiles.cache_clear()
    _third_party.cache_clear()


@cache
def _profiles() -> Mapping[str, Profile]:
    found: dict[str, Profile] = {}
    for name, entry in _entries(PROVIDERS).items():
        package = _package(entry)
        folder = _folder(entry.value)
        file = folder / f"{name}.yaml" if folder is not None else None
        if file is None or not file.is_file():
            missing = file or f"{entry.value}/{name}.yaml"
            told = _("{file}: there is no such file", file=missing)
            raise _fault(package, _("provider {name}", name=name), told)
        found[name] = Profile(name, file, package)
    return found


def _folder(module: str) -> Path | None:
    """The folder of a package, which is not run for that (those above it are)."""
    from importlib.util import find_spec

    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) if places else None


@cache
def _third_party() -> Mapping[str, Codemod]:
    return {name: _loaded(name, entry) for name, entry in _entries(CODEMODS).items()}


def _loaded(name: str, entry: EntryPoint) -> Codemod:
    from codemods.registry import codemods

    package, what = _package(entry), _("codemod {name}", name=name)
    if any(own.name == name for own in codemods().values()):
        raise _fault(package, what, _("a codemod of this tool has that name"))
    try:
        loaded = entry.load()
    except Exception as error:
        raise _fault(package, what, f"{type(error).__name__}: {error}") from error
    if not isinstance(loaded, Codemod):
        told = _("{value} is no function under `migrator.plugins.codemod`", value=entry.value)
        raise _fault(package, what, told)
    if unknown := loaded.kinds - KINDS:
        named, known = ", ".join(sorted(unknown)), ", ".join(sorted(KINDS))
        told = _("kinds: {named} is none of {known}", named=named, known=known)
        raise _fault(package, what, told)
    return replace(loaded, name=name, package=package)


def _entries(group: str) -> Mapping[str, EntryPoint]:
    """The entry points of a group by their names, which are sorted.

    Raises PluginError where two packages have one of the same name.
    """
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for entry in sorted(entry_points(group=group), key=lambda one: (one.name, _package(one))):
        other = found.setdefault(entry.name, entry)
        if _package(other) != _package(entry):
            told = _("{package} has one of that name too", package=_package(other))
            raise _fault(_package(entry), entry.name, told)
    return found


def _package(entry: EntryPoint) -> str:
    """What an entry point is installed with: `acme-migrate 1.2`."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def _fault(package: str, what: str, told: str) -> PluginError:
    return PluginError(
        _(
            "plug-in {package}: {what}: {told}; to go on without plug-ins: {option}",
            package=package,
            what=what,
            told=" ".join(told.split()),
            option=OPTION,
        )
    )
