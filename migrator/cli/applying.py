"""`migrate apply`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migrator.cli.completing import complete_provider, complete_selector
from migrator.cli.destination import (
    HTML,
    JSON,
    MARKDOWN,
    PATCH,
    SARIF,
    TABLE,
    Destination,
    format_option,
    output_option,
)
from migrator.cli.options import (
    Exclude,
    Include,
    ModeOption,
    Paths,
    chosen,
    provider_option,
    region_option,
    spelled,
)
from migrator.cli.output import progress
from migrator.language import _

if TYPE_CHECKING:
    from migrator.changes.result import ApplyResult

_FORMATS = (TABLE, JSON, MARKDOWN, SARIF, HTML, PATCH)


def _supplement(what: str, means: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        f"--{what}",
        metavar="PROVIDER",
        help=means,
        show_default=False,
        autocompletion=complete_provider,
    )
    return option


def apply(
    paths: Paths = None,
    target: Annotated[
        str,
        provider_option(
            _("Where to move to: bailian, FILE.yaml for a gateway of your own, or custom.")
        ),
    ] = "",
    region: Annotated[
        str, region_option(_("The provider's region (see `migrate providers ID`)."))
    ] = "",
    embeddings: Annotated[
        str, _supplement("embeddings", _("Who serves embeddings, if not the target."))
    ] = "",
    images: Annotated[str, _supplement("images", _("Who serves images, if not the target."))] = "",
    speech: Annotated[str, _supplement("speech", _("Who serves speech, if not the target."))] = "",
    transcription: Annotated[
        str, _supplement("transcription", _("Who serves transcriptions, if not the target."))
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", "-n", help=_("Show the diff and the checklist; write nothing.")),
    ] = False,
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="MODEL=MODEL",
            help=_("Choose a model: gpt-4o=qwen3.8-max (repeatable)."),
            show_default=False,
        ),
    ] = None,
    keep_env_names: Annotated[
        bool, typer.Option("--keep-env-names", help=_("Leave the names of environment variables."))
    ] = False,
    no_markers: Annotated[
        bool, typer.Option("--no-markers", help=_("Write no `# MIGRATE[code]` comments."))
    ] = False,
    legacy: Annotated[
        str,
        typer.Option(
            "--legacy",
            metavar="[auto|upgrade|keep]",
            help=_("openai before 1.0: upgrade the calls, or keep the release. auto: by the pins."),
            show_default=False,
        ),
    ] = "",
    mode: ModeOption = "",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="SELECTOR",
            help=_("Move these alone: src/api/**, app.py:12, kind:dep, a group (repeatable)."),
            show_default=False,
            autocompletion=complete_selector,
        ),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(
            "--skip",
            metavar="SELECTOR",
            help=_("Leave these as they are (repeatable)."),
            show_default=False,
            autocompletion=complete_selector,
        ),
    ] = None,
    split_variables: Annotated[
        bool,
        typer.Option(
            "--split-variables",
            help=_("What shares only a variable moves apart too, and each reads its own."),
        ),
    ] = False,
    docs: Annotated[
        bool,
        typer.Option(
            "--docs", help=_("Rewrite README, docs and comments too, where they name what moves.")
        ),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help=_("Put what every provider would make of it on the HTML page, too.")
        ),
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help=_("Write over uncommitted changes."))
    ] = False,
    interactive: Annotated[
        bool,
        typer.Option("--interactive", "-i", help=_("Ask about each group that moves as a whole.")),
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help=_("With -i: forget the answers of before."))
    ] = False,
    format: Annotated[str, format_option(*_FORMATS)] = "",
    output: Annotated[str, output_option()] = "",
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

    out = Destination.of(format, output, _FORMATS)
    places = chosen(paths)
    options = workflow.Options(
        target,
        region,
        _model_map(map or []),
        include or (),
        out.outside(places, exclude or ()),
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
    if compare and out.format != HTML:
        raise typer.BadParameter(_("it needs --format html"), param_hint="--compare")
    if restart and not interactive:
        raise typer.BadParameter(_("it goes with --interactive"), param_hint="--restart")
    if interactive:
        if out.format != TABLE or out.file is not None:
            raise typer.BadParameter(_("it goes with --format table"), param_hint="--interactive")
        from migrator.cli.reviewing import review

        review(places, options, dry_run=dry_run, allow_dirty=allow_dirty, restart=restart)
        return
    with progress() as report:
        told = others = None
        if out.format == HTML:
            told, root = workflow.tell(places, options, report)
            result = told.result
            others = workflow.compare(places, (), options, report) if compare else None
        else:
            result, root = workflow.plan(places, options, report)
        out.spare(root, [*(one.path for one in result.changes), *workflow.REPORTS])
        if not dry_run:
            command = " ".join(["migrate", *sys.argv[1:]])
            result = workflow.carry_out(
                result,
                root,
                options,
                allow_dirty=allow_dirty,
                command=command,
                paths=places,
            )
    named = {"target": target, "region": region, **options.supplements}
    named |= {"legacy": legacy, "mode": mode}
    several = {"map": map, "only": only, "skip": skip, "include": include, "exclude": exclude}
    given = [
        *((name, one) for name, one in named.items() if one),
        *((name, one) for name, held in several.items() for one in held or ()),
    ]
    flags = {
        "keep-env-names": keep_env_names,
        "no-markers": no_markers,
        "split-variables": split_variables,
        "docs": docs,
    }
    given += [(name, "") for name, on in flags.items() if on]
    step = _next_step(result, paths, root, given, dry_run)
    match out.format:
        case "json":
            from migrator.reports.json import plan_json

            out.write(plan_json(result))
        case "html":
            from migrator.reports.html import plan_html

            assert told is not None, "it was asked for above"
            out.write(plan_html(told, run=result.run, comparison=others))
        case "sarif":
            from migrator.reports.sarif import plan_sarif

            out.write(plan_sarif(result, root))
        case "markdown":
            from migrator.reports.merge_request import plan_markdown

            out.write(plan_markdown(result, next_step=step))
        case "patch":
            _write_patch(out, result, root)
        case _:
            from migrator.reports.console import print_apply

            with out.console() as console:
                print_apply(result, console, next_step=step, diff=dry_run)


def _write_patch(out: Destination, result: ApplyResult, root: Path) -> None:
    from migrator.reports.patch import patch

    diff, hidden = patch(root, result.changes)
    for path in hidden:
        print(_("left out, since it shows a secret: {path}", path=path), file=sys.stderr)
    out.put(diff)


def _next_step(
    result: ApplyResult,
    paths: list[Path] | None,
    root: Path,
    given: Iterable[tuple[str, str]],
    dry_run: bool,
) -> str:
    import shlex

    if not result.changes and result.run is None:
        return _("nothing to change; see the checklist above") if result.plan.checklist else ""
    if not result.changes:
        return _("read MIGRATION_CHECKLIST.md: everything on it is left to you")
    if dry_run:
        named = (f" --{name} {shlex.quote(one)}" if one else f" --{name}" for name, one in given)
        return f"migrate apply{spelled(paths)}{''.join(named)}"
    return after_apply(root)


def after_apply(root: Path) -> str:
    """What comes next once files are written below a folder."""
    import shlex

    here = "" if root.resolve() == Path.cwd() else f" --root {shlex.quote(str(root))}"
    return _(
        "read MIGRATION_CHECKLIST.md, set the key that it names, run your tests: `migrate "
        "verify{here} -- pytest -q` (`migrate undo{here}` takes it all back)",
        here=here,
    )


def _supplements(**named: str) -> dict[str, str]:
    return {capability: provider for capability, provider in named.items() if provider}


def _model_map(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise typer.BadParameter(
                _("{pair!r} must be MODEL=MODEL, as gpt-4o=qwen3.8-max", pair=pair),
                param_hint="--map",
            )
        found[old.strip()] = new.strip()
    return found
