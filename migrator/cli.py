"""The command line: options in, one function of the workflow called, its result to a report."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator import __version__
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.analysis.reading import Progress
    from migrator.explaining.explanation import Explanation
    from migrator.providers import Provider

_EXIT_CODES = """
Exit codes: 0 done · 1 a fault of this program · 2 wrong use (an option, a path, a settings file, a
profile, a part of a group) · 3 the working tree forbids it (uncommitted changes, a file changed
meanwhile, an interrupted run) · 130 interrupted.
"""
_LONG_RUN = 200

app = typer.Typer(
    name="migrate",
    help="Move a Python codebase off the OpenAI API and onto a domestic model provider.\n\n"
    "Nothing is sent anywhere, and the code under migration is never run.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="PATH", help="Files and folders (default: the current folder).", show_default=False
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PATTERN",
        help="Only files that match (as in .gitignore; repeatable).",
        show_default=False,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude", metavar="PATTERN", help="No files that match (repeatable).", show_default=False
    ),
]


class Format(str, Enum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class ComparisonFormat(str, Enum):
    """How a comparison is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
ModeOption = Annotated[
    str,
    typer.Option(
        "--mode",
        metavar="[compatible|sdk]",
        help="The openai SDK on the compatible endpoint (default), or what is the provider's own: "
        "its SDK, a framework's class for it.",
        show_default=False,
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"migrate {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def scan(
    paths: Paths = None,
    format: FormatOption = Format.TEXT,
    everything: Annotated[
        bool, typer.Option("--all", help="List every place, however many.")
    ] = False,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Find every place that reaches OpenAI. Changes nothing."""
    from migrator import workflow

    options = workflow.Options(include=include or (), exclude=exclude or ())
    with _progress() as progress:
        result = workflow.scan(_paths(paths), options, progress)
    if format is Format.JSON:
        from migrator.reports.json import scan_json

        _write(scan_json(result))
        return
    from migrator.reports.console import print_scan

    step = f"migrate compare{_spelled(paths)}" if result.sites else ""
    print_scan(result, _console(), next_step=step, everything=everything)


def _supplement(what: str, calls: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{what}",
        metavar="PROVIDER",
        help=f"Who serves {calls}, if not the target.",
        show_default=False,
    )
    return option


@app.command(short_help="Rewrite what can be proven, and list the rest.")
def apply(
    paths: Paths = None,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            "-t",
            metavar="PROVIDER",
            help="Where to move to: bailian, FILE.yaml for a gateway of your own, or custom.",
            show_default=False,
        ),
    ] = "",
    region: Annotated[
        str,
        typer.Option(
            "--region",
            metavar="REGION",
            help="The provider's region (see `migrate providers ID`).",
            show_default=False,
        ),
    ] = "",
    embeddings: Annotated[str, _supplement("embeddings", "embeddings")] = "",
    images: Annotated[str, _supplement("images", "images")] = "",
    speech: Annotated[str, _supplement("speech", "speech")] = "",
    transcription: Annotated[str, _supplement("transcription", "transcriptions")] = "",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", "-n", help="Show the diff and the checklist; write nothing."),
    ] = False,
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="MODEL=MODEL",
            help="Choose a model: gpt-4o=qwen3.8-max (repeatable).",
            show_default=False,
        ),
    ] = None,
    keep_env_names: Annotated[
        bool, typer.Option("--keep-env-names", help="Leave the names of environment variables.")
    ] = False,
    no_markers: Annotated[
        bool, typer.Option("--no-markers", help="Write no `# MIGRATE[code]` comments.")
    ] = False,
    legacy: Annotated[
        str,
        typer.Option(
            "--legacy",
            metavar="[auto|upgrade|keep]",
            help="openai before 1.0: upgrade the calls, or keep the release. auto: by the pins.",
            show_default=False,
        ),
    ] = "",
    mode: ModeOption = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="SELECTOR",
            help="Move these alone: src/api/**, app.py:12, kind:dep, a group (repeatable).",
            show_default=False,
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip",
            metavar="SELECTOR",
            help="Leave these as they are (repeatable).",
            show_default=False,
        ),
    ] = None,
    split_variables: Annotated[
        bool,
        typer.Option(
            "--split-variables",
            help="What shares only a variable moves apart too, and each reads its own.",
        ),
    ] = False,
    docs: Annotated[
        bool,
        typer.Option(
            "--docs", help="Rewrite README, docs and comments too, where they name what moves."
        ),
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write over uncommitted changes.")
    ] = False,
    format: FormatOption = Format.TEXT,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Rewrite what can be proven, and list the rest with reasons and remedies.

    Writes the files, migration.diff and MIGRATION_CHECKLIST.md: all or nothing. `migrate undo`
    takes it back.

    --only and --skip move a part: what shares a variable, a client or a model's name moves as one
    group, and a part of a group is refused (exit code 2). A selector is a pattern of paths, a
    place, a kind of site, a site's id, a codemod, a code of the checklist, or a group that the plan
    names.
    """
    from migrator import workflow

    options = workflow.Options(
        target,
        region,
        _model_map(map or []),
        include or (),
        exclude or (),
        keep_env_names or None,
        False if no_markers else None,
        legacy,
        _supplements(
            embeddings=embeddings, images=images, speech=speech, transcription=transcription
        ),
        mode,
        only or (),
        skip or (),
        docs or None,
        split_variables or None,
    )
    chosen = _paths(paths)
    with _progress() as progress:
        if dry_run:
            result, root = workflow.plan(chosen, options, progress)
        else:
            command = " ".join(["migrate", *sys.argv[1:]])
            result, root = workflow.apply(
                chosen, options, allow_dirty=allow_dirty, command=command, progress=progress
            )
    if format is Format.JSON:
        from migrator.reports.json import plan_json

        _write(plan_json(workflow.with_edits(result, root) if dry_run else result))
        return
    from migrator.reports.console import print_apply

    named = {"target": target, "mode": mode, **options.supplements}
    given = [
        *((name, one) for name, one in named.items() if one),
        *(("only", one) for one in options.only),
        *(("skip", one) for one in options.skip),
    ]
    flags = {"split-variables": split_variables, "docs": docs}
    given += [(name, "") for name, on in flags.items() if on]
    step = _next_step(result, paths, given, dry_run)
    print_apply(result, _console(), next_step=step, diff=dry_run)


def _next_step(
    result: object,
    paths: list[Path] | None,
    given: Iterable[tuple[str, str]],
    dry_run: bool,
) -> str:
    import shlex

    from migrator.changes.result import ApplyResult

    assert isinstance(result, ApplyResult)
    if not result.changes and result.run is None:
        return "nothing to change; see the checklist above" if result.plan.checklist else ""
    if not result.changes:
        return "read MIGRATION_CHECKLIST.md: everything on it is left to you"
    if dry_run:
        named = (f" --{name} {shlex.quote(one)}" if one else f" --{name}" for name, one in given)
        return f"migrate apply{_spelled(paths)}{''.join(named)}"
    return "read MIGRATION_CHECKLIST.md, set the key, run your tests (`migrate undo` takes it back)"


@app.command()
def undo(
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="Which run (default: the newest).", show_default=False),
    ] = None,
    root: Annotated[
        Path, typer.Option("--root", metavar="FOLDER", help="The folder that was migrated.")
    ] = Path(),
) -> None:
    """Take back an apply, byte for byte. Refuses where a file changed since."""
    from migrator import workflow
    from migrator.reports.console import print_undo

    print_undo(workflow.undo(root, run), _console())


