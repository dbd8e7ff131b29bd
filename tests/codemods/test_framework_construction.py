"""Objects of frameworks that come to speak to a provider."""

from __future__ import annotations

import pytest

from migrator.edits import (
    BASE_URL_HERE,
    KEY_HERE,
    OLD_HERE,
    FrameworkConstruction,
    FrameworkModel,
    FrameworkSource,
    ReplaceString,
)
from tests.codemods.rewriting import At, refusals, rewritten

READS = FrameworkSource("K", "U", "https://x")
MADE = FrameworkSource("K", "U", "https://x", ("other.Like",))
POINTED = FrameworkConstruction(READS, None, (("key", KEY_HERE), ("url", BASE_URL_HERE)))
CASES = {
    "arguments are put behind": (
        "import os\nx = C(a=1)\n",
        POINTED,
        'import os\nx = C(a=1, key=os.environ["K"], url=os.getenv("U", "https://x"))\n',
    ),
    "or in the place of what is given": (
        "import os\nx = C(url=None, a=1)\n",
        FrameworkConstruction(READS, None, (("url", BASE_URL_HERE),)),
        'import os\nx = C(url=os.getenv("U", "https://x"), a=1)\n',
    ),
    "one goes, one has another name": (
        "x = C(old=1, b=2, c=3)\n",
        FrameworkConstruction(READS, None, (), ("b",), (("old", "new"),)),
        "x = C(new=1, c=3)\n",
    ),
    "the class becomes another": (
        "from some import C\n\nx = C(a=1)\n",
        FrameworkConstruction(MADE, "other.Like", (("b", "True"),)),
        "from other import Like\n\nx = Like(a=1, b=True)\n",
    ),
    "what a source names is imported": (
        "import os\nx = C()\n",
        FrameworkConstruction(MADE, None, (("c", f"Like(key={KEY_HERE})"),)),
        'import os\n\nfrom other import Like\nx = C(c=Like(key=os.environ["K"]))\n',
    ),
}


@pytest.mark.parametrize(("before", "wanted", "after"), CASES.values(), ids=CASES)
def test_an_object_is_told_where_it_goes(
    before: str, wanted: FrameworkConstruction, after: str
) -> None:
    code = before.rpartition("x = ")[2].strip()
    assert rewritten(before, At(code, wanted)) == after


def test_an_object_takes_the_place_of_a_models_name() -> None:
    made = FrameworkModel(f"Like({OLD_HERE}, key={KEY_HERE})", MADE)
    before = 'import os\nfrom other import Like\nx = C("openai:a")\n'
    edits = [At('"openai:a"', made), At('"openai:a"', ReplaceString("b"))]
    after = 'import os\nfrom other import Like\nx = C(Like("b", key=os.environ["K"]))\n'
    assert rewritten(before, *edits) == after


def test_what_has_no_arguments_is_refused() -> None:
    assert len(refusals("x = y\n", At("y", POINTED))) == 1


def test_an_argument_without_a_source_is_refused() -> None:
    empty = FrameworkConstruction(READS, None, (("key", ""),))
    assert len(refusals("x = C()\n", At("C()", empty))) == 1
