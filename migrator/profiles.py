"""What a provider's profile has to look like: every problem is told as `key: what it must be`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from migrator import sdks
from migrator.language import _, listed, marked

Entries = Iterator[tuple[str, Any]]

_LISTS: Mapping[str, tuple[str, ...]] = {
    "regions": ("id", "name", "url"),
    "endpoints": ("apis", "support"),
    "models": ("id", "kind"),
    "retired": ("ids", "since", "confidence"),
    "model_map": ("openai", "here", "alternatives", "confidence", "why"),
    "answers": ("apis", "field", "state", "detail"),
    "errors": ("http", "code", "meaning", "exception"),
    "quirks": ("detail",),
    "efforts": ("models", "values"),
    "provider_parameters": ("name", "pass_as"),
    "rules": ("id", "http", "code", "message"),
    "sources": ("id", "url", "as_of"),
}
_OPTIONAL_LISTS: Mapping[str, tuple[str, ...]] = {"offers": ("what", "kind")}
_OPTIONAL = (
    "responses_parameters",
    "responses_tools",
    "responses_content",
    "images_parameters",
    "edits_parameters",
    "transcription_parameters",
    "translation_parameters",
    "speech_parameters",
    "batches_parameters",
)
_TABLES = ("chat_parameters", "embeddings_parameters", "roles", "content")
_SINGLES: Mapping[str, tuple[str, ...]] = {
    "key": ("variable",),
    "base_url": ("variable", "default_region"),
    "vectors": ("detail",),
    "thinking": ("detail", "off"),
    "json_schema_models": ("ids",),
    "model_map_fallbacks": ("models",),
    "modes": ("native",),
}
_OPTIONAL_SINGLES: Mapping[str, tuple[str, ...]] = {
    "streams": ("detail",),
    "pictures": ("field", "detail"),
    "thinking_split": ("detail", "extra_body"),
    "unknown_parameters": ("verdict", "detail"),
    "native": ("replaces", "path", "generation", "detail"),
    "single_vectors": ("path", "detail"),
    "drawn_edits": ("field", "detail"),
    "own_models": ("patterns", "detail"),
    "voices": ("table", "names", "languages", "models", "longest", "detail"),
    "translation": ("model", "name_there", "options", "detail"),
    "sdk": ("recommended", "detail"),
}
_UNSOURCED: Mapping[str, tuple[str, ...]] = {"name": ("en", "zh"), "model_map_dates": ("pattern",)}
_WORDS: Mapping[str, frozenset[str]] = {
    "support": frozenset({"yes", "partial", "no", "unknown"}),
    "verdict": frozenset(
        {"supported", "partial", "rejected", "unknown", "clamped", "renamed", "ignored"}
    ),
    "state": frozenset({"empty", "partial", "values", "fields", "thinking"}),
    "action": frozenset({"keep", "drop", "rename", "extra_body", "clamp", "reject", "chat"}),
}
_THINKING = frozenset({"never", "hybrid", "always", "unknown"})
_FAILURES = frozenset({"rate-limit", "quota", "content-filter", "server-error"})
_CONFIDENCES = frozenset({"official", "inferred", "stated", "unknown"})


# -- kinds of values ------------------------------------------------------------------------------


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _date(value: Any) -> bool:
    return isinstance(value, (str, date)) or _whole(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _text_lists(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, value)) and all(map(_texts, value.values()))


def _pairs(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, [*value, *value.values()]))


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wholes(value: Any) -> bool:
    return isinstance(value, list) and all(map(_whole, value))


def _number(value: Any) -> bool:
    return _whole(value) or isinstance(value, float)


def _price(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_number, value))


def _entries_of_models(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and _texts(entry.get("models")) for entry in value
    )


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _truth_or_word(value: Any) -> bool:
    return isinstance(value, (bool, str))


_Kind = tuple[Callable[[Any], bool], str]
_TEXT: _Kind = (_text, marked("text"))
_TEXTS: _Kind = (_texts, marked("a list of texts"))
_WHOLE: _Kind = (_whole, marked("a whole number"))
_NUMBER: _Kind = (_number, marked("a number"))
_TRUTH: _Kind = (_truth, marked("true or false"))
_KNOWN: _Kind = (_truth_or_word, marked("true, false or a word as `unknown`"))
_PAIRS: _Kind = (_pairs, marked("a mapping of texts to texts"))


def _fields(kind: _Kind, names: str) -> dict[str, _Kind]:
    return dict.fromkeys(names.split(), kind)


_FIELDS: Mapping[str, _Kind] = {
    **_fields(
        _TEXT, "id name url title detail counterpart remedy path variable default_region en zh"
    ),
    **_fields(_TEXT, "support verdict action name_there value_there default_here write only"),
    **_fields(
        _TEXT, "what kind status note confidence why meaning exception code message field state"
    ),
    **_fields(
        _TEXT,
        "pattern spelled pass_as price price_note get_it_at matches replaces generation model",
    ),
    **_fields(_TEXT, "text_path embeddings_path"),
    **_fields(_TEXTS, "apis src ids openai alternatives values names snapshots native languages"),
    **_fields(_TEXTS, "regions patterns efforts_off chat_takes"),
    **_fields(_WHOLE, "http context max_output max_batch default_dimension longest room"),
    **_fields(_WHOLE, "decimals step"),
    **_fields(_NUMBER, "minimum maximum nearest_minimum nearest_maximum"),
    **_fields(
        _TRUTH,
        "open_minimum open_maximum stream_only contested dispensable differs least",
    ),
    **_fields(_KNOWN, "vision video audio_in tools json_object json_schema"),
    **_fields(_KNOWN, "thinking thinking_default"),
    **_fields(_PAIRS, "extra_body parameter table options stated codes values_there"),
    "as_of": (_date, marked("a date")),
    "since": (_date, marked("a date")),
    "dimensions": (_wholes, marked("a list of whole numbers")),
    "price_cny": (_price, marked("two numbers")),
    "price_usd": (_price, marked("two numbers")),
    "idle": (_list, marked("a list")),
    "body": (_mapping, marked("a mapping")),
    "by_model": (
        _entries_of_models,
        marked("a list of mappings, each with the list of its models"),
    ),
}


# -- the problems ---------------------------------------------------------------------------------


def problems(data: Any) -> Iterator[str]:
    """What is wrong with a profile. Ask for the next only where the one before is put right."""
    if not isinstance(data, dict):
        yield _("must be a mapping of keys")
        return
    yield from _shape_problems(data)
    known = {entry["id"] for entry in data["sources"]}
    for place, entry, required in _entries(data):
        yield from _entry_problems(place, entry, required)
        if not place.startswith(("sources", *_UNSOURCED)):
            yield from _source_problems(place, entry, known)
    yield from _endpoint_problems(data)
    yield from _error_problems(data)
    yield from _reference_problems(data)
    if "sdk" in data:
        yield from sdks.problems(data["sdk"])


def _shape_problems(data: Mapping[str, Any]) -> Iterator[str]:
    for key in ("id", "compiled"):
        if not _date(data.get(key)):
            yield (
                _("{place}: must be text", place=key)
                if key in data
                else _("{place}: is missing", place=key)
            )
    if not _texts(data.get("aliases")):
        yield (
            _("{place}: must be a list of texts", place="aliases")
            if "aliases" in data
            else _("{place}: is missing", place="aliases")
        )
    for key, kind in (
        *((key, list) for key in (*_LISTS, *_given(data, _OPTIONAL_LISTS))),
        *(
            (key, dict)
            for key in (
                *_TABLES,
                *_given(data, {**dict.fromkeys(_OPTIONAL, ()), **_OPTIONAL_SINGLES}),
                *_SINGLES,
                "thinking_on",
                *_UNSOURCED,
            )
        ),
    ):
        if key not in data:
            yield _("{place}: is missing", place=key)
        elif not isinstance(data[key], kind):
            yield (
                _("{place}: must be a list", place=key)
                if kind is list
                else _("{place}: must be a mapping", place=key)
            )
    for index, entry in enumerate(data["sources"]):
        yield from _entry_problems(f"sources[{index}]", entry, _LISTS["sources"])


def _given(
    data: Mapping[str, Any], optional: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Those of the optional keys that a profile has, each with what its entries need."""
    return {key: required for key, required in optional.items() if key in data}


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Every entry of a profile with its place and the keys it needs."""
    for key, required in {**_LISTS, **_given(data, _OPTIONAL_LISTS)}.items():
        for index, entry in enumerate(data[key]):
            name = entry.get("id") if isinstance(entry, dict) else None
            yield f"{key}[{name if _text(name) else index}]", entry, required
    for key in (*_TABLES, *_given(data, dict.fromkeys(_OPTIONAL, ()))):
        for name, entry in data[key].items():
            yield f"{key}.{name}", entry, ("verdict",)
            yield from _entries_by_model(f"{key}.{name}.by_model", entry)
    singles = {**_SINGLES, **_given(data, _OPTIONAL_SINGLES), **_UNSOURCED}
    for key, required in singles.items():
        yield key, data[key], required
    for place, table in (
        ("thinking.off", data["thinking"]["off"]),
        ("thinking_on", data["thinking_on"]),
    ):
        if not isinstance(table, dict) or "default" not in table:
            table = {"default": table}
        for name, entry in table.items():
            yield f"{place}.{name}", entry, ()


def _entries_by_model(place: str, entry: Any) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """What a parameter's entry says of some models alone."""
    for index, own in enumerate(entry.get("by_model", ()) if isinstance(entry, dict) else ()):
        yield f"{place}[{index}]", own, ()


