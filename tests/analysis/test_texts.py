"""The texts of a program's files, and what the tracker holds of its nodes."""

from __future__ import annotations

import pytest

from migrator.analysis.graph import Graph
from migrator.analysis.texts import Texts
from migrator.analysis.values import Bag, Value
from migrator.source import SourceText, UndecodableError


def test_a_text_is_decoded_where_it_is_asked_for() -> None:
    texts = Texts()
    assert texts.add("app.py", b"x = 1\n", python=True).text == "x = 1\n"
    texts.keep("book.ipynb", SourceText("y = 2\n"))
    with pytest.raises(UndecodableError):
        texts.add("bad.py", b"# coding: ascii\n\xff\n", python=True)
    assert list(texts) == ["app.py", "book.ipynb"]
    assert texts.once("app.py") is not texts.once("app.py")
    assert texts["app.py"] is texts["app.py"] is texts.once("app.py")
    texts.remove("app.py")
    texts.remove("app.py")
    assert "app.py" not in texts
    assert texts.get("app.py") is None
    assert {path: text.text for path, text in texts.items()} == {"book.ipynb": "y = 2\n"}


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_node_holds_values_in_order_and_where_they_came_from(count: int) -> None:
    graph = Graph()
    first, second, third = (graph.node() for _ in range(3))
    values = [graph.intern(Bag, (number,)) for number in range(count)]
    heard: list[tuple[str, Value]] = []
    graph.watch(third, lambda name, value: heard.append((name, value)), "early")
    graph.connect(first, second)
    graph.connect(second, third)
    for value in values:
        graph.add(first, value)
    graph.run()
    graph.watch(third, lambda name, value: heard.append((name, value)), "late")
    for node, source in ((first, -1), (second, first), (third, second)):
        assert list(graph.values[node]) == values
        assert [graph.source(node, value) for value in values] == [source] * count
    assert graph.source(first, graph.opaque) == -1
    assert heard == [("early", one) for one in values] + [("late", one) for one in values]
