"""End commands at every call by which they change the disk, and look what is left.

python -m benchmarks.crash_points [--only NAME] [--every N] [--faults kill,full,refuse] [--strace]

Each point is a process of its own on a fresh tree, ended there (or refused, or on a disk that is
full from there on). Then the command is given again, as a person would: it carries on, or names
the run to take back, which gives the tree of before. At the end the tree is as planned, and `undo`
gives the first tree, byte for byte. With --strace the system calls themselves are cut off, of a
whole process, by strace's injection.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faulty import Faulty, full, killed, refused

Tree = dict[str, tuple[str, int, bytes]]
_JOURNAL = ".migrate"
_UNDO = re.compile(r"migrate undo( [^\n]*\d{4}-\S+)")
_ROUNDS = 20
# How long a command may say nothing: one that waits for an answer, and one that is at work.
_WAITS, _WORKS = 5, 120
_KILLED = -signal.SIGKILL
_FAILED = 6  # `migrate fleet`, where a repository failed
_APPLY = ("apply", "--target", "bailian")

_SCAN = ("scan", "pkg", "--format", "json")
_CACHE = {"MIGRATE_CACHE_DIR": "cache"}
_FLEET = ("fleet", "repos.txt", "--output", "out", "--target", "bailian", "--apply", "--jobs", "1")
_INIT = ("init", "--yes", "--hook", "--target", "bailian")

_UNSERVED = "client.moderations.create(input=text)"
_FILES = {
    "app.py": (
        0o755,
        "import os\n\nfrom openai import OpenAI\n\n"
        'client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n\n\n'
        "def answer(question):\n"
        '    return client.chat.completions.create(model="gpt-4o", messages=[\n'
        '        {"role": "user", "content": question}\n    ])\n\n\n'
        "def vectors(texts):\n"
        '    return client.embeddings.create(model="text-embedding-3-small", input=texts)\n',
    ),
    "review.py": (
        0o640,
        "import os\n\nfrom openai import OpenAI\n\n\ndef review(text):\n"
        '    with OpenAI(api_key=os.environ["REVIEW_KEY"]) as client:\n'
        f"        return {_UNSERVED}\n",
    ),
    "pkg/worker.py": (
        0o444,
        "from openai import OpenAI\r\n\r\nOpenAI().chat.completions.create(\r\n"
        '    model="gpt-4o-mini", messages=[]\r\n)\r\n',
    ),
    ".env": (0o600, "OPENAI_API_KEY=\n"),
    "requirements.txt": (0o644, "openai==1.109.1\n"),
    "pyproject.toml": (0o644, '[project]\nname = "app"\nversion = "1"\n'),
    "unconcerned.py": (0o644, "x = 1\n"),
}
_LATER = "from openai import OpenAI\n\nclient = OpenAI()\nclient.models.list()\n"


@dataclass(frozen=True)
class Scenario:
    """A command on a tree that `earlier` commands have been carried out on.

    `answers` are typed at its terminal, and `mend` is done before all is taken back. A command that
    is not `undoable` leaves no run; one that is not `whole` writes files one after the other, each
    of which is whole. `meant` leaves out of a tree what nobody is to read yet, or what tells times.
    """

    name: str
    command: tuple[str, ...]
    earlier: Callable[[Path], None] = lambda root: None
    answers: str = ""
    again: tuple[str, ...] = ()
    mend: Callable[[Path], None] = lambda root: None
    undoable: bool = True
    whole: bool = True
    meant: Callable[[Tree], Tree] = lambda found: found
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """What was left at how many points of a command, and what went wrong at which."""

    points: int = 0
    left: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class WrongError(Exception):
    """What must not be, at one point."""


@dataclass(frozen=True)
class Ended:
    """A process: its exit code, what it told, and how often it changed the disk."""

    code: int
    told: str
    points: int = 0


def scenarios() -> tuple[Scenario, ...]:
    """The commands that write."""
    return (
        Scenario("apply", _APPLY),
        Scenario("apply, a second run", _APPLY, _more_after_an_apply),
        Scenario("undo", ("undo",), _after_an_apply),
        Scenario("apply -i", (*_APPLY, "-i"), answers="a\ny\n"),
        Scenario("apply -i, left", (*_APPLY, "-i"), answers="n\nq\nn\n", undoable=False),
        Scenario("checklist", ("checklist",), _settled_after_an_apply, mend=_unsettled),
        Scenario("baseline", ("baseline",), undoable=False),
        Scenario("baseline, again", ("baseline",), _more_after_a_baseline, undoable=False),
        Scenario(
            "init",
            _INIT,
            again=(*_INIT, "--force"),
            undoable=False,
            whole=False,
        ),
        Scenario("scan", _SCAN, undoable=False, meant=_without_cache, environment=_CACHE),
        Scenario(
            "scan, again", _SCAN, _more_after_a_scan,
            undoable=False, meant=_without_cache, environment=_CACHE,
        ),
        Scenario(
            "fleet", _FLEET, _two_repositories, again=(*_FLEET, "--retry", "failed"),
            undoable=False, whole=False, meant=_kept,
        ),
    )  # fmt: skip


def build(root: Path) -> None:
    """The tree that commands are given on."""
    for name, (mode, text) in _FILES.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
        place.chmod(mode)
    (root / "link.py").symlink_to("pkg/worker.py")


def _after_an_apply(root: Path) -> None:
    _succeed(root, _APPLY)


def _more_after_an_apply(root: Path) -> None:
    _succeed(root, _APPLY)
    (root / "later.py").write_text(_LATER)


def _settled_after_an_apply(root: Path) -> None:
    _succeed(root, _APPLY)
    review = root / "review.py"
    review.write_text(review.read_text().replace(_UNSERVED, "text"))


def _unsettled(root: Path) -> None:
    review = root / "review.py"
    review.write_text(review.read_text().replace("return text", f"return {_UNSERVED}"))


def _more_after_a_baseline(root: Path) -> None:
    _succeed(root, ("baseline",))
    (root / "later.py").write_text(_LATER)


def _more_after_a_scan(root: Path) -> None:
    _succeed(root, _SCAN, _CACHE)
    (root / "pkg/later.py").write_text(_LATER)


def _without_cache(found: Tree) -> Tree:
    return {name: one for name, one in found.items() if name.split("/")[0] != "cache"}


def _two_repositories(root: Path) -> None:
    for name in ("one", "two"):
        build(root / "repositories" / name)
    commit(root / "repositories/one")
    (root / "repos.txt").write_text("repositories/one\nrepositories/two\n")


def commit(root: Path) -> None:
    """Make a git repository of a tree."""
    said = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "first")):
        subprocess.run(("git", *said, *command), cwd=root, check=True, capture_output=True)


def _kept(found: Tree) -> Tree:
    """A tree with the results that are kept: one that is not whole has no result.json."""
    results = "out/repositories/"
    kept = {name.rpartition("/")[0] for name in found if name.endswith("/result.json")}
    return {
        name: one
        for name, one in found.items()
        if not name.endswith((".part", "/runs.jsonl", "/.lock"))
        and (not name.startswith(results) or "/".join(name.split("/")[:3]) in kept)
    }


def warm_up() -> None:
    """Import what the commands use, for the processes to be forked from this one."""
    from migrator import cli

    spoken = sys.stdout, sys.stderr, sys.argv
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        root = Path(folder)
        build(root)
        sys.stdout = sys.stderr = nowhere
        try:
            os.chdir(root)
            for command in (_APPLY, ("checklist",), ("undo",), ("baseline",), _INIT):
                sys.argv = ["migrate", *command]
                with suppress(SystemExit):
                    cli.main()
        finally:
            os.chdir(here)
            sys.stdout, sys.stderr, sys.argv = spoken


def tree(root: Path) -> Tree:
    """Every file, link and folder with mode and content, without the journal."""
    found: Tree = {}
    for place in sorted(root.rglob("*")):
        name = place.relative_to(root).as_posix()
        if name.split("/")[0] == _JOURNAL:
            continue
        mode = place.lstat().st_mode & 0o7777
        if place.is_symlink():
            found[name] = ("link", 0, os.fsencode(place.readlink()))
        elif place.is_dir():
            found[name] = ("folder", mode, b"")
        else:
            found[name] = ("file", mode, place.read_bytes())
    return found


def run(
    root: Path,
    command: Sequence[str],
    faulty: Faulty | None = None,
    answers: str = "",
    first: Callable[[], None] = lambda: None,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Carry out a command of `migrate` in a forked process, which does something else `first`."""
    environment = {"MIGRATE_CACHE_DIR": "", **(environment or {})}
    counted, counting = os.pipe()
    child, terminal = pty.fork()
    if not child:
        os.environ.update(environment)
        _carry_out(root, command, faulty, counting, first, interactive=bool(answers))
    os.close(counting)
    if answers:
        os.write(terminal, answers.encode())
    told = _all_of(terminal, _WAITS if answers else _WORKS)
    os.close(terminal)  # whoever still waits for an answer is hung up on
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(counted) as pipe:  # noqa: PTH123
        return Ended(code, told, int(pipe.read() or 0))


