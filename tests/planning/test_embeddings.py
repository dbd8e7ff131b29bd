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


# -- what splits them, shared by files ------------------------------------------------------------

CLIENT = "from openai import OpenAI\nclient = OpenAI()\n"


def embedding(imported: str, name: str = "texts", model: str = "text-embedding-3-small") -> str:
    call = f"client.embeddings.create(model={model!r}, input={name})"
    return f"{imported}\n\n\ndef embed({name}):\n    return {call}\n"


def modules_of(files: dict[str, str]) -> dict[str, str]:
    """By file that splits embeddings: where the function is imported from, "" where it stands."""
    edits = planned(files).plan.edits
    return {
        one.path: one.instruction.module
        for one in edits
        if isinstance(one.instruction, EmbeddingBatch)
    }


PACKAGE = {"app/__init__.py": "", "app/b/__init__.py": "", "app/clients.py": CLIENT}
SHARED = {
    "by the name of the package": (
        PACKAGE,
        "from app.clients import client",
        "from app.clients import client",
        ["app.bailian_embeddings", "app.bailian_embeddings"],
    ),
    "by dots": (
        PACKAGE,
        "from .clients import client",
        "from ..clients import client",
        [".bailian_embeddings", "..bailian_embeddings"],
    ),
}


@pytest.mark.parametrize(("package", "first", "second", "names"), SHARED.values(), ids=list(SHARED))
def test_the_files_of_a_package_share_a_module(
    package: dict[str, str], first: str, second: str, names: list[str]
) -> None:
    files = {**package, "app/a.py": embedding(first), "app/b/c.py": embedding(second)}
    assert list(modules_of(files).values()) == names


def test_scripts_that_import_each_other_share_a_module() -> None:
    texts = embedding("from clients import client")
    files = {"tools/clients.py": CLIENT, "tools/a.py": texts, "tools/b.py": texts}
    assert set(modules_of(files).values()) == {"bailian_embeddings"}


def test_the_module_is_written_once_in_the_manner_of_its_users() -> None:
    users = embedding("from app.clients import client")
    files = {**PACKAGE, "app/a.py": users, "app/b/c.py": users}
    found = planned(files)
    after = found.rewritten()
    written = after["app/bailian_embeddings.py"]
    assert "(create: Any, batch_size: int = 10, **request: Any) -> Any:" in written
    assert "texts = request.pop('input')" in written
    assert "from app.bailian_embeddings import create_embeddings_in_batches\n" in after["app/a.py"]
    compile(written, "bailian_embeddings.py", "exec")


def test_models_that_take_different_numbers_share_the_smaller() -> None:
    one = embedding("from app.clients import client")
    other = embedding("from app.clients import client", model="text-embedding-3-large")
    files = {**PACKAGE, "app/a.py": one, "app/b/c.py": other}
    written = planned(files).rewritten()["app/bailian_embeddings.py"]
    assert written.count("def create_embeddings_in_batches") == 1
    assert "batch_size: int = 10" in written


APART = {
    "one file": {**PACKAGE, "app/a.py": embedding("from app.clients import client")},
    "scripts that import nothing beside them": {
        "a.py": embedding(CLIENT),
        "b.py": embedding(CLIENT),
    },
    "files of different trees": {"x/a.py": embedding(CLIENT), "y/a.py": embedding(CLIENT)},
}


@pytest.mark.parametrize("files", APART.values(), ids=list(APART))
def test_other_files_get_the_function_themselves(files: dict[str, str]) -> None:
    assert set(modules_of(files).values()) == {""}


@pytest.mark.parametrize("given", ["query", "row['text']", "self.question", "clean(text)"])
def test_what_may_be_one_text_is_told(given: str) -> None:
    found = planned(embed(f"input={given}", head="query, row, self, clean, text"))
    assert not found.instructions(EmbeddingBatch)
    assert found.item("embedding-batch")


@pytest.mark.parametrize(
    "given",
    ["row['chunks']", "self.docs", "list(text)", "query[:5]", "text_list", "clean(text) + rows"],
)
def test_what_is_called_a_list_is_split(given: str) -> None:
    found = planned(embed(f"input={given}", head="query, row, self, clean, text, text_list, rows"))
    assert found.instructions(EmbeddingBatch) == [EmbeddingBatch(10, False)]
