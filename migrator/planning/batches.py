"""Batches: the parameters of the request, and what the file of it holds."""

from __future__ import annotations

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
    call.say("batch-requests", endpoint.detail, endpoint.sources, provider=call.provider.name)
