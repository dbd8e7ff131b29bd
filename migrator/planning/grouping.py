"""Groups: what moves as a whole, told from what the plan's sites share.

Sites are tied by a client, a key, a model's name, a variable or an edit that they have in common.
What serves everybody (an import, a package, the name of an exception) ties nothing together, and is
in a group only where it cannot go with another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from migrator.analysis import surface
from migrator.analysis.sites import (
    CallFacts,
    DocumentFacts,
    Kind,
    NameFacts,
    Place,
    Site,
    VariableRead,
)
from migrator.decisions import Bond, Convert, Decision, Group, Leave, Plan
from migrator.edits import (
    AnswerDictionary,
    Edit,
    EmbeddingBatch,
    EmbeddingsUtilities,
    Marker,
    PictureData,
    StructuredOutput,
    Transcription,
)
from migrator.language import _, joined
from migrator.planning import expectations, loaded_keys, movement
from migrator.planning import facts as knowledge
from migrator.planning.context import Context, variable_set
from migrator.planning.reshaping.knowledge import types_of
from migrator.planning.variables import Group as Variable
from migrator.planning.variables import Variables, client_reads

_MODEL = "model"
SHARED = frozenset({Kind.IMPORT, Kind.DEP, Kind.EXCEPTION, Kind.TYPE_REF})
_SHORT = 4
# They write functions into a file, which hold what the file's calls need.
_WITH_FUNCTIONS = (
    AnswerDictionary, EmbeddingBatch, EmbeddingsUtilities, PictureData, StructuredOutput,
    Transcription,
)  # fmt: skip


def groups(plan: Plan, contexts: Sequence[Context]) -> tuple[Group, ...]:
    """The groups of a plan that was made in these runs, in the order of their places."""
    moving = {
        one.site.id: one.site
        for one in plan.decisions
        if _is_changed(one) or any(context.moves(one.site.id) for context in contexts)
    }
    found = _Bound(moving)
    for context in contexts:
        for bond in _bonds(context, moving):
            found.add(bond)
    for bond in (*_of_edits(plan, moving), *_of_files(plan)):
        found.add(bond)
    return tuple(found.groups())


def goes_along(site: Site) -> bool:
    """Whether any group can take a site along."""
    return site.kind in SHARED or (
        isinstance(site.facts, DocumentFacts)
        and site.kind in {Kind.ENV_KEY, Kind.CONFIG}
        and site.facts.role != _MODEL
    )


def _is_changed(decision: Decision) -> bool:
    return isinstance(decision, Convert) or (
        not isinstance(decision, Leave)
        and any(not isinstance(edit.instruction, Marker) for edit in decision.edits)
    )


class _Bound:
    """Collects bonds, and puts together what they tie."""

    def __init__(self, moving: Mapping[str, Site]) -> None:
        self._moving = moving
        self._parents = {one: one for one in moving}
        self._bonds: dict[Bond, None] = {}

    def add(self, bond: Bond) -> None:
        members = tuple(one for one in dict.fromkeys(bond.site_ids) if one in self._moving)
        if len(members) > 1:
            self._bonds[Bond(bond.words, members)] = None
            for other in members[1:]:
                self._parents[self._root(other)] = self._root(members[0])

    def groups(self) -> Iterator[Group]:
        members: defaultdict[str, list[Site]] = defaultdict(list)
        for one, site in self._moving.items():
            members[self._root(one)].append(site)
        bonds: defaultdict[str, list[Bond]] = defaultdict(list)
        for bond in self._bonds:
            bonds[self._root(bond.site_ids[0])].append(bond)
        for root, sites in members.items():
            if len(sites) > 1 or not goes_along(sites[0]):
                yield _group(sites, bonds[root])

    def _root(self, one: str) -> str:
        while self._parents[one] != one:
            self._parents[one] = self._parents[self._parents[one]]
            one = self._parents[one]
        return one


def _group(sites: Sequence[Site], bonds: Iterable[Bond]) -> Group:
    first = min(sites, key=lambda site: (_rank(site), site.path, site.span, site.id))
    return Group(
        f"{first.path}#{first.id[:_SHORT]}",
        tuple(site.id for site in sites),
        tuple(sorted({site.path for site in sites})),
        tuple(bonds),
    )


def _rank(site: Site) -> int:
    """How well a site stands for its group: a client best, then a request."""
    if site.kind is Kind.CLIENT:
        return 0
    if isinstance(site.facts, CallFacts):
        return 1
    return 3 if isinstance(site.facts, DocumentFacts) else 2


def _bonds(context: Context, moving: Mapping[str, Site]) -> Iterator[Bond]:
    yield from movement.bonds(context)
    for one, split in context.splits.items():
        yield Bond(
            _("the client at {place}", place=_at(context.by_id[one])),
            (one, *(asked.call for asked in split.calls)),
        )
    variables = Variables(context)
    yield from _of_settings(context)
    yield from _of_variables(context, variables, moving)
    yield from _of_names(variables)
    yield from _of_models(context, moving)
    yield from _of_addresses(context)
    yield from _of_loaded_keys(context)
    yield from _of_release(context, moving)
    yield from _of_sdk(context)
    yield from _of_types(context)


def _of_settings(context: Context) -> Iterator[Bond]:
    """The settings of the openai module, with the calls that go by them."""
    settings = tuple(sorted(context.moved_settings | context.ended_settings))
    calls = tuple(
        site.id
        for site, facts in context.calls()
        if facts.module_client or site.id in context.upgrade.before
    )
    if settings and calls:
        yield Bond(_("the settings of the openai module"), (*settings, *calls))


# -- variables ------------------------------------------------------------------------------------


def _of_variables(
    context: Context, variables: Variables, moving: Mapping[str, Site]
) -> Iterator[Bond]:
    """Every variable that the repository names, with all that sets or reads it.

    One that is only read by clients by themselves ties them where its name stays.
    """
    named = dict(variables.groups)
    for read in _reads(context, moving):
        named.setdefault(read.name.upper(), Variable(read.name.upper(), ""))
    if context.options.keep_env_names:
        for name in (context.key_variable, context.base_url_variable):
            named.setdefault(name, Variable(name, ""))
    in_file: defaultdict[str, list[str]] = defaultdict(list)
    for site in moving.values():
        if site.kind is Kind.CLIENT or isinstance(site.facts, CallFacts):
            in_file[site.path].append(site.id)
    for name, variable in named.items():
        if context.options.split_variables and _is_read_apart(context, variable, in_file):
            for site, facts in variable.code:
                reached = facts.reaches or in_file[site.path]
                yield Bond(
                    _("what asks for {name} at {place}", name=name, place=_at(site)),
                    (site.id, *reached),
                )
            continue
        sites = [
            *(site.id for site, _ in variable.code),
            *(site.id for site, _ in (*variable.documents, *variable.settings)),
        ]
        yield Bond(
            _("the variable `{name}`", name=name),
            (*sites, *_readers(context, variable, moving, sites)),
        )


def _is_read_apart(
    context: Context, variable: Variable, in_file: Mapping[str, Sequence[str]]
) -> bool:
    """Whether all that moves can read another variable beside the old one, place by place.

    What asks for it and reaches nothing, as a test whether it is set, is for its own file. A file
    that is no .env file has no room for two, and a framework's function reads what it likes.
    """
    return (
        surface.variable(variable.name) is not None
        and not variable.settings
        and not any(call.framework for _, call in context.calls())
        and not context.options.keep_env_names
        and all(
            not facts.field and (facts.reaches or in_file.get(site.path))
            for site, facts in variable.code
        )
    )


def _reads(context: Context, moving: Mapping[str, Site]) -> Iterator[VariableRead]:
    """The variables that what moves is known to read."""
    for site, client in context.clients():
        if site.id in moving:
            yield from (*client.key_reads, *client.base_url_reads)
    for site, call in context.calls():
        if site.id in moving and call.http is not None:
            yield from (*call.http.key_reads, *call.http.reads)


def _readers(
    context: Context, variable: Variable, moving: Mapping[str, Site], sites: Iterable[str]
) -> Iterator[str]:
    """The clients, requests and settings that a variable's value reaches.

    What reads it by itself does not say so: that counts where it is named, or keeps its name.
    """
    named = context.options.keep_env_names or any(one in moving for one in sites)
    for _unused, facts in variable.code:
        yield from facts.reaches
    for site, client in context.clients():
        reads = (*client.key_reads, *client.base_url_reads)
        by_itself = named and client_reads(client, variable.name)
        if by_itself or _is_among(variable.name, reads):
            yield site.id
    known = surface.variable(variable.name)
    by_module = named and variable.name in knowledge.implicit_reads(azure=False)
    by_framework = named and known is not None and known.exact
    for site, call in context.calls():
        sent = call.http
        of_module = call.module_client or site.id in context.upgrade.before
        by_itself = (by_module and of_module) or (by_framework and bool(call.framework))
        reads = (*sent.key_reads, *sent.reads) if sent is not None else ()
        if by_itself or _is_among(variable.name, reads):
            yield site.id


def _is_among(name: str, reads: Iterable[VariableRead]) -> bool:
    return any(read.name.upper() == name for read in reads)


def _of_names(variables: Variables) -> Iterator[Bond]:
    """Variables that are told apart by words of their own, as one name would stand for both."""
    for names in variables.told_apart():
        alike = [variables.groups[name] for name in names]
        sites = (site.id for one in alike for site, _ in (*one.code, *one.documents))
        yield Bond(_("the names of {names}", names=joined(names)), tuple(sites))


# -- models ---------------------------------------------------------------------------------------


def _of_models(context: Context, moving: Mapping[str, Site]) -> Iterator[Bond]:
    """Names of models with the calls they reach; those that follow others, with these."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    in_file: defaultdict[str, list[str]] = defaultdict(list)
    following: set[str] = set()
    for site, facts in context.models():
        if site.id not in moving:
            continue
        alike[facts.model].append(site.id)
        asked = [*facts.reaches, *(one for test in facts.tests for one in test.asked)]
        if facts.table is not None:
            asked += facts.table.asked
        yield Bond(_("the model name at {place}", place=_at(site)), (site.id, *asked))
        in_file[site.path].append(site.id)
        if not facts.reaches:
            following |= {site.path, facts.model} if site.in_tests else {site.path}
    for model in sorted(following & alike.keys()):
        yield Bond(_("the model name {model}", model=model), tuple(alike[model]))
    for path in sorted(following & in_file.keys()):
        yield Bond(_("the model names in {path}", path=path), tuple(in_file[path]))
    for site, tokenizer in context.with_facts(Kind.TIKTOKEN, NameFacts):
        yield Bond(_("the tokenizer at {place}", place=_at(site)), (site.id, *tokenizer.models))
    yield from _of_settings_of_models(context, moving)


