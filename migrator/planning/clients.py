"""Client constructions: pointed at the provider, with its key, without OpenAI's arguments."""

from __future__ import annotations

import ast
from collections import defaultdict

from migrator.analysis import surface
from migrator.analysis.extract.patches import NARROW, PATCH
from migrator.analysis.sites import (
    Argument,
    ClientFacts,
    Destination,
    ImportFacts,
    Kind,
    Literal,
    NameFacts,
    Place,
    Site,
)
from migrator.edits import ClientConstruction, Edit, Parameters, ReplaceExpression, ReplaceString
from migrator.planning import facts as knowledge
from migrator.planning import subclasses
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.variables import Variables

_QUOTES = ("'", '"')


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of every moved client, and of what names its class."""
    for site, facts in context.clients():
        if site.id in context.moved_clients:
            _Client(context, variables, site, facts).decide()
    _follow_in_types(context)
    _follow_in_imports(context)


class _Client:
    """One construction on its way."""

    def __init__(
        self, context: Context, variables: Variables, site: Site, facts: ClientFacts
    ) -> None:
        self._context = context
        self._variables = variables
        self._site = site
        self._facts = facts
        self._here = Place(site.path, site.span)
        by_base = subclasses.passed_to(context, site, facts)
        self._given = {*by_base, *(argument.name for argument in facts.arguments)}
        self._by_container: defaultdict[Place, list[Argument]] = defaultdict(list)
        for argument in facts.arguments:
            self._by_container[argument.container].append(argument)

    def decide(self) -> None:
        main = None if self._is_made_elsewhere() else self._main_container()
        for place in dict.fromkeys([*([main] if main else []), self._here, *self._by_container]):
            if place != self._here and place in self._constructions:
                continue  # planned at the construction itself
            instruction = self._instruction(place, adds=place == main)
            if instruction != ClientConstruction():
                why = f"requests go to {self._context.provider.name}"
                self._edit(place, "client-construction", instruction, why)
        for literal in self._facts.base_url_literals:
            self._address(literal)
        self._headers()
        self._notes()

    def _is_made_elsewhere(self) -> bool:
        """Whether another site of the same client is given the key and the base URL."""
        if self._facts.form == "derived":
            return True  # `client.with_options(…)` keeps what the client has
        if self._facts.form == "super":
            return subclasses.passes_on(self._context, self._site)
        return bool(subclasses.makers(self._context, self._site, self._facts))

    @property
    def _constructions(self) -> set[Place]:
        return {Place(site.path, site.span) for site, _ in self._context.clients()}

    def _main_container(self) -> Place:
        """Where arguments are added: the dict that holds the key, or the construction itself."""
        for argument in self._facts.arguments:
            if argument.name == "api_key" and argument.origin.value.startswith("dict"):
                return argument.container
        return self._here

    def _instruction(self, place: Place, *, adds: bool) -> ClientConstruction:
        arguments = {argument.name: argument for argument in self._by_container.get(place, ())}
        key = self._new_key(arguments.get("api_key"), adds and "api_key" not in self._given)
        url = self._new_base_url(arguments.get("base_url"), adds and "base_url" not in self._given)
        dropped = tuple(name for name in arguments if knowledge.is_dropped(name))
        for name in dropped:
            self._context.replaced.add(arguments[name].place)
        return ClientConstruction(
            self._new_class() if place == self._here else None,
            dropped,
            key_variable=key,
            base_url_variable=self._variables.base_url_variable if url else None,
            base_url_default=self._context.base_url if url else None,
        )

    def _new_class(self) -> str | None:
        if not self._facts.azure:
            return None
        return "openai.AsyncOpenAI" if self._facts.asynchronous else "openai.OpenAI"

    def _new_key(self, argument: Argument | None, missing: bool) -> str | None:
        """The variable to read the key from; None where what stands there is right."""
        variable = self._variables.key_variable
        if argument is None:
            implied = not self._facts.azure and variable == "OPENAI_API_KEY"
            return variable if missing and not implied else None
        if isinstance(argument.value, str):
            # A test's key is a dummy: a test must not start to depend on the environment.
            return None if self._site.in_tests else self._replaced(argument, variable)
        read_by_others = any(
            not self._variables.is_followed(read) and self._variables.needed(read.name)
            for read in self._facts.key_reads
        )
        return self._replaced(argument, variable) if read_by_others else None

    def _new_base_url(self, argument: Argument | None, missing: bool) -> bool:
        """Whether the base URL has to be read anew."""
        if argument is None:
            return missing
        if isinstance(argument.value, str) or argument.value is None or self._facts.azure:
            return bool(self._replaced(argument, "base_url"))
        reads = self._facts.base_url_reads
        if all(self._variables.is_followed(read) for read in reads) and (
            self._has_fallback() or (reads and self._required())
        ):
            return False
        return bool(self._replaced(argument, "base_url"))

    def _has_fallback(self) -> bool:
        """Whether a literal stands behind the variable (or in its place) that can be replaced."""
        return any(_is_whole(literal) for literal in self._facts.base_url_literals)

    def _required(self) -> bool:
        """Whether every read of the base URL fails where the variable is not set."""
        sites = [self._context.by_id.get(read.site) for read in self._facts.base_url_reads]
        return all(
            getattr(site.facts, "access", "") == "required_read"
            for site in sites
            if site is not None
        )

    def _replaced(self, argument: Argument, becomes: str) -> str:
        self._context.replaced.add(argument.place)
        return becomes

    def _address(self, literal: Literal) -> None:
        """OpenAI's address, wherever it is written, becomes the provider's."""
        place = Place(literal.path, literal.span)
        owner = surface.endpoint_owner(literal.value)
        if owner not in {"openai", "azure"} or not _is_whole(literal):
            return
        if any(within(place, gone) for gone in self._context.replaced):
            return
        why = f"the address is {self._context.provider.name}'s"
        slash = "/" if literal.value.endswith("/") else ""
        self._edit(place, "base-url", ReplaceString(self._context.base_url + slash), why)

    def _headers(self) -> None:
        """OpenAI's own headers go; others stay."""
        prefix = knowledge.header_prefix().lower()
        for argument in self._facts.arguments:
            if argument.name != "default_headers" or not isinstance(argument.value, dict):
                continue
            names = tuple(name for name in argument.value if name.lower().startswith(prefix))
            if not names:
                continue
            why = f"{', '.join(names)}: OpenAI's own"
            details = {"names": ", ".join(names)}
            self._context.note(self._site.id, item("headers-openai", self._site, why, (), details))
            if argument.spelled.startswith("{"):
                self._edit(argument.place, "parameters", Parameters(drop=names), why)

    def _edit(
        self,
        place: Place,
        codemod: str,
        instruction: ClientConstruction | Parameters | ReplaceString,
        why: str,
    ) -> None:
        self._context.edit(
            Edit(place.path, place.span, codemod, instruction, (self._site.id,), why)
        )

    # -- notes ----------------------------------------------------------------------------------

    def _notes(self) -> None:
        context, site = self._context, self._site
        for argument in self._facts.arguments:
            if knowledge.is_told(argument.name):
                why = f"`{argument.name}` is OpenAI's or Azure's own"
                details = {"name": argument.name}
                context.note(site.id, item("client-argument-dropped", site, why, (), details))
            if argument.name == "api_key":
                self._key_note(argument)
        if self._facts.escapes:
            places = ", ".join(f"{s.path}:{s.line} ({s.what})" for s in self._facts.escapes)
            why = "what that code asks of the client is not known here"
            context.note(site.id, item("client-escapes", site, why, places=places))
        elif not self._facts.calls and self._facts.form != "super":
            why = "what is asked of it is not known here"
            context.note(site.id, item("client-unused", site, why))
        if self._facts.azure or self._facts.destination is Destination.AZURE:
            self._azure_note()

    def _key_note(self, argument: Argument) -> None:
        context, site = self._context, self._site
        key = context.provider.key
        details = {"provider": context.provider.name, "key": self._variables.key_variable}
        unnamed = self._variables.unnamed(self._facts.key_reads)
        if isinstance(argument.value, str):
            if not site.in_tests:
                why = "a key in the source is known to everybody who reads it"
                context.note(site.id, item("key-in-source", site, why, (), details))
        elif unnamed or not self._facts.key_reads:
            where = f"`{', '.join(unnamed)}`; " if unnamed else ""
            note = item("key-from-elsewhere", site, where + key.detail, key.sources, details)
            context.note(site.id, note)

    def _azure_note(self) -> None:
        for call in self._facts.calls:
            facts = self._context.call(call)
            if facts is None or facts.models or call not in self._context.moved_calls:
                continue
            why = "on Azure, `model=` is the name of a deployment, and no model is known for it"
            site = self._context.by_id[call]
            self._context.hinder(call, item("azure-deployment", site, why))


