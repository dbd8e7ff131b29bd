"""Carry out the edits of one Python file and leave every other byte as it is.

The outermost edited expression is parsed by itself, its edits are made from the innermost node
outwards, and the result is put back into the text. Edits of one node are made in the order of
`ORDER`. What stands in the way of another edit is refused, both sides of it.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codemods.changes import Change, apply, remove
from codemods.context import Context, Helper
from codemods.helpers import with_helpers
from codemods.imports import settle
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite, Failed, Outcome, Refusal, Rewritten
from codemods.python_file import PythonFile, holds
from codemods.registry import codemods
from codemods.scope import Need, Scope
from codemods.statements import Lowered, Removal
from codemods.wrapping import Margins, fitted, positions
from migrator import edits as instructions
from migrator.analysis.sites import Span
from migrator.edits import Edit, Instruction
from migrator.source import SourceText

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

ORDER: tuple[type[Instruction], ...] = (
    instructions.TiktokenEncoding,
    instructions.Rename,
    instructions.ReplaceString,
    instructions.JsonPrompt,
    instructions.Parameters,
    instructions.ClientConstruction,
    instructions.EmbeddingBatch,
    instructions.StructuredOutput,
    instructions.ReplaceExpression,
    instructions.ItemAssignment,
    instructions.ModuleSettings,
    instructions.Splice,
    instructions.Marker,
)
_TAKES_ALL = (instructions.ReplaceExpression,)


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
    """The state of one file's rewriting."""

    file: PythonFile
    scope: Scope
    becoming: Counter[str]
    changes: list[Change] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    refused: dict[Edit, str] = field(default_factory=dict)
    absorbed: set[Edit] = field(default_factory=set)

    def context(self, span: Span) -> Context:
        return Context(self.file, self.scope, span, self.becoming, self.helpers)

    def accept(self, context: Context) -> None:
        self.needs += context.needs
        self.helpers += context.helpers

    def refuse(self, tasks: Iterable[Task], reason: str) -> None:
        for task in tasks:
            self.refused.setdefault(task.edit, reason)


def rewrite(source: SourceText, path: str, edits: Sequence[Edit]) -> Outcome:
    """Carry out the edits of a file; the order they are given in does not matter.

    Returns the new text with what became of each edit, or why nothing could be done. Raises nothing
    for any text.
    """
    try:
        file = PythonFile.parse(source, path)
    except (SyntaxError, ValueError, RecursionError) as error:
        return Failed(f"does not parse: {error}")
    unique = sorted(set(edits), key=lambda e: (*Task(e, e.span, e.instruction).key, e.site_ids))
    work = Work(file, Scope(file), _becoming(file, unique))
    try:
        text = _rewritten(work, unique)
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        return Failed(f"would not parse after the rewriting: {error}")
    done = [e for e in unique if e not in work.refused]
    return Rewritten(
        text,
        tuple(e for e in done if e not in work.absorbed),
        tuple(Refusal(e, work.refused[e]) for e in unique if e in work.refused),
        tuple(e for e in done if e in work.absorbed),
    )


def _becoming(file: PythonFile, edits: Sequence[Edit]) -> Counter[str]:
    """How many constructions of a class, by the name it is written with, change their class."""
    found: Counter[str] = Counter()
    places = {
        (e.span, e.instruction.class_path)
        for e in edits
        if isinstance(e.instruction, instructions.ClientConstruction) and e.instruction.class_path
    }
    for span, _ in places:
        node = file.expression(span)
        if isinstance(node, ast.Call):
            partial = isinstance(node.func, (ast.Name, ast.Attribute)) and ast.unparse(
                node.func
            ).endswith("partial")
            node = node.args[0] if partial and node.args else node.func
        if isinstance(node, ast.Name):
            found[node.id] += 1
    return found


def _rewritten(work: Work, edits: Sequence[Edit]) -> str:
    registry = codemods()
    tasks: list[Task] = []
    steps: list[tuple[Task, Change | Removal]] = []
    for edit in edits:
        task = Task(edit, edit.span, edit.instruction)
        if not registry[type(edit.instruction)].statement:
            tasks.append(task)
            continue
        context = work.context(edit.span)
        try:
            for step in registry[type(edit.instruction)].run(edit.instruction, context):
                if isinstance(step, Lowered):
                    tasks.append(Task(edit, step.span, step.instruction))
                else:
                    steps.append((task, step))
        except CannotRewrite as error:
            work.refuse([task], str(error))
        else:
            work.accept(context)
    steps = [(task, step) for task, step in steps if task.edit not in work.refused]
    gone = {s.statement: None for _, s in steps if isinstance(s, Removal)}
    tasks = _outside(work, tasks, list(gone))
    for span, group in _groups(work, tasks):
        _rewrite_group(work, span, group)
    steps = [(task, step) for task, step in steps if task.edit not in work.refused]
    removals = {s.statement: None for _, s in steps if isinstance(s, Removal)}
    work.changes += remove(work.file, list(removals))
    work.changes += dict.fromkeys(s for _, s in steps if isinstance(s, Change))
    text = apply(work.file.source.text, work.changes)
    return _completed(work, text)


