"""What becomes of sites, as the page shows it everywhere: a name, a colour, a share of a bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.analysis.sites import Certainty, Site
from migrator.decisions import Checklist, Convert, Decision, Leave
from migrator.language import _, marked
from migrator.reports.html.texts import text

_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Becoming:
    """The sites of a report and what becomes of each: `tones` names (class, words), in order."""

    sites: tuple[Site, ...]
    tones: tuple[tuple[str, str], ...]
    of: Mapping[str, str]

    def counted(self, sites: Iterable[Site]) -> Counter[str]:
        """How many of some sites have each tone."""
        return Counter(self.of[site.id] for site in sites)

    def words(self, counts: Mapping[str, int]) -> str:
        """`moves 3 · on the checklist 1`."""
        told = [f"{_(said)} {counts[tone]}" for tone, said in self.tones if counts.get(tone)]
        return " · ".join(told)


_DECIDED: dict[type[Decision], str] = {Convert: "moves", Checklist: "listed", Leave: "stays"}


def of_decisions(decisions: Iterable[Decision]) -> Becoming:
    """What a plan makes of its sites."""
    told = tuple(decisions)
    return Becoming(
        tuple(one.site for one in told),
        (
            ("moves", marked("moves")),
            ("listed", marked("on the checklist")),
            ("stays", marked("stays")),
        ),
        {one.site.id: _DECIDED[type(one)] for one in told},
    )


def of_scan(sites: Iterable[Site]) -> Becoming:
    """What a scan knows of its sites."""
    told = tuple(sites)
    proven = {Certainty.PROVEN: "moves", Certainty.LIKELY: "listed"}
    return Becoming(
        told,
        (("moves", marked("proven")), ("listed", marked("likely"))),
        {one.id: proven[one.certainty] for one in told},
    )


def bar(becoming: Becoming, counts: Mapping[str, int], *, label: str = "") -> str:
    """The shares as a bar; without a label it is decoration beside words that say the same."""
    total = sum(counts.values())
    if not total:
        return ""
    parts, start = [], 0.0
    for tone, _said in becoming.tones:
        width = _WIDTH * counts.get(tone, 0) / total
        if width:
            parts.append(f'<rect class="{tone}" x="{start:.0f}" width="{width:.0f}" height="10"/>')
        start += width
    said = f'role="img" aria-label="{text(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDTH} 10" preserveAspectRatio="none" {said}>'
        f"{''.join(parts)}</svg>"
    )


def legend(becoming: Becoming, counts: Mapping[str, int]) -> str:
    """What the colours mean, with the numbers."""
    entries = "".join(
        f'<li><span class="dot {tone}"></span>{text(_(said))} <b>{counts.get(tone, 0):,}</b></li>'
        for tone, said in becoming.tones
    )
    return f'<ul class="legend">{entries}</ul>'


def tag(becoming: Becoming, site: Site) -> str:
    """What becomes of one site, in a word."""
    tone = becoming.of[site.id]
    said = dict(becoming.tones)[tone]
    return f'<span class="tag {tone}">{text(_(said))}</span>'