def _entry_problems(place: str, entry: Any, required: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield _("{place}: must be a mapping", place=place)
        return
    for key in required:
        if key not in entry:
            yield _("{place}: is missing", place=f"{place}.{key}")
    for key, (fits, what) in _FIELDS.items():
        if key in entry and not fits(entry[key]):
            yield _("{place}: must be {what}", place=f"{place}.{key}", what=_(what))
    for key, words in _WORDS.items():
        if key in entry and entry[key] not in words:
            yield _(
                "{place}: must be one of {words}",
                place=f"{place}.{key}",
                words=listed(sorted(words)),
            )


def _source_problems(place: str, entry: Mapping[str, Any], known: set[str]) -> Iterator[str]:
    if entry.get("as_of") is None:
        yield _("{place}: every fact needs the date of its source", place=f"{place}.as_of")
    if not _texts(entry.get("src")):
        yield _("{place}: every fact needs the list of its sources", place=f"{place}.src")
    for name in entry["src"]:
        if name not in known:
            yield _("{place}: no source {name!r}", place=f"{place}.src", name=name)


def _error_problems(data: Mapping[str, Any]) -> Iterator[str]:
    for index, entry in enumerate(data["errors"]):
        if entry.get("kind", min(_FAILURES)) not in _FAILURES:
            yield _(
                "{place}: must be one of {words}",
                place=f"errors[{index}].kind",
                words=listed(sorted(_FAILURES)),
            )


def _endpoint_problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is not served says what is nearest and how the work goes."""
    for index, entry in enumerate(data["endpoints"]):
        if entry["support"] == "yes":
            continue
        for key in ("counterpart", "remedy"):
            if not entry.get(key):
                place = f"endpoints[{index}].{key}"
                yield _(
                    "{place}: what is not served in full ({names}) needs it",
                    place=place,
                    names=listed(entry["apis"]),
                )


def _reference_problems(data: Mapping[str, Any]) -> Iterator[str]:
    current = {entry["id"] for entry in data["models"]}
    for index, entry in enumerate(data["model_map"]):
        if entry["here"] is not None and not _text(entry["here"]):
            yield _("{place}: must be text", place=f"model_map[{index}].here")
        if entry["confidence"] not in _CONFIDENCES:
            words = listed(sorted(_CONFIDENCES))
            yield _(
                "{place}: must be one of {words}",
                place=f"model_map[{index}].confidence",
                words=words,
            )
        for name in (entry["here"], *entry["alternatives"]):
            if name is not None and name not in current:
                yield _(
                    "{place}: {name!r} is not among the models",
                    place=f"model_map[{index}]",
                    name=name,
                )
    for entry in data["models"]:
        if str(entry.get("thinking", "never")) not in _THINKING:
            words = listed(sorted(_THINKING))
            yield _(
                "{place}: must be one of {words}",
                place=f"models[{entry['id']}].thinking",
                words=words,
            )
    for key in ("efforts", "rules"):
        for index, entry in enumerate(data[key]):
            for name in ("models", "except_models"):
                if name in entry and not _texts(entry[name]):
                    place = f"{key}[{entry.get('id', index)}].{name}"
                    yield _("{place}: must be a list of texts", place=place)
    if not _text_lists(data["model_map_fallbacks"]["models"]):
        yield _("{place}: must map a model to a list of models", place="model_map_fallbacks.models")
    for name, kinds in data["modes"].items():
        if name not in ("src", "as_of") and not _texts(kinds):
            yield _("{place}: must be a list of texts", place=f"modes.{name}")
    if data["base_url"]["default_region"] not in {entry["id"] for entry in data["regions"]}:
        yield _("{place}: is not among the regions", place="base_url.default_region")
