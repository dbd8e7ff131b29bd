"""Models in files that a framework reads by itself: written where the shape proves whose they are.

litellm_params: {model: gpt-4o}  ->  the model, the address and the key of the provider beside it
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from migrator.analysis import surface
from migrator.analysis.documents import unix, yaml_
from migrator.analysis.documents.findings import Entry
from migrator.analysis.sites import DocumentFacts, Place, Site
from migrator.edits import Edit, Instruction, ReplaceString, Splice
from migrator.knowledge.files import knowledge
from migrator.knowledge.prose import each_language
from migrator.language import _
from migrator.planning import models
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.providers import ModelChoice
from migrator.source import SourceText

_YAML = "yaml"
_CODEMOD = "configuration"
_STEP = "  "
_ADDRESS = "{base_url}"
# What stands for itself without quotes: a name, an address, true and false.
_PLAIN = re.compile(r"[A-Za-z][\w./:-]*\w")


@each_language
def _recipes() -> list[Mapping[str, Any]]:
    """What is written in files of a framework's own shape, where anything is."""
    every = knowledge("frameworks.yaml")["frameworks"]
    return [one for entry in every for one in entry.get("documents", ()) if "writes" in one]


def decide(context: Context) -> None:
    """Plan the edits of every model that such a file names, and of what stands beside it."""
    for site in context.sites:
        if isinstance(site.facts, DocumentFacts) and site.facts.format == _YAML:
            recipe = _recipe(site.path, site.facts.name)
            source = context.sources.get(site.path)
            choice = models.choose(context, models.set_model(site)[0]) if recipe else None
            if recipe and source is not None and choice is not None and choice.model is not None:
                _Section(context, site, source, recipe, choice).decide()


def _recipe(path: str, name: str) -> Mapping[str, Any] | None:
    fitting = (
        one
        for one in _recipes()
        if re.search(one["files"], path) and re.fullmatch(one["model"], name)
    )
    return next(fitting, None)


