"""How old a profile's facts are: those that were true long ago may not be any more."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from migrator.knowledge.files import entries_with
from migrator.providers import Provider

FRESH = timedelta(days=180)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact of a profile: the keys that lead to it, and its date as it is written."""

    place: str
    as_of: str

    @property
    def latest(self) -> date | None:
        """The last day that the date may mean: of its month or year where it says no more."""
        found = _DATE.fullmatch(self.as_of)
        if found is None:
            return None
        year, month, day = int(found[1]), int(found[2] or 12), int(found[3] or 0)
        return date(year, month, day or calendar.monthrange(year, month)[1])

    def is_stale(self, today: date) -> bool:
        """Whether the source is older than 180 days; what has no date is not known to be."""
        latest = self.latest
        return latest is not None and today - latest > FRESH


def facts(provider: Provider) -> list[Dated]:
    """Every fact of a profile that names its sources."""
    found = entries_with("src", provider.data)
    return [Dated(place, str(entry.get("as_of", ""))) for place, entry in found]


def stale(provider: Provider, today: date) -> list[Dated]:
    """The facts of a profile that are older than 180 days, oldest first."""
    old = [fact for fact in facts(provider) if fact.is_stale(today)]
    return sorted(old, key=lambda fact: (fact.latest or today, fact.place))