def _completed(work: Work, text: str) -> str:
    """The text with the helpers and imports that the new code needs."""
    source, path = work.file.source, work.file.path
    if text == source.text:
        return text
    settled = settle(SourceText(text), path, work.needs, work.file.names)
    return with_helpers(SourceText(settled), path, work.helpers) if work.helpers else settled


def _outside(work: Work, tasks: list[Task], gone: Sequence[ast.stmt]) -> list[Task]:
    """The tasks that do not stand in a statement that goes."""
    spans = [work.file.whole(statement) for statement in gone]
    kept = []
    for task in tasks:
        if any(holds(span, task.span) for span in spans):
            work.absorbed.add(task.edit)
        else:
            kept.append(task)
    return kept


def _groups(work: Work, tasks: Iterable[Task]) -> list[tuple[Span, list[Task]]]:
    """The tasks by the expression that is parsed for them."""
    rooted = []
    for task in tasks:
        node = work.file.expression(task.span)
        if node is None and isinstance(task.instruction, instructions.Rename):
            node = work.file.around(task.span)
        if node is None:
            work.refuse([task], _nothing_at(task.span))
        else:
            rooted.append((work.file.span(_root(work.file, node)), task))
    groups: list[tuple[Span, list[Task]]] = []
    for root, task in sorted(rooted, key=lambda one: (*_outer_first(one[0]), one[1].key)):
        if groups and holds(groups[-1][0], root):
            groups[-1][1].append(task)
        else:
            groups.append((root, [task]))
    return groups


def _nothing_at(span: Span) -> str:
    return f"no expression stands at {span.line}:{span.column}"


