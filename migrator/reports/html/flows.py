"""Which files hand values to which on the way to OpenAI, by the provenance of the sites.

A node is a file, or a variable of the environment between the files that set it and those that read
it. A flow is drawn once, with the number of sites that it leads to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from migrator.analysis.sites import (
    CallFacts,
    ClientFacts,
    DocumentFacts,
    ModelFacts,
    Site,
    VariableFacts,
)

VARIABLE = "$"  # what the name of a variable's node begins with: no path of a listing does so
# How much is drawn at most.
_FILES, _VARIABLES, _FLOWS = 48, 12, 120
_TOP = "/"  # what stands in no folder
_NO_READS = frozenset({"write", "delete", "declaration", "text"})


@dataclass(frozen=True, slots=True)
class Node:
    """A file, a folder of files (its name ends in `/`), or a variable (`$NAME`).

    `paths` are the files that it stands for: of a variable, those that set or read it.
    """

    name: str
    paths: tuple[str, ...]

    @property
    def is_variable(self) -> bool:
        return self.name.startswith(VARIABLE)

    @property
    def folder(self) -> str:
        """Where it stands; "" at the top."""
        return "" if self.is_variable else self.name.rstrip("/").rpartition("/")[0]

    @property
    def label(self) -> str:
        """Its name without the folder."""
        if self.is_variable:
            return self.name
        return self.name.removeprefix(f"{self.folder}/") if self.folder else self.name


@dataclass(frozen=True, slots=True)
class Flow:
    """Values that get from one node to another, on the way to a number of sites."""

    start: str
    end: str
    sites: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Nodes in order of their names, and flows.

    `folded` says that files stand together by their folders; `omitted` flows and `left_out` files
    are too weak to be drawn.
    """

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    folded: bool = False
    omitted: int = 0
    left_out: int = 0


def chart(sites: Sequence[Site]) -> Chart:
    """What is drawn of some sites: all of it where it is little, else what is strongest."""
    led = _flows(sites)
    held = Counter(site.path for site in sites)
    passed = (one for pair in led for one in pair if not one.startswith(VARIABLE))
    held.update(dict.fromkeys(passed, 0))
    names = _names(held, _FILES)
    together: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for (start, end), reached in led.items():
        pair = names.get(start, start), names.get(end, end)
        if pair[0] != pair[1]:
            together[pair] |= reached
    weights = Counter(names[site.path] for site in sites)
    weights.update(dict.fromkeys(names.values(), 0))
    for pair, reached in together.items():
        weights.update(dict.fromkeys(pair, len(reached)))
    shown = {*_heaviest(weights, _FILES, variables=False), *_heaviest(weights, _VARIABLES)}
    strongest = sorted(together.items(), key=lambda one: (-len(one[1]), one[0]))
    flows = [
        Flow(start, end, len(reached))
        for (start, end), reached in strongest
        if start in shown and end in shown
    ][:_FLOWS]
    members = _members(names, led)
    drawn_variables = {one for flow in flows for one in (flow.start, flow.end)}
    nodes = tuple(
        Node(name, tuple(sorted(members[name])))
        for name in sorted(shown)
        if name in drawn_variables or not name.startswith(VARIABLE)
    )
    return Chart(
        nodes,
        tuple(sorted(flows, key=_by_name)),
        folded=any(name != path for path, name in names.items()),
        omitted=len(strongest) - len(flows),
        left_out=len(set(names.values()) - shown),
    )


def _heaviest(weights: Counter[str], most: int, *, variables: bool = True) -> list[str]:
    """The variables, or the files, that most goes through."""
    names = (name for name in weights if name.startswith(VARIABLE) == variables)
    return sorted(names, key=lambda name: (-weights[name], name))[:most]


def _members(names: dict[str, str], led: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    """The files that each node stands for."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for path, name in names.items():
        members[name].add(path)
    for start, end in led:
        for variable, path in ((start, end), (end, start)):
            if variable.startswith(VARIABLE):
                members[variable].add(path)
    return members


def _by_name(flow: Flow) -> tuple[str, str]:
    return flow.start, flow.end


def _names(held: Mapping[str, int], most: int) -> dict[str, str]:
    """The node of each file: itself, or a folder around it where there are too many.

    `held` are the files with the numbers of their sites. Folders are opened from the top as long as
    there is room, those first of which each part holds most.
    """
    inside: defaultdict[str, set[str]] = defaultdict(set)
    sites: Counter[str] = Counter()
    for path, number in held.items():
        for folder, name in pairwise([_TOP, *_folders(path), path]):
            inside[folder].add(name)
            sites[folder] += number
    nodes = set(inside[_TOP])
    while fitting := [
        one for one in nodes & inside.keys() if len(nodes) - 1 + len(inside[one]) <= most
    ]:
        folder = min(fitting, key=lambda one: (-sites[one] / len(inside[one]), one))
        nodes = nodes - {folder} | inside[folder]
    return {path: next(one for one in (*_folders(path), path) if one in nodes) for path in held}


def _folders(path: str) -> Iterator[str]:
    """The folders around a file, from the top, each with `/` at its end."""
    parts = path.split("/")
    yield from ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))


def _flows(sites: Sequence[Site]) -> dict[tuple[str, str], set[str]]:
    """The ids of the sites that values reach from one file to another, by the two."""
    known = {site.id: site for site in sites}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for site in sites:
        for pair, reached in _of_site(site, known):
            if pair[0] != pair[1]:
                found[pair].add(reached)
    for pair, reached in _of_variables(sites):
        found[pair].add(reached)
    return found


def _of_site(site: Site, known: dict[str, Site]) -> Iterator[tuple[tuple[str, str], str]]:
    match site.facts:
        case ModelFacts(reaches=reaches) | VariableFacts(reaches=reaches):
            # Their provenance tells of what follows: where they arrive is known better.
            for one in (known[one] for one in reaches if one in known):
                yield (site.path, one.path), one.id
        case CallFacts(clients=clients) if len(site.provenance) <= 1:
            for one in (known[one] for one in clients if one in known):
                yield (one.path, site.path), site.id
        case _:
            steps = [step.path for step in site.provenance]
            for pair in pairwise([*steps, site.path]):
                yield pair, site.id


def _of_variables(sites: Sequence[Site]) -> Iterator[tuple[tuple[str, str], str]]:
    """Variables of the environment between the documents that set them and the code."""
    reads = {(name, path): site for site in sites for name, path in _reads(site)}
    names = {name for name, _ in reads}
    for (name, path), site in reads.items():
        yield (f"{VARIABLE}{name}", path), site.id
    for site in sites:
        if isinstance(site.facts, DocumentFacts) and site.facts.role != "package":
            name = site.facts.name.rpartition(".")[2]
            if name in names:
                yield (site.path, f"{VARIABLE}{name}"), site.id


def _reads(site: Site) -> Iterable[tuple[str, str]]:
    match site.facts:
        case VariableFacts(variable=name, access=access, meaning=meaning):
            if access not in _NO_READS and meaning != "key_shape":
                yield name, site.path
        case ModelFacts(variable=name) if name:
            yield name, site.path
        case ClientFacts() as client:
            for read in (*client.key_reads, *client.base_url_reads):
                if read.place is not None:
                    yield read.name, read.place.path
        case CallFacts(model_variables=names):
            yield from ((name, site.path) for name in names)
