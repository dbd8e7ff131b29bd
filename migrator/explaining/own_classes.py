"""The page of what frameworks have of their own for providers, `docs/own-classes.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator import language
from migrator.language import _, joined, marked
from migrator.planning.frameworks.own import Own, every
from migrator.providers import load_provider, provider_ids

_HEAD = marked("""# What frameworks have of their own for providers

With `--mode sdk` an object of a framework becomes one of the framework's own class for the
provider, where that is kept: it imports with the framework's newest release, can be told the
provider's address and all that the class before was told, and is refused nothing that the other
would not be. Elsewhere the class stays that speaks to any compatible endpoint, and the checklist
says once of each class why.

{matrix}

A name with a slash is how a model is named. The key, the address and what the model asks for are
written as they are without `--mode sdk`; packages are added or raised.

{sections}
This page is written by `python -m migrator.explaining.own_classes`.
""")


def page() -> str:
    """The whole page, in Markdown."""
    known = every()
    sections = "\n".join(_section(name, those) for name, those in known.items())
    return _(_HEAD, matrix="\n".join(_matrix()), sections=sections)


def _matrix() -> Iterator[str]:
    """What is written, by framework and provider."""
    written = {name: [one for one in those if not one.why] for name, those in every().items()}
    there = {one.provider for those in written.values() for one in those}
    providers = [one for one in provider_ids() if one in there]
    yield _row(["", *(f"`{one}`" for one in providers)])
    yield "|---" * (len(providers) + 1) + "|"
    for name, those in written.items():
        cells = (_short(one for one in those if one.provider == to) for to in providers)
        if those:
            yield _row([name, *cells])


def _short(those: Iterable[Own]) -> str:
    names = dict.fromkeys(one.names[0] for one in those)
    return ", ".join(dict.fromkeys(f"`{_last(name)}`" for name in names))


def _last(name: str) -> str:
    return f"{name.split('/')[0]}/" if "/" in name else name.rpartition(".")[2]


def _section(framework: str, those: Sequence[Own]) -> str:
    ordered = sorted(those, key=lambda one: one.provider)
    rows = [*_written(ordered), *map(_unwritten, (one for one in ordered if one.why))]
    head = [_("provider"), _("for"), _("with `--mode sdk`"), _("why, and source")]
    return "\n".join([f"## {framework}\n", _row(head), "|---|---|---|---|", *rows, ""])


def _written(those: Iterable[Own]) -> Iterator[str]:
    alike: dict[tuple[str, str, str], list[Own]] = {}
    for one in those:
        if not one.why:
            alike.setdefault((one.provider, one.names[0], one.package), []).append(one)
    for (provider, name, package), found in alike.items():
        old = dict.fromkeys(path.rpartition(".")[2] for one in found for path in one.old)
        told = f"`{name}`"
        if package and "{" not in package:
            told = _("{name}, of `{package}`", name=told, package=package)
        instead = ", ".join(f"`{name}`" for name in old)
        yield _row([_name(provider), instead, told, _cited(found[0])])


def _unwritten(one: Own) -> str:
    names = ", ".join(f"`{name}`" for name in one.names)
    what = joined(one.serves)
    refused = _("not {names}", names=names)
    return _row([_name(one.provider), what, refused, f"{one.why} {_cited(one)}"])


def _name(provider: str) -> str:
    return load_provider(provider).name


def _cited(one: Own) -> str:
    return " ".join(f"({source.url}, {source.as_of})" for source in one.sources)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    language.use_of_variable()
    print(page(), end="")
