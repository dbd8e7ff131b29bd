"""What a fixture says of its sites, compared with what a scan finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from migrator.analysis.sites import Kind, Site

Key = tuple[str, int, str]


def differences(sites: Iterable[Site], expected: Mapping[str, Any], name: str) -> list[str]:
    """What is missed, what is a false alarm, what is called otherwise or not as certain as said.

    `name` is the entry that lists the sites, all of them; `negatives` say why others are none.
    """
    named: Sequence[Mapping[str, Any]] = expected[name]
    found: defaultdict[Key, list[Site]] = defaultdict(list)
    for site in sites:
        found[site.path, site.span.line, site.kind.value].append(site)
    reasons = {(one["path"], one["line"]): one["reason"] for one in expected.get("negatives", ())}
    allowed = {_key(entry) for entry in named}
    return [
        *(
            f"false alarm: {key} {reasons.get(key[:2], '')}"
            for key in sorted(found)
            if key not in allowed
        ),
        *(one for entry in named for one in _difference(entry, found.get(_key(entry), []))),
    ]


def _difference(entry: Mapping[str, Any], found: Sequence[Site]) -> Iterable[str]:
    key, detail = _key(entry), entry["detail"]
    if not found:
        if not entry.get("optional"):
            yield f"missed: {key}"
        return
    # A client is called what it is written as, which is not always its class.
    if entry["kind"] != Kind.CLIENT.value and detail not in {one.detail for one in found}:
        yield f"not called {detail}: {key}"
    certainty = entry.get("certainty")
    if certainty and certainty not in {one.certainty.value for one in found}:
        yield f"not {certainty}: {key}"


def _key(entry: Mapping[str, Any]) -> Key:
    return entry["path"], entry["line"], entry["kind"]
