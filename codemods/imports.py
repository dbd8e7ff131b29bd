"""The imports of a rewritten file: what the new code needs comes in, what it made unused goes.

A statement keeps its layout: names are put into the places the statement has. What is added stands
where isort would put it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from codemods.changes import Change, apply, remove
from codemods.import_names import merged, order, with_names
from codemods.python_file import PythonFile
from codemods.scope import Import, Need, import_statements, module_of

_NOQA = re.compile(r"#\s*noqa(?!:)|#\s*noqa:[^#]*F401", re.IGNORECASE)
_FUTURE, _STANDARD, _INSTALLED, _OWN, _LOCAL = range(5)


def settle(
    file: PythonFile, needs: Sequence[Need], before: Counter[str], helping: Collection[str] = ()
) -> str:
    """The text of a rewritten file with its imports in order.

    `before` are the names that were read before the rewriting: an import whose name is not read any
    more is removed, one that never was is not touched. `helping` are the names that functions read
    which are still to be written. Raises SyntaxError.
    """
    source = file.source
    statements = import_statements(file)
    wanted = [_placed(need, file, statements) for need in dict.fromkeys(needs)]
    unused = set(before) - set(file.names) - set(helping)
    if unused:
        unused -= {one.id for one in file.nodes(ast.Name) if isinstance(one.ctx, ast.Store)}
    changes: list[Change] = []
    emptied: list[ast.stmt] = []
    for number, statement in enumerate(statements):
        old = [file.code(alias) for alias in statement.names]
        joining = [need for need in wanted if need.statement == number]
        gone = _removable(file, statement, unused) | _realiased(file, statement, joining)
        gone |= _replaced(file, statement, wanted)
        new = merged(old, [need.source for need in joining], gone)
        if not new and _may_go(file, statement):
            emptied.append(statement)
        elif new and new != old:
            changes.append(with_names(file, statement, new))
    fresh = _new(wanted)
    for old_one, taking in _taken_over(file, emptied, fresh):
        emptied.remove(old_one)
        line = _joined(file, taking[0], sorted(fresh.pop(taking), key=order))
        changes.append(Change(*file.bounds(old_one), line.rstrip()))
    changes += remove(file, emptied)
    text = apply(source.text, changes)
    own = frozenset[str]().union(*(need.own for need in needs), _grouped_after(file, emptied))
    for module, sources in fresh.items():
        if text != file.source.text:
            file = PythonFile.parse(source.with_text(text), file.path)
        text = _added(file, module, sources, own)
    return text


def _taken_over(
    file: PythonFile, gone: Sequence[ast.stmt], fresh: Mapping[tuple[str, bool], list[str]]
) -> list[tuple[ast.stmt, tuple[str, bool]]]:
    """Imports that go, each with the new one of its package that takes its place.

    Those that stand among the imports at the top do not: there is an order to keep.
    """
    first = leading_imports(file)
    taken: dict[tuple[str, bool], ast.stmt] = {}
    for statement in gone:
        at_the_top = isinstance(file.parent(statement), ast.Module)
        if not isinstance(statement, ast.ImportFrom) or statement in first or not at_the_top:
            continue
        top = module_of(statement).partition(".")[0]
        fitting = (
            one
            for one, names in fresh.items()
            if one[1] and one not in taken and one[0].partition(".")[0] == top
            if statement.lineno < first_use(file, {name.rpartition(" ")[2] for name in names})
        )
        if top and (found := next(fitting, None)):
            taken[found] = statement
    return [(statement, one) for one, statement in taken.items()]


def _grouped_after(file: PythonFile, gone: Sequence[ast.stmt]) -> Iterator[str]:
    """The modules that stand in a group of their own after imports that go: the file's own.

    What takes the place of a package then stands where that stood.
    """
    passed = apart = False
    for statement in leading_imports(file):
        apart = apart or (passed and _heads_a_group(file, statement))
        passed = passed or statement in gone
        if apart and isinstance(statement, ast.ImportFrom) and not statement.level:
            yield str(statement.module).partition(".")[0]
        elif apart and isinstance(statement, ast.Import):
            yield from (one.name.partition(".")[0] for one in statement.names)


def _heads_a_group(file: PythonFile, statement: ast.stmt) -> bool:
    """Whether a blank line goes before a statement, or before the comments above it."""
    number = statement.lineno - 1
    while number and file.source.is_comment(number):
        number -= 1
    return not number or not file.source.line(number).strip()


def _new(needs: Sequence[Need]) -> dict[tuple[str, bool], list[str]]:
    """The statements to add: the names of each module; none for the module itself."""
    found: dict[tuple[str, bool], list[str]] = {}
    for need in needs:
        if need.statement is None:
            found.setdefault((need.module, bool(need.name)), []).append(need.source)
    return found


def _placed(need: Need, file: PythonFile, statements: Sequence[Import]) -> Need:
    """The need with the statement that it joins, if there is one."""
    if need.statement is not None or not need.name:
        return need
    for number, statement in enumerate(statements):
        if (
            isinstance(statement, ast.ImportFrom)
            and module_of(statement) == need.module
            and isinstance(file.parent(statement), ast.Module)
        ):
            return replace(need, statement=number)
    return need


def _realiased(file: PythonFile, statement: Import, joining: Sequence[Need]) -> set[str]:
    """The aliases, as written, whose local name becomes that of something else."""
    taken = {need.alias for need in joining if need.alias}
    return {file.code(alias) for alias in statement.names if alias.asname in taken}


def _replaced(file: PythonFile, statement: Import, wanted: Sequence[Need]) -> set[str]:
    """The aliases, as written, whose name comes from another module now."""
    if not isinstance(statement, ast.ImportFrom):
        return set()
    module = module_of(statement)
    instead = [one for one in wanted if one.instead and one.instead == module]
    taken, local = {one.name for one in instead}, {one.alias or one.name for one in instead}
    gone = (one for one in statement.names if one.name in taken or one.asname in local)
    return {file.code(alias) for alias in gone}


def _removable(file: PythonFile, statement: Import, unused: set[str]) -> set[str]:
    """The aliases of a statement, as written, that the rewriting made unused."""
    if file.path.rpartition("/")[2] == "__init__.py":
        return set()
    gone = set()
    for alias in statement.names:
        local = alias.asname or alias.name.partition(".")[0]
        if local not in unused or alias.asname == alias.name:
            continue
        last = statement.end_lineno or statement.lineno
        lines = {statement.lineno, alias.lineno, last}
        if not any(_NOQA.search(file.source.line(line)) for line in lines):
            gone.add(file.code(alias))
    return gone


def _may_go(file: PythonFile, statement: Import) -> bool:
    return isinstance(file.parent(statement), ast.Module) or len(file.block(statement)) > 1


def _section(module: str, path: str, own: Collection[str]) -> int:
    """The section of a module in the imports of the file at a path."""
    if module.startswith("."):
        return _LOCAL
    top = module.partition(".")[0]
    if top == "__future__":
        return _FUTURE
    if top in sys.stdlib_module_names:
        return _STANDARD
    folders = path.removeprefix("src/").split("/")[:-1]
    return _OWN if folders[:1] == [top] or top in own else _INSTALLED


def _key(statement: Import, path: str, own: Collection[str]) -> tuple[int, bool, str]:
    """Where isort puts a statement: its section, plain imports first, by module."""
    joined = isinstance(statement, ast.ImportFrom)
    module = module_of(statement) if joined else statement.names[0].name  # type: ignore[arg-type]
    return _section(module, path, own), joined, module.lower()


def leading_imports(file: PythonFile, above: int | None = None) -> Sequence[ast.stmt]:
    """The statements of the import block that a file begins with, its docstring apart.

    Of the cells of a notebook it is the first that has one, `above` a line that needs it: what
    stands in the first cell does in any case.
    """
    for number, block in enumerate(import_blocks(file)):
        if block and (not number or above is None or block[0].lineno <= above):
            return block
    return ()


def import_blocks(file: PythonFile) -> Iterator[Sequence[ast.stmt]]:
    """The import block that each part of a file begins with that is run by itself."""
    for _, body in groupby(file.tree.body, lambda one: file.source.section(one.lineno)):
        first, *rest = body
        documented = isinstance(first, ast.Expr) and _is_text(first.value)
        yield list(takewhile(_imports, rest if documented else (first, *rest)))


def first_use(file: PythonFile, names: Collection[str]) -> int:
    """The first line that reads one of some names; 0 where none does."""
    uses = (node.lineno for node in file.nodes(ast.Name) if node.id in names)
    return min(uses, default=0)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _imports(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Try(body=body, handlers=handlers):
            return isinstance(body[0], Import) and all(len(one.body) < 4 for one in handlers)
        case ast.If(test=test, body=body):
            return "TYPE_CHECKING" in ast.dump(test) and isinstance(body[0], Import)
    return False


def _added(
    file: PythonFile, statement: tuple[str, bool], names: Sequence[str], own: Collection[str]
) -> str:
    """The text with a new import statement: of names of a module, or of the module."""
    newline, text = file.source.newline, file.source.text
    module, joined = statement
    line = f"import {module}"
    if joined:
        line = _joined(file, module, sorted(names, key=order))
    wanted = (_section(module, file.path, own), joined, module.lower())
    local = {name.rpartition(" ")[2] for name in names} if joined else {module.partition(".")[0]}
    above = first_use(file, local)
    present = [s for s in leading_imports(file, above) if isinstance(s, Import)]
    keys = {statement: _key(statement, file.path, own) for statement in present}
    lower = [s for s in present if keys[s] < wanted]
    higher = [s for s in present if keys[s] >= wanted]
    heads = [s for s in higher if keys[s][0] == wanted[0]]  # of the same section
    if lower:
        last = max(lower, key=lambda s: (keys[s][0], s.lineno))
        same = keys[last][0] == wanted[0]
        if heads and not same:
            return _before(file, heads[0], line, "")
        if is_followed(file, last):
            return _before(file, last, line, "")
        at = after(file, last)
        apart = "" if same else newline
        return text[:at] + _opening(file, at) + f"{apart}{line}{newline}" + text[at:]
    if higher:
        same = keys[higher[0]][0] == wanted[0]
        return _before(file, higher[0], line, "" if same else newline)
    return _first(file, line, above)


def is_followed(file: PythonFile, statement: ast.stmt) -> bool:
    """Whether something else than an import stands behind a statement, on its line."""
    last = statement.end_lineno
    return any(one.lineno == last for one in file.tree.body if not isinstance(one, Import))


def _joined(file: PythonFile, module: str, names: Sequence[str]) -> str:
    """The statement that imports names of a module: on several lines where one is too long."""
    line = f"from {module} import {', '.join(names)}"
    if file.fits(line):
        return line
    newline = file.source.newline
    rows = "".join(f"{file.indent}{name},{newline}" for name in names)
    return f"from {module} import ({newline}{rows})"


def _before(file: PythonFile, statement: ast.stmt, line: str, apart: str) -> str:
    """The text with a line above a statement; above its comment too, if that heads a section."""
    text, number = file.source.text, statement.lineno
    while apart and number > 1 and file.source.is_comment(number - 1):
        number -= 1
    if number == 1:  # a comment that the file begins with is the file's
        number = statement.lineno
    at = file.source.starts[number - 1]
    return text[:at] + f"{line}{file.source.newline}{apart}" + text[at:]


def after(file: PythonFile, statement: ast.stmt) -> int:
    """The offset of the line after a statement's last, and after what begins on that line."""
    last = statement.end_lineno
    for one in file.tree.body:
        last = one.end_lineno if one.lineno == last else last
    assert last is not None
    return file.source.starts[last] if last < len(file.source.starts) else len(file.source.text)


def _opening(file: PythonFile, at: int) -> str:
    """A line ending where the text before an offset has none."""
    before = file.source.text[:at]
    return file.source.newline if before and not before.endswith(("\n", "\r")) else ""


def _first(file: PythonFile, line: str, above: int) -> str:
    """Put the file's only import after its leading comments and docstring."""
    newline, text, body = file.source.newline, file.source.text, file.tree.body
    future = leading_imports(file, above)
    documented = body and isinstance(body[0], ast.Expr) and _is_text(body[0].value)
    if future or documented:
        at = after(file, future[-1] if future else body[0])
        rest = text[at:]
        tail = "" if rest.startswith(("\n", "\r")) or not rest else newline
        return text[:at] + _opening(file, at) + newline + line + newline + tail + rest
    at = file.source.opening
    rest = text[at:].lstrip("\r\n") if at else text
    gap = newline if at else ""
    two = (
        newline
        if body and isinstance(body[0], (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        else ""
    )
    if not rest:
        return text[:at] + gap + line + newline
    return text[:at] + gap + line + newline + newline + two + rest
