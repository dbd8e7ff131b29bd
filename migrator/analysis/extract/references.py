"""Where the class methods of openai before 1.0 are named without being called.

`create = openai.ChatCompletion.create` or `retry(openai.ChatCompletion.create)(…)`: what is called
there is found by its value, and every place that gives that value has to be known to rewrite it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from migrator.analysis import library, surface
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.extract.followed import is_followed, is_traced
from migrator.analysis.instances import CallInstance
from migrator.analysis.sites import Place, Span
from migrator.analysis.values import Constant, External, Made, Partial, Value


@dataclass(frozen=True)
class Handed:
    """How a call comes by its method.

    `named` are the places that name it elsewhere; empty for a call that names it. `known` is False
    where it may be named in other places too. `arrives` is False where the call's own value is not
    the answer.
    """

    named: tuple[Place, ...] = ()
    known: bool = True
    arrives: bool = True


class References:
    """Every place that names a class method and does not call it, by the method."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.places: defaultdict[str, list[tuple[int, Span]]] = defaultdict(list)
        self._called: set[tuple[int, Span]] = set()
        for module, facts in enumerate(evidence.solver.modules):
            for mention in facts.mentions:
                for api in self._methods(evidence.mention_node(module, mention)):
                    if mention.context == "call":
                        self._called.add((module, mention.span))
                    elif not mention.context.startswith("base of "):
                        self.places[api].append((module, mention.span))
        self._escaped = set(self._escapes()) if self.places else set()

    def _methods(self, node: int | None) -> Iterator[str]:
        for value in self._evidence.solver.values[node] if node is not None else ():
            api = _method(value)
            if api:
                yield api

    def _escapes(self) -> Iterator[str]:
        """The methods that are handed to code that may call them in a way that is not seen."""
        solver = self._evidence.solver
        for instances in solver.instances.values():
            for instance in instances:
                handed = {
                    api
                    for given in instance.given
                    for value in solver.values[given.node]
                    if (api := _method(_inner(value)))
                }
                called = solver.values[instance.function]
                if handed and not (
                    is_followed(called)
                    or is_traced(called)
                    or _is_called_by(called)
                    or library.is_of_event_loops(instance.record.method)
                ):
                    yield from handed

    def of(self, api: str, module: int, span: Span, calls: Iterable[CallInstance]) -> Handed:
        """How the call that stands at a place comes by a method."""
        every = list(calls)
        if self.is_named_at(api, module, span, every):
            return Handed()
        plain = all(self._is_held(one.function, api) for one in every)
        nodes = [node for one in every for node in (one.function, *(g.node for g in one.given))]
        alone = all(self._is_alone(node, api) for node in nodes if self._is_held(node, api))
        if api in self._escaped or not alone:
            return Handed((), False, plain)
        named = tuple(self._evidence.place(*one) for one in self.places[api])
        return Handed(named, bool(named), plain)

    def is_named_at(self, api: str, module: int, span: Span, calls: Iterable[CallInstance]) -> bool:
        """Whether a call names the method itself, where it stands."""
        return (module, span) in self._called or any(self._is_of_class(one, api) for one in calls)

    def _is_of_class(self, call: CallInstance, api: str) -> bool:
        """Whether a call names the method of a class that has another name here."""
        base = self._evidence.solver.bases.get(call.function)
        owner = f"openai.{api.rpartition('.')[0]}"
        return base is not None and any(
            isinstance(value, External) and value.path == owner
            for value in self._evidence.solver.values[base]
        )

    def _is_held(self, node: int, api: str) -> bool:
        return any(_method(_inner(value)) == api for value in self._evidence.solver.values[node])

    def _is_alone(self, node: int, api: str) -> bool:
        """Whether a node holds nothing else that could be called, but what wraps it."""
        return all(
            _method(_inner(value)) == api
            or (isinstance(value, Constant) and value.value is None)
            or _is_called_by([value])
            for value in self._evidence.solver.values[node]
        )

    def uncalled(self, called: Iterable[str]) -> Mapping[str, list[tuple[int, Span]]]:
        """The places that name methods, but for those that calls come by by another name."""
        known = set(called)
        return {api: places for api, places in self.places.items() if api not in known}


def _method(value: Value) -> str:
    """The class method of openai before 1.0 that a value is; else empty."""
    if not isinstance(value, External) or not value.path.startswith("openai."):
        return ""
    path = value.path.removeprefix("openai.")
    return path if surface.legacy_call(path) is not None and "." in path else ""


def _is_called_by(called: Iterable[Value]) -> bool:
    """Whether what is called is known to call what it is given, or to wrap it."""
    return any(
        isinstance(value, External | Made) and library.calls_what_it_is_given(value.path)
        for value in called
    )


def _inner(value: Value) -> Value:
    """What is called in the end where a value is called."""
    while isinstance(value, Partial):
        value = value.function
    return value
