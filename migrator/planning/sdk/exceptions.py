"""Exceptions of the openai package where what raises them goes by the SDK.

Where something stays with the openai package, its exceptions are caught beside the SDK's.
"""

from __future__ import annotations

import ast
from collections import defaultdict

from migrator.analysis.sites import Kind, NameFacts, Place, Site
from migrator.edits import Edit, ErrorClasses, ReplaceExpression
from migrator.language import _, either, marked
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.sdk.raising import Raising
from migrator.sdks import OwnSdk, Raised
from migrator.source import SourceText

CODEMOD = "sdk-exception"


def decide(context: Context) -> None:
    """Plan the exceptions that are caught, and tell of those that have no class of their own."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    raising = Raising(context)
    listed: defaultdict[Place, list[Site]] = defaultdict(list)
    for site, facts in context.with_facts(Kind.EXCEPTION, NameFacts):
        source = context.sources.get(site.path)
        if source is None or context.edits.get(site.id) or site.id in context.hindrances:
            continue
        if not raising.is_raised(site):
            context.leave(site.id, _("what raises it stays with the openai package"))
            continue
        raised = sdk.raised(facts.name)
        node, around = _found(source, site)
        if node is None or _is_made(node, around):
            _tell(context, sdk, site, facts, "sdk-exception-made", _(_MADE))
        elif raised is None or raised.statuses:
            _tell_missing(context, sdk, site, facts, raised)
        elif around and isinstance(around[-1], ast.Tuple):
            listed[Place(site.path, source.span_of(around[-1]))].append(site)
        else:
            _replace(context, sdk, site, raised, beside=raising.is_beside(site))
    for place, sites in listed.items():
        beside = any(map(raising.is_beside, sites))
        _replace_listed(context, sdk, place, sites, beside=beside)


_MADE = marked("the exceptions of the two packages are not constructed alike")


def others(context: Context) -> bool:
    """Whether something stays with the openai package, and so raises its exceptions."""
    return Raising(context).others


def _found(source: SourceText, site: Site) -> tuple[ast.expr | None, list[ast.AST]]:
    return next(iter(syntax.ancestors(source, site.span)), (None, []))


def _is_made(node: ast.expr, around: list[ast.AST]) -> bool:
    """Whether an exception is constructed, and not asked for."""
    outer = around[-1] if around else None
    return isinstance(outer, ast.Call) and outer.func is node


def _tell(context: Context, sdk: OwnSdk, site: Site, facts: NameFacts, code: str, why: str) -> None:
    told = {"name": facts.name, "sdk": sdk.name}
    context.hinder(site.id, item(code, site, why, (), told))


def _tell_missing(
    context: Context, sdk: OwnSdk, site: Site, facts: NameFacts, raised: Raised | None
) -> None:
    told: dict[str, object] = {"name": facts.name, "sdk": sdk.name, "instead": _("what it raises")}
    if raised is not None:
        statuses = either(map(str, raised.statuses))
        told["instead"] = _(
            "`{name}` where its `status_code` is {statuses}",
            name=raised.classes[0],
            statuses=statuses,
        )
    why = _("{sdk} has no class for it", sdk=sdk.name)
    context.hinder(site.id, item("sdk-exception-missing", site, why, sdk.sources, told))


def _replace(context: Context, sdk: OwnSdk, site: Site, raised: Raised, *, beside: bool) -> None:
    names = [one.rpartition(".")[2] for one in raised.classes]
    source = f"({', '.join(names)})" if len(names) > 1 else names[0]
    instruction: ErrorClasses | ReplaceExpression = ReplaceExpression(source, raised.classes)
    if beside:
        instruction = ErrorClasses(((0, raised.classes),), beside=True)
    context.edit(Edit(site.path, site.span, CODEMOD, instruction, (site.id,), _why(sdk)))


def _replace_listed(
    context: Context, sdk: OwnSdk, place: Place, sites: list[Site], *, beside: bool
) -> None:
    """One edit for a tuple of exceptions."""
    source = context.sources[place.path]
    found = (one for one, _ in syntax.ancestors(source, place.span) if isinstance(one, ast.Tuple))
    spans = [source.span_of(one) for node in found for one in node.elts]
    classes = tuple(sorted((spans.index(one.span), _classes(sdk, one)) for one in sites))
    instruction = ErrorClasses(classes, beside=beside)
    ids = tuple(site.id for site in sites)
    context.edit(Edit(place.path, place.span, CODEMOD, instruction, ids, _why(sdk)))


def _classes(sdk: OwnSdk, site: Site) -> tuple[str, ...]:
    assert isinstance(site.facts, NameFacts)
    raised = sdk.raised(site.facts.name)
    return raised.classes if raised is not None else ()


def _why(sdk: OwnSdk) -> str:
    return _("{sdk} raises it", sdk=sdk.name)
