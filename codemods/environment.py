"""Reads of environment variables, in the manner of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context

if TYPE_CHECKING:
    import libcst as cst


def required(context: Context, variable: str) -> cst.BaseExpression:
    """A read that fails where the variable is absent: a client never falls back to another key."""
    return context.parse(f'{context.spell("os.environ")}["{variable}"]')


def optional(context: Context, variable: str, default: str | None) -> cst.BaseExpression:
    """A read with a default value (None where there is none to give)."""
    given = f", {default!r}" if default is not None else ""
    return context.parse(f'{_reader(context)}("{variable}"{given})')


def value(context: Context, variable: str | None, default: str | None) -> cst.BaseExpression:
    """A read that fails without a default, or the default alone where there is no variable."""
    if variable is None:
        return context.string(default or "")
    return required(context, variable) if default is None else optional(context, variable, default)


def _reader(context: Context) -> str:
    text = context.file.source.text
    local = [binding.path for binding in context.scope.visible(context.span)]
    only_environ = "os.environ" in local and not {"os", "os.getenv"} & set(local)
    by_mapping = "environ.get(" in text and "getenv(" not in text
    if only_environ or by_mapping:
        return f"{context.spell('os.environ')}.get"
    return context.spell("os.getenv")
