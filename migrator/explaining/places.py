"""What `migrate explain FILE:LINE` tells: what is there, how it is known, what is decided."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from migrator.analysis.sites import (
    CallFacts,
    Certainty,
    ClientFacts,
    DocumentFacts,
    ModelFacts,
    Site,
    Step,
    VariableFacts,
    VariableRead,
)
from migrator.changes.result import ApplyResult, EditedText
from migrator.decisions import Checklist, Convert, Decision, Group, Plan
from migrator.errors import MigrateError
from migrator.explaining.history import Written
from migrator.language import _, listed, marked
from migrator.planning.capabilities import capability
from migrator.planning.endpoints import ENDPOINT_CODES
from migrator.providers import Provider, known_ids, load_provider
from migrator.regular import content
from migrator.settings import SUPPLEMENTED
from migrator.source import SourceText, UndecodableError

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?", re.DOTALL)
_SITE = re.compile(r"[0-9a-f]{12}")
_NEAREST = 3
_COMPANIONS = 6


class NoPlaceError(MigrateError):
    """What is asked about is no line of a file that is there, and no site."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file (a column of it, counted from 1, where there is one), or a site's id."""

    path: Path = Path()
    line: int = 0
    column: int | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A step of a provenance, with the code of its line."""

    step: Step
    code: str


@dataclass(frozen=True, slots=True)
class Strand:
    """One thing that is known of a site, and the links by which it is, the first one first."""

    what: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All that is told of one site.

    `edits` are what is written for it, `files` the modules that are written beside. `group` is what
    it moves with, `companions` are others of it and `ties` what they share. `changes` say what
    would change the decision.
    """

    decision: Decision
    strands: tuple[Strand, ...]
    edits: tuple[EditedText, ...]
    files: tuple[str, ...]
    group: Group | None
    ties: tuple[str, ...]
    companions: tuple[Site, ...]
    changes: tuple[str, ...]

    @property
    def site(self) -> Site:
        return self.decision.site


@dataclass(frozen=True, slots=True)
class Explained:
    """A place and what there is to tell of it.

    Of a line that has no site, `nearest` are sites near it, and `carried` those that are known by
    what happens there. `written` says which run wrote the line.
    """

    path: str
    line: int
    code: str
    accounts: tuple[Account, ...]
    nearest: tuple[Site, ...]
    carried: tuple[Site, ...]
    written: Written | None


def place(text: str) -> Place | None:
    """The place that a text names; None where it names none."""
    if _SITE.fullmatch(text):
        return Place(site=text)
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    column = int(found["column"]) if found["column"] else None
    return Place(Path(found["path"]), int(found["line"]), column)


def sites_at(sites: Iterable[Site], path: str, asked: Place) -> tuple[Site, ...]:
    """The sites that stand on a line of a file, at a column of it, or that have an id."""
    if asked.site:
        return tuple(site for site in sites if site.id == asked.site)
    return tuple(site for site in sites if site.path == path and _is_at(site, asked))


def _is_at(site: Site, asked: Place) -> bool:
    span = site.span
    if asked.column is None:
        return span.line <= asked.line <= span.end_line
    where = (asked.line, asked.column - 1)
    return (span.line, span.column) <= where < (span.end_line, span.end_column)


def nearest(sites: Iterable[Site], path: str, line: int) -> tuple[Site, ...]:
    """The sites of a file that stand nearest to a line."""
    in_file = [site for site in sites if site.path == path]
    near = sorted(in_file, key=lambda site: (abs(site.span.line - line), site.span))
    return tuple(sorted(near[:_NEAREST], key=lambda site: site.span))


