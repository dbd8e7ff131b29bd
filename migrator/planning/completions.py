"""Completions (`prompt=`) and edits (`instruction=`): a plain one becomes a chat request."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis.sites import Argument, CallFacts, Site
from migrator.decisions import ChecklistItem
from migrator.planning import chat, reshaping
from migrator.planning.arguments import ArgumentEdits, is_text
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.to_chat import ToChat

_COMPLETION, _EDIT = "completions.create", "edits.create"
APIS = frozenset({_COMPLETION, _EDIT})
# The messages of a request, made of the arguments that are named in them.
_MESSAGES = {
    _COMPLETION: ['[{"role": "user", "content": prompt}]'],
    _EDIT: [
        '[{"role": "system", "content": instruction}, {"role": "user", "content": input}]',
        '[{"role": "user", "content": instruction}]',
    ],
}
_TEXTS = {_COMPLETION: ("prompt",), _EDIT: ("instruction", "input")}


def hindrance(
    context: Context, site: Site, facts: CallFacts, shape: ToChat
) -> ChecklistItem | None:
    """Why a completion cannot become a chat request; None where it can."""
    sources = reshaping.sources(context, facts, shape)
    for name, refused in shape.refused.items():
        argument = facts.argument(name)
        if argument is not None and not shape.asks_nothing(argument):
            details = {"name": name, "remedy": refused.remedy}
            return item("completion-refused", site, shape.detail, sources, details)
    prompts = _prompts(facts)
    if facts.argument(_TEXTS[facts.api][0]) is None:
        why = f"no `{_TEXTS[facts.api][0]}` was found among the arguments of the call"
        return item("completion-untraced", site, why, sources)
    lists = any(isinstance(one.value, list) for one in prompts)
    if lists or {"list_input", "token_input"} & facts.features:
        return item("completion-prompts", site, shape.detail, sources)
    own = all(reshaping.is_own(site, one) for one in prompts)
    own = own and (facts.api == _COMPLETION or len({one.container for one in prompts}) == 1)
    if not own or not reshaping.is_named(context, site, facts):
        why = "its method or its arguments are written where other calls may use them too"
        return item("completion-untraced", site, why, sources)
    if places := reshaping.stops(context, site, facts, shape):
        return item("answer-untraced", site, shape.detail, sources, places=places)
    return None


def _prompts(facts: CallFacts) -> list[Argument]:
    return [one for one in facts.arguments if one.name in _TEXTS[facts.api]]


def decide(context: Context) -> None:
    """Plan the edits and notes of every completion that moves."""
    edits = ArgumentEdits(context, reshaping.CODEMOD)
    for site, facts in context.calls():
        if facts.api not in APIS or site.id not in context.moved_calls:
            continue
        shape = reshaping.shape_of(context, site, facts)
        if shape is not None:
            _decide_call(context, edits, site, facts, shape)
    edits.finish()


def _decide_call(
    context: Context, edits: ArgumentEdits, site: Site, facts: CallFacts, shape: ToChat
) -> None:
    reason = f"{facts.api} -> {shape.method}: {context.provider.endpoint(facts.api).detail}"
    gone = [*shape.refused, *_TEXTS[facts.api]]
    for name in shape.refused:
        if (argument := facts.argument(name)) is not None:
            edits.drop(site, argument, f"{name}: it asks for nothing")
    if facts.api == _EDIT:
        parts = tuple(_prompts(facts))
        edits.compose(site, parts, "messages", _MESSAGES[_EDIT][2 - len(parts)], reason)
    for prompt in _prompts(facts) if facts.api == _COMPLETION else ():
        edits.compose(site, (prompt,), "messages", _MESSAGES[_COMPLETION][0], reason)
    reshaping.edit_method(context, site, facts, shape, reason)
    kept = tuple(one for one in facts.arguments if one.name not in gone)
    call = Call(context, edits, site, replace(facts, api=shape.method, arguments=kept))
    chat.plan(call)
    _told(call, facts, shape)


def _told(call: Call, facts: CallFacts, shape: ToChat) -> None:
    sources = reshaping.sources(call.context, facts, shape)
    call.say("completion-chat", shape.detail, sources)
    if facts.api == _EDIT:
        return
    if facts.argument("max_tokens") is None and facts.complete:
        call.say("completion-limit", shape.detail, sources)
    single = "single_input" in facts.features
    if not single and not all(is_text(call.context, one) for one in _prompts(facts)):
        call.say("completion-prompt", shape.detail, sources)
