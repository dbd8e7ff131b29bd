"""Which of the clients and calls that move go by the provider's own SDK.

What hangs together goes together: a client and the calls it serves, calls that are made of the same
dictionaries, a client and its subclasses. Where one of a group cannot be carried over exactly, the
group stays with the openai package.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, ClientFacts, Place, Site
from migrator.language import _, listed, marked
from migrator.planning import facts as knowledge
from migrator.planning import frameworks, movement, reshaping
from migrator.planning.context import Context
from migrator.planning.media import TRANSCRIPTIONS, TRANSLATIONS
from migrator.planning.messages import item
from migrator.planning.sdk import addresses, client_methods
from migrator.sdks import Method, OwnSdk

_FORMS = frozenset({"call", "partial", "reference"})
_WRITTEN = {
    "super": marked("a class of the repository derives from it"),
    "derived": marked("it is made of another client"),
    "framework": marked("a framework makes it"),
}
_NOT_CONSTRUCTED = marked("it is not constructed by its class")
_FRAMEWORK = "framework"
_ENTERING = frozenset({"__enter__", "__aenter__"})
_PARSE = ("chat.completions.parse", "beta.chat.completions.parse")
CREATE = "chat.completions.create"
_SOUNDS = (TRANSCRIPTIONS, TRANSLATIONS)  # which become chat requests
_TEXT = ("text",)
_LIMITS = "Timeout("  # an object of limits, as the openai package takes it


def decide(context: Context) -> None:
    """Fill in which clients and calls go by the SDK, and say of the others why they do not."""
    sdk = context.sdk
    if sdk is None:
        return
    groups = _Groups(context, sdk)
    context.sdk_clients |= context.moved_clients - groups.because.keys() - groups.natives
    context.sdk_calls |= groups.calls - groups.because.keys()
    groups.tell()


def method_of(context: Context, sdk: OwnSdk, site: Site, facts: CallFacts) -> Method | None:
    """The method of the SDK that a call becomes, in the form it has once it moves."""
    shape = reshaping.shape_of(context, site)
    api = facts.api if shape is None else shape.method
    return sdk.method(api) or (sdk.method(CREATE) if api in _PARSE else None)


def is_wrapped(sdk: OwnSdk, facts: CallFacts) -> bool:
    """Whether a function of the program's is called in the place of a method, which says it all."""
    return facts.api in sdk.by_path or (facts.api in _SOUNDS and sdk.method(CREATE) is not None)


