"""Why a tree is not written or not restored. Each message names the file and what to do."""

from __future__ import annotations

from migrator.errors import MigrateError


class ChangesError(MigrateError):
    """The tree could not be changed as asked, and was not."""

    exit_code = 3


class DirtyTreeError(ChangesError):
    """A file to be written has changes that are not committed."""


class ChangedFileError(ChangesError):
    """A file is not what it was when it was read, or when the run wrote it."""


class PathError(ChangesError):
    """A path that must not be written: outside the root, git's own, not a file."""


class BusyError(ChangesError):
    """Another process is writing to the same root."""


class InterruptedRunError(ChangesError):
    """A run was stopped on its way and has to be taken back first."""


class NoRunError(ChangesError):
    """There is no run, or none of that name, to take back."""


class NoFolderError(ChangesError):
    """What is to be restored is no folder."""

    exit_code = 2


class JournalError(ChangesError):
    """The journal is damaged or not the tool's own."""


class WriteError(ChangesError):
    """The operating system refused to write."""
