"""The checklist: what is left to people, with ticks that the browser keeps and filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from migrator.decisions import ChecklistItem, Plan, Severity
from migrator.language import _, marked
from migrator.reports.html.texts import code, prose, site_anchor, sources, text
from migrator.reports.words import MEANINGS, alike, items_of, place, severity_name

_KEPT = marked("Ticks stay in this browser; MIGRATION_CHECKLIST.md is what a team shares.")
_OPEN = 40  # items of which all explanations are open


class Items:
    """The open items of a plan: each with a number on the page and a key that ticks are kept by."""

    def __init__(self, plan: Plan) -> None:
        self.items = plan.open_items
        self._off = [item for item in plan.checklist if item.suppressed and not item.is_off]
        self._numbers = {item: number for number, item in enumerate(self.items)}
        seen: Counter[str] = Counter()
        self._keys: list[str] = []
        for item in self.items:
            seen[item.id] += 1
            more = f"#{seen[item.id]}" if seen[item.id] > 1 else ""
            self._keys.append(f"{item.id}{more}")
        self.found = Counter(item.severity for item in self.items)

    def anchor(self, item: ChecklistItem) -> str:
        """The id of an item's element; "" for one that is taken off the list."""
        number = self._numbers.get(item)
        return "" if number is None else f"item-{number}"

    def section(self, sites: Collection[str], files: Mapping[str, int]) -> str:
        """All of the list. `sites` are those that the page tells of, `files` the parts of files."""
        parts = [_tools(self.found) if self.items else ""]
        if not self.items:
            parts.append(f"<p>{text(_('Nothing is left to do by hand.'))}</p>")
        shown = (one for one in Severity if self.found[one])
        parts += [self._severity(severity, sites, files) for severity in shown]
        if self._off:
            heading = text(_("Taken off the list by comments"))
            rows = "".join(f"<li>{_taken_off(item)}</li>" for item in self._off)
            parts.append(f'<h3>{heading} <span class="number">{len(self._off)}</span></h3>')
            parts.append(f"<ul>{rows}</ul>")
        return "\n".join(parts)

    def _severity(
        self, severity: Severity, sites: Collection[str], files: Mapping[str, int]
    ) -> str:
        of_severity = [item for item in self.items if item.severity is severity]
        groups = "\n".join(self._group(one, sites, files) for one in alike(of_severity))
        return (
            f'<div class="severity" data-severity="{severity.value}"><h3>{_name(severity)} '
            f'<span class="number">{len(of_severity)}</span> '
            f'<span class="soft">{text(_(MEANINGS[severity]))}</span></h3>\n{groups}</div>'
        )

    def _group(
        self, items: Sequence[ChecklistItem], sites: Collection[str], files: Mapping[str, int]
    ) -> str:
        """Items that differ only in their place, under one explanation."""
        first = items[0]
        said = "".join(_explained(first))
        rows = "\n".join(self._row(item, sites, files) for item in items)
        number = f' <span class="number">{len(items)}</span>' if len(items) > 1 else ""
        opened = " open" if len(self.items) <= _OPEN else ""
        return (
            f'<details class="entry {first.severity.value}"{opened}>'
            f"<summary><h4>{prose(first.title)}</h4>{number} "
            f'<span class="soft">{text(first.code)}</span></summary>\n'
            f'<div>{said}<ul class="ticks">\n{rows}</ul></div></details>'
        )

    def _row(self, item: ChecklistItem, sites: Collection[str], files: Mapping[str, int]) -> str:
        number = self._numbers[item]
        where = place(item.path, item.line, item.cell)
        site = next((one for one in item.site_ids if one in sites), None)
        shown = code(where) if where else prose(item.title)
        link = ""
        if site is not None:
            link = f' <a class="to" href="#{site_anchor(site)}">{text(_("how it is known"))}</a>'
        file = f' data-file="{files[item.path]}"' if item.path in files else ""
        return (
            f'<li class="item" id="item-{number}"{file}><label>'
            f'<input type="checkbox" data-key="{text(self._keys[number])}"> {shown}</label>'
            f"{link}{_texts(item)}</li>"
        )


def _name(severity: Severity) -> str:
    return text(severity_name(severity).capitalize())


def _tools(found: Counter[Severity]) -> str:
    """What is shown, and how much is ticked; without the script there is nothing to press."""
    buttons = "".join(
        f'<button type="button" aria-pressed="true" data-severity="{one.value}">'
        f'<span class="dot {one.value}"></span>{_name(one)} <b>{found[one]}</b></button>'
        for one in Severity
        if found[one]
    )
    label = text(_("What is shown"))
    progress, hide = text(_("{done} of {all} ticked")), text(_("Hide what is ticked"))
    return (
        f'<div class="tools needs-script" hidden><div role="group" aria-label="{label}">{buttons}'
        f'<button type="button" aria-pressed="false" id="only-open">{hide}'
        f'</button></div><output id="progress" data-words="{progress}"></output>'
        f'<p class="soft" id="kept">{text(_(_KEPT))}</p></div>'
    )


def _explained(item: ChecklistItem) -> Iterator[str]:
    if item.why or item.sources:
        yield f'<div class="because">{prose(item.why)} {sources(item.sources)}</div>'
    if item.action:
        yield f'<p class="action"><b>{text(_("To do"))}</b> {prose(item.action)}</p>'


def _texts(item: ChecklistItem) -> str:
    """The code of an item, and what to write instead."""
    old, new = (said.strip("\n") for said in (item.source_code, item.replacement))
    parts = [f"<pre>{text(old)}</pre>" if old.strip() else ""]
    if new.strip():
        label = text(_("write instead"))
        parts.append(f'<p class="soft">{label}</p><pre class="new">{text(new)}</pre>')
    return "".join(parts)


def _taken_off(item: ChecklistItem) -> str:
    assert item.suppressed is not None, "only such items stand here"
    where = code(place(item.path, item.line, item.cell))
    said = text(f"{item.code}: {item.suppressed.verb}, {item.suppressed.reason}")
    return f"{where} {said}"


def severities(found: Counter[Severity]) -> str:
    """How many items of each severity there are, in a row."""
    return (
        "".join(
            f'<li><span class="dot {one.value}"></span>{_name(one)} <b>{found[one]}</b></li>'
            for one in Severity
            if found[one]
        )
        or f"<li>{text(items_of(0))}</li>"
    )
