"""What moves: a client, the calls it serves and the model names that reach them go together.

Calls hang together by what they share: a client, the openai module's own client, the literal that
names their model. What shares something with a call that cannot move stays with it, because a
client that is redirected, or a name that is replaced, is so for all of them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrator.analysis import surface
from migrator.analysis.sites import (
    CallFacts,
    Certainty,
    ClientFacts,
    Destination,
    Kind,
    ModelFacts,
    NameFacts,
    Place,
    SettingFacts,
    Site,
)
from migrator.decisions import Bond, ChecklistItem
from migrator.language import _, listed
from migrator.planning import (
    client_settings,
    expectations,
    frameworks,
    handed_keys,
    raw_http,
    reshaping,
    splitting,
    subclasses,
    ties,
)
from migrator.planning.context import Context
from migrator.planning.endpoints import CLIENT_UNTRACED, client_untraced, hindrance, note_of
from migrator.planning.families import CHAT, EMBEDDINGS
from migrator.planning.frameworks import releases
from migrator.planning.legacy import knowledge
from migrator.planning.messages import item

__all__ = ["CHAT", "EMBEDDINGS", "decide"]

Shared = Mapping[str, tuple[str, ...]]
_MODULE = "module"


def decide(context: Context) -> None:
    """Fill in which clients and calls move, and what hinders the others."""
    for site, facts in context.calls():
        found = _hindrance(context, site, facts)
        unparted = context.unparted.get(site.id)
        if found is not None:
            context.hinder(site.id, unparted or found)
        elif facts.http is None and not (
            clients_of(context, site, facts) or clients_by_type(context, site, facts)
        ):
            why = _("no construction in the repository reaches it")
            context.hinder(site.id, item("client-untraced", site, why, base_url=context.base_url))
        elif unparted is not None:
            context.note(site.id, unparted)
    ties.decide(context)
    told: set[str] = set()
    for site, client in context.clients():
        fixed = _why_fixed(context, site, client)
        if fixed is not None:
            context.hinder(site.id, fixed)
            if fixed.code == CLIENT_UNTRACED and _is_told(context, client):
                told.add(site.id)
    unmovable = [
        site.id
        for site, facts in context.calls()
        if site.id in context.hindrances and not facts.foreign
    ]
    context.splits |= splitting.splits(context, unmovable)
    groups = _Groups(context, frozenset(told))
    for site, facts in context.calls():
        if site.id not in context.hindrances:
            _decide_call(context, groups, site, facts)
    for site, client in context.clients():
        if site.id in context.hindrances:
            continue
        tied = (*groups.ties.get(site.id, ()), *groups.aims(client))
        together = {site.id, *made_with(context, site, client), *tied}
        if groups.stuck & together:
            context.hinder(site.id, _why_client_waits(context, groups, site))
        else:
            context.moved_clients.add(site.id)
            places = (Place(one.path, one.span) for one in client.base_url_literals)
            context.addresses.update(places)
    for site, facts in context.calls():
        if site.id in context.moved_calls and _goes_where_told(context, site, facts, told):
            context.told_calls.add(site.id)
            context.leave(site.id, _("only run time tells where it goes, and it fits the provider"))
    context.splits = {
        one: split for one, split in context.splits.items() if one in context.moved_clients
    }
    raw_http.settle(context)
    expectations.settle(context)


def owners(context: Context) -> tuple[Shared, Shared]:
    """What each call shares with others, and which of that each client is tied to."""
    groups = _Groups(context)
    return groups.owners, groups.ties


def bonds(context: Context) -> Iterator[Bond]:
    """What ties calls and clients together, whether or not they move."""
    groups = _Groups(context)
    tied: defaultdict[str, list[str]] = defaultdict(list)
    for keyed, keys in groups.ties.items():
        for key in keys:
            tied[key].append(keyed)
    for owner in dict.fromkeys((*groups.members, *groups.leaning, *tied)):
        calls = (*groups.members.get(owner, ()), *groups.leaning.get(owner, ()))
        yield Bond(groups.named(owner), (owner, *calls, *tied.get(owner, ())))
    for site, client in context.clients():
        yield Bond(groups.named(site.id), (site.id, *made_with(context, site, client)))


def _hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    if facts.http is None and (refused := _held(context, site, facts)):
        return refused
    if facts.http is None:
        return hindrance(context, site, facts)
    served = None
    if facts.api and (facts.api in CHAT or not raw_http.others(facts.http)):
        served = hindrance(context, site, facts)
    return served or raw_http.hindrance(context, site, facts, facts.http)


def _held(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A call whose rewriting was refused; its client says so itself, where it is one."""
    if site.id not in context.options.held or context.made_at(site.id) is not None:
        return None
    what = _("call another method in the place of `{api}`", api=facts.api)
    return item("rewriting-refused", site, context.options.held[site.id], what=what)


