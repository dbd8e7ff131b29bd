"""The script that brings the branches to where their repositories came from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from migrator.fleet.entries import is_address
from migrator.fleet.summary import Fleet
from migrator.fleet.unit import BUNDLE
from migrator.language import _, marked
from migrator.reports.fleet.words import FOLDER

_HEAD = marked("Brings every branch to its repository; read it before you run it.")
_PUSH = """\
cd "$(dirname "$0")" || exit 1
failed=0

# push ADDRESS COMMIT BRANCH BUNDLE
push() {
  copy=$(mktemp -d) &&
    git init --quiet "$copy" &&
    git -C "$copy" fetch --quiet --depth=1 "$1" "$2" &&
    git -C "$copy" fetch --quiet "$PWD/$4" "$3" &&
    git -C "$copy" push "$1" "FETCH_HEAD:refs/heads/$3" || failed=1
  rm -rf "$copy"
}

# take FOLDER BRANCH BUNDLE
take() { git -C "$1" fetch "$PWD/$3" "$2:$2" || failed=1; }
"""


def push_script(fleet: Fleet) -> str:
    """For sh: a branch of an address is pushed there, one of a folder put into its repository."""
    return "\n".join(["#!/bin/sh", f"# {_(_HEAD)}", _PUSH, *_lines(fleet), "exit $failed"]) + "\n"


def _lines(fleet: Fleet) -> Iterator[str]:
    for one in fleet.branches:
        bundle = f"{FOLDER}/{one.name}/{BUNDLE}"
        words = (
            ["push", one.source, one.base, one.branch, bundle]
            if is_address(one.source)
            else ["take", one.source, one.branch, bundle]
        )
        yield shlex.join(words)
