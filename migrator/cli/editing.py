"""Has a person edit what would be written."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from migrator.cli.programs import left_to_the_program
from migrator.errors import MigrateError
from migrator.language import _
from migrator.reviewing.checking import fault

if TYPE_CHECKING:
    from migrator.changes.diff import FileChange
    from migrator.reviewing.proposals import Proposal

_Say = Callable[[str, str], None]
_Read = Callable[[str], "str | None"]


class _EditorError(MigrateError):
    """The editor could not be run, or says that it failed."""


def edited_files(proposal: Proposal, say: _Say, read: _Read) -> dict[str, bytes]:
    """The files that a person made something else of, with that: text that can be read.

    What hinders is told by `say`, what is to be decided is asked for by `read`.
    """
    chosen = _chosen(proposal, say, read)
    proposed = {one.path: one.after for one in chosen if one.after is not None}
    readable = {one.path: one.before or proposed[one.path] for one in chosen}
    texts = proposed
    while texts:
        try:
            texts = _edited(texts)
        except _EditorError as error:
            say(str(error), "bold red")
            return {}
        faults = list(_faults(texts, readable))
        if not faults:
            break
        for told in faults:
            say(told, "bold red")
        if read(_("Edit it again [y,n]? ")) != "y":
            say(_("The edit is dropped."), "")
            return {}
    changed = {path: text for path, text in texts.items() if text != proposed[path]}
    if not changed:
        say(_("Nothing was changed: it is asked as before."), "")
    return changed


def _chosen(proposal: Proposal, say: _Say, read: _Read) -> Sequence[FileChange]:
    """The files of a proposal that are to be edited."""
    files = [one for one in proposal.changes if one.after is not None]
    if len(files) < 2:
        return files
    for number, one in enumerate(files, 1):
        say(f"{number:>4}  {one.path}", "")
    answer = read(_("Edit which file (Enter: all of them)? "))
    if answer == "":
        return files
    if answer is not None and answer.isdecimal() and 0 < int(answer) <= len(files):
        return [files[int(answer) - 1]]
    return []


def _edited(texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """What a person makes of texts in the editor, each of which has the path of its file.

    Raises _EditorError.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with TemporaryDirectory(prefix="migrate-") as folder:
        places = {path: Path(folder, path) for path in texts}
        for path, text in texts.items():
            places[path].parent.mkdir(parents=True, exist_ok=True)
            places[path].write_bytes(text)
        try:
            with left_to_the_program():
                files = map(str, places.values())
                code = subprocess.run([*shlex.split(editor), *files], cwd=folder).returncode
        except (OSError, ValueError) as error:
            raise _EditorError(
                _("{editor}: {error} (EDITOR names another)", editor=editor, error=error)
            ) from None
        if code:
            raise _EditorError(_("{editor} ended with {code}", editor=editor, code=code))
        return {
            path: place.read_bytes() if place.is_file() else b"" for path, place in places.items()
        }


def _faults(texts: Mapping[str, bytes], readable: Mapping[str, bytes]) -> Iterator[str]:
    for path, text in texts.items():
        if not text.strip() and readable[path].strip():
            yield _("{path}: it was left empty", path=path)
        elif told := fault(path, text, readable[path]):
            yield told
