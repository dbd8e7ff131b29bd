"""Environment variables: who reads each, which of its readers move, what it is called then."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from migrator.analysis import surface
from migrator.analysis.sites import (
    Certainty,
    ClientFacts,
    DocumentFacts,
    Kind,
    SettingFacts,
    Site,
    VariableFacts,
    VariableRead,
)
from migrator.edits import (
    KEY_HERE,
    ClientBeside,
    ClientConstruction,
    FrameworkConstruction,
    FrameworkModel,
    FrameworkStatements,
    Instruction,
)
from migrator.language import _
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.context import Context

KEY = "api_key"
BASE_URL = "base_url"
MOVING = frozenset({KEY, BASE_URL})
# The settings of the openai module, in each of its releases, that hold its address.
MODULE_ADDRESSES = frozenset({"base_url", "api_base"})
# What is done to a variable by its whole name, and to nothing else that is called so.
_LOOKED_UP = frozenset({"test", "write", "delete"})
_READS = frozenset({"read", "required_read"})
ITEM = "item"
# What is named there is a field or an item of something that is not the environment, or may not be.
_OF_OTHERS = frozenset({"attribute", ITEM})
_IMPLICIT = "OPENAI_API_KEY"
_OF_ENV = Kind.ENV_KEY
_UPPER_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_UPPER_WORD = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


@dataclass
class Group:
    """All sites of one variable: in the code, in .env files (`documents`) and in other files."""

    name: str
    meaning: str
    code: list[tuple[Site, VariableFacts]] = field(default_factory=list)
    documents: list[tuple[Site, DocumentFacts]] = field(default_factory=list)
    settings: list[tuple[Site, DocumentFacts]] = field(default_factory=list)


@dataclass
class Variables:
    """The variables of a repository, once it is known what moves."""

    context: Context
    groups: dict[str, Group] = field(default_factory=dict)
    _used: dict[str, bool] = field(default_factory=dict)
    _needed: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for site in self.context.sites:
            match site.facts:
                case VariableFacts(variable=str(name), meaning=meaning) as facts if name:
                    self._group(name, meaning).code.append((site, facts))
                case DocumentFacts(format="env", name=name) as document if site.kind is _OF_ENV:
                    meaning = dict(document.extra).get("meaning", document.role)
                    self._group(name, meaning).documents.append((site, document))
                case DocumentFacts() as document if site.kind in {Kind.CONFIG, _OF_ENV}:
                    if name := _set_or_read(document):
                        meaning = dict(document.extra).get("meaning", document.role)
                        self._group(name, meaning).settings.append((site, document))

    def _group(self, name: str, meaning: str) -> Group:
        group = self.groups.setdefault(name.upper(), Group(name.upper(), meaning))
        if group.meaning in {"other", "key"}:
            group.meaning = KEY if meaning == "key" else meaning
        return group

    # -- who reads it ---------------------------------------------------------------------------

    def used(self, name: str) -> bool:
        """Whether something that moves reads the variable, by name or by itself."""
        if name.upper() not in self._used:
            self._used[name.upper()] = self._is_used(name)
        return self._used[name.upper()]

    def _is_used(self, name: str) -> bool:
        group = self.groups.get(name.upper())
        return group is not None and (
            any(self.moved(one) for _, facts in group.code for one in facts.reaches)
            or any(
                client_reads(client, group.name) or _is_told_by(client, group.name)
                for site, client in self.context.aimed()
                if self.moved(site.id)
            )
            or any(_is_read_by(one, group.name) for one in self._apart(group.name))
            or (self._is_read_unsaid and group.name in knowledge.implicit_reads(azure=False))
            or (self.context.legacy_moves and group.name in knowledge.read_before_1_0())
        )

    @property
    def _is_read_unsaid(self) -> bool:
        """Whether the openai module, or a framework by its own file, reads what no code names."""
        return self._module_reads or bool(self.context.moved_documents)

    def _apart(self, name: str) -> Iterable[ClientFacts]:
        """The clients that get their own variable, where other providers' read this one."""
        yield from (one.facts for one in self.context.seconds)
        if name in self.context.read_elsewhere:
            for site, client in self.context.clients():
                if site.id in self.context.moved_clients:
                    yield client

    @property
    def _module_reads(self) -> bool:
        """Whether calls that move were made on the module, which reads variables by itself."""
        return self.context.module_moves or self.context.upgrade_moves

    def read(self) -> frozenset[str]:
        """The variables that what moves, or what stays on OpenAI, goes on reading."""
        return self.all_needed() | frozenset(filter(self.used, self.groups))

    def all_needed(self) -> frozenset[str]:
        """The variables that what stays on OpenAI goes on reading."""
        return frozenset(filter(self.needed, self.groups))

    def needed(self, name: str) -> bool:
        """Whether what stays on OpenAI, or goes elsewhere, reads the variable, if by itself."""
        if name.upper() not in self._needed:
            self._needed[name.upper()] = self._is_needed(name)
        return self._needed[name.upper()]

    def _is_needed(self, name: str) -> bool:
        group = self.groups.get(name.upper()) or Group(name.upper(), "")
        if group.name in self.context.read_elsewhere:
            return True
        for site, facts in group.code:
            stays = facts.abroad or any(self._stays(one) for one in facts.reaches)
            if stays or self._is_elsewhere(facts):
                return True
            untraced = facts.access in _READS | {ITEM} and not facts.reaches and not facts.field
            sure = site.certainty is Certainty.PROVEN and self.context.something_stays
            if untraced and sure and not self._is_question(site, facts):
                return True
        for site, client in self.context.aimed():
            if self._stays(site.id) and client_reads(client, group.name):
                return True
        exact = surface.variable(group.name)
        return bool(exact and exact.exact and self.context.others_stay)

    def _is_question(self, site: Site, facts: VariableFacts) -> bool:
        """Whether the program asks at a site for no more than whether the variable is set."""
        source = self.context.sources.get(site.path)
        return (
            facts.access in _READS
            and not facts.reaches
            and source is not None
            and syntax.is_asked_whether_set(source, site.span)
        )

    def is_divided(self, facts: VariableFacts) -> bool:
        """Whether all that a read reaches moves, to several providers."""
        elsewhere = self.context.elsewhere.keys() & set(facts.reaches)
        return bool(elsewhere) and all(map(self.moved, set(facts.reaches) - elsewhere))

    def is_moved_already(self, facts: VariableFacts) -> bool:
        """Whether clients that go to the provider already are all that is given it."""
        return bool(facts.foreign) and not (facts.reaches or self._is_elsewhere(facts))

    def _is_elsewhere(self, facts: VariableFacts) -> bool:
        """Whether a client is given it that goes elsewhere, and not to the provider already.

        Nothing but its address tells such a one where the variables keep their names.
        """
        already = (
            {self.context.base_url.rstrip("/")} if self.context.options.keep_env_names else set()
        )
        return not {one.rstrip("/") for one in facts.foreign} <= already

    def _stays(self, reached: str) -> bool:
        """Whether what a variable's value reaches stays on OpenAI, or has a second that does."""
        return not self.moved(reached) or reached in self.context.splits

    def moved(self, reached: str) -> bool:
        """Whether the client, request or setting that a variable's value reaches moves."""
        site = self.context.by_id.get(reached)
        if site is not None and site.kind is Kind.MODULE_CONFIG:
            context = self.context
            settings = context.moved_settings | context.ended_settings | context.settings_of_clients
            return reached in settings
        return reached in self.context.moved_clients or reached in self.context.moved_calls

    # -- what becomes of it ---------------------------------------------------------------------

    def meant(self, meaning: str) -> str:
        """What a variable is to be set to, in words."""
        if meaning == KEY:
            return _("a key of {provider}", provider=self.context.provider.name)
        return f"`{self.context.base_url}`"

    def new_name(self, name: str, meaning: str = "") -> str:
        """What a variable is called after the move; a user's own qualifiers stay in its name."""
        group = self.groups.get(name.upper())
        meaning = group.meaning if group is not None else meaning
        if self.context.options.keep_env_names and not self.needed(name):
            return name.upper()
        return self._renamed(name.upper(), meaning)

    def _renamed(self, name: str, meaning: str) -> str:
        """The provider's own name; with the user's words where it would stand for two variables."""
        provider = self.context.provider
        owners = [word for word in knowledge.owner_words() if word in name]
        if not owners:
            return name
        words = knowledge.qualifiers(name)
        alone = not words or self._kinds[meaning] == {words}
        if meaning in MOVING and alone and not knowledge.holds_no_single_value(name):
            return provider.key_variable if meaning == KEY else provider.base_url_variable
        return name.replace(owners[0], provider.variable_prefix, 1)

    @cached_property
    def _kinds(self) -> Mapping[str, set[tuple[str, ...]]]:
        """The variables of what moves by what they mean, as far as their names tell them apart."""
        found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for group in self.groups.values():
            if self.used(group.name) and surface.variable(group.name) is not None:
                found[group.meaning].add(knowledge.qualifiers(group.name))
        for site, client in self.context.clients():
            if site.id in self.context.moved_clients and client_reads(client, _IMPLICIT):
                found[KEY].add(())
        return found

    def told_apart(self) -> list[list[str]]:
        """The variables that keep words of their own, as one name would stand for several."""
        return [
            [
                group.name
                for group in self.groups.values()
                if group.meaning == meaning and self.used(group.name)
            ]
            for meaning, kinds in self._kinds.items()
            if len(kinds) > 1
        ]

    def renamed(self) -> dict[str, str]:
        """The variables of which all that read them read another now, with its name."""
        names = {name: self.new_name(name) for name in self.groups if self._is_renamed(name)}
        for site, client in self.context.aimed():
            reads = knowledge.implicit_reads(azure=client.azure)
            for name in reads if self.moved(site.id) else ():
                free = name not in self.groups and not self.needed(name)
                if free and self.meaning(name) in MOVING and client_reads(client, name):
                    is_key = self.meaning(name) == KEY
                    names[name] = self.key_of(client) if is_key else self.base_url_variable
        return {old: new for old, new in names.items() if old != new}

    def shared(self) -> dict[str, str]:
        """The variables that some of what moves read, and others go on reading, with its name."""
        return {
            name: self.own_name(group.meaning)
            for name, group in self.groups.items()
            if surface.variable(name) is not None
            and group.meaning in MOVING
            and self.used(name)
            and self.needed(name)
        }

    def _is_renamed(self, name: str) -> bool:
        mine = surface.variable(name) is not None and self.groups[name].meaning in MOVING
        return mine and self.used(name) and not self.needed(name) and self.renamable(name)

    def meaning(self, name: str) -> str:
        """What a variable means, by what the code says of it or by its name."""
        group, known = self.groups.get(name.upper()), surface.variable(name)
        return group.meaning if group is not None else known.meaning if known is not None else ""

    def renamable(self, name: str) -> bool:
        """Whether the variable can have its new name: nobody else's, every field can follow."""
        group = self.groups[name.upper()]
        new = self.new_name(name)
        own = {self.context.provider.key_variable, self.context.provider.base_url_variable}
        return new not in self._words - own - {group.name} and all(
            facts.renamable and facts.name.value.upper() == group.name
            for _, facts in group.code
            if facts.field or facts.paired
        )

    @cached_property
    def _words(self) -> set[str]:
        """Every name of upper case that the repository's texts use."""
        texts = (source.text for source in self.context.sources.values())
        return set().union(*map(_upper_words, texts))

    def keys_read(self, written: Iterable[Instruction]) -> list[str]:
        """The variables that hold the key once the edits are made."""
        own = self.key_variable
        found: dict[str, None] = {}
        for instruction in map(_settings, written):
            keys = (one for one in self.key_variables if _reads_key(instruction, one))
            found |= dict.fromkeys(keys)
        for group in self.groups.values():
            if group.meaning == KEY and self.used(group.name):
                renamed = self.new_name(group.name) if self.renamable(group.name) else group.name
                found[own if self.needed(group.name) else renamed] = None
        for site, client in self.context.clients():
            if site.id in self.context.moved_clients:
                neutral = (read.name for read in client.key_reads if not is_named(read))
                found |= dict.fromkeys(neutral)
        return list(found)

    def own_name(self, meaning: str) -> str:
        """The variable that a client reads whose own reading cannot be renamed."""
        return self.key_variable if meaning == KEY else self.base_url_variable

    def key_of(self, client: ClientFacts) -> str:
        """The variable that the key of a client is read from, where that is written now."""
        kept = self._kept_by_azure if client.azure else ""
        return kept if kept and client_reads(client, kept) else self.key_variable

    @property
    def _kept_by_azure(self) -> str:
        """The variable that Azure's clients find their key in, if it keeps its name; else ""."""
        reads = knowledge.implicit_reads(azure=True)
        name = next(one for one in reads if self.meaning(one) == KEY)
        kept = self.context.options.keep_env_names and not self.needed(name)
        return name if kept else ""

    @property
    def key_variables(self) -> tuple[str, ...]:
        """The variables that the key is read from, where that is written now."""
        return tuple(filter(None, (self.key_variable, self._kept_by_azure)))

    @property
    def key_variable(self) -> str:
        return self._of_provider("OPENAI_API_KEY", self.context.provider.key_variable)

    @property
    def base_url_variable(self) -> str:
        return self._of_provider("OPENAI_BASE_URL", self.context.provider.base_url_variable)

    def address_variable(self, settings: Collection[str]) -> str:
        """The variable that an address is read from, in the place of the openai module's settings.

        Where variables keep their names it is the one that these settings read themselves.
        """
        read = (
            one.name
            for site, facts in self.context.with_facts(Kind.MODULE_CONFIG, SettingFacts)
            if site.id in settings and facts.name in MODULE_ADDRESSES and facts.value.sources
            for one in facts.value.sources.reads
            if is_named(one)
        )
        old = next(read, "OPENAI_BASE_URL")
        return self._of_provider(old, self.context.provider.base_url_variable)

    def _of_provider(self, old: str, new: str) -> str:
        """The provider's own variable, or OpenAI's where that means the provider's from now on."""
        asked = self.context.options.keep_env_names
        kept = asked or (old in self.groups and self.used(old) and not self.renamable(old))
        return old if kept and not self.needed(old) else new

    def unnamed(self, reads: Iterable[VariableRead]) -> list[str]:
        """The variables among these that do not name OpenAI, and so keep their names."""
        return [read.name for read in reads if not is_named(read)]

    def is_followed(self, read: VariableRead) -> bool:
        """Whether what a client reads is renamed where it is read (by itself, or as a field)."""
        group = self.groups.get(read.name.upper())
        fields = [site.id for site, facts in group.code if facts.field] if group else []
        return any(self.follows(one) for one in ([read.site] if read.site else fields))

    def is_for_others(self, read: VariableRead) -> bool:
        """Whether a variable keeps its name and its value for what stays on OpenAI."""
        return not self.is_followed(read) and self.needed(read.name)

    def follows(self, site_id: str) -> bool:
        """Whether the read at a site is renamed in place, for all that it reaches."""
        site = self.context.by_id.get(site_id)
        if site is None or not isinstance(site.facts, VariableFacts):
            return False
        facts, name = site.facts, site.facts.variable
        if facts.access in _OF_OTHERS or not _is_sure(site, facts):
            return False
        if not self.used(name) or not self.renamable(name):
            return False
        if self._is_question(site, facts) and (beside := self._read_beside(site, name)):
            return all(map(self.follows, beside))
        if facts.field or facts.paired or not facts.reaches:
            return not self.needed(name)
        return not (self._is_elsewhere(facts) or any(self._stays(one) for one in facts.reaches))

    def _read_beside(self, site: Site, name: str) -> list[str]:
        """The sites of the same file whose read of the variable reaches something."""
        code = self.groups[name.upper()].code
        return [one.id for one, facts in code if one.path == site.path and facts.reaches]


