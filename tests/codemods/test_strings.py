"""Strings, expressions, prompts and encodings that become others."""

import pytest

from migrator.edits import JsonPrompt, ReplaceExpression, ReplaceString, TiktokenEncoding
from tests.codemods.rewriting import At, refusals, rewritten

STRINGS = {
    "double quotes": ('"old"', "new", '"new"'),
    "single quotes": ("'old'", "new", "'new'"),
    "triple quotes": ('"""old"""', "new", '"""new"""'),
    "a raw string": (r"r'old'", "new", r"r'new'"),
    "a raw string that cannot hold the value": (r"r'old'", "a'b", r"'a\'b'"),
    "a u prefix": ("u'old'", "new", "u'new'"),
    "an f-string that holds nothing": ("f'old'", "new", "'new'"),
    "implicit concatenation": ("'o' \"ld\"", "new", "'new'"),
    "a value with the quote in it": ("'old'", "it's", r"'it\'s'"),
    "a value with a line end": ("'old'", "a\nb", r"'a\nb'"),
    "a value with a backslash": ("'old'", "a\\b", r"'a\\b'"),
    "a value in Chinese": ("'old'", "模型", "'模型'"),
}


@pytest.mark.parametrize(("before", "value", "after"), STRINGS.values(), ids=list(STRINGS))
def test_a_string_keeps_its_quotes(before: str, value: str, after: str) -> None:
    text = f"x = f(1,  {before} ) # c\n"
    assert rewritten(text, At(before, ReplaceString(value))) == f"x = f(1,  {after} ) # c\n"


PLACES = {
    "a match pattern": "match x:\n    case 'old':\n        pass\n",
    "a key": "x = {'old' : 1}\n",
    "within an f-string": "x = f\"{g('old')}\"\n",
    "a subscript": "x: Literal['old', 'b']\n",
    "after wide characters": "x = '模型', 'old'\n",
    "concatenation over lines": "x = (\n    'old'\n)\n",
    "after a form feed": "\x0cx = 'old'\n",
    "without a line end": "x = 'old'",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=list(PLACES))
def test_a_string_wherever_it_stands(text: str) -> None:
    assert rewritten(text, At("'old'", ReplaceString("new"))) == text.replace("old", "new")


NOT_STRINGS = {
    "bytes": ("b'old'", "it is a byte string"),
    "an f-string with values": ("f'old {x}'", "it is an f-string that holds values"),
    "a name": ("old", "it is not a string literal"),
}


@pytest.mark.parametrize(("code", "reason"), NOT_STRINGS.values(), ids=list(NOT_STRINGS))
def test_what_is_no_plain_string_is_refused(code: str, reason: str) -> None:
    assert refusals(f"x = {code}\n", At(code, ReplaceString("new"))) == [reason]


def test_an_f_string_holds_no_quotes_of_its_own() -> None:
    text = "x = f'{g(\"a\")}'\n"
    reason = "it stands in an f-string that cannot hold the new text"
    assert refusals(text, At('"a"', ReplaceString("it's"))) == [reason]


def test_two_values_for_one_string_are_both_refused() -> None:
    reasons = refusals("x = 'a'\n", At("'a'", ReplaceString("b")), At("'a'", ReplaceString("c")))
    assert reasons == ["another edit wants something else of the same expression"] * 2


PROMPTS = {
    "a plain string": ("'Be kind.'", "'Be kind. Use JSON.'"),
    "a string that ends in a blank": ("'Be kind. '", "'Be kind. Use JSON.'"),
    "an empty string": ("''", "'Use JSON.'"),
    "an f-string": ("f'Be {x}'", "f'Be {x} Use JSON.'"),
    "an f-string that ends in text": ("f'{x}: '", "f'{x}: Use JSON.'"),
    "implicit concatenation": ("'Be ' f'{x}'", "'Be ' f'{x} Use JSON.'"),
    "triple quotes": ('"""Be\nkind."""', '"""Be\nkind. Use JSON."""'),
    "closing quotes on a line of their own": (
        '"""Be\n    kind.\n    """',
        '"""Be\n    kind.\n    Use JSON.\n    """',
    ),
    "an f-string over lines": (
        'f"""Be {x}\r\n  kind.\r\n  """',
        'f"""Be {x}\r\n  kind.\r\n  Use JSON.\r\n  """',
    ),
    "a name": ("prompt", "prompt + ' Use JSON.'"),
    "a call": ("render(x)", "render(x) + ' Use JSON.'"),
    "a sum": ("a + b", "a + b + ' Use JSON.'"),
    "a condition": ("a if b else c", "(a if b else c) + ' Use JSON.'"),
    "a fallback": ("a or b", "(a or b) + ' Use JSON.'"),
}


