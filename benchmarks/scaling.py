"""How the cost of a scan grows: with files, with sites, and where code is as it should not be.

python -m benchmarks.scaling [--full] [--only WORD]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.measure import FailedError, measure

# By path, the texts of a tree of some size.
Tree = Iterator[tuple[str, str]]
# A unit may cost so much more in the largest tree than in the one before.
_LINEAR = 2.0
# Less than this is what a start costs this time, and no more than noise.
_NOISE = 0.15
_PLAIN = """\
import os
from dataclasses import dataclass


@dataclass
class Order{number}:
    name: str
    amount: int = {number}

    def total(self, prices):
        return sum(prices.get(part, 0.0) for part in self.name.split()) * self.amount
"""
_CALL = """\
def ask{number}(question):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{{"role": "user", "content": question}}]
    )


"""
_CLIENT = "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"
_IN_A_FILE = 10


def plain_files(size: int) -> Tree:
    """Files that have nothing to do with OpenAI, and one that has."""
    yield "llm.py", _CLIENT
    for number in range(size):
        yield f"package{number // 100}/module{number}.py", _PLAIN.format(number=number)


def sites(size: int) -> Tree:
    """Calls, ten in a file, by a client that all files import."""
    yield "llm.py", _CLIENT
    for start in range(0, size, _IN_A_FILE):
        calls = (_CALL.format(number=number) for number in range(start, start + _IN_A_FILE))
        yield f"use{start}.py", "from llm import client\n\n\n" + "".join(calls)


def calls_in_a_file(size: int) -> Tree:
    """Calls in one file."""
    yield "app.py", _CLIENT + "".join(_CALL.format(number=number) for number in range(size))


def lines(size: int) -> Tree:
    """One file of many lines, as programs write them."""
    rows = (f'ROW_{number} = ("{number}", {number})\n' for number in range(size))
    yield "tables.py", _CLIENT + "".join(rows)


def functions(size: int) -> Tree:
    """Functions that hand a client down, each calling the next."""
    rows = (f"def f{n}(client):\n    return f{n + 1}(client)\n\n\n" for n in range(size))
    last = f"def f{size}(client):\n    return client.responses.create(model='gpt-4o', input='')\n"
    yield "app.py", _CLIENT + "".join(rows) + last + "\n\nf0(client)\n"


def nesting(size: int) -> Tree:
    """Loops and branches in each other, with a call inside."""
    text = [_CLIENT, "def deep(rows):\n    model = 'gpt-4o'\n"]
    for depth in range(1, size + 1):
        kind = f"for row{depth} in rows:" if depth % 2 else f"if rows[{depth}]:"
        text.append(f"{' ' * 4 * depth}{kind}\n{' ' * 4 * (depth + 1)}model = str({depth})\n")
    text.append(f"{' ' * 4 * (size + 1)}client.responses.create(model=model, input='')\n")
    yield "app.py", "".join(text)


def calls_in_calls(size: int) -> Tree:
    """A call of a call of a call."""
    yield "app.py", f"{_CLIENT}value = {'str(' * size}client{')' * size}\n"


def ring(size: int) -> Tree:
    """Modules that import everything of the next one, the last of the first."""
    for number in range(size):
        following = (number + 1) % size
        own = _CLIENT if number == 0 else ""
        yield f"m{number}.py", f"from m{following} import *\n{own}client.models.list()\n"


def passed_on(size: int) -> Tree:
    """A package that passes on what many modules hold, and one that takes all of it."""
    names = range(size)
    yield "hub/__init__.py", "".join(f"from hub.m{n} import client as c{n}\n" for n in names)
    for number in names:
        yield f"hub/m{number}.py", _CLIENT
    uses = "".join(f"hub.c{n}.models.list()\n" for n in names)
    yield "app.py", f"import hub\n\n{uses}"


def classes(size: int) -> Tree:
    """Classes that each derive from the one before, with a client in the first."""
    yield (
        "app.py",
        "".join(
            (
                "from openai import OpenAI\n\n\nclass C0:\n    def __init__(self):\n",
                "        self.client = OpenAI()\n\n\n",
                *(f"class C{n}(C{n - 1}):\n    x{n} = {n}\n\n\n" for n in range(1, size + 1)),
                f"C{size}().client.models.list()\n",
            )
        ),
    )


def classes_below_one(size: int) -> Tree:
    """Classes that all derive from the one with a client, each with a call of its own."""
    yield (
        "base.py",
        "\n".join(
            (
                "from openai import OpenAI\n\n",
                "class Base:\n    def __init__(self):\n        self.client = OpenAI()\n",
            )
        ),
    )
    for start in range(0, size, _IN_A_FILE):
        below = (
            f"class C{n}(Base):\n    def ask(self):\n        return self.client.models.list()\n\n\n"
            for n in range(start, start + _IN_A_FILE)
        )
        yield f"use{start}.py", "from base import Base\n\n\n" + "".join(below)


def classes_alike(size: int) -> Tree:
    """Classes that have nothing to do with each other, each with a client by the same name."""
    yield "base.py", "from openai import OpenAI\n"
    for start in range(0, size, _IN_A_FILE):
        alike = (
            f"class C{n}:\n    def __init__(self):\n        self.client = OpenAI()\n\n"
            "    def ask(self):\n        return self.client.models.list()\n\n\n"
            for n in range(start, start + _IN_A_FILE)
        )
        yield f"use{start}.py", "from base import OpenAI\n\n\n" + "".join(alike)


def keys(size: int) -> Tree:
    """One dictionary of many keys, of which each is asked for."""
    rows = "".join(f"    'k{n}': 'v{n}',\n" for n in range(size))
    asked = "".join(f"client.files.list(after=TABLE['k{n}'])\n" for n in range(size))
    yield "app.py", f"{_CLIENT}TABLE = {{\n{rows}}}\n{asked}"


SERIES: Mapping[str, tuple[Callable[[int], Tree], tuple[int, ...]]] = {
    "plain files": (plain_files, (1_000, 10_000, 100_000)),
    "sites, ten a file": (sites, (100, 1_000, 10_000)),
    "calls in one file": (calls_in_a_file, (50, 500, 5_000)),
    "lines of one file": (lines, (500, 5_000, 50_000)),
    "functions in a row": (functions, (10, 100, 1_000)),
    "blocks in each other": (nesting, (5, 20, 80)),
    "calls in each other": (calls_in_calls, (5, 20, 80)),
    "modules in a ring": (ring, (10, 100, 1_000)),
    "names passed on": (passed_on, (10, 100, 1_000)),
    "classes in a row": (classes, (10, 100, 1_000)),
    "classes below one": (classes_below_one, (10, 100, 1_000)),
    "classes alike": (classes_alike, (10, 100, 1_000)),
    "keys of a dictionary": (keys, (10, 100, 1_000)),
}


def cost(tree: Tree) -> tuple[float, float]:
    """The seconds of CPU time that the scan of a tree takes, and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in tree:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        command = (sys.executable, "-m", "migrator", "scan", folder, "--no-cache")
        run = measure((*command, "--format", "json"))
    return run.cpu, run.memory


