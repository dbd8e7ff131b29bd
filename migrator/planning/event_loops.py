"""Loops over the events of a Responses stream, where they take nothing but pieces of the text.

for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.analysis.sites import CallFacts, Place, ResultRead
from migrator.planning import syntax
from migrator.planning.context import Context, within
from migrator.planning.to_chat import Stop, ToChat


@dataclass(frozen=True, slots=True)
class EventTest:
    """A comparison of an event's type, what it becomes, and the statements that it lets in."""

    comparison: Place
    source: str
    body: Place


def event_tests(context: Context, facts: CallFacts, shape: ToChat) -> list[EventTest]:
    """The comparisons that let in pieces of the text alone."""
    found = (_event_test(context, read, shape) for read in _types(facts, shape))
    return [one for one in found if one is not None]


def stops(context: Context, facts: CallFacts, shape: ToChat) -> Iterator[Stop]:
    """What is done with events of other kinds, or with pieces that no comparison lets in."""
    tests = event_tests(context, facts, shape)
    for read in _types(facts, shape):
        if not any(within(read.place, test.comparison) for test in tests):
            yield Stop(read.place, "tells events apart by their type")
    for read in facts.reads:
        piece = shape.is_event(read) and shape.reads(read).change(read.path) is not None
        if piece and not any(within(read.place, test.body) for test in tests):
            yield Stop(read.place, f"reads `{'.'.join(read.path)}` of any event")


def _types(facts: CallFacts, shape: ToChat) -> list[ResultRead]:
    return [read for read in facts.reads if shape.is_event(read) and read.path == ("type",)]


def _event_test(context: Context, read: ResultRead, shape: ToChat) -> EventTest | None:
    source = context.sources.get(read.place.path)
    if source is None or not read.proven:
        return None
    name = source.slice(read.base.span)
    spans = syntax.only_test(source.text, read.place.span, shape.text_event)
    if spans is None or not name.isidentifier():
        return None
    comparison, body = (Place(read.place.path, span) for span in spans)
    return EventTest(comparison, shape.event_test.replace("chunk", name), body)
