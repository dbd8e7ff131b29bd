"""The functions that are written into a file: that they come once, and that they work."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from migrator.edits import EmbeddingBatch, StructuredOutput
from tests.codemods.rewriting import At, refusals, rewritten

HEAD = "from openai import OpenAI\n\nclient = OpenAI()\n\n"
CALL = 'client.embeddings.create(input=texts, model="m")'
BATCH = At(CALL, EmbeddingBatch(3, asynchronous=False))
ASYNC_BATCH = At(CALL, EmbeddingBatch(3, asynchronous=True))


def defined(text: str, name: str) -> Callable[..., Any]:
    """A helper of a rewritten text, by itself."""
    start = text.index("async def " if f"async def {name}(" in text else f"def {name}(")
    end = text.index("\n\n\n", start)
    namespace: dict[str, Any] = {"json": __import__("json")}
    exec(text[start:end], namespace)
    return namespace[name]  # type: ignore[no-any-return]


class Embeddings:
    """Answers as the endpoint does, and remembers how many inputs each request had."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    def create(self, *, input: Any, model: str) -> SimpleNamespace:  # noqa: A002
        texts = [input] if isinstance(input, str) or isinstance(input[0], int) else input
        assert len(texts) <= 3
        self.requests.append(input)
        data = [SimpleNamespace(index=i, embedding=text) for i, text in enumerate(texts)]
        usage = SimpleNamespace(prompt_tokens=len(texts), total_tokens=len(texts))
        return SimpleNamespace(data=data, usage=usage, model=model)

    async def create_async(self, **request: Any) -> SimpleNamespace:
        return self.create(**request)


def test_the_call_becomes_one_of_the_helper() -> None:
    after = rewritten(f"{HEAD}x = {CALL}\n", BATCH)
    assert after.startswith("from openai import OpenAI\n\n\ndef create_embeddings_in_batches(")
    assert "    return joined\n\n\nclient = OpenAI()\n" in after
    assert after.endswith(
        'x = create_embeddings_in_batches(client.embeddings.create, input=texts, model="m")\n'
    )


def test_a_call_over_several_lines_keeps_them() -> None:
    code = "client.embeddings.create(\n    input=texts,\n    model=m,\n)"
    after = rewritten(f"{HEAD}x = {code}\n", At(code, EmbeddingBatch(3, False)))
    assert after.endswith(
        "x = create_embeddings_in_batches(\n    client.embeddings.create,\n"
        "    input=texts,\n    model=m,\n)\n"
    )


def test_an_awaited_call_stays_awaited() -> None:
    after = rewritten(f"{HEAD}async def f():\n    return await {CALL}\n", ASYNC_BATCH)
    assert "return await create_embeddings_in_batches_async(\n        client.embeddings" in after
    assert "async def create_embeddings_in_batches_async(" in after


def test_two_calls_share_one_helper() -> None:
    text = f"{HEAD}x = {CALL}\ny = {CALL}\n"
    after = rewritten(text, BATCH, At(CALL, BATCH.instruction, 1))
    assert after.count("def create_embeddings_in_batches(") == 1
    assert after.count("create_embeddings_in_batches(client") == 2


def test_a_helper_that_stands_there_is_used() -> None:
    once = rewritten(f"{HEAD}x = {CALL}\n", BATCH)
    twice = rewritten(f"{once}y = {CALL}\n", BATCH)
    assert twice.count("def create_embeddings_in_batches") == 1


def test_a_name_that_is_taken_is_not() -> None:
    after = rewritten(f"{HEAD}create_embeddings_in_batches = 1\nx = {CALL}\n", BATCH)
    assert "x = create_embeddings_in_batches_2(client" in after
    assert "def create_embeddings_in_batches_2(" in after


TYPED = f"{HEAD}def f(texts: list[str]) -> object:\n    return {CALL}\n"


def test_a_helper_is_annotated_where_functions_are() -> None:
    after = rewritten(TYPED, BATCH)
    signature = "(create: Any, batch_size: int = 3, **request: Any) -> Any:"
    assert after.startswith("from typing import Any\n\nfrom openai import OpenAI\n")
    assert f"\ndef create_embeddings_in_batches{signature}\n" in after
    again = rewritten(f"{after}\n\ny = {CALL}\n", BATCH)
    assert again.count("def create_embeddings_in_batches") == 1


