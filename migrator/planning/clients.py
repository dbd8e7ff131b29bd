"""Client constructions: pointed at the provider, with its key, without OpenAI's arguments."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection

from migrator.analysis import surface
from migrator.analysis.extract.patches import NARROW, PATCH
from migrator.analysis.extract.variables import names_another_provider
from migrator.analysis.sites import (
    Argument,
    ClientFacts,
    ImportFacts,
    Kind,
    Literal,
    NameFacts,
    Origin,
    Place,
    Site,
)
from migrator.edits import (
    ClientConstruction,
    Edit,
    FrameworkConstruction,
    ItemAssignment,
    Pairs,
    Parameters,
    ReplaceExpression,
    ReplaceString,
)
from migrator.language import _, listed
from migrator.planning import facts as knowledge
from migrator.planning import raw_http, source_keys, splitting, subclasses, syntax
from migrator.planning.addresses import becomes
from migrator.planning.client_settings import (
    BASE_URL,
    KEY,
    ClientSettings,
    Way,
    display_of,
)
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.sdk import addresses
from migrator.planning.variables import Variables, is_named
from migrator.sdks import OwnSdk
from migrator.source import PYTHON

_QUOTES = ("'", '"')
# Arguments of a statement of their own: `given["key"] = …`, `given.setdefault("key", …)`.
_SET_APART = frozenset({Origin.ITEM_ASSIGNMENT, Origin.POSITIONAL})


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of every moved client, and of what names its class."""
    moved = [
        ClientPlan(context, variables, site, facts)
        for site, facts in context.clients()
        if site.id in context.moved_clients and facts.form != "framework"
    ]
    for client in moved:
        client.decide()
    for client in moved:
        client.clear()
    _follow_in_types(context)
    _follow_in_imports(context)


