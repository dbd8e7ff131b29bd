"""The keys of a settings file: what each may hold, what it means, and an example of it.

What a settings file is checked by, the schema for editors and the page of the settings are all made
of this table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from migrator.language import LANGUAGES, _, marked
from migrator.targets import MODES

# The capabilities that another provider can serve in the target's place.
SUPPLEMENTED = ("embeddings", "images", "speech", "transcription")
OFF = "off"
SEVERITIES = ("blocker", "behaviour", "review", "setup", OFF)
_WISHES = ("auto", "upgrade", "keep")


class InsideError(ValueError):
    """What is wrong inside of a value, as a sentence without the file's name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting's value may be, and how it is kept. The phrase ends "must be …".

    `words` are the only values, where there are such; `schema` says the same in JSON Schema.
    `check` looks inside of a value that is accepted, and raises InsideError.
    """

    phrase: str
    accepts: Callable[[object], bool]
    keep: Callable[[Any], object]
    schema: Mapping[str, Any]
    words: tuple[str, ...] = ()
    check: Callable[[str, Any], None] | None = None

    @property
    def told(self) -> str:
        return _(self.phrase, words=", ".join(self.words))


@dataclass(frozen=True, slots=True)
class Key:
    """A setting: its kind, what it means, its default and an example, as they stand in TOML.

    `local`: it holds for the files below its settings file, wherever a run starts. Of the others
    one run has one value.
    """

    kind: Kind
    says: str
    example: object
    default: object = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Suppression:
    """Items that settings take off the checklist: of some codes, in the files of a pattern."""

    codes: tuple[str, ...]
    path: str
    reason: str
    line: int = field(default=0, compare=False)


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def nearest(key: str, known: Collection[str]) -> str:
    """The known name that is nearest to one that is not; "" where none is near."""
    spelled = key.lower()
    by_spelling = {one.replace("-", "_"): one for one in known}
    found = get_close_matches(spelled.replace("-", "_"), by_spelling, n=1)
    return by_spelling[found[0]] if found else ""


def shown(value: object) -> str:
    """A value in few words, on one line."""
    if value is None:
        return _("nothing")
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def unknown(key: str, known: Collection[str], at: str = "") -> str:
    """What is said of a key that is no setting; `at` is the way to its table, with a point."""
    key = f"{at}{key}"
    if near := nearest(key.rpartition(".")[2], known):
        return _("unknown setting {key!r}; did you mean {near!r}?", key=key, near=f"{at}{near}")
    return _(
        "unknown setting {key!r}; the settings are {known}",
        key=key,
        known=", ".join(f"{at}{one}" for one in known),
    )


def must_be(key: str, what: str, value: object) -> str:
    """What is said of a value of the wrong kind."""
    return _("{key!r} must be {what}, not {value}", key=key, what=what, value=shown(value))


# -- the checklist's codes ------------------------------------------------------------------------


def codes() -> Collection[str]:
    """The checklist's codes: asked for only where a settings file names one."""
    from migrator.planning.messages import MESSAGES

    return MESSAGES


def _check_codes(at: str, given: Iterable[str]) -> None:
    known = codes()
    for code in given:
        if code not in known:
            near = nearest(code, known)
            raise InsideError(
                _(
                    "{at}: the checklist has no code {code!r}; did you mean {near!r}?",
                    at=at,
                    code=code,
                    near=near,
                )
                if near
                else _(
                    "{at}: the checklist has no code {code!r} (`migrate explain CODE` knows them)",
                    at=at,
                    code=code,
                )
            )


def _check_severity(at: str, table: Mapping[str, Any]) -> None:
    _check_codes(at, table)
    for code, value in table.items():
        if value not in SEVERITIES and value is not False:
            words = _(_ONE_OF, words=", ".join(SEVERITIES))
            raise InsideError(must_be(f"{at}.{code}", words, value))


def _severities(table: Mapping[str, Any]) -> Mapping[str, str]:
    # To YAML, a bare `off` is false.
    return MappingProxyType({code: one or OFF for code, one in table.items()})


def _check_suppressions(at: str, entries: Iterable[Any]) -> None:
    for number, entry in enumerate(entries):
        here = f"{at}[{number}]"
        for key, value in entry.items():
            field_kind = SUPPRESSION.get(key)
            if field_kind is None:
                raise InsideError(unknown(str(key), SUPPRESSION, f"{here}."))
            if not field_kind.kind.accepts(value):
                raise InsideError(must_be(f"{here}.{key}", field_kind.kind.told, value))
        for key in SUPPRESSION:
            if key not in entry:
                raise InsideError(
                    _(
                        "{at!r} has no {key!r}: name code, path and reason, "
                        "as code = {code!r}, path = {path!r}, reason = {reason!r}",
                        at=here,
                        key=key,
                        code="tokenizer",
                        path="tools/**",
                        reason=_("counts for a chart alone"),
                    )
                )
        _check_codes(f"{here}.code", _codes_of(entry))


def _codes_of(entry: Mapping[str, Any]) -> tuple[str, ...]:
    code = entry["code"]
    return (code,) if isinstance(code, str) else tuple(code)


def _suppressions(entries: Iterable[Mapping[str, Any]]) -> tuple[Suppression, ...]:
    return tuple(Suppression(_codes_of(one), one["path"], one["reason"]) for one in entries)


# -- kinds ----------------------------------------------------------------------------------------

_STRING: Mapping[str, Any] = {"type": "string", "pattern": r"\S"}
_STRINGS: Mapping[str, Any] = {"type": "array", "items": _STRING}
_ONE_OF = marked("one of {words}")


def _one_of(words: tuple[str, ...]) -> Kind:
    return Kind(_ONE_OF, lambda value: value in words, str, {"enum": list(words)}, words)


