"""What is to be done in one file, and what has become of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from codemods.changes import Change, by_lines
from codemods.context import Context, Helper
from codemods.python_file import PythonFile
from codemods.scope import Need, Scope
from migrator import edits as instructions
from migrator.analysis.sites import Span
from migrator.edits import Edit, Instruction

ORDER: tuple[type[Instruction], ...] = (
    instructions.TiktokenEncoding,
    instructions.Rename,
    instructions.ReplaceString,
    instructions.ReplaceText,
    instructions.ReplaceSource,
    instructions.JsonPrompt,
    instructions.ClientMethod,
    instructions.ArgumentNames,
    instructions.ResultAttribute,
    instructions.ResultItem,
    instructions.ToolCall,
    instructions.MethodPath,
    instructions.AnswerRead,
    instructions.Nested,
    instructions.FrameworkModel,
    instructions.FrameworkConstruction,
    instructions.Parameters,
    instructions.VariableDefault,
    instructions.ReadVariable,
    instructions.MergeMessages,
    instructions.Listed,
    instructions.Lifted,
    instructions.ClientConstruction,
    instructions.EmbeddingBatch,
    instructions.StructuredOutput,
    instructions.DataUri,
    instructions.PictureData,
    instructions.Transcription,
    instructions.AdapterCall,
    instructions.AsMapping,
    instructions.AnswerDictionary,
    instructions.ErrorClasses,
    instructions.Framed,
    instructions.Enclosed,
    instructions.ArgumentToImport,
    instructions.ReplaceExpression,
    instructions.ConstructWith,
    instructions.Plugged,
    instructions.ItemAssignment,
    instructions.MatchTests,
    instructions.LoopGuard,
    instructions.ModuleSettings,
    instructions.FrameworkStatements,
    instructions.NewClient,
    instructions.SecondClient,
    instructions.ClientBeside,
    instructions.ImportedNames,
    instructions.EmbeddingsUtilities,
    instructions.Splice,
    instructions.Marker,
)


@dataclass(frozen=True)
class Task:
    """What one edit wants of one node. A statement's edit may want something of several."""

    edit: Edit
    span: Span
    instruction: Instruction

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.span, ORDER.index(type(self.instruction)), repr(self.instruction))


@dataclass
class Work:
    """The state of one file's rewriting.

    `touched` are the edits that have made a part of theirs, `idle` those that had nothing to do.
    `made` are the changes by the edits that make them, some of them together.
    """

    file: PythonFile
    scope: Scope
    becoming: Counter[str]
    changes: list[Change] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    refused: dict[Edit, str] = field(default_factory=dict)
    absorbed: set[Edit] = field(default_factory=set)
    touched: set[Edit] = field(default_factory=set)
    idle: set[Edit] = field(default_factory=set)
    made: defaultdict[Edit, list[Change]] = field(default_factory=lambda: defaultdict(list))

    def context(self, span: Span) -> Context:
        return Context(self.file, self.scope, span, self.becoming, self.helpers)

    def accept(self, context: Context, *edits: Edit) -> None:
        """Take what the codemod of some edits asks for."""
        self.touched.update(edits)
        self.needs += context.needs
        self.helpers += context.helpers

    def change(self, change: Change, tasks: Sequence[Task]) -> None:
        """Take the change of an expression; where several edits make it, each has lines of it."""
        self.changes.append(change)
        if len({task.edit for task in tasks}) == 1:
            self.made[tasks[0].edit].append(change)
            return
        lines = list(by_lines(self.file.source.text, change))
        for task in tasks:
            start, end = self.file.source.bounds(task.span)
            own = [
                one for one in lines if one.start <= end and start <= max(one.start, one.end - 1)
            ]
            self.made[task.edit] += own or lines

    def refuse(self, tasks: Iterable[Task], reason: str) -> None:
        for task in tasks:
            self.refused.setdefault(task.edit, reason)