class _Section:
    """A mapping of a file that names a model, and what else the framework reads beside it."""

    def __init__(
        self,
        context: Context,
        site: Site,
        source: SourceText,
        recipe: Mapping[str, Any],
        choice: ModelChoice,
    ) -> None:
        self._context = context
        self._site = site
        self._source = source
        self._recipe = recipe
        self._choice = choice
        every = yaml_.entries(unix(source.text))
        assert isinstance(site.facts, DocumentFacts)
        assert site.facts.value_span is not None
        bounds = source.bounds(site.facts.value_span)
        self._model = next((one for one in every if one.bounds == bounds), None)
        self._beside = self._siblings(every)

    def _siblings(self, every: Sequence[Entry]) -> dict[str, Entry]:
        """What stands in the mapping, by its path there."""
        if self._model is None:
            return {}
        above = self._model.path[:-1]
        below = ((one, one.path[len(above) :]) for one in every if one.path[: len(above)] == above)
        return {".".join(map(str, path)): one for one, path in below if path}

    def decide(self) -> None:
        """Plan the edits, if it is proven that the model is OpenAI's, and asked for there."""
        if self._model is None or not self._is_proven() or not self._is_in_block():
            return
        model = str(self._choice.model)
        edits = [(self._model, self._recipe["form"].format(model=model))]
        missing: dict[str, str] = {}
        for name, value in self._wanted(model):
            if (there := self._beside.get(name)) is not None:
                edits.append((there, value))
            else:
                missing[name] = value
        sites = self._sites([entry for entry, _ in edits])
        self._context.moved_documents.update(sites)
        for entry, value in edits:
            if value != entry.value:
                self._edit(entry.bounds, ReplaceString(value), sites)
            if not value:
                self._ask_for(entry)
        self._insert(missing, sites)

    def _is_proven(self) -> bool:
        """Whether the name of the model, and what stands beside it, say that OpenAI is asked."""
        told = self._recipe.get("only", {})
        said = {name: self._beside[name].value for name in told if name in self._beside}
        addressed = (name for name, value in self._recipe["writes"].items() if value == _ADDRESS)
        addresses = (self._beside.get(name) for name in addressed)
        elsewhere = any(
            one is not None and surface.endpoint_owner(one.value) in {"foreign", "gateway"}
            for one in addresses
        )
        ours = self._prefix in self._recipe.get("prefixes", ("",)) and not elsewhere
        return ours and all(said.get(name) in values for name, values in told.items())

    @property
    def _prefix(self) -> str:
        facts = self._site.facts
        return dict(facts.extra).get("prefix", "") if isinstance(facts, DocumentFacts) else ""

    def _is_in_block(self) -> bool:
        """Whether the mapping is written in lines of its own, each with one entry."""
        assert self._model is not None
        line = self._source.text[: self._model.whole[0]].rpartition("\n")[2]
        return not line.strip(" -\t") and "\n" not in self._source.text[slice(*self._model.bounds)]

    def _wanted(self, model: str) -> Iterator[tuple[str, str]]:
        """What is to stand beside the model, by its path there."""
        values = {"base_url": self._context.base_url, "key_variable": self._context.key_variable}
        for name, template in self._recipe["writes"].items():
            yield name, template.format(**values)
        switch = self._context.provider.thinking_off(model)
        extra = self._recipe.get("extra_body")
        if switch is not None and extra and not surface.is_reasoning(self._choice.openai):
            for key, source in switch.extra_body:
                yield f"{extra}.{key}", json.dumps(ast.literal_eval(source))

    def _insert(self, missing: Mapping[str, str], sites: tuple[str, ...]) -> None:
        """Put entries in below the model, or below those of the mapping that holds them."""
        added: defaultdict[Entry, list[tuple[list[str], str]]] = defaultdict(list)
        for name, value in missing.items():
            above, path = self._anchor(name.split("."))
            added[above].append((path, value))
        for above, entries in added.items():
            start = above.whole[0]
            indent = " " * (start - self._source.text.rfind("\n", 0, start) - 1)
            text = "".join(self._source.newline + indent + line for line in _lines(entries))
            at = self._end_of_line(above.bounds[1])
            self._edit((at, at), Splice(text), sites)

    def _anchor(self, path: list[str]) -> tuple[Entry, list[str]]:
        """The entry that a new one is written below, and what of its path is not there yet."""
        assert self._model is not None
        for depth in range(len(path) - 1, 0, -1):
            held = ".".join(path[:depth])
            found = [one for name, one in self._beside.items() if name.rpartition(".")[0] == held]
            if found:
                return found[-1], path[depth:]
        return self._model, path

    def _ask_for(self, entry: Entry) -> None:
        """Say what a person fills in: the file takes the key alone."""
        provider = self._context.provider.name
        details = {
            "name": entry.path[-1],
            "provider": provider,
            "value": _("a key of {provider}", provider=provider),
        }
        why = _("what loads it now speaks to the provider")
        told = item("variable-kept", self._site, why, (), details)
        self._context.note(self._site.id, told)

    def _end_of_line(self, start: int) -> int:
        end = self._source.text.find("\n", start)
        end = len(self._source.text) if end < 0 else end
        return end - 1 if self._source.text[end - 1 : end] == "\r" else end

    def _sites(self, entries: Sequence[Entry]) -> tuple[str, ...]:
        """The sites that are places of those entries."""
        places = {Place(self._site.path, self._source.span(*one.bounds)) for one in entries}
        return tuple(
            one.id
            for one in self._context.sites
            if isinstance(one.facts, DocumentFacts)
            and one.facts.value_span is not None
            and Place(one.path, one.facts.value_span) in places
        )

    def _edit(
        self, bounds: tuple[int, int], instruction: Instruction, sites: tuple[str, ...]
    ) -> None:
        why = f"{self._choice.openai} -> {self._choice.model}: {self._choice.why}"
        span = self._source.span(*bounds)
        self._context.edit(Edit(self._site.path, span, _CODEMOD, instruction, sites, why))


def _lines(entries: Iterable[tuple[list[str], str]]) -> Iterator[str]:
    """New entries as lines of YAML, those of one mapping together."""
    seen: list[str] = []
    for (*above, last), value in entries:
        for depth, name in enumerate(above):
            if above[: depth + 1] != seen[: depth + 1]:
                yield f"{_STEP * depth}{name}:"
        seen = above
        told = value if _PLAIN.fullmatch(value) else json.dumps(value)
        yield f"{_STEP * len(above)}{last}: {told}"
