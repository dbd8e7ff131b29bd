"""The map of a repository: a drawing that prints and needs no script, and the same as a table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from migrator.analysis.sites import Site
from migrator.language import _, counted
from migrator.reports.html.becoming import Becoming, legend
from migrator.reports.html.flows import Chart, Flow, Node, chart
from migrator.reports.html.layout import HEIGHT, LOOP, WIDTH, Placed, layout
from migrator.reports.html.texts import code, text
from migrator.reports.words import listed, several

_FITS = 18  # characters of a name in a node
_BACK = 16  # from the end of a line to its number


def map_of(becoming: Becoming, files: Mapping[str, int]) -> str:
    """The drawing with its legend, and the table. `files` are the numbers of the files' parts."""
    drawn = chart(becoming.sites)
    if not drawn.nodes:
        return ""
    counts = becoming.counted(becoming.sites)
    label = text(_("The map; it can be scrolled"))
    return (
        f"<p>{text(_remark(drawn))}</p>{legend(becoming, counts)}"
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        f"{_drawing(drawn, layout(drawn), becoming, files)}</div>{_table(drawn, becoming)}"
    )


def _remark(drawn: Chart) -> str:
    said = [
        _(
            "Values flow from left to right: from settings over clients to requests. A box is a "
            "file with its number of places; a number on a line says how many of them it leads to."
        )
    ]
    if drawn.folded:
        said.append(_("Some folders stand for their files: there are too many to draw each."))
    if drawn.left_out:
        said.append(
            counted(
                "{number} file with few places is left out.",
                "{number} files with few places are left out.",
                drawn.left_out,
            )
        )
    if drawn.omitted:
        said.append(
            counted(
                "{number} flow of the weakest is not drawn.",
                "{number} flows of the weakest are not drawn.",
                drawn.omitted,
            )
        )
    return " ".join(said)


def _drawing(drawn: Chart, placed: Placed, becoming: Becoming, files: Mapping[str, int]) -> str:
    sites = _by_path(becoming.sites)
    number = {node.name: place for place, node in enumerate(drawn.nodes)}
    leaving = Counter(flow.start for flow in drawn.flows)
    coming = Counter(flow.end for flow in drawn.flows)
    lines = "\n".join(
        _line(flow, placed, number, early=leaving[flow.start] < coming[flow.end])
        for flow in drawn.flows
    )
    folders = "".join(
        f'<text class="folder" x="{x}" y="{y}">{text(_shortened(name, _FITS + 7))}/</text>'
        for name, x, y in placed.folders
    )
    boxes = "\n".join(
        _box(node, placed.nodes[node.name], number[node.name], sites, becoming, files)
        for node in drawn.nodes
    )
    label = text(_("Files and the flow of values between them"))
    return (
        f'<svg class="map" viewBox="0 0 {placed.width} {placed.height}" width="{placed.width}" '
        f'height="{placed.height}" role="group" aria-label="{label}">'
        f'<g aria-hidden="true">{lines}\n{folders}</g>\n{boxes}</svg>'
    )


def _line(flow: Flow, placed: Placed, number: Mapping[str, int], *, early: bool) -> str:
    """A flow, with its number where it is less crowded: `early` or late on the way."""
    x, y = placed.nodes[flow.start]
    end, below = placed.nodes[flow.end]
    x, y, below = x + WIDTH, y + HEIGHT // 2, below + HEIGHT // 2
    if end < x:  # back, or within a column: around the right side
        end += WIDTH
        bend = max(x, end) + LOOP
        path, middle = f"M{x} {y}C{bend} {y} {bend} {below} {end} {below}", (x + _BACK, y)
    else:
        path, middle = f"M{x} {y}", (x + _BACK, y)
        for start, height in placed.lanes.get(flow.start, ()):
            if start >= end:
                break
            path += f"{_curve(x, y, start, height)}H{start + WIDTH}"
            x, y = start + WIDTH, height
        path += _curve(x, y, end, below)
        if not early:
            middle = end - _BACK, below
    width = 1 + min(math.log2(flow.sites), 5) * 0.6
    ends = f'data-start="{number[flow.start]}" data-end="{number[flow.end]}"'
    many = (
        f'<text x="{middle[0]}" y="{middle[1] + 4}">{flow.sites}</text>' if flow.sites > 1 else ""
    )
    return f'<g class="flow" {ends}><path d="{path}" stroke-width="{width:.1f}"/>{many}</g>'


