"""Which calls of openai before 1.0 can be upgraded, and by which client each is then made.

A call is upgraded if its method has a successor that takes the same arguments, and everything that
the program does with its answer can follow. The planner then treats it as the call it becomes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from migrator.analysis.sites import (
    Argument,
    CallFacts,
    Certainty,
    Kind,
    Origin,
    Place,
    SettingFacts,
    Site,
)
from migrator.language import _
from migrator.planning.legacy import knowledge, settled
from migrator.planning.legacy.modules import Files
from migrator.planning.legacy.sharing import read_answers
from migrator.source import SourceText

_KEYS = frozenset({"api_key", "api_key_path"})


class Form(str, Enum):
    """How an upgraded call that moves reaches the provider."""

    CLIENT = "client"  # by a client that its file constructs
    MADE = "made"  # by a client that is made when it is first used
    KEYED = "keyed"  # by a client made for the key that the call brings
    MODULE = "module"  # by the openai module's own client


@dataclass(frozen=True)
class Upgrade:
    """The calls of 0.x that are upgraded.

    `sites` are all sites, those calls with the facts of what they become; `before` are the facts
    they had, `forms` how each is made, and `refused` says why another call is not upgraded.
    `kept` are the facts of calls that move and stay on 0.x: to the planner they are the calls they
    would become, but for the way they are written. `counting` are calls of functions that send no
    request (`cosine_similarity`). `dicts` are upgraded calls of whose answers dicts are made where
    they arrive. `reached` are the settings of the module that a call by the module may go by.
    """

    sites: tuple[Site, ...] = ()
    before: Mapping[str, CallFacts] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, CallFacts] = field(default_factory=dict)
    counting: frozenset[str] = frozenset()
    dicts: frozenset[str] = frozenset()
    reached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: tuple[Site, ...] = ()
    files: Files | None = None

    def settings_for(self, calls: Iterable[str]) -> frozenset[str]:
        """The settings of the module that some calls may go by."""
        return frozenset(one for call in calls for one in self.reached.get(call, ()))

    def form(self, site_id: str) -> Form | None:
        """How a call is made; None for a call that is not upgraded."""
        return self.forms.get(site_id)

    @property
    def complete(self) -> bool:
        """Whether every call of 0.x is upgraded."""
        return bool(self.before) and not self.refused


def read(
    sites: Sequence[Site],
    sources: Mapping[str, SourceText],
    held: Mapping[str, str],
    keeps: Callable[[str], bool],
) -> Upgrade:
    """Find the calls that can be upgraded, and those in files that stay on 0.x.

    `held` are those that must not be changed, with the reason; `keeps` says which files stay. A
    file that asks which release there is has a way for each, and keeps the old one.
    """
    calls = {
        site.id: (site, site.facts)
        for site in sites
        if isinstance(site.facts, CallFacts) and site.facts.legacy
    }
    if not calls:
        return Upgrade(tuple(sites))
    files = Files(sources)
    counting = [one for one, (_, facts) in calls.items() if knowledge.is_counting(facts.api)]
    for one in counting:
        del calls[one]
    every = [
        *calls.values(),
        *(
            (site, site.facts)
            for site in sites
            if isinstance(site.facts, CallFacts) and site.facts.module_client
            if site.id not in calls and site.id not in counting
        ),
    ]
    refused = {
        one: why
        for one, (site, facts) in calls.items()
        if (why := held.get(one) or _why_not(site, facts, files, keeps(site.path)))
    }
    refused |= _held_together(calls, refused)
    kept = {
        one: calls.pop(one)[1]
        for one, (site, _) in [*calls.items()]
        if keeps(site.path) or files.chooses_by_release(site.path)
    }
    kept = {one: facts for one, facts in kept.items() if one not in refused}
    settings = tuple(site for site in sites if isinstance(site.facts, SettingFacts))
    while True:
        answers = read_answers(calls, refused)
        modern = {
            one: calls[one] for one in calls if one not in refused and one not in answers.unfit
        }
        forms = _Forms(sites, settings, files).of(modern)
        stuck = {**answers.unfit, **_taken_early(modern, forms, files)}
        more: dict[str, str] = {**stuck, **_held_together(calls, {**refused, **stuck})}
        if not more:
            break
        refused |= more
    seen = {one: _facts(facts, forms[one]) for one, (_, facts) in modern.items()}
    seen |= {one: _facts(facts, Form.MODULE) for one, facts in kept.items()}
    return Upgrade(
        tuple(replace(site, facts=seen.get(site.id, site.facts)) for site in sites),
        {one: facts for one, (_, facts) in modern.items()},
        forms,
        refused,
        kept,
        frozenset(counting),
        answers.dicts,
        _reached(every, settings, files),
        settings,
        files,
    )


def _reached(
    calls: Sequence[tuple[Site, CallFacts]], settings: Sequence[Site], files: Files
) -> dict[str, tuple[str, ...]]:
    """The settings that each call may go by: of its own file, if that sets a key, or related."""
    keyed = {
        site.path
        for site in settings
        if isinstance(site.facts, SettingFacts) and site.facts.name in _KEYS
    }
    by_path: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(path for _unused, facts in calls for path in _paths(facts)):
        known = files.linked if path in keyed else files.related
        by_path[path] = tuple(
            one.id for one in settings if one.path == path or known(one.path, path)
        )
    return {
        site.id: tuple(dict.fromkeys(one for path in _paths(facts) for one in by_path[path]))
        for site, facts in calls
    }


def _paths(facts: CallFacts) -> list[str]:
    """The files that name a call's method."""
    return list(dict.fromkeys(place.path for place in facts.methods))


