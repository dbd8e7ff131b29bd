"""Tests of the migrated repository: what they set, patch and expect moves with the code."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, Leave, Planned, chat, items_of, planned

TEST = "tests/test_app.py"
ADDRESS = "https://api.openai.com/v1/chat/completions"
AZURE = f"""
import os
from openai import AzureOpenAI
def ask(q):
    client = AzureOpenAI(api_key=os.environ["AZURE_OPENAI_API_KEY"], azure_endpoint=q)
    return client.chat.completions.create(model="gpt-4o", {ASK})
"""


def repository(test: str, code: str = "") -> Planned:
    return planned({"app.py": code or chat(), TEST: test})


MOVED = {
    "respx": (f"import respx\nrespx.post('{ADDRESS}')\n", f"respx.post('{URL}/chat/completions')"),
    "respx with a base URL": (
        "import respx\n@respx.mock(base_url='https://api.openai.com/v1')\ndef test_it(mock): ...\n",
        f"base_url='{URL}'",
    ),
    "pytest-httpx": (
        f"def test_it(httpx_mock):\n    httpx_mock.add_response(url='{ADDRESS}')\n",
        f"url='{URL}/chat/completions'",
    ),
    "responses": (
        f"import responses\nresponses.add(responses.POST, '{ADDRESS}', json={{}})\n",
        f"'{URL}/chat/completions', json",
    ),
    "an f-string": (
        f"def test_it(httpx_mock, q):\n    httpx_mock.add_response(url=f'{ADDRESS}?q={{q}}')\n",
        f"url=f'{URL}/chat/completions?q={{q}}'",
    ),
    "setenv": (
        "def test_it(monkeypatch):\n    monkeypatch.setenv('OPENAI_API_KEY', 'x')\n",
        "setenv('DASHSCOPE_API_KEY', 'x')",
    ),
    "delenv": (
        "def test_it(monkeypatch):\n    monkeypatch.delenv('OPENAI_API_KEY', raising=False)\n",
        "delenv('DASHSCOPE_API_KEY', raising=False)",
    ),
    "patch.dict": (
        "import os\nfrom unittest import mock\n"
        "@mock.patch.dict(os.environ, {'OPENAI_API_KEY': 'x'}, clear=True)\ndef test_it(): ...\n",
        "{'DASHSCOPE_API_KEY': 'x'}, clear=True",
    ),
    "patch.dict by name": (
        "from unittest.mock import patch\n"
        "@patch.dict('os.environ', {'OPENAI_API_KEY': 'x'})\ndef test_it(): ...\n",
        "{'DASHSCOPE_API_KEY': 'x'}",
    ),
    "environ.update": (
        "import os\nos.environ.update({'OPENAI_API_KEY': 'x'})\n",
        "update({'DASHSCOPE_API_KEY': 'x'})",
    ),
    "an asserted argument": (
        "def test_it(create):\n    assert create.call_args.kwargs['model'] == 'gpt-4o'\n",
        "== 'qwen3.7-plus'",
    ),
    "unittest": (
        "def test_it(self, create):\n    self.assertEqual(create.kwargs['model'], 'gpt-4o')\n",
        "['model'], 'qwen3.7-plus')",
    ),
    "a fake answer": (
        "from openai.types.chat import ChatCompletion\n"
        "FAKE = ChatCompletion(id='x', choices=[], created=0, model='gpt-4o', object='x')\n",
        "model='qwen3.7-plus'",
    ),
    "a fake answer as a dict": (
        "ANSWER = {'id': 'x', 'model': 'gpt-4o', 'choices': []}\n",
        "'model': 'qwen3.7-plus'",
    ),
}


@pytest.mark.parametrize(("test", "after"), MOVED.values(), ids=list(MOVED))
def test_an_expectation_moves_with_the_code(test: str, after: str) -> None:
    assert after in repository(test).after(TEST)


SHARED = f"""
from openai import OpenAI
def ask(client, q):
    client.moderations.create(input=q)
    return client.chat.completions.create(model="gpt-4o", {ASK})
