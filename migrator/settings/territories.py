"""The settings of every folder below a root: in a monorepo, those of the nearest file rule.

What is local to a folder (`include`, `exclude`, `severity`, `suppressions`) is asked here, by the
path of a file. Of all other settings one run has one, and `agree` says where a folder has another.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.language import _
from migrator.settings import Settings, SettingsError, load_settings, settings_in
from migrator.settings.keys import KEYS, OFF, SUPPLEMENTED, Suppression, shown

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from migrator.analysis.sites import Suppression as Taken

_PROVIDERS = ("target", *SUPPLEMENTED)
_RUN_WIDE = [key for key, one in KEYS.items() if not one.local and key != "lang"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What settings say of an item: another severity, "" for none, and what takes it off."""

    severity: str = ""
    taken: Taken | None = None


class Territories:
    """The settings of a root's folders. Each file is read once, when a path below it is asked for.

    Raises SettingsError for a file that cannot be used.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._of: dict[str, Settings] = {"": load_settings(self._root)}
        self._homes: dict[Path, tuple[int, str]] = {}
        self._patterns: dict[tuple[str, ...], GitIgnoreSpec] = {}

    def of(self, path: str) -> Settings:
        """The settings that rule a file or a folder, by its path relative to the root."""
        return self._of_folder(path.rstrip("/").rpartition("/")[0])

    def _of_folder(self, folder: str) -> Settings:
        known = self._of.get(folder)
        if known is None:
            known = settings_in(f"{self._root}/{folder}")
            if known is None:
                known = self._of_folder(folder.rpartition("/")[0])
            self._of[folder] = known
        return known

    def home(self, settings: Settings) -> str:
        """The folder of a settings file, relative to the root: `..` is above it."""
        assert settings.file is not None
        return os.path.relpath(settings.file.parent, self._root).replace(os.sep, "/")

    @property
    def known(self) -> list[Settings]:
        """Every settings file that was found so far, by its path."""
        found = {one.file: one for one in self._of.values() if one.file is not None}
        return [one for _file, one in sorted(found.items())]

    def _inside(self, settings: Settings, path: str) -> str:
        """A path relative to the root, as it is from the folder of a settings file."""
        assert settings.file is not None
        strip, add = self._homes.get(settings.file) or self._locate(settings)
        return f"{add}{path[strip:]}"

    def _locate(self, settings: Settings) -> tuple[int, str]:
        """How many characters of a path lead to the file's folder, and what leads from it."""
        assert settings.file is not None
        home = self.home(settings)
        if home == ".":
            found = (0, "")
        elif home.startswith(".."):
            found = (0, f"{self._root.relative_to(settings.file.parent).as_posix()}/")
        else:
            found = (len(home) + 1, "")
        self._homes[settings.file] = found
        return found

    # -- which files ------------------------------------------------------------------------------

    def included(self, path: str) -> bool | None:
        """Whether settings have a file looked at; None where they do not say."""
        settings = self.of(path)
        return self._matches(settings, settings.include, path) if settings.include else None

    def excluded(self, path: str) -> bool:
        """Whether settings leave a file, or with `/` at its end a folder, out."""
        settings = self.of(path)
        return bool(settings.exclude) and self._matches(settings, settings.exclude, path)

    def _matches(self, settings: Settings, patterns: tuple[str, ...], path: str) -> bool:
        spec = self._patterns.get(patterns)
        if spec is None:
            from migrator.discovery.patterns import compiled

            spec = self._patterns[patterns] = compiled(patterns)
        return spec.match_file(self._inside(settings, path))

    # -- the checklist ----------------------------------------------------------------------------

    def ruling(self, code: str, path: str) -> Ruling:
        """What settings say of an item: how grave it is, and what takes it off the checklist."""
        settings = self.of(path)
        word = settings.severity.get(code, "")
        if word == OFF:
            from migrator.analysis.sites import Suppression as Taken

            assert settings.file is not None
            why = _("severity {code} = off in {file}", code=code, file=self._shown(settings))
            return Ruling(taken=Taken(self._shown(settings), 0, OFF, (code,), why, 0, 0))
        for one in settings.suppressions:
            if code in one.codes and path and self._matches(settings, (one.path,), path):
                return Ruling(word, self._taken(settings, one))
        return Ruling(word)

    def suppressions(self) -> Iterator[Taken]:
        """Every suppression of the settings files at the root and below it."""
        for settings in self.known:
            if not self.home(settings).startswith(".."):
                for one in settings.suppressions:
                    yield self._taken(settings, one)

    def _taken(self, settings: Settings, one: Suppression) -> Taken:
        from migrator.analysis.sites import Suppression as Taken

        return Taken(self._shown(settings), one.line, "ignore", one.codes, one.reason, 0, 0)

    def _shown(self, settings: Settings) -> str:
        assert settings.file is not None
        return os.path.relpath(settings.file, self._root).replace(os.sep, "/")

    # -- what one run has one of ------------------------------------------------------------------

    def agree(
        self,
        run: Mapping[str, Any],
        given: Collection[str],
        file: Path | None,
        paths: Iterable[str],
    ) -> None:
        """Look whether the settings of all files agree with what a run goes by.

        `run` are its values by key, of which `given` were typed; `file` are its settings. Raises
        SettingsError where a file lies below settings that say otherwise.
        """
        for settings in dict.fromkeys(map(self._named, paths)):
            if settings is None or settings == file:
                continue
            told = next(one for one in self.known if one.file == settings)
            for key in _RUN_WIDE:
                if key in told.stated and key not in given and not _same(told, key, run[key]):
                    raise SettingsError(self._otherwise(told, key, run[key], file))

    def _named(self, path: str) -> Path | None:
        return self.of(path).file

    def _otherwise(self, told: Settings, key: str, value: object, file: Path | None) -> str:
        folder = self.home(told)
        return _(
            "{file}: {key} = {said}, and this run goes by {key} = {value} ({where}): one run has "
            "one. Run it for {folder} by itself, and here with --exclude {folder}/; or leave "
            "{key} out of one of the files",
            file=told.file,
            key=key,
            said=_plain(getattr(told, key)),
            value=_plain(value),
            where=file or _("no settings file"),
            folder=folder,
        )


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        value = dict(value)
    return shown(value) if value not in ("", None) else _("nothing")


def _same(told: Settings, key: str, value: Any) -> bool:
    said = getattr(told, key)
    if isinstance(said, Mapping):
        return all((value or {}).get(name) == one for name, one in said.items())
    if isinstance(said, tuple):
        return list(said) == list(value)
    value = KEYS[key].default if value in ("", None) else value
    return said == value or (key in _PROVIDERS and bool(value) and _is_one(said, value))


def _is_one(name: str, other: str) -> bool:
    """Whether two names mean one provider."""
    from migrator.providers import ProfileError, load_provider

    try:
        return load_provider(name).id == load_provider(other).id
    except ProfileError:
        return False
