"""What requests for embeddings are joined by, where one becomes several."""

from __future__ import annotations

from migrator.analysis.sites import CallFacts, Site
from migrator.edits import EmbeddingBatch
from migrator.planning.context import Context
from migrator.planning.sdk.movement import method_of

_ROWS, _USAGE = "data", "usage"


def batch_of(context: Context, site: Site, facts: CallFacts, size: int) -> EmbeddingBatch:
    """How a call is split, by the fields that its answers have."""
    batch = EmbeddingBatch(size, facts.asynchronous)
    sdk = context.sdk
    method = method_of(context, sdk, site, facts) if sdk and site.id in context.sdk_calls else None
    if method is None:
        return batch
    rows = method.reads.get((_ROWS,), _ROWS)
    counts = (method.reads.get((_USAGE, one), one) for one in batch.counts)
    return EmbeddingBatch(size, facts.asynchronous, rows=rows, counts=tuple(dict.fromkeys(counts)))
