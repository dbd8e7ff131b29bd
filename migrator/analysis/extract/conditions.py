"""Whether something is carried out in any case, and what the openai module is told in any case."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.sites import Span
from migrator.analysis.values import External, Function
from migrator.source import tree_of

_CONDITIONAL = (ast.If, ast.IfExp, ast.Try, ast.While, ast.Match, ast.ExceptHandler)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IS_SCRIPT = "__name__ == '__main__'"
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.Module)


def is_set(evidence: Evidence, path: str) -> bool:
    """Whether a setting of a module (`openai.base_url`) is written without a condition."""
    return any(
        not hangs_on_a_condition(evidence, module, record.span.line)
        for value, name, module, statement, _node in evidence.solver.setting_writes
        if isinstance(value, External) and f"{value.path}.{name}" == path
        if (record := evidence.solver.modules[module].statements[statement])
    )


def hangs_on_a_condition(evidence: Evidence, module: int, line: int) -> bool:
    """Whether a statement, or every call of its function, is carried out under a condition."""
    around = _around(evidence, module, line)
    if _is_conditional(around):
        return True
    function = next((one for one in reversed(around) if isinstance(one, _FUNCTIONS)), None)
    if function is None:
        return False
    called = list(_calls_of(evidence, module, function))
    return bool(called) and all(
        _is_conditional([one for one in _around(evidence, home, span.line) if not _is_script(one)])
        for home, span in called
    )


def _calls_of(
    evidence: Evidence, module: int, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[tuple[int, Span]]:
    """Where a function is called."""
    solver = evidence.solver
    for (home, index), instances in solver.instances.items():
        for instance in instances:
            for held in solver.held(instance.function, Function):
                unit = solver.unit(held)
                if held.module == module and (unit.name, unit.line) == _named(function):
                    yield home, solver.modules[home].calls[index].span


def _named(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, int]:
    return function.name, function.lineno


def _around(evidence: Evidence, module: int, line: int) -> list[ast.AST]:
    """The nodes that a line stands in, the outermost first."""
    around: list[ast.AST] = []
    node: ast.AST | None = tree_of(evidence.sources[evidence.path(module)].text)
    while node is not None:
        around.append(node)
        node = next(
            (
                child
                for child in ast.iter_child_nodes(node)
                if getattr(child, "lineno", line + 1) <= line <= (child.end_lineno or line)  # type: ignore[attr-defined]
            ),
            None,
        )
    return around


def _is_script(node: ast.AST) -> bool:
    """Whether something is carried out where a file is the program."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == _IS_SCRIPT


def _is_conditional(around: list[ast.AST]) -> bool:
    """Whether there is a condition between a statement and the function that it stands in."""
    for one in reversed(around):
        if isinstance(one, _SCOPES):
            return False
        if isinstance(one, _CONDITIONAL):
            return True
    return False
