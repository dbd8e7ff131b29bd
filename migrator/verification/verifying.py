"""`migrate verify`: the rungs one after the other, each with what it needs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.analysis.sites import CallFacts, Site
from migrator.changes.errors import ChangesError
from migrator.changes.journal import Run
from migrator.changes.planned import listed
from migrator.changes.undo import content_before
from migrator.decisions import Plan
from migrator.language import _
from migrator.providers import Provider
from migrator.sdks import SDK
from migrator.verification import before_after, contract, emulated, junit, live
from migrator.verification.calls import calls_to
from migrator.verification.emulator import Emulator, OpenAIReference
from migrator.verification.ladder import Ladder, Rung, State
from migrator.verification.live import Probe
from migrator.verification.records import Record, save
from migrator.verification.running import Observed, environment_of, observe
from migrator.verification.static import NAME as STATIC
from migrator.verification.static import Written, static

_PYTHON = (".py", ".pyi")


@dataclass(frozen=True)
class Live:
    """How the provider itself is asked, once it is `agreed` to what is asked and its price.

    The key and the address are read from the provider's variables.
    """

    agreed: Callable[[Sequence[Probe], float, Sequence[str]], bool]
    day: str
    saves: bool = False


@dataclass(frozen=True)
class Wish:
    """What is asked for: the command, whether it is run as before too, and for how long at most.

    What it prints and reports goes to `stdout`, if that is given.
    """

    command: Sequence[str] = ()
    before: bool = False
    seconds: float | None = None
    live: Live | None = None
    stdout: int | None = None


@dataclass(frozen=True)
class Migrated:
    """What is verified: a tree, the runs that wrote it, and what would be planned for it now.

    `changed` are the files that another run would change, `stand_ins` the provider and the
    supplements as they are played.
    """

    root: Path
    provider: Provider
    runs: Sequence[Run]
    plan: Plan
    changed: Sequence[str] = ()
    supplements: Sequence[Provider] = ()
    stand_ins: Sequence[Provider] = ()
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    @property
    def played(self) -> Provider:
        """The provider as the code speaks to it."""
        by_sdk = self.plan.target.mode == SDK
        return self.stand_ins[0].beside_its_sdk() if by_sdk else self.stand_ins[0]

    def calls(self) -> Iterator[tuple[Provider, Site, CallFacts]]:
        """Every request that is proven to go to one of the providers."""
        for provider in {one.id: one for one in (*self.supplements, self.provider)}.values():
            yield from calls_to(provider, self.root, include=self.include, exclude=self.exclude)


def verify(migrated: Migrated, wish: Wish) -> Ladder:
    """Climb the ladder. Raises MigrateError for a command that cannot be run."""
    return Ladder(migrated.plan.target, tuple(_rungs(migrated, wish)))


def _rungs(migrated: Migrated, wish: Wish) -> Iterator[Rung]:
    yield _static(migrated)
    yield _contract(migrated)
    if wish.command:
        yield from _run(migrated, wish)
    else:
        without = _("no command was given: migrate verify -- pytest -q")
        yield Rung(emulated.NAME, State.NOT_RUN, without)
        yield Rung(before_after.NAME, State.NOT_RUN, without)
    yield _live(migrated, wish.live)


def _run(migrated: Migrated, wish: Wish) -> Iterator[Rung]:
    with tempfile.TemporaryDirectory(prefix="migrate-verify-") as folder:
        # First as it was: what a first run leaves behind (settings, caches) is there for both then.
        before = _as_before(migrated, wish, Path(folder))
        told = junit.reporting(wish.command, Path(folder) / "after.xml", migrated.root)
        observed = _observed(migrated, wish, told.command)
        results = told.results()
    known = before if isinstance(before, before_after.Outcome) else None
    failed_before = known is not None and known.exit_code != 0
    spelled = junit.spelled(wish.command)
    yield emulated.emulated(observed, results, spelled, failed_before=failed_before)
    if isinstance(before, before_after.Outcome):
        yield before_after.compared(before, before_after.Outcome(observed.exit_code, results))
    else:
        yield Rung(before_after.NAME, State.NOT_RUN, before)


def _observed(migrated: Migrated, wish: Wish, command: Sequence[str]) -> Observed:
    """The command in front of a stand-in for the provider, and for each that serves beside it."""
    with ExitStack() as played:
        emulator = played.enter_context(Emulator(migrated.played))
        beside = [
            played.enter_context(Emulator(one))
            for one in {one.id: one for one in migrated.stand_ins}.values()
            if one.id != migrated.provider.id
        ]
        variables: dict[str, str] = {}
        for one in beside:
            variables |= environment_of(one)
        observed = observe(
            command,
            migrated.root,
            emulator,
            environment=variables,
            timeout=wish.seconds,
            stdout=wish.stdout,
        )
        asked = [exchange for one in beside for exchange in one.since(0)]
    return replace(observed, exchanges=(*observed.exchanges, *asked))


def _live(migrated: Migrated, wish: Live | None) -> Rung:
    if wish is None:
        return Rung(live.NAME, State.NOT_RUN, _("it was not asked for: --live"))
    provider = migrated.provider
    key = os.environ.get(provider.key_variable, "")
    if not key:
        return Rung(
            live.NAME,
            State.NOT_RUN,
            _("it needs a key: set {variable}", variable=provider.key_variable),
        )
    address = os.environ.get(provider.base_url_variable) or provider.base_url(
        migrated.plan.target.region
    )
    asked = live.probes(migrated.calls(), provider)
    if asked and not wish.agreed(asked, *live.most_that_it_costs(provider, asked)):
        return Rung(live.NAME, State.NOT_RUN, _("it was not agreed to"))
    rung, rows = live.live(asked, live.Endpoint(address, key))
    if wish.saves and rows:
        save(migrated.root, Record(provider.id, address, wish.day, tuple(rows)))
    return rung


def _static(migrated: Migrated) -> Rung:
    try:
        written = _written(migrated)
    except ChangesError as error:
        return Rung(STATIC, State.NOT_RUN, str(error))
    told = listed(migrated.runs)
    return static(migrated.root, written, migrated.plan, told, migrated.changed)


def _contract(migrated: Migrated) -> Rung:
    if migrated.plan.target.mode == SDK:
        why = _(
            "the code speaks by the provider's own SDK, whose calls are checked as they are sent"
        )
        return Rung(contract.NAME, State.NOT_RUN, why)
    return contract.contract(migrated.calls())


def _written(migrated: Migrated) -> list[Written]:
    """The Python files that runs wrote and that are there."""
    if not migrated.runs:
        return []
    before = content_before(migrated.root, migrated.runs)
    return [
        Written(path, data, (migrated.root / path).read_bytes())
        for path, data in before.items()
        if path.endswith(_PYTHON) and (migrated.root / path).is_file()
    ]


def _as_before(migrated: Migrated, wish: Wish, folder: Path) -> before_after.Outcome | str:
    """How the command ends as it was, with OpenAI played loosely; or why that is not known."""
    if not wish.before:
        return _("it was not asked for: --before")
    if not migrated.runs:
        return _("no run of `migrate apply` is recorded here, so what it was before is not known")
    try:
        with before_after.as_it_was(migrated.root, migrated.runs) as copy:
            told = junit.reporting(wish.command, folder / "before.xml", copy)
            command = before_after.in_tree(told.command, migrated.root)
            with OpenAIReference() as openai:
                ended = observe(command, copy, openai, timeout=wish.seconds, stdout=wish.stdout)
            return before_after.Outcome(ended.exit_code, told.results())
    except ChangesError as error:
        return str(error)
