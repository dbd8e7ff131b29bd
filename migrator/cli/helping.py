"""The help of commands: in the language that is used, in lines that fit."""

from __future__ import annotations

import re
import sys
from typing import Any

from typer.core import TyperCommand, TyperGroup

from migrator import language
from migrator.language import _

_HELP = "Show this message and exit."
_PARAGRAPH = re.compile(r"\n\s*\n")
# The end of a line between characters that have no blank between them.
_JOINT = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef])")


class _Helping:
    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{_('Usage:')} ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        for one in self.get_params(ctx):  # type: ignore[attr-defined]
            if one.param_type_name == "argument":
                # Newer typers show its type in Python beside what it is called.
                one.display_type_rich = lambda ctx: None
            elif one.help == _HELP:
                one.help = _(_HELP)
        if language.current() != language.ENGLISH:
            sys.modules[type(formatter).__module__].wrap_text = _wrapped  # type: ignore[attr-defined]
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(_Helping, TyperCommand):
    """A command of ours."""


class Group(_Helping, TyperGroup):
    """All commands."""


def _wrapped(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    """As the library wraps a text, which counts characters: a Chinese one is two columns wide."""
    from migrator.reports.wrapping import wrapped

    paragraphs = _PARAGRAPH.split(text) if preserve_paragraphs else [text]
    return "\n\n".join(
        "\n".join(wrapped(_JOINT.sub("", one), initial_indent, width=width)) for one in paragraphs
    )
