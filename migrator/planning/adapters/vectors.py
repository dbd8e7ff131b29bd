"""The module that is written where a request for embeddings makes one vector at the provider."""

from __future__ import annotations

from collections.abc import Collection

from migrator.planning.adapters.sending import Sending
from migrator.providers import Provider

CREATE, CREATE_LATER = "create_embeddings", "create_embeddings_async"
SEVERAL = "AT_ONCE = 8  # requests"
ONE = "AT_ONCE = 1  # request: the client is not made for several threads"

_HEAD = '''\
"""Embeddings for code that was written for OpenAI's `embeddings.create`.

Served by PROVIDER.
A request makes one vector there, at a path of its own, so each text is a request.
They are sent by the client, with its key and settings.
"""

from __future__ import annotations

IMPORTS

from openai.types import CreateEmbeddingResponse, Embedding
from openai.types.create_embedding_response import Usage

PATH = "WHERE"  # below the client's base URL
SEVERAL
FIELDS = ("dimensions", "encoding_format")
OPTIONS = {
    "extra_headers": "headers",
    "extra_query": "params",
    "extra_body": "extra_json",
}
'''
_CREATE = '''

def create_embeddings(
    client: Any, *, model: str, input: str | Iterable[str], **request: Any
) -> CreateEmbeddingResponse:
    """Embed a text, or each of several."""
    fields, options = _apart(request)

    def ask(text: str) -> Any:
        body = _body(model, text, fields)
        return client.post(PATH, cast_to=object, body=body, options=options)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return _joined(model, list(pool.map(ask, _texts(input))))
'''
_CREATE_LATER = '''

async def create_embeddings_async(
    client: Any, *, model: str, input: str | Iterable[str], **request: Any
) -> CreateEmbeddingResponse:
    """Embed a text, or each of several."""
    fields, options = _apart(request)
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(text: str) -> Any:
        body = _body(model, text, fields)
        async with gate:
            return await client.post(PATH, cast_to=object, body=body, options=options)

    return _joined(model, await asyncio.gather(*map(ask, _texts(input))))
'''
_TAIL = '''

def _texts(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _apart(request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a request, and how it is sent."""
    fields = {name: request[name] for name in FIELDS if request.get(name)}
    options = {
        OPTIONS.get(name, name): value
        for name, value in request.items()
        if name not in FIELDS and (value is not None or name == "timeout")
    }
    return fields, options


def _body(model: str, text: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"model": model, "input": [{"type": "text", "text": text}], **fields}


def _joined(model: str, answers: list[Any]) -> CreateEmbeddingResponse:
    """The answers as one, as OpenAI gives it."""
    rows = [
        Embedding.construct(
            embedding=answer["data"]["embedding"], index=index, object="embedding"
        )
        for index, answer in enumerate(answers)
    ]
    counts = [answer["usage"] for answer in answers]
    usage = Usage(
        prompt_tokens=sum(one["prompt_tokens"] for one in counts),
        total_tokens=sum(one["total_tokens"] for one in counts),
    )
    return CreateEmbeddingResponse.construct(
        data=rows, model=model, object="list", usage=usage
    )
'''


def source(provider: Provider, _: Sending, functions: Collection[str]) -> str:
    """The text of the module with the functions that are called."""
    single = provider.single_vectors
    assert single is not None, "a profile whose embeddings are made one by one names the path"
    parts = [_HEAD]
    if CREATE in functions:
        parts.append(_CREATE)
    if CREATE_LATER in functions:
        parts.append(_CREATE_LATER)
    words = {"PROVIDER": provider.name_en, "IMPORTS": _imports(functions), "WHERE": single.path}
    words["SEVERAL"] = SEVERAL
    text = "".join([*parts, _TAIL])
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _imports(functions: Collection[str]) -> str:
    return "\n".join(
        [
            *(["import asyncio"] if CREATE_LATER in functions else []),
            "from collections.abc import Iterable",
            *(["from concurrent.futures import ThreadPoolExecutor"] if CREATE in functions else []),
            "from typing import Any",
        ]
    )
