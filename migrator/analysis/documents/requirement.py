"""One requirement of a package manager: `openai[realtime]>=1.30 ; python_version > "3.9"`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrator.analysis import surface
from migrator.analysis.documents.findings import Bounds, Entry, Finding
from migrator.analysis.sites import Kind

# The channel is conda's, and so are releases behind a blank; `name@^1.2` is said to `poetry add`.
_REST = r"(?:[^;#@\s]|\s+(?=[^;#@\s]))*"
_REQUIREMENT = re.compile(
    r"(?:[\w.-]+::)?(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)"
    r"(?:\s*\[(?P<extras>[^\]]*)\])?"
    rf"(?:\s*(?P<specifier>@(?=[<>=!~^\d]){_REST}|[(<>=!~^]{_REST}|(?<=\s)\d[\w.*]*))?"
    r"(?:\s*@\s*(?P<url>\S+))?(?:\s*;(?P<marker>.*))?",
    re.DOTALL,
)
_EGG = re.compile(r"[#&]egg=([\w.-]+)")
# Lists under these keys hold requirements, whatever the tool.
REQUIREMENT_LIST = re.compile(
    r"(?:^|[_-])(?:dependencies|requirements|requires|packages|install_requires)$|^pip$|^deps$",
    re.IGNORECASE,
)
# Lists under these only choose some of them (Dependabot's groups).
_CHOSEN = re.compile(r"patterns$|^keywords$", re.IGNORECASE)
# Tables under these keys do, with the packages for keys.
REQUIREMENT_TABLE = re.compile(r"(?:^|-)(?:dependencies|packages)$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement as a file declares it, and where it stands.

    `whole` is all that is written, `bounds` the requirement's own text (of a table's entry, the
    version), `name_bounds` and `versions` the package and the releases in it. `group` is the list,
    table or command that it stands in; `keyed` says that the package is the key of an entry, `word`
    that the requirement is a word of a command.
    """

    name: str
    text: str
    whole: Bounds
    bounds: Bounds
    name_bounds: Bounds | None
    versions: Bounds | None = None
    specifier: str = ""
    extras: str = ""
    marker: str = ""
    url: str = ""
    group: tuple[str | int, ...] = ()
    keyed: bool = False
    word: bool = False


def requirement(
    text: str, start: int, group: tuple[str | int, ...] = (), whole: Bounds | None = None
) -> Requirement | None:
    """The requirement that is written at `start`; None where the text is none."""
    stripped = text.strip()
    start += len(text) - len(text.lstrip())
    bounds = (start, start + len(stripped))
    match = _REQUIREMENT.fullmatch(stripped)
    if match is None:
        egg = _EGG.search(stripped)
        if egg is None:
            return None
        named = (start + egg.start(1), start + egg.end(1))
        return Requirement(
            egg[1], stripped, whole or bounds, bounds, named, url=stripped, group=group
        )
    specifier = match["specifier"] or ""
    at = start + match.start("specifier")
    return Requirement(
        match["name"],
        stripped,
        whole or bounds,
        bounds,
        (start + match.start("name"), start + match.end("name")),
        (at, at + len(specifier)) if specifier else None,
        specifier.lstrip("@"),
        (match["extras"] or "").strip(),
        (match["marker"] or "").strip(),
        match["url"] or "",
        group,
    )


def listed(entry: Entry) -> Requirement | None:
    """The requirement that is an item of a list of such (`dependencies: [openai>=1]`)."""
    keys = entry.keys
    if not entry.is_item or not keys or _CHOSEN.search(keys[-1]):
        return None
    grouped = len(keys) > 1 and REQUIREMENT_LIST.search(keys[-2])
    groups = "dependency-groups" in keys
    if not (REQUIREMENT_LIST.search(keys[-1]) or grouped or groups):
        return None
    return requirement(entry.value, entry.bounds[0], entry.path[:-1])


def tabled(entry: Entry) -> Requirement | None:
    """The requirement of an entry of a table of such: `openai = "^1.30"`, or its `version`."""
    keys = entry.keys
    if entry.is_item:
        return None
    for at in range(1, len(keys)):
        if not REQUIREMENT_TABLE.search(keys[at - 1]):
            continue
        plain = at == len(keys) - 1
        if plain or keys[at + 1] == "version":
            key = entry.key if plain else None
            group = entry.path[: entry.path.index(keys[at])]
            return Requirement(
                keys[at], entry.value, entry.whole, entry.bounds, key, entry.bounds, entry.value,
                group=group, keyed=True,
            )  # fmt: skip
        return None
    return None


def finding(found: Requirement | None) -> Finding | None:
    """The finding of a requirement, if it asks for a package of OpenAI's."""
    known = surface.package(found.name) if found else None
    if found is None or known is None:
        return None
    named = {"specifier": found.specifier, "extras": found.extras}
    if found.keyed:
        named = {"specifier": found.specifier, "style": "table"}
    return Finding(
        Kind.DEP,
        "package",
        known.name,
        found.name,
        found.text,
        found.whole,
        found.bounds,
        found.name_bounds,
        extra=tuple((key, value) for key, value in named.items() if value or found.keyed),
    )
