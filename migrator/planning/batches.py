"""Batches: the parameters of the request, and what the file of it holds."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN, Argument
from migrator.edits import Edit, ReplaceString
from migrator.language import listed
from migrator.planning import chat, ties
from migrator.planning.arguments import ArgumentEdits, ToldChanges
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.media import BATCHES, is_shaped
from migrator.providers import Parameter

_ENDPOINT = "endpoint"


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved call that starts a batch."""
    edits, told = ArgumentEdits(context, "parameters"), ToldChanges(context, "parameters")
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.in_batch:
            _row(Call(context, edits, site, facts))
        if site.id in context.moved_calls and facts.api == BATCHES and is_shaped(context, facts):
            _decide_call(Call(context, told if facts.foreign else edits, site, facts))
    edits.finish()


def _decide_call(call: Call) -> None:
    for argument in call.facts.arguments:
        parameter = call.provider.parameter(BATCHES, argument.name)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
        elif argument.name == _ENDPOINT:
            _asked(call, argument, parameter)
    endpoint = call.provider.endpoint(BATCHES)
    details = {"provider": call.provider.name}
    if rows := _rows(call):
        call.say("batch-rows", endpoint.detail, endpoint.sources, rows=rows, **details)
    else:
        call.say("batch-requests", endpoint.detail, endpoint.sources, **details)


def _asked(call: Call, argument: Argument, parameter: Parameter) -> None:
    """The endpoint that a batch asks, by the provider's name of it."""
    if argument.value is UNKNOWN and parameter.values_there:
        known = listed(parameter.values)
        call.note("parameter-range", parameter, name=argument.name, range=known)
    elif (new := dict(parameter.values_there).get(argument.value)) is not None:
        reason = f"{argument.name}: {parameter.detail}"
        call.edits.replace(call.site, argument, f'"{new}"', reason)


def _row(call: Call) -> None:
    """The endpoint that a row asks, which is the one of its batch."""
    parameter = call.provider.parameter(BATCHES, _ENDPOINT)
    there = dict(parameter.values_there)
    for url in call.facts.urls:
        if (new := there.get(url.value)) is not None:
            made, reason = ReplaceString(new), f"url: {parameter.detail}"
            edit = Edit(url.path, url.span, "replace-string", made, (call.site.id,), reason)
            call.context.edit(edit)


def _rows(call: Call) -> str:
    """The rows that may be in the file of a batch, in words; "" where none is written here."""
    found = ties.rows_of(call.context, call.facts)
    return call.context.places(found) if found else ""
