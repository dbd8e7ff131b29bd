"""One brief for each open item: all that somebody needs who has never seen this migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from migrator.checklist.document import plain
from migrator.checklist.living import Line, Look, State
from migrator.decisions import Source
from migrator.language import _
from migrator.regular import content
from migrator.reports.redaction import redact
from migrator.reports.words import MEANINGS, dated, place, severity_name, visible
from migrator.source import SourceText, UndecodableError

_AROUND = 6
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".json": "json"}


def briefs(look: Look, root: Path) -> str:
    """The briefs, in the order of the checklist, each under a heading of its own."""
    texts: dict[str, list[str]] = {}
    open_lines = look.of(State.OPEN)
    if not open_lines:
        return _("Nothing is open on the checklist.") + "\n"
    return "\n---\n\n".join(
        "\n".join(_brief(one, look, _lines(root, one.path, texts))) + "\n" for one in open_lines
    )


def _brief(line: Line, look: Look, lines: list[str]) -> Iterator[str]:
    where = place(line.path, line.number)
    provider = look.provider
    head = _("{code} at {place}", code=line.code, place=where) if where else line.code
    yield f"# {head}"
    yield ""
    yield _(
        "This repository moves from the OpenAI API to {provider} (`{id}`). "
        "A tool has rewritten what it could prove; this is one item that it left. "
        "Settle this item and nothing else.",
        provider=provider.name,
        id=provider.id,
    )
    yield from ("", f"## {_('What is wrong')}", "")
    yield _(
        "{title} ({severity}: {meaning}).",
        title=redact(line.title),
        severity=severity_name(line.severity),
        meaning=_(MEANINGS[line.severity]),
    )
    if why := _why(line):
        yield from ("", _("Why: {why}", why=redact(why)))
    if line.path:
        yield from ("", f"## {_('Where')}", "")
        yield from _excerpt(line, lines)
    if line.item is not None and line.item.sources:
        yield from ("", f"## {_('Facts')}", "")
        yield from map(_fact, line.item.sources)
    yield from ("", f"## {_('What to do')}", "")
    yield redact(_action(line))
    if line.item is not None and line.item.replacement.strip():
        yield from ("", _("Write:"), "", f"```{_language(line.path)}")
        yield redact(line.item.replacement.strip("\n"))
        yield "```"
    yield from ("", f"## {_('Keep to this')}", "")
    yield from (f"- {one}" for one in _constraints(line, look))
    yield from ("", f"## {_('It is done when')}", "")
    yield from (f"- {one}" for one in _acceptance(line, look))


def _why(line: Line) -> str:
    if line.item is not None:
        return line.item.why
    return plain(line.entry.why) if line.entry is not None else ""


def _action(line: Line) -> str:
    if line.item is not None:
        return line.item.action
    return plain(line.entry.action) if line.entry is not None else ""


def _excerpt(line: Line, lines: list[str]) -> Iterator[str]:
    """The lines around the place, with their numbers."""
    yield f"`{place(line.path, line.number)}`"
    first = max(1, line.number - _AROUND)
    shown = list(enumerate(lines[first - 1 : line.number + _AROUND], first))
    if not line.number or not shown:
        return
    fence = "````" if any("```" in text for _, text in shown) else "```"
    yield from ("", f"{fence}{_language(line.path)}")
    for number, text in shown:
        sign = ">" if number == line.number else " "
        yield visible(redact(f"{sign}{number:>5}  {text}")).rstrip()
    yield fence


def _fact(source: Source) -> str:
    return "- " + _("{source}: {url}", source=dated(source), url=source.url)


def _constraints(line: Line, look: Look) -> Iterator[str]:
    yield _("Change what this item needs, and keep every other line and file as it is.")
    yield _("Do not silence it by catching the error, by a stub, or by a made-up answer.")
    yield _("Write no key into the code; read it from the environment, as the code beside does.")
    yield _(
        "Trust the facts above and `migrate providers {id}` "
        "over what you remember of the provider.",
        id=look.provider.id,
    )
    if line.path and line.number:
        yield _(
            "If it has to stay as it is, say why above the statement: "
            "`# migrate: ignore[{code}] reason`.",
            code=line.code,
        )


def _acceptance(line: Line, look: Look) -> Iterator[str]:
    target = f" --target {look.provider.id}"
    if line.path and line.number and line.item is not None:
        yield _(
            "`{command}` does not name `{code}` any more (the line may have moved).",
            command=f"migrate explain {line.path}:{line.number}{target}",
            code=line.code,
        )
    if line.item is not None:
        yield _(
            "`{command}` has no open item with the id `{id}`.",
            command=f"migrate checklist --format json{target}",
            id=line.item.id,
        )
    else:
        yield _("A person has looked at it and ticked its box in MIGRATION_CHECKLIST.md.")
    yield _("`migrate verify -- YOUR TESTS` passes.")


def _language(path: str) -> str:
    return _LANGUAGES.get(PurePosixPath(path).suffix, "")


def _lines(root: Path, path: str, texts: dict[str, list[str]]) -> list[str]:
    """The lines of a file, read once; none where it is not text, or none of the repository's.

    The path may be what somebody wrote into the checklist.
    """
    if path not in texts:
        texts[path] = []
        with suppress(OSError, ValueError, RuntimeError, UndecodableError):
            place = (root / path).resolve()
            place.relative_to(root.resolve())
            source = SourceText.decode(content(place))
            texts[path] = [source.line(number) for number in range(1, len(source.starts) + 1)]
    return texts[path]
