"""Links in the place of what is to be written: a repository may hold one, put there by anybody."""

from __future__ import annotations

import os

from migrator.errors import MigrateError
from migrator.language import _


class LinkError(MigrateError):
    """What is to be written is a link out of the folder that it stands in."""

    exit_code = 3


def require_inside(path: str) -> None:
    """Raise LinkError where the path is a link that leads out of its folder."""
    if not os.path.islink(path):  # noqa: PTH114
        return
    folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120
    if not f"{os.path.realpath(path)}{os.sep}".startswith(f"{folder.rstrip(os.sep)}{os.sep}"):
        raise LinkError(
            _("{path}: leads out of {root}, so it is not written", path=path, root=folder)
        )