def _set_or_read(facts: DocumentFacts) -> str:
    """The variable that a line of a file names, by its own name or in its value; "" for none."""
    if facts.role not in {"key", "base_url", "organization", "other"}:
        return ""
    return facts.name if _UPPER_NAME.fullmatch(facts.name) else dict(facts.extra).get("refers", "")


def requires_key(written: Instruction, variable: str) -> bool:
    """Whether what is written raises an error where the variable of the key is not set."""
    match settings := _settings(written):
        case ClientConstruction(first=first) if KEY in first:
            return False
    return _reads_key(settings, variable)


def _settings(written: Instruction) -> Instruction:
    """The instruction that names the variables."""
    return written.settings if isinstance(written, ClientBeside) else written


def _reads_key(written: Instruction, variable: str) -> bool:
    """Whether what is written reads the key from a variable."""
    match written:
        case FrameworkConstruction(settings=settings, reads=reads):
            sources = [source for _, source in settings]
        case FrameworkModel(source=source, reads=reads):
            sources = [source]
        case FrameworkStatements(sources=told, reads=reads):
            sources = list(told)
        case _:
            names = ("key_variable", "variable")
            return variable in {getattr(written, name, None) for name in names}
    here = reads.key_variable == variable
    return any(variable in one or (here and KEY_HERE in one) for one in sources)


