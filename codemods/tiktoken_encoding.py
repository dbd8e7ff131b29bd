"""Name the encoding: `tiktoken.encoding_for_model(m)` -> `tiktoken.get_encoding("…")`.

tiktoken knows no models but OpenAI's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import TiktokenEncoding
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

_NEW = "get_encoding"


@codemod(
    TiktokenEncoding,
    name="tiktoken-encoding",
    summary="Ask tiktoken for an encoding by its name",
    review="The counts are estimates: the provider's models have a tokenizer of their own",
)
def name_encoding(
    instruction: TiktokenEncoding, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for anything but a call of a named function."""
    match node:
        case cst.Call(func=cst.Attribute() as func):
            named: cst.BaseExpression = func.with_changes(attr=cst.Name(_NEW))
        case cst.Call(func=cst.Name()):
            named = context.parse(context.spell(f"tiktoken.{_NEW}"))
        case _:
            raise CannotRewrite(_("it is not a call of encoding_for_model"))
    return cst.Call(named, [cst.Arg(context.string(instruction.encoding))])
