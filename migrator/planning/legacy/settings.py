"""The openai module's settings become the construction of clients, and go where none is left."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis.sites import (
    CallFacts,
    ImportFacts,
    Kind,
    Place,
    SettingFacts,
    Site,
    Span,
)
from migrator.edits import Edit, ItemAssignment, NewClient, Rename
from migrator.language import _
from migrator.planning import source_keys
from migrator.planning.context import Context
from migrator.planning.legacy import clients
from migrator.planning.legacy.upgrade import Form, settings_of
from migrator.planning.messages import item
from migrator.planning.variables import Variables

_KEY = "api_key"
_NEW_NAMES = {"api_base": "base_url"}


def decide(context: Context, variables: Variables) -> None:
    """Plan a client for every file that needs one, and take away the settings that nobody reads."""
    upgrade = context.upgrade
    if not upgrade.before:
        return
    names = clients.names(context)
    for path in dict.fromkeys(path for path, _unused in names):
        pairs = tuple(
            (name, clients.class_path(asynchronous=asynchronous))
            for (where, asynchronous), name in names.items()
            if where == path
        )
        _construct(context, variables, path, pairs)
    for site, facts in settings_of(upgrade):
        if site.id in context.ended_settings:
            _end(context, variables, site, facts)
        elif facts.name in _NEW_NAMES and context.module_moves:
            _rename(context, site, facts)


def ended(context: Context) -> frozenset[str]:
    """The settings that no call reads once the upgraded ones have clients of their own."""
    upgrade = context.upgrade
    reached: set[str] = set()
    read: set[str] = set()
    for site, facts in context.calls():
        settings = upgrade.reached.get(site.id)
        if settings is None and facts.module_client:
            return frozenset()
        (read if _reads(context, site, facts) else reached).update(settings or ())
    return frozenset(reached - read)


def _reads(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call goes by the settings of the module."""
    stays = site.id in context.upgrade.before and site.id not in context.moved_calls
    return facts.module_client or facts.legacy or stays


def _construct(
    context: Context, variables: Variables, path: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    sites = tuple(
        one
        for one, form in context.upgrade.forms.items()
        if form is Form.CLIENT
        and one in context.moved_calls
        and any(place.path == path for place in context.upgrade.before[one].methods)
    )
    why = _("requests go to {provider}", provider=context.provider.name)
    own = [
        (site, facts)
        for site, facts in settings_of(context.upgrade)
        if site.path == path and facts.name == _KEY
    ]
    if own:
        [(site, facts)] = own
        stays = site.id not in context.ended_settings
        key = None if not stays and _keeps_its_key(context, variables, site, facts) else _KEY
        if key and not stays:
            context.replaced.add(facts.value.place)
        if key is None:
            tell_key(context, site, facts)
        where, sites = site.span, (*sites, site.id) if not stays else sites
    else:
        stays, key = True, _KEY
        where = _after(context, path)
    instruction = NewClient(
        pairs,
        variables.key_variable if key else None,
        variables.address_variable(context.upgrade.settings_for(sites)),
        context.base_url,
        beside=stays,
    )
    context.edit(Edit(path, where, "new-client", instruction, sites, why))


def is_handed_in(facts: SettingFacts) -> bool:
    """Whether an address may be given at run time, and not as a part of a longer one."""
    sources = facts.value.sources
    return sources is not None and sources.handed_in and not (sources.azure or sources.composed)


def tell_key(context: Context, site: Site, facts: SettingFacts) -> None:
    """Note a key that comes from where nothing was rewritten: it has to be the provider's now."""
    reads = any(site.id in variable.reaches for _, variable in context.variables())
    if reads or isinstance(facts.value.value, str):
        return
    key = context.provider.key
    details = {"provider": context.provider.name, "key": context.key_variable}
    context.note(site.id, item("key-from-elsewhere", site, key.detail, key.sources, details))


def _keeps_its_key(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> bool:
    """Whether the value that was the module's key can be the client's."""
    if isinstance(facts.value.value, str):
        return site.in_tests
    if facts.value.value is None:
        return False
    reads = [one for one, variable in context.variables() if site.id in variable.reaches]
    return all(variables.follows(one.id) for one in reads)


def _after(context: Context, path: str) -> Span:
    """The statement that a client is constructed after: the last that must be carried out first."""
    spans = [
        facts.statement.span
        for site, facts in context.with_facts(Kind.IMPORT, ImportFacts)
        if site.path == path and site.span.column == 0
    ]
    spans += _preparations(context, path)
    return max(spans, default=Span(1, 0, 1, 0))


def _preparations(context: Context, path: str) -> Iterator[Span]:
    """Statements of a module that fill the environment."""
    for site, facts in context.variables():
        if site.path == path and facts.access == "write" and site.span.column == 0:
            yield site.span
    source = context.sources.get(path)
    for number in range(1, len(source.starts) + 1) if source is not None else ():
        line = source.line(number) if source is not None else ""
        if line.startswith(("load_dotenv(", "dotenv.load_dotenv(")) and ")" in line:
            yield Span(number, 0, number, len(line.rstrip("\r\n").partition(")")[0]) + 1)


def _end(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> None:
    carried = any(
        isinstance(edit.instruction, NewClient) for edit in context.edits.get(site.id, ())
    )
    key = facts.value.value
    if facts.name == _KEY and isinstance(key, str) and not site.in_tests:
        source_keys.tell(context, site, key, context.key_variable)
    if carried:
        return
    why = _("its clients have their settings themselves")
    context.replaced.add(facts.place)
    drop = ItemAssignment(drop=True)
    context.edit(Edit(site.path, site.span, "item-assignment", drop, (site.id,), why))
    if is_handed_in(facts):
        given = _("it may be handed in at run time, and the new client does not see it")
        read = f'os.getenv("{variables.address_variable({site.id})}", "{context.base_url}")'
        details = {"name": facts.name, "read": read}
        context.note(site.id, item("address-dropped", site, given, (), details))
    if facts.name not in {_KEY, "api_base", "api_type", "api_version"}:
        own = _("`{name}` is OpenAI's or Azure's own, or of openai before 1.0", name=facts.name)
        context.note(site.id, item("client-argument-dropped", site, own, name=facts.name))


def _rename(context: Context, site: Site, facts: SettingFacts) -> None:
    """`openai.api_base` is `openai.base_url` since 1.0."""
    source = context.sources.get(facts.place.path)
    if source is None:
        return
    start, end = source.bounds(facts.place.span)
    at = source.text.find(facts.name, start, end)
    place = Place(facts.place.path, source.span(at, at + len(facts.name)))
    why = _(
        "`{name}` is called {new_name} since openai 1.0",
        name=facts.name,
        new_name=_NEW_NAMES[facts.name],
    )
    rename = Rename(_NEW_NAMES[facts.name])
    context.edit(Edit(place.path, place.span, "rename", rename, (site.id,), why))
