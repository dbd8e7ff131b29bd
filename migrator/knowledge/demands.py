"""Makes demands.yaml anew: which openai the releases of other packages demand.

`python -m migrator.knowledge.demands [PACKAGE…]` asks pip for the metadata of releases of the
packages that the file names, spread over their history, and looks between two that differ for the
first that does. Nothing is installed and no code of a package is run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

from migrator.knowledge.files import FOLDER, knowledge

NAME = "demands.yaml"
# So many releases are looked at before what lies between two of them is.
_SPREAD = 14
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
Demand = Mapping[str, str]
Row = tuple[str, Demand]


def demand(metadata: Mapping[str, Any]) -> Demand:
    """What a release demands of openai: by the extra that is asked for, "" for none."""
    found: dict[str, list[str]] = {}
    for text in metadata.get("requires_dist", ()):
        wanted = Requirement(text)
        if wanted.name.lower() != "openai":
            continue
        extra = re.search(r"extra == ['\"]([^'\"]+)", text)
        specifier = ",".join(sorted(str(wanted.specifier).split(","))) or "*"
        found.setdefault(extra[1] if extra else "", []).append(specifier)
    # Of demands that hang on the Python or the platform, the first is told.
    return {extra: found[extra][0] for extra in ("", "openai") if extra in found}


def rows(releases: Sequence[str], ask: Callable[[str], Demand | None]) -> Iterator[Row]:
    """The first release of every stretch that demands the same.

    Releases that cannot be read are passed over.
    """
    step = max(1, len(releases) // _SPREAD)
    places = sorted({*range(0, len(releases), step), len(releases) - 1})
    known = [(at, found) for at in places if (found := ask(releases[at])) is not None]
    for index, (at, found) in enumerate(known):
        if index == 0:
            yield releases[at], found
        elif known[index - 1][1] != found:
            yield from _between(releases, ask, known[index - 1], (at, found))


def _between(
    releases: Sequence[str],
    ask: Callable[[str], Demand | None],
    low: tuple[int, Demand],
    high: tuple[int, Demand],
) -> Iterator[Row]:
    if low[1] == high[1]:
        return
    between = range(low[0] + 1, high[0])
    middle = next(
        (
            (at, found)
            for at in sorted(between, key=lambda at: abs(at - (low[0] + high[0]) // 2))
            if (found := ask(releases[at])) is not None
        ),
        None,
    )
    if middle is None:
        yield releases[high[0]], high[1]
        return
    yield from _between(releases, ask, low, middle)
    yield from _between(releases, ask, middle, high)


def _pip(*arguments: str) -> str:
    run = subprocess.run([*_PIP, *arguments], capture_output=True, text=True, check=False)
    return run.stdout if run.returncode == 0 else ""


def _releases(package: str) -> list[str]:
    listed = re.search(r"^Available versions: (.+)$", _pip("index", "versions", package), re.M)
    named = listed[1].split(", ") if listed else []
    return sorted(named, key=Version)


@cache
def _asked(package: str, release: str) -> Demand | None:
    report = _pip(
        "install", "-q", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:",
        "--report", "-", f"{package}=={release}",
    )  # fmt: skip
    return demand(json.loads(report)["install"][0]["metadata"]) if report else None


def _read(package: str) -> dict[str, Any]:
    releases = _releases(package)
    found = list(rows(releases, lambda one: _asked(package, one))) if releases else []
    print(package, len(releases), found, file=sys.stderr, flush=True)
    return {"read": releases[-1] if releases else "", "rows": found}


def render(packages: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any]) -> str:
    """The text of the file."""
    head = {key: value for key, value in known.items() if key != "packages"}
    lines = [f"{key}: {json.dumps(value)}" for key, value in head.items()]
    lines.append("packages:")
    for name, entry in sorted(packages.items()):
        lines.append(f"  {name}:")
        if "through" in entry:
            lines.append(f"    through: {entry['through']}")
            continue
        if "successor" in entry:
            lines.append(f"    successor: {entry['successor']}")
        lines += [f"    read: {entry['read']!r}", "    rows:"]
        lines += [f"    - [{since!r}, {json.dumps(dict(said))}]" for since, said in entry["rows"]]
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> None:
    """Write the file anew, for the named packages or for all that it has."""
    known = knowledge(NAME)
    wanted = names or [one for one, entry in known["packages"].items() if "rows" in entry]
    with ThreadPoolExecutor(2) as pool:
        read = dict(zip(wanted, pool.map(_read, wanted), strict=True))
    found = {
        name: {**known["packages"].get(name, {}), **entry}
        for name, entry in read.items()
        if entry["rows"]
    }
    text = render({**known["packages"], **found}, {**known, "as_of": date.today().isoformat()})
    (FOLDER / NAME).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
