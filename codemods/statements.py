"""What the codemod of a statement asks for, beside changes of the text."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from migrator.analysis.sites import Span
from migrator.edits import Instruction


@dataclass(frozen=True)
class Removal:
    """The statement goes."""

    statement: ast.stmt


@dataclass(frozen=True, slots=True)
class Lowered:
    """An expression of the statement is rewritten."""

    span: Span
    instruction: Instruction
