"""What the tools answer: the contracts of reports/, page by page, and the schemas of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.mcp.bounds import SHORTENED, Document, contract, of, page

if TYPE_CHECKING:
    from migrator.analysis.result import ScanResult
    from migrator.changes.diff import FileChange
    from migrator.changes.result import ApplyResult
    from migrator.changes.undo import Undone
    from migrator.checklist.living import Line, Look
    from migrator.mcp import arguments

_MOST_SKIPPED = 20
_MOST_FILES = 200


# -- schemas ---------------------------------------------------------------------------------------

_TEXT: Document = {"type": "string"}
_WHOLE: Document = {"type": "integer"}
_TEXTS: Document = {"type": "array", "items": _TEXT}
_COUNTS: Document = {"type": "object", "additionalProperties": _WHOLE}


def _object(required: Mapping[str, Document], **optional: Document) -> Document:
    """An object of at least these; it may hold more, as the contracts of reports/ grow."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
    }


def _list(required: Mapping[str, Document], **optional: Document) -> Document:
    return {"type": "array", "items": _object(required, **optional)}


_SCHEMA = {"schema": _WHOLE}
_SHORTENED = {SHORTENED: {"type": "boolean", "description": "Long texts or lists are cut."}}
_PLACE = {"path": _TEXT, "line": _WHOLE}
_TARGET = {"target": _object({"provider": _TEXT})}
_PAGE = {
    "page": _object(
        {
            "offset": _WHOLE,
            "shown": _WHOLE,
            "total": _WHOLE,
            "next_offset": {"type": ["integer", "null"]},
        }
    )
}
_FILES = _list({"path": _TEXT, "added": _WHOLE, "removed": _WHOLE}, new={"type": "boolean"})
_COVERAGE = {
    "coverage": _object(
        {"sites": _WHOLE, "converted": _WHOLE, "checklist": _WHOLE, "left": _WHOLE, "off": _WHOLE}
    )
}
_ITEM = {
    "id": _TEXT,
    "site_ids": _TEXTS,
    **_PLACE,
    "severity": _TEXT,
    "title": _TEXT,
    "why": _TEXT,
    "action": _TEXT,
    "sources": _TEXTS,
}
SCAN_SCHEMA = _object(
    {
        **_SCHEMA,
        "files": _object({"seen": _WHOLE, "parsed": _WHOLE, "skipped": _list({"path": _TEXT})}),
        "kinds": _COUNTS,
        "sites": _list(
            {"id": _TEXT, **_PLACE, "kind": _TEXT, "detail": _TEXT, "certainty": _TEXT},
            provenance=_list({**_PLACE, "what": _TEXT}),
        ),
        **_PAGE,
    },
    **_SHORTENED,
)
PLAN_SCHEMA = _object(
    {**_SCHEMA, **_TARGET, **_COVERAGE, "open": _COUNTS, **_PAGE},
    files=_FILES,
    diffs=_list({"path": _TEXT, "diff": _TEXT}),
    checklist=_list(_ITEM),
    groups=_list({"id": _TEXT, "site_ids": _TEXTS, "paths": _TEXTS}),
    edits=_list({"path": _TEXT, "codemod": _TEXT, "before": _TEXT, "after": _TEXT}),
    **_SHORTENED,
)
APPLY_SCHEMA = _object(
    {
        **_SCHEMA,
        **_TARGET,
        **_COVERAGE,
        "open": _COUNTS,
        "run": {"type": ["string", "null"], "description": "For `undo`; null: nothing to change."},
        "files": _FILES,
    },
    **_SHORTENED,
)
UNDO_SCHEMA = _object(
    {**_SCHEMA, "run": _TEXT, "restored": _TEXTS, "removed": _TEXTS}, **_SHORTENED
)
CHECKLIST_SCHEMA = _object(
    {
        **_SCHEMA,
        **_TARGET,
        "found": {"type": "boolean", "description": "Whether there is a MIGRATION_CHECKLIST.md."},
        "open": _WHOLE,
        "settled": _COUNTS,
        "items": _list({"code": _TEXT, "state": _TEXT, "title": _TEXT, **_PLACE}, brief=_TEXT),
        **_PAGE,
    },
    **_SHORTENED,
)
EXPLAIN_SCHEMA = _object(
    {**_SCHEMA, **_TARGET},
    **_PLACE,
    sites=_list({"site": _TEXT, **_PLACE, "decision": _TEXT}),
    explanations=_list({"subject": _TEXT, "what": _TEXT, "decision": _TEXT}),
    **_SHORTENED,
)
VERIFY_SCHEMA = _object(
    {
        **_SCHEMA,
        **_TARGET,
        "rungs": _list(
            {
                "name": _TEXT,
                "state": {"enum": ["passed", "failed", "not run"]},
                "why": _TEXT,
                "findings": _list({**_PLACE, "what": _TEXT, "rule": _TEXT}),
            }
        ),
    },
    output={"type": "string", "description": "The end of what the command printed."},
    **_SHORTENED,
)


