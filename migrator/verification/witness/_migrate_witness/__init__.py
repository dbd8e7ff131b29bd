"""Tells the emulator where in the user's code a request was made, and notes what goes elsewhere.

`MIGRATE_WITNESS` holds what there is to know, as JSON; without it nothing is done.
"""

from __future__ import annotations

import json
import os

VARIABLE = "MIGRATE_WITNESS"


def start() -> None:
    """Be a witness of this process, if that is asked for."""
    told = os.environ.get(VARIABLE)
    if not told:
        return
    from . import libraries
    from .hosts import Witness
    from .imports import watch

    settings = json.loads(told)
    with open(settings["file"], "a"):
        pass  # that it is there says that a process has a witness
    watch(libraries.patches(Witness(**settings)))
