"""Lines that fit a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from migrator.reports.words import width_of
from migrator.reports.wrapping import beside, fitted


@pytest.mark.parametrize("width", [24, 40])
def test_a_line_is_broken_where_a_language_can_be(width: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=width)
    line = "  src/a.py:3：已对此处已知的模型关闭思考模式，and then in English"
    told = list(fitted(line, console))
    assert len(told) > 1
    assert all(width_of(one) <= width for one in told)
    assert all(one.startswith("    ") for one in told[1:])
    assert not any(one.lstrip().startswith("，") for one in told)
    assert "".join("".join(told).split()) == "".join(line.split())
    first, *rest = beside(10, line, console).split("\n")
    assert all(one.startswith(" " * 10) for one in rest)
    assert width_of(first) <= width - 10
    piped = Console(file=io.StringIO(), width=width)
    assert list(fitted(line, piped)) == [line]
    assert beside(10, line, piped) == line
