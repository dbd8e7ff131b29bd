"""Arguments of a framework's class that stand in a dictionary which another argument holds.

OpenAIModel(client_args={"api_key": key}): what is to be `client_args.base_url` goes there, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from migrator.analysis.sites import Argument, Place
from migrator.analysis.surface import FrameworkClass

_DISPLAYS = ("{", "dict(")


class Dictionaries:
    """The dictionaries of one construction, each by the path of what it holds."""

    def __init__(self, known: FrameworkClass, arguments: Iterable[Argument]) -> None:
        self._kept: defaultdict[Place, dict[str, str]] = defaultdict(dict)
        self._places: dict[str, Place] = {}
        self._paths: dict[Place, str] = {}
        holders = {".".join(path[:end]) for path in known.entries for end in range(1, len(path))}
        self._given: set[str] = set()
        for argument in arguments if holders else ():
            name = argument.name_there
            parent, _, _ = name.rpartition(".")
            if parent:
                self._add(f"{parent}.", argument.container)
            if name in holders:
                self._given.add(f"{name}.")
            if name in holders and argument.spelled.startswith(_DISPLAYS):
                self._add(f"{name}.", argument.place)

    def _add(self, path: str, place: Place) -> None:
        self._places.setdefault(path, place)
        self._paths[place] = path

    @property
    def places(self) -> Collection[Place]:
        """Where they are written."""
        return self._paths

    def path(self, place: Place) -> str:
        """The path of what a dictionary holds (`client_args.`), "" for what is none of them."""
        return self._paths.get(place, "")

    def keep(self, settings: Mapping[str, str]) -> dict[str, str]:
        """The settings that belong to none of them; those that do are kept for it."""
        left: dict[str, str] = {}
        for name, source in settings.items():
            around = [path for path in {*self._places, *self._given} if name.startswith(path)]
            place = self._places.get(max(around, key=len, default=""))
            if place is not None:
                self._kept[place][name] = source
            else:
                left[name] = source
        return left

    def kept(self, place: Place) -> dict[str, str]:
        """What was kept for a dictionary, by the names that it has there."""
        path = self.path(place)
        return {name.removeprefix(path): source for name, source in self._kept[place].items()}
