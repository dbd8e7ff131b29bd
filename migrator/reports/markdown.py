"""The checklist as Markdown: MIGRATION_CHECKLIST.md, ready for a merge request's description."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from migrator.analysis.sites import Site, Span
from migrator.checklist.document import DO, TITLE, WHY, mark
from migrator.decisions import (
    ChecklistItem,
    Group,
    Leave,
    Plan,
    Severity,
    Source,
    Target,
)
from migrator.language import _, marked
from migrator.reports.redaction import redact
from migrator.reports.words import (
    CODE_SPAN,
    MEANINGS,
    alike,
    clauses,
    coverage_line,
    dated,
    group_line,
    listed,
    place,
    redacted,
    several,
    severity_heading,
    severity_name,
    sites_of,
    visible,
)

_LIMIT = 65_536  # characters that a merge request's description takes on the strictest host
_LANGUAGES = {
    ".py": "python", ".pyi": "python", ".ipynb": "python", ".yaml": "yaml", ".yml": "yaml",
    ".toml": "toml", ".json": "json", ".sh": "shell", ".env": "shell",
}  # fmt: skip
# The sections below the entries: nobody ticks anything there.
SUPPRESSED = marked("Taken off the list by comments or the settings")
GROUPS = marked("Groups: what moves as a whole")
LEFT = marked("Left as it is")
TAIL = (SUPPRESSED, GROUPS, LEFT)
_SPECIAL = re.compile(r"([\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_]))")


def checklist_markdown(plan: Plan) -> str:
    """The checklist, grouped by severity and within it by what is to be done, in file order.

    A text too long for a merge request goes without the quoted code, and then without the marks by
    which entries are known again; no item is ever left out.
    """
    from migrator.checklist.standing import standing

    telling = {item.id for item in standing(plan)}
    text = _document(plan, telling, brief=False)
    for told in (telling, set[str]()):
        if len(text) > _LIMIT:
            text = _document(plan, told, brief=True)
    return text


def _document(plan: Plan, telling: Collection[str], *, brief: bool) -> str:
    items = [redacted(item) for item in plan.open_items]
    suppressed = [redacted(item) for item in plan.checklist if item.suppressed and not item.is_off]
    parts = [
        _(TITLE, target=prose(_target(plan.target))),
        f"`{coverage_line(plan.coverage)}`",
        _counts(items),
    ]
    for severity in Severity:
        of_severity = [item for item in items if item.severity is severity]
        if of_severity:
            parts.append(f"## {severity_heading(severity)}")
            parts += _groups(of_severity, brief, telling)
    if suppressed:
        parts += [f"## {_(SUPPRESSED)}", "\n".join(map(_suppressed, suppressed))]
    if len(plan.groups) > 1:
        parts += [f"## {_(GROUPS)}", _of_groups(plan.groups)]
    left = [decision for decision in plan.decisions if isinstance(decision, Leave)]
    if left:
        parts += [f"## {_(LEFT)}", _left(left, brief)]
    return "\n\n".join(parts) + "\n"


def _target(target: Target) -> str:
    """`moonshot`, or `moonshot, with bailian for embeddings and images`."""
    served: dict[str, list[str]] = {}
    for capability, provider in target.supplements:
        served.setdefault(provider, []).append(capability)
    others = [
        _("with {provider} for {capabilities}", provider=one, capabilities=several(names))
        for one, names in served.items()
    ]
    return listed([target.provider, *others])


def _counts(items: list[ChecklistItem]) -> str:
    if not items:
        return _("Nothing is left to do by hand.")
    found = Counter(item.severity for item in items)
    rows = [f"| {severity_name(one)} | {found[one]} | {_(MEANINGS[one])} |" for one in Severity]
    return "\n".join([_("| severity | items | meaning |"), "|---|--:|---|", *rows])


def _groups(items: list[ChecklistItem], brief: bool, telling: Collection[str]) -> Iterator[str]:
    """Items that differ only in their place stand under one explanation."""
    for group in alike(items):
        yield explanation(group[0])
        yield "\n".join(_tick(item, brief, tells=item.id in telling) for item in group)


def heading(item: ChecklistItem) -> str:
    """What items that are explained together stand under."""
    return f"### {code(item.code)}: {prose(redact(item.title))}"


def explanation(item: ChecklistItem) -> str:
    """The heading, why it is on the list and what to do."""
    item = redacted(item)
    lines = [heading(item)]
    why, sources = prose(item.why), clauses(map(_link, item.sources))
    if sources:
        why = _("{told} ({details})", told=why, details=sources) if why else f"({sources})"
    if why:
        lines.append(f"{_(WHY)} {why}")
    if item.action:
        lines.append(f"{_(DO)} {prose(item.action)}")
    return "\n\n".join(lines)


def _link(source: Source) -> str:
    if not source.url.startswith(("https://", "http://")):
        return prose(dated(source))
    address = re.sub(r"[\s<>()\\]", lambda match: f"%{ord(match.group()):02X}", source.url)
    link = f"[{prose(source.title or source.url)}]({address})"
    return _("{title}, {date}", title=link, date=prose(source.as_of)) if source.as_of else link


def box(item: ChecklistItem, *, tells: bool) -> str:
    """The box of an item, with its code; `tells`: with the mark by which it is known again."""
    return _tick(redacted(item), brief=False, tells=tells)


def _tick(item: ChecklistItem, brief: bool, *, tells: bool) -> str:
    where = place(item.path, item.line, item.cell)
    head = f"- [ ] {code(where) if where else prose(item.title)}"
    hidden = mark(item.site_ids[0] if item.site_ids else "") if tells else ""
    if brief or not item.source_code.strip():
        replaced = item.replacement.strip()
        if replaced and "\n" not in replaced:
            head = _("{head}: write {code}", head=head, code=code(replaced))
        return f"{head}{hidden}"
    old, new = item.source_code.strip("\n"), item.replacement.strip("\n")
    if "\n" not in old + new:
        head = f"{head} {code(old.strip())}"
        if new:
            head = _("{code} becomes {other}", code=head, other=code(new.strip()))
        return f"{head}{hidden}"
    language = _LANGUAGES.get(PurePosixPath(item.path).suffix, "")
    blocks = [f"{head}{hidden}", _block(old, language)]
    if new:
        blocks += [f"  {_('becomes')}", _block(new, language)]
    return "\n\n".join(blocks)


def _suppressed(item: ChecklistItem) -> str:
    """An item that a comment in the repository takes off the list."""
    comment = item.suppressed
    assert comment is not None, "only such items stand here"
    where = code(place(item.path, item.line, item.cell))
    return f"- {where} {code(item.code)}: {comment.verb}, {prose(redact(comment.reason))}"


def _of_groups(groups: Iterable[Group]) -> str:
    """The groups by the names that `--only` and `--skip` take."""
    return "\n".join(f"- {code(group.id)}: {prose(group_line(group))}" for group in groups)


def _left(decisions: list[Leave], brief: bool) -> str:
    by_reason: dict[str, list[str]] = {}
    for decision in sorted(decisions, key=lambda decision: _position(decision.site)):
        site = decision.site
        where = place(site.path, site.span.line, site.cell)
        by_reason.setdefault(redact(decision.reason), []).append(where)
    return "\n".join(
        "- "
        + _(
            "{kind}: {told}",
            kind=prose(reason),
            told=sites_of(len(places)) if brief else listed(map(code, dict.fromkeys(places))),
        )
        for reason, places in sorted(by_reason.items())
    )


def _position(site: Site) -> tuple[str, Span]:
    return site.path, site.span


def prose(text: str) -> str:
    """Text whose characters mean nothing to Markdown; what stands between backticks is code."""
    text = visible(" ".join(text.split()))
    parts: list[str] = []
    end = 0
    for span in CODE_SPAN.finditer(text):
        parts += [_escape(text[end : span.start()]), code(span.group(2).strip())]
        end = span.end()
    return "".join([*parts, _escape(text[end:])])


def code(text: str) -> str:
    """An inline code span, with backticks enough to hold the text's own."""
    text = visible(" ".join(text.splitlines()))
    fence = "`" * (_longest_run(text) + 1)
    padding = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _block(text: str, language: str) -> str:
    """A fenced block inside a list item."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = [f"{fence}{language}", *visible(text).split("\n"), fence]
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
