"""One example of each code of the checklist, from the fixtures: `knowledge/examples*.json`.

Run as a module in the repository, this writes the file of each language. What the fixtures never
say has no example.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from migrator import language
from migrator.knowledge.files import FOLDER

_FIXTURES = Path("fixtures")
_TARGETS = ("bailian", "zhipu", "deepseek", "minimax")
_LONGEST = 600


def examples() -> Mapping[str, Mapping[str, str]]:
    """By code: the target, the place, why, what to do, the code before and what is written."""
    return _read(language.current())


@cache
def _read(name: str) -> Mapping[str, Mapping[str, str]]:
    file = _file(name)
    file = file if file.exists() else _file(language.ENGLISH)
    found: Mapping[str, Mapping[str, str]] = json.loads(file.read_text("utf-8"))
    return found


def _file(name: str) -> Path:
    """Where the examples are in a language."""
    return FOLDER / ("examples.json" if name == language.ENGLISH else f"examples.{name}.json")


def collected() -> dict[str, dict[str, str]]:
    """The examples of all fixtures: of the first target and the first fixture that say a code."""
    found: dict[str, dict[str, str]] = {}
    for target in _TARGETS:
        for folder in _folders():
            for code, example in _of_fixture(folder, target):
                found.setdefault(code, example)
    return dict(sorted(found.items()))


def _folders() -> Iterator[Path]:
    for room in ("patterns", "programs", "frameworks"):
        for folder in sorted((_FIXTURES / room).iterdir()):
            if folder.is_dir():
                yield folder / "before" if (folder / "before").is_dir() else folder
    yield _FIXTURES / "example_app"


def _of_fixture(folder: Path, target: str) -> Iterator[tuple[str, dict[str, str]]]:
    from migrator import workflow

    result, _root = workflow.plan([folder], workflow.Options(target))
    for item in result.plan.checklist:
        changed = [
            one
            for one in result.edits
            if one.path == item.path
            and set(one.site_ids) & set(item.site_ids)
            and one.codemod != "marker"
        ]
        before, after = item.source_code, item.replacement
        if changed and not after:
            before, after = (
                "".join(getattr(one, side) for one in changed) for side in ("before", "after")
            )
        yield (
            item.code,
            {
                "target": target,
                "place": f"{item.path}:{item.line}" if item.path else "",
                "title": item.title,
                "why": item.why,
                "action": item.action,
                "before": before[:_LONGEST],
                "after": after[:_LONGEST],
            },
        )


def written(found: Mapping[str, Any]) -> str:
    """The text of the file."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for spoken in language.LANGUAGES:
        language.use(spoken)
        _file(spoken).write_text(written(collected()), "utf-8")