def rows(wanted: str, *, full: bool) -> Iterator[tuple[str, bool]]:
    """A line of the table for each tree, and whether its cost is in line."""
    start = min(cost(iter([("llm.py", _CLIENT)]))[0] for _ in range(3))
    yield f"| start | 1 | {start:.2f} s | | | |", True
    for name, (make, sizes) in SERIES.items():
        if wanted not in name:
            continue
        before = None
        for size in sizes if full else sizes[:2]:
            cpu, memory = cost(make(size))
            each = max(cpu - start, _NOISE) / size
            growth = each / before if before else 1.0
            fine = growth <= _LINEAR
            grown = f"{growth:.2f}" if before else ""
            yield (
                f"| {name} | {size:,} | {cpu:.2f} s | {each * 1000:.3f} ms | {grown} "
                f"| {memory:.0f} |",
                fine,
            )
            before = each


def main() -> int:
    """Print the table; 1 where a unit costs more in a larger tree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the largest trees, too")
    parser.add_argument("--only", default="", metavar="WORD", help="series with a word in the name")
    given = parser.parse_args()
    print("| what | how many | CPU | each | : each before | peak MB |")
    print("|---|--:|--:|--:|--:|--:|", flush=True)
    all_fine = True
    try:
        for line, fine in rows(given.only, full=given.full):
            print(line if fine else f"{line} not linear", flush=True)
            all_fine = all_fine and fine
    except FailedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if all_fine else 1


if __name__ == "__main__":
    sys.exit(main())