@dataclass
class _Groups:
    """What hangs together; `because` has a reason for each client and call that stays."""

    context: Context
    sdk: OwnSdk
    calls: set[str] = field(default_factory=set)
    together: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    reasons: dict[str, str] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    natives: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        context = self.context
        self.natives = natives = frameworks.natives(context)
        shared: defaultdict[Place, list[str]] = defaultdict(list)
        for site, facts in context.calls():
            if site.id not in context.moved_calls or facts.http is not None or facts.in_batch:
                continue
            if facts.sender or natives & set(facts.clients):
                continue  # a framework sends it, by itself or by a class of the provider's
            self.calls.add(site.id)
            self._tie(site.id, self._clients(site, facts))
            for place in {one.container for one in facts.arguments}:
                shared[place].append(site.id)
            self._refuse(site.id, self._why_call_stays(site, facts))
        for site, client in context.clients():
            if site.id in context.moved_clients and site.id not in natives:
                self._tie(site.id, movement.made_with(context, site, client))
                self._refuse(site.id, self._why_client_stays(site, client))
        for ids in shared.values():
            self._tie(ids[0], ids[1:])
        self._spread()

    def _clients(self, site: Site, facts: CallFacts) -> tuple[str, ...]:
        served = movement.clients_of(self.context, site, facts)
        return served or movement.clients_by_type(self.context, site, facts)

    def _tie(self, one: str, others: tuple[str, ...] | list[str]) -> None:
        for other in others:
            self.together[one].add(other)
            self.together[other].add(one)

    def _refuse(self, site_id: str, why: str) -> None:
        why = why or self.context.options.kept.get(site_id, "")
        if why:
            self.reasons[site_id] = why

    def _why_call_stays(self, site: Site, facts: CallFacts) -> str:
        """Why a call cannot go by the SDK; "" where it can."""
        upgrade = self.context.upgrade
        if facts.module_client or site.id in upgrade.before or facts.legacy:
            return _("it is made on the openai module itself")
        if facts.by_path:
            return _("it is sent to a path, and not by a method")
        if facts.foreign:
            return _("a client of another provider may serve it too")
        if facts.raw and facts.api not in self.sdk.by_path:
            return _("its raw response is read (`{raw}`)", raw=facts.raw)
        if facts.api in self.sdk.client_members:
            return ""
        if facts.api in self.sdk.by_path:
            return self._why_not_at(site, facts)
        if is_wrapped(self.sdk, facts):
            return _why_not_text(facts)
        method = method_of(self.context, self.sdk, site, facts)
        if method is None:
            return _("{sdk} has no `{api}`", sdk=self.sdk.name, api=facts.api)
        if not facts.complete:
            return _("a mapping that is made at run time is passed to it")
        if method.own_address and (why := self._why_not_at(site, facts)):
            return why
        return "" if method.called(asynchronous=facts.asynchronous) else _no_async(self.sdk)

    def _why_not_at(self, site: Site, facts: CallFacts) -> str:
        """Why a client does not reach an address of the SDK's own; "" where it does."""
        for one in self._clients(site, facts):
            client = self.context.by_id[one].facts
            if isinstance(client, ClientFacts) and not addresses.is_known(self.context, client):
                return _("its client is given an address, and this goes to another one")
        return ""

    def _why_client_stays(self, site: Site, client: ClientFacts) -> str:
        """Why a client cannot be the SDK's; "" where it can."""
        files = self.context.upgrade.files
        if files is not None and files.chooses_by_release(site.path):
            return _("the file has a way for openai before 1.0, too")
        if "[" in client.spelled_class:
            return _("which class it is of is only known at run time")
        if client.form not in _FORMS:
            return _(_WRITTEN.get(client.form, _NOT_CONSTRUCTED))
        if not self.sdk.client(asynchronous=client.asynchronous):
            return _no_async(self.sdk)
        if client.layers:
            return _("`{layer}` wants the openai package's", layer=client.layers[0])
        if client.escapes:
            places = listed(f"{one.path}:{one.line} ({one.what})" for one in client.escapes)
            return _(
                "it is handed to code that wants one of the openai package: {places}", places=places
            )
        if not client.complete:
            return _("it is given a mapping that is made at run time")
        lacking = sorted(client.asked - {*_ENTERING, *self.sdk.client_members})
        if client.asked & _ENTERING and "with" not in self.sdk.client_members:
            return _(
                "it stands in a `with` statement, and a client of {sdk} cannot", sdk=self.sdk.name
            )
        if lacking:
            return _(
                "it is asked for `{lacking}`, and {sdk} has none",
                lacking=lacking[0],
                sdk=self.sdk.name,
            )
        if lost := client_methods.is_untraced(self.context, site, client):
            return _("`{lost}` is called on it where it could not be traced", lost=lost)
        for argument in client.arguments:
            if argument.name in self.sdk.numbers and not self._is_number(argument):
                return _(
                    "its `{name}` has to be a number for {sdk}",
                    name=argument.name,
                    sdk=self.sdk.name,
                )
        refused = [one.name for one in client.arguments if not self._takes(one.name)]
        return (
            _("{sdk} does not take `{refused}`", sdk=self.sdk.name, refused=refused[0])
            if refused
            else ""
        )

    def _is_number(self, argument: Argument) -> bool:
        """Whether an argument is a number, as far as the source says what it is."""
        if argument.value is not UNKNOWN:
            return isinstance(argument.value, int | float)
        return not any(_LIMITS in source.text for source in self.context.sources.values())

    def _takes(self, name: str) -> bool:
        return bool(self.sdk.argument(name)) or knowledge.is_dropped(name)

    def _spread(self) -> None:
        """What cannot be carried over holds all that hangs together with it."""
        pending = deque(sorted(self.reasons))
        self.because = dict(self.reasons)
        while pending:
            held = pending.popleft()
            for other in sorted(self.together[held]):
                if other not in self.because:
                    self.because[other] = self._cause(held)
                    pending.append(other)

    def _cause(self, held: str) -> str:
        if held not in self.reasons:
            return self.because[held]
        places = self.context.places([held])
        return f"{places}: {self.reasons[held]}" if places else self.reasons[held]

    def tell(self) -> None:
        """Say of every client that stays why it does; of a call only where it has no client."""
        told = {"sdk": self.sdk.name, "provider": self.context.provider.name}
        for site_id in self._told():
            site = self.context.by_id[site_id]
            if isinstance(site.facts, ClientFacts) and site.facts.form == _FRAMEWORK:
                continue  # that is said of its class, once
            note = item("sdk-not-carried", site, self.because[site_id], (), told)
            self.context.note(site_id, note)

    def _told(self) -> Iterator[str]:
        moved = self.context.moved_clients
        for site_id in sorted(self.because):
            alone = not (self.together[site_id] & moved)
            if site_id in moved or (site_id in self.calls and alone):
                yield site_id


def _why_not_text(facts: CallFacts) -> str:
    """Why more than the text is wanted of an answer; "" where it is not."""
    form = facts.argument("response_format")
    if form is not None and form.value == "text":
        return ""  # the answer is the text
    if facts.uses or any(read.path != _TEXT for read in facts.reads):
        return _("more than the text of its answer is read")
    return ""


def _no_async(sdk: OwnSdk) -> str:
    return _("{sdk} has no client for asyncio", sdk=sdk.name)
