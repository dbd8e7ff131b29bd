"""The clients that files with upgraded calls construct, and what they are called there."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.planning.context import Context
from migrator.planning.legacy.upgrade import Form

Names = Mapping[tuple[str, bool], str]

_SYNC = ("client", "openai_client", "llm_client")
_ASYNC = ("async_client", "async_openai_client", "async_llm_client")


def names(context: Context) -> Names:
    """The name of the client for each file and kind of call (asynchronous or not)."""
    wanted: dict[str, set[bool]] = {}
    for one, form in context.upgrade.forms.items():
        if form is Form.CLIENT and one in context.moved_calls:
            facts = context.upgrade.before[one]
            for place in facts.methods:
                wanted.setdefault(place.path, set()).add(facts.asynchronous)
    found: dict[tuple[str, bool], str] = {}
    for path, kinds in wanted.items():
        for asynchronous in sorted(kinds):
            candidates = _ASYNC if asynchronous and len(kinds) == 2 else _SYNC
            found[path, asynchronous] = _free(context, path, candidates)
    return found


def class_path(*, asynchronous: bool) -> str:
    """The class of a client."""
    return "openai.AsyncOpenAI" if asynchronous else "openai.OpenAI"


def _free(context: Context, path: str, candidates: tuple[str, ...]) -> str:
    files = context.upgrade.files
    taken = files.names(path) if files is not None else frozenset()
    numbered = (f"{candidates[0]}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (*candidates, *numbered) if one not in taken)
