"""`migrate apply --interactive`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.cli.applying import after_apply
from migrator.cli.output import console, progress
from migrator.errors import MigrateError
from migrator.language import _

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.analysis.sites import Site
    from migrator.changes.result import ApplyResult
    from migrator.workflow import Options

_INTERRUPTED = 130


class NoTerminalError(MigrateError):
    """There is nobody to answer."""

    exit_code = 2


def review(
    paths: Sequence[Path],
    options: Options,
    *,
    dry_run: bool,
    allow_dirty: bool,
    restart: bool,
) -> None:
    """Ask about each group, then write what is taken: all or nothing.

    Raises MigrateError. Answers are kept until they are carried out.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminalError(
            _("-i needs a terminal to ask at; --only and --skip select groups without one")
        )
    from migrator import workflow
    from migrator.changes.filesystem import FileSystem
    from migrator.changes.journal import Journal
    from migrator.changes.transaction import refuse_interrupted
    from migrator.cli.asking import Asking
    from migrator.reviewing.memory import forget, remember, remembered
    from migrator.reviewing.review import Review

    with progress() as report:
        parts = workflow.review(paths, options, report)
    refuse_interrupted(Journal(parts.root, FileSystem()))
    if restart and not dry_run:
        forget(parts.root)
    reviewed = Review(parts, None if restart else remembered(parts.root))

    def keep() -> None:
        if not dry_run:
            remember(parts.root, reviewed.memory())

    def explained(sites: Sequence[Site]) -> Callable[[Console], None]:
        return _explanation(paths, options, sites)

    asking = Asking(reviewed, console(), keep, explained, _command(), dry_run)
    if not reviewed.session.questions:
        listed = reviewed.whole.plan.checklist
        _conclude(reviewed.whole, _("`migrate apply` writes the checklist") if listed else "")
        return
    if not allow_dirty:
        asking.warn_of_uncommitted()
    try:
        agreed = asking.ask_all()
    except KeyboardInterrupt:
        asking.say("")
        asking.tell_kept()
        raise SystemExit(_INTERRUPTED) from None
    session = reviewed.session
    if not (dry_run or agreed or session.taken or session.having(None)):
        forget(parts.root)
    if not agreed:
        return
    skip = (*options.skip, *reviewed.skipped())
    command = shlex.join(["migrate", *sys.argv[1:]])
    result = workflow.carry_out(
        reviewed.result(),
        parts.root,
        replace(options, skip=skip),
        allow_dirty=allow_dirty,
        command=command,
        paths=paths,
    )
    forget(parts.root)
    _conclude(result, after_apply(parts.root))


def _conclude(result: ApplyResult, step: str) -> None:
    from migrator.reports.console import print_apply

    print_apply(result, console(), next_step=step, diff=False)


def _explanation(
    paths: Sequence[Path], options: Options, sites: Sequence[Site]
) -> Callable[[Console], None]:
    """What `migrate explain` tells of sites: every link of what is known of them."""
    from migrator import workflow
    from migrator.explaining.places import Explained, Teller
    from migrator.reports.places import print_explained

    parts = workflow.review(paths, options, traced=True)
    result = parts.part(parts.selection)
    teller = Teller(result.plan, result.edits, parts.provider, parts.root)
    by_line: dict[tuple[str, int], list[Site]] = {}
    for site in sites:
        by_line.setdefault((site.path, site.span.line), []).append(site)

    def show(terminal: Console) -> None:
        for (path, line), there in sorted(by_line.items()):
            accounts = tuple(map(teller.account, there))
            told = Explained(path, line, teller.line(path, line), accounts, (), (), None)
            print_explained(told, parts.provider, terminal)
            terminal.print()

    return show


def _command() -> str:
    """The command as it was given, without what made it ask."""
    asking = {"-i", "--interactive", "-n", "--dry-run", "-in", "-ni", "--restart"}
    return shlex.join(["migrate", *(one for one in sys.argv[1:] if one not in asking)])
