"""Model names: what each becomes, by what the calls it reaches need."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from migrator.analysis import surface
from migrator.analysis.sites import MEMBER, CallFacts, DocumentFacts, ModelFacts, Site, Span
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, ReplaceExpression, ReplaceString
from migrator.language import _, listed, marked
from migrator.planning import (
    branches,
    expected,
    frameworks,
    name_tests,
    repeated,
    reshaping,
    syntax,
    tables,
    tokenizers,
)
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.reshaping import items
from migrator.providers import ModelChoice

_PARTS = "parts"
_NEEDS = frozenset({"image", "audio", "video", "tools", "json_object", "json_schema"})
# A call that lacks these is rewritten in another way (see chat.py).
_MADE_UP_FOR = frozenset({"json_object", "json_schema", "plain"})
# Roles in which a name stands for itself and not for the model of a request.
_NAMES = {"table": "model-table", "compare": "model-compare", "assert": "model-compare"}
# Roles whose names are a closed list: they move with a name of the list that is traced.
_LISTS = frozenset({"choices", "annotation", "enum", "fallback_list"})
# Of these, the names that a default beside them can be one of.
_LISTS_OF_DEFAULTS = frozenset({"choices", "annotation"})
_WHY = {
    "model-table": marked("the new name is not a key of the table"),
    "model-compare": marked("the branch is not taken under the new name"),
    "model-untraced": marked("no request was found that it flows to"),
}


def decide(context: Context) -> None:
    """Choose a model for every name whose calls all move, and plan its edit."""
    for site, facts in context.models():
        if facts.role == "tokenizer":
            continue
        ways = frameworks.ways(context, facts, choose(context, facts.model).model or facts.model)
        if len(ways) > 1:
            names = listed([f"`{way}`" for way in ways])
            why = _("they take a name in different ways: {names}", names=names)
            context.hinder(site.id, item("model-shared", site, why, model=facts.model))
        elif facts.prefix and frameworks.written(context, facts, facts.model) is None:
            why = _("`{prefix}` is how a framework names its provider", prefix=facts.prefix)
            context.hinder(site.id, item("model-prefixed", site, why, model=facts.model))
        elif facts.reaches:
            _decide_traced(context, site, facts)
    _choose_for_settings(context)
    tables.decide(context)
    name_tests.decide(context)
    _follow_in_lists(context)
    _follow_in_tests(context)
    tokenizers.settle_names(context)
    _name_the_rest(context)
    repeated.decide(context)
    _tell_merged(context)


def models_of(context: Context, facts: CallFacts) -> list[tuple[str, str | None]]:
    """The (OpenAI model, chosen model) pairs that reach a call."""
    pairs: dict[tuple[str, str | None], None] = {}
    for site_id in facts.models:
        site = context.by_id.get(site_id)
        if site is not None and isinstance(site.facts, ModelFacts):
            choice = context.choices.get(site_id)
            pairs[site.facts.model, choice.model if choice else None] = None
    for site, setting in settings_of(context, facts):
        choice = context.choices.get(site.id)
        pairs[setting.value, choice.model if choice else None] = None
    default = frameworks.choice_by_default(context, facts)
    if default is not None:
        pairs[default.openai, default.model] = None
    return list(pairs)


def settings_of(context: Context, facts: CallFacts) -> list[tuple[Site, DocumentFacts]]:
    """Where files set the variables that hold the model of a call."""
    return [
        (site, site.facts)
        for name in facts.model_variables
        for site in context.model_settings.get(name, ())
        if isinstance(site.facts, DocumentFacts)
    ]


def choose(context: Context, model: str, needs: Iterable[str] = ()) -> ModelChoice:
    """What an OpenAI model becomes; one that does not reason must not think there either."""
    wanted = {*needs, *(() if surface.is_reasoning(model) else ("plain",))}
    return context.provider.map_model(model, wanted, context.options.model_map)


def _choose_for_settings(context: Context) -> None:
    """Choose a model for every variable that a file sets, where what it reaches moves."""
    for name, sites in context.model_settings.items():
        asked = context.model_readers.get(name, ())
        calls = [call.id for call, _ in asked]
        for site in sites if calls and context.moved_calls.issuperset(calls) else ():
            model, prefixed = set_model(site)
            if frameworks.form_for(context, calls, prefixed=prefixed) is not None:
                choice = choose_for(context, model, [facts for _, facts in asked])
                if choice.model is not None:
                    context.choices[site.id] = choice


def set_model(site: Site) -> tuple[str, bool]:
    """The model that a line of a file names, and whether with a provider's prefix."""
    match site.facts:
        case DocumentFacts(value=value, extra=extra) if "prefix" not in dict(extra):
            return value, False
    return site.detail, True


