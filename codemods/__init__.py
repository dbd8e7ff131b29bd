"""The rewritings: one file, one kind of instruction, registered by `codemod`.

rewrite(source, path, edits)   carries out the edits of one Python file
splice(source, edits)          those of any other file
codemods()                     the kinds there are, with what a person should review
"""

from codemods.engine import rewrite
from codemods.outcome import CannotRewrite, Failed, Outcome, Refusal, Rewritten
from codemods.registry import Codemod, codemods
from codemods.splice import splice

__all__ = [
    "CannotRewrite",
    "Codemod",
    "Failed",
    "Outcome",
    "Refusal",
    "Rewritten",
    "codemods",
    "rewrite",
    "splice",
]
