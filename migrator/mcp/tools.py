"""The tools: what each is called, what an agent reads of it, and the function that it is."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from migrator import workflow
from migrator.errors import MigrateError
from migrator.mcp import answers, arguments
from migrator.mcp.bounds import Document, contract, of
from migrator.mcp.confinement import Confinement

if TYPE_CHECKING:
    from migrator.analysis.reading import Progress

_PRINTED = 8_000  # characters of what a command printed
_DEFAULT = "bailian"


class UnclearError(MigrateError):
    """Nothing is asked for, or more than one thing."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool works with: the folder that is served, and whom to tell how far it is."""

    place: Confinement
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `run` takes a Call and the arguments, and raises MigrateError."""

    name: str
    title: str
    description: str
    arguments: type[arguments.Arguments]
    answer: Document
    run: Callable[[Call, Any], Document]
    writes: bool = False
    repeatable: bool = True
    elsewhere: bool = False  # it may reach for more than the folder


def tools(*, write: bool) -> Mapping[str, Tool]:
    """The tools by their names: those that only read, or all of them."""
    every = (*_READING, *_WRITING) if write else _READING
    return {one.name: one for one in every}


def _scan(call: Call, asked: arguments.Scan) -> Document:
    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    options = workflow.Options(include=asked.include, exclude=asked.exclude)
    return answers.scanned(workflow.scan([folder], options, call.progress), asked)


def _plan(call: Call, asked: arguments.Plan) -> Document:
    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    result, _root = workflow.plan([folder], _options(call, asked), call.progress)
    return answers.planned(result, asked)


def _apply(call: Call, asked: arguments.Apply) -> Document:
    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    result, _ = workflow.apply(
        [folder],
        _options(call, asked),
        allow_dirty=asked.allow_dirty,
        command=f"migrate mcp: apply {_spelled(asked)}",
        progress=call.progress,
    )
    return answers.applied(result)


def _undo(call: Call, asked: arguments.Undo) -> Document:
    return answers.undone(workflow.undo(call.place.folder(asked.folder), asked.run or None))


def _checklist(call: Call, asked: arguments.Checklist) -> Document:
    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    options = workflow.Options(
        call.place.provider(asked.target), include=asked.include, exclude=asked.exclude
    )
    look, root = workflow.checklist([folder], options, call.progress)
    return answers.checklist(look, root, asked)


def _explain(call: Call, asked: arguments.Explain) -> Document:
    from migrator.explaining.questions import about
    from migrator.reports.explain import explain_json
    from migrator.settings import load_settings

    given = [bool(one) for one in (asked.place, asked.code, asked.model, asked.parameter)]
    if sum(given) > 1 or not (any(given) or asked.api) or (asked.api and any(given[:3])):
        raise UnclearError("ask for one of place, code, api, model and parameter (with its api)")
    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    settings = load_settings(folder)
    named = call.place.provider(asked.target) or settings.target
    target = named or workflow.moved_to(folder) or _DEFAULT
    if asked.place:
        return _explain_place(call, asked, target)
    provider = workflow.target(target, settings)
    found = about(
        provider,
        code=asked.code,
        model=asked.model,
        parameter=asked.parameter,
        api=asked.api,
        mode=workflow.known_mode(asked.mode),
    )
    return contract(explain_json(found, provider))


def _explain_place(call: Call, asked: arguments.Explain, target: str) -> Document:
    from migrator.explaining.places import place
    from migrator.reports.places import explained_json

    where = place(asked.place)
    if where is None:
        raise UnclearError(f"{asked.place!r} is no place: src/app.py:12, or a site's id")
    folder = call.place.folder(asked.folder)
    if not where.site:
        name = PurePath(asked.folder, where.path)
        where = replace(where, path=call.place.file(str(name)))
    options = workflow.Options(
        target, include=asked.include, exclude=asked.exclude, mode=asked.mode
    )
    told, provider = workflow.explain(where, options, call.progress, root=folder)
    return contract(explained_json(told, provider))


def _verify(call: Call, asked: arguments.Verify) -> Document:
    from migrator.reports.verification.json import ladder_json
    from migrator.verification.verifying import Wish

    folder = call.place.folder(asked.folder)
    call.place.check(folder)
    call.place.check_runs(folder)
    options = workflow.Options(
        call.place.provider(asked.target),
        asked.region,
        include=asked.include,
        exclude=asked.exclude,
    )
    if not isinstance(asked, arguments.VerifyRunning) or not asked.command:
        return contract(ladder_json(workflow.verify(folder, options, Wish(), call.progress)))
    with tempfile.TemporaryFile() as printed:
        wish = Wish(asked.command, asked.before, asked.seconds, stdout=printed.fileno())
        ladder = workflow.verify(folder, options, wish, call.progress)
        return {**contract(ladder_json(ladder)), "output": _end_of(printed)}


def _end_of(printed: IO[bytes]) -> str:
    """The end of what was printed: cut once no key is in it, so that none is cut in two."""
    size = printed.seek(0, os.SEEK_END)
    printed.seek(max(0, size - 8 * _PRINTED))
    text: str = of({"output": printed.read().decode("utf-8", "replace")})["output"]
    return text[-_PRINTED:]


def _options(call: Call, asked: arguments.Migration) -> workflow.Options:
    place = call.place
    beside = {
        "embeddings": asked.embeddings,
        "images": asked.images,
        "speech": asked.speech,
        "transcription": asked.transcription,
    }
    return workflow.Options(
        place.provider(asked.target),
        asked.region,
        asked.models,
        asked.include,
        asked.exclude,
        legacy=asked.legacy,
        supplements={name: place.provider(one) for name, one in beside.items() if one},
        mode=asked.mode,
        only=asked.only,
        skip=asked.skip,
        docs=asked.docs or None,
        split_variables=asked.split_variables or None,
    )


def _spelled(asked: arguments.Arguments) -> str:
    return json.dumps(asked.model_dump(exclude_defaults=True, mode="json"), ensure_ascii=False)


_VERIFY = Tool(
    "verify",
    "Check the migrated code",
    "Check a migrated folder against the provider's documented limits, without running it. Rungs: "
    "static (what was written compiles, and a new scan finds only what the checklist lists) and "
    "contract (every request the code spells out keeps to the profile: model, parameters, ranges). "
    "A rung that failed lists findings with file, line, rule and source.",
    arguments.Verify,
    answers.VERIFY_SCHEMA,
    _verify,
)
_READING = (
    Tool(
        "scan",
        "Find what reaches OpenAI",
        "Find every place in the folder that reaches the OpenAI API: imports, clients, calls, "
        "models, environment variables, raw HTTP, exceptions, dependencies, configuration. Each "
        "has an id, file, line, kind, certainty (proven or likely) and how it is known. Knows "
        "frameworks, notebooks and documents. The code is never run. Start here.",
        arguments.Scan,
        answers.SCAN_SCHEMA,
        _scan,
    ),
    Tool(
        "plan",
        "Plan the migration",
        "What `apply` would do to move the code to a provider; writes nothing. Every site is "
        "converted, on the checklist (with why and what to do) or left. `show` chooses the part "
        "that is given, page by page: first `summary`, then `diffs`, to be reviewed, and "
        "`checklist`. Only what is proven is rewritten.",
        arguments.Plan,
        answers.PLAN_SCHEMA,
        _plan,
    ),
    Tool(
        "explain",
        "Explain a place or a name",
        "Explain a line of the code (`place`): what is there, how it is known, step by step, what "
        "is decided for the provider, by which fact with source and date, and what would change "
        "that. Or what becomes of a name of OpenAI's at the provider (`api`, `model`, "
        "`parameter`), or what a `code` of the checklist means. Trust it over what you remember.",
        arguments.Explain,
        answers.EXPLAIN_SCHEMA,
        _explain,
    ),
    Tool(
        "checklist",
        "List what is left to do",
        "The checklist, read anew against the code: which items are open, which are settled and "
        "how that is known. With `briefs`, all that is needed to settle an open item. Before "
        "`apply` it says what would be left. Writes nothing.",
        arguments.Checklist,
        answers.CHECKLIST_SCHEMA,
        _checklist,
    ),
    _VERIFY,
)
_WRITING = (
    Tool(
        "verify",
        "Check and run the migrated code",
        f"{_VERIFY.description} With `command` also: emulated (the command, as a test run, in "
        "front of a strict local stand-in for the provider, with no key; each request accepted or "
        "refused, by which rule, from which line) and before and after (test by test). The "
        "command runs with the rights of this server.",
        arguments.VerifyRunning,
        answers.VERIFY_SCHEMA,
        _verify,
        writes=True,
        elsewhere=True,
    ),
    Tool(
        "apply",
        "Migrate the code",
        "Write what `plan` with the same arguments shows: all of it or nothing, with "
        "MIGRATION_CHECKLIST.md and migration.diff beside. Refuses to write over changes that are "
        "not committed. `undo` takes it back byte for byte. Show your user the plan first.",
        arguments.Apply,
        answers.APPLY_SCHEMA,
        _apply,
        writes=True,
    ),
    Tool(
        "undo",
        "Take a run back",
        "Take back a run of `apply`, byte for byte: the newest, or the one that is named. Refuses "
        "where a file has changed since.",
        arguments.Undo,
        answers.UNDO_SCHEMA,
        _undo,
        writes=True,
        repeatable=False,
    ),
)