def carried(sites: Iterable[Site], path: str, line: int) -> tuple[Site, ...]:
    """The sites elsewhere that are known by what happens on a line."""
    return tuple(
        site
        for site in sites
        if any((step.path, step.line) == (path, line) for step in site.provenance)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A plan, and all that is told of each of its sites, in its order.

    `repository` is the name of the folder that it is of.
    """

    result: ApplyResult
    accounts: tuple[Account, ...]
    provider: Provider
    repository: str = ""


class Teller:
    """Tells of the sites of a plan."""

    def __init__(
        self, plan: Plan, edits: Sequence[EditedText], provider: Provider, root: Path
    ) -> None:
        self._plan = plan
        self._provider = provider
        self._root = root
        self._texts: dict[str, list[str]] = {}
        self._decisions = {one.site.id: one for one in plan.decisions}
        self._groups = {site: one for one in plan.groups for site in one.site_ids}
        self._edits: defaultdict[str, list[EditedText]] = defaultdict(list)
        for edit in edits:
            for site in dict.fromkeys(edit.site_ids):
                self._edits[site].append(edit)

    def account(self, site: Site) -> Account:
        """All that is told of a site."""
        decision = self._decisions[site.id]
        group = self._groups.get(site.id)
        bonds = [one for one in group.bonds if site.id in one.site_ids] if group else []
        tied = dict.fromkeys(one for bond in bonds for one in bond.site_ids if one != site.id)
        return Account(
            decision,
            tuple(self._strands(site)),
            tuple(self._edits[site.id]),
            tuple(one.path for one in self._plan.files if site.id in one.site_ids),
            group,
            tuple(dict.fromkeys(bond.words for bond in bonds)),
            tuple(self._sites[one] for one in list(tied)[:_COMPANIONS] if one in self._sites),
            tuple(dict.fromkeys(self._changes(decision, group))),
        )

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return {one.site.id: one.site for one in self._plan.decisions}

    # -- how it is known -----------------------------------------------------------------------

    def _strands(self, site: Site) -> Iterator[Strand]:
        steps = self._with_clients(site) or site.provenance or (_here(site),)
        yield self._strand(_("how it is known"), steps)
        match site.facts:
            case CallFacts(models=models):
                for one in self._known(models):
                    yield self._strand(
                        _("its model, {model}", model=one.detail), one.provenance or (_here(one),)
                    )
            case ClientFacts() as client:
                yield from self._aims(client)
                yield from self._reached(_("what it serves"), client.calls)
            case ModelFacts(reaches=reaches) | VariableFacts(reaches=reaches):
                yield from self._reached(_("what it reaches"), reaches)

    def _with_clients(self, site: Site) -> tuple[Step, ...]:
        """The provenance of a request that its client's is not a part of yet, with that."""
        facts = site.facts
        if not isinstance(facts, CallFacts) or len(site.provenance) > 1:
            return ()
        clients = [one for one in self._known(facts.clients) if one.id != site.id]
        return (*clients[0].provenance, *site.provenance) if len(clients) == 1 else ()

    def _aims(self, client: ClientFacts) -> Iterator[Strand]:
        for what, reads in (
            (_("its key"), client.key_reads),
            (_("its address"), client.base_url_reads),
        ):
            if steps := [_read(one) for one in reads if one.place is not None]:
                yield self._strand(what, steps)
        if client.base_url_literals:
            steps = [
                Step(one.path, one.span.line, _("says {text}", text=one.value))
                for one in client.base_url_literals
            ]
            yield self._strand(_("its address"), steps)

    def _reached(self, what: str, ids: Sequence[str]) -> Iterator[Strand]:
        places = sorted(self._known(ids), key=lambda site: (site.path, site.span))
        if steps := [_at(one) for one in places[:_COMPANIONS]]:
            if (number := len(ids)) > _COMPANIONS:
                what = _("{what} ({number} places, the first of them)", what=what, number=number)
            yield self._strand(what, steps)

    def _known(self, ids: Iterable[str]) -> list[Site]:
        return [self._sites[one] for one in ids if one in self._sites]

    def _strand(self, what: str, steps: Iterable[Step]) -> Strand:
        return Strand(what, tuple(Link(one, self.line(one.path, one.line)) for one in steps))

    def line(self, path: str, number: int) -> str:
        """A line of a file, without what surrounds it; "" where there is none."""
        if path not in self._texts:
            self._texts[path] = _lines(self._root / path)
        lines = self._texts[path]
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    # -- what would change it ------------------------------------------------------------------

    def _changes(self, decision: Decision, group: Group | None) -> Iterator[str]:
        site = decision.site
        if site.certainty is Certainty.LIKELY and len(site.provenance) > 1:
            first = site.provenance[0]
            yield _(
                "It is not traced to a client of OpenAI's: {what} ({place}). Make the client in "
                "the repository, or name its type.",
                what=first.what,
                place=f"{first.path}:{first.line}",
            )
        if isinstance(decision, Checklist):
            for item in decision.items:
                if item.action and item.suppressed is None:
                    yield item.action
            if {one.code for one in decision.items} & ENDPOINT_CODES:
                yield from self._served_elsewhere(site)
        for one in (site.id, *(site.facts.models if isinstance(site.facts, CallFacts) else ())):
            choice = self._plan.choices.get(one)
            if choice is not None:
                known = listed(choice.alternatives)
                told = (
                    marked("Another model: `--map {model}=MODEL` (others: {others}).")
                    if known
                    else marked("Another model: `--map {model}=MODEL`.")
                )
                yield _(told, model=choice.openai, others=known)
        if isinstance(decision, Convert) and group is not None:
            yield _(
                "To leave it on OpenAI with all it moves with: `--skip '{group}'`.", group=group.id
            )

    def _served_elsewhere(self, site: Site) -> Iterator[str]:
        if not isinstance(site.facts, CallFacts):
            return
        api = site.facts.api
        serving = [
            one
            for one in known_ids()
            if one != self._provider.id and load_provider(one).endpoint(api).is_served
        ]
        if not serving:
            yield _("No provider that is known here serves `{api}`.", api=api)
            return
        name = capability(api)
        told = (
            marked("`{api}` is served by {providers} (`{option}` beside this target).")
            if name in SUPPLEMENTED
            else marked("`{api}` is served by {providers}.")
        )
        yield _(told, api=api, providers=listed(serving), option=f"--{name} {serving[0]}")


def _here(site: Site) -> Step:
    """What there is to say of a site that is known by what stands there."""
    match site.facts:
        case DocumentFacts(format=form, role=role):
            said = _(
                "`{name}` stands in a file that is read as {format}: its role is {role}",
                name=site.detail,
                format=form,
                role=role,
            )
        case ModelFacts(role=role):
            said = _("`{name}` is written there as {role}", name=site.detail, role=role)
        case _other:
            said = _("`{name}` is written there", name=site.detail)
    return Step(site.path, site.span.line, said)


def _at(site: Site) -> Step:
    return Step(site.path, site.span.line, f"{site.kind.value} {site.detail}")


def _read(read: VariableRead) -> Step:
    assert read.place is not None, "only reads that stand somewhere are told"
    return Step(
        read.place.path, read.place.span.line, _("reads the variable {name}", name=read.name)
    )


def _lines(path: Path) -> list[str]:
    with suppress(OSError, UndecodableError):
        source = SourceText.decode(content(path))
        return [source.line(number) for number in range(1, len(source.starts) + 1)]
    return []


def explained(
    plan: Plan,
    asked: Place,
    path: str,
    teller: Teller,
    at: Sequence[Site],
    written: Written | None,
) -> Explained:
    """What there is to tell of a place."""
    first = at[0] if asked.site and at else None
    where, line = (first.path, first.span.line) if first else (path, asked.line)
    every = [one.site for one in plan.decisions]
    return Explained(
        where,
        line,
        teller.line(where, line),
        tuple(map(teller.account, at)),
        () if at else nearest(every, where, line),
        () if at else carried(every, where, line),
        written,
    )