def _curve(x: int, y: int, end: int, below: int) -> str:
    bend = (end - x) // 2
    return f"C{x + bend} {y} {end - bend} {below} {end} {below}"


def _box(
    node: Node,
    place: tuple[int, int],
    number: int,
    sites: Mapping[str, Sequence[Site]],
    becoming: Becoming,
    files: Mapping[str, int],
) -> str:
    x, y = place
    own = [] if node.is_variable else [site for path in node.paths for site in sites.get(path, ())]
    counts = becoming.counted(own)
    targets = [files[path] for path in node.paths if path in files]
    said = _said(node, len(own), becoming.words(counts))
    shape = "variable" if node.is_variable else "file"
    shares = []
    start, total = x + 10.0, WIDTH - 20
    for tone, _words in becoming.tones:
        if counts[tone]:
            width = total * counts[tone] / len(own)
            shares.append(
                f'<rect class="{tone}" x="{start:.1f}" y="{y + HEIGHT - 7}" '
                f'width="{width:.1f}" height="3"/>'
            )
            start += width
    many = f'<text class="many" x="{x + WIDTH - 10}" y="{y + 20}">{len(own)}</text>' if own else ""
    label = _shortened(node.label, _FITS + 2 * node.is_variable)
    inset, baseline = (16 if node.is_variable else 10), (20 if own else 22)
    drawn = (
        f"<title>{text(said)}</title>"
        f'<rect class="box" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" '
        f'rx="{HEIGHT // 2 if node.is_variable else 3}"/>'
        f'<text class="name" x="{x + inset}" y="{y + baseline}">'
        f"{text(label)}</text>{many}{''.join(shares)}"
    )
    if not targets:
        return f'<g class="node {shape}" data-node="{number}">{drawn}</g>'
    listed = " ".join(map(str, targets))
    return (
        f'<a class="node {shape}" href="#file-{targets[0]}" data-node="{number}" '
        f'data-files="{listed}" data-name="{text(node.name)}" aria-label="{text(said)}">{drawn}</a>'
    )


def _said(node: Node, number: int, words: str) -> str:
    if node.is_variable:
        name = node.name[1:]
        return _(
            "the variable {name}, set or read in {paths}", name=name, paths=several(node.paths)
        )
    if not number:
        return _("{path}: hands values on", path=node.name)
    return counted("{path}: {number} place ({words})", "{path}: {number} places ({words})", number,
                   path=node.name, words=words)  # fmt: skip


def _table(drawn: Chart, becoming: Becoming) -> str:
    """The same in words, for who does not see the drawing."""
    sites = _by_path(becoming.sites)
    onwards: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in drawn.flows:
        onwards[flow.start].append(flow)
    rows = []
    for node in drawn.nodes:
        own = [] if node.is_variable else [s for path in node.paths for s in sites.get(path, ())]
        told = becoming.words(becoming.counted(own))
        to = listed(f"{code(flow.end)} {flow.sites}" for flow in onwards[node.name])
        rows.append(
            f'<tr><th scope="row">{code(node.name)}</th><td>{len(own) or ""}</td>'
            f"<td>{text(told)}</td><td>{to}</td></tr>"
        )
    heads = (_("file"), _("places"), _("what becomes of them"), _("hands values to"))
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    return (
        f"<details><summary>{text(_('The map as a table'))}</summary>"
        f'<div class="scroll" tabindex="0"><table class="figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def _by_path(sites: Sequence[Site]) -> dict[str, list[Site]]:
    found: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        found[site.path].append(site)
    return found


def _shortened(name: str, most: int) -> str:
    """A long name without its middle; a character of Chinese takes the room of two."""
    wide = [2 if ord(character) > 0x2E7F else 1 for character in name]
    if sum(wide) <= most:
        return name
    half = (most - 1) // 2
    start = next(n for n in range(len(name)) if sum(wide[: n + 1]) > half)
    end = next(n for n in range(len(name)) if sum(wide[len(name) - n - 1 :]) > half)
    return f"{name[:start]}…{name[len(name) - end :]}"
