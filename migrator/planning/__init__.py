"""Site x Provider -> Decision: every site gets exactly one, with its reason and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from migrator.analysis.sites import Kind, Site, Unreadable
from migrator.decisions import (
    Checklist,
    ChecklistItem,
    Convert,
    Decision,
    Leave,
    Plan,
    Source,
    Target,
)
from migrator.edits import Edit
from migrator.language import _, apart, counted, few, joined, listed
from migrator.planning import (
    answer_types,
    batches,
    chat,
    clients,
    completions,
    dependencies,
    documentation,
    documents,
    efforts,
    embeddings,
    environment,
    expectations,
    grouping,
    images,
    joining,
    markers,
    missing_keys,
    models,
    module_client,
    movement,
    name_tests,
    names,
    native,
    parting,
    raw_http,
    responses,
    results,
    sounds,
    splitting,
    tokenizers,
    transcriptions,
)
from migrator.planning.context import Context, PlanOptions
from migrator.planning.frameworks import clients as framework_clients
from migrator.planning.frameworks import documents as framework_documents
from migrator.planning.frameworks import own, recipe_for
from migrator.planning.legacy import answers as legacy_answers
from migrator.planning.legacy import calls as legacy_calls
from migrator.planning.legacy import classes as legacy_classes
from migrator.planning.legacy import fakes as legacy_fakes
from migrator.planning.legacy import names as legacy_names
from migrator.planning.legacy import settings as legacy_settings
from migrator.planning.legacy.release import Releases
from migrator.planning.legacy.stranded import stranded
from migrator.planning.legacy.unmoved import unmoved_programs
from migrator.planning.legacy.upgrade import read as read_upgrade
from migrator.planning.messages import general, item
from migrator.planning.sdk import answers as sdk_answers
from migrator.planning.sdk import calls as sdk_calls
from migrator.planning.sdk import client_methods as sdk_client_methods
from migrator.planning.sdk import dependencies as sdk_dependencies
from migrator.planning.sdk import errors as sdk_errors
from migrator.planning.sdk import exceptions as sdk_exceptions
from migrator.planning.sdk import imports as sdk_imports
from migrator.planning.sdk import movement as sdk_movement
from migrator.planning.sdk import names as sdk_names
from migrator.planning.sdk import streams as sdk_streams
from migrator.planning.suppressions import Suppressions
from migrator.planning.variables import Variables
from migrator.providers import Provider
from migrator.source import SourceText

__all__ = ["PlanOptions", "plan"]

_DATA_SHOWN = 5


def plan(
    sites: Sequence[Site],
    provider: Provider,
    *,
    target: Target,
    sources: Mapping[str, SourceText],
    options: PlanOptions | None = None,
    unreadable: Sequence[Unreadable] = (),
    python: Collection[str] = (),
    modules: Mapping[str, str] | None = None,
    data: Sequence[str] = (),
    supplements: Mapping[str, Provider] | None = None,
    locks: Collection[str] = (),
    prose: Mapping[str, SourceText] | None = None,
    suppressions: Suppressions | None = None,
) -> Plan:
    """Decide what becomes of every site.

    `sources` are the texts of the files the sites stand in, by path; `unreadable` are files that
    mention OpenAI and could not be analysed, `data` such files that hold records. `python` are the
    paths of all Python files, `modules` the texts of those that an earlier run may have written.
    `supplements` are other providers, by the capability that each serves (see capabilities.py).
    `locks` are the paths of lock files.
    `prose` are the texts of the documents that may speak of OpenAI, by path; without it nothing is
    said of documentation and comments. `suppressions` are comments and settings about the
    checklist: what one takes off has no marker.
    """
    wishes = options or PlanOptions()
    while True:
        contexts = _contexts(sites, provider, target, sources, wishes, supplements or {})
        for context in contexts:
            context.python, context.modules, context.locks = python, modules or {}, locks
            context.suppressions = suppressions
        first, *others = contexts
        shares = [_planned(one, (), (), declares=False) for one in others]
        # The dependency files are the first one's: what the others need goes there with its own.
        first.needs = [need for one in others for need in one.needs]
        plans = [_planned(first, unreadable, data), *shares]
        unsettled = {call: why for one in contexts for call, why in one.unsettled.items()}
        uncarried = {call: why for one in contexts for call, why in one.uncarried.items()}
        if not unsettled and not uncarried:
            whole = joining.joined(sites, plans) if others else plans[0]
            whole = replace(whole, groups=grouping.groups(whole, contexts))
            if prose is None:
                return whole
            told = documentation.decide(first, whole.edits, prose)
            return replace(
                whole,
                extra_items=(*whole.extra_items, *told.items),
                documentation=tuple(told.edits),
            )
        # What cannot move after all holds what it shares: all is planned again without it.
        wishes = replace(
            wishes, held={**wishes.held, **unsettled}, kept={**wishes.kept, **uncarried}
        )


def _contexts(
    sites: Sequence[Site],
    provider: Provider,
    target: Target,
    sources: Mapping[str, SourceText],
    wishes: PlanOptions,
    supplements: Mapping[str, Provider],
) -> list[Context]:
    """The settled run of the provider, and one for each other that takes a capability.

    What asks a client of the provider's, and cannot ask another after all, is its own again, with
    the reason.
    """
    back: dict[str, ChecklistItem] = {}
    while supplements:
        whole = _context(sites, provider, target, sources, wishes, dict(wishes.held))
        division = parting.divide(whole, supplements, back)
        others = [_settled_share(one, sources, wishes) for one in division.shares if one.calls]
        stays = {
            asked.call: context.hindrances[asked.call][0]
            for context in others
            for second in context.seconds
            for asked in second.split.calls
            if asked.call in context.hindrances
        }
        if not stays:
            elsewhere = {site.id: site for one in others for site in one.sites}
            first = _settled(
                division.sites, provider, target, sources, wishes, elsewhere, division.unparted
            )
            return _read_apart([first, *others])
        back |= stays
    return [_settled(sites, provider, target, sources, wishes)]


def _settled_share(
    share: parting.Share, sources: Mapping[str, SourceText], wishes: PlanOptions
) -> Context:
    """The run of another provider. Its variables have names of their own: there are two keys."""
    own = replace(wishes, keep_env_names=False)
    context = _settled(share.sites, share.provider, Target(share.provider.id), sources, own)
    context.seconds = share.seconds
    return context


def _read_apart(contexts: list[Context]) -> list[Context]:
    """Let each run know which variables those before it go on reading.

    The first knows which of them the others still need for what stays on OpenAI.
    """
    first, *others = contexts
    first.read_elsewhere = frozenset().union(*(Variables(one).all_needed() for one in others))
    read = Variables(first).read()
    for context in others:
        context.read_elsewhere = read
        read |= Variables(context).read()
    return contexts


def _context(
    sites: Sequence[Site],
    provider: Provider,
    target: Target,
    sources: Mapping[str, SourceText],
    wishes: PlanOptions,
    held: Mapping[str, str],
    staying: frozenset[str] = frozenset(),
) -> Context:
    """A run of the planner in which nothing is decided yet."""
    releases = Releases.read(sites, wishes.legacy, staying)
    upgrade = read_upgrade(sites, sources, held, releases.keeps)
    return Context(upgrade.sites, provider, target, sources, wishes, upgrade, staying)


def _settled(
    sites: Sequence[Site],
    provider: Provider,
    target: Target,
    sources: Mapping[str, SourceText],
    wishes: PlanOptions,
    elsewhere: Mapping[str, Site] = MappingProxyType({}),
    unparted: Mapping[str, ChecklistItem] = MappingProxyType({}),
) -> Context:
    """The run of the planner once it is settled what moves."""
    held = dict(wishes.held)
    staying: frozenset[str] = frozenset()
    while True:
        context = _context(sites, provider, target, sources, wishes, held, staying)
        context.elsewhere, context.unparted = elsewhere, unparted
        movement.decide(context)
        unmoved = unmoved_programs(context)
        if unmoved:
            staying |= unmoved
            held |= context.upgrade.refused
            continue
        left = stranded(context)
        if not left:
            return context
        held |= left


def _planned(
    context: Context,
    unreadable: Sequence[Unreadable],
    data: Sequence[str],
    *,
    declares: bool = True,
) -> Plan:
    """Decide on every site of a settled run, and in one that `declares` on what is installed."""
    sdk_movement.decide(context)
    variables = Variables(context)
    framework_documents.decide(context)
    models.decide(context)
    efforts.decide(context)
    chat.decide(context)
    completions.decide(context)
    responses.decide(context)
    answer_types.decide(context)
    embeddings.decide(context)
    raw_http.decide(context, variables)
    images.decide(context)
    transcriptions.decide(context)
    sounds.decide(context)
    native.decide(context)
    batches.decide(context)
    sdk_client_methods.decide(context)
    sdk_calls.decide(context)
    sdk_answers.decide(context)
    sdk_streams.decide(context)
    clients.decide(context, variables)
    framework_clients.decide(context, variables)
    own.tell(context)
    splitting.decide(context)
    splitting.decide_parted(context, variables)
    legacy_calls.decide(context, variables)
    legacy_answers.decide(context)
    legacy_classes.decide(context)
    legacy_settings.decide(context, variables)
    module_client.decide(context, variables)
    environment.decide(context, variables)
    expectations.decide(context, variables)
    documents.decide(context, variables)
    legacy_fakes.decide(context)
    legacy_names.decide(context, variables)
    names.decide(context)
    tokenizers.decide(context)
    results.decide(context)
    sdk_imports.decide(context)
    sdk_exceptions.decide(context)
    missing_keys.decide(context, variables)
    sdk_errors.decide(context)
    sdk_names.decide(context)
    sdk_dependencies.decide(context)
    if declares:
        dependencies.decide(context)
    name_tests.forget_gone(context)
    if context.options.markers:
        markers.mark(context)
        markers.mark_utilities(context)
    context.merge()
    decisions = tuple(_decision(context, site) for site in context.sites)
    items = (
        *_general_items(context, variables, unreadable),
        *_data_item(data),
        *context.general,
    )
    return Plan(context.target, decisions, items, tuple(context.files), context.choices)


def _decision(context: Context, site: Site) -> Decision:
    """One decision: what hinders goes before what was planned, and that before what is left."""
    hindrances = context.hindrances.get(site.id)
    edits = tuple(context.edits.get(site.id, ()))
    notes = tuple(context.notes.get(site.id, ()))
    if hindrances:
        return Checklist(site, (*hindrances, *notes), edits)
    if edits or (context.moves(site.id) and site.id not in context.told_calls):
        return Convert(site, edits, _reason(context, site, edits), _sources(context, site), notes)
    if notes:
        return Checklist(site, notes)
    if site.id in context.left:
        return Leave(site, context.left[site.id])
    why = _("nothing was planned for a place of this kind")
    return Checklist(site, (item("name-untraced", site, why, name=site.detail),))


def _reason(context: Context, site: Site, edits: tuple[Edit, ...]) -> str:
    reasons = dict.fromkeys(edit.reason for edit in edits if edit.reason)
    if reasons:
        return apart(reasons)
    return context.carried.get(
        site.id, _("{provider} serves it as it is written", provider=context.provider.name)
    )


def _sources(context: Context, site: Site) -> tuple[Source, ...]:
    choice = context.choices.get(site.id)
    if choice is not None:
        return choice.sources
    facts = context.call(site.id)
    if facts is not None and (facts.sender or not facts.framework):
        known = recipe_for(context, facts.sender)
        told = known.sources if known is not None else ()
        return (*told, *context.provider.endpoint(facts.api).sources)
    if site.kind in {Kind.CLIENT, Kind.ENV_KEY, Kind.MODULE_CONFIG}:
        return context.provider.key.sources
    return ()


def _what_to_do_with_the_key(context: Context, variables: Variables) -> str:
    written = (edit.instruction for held in context.edits.values() for edit in held)
    names = variables.keys_read(written) or [variables.key_variable] * bool(context.moved_documents)
    if not names:
        return _("hand it in where the program is given its key")
    return _("set {names}", names=joined(f"`{name}`" for name in names))


def _general_items(
    context: Context, variables: Variables, unreadable: Sequence[Unreadable]
) -> list[ChecklistItem]:
    found = []
    provider = context.provider
    if context.moved_clients or context.moved_documents or context.moved_calls - context.told_calls:
        key = provider.key
        details = {
            "provider": provider.name,
            "page": provider.key_page,
            "then": _what_to_do_with_the_key(context, variables),
        }
        found.append(general("get-a-key", "", 0, key.detail, key.sources, **details))
        region = provider.region(context.target.region)
        if region.needs_workspace:
            own = context.sdk.workspace_variable if context.sdk is not None else ""
            variable = own or variables.base_url_variable
            told = general("workspace-id", "", 0, region.url, region.sources, variable=variable)
            found.append(told)
    embedded = [
        site
        for site, facts in context.calls()
        if site.id in context.moved_calls and facts.api.startswith("embeddings.")
    ]
    if embedded:
        vectors = provider.vectors
        first = embedded[0]
        found.append(item("rebuild-index", first, vectors.text, vectors.sources, also=embedded))
    found += _of_the_sdk(context)
    for one in unreadable:
        lines = listed(map(str, one.mentions)) or str(one.line)
        found.append(general("unreadable-file", one.path, one.line, one.reason, lines=lines))
    return found


def _of_the_sdk(context: Context) -> Iterator[ChecklistItem]:
    """What to install for the SDK, and what to know of it."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    told = {"sdk": sdk.name, "requirement": sdk.requirement}
    yield general("sdk-chosen", "", 0, sdk.detail, sdk.sources, **told)
    for caution in sdk.cautions:
        yield general("sdk-caution", "", 0, caution.text, caution.sources, **told)


def _data_item(paths: Sequence[str]) -> Iterator[ChecklistItem]:
    """One item for all files of records."""
    if paths:
        shown = few([f"`{path}`" for path in paths], _DATA_SHOWN)
        why = _(
            "many values alike, a cache or recorded answers are no settings: {shown}", shown=shown
        )
        count = counted("one file", "{number} files", len(paths))
        yield general("data-files", paths[0], 1, why, count=count)
