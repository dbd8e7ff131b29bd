"""Client constructions and the openai module's own client: pointed at the provider."""

from __future__ import annotations

from collections import defaultdict

from migrator.analysis import surface
from migrator.analysis.sites import (
    Argument,
    ClientFacts,
    ImportFacts,
    Kind,
    Place,
    SettingFacts,
    Site,
)
from migrator.edits import (
    ClientConstruction,
    Edit,
    ItemAssignment,
    ModuleSettings,
    ReplaceExpression,
)
from migrator.planning.context import Context
from migrator.planning.messages import item

_KEY = ("api_key",)
_DROPPED = frozenset(
    {
        "organization",
        "project",
        "webhook_secret",
        "data_residency",
        "workload_identity",
        "admin_api_key",
        "azure_endpoint",
        "azure_deployment",
        "api_version",
        "azure_ad_token",
        "azure_ad_token_provider",
    }
)
_TOLD = frozenset(
    {"organization", "project", "data_residency", "azure_ad_token_provider", "workload_identity"}
)


def decide(context: Context) -> None:
    """Plan the edits of every moved client."""
    for site, facts in context.clients():
        if site.id in context.moved_clients:
            _Client(context, site, facts).decide()
    _follow_in_types(context)
    _module_client(context)


class _Client:
    """One construction on its way."""

    def __init__(self, context: Context, site: Site, facts: ClientFacts) -> None:
        self._context = context
        self._site = site
        self._facts = facts
        self._here = Place(site.path, site.span)
        self._by_container: defaultdict[Place, list[Argument]] = defaultdict(list)
        for argument in facts.arguments:
            self._by_container[argument.container].append(argument)

    def decide(self) -> None:
        main = self._main_container()
        for place in dict.fromkeys([main, *self._by_container]):
            instruction = self._instruction(place, main)
            if instruction != ClientConstruction():
                self._edit(place, instruction)
        self._notes()

    def _main_container(self) -> Place:
        """Where base_url is added: the dict that holds the key, or the construction itself."""
        for argument in self._facts.arguments:
            if argument.name in _KEY and argument.shared == 1:
                home = argument.container
                is_dict = argument.origin.value.startswith("dict")
                return home if is_dict else self._here
        return self._here

    def _instruction(self, place: Place, main: Place) -> ClientConstruction:
        arguments = {argument.name: argument for argument in self._by_container.get(place, ())}
        everywhere = {argument.name for argument in self._facts.arguments}
        key = self._new_key(arguments.get("api_key"), place == main and "api_key" not in everywhere)
        variable, default = self._new_base_url(
            arguments.get("base_url"), place == main and "base_url" not in everywhere
        )
        class_path = self._new_class() if place == self._here else None
        dropped = tuple(name for name in arguments if name in _DROPPED)
        for name in dropped:
            self._context.replaced.add(arguments[name].place)
        return ClientConstruction(
            class_path,
            dropped,
            key_variable=key,
            base_url_variable=variable,
            base_url_default=default,
        )

    def _new_class(self) -> str | None:
        if not self._facts.azure:
            return None
        return "openai.AsyncOpenAI" if self._facts.asynchronous else "openai.OpenAI"

    def _new_key(self, argument: Argument | None, missing: bool) -> str | None:
        """The variable to read the key from; None where what stands there is right."""
        if argument is None:
            return self._context.key_variable if missing else None
        if isinstance(argument.value, str):
            self._replace(argument)
            return self._context.key_variable
        if self._facts.key_reads and not self._all_follow(self._facts.key_reads):
            self._replace(argument)
            return self._context.key_variable
        return None

    def _all_follow(self, reads: tuple[object, ...]) -> bool:
        """Whether the variables read are OpenAI's own, which are renamed where they are read."""
        return all(surface.variable(getattr(read, "name", "")) is not None for read in reads)

    def _new_base_url(
        self, argument: Argument | None, missing: bool
    ) -> tuple[str | None, str | None]:
        here = (self._context.base_url_variable, self._context.base_url)
        if argument is None:
            return here if missing else (None, None)
        direct_literal = isinstance(argument.value, str) or argument.value is None
        if direct_literal:
            self._replace(argument)
            return here
        reads = self._facts.base_url_reads
        fallback = bool(self._facts.base_url_literals)
        required = "[" in argument.spelled and "environ" in argument.spelled
        if reads and self._all_follow(reads) and (fallback or required):
            return (None, None)
        if self._facts.base_url_literals and not reads:
            return (None, None)
        self._replace(argument)
        return here

    def _replace(self, argument: Argument) -> None:
        self._context.replaced.add(argument.place)

    def _edit(self, place: Place, instruction: ClientConstruction) -> None:
        why = f"requests go to {self._context.provider.name}"
        edit = Edit(
            place.path, place.span, "client-construction", instruction, (self._site.id,), why
        )
        self._context.edit(edit)

    # -- notes ---------------------------------------------------------------------------------

    def _notes(self) -> None:
        context, site = self._context, self._site
        for argument in self._facts.arguments:
            if argument.name in _TOLD:
                why = f"`{argument.name}` is OpenAI's or Azure's own"
                context.note(
                    site.id, item("client-argument-dropped", site, why, name=argument.name)
                )
            if argument.name in _KEY:
                self._key_note(argument)
            if argument.name == "default_headers" and "OpenAI-" in argument.spelled:
                why = "OpenAI-Organization, OpenAI-Project and OpenAI-Beta are OpenAI's own"
                context.note(site.id, item("headers-openai", site, why))
        if self._facts.escapes:
            places = ", ".join(f"{s.path}:{s.line} ({s.what})" for s in self._facts.escapes)
            why = "what that code asks of the client is not known here"
            context.note(site.id, item("client-escapes", site, why, places=places))
        if self._facts.azure:
            self._azure_note()

    def _key_note(self, argument: Argument) -> None:
        context, site = self._context, self._site
        key = context.provider.key
        details = {"provider": context.provider.name, "key": context.key_variable}
        if isinstance(argument.value, str):
            why = "a key in the source is known to everybody who reads it"
            context.note(site.id, item("key-in-source", site, why, (), details))
        elif not self._facts.key_reads:
            note = item("key-from-elsewhere", site, key.detail, key.sources, details)
            context.note(site.id, note)

    def _azure_note(self) -> None:
        for call in self._facts.calls:
            facts = self._context.call(call)
            site = self._context.by_id.get(call)
            if (
                facts is None
                or site is None
                or facts.models
                or call not in self._context.moved_calls
            ):
                continue
            why = "on Azure, `model=` is the name of a deployment, and no model is known for it"
            self._context.note(call, item("azure-deployment", site, why))


