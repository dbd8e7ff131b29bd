"""Batches of the emulator: every row of a file is asked by itself, and answered in a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.verification.server import Response

Ask = Callable[[str, Mapping[str, Any]], Response]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The lines of a batch that were answered, and of those that were refused."""

    answered: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind, as a batch tells it."""
        answered, failed = len(self.answered), len(self.failed)
        return {"total": answered + failed, "completed": answered, "failed": failed}


def carry_out(content: bytes, endpoint: str, ask: Ask) -> Outcome:
    """Ask every row of a batch's file, each of which has to name the batch's endpoint."""
    answered: list[str] = []
    failed: list[str] = []
    for line in filter(None, content.decode("utf-8").splitlines()):
        row = _row(line)
        url, body = row.get("url"), row.get("body")
        if url != endpoint or not isinstance(body, dict):
            failed.append(_line(row, 400, {"error": {"code": "invalid_row", "message": line}}))
            continue
        response = ask(endpoint, body)
        kept = answered if response.refusal is None else failed
        kept.append(_line(row, response.status, response.value))
    return Outcome(tuple(answered), tuple(failed))


def _row(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _line(row: Mapping[str, Any], status: int, body: Any) -> str:
    response = {"status_code": status, "body": body}
    told = {"custom_id": row.get("custom_id"), "response": response, "error": None}
    return json.dumps(told)
