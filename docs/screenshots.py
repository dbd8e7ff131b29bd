"""Make the pictures of the documentation anew: `python docs/screenshots.py`.

All show the example application, in every language there is: the report page (needs Chromium), and
runs in a terminal (needs tmux).
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from migrator import language, workflow  # noqa: E402
from migrator.reports.html import plan_html  # noqa: E402
from tests import browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 1250
LANGUAGES = {"en": language.ENGLISH, "zh": language.CHINESE}

# A picture must look the same everywhere, and load nothing.
_FONTS = 'ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", "PingFang SC", monospace'
_FONT_FACES = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]+")
# rich takes every character for a narrow one.
_WIDE_TEXT = re.compile(rf'textLength="([\d.]+)"([^>]*>{_WIDE.pattern}<)')
_WIDE_SIZE = 23  # as large as two narrow characters of rich's twenty
_SETTLED = 1.5  # seconds without a change of the screen
_ROWS = 400
_ENDED = "ended"  # a file beside the folder of a run


@dataclass(frozen=True)
class Run:
    """A command, and how wide its terminal is. Of what it shows, the first `lines`, the last ones
    where that is negative, or all.

    `before` is run first, unseen. One that `asks` is answered what is `typed`, and has no end.
    """

    command: str
    columns: int = 80
    lines: int = 0
    before: str = ""
    asks: bool = False
    typed: tuple[str, ...] = ()


class Tmux(Protocol):
    """Carries out a command of tmux, and gives what it prints."""

    def __call__(self, *arguments: str) -> str: ...


RUNS = {
    "apply": Run("migrate apply --target bailian"),
    "compare": Run("migrate compare", lines=29),
    "interactive": Run(
        "migrate apply --target bailian -i", lines=-17, asks=True, typed=("?", "Enter")
    ),
}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    terminals()
    reports()


def reports() -> None:
    """The page of a plan, as a browser shows it."""
    program = browser.find()
    if program is None:
        raise SystemExit("no Chromium was found")
    with tempfile.TemporaryDirectory() as folder, browser.tab(program) as tab:
        app = Path(folder, "example_app")
        shutil.copytree(ROOT / "fixtures" / "example_app", app)
        for name, chosen in LANGUAGES.items():
            language.use(chosen)
            told, _root = workflow.tell([app], workflow.Options("bailian"))
            page = Path(folder, f"{name}.html")
            page.write_text(plan_html(told), encoding="utf-8")
            tab.size(WIDTH, HEIGHT)
            tab.media(prefers_color_scheme="light")
            tab.open(browser.address(page))
            place = IMAGES / f"report-{name}.png"
            place.write_bytes(tab.picture())
            print(place.relative_to(ROOT), f"{place.stat().st_size:,} bytes")


def terminals() -> None:
    """Some runs, as a terminal shows them."""
    for name, chosen in LANGUAGES.items():
        for what, run in RUNS.items():
            with tempfile.TemporaryDirectory() as folder:
                app = Path(folder, "example_app")
                shutil.copytree(ROOT / "fixtures" / "example_app", app)
                shown = screen(run, app, chosen)
            place = IMAGES / f"terminal-{what}-{name}.svg"
            place.write_text(picture(shown, run, f"terminal-{what}-{name}"), encoding="utf-8")
            print(place.relative_to(ROOT), f"{place.stat().st_size:,} bytes")


def screen(run: Run, folder: Path, chosen: str) -> str:
    """What a terminal shows of a run in a folder, with its colours as ANSI sequences."""
    with _terminal(run, folder, chosen) as tmux:
        shown = _settled(tmux, None if run.asks else folder.with_name(_ENDED))
        for one in run.typed:
            tmux("send-keys", *([one] if one == "Enter" else ["-l", one]))
            shown = _settled(tmux)
    lines = shown.rstrip("\n").split("\n")
    return "\n".join(lines[run.lines :] if run.lines < 0 else lines[: run.lines or None])


@contextmanager
def _terminal(run: Run, folder: Path, chosen: str) -> Iterator[Tmux]:
    server = ["tmux", "-L", f"pictures-{os.getpid()}", "-f", os.devnull]

    def tmux(*arguments: str) -> str:
        done = subprocess.run([*server, *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    migrate = f"{shlex.quote(sys.executable)} -m migrator "
    command = run.command.replace("migrate ", migrate, 1)
    if run.before:
        command = f"{run.before.replace('migrate ', migrate, 1)} >{os.devnull}; {command}"
    environment = {
        "PYTHONPATH": str(ROOT),
        language.VARIABLE: chosen,
        "LC_ALL": "C.UTF-8",
        "TERM": "tmux-256color",
        "COLORTERM": "truecolor",
    }
    given = [f"{name}={value}" for name, value in environment.items()]
    tmux(
        *("new-session", "-d", "-x", str(run.columns), "-y", str(_ROWS), "-c", str(folder)),
        *("env", *given, "sh", "-c", f"{command}; touch ../{_ENDED}; sleep 600"),
    )
    try:
        yield tmux
    finally:
        tmux("kill-server")


def _settled(tmux: Tmux, ended: Path | None = None) -> str:
    """The screen once the command has ended; of one that asks, once it does not change any more."""
    shown, since = "", time.monotonic()
    while not shown.strip() or time.monotonic() - since < _SETTLED:
        time.sleep(0.1)
        now = tmux("capture-pane", "-e", "-p")
        if now != shown:
            shown, since = now, time.monotonic()
        if ended is not None:
            if ended.exists():
                return tmux("capture-pane", "-e", "-p")
            since = time.monotonic()
    return shown


def picture(shown: str, run: Run, name: str) -> str:
    """A terminal's screen as SVG."""
    console = Console(
        record=True,
        width=run.columns,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    told = Text.from_ansi(shown)
    # Each run of wide characters by itself: it is twice as wide, whatever the font says.
    told.highlight_regex(_WIDE, Style(meta={"wide": True}))
    told = Text.assemble(("$ ", "green"), (run.command, "bold"), "\n", told)
    console.print(told, no_wrap=True, crop=True)
    form = _FONT_FACES.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code, monospace", _FONTS)
    drawn = console.export_svg(
        title=run.command, theme=DIMMED_MONOKAI, code_format=form, unique_id=name
    )
    wide = f'style="font-size: {_WIDE_SIZE}px" textLength='
    return _WIDE_TEXT.sub(lambda one: f'{wide}"{2 * float(one[1]):g}"{one[2]}', drawn)


if __name__ == "__main__":
    main()
