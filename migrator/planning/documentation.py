"""Documentation and comments: what they say of variables, keys and models that moved.

They are no sites. What they say otherwise than the code is listed with all its places, and is
written anew where that is asked for.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from migrator.analysis import surface
from migrator.analysis.sites import Place, Span
from migrator.decisions import ChecklistItem
from migrator.documentation import wording as said
from migrator.documentation.wording import (
    Mention,
    Wording,
    in_comments,
    in_document,
    models_told,
)
from migrator.edits import Edit, Splice
from migrator.language import _, apart, listed, marked
from migrator.planning import models
from migrator.planning.context import Context
from migrator.planning.messages import general
from migrator.planning.sdk import dependencies
from migrator.planning.variables import BASE_URL, Variables
from migrator.source import SourceText, tree_of

_CODEMOD = "documentation"
_PYTHON = (".py", ".pyw", ".pyi")
_SHOWN = 40


@dataclass
class Documentation:
    """What is listed of the documentation, and what is written into it."""

    items: list[ChecklistItem] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def decide(
    context: Context, edits: Iterable[Edit], prose: Mapping[str, SourceText]
) -> Documentation:
    """Look for what the documentation says otherwise than a plan.

    `edits` are those of the plan, `prose` the texts of documents by path.
    """
    found = Documentation()
    if not (context.moved_clients or context.moved_calls - context.told_calls):
        return found
    wording = _wording(context)
    edited: defaultdict[str, list[Span]] = defaultdict(list)
    for edit in edits:
        edited[edit.path].append(edit.span)
    mentions = sorted(
        _mentions(context, wording, prose, edited),
        key=lambda one: (one.place.path.endswith(_PYTHON), one.place.path, one.place.span),
    )
    written = {
        place: text for one in mentions if context.options.docs for place, text in _changes(one)
    }
    for place, text in written.items():
        why = _("the documentation says what the code does")
        found.edits.append(Edit(place.path, place.span, _CODEMOD, Splice(text), (), why))
    if context.options.docs:
        left = [one for one in mentions if not one.changes]
    else:
        left = [one for one in mentions if one.code != said.WORDS]
    found.items = list(_items(context, wording, left))
    return found


def _changes(mention: Mention) -> Iterator[tuple[Place, str]]:
    for span, text in mention.changes:
        yield Place(mention.place.path, span), text


# -- what it is to say ----------------------------------------------------------------------------


def _wording(context: Context) -> Wording:
    variables = Variables(context)
    renamed = variables.renamed()
    sdk = context.sdk
    ends = sdk is not None and context.sdk_clients and not dependencies.is_needed(context)
    return Wording(
        context.provider.name_en,
        context.base_url,
        renamed,
        variables.shared(),
        frozenset(one for one in renamed if variables.meaning(one) == BASE_URL),
        "" if context.something_stays or context.read_elsewhere else context.provider.key_page,
        partial(_model, context, dict(_chosen(context))),
        sdk.requirement if sdk is not None and ends else "",
    )


def _chosen(context: Context) -> Iterator[tuple[str, str]]:
    """The models that become one other model wherever the code names them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        found[facts.model].add((choice.model if choice is not None else None) or "")
    for model, choices in found.items():
        if len(choices) == 1:
            yield model, choices.pop()
        else:
            yield model, ""


def _model(context: Context, chosen: Mapping[str, str], name: str) -> str:
    """What a model in a command becomes: as in the code, or by the provider's profile."""
    if name in chosen:
        return chosen[name]
    if surface.model(name) is None or context.something_stays:
        return ""
    return models.choose(context, name).model or ""


# -- where it says something else -----------------------------------------------------------------


def _mentions(
    context: Context,
    wording: Wording,
    prose: Mapping[str, SourceText],
    edited: Mapping[str, list[Span]],
) -> Iterator[Mention]:
    for path, source in sorted(prose.items()):
        yield from in_document(path, source, wording)
    for path, source in sorted(context.sources.items()):
        if path.endswith(_PYTHON):
            taken: list[Span] | None = None
            for one in in_comments(path, source, wording):
                if one.changes and taken is None:
                    taken = _taken(source, edited.get(path, ()))
                free = not any(span.holds(one.place.span) for span in taken or ())
                yield one if free else replace(one, changes=())
    yield from _models_told(context)


def _models_told(context: Context) -> Iterator[Mention]:
    """What is told of models beside names that are written anew; not of those that stay."""
    written, stay = set(), set()
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if choice is None or choice.model is None:
            stay.add(facts.model)
        elif context.edits.get(site.id) and not site.in_tests:
            written.add(site.path)

    def is_meant(name: str) -> bool:
        return name not in stay and surface.model(name) is not None

    for path in sorted(written):
        source = context.sources.get(path)
        if source is not None and path.endswith(_PYTHON):
            yield from models_told(path, source, is_meant)


def _taken(source: SourceText, edited: Iterable[Span]) -> list[Span]:
    """The statements that other edits change, which are not changed by two at once.

    Of each stretch the innermost around it, if that has no statements of its own.
    """
    by_line: defaultdict[int, list[Span]] = defaultdict(list)
    for node in ast.walk(tree_of(source.text) or ast.Module([], [])):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            whole = source.span_of(node)
            for line in range(whole.line, whole.end_line + 1):
                by_line[line].append(whole)
    around = (([one for one in by_line[span.line] if one.holds(span)], span) for span in edited)
    return [(held or [span])[-1] for held, span in around]


# -- the checklist --------------------------------------------------------------------------------


def _items(
    context: Context, wording: Wording, mentions: Iterable[Mention]
) -> Iterator[ChecklistItem]:
    """One item for each thing that is said, with all its places."""
    alike: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    for one in mentions:
        alike[one.code, one.name].append(one)
    for (code, name), places in alike.items():
        first = places[0].place
        told = general(
            code,
            first.path,
            first.span.line,
            _(_WHY_LEFT if context.options.docs else _WHY),
            name=name,
            new=_new(wording, code, name),
            provider=context.provider.name,
            places=_places([one.place for one in places]),
            how="" if context.options.docs else _(", or run `migrate apply --docs`"),
        )
        yield replace(told, site_ids=_sites(context, name))


_WHY = marked("it tells people what held before the move")
_WHY_LEFT = marked(
    "it belongs to a program of OpenAI's own, the text has the new name too, or "
    "what stays on OpenAI needs it"
)


def _new(wording: Wording, code: str, name: str) -> str:
    match code:
        case said.VARIABLE:
            return wording.variables[name]
        case said.SHARED:
            return wording.shared[name]
        case said.MODEL:
            return wording.model(name)
        case said.PACKAGE:
            return wording.package
    return ""


def _sites(context: Context, name: str) -> tuple[str, ...]:
    """The first site that the code has of what is said."""
    named = (site.id for site in context.sites if site.detail.upper() == name.upper())
    return tuple(one for one in [next(named, None)] if one is not None and name)


def _places(places: list[Place]) -> str:
    lines = list(dict.fromkeys((one.path, one.span.line) for one in places))
    by_path: defaultdict[str, list[str]] = defaultdict(list)
    for path, line in lines[:_SHOWN]:
        by_path[path].append(str(line))
    shown = apart(f"{path}:{listed(held)}" for path, held in by_path.items())
    more = len(lines) - _SHOWN
    return _("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown
