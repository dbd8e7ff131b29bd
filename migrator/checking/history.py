"""What git keeps: the files of a commit and of the index, and what changed between two states.

Every question is one process, and none is asked before a file is known to use OpenAI.
"""

from __future__ import annotations

import os
from select import select

from migrator.errors import MigrateError
from migrator.git import DIFF_OPTIONS, GIT, SECONDS, environment, unfiltered
from migrator.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LINK, _SUBMODULE = "120000", "160000"
_DELETED = "D"
# Where a merge is going on, what comes from the other branch is not new either.
OTHER_PARENT = "MERGE_HEAD"
# What a pipe takes without a reader, everywhere.
_PIPE, _PART = 4096, 65536
_KILL = 9


class GitError(MigrateError):
    """Git cannot tell what is asked; the message says why, and what to do."""

    exit_code = 3


class NoRepositoryError(GitError):
    """There is no git, or no repository."""


class UnknownRevisionError(GitError):
    """A revision is named that the repository does not have."""

    exit_code = 2


class Change:
    """One file that differs: its path in both states, its blobs ("" for what is not there)."""

    __slots__ = ("new_blob", "new_path", "old_blob", "old_path")

    def __init__(self, old_path: str, old_blob: str, new_path: str, new_blob: str) -> None:
        self.old_path = old_path
        self.old_blob = old_blob
        self.new_path = new_path
        self.new_blob = new_blob


def changes(*arguments: str) -> list[Change]:
    """What `git diff` with some arguments finds, with the renamed told, below the current folder.

    Links and submodules are left out. A blob of the working tree is "".
    """
    told = _git(
        *unfiltered(".", lambda asked: _git(*asked, fine=(0, 1))),
        *(
            "diff",
            "--raw",
            "-z",
            "-M",
            "--no-abbrev",
            *DIFF_OPTIONS,
            "--relative",
            *arguments,
            "--",
        ),
    )
    words = iter(_text(told).split("\0"))
    found = []
    for word in words:
        if not word.startswith(":"):
            continue
        old_mode, new_mode, old_blob, new_blob, status = word[1:].split(" ")
        old_path = new_path = next(words)
        if status[0] in "RC":
            new_path = next(words)
        if {old_mode, new_mode} & {_LINK, _SUBMODULE}:
            continue
        old = "" if status[0] == "A" else _blob(old_blob)
        found.append(Change(old_path, old, "" if status == _DELETED else new_path, _blob(new_blob)))
    return found


def contents(names: Sequence[str]) -> list[bytes | None]:
    """What objects hold, by their names (`HEAD:./app.py`, a blob); None for what is not there."""
    asked = [name for name in names if "\n" not in name]
    told = _git("cat-file", "--batch", given="".join(f"{name}\n" for name in asked))
    found: dict[str, bytes | None] = {}
    at = 0
    for name in asked:
        end = told.index(b"\n", at)
        head = told[at:end].rsplit(b" ", 2)
        at = end + 1
        if len(head) == 3 and head[1] == b"blob" and head[2].isdigit():
            size = int(head[2])
            found[name] = told[at : at + size]
            at += size + 1
        else:
            found[name] = None
    return [found.get(name) for name in names]


def listed(paths: Sequence[str]) -> list[str]:
    """The files below some folders that are tracked, or would be: nothing that is ignored."""
    told = _git("ls-files", "-z", "-c", "-o", "--exclude-standard", "--", *paths)
    return [name for name in dict.fromkeys(_text(told).split("\0")) if name]


def untracked() -> list[str]:
    """The files below the current folder that are neither tracked nor ignored."""
    told = _git("ls-files", "-z", "-o", "--exclude-standard")
    return [name for name in _text(told).split("\0") if name]


