"""Batches and the files they come from."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import Convert, items_of, planned


def program(call: str) -> str:
    return f"from openai import OpenAI\nclient = OpenAI()\ndef f(one):\n    return client.{call}\n"


@pytest.mark.parametrize("endpoint", ["/v1/chat/completions", "/v1/embeddings"])
def test_a_batch_moves_and_tells_of_the_requests_in_its_file(endpoint: str) -> None:
    arguments = f'input_file_id=one, endpoint="{endpoint}", completion_window="24h"'
    found = planned(program(f"batches.create({arguments})"))
    made = found.decision("app.py", Kind.CALL)
    assert isinstance(made, Convert)
    assert items_of(made) == ["batch-requests"]
    assert arguments in found.after()


@pytest.mark.parametrize("endpoint", ["/v1/responses", "/v1/completions", "/v1/moderations"])
def test_an_endpoint_without_batches_is_a_blocker(endpoint: str) -> None:
    found = planned(program(f'batches.create(input_file_id=one, endpoint="{endpoint}")'))
    assert items_of(found.decision("app.py", Kind.CALL)) == ["value-missing"]
    assert found.plan.edits == ()


def test_what_is_not_documented_of_a_batch_is_taken_away() -> None:
    found = planned(
        program(
            'batches.create(input_file_id=one, endpoint="/v1/embeddings", output_expires_after=one)'
        )
    )
    assert "output_expires_after" not in found.after()


@pytest.mark.parametrize(
    "call",
    ["batches.retrieve(one)", "batches.list()", "batches.cancel(one)", "files.content(one)"],
)
def test_what_follows_a_batch_is_kept(call: str) -> None:
    found = planned(program(call))
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert call in found.after()


@pytest.mark.parametrize(
    "call",
    ["uploads.create()", "uploads.upload_file_chunked(file=one)", "uploads.parts.create(one)"],
)
def test_uploads_in_parts_become_one_file_by_hand(call: str) -> None:
    found = planned(program(call))
    assert "files.create" in found.item("endpoint-undocumented").action