ask(OpenAI(), "hello")
"""


@pytest.mark.parametrize("name", ["respx", "setenv", "patch.dict", "an asserted argument"])
def test_an_expectation_of_code_that_stays_stays(name: str) -> None:
    found = repository(MOVED[name][0], SHARED)
    assert found.plan.edits == ()


def test_the_address_of_what_stays_is_told_and_that_of_what_moves_moves() -> None:
    code = SHARED.replace("    client.moderations", "    OpenAI().moderations")
    test = f"import respx\nrespx.post('{ADDRESS}')\n"
    test += "respx.post('https://api.openai.com/v1/moderations')\n"
    found = repository(test, code)
    after = found.after(TEST)
    assert f"'{URL}/chat/completions'" in after
    assert "'https://api.openai.com/v1/moderations'" in after
    assert found.item("address-expected").line == 3


def test_an_assertion_on_all_arguments_is_told() -> None:
    test = "def test_it(create):\n"
    test += "    create.assert_called_once_with(messages=[f(1)], model='gpt-4o')\n"
    found = repository(test)
    assert "model='qwen3.7-plus'" in found.after(TEST)
    told = found.item("call-asserted")
    assert told.path == TEST
    assert told.action.endswith('now: `extra_body={"enable_thinking": False}`.')


@pytest.mark.parametrize(
    "test",
    [
        "    assert kwargs == {'model': 'gpt-4o', 'messages': [f(1)]}\n",
        "    assert kwargs == dict(messages=[f(1)], model='gpt-4o')\n",
        "    create.assert_awaited_with(model='gpt-4o', messages=[f(1)])\n",
    ],
)
def test_arguments_that_are_compared_as_a_whole_are_told(test: str) -> None:
    assert "call-asserted" in repository("def test_it(create, kwargs):\n" + test).codes()


@pytest.mark.parametrize(
    "test",
    [
        "    assert settings == {'model': 'gpt-4o', 'retries': 3}\n",
        "    assert kwargs == {'messages': [f(1)]}\n    assert kwargs['model'] == 'gpt-4o'\n",
    ],
)
def test_what_is_not_compared_as_a_whole_call_is_not_told(test: str) -> None:
    assert "call-asserted" not in repository("def test_it(create, kwargs):\n" + test).codes()


def test_an_assertion_on_what_a_client_is_made_with_is_told() -> None:
    test = "import app\nfrom unittest.mock import patch\n"
    test += "@patch('app.OpenAI')\ndef test_it(made):\n"
    code = f"""
    from openai import OpenAI
    def ask(q, key):
        return OpenAI(api_key=key).chat.completions.create(model="gpt-4o", {ASK})
    """
    asserted = repository(test + "    made.assert_called_once_with(api_key='k')\n", code)
    assert asserted.item("client-asserted").action == "Add what it is made with now: `base_url`."
    plain = repository(test + "    made.assert_called_once()\n", code)
    assert "client-asserted" not in plain.codes()


def test_an_expectation_beside_such_an_assertion_is_not() -> None:
    test = "def test_it(create):\n    create.assert_called_once_with(f(1))\n"
    found = repository(test + "    assert create.kwargs['model'] == 'gpt-4o'\n")
    assert "call-asserted" not in found.codes()


@pytest.mark.parametrize(
    "patch",
    [
        "@patch('app.AzureOpenAI')",
        "@patch('openai.AzureOpenAI')",
        "@patch.object(app, 'AzureOpenAI')",
    ],
)
def test_a_patch_of_azures_class_follows_the_client(patch: str) -> None:
    test = f"import app\nfrom unittest.mock import patch\n{patch}\ndef test_it(fake): ...\n"
    after = repository(test, AZURE).after(TEST)
    assert patch.replace("AzureOpenAI", "OpenAI") in after


FAKES = {
    "no arguments": ("class Fake:\n    def __init__(self): ...\n", "Fake", True),
    "other arguments": ("class Fake:\n    def __init__(self, timeout=1): ...\n", "Fake", True),
    "the arguments": (
        "class Fake:\n    def __init__(self, api_key, base_url): ...\n",
        "Fake",
        False,
    ),
    "any arguments": ("class Fake:\n    def __init__(self, **options): ...\n", "Fake", False),
    "a function": ("", "lambda: None", True),
    "a function of any arguments": ("", "lambda **options: None", False),
}


@pytest.mark.parametrize(("fake", "name", "narrow"), FAKES.values(), ids=list(FAKES))
def test_a_fake_that_takes_no_key_is_told(fake: str, name: str, narrow: bool) -> None:
    test = f"import openai\n{fake}def test_it(monkeypatch):\n"
    test += "    monkeypatch.setenv('OPENAI_API_KEY', 'x')\n"
    test += f"    monkeypatch.setattr(openai, 'OpenAI', {name})\n"
    found = repository(test)
    assert ("fake-narrow" in found.codes()) == narrow
    assert "test-key" not in found.codes()


def test_tests_that_patch_the_class_and_set_no_key_are_told() -> None:
    test = "from unittest.mock import patch\n@patch('app.OpenAI')\ndef test_it(fake): ...\n"
    found = repository(test)
    assert "DASHSCOPE_API_KEY" in found.item("test-key").title


def test_a_patch_of_the_package_s_own_method_is_left() -> None:
    target = "openai.resources.chat.completions.Completions.create"
    test = f"from unittest.mock import patch\n@patch('{target}')\ndef test_it(create): ...\n"
    found = repository(test)
    assert TEST not in {edit.path for edit in found.plan.edits}


def test_a_patch_of_a_function_of_that_name_is_none() -> None:
    test = "from unittest.mock import patch\n@patch('other.OpenAI')\ndef test_it(fake): ...\n"
    files = {"app.py": chat(), "other.py": "class OpenAI: ...\n", TEST: test}
    kinds = [one.site.kind for one in planned(files).plan.decisions if one.site.path == TEST]
    assert kinds == []


def test_a_recording_is_to_be_made_again() -> None:
    recording = f"interactions:\n- request:\n    method: POST\n    uri: {ADDRESS}\n"
    found = planned({"app.py": chat(), "tests/cassettes/ask.yaml": recording})
    assert found.item("cassette").path == "tests/cassettes/ask.yaml"


def test_exceptions_and_types_that_tests_build_are_left() -> None:
    test = (
        "from openai import RateLimitError\nERROR = RateLimitError('x', response=None, body=None)\n"
    )
    found = repository(test)
    decisions = [one for one in found.plan.decisions if one.site.path == TEST]
    assert decisions
    assert all(isinstance(one, Leave) for one in decisions)
    assert items_of(found.decision("app.py", Kind.MODEL)) == []
