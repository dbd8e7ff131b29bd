"""Where in the user's code something is done: the innermost of its frames below the root.

A task or a thread that begins in a library is looked up by the place that started it.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_STANDARD = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
_LOOP = "asyncio.events"


class Place(NamedTuple):
    """A line of the user's code; the path is relative to the root."""

    path: str
    line: int
    function: str


class Seen(NamedTuple):
    """Where something is done, and the modules between that place and here, innermost first."""

    place: Place | None
    modules: list[str]


class Sites:
    """Looks at the stack of whoever asks."""

    def __init__(self, root: str) -> None:
        self._root = os.path.join(os.path.realpath(root), "")
        self._paths: dict[str, str] = {}
        self._tasks: WeakKeyDictionary[Any, Place | None] = WeakKeyDictionary()
        self._threads: WeakKeyDictionary[threading.Thread, Place | None] = WeakKeyDictionary()
        self._job = threading.local()

    def look(self) -> Seen:
        """The place in the user's code that this was called from."""
        modules: list[str] = []
        task, first = _running_task()
        frame = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            path = self._path_of(code.co_filename)
            if path:
                function = getattr(code, "co_qualname", code.co_name)
                return Seen(Place(path, frame.f_lineno, function), modules)
            module = str(frame.f_globals.get("__name__", ""))
            if module == _LOOP:
                return Seen(self._tasks.get(task) if task else None, modules)
            modules.append(module)
            if frame is first and task in self._tasks:
                return Seen(self._tasks[task], modules)
            frame = frame.f_back  # type: ignore[assignment]
        thread = threading.current_thread()
        place = getattr(self._job, "place", None)
        with suppress(TypeError):
            place = place or self._threads.get(thread)
        return Seen(place, modules)

    def remember_task(self, task: Any) -> None:
        """Take the place that is asking for where a task was started."""
        with suppress(TypeError):  # one of somebody's own, that cannot be a key
            self._tasks[task] = self.look().place

    def remember_thread(self, thread: threading.Thread) -> None:
        """Take the place that is asking for where a thread was started."""
        with suppress(TypeError):
            self._threads[thread] = self.look().place

    def from_here(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that, in whatever thread it runs, is known to be started here."""
        place = self.look().place

        def started(*arguments: Any, **named: Any) -> Any:
            before = getattr(self._job, "place", None)
            self._job.place = place
            try:
                return function(*arguments, **named)
            finally:
                self._job.place = before

        return started

    def _path_of(self, filename: str) -> str:
        """The path of a file of the user's, relative to the root; "" for any other."""
        found = self._paths.get(filename)
        if found is None:
            found = self._paths[filename] = self._find(filename)
        return found

    def _find(self, filename: str) -> str:
        if filename.startswith("<"):
            return ""
        try:
            whole = os.path.realpath(filename)
        except (OSError, ValueError):
            return ""  # the name of no file
        if not whole.startswith(self._root) or whole.startswith(_STANDARD):
            return ""
        path = whole[len(self._root) :].replace(os.sep, "/")
        return "" if _INSTALLED.intersection(path.split("/")) else path


def _running_task() -> tuple[Any, Any]:
    """The task that is running, and the frame that it began with."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None, None
    try:
        task = asyncio.current_task()
        return task, getattr(task.get_coro(), "cr_frame", None) if task else None
    except (RuntimeError, AttributeError):
        return None, None  # no loop runs in this thread, or asyncio is being imported
