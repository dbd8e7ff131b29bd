"""Embeddings calls: width, encoding, batches."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.edits import EmbeddingBatch
from tests.planning.builders import Checklist, embed, planned


def test_the_width_of_the_vectors_is_kept() -> None:
    after = planned(embed("input='x'")).after()
    assert "dimensions=1536" in after
    assert 'encoding_format="float"' in after


def test_a_width_that_is_given_stays() -> None:
    after = planned(embed("input='x', dimensions=512")).after()
    assert "dimensions=512" in after
    assert "1536" not in after


def test_a_width_the_model_lacks_is_told() -> None:
    found = planned(embed("input='x'", model='"text-embedding-3-large"'))
    assert "2560" in found.item("vector-width").action
    assert "dimensions=2560" in found.after()


def test_two_widths_at_one_call_are_told_and_not_written() -> None:
    code = """
    from openai import OpenAI
    client = OpenAI()
    def embed(text: str, large):
        model = "text-embedding-3-large" if large else "text-embedding-3-small"
        return client.embeddings.create(model=model, input=text)
    """
    found = planned(code)
    assert found.item("vector-widths")
    assert "dimensions" not in found.after()


def test_arguments_that_cannot_be_added_are_told() -> None:
    found = planned(embed("input='x', **more", head="**more"))
    assert found.codes().count("argument-to-add") == 2
    assert "dimensions=1536" not in found.after()


@pytest.mark.parametrize(
    ("arguments", "head"),
    [
        ("input='one'", ""),
        ("input=['one', 'two']", ""),
        ("input=[text]", "text"),
        ("input=text", "text: str"),
        ("input=f'query: {text}'", "text"),
    ],
)
def test_a_small_input_needs_no_batches(arguments: str, head: str) -> None:
    found = planned(embed(arguments, head=head))
    assert not found.instructions(EmbeddingBatch)


@pytest.mark.parametrize(
    ("arguments", "head"),
    [
        ("input=texts", "texts"),
        ("input=texts", "texts: list[str]"),
        ("input=[one for one in texts]", "texts"),
        (f"input={[str(n) for n in range(11)]}", ""),
    ],
)
def test_an_input_that_may_be_large_is_split(arguments: str, head: str) -> None:
    found = planned(embed(arguments, head=head))
    assert found.instructions(EmbeddingBatch) == [EmbeddingBatch(10, False)]


def test_the_batch_is_that_of_the_model() -> None:
    found = planned(embed("input=texts", model='"text-embedding-3-large"'))
    assert found.instructions(EmbeddingBatch) == [EmbeddingBatch(20, False)]


def test_a_call_that_cannot_be_split_is_told() -> None:
    code = embed("input=texts").replace("embeddings.create", "embeddings.with_raw_response.create")
    found = planned(code)
    assert not found.instructions(EmbeddingBatch)
    assert found.item("embedding-batch")


@pytest.mark.parametrize("given", ["[[1, 2, 3]]", "[1, 2, 3]"])
def test_token_ids_are_a_blocker(given: str) -> None:
    found = planned(embed(f"input={given}"))
    assert isinstance(found.decision("app.py", Kind.CALL), Checklist)
    assert found.item("token-input")


def test_an_encoding_nobody_documents_is_a_blocker() -> None:
    assert planned(embed("input='x', encoding_format='base64'")).item("encoding-refused")
    found = planned(embed("input='x', encoding_format='float'"))
    assert "encoding-refused" not in found.codes()


def test_the_index_is_to_be_built_anew_once() -> None:
    code = embed("input='x'") + embed("input='y'").split("\n", 2)[2].replace("embed(", "again(", 1)
    assert planned(code).codes().count("rebuild-index") == 1
