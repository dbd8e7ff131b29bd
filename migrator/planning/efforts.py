"""How much a model is asked to reason: the words of the provider, wherever they are written."""

from __future__ import annotations

from collections import defaultdict

from migrator.analysis.sites import CallFacts, Literal, Site
from migrator.edits import Edit, ReplaceString
from migrator.language import listed
from migrator.planning import models, reshaping
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.families import CHAT
from migrator.providers import Parameter

# From weakest to strongest, over all providers.
_EFFORTS = ("none", "off", "minimal", "low", "medium", "high", "xhigh", "max")


def decide(context: Context) -> None:
    """Plan a word of the provider for every literal that only moved requests are given."""
    wanted: defaultdict[Literal, dict[str | None, None]] = defaultdict(dict)
    readers: defaultdict[Literal, list[Site]] = defaultdict(list)
    for site, facts in context.calls():
        taken = words(context, site, facts)
        for literal in facts.efforts:
            readers[literal].append(site)
            wanted[literal][nearest(literal.value, taken)] = None
    for literal, news in wanted.items():
        new = next(iter(news)) if len(news) == 1 else None
        if new is not None and new != literal.value:
            context.efforts[literal] = new
            _replace(context, literal, new, readers[literal])


def _replace(context: Context, literal: Literal, new: str, readers: list[Site]) -> None:
    why = f"effort: {literal.value} -> {new}"
    sites = tuple(site.id for site in readers)
    context.edit(Edit(literal.path, literal.span, "effort", ReplaceString(new), sites, why))


def words(context: Context, site: Site, facts: CallFacts) -> tuple[str, ...]:
    """The words that a request may say; none where they are not known, or it is not to change."""
    if site.id not in context.moved_calls or facts.foreign or reshaping.shape_of(context, site):
        return ()
    if facts.api not in CHAT:
        return tuple(map(str, context.provider.responses_parameter("reasoning").values or ()))
    chosen = {new for _, new in models.models_of(context, facts) if new is not None}
    taken = {context.provider.efforts(model) for model in chosen}
    return taken.pop() if len(taken) == 1 else ()


def tell(call: Call, name: str, parameter: Parameter, taken: tuple[str, ...]) -> None:
    """What became of the words that reach a call, and which ones it refuses."""
    known = listed(taken)
    for literal in call.facts.efforts:
        new = call.context.efforts.get(literal)
        if new is not None:
            call.note("parameter-changed", parameter, name=name, value=literal.value, new=new)
        elif literal.value not in taken:
            where = f"{literal.path}:{literal.span.line}"
            details = {"name": name, "value": literal.value, "range": known, "where": where}
            call.note("effort-refused", parameter, **details)
    if not call.facts.efforts_known:
        call.note("parameter-range", parameter, name=name, range=known)


def strength(word: str) -> int:
    """How much a word asks for; a word that is not known asks for most."""
    return _EFFORTS.index(word) if word in _EFFORTS else len(_EFFORTS)


def nearest(wanted: str, taken: tuple[str, ...]) -> str | None:
    """The word of the provider that is nearest to OpenAI's, the stronger one where two are."""
    if wanted in taken:
        return wanted
    known = [word for word in taken if word in _EFFORTS]
    if wanted not in _EFFORTS or not known:
        return None
    place = strength(wanted)
    return min(known, key=lambda word: (abs(strength(word) - place), -strength(word)))
