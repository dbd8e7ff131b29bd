"""Calls of openai before 1.0: clients, their methods, arguments, answers and imports."""

from __future__ import annotations

import pytest

from migrator.edits import (
    AnswerDictionary,
    ArgumentNames,
    ArgumentToImport,
    AsMapping,
    ClientMaker,
    ClientMethod,
    ConstructWith,
    EmbeddingsUtilities,
    Enclosed,
    Framed,
    ImportedNames,
    Instruction,
    NewClient,
    ResultAttribute,
    ResultItem,
    ToolCall,
)
from tests.codemods.rewriting import URL, At, refusals, rewritten

ADDRESS = ("SOME_BASE_URL", "https://api.example.com/v1")
SYNC = (("client", "openai.OpenAI"),)
BOTH = (*SYNC, ("async_client", "openai.AsyncOpenAI"))


def maker(key: str) -> ClientMaker:
    return ClientMaker("openai.OpenAI", key, "SOME_API_KEY", *ADDRESS)


# -- clients --------------------------------------------------------------------------------------


def test_the_key_of_the_module_becomes_the_key_of_a_client() -> None:
    before = 'import os\nfrom openai import OpenAI\n\nopenai.api_key = load("key")\nrest()\n'
    after = rewritten(before, At('openai.api_key = load("key")', NewClient(SYNC, None, *ADDRESS)))
    assert f'client = OpenAI(\n    api_key=load("key"), base_url={URL}\n)\nrest()' in after


def test_a_key_in_the_source_is_not_written_again() -> None:
    before = 'import os\nimport openai\n\nopenai.api_key = "sk-test"\n'
    after = rewritten(
        before, At('openai.api_key = "sk-test"', NewClient(SYNC, "SOME_API_KEY", *ADDRESS))
    )
    assert "sk-test" not in after
    assert 'api_key=os.environ["SOME_API_KEY"]' in after


def test_two_clients_share_their_settings() -> None:
    before = "import openai\n\nopenai.api_key = key\n"
    after = rewritten(before, At("openai.api_key = key", NewClient(BOTH, None, *ADDRESS)))
    assert (
        "async_client = openai.AsyncOpenAI(api_key=client.api_key, base_url=client.base_url)\n"
    ) in after


def test_a_setting_that_stays_keeps_its_line_above_the_client() -> None:
    before = "import openai\n\nopenai.api_key = key\n"
    instruction = NewClient(SYNC, "SOME_API_KEY", *ADDRESS, beside=True)
    after = rewritten(before, At("openai.api_key = key", instruction))
    assert "openai.api_key = key\nclient = openai.OpenAI(" in after


def test_a_client_without_a_setting_stands_after_the_imports() -> None:
    before = '"""Doc."""\nimport openai\nimport os\n\ndef f():\n    return 1\n'
    after = rewritten(before, At("import openai", NewClient(SYNC, "SOME_API_KEY", *ADDRESS)))
    assert after.index("import os") < after.index("client = openai.OpenAI(") < after.index("def f")


def test_an_expression_is_made_the_key() -> None:
    before = "import os\nimport openai\nx = key()\n"
    after = rewritten(before, At("key()", ConstructWith("openai.OpenAI", *ADDRESS)))
    assert f"x = openai.OpenAI(api_key=key(), base_url={URL})\n" in after


# -- methods --------------------------------------------------------------------------------------

CREATE = "openai.ChatCompletion.create"


@pytest.mark.parametrize(
    ("instruction", "becomes"),
    [
        (ClientMethod("chat.completions.create", "client"), "client.chat.completions.create"),
        (ClientMethod("images.generate", "openai"), "oai.images.generate"),
        (
            ClientMethod("embeddings.create", "client", options=(("api_key", "self.key"),)),
            "client.with_options(api_key=self.key).embeddings.create",
        ),
    ],
    ids=["a client of the file", "the module's own client", "a key of one call's own"],
)
def test_a_call_names_the_method_of_a_client(instruction: ClientMethod, becomes: str) -> None:
    before = f"import openai as oai\n\nx = {CREATE.replace('openai', 'oai')}(model=m)\n"
    code = CREATE.replace("openai", "oai")
    assert rewritten(before, At(code, instruction)).endswith(f"x = {becomes}(model=m)\n")


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("environment", "", 'api_key=os.environ["SOME_API_KEY"]'),
        ("argument", "self.key", "api_key=api_key"),
        ("module", "", "api_key=openai.api_key"),
    ],
    ids=["from the environment", "from the call", "from the module"],
)
def test_a_function_makes_the_client(key: str, given: str, expected: str) -> None:
    before = f"import openai\n\nx = {CREATE}(model=m)\n"
    instruction = ClientMethod("chat.completions.create", maker=maker(key), key=given)
    after = rewritten(before, At(CREATE, instruction))
    assert expected in after
    assert f"x = get_client({given}).chat.completions.create(model=m)" in after
    assert "import openai\n" in after


