"""What frameworks make their requests by: pointed at the provider, each as its recipe says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from migrator.analysis.sites import (
    UNKNOWN,
    Argument,
    CallFacts,
    ClientFacts,
    ImportFacts,
    Kind,
    Origin,
    Place,
    Site,
)
from migrator.edits import (
    BASE_URL_HERE,
    KEY_HERE,
    OLD_HERE,
    ArgumentNames,
    Edit,
    FrameworkConstruction,
    FrameworkModel,
    FrameworkSource,
    Pairs,
    Parameters,
)
from migrator.language import _
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.client_settings import BASE_URL, KEY, Way
from migrator.planning.clients import ClientPlan
from migrator.planning.context import Context
from migrator.planning.dependencies import installed
from migrator.planning.frameworks import (
    choice_by_default,
    packages,
    recipe_for,
    releases,
    types,
)
from migrator.planning.frameworks.additions import Additions, capabilities
from migrator.planning.frameworks.dictionaries import Dictionaries
from migrator.planning.frameworks.recipes import Recipe
from migrator.planning.frameworks.statements import Statements
from migrator.planning.messages import item
from migrator.planning.variables import Variables
from migrator.providers import Model, ModelChoice

_MODEL = "model"
_STREAM = "stream"
_SCHEMA = "json_schema"


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of every client and function of a framework that moves."""
    moved = [
        FrameworkPlan(context, variables, site, client, sends, known)
        for site, client, sends in context.senders()
        if site.id in context.moved_calls
        and (known := recipe_for(context, sends.sender)) is not None
    ]
    statements = Statements(context)
    for one in moved:
        one.announce(statements)
    for one in moved:
        one.decide()
        one.tell_once(statements)
    for one in moved:
        one.clear()
    statements.finish()
    _hand_over_models(context, moved)
    types.follow(context)
    _follow_in_imports(context)


