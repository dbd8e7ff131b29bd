"""How a target is asked for: by a name or a profile's file, and by the SDK that code is to use.

Apart from what reads profiles, because settings are checked by this wherever a run starts.
"""

from __future__ import annotations

COMPATIBLE, SDK = "compatible", "sdk"
MODES = (COMPATIBLE, SDK)
_SUFFIXES = (".yaml", ".yml")


def is_file(name: str) -> bool:
    """Whether the name of a provider is the path of a profile."""
    return name.strip().lower().endswith(_SUFFIXES)