# -- names that reach calls -----------------------------------------------------------------------


def _decide_traced(context: Context, site: Site, facts: ModelFacts) -> None:
    stays = [one for one in facts.reaches if one not in context.moved_calls]
    moved = len(stays) < len(facts.reaches)
    if facts.foreign or any(not moved or context.holds(one) for one in stays):
        new = choose(context, facts.model).model or _("a model of the provider")
        why = (
            _("it also reaches another provider's client")
            if facts.foreign
            else _("it reaches what stays: {places}", places=context.places(stays))
        )
        context.hinder(site.id, item("model-waits", site, why, model=facts.model, new=new))
        return
    calls = [call for one in facts.reaches if (call := _as_sent(context, one)) is not None]
    choice = choose_for(context, facts.model, calls)
    blocker = _blocker(context, site, facts.model, choice)
    if blocker is None:
        blocker = _torn(context, site, facts.model, choice, calls)
    if blocker is not None:
        context.hinder(site.id, blocker)
        for call_id in facts.reaches:
            context.hinder(call_id, blocker)
        return
    context.choices[site.id] = choice
    _replace(context, site, facts, choice, f"{facts.model} -> {choice.model}: {choice.why}")
    _tell_lacks(context, site, choice, calls)
    _tell_unknown(context, site, choice)
    if facts.variable:
        why = _(
            "`{variable}` overrides the default `{model}` at run time",
            variable=facts.variable,
            model=choice.model,
        )
        details = {"name": facts.variable, "provider": context.provider.name}
        context.note(site.id, item("model-variable", site, why, details=details))


def _as_sent(context: Context, site_id: str) -> CallFacts | None:
    """A call with the features that it has once it is rewritten."""
    facts = context.call(site_id)
    if facts is None or reshaping.shape_of(context, context.by_id[site_id]) is None:
        return facts
    flat = items.are_single_texts(context, facts)
    return replace(facts, features=facts.features - {_PARTS}) if flat else facts


def choose_for(context: Context, model: str, calls: list[CallFacts]) -> ModelChoice:
    """What an OpenAI model becomes for some calls, which may need more than its name says."""
    needs = {feature for call in calls for feature in call.features & _NEEDS}
    needs |= {need for call in calls for need in frameworks.needs(context.provider, call)}
    strict = "content-string" in context.provider.rules
    if strict and any(_PARTS in call.features for call in calls):
        # Lists of content parts are sure to be taken by models that see alone.
        seeing = choose(context, model, needs | {"image"})
        if seeing.model and not context.provider.lacks(seeing.model, needs | {"image"}):
            return seeing
    choice = choose(context, model, needs)
    if any(frameworks.cannot_switch(context, call, choice) for call in calls):
        return frameworks.unswitched(context, choice, needs)
    return choice


def _blocker(context: Context, site: Site, model: str, choice: ModelChoice) -> ChecklistItem | None:
    """Why no model can be written, if there is none."""
    if choice.model is None:
        return item("model-no-counterpart", site, choice.why, choice.sources, model=model)
    return None


def _torn(
    context: Context, site: Site, model: str, choice: ModelChoice, calls: list[CallFacts]
) -> ChecklistItem | None:
    """Calls that each have a model that fits, where none fits them all."""
    if not _lacking(context, choice, calls) or len(calls) < 2:
        return None
    single = [choose_for(context, model, [call]) for call in calls]
    if any(_lacking(context, one, [call]) for one, call in zip(single, calls, strict=True)):
        return None
    why = _("its calls need {models}", models=listed(sorted({one.model or "" for one in single})))
    return item("model-shared", site, why, choice.sources, model=model)