def test_what_is_no_name_is_no_method() -> None:
    before = "x = pick()(model=m)\n"
    assert refusals(before, At("pick()", ClientMethod("chat.completions.create", "client")))


# -- arguments ------------------------------------------------------------------------------------


def test_arguments_get_the_names_of_the_new_method() -> None:
    instruction = ArgumentNames(("model", "file"), (("request_timeout", "timeout"),), ("api_type",))
    after = rewritten(
        'f("m", file, request_timeout=9, api_type="azure")\n',
        At('f("m", file, request_timeout=9, api_type="azure")', instruction),
    )
    assert after == 'f(model="m", file=file, timeout=9)\n'


def test_a_name_that_is_taken_is_not_given_again() -> None:
    before = "f(engine=e, model=m)\n"
    instruction = ArgumentNames(rename=(("engine", "model"),))
    assert refusals(before, At("f(engine=e, model=m)", instruction))


def test_a_spread_argument_has_no_name() -> None:
    before = "f(*given)\n"
    assert refusals(before, At("f(*given)", ArgumentNames(("model",))))


# -- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "instruction", "after"),
    [
        ('x["choices"]', ResultAttribute("item", "choices"), "x.choices"),
        ("f(y)['data']", ResultAttribute("item", "data"), "f(y).data"),
        ('(await f())["data"]', ResultAttribute("item", "data"), "(await f()).data"),
        ('x.get("content", "")', ResultAttribute("get", "content", False), 'x.content or ""'),
        ('x.get("usage", {})', ResultAttribute("get", "usage"), "x.usage"),
        ('x.get("role", None)', ResultAttribute("get", "role", False), "x.role"),
        ('"content" in x', ResultAttribute("contains", "content"), "x.content is not None"),
        ('"content" not in x', ResultAttribute("contains", "content"), "x.content is None"),
        ("x", AsMapping(), "x.model_dump()"),
        ("x or y", AsMapping(), "(x or y).model_dump()"),
        ("x", AsMapping(sent=True), "x.model_dump(exclude_none=True)"),
        ("x.choices", ResultItem("choices"), 'x["choices"]'),
        ("f()", AnswerDictionary(), "f().to_dict()"),
        ("{'a': 1}", Enclosed("m.n.Made", "construct", spread=True), "Made.construct(**{'a': 1})"),
        ("x.function_call", ToolCall("step"), "x.tool_calls[0].function"),
        ('x["function_call"]', ToolCall("step"), 'x["tool_calls"][0]["function"]'),
        ('"function_call" not in x', ToolCall("test"), 'not x.get("tool_calls")'),
        (
            'x.get("function_call")',
            ToolCall("value"),
            'x["tool_calls"][0]["function"] if x.get("tool_calls") else None',
        ),
        ("f", Framed('{"function": value}'), '{"function": f}'),
        ("fake", Enclosed("staticmethod"), "staticmethod(fake)"),
        ("f(1)", ArgumentToImport("kind", "m.n.Made"), "f(1, kind=Made)"),
        ('"error" in x', ResultAttribute("contains", "error", known=False), 'hasattr(x, "error")'),
        (
            '"error" not in x',
            ResultAttribute("contains", "error", known=False),
            'not hasattr(x, "error")',
        ),
        ('x.get("a", y)', ResultAttribute("get", "a", known=False), 'getattr(x, "a", y)'),
        ('x.get("a")', ResultAttribute("get", "a", known=False), 'getattr(x, "a", None)'),
        ("f()", AnswerDictionary(later=True), "as_dict(f())"),
        ("await f()", AnswerDictionary(), "(await f()).to_dict()"),
    ],
)
def test_an_answer_is_an_object_or_a_dict(
    before: str, instruction: Instruction, after: str
) -> None:
    text = rewritten(f"v = {before}\n", At(before, instruction))
    assert text.endswith(f"v = {after}\n")


