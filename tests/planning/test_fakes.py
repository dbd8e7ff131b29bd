"""Fakes in the place of methods of openai before 1.0: targets, answers, errors."""

from __future__ import annotations

import textwrap

import pytest

from tests.planning.builders import Checklist, Kind, Planned, planned
from tests.planning.test_legacy import CREATE

APP = f"""
import openai
def ask(q):
    return {CREATE}["choices"][0]["message"]["content"]
async def wait(q):
    return (await {CREATE.replace("create", "acreate")})["choices"][0]["message"]["content"]
"""
HEAD = "import openai\nfrom unittest.mock import AsyncMock, MagicMock, patch\n"
SYNC = "openai.resources.chat.completions.Completions.create"
ASYNC = SYNC.replace("Completions", "AsyncCompletions")
DICT = '{"id": "x"}'
OBJECT = f"ChatCompletion.construct(**{DICT})"


def faked(test: str, app: str = APP) -> Planned:
    text = HEAD + textwrap.dedent(test)
    return planned({"app.py": app, "tests/test_app.py": text}, legacy="upgrade")


def after(test: str, app: str = APP) -> str:
    return faked(test, app).after("tests/test_app.py")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ('patch("openai.ChatCompletion.create")', f'patch("{SYNC}")'),
        ('patch("app.openai.ChatCompletion.create")', f'patch("{SYNC}")'),
        (
            'patch("openai.ChatCompletion.acreate")',
            f'patch("{ASYNC}", new_callable=AsyncMock)',
        ),
        (
            'patch("openai.ChatCompletion.acreate", new=AsyncMock())',
            f'patch("{ASYNC}", new=AsyncMock())',
        ),
        ('patch.object(openai.ChatCompletion, "create")', 'patch.object(Completions, "create")'),
        (
            'patch.object(openai.ChatCompletion, "acreate", AsyncMock())',
            'patch.object(AsyncCompletions, "create", AsyncMock())',
        ),
        (
            'monkeypatch.setattr(openai.ChatCompletion, "create", MagicMock())',
            'monkeypatch.setattr(Completions, "create", MagicMock())',
        ),
        (
            "openai.ChatCompletion.create = MagicMock()",
            "\n    Completions.create = MagicMock()",
        ),
        (
            "openai.ChatCompletion.create = lambda **_: None",
            "\n    Completions.create = staticmethod(lambda **_: None)",
        ),
    ],
)
def test_a_fake_stands_where_the_calls_are(before: str, expected: str) -> None:
    assert expected in after(f"def test(monkeypatch):\n    {before}\n")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f"return_value={DICT}", f"return_value={OBJECT}"),
        ("return_value=dict(id=1)", "return_value=ChatCompletion.construct(**dict(id=1))"),
        (f"side_effect=[{DICT}, KeyError()]", f"[{OBJECT}, KeyError()]"),
        (f"side_effect=lambda **_: {DICT}", f"lambda **_: {OBJECT}"),
        ("side_effect=fake", "return ChatCompletion.construct(**ANSWER)"),
        (
            'return_value=[{"id": "x"}]',
            'return_value=[ChatCompletionChunk.construct(**{"id": "x"})]',
        ),
        ("return_value=None", "return_value=None"),
        ("return_value=MagicMock(choices=[])", "return_value=MagicMock(choices=[])"),
    ],
)
def test_dicts_that_a_fake_answers_become_objects(answer: str, expected: str) -> None:
    text = after(f"""
        ANSWER = {{"id": "x"}}
        def fake(**request):
            return ANSWER
        def test():
            with patch("openai.ChatCompletion.create", {answer}):
                pass
    """)
    assert expected in text


def test_a_mock_is_followed_by_its_names() -> None:
    text = after("""
        @patch("openai.ChatCompletion.create")
        @patch("os.getcwd")
        def test_one(cwd, create):
            cwd.return_value = {"id": 1}
            create.return_value = {"id": 2}
        def test_two():
            with patch("openai.ChatCompletion.create") as create:
                create.return_value = {"id": 3}
    """)
    assert 'cwd.return_value = {"id": 1}' in text
    assert 'create.return_value = ChatCompletion.construct(**{"id": 2})' in text
    assert 'create.return_value = ChatCompletion.construct(**{"id": 3})' in text


def test_what_a_fake_answers_may_be_unknown() -> None:
    found = faked('with patch("openai.ChatCompletion.create", return_value=make()):\n    pass\n')
    assert SYNC in found.after("tests/test_app.py")
    assert found.item("fake-answer")


@pytest.mark.parametrize(
    ("app", "code"),
    [
        ("import openai\n", "fake-legacy"),
        (f"import openai\nq = 1\nr = {CREATE}\nr.refresh()\n", "fake-legacy"),
    ],
    ids=["nothing calls it", "its calls stay"],
)
def test_a_fake_waits_for_its_calls(app: str, code: str) -> None:
    found = faked('with patch("openai.ChatCompletion.create"):\n    pass\n', app)
    assert isinstance(found.decision("tests/test_app.py", Kind.TYPE_REF), Checklist)
    assert SYNC in found.item(code).action


def test_a_fake_of_a_class_is_told() -> None:
    assert faked('with patch("openai.ChatCompletion"):\n    pass\n').item("fake-class")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ('RateLimitError("slow")', 'openai.RateLimitError("slow", response=Mock(), body=None)'),
        (
            'InvalidRequestError("no", "param")',
            'openai.BadRequestError("no", response=Mock(), body=None)',
        ),
        ("Timeout()", "openai.APITimeoutError(request=Mock())"),
        ('APIError("no")', 'openai.APIError("no", request=Mock(), body=None)'),
        ('OpenAIError("no")', 'openai.OpenAIError("no")'),
    ],
)
def test_errors_that_a_test_makes_are_those_of_now(error: str, expected: str) -> None:
    text = after(f"def test():\n    raise openai.error.{error}\n")
    assert f"raise {expected}" in text
    assert "Mock()" not in expected or "import AsyncMock, MagicMock, Mock, patch" in text


def test_errors_that_the_program_makes_are_told() -> None:
    found = planned(
        f"import openai\ndef ask(q):\n    {CREATE}\n    raise openai.error.Timeout('slow')\n",
        legacy="upgrade",
    )
    assert "raise openai.APITimeoutError('slow')" in found.after()
    assert found.item("error-made")
