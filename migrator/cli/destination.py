"""In which format a result is told, and where to: standard output or a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from migrator import language
from migrator.cli.output import console, put
from migrator.errors import MigrateError
from migrator.language import _
from migrator.links import require_inside

if TYPE_CHECKING:
    from rich.console import Console

TABLE, JSON, MARKDOWN, SARIF, HTML, PATCH = "table", "json", "markdown", "sarif", "html", "patch"
PROMPT = "prompt"
_TEXT = "text"  # what `table` was called
_STANDARD_OUTPUT = "-"
# How what is written here begins, in the formats that a scan reads.
_BEGINNINGS = (
    b'{\n  "schema": ',
    b'{\n  "$schema": "https://json.schemastore.org/sarif',
    b"<!-- migrate",
)
_SUFFIXES = {
    ".json": JSON,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".sarif": SARIF,
    ".html": HTML,
    ".htm": HTML,
    ".patch": PATCH,
    ".diff": PATCH,
    ".txt": TABLE,
}


class OutputError(MigrateError):
    """A result cannot be written to the file that is named for it."""

    exit_code = 2


def format_option(*formats: str) -> typer.models.OptionInfo:
    """The option that says in which of some formats a result is told; the first is the usual one.

    JSON is the same in every language.
    """

    def chosen(name: str) -> str:
        if name not in ("", _TEXT, *formats):
            named = _(", ").join(formats)
            raise typer.BadParameter(_("{name!r} is none of {formats}", name=name, formats=named))
        return _chosen(name)

    option: typer.models.OptionInfo = typer.Option(
        "--format",
        metavar=f"[{'|'.join(formats)}]",
        help=_("How to tell the result (default: by the ending of FILE, else a table)."),
        callback=chosen,
        show_default=False,
    )
    return option


def output_option() -> typer.models.OptionInfo:
    """The option that names a file for the result."""
    option: typer.models.OptionInfo = typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=_("Write it to a file (`-`: to standard output)."),
        show_default=False,
    )
    return option


def _chosen(name: str) -> str:
    name = TABLE if name == _TEXT else name
    if name == JSON:
        language.use(language.ENGLISH)
    return name


@dataclass(frozen=True)
class Destination:
    """A format, and the file that the result is written to; None stands for standard output."""

    format: str
    file: Path | None = None

    @classmethod
    def of(cls, format: str, output: str, formats: Sequence[str]) -> Destination:
        """What the options `--format` and `--output` ask for.

        Raises OutputError where the file cannot be written to.
        """
        file = Path(output) if output not in ("", _STANDARD_OUTPUT) else None
        by_name = _SUFFIXES.get(file.suffix.lower(), "") if file is not None else ""
        if not format and by_name and by_name not in formats:
            told = _(
                "{file}: there is no {format} of this: give --format {formats}",
                file=file,
                format=by_name,
                formats=_(", ").join(formats),
            )
            raise OutputError(told)
        format = format or _chosen(by_name or TABLE)
        if file is not None:
            _require_place(file)
        return cls(format, file)

    def outside(self, paths: Iterable[Path], exclude: Sequence[str]) -> list[str]:
        """The patterns of what is not looked at, with the file where an earlier run wrote it."""
        from migrator.discovery import common_root

        if self.file is None or not _is_report(self.file):
            return list(exclude)
        with suppress(ValueError, MigrateError):
            inside = self.file.resolve().relative_to(common_root(list(paths)).resolve())
            return [*exclude, f"/{_escaped(inside.as_posix())}"]
        return list(exclude)

    def spare(self, root: Path, paths: Iterable[str]) -> None:
        """Raises OutputError where the file is one of some that a plan changes."""
        if self.file is None:
            return
        here = self.file.resolve()
        for path in paths:
            if (root / path).resolve() == here:
                told = _("{file}: the plan changes this file; name another", file=self.file)
                raise OutputError(told)

    @contextmanager
    def console(self) -> Iterator[Console]:
        """Where people read it: the terminal, or a file without colours."""
        if self.file is None:
            yield console()
            return
        from io import StringIO

        from rich.console import Console

        text = StringIO()
        yield Console(file=text, highlight=False, soft_wrap=True)
        self.write(text.getvalue())

    def write(self, text: str) -> None:
        """The result as a text, with a line end."""
        self.put(f"{text.removesuffix(chr(10))}\n".encode("utf-8", "surrogateescape"))

    def put(self, content: bytes) -> None:
        """The result as bytes, as they are."""
        if self.file is None:
            put(content)
        else:
            _write(self.file, content)


def _is_report(file: Path) -> bool:
    """Whether a file is there that was written here: it is no source."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        return stream.read(len(max(_BEGINNINGS, key=len))).startswith(_BEGINNINGS)


def _escaped(path: str) -> str:
    """A path as a pattern of .gitignore that matches it alone."""
    return "".join(f"\\{one}" if one in "\\*?[ !#" else one for one in path)


def _require_place(file: Path) -> None:
    parent = file.resolve().parent
    if _is_stream(file):
        return
    from migrator.source import PYTHON

    require_inside(str(file))
    if file.is_dir():
        raise OutputError(_("{file}: a folder; name a file in it", file=file))
    if not parent.is_dir():
        raise OutputError(_("{file}: there is no folder {folder}", file=file, folder=file.parent))

    if file.suffix in PYTHON and file.exists():
        raise OutputError(_("{file}: that is source code; name another file", file=file))


def _is_stream(file: Path) -> bool:
    """Whether it is a pipe or a terminal: nothing is put in its place."""
    return file.exists() and not file.is_file() and not file.is_dir()


def _write(file: Path, content: bytes) -> None:
    """All of it or nothing: a reader never sees half a file."""
    if _is_stream(file):
        with file.open("wb") as stream:
            stream.write(content)
        return
    target = file.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        told = _("{file}: {reason}", file=file, reason=error.strerror or error)
        raise OutputError(told) from None
