"""All results for programs: JSON (schema 1; see docs/fleet.md) and a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict

from migrator.decisions import Severity
from migrator.fleet.result import Result
from migrator.fleet.summary import Fleet
from migrator.reports.json import document
from migrator.reports.redaction import redact

_SUMS = ("requests", "moved", "converted", "checklist", "left", "changed", "added", "removed")
_FIRST = ("name", "source", "ref", "folder", "target")
_LAST = ("base", "branch", "commit", "error")
# What a spreadsheet would carry out as a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def fleet_json(fleet: Fleet) -> str:
    """Totals, obstacles, providers and every result as one document."""
    totals = {
        "repositories": len(fleet.results),
        "standings": {standing.value: number for standing, number in fleet.standings.items()},
        **{name: fleet.total(name) for name in _SUMS},
        "items": {severity.value: fleet.number(severity.value) for severity in Severity},
    }
    return document(
        {
            "totals": totals,
            "obstacles": [asdict(one) for one in fleet.obstacles],
            "providers": [asdict(one) for one in fleet.providers],
            "repositories": [one.data for one in fleet.results],
        }
    )


def fleet_csv(fleet: Fleet) -> str:
    """A line for each repository, with a head."""
    severities = [one.value for one in Severity]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_FIRST, "standing", "sites", *_SUMS, *severities, *_LAST])
    for one in fleet.results:
        writer.writerow(
            [
                *_texts(one, _FIRST),
                one.standing.value,
                sum(one.sites.values()),
                *(getattr(one, name) for name in _SUMS),
                *(one.number(severity) for severity in severities),
                *_texts(one, _LAST),
            ]
        )
    return text.getvalue()


def _texts(one: Result, names: tuple[str, ...]) -> list[str]:
    cells = (redact(getattr(one, name)) for name in names)
    return [f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells]
