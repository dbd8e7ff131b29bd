"""How a call names the method that it calls."""

from __future__ import annotations

from migrator.analysis.sites import CallFacts, Site
from migrator.planning import syntax
from migrator.planning.context import Context

_CHAT_BEFORE_ONE = "ChatCompletion"
_RAW = ("", "with_raw_response")


def is_named(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether the call names its method by the path from a client."""
    if site.id in context.upgrade.before:
        return True  # only then it is upgraded
    written = syntax.dotted(context.sources.get(facts.callee.path), facts.callee.span)
    path = f".{method_paths(context, site, facts)[0]}"
    return facts.raw in _RAW and written.endswith(path)


def method_paths(
    context: Context, site: Site, facts: CallFacts, method: str = ""
) -> tuple[str, str]:
    """How a call's method is written, and how another one is in the same release of openai."""
    kept = context.upgrade.kept.get(site.id)
    if kept is None:
        return _with_raw(facts.api, facts), _with_raw(method, facts)
    return kept.api, f"{_CHAT_BEFORE_ONE}.{kept.api.rpartition('.')[2]}"


def _with_raw(method: str, facts: CallFacts) -> str:
    """A method's path with the prefix that asks for the raw response, where the call has it."""
    owner, _, name = method.rpartition(".")
    return ".".join(filter(None, (owner, facts.raw, name)))