def test_a_long_signature_is_broken() -> None:
    after = rewritten(TYPED.replace("def f", "async def f"), ASYNC_BATCH)
    assert "_async(\n    create: Any, batch_size: int = 3, **request: Any\n) -> Any:\n" in after


def test_a_path_over_several_lines_is_handed_on_in_one() -> None:
    code = "(\n    client\n    .embeddings\n    .create(input=texts)\n)"
    before = f"{HEAD}x = {code}\n"
    call = code.strip("()\n ") + ")"
    after = rewritten(before, At(call, EmbeddingBatch(3, False)))
    assert "create_embeddings_in_batches(client.embeddings.create, input=texts)" in after


def test_two_sizes_are_two_helpers() -> None:
    other = CALL.replace("texts", "words")
    text = f"{HEAD}x = {CALL}\ny = {other}\n"
    after = rewritten(text, BATCH, At(other, EmbeddingBatch(5, False)))
    assert "batch_size=3" in after
    assert "batch_size=5" in after


def test_tabs_and_line_endings_are_the_file_s() -> None:
    text = f"{HEAD}def f():\n\treturn {CALL}\n".replace("\n", "\r\n")
    after = rewritten(text, BATCH)
    assert "\r\n\ttexts = " in after
    assert "\n" not in after.replace("\r\n", "")


def test_an_input_by_position_is_refused() -> None:
    code = "client.embeddings.create(texts)"
    assert refusals(f"{HEAD}{code}\n", At(code, EmbeddingBatch(3, False))) == [
        "no argument input stands there"
    ]


