"""The methods that a room of the planner looks after."""

from __future__ import annotations

CHAT = frozenset(
    f"{prefix}chat.completions.{method}"
    for prefix in ("", "beta.")
    for method in ("create", "parse", "stream")
)
EMBEDDINGS = frozenset({"embeddings.create"})
RESPONSES = frozenset({"responses.create", "responses.stream", "responses.parse"})
