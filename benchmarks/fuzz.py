"""Migrate programs that are made by chance, for as long as is wanted, and tell what is wrong.

python -m benchmarks.fuzz [--minutes N] [--seed N] [--kinds KIND…] [--quick]

The same seed makes the same programs. Every fault is told once, with its seed and the smallest
program that shows it. Needs the extra `fuzz`.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from migrator import workflow
from tests.fuzzing.programs import Case, cases
from tests.fuzzing.properties import broken, differences

_ROUND = 60
_VARYING = re.compile(r"[\w.\-/]+\.\w+(?::\d+)?|\d+|0x[0-9a-f]+|'[^']*'|\"[^\"]*\"|\([^()]*\)")


class FaultError(Exception):
    """A rule that does not hold, or a program that could not be gone through."""


@dataclass
class Told:
    """What was told already: each kind of fault once."""

    kinds: set[str] = field(default_factory=set)
    tried: int = 0

    def fault(self, found: list[str]) -> None:
        """Raise for the first of the faults that is new."""
        for text in found:
            if signature(text) not in self.kinds:
                raise FaultError(text)


def signature(text: str) -> str:
    """A fault without the names and numbers of the program that shows it."""
    return _VARYING.sub("…", text)[:200]


def grammar() -> st.SearchStrategy[Case]:
    """Any Python at all, beside a word of OpenAI."""
    import hypothesmith

    spoken = st.sampled_from(
        ["import openai\n", "from openai import OpenAI\nc = OpenAI()\n", "# openai gpt-4o\n"]
    )
    sources = hypothesmith.from_grammar() | hypothesmith.from_node()

    def case(source: str, word: str) -> Case:
        files = {"a.py": (word + source).encode("utf-8", "surrogatepass")}
        return Case(files, files, workflow.Options(target="bailian"))

    return st.builds(case, sources, spoken)


def _laid_out_alone(case: Case) -> Case:
    """The case for all rules, not for the comparison with another layout."""
    return Case(case.files, case.files, case.options)


KINDS: dict[str, Callable[[], st.SearchStrategy[Case]]] = {
    "layouts": lambda: cases(shapes=False, layouts=True),
    "shapes": lambda: cases(shapes=True, layouts=False),
    "both": lambda: st.builds(_laid_out_alone, cases(shapes=True, layouts=True)),
    "grammar": grammar,
}


def faults(case: Case) -> Iterator[str]:
    """What is wrong with what is made of a program."""
    try:
        yield from broken(case.files, case.options)
        if case.files != case.plain:
            yield from differences(case.plain, case.files, case.options)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.name} in {frame.filename.split('/')[-1]}" for frame in frames[-3:]]
        yield f"raises {type(error).__name__}: {str(error)[:200]!r} from {' < '.join(places[::-1])}"


def search(kind: str, number: int, told: Told, *, shrink: bool) -> str | None:
    """One round of programs; the smallest one with a fault that is new, in words."""
    found: dict[str, str] = {}

    def attempt(case: Case) -> None:
        told.tried += 1
        texts = list(faults(case))
        try:
            told.fault(texts)
        except FaultError as error:
            found["last"] = f"{error}\n{case!r}"
            found["signature"] = signature(str(error))
            raise

    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    run = settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    try:
        run(seed(number)(given(KINDS[kind]())(attempt)))()
    except BaseException as error:
        if not found or isinstance(error, KeyboardInterrupt):
            raise
        told.kinds.add(found["signature"])
        return found["last"]
    return None


def main() -> int:
    """Go on until the time is over. Gives 1 where there are faults."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="default: 10")
    parser.add_argument("--seed", type=int, help="default: another one at each run")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument(
        "--quick", action="store_true", help="tell the first program, not the least"
    )
    wanted = parser.parse_args()
    number = random.randrange(10**6) if wanted.seed is None else wanted.seed
    end, told, count = time.monotonic() + wanted.minutes * 60, Told(), 0
    print(f"seed {number}", flush=True)
    while time.monotonic() < end:
        for kind in wanted.kinds:
            fault = search(kind, number, told, shrink=not wanted.quick)
            if fault:
                count += 1
                print(f"\n=== {kind}, --seed {number} --kinds {kind}\n{fault}", flush=True)
        number += 1
    print(f"\n{told.tried:,} programs, {count} faults; the last seed was {number - 1}")
    return int(bool(count))


if __name__ == "__main__":
    sys.exit(main())