@pytest.mark.parametrize(("before", "after"), PROMPTS.values(), ids=list(PROMPTS))
def test_a_prompt_is_extended(before: str, after: str) -> None:
    text = "x = {'role': 'system', 'content': %s}\n"
    assert rewritten(text % before, At(before, JsonPrompt("Use JSON."))) == text % after


def test_braces_are_doubled_in_an_f_string() -> None:
    assert rewritten("x = f'{a}.'\n", At("f'{a}.'", JsonPrompt("Like {}."))) == (
        "x = f'{a}. Like {{}}.'\n"
    )


def test_a_new_model_and_a_longer_prompt_for_one_string() -> None:
    edits = [At("'a'", ReplaceString("b")), At("'a'", JsonPrompt("JSON"))]
    assert rewritten("x = 'a'\n", *edits) == "x = 'b JSON'\n"


@pytest.mark.parametrize("code", ["b'x'", "[part]"], ids=["bytes", "a list of parts"])
def test_a_prompt_that_is_no_text_is_refused(code: str) -> None:
    assert len(refusals(f"x = {code}\n", At(code, JsonPrompt("Use JSON.")))) == 1


EXPRESSIONS = {
    "a value": ("x = old\n", "1", (), "x = 1\n"),
    "an operand is bracketed": ("x = old * 2\n", "a + b", (), "x = (a + b) * 2\n"),
    "an argument is not": ("x = f(old)\n", "a + b", (), "x = f(a + b)\n"),
    "brackets that stand there are kept": ("x = (old)\n", "a + b", (), "x = (a + b)\n"),
    "a class spelled as it is imported": (
        "import openai\n\nx: old\n",
        "OpenAI",
        ("openai.OpenAI",),
        "import openai\n\nx: openai.OpenAI\n",
    ),
    "a class with another name": (
        "from openai import OpenAI as C\n\nx: old\n",
        "openai.OpenAI | None",
        ("openai.OpenAI",),
        "from openai import OpenAI as C\n\nx: C | None\n",
    ),
    "a module that has to be imported": (
        "x = old\n",
        'os.environ["A"]',
        ("os",),
        'import os\n\nx = os.environ["A"]\n',
    ),
    "a name that is imported from its module": (
        "from os import environ\n\nx = old\n",
        'os.environ["A"]',
        ("os.environ",),
        'from os import environ\n\nx = environ["A"]\n',
    ),
}


@pytest.mark.parametrize(
    ("before", "source", "imports", "after"), EXPRESSIONS.values(), ids=list(EXPRESSIONS)
)
def test_an_expression_becomes_another(
    before: str, source: str, imports: tuple[str, ...], after: str
) -> None:
    assert rewritten(before, At("old", ReplaceExpression(source, imports))) == after


def test_an_import_for_the_type_checker_alone_is_renamed_in_its_place() -> None:
    before = (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from openai import AzureOpenAI\n\n\ndef f(c: 'AzureOpenAI', d: \"AzureOpenAI\"): ...\n"
    )
    new = ReplaceExpression('"OpenAI"', ("openai.OpenAI",))
    after = rewritten(before, At("'AzureOpenAI'", new), At('"AzureOpenAI"', new))
    assert after.replace("'OpenAI'", '"OpenAI"') == (
        before.replace("AzureOpenAI", "OpenAI").replace("'OpenAI'", '"OpenAI"')
    )


ENCODINGS = {
    "by the module": (
        "import tiktoken\n\ne = tiktoken.encoding_for_model('m')\n",
        "tiktoken.encoding_for_model('m')",
        "import tiktoken\n\ne = tiktoken.get_encoding('o200k_base')\n",
    ),
    "by another name of the module": (
        "import tiktoken as t\n\ne = t.encoding_for_model(model_name=m)\n",
        "t.encoding_for_model(model_name=m)",
        'import tiktoken as t\n\ne = t.get_encoding("o200k_base")\n',
    ),
    "by the function's name": (
        "from tiktoken import encoding_for_model\n\ne = encoding_for_model(m)\n",
        "encoding_for_model(m)",
        'from tiktoken import get_encoding\n\ne = get_encoding("o200k_base")\n',
    ),
    "imported in the function": (
        "def f():\n    from tiktoken import encoding_for_model\n    return encoding_for_model(m)\n",
        "encoding_for_model(m)",
        'def f():\n    from tiktoken import get_encoding\n    return get_encoding("o200k_base")\n',
    ),
}


@pytest.mark.parametrize(("before", "code", "after"), ENCODINGS.values(), ids=list(ENCODINGS))
def test_an_encoding_is_named(before: str, code: str, after: str) -> None:
    assert rewritten(before, At(code, TiktokenEncoding("o200k_base"))) == after
