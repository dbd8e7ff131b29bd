"""The benchmarks run: what they measure is shown by running them in full."""

from __future__ import annotations

from pathlib import Path

from benchmarks.compare import compare, write_target
from benchmarks.scaling import SERIES

HERE = Path(__file__).parents[1]


def test_every_series_writes_python(tmp_path: Path) -> None:
    for make, sizes in SERIES.values():
        for path, text in make(sizes[0] // 10 or 1):
            compile(text, path, "exec")


def test_a_tree_is_compared_with_itself() -> None:
    found = compare(HERE, HERE, {"version": ("--version",)}, 1)
    assert 0.1 < found["version"][0] < 10


def test_what_is_compared_on_is_written(tmp_path: Path) -> None:
    write_target(tmp_path, 1)
    assert {one.name for one in tmp_path.iterdir()} > {"plain", "sites", "one", "service0"}
