"""A provider of the user's own: a short file that says what its endpoint is, made a full profile.

base_url: https://llm.example.com/v1
default_model: our-large
map: {gpt-4o-mini: our-small}

What the file leaves out stands in knowledge/gateway.yaml, or in the profile that `like` names.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from migrator.gateway.keys import TEMPLATE, check, is_whole
from migrator.knowledge.files import knowledge
from migrator.language import _

CUSTOM = "custom"
_FILE = "file"
_CITED: Mapping[str, Any] = {"src": [_FILE], "as_of": ""}
# What of another provider's profile goes with its own host, which a gateway is not.
_OF_THE_HOST = ("native", "voices", "speech_parameters", "edits_parameters", "sdk", "other_urls")


def profile(
    table: Any, *, name: str, spelled: str, base: Callable[[str], Mapping[str, Any]]
) -> dict[str, Any]:
    """The data of a full profile, of what a short file holds.

    `name` is the file's and stands where the profile cites it, `spelled` is what `--target` takes
    for it, and `base` gives the profile that `like` names. Raises GatewayError.
    """
    check(table)
    template = knowledge(TEMPLATE)
    like = table.get("like")
    under = base(like) if like else template
    kept = {key: value for key, value in under.items() if not like or key not in _OF_THE_HOST}
    made = {**kept, **_identity(table, name, spelled)}
    made["sources"] = [
        _source(table, name),
        *(one for one in kept["sources"] if one["id"] != _FILE),
    ]
    made |= _requests(table, kept)
    made |= _thinking(table, kept)
    made |= _models(table, kept, template)
    own_rows = list(_own_rows(table, template))
    made["model_map"] = [*own_rows, *(_rest(row, own_rows) for row in kept["model_map"] if like)]
    return made


def _source(table: Mapping[str, Any], name: str) -> dict[str, str]:
    return {"id": _FILE, "url": name, "title": "", "as_of": str(table.get("as_of", ""))}


def _identity(table: Mapping[str, Any], name: str, spelled: str) -> dict[str, Any]:
    stem = "gateway" if spelled == CUSTOM else Path(name).stem
    slug = re.sub(r"\W+", "_", stem).strip("_").lower()
    prefix = slug.upper() if slug.isascii() and not slug[:1].isdigit() and slug else "GATEWAY"
    key = table.get("key_variable", f"{prefix}_API_KEY")
    prefix = re.sub(r"(_API)?_(KEY|TOKEN)$", "", key)
    address = table.get("base_url_variable", f"{prefix}_BASE_URL")
    url = table["base_url"].rstrip("/")
    title = table.get("name", _("the endpoint of {name}", name=name))
    return {
        "id": slug or "gateway",
        "spelled": spelled,
        "name": {"en": title, "zh": ""},
        "aliases": [],
        "compiled": str(table.get("as_of", "")),
        "key": {
            **_CITED,
            "variable": key,
            "detail": _("{title}'s own key; any text where it asks for none", title=title),
            "get_it_at": re.sub(r"(//[^/]*).*", r"\1", url),
        },
        "base_url": {**_CITED, "variable": address, "default_region": "own"},
        "regions": [{**_CITED, "id": "own", "name": title, "url": url, "detail": ""}],
    }


# -- requests --------------------------------------------------------------------------------------


def _requests(table: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """Endpoints, and what becomes of parameters, roles and parts."""
    made: dict[str, Any] = {"endpoints": list(_endpoints(table, under))}
    rule = table.get("undocumented", None if table.get("like") else "keep")
    embeddings = table.get("embeddings", {})
    said = {
        "chat_parameters": table.get("parameters", {}),
        "roles": table.get("roles", {}),
        "content": table.get("content", {}),
        "embeddings_parameters": embeddings.get("parameters", {}),
        "responses_parameters": {},
    }
    for name, treatments in said.items():
        if name in under:
            ruled = {key: _ruled(entry, rule) for key, entry in under[name].items()}
            made[name] = ruled | {key: _treated(one) for key, one in treatments.items()}
    if is_whole(embeddings.get("dimensions")):
        detail = _("vectors of {model} have one width", model=embeddings["model"])
        made["embeddings_parameters"]["dimensions"] = _treated("drop") | {"detail": detail}
    if not table.get("like") and "responses" not in _served(table):
        made["responses_parameters"] = None
    if rule == "drop" and not (table.get("like") or "efforts" in table):
        made["efforts"] = []
    if "efforts" in table:
        made["efforts"] = [{**_CITED, "models": ["*"], "values": table["efforts"]}]
        made["chat_parameters"]["reasoning_effort"] = _treated("keep")
    if rule is not None:
        made["undocumented"] = "keep"  # of what is no parameter of OpenAI's: the program's own
    switches = {*table.get("thinking_off", ()), *table.get("thinking_on", ())}
    own = [{**_CITED, "name": one, "pass_as": "extra_body"} for one in sorted(switches)]
    made["provider_parameters"] = [*under["provider_parameters"], *own]
    return {key: value for key, value in made.items() if value is not None}


def _thinking(table: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """How thinking is switched, by the file alone where it says so."""
    made = {"thinking": under["thinking"], "thinking_on": under["thinking_on"]}
    models = table.get("models", {})
    always = [name for name, one in models.items() if one.get("thinking") == "always"]
    never_off = {name: {**_CITED, "least": True} for name in always}
    off = made["thinking"]["off"]
    if "thinking_off" in table:
        detail = _("your file says how thinking is switched off")
        made["thinking"] = {**_CITED, "detail": detail}
        off = {"default": {**_CITED, "extra_body": _sources_of(table["thinking_off"])}}
    made["thinking"] = {**made["thinking"], "off": {**off, **never_off}}
    if "thinking_on" in table:
        made["thinking_on"] = {**_CITED, "extra_body": _sources_of(table["thinking_on"])}
    return made


def _served(table: Mapping[str, Any]) -> list[str]:
    """The methods that the file says are served, beside those that always are."""
    return [*table.get("endpoints", ()), *(["embeddings"] if "embeddings" in table else ())]


def _endpoints(table: Mapping[str, Any], under: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    named = _served(table)
    if named:
        yield {**_CITED, "apis": named, "support": "yes", "detail": _("your file names it")}
    for entry in under["endpoints"]:
        apis = [one for one in entry["apis"] if one not in named]
        if apis or not entry["apis"]:
            yield {**entry, "apis": apis}


def _ruled(entry: Mapping[str, Any], rule: str | None) -> Mapping[str, Any]:
    """What becomes of an entry that nobody documents, by the rule for those."""
    if rule is None or entry["verdict"] != "unknown" or "name_there" in entry:
        return entry
    if rule == "keep":
        return {
            **entry,
            "action": "keep",
            "detail": _(
                "your file does not name it, and such parameters are kept (`undocumented: keep`)"
            ),
        }
    detail = _(
        "your file does not name it, and such parameters are taken away (`undocumented: drop`)"
    )
    return {**entry, "detail": detail}


def _treated(treatment: Any) -> dict[str, Any]:
    """An entry of a profile, of the short word for it."""
    if isinstance(treatment, dict):
        there = treatment["rename"]
        said = {"verdict": "renamed", "action": "rename", "name_there": there}
    elif isinstance(treatment, list):
        lowest, highest = treatment
        said = {"verdict": "clamped", "action": "clamp", "minimum": lowest, "maximum": highest}
    else:
        verdict = "supported" if treatment == "keep" else "rejected"
        said = {"verdict": verdict, "action": treatment}
    return {**_CITED, **said, "detail": _("your file says so")}


def _sources_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as they are written in Python."""
    return {key: repr(value) for key, value in values.items()}


