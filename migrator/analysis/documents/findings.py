"""What a document holds, before it is a Site: entries as they are written, findings as judged.

An entry is one `key: value` of any format, or one item of a list, with its bounds in the text. A
finding is an entry (or a requirement, or a word of a command) that names OpenAI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from migrator.analysis import surface
from migrator.analysis.sites import Certainty, Kind

Bounds = tuple[int, int]

# What a line says, as little as it takes, each run of blanks at once: else a long one costs its
# square.
WORDS = r"(?:[^ \t\r\n]|[ \t]+(?=[^ \t\r\n]))*?"

# Meanings that make a variable a site; one that only names a model is judged by its value.
ROLES: dict[str, str] = {
    "api_key": "key",
    "base_url": "base_url",
    "azure_endpoint": "base_url",
    "organization": "organization",
    "project": "other",
    "api_type": "other",
    "api_version": "other",
}
_MODEL_KEY = re.compile(r"model|deployment|engine", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:\$\{\{?\s*(?:(?:secrets|vars|env|inputs)\.)?|\$\(?|%|os\.environ/|env:|env\.|getenv\(['\"]?)"
    r"([A-Za-z_]\w*)"
)
# Keys of an address and of a secret; what stands before them has to be the same.
_ADDRESS_KEY = re.compile(
    r"(?P<stem>|.*?[_-]?)(?:api[_-]?)?(?:base[_-]?ur[li]|base|ur[li]|host|endpoint)", re.IGNORECASE
)
_SECRET_KEY = re.compile(r"(?P<stem>|.*?[_-]?)(?:api[_-]?)?(?:key|token)", re.IGNORECASE)
_WORD = re.compile(r"(?!localhost$)[A-Za-z][A-Za-z_-]*")
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]+")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a document, the keys (and list indices) that lead to it, and where it stands.

    `whole` is the entry as it is written, key and all; `key` and `bounds` are the key's text and
    the value's alone, without quotes.
    """

    path: tuple[str | int, ...]
    value: str
    bounds: Bounds
    whole: Bounds
    key: Bounds | None = None
    secret: str = ""  # the secret that the value is a key of

    @property
    def keys(self) -> tuple[str, ...]:
        """The path without its list indices."""
        return tuple(part for part in self.path if isinstance(part, str))

    @property
    def is_item(self) -> bool:
        """Whether the entry is an item of a list."""
        return bool(self.path) and isinstance(self.path[-1], int)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place of a document that names OpenAI."""

    kind: Kind
    role: str
    detail: str
    name: str
    value: str
    whole: Bounds
    value_bounds: Bounds | None = None
    name_bounds: Bounds | None = None
    certainty: Certainty = Certainty.PROVEN
    extra: tuple[tuple[str, str], ...] = ()


def referred_variable(value: str) -> surface.Variable | None:
    """The first of OpenAI's variables that a value refers to (`${{ secrets.OPENAI_API_KEY }}`)."""
    for match in _REFERENCE.finditer(value):
        found = surface.variable(match[1])
        if found and (found.meaning in ROLES or found.meaning == "model"):
            return found
    return None


def _named_variable(entry: Entry) -> surface.Variable | None:
    """The variable that the entry's key names: by itself, or below a key that is OpenAI's.

    `openai: {api_key: …}` names one as `openai_api_key: …` does.
    """
    keys = entry.keys
    if not keys or entry.is_item:
        return None
    found = surface.variable(keys[-1].replace("-", "_"))
    if found or len(keys) < 2:
        return found
    nested = surface.variable("_".join(keys[-2:]).replace("-", "_").replace(".", "_"))
    last = surface.variable(f"OPENAI_{keys[-1]}".replace("-", "_"))
    return nested if nested and last and last.meaning in ROLES else None


def _variable_finding(entry: Entry, variable: surface.Variable, kind: Kind) -> Finding | None:
    """The finding of a key that is a variable of OpenAI's, or None where it is no site."""
    role = ROLES.get(variable.meaning)
    referred = referred_variable(entry.value)
    extra: list[tuple[str, str]] = [("meaning", variable.meaning)]
    if referred:
        extra.append(("refers", referred.name))
    if entry.secret:
        extra.append(("secret", entry.secret))
    if role is None:
        # Which model it is stands elsewhere: only the reference says that it is OpenAI's.
        if variable.meaning != "model" or kind is not Kind.CONFIG or not referred:
            return None
        role = "model"
    if role == "base_url" and not variable.exact and _WORD.fullmatch(entry.value):
        return None  # a word to choose by: OPENAI_HOST=azure
    owner = surface.endpoint_owner(entry.value) if role == "base_url" else None
    if owner:
        extra.append(("endpoint", owner))
    return Finding(
        kind,
        role,
        variable.name,
        entry.keys[-1] if entry.keys else variable.name,
        entry.value,
        entry.whole,
        entry.bounds,
        entry.key,
        Certainty.LIKELY if owner in ("foreign", "gateway") else Certainty.PROVEN,
        tuple(extra),
    )


def _model_finding(entry: Entry, kind: Kind) -> Finding | None:
    in_model_position = any(_MODEL_KEY.search(key) for key in entry.keys[-2:])
    found = surface.match_model(entry.value, in_model_position=in_model_position)
    if found is None:
        return None
    extra = (("prefix", found.prefix),) if found.prefix else ()
    name = ".".join(entry.keys)
    return Finding(
        kind,
        "model",
        found.id,
        name,
        entry.value,
        entry.whole,
        entry.bounds,
        entry.key,
        extra=extra,
    )


