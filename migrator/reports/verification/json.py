"""A verification as JSON."""

from __future__ import annotations

from typing import Any

from migrator.reports.json import document, source_data
from migrator.verification.ladder import Finding, Ladder, Rung


def ladder_json(ladder: Ladder) -> str:
    """The verification as a JSON document."""
    target = ladder.target
    return document(
        {
            "target": {
                "provider": target.provider,
                "mode": target.mode,
                "region": target.region,
                "supplements": dict(target.supplements),
            },
            "rungs": [_rung(rung) for rung in ladder.rungs],
        }
    )


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "name": rung.name,
        "state": rung.state.value,
        "why": rung.why,
        "findings": [_finding(finding) for finding in rung.findings],
        "details": dict(rung.details),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "what": finding.what,
        "rule": finding.rule,
        "sources": [source_data(one) for one in finding.sources],
    }
