"""Which handler answers at which path, and what the openai SDK calls what is asked for there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from migrator.verification.endpoints import Call, Endpoints
from migrator.verification.server import Response

_ID = r"([^/]+)"
ROUTES: tuple[tuple[str, re.Pattern[str], str, Callable[[Any, Call], Response]], ...] = tuple(
    (method, re.compile(pattern), api, handler)
    for method, pattern, api, handler in (
        ("POST", "/chat/completions", "chat.completions.create", Endpoints._chat),
        ("POST", "/completions", "completions.create", Endpoints._complete),
        ("POST", "/responses", "responses.create", Endpoints._respond_to),
        ("GET", f"/responses/{_ID}", "responses.retrieve", Endpoints._get_response),
        ("DELETE", f"/responses/{_ID}", "responses.delete", Endpoints._delete_response),
        (
            "GET",
            f"/responses/{_ID}/input_items",
            "responses.input_items.list",
            Endpoints._response_items,
        ),
        ("POST", "/embeddings", "embeddings.create", Endpoints._embed),
        ("POST", "/images/generations", "images.generate", Endpoints._draw),
        ("POST", "/audio/transcriptions", "audio.transcriptions.create", Endpoints._transcribe),
        ("POST", "/images/edits", "images.edit", Endpoints._draw),
        ("POST", "/audio/translations", "audio.translations.create", Endpoints._transcribe),
        ("POST", "/audio/speech", "audio.speech.create", Endpoints._speak),
        ("POST", "/moderations", "moderations.create", Endpoints._moderate),
        ("GET", "/models", "models.list", Endpoints._list_models),
        ("GET", "/models/(.+)", "models.retrieve", Endpoints._get_model),
        ("POST", "/files", "files.create", Endpoints._upload),
        ("GET", "/files", "files.list", Endpoints._list_files),
        ("GET", f"/files/{_ID}", "files.retrieve", Endpoints._get_file),
        ("DELETE", f"/files/{_ID}", "files.delete", Endpoints._delete_file),
        ("GET", f"/files/{_ID}/content", "files.content", Endpoints._read_file),
        ("POST", "/batches", "batches.create", Endpoints._create_batch),
        ("GET", "/batches", "batches.list", Endpoints._list_batches),
        ("GET", f"/batches/{_ID}", "batches.retrieve", Endpoints._get_batch),
        ("POST", f"/batches/{_ID}/cancel", "batches.cancel", Endpoints._cancel_batch),
    )
)

# Where a path and the openai SDK's name for it differ.
_NAMES = {
    "assistants": "beta.assistants",
    "threads": "beta.threads",
    "chatkit": "beta.chatkit",
    "images.edits": "images.edit",
    "images.variations": "images.create_variation",
}


def api_of(route: str) -> str:
    """The SDK's method path for a URL path: `/audio/speech` is `audio.speech`."""
    segments = [segment for segment in route.split("/") if segment]
    for length in (2, 1):
        name = ".".join(segments[:length])
        if name in _NAMES:
            return _NAMES[name]
    return ".".join(segments[:2])
