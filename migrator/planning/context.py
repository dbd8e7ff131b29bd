"""What every part of the planner shares: the sites by id, the provider, what moves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from migrator.analysis.sites import (
    CallFacts,
    Certainty,
    ClientFacts,
    Destination,
    DocumentFacts,
    Facts,
    Kind,
    Literal,
    ModelFacts,
    Place,
    SettingFacts,
    Site,
    VariableFacts,
)
from migrator.decisions import ChecklistItem, NewFile, Target
from migrator.edits import Edit, EmbeddingsUtilities, Instruction
from migrator.language import apart
from migrator.planning.legacy.release import AUTO, Releases
from migrator.planning.legacy.upgrade import Upgrade
from migrator.planning.splitting import Second, Split
from migrator.planning.subclasses import Subclasses
from migrator.planning.subclasses import read as read_subclasses
from migrator.providers import ModelChoice, Provider
from migrator.sdks import SDK, OwnSdk
from migrator.source import SourceText

if TYPE_CHECKING:
    from migrator.planning.dependencies.files import DependencyFiles
    from migrator.planning.dependencies.needs import Need
    from migrator.planning.reshaping.knowledge import ToChat
    from migrator.planning.reshaping.reads import Reading
    from migrator.planning.suppressions import Suppressions

_F = TypeVar("_F", bound=Facts)
# The name of a variable of the environment, in capitals but for a line of a .env file.
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_OF_VARIABLES = "env"


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The user's choices. `model_map` maps OpenAI ids to the provider's.

    `held` are the ids of clients and calls that must stay, each with the reason: a rewriting that
    was tried and refused. `legacy` says what becomes of openai before 1.0: upgrade, keep, or auto
    (by the dependency files). `kept` are the ids of what moves and must stay with the openai
    package, each with the reason: the provider's own SDK could not take it. `docs`: documentation
    is written anew, and not listed alone. `split_variables`: what reads a variable at places of its
    own may move without the others that read it.
    """

    model_map: Mapping[str, str] = field(default_factory=dict)
    keep_env_names: bool = False
    markers: bool = True
    held: Mapping[str, str] = field(default_factory=dict)
    legacy: str = AUTO
    kept: Mapping[str, str] = field(default_factory=dict)
    docs: bool = False
    split_variables: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A note of a site about an `if`, and the statements under it."""

    site: str
    note: ChecklistItem
    body: tuple[Place, ...]


@dataclass
class Context:
    """One planning run. The sets say what moves; `edits` and `notes` collect what follows.

    `staying` are the programs that are not upgraded, as nothing of them moves (see
    legacy/unmoved.py). What moves is settled by movement.py, before anything here that asks for it
    is looked at; `told_calls` are those that move by what their clients are told at run time, if by
    no edit.

    `shapes` says of calls of other endpoints how they become chat requests (see reshaping),
    `readings` what becomes of what is read of their answers (see reshaping/reads.py),
    `efforts` what becomes of the words for how much a model reasons; `conditions` are items about
    an `if`, which end with it. `replaced` are expressions that an edit takes away, with all that
    stands in them, and `detached` says for reads of variables which clients they do not reach any
    more for that; `addresses` are OpenAI's URLs that belong to clients and requests that move;
    `expected` are the sites of those that tests answer for. `splits` are the clients that are
    written twice, by id, `seconds` those that are written beside another provider's, and
    `read_elsewhere` the variables that the code of other providers reads; `elsewhere` are the sites
    that those look after, by id, and `unparted` says of calls why they are not among them, though
    that was asked for. `unsettled` are requests that cannot move after all, with the reason;
    `sdk_clients` and `sdk_calls` are those of what moves that go by the provider's own SDK, and
    `uncarried` such as cannot after all. `utilities` say which module the functions call that are
    written into a file, by its path.
    `extras` are keys of `extra_body` by the framework's object that is to be made with them, and
    `held` what its settings are to be made with, by its path in them.
    `needs` are the packages that the new code needs (see dependencies), and `general` the items
    that belong to no site. `suppressions` are the comments and settings that take items off the
    checklist. `python` are all Python files of the repository, `locks` its lock files, `modules`
    the texts of those that an earlier run may have written, and `files` what is to be written.
    """

    sites: Sequence[Site]
    provider: Provider
    target: Target
    sources: Mapping[str, SourceText]
    options: PlanOptions
    upgrade: Upgrade = field(default_factory=Upgrade)
    staying: frozenset[str] = frozenset()
    moved_clients: set[str] = field(default_factory=set)
    moved_documents: set[str] = field(default_factory=set)
    moved_calls: set[str] = field(default_factory=set)
    told_calls: set[str] = field(default_factory=set)
    sdk_clients: set[str] = field(default_factory=set)
    sdk_calls: set[str] = field(default_factory=set)
    hindrances: dict[str, list[ChecklistItem]] = field(default_factory=dict)
    notes: defaultdict[str, list[ChecklistItem]] = field(default_factory=lambda: defaultdict(list))
    edits: defaultdict[str, list[Edit]] = field(default_factory=lambda: defaultdict(list))
    carried: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    choices: dict[str, ModelChoice] = field(default_factory=dict)
    replaced: set[Place] = field(default_factory=set)
    detached: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    addresses: set[Place] = field(default_factory=set)
    expected: set[str] = field(default_factory=set)
    efforts: dict[Literal, str] = field(default_factory=dict)
    conditions: list[Told] = field(default_factory=list)
    splits: dict[str, Split] = field(default_factory=dict)
    seconds: tuple[Second, ...] = ()
    read_elsewhere: frozenset[str] = frozenset()
    elsewhere: Mapping[str, Site] = field(default_factory=dict)
    unparted: Mapping[str, ChecklistItem] = field(default_factory=dict)
    shapes: Mapping[str, ToChat | None] | None = None
    readings: dict[str, tuple[ToChat, Reading]] = field(default_factory=dict)
    unsettled: dict[str, str] = field(default_factory=dict)
    uncarried: dict[str, str] = field(default_factory=dict)
    files: list[NewFile] = field(default_factory=list)
    extras: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    held: defaultdict[str, dict[tuple[str, ...], str]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    utilities: dict[str, EmbeddingsUtilities] = field(default_factory=dict)
    python: Collection[str] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    locks: Collection[str] = ()
    needs: list[Need] = field(default_factory=list)
    general: list[ChecklistItem] = field(default_factory=list)
    suppressions: Suppressions | None = None

    def __post_init__(self) -> None:
        self.by_id = {site.id: site for site in self.sites}
        self._words: dict[str, frozenset[str]] = {}

    @cached_property
    def dependency_files(self) -> DependencyFiles:
        """The files that declare dependencies."""
        from migrator.planning.dependencies.files import DependencyFiles  # its package imports this

        scripts = {site.path for site in self.of_kind(Kind.DEP) if site.path.endswith(".py")}
        return DependencyFiles(self.sources, scripts)

    @cached_property
    def program_folders(self) -> frozenset[str]:
        """The folders that hold a file, however deep, in which something is no configuration."""
        paths = {one.path for one in self.sites if not isinstance(one.facts, DocumentFacts)}
        return frozenset(str(folder) for path in paths for folder in PurePosixPath(path).parents)

    @cached_property
    def subclasses(self) -> Subclasses:
        """The subclasses of the client."""
        return read_subclasses(self)

    def of_kind(self, kind: Kind) -> Iterator[Site]:
        return (site for site in self.sites if site.kind is kind)

    def with_facts(self, kind: Kind, facts: type[_F]) -> Iterator[tuple[Site, _F]]:
        """The sites of a kind, each with its facts."""
        for site in self.of_kind(kind):
            if isinstance(site.facts, facts):
                yield site, site.facts

    def calls(self) -> Sequence[tuple[Site, CallFacts]]:
        """Every request, those that are sent without the openai package too.

        Among them are the clients of frameworks, for what they say in all of their requests.
        """
        return self._calls

    @cached_property
    def _calls(self) -> Sequence[tuple[Site, CallFacts]]:
        return [
            (site, facts)
            for site in self.sites
            if (facts := self.call(site.id)) is not None and site.id not in self.upgrade.counting
        ]

    @cached_property
    def by_role(self) -> Mapping[Literal, Sequence[str]]:
        """The requests that a role of a message is sent with, by where the role is written."""
        found: defaultdict[Literal, list[str]] = defaultdict(list)
        for site, facts in self.calls():
            for role in dict.fromkeys(facts.roles):
                found[role].append(site.id)
        return found

    def senders(self) -> Iterator[tuple[Site, ClientFacts, CallFacts]]:
        """What frameworks send requests by: their clients, and functions that are told it all."""
        for site in self.sites:
            match site.facts:
                case ClientFacts(sends=CallFacts() as sends) as client:
                    yield site, client, sends
                case CallFacts(aims=ClientFacts() as aims) as sends:
                    yield site, aims, sends

    def clients(self) -> Sequence[tuple[Site, ClientFacts]]:
        return self._clients

    @cached_property
    def _clients(self) -> Sequence[tuple[Site, ClientFacts]]:
        return list(self.with_facts(Kind.CLIENT, ClientFacts))

    def aimed(self) -> Iterator[tuple[Site, ClientFacts]]:
        """What says where requests go: clients, and functions that are told it all."""
        yield from self.clients()
        for site, facts in self.calls():
            if facts.aims is not None and facts.aims.destination is Destination.OPENAI:
                yield site, facts.aims

    def models(self) -> Sequence[tuple[Site, ModelFacts]]:
        """Every name of a model, those in configuration that the program loads too."""
        return self._models

    @cached_property
    def _models(self) -> Sequence[tuple[Site, ModelFacts]]:
        return [(site, site.facts) for site in self.sites if isinstance(site.facts, ModelFacts)]

    def variables(self) -> Iterator[tuple[Site, VariableFacts]]:
        """Every place that names a variable, those in configuration that is loaded too."""
        for site in self.sites:
            if isinstance(site.facts, VariableFacts):
                yield site, site.facts

    @cached_property
    def readers(self) -> Mapping[Place, tuple[str, ...]]:
        """The calls whose answers are read at each place."""
        found: defaultdict[Place, dict[str, None]] = defaultdict(dict)
        for site, facts in self.calls():
            for read in facts.reads:
                found[read.place][site.id] = None
        return {place: tuple(calls) for place, calls in found.items()}

    @cached_property
    def model_settings(self) -> Mapping[str, tuple[Site, ...]]:
        """The variables that files set to a name of a model, each with where it is set."""
        found: defaultdict[str, list[Site]] = defaultdict(list)
        for site in self.sites:
            if isinstance(site.facts, DocumentFacts) and (name := variable_set(site.facts)):
                found[name].append(site)
        return {name: tuple(sites) for name, sites in found.items()}

    @cached_property
    def model_readers(self) -> Mapping[str, tuple[tuple[Site, CallFacts], ...]]:
        """The calls whose model comes from each variable, but for those that hold nothing."""
        found: defaultdict[str, list[tuple[Site, CallFacts]]] = defaultdict(list)
        for site, facts in self.calls():
            for name in facts.model_variables if self.holds(site.id) else ():
                found[name].append((site, facts))
        return {name: tuple(calls) for name, calls in found.items()}

    @cached_property
    def askers(self) -> Mapping[Place, tuple[str, ...]]:
        """The requests, clients and settings of the module that each address is written for."""
        found: defaultdict[Place, dict[str, None]] = defaultdict(dict)
        for site in self.sites:
            literals: Iterable[Literal] = ()
            if isinstance(site.facts, CallFacts) and site.facts.http is not None:
                literals = site.facts.http.literals
            elif isinstance(site.facts, ClientFacts):
                literals = site.facts.base_url_literals
            elif isinstance(site.facts, SettingFacts) and site.facts.value.sources is not None:
                literals = site.facts.value.sources.addresses
            for one in literals:
                found[Place(one.path, one.span)][site.id] = None
        return {place: tuple(askers) for place, askers in found.items()}

    def holds(self, site_id: str) -> bool:
        """Whether what a call shares with others waits for it; not where it may go elsewhere."""
        site = self.by_id.get(site_id)
        return site is None or site.certainty is Certainty.PROVEN

    def made_at(self, site_id: str) -> ClientFacts | None:
        """What the key and the address are given to at a site, if anything."""
        site = self.by_id.get(site_id)
        match site.facts if site else None:
            case ClientFacts() as client:
                return client
            case CallFacts(aims=aims):
                return aims
        return None

    def call(self, site_id: str) -> CallFacts | None:
        """The facts of a call, and of what a framework's client sends; None for any other id."""
        site = self.by_id.get(site_id)
        match site.facts if site else None:
            case CallFacts() as facts:
                return facts
            case ClientFacts(sends=sends):
                return sends
        return None

    def places(self, site_ids: Iterable[str]) -> str:
        """Where some sites stand and what they are, for people to read."""
        sites = [self.by_id[one] for one in site_ids if one in self.by_id]
        return apart(dict.fromkeys(f"{one.path}:{one.span.line} `{one.detail}`" for one in sites))

    def words(self, path: str) -> frozenset[str]:
        """The names that a file's text uses."""
        if path not in self._words:
            self._words[path] = frozenset(re.findall(r"\w+", self.sources[path].text))
        return self._words[path]

    def hinder(self, site_id: str, hindrance: ChecklistItem) -> None:
        """A reason why a site is a person's to deal with."""
        held = self.hindrances.setdefault(site_id, [])
        if hindrance not in held:
            held.append(hindrance)

    def note(self, site_id: str, note: ChecklistItem) -> None:
        """Something a person should know of a site that is converted."""
        if note not in self.notes[site_id]:
            self.notes[site_id].append(note)

    def edit(self, edit: Edit) -> None:
        """An edit on behalf of its sites."""
        for site_id in edit.site_ids:
            if edit not in self.edits[site_id]:
                self.edits[site_id].append(edit)

    def merge(self) -> None:
        """Make one edit of those that say the same of the same place, for all their sites."""
        said: defaultdict[tuple[Place, str, Instruction], list[Edit]] = defaultdict(list)
        for edit in dict.fromkeys(one for held in self.edits.values() for one in held):
            said[edit.place, edit.codemod, edit.instruction].append(edit)
        whole: dict[Edit, Edit] = {}
        for same in said.values():
            sites = dict.fromkeys(one for edit in same for one in edit.site_ids)
            reason = apart(dict.fromkeys(edit.reason for edit in same))
            made = replace(same[0], site_ids=tuple(sites), reason=reason)
            whole |= dict.fromkeys(same, made)
        for site_id, held in self.edits.items():
            self.edits[site_id] = list(dict.fromkeys(whole[edit] for edit in held))

    def share(self, edit: Edit, site_id: str) -> None:
        """Let a site that an edit carries along count as converted by it."""
        if edit not in self.edits[site_id]:
            self.edits[site_id].append(edit)

    def convert(self, site_id: str, reason: str) -> None:
        """A site that moves without an edit of its own."""
        self.carried.setdefault(site_id, reason)

    def moves(self, site_id: str) -> bool:
        """Whether a site moves, even if nothing is written at its place."""
        return (
            site_id in self.moved_calls or site_id in self.moved_clients or site_id in self.carried
        )

    def is_settled(self, site_id: str) -> bool:
        """Whether something was decided of a model's name, or of any site but for what moves."""
        return any(
            site_id in held for held in (self.choices, self.hindrances, self.left, self.edits)
        )

    def leave(self, site_id: str, reason: str) -> None:
        """A site that stays as it is, and rightly so."""
        self.left.setdefault(site_id, reason)

    @cached_property
    def module_moves(self) -> bool:
        """Whether the openai module's own client moves."""
        return any(
            facts.module_client for site, facts in self.calls() if site.id in self.moved_calls
        )

    @cached_property
    def releases(self) -> Releases:
        """Which files stay on openai before 1.0."""
        return Releases.read(self.sites, self.options.legacy, self.staying)

    def keeps(self, path: str) -> bool:
        """Whether what a file says of openai before 1.0 stays: by its release, or as one of two."""
        files = self.upgrade.files
        both = files is not None and files.chooses_by_release(path)
        return both or self.releases.keeps(path)

    @cached_property
    def moved_settings(self) -> frozenset[str]:
        """The settings of the openai module that calls go by which move on its own client."""
        moved = [
            site.id
            for site, facts in self.calls()
            if facts.module_client and site.id in self.moved_calls
        ]
        if all(one in self.upgrade.reached for one in moved):
            return frozenset(
                setting for one in moved for setting in self.upgrade.reached.get(one, ())
            )
        return frozenset(site.id for site in self.of_kind(Kind.MODULE_CONFIG))

    @cached_property
    def settings_of_clients(self) -> frozenset[str]:
        """The settings of the openai module that no call goes by, but clients which all move.

        Those are given what the module is: `OpenAI(api_key=openai.api_key)`.
        """
        if any(
            facts.module_client or facts.legacy or site.id in self.upgrade.before
            for site, facts in self.calls()
        ):
            return frozenset()
        given: defaultdict[str, set[str]] = defaultdict(set)
        for _, variable in self.variables():
            for one in variable.reaches:
                given[one].update(variable.reaches)
        for askers in self.askers.values():
            for one in askers:
                given[one].update(askers)
        settings = {site.id for site in self.of_kind(Kind.MODULE_CONFIG)}
        return frozenset(
            one
            for one in settings
            if (clients := given[one] - settings) and clients <= self.moved_clients
        )

    @cached_property
    def upgrade_moves(self) -> bool:
        """Whether a call of openai before 1.0 moves with its upgrade."""
        return any(one in self.moved_calls for one in self.upgrade.before)

    @cached_property
    def legacy_moves(self) -> bool:
        """Whether a call of openai before 1.0 moves, with its upgrade or as it is."""
        return self.upgrade_moves or any(one in self.moved_calls for one in self.upgrade.kept)

    @cached_property
    def ended_settings(self) -> frozenset[str]:
        """The settings of the openai module that end, as clients of their own take their place."""
        from migrator.planning.legacy import settings

        return settings.ended(self)

    @cached_property
    def others_stay(self) -> bool:
        """Whether something other than a client stays on OpenAI: 0.x, a framework, raw HTTP."""
        return any(
            facts.legacy or facts.framework or facts.module_client or site.id in self.upgrade.before
            for site, facts in self.calls()
            if site.id not in self.moved_calls
        ) or any(
            site.kind is Kind.RAW_HTTP
            and site.id not in self.moved_calls
            and (place := Place(site.path, site.span)) not in self.addresses
            and place not in self._addresses_of_settings
            for site in self.sites
        )

    @cached_property
    def _addresses_of_settings(self) -> frozenset[Place]:
        """The literals that settings of the openai module which move, or end, are set to."""
        moving = self.moved_settings | self.ended_settings | self.settings_of_clients
        return frozenset(
            Place(literal.path, literal.span)
            for site, facts in self.with_facts(Kind.MODULE_CONFIG, SettingFacts)
            if site.id in moving and facts.value.sources is not None
            for literal in facts.value.sources.addresses
        )

    @cached_property
    def something_stays(self) -> bool:
        """Whether anything at all stays on OpenAI."""
        return bool(self.others_stay or self.splits) or any(
            site.id not in self.moved_clients for site, _ in self.clients()
        )

    @property
    def sdk(self) -> OwnSdk | None:
        """The provider's own SDK, where the code is to use it."""
        sdk = self.provider.sdk if self.target.mode == SDK else None
        return sdk if sdk is not None and sdk.own else None

    @property
    def region(self) -> str:
        """The id of the region that is moved to."""
        return self.provider.region(self.target.region).id

    @property
    def base_url(self) -> str:
        return self.provider.base_url(self.target.region)

    @property
    def key_variable(self) -> str:
        return "OPENAI_API_KEY" if self.options.keep_env_names else self.provider.key_variable

    @property
    def base_url_variable(self) -> str:
        return "OPENAI_BASE_URL" if self.options.keep_env_names else self.provider.base_url_variable


def within(inner: Place, outer: Place) -> bool:
    """Whether a place lies in another one."""
    return inner.path == outer.path and outer.span.holds(inner.span)


def variable_set(facts: DocumentFacts) -> str:
    """The variable that a line of a file sets to the name of a model; "" where it sets none."""
    name = facts.name.rpartition(".")[2]
    named = facts.role == "model" and _VARIABLE.fullmatch(name) is not None
    return name.upper() if named and (name.isupper() or facts.format == _OF_VARIABLES) else ""
