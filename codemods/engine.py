"""Carry out the edits of one Python file and leave every other byte as it is.

The outermost edited expression is parsed by itself, its edits are made from the innermost node
outwards, and the result is put back into the text. Edits of one node are made in the order of
`ORDER`. What stands in the way of another edit is refused, both sides of it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence

from codemods.changes import Change, apply, remove
from codemods.commands import changes, stretches
from codemods.helpers import with_helpers
from codemods.imports import settle
from codemods.outcome import CannotRewrite, Failed, Outcome, Refusal, Rewritten
from codemods.python_file import PythonFile
from codemods.registry import codemods
from codemods.scope import Scope
from codemods.snippet import nothing_at, rewrite_expression
from codemods.statements import Lowered, Removal
from codemods.touched import lost_names, require_syntax
from codemods.work import ORDER, Task, Work
from migrator import edits as instructions
from migrator.analysis.sites import Span
from migrator.edits import Edit
from migrator.language import _
from migrator.source import SourceText

__all__ = ["ORDER", "rewrite"]


def rewrite(source: SourceText, path: str, edits: Sequence[Edit]) -> Outcome:
    """Carry out the edits of a file; the order they are given in does not matter.

    Returns the new text with what became of each edit, or why nothing could be done. Raises nothing
    for any text.
    """
    try:
        file = PythonFile.parse(source, path)
    except (SyntaxError, ValueError, RecursionError) as error:
        return Failed(_("does not parse: {error}", error=error))
    unique = sorted(set(edits), key=lambda e: (*Task(e, e.span, e.instruction).key, e.site_ids))
    refused = {e: nothing_at(e.span) for e in unique if e.span.end_line > len(source.starts)}
    scope = Scope(file)
    try:
        while True:
            wanted = [e for e in unique if e not in refused]
            work = Work(file, scope, _becoming(scope, wanted))
            _carry_out(work, wanted)
            text = _completed(work)
            refused |= work.refused
            # An edit is made as a whole or not at all.
            if not work.touched & refused.keys():
                break
    except (SyntaxError, ValueError, RecursionError) as error:
        return Failed(_("would not parse after the rewriting: {error}", error=error))
    done = [e for e in unique if e not in refused]
    return Rewritten(
        text,
        tuple(e for e in done if e not in work.absorbed | work.idle),
        tuple(Refusal(e, refused[e]) for e in unique if e in refused),
        tuple(e for e in done if e in work.absorbed),
        work.made,
        tuple(e for e in done if e in work.idle - work.absorbed),
    )


def _becoming(scope: Scope, edits: Sequence[Edit]) -> Counter[str]:
    """How many constructions of a class, by the name it is written with, change their class."""
    found: Counter[str] = Counter()
    places = {(e.span, _class_of(e.instruction)) for e in edits if _class_of(e.instruction)}
    for span, __ in places:
        node = scope.file.expression(span)
        if isinstance(node, ast.Call):
            partial = scope.is_partial(ast.unparse(node.func), span)
            node = node.args[0] if partial and node.args else node.func
        if isinstance(node, ast.Name):
            found[node.id] += 1
    return found


def _class_of(instruction: instructions.Instruction) -> str | None:
    """The class that an expression is of, or names, once an edit is made."""
    match instruction:
        case instructions.ClientConstruction(class_path=path):
            return path
        case instructions.FrameworkConstruction(class_path=path):
            return path
        case instructions.ReplaceExpression(source=source, imports=(path,)):
            return path if path.rpartition(".")[2] == source else None
    return None


def _carry_out(work: Work, edits: Sequence[Edit]) -> None:
    """Find the changes that edits make."""
    registry = codemods()
    tasks: list[Task] = []
    steps: list[tuple[Task, Change | Removal]] = []
    inside: dict[Span, list[Edit]] = {}
    for edit in edits:
        task = Task(edit, edit.span, edit.instruction)
        if work.file.source.is_hidden(edit.span.line):
            steps += [(task, change) for change in _in_command(work, task)]
            continue
        if not registry[type(edit.instruction)].statement:
            if (literal := work.file.string_around(edit.span)) is not None:
                inside.setdefault(work.file.span(literal), []).append(edit)
            else:
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
            work.accept(context, edit)
    for span, within in inside.items():
        tasks += _in_string(work, span, within)
    steps = [(task, step) for task, step in steps if task.edit not in work.refused]
    gone = {s.statement: None for __, s in steps if isinstance(s, Removal)}
    tasks = _outside(work, tasks, list(gone))
    for span, group in _groups(work, tasks):
        rewrite_expression(work, span, group)
    steps = [(task, step) for task, step in steps if task.edit not in work.refused]
    removals = {s.statement: None for __, s in steps if isinstance(s, Removal)}
    removed = list(remove(work.file, list(removals)))
    work.changes += removed
    work.changes += dict.fromkeys(s for __, s in steps if isinstance(s, Change))
    for task, step in steps:
        if isinstance(step, Change):
            work.made[task.edit].append(step)
        else:
            start, end = work.file.bounds(step.statement)
            work.made[task.edit] += [one for one in removed if one.start < end and start < one.end]


def _in_command(work: Work, task: Task) -> Sequence[Change]:
    """What an edit of a command wants that stands in the file."""
    try:
        return changes(work.file.source, task.edit)
    except CannotRewrite as error:
        work.refuse([task], str(error))
        return ()


def _in_string(work: Work, span: Span, edits: Sequence[Edit]) -> list[Task]:
    """What the edits of stretches of a string want of the string: all of them, or none."""
    source = work.file.source
    try:
        every = [change for edit in edits for change in changes(source, edit, span)]
    except CannotRewrite as error:
        work.refuse([Task(edit, edit.span, edit.instruction) for edit in edits], str(error))
        return []
    made = instructions.ReplaceSource(stretches(source.text, *source.bounds(span), every))
    return [Task(edit, span, made) for edit in edits]


def _completed(work: Work) -> str:
    """The text with the changes, and with the helpers and imports that the new code needs.

    Raises SyntaxError where it does not parse.
    """
    source, path = work.file.source, work.file.path
    text = apply(source.text, work.changes)
    if text == source.text or _leaves_imports(work):
        return text
    file = PythonFile.parse(source.with_text(text), path)
    helping = {name for one in work.helpers for name in one.names}
    text = settle(file, work.needs, work.file.names, helping)
    if work.helpers:
        text = with_helpers(source.with_text(text), path, work.helpers)
    require_syntax(file, text)
    return text


def _leaves_imports(work: Work) -> bool:
    """Whether the changes parse, and need no import and make none unused."""
    if work.needs or work.helpers:
        return False
    try:
        lost = lost_names(work.file, work.changes)
    except SyntaxError:
        return False  # of a piece: the whole will tell
    aliases = (alias for statement in work.scope.statements for alias in statement.names)
    return lost.isdisjoint(one.asname or one.name.partition(".")[0] for one in aliases)


def _outside(work: Work, tasks: list[Task], gone: Sequence[ast.stmt]) -> list[Task]:
    """The tasks that do not stand in a statement that goes."""
    spans = [work.file.whole(statement) for statement in gone]
    kept = []
    for task in tasks:
        if any(span.holds(task.span) for span in spans):
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
            work.refuse([task], nothing_at(task.span))
        else:
            rooted.append((work.file.span(_root(work.file, node)), task))
    groups: list[tuple[Span, list[Task]]] = []
    for root, task in sorted(rooted, key=lambda one: (*_outer_first(one[0]), one[1].key)):
        if groups and groups[-1][0].holds(root):
            groups[-1][1].append(task)
        else:
            groups.append((root, [task]))
    return groups


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
            if span.line != span.end_line and not file.in_one_row(around):
                break
            if isinstance(around, (ast.Call, ast.Dict, ast.List, ast.IfExp, ast.ListComp)):
                root = around
    return root