_TEXT = Kind(marked("a string that is not empty"), is_text, str, _STRING)
_FLAG = Kind(
    marked("true or false"), lambda value: isinstance(value, bool), bool, {"type": "boolean"}
)
_PATTERNS = Kind(marked("a list of patterns (strings)"), _are_texts, tuple, _STRINGS)
_SELECTORS = Kind(
    marked("a list of selectors (strings), as src/api/** or app.py:12"), _are_texts, tuple, _STRINGS
)
_MODELS = Kind(
    marked("a table of model ids (strings): OpenAI's id = the provider's id"),
    lambda value: isinstance(value, dict) and all(map(is_text, (*value, *value.values()))),
    lambda value: MappingProxyType(dict(value)),
    {"type": "object", "additionalProperties": _STRING},
)
_GATEWAY = Kind(
    marked("a table of keys and values"),
    lambda value: isinstance(value, dict),
    dict,
    {
        "type": "object",
        "properties": {"base_url": {"type": "string", "pattern": "^https?://"}},
        "required": ["base_url"],
    },
)
_CODES = Kind(
    marked("a code of the checklist, or a list of them"),
    lambda value: is_text(value) or (bool(value) and _are_texts(value)),
    lambda value: value,
    {
        "oneOf": [
            {"$ref": "#/definitions/code"},
            {"type": "array", "items": {"$ref": "#/definitions/code"}},
        ]
    },
)
_SEVERITY = Kind(
    marked("a table: a code of the checklist = how grave it is"),
    lambda value: isinstance(value, dict) and all(map(is_text, value)),
    _severities,
    {
        "type": "object",
        "propertyNames": {"$ref": "#/definitions/code"},
        "additionalProperties": {"enum": list(SEVERITIES)},
    },
    check=_check_severity,
)
# What an entry of `suppressions` holds: all of it is required.
SUPPRESSION: Mapping[str, Key] = {
    "code": Key(_CODES, "The code of the checklist, or several.", "tokenizer"),
    "path": Key(
        _TEXT, "The files: a pattern as in .gitignore, from the settings file's folder.", "tools/**"
    ),
    "reason": Key(_TEXT, "Why nothing has to be done there.", "counts for a chart alone"),
}
_SUPPRESSIONS = Kind(
    marked("a list of tables, each with code, path and reason"),
    lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    _suppressions,
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                key: {"description": one.says, **one.kind.schema}
                for key, one in SUPPRESSION.items()
            },
            "required": list(SUPPRESSION),
            "additionalProperties": False,
        },
    },
    check=_check_suppressions,
)


def _supplement(calls: str) -> Key:
    return Key(_TEXT, f"The provider that serves {calls}, if not the target.", "bailian")


KEYS: Mapping[str, Key] = {
    "target": Key(
        _TEXT,
        "Where to move to: a provider's id or alias, a gateway's FILE.yaml beside the settings, "
        "or custom.",
        "bailian",
    ),
    "mode": Key(
        _one_of(MODES),
        "The openai SDK on the provider's compatible endpoint, or the provider's own SDK.",
        "compatible",
        "compatible",
    ),
    "region": Key(_TEXT, "The provider's region (`migrate providers ID` names them).", "singapore"),
    "map": Key(
        _MODELS, "Models that you choose: OpenAI's id = the provider's.", {"gpt-4o": "qwen3.8-max"}
    ),
    "include": Key(
        _PATTERNS,
        "Only files that match: patterns as in .gitignore, from the settings file's folder.",
        ["src/"],
        [],
        local=True,
    ),
    "exclude": Key(
        _PATTERNS,
        "No files that match: patterns as in .gitignore, from the settings file's folder.",
        ["notebooks/"],
        [],
        local=True,
    ),
    "severity": Key(
        _SEVERITY,
        "How grave an item of the checklist is, by its code, where you see it otherwise. `off` "
        "leaves such items off the list; how many there are is still told.",
        {"tokenizer": "review", "docs-words": "off"},
        {},
        local=True,
    ),
    "suppressions": Key(
        _SUPPRESSIONS,
        "Items that are taken off the checklist, as by a comment `# migrate: ignore[code] reason`. "
        "One that takes nothing off is told.",
        [{"code": "tokenizer", "path": "tools/**", "reason": "counts for a chart alone"}],
        [],
        local=True,
    ),
    "legacy": Key(
        _one_of(_WISHES),
        "openai before 1.0: upgrade the calls, or keep the release. auto goes by the pins.",
        "upgrade",
        "auto",
    ),
    "keep_env_names": Key(
        _FLAG, "Leave the names of environment variables as they are.", True, False
    ),
    "markers": Key(_FLAG, "Write `# MIGRATE[code]` comments above what will fail.", False, True),
    "embeddings": _supplement("embeddings"),
    "images": _supplement("images"),
    "speech": _supplement("speech"),
    "transcription": _supplement("transcriptions"),
    "only": Key(
        _SELECTORS,
        "Move these alone: patterns of paths, places, kind:dep, groups.",
        ["src/api/**"],
        [],
    ),
    "skip": Key(_SELECTORS, "Leave these as they are.", ["kind:dep"], []),
    "split_variables": Key(
        _FLAG,
        "What shares only a variable moves apart too, and each reads its own.",
        True,
        False,
    ),
    "docs": Key(
        _FLAG, "Rewrite README, docs and comments too, where they name what moves.", True, False
    ),
    "lang": Key(
        _one_of(LANGUAGES),
        "The language of what people read, where neither --lang nor MIGRATE_LANG names one.",
        "zh-CN",
    ),
    "gateway": Key(
        _GATEWAY,
        "An endpoint of your own, for the target custom: docs/custom-target.md lists its keys.",
        {"base_url": "https://llm.example.com/v1", "default_model": "our-large"},
    ),
}
