"""The first rung: what was written compiles, what it imports is there, nothing is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.changes.planned import Listed
from migrator.verification import python_version
from migrator.verification.ladder import State
from migrator.verification.static import Written, static
from tests.planning.builders import planned

NOTHING = planned({"app.py": "print()\n"}).plan
DECLARED = {
    "PEP 621": ("pyproject.toml", '[project]\nrequires-python = ">=3.9,<4"\n', (3, 9)),
    "Poetry": ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.8.1"\n', (3, 8)),
    "setup.cfg": ("setup.cfg", "[options]\npython_requires = >=3.10\n", (3, 10)),
    "setup.py": ("setup.py", 'setup(name="a", python_requires="~=3.11")\n', (3, 11)),
    "older than can be asked for": (
        "pyproject.toml",
        '[project]\nrequires-python = ">=3.5"\n',
        (3, 7),
    ),
    "nothing": ("pyproject.toml", "[project]\nname = 'a'\n", None),
    "no TOML": ("pyproject.toml", "[project\n", None),
    "only an upper bound": ("pyproject.toml", '[project]\nrequires-python = "<4"\n', None),
}


@pytest.mark.parametrize(("name", "text", "found"), DECLARED.values(), ids=DECLARED)
def test_the_oldest_python_that_is_declared(
    name: str, text: str, found: tuple[int, int] | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    assert python_version.declared(tmp_path, "src/app.py") == found


# The file before, the file after, the other files, and what is said of it.
CASES = {
    "all is well": ("import os\n", "import os\nimport json\n", {}, []),
    "it does not compile": ("x = 1\n", "x = (\n", {}, ["compiles"]),
    "it does not compile for the oldest Python": (
        "x = 1\n",
        "x = 1\nmatch x:\n    case 1:\n        pass\n",
        {"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'},
        ["compiles"],
    ),
    "it never compiled for the oldest Python": (
        "match x:\n    case 1:\n        pass\n",
        "match x:\n    case 2:\n        pass\n",
        {"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'},
        [""],
    ),
    "it is written for a later Python": ("type A = int\n", "type B = int\n", {}, []),
    "no earlier Python is asked for than one that reads it": (
        "type A = int\n",
        "type B = int\n",
        {"pyproject.toml": '[project]\nrequires-python = ">=3.12"\n'},
        [],
    ),
    "an import that is still used is gone": (
        "import os\nos.getenv('A')\n",
        "os.getenv('A')\n",
        {},
        ["names"],
    ),
    "every way to bind a name": (
        "",
        "import a.b as c, d.e\nfrom f import g as h\nasync def i(j, *k, l=1, **m):\n"
        "    global n\n    try:\n        pass\n    except E as o:\n        o\n"
        "    match j:\n        case [p, *q]:\n            p, q\n"
        "        case {'r': s, **t}:\n            s, t\n"
        "    return (v := [u for u in (c, d, h, j, k, l, m, n, i)]), v\n"
        "class E(Exception):\n    w: int = len(__name__)\n    x = w, lambda y: y\n",
        {},
        [],
    ),
    "names that are bound out of sight": ("", "from x import *\nprint(y)\n", {}, []),
    "a name that was never bound": ("print(x)\n", "print(x, 1)\n", {}, []),
    "return outside a function": ("x = 1\n", "return 1\n", {}, ["compiles"]),
    "a module of the tree": (
        "",
        "from app.llm import get_client\n",
        {"app/llm.py": "def get_client(): ...\n", "app/__init__.py": ""},
        [],
    ),
    "a name that it has not": (
        "",
        "from llm import get_client\n",
        {"llm.py": "client = 1\n"},
        ["imports"],
    ),
    "one that it may have": (
        "",
        "from llm import get_client\n",
        {"llm.py": "from x import *\n"},
        [],
    ),
    "a neighbour that is not there": ("", "from .llm import client\n", {}, ["imports"]),
    "a package that is asked for": (
        "",
        "import langchain_qwq.chat\n",
        {"requirements.txt": "langchain-qwq>=0.3\n"},
        [],
    ),
    "one by another name": ("", "import zai\n", {"requirements.txt": "zai-sdk>=0.2.3\n"}, []),
    "one that nobody asks for": (
        "",
        "import dashscope\n",
        {"requirements.txt": "openai\n"},
        ["imports"],
    ),
    "one that was imported before": (
        "import dashscope\n",
        "import dashscope\nfrom dashscope import Generation\n",
        {"requirements.txt": "openai\n"},
        [],
    ),
    "a part of a package that is called as an installed one": (
        "",
        "from openai import OpenAI\n",
        {"__init__.py": "", "openai/__init__.py": "", "requirements.txt": "openai\n"},
        [],
    ),
    "no dependency file at all": ("", "import dashscope\n", {}, []),
}


@pytest.mark.parametrize(("before", "after", "others", "rules"), CASES.values(), ids=CASES)
def test_what_is_said_of_what_was_written(
    before: str, after: str, others: dict[str, str], rules: list[str], tmp_path: Path
) -> None:
    for name, text in {"main.py": after, **others}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    file = Written("main.py", before.encode(), after.encode())
    rung = static(tmp_path, [file], NOTHING, None)
    assert [one.rule for one in rung.findings] == rules
    assert rung.state is (State.FAILED if any(rules) else State.PASSED)


def test_what_another_apply_would_do_fails() -> None:
    plan = planned("from openai import OpenAI\nclient = OpenAI()\nclient.models.list()\n").plan
    rung = static(Path(), [], plan, None, ["app.py"])
    assert rung.state is State.FAILED
    assert [(one.path, one.rule) for one in rung.findings] == [("app.py", "listed")]
    # An edit that would write what stands there already changes nothing.
    assert static(Path(), [], plan, None, []).state is State.PASSED


def test_what_nothing_lists_fails_where_it_will_fail() -> None:
    code = 'from openai import OpenAI\nOpenAI().moderations.create(input="a")\n'
    plan = planned({"app.py": code, "requirements.txt": "openai>=1\n"}).plan
    assert not plan.edits
    nothing = Listed(frozenset(), frozenset(), frozenset())
    assert static(Path(), [], plan, nothing).state is State.FAILED
    every = frozenset((item.code, item.path) for item in plan.checklist)
    assert static(Path(), [], plan, Listed(every, frozenset(), frozenset())).state is State.PASSED
