"""Which calls go to another provider than the others, where the first lacks what they ask for.

What serves them is parted from the rest: a client that only they use goes with them, beside one
that others use too another is written (see splitting.py). A call that shares anything else with
others, a model's name or an address, stays with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.analysis.sites import (
    CallFacts,
    Certainty,
    ClientFacts,
    DocumentFacts,
    HttpFacts,
    Kind,
    ModelFacts,
    Place,
    Site,
    VariableFacts,
)
from migrator.decisions import ChecklistItem
from migrator.language import _
from migrator.planning import movement, splitting
from migrator.planning.capabilities import capability, capability_of_model
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.splitting import Second, Split
from migrator.providers import Provider


@dataclass(frozen=True)
class Share:
    """What goes to one of the other providers: its sites, its calls, the clients written for it."""

    provider: Provider
    sites: tuple[Site, ...]
    calls: frozenset[str]
    seconds: tuple[Second, ...] = ()


@dataclass(frozen=True)
class Division:
    """The sites of the first provider, and the shares of the others.

    `unparted` says of calls that were to go elsewhere why they are the first provider's.
    """

    sites: tuple[Site, ...]
    shares: tuple[Share, ...]
    unparted: Mapping[str, ChecklistItem]


def divide(
    context: Context, supplements: Mapping[str, Provider], back: Mapping[str, ChecklistItem]
) -> Division:
    """Divide the sites of a run in which nothing is decided yet.

    `supplements` are the other providers by capability, `back` the calls that cannot go to them.
    """
    wanted = _wanted(context, supplements)
    calls, splits = _parted(context, [one for one in wanted if one not in back], wanted)
    shares = tuple(
        _share(context, provider, names, calls, splits)
        for provider, names in _by_provider(context, supplements)
    )
    gone = {site.id for share in shares for site in share.sites if not _is_environment(site)}
    kept = tuple(_without(site, calls) for site in context.sites if site.id not in gone)
    unparted = {
        call: back.get(call) or _why_unparted(context, call, provider)
        for call, provider in wanted.items()
        if call not in calls and _is_plain(context.by_id[call])
    }
    return Division(kept, shares, unparted)


def _why_unparted(context: Context, call: str, provider: Provider) -> ChecklistItem:
    site = context.by_id[call]
    facts = context.call(call)
    name = context.provider.name
    if facts is not None and _is_of_the_module(context, site, facts):
        why = _("calls of the openai module, and of openai before 1.0, are asked of one client")
    else:
        why = _(
            "it shares its client, key, address or model's name with what goes to {name}", name=name
        )
    details = {"provider": provider.name, "api": site.detail}
    return item("call-unparted", site, why, (), details)


def _by_provider(
    context: Context, supplements: Mapping[str, Provider]
) -> Iterable[tuple[Provider, Collection[str]]]:
    """The providers that are not the first, each with its capabilities."""
    found: dict[str, tuple[Provider, dict[str, None]]] = {}
    for name, provider in supplements.items():
        if provider.id != context.provider.id:
            found.setdefault(provider.id, (provider, {}))[1][name] = None
    return found.values()


def _wanted(context: Context, supplements: Mapping[str, Provider]) -> dict[str, Provider]:
    """The calls that are to go elsewhere, each with its provider.

    What is asked of a framework's client goes where the client does.
    """
    wanted = {
        site.id: provider
        for site, facts in context.calls()
        if (provider := supplements.get(capability(facts.api))) is not None
        and provider.id != context.provider.id
    }
    for site, facts in context.calls():
        whose = [wanted.get(one) for one in facts.clients] if _is_passed_on(facts) else []
        if whose and whose[0] is not None and all(one is whose[0] for one in whose):
            wanted[site.id] = whose[0]
    return wanted


def _is_passed_on(facts: CallFacts) -> bool:
    """Whether a framework's client sends a request, and says all of it."""
    return bool(facts.framework) and not facts.sender