@app.command(short_help="Show what each provider would make of the code.")
def compare(
    paths: Paths = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="PROVIDER",
            help="Compare these alone (repeatable; default: all).",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Say as much of each as of the best three.")
    ] = False,
    format: Annotated[
        ComparisonFormat, typer.Option("--format", help="How to print the result.")
    ] = ComparisonFormat.TEXT,
    include: Include = None,
    exclude: Exclude = None,
) -> None:
    """Show what each provider would make of the code, and which costs it least.

    The code is analysed once. Changes nothing.
    """
    from migrator import workflow

    options = workflow.Options(include=include or (), exclude=exclude or ())
    with _progress() as progress:
        result = workflow.compare(_paths(paths), target or (), options, progress)
    spelled = _spelled(paths)
    match format:
        case ComparisonFormat.TEXT:
            from migrator.reports.comparisons.console import print_comparison

            print_comparison(result, _console(), paths=spelled, everything=everything)
        case ComparisonFormat.JSON:
            from migrator.reports.comparisons.json import comparison_json

            _write(comparison_json(result, paths=spelled))
        case ComparisonFormat.MARKDOWN:
            from migrator.reports.comparisons.markdown import comparison_markdown

            _write(comparison_markdown(result, paths=spelled))
        case ComparisonFormat.HTML:
            from migrator.reports.comparisons.html import comparison_html

            _write(comparison_html(result, paths=spelled))


