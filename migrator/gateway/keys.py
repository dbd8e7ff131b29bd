"""What the short file of a gateway may hold: every key, what its value must be, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from migrator.analysis import surface
from migrator.knowledge.files import knowledge

TEMPLATE = "gateway.yaml"


class GatewayError(ValueError):
    """What is wrong in the file: `key: what it must be`."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a key's value may be. The phrase ends "must be …"."""

    phrase: str
    accepts: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value))


def _is_models(value: Any) -> bool:
    return _is_table(value) and all(_is_text(one) or _are_texts(one) for one in value.values())


def _is_treatment(value: Any) -> bool:
    if isinstance(value, dict):
        return len(value) == 1 and "rename" in value and _is_text(value["rename"])
    if isinstance(value, list):
        return len(value) == 2 and all(map(_is_number, value)) and value[0] <= value[1]
    return value in ("keep", "drop", "reject")


def _are_treatments(value: Any) -> bool:
    return _is_table(value) and all(map(_is_treatment, value.values()))


def _is_variable(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value) is not None


def _is_url(value: Any) -> bool:
    return (
        isinstance(value, str) and re.fullmatch(r"https?://[^\s/@]+(/[^\s?#]*)?", value) is not None
    )


def _is_served(value: str) -> bool:
    return surface.is_resource(value) or surface.method(value) is not None


_TEXT = _Kind("a text that is not empty", _is_text)
_TEXTS = _Kind("a list of texts", _are_texts)
_WHOLE = _Kind("a whole number above 0", is_whole)
_TRUTH = _Kind("true or false", lambda value: isinstance(value, bool))
_TABLE = _Kind("a table of keys and values", _is_table)
_VARIABLE = _Kind("the name of an environment variable, as ACME_API_KEY", _is_variable)
_TREATMENTS = _Kind(
    "a table of parameters, each with keep, drop, reject, [LOWEST, HIGHEST] or {rename: NAME}",
    _are_treatments,
)
_WIDTHS = _Kind(
    "a whole number, or a list of them",
    lambda value: (
        is_whole(value) or (isinstance(value, list) and bool(value) and all(map(is_whole, value)))
    ),
)
_ENDPOINTS = _Kind(
    "a list of methods of the openai client, as [responses, images.generate]",
    lambda value: _are_texts(value) and all(map(_is_served, value)),
)
_RULES = ("keep", "drop")
_RULE = _Kind(f"one of {', '.join(_RULES)}", lambda value: value in _RULES)
_KEYS: Mapping[str, _Kind] = {
    "base_url": _Kind("an address, as https://llm.example.com/v1", _is_url),
    "name": _TEXT,
    "key_variable": _VARIABLE,
    "base_url_variable": _VARIABLE,
    "map": _Kind(
        "a table: OpenAI's id or pattern = the gateway's id, or a list of ids", _is_models
    ),
    "default_model": _TEXT,
    "models": _TABLE,
    "embeddings": _TABLE,
    "endpoints": _ENDPOINTS,
    "undocumented": _RULE,
    "parameters": _TREATMENTS,
    "roles": _TREATMENTS,
    "content": _TREATMENTS,
    "efforts": _TEXTS,
    "thinking_off": _TABLE,
    "thinking_on": _TABLE,
    "like": _TEXT,
    "as_of": _Kind("a date", lambda value: _is_text(value) or hasattr(value, "isoformat")),
}
_ANY_MODEL = {"default_model", "map", "embeddings", "like"}
_THINKING = (True, False, "always", "on request")
_MODEL_KEYS: Mapping[str, _Kind] = {
    "kind": _TEXT,
    "context": _WHOLE,
    "max_output": _WHOLE,
    "vision": _TRUTH,
    "video": _TRUTH,
    "audio_in": _TRUTH,
    "tools": _TRUTH,
    "json_object": _TRUTH,
    "json_schema": _TRUTH,
    "stream_only": _TRUTH,
    "thinking": _Kind("true, false, always or `on request`", lambda value: value in _THINKING),
}
_EMBEDDINGS_KEYS: Mapping[str, _Kind] = {
    "model": _TEXT,
    "dimensions": _WIDTHS,
    "batch": _WHOLE,
    "parameters": _TREATMENTS,
}
# Where names of OpenAI's stand in the file, and the table of the template that has them.
_NAMES = {
    "parameters": "chat_parameters",
    "roles": "roles",
    "content": "content",
    "embeddings.parameters": "embeddings_parameters",
}


def check(table: Any) -> None:
    """Raises GatewayError for the first thing that is wrong."""
    if not _is_table(table):
        raise GatewayError("must be a table of keys and values, as `base_url: https://…`")
    _check_keys(table, _KEYS, "")
    if "base_url" not in table:
        raise GatewayError(
            "base_url: is missing; write the gateway's address, as https://llm.example.com/v1"
        )
    if not _ANY_MODEL & table.keys():
        raise GatewayError(
            "default_model: is missing; name a model of the gateway, or map OpenAI's under `map`"
        )
    if surface.endpoint_owner(table["base_url"]) in ("openai", "azure"):
        raise GatewayError("base_url: is OpenAI's own address; write the gateway's")
    for key in ("key_variable", "base_url_variable"):
        if key in table and surface.variable(table[key]) is not None:
            raise GatewayError(
                f"{key}: {table[key]} is OpenAI's own name; leave the key out, and give "
                "--keep-env-names where the names of the variables are to stay"
            )
    for name, entry in table.get("models", {}).items():
        if not _is_table(entry):
            raise GatewayError(f"models.{name}: must be {_TABLE.phrase}, as {{vision: true}}")
        _check_keys(entry, _MODEL_KEYS, f"models.{name}.")
    embeddings = table.get("embeddings", {})
    _check_keys(embeddings, _EMBEDDINGS_KEYS, "embeddings.")
    if embeddings and "model" not in embeddings:
        raise GatewayError("embeddings.model: is missing; write the id of the embedding model")

    for place, name in _NAMES.items():
        given = embeddings if place.startswith("embeddings.") else table
        names = given.get(place.rpartition(".")[2], {})
        _check_known(names, knowledge(TEMPLATE)[name], f"{place}.", "name that OpenAI has for it")


def _check_keys(table: Mapping[str, Any], known: Mapping[str, _Kind], at: str) -> None:
    _check_known(table, known, at, "key of a gateway's file")
    for key, value in table.items():
        if not known[key].accepts(value):
            raise GatewayError(f"{at}{key}: must be {known[key].phrase}")


def _check_known(given: Iterable[str], known: Collection[str], at: str, what: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(key.lower().replace("-", "_"), known, n=1)
            hint = f"did you mean {at}{near[0]}?" if near else f"there are {', '.join(known)}"
            raise GatewayError(f"{at}{key}: is no {what}; {hint}")