def _why_fixed(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem | None:
    """Why a client is not redirected, whatever it serves."""
    if site.id in context.options.held:
        what = _(
            "point the client at {base_url} with the key from {key_variable}",
            base_url=context.base_url,
            key_variable=context.key_variable,
        )
        return item("rewriting-refused", site, context.options.held[site.id], what=what)
    if facts.destination is Destination.GATEWAY:
        return _by_gateway(context, site, facts)
    if facts.form == "framework" and frameworks.is_told_only(facts):
        return frameworks.told(context, site, facts)
    if facts.form == "framework" and (old := releases.unfit(context, site, facts)) is not None:
        return old
    if (unsettled := frameworks.unsettled(context, site)) is not None:
        return unsettled
    known_class = surface.client_class(facts.class_name)
    if known_class is not None and known_class.bedrock:
        why = _("it signs its requests for Amazon Bedrock, and takes that service's arguments")
        return item("client-bedrock", site, why, base_url=context.base_url)
    if facts.destination is Destination.UNKNOWN or site.certainty is Certainty.LIKELY:
        return client_untraced(context, site)
    known = {argument.name for argument in facts.arguments}
    if facts.form == "super" and subclasses.passes_on(context, site):
        traced = facts.complete or bool(subclasses.constructions(context, site))
    else:
        traced = facts.complete
    if not traced and not known & {"base_url", "azure_endpoint"}:
        return item("client-arguments-unknown", site, _("they come in a mapping made at run time"))
    half = client_settings.why_not(context, site, facts) or frameworks.why_not(context, facts)
    return item("client-arguments-unknown", site, half) if half is not None else None


def _by_gateway(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem:
    """The item of a client whose requests somebody hands on."""
    address = next((one for one in facts.arguments if one.name == "base_url"), None)
    named = address.spelled if address is not None else facts.class_name.partition(".")[0]
    value = address.value if address is not None else None
    details = {
        "gateway": (surface.url_host(value) if isinstance(value, str) else None) or named,
        "base_url": context.base_url,
        "key": context.key_variable,
        "provider": context.provider.name,
    }
    why = _("where a request ends is settled at the gateway, not in this code")
    return item("client-gateway", site, why, details=details)


def _is_told(context: Context, facts: ClientFacts) -> bool:
    """Whether a client that is told at run time where it goes may be told the provider's address.

    It stays as it is, and what is asked of it moves; not where a model is asked for by a name that
    is none of OpenAI's.
    """
    calls = (context.call(one) for one in facts.calls)
    return facts.complete and all(
        call.models or not call.model_values for call in calls if call is not None
    )


def _goes_where_told(context: Context, site: Site, facts: CallFacts, told: Collection[str]) -> bool:
    """Whether every client that may serve a call stays, and is told at run time where it goes."""
    clients = clients_of(context, site, facts) or clients_by_type(context, site, facts)
    return bool(clients) and all(one in told for one in clients)


def clients_of(context: Context, site: Site, facts: CallFacts) -> tuple[str, ...]:
    """The clients that are known to serve a call."""
    if facts.legacy and not context.keeps(site.path) and knowledge.successor(facts.api) is None:
        return ()  # it is gone with the release: what moves takes nothing from it
    if facts.module_client:
        return context.upgrade.reached.get(site.id) or (_MODULE,)
    if (before := context.upgrade.before.get(site.id)) is not None:
        return tuple(_named_at(before.named)) or (f"written for {site.id}",)
    if facts.http is not None:
        return ()
    if facts.sender:
        return tuple(dict.fromkeys((site.id, *facts.clients)))
    if facts.clients:
        makers = [
            maker
            for one in facts.clients
            if (made := context.by_id.get(one)) and isinstance(made.facts, ClientFacts)
            for maker in subclasses.tied(context, made, made.facts)
        ]
        return tuple(dict.fromkeys((*facts.clients, *makers)))
    return ()


def clients_by_type(context: Context, site: Site, facts: CallFacts) -> tuple[str, ...]:
    """The clients that may serve a call of which only a type says that it is one: all of its kind.

    It moves if they all do, but none of them has to wait for it.
    """
    if facts.framework and not facts.clients and not facts.sender:
        return frameworks.clients_of(context, facts.framework)
    traced = facts.module_client or facts.clients or facts.framework or facts.http is not None
    if traced or context.upgrade.form(site.id) is not None:
        return ()
    return tuple(
        made.id
        for made, one in context.clients()
        if one.form != "framework" and one.asynchronous == facts.asynchronous
    )


def _named_at(places: Sequence[Place]) -> dict[str, str]:
    """The places that name a method for several calls, by a key, in words."""
    return {
        f"method:{place}": _("what names the method at {place}", place=place)
        for place in (f"{one.path}:{one.span.line}" for one in places)
    }


@dataclass
class _Groups:
    """What the calls share, by the id of the client or model site (or the module, or a place).

    `told` are the clients that stay as they are, and hold nothing: they are told at run time where
    they go. `leaning` are the calls that may be served by a client, without its having to wait for
    them.
    `fixed` are the clients that cannot move, whatever else does.
    `because` leads from whatever stays to what it stays for, call by owner and owner by call.
    """

    context: Context
    told: frozenset[str] = frozenset()
    members: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leaning: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    because: dict[str, str] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    shared: dict[str, str] = field(default_factory=dict)
    ties: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handed = handed_keys.ties(self.context)
        self.ties, self.shared = handed.of, dict(handed.words)
        for _unused, facts in self.context.calls():
            if facts.http is not None:
                self.shared |= raw_http.owners(facts.http)
        self.shared |= raw_http.common_addresses(self.context)
        tied = ties.ties(self.context)
        for site, facts in self.context.calls():
            if site.certainty is Certainty.LIKELY:
                continue
            read = reshaping.bonds(self.context, site, facts)
            kept = ties.bonds(self.context, tied, site)
            before = self.context.upgrade.before.get(site.id)
            self.shared |= _named_at(before.named if before else ())
            set_in_files = self._model_variables(facts)
            self.shared |= {**read, **kept, **set_in_files}
            self.owners[site.id] = (
                *clients_of(self.context, site, facts),
                *self._models(facts),
                *set_in_files,
                *self._sent_with(site, facts),
                *self._keyed(site, facts),
                *read,
                *kept,
            )
            for owner in self.owners[site.id]:
                if owner not in self.context.splits or site.id not in self.context.hindrances:
                    self.members[owner].append(site.id)
            for owner in clients_by_type(self.context, site, facts):
                self.leaning[owner].append(site.id)
        for site, client in self.context.clients():
            if site.id in self.context.hindrances and site.id not in self.told:
                self.fixed.add(site.id)
                self.stuck |= {site.id, *self.aims(client), *self.ties.get(site.id, ())}
        self.stuck |= {*self._fixed_models(), *self._untraced_addresses()}
        self._spread()

    def _models(self, facts: CallFacts) -> tuple[str, ...]:
        return tuple(one for one in facts.models if one in self.context.by_id)

    def _model_variables(self, facts: CallFacts) -> dict[str, str]:
        """The variables that a file sets to its model: their value is one for all that read it."""
        names = (name for name in facts.model_variables if name in self.context.model_settings)
        return {f"model:{name}": _("the variable `{name}`", name=name) for name in names}

    def _sent_with(self, site: Site, facts: CallFacts) -> list[str]:
        """The addresses and headers that it shares with others, but for a second client."""
        if facts.http is not None:
            return list(raw_http.owners(facts.http))
        split = self.context.splits if site.id in self.context.hindrances else ()
        sent_by = dict.fromkeys(one for one in (site.id, *facts.clients) if one not in split)
        made = map(self.context.made_at, sent_by)
        return [key for client in made if client is not None for key in self.aims(client)]

    def _keyed(self, site: Site, facts: CallFacts) -> tuple[str, ...]:
        """What it shares with others that are sent with the same key, but for a second client."""
        split = self.context.splits if site.id in self.context.hindrances else ()
        sent_by = (one for one in (site.id, *facts.clients) if one not in split)
        return tuple(tie for one in sent_by for tie in self.ties.get(one, ()))

    def aims(self, client: ClientFacts) -> list[str]:
        """The addresses of a client, and the variables of such, that others are sent to as well."""
        literals = map(raw_http.literal_key, client.base_url_literals)
        reads = map(raw_http.read_key, client.base_url_reads)
        return [key for key in (*literals, *reads) if key in self.shared]

    def _fixed_models(self) -> list[str]:
        """Names that also reach what no decision about calls can move."""
        return [
            site.id
            for site, facts in self.context.models()
            if facts.foreign
            or any(self.context.call(one) is None for one in facts.reaches)
            or frameworks.is_torn(self.context, facts)
        ]

    def _untraced_addresses(self) -> list[str]:
        """What reaches a request that could not be traced, and so stays."""
        return [
            key
            for _, facts in self.context.with_facts(Kind.RAW_HTTP, NameFacts)
            for key in raw_http.keys(facts.addresses)
        ]

    def _spread(self) -> None:
        """A call that cannot move holds what it shares, and that holds the other calls."""
        blocked = [call for call in self.owners if call in self.context.hindrances]
        pending = deque(blocked)
        self.because |= dict.fromkeys(blocked, "")
        for owner in sorted(self.stuck):
            self.because[owner] = ""
            self._hold_served(owner, pending)
        while pending:
            call = pending.popleft()
            for owner in (*self.owners[call], *self._falls_back_on(call)):
                if owner not in self.stuck and self._holds(call, owner):
                    self.stuck.add(owner)
                    self._hold_sender(owner, call, pending)
                    self._hold_served(owner, pending)
        self.waiting = self.because.keys() & self.owners.keys() - set(blocked)

    def _hold_sender(self, owner: str, call: str, pending: deque[str]) -> None:
        """Say what holds an owner; a framework's client is held as the request it is, too."""
        if owner in self.because:
            return
        self.because[owner] = call
        if owner in self.owners:
            pending.append(owner)

    def _hold_served(self, owner: str, pending: deque[str]) -> None:
        for call in (*self.members[owner], *self.leaning[owner]):
            if call not in self.because and (not self._is_aside(owner) or self._is_aside(call)):
                self.because[call] = owner
                pending.append(call)

    def _holds(self, call: str, owner: str) -> bool:
        """Whether what a call needs has to wait for it; not a client that is written twice."""
        if owner in self.context.splits and call in self.context.hindrances:
            return False
        return not self._is_aside(call) or self._is_aside(owner)

    def _is_aside(self, site_id: str) -> bool:
        """Whether a site stands in a test: those do not hold what they use."""
        site = self.context.by_id.get(site_id)
        return site is not None and site.in_tests

    def _falls_back_on(self, call: str) -> tuple[str, ...]:
        """The settings that an upgraded call goes by where it does not move."""
        upgrade = self.context.upgrade
        return upgrade.reached.get(call, ()) if call in upgrade.before else ()

    def cause(self, waiting: str) -> str:
        """What holds a call or client that waits, in words: what it shares, and for what it stays.

        The calls that cannot move are named, however long the way to them is.
        """
        owner = self.because.get(waiting, "") if waiting in self.owners else waiting
        held = self.unmovable(owner) or self._holders(owner)
        if held:
            return _(
                "{named} also serves {places}",
                named=self.named(owner),
                places=self.context.places(held),
            )
        root = owner
        while self.because.get(root):
            root = self.because[root]
        if root == owner:
            return _("{named} stays", named=self.named(owner))
        held = [root] if root in self.owners else self._holders(root)
        stays = self.context.places(held) if held else self.named(root)
        return _(
            "{named} hangs together with {stays}, which stays", named=self.named(owner), stays=stays
        )

    def unmovable(self, owner: str) -> list[str]:
        """The calls that something serves and that cannot move, whatever else does."""
        return [one for one in self.members[owner] if self.because.get(one) == ""]

    def _holders(self, owner: str) -> list[str]:
        """What is no call and holds something that is shared: clients, what they are told by."""
        site = self.context.by_id.get(owner)
        if site is not None and isinstance(site.facts, ModelFacts):
            return [one for one in site.facts.reaches if self.context.call(one) is None]
        return [
            one.id
            for one, client in self.context.clients()
            if one.id in self.fixed and owner in (*self.aims(client), *self.ties.get(one.id, ()))
        ]

    def named(self, owner: str) -> str:
        """What something that is shared is called, with its place."""
        site = self.context.by_id.get(owner)
        if site is None:
            return self.shared.get(owner, _("the openai module's own client"))
        place = f"{site.path}:{site.span.line}"
        match site.facts:
            case ClientFacts():
                return _("the client at {place}", place=place)
            case SettingFacts():
                return _("the setting at {place}", place=place)
        return _("the model name at {place}", place=place)


def _decide_call(context: Context, groups: _Groups, site: Site, facts: CallFacts) -> None:
    if site.id in groups.waiting:
        context.hinder(site.id, item("call-waits", site, groups.cause(site.id)))
    else:
        context.moved_calls.add(site.id)
        note = note_of(context, site, facts)
        if note is not None:
            context.note(site.id, note)


def made_with(context: Context, site: Site, client: ClientFacts) -> tuple[str, ...]:
    """The ids of the other sites that make the same client: of its bases, or its subclasses."""
    if client.form == "super":
        return subclasses.constructions(context, site)
    return subclasses.tied(context, site, client)


def _why_client_waits(context: Context, groups: _Groups, site: Site) -> ChecklistItem:
    if isinstance(site.facts, ClientFacts) and site.facts.others:
        others = listed(f"`{one.value}` ({one.path}:{one.span.line})" for one in site.facts.others)
        why = _("what is asked of the one is asked of the other too")
        details = {"others": others, "base_url": context.base_url}
        return item("client-elsewhere", site, why, (), details)
    held = groups.unmovable(site.id)
    if held and len(held) == len(groups.members[site.id]):
        details = {"name": site.code.partition("(")[0], "provider": context.provider.name}
        calls = context.places(held)
        why = _("every call of it stays, for the reason that is told at the call")
        return item("client-serves-others", site, why, (), {**details, "calls": calls})
    if held:
        why = _("redirecting it would break the calls that the provider does not serve")
        return item("client-shared", site, why, calls=context.places(held))
    if site.id in groups.stuck:
        return item("client-waits", site, groups.cause(site.id))
    waiting = [one for one in groups.members[site.id] if one in groups.waiting]
    why = groups.cause(waiting[0]) if waiting else _("what makes it stays")
    return item("client-waits", site, why)
