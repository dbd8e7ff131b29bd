"""Coverage at a glance: figures, a bar, and a row for each kind of place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from migrator.analysis.sites import Kind, Site
from migrator.language import _
from migrator.reports.html.becoming import Becoming, bar, legend
from migrator.reports.html.texts import text


def figure(number: str, of: str, words: str, more: str = "") -> str:
    """A large number, of how many, and what it counts. `more` is markup."""
    whole = f'<span class="of">/{text(of)}</span>' if of else ""
    return f"<li><strong>{text(number)}{whole}</strong> {text(words)}{more}</li>"


def figures(entries: Iterable[str]) -> str:
    """Figures in a row."""
    return f'<ul class="figures-row">{"".join(filter(None, entries))}</ul>'


def shares(becoming: Becoming, line: str) -> str:
    """The bar of all places with its legend, and a table by their kinds."""
    counts = becoming.counted(becoming.sites)
    return f"{bar(becoming, counts, label=line)}{legend(becoming, counts)}{_kinds(becoming)}"


def _kinds(becoming: Becoming) -> str:
    of_kind: defaultdict[Kind, list[Site]] = defaultdict(list)
    for site in becoming.sites:
        of_kind[site.kind].append(site)
    heads = "".join(f'<th scope="col">{text(_(said))}</th>' for _tone, said in becoming.tones)
    rows = []
    for kind in (one for one in Kind if one in of_kind):
        counts = becoming.counted(of_kind[kind])
        cells = "".join(f"<td>{counts[tone] or '·'}</td>" for tone, _said in becoming.tones)
        rows.append(
            f'<tr><th scope="row">{text(kind.value)}</th><td class="wide">{bar(becoming, counts)}'
            f"</td>{cells}<td>{len(of_kind[kind])}</td></tr>"
        )
    head = (
        f'<tr><th scope="col">{text(_("kind of place"))}</th><td></td>{heads}'
        f'<th scope="col">{text(_("all"))}</th></tr>'
    )
    return (
        f'<table class="figures kinds"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
    )
