"""Imports that come and go with a rewriting."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from codemods.imports import settle
from codemods.python_file import PythonFile
from codemods.scope import Need
from migrator.source import SourceText

OS, JSON = Need("os"), Need("json")
CLASS = Need("openai", "OpenAI")
ERRORS = [f"NameOfAnError{one}" for one in "ABCDEFG"]
ADDED = {
    "a file without imports": ("x = os\n", [OS], "import os\n\nx = os\n"),
    "an empty file": ("", [OS], "import os\n"),
    "more names than a line holds": (
        f"use({', '.join(ERRORS)})\n",
        [Need("package.errors", one) for one in ERRORS],
        "from package.errors import (\n"
        + "".join(f"    {one},\n" for one in ERRORS)
        + f")\n\nuse({', '.join(ERRORS)})\n",
    ),
    "after a docstring": ('"""Doc."""\n\nx = os\n', [OS], '"""Doc."""\n\nimport os\n\nx = os\n'),
    "after a docstring without a blank line": (
        '"""Doc."""\nx = os\n',
        [OS],
        '"""Doc."""\n\nimport os\n\nx = os\n',
    ),
    "after a shebang and a cookie": (
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = os\n",
        [OS],
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport os\n\nx = os\n",
    ),
    "before a function": ("def f(): os\n", [OS], "import os\n\n\ndef f(): os\n"),
    "after a future import": (
        "from __future__ import annotations\n\nx = os\n",
        [OS],
        "from __future__ import annotations\n\nimport os\n\nx = os\n",
    ),
    "a section of its own before the packages": (
        "import openai\n\nopenai, os\n",
        [OS],
        "import os\n\nimport openai\n\nopenai, os\n",
    ),
    "between the future and the packages": (
        "from __future__ import annotations\n\nimport openai\n\nopenai, os\n",
        [OS],
        "from __future__ import annotations\n\nimport os\n\nimport openai\n\nopenai, os\n",
    ),
    "in alphabetical order": (
        "import json\nimport sys\nfrom typing import Any\n\njson, os, sys, Any\n",
        [OS],
        "import json\nimport os\nimport sys\nfrom typing import Any\n\njson, os, sys, Any\n",
    ),
    "before the section's from-imports": (
        "from typing import Any\n\nAny, os\n",
        [OS],
        "import os\nfrom typing import Any\n\nAny, os\n",
    ),
    "last of its section": (
        "import json\n\nimport openai\n\njson, openai, os\n",
        [OS],
        "import json\nimport os\n\nimport openai\n\njson, openai, os\n",
    ),
    "two at once": ("x = os, json\n", [OS, JSON], "import json\nimport os\n\nx = os, json\n"),
    "a package after the standard library": (
        "import os\n\nfrom .x import y\n\nos, y, OpenAI\n",
        [CLASS],
        "import os\n\nfrom openai import OpenAI\n\nfrom .x import y\n\nos, y, OpenAI\n",
    ),
    "a name joins its module in order": (
        "from openai import APIError, Stream\n\nAPIError, OpenAI, Stream\n",
        [CLASS],
        "from openai import APIError, OpenAI, Stream\n\nAPIError, OpenAI, Stream\n",
    ),
    "a name joins names that have no order": (
        "from openai import Stream, APIError\n\nAPIError, OpenAI, Stream\n",
        [CLASS],
        "from openai import Stream, APIError, OpenAI\n\nAPIError, OpenAI, Stream\n",
    ),
    "a name joins a statement of several lines": (
        "from openai import (\n    APIError,\n    Stream,\n)\n\nAPIError, OpenAI, Stream\n",
        [CLASS],
        "from openai import (\n    APIError,\n    OpenAI,\n    Stream,\n)\n\n"
        "APIError, OpenAI, Stream\n",
    ),
    "a name joins the only one of several lines": (
        "from openai import (\n    APIError,\n)\n\nAPIError, OpenAI\n",
        [CLASS],
        "from openai import (\n    APIError,\n    OpenAI,\n)\n\nAPIError, OpenAI\n",
    ),
    "a package before the file's own": (
        "import os\n\nfrom app.config import y\n\nos, y, OpenAI\n",
        [CLASS],
        "import os\n\nfrom openai import OpenAI\n\nfrom app.config import y\n\nos, y, OpenAI\n",
    ),
    "above the comment that heads a section": (
        '"""Doc."""\n\n# packages\nimport openai\n\nopenai, os\n',
        [OS],
        '"""Doc."""\n\nimport os\n\n# packages\nimport openai\n\nopenai, os\n',
    ),
    "below the comment that the file begins with": (
        "# A licence.\nimport openai\n\nopenai, os\n",
        [OS],
        "# A licence.\nimport os\n\nimport openai\n\nopenai, os\n",
    ),
    "a name among names with comments": (
        "from openai import (\n    APIError,  # one\n    # two\n    Stream,  # three\n)\n\n"
        "APIError, OpenAI, Stream\n",
        [CLASS],
        "from openai import (\n    APIError,  # one\n    OpenAI,\n    # two\n    Stream,  # three\n"
        ")\n\nAPIError, OpenAI, Stream\n",
    ),
    "CRLF": ("import sys\r\n\r\nsys, os\r\n", [OS], "import os\r\nimport sys\r\n\r\nsys, os\r\n"),
}


UNSORTED = ("an empty file", "a name joins names that have no order")


def _settled(text: str, path: str, needs: Sequence[Need], names: Counter[str]) -> str:
    return settle(PythonFile.parse(SourceText(text), path), needs, names)


@pytest.mark.parametrize(("before", "needs", "after"), ADDED.values(), ids=list(ADDED))
def test_an_import_is_added(before: str, needs: list[Need], after: str) -> None:
    assert _settled(before, "app/a.py", needs, Counter()) == after


REMOVED = {
    "a statement": ("import old\nimport b\n\nb\n", "import b\n\nb\n"),
    "a section": ("import os\n\nimport old\n\nos\n", "import os\n\nos\n"),
    "the first section": ("import old\n\nimport zed\n\nzed\n", "import zed\n\nzed\n"),
    "one of several names": ("from a import b, old, z\n\nb, z\n", "from a import b, z\n\nb, z\n"),
    "one of several lines": (
        "from a import (\n    b,\n    old,\n    z,\n)\n\nb, z\n",
        "from a import (\n    b,\n    z,\n)\n\nb, z\n",
    ),
    "a name and its comment": (
        "from a import (\n    b,  # one\n    old,  # two\n)\n\nb\n",
        "from a import (\n    b,  # one\n)\n\nb\n",
    ),
    "all but one of a hanging statement": (
        "from a import (b,\n               old)\n\nb\n",
        "from a import b\n\nb\n",
    ),
    "an alias": ("from a import b, c as old\n\nb\n", "from a import b\n\nb\n"),
    "in a function": ("def f():\n    import old\n    x\n", "def f():\n    x\n"),
}


@pytest.mark.parametrize(("before", "after"), REMOVED.values(), ids=list(REMOVED))
def test_what_became_unused_is_removed(before: str, after: str) -> None:
    assert _settled(before, "a.py", [], Counter(["old"])) == after


KEPT = {
    "it is still read": "import old\n\nold\n",
    "it stands in __all__": "from a import old\n\n__all__ = ['old']\n",
    "it is exported by its alias": "from a import old as old\n",
    "it is silenced": "import old  # noqa: F401\n",
    "it is silenced with other codes": "import old  # noqa: E402, F401\n",
    "it is all there is in a try": "try:\n    import old\nexcept ImportError:\n    x\n",
    "it has a fallback": "try:\n    import a.b, old\nexcept ImportError:\n    old = None\n",
    "a string annotation names it": "from a import old\n\n\ndef f(x: 'old'): ...\n",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=list(KEPT))
def test_what_is_needed_stays(text: str) -> None:
    assert _settled(text, "a.py", [], Counter(["old"])) == text


def test_an_import_stands_before_what_shares_the_line_of_another() -> None:
    text = "import json; x = os(\n    json)\n"
    assert _settled(text, "app.py", [OS], Counter()) == f"import os\n{text}"


def test_what_comes_for_a_package_stands_where_that_stood() -> None:
    head = "import os\n\nfrom openai import OpenAI\n\nimport chat\nfrom words import say\n\n"
    text = f"{head}os, chat, say, Client\n"
    needs = [Need("dashscope", "Client")]
    after = _settled(text, "main.py", needs, Counter(["OpenAI"]))
    assert after == text.replace("openai import OpenAI", "dashscope import Client")


def test_what_was_never_read_is_left_alone() -> None:
    assert _settled("import old\n", "a.py", [], Counter()) == "import old\n"


def test_a_package_keeps_what_it_exports() -> None:
    text = "from a import old\n"
    assert _settled(text, "pkg/__init__.py", [], Counter(["old"])) == text


def test_a_from_import_that_gets_too_long_is_broken() -> None:
    names = [f"Name{number:02}" for number in range(10)]
    text = f"from openai import {', '.join(names)}\n\n{', '.join(names)}\nOpenAI\n"
    after = _settled(text, "a.py", [CLASS], Counter())
    assert after.startswith("from openai import (\n    Name00,\n")
    assert "    Name09,\n    OpenAI,\n)\n" in after


def test_ruff_finds_nothing_to_sort(tmp_path: Path) -> None:
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("ruff is not installed")
    sorted_cases = [case for name, case in ADDED.items() if name not in UNSORTED]
    for number, (before, needs, _) in enumerate(sorted_cases):
        text = _settled(before, "a.py", needs, Counter())
        (tmp_path / f"case_{number}.py").write_text(text, newline="")
    command = [ruff, "check", "--isolated", "--no-cache", "--select", "I,F401,F811", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
