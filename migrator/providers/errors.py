"""What can be wrong with a provider that is asked for, or with its profile."""

from __future__ import annotations

from migrator.errors import MigrateError


class ProfileError(MigrateError):
    """A profile that can't be used: the message names the file and the key."""

    exit_code = 2


class UnknownProviderError(ProfileError):
    """No profile of that name."""


class RetiredModelError(MigrateError):
    """A model that was asked for and that the provider has switched off."""

    exit_code = 2
