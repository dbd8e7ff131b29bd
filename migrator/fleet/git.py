"""What git is asked to do, so that no repository runs a program here.

A repository is hostile until shown otherwise: hooks, filters, file system monitors and helpers are
programs that its settings name. Only fetching goes by the user's own settings, which may hold the
way to a private host; it takes none from the other side. All else is done without any settings.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from migrator.fleet.entries import SCHEMES, Entry
from migrator.fleet.errors import RepositoryError
from migrator.language import _

_NOWHERE = os.devnull
_SAFE = {
    "core.hooksPath": _NOWHERE,
    "core.fsmonitor": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.writeCommitGraph": "false",
    "protocol.allow": "never",
    **{f"protocol.{scheme}.allow": "always" for scheme in SCHEMES},
    "gc.auto": "0",
    "maintenance.auto": "false",
    "commit.gpgSign": "false",
    "pack.threads": "1",  # the same bytes each time
    "credential.interactive": "false",
    "advice.detachedHead": "false",
}
# What says which repository is meant, for whoever started this program.
_ELSEWHERE = re.compile(
    r"GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR"
    r"|NAMESPACE|PREFIX|TRACE.*|TEMPLATE_DIR|EXTERNAL_DIFF|EDITOR|QUARANTINE_PATH)"
)
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": ":".join(SCHEMES),
    "LC_ALL": "C",
}
# The first two are for git before 2.32, which does not know the others.
_ALONE = {
    **dict.fromkeys(("HOME", "XDG_CONFIG_HOME"), "/nonexistent"),
    **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), _NOWHERE),
    "GIT_CONFIG_NOSYSTEM": "1",
}

# Git says that nothing came; the line before it, of ssh, says why.
_UNREAD = "fatal: Could not read from remote repository."


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a repository, or a bare one."""
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return (folder / ".git").exists() or bare


def copy(entry: Entry, source: str, tree: Path) -> str:
    """Put the files of one commit into an empty folder; gives the commit.

    No history, no tags, no submodules. Raises RepositoryError.
    """
    _git(tree, "init", "--quiet", "--template=")
    where = source if entry.is_address else Path(source).as_uri()
    depth = ("--depth=1", "--no-tags", "--no-recurse-submodules", "--quiet")
    _git(tree, "fetch", *depth, "--", where, entry.ref or "HEAD", users=True)
    _git(tree, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    return _git(tree, "rev-parse", "HEAD").decode().strip()


def commit(tree: Path, paths: Sequence[str], message: str, author: str, branch: str) -> str:
    """Commit some files and name the commit; gives it.

    It has the date of the commit before it: the same change of the same files is the same commit.
    Raises RepositoryError.
    """
    listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
    _git(tree, "--literal-pathspecs", "add", "--force", "--pathspec-from-file=-",
         "--pathspec-file-nul", given=listed)  # fmt: skip
    date = _git(tree, "log", "-1", "--format=%cI").decode().strip()
    name, __, address = author.rpartition(" ")
    people = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", name), ("EMAIL", address.strip("<>")), ("DATE", date))
    }
    _git(
        tree, "commit", "--quiet", "--no-verify", "--file=-", given=message.encode(), people=people
    )
    _git(tree, "update-ref", f"refs/heads/{branch}", "HEAD")
    return _git(tree, "rev-parse", "HEAD").decode().strip()


def bundle(tree: Path, base: str, branch: str) -> bytes:
    """What a branch has over a commit, as a file that git fetches from. Raises RepositoryError."""
    return _git(tree, "bundle", "create", "--quiet", "-", f"refs/heads/{branch}", f"^{base}")


def is_branch(name: str) -> bool:
    """Whether a branch may be called so."""
    try:
        _git(Path(), "check-ref-format", "--branch", name)
    except RepositoryError:
        return False
    return not name.startswith("-")


def author() -> str:
    """Who the user is to git, as `Name <address>`; this program where git does not know."""
    try:
        told = _git(Path(), "var", "GIT_AUTHOR_IDENT", users=True).decode("utf-8", "replace")
    except RepositoryError:
        return "migrate <migrate@localhost>"
    return told.rpartition(">")[0] + ">"


def _git(
    folder: Path,
    *arguments: str,
    given: bytes = b"",
    users: bool = False,
    people: Mapping[str, str] | None = None,
) -> bytes:
    """What git prints. With `users` by the user's own settings. Raises RepositoryError."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not (_ELSEWHERE.fullmatch(name) if users else name.startswith("GIT_"))
    }
    environment = {**kept, **_QUIET, **({} if users else _ALONE), **(people or {})}
    settings = [word for name, value in _SAFE.items() for word in ("-c", f"{name}={value}")]
    command = ["git", "--no-optional-locks", *settings, "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, env=environment)
    except OSError as error:
        raise RepositoryError(_("git cannot be run: {reason}", reason=error.strerror)) from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace")
        raise RepositoryError(_("git {what}: {reason}", what=arguments[0], reason=_reason(told)))
    return done.stdout


def _reason(told: str) -> str:
    """The line that says why, of all that git prints."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    if _UNREAD in lines[1:]:
        return lines[lines.index(_UNREAD) - 1]
    grave = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:", "remote:"))]
    return (grave or lines or [_("it says nothing")])[0].partition(": ")[2] or lines[0]
