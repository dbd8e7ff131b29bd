"""Print what the program that is on the path makes of some folders: a line of JSON for each.

python benchmarks/outcomes.py TARGETS FOLDER…

Run as a file, with the program of any revision: it uses nothing but what all of them have.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from migrator import workflow
from migrator.changes.diff import diff_text

_HUNK = re.compile(r"(?m)^@@ .* @@")


def outcome(folder: Path, targets: list[str]) -> dict[str, list[str]]:
    """The sites, and by target the diff and the checklist, as lines without what only moves."""
    found = {"scan": []}
    for target in targets:
        result, _root = workflow.plan([folder], workflow.Options(target=target))
        plan = result.plan
        if not found["scan"]:
            sites = (one.site for one in plan.decisions)
            found["scan"] = [
                f"{one.path}:{one.span.line}:{one.span.column} {one.kind.value} {one.detail} "
                f"{one.certainty.value}"
                for one in sites
            ]
        items = [
            f"{one.path}:{one.line} [{one.severity.value}] {one.code}: {one.why}"
            for one in plan.checklist
        ]
        diff = _HUNK.sub("@@", diff_text(result.changes)).splitlines()
        found[target] = [*diff, f"{len(items)} items on the checklist", *items]
    return found


def main() -> None:
    targets = sys.argv[1].split(",")
    for folder in sys.argv[2:]:
        try:
            told = outcome(Path(folder), targets)
        except Exception as error:
            told = {"error": [f"{type(error).__name__}: {error}"]}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