def base(one: str, other: str) -> str:
    """The commit where two revisions part. Raises UnknownRevisionError, GitError."""
    _refuse_zeros(one)
    try:
        return _text(_git("merge-base", one, other)).strip()
    except NoRepositoryError:
        raise
    except GitError:
        for name in (one, other):
            revision(name)
    if _text(_git("rev-parse", "--is-shallow-repository")).strip() == "true":
        raise GitError(
            _(
                "the history here is too short to tell where {one} and {other} part: fetch all of "
                "it (`git fetch --unshallow`; `fetch-depth: 0` of actions/checkout; `GIT_DEPTH: 0` "
                "of GitLab)",
                one=one,
                other=other,
            )
        )
    raise GitError(_("{one} and {other} have no commit in common", one=one, other=other))


def _refuse_zeros(name: str) -> None:
    if name and not name.strip("0"):
        raise UnknownRevisionError(
            _(
                "there is no commit before: its name is all zeros, as it is for a new branch; name "
                "the branch that it is to join, as in `--from-ref origin/main`"
            )
        )


def revision(name: str) -> str:
    """The commit of a name. Raises UnknownRevisionError."""
    try:
        return _text(_git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")).strip()
    except NoRepositoryError:
        raise
    except GitError:
        raise UnknownRevisionError(
            _(
                "{name} is no commit that is known here: fetch it, or mend its name "
                "(a shallow clone knows only the last one)",
                name=name,
            )
        ) from None


def head() -> str:
    """The last commit; where there is none yet, the empty tree."""
    try:
        return revision("HEAD")
    except UnknownRevisionError:
        return _text(_git("hash-object", "-t", "tree", "--stdin", given="")).strip()


def _blob(name: str) -> str:
    return name if name.strip("0") else ""


def _text(told: bytes) -> str:
    return os.fsdecode(told)


def _git(*arguments: str, given: str | None = None, fine: Sequence[int] = (0,)) -> bytes:
    # A commit of some files is looked at by an index that the hook's environment names.
    variables = {**environment(inherited=True), "LC_ALL": "C"}
    try:
        code, told, faults = _run([*GIT, *arguments], os.fsencode(given or ""), variables)
    except FileNotFoundError:
        raise NoRepositoryError(_("there is no git on this machine")) from None
    if code in fine:
        return told
    fault = faults.decode("utf-8", "replace").strip()
    if "not a git repository" in fault:
        raise NoRepositoryError(_("this is no git repository"))
    line = fault.splitlines()[0].removeprefix("fatal: ") if fault else arguments[0]
    raise GitError(_("git: {fault}", fault=line))


def _run(
    command: list[str], given: bytes, environment: Mapping[str, str]
) -> tuple[int, bytes, bytes]:
    """The exit code of a program, and what it prints."""
    if not hasattr(os, "posix_spawnp") or len(given) > _PIPE:
        import subprocess

        try:
            done = subprocess.run(
                command,
                input=given,
                capture_output=True,
                env=environment,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _silent() from None
        return done.returncode, done.stdout, done.stderr
    # `subprocess` alone takes longer to import than git takes to answer.
    inward, outward, faulty = os.pipe(), os.pipe(), os.pipe()
    try:
        child = os.posix_spawnp(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, inward[0], 0),
                (os.POSIX_SPAWN_DUP2, outward[1], 1),
                (os.POSIX_SPAWN_DUP2, faulty[1], 2),
            ],
        )
        os.write(inward[1], given)
    finally:
        for descriptor in (*inward, outward[1], faulty[1]):
            os.close(descriptor)
    try:
        told, faults = _whole(outward[0]), _whole(faulty[0])
    except TimeoutError:
        os.kill(child, _KILL)
        os.waitpid(child, 0)
        raise _silent() from None
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told, faults


def _silent() -> GitError:
    return GitError(
        _(
            "git: {fault}",
            fault=_(
                "no answer within {number} seconds; does a pipe bear the name .gitignore or "
                ".gitattributes?",
                number=SECONDS,
            ),
        )
    )


def _whole(descriptor: int) -> bytes:
    """All that comes out of a pipe, which is closed then. Raises TimeoutError."""
    parts: list[bytes] = []
    try:
        while select([descriptor], [], [], SECONDS)[0]:
            if not (part := os.read(descriptor, _PART)):
                return b"".join(parts)
            parts.append(part)
    finally:
        os.close(descriptor)
    raise TimeoutError
