"""Model names: what each becomes, by what the calls it reaches need."""

from __future__ import annotations

from collections import defaultdict

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, ModelFacts, Site
from migrator.edits import Edit, ReplaceString
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.providers import ModelChoice

_NEEDS = frozenset({"image", "audio", "video", "tools", "json_object", "json_schema"})
# Roles in which a name stands for itself and not for the model of a request.
_NAMES = {"table": "model-table", "compare": "model-compare", "assert": "model-compare"}


def decide(context: Context) -> None:
    """Choose a model for every model site that reaches a moved call, and plan its edit."""
    for site, facts in context.models():
        if facts.role == "tokenizer" or facts.prefix:
            continue
        moved = [call for call in facts.reaches if call in context.moved_calls]
        if not moved:
            continue
        choice = context.provider.map_model(
            facts.model, _needs(context, facts, moved), context.options.model_map
        )
        context.choices[site.id] = choice
    _block_calls_without_model(context)
    for site, facts in context.models():
        if site.id in context.choices:
            _plan(context, site, facts, context.choices[site.id])
    _follow_in_tests(context)
    _name_the_rest(context)


def is_reasoning(model: str) -> bool:
    """Whether an OpenAI model reasons before it answers."""
    match = surface.match_model(model, in_model_position=True)
    return match is not None and match.reasoning


def _needs(context: Context, facts: ModelFacts, calls: list[str]) -> frozenset[str]:
    needs: set[str] = set()
    for call in calls:
        known = context.call(call)
        if known is not None:
            needs |= known.features & _NEEDS
            if known.api.endswith(".parse"):
                needs.add("json_schema")
    if not is_reasoning(facts.model):
        needs.add("plain")
    return frozenset(needs)


def _block_calls_without_model(context: Context) -> None:
    """A call whose model has no counterpart goes to the checklist; its client moves all the same."""
    for site_id, choice in context.choices.items():
        if choice.model is not None:
            continue
        site, facts = context.by_id[site_id], context.by_id[site_id].facts
        assert isinstance(facts, ModelFacts)
        blocker = item("model-no-counterpart", site, choice.why, choice.sources, model=facts.model)
        context.hindrances.setdefault(site_id, [blocker])
        for call in facts.reaches:
            if call in context.moved_calls:
                context.hindrances.setdefault(call, []).append(blocker)


def _plan(context: Context, site: Site, facts: ModelFacts, choice: ModelChoice) -> None:
    if choice.model is None:
        return
    stays = [call for call in facts.reaches if call in context.by_id and _stays(context, call)]
    if facts.foreign or stays:
        why = "it also reaches a call that stays, or another provider's client"
        context.hindrances[site.id] = [item("model-shared", site, why, model=facts.model)]
        return
    context.edit(
        Edit(
            facts.literal.path,
            facts.literal.span,
            "model-name",
            ReplaceString(choice.model),
            (site.id,),
            f"{facts.model} -> {choice.model}: {choice.why}",
        )
    )
    if facts.variable:
        context.note(
            site.id,
            item(
                "model-variable",
                site,
                f"`{facts.variable}` overrides the default `{choice.model}` at run time",
                name=facts.variable,
                provider=context.provider.name,
            ),
        )


def _stays(context: Context, call: str) -> bool:
    return context.call(call) is not None and call not in context.moved_calls


def _chosen(context: Context) -> dict[str, set[str]]:
    """OpenAI id -> what it became, wherever it was replaced."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if choice is not None and choice.model and site.id not in context.hindrances:
            found[facts.model].add(choice.model)
    return found


def _follow_in_tests(context: Context) -> None:
    """`assert kwargs["model"] == "gpt-4o"`: a test's expectation follows the source's model."""
    chosen = _chosen(context)
    for site, facts in context.models():
        if not site.in_tests or site.id in context.choices or facts.reaches:
            continue
        became = chosen.get(facts.model, set())
        if facts.role in {"assert", "compare"} and len(became) == 1:
            new = next(iter(became))
            context.edit(
                Edit(
                    facts.literal.path,
                    facts.literal.span,
                    "model-name",
                    ReplaceString(new),
                    (site.id,),
                    f"the code now uses {new}",
                )
            )


def _name_the_rest(context: Context) -> None:
    """Every model site without a choice gets its checklist item, unless its call explains it."""
    chosen = _chosen(context)
    for site, facts in context.models():
        if site.id in context.choices or site.id in context.edits or facts.role == "tokenizer":
            continue
        if facts.reaches:
            continue  # decided with the call or client it reaches
        became = chosen.get(facts.model) or {
            context.provider.map_model(facts.model, (), context.options.model_map).model or ""
        }
        new = sorted(became)[0] or "a model of the provider"
        code = _NAMES.get(facts.role, "model-untraced")
        why = _WHY[code]
        context.hindrances[site.id] = [item(code, site, why, model=facts.model, new=new)]


_WHY = {
    "model-table": "the new name is not a key of the table",
    "model-compare": "the branch is not taken under the new name",
    "model-untraced": "no request was found that it flows to",
}


def models_of(context: Context, facts: CallFacts) -> list[tuple[str, str | None]]:
    """The (OpenAI model, chosen model) pairs that reach a call."""
    pairs: dict[tuple[str, str | None], None] = {}
    for site_id in facts.models:
        site = context.by_id.get(site_id)
        if site is not None and isinstance(site.facts, ModelFacts):
            choice = context.choices.get(site_id)
            pairs[site.facts.model, choice.model if choice else None] = None
    return list(pairs)
