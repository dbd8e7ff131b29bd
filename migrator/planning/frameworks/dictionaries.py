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
        roots = {path[0] for path in known.entries}
        for argument in arguments if roots else ():
            parent, _, _ = argument.name_there.rpartition(".")
            if parent:
                self._add(f"{parent}.", argument.container)
            elif argument.name_there in roots and argument.spelled.startswith(_DISPLAYS):
                self._add(f"{argument.name_there}.", argument.place)

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
            around = [path for path in self._places if name.startswith(path)]
            if around:
                self._kept[self._places[max(around, key=len)]][name] = source
            else:
                left[name] = source
        return left

    def kept(self, place: Place) -> dict[str, str]:
        """What was kept for a dictionary, by the names that it has there."""
        path = self.path(place)
        return {name.removeprefix(path): source for name, source in self._kept[place].items()}
