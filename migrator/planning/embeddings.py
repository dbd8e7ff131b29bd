"""Embeddings calls: vector width, encoding, batches."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Site
from migrator.edits import Edit, EmbeddingBatch
from migrator.planning import models
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.movement import EMBEDDINGS
from migrator.providers import Model


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved embeddings call."""
    edits = ArgumentEdits(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api in EMBEDDINGS:
            _decide_call(context, edits, site, facts)
    edits.finish()


def _decide_call(context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts) -> None:
    provider = context.provider
    if "token_input" in facts.features:
        parameter = provider.embeddings_parameter("input")
        blocker = item(
            "token-input", site, parameter.detail, parameter.sources, provider=provider.name
        )
        context.hindrances.setdefault(site.id, []).append(blocker)
        return
    for argument in facts.arguments:
        parameter = provider.embeddings_parameter(argument.name)
        if parameter.action == "drop":
            edits.drop(site, argument, f"{argument.name}: {parameter.detail}")
            note = item(
                "parameter-dropped", site, parameter.detail, parameter.sources, name=argument.name
            )
            context.note(site.id, note)
    pairs = [(old, new) for old, new in models.models_of(context, facts) if new is not None]
    _encoding(context, edits, site, facts)
    _width(context, edits, site, facts, pairs)
    chosen = [model for _, new in pairs if (model := provider.model(new)) is not None]
    if chosen:
        _batches(context, site, facts, chosen)


def _encoding(context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts) -> None:
    parameter = context.provider.embeddings_parameter("encoding_format")
    if facts.argument("encoding_format") is None and parameter.default_here and facts.complete:
        reason = f"encoding_format: {parameter.detail}"
        edits.add(site, "encoding_format", parameter.default_here, reason)


def _width(
    context: Context,
    edits: ArgumentEdits,
    site: Site,
    facts: CallFacts,
    pairs: list[tuple[str, str]],
) -> None:
    """Keep the width of the vectors where the model can."""
    provider = context.provider
    given = facts.argument("dimensions")
    for old, new in pairs:
        entry = surface.model(old)
        width = given.value if given is not None else entry.dimension if entry else None
        if not isinstance(width, int):
            continue
        kept = provider.embedding_dimensions(width, new)
        if kept is None:
            model = provider.model(new)
            parameter = provider.embeddings_parameter("dimensions")
            largest = max(model.dimensions, default=0) if model else 0
            note = item(
                "vector-width", site, parameter.detail, parameter.sources, model=old, width=largest
            )
            context.note(site.id, note)
            if given is not None:
                edits.replace(site, given, str(largest), f"dimensions: {parameter.detail}")
            elif facts.complete:
                edits.add(site, "dimensions", str(largest), f"dimensions: {parameter.detail}")
        elif given is None and facts.complete:
            model = provider.model(new)
            if model is None or kept != model.default_dimension:
                edits.add(site, "dimensions", str(kept), f"vectors of {old} are {width} wide")


def _batches(context: Context, site: Site, facts: CallFacts, chosen: list[Model]) -> None:
    sizes = [model.max_batch for model in chosen if model.max_batch]
    if not sizes:
        return
    size = min(sizes)
    given = facts.argument("input")
    known = given.value if given is not None else None
    if "single_input" in facts.features or isinstance(known, str):
        return
    if isinstance(known, list) and len(known) <= size:
        return
    parameter = context.provider.embeddings_parameter("input")
    source = context.sources.get(facts.callee.path)
    spelled = source.slice(facts.callee.span) if source is not None else ""
    if not spelled.endswith("embeddings.create") or facts.raw:
        note = item("embedding-batch", site, parameter.detail, parameter.sources, size=size)
        context.note(site.id, note)
        return
    context.edit(
        Edit(
            site.path,
            site.span,
            "embedding-batch",
            EmbeddingBatch(size, facts.asynchronous),
            (site.id,),
            f"input: {parameter.detail}",
        )
    )
