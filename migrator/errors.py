"""What goes wrong and is told to the user in one line."""

from __future__ import annotations


class MigrateError(Exception):
    """The message names the file and what to do; `exit_code` is that of the process."""

    exit_code = 1