def _of_settings_of_models(context: Context, moving: Mapping[str, Site]) -> Iterator[Bond]:
    """Settings that name a model, with the defaults they override or the calls that read one."""
    for site in context.sites:
        if (
            isinstance(site.facts, DocumentFacts)
            and site.id in moving
            and (site.kind is Kind.MODEL or site.facts.role == _MODEL)
        ):
            name = variable_set(site.facts) or site.facts.name.rpartition(".")[2]
            reading = [call.id for call, _ in context.model_readers.get(name, ())]
            reading += (
                one.id
                for one, facts in context.models()
                if facts.variable == name or _names(context, one, name)
            )
            if not reading:
                reading = [one.id for one, facts in context.calls() if not facts.model_known]
            yield Bond(_("the setting {name}", name=name), (site.id, *reading))


def _names(context: Context, site: Site, name: str) -> bool:
    """Whether the line of a site says a name."""
    source = context.sources.get(site.path)
    return source is not None and name in source.line(site.span.line)


# -- the rest -------------------------------------------------------------------------------------


def _of_addresses(context: Context) -> Iterator[Bond]:
    """Addresses with what is written for them, and with what they answer for in tests."""
    for site, facts in context.with_facts(Kind.RAW_HTTP, NameFacts):
        asked = [*context.askers.get(Place(site.path, site.span), ())]
        asked += (one.id for one, call in context.calls() if _is_sent_at(call, site))
        if site.id in context.expected:
            asked += expectations.asking(context, facts)
        yield Bond(_("the address at {place}", place=_at(site)), (site.id, *asked))