class ClientPlan:
    """One construction on its way."""

    def __init__(
        self, context: Context, variables: Variables, site: Site, facts: ClientFacts
    ) -> None:
        self._context = context
        self._variables = variables
        self._site = site
        self._facts = facts
        self._here = Place(site.path, site.span)
        self._settings = ClientSettings(context, variables, site, facts)
        self._gone: list[Place] = []
        by_base = subclasses.passed_to(context, site, facts)
        self._given = {*by_base, *(argument.name for argument in facts.arguments)}
        self._by_container: defaultdict[Place, list[Argument]] = defaultdict(list)
        for argument in facts.arguments:
            self._by_container[argument.container].append(argument)

    def decide(self) -> None:
        """Plan the edits of the construction, and of what else says where it goes."""
        main = None if self._is_made_elsewhere() else self._main_container()
        missing = self._settings.missing()
        display = display_of(self._context, self._site) if missing else None
        new = [one for one in (main, display) if one is not None]
        for place in dict.fromkeys([*new, self._here, *self._by_container]):
            if place != self._here and place in self._constructions:
                continue  # planned at the construction itself
            arguments = self._by_container.get(place, [])
            if place != self._here and any(one.origin in _SET_APART for one in arguments):
                self._assigned(arguments)
                continue
            first = tuple(sorted(missing)) if place == display else ()
            instruction = self._instruction(place, first, adds=place == main)
            match instruction:
                case ClientConstruction() if instruction != ClientConstruction():
                    self._edit(place, "client-construction", instruction, self._why)
                case FrameworkConstruction():
                    self._edit(place, "framework-construction", instruction, self._why)
        self._defaults()
        for literal in self._facts.base_url_literals:
            self._address(literal)
        self._pieces()
        self._headers()
        self._notes()

    def clear(self) -> None:
        """Take away what only gave a name to an argument that is gone."""
        for place in self._gone:
            source = self._context.sources.get(place.path)
            if source is None:
                continue
            spans = [one.span for one in self._context.replaced if one.path == place.path]
            for name, span in syntax.idle_assignments(source, place.span, spans):
                used = syntax.is_in_function(source.text, place.span) or not self._is_taken(
                    place.path, name
                )
                if used:
                    self._edit(
                        Place(place.path, span),
                        "item-assignment",
                        ItemAssignment(drop=True),
                        _("nothing reads it any more"),
                    )
                    self._context.replaced.add(Place(place.path, span))

    def _is_taken(self, path: str, name: str) -> bool:
        """Whether another file may use a name of a module."""
        return any(
            name in source.text and syntax.takes_from_outside(source.text, name)
            for other, source in self._context.sources.items()
            if other != path and other.endswith(PYTHON)
        )

    @property
    def _why(self) -> str:
        return _("requests go to {provider}", provider=self._context.provider.name)

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
            if argument.name == KEY and argument.origin.value.startswith("dict"):
                return argument.container
        return self._here

    def _instruction(
        self, place: Place, first: tuple[str, ...], *, adds: bool
    ) -> ClientConstruction | FrameworkConstruction | None:
        arguments = {argument.name: argument for argument in self._by_container.get(place, ())}
        missing = {*first}
        if adds:
            missing |= {KEY, BASE_URL} - self._given - self._implied
        key = self._is_read(arguments.get(KEY), KEY in missing)
        address = arguments.get(BASE_URL)
        given = address is None or not self._is_dropped(address)
        url = given and self._is_read(address, BASE_URL in missing)
        dropped = tuple(name for name, one in arguments.items() if self._is_dropped(one))
        for name in dropped:
            self._replace(arguments[name])
        return ClientConstruction(
            self._new_class() if place == self._here else None,
            dropped,
            key_variable=self._variables.key_of(self._facts) if key else None,
            base_url_variable=self._variables.base_url_variable if url else None,
            base_url_default=self._context.base_url if url else None,
            first=first,
            add=self._added_by_sdk(place),
            rename=self._renamed(arguments, adds=adds),
        )

    def _added_by_sdk(self, place: Place) -> Pairs:
        """What every client of the SDK is given beside what stands there."""
        if self._sdk is None or place != self._here:
            return ()
        region = (
            self._sdk.known_regions.get(self._context.region, ()) if self._knows_address else ()
        )
        return (*(self._sdk.client_adds or {}).items(), *region)

    def _renamed(self, arguments: Collection[str], *, adds: bool) -> Pairs:
        """The arguments that are called something else by the SDK."""
        if self._sdk is None:
            return ()
        written = dict.fromkeys([*arguments, *((KEY, BASE_URL) if adds else ())])
        names = ((name, self._sdk.argument(name)) for name in written)
        return tuple((name, there) for name, there in names if there not in ("", name))

    @property
    def _implied(self) -> frozenset[str]:
        """What the client finds by itself: its key by the name of the variable, its address."""
        reads = "OPENAI_API_KEY" if self._sdk is None else self._sdk.key_variable
        key = not self._facts.azure and self._variables.key_variable == reads
        return frozenset({*([KEY] if key else []), *([BASE_URL] if self._knows_address else [])})

    @property
    def _knows_address(self) -> bool:
        return self._sdk is not None and addresses.is_known(self._context, self._facts)

    def _is_dropped(self, argument: Argument) -> bool:
        """Whether an argument goes: OpenAI's own, and the address that the SDK knows."""
        known = argument.name == BASE_URL and self._knows_address
        return known or knowledge.is_dropped(argument.name)

    def _is_read(self, argument: Argument | None, missing: bool) -> bool:
        """Whether the provider's variable is to be read here: for what is missing, or replaced."""
        if argument is None:
            return missing
        way = self._settings.way(argument)
        if way is Way.READ:
            self._replace(argument)
        elif (edit := self._settings.put_in(argument)) is not None:
            self._context.edit(edit)
        return way is Way.READ

    def _assigned(self, arguments: list[Argument]) -> None:
        """Arguments that are set by a statement of their own."""
        for argument in arguments:
            if knowledge.is_dropped(argument.name):
                self._take_away(argument)
                gone = ItemAssignment(drop=True)
                self._edit(argument.container, "item-assignment", gone, self._why)
            elif argument.name in {KEY, BASE_URL}:
                if self._settings.way(argument) is Way.READ:
                    self._replace(argument)
                if (edit := self._settings.put_in(argument)) is not None:
                    self._context.edit(edit)

    def _defaults(self) -> None:
        """What holds where nothing is handed in, and where variables are read beside it."""
        for argument in self._facts.arguments:
            if argument.name in {KEY, BASE_URL}:
                for edit in self._settings.defaults(argument):
                    self._context.edit(edit)
                for edit in self._settings.own_reads(argument):
                    self._context.edit(edit)
                    self._context.replaced.add(edit.place)

    def _take_away(self, argument: Argument) -> None:
        self._context.replaced.add(argument.place)
        self._gone.append(argument.place)

    def _replace(self, argument: Argument) -> None:
        """Take a value away, and the reads of it that stand elsewhere with it."""
        self._take_away(argument)
        if argument.sources is None:
            return
        for read in argument.sources.reads:
            if read.site:
                self._context.detached[read.site].add(self._site.id)

    @property
    def _sdk(self) -> OwnSdk | None:
        """The SDK that the client becomes one of; None where it stays with the openai package."""
        return self._context.sdk if self._site.id in self._context.sdk_clients else None

    def _new_class(self) -> str | None:
        if self._sdk is not None:
            return self._sdk.client(asynchronous=self._facts.asynchronous)
        return splitting.new_class(self._facts)

    def _address(self, literal: Literal) -> None:
        """OpenAI's address, wherever it is written, becomes the provider's."""
        place = Place(literal.path, literal.span)
        owner = surface.endpoint_owner(literal.value)
        if owner not in {"openai", "azure"} or not _is_whole(literal):
            return
        if any(within(place, gone) for gone in self._context.replaced):
            return
        why = _("the address is {provider}'s", provider=self._context.provider.name)
        slash = "/" if literal.value.endswith("/") else ""
        self._edit(place, "base-url", ReplaceString(self._context.base_url + slash), why)

    def _pieces(self) -> None:
        """The parts that an address is put together of, wherever else they are used."""
        for argument in self._facts.arguments:
            for address in argument.sources.composed if argument.sources is not None else ():
                for literal, text in (becomes(address, self._context.base_url) or {}).items():
                    place = Place(literal.path, literal.span)
                    if not any(within(place, gone) for gone in self._context.replaced):
                        self._context.addresses.add(place)
                        raw_http.replace_address(self._context, self._site, literal, text)

    def _headers(self) -> None:
        """OpenAI's own headers go; others stay."""
        prefix = knowledge.header_prefix().lower()
        for argument in self._facts.arguments:
            if argument.name != "default_headers" or not isinstance(argument.value, dict):
                continue
            names = tuple(name for name in argument.value if name.lower().startswith(prefix))
            if not names:
                continue
            why = _("{names}: OpenAI's own", names=listed(names))
            details = {"names": listed(names)}
            self._context.note(self._site.id, item("headers-openai", self._site, why, (), details))
            if argument.spelled.startswith("{"):
                self._edit(argument.place, "parameters", Parameters(drop=names), why)

    def _edit(
        self,
        place: Place,
        codemod: str,
        instruction: ClientConstruction
        | FrameworkConstruction
        | ItemAssignment
        | Parameters
        | ReplaceString,
        why: str,
    ) -> None:
        self._context.edit(
            Edit(place.path, place.span, codemod, instruction, (self._site.id,), why)
        )

    # -- notes ----------------------------------------------------------------------------------

    def _asks_itself(self) -> bool:
        """Whether it is of a class of the repository, whose methods ask it for what they need."""
        name = self._facts.spelled_class.rpartition(".")[2]
        return self._facts.form == "super" or bool(self._context.subclasses.ancestors(name))

    def _notes(self) -> None:
        context, site = self._context, self._site
        for argument in self._facts.arguments:
            if knowledge.is_told(argument.name):
                why = _("`{name}` is OpenAI's or Azure's own", name=argument.name)
                details = {"name": argument.name}
                context.note(site.id, item("client-argument-dropped", site, why, (), details))
            if argument.name == KEY:
                self._key_note(argument)
            if argument.name in {KEY, BASE_URL}:
                self._tell_neutral(argument)
        if self._facts.escapes:
            places = listed(f"{s.path}:{s.line} ({s.what})" for s in self._facts.escapes)
            why = _("what that code asks of the client is not known here")
            context.note(site.id, item("client-escapes", site, why, places=places))
        elif not (self._facts.calls or self._facts.layers or self._asks_itself()):
            why = _("what is asked of it is not known here")
            context.note(site.id, item("client-unused", site, why))

    def _key_note(self, argument: Argument) -> None:
        context, site, sources = self._context, self._site, argument.sources
        key = context.provider.key
        details = {"provider": context.provider.name, "key": self._variables.key_variable}
        if isinstance(argument.value, str):
            if not site.in_tests:
                source_keys.tell(context, site, argument.value, self._variables.key_variable)
        elif self._settings.way(argument) is not Way.READ and (
            sources is None or sources.handed_in or not sources.reads
        ):
            note = item("key-from-elsewhere", site, key.detail, key.sources, details)
            context.note(site.id, note)

    def _tell_neutral(self, argument: Argument) -> None:
        """Variables whose names do not say whose they are keep them, and mean the provider now."""
        context, site = self._context, self._site
        if argument.sources is None or self._settings.way(argument) is Way.READ:
            return
        meaning = self._variables.meant(argument.name)
        documents = (group.name for group in self._variables.groups.values() if group.documents)
        told = set(documents)  # at the line of the .env file
        for read in argument.sources.reads:
            if self._facts.others and names_another_provider(read.name):
                continue  # it goes with one of the other addresses
            if not (is_named(read) or read.site or read.name.upper() in told):
                why = _("what reads it now speaks to the provider")
                details = {"name": read.name, "provider": context.provider.name, "value": meaning}
                context.note(site.id, item("variable-kept", site, why, (), details))


def _is_whole(literal: Literal) -> bool:
    """Whether a literal is a whole base URL, and not the host that a path is put behind."""
    return literal.value.rstrip("/").endswith("/v1")


def _azure_clients(context: Context) -> list[Site]:
    """The Azure clients of the repository, if all of them move."""
    azure = [site for site, facts in context.clients() if facts.azure]
    if any(site.id in context.sdk_clients for site in azure):
        return []  # their names follow them into the SDK
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
        why = _("the client is no longer Azure's")
        if facts.role in {PATCH, NARROW}:
            owner = str(ast.literal_eval(site.code)).rpartition(".")[0]
            target = ReplaceString(f"{owner}.{new}" if owner else new)
            context.edit(Edit(site.path, site.span, "patch-target", target, (site.id,), why))
            continue
        if site.code.startswith(_QUOTES):
            details = {"name": known.name}
            context.hinder(site.id, item("name-untraced", site, why, (), details))
            continue
        of_module = site.code.startswith("openai.")
        instruction = (
            ReplaceExpression(f"openai.{new}")
            if of_module
            else ReplaceExpression(new, (f"openai.{new}",))
        )
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
