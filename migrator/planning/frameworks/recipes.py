"""How the objects of frameworks come to speak to a provider: the recipes, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.analysis import surface
from migrator.analysis.sites import Argument
from migrator.decisions import Source
from migrator.knowledge.files import knowledge
from migrator.knowledge.prose import each_language

_PLAIN = "{model}"
_EXTRA = "extra_body"
_KEY, _BASE_URL = "{key}", "{base_url}"


@dataclass(frozen=True)
class Recipe:
    """How the object that a class or function makes is pointed at a provider.

    `data` is what frameworks.yaml says under `moves`, `known` the class that it stands at.
    """

    known: surface.FrameworkClass
    data: Mapping[str, Any]

    @property
    def key_name(self) -> str:
        """The argument for the key where none is written, "" where there is none."""
        return next(iter(self.known.key), "")

    @property
    def base_url_name(self) -> str:
        """The argument for the base URL where none is written, "" where there is none."""
        return next((one for one in self.known.base_url if not one.startswith("azure")), "")

    @property
    def model_name(self) -> str:
        """The argument for the model where none is written, "" where there is none."""
        named = (one for one in self.known.model if one.replace(".", "_").isidentifier())
        return next(named, "")

    @property
    def client_name(self) -> str:
        """The argument for a client that is handed in, "" where there is none."""
        return next(iter(self.known.client), "")

    @property
    def becomes(self) -> str | None:
        """The class that it becomes; None where it stays of its own."""
        told = self.data.get("class")
        if not isinstance(told, Mapping):
            return told
        fitting = [old for old in told if self.known.path.startswith(old)]
        return told[max(fitting, key=len)] if fitting else None

    def text(self, name: str, default: str = "") -> str:
        """A source or a name that the recipe gives."""
        return str(self.data.get(name, default))

    @property
    def key(self) -> str:
        """The source of the key."""
        return self.text("key", _KEY)

    @property
    def base_url(self) -> str:
        """The source of the base URL."""
        return self.text("base_url", _BASE_URL)

    @property
    def model_form(self) -> str:
        """How a model's name is written for it."""
        return self.text("model", _PLAIN)

    @property
    def extra_body(self) -> tuple[str, ...]:
        """The path of the argument that takes what is not in OpenAI's API."""
        if self.holder:
            return (self.holder, _EXTRA)
        made = self.text("object")
        if made and f"{{{_EXTRA}}}" not in made:
            return ()
        told = self.text("extra_body", _EXTRA if made else "")
        return tuple(told.split(".")) if told else ()

    def extra_place(self, key: str) -> tuple[str, ...]:
        """The path at which a key that is not OpenAI's is written, () where nothing takes it."""
        outer = self.extra_body
        return self.moved_place(key) or ((*outer, key) if outer else ())

    @property
    def holder(self) -> str:
        """The argument that holds the settings of its requests, "" for none."""
        return self.known.holder

    @property
    def parts(self) -> Mapping[str, str]:
        """What an argument is made of that is written for its parts, if not of a dict."""
        return self.pairs("parts")

    def spreads(self, name: str, arguments: Iterable[Argument]) -> bool:
        """Whether what is given for an argument gives a dict that more can be put beside."""
        end = self.text("gives")
        return bool(end) and any(
            one.name_there == name and one.spelled.endswith(end) for one in arguments
        )

    def form_of(self, model: str) -> str:
        """How a model's name is written for it."""
        return self.text("namespaced", self.model_form) if "/" in model else self.model_form

    def takes(self, parameter: str) -> bool:
        """Whether it has an argument of a parameter's name."""
        return parameter in self.known.other or parameter in self.names("takes")

    def moved_place(self, parameter: str) -> tuple[str, ...]:
        """The path of the argument that a parameter has to stand in, () where any does."""
        told = self.pairs("places").get(parameter)
        return tuple(str(told).split(".")) if told else ()

    def place(self, parameter: str) -> tuple[str, ...]:
        """The path at which a parameter is written, () where the object takes it nowhere."""
        if told := self.moved_place(parameter):
            return told
        if self.takes(parameter):
            return (self.holder, parameter) if self.holder else (parameter,)
        outer = self.text("parameters")
        if outer and self.extra_body[:1] in {(), (outer,)}:
            return (outer, parameter)
        return (*self.extra_body, parameter) if self.extra_body else ()

    def sends_more_than(self, size: int) -> bool:
        """Whether a request may hold more texts than that, and nothing it is given says fewer."""
        told = self.data.get("at_once", 0)
        return told == "all" or int(told) > size

    def says_always(self, parameter: str) -> bool:
        """Whether its requests say a parameter by themselves, as providers ask for it."""
        return parameter in self.names("always")

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases of distributions that it is for; of others nothing is asked."""
        return self.pairs("versions")

    def pairs(self, name: str) -> Mapping[str, Any]:
        """A mapping that the recipe gives."""
        found: Mapping[str, Any] = self.data.get(name, {})
        return found

    def names(self, name: str) -> tuple[str, ...]:
        """A list that the recipe gives."""
        return tuple(self.data.get(name, ()))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where it is from."""
        told = self.data.get("src")
        return (Source(str(told), as_of=str(self.data.get("as_of", ""))),) if told else ()


@each_language
def _entries() -> Mapping[str, Mapping[str, Any]]:
    """What is said of every class and function, by its path."""
    return {
        f"{module}.{name}": entry
        for framework in knowledge("frameworks.yaml")["frameworks"]
        for entry in framework["classes"]
        for module in entry["in"]
        for name in entry["names"]
    }


@each_language
def recipe(path: str, own_of: str = "") -> Recipe | None:
    """The recipe of a class or function; None where it is not moved, and for none of them.

    With `own_of`, the id of a provider, the one for what the framework has of its own for it, where
    that is kept.
    """
    known = surface.framework_class(path)
    told = _entries().get(path, {}).get("moves") if known is not None else None
    if known is None or not told:
        return None
    data = told[0] if isinstance(told, list) else told
    return Recipe(known, {**data, **data.get("native", {}).get(own_of, {})})


def compatible(path: str) -> str:
    """How the framework of a class is pointed at a compatible endpoint, in words."""
    known = surface.framework_class(path)
    every = knowledge("frameworks.yaml")["frameworks"]
    told = (one for one in every if known is not None and one["name"] == known.framework)
    return next((str(one.get("compatible_endpoint", "")) for one in told), "")


def stays(path: str) -> str:
    """Why an object of a class is not moved, and what a person does; "" where nothing is said."""
    return str(_entries().get(path, {}).get("stays", ""))
