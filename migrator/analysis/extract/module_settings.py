"""Where the settings of the openai module send its requests."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from migrator.analysis.extract.destinations import BaseUrls, destination
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.identity import in_tests
from migrator.analysis.sites import Destination
from migrator.analysis.values import External

_ADDRESSES = frozenset({"base_url", "api_base"})
_CONDITIONAL = (ast.If, ast.IfExp, ast.Try, ast.While, ast.Match, ast.ExceptHandler)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Module)


def foreign_addresses(evidence: Evidence) -> Mapping[str, bool]:
    """The other providers' addresses that the module is given, as they are written.

    Each with whether it is given in any case. Nothing where one of the addresses that it is given
    may be OpenAI's. Tests set addresses for themselves.
    """
    written = [
        (module, statement, node)
        for value, name, module, statement, node in evidence.solver.setting_writes
        if isinstance(value, External) and value.path == "openai" and name in _ADDRESSES
        if not in_tests(evidence.path(module))
    ]
    told = BaseUrls(evidence, [node for _, _, node in written])
    found = destination(told, evidence, azure=False, omitted=False, keys=())
    if not written or found is not Destination.FOREIGN:
        return {}
    given: dict[str, bool] = {}
    for module, statement, _ in written:
        record = evidence.solver.modules[module].statements[statement]
        spelled = evidence.slice(module, record.span)
        certain = not _is_conditional(evidence, module, record.span.line)
        given[spelled] = given.get(spelled, True) and certain
    return given


def _is_conditional(evidence: Evidence, module: int, line: int) -> bool:
    """Whether a statement is carried out under a condition, as far as its function shows."""
    around: list[ast.AST] = []
    node: ast.AST | None = ast.parse(evidence.sources[evidence.path(module)].text)
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
    for one in reversed(around):
        if isinstance(one, _SCOPES):
            return False
        if isinstance(one, _CONDITIONAL):
            return True
    return False