# -- models ----------------------------------------------------------------------------------------


def _models(
    table: Mapping[str, Any], under: Mapping[str, Any], template: Mapping[str, Any]
) -> dict[str, Any]:
    own = {name: _model(name, kind, table) for name, kind in _kinds(table, under, template).items()}
    others = [one for one in under["models"] if one["id"] not in own]
    chat = [name for name, entry in own.items() if entry["kind"] == "chat"]
    instead = {name: [one for one in chat if one != name] for name in chat}
    fallbacks = under["model_map_fallbacks"]
    return {
        "models": [*own.values(), *others],
        "model_map_fallbacks": {**fallbacks, "models": {**fallbacks["models"], **instead}},
        "retired": [_still_off(entry, own) for entry in under["retired"]],
    }


def _still_off(entry: Mapping[str, Any], own: Iterable[str]) -> dict[str, Any]:
    """A row of models that are off, without those that the file says are there."""
    ids = [one for one in entry["ids"] if not fnmatch.filter(own, one)]
    return {**entry, "ids": ids}


def _kinds(
    table: Mapping[str, Any], under: Mapping[str, Any], template: Mapping[str, Any]
) -> dict[str, str]:
    """The models that the file names, each with its kind: by what it says, and what it maps."""
    said = table.get("models", {})
    found = {name: str(entry.get("kind", "chat")) for name, entry in said.items()}
    known = {entry["id"] for entry in under["models"]}
    named = [(one, _kind_of(old, template)) for old, new in _mapped(table) for one in new]
    named += [(table["default_model"], "chat")] if "default_model" in table else []
    named += [(table["embeddings"]["model"], "embedding")] if "embeddings" in table else []
    for name, kind in named:
        if name not in found and name not in known:
            found[name] = kind
    if "embeddings" in table:
        found[table["embeddings"]["model"]] = "embedding"
    return found


