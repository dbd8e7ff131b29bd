"""Where a chat answer stops: some providers take a list of words alone, of so many and so long."""

from __future__ import annotations

from migrator.analysis.sites import UNKNOWN, Argument
from migrator.language import _
from migrator.planning.arguments import is_text
from migrator.planning.calls import Call
from migrator.providers import Parameter, Rule

NAME = "stop"


def decide(call: Call, argument: Argument, parameter: Parameter) -> None:
    """Plan the stop words of a call, where the profile has a rule of them."""
    listed = call.provider.rules.get("stop-list")
    rule = listed or call.provider.rules.get("stop-count")
    if rule is None or argument.value is None or parameter.action != "keep":
        return
    words = [argument.value] if isinstance(argument.value, str) else argument.value
    text = is_text(call.context, argument)
    if listed and text and argument.always:
        _list(call, argument, parameter)
    elif listed and (text or words is UNKNOWN):
        call.note("stop-list", parameter, most=rule.maximum)
    if isinstance(words, list):
        _words(call, words, parameter, rule)


def _list(call: Call, argument: Argument, parameter: Parameter) -> None:
    """A bare string becomes a list of it."""
    new = f"[{argument.spelled}]"
    if call.edits.replace(call.site, argument, new, f"{NAME}: {parameter.detail}"):
        call.note("parameter-changed", parameter, name=NAME, value=argument.spelled, new=new)


def _words(call: Call, words: list[object], parameter: Parameter, rule: Rule) -> None:
    """As many words as are taken, none of them too long."""
    longest = max((len(word) for word in words if isinstance(word, str)), default=0)
    if rule.maximum is not None and len(words) > rule.maximum:
        call.block(
            "stop-words",
            parameter,
            what=_("at most {maximum} stop words are", maximum=rule.maximum),
        )
    elif rule.longest is not None and longest > rule.longest:
        what = _("stop words of at most {longest} characters are", longest=rule.longest)
        call.block("stop-words", parameter, what=what)
    elif parameter.maximum is not None and len(words) > parameter.maximum:
        call.note("stop-contested", parameter, count=len(words))
