"""What goes wrong with a fleet as a whole, or with one repository of it."""

from __future__ import annotations

from migrator.errors import MigrateError


class FleetError(MigrateError):
    """The list, an option or the folder for the results cannot be used."""

    exit_code = 2


class EngineError(MigrateError):
    """What carries out the work cannot be reached, or ended; what is done is kept."""

    exit_code = 3


class RepositoryError(MigrateError):
    """One repository cannot be fetched or looked at; the others go on."""

    exit_code = 3
