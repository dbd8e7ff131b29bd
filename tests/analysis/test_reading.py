"""Files that the Python that runs migrate cannot read."""

from __future__ import annotations

import sys

import pytest

from migrator.analysis.reading import analyse


@pytest.mark.parametrize(
    ("text", "newer"),
    [
        pytest.param(
            "import openai\ntype \u5bf9[T] = tuple[T, T]\n",
            True,
            marks=pytest.mark.skipif(sys.version_info >= (3, 12), reason="it is read"),
        ),
        pytest.param(
            "import openai\nprint(f\"{', '.join(f\"{one['\u540d']}\" for one in [])}\")\n",
            True,
            marks=pytest.mark.skipif(sys.version_info >= (3, 12), reason="it is read"),
        ),
        ('import openai\nprint "hello"\n', False),
        ("import openai\ndef broken(:\n", False),
    ],
)
def test_a_file_for_a_newer_python_is_told_apart(text: str, newer: bool) -> None:
    (found,) = analyse({"app.py": text.encode()}, {}, ["app.py"]).unreadable
    assert ("a newer one may" in found.reason) is newer
    assert found.line == 2