def _can_be_parted(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call is asked of a client, or sent by itself, so that it can be told apart."""
    asked = bool(facts.clients or facts.http or facts.sender)
    return asked and _is_plain(site) and not _is_of_the_module(context, site, facts)


def _is_plain(site: Site) -> bool:
    """Whether nothing else keeps a call where it is: it is traced."""
    return site.certainty is Certainty.PROVEN


def _is_of_the_module(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call is made on the openai module, or was before its upgrade."""
    return facts.module_client or facts.legacy or site.id in context.upgrade.before


def _parted(
    context: Context, asked: Iterable[str], wanted: Mapping[str, Provider]
) -> tuple[dict[str, str], dict[str, dict[str, Split]]]:
    """The calls that share nothing with others but clients that can be told apart, each with the id
    of its provider; and the clients beside which another is written, by provider."""
    calls = {
        call: wanted[call].id
        for call in asked
        if (facts := context.call(call)) is not None
        and _can_be_parted(context, context.by_id[call], facts)
    }
    owners, ties = movement.owners(context)
    members: defaultdict[str, set[str]] = defaultdict(set)
    for call, shared in owners.items():
        for owner in shared:
            members[owner].add(call)
    for site, client in context.clients():
        members[site.id] |= set(client.calls)
    while True:
        splits = {one: _splits(context, calls, one) for one in dict.fromkeys(calls.values())}
        held = [
            call
            for call, provider in calls.items()
            if not all(
                all(calls.get(other) == provider for other in members[owner])
                for owner in _binding(owners.get(call, ()), splits[provider], ties)
            )
        ]
        if not held:
            return calls, splits
        for call in held:
            del calls[call]


def _binding(
    shared: Iterable[str], splits: Mapping[str, Split], ties: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """What a call shares, but for the clients that are written twice and what those are tied to."""
    loose = {tie for client in splits for tie in ties.get(client, ())}
    return [one for one in shared if one not in splits and one not in loose]


def _splits(context: Context, calls: Mapping[str, str], provider: str) -> dict[str, Split]:
    own = [call for call, whose in calls.items() if whose == provider]
    kinds = {capability(facts.api) for call in own if (facts := context.call(call)) is not None}
    prefix = next(iter(kinds)) if len(kinds) == 1 else provider
    return dict(splitting.parted(context, own, prefix))


def _share(
    context: Context,
    provider: Provider,
    names: Collection[str],
    calls: Mapping[str, str],
    splits: Mapping[str, Mapping[str, Split]],
) -> Share:
    own = frozenset(call for call, whose in calls.items() if whose == provider.id)
    seconds = splits.get(provider.id, {})
    clients = {
        site.id for site, _ in context.clients() if _is_asked_by(context, site, own, seconds)
    }
    reached = own | clients
    addresses = set(_addresses(context, reached))
    sites = tuple(
        site
        for site in context.sites
        if site.id in reached
        or Place(site.path, site.span) in addresses
        or _belongs(site, reached, names if own else ())
        or (own and _is_environment(site))
    )
    made = tuple(
        Second(split, site, site.facts, _is_told_by_field(context, site.facts))
        for one, split in seconds.items()
        if isinstance((site := context.by_id[one]).facts, ClientFacts)
    )
    return Share(provider, sites, own, made)


def _addresses(context: Context, reached: Iterable[str]) -> Iterator[Place]:
    """Where the addresses of some clients and requests are written."""
    for one in reached:
        match context.by_id[one].facts:
            case (
                ClientFacts(base_url_literals=literals)
                | CallFacts(http=HttpFacts(literals=literals))
            ):
                yield from (Place(literal.path, literal.span) for literal in literals)


def _is_asked_by(
    context: Context, site: Site, own: Collection[str], seconds: Mapping[str, Split]
) -> bool:
    """Whether a client, or what makes it together with others, serves these calls alone."""
    if site.id in seconds or not isinstance(site.facts, ClientFacts):
        return False
    made = movement.made_with(context, site, site.facts)
    together = [site.id, *made]
    served = {
        call
        for one in together
        if (other := context.by_id.get(one)) and isinstance(other.facts, ClientFacts)
        for call in other.facts.calls
    }
    return bool(served) and served <= set(own)


def _belongs(site: Site, reached: Collection[str], names: Collection[str]) -> bool:
    """Whether a site reaches nothing but what goes to a provider, or names a model for it."""
    match site.facts:
        case ModelFacts(reaches=(), model=model) | DocumentFacts(role="model", value=model):
            return capability_of_model(model) in names
        case ModelFacts(reaches=ids, foreign=False) | VariableFacts(reaches=ids):
            return bool(ids) and set(ids) <= set(reached)
    return False


def _is_told_by_field(context: Context, client: ClientFacts) -> bool:
    """Whether a client gets its key from the field of a settings class."""
    fields = {facts.variable.upper() for _, facts in context.variables() if facts.field}
    return any(read.name.upper() in fields for read in client.key_reads)


def _is_environment(site: Site) -> bool:
    """Whether it is a line of a .env file, which every provider looks after."""
    document = isinstance(site.facts, DocumentFacts) and site.facts.format == "env"
    return document and site.kind is Kind.ENV_KEY


def _without(site: Site, calls: Collection[str]) -> Site:
    """A client that is not asked by the calls that are gone."""
    if isinstance(site.facts, ClientFacts):
        kept = tuple(one for one in site.facts.calls if one not in calls)
        return replace(site, facts=replace(site.facts, calls=kept))
    return site