# -- answers ---------------------------------------------------------------------------------------


def scanned(result: ScanResult, asked: arguments.Scan) -> Document:
    """The places of some kinds, and how many there are of each."""
    from migrator.reports.json import scan_json

    document = contract(scan_json(result))
    files, sites = document["files"], document["sites"]
    wanted = [one for one in sites if not asked.kinds or one["kind"] in asked.kinds]
    shown, where = page(wanted, asked.offset, asked.limit)
    skipped = files["skipped"]
    return {
        **document,
        "files": {**files, "skipped": skipped[:_MOST_SKIPPED], "skipped_count": len(skipped)},
        "kinds": Counter(one["kind"] for one in sites),
        "sites": shown,
        "page": where,
    }


def planned(result: ApplyResult, asked: arguments.Plan) -> Document:
    """The part of a plan that is asked for."""
    from migrator.reports.json import plan_json

    document = contract(plan_json(result))
    match asked.show:
        case "summary":
            name, entries = "files", _files(result.changes)
        case "diffs":
            name, entries = "diffs", _diffs(result.changes)
        case show:
            name, entries = show, document[show]
    shown, where = page(entries, asked.offset, asked.limit)
    return {**_head(document, result), name: shown, "page": where}


def applied(result: ApplyResult) -> Document:
    """What a run wrote."""
    from migrator.reports.json import plan_json

    files = _files(result.changes)
    return {
        **_head(contract(plan_json(result)), result),
        "run": result.run.id if result.run is not None else None,
        "files": files[:_MOST_FILES],
        "file_count": len(files),
    }


def _head(document: Document, result: ApplyResult) -> Document:
    severities = Counter(one.severity.value for one in result.plan.open_items)
    return {**{key: document[key] for key in ("schema", "target", "coverage")}, "open": severities}


def _files(changes: Sequence[FileChange]) -> list[Document]:
    return [
        {"path": told["path"], "new": change.before is None, **_counted(told["diff"])}
        for change, told in zip(changes, _diffs(changes), strict=True)
    ]


def _counted(diff: str) -> Document:
    """How many lines a diff adds and removes."""
    signs = Counter(line[:1] for line in diff.partition("\n@@")[2].splitlines())
    return {"added": signs["+"], "removed": signs["-"]}


def _diffs(changes: Sequence[FileChange]) -> list[Document]:
    from migrator.changes.diff import diff_text

    told = [{"path": change.path, "diff": diff_text([change])} for change in changes]
    diffs: list[Document] = of({"diffs": told})["diffs"]
    return diffs


def undone(done: Undone) -> Document:
    """The files of a run that was taken back."""
    return of({"run": done.run.id, "restored": done.restored, "removed": done.removed})


def checklist(look: Look, root: Path, asked: arguments.Checklist) -> Document:
    """The items of a checklist in some states, the gravest first, with briefs if asked for."""
    from migrator.checklist.living import SETTLED, State
    from migrator.decisions import Severity
    from migrator.reports.living import checklist_json

    document = contract(checklist_json(look))
    states = {"open": {State.OPEN}, "settled": SETTLED, "all": set(State)}[asked.state]
    gravity = list(Severity)
    wanted = sorted(
        (
            (line, {**told, **_brief(line, look, root, asked)})
            for line, told in zip(look.lines, document["items"], strict=True)
            if line.state in states and (not asked.severities or line.severity in asked.severities)
        ),
        key=lambda one: gravity.index(one[0].severity),
    )
    shown, where = page([told for _, told in wanted], asked.offset, asked.limit)
    return {**document, "items": shown, "page": where}


def _brief(line: Line, look: Look, root: Path, asked: arguments.Checklist) -> Document:
    from migrator.checklist.living import State
    from migrator.reports.briefs import briefs

    if not asked.briefs or line.state is not State.OPEN:
        return {}
    told = of({"brief": briefs(replace(look, lines=(line,)), root)})
    return {"brief": told["brief"]}