def _carry_out(
    root: Path,
    command: Sequence[str],
    faulty: Faulty | None,
    counting: int,
    first: Callable[[], None],
    *,
    interactive: bool,
) -> None:
    code = 1
    try:
        os.chdir(root)
        if not interactive:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        # What the parent has in their place is not the terminal.
        sys.stdin, sys.stdout, sys.stderr = map(_stream, range(3))
        sys.argv = ["migrate", *command]
        from migrator.cli import main

        first()
        if faulty is not None:
            faulty.install()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        sys.stdout.flush()
        if faulty is not None:
            os.write(counting, str(faulty.stop()).encode())
    except BaseException as error:  # what `main` lets through is for the parent to see
        print(f"Traceback: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _stream(number: int) -> io.TextIOWrapper:
    raw = io.FileIO(number, "w" if number else "r")
    buffered = io.BufferedWriter(raw) if number else io.BufferedReader(raw)
    return io.TextIOWrapper(
        buffered, encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


def _all_of(terminal: int, seconds: float) -> str:
    told = b""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        told += part
    return told.decode("utf-8", "replace").replace("\r\n", "\n")


def _succeed(
    root: Path, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> None:
    ended = run(root, command, environment=environment)
    if ended.code:
        raise WrongError(f"{' '.join(command)} ended with {ended.code}: {ended.told}")


class Walk:
    """Every point of one scenario."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario = scenario
        self.folder = folder
        self.template = folder / "template"
        build(self.template)
        self.first = tree(self.template)
        scenario.earlier(self.template)
        self.before = self._tree(self.template)
        done = self._copy()
        ended = self._run(done, scenario.command, Faulty(0))
        if ended.code:
            raise WrongError(f"{scenario.name} ended with {ended.code}: {ended.told}")
        self.points = ended.points
        self.planned = self._tree(done)
        self.told = ended.told

    def _tree(self, root: Path) -> Tree:
        return self.scenario.meant(tree(root))

    def _run(self, root: Path, command: Sequence[str], faulty: Faulty | None = None) -> Ended:
        answers, environment = self.scenario.answers, self.scenario.environment
        return run(root, command, faulty, answers, environment=environment)

    def all(self, fault: Callable[[int], Faulty], every: int = 1, first: int = 1) -> Tally:
        """What a fault leaves at each point (at every so manyth)."""
        tally = Tally()
        for point in range(first, self.points + 1, every):
            tally.points += 1
            root = self._copy()
            try:
                tally.left[self._met(root, fault(point))] += 1
            except WrongError as error:
                tally.wrong.append(f"{self.scenario.name}, point {point}: {error}")
        return tally

    def cut_off(self, root: Path, ended: Ended) -> str:
        """What a process left that was ended on its way, once the person has gone on."""
        if ended.code != _KILLED and ended.code:
            _require_a_clear_error(ended)
        # A repository that failed is told of, and is to be done again.
        left = "in between" if ended.code == _FAILED else self._standing(self._tree(root))
        if left == "in between" and self.scenario.undoable:
            # Whatever is asked next has to say so.
            next_one = run(root, (*_APPLY, "--dry-run"))
            if next_one.code != 3 or not _UNDO.search(next_one.told):
                raise WrongError(f"apply --dry-run says nothing of it: {next_one.told}")
        self._go_on(root)
        return left

    def _met(self, root: Path, faulty: Faulty) -> str:
        ended = self._run(root, self.scenario.command, faulty)
        if not ended.code and self._tree(root) != self.planned:
            raise WrongError("it ends with 0, and the tree is not as planned")
        return self.cut_off(root, ended)

    def _standing(self, now: Tree) -> str:
        if now == self.before:
            return "as it was"
        if now == self.planned:
            return "as planned"
        if not self.scenario.whole:
            wrong = [
                path
                for path in {*now, *self.before, *self.planned}
                if now.get(path) not in (self.before.get(path), self.planned.get(path))
            ]
            if wrong:
                raise WrongError(f"neither as before nor as planned: {wrong}")
        elif not self.scenario.undoable:
            changed = sorted(one for one in now if now[one] != self.before.get(one))
            raise WrongError(f"neither as it was nor as planned: {changed}")
        return "in between"

    def _go_on(self, root: Path) -> None:
        command = self.scenario.again or self.scenario.command
        ended = self._run(root, command)
        if ended.code == 3 and (named := _UNDO.search(ended.told)):
            _succeed(root, ("undo", *shlex.split(named[1])))
            if self._tree(root) != self.before:
                raise WrongError("undo does not give the tree of before")
            ended = self._run(root, command)
        there = self._tree(root) == self.planned
        if self.scenario.environment and ended.told != self.told:
            raise WrongError(f"given again it tells something else: {ended.told}")
        if not there or (ended.code and self.scenario.command != ("undo",)):
            raise WrongError(f"given again it does not come to its end: {ended.told}")
        if self.scenario.undoable:
            self._take_all_back(root)

    def _take_all_back(self, root: Path) -> None:
        self.scenario.mend(root)
        while (root / _JOURNAL / "runs").exists():
            _succeed(root, ("undo",))
        now = tree(root)
        differs = [p for p in {*now, *self.first} if now.get(p) != self.first.get(p)]
        if set(differs) - {"later.py"}:  # which is no run's own
            raise WrongError(f"taken back, these differ: {sorted(differs)}")
        if (root / _JOURNAL).exists():
            kept = sorted(one.name for one in (root / _JOURNAL).iterdir())
            if self.scenario.answers and kept == [".gitignore", "review.json"]:
                return  # it was written, and the answers were not yet forgotten
            raise WrongError(f"the journal keeps {kept}")

    def _copy(self) -> Path:
        root = self.folder / "root"
        if root.exists():
            shutil.rmtree(root)
        shutil.copytree(self.template, root, symlinks=True)
        return root


def _require_a_clear_error(ended: Ended) -> None:
    *_, last = ended.told.splitlines() or [""]  # behind a question, where one was waiting
    if ended.code == _FAILED and "Failed" in ended.told and "Traceback" not in ended.told:
        return  # of one of many repositories, which the others do not wait for
    if ended.code not in (3, 130) or "migrate: " not in last or "Traceback" in ended.told:
        raise WrongError(f"no clear error, exit code {ended.code}: {last}")


FAULTS: dict[str, Callable[[int], Faulty]] = {
    "kill": lambda at: Faulty(at, killed),
    "full": lambda at: Faulty(at, full, lasting=True),
    "refuse": lambda at: Faulty(at, refused(errno.EIO)),
}


@dataclass(frozen=True)
class Race:
    """Two commands that are begun at once: each in a folder, on a tree that was prepared."""

    name: str
    commands: tuple[tuple[str, ...], tuple[str, ...]]
    folders: tuple[str, str] = (".", ".")
    build: Callable[[Path], None] = build
    earlier: Callable[[Path], None] = lambda root: None


def races() -> tuple[Race, ...]:
    """Who may meet: in one folder, and in folders of which one is in the other, or beside it."""
    return (
        Race("apply beside apply", (_APPLY, _APPLY)),
        Race("apply beside undo", (_APPLY, ("undo",)), earlier=_more_after_an_apply),
        Race("apply above apply", (_APPLY, _APPLY), (".", "pkg"), _repository),
        Race("apply in two folders", (_APPLY, _APPLY), ("pkg", "other"), _repository),
    )


def _repository(root: Path) -> None:
    build(root)
    build(root / "other")
    commit(root)


def race(given: Race, folder: Path, rounds: int) -> Counter[str]:
    """How both end, again and again. Raises WrongError.

    Where one writes what the other was to write, that one is told to wait or to look again. Of each
    run either all is written or nothing, and taken back they give the first tree.
    """
    ends: Counter[str] = Counter()
    for number in range(rounds):
        root = folder / str(number)
        given.build(root)
        first = tree(root)
        given.earlier(root)
        places = [root / one for one in given.folders]
        with ThreadPoolExecutor(2) as both:
            ended = list(both.map(run, places, given.commands))
        for one in ended:
            if one.code:
                _require_a_clear_error(one)
            busy = "at work here" in one.told
            wrote = not one.code and "undo" in one.told
            ends["done" if wrote else "waits" if busy else "looks again"] += 1
        for place in places:
            while (place / _JOURNAL / "runs").exists():
                _succeed(place, ("undo",))
        now = tree(root)
        differs = {one for one in {*now, *first} if now.get(one) != first.get(one)}
        differs = {one for one in differs if _JOURNAL not in one and ".git/" not in one}
        if differs - {"later.py"} or list(root.rglob(f"{_JOURNAL}*")):
            raise WrongError(f"{given.name}: taken back, these differ: {sorted(differs)}; {ended}")
    return ends


# -- strace ---------------------------------------------------------------------------------------

_CALLS = (
    "write", "pwrite64", "writev", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir",
    "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat",
    "chown", "fchown", "fchownat", "lchown", "truncate", "ftruncate", "fsync", "fdatasync",
    "utimensat", "setxattr", "fsetxattr",
)  # fmt: skip


def traced(walk: Walk, every: int) -> Tally:
    """The same with whole processes: of each kind, each system call is the last in turn."""
    tally = Tally()
    for call in _CALLS:
        for number in range(1, 10_000, every):
            root = walk._copy()
            if not _is_killed(root, walk.scenario.command, call, number):
                break
            tally.points += 1
            try:
                tally.left[walk.cut_off(root, Ended(_KILLED, ""))] += 1
            except WrongError as error:
                tally.wrong.append(f"{walk.scenario.name}, {call} {number}: {error}")
    return tally


def _is_killed(root: Path, command: Sequence[str], call: str, number: int) -> bool:
    """Carry out a command until it asks for something so many times; False where it never does."""
    inject = ("-e", f"trace=?{call}", "-e", f"inject=?{call}:signal=KILL:when={number}")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    done = subprocess.run(
        ("strace", "-qq", "-o", os.devnull, *inject, sys.executable, "-m", "migrator", *command),
        cwd=root, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode in (_KILLED, 128 + signal.SIGKILL)


def _walks(
    only: Sequence[str], every: int, faults: Sequence[str], strace: bool
) -> Iterator[tuple[str, str, Tally]]:
    for scenario in scenarios():
        if only and scenario.name not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            walk = Walk(scenario, Path(folder))
            for name in faults:
                yield scenario.name, name, walk.all(FAULTS[name], every)
            if strace and not scenario.answers:
                yield scenario.name, "kill (strace)", traced(walk, every)


def main() -> int:
    """Print a row for each command and fault; 1 where something is lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash_points", description=__doc__)
    parser.add_argument("--only", action="append", help="a command of the table; again for more")
    parser.add_argument("--every", type=int, default=1, help="only every so manyth point")
    parser.add_argument("--faults", default=",".join(FAULTS), help="default: %(default)s")
    parser.add_argument("--strace", action="store_true", help="cut off system calls, too")
    given = parser.parse_args()
    columns = ("as it was", "as planned", "in between")
    print(
        f"{'command':24}{'fault':16}{'points':>8}" + "".join(f"{one:>12}" for one in columns),
        end="",
    )
    print(f"{'recovered':>12}")
    points, wrong = 0, list[str]()
    warm_up()
    for command, fault, tally in _walks(
        given.only, given.every, given.faults.split(","), given.strace
    ):
        points += tally.points
        wrong += tally.wrong
        counts = "".join(f"{tally.left[one]:>12}" for one in columns)
        for told in tally.wrong:
            print(told, file=sys.stderr, flush=True)
        print(
            f"{command:24}{fault:16}{tally.points:>8}{counts}{sum(tally.left.values()):>12}",
            flush=True,
        )
    for given_race in () if given.only else races():
        with tempfile.TemporaryDirectory() as folder:
            ends = race(given_race, Path(folder), _ROUNDS)
        print(f"{given_race.name:24}{_ROUNDS} times: {dict(sorted(ends.items()))}", flush=True)
    print(f"{points} points, {points - len(wrong)} recovered")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
