"""The emulator carries out the rows of a batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from migrator.verification.batches import carry_out
from migrator.verification.rules import Refusal
from migrator.verification.server import Response

URL = "/v1/chat/completions"


def ask(url: str, body: Mapping[str, Any]) -> Response:
    if body.get("model") == "known":
        return Response(value={"asked": url})
    found = Refusal("unknown-model", 404, "model_not_found", "no such model", ())
    return Response(404, {"error": {}}, refusal=found)


def content(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def test_each_row_is_answered_under_its_id() -> None:
    row = {"custom_id": "a", "url": URL, "body": {"model": "known"}}
    done = carry_out(content(row), URL, ask)
    (line,) = map(json.loads, done.answered)
    assert line["custom_id"] == "a"
    assert line["response"] == {"status_code": 200, "body": {"asked": URL}}
    assert done.counts == {"total": 1, "completed": 1, "failed": 0}


def test_what_is_refused_is_told_apart() -> None:
    good = {"custom_id": "a", "url": URL, "body": {"model": "known"}}
    bad = {"custom_id": "b", "url": URL, "body": {"model": "other"}}
    other = {"custom_id": "c", "url": "/v1/embeddings", "body": {"model": "known"}}
    done = carry_out(content(good, bad, other, "no row"), URL, ask)
    assert done.counts == {"total": 4, "completed": 1, "failed": 3}
    assert [json.loads(line)["response"]["status_code"] for line in done.failed] == [404, 400, 400]
