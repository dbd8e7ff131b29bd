"""Time `migrate scan` and other tools on one large tree.

python -m benchmarks [--tree FOLDER] [--repeat N] [--limit SECONDS]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import FailedError, Measured, Run, measure, table
from benchmarks.tree import BuildError, build_tools, build_tree

_LEAST_FILES = 30_000
_PATTERNS = Path(__file__).parent / "patterns.yaml"
_BANNED = 'lint.flake8-tidy-imports.banned-api."openai".msg = "use the provider\'s endpoint"'


@dataclass(frozen=True)
class Program:
    """A command to be measured; `fine` are the exit codes of a run that went well."""

    name: str
    command: tuple[str, ...]
    fine: tuple[int, ...] = (0,)
    once: bool = False


def programs(tree: Path, tools: Path) -> list[Program]:
    """Everything that is compared, this program first."""
    folder, python = str(tree), sys.executable
    scan = (python, "-m", "migrator", "scan", folder, "--format", "json")
    ruff = ("check", "--isolated", "--no-cache", "--quiet", "--select", "TID251", "--config")
    patterns = _PATTERNS.read_text(encoding="utf-8")
    return [
        Program("migrate scan", (*scan, "--no-cache")),
        Program("migrate scan, again", scan),
        Program("rg -l openai", (str(tools / "rg"), "-l", "openai", folder)),
        Program("ruff, one banned import", (str(tools / "ruff"), *ruff, _BANNED, folder), (0, 1)),
        Program(
            "ast-grep, three patterns",
            (str(tools / "ast-grep"), "scan", "--inline-rules", patterns, folder),
        ),
        Program(
            "plain LibCST codemod",
            (python, "-m", "benchmarks.plain_codemod", folder),
            once=True,
        ),
    ]


def _arguments() -> argparse.Namespace:
    default = Path(tempfile.gettempdir()) / "migrate-benchmark" / "tree"
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tree", type=Path, default=default, help=f"default: {default}")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each program (default: 3)")
    parser.add_argument(
        "--limit", type=float, default=600, help="seconds a run may take (default: 600)"
    )
    return parser.parse_args()


def main() -> int:
    """Build what is missing, measure round by round, print one table."""
    given = _arguments()
    tree: Path = given.tree.absolute()
    try:
        missing = build_tree(tree)
        tools = build_tools(tree.parent / "tools")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    sizes = [path.stat().st_size for path in tree.rglob("*.py") if path.is_file()]
    if len(sizes) < _LEAST_FILES:
        print(f"only {len(sizes)} files: {', '.join(missing)} missing", file=sys.stderr)
    compared = programs(tree, tools)
    measure(compared[1].command, limit=given.limit)  # what it keeps is what the others go by
    runs: dict[str, list[Run]] = {one.name: [] for one in compared}
    for turn in range(given.repeat):
        for one in compared:
            if turn and one.once:
                continue
            try:
                runs[one.name].append(measure(one.command, one.fine, limit=given.limit))
            except (FailedError, OSError) as error:
                print(f"{one.name}: {str(error)[:200]}", file=sys.stderr)
    print(f"{len(sizes):,} Python files, {sum(sizes) / 1e6:.0f} MB\n")
    print(table([Measured(name, tuple(found)) for name, found in runs.items() if found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
