"""The pages of the providers, `docs/providers/`, written by this module when it is run."""

from __future__ import annotations

import sys
from pathlib import Path

from migrator import language
from migrator.language import _, marked
from migrator.providers import Provider, load_provider, provider_ids
from migrator.reports.markdown import prose
from migrator.reports.provider_contents import UNKNOWN, Row, Section, contents
from migrator.reports.words import dated, listed

INDEX = "README.md"
_WRITTEN_BY = marked(
    "Written from the profiles by `python -m migrator.reports.provider_pages FOLDER`."
)


def pages() -> dict[str, str]:
    """Every page by its file's name: one a provider, and the list of them."""
    providers = [load_provider(one) for one in provider_ids()]
    return {INDEX: _index(providers), **{f"{one.id}.md": page(one) for one in providers}}


def page(provider: Provider) -> str:
    """All that is known of one provider, in Markdown."""
    known = contents(provider)
    parts = [
        f"# {provider.name_en} {provider.name_zh}",
        "\n".join(
            "- " + _("{name}: {text}", name=prose(name), text=prose(text))
            for name, text in known.introduction
        ),
        f"```\nmigrate apply --target {provider.id} --dry-run\n```",
        _(
            "Numbers in brackets point to the sources at the end; a {mark} marks what nobody says.",
            mark=UNKNOWN,
        ),
        *map(_section, known.sections),
        f"## {_('Sources')}",
        "\n".join(
            f"{number}. {prose(dated(source))}{f' <{source.url}>' if source.title else ''}"
            for source, number in known.sources.items()
        ),
        _(_WRITTEN_BY),
    ]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> str:
    rows = [f"| {' | '.join(_cells(row))} |" for row in section.rows]
    return "\n".join([f"## {section.title}", "", "| | | |", "|---|---|---|", *rows])


def _cells(row: Row) -> tuple[str, str, str]:
    said = "<br>".join(prose(line) for line in row.text.split("\n"))
    numbers = "".join(f" \\[{number}\\]" for number in row.numbers)
    return prose(row.word), prose(row.heading), said + numbers


def _index(providers: list[Provider]) -> str:
    rows = [
        f"| [{one.id}]({one.id}.md) | {prose(one.name_en)} {one.name_zh} | `{one.key_variable}` "
        f"| {prose(listed(one.aliases))} |"
        for one in providers
    ]
    table = "\n".join([_("| id | name | key | also |"), "|---|---|---|---|", *rows])
    return "\n\n".join([f"# {_('Providers')}", table, _(_WRITTEN_BY)]) + "\n"


def main(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    language.use_of_variable()
    main(Path(sys.argv[1]))
