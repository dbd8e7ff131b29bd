"""Names for sites that stay the same while the rest of the file is edited."""

from __future__ import annotations

import hashlib
import re

_TEST_FILE = re.compile(r"^(test_.*|.*_test|conftest)\.py$")
_TEST_FOLDERS = frozenset({"tests", "test", "testing"})


def site_id(path: str, kind: str, detail: str, code: str, ordinal: int) -> str:
    """The id of a site: `ordinal` counts the sites of a file that are equal in all else."""
    text = "\0".join((path, kind, detail, code, str(ordinal)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def in_tests(path: str) -> bool:
    """Whether a file belongs to a test suite, by its name or a folder's."""
    *folders, name = path.split("/")
    return bool(_TEST_FILE.match(name)) or not _TEST_FOLDERS.isdisjoint(folders)