def _lacking(context: Context, choice: ModelChoice, calls: list[CallFacts]) -> tuple[str, ...]:
    if choice.model is None or choice.confidence == "chosen":
        return ()
    needs = {feature for call in calls for feature in call.features & _NEEDS} - _MADE_UP_FOR
    return context.provider.lacks(choice.model, needs)


def _tell_lacks(context: Context, site: Site, choice: ModelChoice, calls: list[CallFacts]) -> None:
    lacking = _lacking(context, choice, calls)
    if lacking:
        details = {"model": choice.model, "needs": listed(lacking)}
        context.note(site.id, item("model-lacks", site, choice.why, choice.sources, details))


def _tell_unknown(context: Context, site: Site, choice: ModelChoice) -> None:
    """A name of the user's own may be newer than the profile, or misspelled."""
    if choice.model is None or context.provider.model(choice.model) is not None:
        return
    if context.provider.is_own_model(choice.model):
        own = context.provider.own_models
        details = {"model": choice.model, "provider": context.provider.name}
        context.note(site.id, item("model-own", site, own.detail, own.sources, details))
        return
    known = [one.id for one in context.provider.models()]
    nearest = get_close_matches(choice.model, known, n=1)
    near = _("; `{name}` is near", name=nearest[0]) if nearest else ""
    details = {"model": choice.model, "provider": context.provider.name, "near": near}
    why = _(
        "it was chosen for {model}, and the profile of {provider} lacks it",
        model=choice.openai,
        provider=context.provider.id,
    )
    context.note(site.id, item("model-chosen", site, why, details=details))


def _replace(
    context: Context, site: Site, facts: ModelFacts, choice: ModelChoice, why: str
) -> None:
    place = facts.literal
    model = choice.model or ""
    model = frameworks.written(context, facts, model) or model
    if facts.role == MEMBER:
        named = ReplaceExpression(json.dumps(model))
        context.edit(Edit(place.path, place.span, "replace-expression", named, (site.id,), why))
        return
    instruction = ReplaceString(model)
    context.edit(Edit(place.path, place.span, "model-name", instruction, (site.id,), why))


# -- names that follow ----------------------------------------------------------------------------


def _became(context: Context) -> dict[str, set[str]]:
    """OpenAI id -> what it became, wherever it was replaced."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for _unused, model, new in _replaced(context):
        found[model].add(new)
    return found


def _replaced(context: Context) -> Iterator[tuple[Site, str, str]]:
    """Every name that was replaced: its site, the OpenAI id, what it became."""
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if choice is not None and choice.model:
            yield site, facts.model, choice.model


def _undecided(context: Context) -> list[tuple[Site, ModelFacts]]:
    return [
        (site, facts)
        for site, facts in context.models()
        if facts.role != "tokenizer" and not context.is_settled(site.id)
    ]


def _role(context: Context, facts: ModelFacts) -> str:
    """The role of a name; one in a `Literal[…]` that has a name of its own is an annotation's."""
    source = context.sources.get(facts.literal.path)
    if facts.role != "fallback_list" or source is None:
        return facts.role
    named = syntax.in_literal_type(source.text, facts.literal.span)
    return "annotation" if named else facts.role


def _follow_in_lists(context: Context) -> None:
    """`choices=[…]`, `Literal[…]` and enums keep step with the name of theirs that is traced."""
    lists: defaultdict[tuple[str, str], list[tuple[Site, ModelFacts]]] = defaultdict(list)
    for site, facts in _undecided(context):
        role = _role(context, facts)
        if role in _LISTS:
            lists[site.path, role].append((site, facts))
    moved: defaultdict[str, set[str]] = defaultdict(set)
    for site, facts in context.models():
        if site.id in context.choices:
            moved[site.path] |= {facts.role, facts.model}
    became = _became(context)
    followed: set[tuple[str, Span]] = set()
    for (path, role), members in lists.items():
        named = {facts.model for _, facts in members} if role in _LISTS_OF_DEFAULTS else set()
        if not moved[path] & {role, *named}:
            continue
        for site, facts in members:
            known = became.get(facts.model, set())
            choice = choose(context, facts.model)
            if len(known) > 1 or _blocker(context, site, facts.model, choice) is not None:
                continue
            new = next(iter(known), choice.model)
            if new is not None:
                _follow(
                    context, site, facts, new, _("it is one of the names that a traced one is of")
                )
                if role == "choices" and (around := _offered_by(context, facts)):
                    followed.add((path, around))
    for site, facts in _undecided(context) if followed else ():
        # `Radio(choices=[…], default="gpt-4o")`: the default is one of the choices.
        known = became.get(facts.model, set())
        around = _offered_by(context, facts)
        if around is not None and (site.path, around) in followed and len(known) < 2:
            new = next(iter(known), choose(context, facts.model).model)
            if new is not None:
                _follow(
                    context,
                    site,
                    facts,
                    new,
                    _("it is one of the names that are offered beside it"),
                )