def _why_not(site: Site, facts: CallFacts, files: Files, kept: bool) -> str:
    """Why a call is not upgraded, or `kept`, whatever becomes of its answer; empty if it can be."""
    if site.certainty is not Certainty.PROVEN:
        return _("it could not be traced")
    if knowledge.successor(facts.api) is None:
        return _("openai 1.0 and later have no method that takes what `{api}` takes", api=facts.api)
    if why := _why_unnamed(facts, files, kept):
        return why
    names = knowledge.names(facts.api)
    if names and files.positional(site.path, site.span) > len(names):
        return _("its positional arguments have no names")
    if knowledge.is_utility(facts.api) and facts.argument("api_key") is not None:
        return _("its function is called with a key of its own")
    here = Place(site.path, site.span)
    given = [
        argument for argument in facts.arguments if argument.name in knowledge.client_options()
    ]
    if any(argument.container != here for argument in given):
        return _("its key or its address is given in a mapping")
    if given and facts.named:
        return _("its key or its address is given where the method is not named")
    return ""


def _why_unnamed(facts: CallFacts, files: Files, kept: bool) -> str:
    """Why the places that name a call's method cannot be rewritten; those of a kept one stay."""
    if facts.others:
        return _("`{other}` may be called here as well", other=facts.others[0])
    if facts.handed_on:
        return _("the method is handed on, and not every call of it could be traced")
    if kept:
        return ""
    if not facts.traced or not all(files.names_method(place, facts.api) for place in facts.methods):
        return _("the method is handed on and called by another name")
    positional = any(one.origin is Origin.POSITIONAL for one in facts.arguments)
    if facts.named and positional and knowledge.names(facts.api):
        return _("its positional arguments have no names where the method is handed on")
    return ""


def _held_together(
    calls: Mapping[str, tuple[Site, CallFacts]], refused: Mapping[str, str]
) -> dict[str, str]:
    """The calls whose method is named where that of a refused one is, each with the reason."""
    fixed = {place: one for one in refused if one in calls for place in calls[one][1].named}
    found = {}
    for one, (_unused, facts) in calls.items():
        held = next((fixed[place] for place in facts.named if place in fixed), None)
        if held is not None and one not in refused:
            site = calls[held][0]
            found[one] = _(
                "its method is named for {path}:{line} too, which stays",
                path=site.path,
                line=site.span.line,
            )
    return found


def _taken_early(
    calls: Mapping[str, tuple[Site, CallFacts]], forms: Mapping[str, Form], files: Files
) -> dict[str, str]:
    """The calls whose method is named when a file is imported, before there is a client."""
    return {
        one: _("its method is named where the file is imported, before the client can be made")
        for one, (_unused, facts) in calls.items()
        if forms[one] is not Form.CLIENT
        and not all(files.in_function(place.span, place.path) for place in facts.named)
    }


