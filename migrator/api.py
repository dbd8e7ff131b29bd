"""The Python API: what the commands do, for programs. `import migrator` has all of it.

Nothing is printed, and nothing is written but by `apply`, `Migration.apply`, `undo` and
`update_checklist`. What cannot be done raises a MigrateError, whose text is one line for a person
and whose `exit_code` is that of the command. Where an option is not given, the settings of the
repository count ([tool.migrator] in pyproject.toml, or .migrator.yaml), as for the commands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, cast

from migrator import workflow
from migrator.analysis.result import ScanResult
from migrator.language import _

if sys.version_info >= (3, 11):
    from typing import Unpack
else:
    from typing_extensions import Unpack

if TYPE_CHECKING:
    from migrator.changes.diff import FileChange
    from migrator.changes.result import ApplyResult
    from migrator.changes.undo import Undone
    from migrator.checklist.living import Look
    from migrator.comparing import Comparison
    from migrator.decisions import ChecklistItem, Coverage, Plan
    from migrator.explaining.places import Explained
    from migrator.providers import Provider
    from migrator.verification.emulator import Emulator
    from migrator.verification.exchanges import Exchange
    from migrator.verification.ladder import Ladder

FileName = str | os.PathLike[str]
# A file or folder, or several.
Where = FileName | Iterable[FileName]
Progress = Callable[[int, int], None]
_HERE = "."


class MigrationOptions(TypedDict, total=False):
    """What `plan` and `apply` take by keyword: the options of `migrate apply`, by their names.

    `embeddings`, `images`, `speech` and `transcription` name another provider for what the target
    lacks. `progress` is called with the number of files that are read and that are to be read.
    """

    target: str
    region: str
    mode: Literal["compatible", "sdk"]
    map: Mapping[str, str]
    embeddings: str
    images: str
    speech: str
    transcription: str
    legacy: Literal["auto", "upgrade", "keep"]
    keep_env_names: bool
    markers: bool
    docs: bool
    only: Sequence[str]
    skip: Sequence[str]
    split_variables: bool
    include: Sequence[str]
    exclude: Sequence[str]
    progress: Progress


@dataclass(frozen=True)
class Migration:
    """What an `apply` would do, or has done.

    Paths are relative to `root`, with `/`. `plan` has one decision for every site, `changes` are
    the files before and after. `run` is the name by which `undo` takes it back, "" while nothing is
    written.
    """

    root: Path
    plan: Plan
    changes: tuple[FileChange, ...]
    run: str = ""
    _result: ApplyResult | None = field(default=None, repr=False, compare=False)
    _options: workflow.Options | None = field(default=None, repr=False, compare=False)

    @property
    def coverage(self) -> Coverage:
        """How many sites are converted, on the checklist, left."""
        return self.plan.coverage

    @property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        """What is left for a person, without what comments in the code take off it."""
        return self.plan.open_items

    @property
    def diff(self) -> str:
        """The changes as a unified diff, for reading."""
        from migrator.changes.diff import diff_text

        return diff_text(self.changes)

    def to_dict(self) -> dict[str, Any]:
        """What `migrate apply --dry-run --format json` prints."""
        import json

        from migrator.reports.json import plan_json

        return cast("dict[str, Any]", json.loads(plan_json(self._planned)))

    def apply(self, *, allow_dirty: bool = False) -> Migration:
        """Write exactly this, with the diff and the checklist beside it: all of it, or nothing.

        Raises ChangesError where a file is no longer what was planned for, or has changes that are
        not committed (unless `allow_dirty`), and where the system refuses.
        """
        result = workflow.carry_out(
            self._planned,
            self.root,
            self._options,
            allow_dirty=allow_dirty,
            command="migrator.apply",
        )
        return _migration(result, self.root, self._options)

    @property
    def _planned(self) -> ApplyResult:
        assert self._result is not None, "a Migration comes of plan() or apply()"
        return self._result


def scan(
    where: Where = _HERE,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> ScanResult:
    """Find every place that reaches OpenAI. Its paths are relative to the `root` of the result.

    `where` is a file or folder, or several; `include` and `exclude` are patterns as in .gitignore.
    Raises DiscoveryError for a path that is not there, SettingsError.
    """
    options = workflow.Options(include=include, exclude=exclude)
    found = workflow.scan(_paths(where), options, progress)
    return replace(found, root=str(_root(where)))


def compare(
    where: Where = _HERE,
    *,
    targets: Sequence[str] = (),
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """What each provider would make of the code (all, or `targets`), the best one first.

    Raises UnknownProviderError, DiscoveryError, SettingsError.
    """
    options = workflow.Options(include=include, exclude=exclude)
    found = workflow.compare(_paths(where), targets, options, progress)
    return replace(found, root=str(_root(where)))


def plan(where: Where = _HERE, **options: Unpack[MigrationOptions]) -> Migration:
    """What `apply` would do. Changes nothing; `Migration.apply` then carries out just that.

    The options are those of MigrationOptions. Raises MigrateError: NoTargetError where neither
    options nor settings name a provider, UnknownProviderError, ProfileError, UnknownWishError,
    NoSdkError, SelectionError, DiscoveryError, SettingsError, PluginError.
    """
    wanted, progress = _options(options)
    result, root = workflow.plan(_paths(where), wanted, progress)
    return _migration(result, root, wanted)


def apply(
    where: Where = _HERE, *, allow_dirty: bool = False, **options: Unpack[MigrationOptions]
) -> Migration:
    """Rewrite what can be proven, and write the diff and the checklist: all of it, or nothing.

    Raises what `plan` and `Migration.apply` raise; then nothing was written.
    """
    return plan(where, **options).apply(allow_dirty=allow_dirty)


def undo(root: FileName = _HERE, run: str = "") -> Undone:
    """Take back the newest run (or the named one), byte for byte.

    Raises NoRunError, ChangedFileError where a file is no longer what the run wrote, and other
    ChangesErrors; then nothing was done.
    """
    return workflow.undo(Path(root), run or None)


def read_checklist(where: Where = _HERE, *, target: str = "") -> Look:
    """The checklist as a new look at the code finds it: what is settled, open, new.

    `target` is needed only where neither settings nor an earlier run name it. Raises what `plan`
    raises.
    """
    return workflow.checklist(_paths(where), workflow.Options(target))[0]


def update_checklist(where: Where = _HERE, *, target: str = "") -> Look:
    """The same, and MIGRATION_CHECKLIST.md is brought up to date; what people wrote in it stays."""
    return workflow.checklist(_paths(where), workflow.Options(target), update=True)[0]


def explain(place: str, *, target: str = "", root: FileName | None = None) -> Explained:
    """What stands at a place, how that is known, what becomes of it and why.

    `place` is `src/llm.py:42`, with a column `src/llm.py:42:8`, or the id of a site below `root`
    (the current folder). Raises NoPlaceError, and what `plan` raises.
    """
    from migrator.explaining.places import NoPlaceError
    from migrator.explaining.places import place as read

    asked = read(place)
    if asked is None:
        told = _("{place} is no place: name a line (src/llm.py:42) or a site's id", place=place)
        raise NoPlaceError(told)
    folder = None if root is None else Path(root)
    known = target or workflow.moved_to(folder or workflow.repository(asked.path))
    return workflow.explain(asked, workflow.Options(known), root=folder)[0]


def verify(
    root: FileName = _HERE,
    command: Sequence[str] = (),
    *,
    target: str = "",
    region: str = "",
    before: bool = False,
    seconds: float | None = None,
) -> Ladder:
    """Show what holds of a migrated tree, rung by rung; the provider itself is not asked.

    `command` is run in front of the emulator, for `seconds` at most, and with `before` on the code
    as it was, too. Raises CommandError, and what `plan` raises.
    """
    from migrator.verification.verifying import Wish

    wish = Wish(tuple(command), before, seconds)
    return workflow.verify(Path(root), workflow.Options(target=target, region=region), wish)


def emulate(
    target: str,
    *,
    region: str = "",
    port: int = 0,
    key: str = "",
    answers: str = "",
    failures: Sequence[str] = (),
    pause: float = 0.0,
    seed: int = 0,
    told: Callable[[Exchange], None] | None = None,
) -> Emulator:
    """A strict stand-in for a provider on the loopback address, to be entered by `with`.

    `failures` are written `KIND:SHARE`, `answers` is `echo`, the path of a file, or a text, as for
    `migrate emulate`; each exchange is handed to `told`. Raises UnknownProviderError, and for
    wishes that cannot be met; entering it PortError.
    """
    wishes = workflow.Emulation(target, region, port, key, answers, tuple(failures), pause, seed)
    return workflow.emulate(wishes, told)


def provider(name: str) -> Provider:
    """What is known of a provider: its id or another name of it, or the path of a file.

    Raises UnknownProviderError, ProfileError, PluginError.
    """
    from migrator.providers import load_provider

    return load_provider(name)


def known_providers() -> tuple[Provider, ...]:
    """Every provider there is: those that come with the tool, and those of plug-ins.

    Raises PluginError.
    """
    from migrator.providers import known_ids, load_provider

    return tuple(load_provider(one) for one in known_ids())


def _paths(where: Where) -> list[Path]:
    one = isinstance(where, (str, os.PathLike))
    named = [where] if one else where
    return [Path(each) for each in cast("Iterable[FileName]", named)] or [Path()]


def _root(where: Where) -> Path:
    from migrator.discovery import common_root

    return common_root(_paths(where))


def _options(given: MigrationOptions) -> tuple[workflow.Options, Progress | None]:
    """The options as the workflow takes them. Raises TypeError for one that there is not."""
    from migrator.settings import SUPPLEMENTED

    rest: dict[str, Any] = dict(given)
    progress = rest.pop("progress", None)
    supplements = {name: rest.pop(name) for name in SUPPLEMENTED if name in rest}
    if unknown := sorted(rest.keys() - MigrationOptions.__annotations__.keys()):
        known = ", ".join(sorted(MigrationOptions.__annotations__))
        raise TypeError(f"unexpected option {unknown[0]!r}; there are {known}")
    models = rest.pop("map", {})
    return workflow.Options(**rest, model_map=models, supplements=supplements), progress


def _migration(result: ApplyResult, root: Path, options: workflow.Options | None) -> Migration:
    run = result.run.id if result.run is not None else ""
    return Migration(root, result.plan, result.changes, run, result, options)
