"""One requirement of a package manager: `openai[realtime]>=1.30 ; python_version > "3.9"`."""

from __future__ import annotations

import re

from migrator.analysis import surface
from migrator.analysis.documents.findings import Bounds, Entry, Finding
from migrator.analysis.sites import Kind

_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?P<specifier>(?:[(<>=!~^][^;#@]*)?)\s*(?:@\s*\S+\s*)?(?:;.*)?",
    re.DOTALL,
)
_EGG = re.compile(r"[#&]egg=([\w.-]+)")
# Lists under these keys hold requirements, whatever the tool.
REQUIREMENT_LIST = re.compile(
    r"(?:^|[_-])(?:dependencies|requirements|requires|packages|install_requires)$|^pip$",
    re.IGNORECASE,
)


def requirement(text: str, start: int, whole: Bounds | None = None) -> Finding | None:
    """The finding of a requirement written at `start`, if it asks for a package of OpenAI's."""
    stripped = text.strip()
    start += len(text) - len(text.lstrip())
    bounds = (start, start + len(stripped))
    match = _REQUIREMENT.fullmatch(stripped)
    egg = None if match else _EGG.search(stripped)
    name = match["name"] if match else egg[1] if egg else ""
    found = surface.package(name)
    if found is None:
        return None
    extra = []
    if match and match["specifier"].strip():
        extra.append(("specifier", match["specifier"].strip()))
    if match and match["extras"]:
        extra.append(("extras", match["extras"].strip()))
    name_start = start + (egg.start(1) if egg else 0)
    return Finding(
        Kind.DEP,
        "package",
        found.name,
        name,
        stripped,
        whole or bounds,
        bounds,
        (name_start, name_start + len(name)),
        extra=tuple(extra),
    )


def listed_requirement(entry: Entry) -> Finding | None:
    """The finding of an item of a list of requirements (`dependencies: [openai>=1]`)."""
    keys = entry.keys
    if not entry.is_item or not keys:
        return None
    grouped = len(keys) > 1 and REQUIREMENT_LIST.search(keys[-2])
    groups = "dependency-groups" in keys
    if not (REQUIREMENT_LIST.search(keys[-1]) or grouped or groups):
        return None
    return requirement(entry.value, entry.bounds[0])
