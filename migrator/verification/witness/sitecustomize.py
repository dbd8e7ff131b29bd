"""Starts the witness in every Python process of a command, before the user's code.

Python imports this by its name when it starts, since its folder stands first on PYTHONPATH. What it
takes the place of, a `sitecustomize` of the user's own, is imported after it. The standard library
of Python 3.8 and later is enough for all of this folder, and no fault of it ends a program.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _start() -> None:
    try:
        from _migrate_witness import start  # type: ignore[import-not-found]

        start()
    except Exception as error:
        print(f"migrate: the witness does not start: {error!r}", file=sys.stderr)
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != _HERE]


def _import_the_users() -> None:
    """Import the `sitecustomize` that would have been found without this one."""
    found = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if found is None or found.loader is None or found.origin is None:
        return
    running = getattr(sys.modules.get("sitecustomize"), "__file__", None)
    if os.path.dirname(os.path.abspath(found.origin)) == _HERE or found.origin == running:
        return  # what has imported this one by its turn
    module = importlib.util.module_from_spec(found)
    sys.modules["sitecustomize"] = module
    found.loader.exec_module(module)


_start()
_import_the_users()