def test_what_may_be_none_is_bracketed_among_others() -> None:
    before = 'v = a + x.get("content", "")\n'
    after = rewritten(before, At('x.get("content", "")', ResultAttribute("get", "content", False)))
    assert after == 'v = a + (x.content or "")\n'


def test_a_sum_needs_no_brackets_around_its_addend() -> None:
    before = 'v += x.get("content", "")\n'
    after = rewritten(before, At('x.get("content", "")', ResultAttribute("get", "content", False)))
    assert after == 'v += x.content or ""\n'


def test_what_is_no_read_is_refused() -> None:
    assert refusals("v = x.y\n", At("x.y", ResultAttribute("item", "y")))
    assert refusals("v = x[y]\n", At("x[y]", ResultItem("y")))


# -- imports --------------------------------------------------------------------------------------

NAMES = ImportedNames(
    "openai", (("RateLimitError", "RateLimitError"), ("Timeout", "APITimeoutError"))
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from openai.error import RateLimitError, Timeout\n",
            "from openai import APITimeoutError, RateLimitError\n",
        ),
        (
            "from openai.error import RateLimitError as Slow\n",
            "from openai import RateLimitError as Slow\n",
        ),
        (
            "try:\n    from openai.error import Timeout\nexcept ImportError:\n    pass\n",
            "try:\n    from openai import APITimeoutError\nexcept ImportError:\n    pass\n",
        ),
        ("import openai.error\n", "import openai\n"),
        ("import openai\nimport openai.error\n", "import openai\n"),
    ],
    ids=["names", "an alias", "in a block", "the module", "the module beside the package"],
)
def test_names_are_imported_from_where_they_are_now(before: str, after: str) -> None:
    code = next(line.strip() for line in before.splitlines() if "openai.error" in line)
    instruction = NAMES if "from" in code else ImportedNames("openai", (("error", "openai"),))
    used = "x = RateLimitError, Timeout, Slow, APITimeoutError, openai\n"
    assert rewritten(before + used, At(code, instruction)) == after + used


def test_the_module_is_found_among_blanks() -> None:
    before = "from \\\n openai .error  import RateLimitError\nx = RateLimitError\n"
    code = before.partition("\nx")[0]
    after = "from \\\n openai  import RateLimitError\nx = RateLimitError\n"
    assert rewritten(before, At(code, NAMES)) == after


def test_what_imports_nothing_is_refused() -> None:
    assert refusals("x = 1\n", At("x = 1", NAMES))


# -- embeddings_utils -----------------------------------------------------------------------------


def test_the_functions_of_embeddings_utils_are_written_into_the_file() -> None:
    code = "from openai.embeddings_utils import aget_embedding, cosine_similarity as near"
    before = f"import openai\n{code}\n\nx = near(aget_embedding, [1])\n"
    instruction = EmbeddingsUtilities((("async", "client"),))
    after = rewritten(before, At(code, instruction))
    assert "async def aget_embedding(text, engine, **request):" in after
    assert "await client.embeddings.create(input=[text], model=engine, **request)" in after
    assert "def near(a, b):" in after
    assert "import math\n" in after
    assert "embeddings_utils" not in after


def test_a_function_of_embeddings_utils_makes_its_client() -> None:
    code = "from openai.embeddings_utils import get_embedding"
    before = f"import openai\n{code}\n\nx = get_embedding\n"
    instruction = EmbeddingsUtilities(makers=(maker("environment"),))
    assert "get_client().embeddings.create(" in rewritten(before, At(code, instruction))


@pytest.mark.parametrize("name", ["get_embedding", "pca_components_from_embeddings"])
def test_a_function_without_a_client_or_unknown_is_refused(name: str) -> None:
    code = f"from openai.embeddings_utils import {name}"
    assert refusals(f"{code}\n", At(code, EmbeddingsUtilities()))
