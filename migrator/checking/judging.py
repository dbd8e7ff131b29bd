"""What is new, and what a baseline has to say."""

from __future__ import annotations

import os

from migrator.checking import history
from migrator.checking.baseline import Baseline, BaselineError, rendered
from migrator.checking.files import Files, expanded, within
from migrator.checking.known import known_of
from migrator.checking.past import Past
from migrator.checking.reading import Reader
from migrator.checking.settings import settings
from migrator.language import _, counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.checking.command import Options
    from migrator.checking.known import Key, Known
    from migrator.checking.marks import Fault
    from migrator.checking.uses import Use

_HEAD = "HEAD"


class Verdict:
    """What a check finds: the new uses, those that comments take off, what is wrong, what is gone.

    `files` is how many were looked at, `target` where the settings say that the code moves.
    """

    def __init__(self) -> None:
        self.new: list[Use] = []
        self.taken: list[tuple[Use, str]] = []
        self.faults: list[Fault] = []
        self.gone: list[tuple[str, Key, int]] = []
        self.notes: list[str] = []
        self.baseline = ""
        self.target = ""
        self.files = 0
        self.unreadable = False


def verdict(
    options: Options,
    words: list[bytes],
    baseline: str | None,
    held: Mapping[str, bytes] | None = None,
) -> Verdict:
    """What is new; `held` are the named files that hold a word, where they were read already.

    Raises MigrateError, OSError.
    """
    found = Verdict()
    told = settings()
    found.target = told.target
    reader = Reader(words, options.frameworks, options.ignore)
    files = Files(words, told)
    past = _collected(options, reader, files, held, has_baseline=baseline is not None)
    looked = {path: reader.look(path, files.held[path]) for path in sorted(files.held)}
    uses = {path: one.uses for path, one in looked.items()}
    try:
        new = (
            past.unknown(uses)
            if past is not None
            else [one for some in uses.values() for one in some]
        )
    except history.NoRepositoryError as error:
        files.notes.append(_("{why}, and no baseline: every use counts as new", why=error))
        new = [one for some in uses.values() for one in some]
    if baseline is not None:
        new = _not_in(baseline, uses, new, found, files, reader)
    found.new = sorted(new, key=lambda use: (use.path, use.line, use.column))
    for one in looked.values():
        found.taken += one.taken
        found.faults += one.faults
        files.notes += one.notes
    found.notes = files.notes
    found.files = len(files.paths)
    found.unreadable = files.unreadable
    return found


def _collected(
    options: Options,
    reader: Reader,
    files: Files,
    held: Mapping[str, bytes] | None,
    *,
    has_baseline: bool,
) -> Past | None:
    """Fill `files` with what is looked at; the commit that it is compared with, if any."""
    if options.from_ref:
        newer = options.to_ref or _HEAD
        older = history.base(options.from_ref, newer)
        return _between(older, [older, newer], options, reader, files)
    if options.staged:
        older = history.head()
        return _between(older, ["--cached", older], options, reader, files)
    if options.all or has_baseline or options.files:
        if held is None:
            files.add_tree(expanded(options.files or ["."]), named=bool(options.files))
        else:
            files.add_read(options.files, held)
        return None if options.all or has_baseline else Past(_HEAD, reader, files)
    try:
        changes = history.changes(history.head())
        paths = [change.new_path for change in changes if change.new_path]
        files.add_tree([*paths, *history.untracked()], named=False)
    except history.NoRepositoryError:
        files.add_tree(expanded(["."]), named=False)
        return Past(_HEAD, reader, files)
    return Past(_HEAD, reader, files, changes)


def _between(
    older: str, arguments: list[str], options: Options, reader: Reader, files: Files
) -> Past:
    changes = history.changes(*arguments)
    asked = options.files
    files.add_blobs([one for one in changes if not asked or within(one, asked)])
    return Past(older, reader, files, changes)


def _not_in(
    baseline: str,
    uses: Mapping[str, list[Use]],
    new: list[Use],
    found: Verdict,
    files: Files,
    reader: Reader,
) -> list[Use]:
    """The new uses that a baseline does not name; what it names in vain is told."""
    known = Baseline.read(baseline)
    left = {id(use) for use in known.unknown({path: uses.get(path, []) for path in files.paths})}
    found.gone = known.gone(files.paths, reader.looked_for)
    found.baseline = baseline
    return [use for use in new if id(use) in left]


def written(options: Options, words: list[bytes], file: str) -> str:
    """Write the baseline of what there is; what was done, in a line.

    With `prune` only what is gone is taken out. Raises MigrateError, OSError.
    """
    from pathlib import Path

    from migrator.changes.journal import write_whole

    there = os.path.exists(file)  # noqa: PTH110
    if options.prune and not there:
        raise BaselineError(_("{file}: there is no baseline to prune", file=file))
    reader = Reader(words, frameworks=True, ignored=())
    files = Files(words, settings())
    files.add_tree(expanded(options.files or ["."]), named=bool(options.files))
    uses = {
        path: reader.look(path, files.held[path]).uses if path in files.held else []
        for path in files.paths
    }
    before = Baseline.read(file) if there else Baseline(file, {})
    was = _counts(before.entries)
    looked_at = {before.relative(path) for path in files.paths}
    entries = {
        path: known
        for path, known in before.entries.items()
        if path not in looked_at and before.is_there(path)
    }
    if options.prune:
        new = {id(use) for use in before.unknown(uses)}
        uses = {path: [one for one in found if id(one) not in new] for path, found in uses.items()}
    entries |= {before.relative(path): known_of(found) for path, found in uses.items() if found}
    write_whole(Path(file), rendered(entries).encode("utf-8", "surrogateescape"))
    now = _counts(entries)
    told = counted(
        "{file}: {number} use known", "{file}: {number} uses known", sum(now.values()), file=file
    )
    added = sum(max(count - was.get(key, 0), 0) for key, count in now.items())
    gone = sum(max(count - now.get(key, 0), 0) for key, count in was.items())
    return _("{told} ({added} added, {gone} taken out)", told=told, added=added, gone=gone)


def _counts(entries: Mapping[str, Known]) -> dict[tuple[str, Key], int]:
    return {
        (path, key): count for path, known in entries.items() for key, count in known.counts.items()
    }