def _offered_by(context: Context, facts: ModelFacts) -> Span | None:
    """The call that a name is an argument of, or an item of a list that is one."""
    source = context.sources.get(facts.literal.path)
    return syntax.call_around(source, facts.literal.span) if source is not None else None


def _follow_in_tests(context: Context) -> None:
    """`assert kwargs["model"] == "gpt-4o"`: a test's expectation follows the source's model."""
    replaced = list(_replaced(context))
    for site, facts in _undecided(context):
        if not site.in_tests:
            continue
        # What only another test asks for says nothing of the code that is tested.
        alike = [(one, new) for one, model, new in replaced if model == facts.model]
        known = {new for one, new in alike if one.path == site.path}
        known = known or {new for one, new in alike if not one.in_tests}
        if known and _is_expected(context, facts):
            # Where the name became several, the one that it becomes without special needs.
            usual = choose(context, facts.model).model
            if len(known) > 1 and usual not in known:
                continue
            new = next(iter(known)) if len(known) == 1 else str(usual)
            _follow(context, site, facts, new, _("the code that is tested now uses {new}", new=new))


def _is_expected(context: Context, facts: ModelFacts) -> bool:
    """Whether a name in a test is compared with, or is the model of something expected or faked."""
    source = context.sources.get(facts.literal.path)
    named = source is not None and expected.is_model_of(source, facts.literal.span)
    return facts.role in {"assert", "compare"} or (facts.role == "value" and named)


def _follow(context: Context, site: Site, facts: ModelFacts, new: str, why: str) -> None:
    chosen = choose(context, facts.model)
    choice = ModelChoice(facts.model, new, (), chosen.confidence, why, chosen.sources)
    context.choices[site.id] = choice
    _replace(context, site, facts, choice, why)


def _name_the_rest(context: Context) -> None:
    """Every name that nothing was planned for gets its checklist item."""
    became = _became(context)
    for site, facts in _undecided(context):
        known = sorted(became.get(facts.model, ()))
        new = known[0] if known else choose(context, facts.model).model
        code = _NAMES.get(facts.role, "model-untraced")
        details = {"model": facts.model, "new": new or _("a model of the provider")}
        why = _(_WHY[code])
        if code == "model-compare":
            why = _which_branch(context, facts) or why
        context.hinder(site.id, item(code, site, why, details=details))


def _which_branch(context: Context, facts: ModelFacts) -> str | None:
    """Both branches of a test that looks at a model's name."""
    source = context.sources.get(facts.literal.path)
    if source is None:
        return None
    known = branches.branches(source.text)
    test = known.test_with(facts.literal.span)
    found = known.condition(test) if test is not None else None
    if found is None or not found.held:
        return None
    return _(
        "the new name may answer `{source}` otherwise; if it holds: `{held}`; if not: `{other}`",
        source=found.source,
        held=found.held,
        other=found.other,
    )


def _tell_merged(context: Context) -> None:
    """Two names of one list that became the same (an enum then has one member less)."""
    seen: dict[tuple[str, str, str], str] = {}
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if choice is None or choice.model is None or facts.role not in _LISTS:
            continue
        first = seen.setdefault((site.path, facts.role, choice.model), facts.model)
        if first != facts.model:
            details = {"model": first, "other": facts.model, "new": choice.model}
            why = _("both go back to `{model}`", model=choice.model)
            context.note(site.id, item("model-merged", site, why, choice.sources, details))
