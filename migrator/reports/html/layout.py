"""Where the nodes of a chart stand: columns by the distance of flow, folders together.

The same chart always gives the same places. Flows that pass a column by have a lane there, one for
what comes from the same node. What no value flows to or from stands below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from migrator.reports.html.flows import Chart, Flow, Node

WIDTH, HEIGHT = 176, 36
_GAP, _BETWEEN, _FOLDER, _LANE, _EDGE = 56, 10, 22, 12, 8
LOOP = 40  # how far a flow within a column reaches beyond it
_COLUMNS, _ABREAST = 6, 5  # of flows, and of what stands alone
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """The upper left corners of nodes by name, the headings of folders, and the whole size.

    `lanes` are where the flows from a node pass columns by.
    """

    nodes: Mapping[str, tuple[int, int]]
    lanes: Mapping[str, tuple[tuple[int, int], ...]]
    folders: tuple[tuple[str, int, int], ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Lane:
    """The room of the flows from one node that pass a column by: they go as one as far as that."""

    start: str
    column: int

    @property
    def name(self) -> str:
        return f"{self.start}\0{self.column}"

    @property
    def folder(self) -> str:
        return self.name


_Cell = Node | _Lane


def layout(chart: Chart) -> Placed:
    """The places of all nodes."""
    joined = {name for flow in chart.flows for name in (flow.start, flow.end)}
    flowing = [node for node in chart.nodes if node.name in joined]
    alone = [node for node in chart.nodes if node.name not in joined]
    columns = _ordered(*_with_lanes(_columns(flowing, chart.flows), chart.flows))
    across = max(len(columns), min(len(alone), _ABREAST), 1)
    tallest = max((_tall(column) for column in columns), default=0)
    places: dict[str, tuple[int, int]] = {}
    lanes: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    folders: list[tuple[str, int, int]] = []
    for number, column in enumerate(columns):
        x = _EDGE + number * (WIDTH + _GAP)
        y = _EDGE + (tallest - _tall(column)) // 2
        _stack(column, x, y, places, folders)
        for lane in (one for one in column if isinstance(one, _Lane)):
            lanes[lane.start].append(places.pop(lane.name))
    bottom = tallest + _EDGE
    for number, beneath in enumerate(_spread(alone, across)):
        x = _EDGE + number * (WIDTH + _GAP)
        bottom = max(bottom, _stack(beneath, x, tallest + 3 * _EDGE, places, folders))
    last = {one.name for one in columns[-1]} if columns else set()
    back = any(flow.start in last for flow in chart.flows)  # around the right side
    width = 2 * _EDGE + across * WIDTH + (across - 1) * _GAP + back * LOOP
    ways = {start: tuple(points) for start, points in lanes.items()}
    return Placed(places, ways, tuple(folders), width, bottom + _EDGE)


def _stack(
    column: Sequence[_Cell],
    x: int,
    y: int,
    places: dict[str, tuple[int, int]],
    folders: list[tuple[str, int, int]],
) -> int:
    """Put nodes one below the other under the names of their folders; gives where they end."""
    for folder, cells in groupby(column, key=lambda one: one.folder):
        for number, cell in enumerate(cells):
            if isinstance(cell, _Lane):
                places[cell.name] = (x, y + _LANE // 2)
                y += _LANE
                continue
            if not number:
                y += _FOLDER
                folders += [(folder, x, y - 7)] if folder else []
            places[cell.name] = (x, y)
            y += HEIGHT + _BETWEEN
    return y


def _tall(column: Sequence[_Cell]) -> int:
    return _stack(column, 0, 0, {}, [])


def _spread(nodes: Sequence[Node], across: int) -> list[list[Node]]:
    """Nodes in columns of about the same height, in order."""
    ordered = sorted(nodes, key=lambda node: (node.folder, node.name))
    size = -(-len(ordered) // across) or 1
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _columns(nodes: Sequence[Node], flows: Sequence[Flow]) -> list[list[Node]]:
    """The nodes by the longest way that values come to them; a way back counts for nothing."""
    onwards: defaultdict[str, list[str]] = defaultdict(list)
    for flow in flows:
        onwards[flow.start].append(flow.end)
    order = _topological([node.name for node in nodes], onwards)
    position = {name: number for number, name in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for name in order:
        for end in onwards[name]:
            if position[end] > position[name]:
                depth[end] = max(depth[end], depth[name] + 1)
    # What nothing comes to stands as near to what it leads to as it can.
    for name in reversed(order):
        later = [depth[end] for end in onwards[name] if position[end] > position[name]]
        if later:
            depth[name] = max(depth[name], min(later) - 1)
    columns: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[min(depth[node.name], _COLUMNS - 1)].append(node)
    return [columns[number] for number in sorted(columns)]


def _topological(names: Iterable[str], onwards: Mapping[str, Sequence[str]]) -> list[str]:
    """The names so that values flow forwards; a ring is cut where it is met."""
    done: dict[str, None] = {}
    seen: set[str] = set()
    for first in names:
        pending = [(first, False)]
        while pending:
            name, left = pending.pop()
            if left:
                done[name] = None
            elif name not in seen:
                seen.add(name)
                pending.append((name, True))
                pending += [(one, False) for one in reversed(onwards[name]) if one not in seen]
    return list(reversed(done))


def _with_lanes(
    columns: Sequence[Sequence[Node]], flows: Sequence[Flow]
) -> tuple[list[list[_Cell]], dict[str, list[str]]]:
    """The columns with lanes, and what each cell is joined with."""
    column = {node.name: number for number, nodes in enumerate(columns) for node in nodes}
    cells: list[list[_Cell]] = [list(nodes) for nodes in columns]
    beside: defaultdict[str, list[str]] = defaultdict(list)
    known: set[_Lane] = set()
    for flow in flows:
        between = range(column[flow.start] + 1, column[flow.end])
        lanes = [_Lane(flow.start, number) for number in between]
        for lane in lanes:
            if lane not in known:
                known.add(lane)
                cells[lane.column].append(lane)
        for one, other in pairwise([flow.start, *(lane.name for lane in lanes), flow.end]):
            beside[one].append(other)
            beside[other].append(one)
    return cells, beside


def _ordered(
    columns: Sequence[Sequence[_Cell]], beside: Mapping[str, Sequence[str]]
) -> list[list[_Cell]]:
    """The columns so that what flows together stands at one height, folders in one piece."""
    found = [sorted(column, key=lambda one: (one.folder, one.name)) for column in columns]
    for _sweep in range(_SWEEPS):
        for number, column in enumerate(found):
            height = {
                one.name: (place + 0.5) / len(other)
                for other in found
                for place, one in enumerate(other)
            }
            found[number] = _sorted(column, height, beside)
    return found


def _sorted(
    column: Sequence[_Cell], height: Mapping[str, float], beside: Mapping[str, Sequence[str]]
) -> list[_Cell]:
    wish = {
        one.name: sum(height[name] for name in beside[one.name]) / len(beside[one.name])
        for one in column
    }
    of_folder: defaultdict[str, list[float]] = defaultdict(list)
    for one in column:
        of_folder[one.folder].append(wish[one.name])
    middle = {folder: sum(wishes) / len(wishes) for folder, wishes in of_folder.items()}
    return sorted(
        column, key=lambda one: (middle[one.folder], one.folder, wish[one.name], one.name)
    )