def _url_finding(entry: Entry, kind: Kind) -> Finding | None:
    role = surface.url_role(entry.value)
    if role is None:
        return None
    name = ".".join(entry.keys)
    role = "url" if role == "url" else "base_url"
    host = surface.url_host(entry.value) or entry.value
    detail = entry.keys[-1] if kind is Kind.ENV_KEY and entry.keys else host
    return Finding(kind, role, detail, name, entry.value, entry.whole, entry.bounds, entry.key)


def _reference_finding(entry: Entry) -> Finding | None:
    """A value that is a variable's name, or refers to one: `key_env: OPENAI_API_KEY`."""
    whole = _VARIABLE_NAME.fullmatch(entry.value)
    found = surface.variable(entry.value) if whole else referred_variable(entry.value)
    if found is None or found.meaning not in ROLES:
        return None
    name = ".".join(entry.keys)
    return Finding(
        Kind.CONFIG,
        ROLES[found.meaning],
        found.name,
        name,
        entry.value,
        entry.whole,
        entry.bounds,
        entry.key,
        extra=(("meaning", found.meaning), ("refers", found.name)),
    )


def judge_value(entry: Entry, model_kind: Kind, url_kind: Kind) -> Finding | None:
    """The finding of a value that is a model or an address, whatever its key is called."""
    return _model_finding(entry, model_kind) or _url_finding(entry, url_kind)


def judge_env(entry: Entry) -> Finding | None:
    """The finding of one line of a .env file."""
    variable = _named_variable(entry)
    if variable and (found := _variable_finding(entry, variable, Kind.ENV_KEY)):
        return found
    return judge_value(entry, Kind.MODEL, Kind.ENV_KEY)


def judge_config(entry: Entry) -> Finding | None:
    """The finding of one entry of a configuration."""
    if entry.is_item and (assignment := _ASSIGNMENT.fullmatch(entry.value)):
        return judge_config(_split(entry, assignment))
    variable = _named_variable(entry)
    if variable and (found := _variable_finding(entry, variable, Kind.CONFIG)):
        return found
    return judge_value(entry, Kind.CONFIG, Kind.CONFIG) or _reference_finding(entry)


def paired(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, with `name: NAME` and the `value` beside it as one (Kubernetes, ECS).

    Where the value is a key of a secret, that one's name and value stand in its place.
    """
    every = list(entries)
    named = {entry.path[:-1]: entry for entry in every if _names_a_variable(entry)}
    if not named:
        return every
    beside: dict[tuple[str | int, ...], dict[tuple[str | int, ...], Entry]] = {}
    for entry in every:
        for depth in (1, len(_SECRET_REFERENCE)):
            if (parent := entry.path[:-depth]) in named:
                beside.setdefault(parent, {})[entry.path[-depth:]] = entry
    merged: dict[int, Entry | None] = {}
    for parent, name in named.items():
        value = beside[parent].get(("value",)) or beside[parent].get(_SECRET_REFERENCE)
        if value is not None:
            start, end = sorted([name.whole, value.whole])
            merged[id(value)] = None
            merged[id(name)] = replace(
                value,
                path=(*parent, name.value),
                whole=(start[0], end[1]),
                key=name.bounds,
                secret=_secret_of(beside[parent], value),
            )
    found = (merged.get(id(entry), entry) for entry in every)
    return [entry for entry in found if entry is not None]


def _names_a_variable(entry: Entry) -> bool:
    """Whether it is the `name: NAME` of an item of a list."""
    in_list = len(entry.path) > 1 and isinstance(entry.path[-2], int)
    return in_list and entry.path[-1] == "name" and bool(_VARIABLE_NAME.fullmatch(entry.value))


_SECRET_REFERENCE = ("valueFrom", "secretKeyRef", "key")


def _secret_of(siblings: Mapping[tuple[str | int, ...], Entry], value: Entry) -> str:
    """The name of the secret that a value is a key of."""
    if value.path[-3:] != _SECRET_REFERENCE:
        return ""
    name = siblings.get(("valueFrom", "secretKeyRef", "name"))
    return name.value if name is not None else "?"


def _split(entry: Entry, assignment: re.Match[str]) -> Entry:
    """A list's item `NAME=value` as an entry of its own."""
    start, end = entry.bounds
    name, value = assignment[1], assignment[2]
    middle = start + len(name)
    return replace(
        entry,
        path=(*entry.keys, name),
        value=value,
        bounds=(min(middle + 1, end), end),
        key=(start, min(middle, end)),
    )


def sibling_keys(entries: Iterable[Entry], kind: Kind) -> Iterator[Finding]:
    """Keys under neutral names that stand beside an address of OpenAI's.

    `LLM_HOST=https://api.openai.com/v1` makes `LLM_API_KEY=…` likely to be OpenAI's key.
    """
    entries = list(entries)
    stems = {
        (entry.path[:-1], match["stem"].lower())
        for entry in entries
        if entry.keys and surface.endpoint_owner(entry.value) in ("openai", "azure")
        if (match := _ADDRESS_KEY.fullmatch(entry.keys[-1]))
    }
    for entry in entries:
        match = _SECRET_KEY.fullmatch(entry.keys[-1]) if entry.keys else None
        if match is None or (entry.path[:-1], match["stem"].lower()) not in stems:
            continue
        name = entry.keys[-1]
        yield Finding(
            kind,
            "key",
            name,
            name,
            entry.value,
            entry.whole,
            entry.bounds,
            entry.key,
            Certainty.LIKELY,
            (("meaning", "api_key"),),
        )


def first_of_each_place(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in text order, without those that overlap an earlier one of their kind.

    Of two at the same place the first to be found stays.
    """
    kept: list[Finding] = []
    ends: dict[Kind, int] = {}
    for finding in sorted(findings, key=lambda finding: (finding.whole[0], -finding.whole[1])):
        if finding.whole[0] >= ends.get(finding.kind, 0):
            kept.append(finding)
            ends[finding.kind] = finding.whole[1]
    return kept
