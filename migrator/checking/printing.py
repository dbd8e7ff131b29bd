"""A verdict as text, JSON, SARIF, or what GitHub and GitLab show beside the lines of a request."""

from __future__ import annotations

from migrator.checking import codes
from migrator.language import ENGLISH, _, counted, use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from migrator.checking.judging import Verdict
    from migrator.checking.marks import Fault
    from migrator.checking.uses import Use

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def rendered(verdict: Verdict, form: str) -> str:
    """The verdict in one of the formats."""
    return _FORMATS[form](verdict)


def as_text(verdict: Verdict) -> str:
    """One line a place, then what to do."""
    lines = [
        f"{one.path}:{one.line}:{one.column}: {one.code} {one.message}" for one in _told(verdict)
    ]
    told = (*lines, *_remedy(verdict), *_gone(verdict))
    return "".join(f"{_spelled(line)}\n" for line in told)


def _spelled(line: str) -> str:
    """A line with what a terminal would obey or hide as text: names of files may hold it."""
    if line.isprintable():
        return line
    return "".join(
        one
        if one.isprintable() or (one >= "\xa0" and one.isspace())
        else one.encode("unicode_escape", "surrogatepass").decode()
        for one in line
    )


def _told(verdict: Verdict) -> list[Use | Fault]:
    told: list[Use | Fault] = [*verdict.new, *verdict.faults]
    return sorted(told, key=lambda one: (one.path, one.line, one.column))


def _remedy(verdict: Verdict) -> list[str]:
    number = len(verdict.new)
    if not number:
        return []
    count = counted("{number} new use of OpenAI", "{number} new uses of OpenAI", number)
    first = verdict.new[0]
    example = f"# migrate: ignore[{first.code}] …"
    if verdict.target:
        return [
            _(
                "{count}. This code moves to {target}: `migrate explain {place}` shows how it is "
                "written there; what has to stay takes a comment with a reason: {example}",
                count=count,
                target=verdict.target,
                place=f"{first.path}:{first.line}",
                example=example,
            )
        ]
    return [
        _(
            "{count}. Use your provider's client, address, key and model (`migrate explain "
            "{place}`); what has to stay takes a comment with a reason: {example}",
            count=count,
            place=f"{first.path}:{first.line}",
            example=example,
        )
    ]


def _gone(verdict: Verdict) -> list[str]:
    number = sum(count for _path, _key, count in verdict.gone)
    if not number:
        return []
    path, (code, subject, _mark), _count = verdict.gone[0]
    return [
        counted(
            "{number} use that {file} names is gone ({first}): `migrate baseline --prune` takes it "
            "out",
            "{number} uses that {file} names are gone (first: {first}): `migrate baseline --prune` "
            "takes them out",
            number,
            file=verdict.baseline,
            first=f"{path} {code} {subject}",
        )
    ]


def _as_json(verdict: Verdict) -> str:
    import json

    before = use(ENGLISH)
    try:
        told = {
            "new": [_row(one) for one in verdict.new],
            "suppressed": [_row(one) | {"reason": reason} for one, reason in verdict.taken],
            "faults": [
                {key: getattr(one, key) for key in ("path", "line", "column", "code", "message")}
                for one in verdict.faults
            ],
            "gone": [
                {"path": path, "code": code, "subject": subject, "count": count}
                for path, (code, subject, _mark), count in verdict.gone
            ],
            "notes": verdict.notes,
            "files": verdict.files,
        }
    finally:
        use(before)
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _row(one: Use) -> dict[str, Any]:
    return {
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "code": one.code,
        "subject": one.subject,
        "message": one.message,
    }


def _as_sarif(verdict: Verdict) -> str:
    import json

    from migrator import __version__

    before = use(ENGLISH)
    try:
        rules = [
            {"id": code, "shortDescription": {"text": _(about)}}
            for code, about in codes.ABOUT.items()
        ]
        results = [_result(one, one.message) for one in _told(verdict)]
        results += [
            _result(one, one.message)
            | {"suppressions": [{"kind": "inSource", "justification": reason}]}
            for one, reason in verdict.taken
        ]
    finally:
        use(before)
    run = {
        "tool": {
            "driver": {"name": "migrate check", "version": __version__, "rules": rules},
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _result(one: Use | Fault, message: str) -> dict[str, Any]:
    from urllib.parse import quote

    place = {
        "artifactLocation": {
            "uri": quote(one.path, errors="surrogateescape"),
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": list(codes.ABOUT).index(one.code),
        "level": "error",
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }
    mark = getattr(one, "mark", "")
    if mark:
        result["partialFingerprints"] = {"migrateUse/v1": f"{one.code}:{mark}"}
    return result


def _as_gitlab(verdict: Verdict) -> str:
    """A Code Quality report, as GitLab shows it beside the lines of a merge request."""
    import json
    from zlib import crc32

    before = use(ENGLISH)
    try:
        told = [
            {
                "check_name": one.code,
                "description": one.message,
                "severity": "major",
                "fingerprint": f"{one.code}:{getattr(one, 'mark', one.line)}:"
                f"{crc32(one.path.encode('utf-8', 'surrogateescape')):08x}",
                "location": {"path": one.path, "lines": {"begin": one.line}},
            }
            for one in _told(verdict)
        ]
    finally:
        use(before)
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _as_github(verdict: Verdict) -> str:
    lines = [
        f"::error file={_property(one.path)},line={one.line},col={one.column},"
        f"title={_property(one.code)}::{_data(one.message)}"
        for one in _told(verdict)
    ]
    lines += [f"::notice::{_data(line)}" for line in (*_remedy(verdict), *_gone(verdict))]
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    """A text as the message of a command of GitHub's."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_FORMATS: Mapping[str, Callable[[Verdict], str]] = {
    "text": as_text,
    "json": _as_json,
    "sarif": _as_sarif,
    "github": _as_github,
    "gitlab": _as_gitlab,
}
