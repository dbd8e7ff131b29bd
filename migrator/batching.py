"""The functions that split a request for embeddings, as they are written into a repository."""

from __future__ import annotations

from dataclasses import dataclass

_NAME = "create_embeddings_in_batches"
_BODY = '''\
    """Embed `INPUT` in batches of `batch_size` texts and join the responses into one."""
    texts = request.pop("INPUT")
    texts = texts if isinstance(texts, str) else list(texts)
    if isinstance(texts, str) or len(texts) <= batch_size or isinstance(texts[0], int):
        return create(INPUT=texts, **request)
    joined = create(INPUT=texts[:batch_size], **request)
    for start in range(batch_size, len(texts), batch_size):
        response = create(INPUT=texts[start : start + batch_size], **request)
        joined.ROWS.extend(response.ROWS)
        if joined.usage and response.usage:
COUNTS
    for index, item in enumerate(joined.ROWS):
        item.index = index
    return joined
'''


@dataclass(frozen=True)
class Splitting:
    """A function by its parts: what it is called, its parameters (annotated, too) and its body.

    `rows` is the field of an answer that holds the vectors, and `counts` what its usage counts.
    """

    size: int
    asynchronous: bool
    input_name: str
    rows: str = "data"
    counts: tuple[str, ...] = ("prompt_tokens", "total_tokens")

    @property
    def name(self) -> str:
        return f"{_NAME}_async" if self.asynchronous else _NAME

    @property
    def parameters(self) -> str:
        return f"create, batch_size={self.size}, **request"

    @property
    def annotated(self) -> str:
        return f"create: Any, batch_size: int = {self.size}, **request: Any"

    @property
    def body(self) -> str:
        counts = "\n".join(
            f"            joined.usage.{one} += response.usage.{one}" for one in self.counts
        )
        body = _BODY.replace("INPUT", self.input_name).replace("ROWS", self.rows)
        body = body.replace("COUNTS", counts)
        return body.replace(" create(", " await create(") if self.asynchronous else body
