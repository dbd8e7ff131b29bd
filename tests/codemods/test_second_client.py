"""A client that stays as it was beside the one that moves."""

from __future__ import annotations

import pytest

from migrator.edits import SecondClient
from tests.codemods.rewriting import At, refusals, rewritten

MADE = "OpenAI(\n    timeout=3,\n)"
IN_CLASS = """\
import os
from openai import OpenAI

class A:
    def __init__(self):
        self.a = OpenAI(
            timeout=3,
        )
    def b(self): ...
"""
CASES = {
    "an assignment": (
        "x = OpenAI()\ny = 1\n",
        "OpenAI()",
        SecondClient("z", "assignment"),
        "x = OpenAI()\nz = OpenAI()\ny = 1\n",
    ),
    "an annotated assignment": (
        "x: OpenAI = OpenAI()\n",
        "OpenAI()",
        SecondClient("z", "assignment"),
        "x: OpenAI = OpenAI()\nz = OpenAI()\n",
    ),
    "another construction": (
        "x = OpenAI(api_key=k)\n",
        "OpenAI(api_key=k)",
        SecondClient("z", "assignment", "OpenAI()"),
        "x = OpenAI(api_key=k)\nz = OpenAI()\n",
    ),
    "a function, before code": (
        "import functools\n\nx = OpenAI()\ny = 1\n",
        "OpenAI()",
        SecondClient("z", "function"),
        "import functools\n\nx = OpenAI()\n\n\n@functools.cache\ndef z() -> OpenAI:\n"
        "    return OpenAI()\n\n\ny = 1\n",
    ),
    "a function, at the end of the file": (
        "from functools import cache\n\nx = OpenAI()",
        "OpenAI()",
        SecondClient("z", "function"),
        "from functools import cache\n\nx = OpenAI()\n\n\n@cache\ndef z() -> OpenAI:\n"
        "    return OpenAI()\n",
    ),
    "a function in a branch": (
        "import functools\nif a:\n    x = OpenAI()\n    y = 1\n",
        "OpenAI()",
        SecondClient("z", "function"),
        "import functools\nif a:\n    x = OpenAI()\n\n    @functools.cache\n"
        "    def z() -> OpenAI:\n        return OpenAI()\n    y = 1\n",
    ),
    "a property, its construction over several lines": (
        "from functools import cached_property\n" + IN_CLASS,
        "OpenAI(\n            timeout=3,\n        )",
        SecondClient("self.z", "property"),
        "from functools import cached_property\n"
        + IN_CLASS.replace(
            "    def b(",
            "\n    @cached_property\n    def z(self) -> OpenAI:\n"
            "        return OpenAI(\n            timeout=3,\n        )\n\n    def b(",
        ),
    ),
    "CRLF": (
        "import functools\r\nx = OpenAI()\r\n",
        "OpenAI()",
        SecondClient("z", "function"),
        "import functools\r\nx = OpenAI()\r\n\r\n\r\n@functools.cache\r\ndef z() -> OpenAI:\r\n"
        "    return OpenAI()\r\n",
    ),
}


@pytest.mark.parametrize(("before", "code", "wanted", "after"), CASES.values(), ids=list(CASES))
def test_a_second_client_is_written(
    before: str, code: str, wanted: SecondClient, after: str
) -> None:
    assert rewritten(before, At(code, wanted)) == after


@pytest.mark.parametrize(
    ("before", "code", "form", "reason"),
    [
        ("f(OpenAI())\n", "OpenAI()", "assignment", "nothing is assigned there"),
        ("x = OpenAI()\n", "OpenAI()", "property", "it stands in no method"),
        (
            'x = OpenAI("""\na""")\n',
            'OpenAI("""\na""")',
            "function",
            "a string of several lines stands in it",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(before: str, code: str, form: str, reason: str) -> None:
    assert refusals(before, At(code, SecondClient("z", form))) == [reason]
