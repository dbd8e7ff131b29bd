"""What a call is for: chat, embeddings, images, speech, transcription, or another of OpenAI's."""

from __future__ import annotations

from functools import cache

from migrator.analysis import surface
from migrator.knowledge.files import knowledge


@cache
def capability(api: str) -> str:
    """The capability that a method belongs to, by the longest beginning of its path."""
    legacy = surface.legacy_call(api)
    path = (legacy.maps_to if legacy is not None else None) or api
    fitting = [
        (len(prefix), name)
        for name, prefixes in knowledge("capabilities.yaml")["capabilities"].items()
        for prefix in prefixes
        if path == prefix or path.startswith(f"{prefix}.")
    ]
    if fitting:
        return str(max(fitting)[1])
    return path.removeprefix("beta.").partition(".")[0].replace("_", " ") or "other requests"


@cache
def capability_of_model(model: str) -> str:
    """The capability that a model of OpenAI's serves, "" where that is not known."""
    match = surface.match_model(model, in_model_position=True)
    kinds = knowledge("capabilities.yaml")["models"]
    fitting = (name for name, held in kinds.items() if match is not None and match.kind in held)
    return str(next(fitting, ""))
