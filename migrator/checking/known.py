"""Which uses were there before: counted by what is used and by the text of its line.

A line that was edited beside its use, or moved, is not new; a second use beside a first one is.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.checking.uses import Use

# What a use is known by: its code, its subject, and the mark of its line.
Key = tuple[str, str, str]


class Known:
    """Uses that were there before, each as often as it was."""

    def __init__(self) -> None:
        self.counts: dict[Key, int] = {}

    def add(self, key: Key, count: int = 1) -> None:
        """Know some uses more."""
        self.counts[key] = self.counts.get(key, 0) + count

    def take(self, use: Use) -> bool:
        """Whether a use of that very line is known; it is then taken out."""
        return self._take(key_of(use))

    def take_edited(self, use: Use) -> bool:
        """The same for a use of that code and subject, whatever its line says."""
        for code, subject, mark in self.counts:
            if (code, subject) == use.what and self._take((code, subject, mark)):
                return True
        return False

    def _take(self, key: Key) -> bool:
        count = self.counts.get(key, 0)
        if not count:
            return False
        if count == 1:
            del self.counts[key]
        else:
            self.counts[key] = count - 1
        return True


def key_of(use: Use) -> Key:
    """What a use is known by, wherever it stands."""
    return use.code, use.subject, use.mark


def known_of(uses: Iterable[Use]) -> Known:
    """Some uses as known ones."""
    known = Known()
    for use in uses:
        known.add(key_of(use))
    return known


def unknown(uses: Iterable[Use], known: Known) -> list[Use]:
    """The uses that are new. Those that are known are taken out of `known`."""
    left = [use for use in uses if not known.take(use)]
    return [use for use in left if not known.take_edited(use)]
