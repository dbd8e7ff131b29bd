"""What a framework's object is given beside what is written: always, or where its recipe says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.analysis.sites import Argument
from migrator.planning.frameworks.recipes import Recipe
from migrator.providers import Model, Provider

_CAPABILITIES = ("vision", "tools", "json_object", "json_schema")
_KEEP = "keep"
_USAGE = "stream_options"


def capabilities(provider: Provider, models: Sequence[Model]) -> dict[str, str]:
    """What models can do, as sources of Python.

    Where no model is known at all, it is what every current chat model of the provider can.
    """
    asked = models or [one for one in provider.models() if one.kind == "chat"]
    return {
        name: str(bool(asked) and all(getattr(one, name) is True for one in asked))
        for name in _CAPABILITIES
    }


@dataclass(frozen=True)
class Additions:
    """The arguments that are added to an object; `models` are the ids that it will ask for.

    `planned` are arguments that other edits add, `uses` the methods of it that are called. `fits`
    says whether the releases that are asked for may have what a condition adds, `schemas` that its
    requests hold JSON schemas, which are taken.
    """

    recipe: Recipe
    provider: Provider
    models: Sequence[str]
    arguments: Mapping[str, Argument]
    planned: Collection[str]
    streams: bool
    uses: Collection[str] = ()
    fits: Callable[[Mapping[str, str]], bool] = lambda _: True
    schemas: bool = False

    def sources(self) -> dict[str, str]:
        """The arguments with their sources, those that are written already among them."""
        added = dict(self.recipe.pairs("add"))
        if self.streams and self._takes(_USAGE):
            added |= self.recipe.pairs("streams")
        for row in self.rows():
            if self.fits(row.get("versions", {})):
                added |= row.get("add", {})
        known = {*self.arguments, *self.planned}
        return {name: source for name, source in added.items() if name not in known}

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The conditions of the recipe that hold, whatever the releases."""
        for row in self.recipe.data.get("where", ()):
            given, lacking = row.get("given"), row.get("lacks")
            if given and {*self.arguments, *self.planned}.isdisjoint(given):
                continue
            if lacking and self._takes(lacking):
                continue
            if "rule" in row and not self._keeps_to(row["rule"]):
                continue
            if "uses" in row and row["uses"] not in self.uses:
                continue
            if row.get("schemas") and not self.schemas:
                continue
            yield row

    def _takes(self, parameter: str) -> bool:
        return self.provider.chat_parameter(parameter, self.models).action == _KEEP

    def _keeps_to(self, rule: str) -> bool:
        """Whether the provider has a rule for one of the models."""
        known = self.provider.rules.get(rule)
        return known is not None and (not self.models or any(map(known.concerns, self.models)))

    def exceeded(self, limits: Mapping[str, str]) -> dict[str, str]:
        """The limits of the recipe that are not kept: nothing is written, or more than that."""
        return {
            name: source
            for name, source in limits.items()
            if name not in self.arguments or _is_more(self.arguments[name].value, source)
        }


def _is_more(value: object, source: str) -> bool:
    return isinstance(value, int) and source.isdecimal() and value > int(source)
