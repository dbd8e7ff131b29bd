"""What a program tells a framework once, for all that it makes: written behind the imports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from migrator.analysis.sites import ImportFacts, Kind, Site
from migrator.edits import Edit, FrameworkSource, FrameworkStatements
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

    def ask(self, site: Site, sources: Iterable[str], reads: FrameworkSource) -> None:
        """Have statements run before what is made at a site, unless the program has its own."""
        for source in sources:
            if (source, site.path) not in self.told:
                self.told[source, site.path] = self._is_told(source, site.path)
            if not self.told[source, site.path]:
                self.asked[site.path].setdefault(source, reads)
                self.askers[site.path].append(site)

    def _is_told(self, source: str, path: str) -> bool:
        """Whether a file, or one that belongs to it, calls a statement's function itself."""
        function = _FUNCTION.match(source)
        if function is None:
            return False
        if function[0] not in self.callers:
            self.callers[function[0]] = list(self._callers(function[0]))
        return any(self._files.related(path, other) for other in self.callers[function[0]])

    def _callers(self, function: str) -> Iterator[str]:
        """The files that call a function, or will."""
        for path, source in self.context.sources.items():
            called = function in source.text and re.search(rf"\b{function}\(", source.text)
            if called or function in self.becoming.get(path, ()):
                yield path

    @cached_property
    def _files(self) -> Files:
        return Files(self.context.sources)

    def finish(self) -> None:
        """Hand the statements of each file to the context, as an edit of its import."""
        imports = self._imports()
        for path, sources in self.asked.items():
            sites = list({one.id: one for one in self.askers[path]}.values())
            reads = list(sources.values())
            needed = dict.fromkeys(one for read in reads for one in read.imports)
            made = FrameworkStatements(tuple(sources), replace(reads[0], imports=tuple(needed)))
            why = "the framework is told of the provider once, for the whole program"
            if path not in imports:
                details = {"added": "; ".join(sources)}
                self.context.note(sites[0].id, item("argument-to-add", sites[0], why, (), details))
                continue
            place = imports[path].statement
            ids = tuple(one.id for one in sites)
            edit = Edit(path, place.span, "framework-statements", made, ids, why)
            self.context.edit(edit)

    def _imports(self) -> dict[str, ImportFacts]:
        """The first import of the framework in each file."""
        found: dict[str, ImportFacts] = {}
        for site, facts in self.context.with_facts(Kind.IMPORT, ImportFacts):
            asking = {one.detail.partition(".")[0] for one in self.askers.get(site.path, ())}
            if facts.module.partition(".")[0] in asking:
                found.setdefault(site.path, facts)
        return found
