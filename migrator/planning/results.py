"""What the program reads of answers and errors that comes otherwise than OpenAI's.

Each note belongs to the request, or to the exception, and is shown where the program reads it.
"""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import (
    CallFacts,
    Comparison,
    Kind,
    NameFacts,
    Place,
    ResultRead,
    Site,
)
from migrator.decisions import ChecklistItem
from migrator.edits import AdapterCall, Edit, Parameters, PictureData, ReplaceString
from migrator.language import _, apart, listed, marked
from migrator.planning import facts as knowledge
from migrator.planning import functions, media, models, syntax
from migrator.planning.adapters.pictures import WITH_DATA
from migrator.planning.context import Context
from migrator.planning.messages import elsewhere, item
from migrator.providers import AnswerField

_CODES = {"empty": "answer-empty", "partial": "answer-partial", "thinking": "answer-thinking"}
_HEADERS = "headers"
_OF_OPENAI = marked("header names such as x-ratelimit-remaining-requests are OpenAI's")
_REQUEST_ID = "x-request-id"
_REQUEST_IDS = frozenset({"request_id", "_request_id"})
# The parts of an error that hold what the provider calls it.
_NAMES_OF_ERRORS = frozenset({"code", "type"})


def decide(context: Context) -> None:
    """Note what differs in the answers of moved calls, and in the errors they may raise."""
    for site, facts in context.calls():
        if site.id in context.moved_calls:
            _fields(context, site, facts)
            _headers(context, site, facts)
    if context.moved_calls:
        _errors(context)


def _note(context: Context, site: Site, told: ChecklistItem, place: Place) -> None:
    source = context.sources.get(place.path)
    told = elsewhere(told, place, source.slice(place.span) if source is not None else "")
    context.note(site.id, told)


# -- fields ----------------------------------------------------------------------------------------


def _fields(context: Context, site: Site, facts: CallFacts) -> None:
    legacy = surface.legacy_call(facts.api)
    api = facts.api if legacy is None else legacy.maps_to or ""
    thinks = any(surface.is_reasoning(old) for old, _ in models.models_of(context, facts))
    for field in context.provider.answer_fields(api):
        if field.state == "values":
            for comparison in facts.comparisons:
                _values(context, site, field, comparison)
            continue
        if field.state == "thinking" and not thinks:
            continue
        if field.path[-1] == media.DATA and _is_fetched(context, site):
            continue
        for read in facts.reads:
            if _concerns(read, field, site):
                _field(context, site, field, read)


def _is_fetched(context: Context, site: Site) -> bool:
    """Whether the data of the pictures is put into the answer."""
    return any(
        (isinstance(edit.instruction, PictureData) and edit.instruction.data)
        or (isinstance(edit.instruction, Parameters) and WITH_DATA in dict(edit.instruction.add))
        for edit in context.edits[site.id]
    )


def _concerns(read: ResultRead, field: AnswerField, site: Site) -> bool:
    """Whether a step reads the field, or one below it that the provider does not have."""
    if read.written or not (read.proven or read.place.path == site.path):
        return False
    if field.state == "fields":
        return _is_at(read.path[:-1], field.path) and read.path[-1] not in (*field.values, "*")
    return _is_at(read.path, field.path)


