"""Statements that set something, comments above statements, and files that are not Python."""

import pytest

from codemods import splice
from migrator.analysis.sites import Span
from migrator.edits import Edit, ItemAssignment, Marker, ModuleSettings, ReplaceString, Splice
from migrator.source import SourceText
from tests.codemods.rewriting import At, outcome, refusals, rewritten

DROP = ItemAssignment(drop=True)
ITEM = 'p["seed"] = 1'
DROPPED = {
    "a line of its own": (f"a = 1\n{ITEM}\nb = 2\n", "a = 1\nb = 2\n"),
    "with a comment behind": (f"a = 1\n{ITEM}  # fixed\nb = 2\n", "a = 1\nb = 2\n"),
    "the only statement of a function": (f"def f():\n    {ITEM}\n", "def f():\n    pass\n"),
    "the only statement of an else": (
        f"if a:\n    b\nelse:\n    {ITEM}  # fixed\n",
        "if a:\n    b\n",
    ),
    "an else that says something": (
        f"if a:\n    b\nelse:  # never\n    {ITEM}\n",
        "if a:\n    b\nelse:  # never\n    pass\n",
    ),
    "the only statement of a handler": (
        f"try:\n    a\nexcept E:\n    {ITEM}\n",
        "try:\n    a\nexcept E:\n    pass\n",
    ),
    "behind a colon": (f"while a: {ITEM}\n", "while a: pass\n"),
    "all that hangs on a condition": (f"a\nif b == 1:\n    {ITEM}\nc\n", "a\nc\n"),
    "all that hangs on conditions": (
        f"def f():\n    if a:\n        if not b:\n            {ITEM}\n    return 1\n",
        "def f():\n    return 1\n",
    ),
    "all of a function that hangs on a condition": (
        f"def f():\n    if a:\n        {ITEM}\n",
        "def f():\n    pass\n",
    ),
    "what hangs on a condition in another": (
        f"if a:\n    b\nelif c:\n    {ITEM}\nd\n",
        "if a:\n    b\nd\n",
    ),
    "what hangs on a variable": (f'a\nif os.getenv("B"):\n    {ITEM}\n', "a\n"),
    "what hangs on a key": (f'a\nif q.get("seed"):\n    {ITEM}\n', "a\n"),
    "the only statement before an else": (
        f"if a:\n    {ITEM}\nelse:\n    b\n",
        "if a:\n    pass\nelse:\n    b\n",
    ),
    "what hangs on a call": (f"if a():\n    {ITEM}\n", "if a():\n    pass\n"),
    "what hangs on a condition that is explained": (
        f"if a:  # at night\n    {ITEM}\n",
        "if a:  # at night\n    pass\n",
    ),
    "before a semicolon": (f"{ITEM}; b = 2\n", "b = 2\n"),
    "behind a semicolon": (f"a = 1; {ITEM}\n", "a = 1\n"),
    "between semicolons": (f"a = 1; {ITEM}; b = 2\n", "a = 1; b = 2\n"),
    "with a semicolon at the end": (f"a = 1\n{ITEM};\nb = 2\n", "a = 1\nb = 2\n"),
    "CRLF": (f"a = 1\r\n{ITEM}\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
    "a paragraph of its own": (f"a = 1\n\n{ITEM}\n\nb = 2\n", "a = 1\n\nb = 2\n"),
    "a paragraph at the end": (f"a = 1\n\n{ITEM}\n", "a = 1\n"),
    "the first of a block, a blank line below": (
        f"def f():\n    {ITEM}\n\n    b = 2\n",
        "def f():\n    b = 2\n",
    ),
    "the last of a paragraph": (f"a = 1\n{ITEM}\n\nb = 2\n", "a = 1\n\nb = 2\n"),
    "the file's last line, without a line end": (f"a = 1\n{ITEM}", "a = 1\n"),
}


@pytest.mark.parametrize(("before", "after"), DROPPED.values(), ids=list(DROPPED))
def test_a_statement_is_dropped(before: str, after: str) -> None:
    assert rewritten(before, At(ITEM, DROP)) == after


def test_a_choice_goes_with_all_its_branches() -> None:
    other = 'p["seed"] = 2'
    before = f"a\nif b is not None:\n    {ITEM}\nelif c:\n    {other}\n"
    assert rewritten(before, At(ITEM, DROP), At(other, DROP)) == "a\n"


FORMS = {
    "an item": ('p["a"] = 1', ItemAssignment(key="b"), 'p["b"] = 1'),
    "an item's value": ("p['a'] = f(1)", ItemAssignment(value='"x"'), "p['a'] = 'x'"),
    "an annotated item": ('p["a"]: int = 1', ItemAssignment(value="2"), 'p["a"]: int = 2'),
    "an attribute": ("openai.timeout = 1", ItemAssignment(value="2"), "openai.timeout = 2"),
    "setdefault": ('p.setdefault("a", 1)', ItemAssignment(key="b"), 'p.setdefault("b", 1)'),
    "update by keyword": (
        "p.update(a=1)",
        ItemAssignment(key="b", value="2"),
        "p.update(b=2)",
    ),
    "a sum": ('p["a"] += 1', ItemAssignment(key="b"), 'p["b"] += 1'),
    "a union": ("p |= {'a': 1}", ItemAssignment(key="b", value="2"), "p |= {'b': 2}"),
    "update by display": ("p.update({'a': 1})", ItemAssignment(key="b"), "p.update({'b': 1})"),
}


@pytest.mark.parametrize(("before", "instruction", "after"), FORMS.values(), ids=list(FORMS))
def test_a_statement_gets_another_key_or_value(
    before: str, instruction: ItemAssignment, after: str
) -> None:
    assert rewritten(f"{before}\n", At(before, instruction)) == f"{after}\n"


@pytest.mark.parametrize(
    "code",
    [
        "p.update(a=1)",
        'p.setdefault("a", 1)',
        "openai.organization = x",
        'p["a"] += 1',
        'p |= {"a": 1}',
    ],
)
def test_other_forms_are_dropped_too(code: str) -> None:
    assert rewritten(f"a\n{code}\n", At(code, DROP)) == "a\n"


@pytest.mark.parametrize("code", ["p.update(a=1, b=2)", "x = p['a'] = 1", "f(1)", "del p['a']"])
def test_a_statement_that_does_more_is_refused(code: str) -> None:
    assert len(refusals(f"{code}\n", At(code, DROP))) == 1


def test_an_edit_inside_a_dropped_statement_is_absorbed() -> None:
    result = outcome(
        "a\np['m'] = 'old'\n", At("p['m'] = 'old'", DROP), At("'old'", ReplaceString("n"))
    )
    assert result.text == "a\n"
    assert [len(result.applied), len(result.absorbed), len(result.refused)] == [1, 1, 0]


SETTINGS = ModuleSettings("openai", "K", "U", "https://example.com")
MODULE = {
    "a line is added": (
        "import os\n\nimport openai\n\nopenai.api_key = 'sk-test'\nx()\n",
        "openai.api_key = 'sk-test'",
        "import os\n\nimport openai\n\nopenai.api_key = os.environ['K']\n"
        "openai.base_url = os.getenv('U', 'https://example.com').rstrip('/') + '/'\nx()\n",
    ),
    "in a function": (
        "import os\n\nimport openai\n\n\ndef f():\n    openai.api_key = k  # key\n",
        "openai.api_key = k",
        'import os\n\nimport openai\n\n\ndef f():\n    openai.api_key = os.environ["K"]  # key\n'
        '    openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n',
    ),
    "a base URL that is set already": (
        "import os\n\nimport openai\n\nopenai.base_url = u\nopenai.api_key = k\n",
        "openai.api_key = k",
        "import os\n\nimport openai\n\n"
        'openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n'
        'openai.api_key = os.environ["K"]\n',
    ),
    "behind a colon": (
        "import os\n\nimport openai\n\nif a: openai.api_key = k\n",
        "openai.api_key = k",
        'import os\n\nimport openai\n\nif a: openai.api_key = os.environ["K"]; '
        'openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n',
    ),
    "at the import": (
        "import os\n\nimport openai\nfrom x import y\n\nopenai.models.list()\n",
        "import openai",
        "import os\n\nimport openai\nfrom x import y\n\n"
        'openai.api_key = os.environ["K"]\n'
        'openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n\n'
        "openai.models.list()\n",
    ),
    "behind what fills the environment": (
        "import os\n\nimport openai\nfrom dotenv import load_dotenv\n\n_ = load_dotenv()\n"
        "openai.models.list()\n",
        "import openai",
        "import os\n\nimport openai\nfrom dotenv import load_dotenv\n\n_ = load_dotenv()\n"
        'openai.api_key = os.environ["K"]\n'
        'openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n'
        "openai.models.list()\n",
    ),
    "behind what fills it in a function": (
        "import os\n\nimport openai\n\n\ndef f():\n    openai.models.list()\n\n\n"
        'if __name__ == "__main__":\n    load_dotenv()\n    f()\n',
        "import openai",
        "import os\n\nimport openai\n\n\ndef f():\n    openai.models.list()\n\n\n"
        'if __name__ == "__main__":\n    load_dotenv()\n'
        '    openai.api_key = os.environ["K"]\n'
        '    openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n'
        "    f()\n",
    ),
    "at an import behind it": (
        "import os\n\nload_dotenv()\nimport openai\n\nopenai.models.list()\n",
        "import openai",
        "import os\n\nload_dotenv()\nimport openai\n"
        'openai.api_key = os.environ["K"]\n'
        'openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n\n'
        "openai.models.list()\n",
    ),
    "at an import in a function": (
        "import os\n\n\ndef f():\n    import openai\n    openai.models.list()\n",
        "import openai",
        "import os\n\n\ndef f():\n    import openai\n"
        '    openai.api_key = os.environ["K"]\n'
        '    openai.base_url = os.getenv("U", "https://example.com").rstrip("/") + "/"\n'
        "    openai.models.list()\n",
    ),
}


@pytest.mark.parametrize(("before", "code", "after"), MODULE.values(), ids=list(MODULE))
def test_the_module_is_pointed_at_the_provider(before: str, code: str, after: str) -> None:
    assert rewritten(before, At(code, SETTINGS)) == after


LONG_URL = "https://api.example.com/a-long-path-to/compatible-mode/v1"
LAYOUTS = {
    "the sum in brackets": ("U", "    os.getenv('U', '{url}').rstrip('/')\n    + '/'\n"),
    "the read over lines too": (
        "U" * 20,
        "    os.getenv(\n        '{name}', '{url}'\n    ).rstrip('/')\n    + '/'\n",
    ),
}


@pytest.mark.parametrize(("name", "inner"), LAYOUTS.values(), ids=list(LAYOUTS))
def test_a_module_base_url_that_gets_too_long_is_laid_out(name: str, inner: str) -> None:
    before = "import os\n\nimport openai\n\nopenai.api_key = 'k'\n"
    settings = ModuleSettings("openai", None, name, LONG_URL)
    after = inner.replace("{name}", name).replace("{url}", LONG_URL)
    found = rewritten(before, At("openai.api_key = 'k'", settings))
    assert found == f"{before}openai.base_url = (\n{after})\n"


def test_a_statement_that_is_half_refused_is_left_whole() -> None:
    code = "p['model'] = 'old'"
    edits = [At(code, ItemAssignment(key="m", value="x")), At("'old'", ReplaceString("new"))]
    reasons = refusals(f"{code}\n", *edits)
    assert reasons == ["another edit replaces the same expression"] * 2


NOTE = "# MIGRATE[files]: no such endpoint\n"
MARKED = {
    "above a line": ("a\nhere()\n", f"a\n{NOTE}here()\n"),
    "in a block": ("def f():\n\there()\n", f"def f():\n\t{NOTE}\there()\n"),
    "above the statement, not the line": (
        "x = f(\n    here(),\n)\n",
        f"{NOTE}x = f(\n    here(),\n)\n",
    ),
    "above the decorators": (
        "@a\n@here()\ndef f(): ...\n",
        f"{NOTE}@a\n@here()\ndef f(): ...\n",
    ),
    "above a function whose default it is": (
        "@a\ndef f(x=here()): ...\n",
        f"{NOTE}@a\ndef f(x=here()): ...\n",
    ),
    "above a with statement": (
        "if a:\n    with here() as c:\n        c\n",
        f"if a:\n    {NOTE}    with here() as c:\n        c\n",
    ),
    "behind a string of several lines": (
        'a = """\n"""; here()\n',
        f'{NOTE}a = """\n"""; here()\n',
    ),
    "behind a backslash": ("if a: \\\n  here()\n", f"{NOTE}if a: \\\n  here()\n"),
    "behind a colon": ("if a: here()\n", f"{NOTE}if a: here()\n"),
    "where it stands already": (f"{NOTE}here()\n", f"{NOTE}here()\n"),
    "CRLF": ("a\r\nhere()\r\n", f"a\r\n{NOTE[:-1]}\r\nhere()\r\n"),
}


@pytest.mark.parametrize(("before", "after"), MARKED.values(), ids=list(MARKED))
def test_a_comment_stands_above_the_statement(before: str, after: str) -> None:
    marker = Marker("files", "no such\nendpoint")
    assert rewritten(before, At("here()", marker)) == after
    again = rewritten(after, At("here()", marker))
    assert again == after


def test_two_comments_above_one_statement_have_an_order() -> None:
    edits = [At("here()", Marker("b", "two")), At("here()", Marker("a", "one"))]
    expected = "# MIGRATE[a]: one\n# MIGRATE[b]: two\nhere()\n"
    assert rewritten("here()\n", *edits) == expected
    assert rewritten("here()\n", *reversed(edits)) == expected


def test_a_file_that_is_not_python_is_spliced() -> None:
    source = SourceText("A=old\r\nB=1\r\n")
    edits = [
        Edit(".env", Span(1, 2, 1, 5), "splice", Splice("new")),
        Edit(".env", Span(2, 0, 2, 1), "splice", Splice("C")),
    ]
    assert splice(source, [*edits, edits[0]])[:2] == ("A=new\r\nC=1\r\n", {})


def test_spans_that_overlap_are_an_error() -> None:
    edits = [Edit("x", Span(1, 0, 1, 3), "splice", Splice(text)) for text in ("a", "b")]
    with pytest.raises(ValueError, match="overlap"):
        splice(SourceText("abc"), edits)


def test_a_marker_stands_right_above_a_statement_in_a_case() -> None:
    before = "match kind:\n    case 1:\n        x = f()\n    case _:\n        y = f()\n"
    marker = Marker("code", "text")
    after = rewritten(before, At("f()", marker), At("f()", marker, 1))
    assert after.count("        # MIGRATE[code]: text\n        ") == 2
    again = outcome(after, At("f()", marker), At("f()", marker, 1))
    assert again.text == after