def _outer_first(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, -span.end_line, -span.end_column


def _root(file: PythonFile, node: ast.expr) -> ast.expr:
    """The expression around a node that may have to be broken over lines with it."""
    root = node
    for around in file.ancestors(node):
        if isinstance(around, (ast.JoinedStr, ast.FormattedValue, ast.stmt)):
            break
        if isinstance(around, ast.expr):
            span = file.span(around)
            if span.line != span.end_line:
                break
            if isinstance(around, (ast.Call, ast.Dict)):
                root = around
    return root


def _rewrite_group(work: Work, span: Span, tasks: list[Task]) -> None:
    start, end = work.file.source.bounds(span)
    code = work.file.source.text[start:end]
    manners = {"default_newline": work.file.source.newline, "default_indent": work.file.indent}
    try:
        snippet = cst.parse_module(f"({code})").with_changes(**manners)
    except cst.ParserSyntaxError as error:
        work.refuse(tasks, f"LibCST cannot read it: {error.message}")
        return
    at = _nodes(snippet, span)
    by_node: dict[cst.BaseExpression, list[Task]] = defaultdict(list)
    for task in tasks:
        node = at.get(task.span)
        if node is None:
            work.refuse([task], _nothing_at(task.span))
        else:
            by_node[node].append(task)
    rewriter = _Rewriter(work, by_node)
    changed = rewriter.rewritten(snippet)
    if not work.context(span).formatted:
        changed = fitted(changed, rewriter.changed, _margins(work.file, span))
    tail = snippet.code[len(code) + 2 :]
    text = changed.code[1 : len(changed.code) - len(tail) - 1]
    if text != code:
        work.changes.append(Change(start, end, text))


def _margins(file: PythonFile, span: Span) -> Margins:
    first, last = file.source.line(span.line), file.source.line(span.end_line)
    lines = (file.source.line(number) for number in range(span.line, span.end_line + 1))
    columns = max(file.columns, *map(len, lines))
    return Margins(first[: span.column], last[span.end_column :], file.indent, columns)


def _nodes(snippet: cst.Module, root: Span) -> dict[Span, cst.BaseExpression]:
    """The outermost expression at each span of the file, in a snippet that begins at `root`."""

    def column(line: int, column: int) -> int:
        return column + (root.column - 1 if line == 1 else 0)

    found: dict[Span, cst.BaseExpression] = {}
    for node, place in positions(snippet).items():
        if isinstance(node, cst.BaseExpression):
            start, end = place.start, place.end
            span = Span(
                root.line + start.line - 1,
                column(start.line, start.column),
                root.line + end.line - 1,
                column(end.line, end.column),
            )
            found.setdefault(span, node)
            if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
                found.setdefault(
                    Span(span.line, span.column - 1, span.end_line, span.end_column + 1), node
                )
    return found


class _Rewriter:
    """Makes the edits of one snippet from the innermost node outwards."""

    def __init__(self, work: Work, tasks: dict[cst.BaseExpression, list[Task]]) -> None:
        self.work = work
        self.tasks = tasks
        self.changed: list[cst.CSTNode] = []
        self.results: list[tuple[list[Task], cst.CSTNode]] = []

    def rewritten(self, snippet: cst.Module) -> cst.Module:
        leave = self._leave

        class Transformer(cst.CSTTransformer):
            def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> Any:
                return leave(original, updated)

        changed = snippet.visit(Transformer())
        assert isinstance(changed, cst.Module)
        self._note_absorbed(changed)
        return changed

    def _note_absorbed(self, changed: cst.Module) -> None:
        present: set[int] = set()

        class Collector(cst.CSTVisitor):
            def on_visit(self, node: cst.CSTNode) -> bool:
                present.add(id(node))
                return True

        changed.visit(Collector())
        for tasks, node in self.results:
            if id(node) not in present:
                self.work.absorbed.update(task.edit for task in tasks)

    def _leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        tasks = self.tasks.get(original) if isinstance(original, cst.BaseExpression) else None
        if not tasks:
            if isinstance(updated, (cst.Call, cst.Dict)) and not updated.deep_equals(original):
                self.changed.append(updated)
            return updated
        assert isinstance(updated, cst.BaseExpression)
        outer = (updated.lpar, updated.rpar)
        bound = isinstance(updated, (cst.Tuple, cst.GeneratorExp))
        node = updated if bound else updated.with_changes(lpar=(), rpar=())
        before, done = node, []
        for batch in self._batches(tasks):
            changed = self._run(batch, node)
            if changed is not None:
                node = changed
                done += batch
        if node is before:
            result: cst.BaseExpression = updated
        elif outer[0] and not bound:
            result = node.with_changes(lpar=[*outer[0], *node.lpar], rpar=[*node.rpar, *outer[1]])
        else:
            result = node
        self.changed.append(result)
        if done:
            self.results.append((done, result))
        return result

    def _batches(self, tasks: list[Task]) -> list[list[Task]]:
        """The tasks of one node that can be done, those that say the same together."""
        registry = codemods()
        by_class: dict[type[Instruction], list[Task]] = defaultdict(list)
        for task in tasks:
            by_class[type(task.instruction)].append(task)
        batches = []
        for kind in sorted(by_class, key=ORDER.index):
            batch = by_class[kind]
            others = [t for other, ts in by_class.items() if other is not kind for t in ts]
            if others and (kind in _TAKES_ALL or any(other in _TAKES_ALL for other in by_class)):
                self.work.refuse(batch, "another edit replaces the same expression")
                continue
            differ = {task.instruction for task in batch}
            if len(differ) > 1 and registry[kind].combine is None:
                self.work.refuse(batch, "another edit wants something else of the same expression")
                continue
            batches.append(batch)
        return batches

    def _run(self, batch: list[Task], node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The node after the edits of one class, None where they are refused."""
        codemod = codemods()[type(batch[0].instruction)]
        differ = list(dict.fromkeys(task.instruction for task in batch))
        context = self.work.context(batch[0].span)
        try:
            combine = codemod.combine if len(differ) > 1 else None
            instruction = combine(differ) if combine else differ[0]
            changed = codemod.run(instruction, node, context)
            if context.enclosing:
                context.require_room(cst.Module([]).code_for_node(changed))
        except CannotRewrite as error:
            self.work.refuse(batch, str(error))
            return None
        except (cst.CSTValidationError, cst.ParserSyntaxError) as error:
            self.work.refuse(batch, f"LibCST cannot write it: {error}")
            return None
        assert isinstance(changed, cst.BaseExpression)
        self.work.accept(context)
        self.changed += context.fresh
        return _bracketed(changed, node, context)


def _bracketed(
    changed: cst.BaseExpression, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The new expression, in parentheses where its neighbours would tear it apart."""
    tight = (
        cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.BaseNumber | cst.List | cst.Dict
    ) | (cst.SimpleString | cst.FormattedString | cst.Set | cst.BaseComp)
    if isinstance(changed, (tight, type(node))) or changed.lpar or _room(context):
        return changed
    return changed.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _room(context: Context) -> bool:
    """Whether any expression can stand in the place as it is."""
    node = context.node
    match context.parent:
        case ast.keyword() | ast.Return() | ast.Assign() | ast.AnnAssign() | ast.Expr():
            return True
        case ast.arguments() | ast.List() | ast.Tuple() | ast.Set():
            return True
        case ast.Call(func=func):
            return node is not func
        case ast.Dict(keys=keys, values=values):
            return node in keys or keys[values.index(node)] is not None  # type: ignore[arg-type]
    return False
