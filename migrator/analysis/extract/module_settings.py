"""Where the settings of the openai module send its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.extract.conditions import hangs_on_a_condition
from migrator.analysis.extract.destinations import BaseUrls, destination
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.identity import in_tests
from migrator.analysis.program import ImportRecord
from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import Destination
from migrator.analysis.values import External

_ADDRESSES = frozenset({"base_url", "api_base"})


class ForeignAddresses:
    """The other providers' addresses that the openai module is given, by the files that go by them.

    A file goes by what is written in itself, or else in the folder at the top that it lies in,
    beside those folders, or in a file that hangs together with it by imports. What is written
    elsewhere it may go by, as long as nothing nearer is known. Tests set addresses for themselves
    alone.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._written = [
            _Written(module, statement, node)
            for value, name, module, statement, node in evidence.solver.setting_writes
            if isinstance(value, External) and value.path == "openai" and name in _ADDRESSES
        ]
        self._of_program = [one for one in self._written if not in_tests(evidence.path(one.module))]
        self._known: dict[int, Mapping[str, bool]] = {}

    def of(self, module: int) -> Mapping[str, bool]:
        """The addresses for the calls of a file, as they are written.

        Each with whether it is given in any case. Nothing where one of the addresses may be
        OpenAI's.
        """
        if module not in self._known:
            near = self._near(module)
            known = self._given(near or self._of_program)
            self._known[module] = known if near else dict.fromkeys(known, False)
        return self._known[module]

    def urls(self, module: int) -> list[str]:
        """The addresses that the calls of a file go by; "" for one that is not written."""
        near = self._near(module)
        told = BaseUrls(self._evidence, module, [one.node for one in near])
        return [str(one.value) for one in told.others] or [""]

    def redirects(self, module: int) -> bool:
        """Whether the calls of a file go to other providers in any case."""
        found = self.of(module)
        return bool(found) and all(found.values())

    def _near(self, module: int) -> list[_Written]:
        """What is written in a file itself, or else in those about it."""
        own = [one for one in self._written if one.module == module]
        return own or [one for one in self._of_program if self._is_near(one.module, module)]

    def _is_near(self, one: int, other: int) -> bool:
        tops = [self._evidence.path(each).rpartition("/")[0].split("/")[0] for each in (one, other)]
        return "" in tops or tops[0] == tops[1] or self._together[one] == self._together[other]

    @cached_property
    def _together(self) -> list[int]:
        """One of the files that each hangs together with by imports, the same for all of these."""
        solver = self._evidence.solver
        of = list(range(len(solver.modules)))
        for index, facts in enumerate(solver.modules):
            for record in facts.imports:
                for path in _imported(solver.resolver, facts.path, record):
                    here, there = of[index], of[solver.by_path.get(path, index)]
                    if here != there:
                        of = [here if one == there else one for one in of]
        return of

    def _given(self, written: Sequence[_Written]) -> Mapping[str, bool]:
        evidence = self._evidence
        if not written:
            return {}
        told = BaseUrls(evidence, written[0].module, [one.node for one in written])
        found = destination(told, evidence, azure=False, omitted=False, keys=())
        if found not in {Destination.FOREIGN, Destination.GATEWAY}:
            return {}
        given: dict[str, bool] = {}
        for one in written:
            record = evidence.solver.modules[one.module].statements[one.statement]
            spelled = evidence.slice(one.module, record.span)
            certain = not hangs_on_a_condition(evidence, one.module, record.span.line)
            given[spelled] = given.get(spelled, True) and certain
        return given


@dataclass(frozen=True, slots=True)
class _Written:
    """An address that the module is given: the file, the statement there, and the node."""

    module: int
    statement: int
    node: int


def _imported(resolver: Resolver, path: str, record: ImportRecord) -> Iterator[str]:
    """The files that an import statement names."""
    if record.level:
        key = resolver.relative(path, record.module, record.level)
    else:
        key = resolver.absolute(path, record.module)
    keys = [key, *(resolver.child(key, name) for name, _, _ in record.names)] if key else []
    yield from (file for one in keys if one and (file := resolver.file(one)) is not None)
