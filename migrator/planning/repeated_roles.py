"""Messages of one role in a row, where the provider refuses them: one message is made of them."""

from __future__ import annotations

import ast
from collections import defaultdict

from migrator.analysis.sites import Literal, Place
from migrator.edits import Edit, MergeMessages
from migrator.planning import syntax
from migrator.planning.calls import Call
from migrator.source import SourceText

_RULE = "consecutive-roles"
_KEYS = {"role", "content"}


def decide(call: Call) -> set[str]:
    """Join the texts of messages that stand in a row with one role, or say what is to be joined.

    Gives the roles of which messages are joined.
    """
    rule = call.provider.rules.get(_RULE)
    joined: defaultdict[Place, set[int]] = defaultdict(set)
    roles: set[str] = set()
    for first, second in _pairs(call) if rule is not None else ():
        role = _role_there(call, second)
        if rule is None or role != _role_there(call, first) or role not in rule.values:
            continue
        found = _joinable(call, first, second)
        if found is None:
            _tell(call, role, second)
        else:
            joined[found[0]].add(found[1])
            roles.add(role)
    for place, at in joined.items():
        _join(call, place, MergeMessages(tuple(sorted(at))))
    return roles


def _pairs(call: Call) -> list[tuple[Literal, Literal]]:
    """The roles of messages that stand one behind the other: in a value, or in one display."""
    displays: dict[Place, dict[int, Literal]] = {}
    for role in call.facts.roles:
        source = call.context.sources.get(role.path)
        found = source and syntax.place_in_list(source, role.span)
        if found:
            displays.setdefault(Place(role.path, found[0]), {})[found[1]] = role
    written = (
        (messages[at], messages[at + 1])
        for messages in displays.values()
        for at in messages
        if at + 1 in messages
    )
    return list(dict.fromkeys((*call.facts.successive, *written)))


def _join(call: Call, place: Place, instruction: MergeMessages) -> None:
    messages = call.chat_parameter("messages")
    reason = f"messages: {messages.detail}"
    edit = Edit(place.path, place.span, "merge-messages", instruction, (call.site.id,), reason)
    call.context.edit(edit)
    call.note("messages-merged", messages)


def _role_there(call: Call, role: Literal) -> str:
    """The role as it is once the call is rewritten."""
    return call.provider.role(role.value, call.chosen).name_there or role.value


def _joinable(call: Call, first: Literal, second: Literal) -> tuple[Place, int] | None:
    """The list and the place of the second message, where both are texts that may be joined."""
    source = call.context.sources.get(second.path)
    if source is None or call.facts.foreign or _is_handed_on(call, second):
        return None
    before = syntax.place_in_list(source, first.span)
    behind = syntax.place_in_list(source, second.span)
    if before is None or behind is None or before[:2] != (behind[0], behind[1] - 1):
        return None
    plain = _is_plain(source, before[2]) and _is_plain(source, behind[2])
    return (Place(second.path, behind[0]), behind[1]) if plain else None


def _is_handed_on(call: Call, role: Literal) -> bool:
    """Whether a call that stays is handed the same message."""
    return any(
        role in facts.roles
        for site, facts in call.context.calls()
        if site.id not in call.context.moved_calls
    )


def _is_plain(source: SourceText, message: ast.Dict) -> bool:
    """Whether a message is a role and a text, and nothing else."""
    named = {
        key.value: value
        for key, value in zip(message.keys, message.values, strict=True)
        if isinstance(key, ast.Constant)
    }
    content = named.get("content")
    return (
        content is not None
        and named.keys() == _KEYS
        and len(message.keys) == len(_KEYS)
        and syntax.is_text(source.text, source.span_of(content))
    )


def _tell(call: Call, role: str, second: Literal) -> None:
    where = f"{second.path}:{second.span.line}"
    call.block(_RULE, call.chat_parameter("messages"), role=role, where=where)