def _is_whole(literal: Literal) -> bool:
    """Whether a literal is a whole base URL, and not the host that a path is put behind."""
    return literal.value.rstrip("/").endswith("/v1")


def _azure_clients(context: Context) -> list[Site]:
    """The Azure clients of the repository, if all of them move."""
    azure = [site for site, facts in context.clients() if facts.azure]
    return azure if all(site.id in context.moved_clients for site in azure) else []


def _follow_in_types(context: Context) -> None:
    """Annotations and checks that name an Azure class follow its constructions."""
    if not _azure_clients(context):
        return
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        known = surface.client_class(facts.name)
        if known is None or not known.azure:
            continue
        new = "AsyncOpenAI" if known.asynchronous else "OpenAI"
        why = "the client is no longer Azure's"
        if facts.role in {PATCH, NARROW}:
            owner = str(ast.literal_eval(site.code)).rpartition(".")[0]
            target = ReplaceString(f"{owner}.{new}" if owner else new)
            context.edit(Edit(site.path, site.span, "patch-target", target, (site.id,), why))
            continue
        if site.code.startswith(_QUOTES):
            details = {"name": known.name}
            context.hinder(site.id, item("name-untraced", site, why, (), details))
            continue
        instruction = ReplaceExpression(new, (f"openai.{new}",))
        context.edit(Edit(site.path, site.span, "replace-expression", instruction, (site.id,), why))


def _follow_in_imports(context: Context) -> None:
    """An import of Azure's class becomes one of OpenAI's by the edits of the clients below it."""
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        if not any(
            (known := surface.client_class(path)) and known.azure for path, _ in facts.names
        ):
            continue
        for client in _azure_clients(context):
            if client.path == site.path:
                for edit in context.edits[client.id]:
                    context.share(edit, site.id)
