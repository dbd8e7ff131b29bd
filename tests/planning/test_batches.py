"""Batches and the files they come from."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import Convert, Planned, items_of, planned


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


ROWS = """
import json
from openai import OpenAI

client = OpenAI()

def start(rows, name):
    with open(name, "w") as file:
        file.writelines(json.dumps(row) for row in rows)
    stored = client.files.create(file=open(name, "rb"), purpose="batch")
    return client.batches.create(input_file_id=stored.id, endpoint={endpoint})

def row(text):
    return {{"custom_id": text, "method": "POST", "url": {url}, "body": {body}}}

def run(texts):
    return start([row(text) for text in texts], "rows.jsonl")
"""
CHAT_BODY = '{"model": "gpt-4o", "messages": [{"role": "user", "content": text}], "user": "me"}'


def rows(url: str, body: str, endpoint: str = "") -> str:
    return ROWS.format(url=f'"{url}"', body=body, endpoint=endpoint or f'"{url}"')


def test_a_row_moves_with_the_clients_that_start_batches() -> None:
    found = planned(rows("/v1/chat/completions", CHAT_BODY))
    after = found.after()
    assert '"model": "qwen3.7-plus"' in after
    assert '"enable_thinking": False' in after
    assert '"user": "me"' not in after
    assert '"url": "/v1/chat/completions"' in after
    assert found.item("batch-rows").title.endswith("app.py:13 `chat.completions.create`")


def test_vectors_of_a_row_keep_their_width() -> None:
    body = '{"model": "text-embedding-3-small", "input": f"About {text}"}'
    after = planned(rows("/v1/embeddings", body)).after()
    assert '"model": "text-embedding-v4", "input": f"About {text}", "dimensions": 1536' in after


def test_a_row_of_an_endpoint_without_batches_stays_with_its_client() -> None:
    body = '{"model": "gpt-4o", "input": text}'
    found = planned(rows("/v1/responses", body, endpoint="text_of_settings"))
    assert found.plan.edits == ()
    assert "value-missing" in {item.code for item in found.plan.checklist}


def tied(found: Planned) -> set[str]:
    """Why requests stay with others."""
    return {one.why for one in found.plan.checklist if one.code == "call-tied"}


def test_a_row_stays_with_the_batch_that_sends_it() -> None:
    text = rows("/v1/chat/completions", CHAT_BODY).replace('purpose="batch"', "purpose=name")
    found = planned(f"{text}\nclient.models.list()\n")
    after = found.after()
    assert 'openai_client().batches.create(input_file_id=stored.id, endpoint="/v1' in after
    assert '"model": "gpt-4o"' in after
    assert "client.models.list()" in after.splitlines()
    assert "the one is a row of the batch that the other starts" in tied(found)


def test_a_row_alone_is_not_worth_a_second_client() -> None:
    text = rows("/v1/chat/completions", CHAT_BODY).replace('purpose="batch"', "purpose=name")
    assert planned(text).plan.edits == ()


def test_a_batch_stays_with_a_row_that_cannot_move() -> None:
    body = CHAT_BODY.replace("gpt-4o", "ft:gpt-4o-mini:acme::x1")
    found = planned(rows("/v1/chat/completions", body))
    assert found.plan.edits == ()
    assert "the one is a row of the batch that the other starts" in tied(found)


def test_a_row_for_another_provider_is_none_of_openai() -> None:
    elsewhere = 'OpenAI(base_url="https://api.deepseek.com")'
    text = rows("/v1/chat/completions", CHAT_BODY).replace("OpenAI()", elsewhere)
    assert planned(text).plan.edits == ()


def test_a_row_that_no_batch_is_started_of_is_not_rewritten() -> None:
    text = rows("/v1/chat/completions", CHAT_BODY, endpoint='"/v1/embeddings"')
    assert '"model": "gpt-4o"' in planned(text).after()


def test_a_dictionary_with_other_entries_is_no_row() -> None:
    text = rows("/v1/chat/completions", CHAT_BODY).replace('"custom_id"', '"name"')
    assert '"model": "gpt-4o"' in planned(text).after()
