"""Names of one list that became the same: the list names it once, where that is all it is for."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict

from migrator.analysis.sites import ModelFacts, Place, Site
from migrator.edits import Edit, Listed
from migrator.language import _
from migrator.planning import branches
from migrator.planning.branches import Branches
from migrator.planning.context import Context
from migrator.source import PYTHON

# What is made of a list, or asks for one of its entries, without counting them.
_TAKERS = frozenset({"set", "frozenset", "sorted", "iter", "Choice", "join", "print"})


def decide(context: Context) -> None:
    """Plan that a name stands once in a list that several of its names were put into."""
    lists: defaultdict[Place, list[tuple[Site, str]]] = defaultdict(list)
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if choice is None or not choice.model:
            continue
        place = _display(context, site, facts)
        if place is not None:
            lists[place].append((site, choice.model))
    for place, held in lists.items():
        count = Counter(new for _, new in held)
        twice = tuple(new for new, number in count.items() if number > 1)
        if twice and _is_looked_through(context, place):
            ids = tuple(site.id for site, new in held if new in twice)
            why = _("several of its names became the same")
            edit = Edit(place.path, place.span, "listed", Listed(once=twice), ids, why)
            context.edit(edit)


def _display(context: Context, site: Site, facts: ModelFacts) -> Place | None:
    source = context.sources.get(site.path)
    if source is None or not site.path.endswith(PYTHON):
        return None
    span = branches.display(source, facts.literal.span)
    return Place(site.path, span) if span is not None else None


def _is_looked_through(context: Context, place: Place) -> bool:
    """Whether a list is only searched, gone through or joined with others: no entry is counted."""
    known = branches.branches(context.sources[place.path].text)
    node = known.expression(place.span)
    if node is None or isinstance(node, ast.Set) or _is_searched(known, node):
        return node is not None
    match known.parent(node):
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return all(
                _is_searched(other, use)
                for path, source in context.sources.items()
                if path.endswith(PYTHON) and name in source.text
                for other in (branches.branches(source.text),)
                for use in other.named(name)
            )
    return False


def _is_searched(known: Branches, node: ast.expr) -> bool:
    match known.parent(node):
        case ast.keyword(arg="choices"):
            return True
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]):
            return held is node
        case ast.For(iter=held) | ast.AsyncFor(iter=held) | ast.comprehension(iter=held):
            return held is node
        case ast.Subscript(value=held, slice=ast.Constant(value=0)):
            return held is node
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _TAKERS
        case ast.BinOp(op=ast.Add()) as joined:
            return _is_searched(known, joined)
        case ast.Starred() as spread:
            around = known.parent(spread)
            return isinstance(around, ast.expr) and _is_searched(known, around)
    return False
