"""tiktoken, where it is asked for a model's tokenizer: it knows OpenAI's names alone."""

from __future__ import annotations

from migrator.analysis.sites import Certainty, Kind, ModelFacts, NameFacts, Place, Site
from migrator.edits import Edit, TiktokenEncoding
from migrator.language import _
from migrator.planning import facts as knowledge
from migrator.planning import syntax
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.providers import Fact

_REWRITTEN = "encoding_for_model"
_BY_MODEL = frozenset({_REWRITTEN, "encoding_name_for_model"})


def decide(context: Context) -> None:
    """Plan every call of tiktoken, and what stands for the names in them."""
    for site, facts in context.with_facts(Kind.TIKTOKEN, NameFacts):
        _decide(context, site, facts)
    for site, model in context.models():
        if model.role == "tokenizer" and not context.is_settled(site.id):
            _settle_name(context, site)


def settle_names(context: Context) -> None:
    """Leave the names that go to tokenizers and to no request."""
    asked = {one for _, each in context.with_facts(Kind.TIKTOKEN, NameFacts) for one in each.models}
    for site, facts in context.models():
        alone = site.id in asked and facts.role != "tokenizer" and not facts.reaches
        if alone and not context.is_settled(site.id):
            context.leave(site.id, _("a tokenizer is asked for by it, and no request"))


def _decide(context: Context, site: Site, facts: NameFacts) -> None:
    moved = [one for one in facts.models if one in context.choices]
    if facts.role == "import":
        context.leave(site.id, _("tiktoken stays: its counts serve as an estimate"))
    elif facts.role not in _BY_MODEL:
        context.leave(site.id, _("it names an encoding and no model"))
    elif site.certainty is not Certainty.PROVEN:
        why = _("it could not be traced that tiktoken is called")
        context.hinder(site.id, item("name-untraced", site, why, name=facts.name))
    elif not context.moved_calls:
        context.leave(site.id, _("nothing that it counts for moves"))
    elif _falls_back(context, site):
        context.leave(site.id, _("the program goes on where tiktoken does not know a name"))
    elif moved:
        _count_otherwise(context, site, facts, moved)
    elif facts.known or facts.models:
        context.leave(site.id, _("no name that moves reaches it; its counts serve as an estimate"))
    else:
        fact = _why_not_by_model(context)
        context.hinder(site.id, item("tokenizer-name", site, fact.text, fact.sources))


def _falls_back(context: Context, site: Site) -> bool:
    source = context.sources.get(site.path)
    if source is None:
        return False
    return syntax.is_caught(source.text, site.span, "KeyError")


def _count_otherwise(context: Context, site: Site, facts: NameFacts, moved: list[str]) -> None:
    """Name the encoding of the old model, if it is that of every name that is asked for."""
    fact = _why_not_by_model(context)
    encodings = {knowledge.encoding(name) for name in _names(context, moved)}
    if facts.role == _REWRITTEN and len(encodings) == 1:
        others = {knowledge.encoding(name) for name in _names(context, facts.models)}
        if others == encodings:
            _name_encoding(context, site, encodings.pop(), fact)
            return
    new = sorted({context.choices[one].model or "" for one in moved})
    told = {"new": _("`, `").join(new), "encoding": _("`, `").join(sorted(encodings))}
    context.hinder(site.id, item("tokenizer-fails", site, fact.text, fact.sources, told))


def _name_encoding(context: Context, site: Site, encoding: str, fact: Fact) -> None:
    whole = Place(site.path, site.span)
    inside = [
        one.id
        for one, model in context.models()
        if model.role == "tokenizer" and within(_literal(model), whole)
    ]
    instruction = TiktokenEncoding(encoding)
    sites = (site.id, *inside)
    edit = Edit(site.path, site.span, "tiktoken-encoding", instruction, sites, fact.text)
    context.edit(edit)
    context.note(site.id, item("tokenizer", site, fact.text, fact.sources))


def _names(context: Context, sites: tuple[str, ...] | list[str]) -> list[str]:
    found = (context.by_id[one].facts for one in sites)
    return [one.model for one in found if isinstance(one, ModelFacts)]


def _why_not_by_model(context: Context) -> Fact:
    known = [one for one in context.provider.quirks if "tiktoken" in one.text]
    return known[0] if known else Fact(_("tiktoken does not know the new model's name"), ())


def _settle_name(context: Context, site: Site) -> None:
    """The name given to a tokenizer alone."""
    place = Place(site.path, site.span)
    counting = [
        one for one in context.of_kind(Kind.TIKTOKEN) if within(place, Place(one.path, one.span))
    ]
    if counting or not context.moved_calls:
        context.leave(site.id, _("a tokenizer is asked for by it"))
    else:
        why = _("it is given to a tokenizer that could not be traced")
        details = {"model": site.detail, "new": _("a tokenizer's encoding")}
        context.hinder(site.id, item("model-untraced", site, why, (), details))


def _literal(facts: ModelFacts) -> Place:
    return Place(facts.literal.path, facts.literal.span)
