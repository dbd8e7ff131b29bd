"""What there was in a commit of the files that are looked at."""

from __future__ import annotations

from migrator.checking import history, sifting
from migrator.checking.known import Known, known_of, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.checking.files import Files
    from migrator.checking.history import Change
    from migrator.checking.reading import Reader
    from migrator.checking.uses import Use


class Past:
    """A commit. `changes` is what differs from it, None where git was not asked yet."""

    def __init__(
        self, commit: str, reader: Reader, files: Files, changes: Sequence[Change] | None = None
    ) -> None:
        self._commit = commit
        self._reader = reader
        self._files = files
        self._changes = changes

    def unknown(self, uses: Mapping[str, list[Use]]) -> list[Use]:
        """The uses that were neither in the same file nor moved from another one."""
        left = self._not_in_place({path: found for path, found in uses.items() if found})
        if not left:
            return []
        if self._changes is None:
            self._changes = history.changes(history.head())
        return self._not_moved(left, uses)

    def _not_in_place(self, uses: Mapping[str, list[Use]]) -> list[Use]:
        paths = list(uses)
        if not paths:
            return []
        parents = (self._commit, history.OTHER_PARENT)
        told = history.contents([f"{one}:./{path}" for one in parents for path in paths])
        left: list[Use] = []
        for at, path in enumerate(paths):
            new = uses[path]
            for data in (told[at], told[len(paths) + at]):
                if data is not None and new:
                    new = unknown(new, self._known(path, data))
            left += new
        return left

    def _not_moved(self, left: Sequence[Use], uses: Mapping[str, list[Use]]) -> list[Use]:
        changed = [change for change in self._changes or () if change.old_blob]
        told = history.contents([change.old_blob for change in changed]) if changed else []
        spare: list[Known] = []
        renamed: dict[str, Known] = {}
        for change, data in zip(changed, told, strict=True):
            if data is None or not self._files.names_openai(data):
                continue
            known = self._known(change.old_path, data)
            if change.new_path and change.new_path != change.old_path:
                renamed[change.new_path] = known
            else:
                for use in self._now(change, uses):
                    known.take(use)
            spare.append(known)
        found = []
        for use in left:
            same = renamed.get(use.path)
            if same is not None and (same.take(use) or same.take_edited(use)):
                continue
            if not any(known.take(use) for known in spare):
                found.append(use)
        return found

    def _known(self, path: str, data: bytes) -> Known:
        data = sifting.as_utf_8(data)
        if not self._files.names_openai(data):
            return Known()
        return known_of(self._reader.look(path, data).uses)

    def _now(self, change: Change, uses: Mapping[str, list[Use]]) -> Sequence[Use]:
        """What the file of a change uses in the newer state."""
        if not change.new_path or change.new_path in uses:
            return uses.get(change.new_path, ())
        if change.new_path in self._files.paths:
            return ()
        if change.new_blob:
            data = history.contents([change.new_blob])[0]
        else:
            data = _of_tree(change.new_path)
        if data is None or not self._files.names_openai(data):
            return ()
        return self._reader.look(change.new_path, data).uses


def _of_tree(path: str) -> bytes | None:
    try:
        return sifting.content(path)
    except OSError:
        return None
