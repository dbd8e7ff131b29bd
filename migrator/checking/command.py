"""The two commands as they are started: the options, and files that need no second look.

What a command line asks for is read here as far as it is plain; help and faults are those of the
other commands, which typer gives.
"""

from __future__ import annotations

import gc
import os
import sys

from migrator import language
from migrator.checking import sifting
from migrator.errors import MigrateError
from migrator.language import _
from migrator.regular import content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from migrator.checking.judging import Verdict

FORMATS = ("text", "json", "sarif", "github", "gitlab")
_FOR_PEOPLE = ("text", "github")
# New uses were found, or a comment that takes uses off is at fault.
FOUND = 5
# Of `pre-commit run --from-ref A --to-ref B`, and of a push.
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"


class UsageError(MigrateError):
    """Options that do not go together."""

    exit_code = 2


class Options:
    """What the commands are told. `baseline` is None for the nearest, "" for none."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.staged = False
        self.from_ref = ""
        self.to_ref = ""
        self.baseline: str | None = None
        self.all = False
        self.frameworks = False
        self.ignore: list[str] = []
        self.format = FORMATS[0]
        self.output = ""
        self.prune = False


# The options of each command, with the attribute each fills. A flag is one whose value is given.
_FLAGS: dict[str, dict[str, tuple[str, object]]] = {
    "check": {
        "--staged": ("staged", True),
        "--all": ("all", True),
        "--frameworks": ("frameworks", True),
        "--no-baseline": ("baseline", ""),
    },
    "baseline": {"--prune": ("prune", True)},
}
_VALUES: dict[str, dict[str, str]] = {
    "check": {
        "--from-ref": "from_ref",
        "--to-ref": "to_ref",
        "--baseline": "baseline",
        "--ignore": "ignore",
        "--format": "format",
        "--output": "output",
        "-o": "output",
    },
    "baseline": {"--baseline": "baseline"},
}


def parsed(command: str, arguments: Sequence[str]) -> Options | None:
    """The options of a command line; None where it asks for help, or is at fault."""
    options = Options()
    flags, values = _FLAGS[command], _VALUES[command]
    waiting = iter(arguments)
    for argument in waiting:
        name, is_joined, value = argument.partition("=")
        if argument == "--":
            options.files += waiting
        elif argument in flags:
            setattr(options, *flags[argument])
        elif name in values:
            if not is_joined:
                value = next(waiting, "")
            if not value or (name == "--format" and value not in FORMATS):
                return None
            held = getattr(options, values[name])
            if isinstance(held, list):
                held.append(value)
            else:
                setattr(options, values[name], value)
        elif argument.startswith("-"):
            return None
        else:
            options.files.append(argument)
    return options


def carried_out(command: str, arguments: Sequence[str]) -> int | None:
    """Carry out a command line; its exit code, or None where it is one for typer."""
    options = parsed(command, arguments)
    if options is None:
        return None
    gc.disable()  # going through every node of the trees there are takes longer than the rest
    try:
        return COMMANDS[command](options)
    finally:
        gc.enable()


def check(options: Options) -> int:
    """Tell the new uses of OpenAI; the exit code. Raises MigrateError, OSError."""
    _checked(options)
    if options.format not in _FOR_PEOPLE and not options.output:
        language.use(language.ENGLISH)
    words = sifting.needles(frameworks=options.frameworks)
    environment = os.environ
    if not (options.staged or options.all or options.from_ref) and environment.get(_FROM):
        options.from_ref, options.to_ref = environment[_FROM], environment.get(_TO, "")
    baseline = _baseline(options)
    from_git = options.staged or options.from_ref
    held: dict[str, bytes] | None = None
    if options.files and not from_git:
        held = _sifted(options.files, words)
        if held and baseline is None and not options.all:
            from migrator.checking.unchanged import differing

            held = differing(held, words)
        if held == {} and not _names(baseline, options.files):
            return _nothing(options)
    from migrator.checking import judging

    verdict = judging.verdict(options, words, baseline, held)
    return _told(verdict, options)


def baseline(options: Options) -> int:
    """Write the uses that there are to a file; the exit code. Raises MigrateError, OSError."""
    from migrator.checking import judging

    file = options.baseline or _baseline(options) or sifting.BASELINE
    print(judging.written(options, sifting.needles(frameworks=True), file))
    return 0


COMMANDS: dict[str, Callable[[Options], int]] = {"check": check, "baseline": baseline}


def _checked(options: Options) -> None:
    """Raises UsageError for options that contradict each other, and for an unknown code."""
    if options.to_ref and not options.from_ref:
        raise UsageError(_("--to-ref says nothing without --from-ref"))
    if sum(map(bool, (options.staged, options.from_ref, options.all))) > 1:
        raise UsageError(_("--staged, --from-ref and --all exclude each other"))
    if options.baseline and not os.path.exists(options.baseline):  # noqa: PTH110
        raise UsageError(
            _(
                "{file}: there is no baseline; write it: `migrate baseline --baseline {file}`",
                file=options.baseline,
            )
        )
    if options.ignore:
        from migrator.checking.codes import CODES

        for code in options.ignore:
            if code not in CODES:
                raise UsageError(
                    _(
                        "--ignore: there is no code {code!r}; the codes are {codes}",
                        code=code,
                        codes=", ".join(CODES),
                    )
                )


def _baseline(options: Options) -> str | None:
    """The file of known uses; None where there is none."""
    if options.baseline == "" or options.all:
        return None
    if options.baseline is not None:
        return options.baseline
    ups, folder = "", os.getcwd()  # noqa: PTH109
    while True:
        if os.path.exists(f"{ups}{sifting.BASELINE}"):  # noqa: PTH110
            return f"{ups}{sifting.BASELINE}"
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder or os.path.exists(f"{ups}.git"):  # noqa: PTH110
            return None
        folder, ups = above, f"{ups}../"


def _sifted(paths: Iterable[str], words: Sequence[bytes]) -> dict[str, bytes] | None:
    """The files that hold one of the words; None where not all of them can be read."""
    found: dict[str, bytes] = {}
    cores = sifting.by_core(words)
    try:
        for path in paths:
            data = sifting.content(path)
            if sifting.holds_one(data, cores):
                found[path] = data
    except OSError:
        return None
    return found


def _names(baseline: str | None, paths: Iterable[str]) -> bool:
    """Whether a baseline may have entries of some files, by its bytes."""
    if baseline is None:
        return False
    data = content(baseline)
    return any(os.fsencode(path.rpartition("/")[2]) in data for path in paths)


def _nothing(options: Options) -> int:
    """Nothing is new, and no file needs a second look."""
    if options.format in _FOR_PEOPLE and not options.output:
        return 0
    from migrator.checking.judging import Verdict

    verdict = Verdict()
    verdict.files = len(options.files)
    return _told(verdict, options)


def _told(verdict: Verdict, options: Options) -> int:
    """Print what was found; the exit code."""
    from migrator.checking.printing import as_text, rendered

    for note in verdict.notes:
        print(f"migrate: {note}", file=sys.stderr)
    if options.output:
        if not os.path.exists(options.output) or os.path.isfile(options.output):  # noqa: PTH110, PTH113
            from migrator.links import require_inside

            require_inside(options.output)
        text = rendered(verdict, options.format)
        with open(options.output, "wb") as file:  # noqa: PTH123
            file.write(text.encode("utf-8", "surrogateescape"))
        shown = as_text(verdict)
    else:
        shown = rendered(verdict, options.format)
    sys.stdout.flush()
    sys.stdout.buffer.write(shown.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    if verdict.new or verdict.faults:
        return FOUND
    return 3 if verdict.unreadable else 0
