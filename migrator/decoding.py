"""The text that a file's bytes are."""

from __future__ import annotations

import re

from migrator.language import _, either

_BOM = b"\xef\xbb\xbf"
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#[^\r\n]*)?$")


class UndecodableError(ValueError):
    """The bytes are not text in any encoding the file claims or that is tried."""


def decoded(data: bytes, *, python: bool) -> tuple[str, str, bool]:
    """The text, its encoding, and whether a mark stands before it.

    Decodes by BOM, then the cookie (Python files), then UTF-8, then GB18030. Raises
    UndecodableError where none of these fits or the bytes would not come back the same.
    """
    bom = data.startswith(_BOM)
    body = data[len(_BOM) :] if bom else data
    declared = _cookie(body) if python else None
    candidates = [declared] if declared else ["utf-8", "gb18030"]
    for encoding in candidates:
        text = _text(body, encoding)
        if text is not None:
            return text, encoding, bom
    raise UndecodableError(_("not text in {encodings}", encodings=either(candidates)))


def _cookie(data: bytes) -> str | None:
    """The encoding a PEP 263 cookie declares in the first two lines, if any."""
    for line in re.split(rb"\r\n|\r|\n", data[:1024], maxsplit=2)[:2]:
        if match := _COOKIE.match(line):
            return match.group(1).decode("ascii")
        if not _BLANK.match(line):
            return None
    return None


def _text(body: bytes, encoding: str) -> str | None:
    """The text of some bytes, if it gives the same bytes back."""
    try:
        text = body.decode(encoding)
        return text if text.encode(encoding) == body else None
    except (UnicodeError, LookupError):
        return None
