"""A scan, a plan or a checklist as SARIF 2.1.0, for code scanning and editors.

Addresses lead from the top of the git repository (`SRCROOT`), columns count code points. What a
comment or a person has settled is in it as suppressed. `fixes` are what an apply would write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from migrator import __version__, language
from migrator.analysis.result import ScanResult
from migrator.analysis.sites import Certainty, Kind, Site, Step, Suppression, Unreadable
from migrator.changes.dirty import repository_prefix
from migrator.changes.errors import DirtyTreeError
from migrator.changes.result import ApplyResult
from migrator.checklist.living import Look, State
from migrator.decisions import Checklist, ChecklistItem, Convert, Decision, Severity
from migrator.language import _, marked, sentences
from migrator.planning.messages import MESSAGES
from migrator.regular import content
from migrator.reports.fixes import Fixes, Replaced
from migrator.reports.redaction import redact, redact_all
from migrator.reports.words import certainty_name, in_order
from migrator.settings import PYPROJECT, YAML_FILE
from migrator.source import PYTHON, SourceText, UndecodableError

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"
_PACKAGE = "migrate-openai"
_UTF_8 = "utf-8"
_LEVELS = {
    Severity.BLOCKER: "error",
    Severity.BEHAVIOUR: "warning",
    Severity.REVIEW: "warning",
    Severity.SETUP: "note",
}
_CERTAIN = {Certainty.PROVEN: "warning", Certainty.LIKELY: "note"}
_KINDS = {
    Kind.IMPORT: marked("OpenAI's package is imported"),
    Kind.CLIENT: marked("a client of OpenAI's is made"),
    Kind.MODULE_CONFIG: marked("a setting of OpenAI's module"),
    Kind.CALL: marked("a request to OpenAI"),
    Kind.MODEL: marked("a model of OpenAI's is named"),
    Kind.ENV_KEY: marked("a variable for OpenAI's key or address"),
    Kind.RAW_HTTP: marked("a request to OpenAI's address, without its package"),
    Kind.EXCEPTION: marked("an exception of OpenAI's"),
    Kind.TYPE_REF: marked("a type of OpenAI's"),
    Kind.TIKTOKEN: marked("tokens are counted as OpenAI's models do"),
    Kind.DEP: marked("OpenAI's package is required"),
    Kind.CONFIG: marked("a setting that reaches OpenAI"),
}

Tree = dict[str, Any]


def scan_sarif(result: ScanResult, root: Path) -> str:
    """Every site, with the steps by which it is known."""
    log = _Log(root)
    for site in in_order(result.sites):
        log.add(_of_site(site, log, _CERTAIN[site.certainty], _found(site)))
    return log.text("migrate/scan/", result.unreadable)


def plan_sarif(result: ApplyResult, root: Path) -> str:
    """What would move, with its fix, and every item of the checklist.

    Of a plan that is carried out, the items alone: what moved is there no more.
    """
    log, plan = _Log(root), result.plan
    fixes = Fixes(result)
    for decision in plan.decisions if result.run is None else ():
        told = _written(decision)
        if told:
            found = _of_site(decision.site, log, "note", told)
            if replaced := fixes.of(decision.site):
                found["fixes"] = [_fix(replaced, log)]
            log.add(found)
    sites = {one.site.id: one.site for one in plan.decisions}
    for item in plan.checklist:
        log.add(_of_item(item, sites, log))
    return log.text(f"migrate/plan/{plan.target.provider}/")


def checklist_sarif(look: Look, root: Path) -> str:
    """Every line of the checklist that is about something which is there."""
    log = _Log(root)
    sites = {one.site.id: one.site for one in look.plan.decisions}
    for line in look.lines:
        if line.state in (State.GONE, State.MOVABLE):
            continue
        item = line.item or ChecklistItem(
            line.code,
            (line.entry.site,) if line.entry is not None and line.entry.site in sites else (),
            line.path,
            line.number,
            line.severity,
            line.title,
            "",
            "",
        )
        found = _of_item(item, sites, log)
        if line.state is State.TICKED:
            found["suppressions"] = [
                {
                    "kind": "external",
                    "status": "accepted",
                    "justification": _("ticked by a person"),
                }
            ]
        elif line.state is not State.OPEN and "suppressions" not in found:
            found["suppressions"] = [_suppressed(line.reason)]
        log.add(found)
    return log.text(f"migrate/checklist/{look.provider.id}/")


@dataclass
class _Log:
    """What is written: results, and the rules that they break, in the order they come in."""

    root: Path
    results: list[Tree] = field(default_factory=list)
    rules: dict[str, int] = field(default_factory=dict)
    paths: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.prefix = ""
        with suppress(DirtyTreeError):
            self.prefix = repository_prefix(self.root)

    def add(self, result: Tree) -> None:
        number = self.rules.setdefault(result["ruleId"], len(self.rules))
        self.results.append({"ruleId": result["ruleId"], "ruleIndex": number, **result})

    def address(self, path: str) -> Tree:
        """Where a file is, from the top of the repository."""
        named = (self.prefix + path).encode("utf-8", "surrogateescape")
        return {"uri": quote(named), "uriBaseId": _BASE}

    def place(self, path: str, region: Tree | None) -> Tree:
        self.paths[path] = None
        physical: Tree = {"artifactLocation": self.address(path)}
        if region:
            physical["region"] = region
        return {"physicalLocation": physical}

    def text(self, name: str, unreadable: Iterable[Unreadable] = ()) -> str:
        """The whole log; `name` says which of several runs over one commit this is."""
        notes = [self._unread(one) for one in unreadable]
        run: Tree = {
            "tool": {
                "driver": {
                    "name": "migrate",
                    "version": __version__,
                    "rules": [_rule(one) for one in self.rules],
                }
            },
            "automationDetails": {"id": name},
            "invocations": [
                {
                    "executionSuccessful": True,
                    "exitCode": 0,
                    **({"toolExecutionNotifications": notes} if notes else {}),
                }
            ],
            "originalUriBaseIds": {
                _BASE: {"description": {"text": _("The top of the repository.")}}
            },
            "columnKind": "unicodeCodePoints",
            "defaultEncoding": _UTF_8,
            "language": language.current(),
            "artifacts": list(self._artifacts()),
            "results": self.results,
        }
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
        return json.dumps(redact_all(log), ensure_ascii=False, indent=2)

    def _unread(self, file: Unreadable) -> Tree:
        return {
            "level": "warning",
            "message": {"text": _("not analysed, {reason}", reason=file.reason)},
            "locations": [self.place(file.path, {"startLine": max(file.line, 1)})],
        }

    def _artifacts(self) -> Iterator[Tree]:
        """The files with results, with the encoding of those that are not UTF-8."""
        for path in sorted(self.paths):
            encoding = _encoding(self.root / path, path)
            told = {"encoding": encoding} if encoding != _UTF_8 else {}
            yield {"location": self.address(path), **told}


def _encoding(file: Path, path: str) -> str:
    with suppress(OSError, UndecodableError):
        return SourceText.decode(content(file), python=path.endswith(PYTHON)).encoding
    return _UTF_8


# -- results ---------------------------------------------------------------------------------------


def _found(site: Site) -> str:
    told = _("{what}: `{detail}`", what=_(_KINDS[site.kind]), detail=site.detail)
    if site.certainty is Certainty.PROVEN:
        return told
    return _("{told} ({details})", told=told, details=certainty_name(site.certainty))


def _written(decision: Decision) -> str:
    """What is said of a site for which something is written; "" where nothing is."""
    found = _found(decision.site)
    match decision:
        case Convert(reason=reason):
            return _("{found}: moves. {reason}", found=found, reason=reason)
        case Checklist(edits=edits) if edits:
            return _("{found}: stays, and is written so that it goes on", found=found)
    return ""


def _of_site(site: Site, log: _Log, level: str, told: str) -> Tree:
    result: Tree = {
        "ruleId": _rule_of(site.kind),
        "level": level,
        "message": _message(told),
        "locations": [log.place(site.path, _region(site))],
        "partialFingerprints": {"migrateSite/v1": site.id},
    }
    if steps := [_step(number, one, log) for number, one in enumerate(site.provenance)]:
        result["relatedLocations"] = steps
    if honoured := [one for one in site.suppressions if one.reason]:
        result["suppressions"] = [_suppressed(one.reason) for one in honoured]
    return _in_cell(result, site.cell)


def _step(number: int, step: Step, log: _Log) -> Tree:
    place = log.place(step.path, {"startLine": step.line} if step.line > 0 else None)
    return {"id": number, **place, "message": _message(step.what)}


def _of_item(item: ChecklistItem, sites: dict[str, Site], log: _Log) -> Tree:
    site = next((sites[one] for one in item.site_ids if one in sites), None)
    region: Tree | None = {"startLine": item.line} if item.line > 0 else None
    if site is not None and (site.path, site.span.line) == (item.path, item.line):
        region = _region(site)
    told = sentences(filter(None, (item.title, item.why, item.action)))
    result: Tree = {
        "ruleId": item.code,
        "level": _LEVELS[item.severity],
        "message": _message(told),
        "locations": [log.place(item.path, region)] if item.path else [],
        "partialFingerprints": {"migrateItem/v1": item.id},
        "properties": {
            "severity": item.severity.value,
            "sources": [source.url for source in item.sources],
        },
    }
    if item.suppressed is not None:
        result["suppressions"] = [_by(item.suppressed, item.path)]
    return _in_cell(result, item.cell)


def _in_cell(result: Tree, cell: int | None) -> Tree:
    if cell is not None:
        result["properties"] = {**result.get("properties", {}), "cell": cell}
    return result


def _by(told: Suppression, path: str) -> Tree:
    """What takes an item of a file off the list: a comment, or an entry of the settings."""
    by_settings = told.path != path and told.path.rpartition("/")[2] in (PYPROJECT, YAML_FILE)
    return _suppressed(told.reason, "external" if by_settings else "inSource")


def _suppressed(reason: str, kind: str = "inSource") -> Tree:
    return {"kind": kind, "status": "accepted", "justification": reason}


def _region(site: Site) -> Tree:
    span = site.span
    return {
        "startLine": span.line,
        "startColumn": span.column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }


def _message(text: str) -> Tree:
    """A text in which nothing is a link: `[text](1)` would lead to a related location."""
    text = redact(text)
    return {"text": text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text}


def _fix(replaced: Sequence[Replaced], log: _Log) -> Tree:
    by_path: dict[str, list[Tree]] = {}
    for one in replaced:
        change = {"deletedRegion": one.region, "insertedContent": {"text": one.text}}
        by_path.setdefault(one.path, []).append(change)
    told = _("Write what `migrate apply` writes for this; what it moves with has a fix of its own.")
    return {
        "description": {"text": told},
        "artifactChanges": [
            {"artifactLocation": log.address(path), "replacements": changes}
            for path, changes in by_path.items()
        ],
    }


# -- rules -----------------------------------------------------------------------------------------


def _rule_of(kind: Kind) -> str:
    return f"openai-{kind.value.replace('_', '-')}"


def _rule(name: str) -> Tree:
    message = MESSAGES.get(name)
    if message is not None:
        told, remedy = _plain(_(message.title)), _plain(_(message.action))
        page, level = f"checklist/#{name}", _LEVELS[message.severity]
    else:
        kind = next((one for one in Kind if _rule_of(one) == name), None)
        told = _(_KINDS[kind]) if kind is not None else name
        remedy = _("`migrate explain FILE:LINE` says how it is known, and what becomes of it.")
        page, level = "reports/", "warning"
    rule: Tree = {
        "id": name,
        "shortDescription": {"text": told},
        "help": {"text": remedy, "markdown": remedy},
        "defaultConfiguration": {"level": level},
    }
    if site := _documentation():
        rule["helpUri"] = f"{site}/{page}"
    return rule


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}")


@cache
def _documentation() -> str:
    """Where the documentation is read, as the package says; "" where it does not."""
    from importlib.metadata import PackageNotFoundError, metadata

    with suppress(PackageNotFoundError):
        for told in metadata(_PACKAGE).get_all("Project-URL") or ():
            label, _comma, address = told.partition(", ")
            if label == "Documentation":
                return str(address).rstrip("/")
    return ""
