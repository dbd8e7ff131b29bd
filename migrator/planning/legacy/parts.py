"""Which parts of a program are of the new release of openai, and which wait for calls that stay."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.sites import Site
from migrator.planning.context import Context
from migrator.planning.legacy.modules import Files


@dataclass(frozen=True)
class Parts:
    """The files of the new release, and those that something of the old one stays in."""

    context: Context

    def follows(self, path: str) -> bool:
        """Whether a file is one of the new release: it guards nothing, and its calls are upgraded.

        One without calls goes by those that may be of its program.
        """
        if self.context.keeps(path):
            return False
        if path in self._modern:
            return True
        related = self._files.related
        return path not in self._old and (
            any(related(path, one) for one in self._modern)
            or not any(related(path, one) for one in self._old)
        )

    def waits(self, path: str) -> bool:
        """Whether a file is one of the old release for as long as calls of its program stay."""
        return not (self.context.keeps(path) or self.follows(path))

    def guards_what_stays(self, site: Site) -> bool:
        """Whether an exception is caught of calls that stay, and of none that is upgraded."""
        upgrade = self.context.upgrade
        tree, line = self._files.tree(site.path), site.span.line
        guarded = [
            node.body
            for node in (ast.walk(tree) if tree is not None and "." in site.code else ())
            if isinstance(node, ast.Try)
            and any(
                one.type is not None and one.type.lineno <= line <= (one.type.end_lineno or line)
                for one in node.handlers
            )
        ]
        return any(self._holds(upgrade.refused, site.path, one) for one in guarded) and (
            not any(self._holds(upgrade.before, site.path, one) for one in guarded)
        )

    @cached_property
    def _files(self) -> Files:
        return self.context.upgrade.files or Files(self.context.sources)

    @cached_property
    def _modern(self) -> frozenset[str]:
        return frozenset(self.context.by_id[one].path for one in self.context.upgrade.before)

    @cached_property
    def _old(self) -> frozenset[str]:
        """The files whose calls stay, and those that name a class whose calls are not known.

        Tests name one to put something in its place.
        """
        stay = {self.context.by_id[one].path for one in self.context.upgrade.refused}
        tests = {site.path for site in self.context.sites if site.in_tests}
        named = {path for path in self.context.sources if self._files.names_class(path)}
        return frozenset(stay | named - self._modern - tests)

    def _holds(self, calls: Iterable[str], path: str, body: Sequence[ast.stmt]) -> bool:
        """Whether one of some calls stands in a block."""
        first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
        places = (self.context.by_id[one] for one in calls)
        return any(one.path == path and first <= one.span.line <= last for one in places)
