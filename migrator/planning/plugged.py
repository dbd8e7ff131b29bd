"""What the codemods of plug-ins are asked to do, and what is told of what they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from migrator import plugins
from migrator.analysis.sites import Site
from migrator.decisions import ChecklistItem, Convert, Decision, Plan, Source
from migrator.edits import Edit, Plugged
from migrator.language import counted
from migrator.planning import syntax
from migrator.planning.messages import general
from migrator.source import PYTHON, SourceText


def asked(plan: Plan, sources: Mapping[str, SourceText]) -> Plan:
    """The plan with an edit of each codemod for each site that moves and is of its kinds.

    Raises PluginError.
    """
    known = plugins.third_party()
    if not known:
        return plan

    def with_edits(decision: Decision) -> Decision:
        site = decision.site
        named = [name for name, one in known.items() if site.kind.value in one.kinds]
        if not (named and isinstance(decision, Convert) and _is_expression(site, sources)):
            return decision
        provider = plan.elsewhere.get(site.id, plan.target.provider)
        edits = (_edit(site, known[name], provider, plan.target.mode) for name in named)
        return replace(decision, edits=(*decision.edits, *edits))

    return replace(plan, decisions=tuple(map(with_edits, plan.decisions)))


def _is_expression(site: Site, sources: Mapping[str, SourceText]) -> bool:
    source = sources.get(site.path)
    if source is None or not site.path.endswith(PYTHON) or source.is_hidden(site.span.line):
        return False
    return any(source.span_of(node) == site.span for node, _ in syntax.ancestors(source, site.span))


def _edit(site: Site, one: plugins.Codemod, provider: str, mode: str) -> Edit:
    plugged = Plugged(one.name, site.kind.value, site.detail, provider, mode)
    reason = f"{one.summary} ({one.package})"
    return Edit(site.path, site.span, one.name, plugged, (site.id,), reason)


def told(plan: Plan, idle: Collection[Edit]) -> Plan:
    """The plan without what the codemods left alone, and with an item for each that did something.

    A decision has the sources of what was done for it.
    """
    known = plugins.third_party()
    if not known:
        return plan

    def without(decision: Decision) -> Decision:
        if not isinstance(decision, Convert):
            return decision
        kept = tuple(edit for edit in decision.edits if edit not in idle)
        done = [known[edit.codemod] for edit in kept if isinstance(edit.instruction, Plugged)]
        cited = (_source(one) for one in done if one.url)
        return replace(decision, edits=kept, sources=(*decision.sources, *cited))

    settled = replace(plan, decisions=tuple(map(without, plan.decisions)))
    items = tuple(_items(settled, known))
    return replace(settled, extra_items=(*settled.extra_items, *items))


def _items(plan: Plan, known: Mapping[str, plugins.Codemod]) -> Iterator[ChecklistItem]:
    done = Counter(e.codemod for e in plan.edits if isinstance(e.instruction, Plugged))
    for name, number in sorted(done.items()):
        one = known[name]
        places = counted("{number} place", "{number} places", number)
        sources = [_source(one)] if one.url else []
        said = {"name": name, "package": one.package, "places": places, "review": one.review}
        yield general("plugin-rewrote", "", 0, one.summary, sources, **said)


def _source(one: plugins.Codemod) -> Source:
    return Source(one.url, one.package)
