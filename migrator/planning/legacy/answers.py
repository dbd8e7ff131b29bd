"""What is done with the answers of upgraded calls: steps into a dict become attributes.

Where dicts are made of the answers instead, attributes become steps into a dict.
"""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse, Site
from migrator.edits import (
    AnswerDictionary,
    AsMapping,
    Edit,
    Instruction,
    Rename,
    ResultAttribute,
    ResultItem,
)
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.sharing import is_item, is_known, is_rewritten, needs_mapping
from migrator.planning.messages import elsewhere, item
from migrator.planning.syntax import name_behind

_WHY = marked("answers of openai 1.0 and later are objects")


def decide(context: Context) -> None:
    """Plan the edits of every read and use of an answer."""
    for one, facts in context.upgrade.before.items():
        site = context.by_id[one]
        if knowledge.is_utility(facts.api):
            continue
        if one in context.upgrade.dicts:
            _dictionary(context, site, facts)
            continue
        for read in facts.reads:
            if is_rewritten(facts.api, read):
                _edit(context, site, read.place, "result-attribute", _attribute(facts, read))
                _missing(context, site, read)
        for use in facts.uses:
            _use(context, site, facts, use)


def _dictionary(context: Context, site: Site, facts: CallFacts) -> None:
    """Make a dict of an answer where it arrives, and read it as one everywhere."""
    files = context.upgrade.files
    here = Place(site.path, site.span)
    place = files.arrival(site, facts) if files is not None else here
    later = facts.asynchronous and place == here
    _edit(context, site, place, "answer-dictionary", AnswerDictionary(later))
    for read in facts.reads:
        if is_item(facts.api, read):
            _edit(context, site, read.place, "result-item", ResultItem(read.path[-1]))


def _missing(context: Context, site: Site, read: ResultRead) -> None:
    """A field that is not there raised KeyError, and is None in an object."""
    files = context.upgrade.files
    if read.form == "item" and files is not None and files.catches_missing_keys(read.place):
        source = context.sources[read.place.path]
        told = item("answer-missing", site, _(_WHY), name=read.path[-1])
        context.note(site.id, elsewhere(told, read.place, source.slice(read.place.span)))


def _attribute(facts: CallFacts, read: ResultRead) -> ResultAttribute:
    name = read.path[-1]
    present = knowledge.is_present(name, streamed=read.streamed)
    known = is_known(facts.api, read)
    return ResultAttribute(read.form, surface.answer_attribute(name), present, known)


def _use(context: Context, site: Site, facts: CallFacts, use: ResultUse) -> None:
    if needs_mapping(facts.api, use):
        _edit(context, site, use.place, "as-mapping", AsMapping())
    elif use.form == "method" and knowledge.method(use.name) not in {"", "kept", "mapping"}:
        source = context.sources.get(use.place.path)
        span = name_behind(source, use.place.span, use.name) if source is not None else None
        if span is not None:
            place = Place(use.place.path, span)
            _edit(context, site, place, "rename", Rename(knowledge.method(use.name)))
    elif use.form == "argument" and not knowledge.takes_all(use.name):
        why = _(
            "what it does with the answer is not known here, and the answer is no dict any more"
        )
        where = f"{use.place.path}:{use.place.span.line}"
        context.note(site.id, item("answer-escapes", site, why, name=use.name, where=where))


def _edit(
    context: Context, site: Site, place: Place, codemod: str, instruction: Instruction
) -> None:
    context.edit(Edit(place.path, place.span, codemod, instruction, (site.id,), _(_WHY)))
