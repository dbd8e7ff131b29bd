"""A client of a second provider's behind the one whose calls it takes."""

from __future__ import annotations

import pytest

from migrator.edits import ClientBeside, ClientConstruction
from tests.codemods.rewriting import At, refusals, rewritten

KEY = ClientConstruction(key_variable="K")
ONE = ClientBeside("y", KEY)
CASES = {
    "an assignment": (
        "import os\nx = OpenAI(timeout=3)\nz = 1\n",
        "OpenAI(timeout=3)",
        'import os\nx = OpenAI(timeout=3)\ny = OpenAI(timeout=3, api_key=os.environ["K"])\nz = 1\n',
    ),
    "an annotated assignment that ends the file, with a key of its own": (
        "import os\nx: OpenAI = OpenAI(api_key=k)",
        "OpenAI(api_key=k)",
        'import os\nx: OpenAI = OpenAI(api_key=k)\ny = OpenAI(api_key=os.environ["K"])',
    ),
    "a function": (
        "import os\n@cache\ndef x() -> OpenAI:\n    return OpenAI()\nz = 1\n",
        "OpenAI()",
        "import os\n@cache\ndef x() -> OpenAI:\n    return OpenAI()\n"
        "\n\n@cache\ndef y() -> OpenAI:\n"
        '    return OpenAI(api_key=os.environ["K"])\n\n\nz = 1\n',
    ),
    "CRLF": (
        "import os\r\nx = OpenAI()\r\n",
        "OpenAI()",
        'import os\r\nx = OpenAI()\r\ny = OpenAI(api_key=os.environ["K"])\r\n',
    ),
}


@pytest.mark.parametrize(("before", "code", "after"), CASES.values(), ids=CASES)
def test_it_is_written_behind(before: str, code: str, after: str) -> None:
    assert rewritten(before, At(code, ONE)) == after


@pytest.mark.parametrize("before", ["ask(OpenAI())\n", "if a:\n    return OpenAI()\n"])
def test_it_is_refused_where_there_is_nothing_to_stand_beside(before: str) -> None:
    assert len(refusals(before, At("OpenAI()", ONE))) == 1
