"""`migrate doctor`: whether the machine, the folder and its settings are as a migration needs them.

Nothing is changed, nothing is sent, and no key is read but for whether it is there.
"""

from __future__ import annotations

import locale
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from migrator import __version__, language
from migrator.errors import MigrateError
from migrator.language import _, counted, marked

if TYPE_CHECKING:
    from migrator.providers import Provider
    from migrator.settings import Settings

_CHECKLIST = "MIGRATION_CHECKLIST.md"


class Verdict(str, Enum):
    """How it is with a part. The values are the words of the JSON contract."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of one part, and what to do about it, if anything."""

    part: str
    verdict: Verdict
    told: str
    remedy: str = ""


# The parts by what people call them.
PARTS: Mapping[str, str] = {
    "python": marked("Python"),
    "migrate": marked("migrate"),
    "parser": marked("parser"),
    "git": marked("git"),
    "repository": marked("repository"),
    "settings": marked("settings"),
    "checklist": marked("checklist"),
    "runs": marked("runs"),
    "encoding": marked("encoding"),
    "language": marked("language"),
    "target": marked("target"),
    "key": marked("key"),
    "facts": marked("facts"),
    "hook": marked("hook"),
    "mcp": marked("MCP"),
}


def findings(folder: Path, today: date, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What is found of every part, in the order of PARTS."""
    yield _python()
    yield _installed()
    yield _parser()
    yield _git()
    yield _repository(folder)
    settings, found = _settings(folder)
    yield found
    yield _checklist(folder)
    yield from _runs(folder)
    yield _encoding()
    yield _language()
    yield from _target(folder, settings, today, environment)
    yield _hook(folder)
    yield _mcp()


def _ok(part: str, told: str) -> Finding:
    return Finding(part, Verdict.OK, told)


def _note(part: str, told: str, remedy: str = "") -> Finding:
    return Finding(part, Verdict.NOTE, told, remedy)


def _problem(part: str, told: str, remedy: str) -> Finding:
    return Finding(part, Verdict.PROBLEM, told, remedy)


# -- the machine ----------------------------------------------------------------------------------


def _python() -> Finding:
    told = _(
        "{implementation} {version} on {platform}",
        implementation=platform.python_implementation(),
        version=platform.python_version(),
        platform=platform.platform(terse=True),
    )
    return _ok("python", told)


def _installed() -> Finding:
    where = Path(__file__).parent.parent
    told = _("{version} in {where}", version=__version__, where=where)
    first = shutil.which("migrate")
    if first is not None and not _is_ours(Path(first)):
        return _note(
            "migrate",
            told,
            _(
                "`migrate` on the PATH is {other}, which may be another installation: run "
                "{python} -m migrator for this one",
                other=first,
                python=sys.executable,
            ),
        )
    return _ok("migrate", told)


def _is_ours(command: Path) -> bool:
    folder = Path(sys.executable).parent
    return command.parent == folder or command.resolve().parent == folder.resolve()


def _parser() -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        import libcst

        import_module("libcst.native")
        libcst.parse_module("x = 1\n")
        return _ok("parser", _("libcst {version}, native", version=version("libcst")))
    except (ImportError, PackageNotFoundError) as error:
        return _problem(
            "parser",
            _("libcst cannot be used: {error}", error=error),
            _(
                "pip install --force-reinstall libcst (there are wheels for CPython; elsewhere it "
                "needs Rust)"
            ),
        )


def _git() -> Finding:
    path = shutil.which("git")
    if path is None:
        return _note(
            "git",
            _("not found"),
            _("without it, files are listed by .gitignore, and nothing shows what is uncommitted"),
        )
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return _problem("git", _("{path} fails: {error}", path=path, error=error), _("mend git"))
    return _ok("git", _("{version} ({path})", version=done.stdout.strip(), path=path))


def _encoding() -> Finding:
    output = (getattr(sys.stdout, "encoding", None) or "?").lower()
    preferred = locale.getpreferredencoding(False)
    terminal = shutil.get_terminal_size()
    told = _(
        "output {output}, files by default {preferred}, {columns} columns",
        output=output,
        preferred=preferred,
        columns=terminal.columns,
    )
    if output.replace("-", "") != "utf8":
        remedy = (
            _("set PYTHONUTF8=1, and the console to UTF-8: chcp 65001")
            if sys.platform == "win32"
            else _("set LC_ALL=C.UTF-8 (or another UTF-8 locale), or PYTHONUTF8=1")
        )
        return _note("encoding", told, remedy)
    return _ok("encoding", told)


def _mcp() -> Finding:
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        return _note(
            "mcp",
            _("not installed: `migrate mcp` is not there for coding agents"),
            _("only if you want it: pip install 'migrate-openai[mcp]'"),
        )
    return _ok("mcp", _("installed"))


# -- the folder -----------------------------------------------------------------------------------


def _repository(folder: Path) -> Finding:
    from migrator.changes.dirty import changed_below, name_some, repository_of
    from migrator.changes.errors import ChangesError

    top = repository_of(folder)
    if top is None:
        return _note(
            "repository",
            _("{folder} is in no git repository", folder=folder.resolve()),
            _("`migrate undo` takes an apply back all the same"),
        )
    try:
        changed = changed_below(top)
    except ChangesError as error:
        return _problem("repository", str(error), _("mend git, or the repository"))
    if changed:
        return _note(
            "repository",
            counted(
                "{top}, with {number} uncommitted change: {some}",
                "{top}, with {number} uncommitted changes: {some}",
                len(changed),
                top=top,
                some=name_some(changed),
            ),
            _("commit or stash them: apply does not write over them without --allow-dirty"),
        )
    return _ok("repository", _("{top}, nothing uncommitted", top=top))


def _settings(folder: Path) -> tuple[Settings, Finding]:
    from migrator.settings import Settings, load_settings

    try:
        found = load_settings(folder)
    except MigrateError as error:
        remedy = _("mend the file: docs/settings.md has every key")
        return Settings(), _problem("settings", str(error), remedy)
    if found.file is None:
        told = _("none")
    else:
        keys = ", ".join(sorted(found.stated)) or _("nothing")
        told = _("{file}: {keys}", file=found.file, keys=keys)
    try:
        below = list(_settings_below(folder))
    except MigrateError as error:
        return found, _problem("settings", str(error), _("mend the file"))
    if below:
        told = _("{told}; of their own: {folders}", told=told, folders=", ".join(below))
    elif found.file is None:
        return found, _note("settings", told, _("`migrate init` writes them"))
    return found, _ok("settings", told)


def _settings_below(folder: Path) -> Iterator[str]:
    """The folders below that have settings of their own. Raises SettingsError."""
    from migrator.discovery.listing import Listing
    from migrator.discovery.patterns import Patterns
    from migrator.settings import PYPROJECT, YAML_FILE, settings_in

    root = folder.resolve()
    listing = Listing(root, Patterns())
    listing.add(root)
    paths = (path for path in listing.files if path.endswith((f"/{PYPROJECT}", f"/{YAML_FILE}")))
    for inner in sorted({path.rpartition("/")[0] for path in paths}):
        if settings_in(f"{root}/{inner}") is not None:
            yield inner


def _checklist(folder: Path) -> Finding:
    from migrator.checklist.document import Document

    path = folder / _CHECKLIST
    if not path.is_file():
        return _ok("checklist", _("none yet: an apply writes it"))
    entries = Document(path.read_bytes().decode("utf-8", "surrogateescape")).entries()
    number = sum(not one.ticked for one in entries)
    return _ok(
        "checklist",
        counted(
            "{path}, with {number} entry open",
            "{path}, with {number} entries open",
            number,
            path=path,
        ),
    )


def _runs(folder: Path) -> Iterator[Finding]:
    from migrator.changes.errors import ChangesError
    from migrator.changes.filesystem import FileSystem
    from migrator.changes.journal import Journal

    journal = Journal(folder.resolve(), FileSystem())
    try:
        runs, half = journal.runs(), journal.interrupted()
    except ChangesError as error:
        yield _problem("runs", str(error), _("move {folder} away", folder=journal.folder))
        return
    holder = journal.holder()
    if holder is not None:
        yield _problem(
            "runs",
            _("another migrate is at work here (process {holder})", holder=holder or "?"),
            _("wait until it is done"),
        )
    elif half is not None:
        yield _problem(
            "runs",
            _("run {run} was interrupted", run=half.id),
            _("take it back: migrate undo --root {folder}", folder=folder),
        )
    else:
        yield _ok(
            "runs",
            counted("{number} that can be taken back", "{number} that can be taken back", len(runs))
            if runs
            else _("none"),
        )


def _hook(folder: Path) -> Finding:
    from migrator.changes.dirty import repository_of
    from migrator.starting.writing import HOOK, has_hook, hooks_file

    path = hooks_file(folder)
    try:
        there = path.is_file() and has_hook(path)
    except MigrateError as error:
        return _problem("hook", str(error), _("mend the file"))
    if not there:
        remedy = _("only if you want it: migrate init --hook")
        return _note("hook", _("no hook {hook} in {path}", hook=HOOK, path=path.name), remedy)
    top = repository_of(folder)
    installed = top is not None and (top / ".git" / "hooks" / "pre-commit").is_file()
    if not installed and top is not None and (top / ".git").is_dir():
        return _note(
            "hook",
            _("{hook} stands in {path}, and is not installed in this clone", hook=HOOK, path=path),
            _("pre-commit install"),
        )
    return _ok("hook", _("{hook} in {path}", hook=HOOK, path=path))


# -- the language and the provider ----------------------------------------------------------------


def _language() -> Finding:
    used, way = language.chosen()
    if not way:
        return _ok("language", _("{language}, as nothing names another", language=used))
    told = _("`lang` in the settings") if way == language.SETTING else way
    return _ok("language", _("{language}, by {way}", language=used, way=told))


def _target(
    folder: Path, settings: Settings, today: date, environment: Mapping[str, str]
) -> Iterator[Finding]:
    from migrator import workflow

    try:
        named = settings.target or workflow.moved_to(folder)
        if not named and settings.gateway is None:
            told = _("no provider is chosen yet")
            yield _note("target", told, _("`migrate compare` shows what each would make of it"))
            return
        provider = workflow.target(named, settings)
        provider.region(settings.region)
    except MigrateError as error:
        yield _problem("target", str(error), _("correct `target` or `region` in the settings"))
        return
    yield _ok("target", f"{provider.id}: {provider.name}")
    yield _key(provider, environment)
    yield _facts(provider, today)


def _key(provider: Provider, environment: Mapping[str, str]) -> Finding:
    name = provider.key_variable
    if environment.get(name):
        return _ok("key", _("{name} is set", name=name))
    return _note(
        "key",
        _("{name} is not set", name=name),
        _("the migrated program needs it, migrate does not: {page}", page=provider.key_page),
    )


def _facts(provider: Provider, today: date) -> Finding:
    from migrator.freshness import FRESH, facts, stale

    every, old = facts(provider), stale(provider, today)
    told = _(
        "compiled {compiled}: {number} facts, {old} older than {days} days",
        compiled=provider.compiled,
        number=len(every),
        old=len(old),
        days=FRESH.days,
    )
    if old:
        step = _("`migrate providers {id}` names them; a newer release may know", id=provider.id)
        return _note("facts", told, step)
    return _ok("facts", told)
