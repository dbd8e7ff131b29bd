"""Rewrite one expression of a file: parsed by itself, edited from the innermost node outwards."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from codemods.changes import Change, apply
from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.python_file import PythonFile, width
from codemods.registry import codemods
from codemods.work import ORDER, Task, Work
from codemods.wrapping import Margins, fitted
from codemods.written import Place, Places, Written
from migrator import edits as instructions
from migrator.analysis.sites import Span
from migrator.edits import Instruction
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")

# One literal on one line, with nothing in it that had to be escaped.
_PLAIN_LITERAL = re.compile(r"""[A-Za-z]?(?:"[^"\\\r\n]*"|'[^'\\\r\n]*')""")
_TAKES_ALL = (instructions.ReplaceExpression,)


def rewrite_expression(work: Work, span: Span, tasks: list[Task]) -> None:
    """Carry out the tasks of the expression at a span, which is the outermost of theirs."""
    start, end = work.file.source.bounds(span)
    code = work.file.source.text[start:end]
    text = _with_literals(work, span, tasks)
    if text is None:
        text = _parsed_and_edited(work, span, tasks)
    if text is not None and text != code:
        work.change(Change(start, end, text), tasks)


def _with_literals(work: Work, span: Span, tasks: list[Task]) -> str | None:
    """The text of the expression at a span where all that changes is plain string literals.

    None where something else does, or where a line becomes too long.
    """
    source, start = work.file.source, work.file.source.bounds(span)[0]
    contexts = [(task, work.context(task.span)) for task in tasks]
    texts: dict[Span, str] = {}
    for task, context in contexts:
        literal = codemods()[type(task.instruction)].literal
        if literal is None or not _is_plain_literal(context):
            return None
        text = literal(task.instruction, source.slice(task.span))
        if texts.setdefault(task.span, text) != text:
            return None
    inside = []
    for place, text in texts.items():
        first, last = source.bounds(place)
        inside.append(Change(first - start, last - start, text))
    changed = apply(source.slice(span), inside)
    margins = _margins(work.file, span)
    if any(map(margins.is_too_long, margins.lines(f"({changed})"))):
        return None
    for task, context in contexts:
        work.accept(context, task.edit)
    return changed


def _is_plain_literal(context: Context) -> bool:
    """Whether an expression is one string literal, and in no f-string."""
    node, code = context.node, context.file.source.slice(context.span)
    plain = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return plain and bool(_PLAIN_LITERAL.fullmatch(code)) and context.formatted is None


def _parsed_and_edited(work: Work, span: Span, tasks: list[Task]) -> str | None:
    """The text of the expression at a span after its tasks; None where it cannot be read."""
    start, end = work.file.source.bounds(span)
    code = work.file.source.text[start:end]
    # What is on several lines brings its own line ending.
    manners = {} if {"\n", "\r"} & set(code) else {"default_newline": work.file.source.newline}
    try:
        snippet = cst.parse_module(f"({code})").with_changes(**manners)
    except cst.ParserSyntaxError as error:
        work.refuse(tasks, _("LibCST cannot read it: {error}", error=error.message))
        return None
    written = Written.of(snippet)
    at = _nodes(written.places)
    by_node: dict[cst.BaseExpression, list[Task]] = defaultdict(list)
    for task in tasks:
        first, last = work.file.source.bounds(task.span)
        node = at.get((first - start + 1, last - start + 1))
        if node is None:
            work.refuse([task], nothing_at(task.span))
        else:
            by_node[node].append(task)
    rewriter = _Rewriter(work, by_node, written)
    changed = rewriter.rewritten()
    if not work.context(span).formatted:
        changed = fitted(changed, rewriter.changed, _margins(work.file, span))
    tail = len(written.code) - len(code) - 1
    return changed.code[1 : len(changed.code) - tail]


def _margins(file: PythonFile, span: Span) -> Margins:
    first, last = file.source.line(span.line), file.source.line(span.end_line)
    lines = (file.source.line(number) for number in range(span.line, span.end_line + 1))
    widest = sys.maxsize if file.source.is_one_line(span.line) else max(map(width, lines))
    return Margins(first[: span.column], last[span.end_column :], file, widest)


def _nodes(places: Places) -> dict[Place, cst.BaseExpression]:
    """The outermost expression at each place of a snippet."""
    found: dict[Place, cst.BaseExpression] = {}
    for node, place in places.items():
        if isinstance(node, cst.BaseExpression):
            found.setdefault(place, node)
            if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
                found.setdefault((places[node.lpar[-1]][0], places[node.rpar[0]][1]), node)
    return found


def _breakable() -> tuple[type[cst.BaseExpression], ...]:
    """What may be broken over lines where something in it has become longer."""
    return (cst.Call, cst.Dict, cst.List, cst.Set, cst.Tuple, cst.IfExp, cst.ListComp)


