"""The examples of the documents: found in the Markdown, carried out, compared with what is shown.

A fenced block is an example where a comment stands directly above it, which pages do not show:

    <!-- run -->              carries it out
    <!-- run exit=2 -->       its last command ends so
    <!-- run fresh -->        in a new copy of the example application (in=FOLDER: of that folder)
    <!-- file: NAME -->       writes the block to a file of the copy

What a page does goes on from block to block: the files, the current folder, the names of `python`.
Each page begins in a copy of `fixtures/example_app`.

A `console` block has commands after `$ ` (`\\` and `> ` go on with one), and below each what it
prints, or nothing where that does not matter. `migrate` is run in this process. `pip install
FOLDER` has that project found as one that is installed, from where it stands. All else goes to the
shell. Of a `python` block, what it prints is shown by a `text` block that follows it. In what is
shown, `…` stands for the rest of a line, on a line of its own for any number of lines.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

from migrator import plugins

ROOT = Path(__file__).parents[1]
APPLICATION = "fixtures/example_app"
_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,})(?P<language>[\w-]*)")
_MARK = re.compile(r"\s*<!-- (?P<verb>run|file:)(?P<rest>.*?) *-->\s*")
_OPTIONS = {"fresh", "exit", "in"}
ELLIPSIS = "…"


class ExampleError(AssertionError):
    """An example is written wrongly, or does not do what its page shows."""


@dataclass(frozen=True)
class Example:
    """A block that is marked: `output` is what a `python` block is shown to print, if it is."""

    page: str
    line: int
    language: str
    text: str
    verb: str
    options: dict[str, str] = field(default_factory=dict)
    output: str | None = None

    def wrong(self, what: str, line: int = 0) -> ExampleError:
        return ExampleError(f"{self.page}:{self.line + line}: {what}")


def pages() -> list[Path]:
    """Every document of the repository that has an example."""
    every = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [path for path in sorted(every) if any(map(_MARK.fullmatch, _lines(path)))]


def examples(text: str, page: str) -> list[Example]:
    """The examples of a page, in order. Raises ExampleError for a mark above nothing."""
    found: list[Example] = []
    lines = text.splitlines()
    blocks = {first: (last, language, body) for first, last, language, body in _blocks(lines)}
    inside = {number for first, (last, *_) in blocks.items() for number in range(first + 1, last)}
    for number, line in enumerate(lines):
        mark = _MARK.fullmatch(line)
        if mark is None or number in inside:
            continue
        if number + 1 not in blocks:
            raise ExampleError(f"{page}:{number + 1}: no block stands below the mark")
        last, language, body = blocks[number + 1]
        rest = mark["rest"].strip()
        verb = mark["verb"].rstrip(":")
        options = {"name": rest} if verb == "file" else _options(rest, f"{page}:{number + 1}")
        output = _output(lines, blocks, last) if language == "python" else None
        found.append(Example(page, number + 2, language, body, verb, options, output))
    return found


def _options(text: str, where: str) -> dict[str, str]:
    options = {key: value for key, _, value in (word.partition("=") for word in text.split())}
    if unknown := options.keys() - _OPTIONS:
        raise ExampleError(f"{where}: {', '.join(unknown)} is none of {', '.join(_OPTIONS)}")
    return options


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """The fenced blocks: the lines of their fences, their languages, what stands in them."""
    opened: tuple[int, re.Match[str]] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if opened is None:
            opened = (number, fence) if fence is not None else None
        elif line.strip() == opened[1]["fence"]:
            first, fence = opened
            indent = len(fence["indent"])
            body = "\n".join(one[indent:] for one in lines[first + 1 : number])
            yield first, number, fence["language"], body
            opened = None


def _output(lines: Sequence[str], blocks: dict[int, tuple[int, str, str]], last: int) -> str | None:
    """What stands in the `text` block that is next to a block, with only blank lines between."""
    below = next((n for n in range(last + 1, len(lines)) if lines[n].strip()), None)
    _, language, body = blocks.get(below if below is not None else -1, (0, "", ""))
    return body if language == "text" else None


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


# -- carrying them out -----------------------------------------------------------------------------


class Session:
    """A page at work, below a folder of its own; `names` are those of its `python` blocks.

    It changes the current folder of this process: see `carry_out`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies = 0
        self._installed: list[Path] = []
        self.names: dict[str, object] = {}
        self.begin(APPLICATION)

    def begin(self, source: str) -> None:
        """Go on in a new copy of a folder of the repository."""
        self._copies += 1
        copy = self._folder / str(self._copies) / Path(source).name
        shutil.copytree(ROOT / source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        os.chdir(copy)
        self.names = {"__name__": "__main__"}

    def carry_out(self, example: Example) -> None:
        """Do what an example says. Raises ExampleError where it shows something else."""
        if example.verb == "file":
            path = Path(example.options["name"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text + "\n", "utf-8")
            return
        if "fresh" in example.options or "in" in example.options:
            self.begin(example.options.get("in", APPLICATION))
        if example.language == "python":
            self._python(example)
        elif example.language == "console":
            self._console(example)
        else:
            raise example.wrong(f"a block in {example.language or 'no language'} cannot be run")

    def _python(self, example: Example) -> None:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(_compiled(example), self.names)
        except Exception as error:
            trace = error.__traceback__
            line = trace.tb_next.tb_lineno if trace and trace.tb_next else example.line
            told = f"{example.page}:{line}: {type(error).__name__}: {error}"
            raise ExampleError(told) from error
        if example.output is not None:
            _require(printed.getvalue(), example.output, example)

    def _console(self, example: Example) -> None:
        wanted = int(example.options.get("exit", "0"))
        commands = list(_commands(example))
        for number, (line, command, shown) in enumerate(commands):
            code, out, err = self._run(command)
            expected = wanted if number == len(commands) - 1 else 0
            if code != expected:
                raise example.wrong(f"`{command}` ended with {code}: {(err or out).strip()}", line)
            if shown:
                _require(out + err, shown, example, line)

    def _run(self, command: str) -> tuple[int, str, str]:
        words = shlex.split(command, comments=True)
        if words[0] == "cd":
            os.chdir(words[1])
            return 0, "", ""
        if words[:2] == ["pip", "install"]:
            self._install(Path(words[2]).resolve())
            return 0, "", ""
        if words[0] == "migrate" and not {"|", "&&", "||", ";", ">", "2>"} & set(words):
            self._as_a_new_process()
            return run(*words)
        shell = {**os.environ, "PATH": os.pathsep.join([_tools(), os.environ["PATH"]])}
        together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(
            ["bash", "-c", command], **together, text=True, env=shell, check=False
        )
        return done.returncode, done.stdout, ""

    def _install(self, folder: Path) -> None:
        """Have a project found as an installed one, by this process and those that it starts."""
        toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        project = toml.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        name, version = project["name"], project["version"]
        info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, "utf-8")
        entries = (
            "\n".join([f"[{group}]", *(f"{key} = {value}" for key, value in table.items())])
            for group, table in project.get("entry-points", {}).items()
        )
        (info / "entry_points.txt").write_text("\n".join(entries) + "\n", "utf-8")
        sys.path.insert(0, str(folder))
        os.environ["PYTHONPATH"] = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
        self._installed.append(folder)

    def _as_a_new_process(self) -> None:
        """Have what is installed read anew: its files may be others now."""
        plugins.look_again()
        importlib.invalidate_caches()
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and any(folder in Path(file).parents for folder in self._installed):
                del sys.modules[name]


def _compiled(example: Example) -> CodeType:
    tree = ast.parse(example.text, example.page)
    return compile(ast.increment_lineno(tree, example.line), example.page, "exec")


def _commands(example: Example) -> Iterator[tuple[int, str, str]]:
    """The commands of a block: the line of each, the command, what it is shown to print."""
    commands: list[tuple[int, str, list[str]]] = []
    going_on = False
    for number, line in enumerate(example.text.splitlines(), 1):
        if line.startswith("$ "):
            commands.append((number, line[2:], []))
        elif not commands:
            raise example.wrong("a console block begins with a command: `$ …`", number)
        elif going_on or (line.startswith("> ") and not commands[-1][2]):
            first, command, shown = commands.pop()
            commands.append((first, f"{command}\n{line.removeprefix('> ')}", shown))
        else:
            commands[-1][2].append(line)
        going_on = line.endswith("\\") and not commands[-1][2]
    for number, command, shown in commands:
        yield number, command, "\n".join(shown).strip("\n")


def _tools() -> str:
    """The folder of the commands that are installed with this Python."""
    return str(Path(sys.executable).parent)


def run(*words: str) -> tuple[int, str, str]:
    """The exit code of `migrate …`, and what it printed, in this process and its environment."""
    from migrator import cli, language

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    before, arguments, environment = language.current(), sys.argv, dict(os.environ)
    sys.argv = [*words]
    code: object = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = arguments
        os.environ.clear()
        os.environ.update(environment)
        language.use(before)
    printed, told = (one.buffer.getvalue().decode("utf-8", "replace") for one in (out, err))  # type: ignore[attr-defined]
    return code if isinstance(code, int) else 1 if code else 0, printed, told


# -- comparing -------------------------------------------------------------------------------------


def _require(printed: str, shown: str, example: Example, line: int = 0) -> None:
    """Raises ExampleError where what was printed is not what is shown."""
    if not matches(printed, shown):
        told = "\n".join(["it does not print what is shown, but:", printed.rstrip()])
        raise example.wrong(told, line)


def matches(printed: str, shown: str) -> bool:
    """Whether a text is what is shown, with anything in the places of `…`."""
    return re.fullmatch(_pattern(shown), _trimmed(printed) + "\n") is not None


def _pattern(shown: str) -> str:
    found = []
    for line in _trimmed(shown).splitlines():
        if line.strip() == ELLIPSIS:
            found.append(r"(?:.*\n)*?")
        else:
            found.append(".*".join(map(re.escape, line.split(ELLIPSIS))) + r"\n")
    return "".join(found)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
