"""What is told of a place in the code, for people (a tree, 80 columns) and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from migrator.analysis.sites import Site
from migrator.changes.result import EditedText
from migrator.decisions import Checklist, ChecklistItem, Convert, Severity, Source
from migrator.explaining.history import Written
from migrator.explaining.places import Account, Explained, Strand
from migrator.language import _, in_turn, joined
from migrator.providers import Provider
from migrator.reports.explain import labelled, source
from migrator.reports.json import decision_data, document, suppressed
from migrator.reports.redaction import redact
from migrator.reports.words import (
    certainty_name,
    listed,
    place,
    redacted,
    severity_name,
    visible,
)
from migrator.reports.wrapping import WIDTH, wrapped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.tree import Tree

_SHOWN = 12  # lines of what is written


def explained_json(told: Explained, provider: Provider) -> str:
    """All of it as a JSON document."""
    return document(
        {
            "target": {"provider": provider.id, "compiled": provider.compiled},
            "path": told.path,
            "line": told.line,
            "code": told.code,
            "sites": [_account(one) for one in told.accounts],
            "nearest": [_site(one) for one in told.nearest],
            "carried": [_site(one) for one in told.carried],
            "written": _written(told.written) if told.written is not None else None,
        }
    )


def _account(one: Account) -> dict[str, Any]:
    return {
        **_site(one.site),
        **decision_data(one.decision),
        "known": [
            {
                "what": strand.what,
                "steps": [
                    {
                        "path": link.step.path,
                        "line": link.step.line,
                        "what": link.step.what,
                        "code": link.code,
                    }
                    for link in strand.links
                ],
            }
            for strand in one.strands
        ],
        "edits": [
            {"path": edit.path, "codemod": edit.codemod, "before": edit.before, "after": edit.after}
            for edit in one.edits
        ],
        "files": list(one.files),
        "group": {
            "id": one.group.id,
            "selected": one.group.selected,
            "ties": list(one.ties),
            "sites": len(one.group.site_ids),
        }
        if one.group is not None
        else None,
        "changes": list(one.changes),
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "site": site.id,
        "path": site.path,
        "line": site.span.line,
        "column": site.span.column,
        "kind": site.kind.value,
        "detail": site.detail,
        "certainty": site.certainty.value,
        **suppressed(site),
    }


def _written(told: Written) -> dict[str, Any]:
    return {
        "run": told.run,
        "command": told.command,
        "exact": told.exact,
        "line_before": told.line,
        "before": list(told.before),
        "after": list(told.after),
        "decisions": list(told.decisions) if told.decisions is not None else None,
    }


def print_explained(told: Explained, provider: Provider, console: Console) -> None:
    """The place, what stands there, each site with its tree, and the run that wrote the line."""
    _line(console, place(told.path, told.line), "bold")
    if told.code:
        _line(console, f"  {redact(told.code)}"[:WIDTH])
    for one in told.accounts:
        _line(console, "")
        _print_account(one, provider, console)
    if not told.accounts:
        _line(console, "")
        _print_nothing(told, console)
    if told.written is not None:
        _line(console, "")
        for line in _of_run(told.written):
            _line(console, line)


def _print_nothing(told: Explained, console: Console) -> None:
    if told.carried:
        _line(console, _("No request and no setting stands on this line. It is on the way to:"))
    elif told.nearest:
        _line(console, _("Nothing on this line reaches OpenAI. The nearest places of the file:"))
    else:
        _line(
            console, _("Nothing on this line reaches OpenAI, nor does anything else in the file.")
        )
    for site in (told.carried or told.nearest)[:_SHOWN]:
        what = f"{site.kind.value} {redact(site.detail)}"
        _line(console, f"  {place(site.path, site.span.line)}  {what}")


def _print_account(one: Account, provider: Provider, console: Console) -> None:
    from rich.tree import Tree

    site = one.site
    certainty = certainty_name(site.certainty)
    head = f"{site.kind.value}  {redact(site.detail)}  {certainty}  [{site.id}]"
    tree = Tree(_text(head, "bold"), guide_style="dim")
    for strand in one.strands:
        _grow(tree.add(_text(strand.what)), strand)
    console.print(tree, width=WIDTH, soft_wrap=False)
    for line in _decided(one, provider):
        _line(console, line)


def _grow(branch: Tree, strand: Strand) -> None:
    for where, words, code in stations(strand):
        leaf = branch.add(_text(f"{where}  {words}"))
        if code:
            leaf.add(_text(code, "dim", cut=True))


def stations(strand: Strand) -> Iterator[tuple[str, str, str]]:
    """The links of a strand, those of one line together: the place, what happens, its code."""
    for (path, line), links in groupby(
        strand.links, key=lambda link: (link.step.path, link.step.line)
    ):
        together = list(links)
        words = in_turn(redact(link.step.what) for link in together)
        yield place(path, line), words, redact(together[0].code)


def _decided(one: Account, provider: Provider) -> Iterator[str]:
    match one.decision:
        case Convert(reason=reason, sources=sources, notes=notes):
            yield from wrapped(_("{provider}: moves", provider=provider.name), "")
            yield from labelled(_("why"), redact(reason))
            yield from _cited(sources)
            yield from _items(_("also"), notes)
        case Checklist(items=items):
            told = _("{provider}: not moved, on the checklist", provider=provider.name)
            yield from wrapped(told, "")
            yield from _items(_("says"), items)
        case decision:
            yield from wrapped(_("{provider}: is left as it is", provider=provider.name), "")
            yield from labelled(_("why"), redact(decision.reason))
            yield from _cited(decision.sources)
    yield from _edits(one.edits)
    for path in one.files:
        yield from labelled(_("beside"), _("the module `{path}` is written", path=path))
    yield from _moves_with(one)
    for change in one.changes:
        yield from labelled(_("if"), redact(change))


def _items(label: str, items: Iterable[ChecklistItem]) -> Iterator[str]:
    for item in map(redacted, items):
        told = item.title
        if item.suppressed:
            reason = redact(item.suppressed.reason)
            told = _("{told} (taken off: {reason})", told=told, reason=reason)
        yield from labelled(label, coded(severity_name(item.severity), item.code, told))
        yield from labelled(_("why"), item.why)
        yield from _cited(item.sources)


def _cited(sources: Iterable[Source]) -> Iterator[str]:
    for one in sources:
        yield from source(one)


def _edits(edits: Iterable[EditedText]) -> Iterator[str]:
    lines = [
        f"    {sign} {line}"
        for before, after in dict.fromkeys((edit.before, edit.after) for edit in edits)
        for sign, text in (("-", before), ("+", after))
        for line in redact(text).splitlines()
    ]
    if lines:
        yield f"  {_('written')}"
        yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        more = _("… {number} more lines: migrate apply --dry-run", number=len(lines) - _SHOWN)
        yield f"    {more}"


def _moves_with(one: Account) -> Iterator[str]:
    if not one.companions:
        return
    places = listed(dict.fromkeys(place(site.path, site.span.line) for site in one.companions))
    size = len(one.group.site_ids) - 1 if one.group is not None else 0
    if size > len(one.companions):
        places = _("{places} and others ({number} in all)", places=places, number=size)
    told = _("{places}: they share {ties}", places=places, ties=joined(one.ties))
    yield from labelled(_("with"), told)


def _of_run(told: Written) -> Iterator[str]:
    head = (
        _("Run {run} (`{command}`) wrote this line:", run=told.run, command=told.command)
        if told.exact
        else _(
            "Run {run} (`{command}`) wrote this line; the file has been changed since:",
            run=told.run,
            command=told.command,
        )
    )
    yield from wrapped(head, "")
    for sign, lines in (("-", told.before), ("+", told.after)):
        yield from (f"  {sign} {redact(line)}" for line in lines[:_SHOWN])
    if told.decisions is None:
        yield from wrapped(_("What that run decided was not kept."), "")
    for one in told.decisions or ():
        yield from wrapped(f"{one['kind']} {one['detail']}: {one['decision']}", "  ")
        yield from labelled(_("why"), one["reason"] or _("see the items below"))
        for cited in one["sources"]:
            yield from source(Source(**cited))
        for item in one["items"]:
            severity = severity_name(Severity(item["severity"]))
            yield from labelled(_("item"), coded(severity, item["code"], item["title"]))
            yield from labelled(_("to do"), item["action"])


def coded(severity: str, code: str, title: str) -> str:
    """`review, untraced: the title`."""
    return _("{severity}, {code}: {title}", severity=severity, code=code, title=title)


def _text(text: str, style: str = "", *, cut: bool = False) -> Any:
    from rich.text import Text

    return Text(visible(text), style=style, no_wrap=cut, overflow="ellipsis" if cut else "fold")


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(_text(text, style), soft_wrap=True, highlight=False)
