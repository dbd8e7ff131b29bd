"""Batches: the parameters of the request, and what the file of it holds."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import UNKNOWN
from migrator.planning import chat
from migrator.planning.arguments import ArgumentEdits, ToldChanges
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import BATCHES, is_shaped


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that starts a batch."""
    edits, told = ArgumentEdits(context, "parameters"), ToldChanges(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api == BATCHES and is_shaped(context, facts):
            _decide_call(Call(context, told if facts.foreign else edits, site, facts))
    edits.finish()


def _decide_call(call: Call) -> None:
    for argument in call.facts.arguments:
        parameter = call.provider.parameter(BATCHES, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
    endpoint = call.provider.endpoint(BATCHES)
    details = {"provider": call.provider.name}
    if rows := _rows(call):
        call.say("batch-rows", endpoint.detail, endpoint.sources, rows=rows, **details)
    else:
        call.say("batch-requests", endpoint.detail, endpoint.sources, **details)


def _rows(call: Call) -> str:
    """The rows that may be in the file of a batch, in words; "" where none is written here."""
    asked = call.facts.argument("endpoint")
    found = [
        site.id
        for site, facts in call.context.calls()
        if facts.in_batch
        and not set(facts.clients).isdisjoint(call.facts.clients)
        and (asked is None or asked.value in (UNKNOWN, surface.path_of(facts.api)))
    ]
    return call.context.places(found) if found else ""
