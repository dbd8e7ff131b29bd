"""Failures that the emulator is asked for: which of its requests fail, and how.

The errors are the provider's own, by their kind in its profile; those of the line between are the
same for everybody. Which request fails depends on the seed and on the request's number alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from migrator.errors import MigrateError
from migrator.language import _
from migrator.providers import ErrorCode, Provider

TIMEOUT, CONNECTION_DROP = "timeout", "connection-drop"
LINE = (TIMEOUT, CONNECTION_DROP)
# After how many events a stream may break off; 0 is before anything is answered.
_MOST_EVENTS = 3


class FailureError(MigrateError):
    """What is asked for is no failure that could be played."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """How one request fails: by an error, by silence, or after some events of its answer."""

    kind: str
    error: ErrorCode | None = None
    code: str = ""
    silent: bool = False
    events: int | None = None


class Failures:
    """Draws for each request whether it fails.

    `shares` says of each kind how many of the requests it takes, of 1. Raises FailureError for a
    kind of which the provider's profile knows no error, and for shares that are none.
    """

    def __init__(self, provider: Provider, shares: Mapping[str, float], seed: int = 0) -> None:
        known = errors_by_kind(provider)
        for kind, share in shares.items():
            if kind not in (*known, *LINE):
                names = ", ".join([*known, *LINE])
                raise FailureError(
                    _(
                        "{provider} has no known failure {kind}; there are: {names}",
                        provider=provider.id,
                        kind=kind,
                        names=names,
                    )
                )
            if not 0 < share <= 1:
                raise FailureError(
                    _("the share of {kind} must be above 0 and at most 1", kind=kind)
                )
        if sum(shares.values()) > 1 + 1e-9:
            raise FailureError(_("the shares of all failures are more than 1 together"))
        self._shares = dict(shares)
        self._errors = known
        self._seed = seed
        self._numbers = count(1)

    @property
    def uncoded(self) -> list[str]:
        """The kinds that the provider has a status for, but no code that was read."""
        kinds = [kind for kind in self._shares if kind in self._errors]
        return [kind for kind in kinds if not any(one.known_codes for one in self._errors[kind])]

    def draw(self) -> Failure | None:
        """How the next request fails; None where it does not."""
        chance = Random(f"{self._seed}/{next(self._numbers)}")
        left = chance.random()
        for kind, share in self._shares.items():
            if left < share:
                return self._failure(kind, chance)
            left -= share
        return None

    def _failure(self, kind: str, chance: Random) -> Failure:
        if kind == TIMEOUT:
            return Failure(kind, silent=True)
        if kind == CONNECTION_DROP:
            return Failure(kind, events=chance.randint(0, _MOST_EVENTS))
        worded = [(one, code) for one in self._errors[kind] for code in one.known_codes]
        error, code = chance.choice(worded or [(one, "") for one in self._errors[kind]])
        return Failure(kind, error, code)


def errors_by_kind(provider: Provider) -> dict[str, tuple[ErrorCode, ...]]:
    """The provider's errors that may be asked for, by their kind."""
    kinds = sorted({one.kind for one in provider.errors if one.kind})
    return {kind: tuple(one for one in provider.errors if one.kind == kind) for kind in kinds}


def read_shares(texts: Sequence[str]) -> dict[str, float]:
    """The shares of failures that are written `KIND:SHARE`, or `KIND` for every request.

    Raises FailureError.
    """
    shares: dict[str, float] = {}
    for text in texts:
        kind, colon, share = text.partition(":")
        try:
            shares[kind] = float(share) if colon else 1.0
        except ValueError:
            raise FailureError(
                _("{text}: a failure is written KIND:SHARE, as timeout:0.1", text=text)
            ) from None
    return shares
