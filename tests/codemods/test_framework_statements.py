"""Statements that tell a framework of a provider, behind the imports."""

from __future__ import annotations

import pytest

from migrator.edits import KEY_HERE, FrameworkSource, FrameworkStatements
from tests.codemods.rewriting import At, rewritten

READS = FrameworkSource("K", "U", "https://x", ("some.tell", "other.Client"))
TOLD = FrameworkStatements((f"tell(Client(key={KEY_HERE}))", "tell(None)"), READS)
IMPORT = "from some import Agent"
CASES = {
    "behind the last import": (
        f'"""Doc."""\n\nimport os\n\n{IMPORT}\nimport own\n\nx = 1\n',
        '"""Doc."""\n\nimport os\n\nfrom some import Agent, tell\nimport own\n'
        'from other import Client\n\ntell(Client(key=os.environ["K"]))\ntell(None)\n\nx = 1\n',
    ),
    "with names that mean something else written out": (
        f"import os\n{IMPORT}\ntell = 1\n",
        "import os\nimport some\nfrom other import Client\n"
        f'{IMPORT}\n\nsome.tell(Client(key=os.environ["K"]))\nsome.tell(None)\n\ntell = 1\n',
    ),
    "in the function that imports it": (
        f"import os\nfrom other import Client\nfrom some import tell\n\ndef f():\n    {IMPORT}\n",
        "import os\nfrom other import Client\nfrom some import tell\n\ndef f():\n"
        f'    {IMPORT}\n    tell(Client(key=os.environ["K"]))\n    tell(None)\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_a_framework_is_told(before: str, after: str) -> None:
    assert rewritten(before, At(IMPORT, TOLD)) == after