def _mapped(table: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for old, new in table.get("map", {}).items():
        yield old, [new] if isinstance(new, str) else new


def _kind_of(openai_id: str, template: Mapping[str, Any]) -> str:
    """The kind of one of OpenAI's models, or of a pattern of them."""
    for row in template["model_map"]:
        if any(fnmatch.fnmatchcase(openai_id, pattern) for pattern in row["openai"]):
            return "chat" if row["kind"] == "fine-tuned" else str(row["kind"])
    return "chat"


def _model(name: str, kind: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """A model's entry. What the protocol has is taken for granted, what it may see is not."""
    said = {**table.get("models", {}).get(name, {})}
    entry: dict[str, Any] = {**_CITED, "id": name, "kind": kind, "status": "current"}
    entry |= {"tools": True, "json_object": True, "json_schema": True} if kind == "chat" else {}
    thinking = said.pop("thinking", "unknown")
    entry["thinking"] = {True: "hybrid", False: "never", "on request": "hybrid"}.get(
        thinking, thinking
    )
    entry["thinking_default"] = thinking in (True, "always")
    embeddings = table.get("embeddings", {})
    if name == embeddings.get("model"):
        widths = embeddings.get("dimensions", [])
        widths = widths if isinstance(widths, list) else [widths]
        entry |= {"dimensions": widths, **({"default_dimension": widths[0]} if widths else {})}
        entry |= {"max_batch": embeddings["batch"]} if "batch" in embeddings else {}
    return {**entry, **said, "kind": kind}


def _own_rows(table: Mapping[str, Any], template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the file says that OpenAI's models become: its map first, then the defaults."""
    for old, (here, *others) in _mapped(table):
        yield _row([old], here, others, _("your file maps it so"))
    defaults = {
        "chat": (table.get("default_model"), _("the default model of your file")),
        "embedding": (
            table.get("embeddings", {}).get("model"),
            _("the embedding model of your file"),
        ),
    }
    for row in template["model_map"]:
        here, why = defaults.get(row["kind"], (None, ""))
        if here is not None:
            yield _row(row["openai"], here, [], why)
        elif not table.get("like"):
            yield _row(row["openai"], None, [], _why_none(row["kind"]))


def _why_none(kind: str) -> str:
    key = {"chat": _("`map` or `default_model`"), "embedding": "`embeddings`"}.get(kind, "`map`")
    return _("your file names no model for it; do so under {key}", key=key)


def _rest(row: Mapping[str, Any], own: list[dict[str, Any]]) -> dict[str, Any]:
    """A row of another provider's, without the models that the file answers for."""
    answered = [pattern for one in own for pattern in one["openai"]]
    left = [one for one in row["openai"] if not any(fnmatch.fnmatchcase(one, p) for p in answered)]
    return {**row, "openai": left}


def _row(openai: list[str], here: str | None, others: list[str], why: str) -> dict[str, Any]:
    said = "stated" if here else "unknown"
    row = {"openai": openai, "here": here, "alternatives": others}
    return {**_CITED, **row, "confidence": said, "why": why}
