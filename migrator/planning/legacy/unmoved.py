"""Programs of openai before 1.0 of which nothing moves: they stay on their release as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis import surface
from migrator.analysis.sites import ImportFacts, Kind
from migrator.planning.context import Context
from migrator.planning.legacy.release import AUTO


def unmoved_programs(context: Context) -> frozenset[str]:
    """The programs whose calls could be upgraded, but for nothing (see `Releases.program`).

    What is upgraded does not run with the release it was written for any more. That is the price
    of a move, and of one that somebody asked for; where no call of a program moves, and nothing in
    it is of openai 1.0 or later yet, all of it stays.
    """
    if context.options.legacy != AUTO:
        return frozenset()
    program, upgraded = context.releases.program, context.upgrade.before
    programs = frozenset(program(context.by_id[one].path) for one in upgraded)
    moving = {program(context.by_id[one].path) for one in upgraded if one in context.moved_calls}
    later = {program(path) for path in _later(context)}
    return programs - moving - later - {program(one.path) for one in context.elsewhere.values()}


def _later(context: Context) -> Iterator[str]:
    """The files in which something is of openai 1.0 or later already."""
    for site, facts in context.calls():
        module = (
            facts.legacy or site.id in context.upgrade.before or site.id in context.upgrade.kept
        )
        if not (module or facts.framework or facts.http is not None):
            yield site.path
    for site, client in context.clients():
        if client.form != "framework":
            yield site.path
    for site, imported in context.with_facts(Kind.IMPORT, ImportFacts):
        if any(surface.client_class(path) is not None for path, _ in imported.names):
            yield site.path