def _is_sent_at(call: CallFacts, site: Site) -> bool:
    """Whether it is a site's code that sends a request."""
    return call.http is not None and call.http.sent_at == Place(site.path, site.span)


def _of_loaded_keys(context: Context) -> Iterator[Bond]:
    """Keys in files that the program loads, with all that is given them."""
    for literal, told in loaded_keys.settings(context).items():
        site = loaded_keys.document_site(context, literal)
        own = (site.id,) if site is not None else ()
        words = _("the setting at {place}", place=f"{literal.path}:{literal.span.line}")
        yield Bond(words, (*own, *(one.id for one in told)))


def _of_release(context: Context, moving: Mapping[str, Site]) -> Iterator[Bond]:
    """What is upgraded from openai before 1.0: there is one release for all of it."""
    if context.upgrade_moves:
        named = (one.id for one in moving.values() if one.kind in {*SHARED, Kind.MODULE_CONFIG})
        yield Bond(_("the release of the openai package"), (*context.upgrade.before, *named))


def _of_sdk(context: Context) -> Iterator[Bond]:
    """The names of types and errors, which are the SDK's once all that goes by it is."""
    named = [site.id for kind in (Kind.EXCEPTION, Kind.TYPE_REF) for site in context.of_kind(kind)]
    if context.sdk is None:
        return
    in_file: defaultdict[str, list[str]] = defaultdict(list)
    for site, _unused in context.clients():
        in_file[site.path].append(site.id)
    for path, clients in in_file.items():
        yield Bond(_("the imports of {path}", path=path), tuple(clients))
    if named:
        sites = (*context.moved_clients, *context.moved_calls, *named)
        yield Bond(_("the types and errors of {sdk}", sdk=context.sdk.name), tuple(sorted(sites)))


