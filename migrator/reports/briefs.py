"""One brief for each open item: all that somebody needs who has never seen this migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from migrator.checklist.document import plain
from migrator.checklist.living import Line, Look, State
from migrator.decisions import Source
from migrator.reports.redaction import redact
from migrator.reports.words import MEANINGS, place
from migrator.source import SourceText, UndecodableError

_AROUND = 6
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".json": "json"}


def briefs(look: Look, root: Path) -> str:
    """The briefs, in the order of the checklist, each under a heading of its own."""
    texts: dict[str, list[str]] = {}
    open_lines = look.of(State.OPEN)
    if not open_lines:
        return "Nothing is open on the checklist.\n"
    return "\n---\n\n".join(
        "\n".join(_brief(one, look, _lines(root, one.path, texts))) + "\n" for one in open_lines
    )


def _brief(line: Line, look: Look, lines: list[str]) -> Iterator[str]:
    where = place(line.path, line.number)
    provider = look.provider
    yield f"# {line.code}{f' at {where}' if where else ''}"
    yield ""
    yield (
        f"This repository moves from the OpenAI API to {provider.name} (`{provider.id}`). "
        "A tool has rewritten what it could prove; this is one item that it left. "
        "Settle this item and nothing else."
    )
    yield from ("", "## What is wrong", "")
    yield f"{redact(line.title)} ({line.severity.value}: {MEANINGS[line.severity]})."
    if why := _why(line):
        yield from ("", f"Why: {redact(why)}")
    if line.path:
        yield from ("", "## Where", "")
        yield from _excerpt(line, lines)
    if line.item is not None and line.item.sources:
        yield from ("", "## Facts", "")
        yield from map(_fact, line.item.sources)
    yield from ("", "## What to do", "")
    yield redact(_action(line))
    if line.item is not None and line.item.replacement.strip():
        yield from ("", "Write:", "", f"```{_language(line.path)}")
        yield redact(line.item.replacement.strip("\n"))
        yield "```"
    yield from ("", "## Keep to this", "")
    yield from _constraints(line, look)
    yield from ("", "## It is done when", "")
    yield from _acceptance(line, look)


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
        yield redact(f"{sign}{number:>5}  {text}").rstrip()
    yield fence


def _fact(source: Source) -> str:
    dated = f", {source.as_of}" if source.as_of else ""
    return f"- {source.title or source.url}{dated}: {source.url}"


def _constraints(line: Line, look: Look) -> Iterator[str]:
    yield "- Change what this item needs, and keep every other line and file as it is."
    yield "- Do not silence it by catching the error, by a stub, or by a made-up answer."
    yield "- Write no key into the code; read it from the environment, as the code beside does."
    yield (
        f"- Trust the facts above and `migrate providers {look.provider.id}` "
        "over what you remember of the provider."
    )
    if line.path and line.number:
        yield (
            f"- If it has to stay as it is, say why above the statement: "
            f"`# migrate: ignore[{line.code}] reason`."
        )


def _acceptance(line: Line, look: Look) -> Iterator[str]:
    target = f" --target {look.provider.id}"
    if line.path and line.number and line.item is not None:
        yield (
            f"- `migrate explain {line.path}:{line.number}{target}` "
            f"does not name `{line.code}` any more (the line may have moved)."
        )
    if line.item is not None:
        yield (
            f"- `migrate checklist --format json{target}` has no open item with the id "
            f"`{line.item.id}`."
        )
    else:
        yield "- A person has looked at it and ticked its box in MIGRATION_CHECKLIST.md."
    yield "- `migrate verify -- YOUR TESTS` passes."


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
            source = SourceText.decode(place.read_bytes())
            texts[path] = [source.line(number) for number in range(1, len(source.starts) + 1)]
    return texts[path]
