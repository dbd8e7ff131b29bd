"""How git is asked about a repository that nobody has vouched for.

What stands in `.git/config` and `.gitattributes` may name programs and addresses. Looking writes
nothing there, starts none of those programs, and reaches no other machine.
"""

from __future__ import annotations

import os

from migrator.regular import content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A command of git begins with these.
GIT = (
    "git", "--no-optional-locks", "--no-pager",
    "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}",
)  # fmt: skip
# A pipe that is called .gitignore holds git up for ever.
SECONDS = 120
# Options of `git diff` and of `git status`. A submodule has settings of its own.
DIFF_OPTIONS = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
STATUS_OPTIONS = ("--ignore-submodules=all",)

# No protocol is allowed: an object that a partial clone lacks is not fetched.
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
_FILTERS = ("config", "--null", "--show-scope", "--name-only", "--get-regexp", r"^filter\.")
_OWN_SCOPES = frozenset({"local", "worktree"})
_SPOKEN_OF = (b"filter", b"include", b"worktreeconfig")


def environment(*, inherited: bool = False) -> dict[str, str]:
    """The variables for git; those that a hook is told its repository and index by, if wanted."""
    kept = {name: one for name, one in os.environ.items() if inherited or name[:4] != "GIT_"}
    return {**kept, **_QUIET}


def unfiltered(folder: str, asked: Callable[[Sequence[str]], bytes]) -> list[str]:
    """Options by which the programs are not run that a repository has files filtered by.

    Git would compare what a file holds by way of them. `asked` gives what a command of git says.
    Filters of the machine's own settings stay: who set them wants them.
    """
    if not _may_filter(folder):
        return []
    words = os.fsdecode(asked(_FILTERS)).split("\0")
    drivers = {
        key.split(".", 1)[1].rpartition(".")[0]
        for scope, key in zip(words[::2], words[1::2], strict=False)
        if scope in _OWN_SCOPES
    }
    settings = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return [
        word
        for driver in sorted(drivers)
        for name, value in settings
        for word in ("-c", f"filter.{driver}.{name}={value}")
    ]


def _may_filter(folder: str) -> bool:
    """Whether a repository's settings could name a filter: asking git takes longer than looking."""
    folder = os.path.abspath(folder)  # noqa: PTH100
    while not os.path.lexists(f"{folder}/.git"):
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return False
        folder = above
    try:
        settings = content(f"{folder}/.git/config").lower()
    except OSError:  # the settings are elsewhere: of a worktree, of a submodule
        return True
    return any(word in settings for word in _SPOKEN_OF)
