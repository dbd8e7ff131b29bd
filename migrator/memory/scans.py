"""What scans leave: what the sieve found of each file, the analysis of each program, the whole.

Everything is kept for the very version of this program and of Python that made it. A result is used
again where every file is as it was; otherwise the files that changed are read and sifted, and a
program is analysed anew if the content of one of its files is another.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

from migrator import __version__, language
from migrator.memory import folder
from migrator.memory.states import UNKNOWN, WIDTH, settled, states_of

if TYPE_CHECKING:
    from migrator.analysis.result import Analysis, ScanResult
    from migrator.discovery import Listed
    from migrator.discovery.sieve import Sheet, Sieve, Sifted
    from migrator.memory.states import States

_PACKAGE = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
# The values of an analysis are made of these modules' classes, and of plain data.
_OWN = frozenset({"migrator.analysis.result", "migrator.analysis.sites"})
_CODE = (".py", ".json", ".yaml", ".mo")
# Programs are kept for as many states of a repository, so that two branches do not drive each other
# out.
_MOST_PROGRAMS = 200
_PROGRAM_BYTES = 40_000_000


@dataclass
class _Kept:
    """What is kept of a root's files: the sheet of their paths, and of programs by their keys."""

    paths: tuple[str, ...] = ()
    sheet: Sheet | None = None
    programs: dict[bytes, bytes] = field(default_factory=dict)


class Memory:
    """What is kept of one root. See `memory_of`."""

    def __init__(self, place: str, listed: Listed) -> None:
        self._place = place
        self._listed = listed
        root = os.fsencode(listed.root)
        self._name = hashlib.sha256(root + b"\0" + fingerprint()).hexdigest()[:32]
        self._sheet: Sheet | None = None
        self._programs: dict[bytes, bytes] = {}

    # -- the whole ------------------------------------------------------------------------------

    def result(self) -> ScanResult | None:
        """The result of a scan, where nothing has changed since."""
        body = folder.read(self._place, self._result_name)
        size = len(self._state)
        if body is None or body[:size] != self._state:
            return None
        found: ScanResult | None = _loaded(body[size:])
        return found

    def keep(self, result: ScanResult) -> None:
        """Keep the result of a scan, and all that was found on the way."""
        assert self._sheet is not None
        self._sheet.states = settled(self._sheet.states, self._listed.started)
        state = self._state_of(self._sheet.states)
        folder.write(self._place, self._result_name, state + _dumped(result))
        programs = _newest({**self._programs, **self._kept.programs})
        kept = (self._listed.paths, self._columns(self._sheet), programs)
        folder.write(self._place, f"{self._name}.files", _dumped(kept))

    @cached_property
    def _result_name(self) -> str:
        what = "\0".join((*self._listed.paths, *self._skipped)).encode("utf-8", "surrogatepass")
        return f"{self._name}-{hashlib.sha256(what).hexdigest()[:16]}.result"

    @property
    def _skipped(self) -> Iterator[str]:
        return (f"{path}\0{why.name}" for path, why in sorted(self._listed.skipped.items()))

    @cached_property
    def _states(self) -> States:
        return states_of(str(self._listed.root), self._listed.paths)

    @cached_property
    def _state(self) -> bytes:
        return self._state_of(self._states)

    @staticmethod
    def _state_of(states: States) -> bytes:
        return hashlib.sha256(states.tobytes()).digest()

    # -- the files ------------------------------------------------------------------------------

    @cached_property
    def _kept(self) -> _Kept:
        body = folder.read(self._place, f"{self._name}.files")
        content = _loaded(body) if body is not None else None
        if content is None:
            return _Kept()
        from migrator.discovery.sieve import Sheet

        paths, (kinds, imports, states, digests), programs = content
        columns = Sheet(bytearray(kinds), imports, array("q", states), digests)
        return _Kept(paths, columns, programs)

    @staticmethod
    def _columns(sheet: Sheet) -> tuple[Any, ...]:
        return bytes(sheet.kinds), sheet.imports, sheet.states.tobytes(), sheet.digests

    def sheet(self, sieve: Sieve) -> Sheet:
        """What the sieve finds out of the listed files; those that are as they were it leaves."""
        from migrator.discovery import sheet_of

        paths = self._listed.paths
        if self._kept.sheet is None:
            self._sheet = sheet_of(sieve, paths)
            return self._sheet
        places = dict(zip(self._kept.paths, range(len(self._kept.paths)), strict=True))
        before, now = self._kept.sheet.states, self._states
        same: list[int | None] = []
        for at, path in enumerate(paths):
            place = places.get(path)
            if place is not None:
                then = before[place * WIDTH : place * WIDTH + WIDTH]
                if then != now[at * WIDTH : at * WIDTH + WIDTH] or tuple(then) == UNKNOWN:
                    place = None
            same.append(place)
        changed = [path for path, place in zip(paths, same, strict=True) if place is None]
        fresh = sheet_of(sieve, changed)
        self._sheet = _woven(self._kept.sheet, fresh, same)
        return self._sheet

    # -- programs -------------------------------------------------------------------------------

    def analysis(self, program: Sifted) -> Analysis | None:
        """The analysis of a program whose files all have the content that they had."""
        key = _key(program)
        body = self._kept.programs.get(key)
        found: Analysis | None = _loaded(body) if body is not None else None
        if found is not None and body is not None:
            self._programs[key] = body
        return found

    def keep_analysis(self, program: Sifted, analysis: Analysis) -> None:
        """Keep what an analysis says, without the texts of files."""
        self._programs[_key(program)] = _dumped(analysis)