@lru_cache(maxsize=4096)
def _upper_words(text: str) -> frozenset[str]:
    return frozenset(_UPPER_WORD.findall(text))


def _is_sure(site: Site, facts: VariableFacts) -> bool:
    """Whether a literal names the variable: it is read by it, or it is looked up or set as such."""
    named = facts.access in _LOOKED_UP and facts.name.value == facts.variable.upper()
    return site.certainty is Certainty.PROVEN or named


def client_reads(client: ClientFacts, variable: str) -> bool:
    """Whether a client looks a variable up by itself, as the argument for it is not given."""
    arguments = knowledge.implicit_reads(azure=client.azure).get(variable)
    given = {
        argument.name
        for argument in client.arguments
        if argument.sources is None or not argument.sources.empty
    }
    return arguments is not None and not given & set(arguments)


def is_named(read: VariableRead) -> bool:
    """Whether a variable's name says that it is OpenAI's."""
    return surface.variable(read.name) is not None


def _is_read_by(client: ClientFacts, variable: str) -> bool:
    """Whether a client gets its key or its address from a variable, by name or by itself."""
    reads = (*client.key_reads, *client.base_url_reads)
    return client_reads(client, variable) or any(read.name.upper() == variable for read in reads)


def _is_told_by(client: ClientFacts, variable: str) -> bool:
    """Whether a client gets its key or its address from a variable of a neutral name."""
    reads = (*client.key_reads, *client.base_url_reads)
    return any(read.name.upper() == variable and not is_named(read) for read in reads)
