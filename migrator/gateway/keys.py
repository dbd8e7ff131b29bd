"""What the short file of a gateway may hold: every key, what its value must be, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from migrator.analysis import surface
from migrator.knowledge.files import knowledge
from migrator.language import _, listed, marked

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


_TEXT = _Kind(marked("a text that is not empty"), _is_text)
_TEXTS = _Kind(marked("a list of texts"), _are_texts)
_WHOLE = _Kind(marked("a whole number above 0"), is_whole)
_TRUTH = _Kind(marked("true or false"), lambda value: isinstance(value, bool))
_TABLE = _Kind(marked("a table of keys and values"), _is_table)
_VARIABLE = _Kind(marked("the name of an environment variable, as ACME_API_KEY"), _is_variable)
_TREATMENTS = _Kind(
    marked(
        "a table of parameters, each with keep, drop, reject, [LOWEST, HIGHEST] or {rename: NAME}"
    ),
    _are_treatments,
)
_WIDTHS = _Kind(
    marked("a whole number, or a list of them"),
    lambda value: (
        is_whole(value) or (isinstance(value, list) and bool(value) and all(map(is_whole, value)))
    ),
)
_ENDPOINTS = _Kind(
    marked("a list of methods of the openai client, as [responses, images.generate]"),
    lambda value: _are_texts(value) and all(map(_is_served, value)),
)
_RULES = ("keep", "drop")
_RULE = _Kind(marked("one of keep, drop"), lambda value: value in _RULES)
_KEYS: Mapping[str, _Kind] = {
    "base_url": _Kind(marked("an address, as https://llm.example.com/v1"), _is_url),
    "name": _TEXT,
    "key_variable": _VARIABLE,
    "base_url_variable": _VARIABLE,
    "map": _Kind(
        marked("a table: OpenAI's id or pattern = the gateway's id, or a list of ids"), _is_models
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
    "as_of": _Kind(marked("a date"), lambda value: _is_text(value) or hasattr(value, "isoformat")),
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
    "thinking": _Kind(
        marked("true, false, always or `on request`"), lambda value: value in _THINKING
    ),
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
        raise GatewayError(_("must be a table of keys and values, as `base_url: https://…`"))
    _check_keys(table, _KEYS, "")
    if "base_url" not in table:
        raise GatewayError(
            _("base_url: is missing; write the gateway's address, as https://llm.example.com/v1")
        )
    if not _ANY_MODEL & table.keys():
        raise GatewayError(
            _("default_model: is missing; name a model of the gateway, or map OpenAI's under `map`")
        )
    if surface.endpoint_owner(table["base_url"]) in ("openai", "azure"):
        raise GatewayError(_("base_url: is OpenAI's own address; write the gateway's"))
    for key in ("key_variable", "base_url_variable"):
        if key in table and surface.variable(table[key]) is not None:
            raise GatewayError(
                _(
                    "{key}: {name} is OpenAI's own name; leave the key out, and give "
                    "--keep-env-names where the names of the variables are to stay",
                    key=key,
                    name=table[key],
                )
            )
    for name, entry in table.get("models", {}).items():
        if not _is_table(entry):
            raise GatewayError(
                _(
                    "models.{name}: must be {phrase}, as {{vision: true}}",
                    name=name,
                    phrase=_(_TABLE.phrase),
                )
            )
        _check_keys(entry, _MODEL_KEYS, f"models.{name}.")
    embeddings = table.get("embeddings", {})
    _check_keys(embeddings, _EMBEDDINGS_KEYS, "embeddings.")
    if embeddings and "model" not in embeddings:
        raise GatewayError(_("embeddings.model: is missing; write the id of the embedding model"))

    for place, name in _NAMES.items():
        given = embeddings if place.startswith("embeddings.") else table
        names = given.get(place.rpartition(".")[2], {})
        _check_known(names, knowledge(TEMPLATE)[name], f"{place}.", _NO_NAME)


def _check_keys(table: Mapping[str, Any], known: Mapping[str, _Kind], at: str) -> None:
    _check_known(table, known, at, _NO_KEY)
    for key, value in table.items():
        if not known[key].accepts(value):
            raise GatewayError(
                _("{at}{key}: must be {phrase}", at=at, key=key, phrase=_(known[key].phrase))
            )


_NO_KEY = marked("{place}: is no key of a gateway's file; {hint}")
_NO_NAME = marked("{place}: is no name that OpenAI has for it; {hint}")


def _check_known(given: Iterable[str], known: Collection[str], at: str, fault: str) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(key.lower().replace("-", "_"), known, n=1)
            hint = (
                _("did you mean {name}?", name=f"{at}{near[0]}")
                if near
                else _("there are {names}", names=listed(known))
            )
            raise GatewayError(_(fault, place=f"{at}{key}", hint=hint))