def _is_at(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a path leads to a field; an index of the field's is any index."""
    return len(path) == len(wanted) and all(
        one == other or (other == "*" and one.isdigit())
        for one, other in zip(path, wanted, strict=True)
    )


def _field(context: Context, site: Site, field: AnswerField, read: ResultRead) -> None:
    code = _CODES.get(field.state, "answer-partial")
    details = {"field": ".".join(read.path), "provider": context.provider.name}
    told = item(code, site, field.detail, field.sources, details)
    _note(context, site, told, read.place)


def _values(context: Context, site: Site, field: AnswerField, comparison: Comparison) -> None:
    if not _is_at(comparison.path, field.path):
        return
    rewritten = any(one.code == functions.CODE for one in context.notes[site.id])
    there = dict(field.values_there)
    for value in comparison.values:
        if value in there and _renamed(context, site, field, comparison, value):
            continue
        if value not in field.values and not (rewritten and value in functions.NAMES):
            details = {
                "field": field.path[-1],
                "value": value,
                "values": listed(field.values),
                "provider": context.provider.name,
            }
            told = item("answer-value", site, field.detail, field.sources, details)
            _note(context, site, told, comparison.place)


def _renamed(
    context: Context, site: Site, field: AnswerField, comparison: Comparison, value: str
) -> bool:
    """Compare with the provider's name of a value, where OpenAI's is written in the comparison."""
    place = comparison.place
    source = context.sources.get(place.path)
    spans = syntax.texts(source, place.span, value) if source is not None else []
    if not spans or not comparison.proven:
        return False
    new = dict(field.values_there)[value]
    for span in spans:
        made, reason = ReplaceString(new), f"{field.path[-1]}: {field.detail}"
        context.edit(Edit(place.path, span, "replace-string", made, (site.id,), reason))
    details = {"name": field.path[-1], "value": value, "new": new}
    told = item("parameter-changed", site, field.detail, field.sources, details)
    _note(context, site, told, place)
    return True


# -- headers ---------------------------------------------------------------------------------------


def _headers(context: Context, site: Site, facts: CallFacts) -> None:
    """Headers that are read off a raw response, and request ids, by name where it is known."""
    if any(isinstance(edit.instruction, AdapterCall) for edit in context.edits[site.id]):
        return  # its answer is none of the SDK's
    named = [read for read in facts.reads if read.path[:1] == (_HEADERS,) and len(read.path) == 2]
    identified = [read for read in facts.reads if read.path[0] in _REQUEST_IDS]
    for read in (*named, *identified):
        name = _REQUEST_ID if read in identified else read.path[1]
        _header(context, site, name, read.place)
    handed_on = [use for use in facts.uses if use.path in {(), (_HEADERS,)}]
    unknown = not facts.reads or handed_on or any(read.path[1] == "*" for read in named)
    if facts.raw and unknown:
        context.note(site.id, item("raw-response", site, _(_OF_OPENAI)))


def _header(context: Context, site: Site, name: str, place: Place) -> None:
    if knowledge.is_answer_header(name):
        details = {"name": name, "provider": context.provider.name}
        _note(context, site, item("answer-header", site, _(_OF_OPENAI), (), details), place)


# -- errors ----------------------------------------------------------------------------------------


def _errors(context: Context) -> None:
    """What caught errors are compared with: told by the first exception of a handler."""
    caught: dict[Comparison, list[tuple[Site, str]]] = {}
    for site, facts in context.with_facts(Kind.EXCEPTION, NameFacts):
        for comparison in facts.comparisons:
            exception = facts.name.rpartition(".")[2]
            caught.setdefault(comparison, []).append((site, exception))
    for comparison, exceptions in caught.items():
        site = exceptions[0][0]
        part = comparison.path[-1] if comparison.path else ""
        for value in comparison.values:
            if part == _HEADERS:
                _header(context, site, value, comparison.place)
            elif part in _NAMES_OF_ERRORS:
                named = {name for _, name in exceptions}
                _code(context, site, named, part, value, comparison.place)
            elif part in {"", "message"}:
                shape = context.provider.error_shape
                details = {"value": value, "provider": context.provider.name}
                told = item("error-text", site, shape.text, shape.sources, details)
                _note(context, site, told, comparison.place)


def _code(
    context: Context, site: Site, exceptions: set[str], part: str, value: str, place: Place
) -> None:
    """A code that an error is compared with: another meaning, or none that is known."""
    provider = context.provider
    alike = [one for one in provider.errors if value in one.codes]
    for error in alike:
        if error.differs:
            why = f"{value}: {error.meaning}"
            details = {"value": value, "provider": provider.name}
            told = item("error-meaning", site, why, error.sources, details)
            _note(context, site, told, place)
    if alike:
        return
    known = [one for one in provider.errors if one.exception in exceptions] or provider.errors
    codes = listed(dict.fromkeys(code for one in known for code in one.codes))
    why = apart(dict.fromkeys(f"{one.code}: {one.meaning}" for one in known))
    sources = tuple(dict.fromkeys(source for one in known for source in one.sources))
    details = {"part": part, "value": value, "codes": codes, "provider": provider.name}
    _note(context, site, item("error-code", site, why, sources, details), place)