@app.command(short_help="Show what is known of the providers.")
def providers(
    provider: Annotated[
        str | None,
        typer.Argument(metavar="PROVIDER", help="Show one provider's profile.", show_default=False),
    ] = None,
) -> None:
    """Show what is known of the providers, each fact with source and date."""
    from datetime import date

    from migrator import workflow
    from migrator.providers import load_provider, provider_ids
    from migrator.reports.providers import print_provider, print_providers
    from migrator.settings import load_settings

    today = date.today()
    if provider is not None:
        found = workflow.target(provider, load_settings(Path()))
        print_provider(found, _console(), today=today)
        return
    every = [load_provider(one) for one in provider_ids()]
    step = f"migrate providers {every[0].id}"
    print_providers(every, _console(), today=today, next_step=step)


@app.command(short_help="Say what becomes of a name of OpenAI's API.")
def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="A code of the checklist, as json-word.", show_default=False
        ),
    ] = None,
    api: Annotated[
        str,
        typer.Option(
            "--api",
            metavar="NAME",
            help="A method, URL path, call of 0.x, exception, type, setting or class.",
            show_default=False,
        ),
    ] = "",
    model: Annotated[
        str, typer.Option("--model", metavar="MODEL", help="A model.", show_default=False)
    ] = "",
    parameter: Annotated[
        str,
        typer.Option(
            "--parameter",
            metavar="NAME",
            help="A parameter (with --api: of that method).",
            show_default=False,
        ),
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--target", "-t", metavar="PROVIDER", help="Where to move to, as bailian or FILE.yaml."
        ),
    ] = "bailian",
    mode: ModeOption = "",
    format: FormatOption = Format.TEXT,
) -> None:
    """Say what becomes of a name of OpenAI's API, with reason, source and date.

    A name that is not known ends with exit code 2 and the names that are near.
    """
    from migrator import workflow
    from migrator.reports.explain import explain_json, print_explanations
    from migrator.settings import load_settings

    asked = {"a code": code, "--model": model, "--parameter": parameter}
    given = [name for name, value in asked.items() if value]
    if len(given) > 1 or (api and given not in ([], ["--parameter"])) or not (api or given):
        raise typer.BadParameter("ask for one thing: a code, --api, --model or --parameter")
    provider = workflow.target(target, load_settings(Path()))
    found = _explanations(provider, code or "", api, model, parameter, workflow.known_mode(mode))
    if format is Format.JSON:
        _write(explain_json(found, provider))
    else:
        print_explanations(found, provider, _console())


def _explanations(
    provider: Provider, code: str, api: str, model: str, parameter: str, mode: str
) -> list[Explanation]:
    from migrator.explaining import questions

    if code:
        return [questions.about_code(code)]
    if model:
        return [questions.about_model(provider, model)]
    if parameter:
        return questions.about_parameter(provider, parameter, api)
    return questions.about_api(provider, api, mode)


# -- helpers ----------------------------------------------------------------------------------


def _paths(paths: list[Path] | None) -> list[Path]:
    return paths or [Path()]


def _spelled(paths: list[Path] | None) -> str:
    import shlex

    return "".join(f" {shlex.quote(str(path))}" for path in paths or ())


def _supplements(**named: str) -> dict[str, str]:
    return {capability: provider for capability, provider in named.items() if provider}


def _model_map(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise typer.BadParameter(
                f"{pair!r} must be MODEL=MODEL, as gpt-4o=qwen3.8-max", param_hint="--map"
            )
        found[old.strip()] = new.strip()
    return found


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    if not text.endswith("\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A progress bar on standard error: on a terminal only, and only when the work is long."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.step
    finally:
        bar.close()


class _Bar:
    """Appears once a run turns out to be long."""

    def __init__(self) -> None:
        self._progress: object = None
        self._task: object = None

    def step(self, done: int, total: int) -> None:
        if total < _LONG_RUN:
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        if not isinstance(self._progress, Bar):
            self._progress = Bar(console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task("Reading", total=total)
        self._progress.update(self._task, completed=done)  # type: ignore[arg-type]

    def close(self) -> None:
        from rich.progress import Progress as Bar

        if isinstance(self._progress, Bar):
            self._progress.stop()


def main() -> None:
    """The `migrate` command: every error is one line, with a documented exit code."""
    try:
        app(prog_name="migrate")
    except MigrateError as error:
        print(f"migrate: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        print("migrate: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        print(f"migrate: {error.filename or 'error'}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(3) from None
    except Exception as error:
        print(f"migrate: internal error: {type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(1) from None