def _of_types(context: Context) -> Iterator[Bond]:
    """Types of answers, which are others once all calls that give such ones are."""
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        if (types := types_of(facts.name)) is not None:
            calls = (one.id for one, call in context.calls() if call.api in types.apis)
            yield Bond(_("the type at {place}", place=_at(site)), (site.id, *calls))


def _of_files(plan: Plan) -> Iterator[Bond]:
    """Modules and functions that are written beside the code, for all that calls them."""
    for file in plan.files:
        yield Bond(_("the module {path} that is written for them", path=file.path), file.site_ids)
    edited: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for edit in plan.edits:
        edited[edit.path] |= dict.fromkeys(edit.site_ids)
    for path in sorted({e.path for e in plan.edits if isinstance(e.instruction, _WITH_FUNCTIONS)}):
        yield Bond(_("the functions that are written into {path}", path=path), tuple(edited[path]))


def _of_edits(plan: Plan, moving: Mapping[str, Site]) -> Iterator[Bond]:
    """What is rewritten for several sites at once."""
    holders: defaultdict[Edit, list[str]] = defaultdict(list)
    for decision in plan.decisions:
        if decision.site.id not in moving or goes_along(decision.site):
            continue
        for edit in decision.edits if not isinstance(decision, Leave) else ():
            if not isinstance(edit.instruction, Marker):
                holders[edit].append(decision.site.id)
    for edit, sites in holders.items():
        yield Bond(
            _("what is written at {path}:{line}", path=edit.path, line=edit.span.line), tuple(sites)
        )


def _at(site: Site) -> str:
    return f"{site.path}:{site.span.line}"