@pytest.mark.parametrize(
    ("given", "requests"),
    [
        ("one", ["one"]),
        (["a"], [["a"]]),
        (["a", "b", "c"], [["a", "b", "c"]]),
        (["a", "b", "c", "d"], [["a", "b", "c"], ["d"]]),
        (("a", "b", "c", "d"), [["a", "b", "c"], ["d"]]),
        ([1, 2, 3, 4], [[1, 2, 3, 4]]),
        ([[1], [2], [3], [4]], [[[1], [2], [3]], [[4]]]),
    ],
    ids=[
        "a string",
        "one text",
        "a full batch",
        "one more than a batch",
        "a tuple",
        "the tokens of one text",
        "the tokens of several texts",
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_inputs_are_sent_in_batches(given: Any, requests: list[Any], asynchronous: bool) -> None:
    edit = ASYNC_BATCH if asynchronous else BATCH
    name = "create_embeddings_in_batches" + ("_async" if asynchronous else "")
    helper = defined(rewritten(f"{HEAD}x = {CALL}\n", edit), name)
    endpoint = Embeddings()
    create = endpoint.create_async if asynchronous else endpoint.create
    result = helper(create, input=given, model="m")
    response = asyncio.run(result) if inspect.iscoroutine(result) else result
    assert endpoint.requests == requests
    if isinstance(given, str) or isinstance(given[0], int):
        return
    assert [item.index for item in response.data] == list(range(len(given)))
    assert [item.embedding for item in response.data] == list(given)
    assert response.usage.total_tokens == len(given)


def test_a_generator_of_texts_is_read_once() -> None:
    helper = defined(rewritten(f"{HEAD}x = {CALL}\n", BATCH), "create_embeddings_in_batches")
    endpoint = Embeddings()
    helper(endpoint.create, input=(text for text in "abcde"), model="m")
    assert endpoint.requests == [["a", "b", "c"], ["d", "e"]]


PARSE = "client.chat.completions.parse(model=m, messages=ms, response_format=Answer)"


def test_parse_becomes_a_json_request() -> None:
    after = rewritten(f"{HEAD}x = {PARSE}\n", At(PARSE, StructuredOutput(False)))
    assert after.startswith("import json\n\nfrom openai import OpenAI\n\n\ndef parse_structured")
    call = (
        "(\n    client.chat.completions.create, model=m, messages=ms, response_format=Answer\n)\n"
    )
    assert after.endswith(f"x = parse_structured_output{call}")


def test_beta_is_left_out() -> None:
    code = PARSE.replace("client.", "client.beta.")
    after = rewritten(f"{HEAD}x = {code}\n", At(code, StructuredOutput(False)))
    assert "beta" not in after


def test_a_json_that_only_a_function_imports_is_not_relied_on() -> None:
    text = f"{HEAD}def f():\n    import json\n\n    return {PARSE}\n"
    after = rewritten(text, At(PARSE, StructuredOutput(False)))
    assert after.startswith("import json\n\nfrom openai import OpenAI\n")


def test_json_s_name_in_the_file_is_used() -> None:
    after = rewritten(
        f"from json import dumps\n{HEAD}x = {PARSE}\n", At(PARSE, StructuredOutput(False))
    )
    assert "schema = dumps(" in after


class Answer:
    """Stands in for a pydantic model."""

    @classmethod
    def model_json_schema(cls) -> dict[str, str]:
        return {"title": "答"}

    @classmethod
    def model_validate_json(cls, text: str) -> str:
        return f"parsed {text}"


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_the_answers_are_parsed(asynchronous: bool) -> None:
    text = rewritten(f"{HEAD}x = {PARSE}\n", At(PARSE, StructuredOutput(asynchronous)))
    helper = defined(text, "parse_structured_output" + ("_async" if asynchronous else ""))
    seen: dict[str, Any] = {}

    def create(**request: Any) -> SimpleNamespace:
        seen.update(request)
        messages = [SimpleNamespace(content="{}"), SimpleNamespace(content=None)]
        return SimpleNamespace(choices=[SimpleNamespace(message=one) for one in messages])

    async def create_async(**request: Any) -> SimpleNamespace:
        return create(**request)

    history = [{"role": "user", "content": "hi"}]
    result = helper(
        create_async if asynchronous else create,
        model="m",
        messages=history,
        response_format=Answer,
    )
    response = asyncio.run(result) if inspect.iscoroutine(result) else result
    assert [choice.message.parsed for choice in response.choices] == ["parsed {}", None]
    assert seen["response_format"] == {"type": "json_object"}
    assert seen["messages"][0] == history[0]
    assert "JSON" in seen["messages"][1]["content"]
    assert "答" in seen["messages"][1]["content"]
    assert len(history) == 1


@pytest.mark.parametrize(
    ("last", "messages"),
    [
        ({"role": "user", "content": "hi"}, 1),
        ({"role": "user", "content": [{"type": "text", "text": "hi"}]}, 1),
        ({"role": "assistant", "content": "hi"}, 2),
    ],
    ids=["a text", "parts", "another role"],
)
def test_the_schema_is_asked_for_where_the_user_speaks(last: dict[str, Any], messages: int) -> None:
    text = rewritten(f"{HEAD}x = {PARSE}\n", At(PARSE, StructuredOutput(False, joined=True)))
    helper = defined(text, "parse_structured_output")
    seen: dict[str, Any] = {}

    def create(**request: Any) -> SimpleNamespace:
        seen.update(request)
        return SimpleNamespace(choices=[])

    helper(create, model="m", messages=[last], response_format=Answer)
    assert len(seen["messages"]) == messages
    assert seen["messages"][-1]["role"] == "user"
    assert "JSON" in str(seen["messages"][-1]["content"])
    assert "hi" in str(seen["messages"])


@pytest.mark.parametrize(
    "code",
    [
        "parse(messages=ms, response_format=A)",
        "client.chat.completions.with_raw_response.parse(messages=ms, response_format=A)",
        "client.chat.completions.parse(messages=ms)",
    ],
    ids=["a function", "a raw response", "no response format"],
)
def test_what_is_not_a_plain_parse_is_refused(code: str) -> None:
    assert len(refusals(f"{HEAD}{code}\n", At(code, StructuredOutput(False)))) == 1


def test_a_function_is_imported_where_there_is_a_module_for_it() -> None:
    batch = EmbeddingBatch(3, asynchronous=False, module="app.batches")
    after = rewritten(f"{HEAD}x = {CALL}\n", At(CALL, batch))
    assert "from app.batches import create_embeddings_in_batches\n" in after
    assert "def create_embeddings_in_batches" not in after


def test_an_import_by_dots_stands_behind_the_others() -> None:
    batch = EmbeddingBatch(3, asynchronous=False, module="..batches")
    before = f"from openai import OpenAI\n\nfrom ..clients import client\n\nx = {CALL}\n"
    after = rewritten(before, At(CALL, batch))
    assert "from ..batches import create_embeddings_in_batches\nfrom ..clients import" in after
