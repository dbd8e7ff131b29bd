"""The JSON contracts of `scan` and of the plan (schema 1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from migrator.reports.order import in_order
from migrator.reports.redaction import redact_all

# A scan is told without what a plan is made of.
if TYPE_CHECKING:
    from migrator.analysis.result import ScanResult
    from migrator.analysis.sites import Site, Step, Suppression
    from migrator.changes.result import ApplyResult, EditedText
    from migrator.decisions import ChecklistItem, Decision, Group, Plan, Source

SCHEMA = 1


def scan_json(result: ScanResult) -> str:
    """The scan as a JSON document. A file that could not be read is among the skipped ones."""
    unreadable = [
        {"path": file.path, "reason": f"line {file.line}: {file.reason}"}
        for file in result.unreadable
    ]
    skipped = [{"path": path, "reason": reason} for path, reason in result.skipped]
    return document(
        {
            "root": result.root,
            "files": {
                "seen": result.seen,
                "parsed": result.parsed,
                "skipped": sorted(skipped + unreadable, key=lambda file: file["path"]),
            },
            "sites": [_site(site) for site in in_order(result.sites)],
        }
    )


def plan_json(result: ApplyResult) -> str:
    """The plan as a JSON document."""
    from migrator.changes.diff import diff_text

    target, coverage = result.plan.target, result.plan.coverage
    return document(
        {
            "target": {
                "provider": target.provider,
                "mode": target.mode,
                "supplements": dict(target.supplements),
            },
            "coverage": {
                "sites": coverage.sites,
                "converted": coverage.converted,
                "checklist": coverage.checklist,
                "left": coverage.left,
                "off": coverage.off,
            },
            "groups": [_group(group) for group in result.plan.groups],
            "edits": [_edit(edit) for edit in result.edits],
            "diff": diff_text(result.changes),
            "checklist": [item_data(item) for item in result.plan.checklist],
        }
    )


def decisions_json(plan: Plan) -> str:
    """What was decided of every site, as it is kept with a run."""
    return document({"decisions": [decision_data(one) for one in plan.decisions]})


def decision_data(decision: Decision) -> dict[str, Any]:
    """What was decided of a site: the word of the contract, why, by which source."""
    from migrator.decisions import Checklist, Convert, Leave

    site = decision.site
    told: dict[str, Any] = {
        "site": site.id,
        "path": site.path,
        "line": site.span.line,
        "end_line": site.span.end_line,
        "kind": site.kind.value,
        "detail": site.detail,
    }
    match decision:
        case Convert(reason=reason, sources=sources, notes=items):
            said, why, cited = "converted", reason, sources
        case Checklist(items=items):
            said, why, cited = "checklist", "", ()
        case Leave(reason=reason, sources=sources):
            said, why, cited, items = "left", reason, sources, ()
    return {
        **told,
        "decision": said,
        "reason": why,
        "sources": [source_data(one) for one in cited],
        "items": [
            {**item_data(one), "code": one.code, "sources": [source_data(s) for s in one.sources]}
            for one in items
        ],
    }


def source_data(source: Source) -> dict[str, str]:
    """A source with its title and date."""
    return {"url": source.url, "title": source.title, "as_of": source.as_of}


def document(content: dict[str, Any]) -> str:
    """The JSON text of a document of this schema, with every secret in it hidden."""
    text = json.dumps({"schema": SCHEMA, **redact_all(content)}, ensure_ascii=False, indent=2)
    # The bytes of a file name that is not UTF-8 stay escaped, as JSON allows.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _site(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "path": site.path,
        "line": site.span.line,
        "column": site.span.column,
        "end_line": site.span.end_line,
        "end_column": site.span.end_column,
        **_cell(site.cell),
        "kind": site.kind.value,
        "detail": site.detail,
        "certainty": site.certainty.value,
        "in_tests": site.in_tests,
        "provenance": [_step(step) for step in site.provenance],
        **suppressed(site),
    }


def _cell(number: int | None) -> dict[str, int]:
    return {} if number is None else {"cell": number}


def suppressed(site: Site) -> dict[str, Any]:
    """The comments about a site that take items off the checklist; nothing where there is none."""
    comments = [_suppression(one) for one in site.suppressions]
    return {"suppressed": comments} if comments else {}


def _suppression(comment: Suppression) -> dict[str, Any]:
    return {
        "path": comment.path,
        "line": comment.line,
        "verb": comment.verb,
        "codes": list(comment.codes),
        "reason": comment.reason,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"path": step.path, "line": step.line, "what": step.what}


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "site_ids": list(group.site_ids),
        "paths": list(group.paths),
        "ties": group.ties,
        "selected": group.selected,
    }


def _edit(edit: EditedText) -> dict[str, Any]:
    return {
        "path": edit.path,
        "site_ids": list(edit.site_ids),
        "codemod": edit.codemod,
        "before": edit.before,
        "after": edit.after,
    }


def item_data(item: ChecklistItem) -> dict[str, Any]:
    """An item of the checklist, as the plan's contract has it."""
    return {
        "id": item.id,
        "site_ids": list(item.site_ids),
        "path": item.path,
        "line": item.line,
        **_cell(item.cell),
        "severity": item.severity.value,
        "title": item.title,
        "why": item.why,
        "action": item.action,
        "sources": [source.url for source in item.sources],
        **({"suppressed": _suppression(item.suppressed)} if item.suppressed else {}),
    }
