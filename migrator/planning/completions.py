"""Completions (`prompt=`) and edits (`instruction=`): a plain one becomes a chat request."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis.sites import Argument, CallFacts, Origin, Site
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, Lifted
from migrator.language import _
from migrator.planning import chat, reshaping, syntax
from migrator.planning.arguments import ArgumentEdits, is_own, is_text
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.reshaping.knowledge import ToChat
from migrator.planning.reshaping.naming import is_named

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
        why = _("no `{name}` was found among the arguments of the call", name=_TEXTS[facts.api][0])
        return item("completion-untraced", site, why, sources)
    alone = all(_is_in_a_list(context, one) for one in prompts)
    lists = "list_input" in facts.features or any(isinstance(one.value, list) for one in prompts)
    if (lists and not alone) or "token_input" in facts.features:
        return item("completion-prompts", site, shape.detail, sources)
    texts = {*_TEXTS[facts.api], *shape.refused}
    gone = [one for one in facts.arguments if one.name in texts]
    own = all(is_own(site, one) for one in prompts) and not any(one.read for one in gone)
    own = own and (facts.api == _COMPLETION or len({one.container for one in prompts}) == 1)
    if not own or not is_named(context, site, facts):
        why = _("its method or its arguments are written where other calls may use them too")
        return item("completion-untraced", site, why, sources)
    if places := reshaping.stops(context, site, facts, shape):
        return item("answer-untraced", site, shape.detail, sources, places=places)
    return None


def _prompts(facts: CallFacts) -> list[Argument]:
    return [one for one in facts.arguments if one.name in _TEXTS[facts.api]]


def _is_in_a_list(context: Context, prompt: Argument) -> bool:
    """Whether a prompt is a list that is written there, with one element: a prompt by itself."""
    source = context.sources.get(prompt.place.path)
    if prompt.origin is Origin.ITEM_ASSIGNMENT:
        return False
    return source is not None and syntax.listed(source.text, prompt.place.span) == 1


def decide(context: Context) -> None:
    """Plan the edits and notes of every completion that moves."""
    edits = ArgumentEdits(context, reshaping.CODEMOD)
    for site, facts in context.calls():
        if facts.api not in APIS or site.id not in context.moved_calls:
            continue
        shape = reshaping.shape_of(context, site)
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
            edits.drop(site, argument, _("{name}: it asks for nothing", name=name))
    if facts.api == _EDIT:
        parts = tuple(_prompts(facts))
        edits.compose(site, parts, "messages", _MESSAGES[_EDIT][2 - len(parts)], reason)
    for prompt in _prompts(facts) if facts.api == _COMPLETION else ():
        if _is_in_a_list(context, prompt):
            place = (prompt.place.path, prompt.place.span)
            context.edit(Edit(*place, reshaping.CODEMOD, Lifted(), (site.id,), reason))
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
