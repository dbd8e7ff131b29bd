"""Golden snapshots: what a report printed when somebody last looked at it and found it right.

To write them anew, run `UPDATE_GOLDEN=1 python -m pytest tests/reports` and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).with_name("snapshots")


def assert_golden(name: str, text: str) -> None:
    place = _FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        place.write_bytes(text.encode())
    assert text == place.read_bytes().decode(), f"{place} differs; see golden.py"
