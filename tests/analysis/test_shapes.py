"""What the answers of the API are made of."""

from __future__ import annotations

import pytest

from migrator.analysis import surface
from migrator.analysis.shapes import Shape, can_stream, is_page, shape_of


@pytest.mark.parametrize(
    ("api", "path", "streamed", "expected"),
    [
        pytest.param("chat.completions.create", "", False, Shape.OBJECT, id="the whole"),
        pytest.param("chat.completions.create", "choices", False, Shape.LIST, id="a list"),
        pytest.param("chat.completions.create", "choices.0", False, Shape.OBJECT, id="its item"),
        pytest.param(
            "chat.completions.create", "choices.*.message.content", False, Shape.LEAF, id="a text"
        ),
        pytest.param(
            "chat.completions.create", "choices.0.delta", False, Shape.UNKNOWN, id="a chunk's field"
        ),
        pytest.param(
            "chat.completions.create", "choices.0.delta", True, Shape.OBJECT, id="a delta"
        ),
        pytest.param("chat.completions.create", "metadata", False, Shape.MAPPING, id="a mapping"),
        pytest.param("ChatCompletion.acreate", "usage", False, Shape.OBJECT, id="a 0.x method"),
        pytest.param("Completion.create", "choices.0.text", False, Shape.LEAF, id="a completion"),
        pytest.param("embeddings.create", "data.*.embedding", False, Shape.LIST, id="a vector"),
        pytest.param(
            "moderations.create",
            "results.0.categories.hate/threatening",
            False,
            Shape.LEAF,
            id="a key of the JSON",
        ),
        pytest.param(
            "moderations.create",
            "results.0.categories.hate_threatening",
            False,
            Shape.LEAF,
            id="its attribute",
        ),
        pytest.param("responses.create", "output_text", False, Shape.LEAF, id="a property"),
        pytest.param("responses.create", "output.0.content.0.text", False, Shape.LEAF, id="union"),
        pytest.param("beta.threads.create", "id", False, Shape.UNKNOWN, id="an API not described"),
    ],
)
def test_the_shape_of_a_part(api: str, path: str, streamed: bool, expected: Shape) -> None:
    assert shape_of(api, tuple(path.split(".")) if path else (), streamed) is expected


def test_pages_and_streams_are_told_by_what_a_method_returns() -> None:
    assert is_page("models.list") and is_page("Model.list")
    assert not is_page("chat.completions.create")
    assert can_stream("ChatCompletion.create") and can_stream("chat.completions.stream")
    assert not can_stream("embeddings.create")


def test_every_shape_is_one_that_is_described() -> None:
    answers = surface._CATALOGUE["answers"]
    roots = [name for names in answers["of"].values() for name in names]
    shapes = [code for fields in answers["types"].values() for code in fields.values()]
    for code in (*roots, *shapes):
        assert code.strip("[]") in {".", "{}", "?", *answers["types"]}, code


def test_the_methods_of_the_shapes_are_the_catalogues() -> None:
    assert all(surface.method(api) for api in surface._CATALOGUE["answers"]["of"])


def test_the_fields_are_those_of_the_installed_package() -> None:
    chat = pytest.importorskip("openai.types.chat")
    known = surface.answer_fields("ChatCompletion")
    assert known is not None
    assert {"id", "choices", "usage"} <= set(chat.ChatCompletion.model_fields) <= set(known)