class _Rewriter:
    """Makes the edits of one snippet from the innermost node outwards."""

    def __init__(
        self, work: Work, tasks: dict[cst.BaseExpression, list[Task]], written: Written
    ) -> None:
        self.work = work
        self.tasks = tasks
        self.written = written
        self.holds = written.holding(tasks)
        self.changed: list[cst.CSTNode] = []
        self.results: list[tuple[list[Task], cst.CSTNode]] = []

    def rewritten(self) -> Written:
        changed = Written.of(self._visited(self.written.snippet))
        if self.written.nested(self.tasks):  # else nothing is there that could have taken one in
            present = {id(node) for node in changed.places}
            for tasks, node in self.results:
                if id(node) not in present:
                    self.work.absorbed.update(task.edit for task in tasks)
        return changed

    def _visited(self, original: Any) -> Any:
        """A node after the edits of all that stands in it, and then its own."""
        known = len(self.changed)
        updated = self.written.rebuilt(original, self._visited, self.holds)
        unchanged = known == len(self.changed)
        tasks = self.tasks.get(original) if isinstance(original, cst.BaseExpression) else None
        if not tasks:
            if not unchanged and isinstance(updated, _breakable()):
                self.changed.append(updated)
            return updated
        assert isinstance(updated, cst.BaseExpression)
        outer = (updated.lpar, updated.rpar)
        bound = isinstance(updated, (cst.Tuple, cst.GeneratorExp))
        node = updated if bound else updated.with_changes(lpar=(), rpar=())
        before, done, standing = node, [], ""
        for batch in self._batches(tasks):
            if standing:
                self.work.refuse(batch, standing)
                continue
            changed = self._run(batch, node)
            if changed is not None:
                node = changed
                done += batch
            elif isinstance(batch[0].instruction, instructions.FrameworkConstruction):
                standing = self.work.refused[batch[0].edit]  # what the others are written for
        idle = all(task.edit in self.work.idle for task in tasks)
        if node is before:
            result: cst.BaseExpression = updated
        elif outer[0] and not bound:
            result = node.with_changes(lpar=[*outer[0], *node.lpar], rpar=[*node.rpar, *outer[1]])
        else:
            result = node
        if node is not before or not unchanged or not idle:
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
        batches: list[list[Task]] = []
        last: list[list[Task]] = []
        for kind in [kind for kind in by_class if registry[kind].last]:
            # They are done to what the others leave, so none stands in the way of another.
            by_instruction: dict[Instruction, list[Task]] = defaultdict(list)
            for task in sorted(by_class.pop(kind), key=lambda task: task.key):
                by_instruction[task.instruction].append(task)
            last += by_instruction.values()
        for kind in sorted(by_class, key=ORDER.index):
            batch = by_class[kind]
            others = [t for other, ts in by_class.items() if other is not kind for t in ts]
            if others and (kind in _TAKES_ALL or any(other in _TAKES_ALL for other in by_class)):
                self.work.refuse(batch, _("another edit replaces the same expression"))
                continue
            differ = {task.instruction for task in batch}
            if len(differ) > 1 and registry[kind].combine is None:
                self.work.refuse(
                    batch, _("another edit wants something else of the same expression")
                )
                continue
            batches.append(batch)
        return [*batches, *last]

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
        except cst.CSTValidationError as error:
            self.work.refuse(batch, _("LibCST cannot write it: {error}", error=error))
            return None
        except cst.ParserSyntaxError as error:
            # Its text as a whole cannot be had where the source is empty.
            self.work.refuse(batch, _("LibCST cannot write it: {error}", error=error.message))
            return None
        assert isinstance(changed, cst.BaseExpression)
        if codemod.last and changed is node:
            self.work.idle.update(task.edit for task in batch)
            return None
        self.work.accept(context, *(task.edit for task in batch))
        self.changed += [*context.fresh, *([node] if codemod.last else [])]
        return _bracketed(changed, node, context)


def _bracketed(
    changed: cst.BaseExpression, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The new expression, in parentheses where its neighbours would tear it apart."""
    tight = (
        cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.BaseNumber | cst.List | cst.Dict
    ) | (cst.SimpleString | cst.FormattedString | cst.Set | cst.BaseComp)
    if isinstance(changed, (tight, type(node))) or changed.lpar or _room(changed, context):
        return changed
    return changed.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _room(changed: cst.BaseExpression, context: Context) -> bool:
    """Whether the expression can stand in the place as it is."""
    node = context.node
    match context.parent:
        case (
            ast.keyword() | ast.Return() | ast.Yield() | ast.Assign() | ast.AnnAssign() | ast.Expr()
        ):
            return True
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
            return node is elt
        case ast.arguments() | ast.List() | ast.Tuple() | ast.Set():
            return True
        case ast.If() | ast.While() | ast.AugAssign():
            return True
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
            return node is iterated
        case ast.comprehension(target=target):
            return node is not target and isinstance(changed, cst.BooleanOperation)
        case ast.FormattedValue():
            return not isinstance(changed, cst.Lambda)
        case ast.Call(func=func):
            return node is not func
        case ast.Dict(keys=keys, values=values):
            return node in keys or keys[values.index(node)] is not None  # type: ignore[arg-type]
    return False


def nothing_at(span: Span) -> str:
    return _("no expression stands at {line}:{column}", line=span.line, column=span.column)