def _follow_in_types(context: Context) -> None:
    """Annotations and checks that name an Azure class follow its constructions."""
    azure = [(site, facts) for site, facts in context.clients() if facts.azure]
    if not azure or any(site.id not in context.moved_clients for site, _ in azure):
        return
    for site in context.of_kind(Kind.TYPE_REF):
        name = getattr(site.facts, "name", "")
        known = surface.client_class(name)
        if known is None or not known.azure:
            continue
        new = "AsyncOpenAI" if known.asynchronous else "OpenAI"
        instruction = ReplaceExpression(new, (f"openai.{new}",))
        why = "the client is no longer Azure's"
        context.edit(Edit(site.path, site.span, "replace-expression", instruction, (site.id,), why))


# -- the module's own client ------------------------------------------------------------------


def _module_client(context: Context) -> None:
    moved = [
        site
        for site, facts in context.calls()
        if facts.module_client and site.id in context.moved_calls
    ]
    if not moved:
        return
    settings = list(context.with_facts(Kind.MODULE_CONFIG, SettingFacts))
    keys = [(site, facts) for site, facts in settings if facts.name == "api_key"]
    for site, facts in settings:
        _module_setting(context, site, facts, any(f.name == "base_url" for _, f in settings))
    if not keys:
        _settings_at_imports(context, moved)


def _module_setting(context: Context, site: Site, facts: SettingFacts, has_base_url: bool) -> None:
    if facts.name == "api_key":
        literal = isinstance(facts.value.value, str)
        instruction = ModuleSettings(
            _module_name(facts, context),
            context.key_variable if literal else None,
            context.base_url_variable,
            context.base_url,
        )
        if literal:
            context.replaced.add(facts.value.place)
        why = f"requests go to {context.provider.name}"
        edit = Edit(site.path, site.span, "module-settings", instruction, (site.id,), why)
        if literal or not has_base_url:
            context.edit(edit)
    elif facts.name in {"base_url", "api_base"}:
        source = f'os.getenv("{context.base_url_variable}", "{context.base_url}")'
        expression = ReplaceExpression(source, ("os",))
        why = f"requests go to {context.provider.name}"
        span = facts.value.place.span
        context.replaced.add(facts.value.place)
        context.edit(Edit(site.path, span, "replace-expression", expression, (site.id,), why))
    else:
        why = f"`{facts.name}` is OpenAI's or Azure's own"
        drop = ItemAssignment(drop=True)
        context.replaced.add(facts.place)
        context.edit(Edit(site.path, site.span, "item-assignment", drop, (site.id,), why))
        context.note(site.id, item("client-argument-dropped", site, why, name=facts.name))


def _module_name(facts: SettingFacts, context: Context) -> str:
    source = context.sources.get(facts.place.path)
    written = source.slice(facts.place.span) if source is not None else "openai."
    return written.split("=")[0].rpartition(".")[0].strip() or "openai"


def _settings_at_imports(context: Context, moved: list[Site]) -> None:
    """No key is set anywhere: point the module at the provider where it is imported."""
    paths = {site.path for site in moved}
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        bound = [local for path, local in facts.names if path == "openai"]
        if site.path not in paths or not bound:
            continue
        instruction = ModuleSettings(
            bound[0], context.key_variable, context.base_url_variable, context.base_url
        )
        why = f"requests go to {context.provider.name}"
        context.edit(Edit(site.path, site.span, "module-settings", instruction, (site.id,), why))
        paths.discard(site.path)
