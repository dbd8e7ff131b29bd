"""The pictures and sounds that the emulator makes."""

from __future__ import annotations

import base64
import io
import re
import wave

# The paths of what was made, below the base URL.
MADE = re.compile(r"/(?:pictures|sounds)/\d+\.(?P<kind>png|wav)")
# The smallest picture there is: one transparent point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII="
)


def sound() -> bytes:
    """A short silence."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as sound:
        sound.setparams((1, 2, 24_000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 240)
    return whole.getvalue()