def memory_of(listed: Listed) -> Memory | None:
    """What is kept of a root; None where there is no place for it."""
    place = folder.folder(str(listed.root))
    return Memory(place, listed) if place is not None and fingerprint() else None


def _woven(old: Sheet, fresh: Sheet, same: Iterable[int | None]) -> Sheet:
    """One sheet of the rows of another, by their places, and for each None the next fresh one."""
    from migrator.discovery.sieve import Sheet

    made = Sheet()
    at = 0
    for place in same:
        source, row = (fresh, at) if place is None else (old, place)
        at += place is None
        made.kinds.append(source.kinds[row])
        made.imports.append(source.imports[row])
        made.states.extend(source.states[row * WIDTH : row * WIDTH + WIDTH])
        made.digests.append(source.digests[row])
    return made


def _key(program: Sifted) -> bytes:
    """What tells a program from another: its files, and what stands in them."""
    made = hashlib.sha256()
    for paths in (program.python, program.documents):
        for path in paths:
            made.update(path.encode("utf-8", "surrogatepass") + b"\0" + program.digests[path])
        made.update(b"\n")
    return made.digest()


def _newest(programs: dict[bytes, bytes]) -> dict[bytes, bytes]:
    room, kept = _PROGRAM_BYTES, {}
    for key, body in list(programs.items())[:_MOST_PROGRAMS]:
        room -= len(body)
        if room >= 0:
            kept[key] = body
    return kept


# -- as bytes --------------------------------------------------------------------------------------


class _Unpickler(pickle.Unpickler):
    """Makes nothing but what an analysis says."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in _OWN else None
        kind = found if isinstance(found, type) else type(found)
        if kind.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def _dumped(value: object) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _loaded(body: bytes) -> Any:
    """What was kept, None where it cannot be read any more."""
    try:
        return _Unpickler(BytesIO(body)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, ValueError, EOFError):
        return None


@cache
def fingerprint() -> bytes:
    """What tells one state of this program, and the Python it runs on, from any other.

    Empty where that cannot be known: then nothing is kept.
    """
    said = (__version__, sys.version, sys.implementation.cache_tag, language.current())
    made = hashlib.sha256(repr(said).encode())
    try:
        for path in sorted(_code_files()):
            with open(path, "rb") as file:  # noqa: PTH123
                made.update(path.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    except OSError:
        return b""
    return made.digest()


def _code_files() -> Iterator[str]:
    for at, _folders, names in os.walk(_PACKAGE):
        yield from (f"{at}/{name}" for name in names if name.endswith(_CODE))
