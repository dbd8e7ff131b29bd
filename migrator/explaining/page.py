"""The page of what is covered, `docs/coverage.md`, written by this module when it is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator import language
from migrator.analysis import surface
from migrator.analysis.surface import Section
from migrator.decisions import Source
from migrator.explaining.table import Becomes, Entry, entries
from migrator.language import _, marked
from migrator.providers import Provider, load_provider
from migrator.reports.words import clauses, severity_name

PROVIDER = "bailian"
_TITLES: dict[Section, str] = {
    "legacy_class": marked("Classes of openai before 1.0"),
    "legacy_call": marked("Calls of openai before 1.0"),
    "client": marked("Client classes"),
    "setting": marked("Settings of the module"),
    "exception": marked("Exceptions"),
    "type": marked("Types"),
}
_HEAD = marked("""# What becomes of OpenAI's API: {provider}

Every method path of openai 1.0 and later, every call of 0.x, every client class, setting,
exception and type, and every class and function by which a framework sends requests, with what
`migrate apply --target {id}` makes of its plainest use. The facts are of {compiled}; each row names
its sources with their dates. `migrate explain --api NAME` says more of one name: why, what to do,
and what is written.

**{rewritten}** names are rewritten, **{kept}** kept as they are, **{left}** left because they need
nothing, and **{listed}** go to the checklist, each with what is nearest and what to do.

This page is written by `python -m migrator.explaining.page`.
""")


def page(provider: Provider, rows: Sequence[Entry]) -> str:
    """The whole page of a provider's rows of the table, in Markdown."""
    became = [row.becomes for row in rows]
    head = _(
        _HEAD,
        provider=provider.name,
        id=provider.id,
        compiled=provider.compiled,
        rewritten=became.count(Becomes.REWRITTEN),
        kept=became.count(Becomes.KEPT),
        left=became.count(Becomes.LEFT),
        listed=became.count(Becomes.CHECKLIST),
    )
    sections: dict[str, list[Entry]] = {}
    for row in rows:
        sections.setdefault(_section(row), []).append(row)
    return "\n".join([head, *(_table(title, held) for title, held in sections.items())])


def _section(row: Entry) -> str:
    """The heading a row stands under: its area, or what it is."""
    if row.section == "framework":
        known = surface.framework_class(row.name)
        return _("Framework: {name}", name=known.framework if known is not None else row.name)
    method = surface.method(row.name) if row.section == "method" else None
    if method is None:
        return _(_TITLES[row.section])
    return method.area.replace("_", " ").capitalize()


def _table(title: str, rows: Iterable[Entry]) -> str:
    alike: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        owner = row.name.rpartition(".")[0]
        alike.setdefault((owner, _decision(row), _what(row)), []).append(row.name)
    lines = [
        f"| {_names(owner, names)} | {decision} | {what} |"
        for (owner, decision, what), names in alike.items()
    ]
    head = [f"## {title}\n", _("| name | decision | what |"), "|---|---|---|"]
    return "\n".join([*head, *lines]) + "\n"


def _names(owner: str, names: list[str]) -> str:
    """One name, or the last words of several behind what they share."""
    if len(names) == 1 or not owner:
        return ", ".join(f"`{name}`" for name in names)
    return f"`{owner}`: " + ", ".join(f"`{name.rpartition('.')[2]}`" for name in names)


def _decision(row: Entry) -> str:
    if row.severity is None:
        return _(row.becomes.value)
    return _("{severity}: `{code}`", severity=severity_name(row.severity), code=row.items[0].code)


def _what(row: Entry) -> str:
    nearest = [_("nearest: {name}", name=row.counterpart)] if row.counterpart else [row.why]
    notes = row.items[1:] if row.severity else row.items
    said = (_("{title} (`{code}`)", title=note.title, code=note.code) for note in notes)
    told = [*nearest, *said]
    why = [note.why for note in notes if note.why not in nearest]
    text = clauses(dict.fromkeys(filter(None, (*told, *why))))
    cited = dict.fromkeys((*row.sources, *(one for note in notes for one in note.sources)))
    return " ".join([text.replace("|", "\\|"), *_links(cited)])


def _links(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        if source.url.startswith("http"):
            yield f"[{source.as_of}]({source.url})"
        else:
            yield f"({source.url}, {source.as_of})"


if __name__ == "__main__":
    language.use_of_variable()
    bailian = load_provider(PROVIDER)
    print(page(bailian, list(entries(bailian))), end="")