def _facts(facts: CallFacts, form: Form) -> CallFacts:
    """The facts of the call that a call becomes."""
    names = knowledge.renamed(facts.api)
    gone = knowledge.dropped() | knowledge.options()
    given: defaultdict[Place, set[str]] = defaultdict(set)
    for argument in facts.arguments:
        given[argument.container].add(argument.name)
    # `deployment_id=` beside `model=` ends, as there is one name for both now.
    ended = [one for one in facts.arguments if names.get(one.name) in given[one.container]]
    arguments = tuple(
        replace(argument, name=names.get(argument.name, argument.name))
        for argument in facts.arguments
        if argument.name not in gone and argument not in ended
    )
    unasked = {one.value for one in ended if isinstance(one.value, str)}
    single = facts.api.endswith("get_embedding")
    return replace(
        facts,
        features=facts.features | {"single_input"} if single else facts.features,
        api=knowledge.successor(facts.api) or facts.api,
        arguments=arguments,
        model_values=tuple(one for one in facts.model_values if one not in unasked),
        legacy=False,
        module_client=form is Form.MODULE,
    )


@dataclass
class _Forms:
    """Chooses the form of each call by where the module's key is set."""

    sites: Sequence[Site]
    settings: Sequence[Site]
    files: Files

    def of(self, calls: Mapping[str, tuple[Site, CallFacts]]) -> dict[str, Form]:
        by_path: defaultdict[str, list[Place]] = defaultdict(list)
        for _unused, facts in calls.values():
            for place in facts.methods:
                by_path[place.path].append(place)
        forms = {path: self._form(path, here) for path, here in by_path.items()}
        found: dict[str, Form] = {}
        for one, (_unused, facts) in calls.items():
            every = {forms[path] for path in _paths(facts)}
            form = next(iter(every)) if len(every) == 1 else Form.MODULE
            found[one] = self._own(form, facts)
        return found

    def _own(self, form: Form, facts: CallFacts) -> Form:
        """A call that brings its key needs no other, unless the file has a client anyway."""
        key = facts.argument("api_key")
        keyed = key is not None and not settled.is_from_environment(key)
        return Form.KEYED if keyed and not self._keys() else form

    def _keys(self) -> list[tuple[Site, SettingFacts]]:
        return [
            (site, site.facts)
            for site in self.settings
            if isinstance(site.facts, SettingFacts) and site.facts.name in _KEYS
        ]

    def _form(self, path: str, methods: Sequence[Place]) -> Form:
        keys = [one for one in self._keys() if self.files.related(one[0].path, path)]
        own = [one for one in keys if one[0].path == path]
        if self.files.reads_key(path):
            return Form.MODULE
        if all(self._is_from_environment(site, facts) for site, facts in keys):
            unknown = Form.MADE
        else:
            unknown = Form.MODULE
        if any(self._sets_later(site, path) for site, _ in keys):
            return unknown
        if own:
            [(first, facts), *more] = own
            settable = not more and _is_plain(first) and facts.name == "api_key"
            ready = all(self.files.runs_after(one.span, path, first.span) for one in methods)
            return Form.CLIENT if settable and ready else unknown
        return unknown if self._keys() else Form.CLIENT

    def _sets_later(self, setting: Site, path: str) -> bool:
        """Whether another file sets the key at run time, for the calls of this one."""
        other = setting.path != path and not _is_plain(setting)
        return other and self.files.imports(setting.path, path)

    def _is_from_environment(self, site: Site, facts: SettingFacts) -> bool:
        if facts.name != "api_key":
            return False
        written = self.files.assigned(site.path, facts.value.spelled)
        return settled.is_from_environment(facts.value) or settled.is_read(written)


def _is_plain(site: Site) -> bool:
    """Whether a statement stands at the left margin: it is carried out with the module."""
    return site.span.column == 0


def arguments_by_container(facts: CallFacts) -> dict[Place, list[Argument]]:
    """The arguments of a call by where they are written."""
    found: defaultdict[Place, list[Argument]] = defaultdict(list)
    for argument in facts.arguments:
        found[argument.container].append(argument)
    return dict(found)


def settings_of(upgrade: Upgrade) -> list[tuple[Site, SettingFacts]]:
    """The statements that set the openai module."""
    return [
        (site, site.facts)
        for site in upgrade.settings
        if site.kind is Kind.MODULE_CONFIG and isinstance(site.facts, SettingFacts)
    ]
