"""What a program tells a framework once, for all that it makes: written behind the imports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from migrator.analysis.sites import Site, Span
from migrator.edits import (
    BASE_URL_HERE,
    KEY_HERE,
    Edit,
    FrameworkSource,
    FrameworkStatements,
)
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.legacy.modules import Files
from migrator.planning.messages import item

_FUNCTION = re.compile(r"\w+")


@dataclass
class Statements:
    """The statements that the moved objects ask for, by the file that they are made in.

    `becoming` are calls of the functions of such statements that will be there, by their files;
    `told` says of statements whether the files that belong to one have their own, `callers` is
    what was found of functions.
    """

    context: Context
    asked: defaultdict[str, dict[str, FrameworkSource]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    askers: defaultdict[str, list[Site]] = field(default_factory=lambda: defaultdict(list))
    becoming: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    told: dict[tuple[str, str], bool] = field(default_factory=dict)
    callers: dict[str, list[str]] = field(default_factory=dict)

    def ask(
        self, site: Site, sources: Iterable[str], reads: FrameworkSource, told_by: str = ""
    ) -> None:
        """Have statements run before what is made at a site, unless the program has its own.

        `told_by` is the pattern of such a one, where it is not any call of the function.
        """
        for source in sources:
            if (source, site.path) not in self.told:
                self.told[source, site.path] = self._is_told(source, site.path, told_by)
            if not self.told[source, site.path]:
                self.asked[site.path].setdefault(source, reads)
                self.askers[site.path].append(site)

    def _is_told(self, source: str, path: str, told_by: str) -> bool:
        """Whether a file, or one that belongs to it, says such a statement itself."""
        function = _FUNCTION.match(source)
        name = function[0] if function is not None else ""
        pattern = told_by or (rf"\b{name}\(" if name else "")
        if not pattern:
            return False
        if pattern not in self.callers:
            self.callers[pattern] = list(self._callers(pattern, name))
        return any(self._files.related(path, other) for other in self.callers[pattern])

    def _callers(self, pattern: str, function: str) -> Iterator[str]:
        """The files that have a statement of a pattern, or will call a function."""
        for path, source in self.context.sources.items():
            if re.search(pattern, source.text) or function in self.becoming.get(path, ()):
                yield path

    @cached_property
    def _files(self) -> Files:
        return Files(self.context.sources)

    def finish(self) -> None:
        """Hand the statements of each file to the context, as an edit of its import."""
        for path, sources in self.asked.items():
            sites = list({one.id: one for one in self.askers[path]}.values())
            reads = list(sources.values())
            needed = dict.fromkeys(one for read in reads for one in read.imports)
            made = FrameworkStatements(tuple(sources), replace(reads[0], imports=tuple(needed)))
            why = _("the framework is told of the provider once, for the whole program")
            span = self._import(path)
            if span is None:
                details = {"added": "; ".join(_shown(one, reads[0]) for one in sources)}
                self.context.note(sites[0].id, item("argument-to-add", sites[0], why, (), details))
                continue
            ids = tuple(one.id for one in sites)
            self.context.edit(Edit(path, span, "framework-statements", made, ids, why))

    def _import(self, path: str) -> Span | None:
        """The first import of the framework in a file."""
        asking = {one.detail.partition(".")[0] for one in self.askers[path]}
        source = self.context.sources.get(path)
        return syntax.import_of(source, asking) if source is not None else None


def _shown(source: str, reads: FrameworkSource) -> str:
    """A source as a person writes it."""
    key = f'os.environ["{reads.key_variable}"]'
    return source.replace(KEY_HERE, key).replace(BASE_URL_HERE, f'"{reads.base_url_default}"')