class FrameworkPlan(ClientPlan):
    """One object of a framework on its way."""

    def __init__(
        self,
        context: Context,
        variables: Variables,
        site: Site,
        client: ClientFacts,
        sends: CallFacts,
        known: Recipe,
    ) -> None:
        super().__init__(context, variables, site, client)
        self._sends = sends
        self._recipe = known
        self._dictionaries = Dictionaries(known.known, client.arguments)
        for place in self._dictionaries.places:
            self._by_container.setdefault(place, [])

    def decide(self) -> None:
        """Plan the edits of the object, and of what tells it more."""
        packages.say(self._context, self._recipe, self._site.id)
        releases.settle(self._context, self._site, self._recipe, self._additions.rows())
        if self._recipe.text("object"):
            self._object()
            self._ask_for_schemas(self._recipe, self._here, set(self._given))
        else:
            super().decide()
        self._name_arguments()
        self._structured()

    def announce(self, statements: Statements) -> None:
        """Say which function it will be a call of, if another one than now."""
        if (becomes := self._new_class()) is not None:
            statements.becoming[self._site.path].add(becomes.rpartition(".")[2])

    def tell_once(self, statements: Statements) -> None:
        """Ask for what the program has to tell the framework before."""
        told = [self._filled(one) for one in self._recipe.names("statements")]
        statements.ask(self._site, told, self._reads, self._recipe.text("told_by"))

    def take_model(self, site: Site, argument: Argument) -> None:
        """Put an object in the place of a model's name that one of its requests is given."""
        if source := self._object_source():
            made = FrameworkModel(source, self._reads)
            place = argument.place
            self._context.edit(
                Edit(place.path, place.span, "framework-model", made, (site.id,), self._why)
            )

    @property
    def client_id(self) -> str:
        """The id of its site."""
        return self._site.id

    # -- what it is given -----------------------------------------------------------------------

    def _instruction(
        self, place: Place, first: tuple[str, ...], *, adds: bool
    ) -> FrameworkConstruction | None:
        written = {one.name_there: one for one in self._by_container.get(place, ())}
        settings: dict[str, str] = {}
        drop = [
            name
            for name, one in written.items()
            if self._goes(name, one.name) and not self._is_right(one)
        ]
        for name in drop:
            self._replace(written[name])
        if self._takes_client:
            if adds and not self._is_handed_client:
                settings[self._recipe.client_name] = self._client()
        else:
            for meaning in (KEY, BASE_URL):
                settings |= self._setting(place, meaning, adds=adds)
        if adds:
            settings = self._model_by_default() | settings
            settings |= self._added(settings) | self._settings_of_requests()
            settings = self._parted(self._dictionaries.keep(settings))
            given = {one.name_there for one in self._facts.arguments}
            settings |= self._schemas(self._recipe, given)
        settings |= {
            name: made_of
            for name, source in self._recipe.pairs("set").items()
            if (name in written or adds) and (made_of := self._filled(source))
            if name not in written or written[name].spelled != made_of
        }
        rename = self._recipe.pairs("rename")
        inside = self._dictionaries.path(place)
        settings |= self._parted(self._dictionaries.kept(place))
        settings = self._without_places(written, settings)
        made = FrameworkConstruction(
            self._reads,
            self._new_class() if place == self._here else None,
            tuple((name.removeprefix(inside), source) for name, source in settings.items()),
            tuple(name.removeprefix(inside) for name in drop),
            tuple((name, str(rename[name])) for name in written if name in rename),
        )
        if made.does_nothing:
            return None
        by_position = sum(one.origin is Origin.POSITIONAL for one in written.values())
        return replace(made, positional=self._recipe.known.positional[:by_position])

    def _without_places(
        self, written: Mapping[str, Argument], settings: Mapping[str, str]
    ) -> dict[str, str]:
        """The settings but for those of arguments that are given by position: edited there."""
        left = dict(settings)
        for name, argument in written.items():
            if name in left and argument.origin is Origin.POSITIONAL:
                made = FrameworkModel(left.pop(name), self._reads)
                self._context.edit(self._edited(argument.place, "framework-model", made))
        return left

    def _main_container(self) -> Place:
        """A dictionary that holds the key takes what the class does, if it is spread into it."""
        place = super()._main_container()
        return self._here if self._dictionaries.path(place) else place

    @property
    def _takes_client(self) -> bool:
        return bool(self._recipe.text("client"))

    @property
    def _is_handed_client(self) -> bool:
        return self._recipe.client_name in self._given

    def _goes(self, written: str, name: str) -> bool:
        """Whether an argument is OpenAI's own, or said by the client that is handed in."""
        aimed = self._takes_client and name in {KEY, BASE_URL}
        rename = self._recipe.pairs("rename")
        twice = written in rename and any(
            one.name_there == rename[written]
            or (one.name == name and one.name_there not in {written, *rename})
            for one in self._facts.arguments
        )
        kept = written in self._recipe.pairs("set")
        dropped = written in self._recipe.names("drop") or (self._is_openais(name) and not kept)
        return aimed or twice or dropped

    def _is_openais(self, name: str) -> bool:
        """Whether an argument means something to OpenAI or Azure alone."""
        return knowledge.is_dropped(name) and name != self._recipe.client_name

    def _is_right(self, argument: Argument) -> bool:
        """Whether what usually goes has the value that the provider's objects have."""
        name = argument.name_there
        return name in self._recipe.pairs("right") and (
            argument.value == self._recipe.pairs("right")[name]
        )

    def _setting(self, place: Place, meaning: str, *, adds: bool) -> dict[str, str]:
        """The key or the base URL, where it is to be read here."""
        own = self._recipe.key_name if meaning == KEY else self._recipe.base_url_name
        argument = next(
            (
                one
                for one in self._by_container.get(place, ())
                if one.name == meaning and not self._goes(one.name_there, one.name)
            ),
            None,
        )
        missing = adds and bool(own) and not self._is_given(meaning)
        if not self._is_read(argument, missing):
            return {}
        source = self._recipe.key if meaning == KEY else self._recipe.base_url
        return {argument.name_there if argument is not None else own: self._filled(source)}

    def _is_given(self, meaning: str) -> bool:
        """Whether a key or a base URL is given that stays an argument."""
        return any(
            one.name == meaning and not self._goes(one.name_there, one.name)
            for one in self._facts.arguments
        )

    def _added(self, settings: dict[str, str]) -> dict[str, str]:
        """What such an object is given beside what is written."""
        additions = self._additions
        told = {name: self._filled(source) for name, source in additions.sources().items()}
        limits = self._recipe.pairs("limit")
        told |= additions.exceeded({name: self._filled(one) for name, one in limits.items()})
        return {name: source for name, source in told.items() if source and name not in settings}

    @property
    def _additions(self) -> Additions:
        return Additions(
            self._recipe,
            self._context.provider,
            [one.id for one in self._models],
            {one.name_there: one for one in self._facts.arguments},
            self._planned,
            _STREAM in self._sends.features,
            {use.name for use in self._sends.methods_used},
            lambda versions: not any(installed.unfit(self._context, self._site.path, versions)),
            _SCHEMA in self._sends.features and not self._lacks_schemas(),
        )

    @property
    def _planned(self) -> set[str]:
        """The parameters of its requests that are added to it."""
        made = (one.instruction for one in self._context.edits[self._site.id])
        added = {name for one in made if isinstance(one, Parameters) for name, _ in one.add}
        return added | self._extra_body().keys()

    def _settings_of_requests(self) -> dict[str, str]:
        """What its requests are to say beside what is written, by the path of the argument."""
        told = self._context.held.get(self._site.id, {})
        return {".".join((self._recipe.holder, *path)): source for path, source in told.items()}

    def _parted(self, settings: dict[str, str]) -> dict[str, str]:
        """Settings that are named by a path, put together to the arguments that hold them."""
        whole = {name: source for name, source in settings.items() if "." not in name}
        parts: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for path, source in settings.items():
            name, _unused, part = path.partition(".")
            if part and (name not in self._given or self._is_spread(name)):
                parts[name][part] = source
            elif part:
                details = {
                    "added": _("{part}={source} in {name}", part=part, source=source, name=name)
                }
                self._context.note(
                    self._site.id, item("argument-to-add", self._site, self._why, (), details)
                )
        return whole | {name: self._made_of(name, held) for name, held in parts.items()}

    def _is_spread(self, name: str) -> bool:
        """Whether what is given for an argument is known to give a dict that can hold more."""
        return self._recipe.spreads(name, self._facts.arguments)

    def _made_of(self, name: str, parts: dict[str, str]) -> str:
        """The source of an argument that holds others: an object of its class, or a dict."""
        made_by = self._recipe.parts.get(name, "")
        if not made_by:
            before = [f"**{OLD_HERE}"] if self._is_spread(name) else []
            pairs = [f'"{part}": {source}' for part, source in self._parted(parts).items()]
            return "{" + ", ".join((*before, *pairs)) + "}"
        entries = (f"{part}={source}" for part, source in self._parted(parts).items())
        return f"{made_by.rpartition('.')[2]}({', '.join(entries)})"

    def _extra_body(self) -> dict[str, str]:
        """The arguments that take what is not in OpenAI's API, of an object that is made here."""
        held = self._context.extras.get(self._site.id, {})
        own = {key: source for key, source in held.items() if self._recipe.moved_place(key)}
        inner = ", ".join(f'"{key}": {source}' for key, source in held.items() if key not in own)
        if not inner:
            return own
        extra = f"{{{inner}}}"
        first, *within = self._recipe.extra_body
        for name in reversed(within):
            extra = f'{{"{name}": {extra}}}'
        return {**own, first: extra}

    def _model_by_default(self) -> dict[str, str]:
        """The model, where none is named and the framework asks for one of OpenAI's."""
        choice = self._choice_by_default()
        if choice is None or choice.model is None:
            return {}
        return {
            self._recipe.model_name: repr(
                self._recipe.form_of(choice.model).format(model=choice.model)
            )
        }

    def _choice_by_default(self) -> ModelChoice | None:
        return choice_by_default(self._context, self._sends)

    def _client(self) -> str:
        """The source of the client that is handed in; a key from elsewhere goes into it."""
        source = self._recipe.text("client")
        here = self._context.sources.get(self._site.path)
        if here is not None and syntax.is_above_async(here, self._site.span):
            source = self._recipe.text("asynchronous", source)
        key = next((one for one in self._facts.arguments if one.name == KEY), None)
        if key is not None and self._settings.way(key) is Way.STAYS and self._is_here(key):
            source = source.replace("{key}", key.spelled)
        return self._filled(source)

    def _is_here(self, argument: Argument) -> bool:
        return argument.container == self._here

    def _new_class(self) -> str | None:
        return self._recipe.becomes

    @cached_property
    def _reads(self) -> FrameworkSource:
        return FrameworkSource(
            self._variables.key_variable,
            self._variables.base_url_variable,
            self._context.base_url,
            (*self._recipe.names("imports"), *self._recipe.parts.values()),
        )

    def _filled(self, template: str) -> str:
        """A recipe's source for this object; "" where what it asks for is not known."""
        extra = "".join(f", {name}={source}" for name, source in self._extra_body().items())
        template = template.replace("{extra_body}", extra)
        known = self._values
        for name in (name for name, value in known.items() if not value):
            template = re.sub(
                rf", \w+={{{name}}}", "", template
            )  # an argument that may be left out
        if any(f"{{{name}}}" in template and not value for name, value in known.items()):
            return ""
        for name, value in known.items():
            template = template.replace(f"{{{name}}}", value)
        return template

    @cached_property
    def _values(self) -> dict[str, str]:
        batches = [one.max_batch for one in self._models if one.max_batch]
        windows = [one.context for one in self._models if one.context]
        widths = {one.default_dimension for one in self._models}
        return {
            "key_variable": repr(self._variables.key_variable),
            "key": KEY_HERE,
            "base_url": BASE_URL_HERE,
            "old": OLD_HERE,
            "model": OLD_HERE,
            "batch": str(min(batches)) if batches else "",
            "context_window": str(min(windows)) if windows else "",
            "dimension": str(widths.pop() or "") if len(widths) == 1 else "",
            **capabilities(self._context.provider, self._models),
        }

    @cached_property
    def _models(self) -> list[Model]:
        """The models of the provider that it is known to ask for."""
        chosen = [one.model for one in self._choices() if one.model is not None]
        return [one for name in chosen if (one := self._context.provider.model(name)) is not None]

    def _choices(self) -> Iterator[ModelChoice]:
        by_name = (self._context.choices.get(one) for one in self._sends.models)
        yield from (one for one in by_name if one is not None)
        if (default := self._choice_by_default()) is not None:
            yield default

    # -- a model's name that an object takes the place of -----------------------------------------

    def _object_source(self) -> str:
        source = self._recipe.text("object")
        if "{added}" in source:
            added = self._parted(self._added({}))
            told = "".join(f", {name}={value}" for name, value in added.items())
            source = source.replace("{added}", told)
        return self._filled(source)

    def _object(self) -> None:
        source = self._object_source()
        given = [one for one in self._facts.arguments if one.name == _MODEL]
        for argument in given:
            made = FrameworkModel(source, self._reads)
            self._context.edit(self._edited(argument.place, "framework-model", made))
        settings = self._parted(self._settings_of_requests())
        choice = self._choice_by_default()
        if not given and choice is not None and choice.model is not None:
            named = repr(self._recipe.model_form.format(model=choice.model))
            settings[self._recipe.model_name] = source.replace(OLD_HERE, named)
        if settings:
            made_of = FrameworkConstruction(self._reads, None, tuple(settings.items()))
            self._context.edit(self._edited(self._here, "framework-construction", made_of))

    def _edited(
        self,
        place: Place,
        codemod: str,
        made: FrameworkModel | FrameworkConstruction | ArgumentNames,
    ) -> Edit:
        return Edit(place.path, place.span, codemod, made, (self._site.id,), self._why)

    def _name_arguments(self) -> None:
        """Arguments by position get their names where the new class has others in their places."""
        here = [
            one
            for one in self._facts.arguments
            if one.origin is Origin.POSITIONAL and one.container == self._here
        ]
        if len(here) > 1 and self._recipe.data.get("by_name"):
            names = ArgumentNames(self._recipe.known.positional)
            self._context.edit(self._edited(self._here, "argument-names", names))

    # -- what tells it more ---------------------------------------------------------------------

    def _structured(self) -> None:
        """Structured output is asked for in another way where there are no JSON schemas."""
        told = self._recipe.pairs("structured")
        if self._context.provider.chat_parameter("response_format").verdict == "unknown":
            return
        for use in self._sends.methods_used:
            if (taker := recipe_for(self._context, use.name)) is not None:
                self._ask_for_schemas(taker, use.place, use.arguments)
        for use in self._sends.methods_used if self._lacks_schemas() else ():
            way = self._way(told.get(use.name, {}))
            settings: Pairs = tuple(
                (name, str(source))
                for name, source in way.get("add", way).items()
                if name not in use.arguments
            )
            if settings:
                made = FrameworkConstruction(self._reads, None, settings)
                self._context.edit(self._edited(use.place, "framework-construction", made))
            if settings and "tells" in way:
                parameter = self._context.provider.chat_parameter(str(way["needed"]))
                told_of = item(way["tells"], self._site, parameter.detail, parameter.sources)
                self._context.note(self._site.id, told_of)

    def _way(self, ways: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The first of several ways to ask for structured output that the provider takes."""
        several = [ways] if isinstance(ways, Mapping) else ways
        return next(one for one in several if "needs" not in one or self._takes(one["needs"]))

    def _takes(self, parameter: str) -> bool:
        chosen = [one.id for one in self._models]
        return self._context.provider.chat_parameter(parameter, chosen).action == "keep"

    def _schemas(self, known: Recipe, given: Collection[str]) -> dict[str, str]:
        """What an object is told where its requests hold JSON schemas: as the model takes them."""
        if _SCHEMA not in self._sends.features:
            return {}
        way = "no_schemas" if self._lacks_schemas() else "schemas"
        told = {name: self._filled(str(one)) for name, one in known.pairs(way).items()}
        return {name: one for name, one in told.items() if OLD_HERE not in one or name in given}

    def _ask_for_schemas(self, known: Recipe, place: Place, given: Collection[str]) -> None:
        """A function that is given the model asks for JSON schemas in the way that it is told."""
        settings: Pairs = tuple(self._schemas(known, given).items())
        if settings:
            reads = replace(self._reads, imports=known.names("imports"))
            made = FrameworkConstruction(reads, None, settings)
            self._context.edit(self._edited(place, "framework-construction", made))

    def _lacks_schemas(self) -> bool:
        chosen = [one.model for one in self._choices() if one.model is not None]
        return any(self._context.provider.lacks(one, {"json_schema"}) for one in chosen)

    def _notes(self) -> None:
        limits = self._recipe.pairs("limit") if self._values["batch"] else {}
        for argument in self._facts.arguments:
            if argument.name_there in limits and argument.value is UNKNOWN:
                parameter = self._context.provider.embeddings_parameter("input")
                details = {"size": self._values["batch"]}
                told = item(
                    "embedding-batch", self._site, parameter.detail, parameter.sources, details
                )
                self._context.note(self._site.id, told)
            if knowledge.is_told(argument.name) and self._goes(argument.name_there, argument.name):
                why = _("`{name_there}` is OpenAI's or Azure's own", name_there=argument.name_there)
                details = {"name": argument.name_there}
                told = item("client-argument-dropped", self._site, why, (), details)
                self._context.note(self._site.id, told)
            if argument.name == KEY:
                self._key_note(argument)
            if argument.name in {KEY, BASE_URL}:
                self._tell_neutral(argument)


def _hand_over_models(context: Context, moved: Iterable[FrameworkPlan]) -> None:
    """What a request is given for a model is an object where the framework's own model is one."""
    by_client = {one.client_id: one for one in moved}
    for site, facts in context.calls():
        if site.id not in context.moved_calls or not facts.framework or facts.sender:
            continue
        makers = [by_client[one] for one in facts.clients if one in by_client]
        for argument in facts.arguments if makers else ():
            if argument.name == _MODEL:
                makers[0].take_model(site, argument)


def _follow_in_imports(context: Context) -> None:
    """The import of a class becomes another one by the edits of what is made of it."""
    becoming: defaultdict[tuple[str, str], list[Edit]] = defaultdict(list)
    for site, _unused, sends in context.senders():
        known = recipe_for(context, sends.sender)
        if known is not None and known.becomes is not None and site.id in context.moved_calls:
            becoming[site.path, sends.sender] += context.edits[site.id]
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        for named in dict.fromkeys(path for path, _unused in facts.names):
            for edit in becoming.get((site.path, named), ()):
                context.share(edit, site.id)
