"""The pages of `docs/` that are made of the program's own data, in every language.

`python -m migrator.pages docs` writes them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from migrator import language
from migrator.explaining import own_classes
from migrator.explaining import page as coverage
from migrator.explaining.table import entries
from migrator.planning import reference
from migrator.providers import load_provider
from migrator.reports import provider_pages

_SUFFIXES = {language.ENGLISH: ".md", language.CHINESE: ".zh.md"}


def quick(name: str) -> dict[str, str]:
    """The pages that cost little, by their paths in the folder, in a language of LANGUAGES."""
    before = language.use(name)
    try:
        found = {"checklist.md": reference.page(), "own-classes.md": own_classes.page()}
        found |= {f"providers/{file}": text for file, text in provider_pages.pages().items()}
    finally:
        language.use(before)
    return {_called(path, name): text for path, text in found.items()}


def slow(name: str) -> dict[str, str]:
    """Those for which every name of OpenAI's is planned."""
    before = language.use(name)
    try:
        provider = load_provider(coverage.PROVIDER)
        return {_called("coverage.md", name): coverage.page(provider, [*entries(provider)])}
    finally:
        language.use(before)


def _called(path: str, name: str) -> str:
    return f"{path.removesuffix('.md')}{_SUFFIXES[name]}"


def main(folder: Path) -> None:
    """Write every page in every language."""
    for name in language.LANGUAGES:
        for path, text in (quick(name) | slow(name)).items():
            (folder / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
