"""Programs that are moved to a provider's own SDK: what is written, what stays, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator import workflow
from migrator.analysis.sites import Kind
from migrator.decisions import Convert
from tests.planning.builders import ASK, Planned, chat, embed, planned

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def moved(files: dict[str, str] | str, target: str) -> Planned:
    return planned(files, target=target, mode="sdk")


def why(found: Planned) -> str:
    """Why something stays with the openai package."""
    return found.item("sdk-not-carried").why


# -- clients, arguments, methods -------------------------------------------------------------------

WRITTEN = {
    "a client and its import": (
        "ark",
        chat(),
        ("from volcenginesdkarkruntime import Ark\n", "client = Ark(", 'os.environ["ARK_API_KEY"]'),
        ("openai",),
    ),
    "what the method does not take": (
        "zhipu",
        chat('stream=True, stream_options={"include_usage": True}, extra_body={"a": 1}'),
        ('extra_body={"a": 1, "stream_options": {"include_usage": True}}',),
        (" stream_options=",),
    ),
    "what the method takes by itself": (
        "zhipu",
        chat('user="reader-7"'),
        ('user_id="reader-7"',),
        ('extra_body={"user_id"',),
    ),
    "another name of a method": (
        "zhipu",
        HEAD + "def draw(p):\n    return client.images.generate(model='dall-e-3', prompt=p).data\n",
        ("client.images.generations(",),
        ("images.generate(",),
    ),
    "a client that knows its address": ("zhipu", chat(), ("client = ZhipuAiClient()",), ("os.",)),
    "other names of a client's arguments": (
        "zhipu",
        chat().replace("OpenAI()", 'OpenAI(default_headers={"x-a": "b"}, max_retries=4)'),
        ('ZhipuAiClient(custom_headers={"x-a": "b"}, max_retries=4)',),
        ("default_headers",),
    ),
    "one class for both kinds, two methods": (
        "qianfan",
        chat()
        .replace("OpenAI", "AsyncOpenAI")
        .replace("def", "async def")
        .replace("return client", "return await client"),
        ("await client.chat.completions.acreate(", "client = Qianfan("),
        (),
    ),
    "entries of extra_body as arguments": (
        "qianfan",
        chat('timeout=5, extra_body={"penalty_score": 1.2}'),
        ("penalty_score=1.2", "request_timeout=5"),
        ("extra_body",),
    ),
    "what stands for what is not given": (
        "ark",
        chat("temperature=t or NOT_GIVEN")
        .replace("import OpenAI", "import NOT_GIVEN, OpenAI")
        .replace("(q)", "(q, t=NOT_GIVEN)"),
        ("t=None", "t or None"),
        ("NOT_GIVEN",),
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_requests_are_said_in_the_words_of_the_sdk(name: str) -> None:
    target, code, holds, lacks = WRITTEN[name]
    text = moved(code, target).after()
    for one in holds:
        assert one in text
    for one in lacks:
        assert one not in text


# -- what stays with the openai package ------------------------------------------------------------

ASYNC = chat().replace("OpenAI", "AsyncOpenAI")
STREAM = HEAD + (
    "def ask(q):\n"
    f'    with client.chat.completions.create(model="gpt-4o", {ASK}, stream=True) as answer:\n'
    "        for chunk in answer:\n"
    "            print(chunk.id)\n"
)
STAYS = {
    "no client for asyncio": ("zhipu", ASYNC, "no client for asyncio"),
    "a stream in a with statement": ("zhipu", STREAM, "has no `with`"),
    "an argument that cannot be carried": (
        "zhipu",
        chat('extra_query={"a": "b"}'),
        "`extra_query`",
    ),
    "no method": ("qianfan", embed("input='a'"), "has no `embeddings.create`"),
    "an argument of the client": (
        "qianfan",
        chat().replace("OpenAI()", 'OpenAI(default_query={"a": "b"})'),
        "`default_query`",
    ),
    "an answer that is parsed, and takes no other fields": (
        "qianfan",
        chat("response_format=Answer", api="parse"),
        "has no `chat.completions.parse`",
    ),
    "arguments that do not go together": (
        "qianfan",
        chat("stream=True, tools=tools").replace("(q)", "(q, tools)"),
        "`stream` and `tools` together",
    ),
    "what a client is asked for": (
        "ark",
        chat().replace("return client.", "return client.with_options(timeout=1)."),
        "`with_options`",
    ),
    "a raw response": (
        "ark",
        chat().replace("completions.create", "completions.with_raw_response.create"),
        "raw response",
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_cannot_be_carried_over_stays_and_says_why(name: str) -> None:
    target, code, reason = STAYS[name]
    found = moved(code, target)
    assert reason in why(found)
    text = found.after()
    assert "from openai import" in text
    assert "base_url=" in text  # on the compatible endpoint
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)


def test_what_hangs_together_with_it_stays_too() -> None:
    found = moved(chat() + "def raw(q):\n    return client.models.list()\n", "ark")
    assert "client = OpenAI(" in found.after()


def test_a_file_may_end_with_both() -> None:
    code = (
        "from openai import AsyncOpenAI, OpenAI\n"
        "client, other = OpenAI(), AsyncOpenAI()\n"
        f'def ask(q):\n    return client.chat.completions.create(model="gpt-4o", {ASK})\n'
        "async def later(q):\n"
        f'    return await other.chat.completions.create(model="gpt-4o", {ASK})\n'
    )
    found = moved({"app.py": code, "requirements.txt": "openai>=1.40\n"}, "zhipu")
    text = found.after()
    assert "from openai import AsyncOpenAI\n" in text
    assert "from zai import ZhipuAiClient\n" in text
    assert found.after("requirements.txt") == "openai>=1.40\nzai-sdk>=0.2.3\n"


# -- answers ---------------------------------------------------------------------------------------

READ = HEAD + (
    "def ask(q, messages):\n"
    f'    answer = client.chat.completions.create(model="gpt-4o", {ASK})\n'
    "    message = answer.choices[0].message\n"
    "    messages.append(message)\n"
    '    client.chat.completions.create(model="gpt-4o", messages=messages)\n'
    "    return message.refusal or answer.model_dump()\n"
)


def test_answers_are_read_as_the_sdk_gives_them() -> None:
    text = moved(READ, "ark").after()
    assert 'getattr(message, "refusal", None)' in text
    assert "messages.append(message.model_dump(exclude_none=True))" in text
    assert "messages.append(message)" in moved(READ, "zhipu").after()
    there = moved(READ, "qianfan").after()
    assert "messages.append(message.dict(exclude_none=True))" in there
    assert "answer.dict()" in there


PUT = {
    "into a list that nothing sends": "kept = []; kept.append(message); print(kept[0].content)",
    "into a new list": "messages = [*messages, message]",
    "into a dictionary": 'messages.append({"role": "assistant", "tool_calls": message.tool_calls})',
}


@pytest.mark.parametrize("name", PUT)
def test_a_part_of_an_answer_that_may_be_sent_as_an_object_holds_the_client(name: str) -> None:
    code = READ.replace("messages.append(message)", PUT[name])
    assert "a part of its answer is put into" in why(moved(code, "ark"))


# -- exceptions and types --------------------------------------------------------------------------

CAUGHT = (
    "from openai import APITimeoutError, NotFoundError, OpenAI, RateLimitError\n"
    "client = OpenAI()\n"
    "def ask(q):\n"
    "    try:\n"
    f'        return client.chat.completions.create(model="gpt-4o", {ASK})\n'
    "    except (RateLimitError, APITimeoutError):\n"
    "        return None\n"
    "    except NotFoundError:\n"
    "        raise\n"
)


def test_exceptions_follow_by_the_table() -> None:
    found = moved(CAUGHT, "ark")
    assert "except (ArkRateLimitError, ArkAPITimeoutError):" in found.after()
    assert "except ArkNotFoundError:" in found.after()
    assert "openai" not in found.after()


def test_one_without_a_class_there_is_told() -> None:
    found = moved(CAUGHT, "zhipu")
    assert "except (APIReachLimitError, APITimeoutError):" in found.after()
    told = found.item("sdk-exception-missing")
    assert "`zai.core.APIStatusError` where its `status_code` is 404" in told.action


def test_types_and_patches_follow() -> None:
    files = {
        "app.py": (
            "from openai import OpenAI\n"
            "from openai.types.chat import ChatCompletion\n"
            "client = OpenAI()\n"
            "def ask(client: OpenAI, q) -> ChatCompletion:\n"
            f'    return client.chat.completions.create(model="gpt-4o", {ASK})\n'
            'ask(client, "")\n'
        ),
        "test_app.py": (
            "from unittest.mock import patch\n"
            '@patch("openai.resources.chat.completions.Completions.create")\n'
            "def test_ask(create):\n"
            "    pass\n"
        ),
        "requirements.txt": "openai>=1.40\n",
    }
    found = moved(files, "ark")
    assert "def ask(client: Ark, q) -> ChatCompletion:" in found.after()
    assert "from volcenginesdkarkruntime.types.chat import ChatCompletion" in found.after()
    path = "volcenginesdkarkruntime.resources.chat.completions.Completions.create"
    assert f'@patch("{path}")' in found.after("test_app.py")
    assert found.after("requirements.txt") == "volcengine-ark-runtime>=5.0.54\n"


# -- what is said before it is chosen --------------------------------------------------------------


def test_what_to_install_and_to_know_is_on_the_checklist() -> None:
    found = moved(chat(), "qianfan")
    assert found.item("sdk-chosen").sources
    cautions = [one.why for one in found.plan.checklist if one.code == "sdk-caution"]
    assert any("the key is among them" in one for one in cautions)
    assert found.plan.target.mode == "sdk"


def test_who_recommends_openais_package_says_so(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(chat())
    told = r"DeepSeek recommends the openai SDK itself \(.*https://.*\): .*; use --mode compatible"
    with pytest.raises(workflow.NoSdkError, match=told):
        workflow.plan([tmp_path], workflow.Options("deepseek", mode="sdk"))
    with pytest.raises(workflow.UnknownWishError, match="--mode is compatible, sdk"):
        workflow.plan([tmp_path], workflow.Options("ark", mode="native"))


def test_a_framework_may_have_a_class_for_who_recommends_openais_package(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from langchain_openai import ChatOpenAI\nChatOpenAI(model='gpt-4o').invoke('hi')\n"
    )
    other, _ = workflow.plan([tmp_path], workflow.Options("moonshot", mode="sdk"))
    assert "own-class-unused" in {item.code for item in other.plan.checklist}
    options = workflow.Options("deepseek", mode="sdk")
    made, _ = workflow.apply([tmp_path], options)
    assert any(b"ChatDeepSeek" in (change.after or b"") for change in made.changes)
    again, _ = workflow.plan([tmp_path], options)
    assert (again.changes, again.plan.edits) == ((), ())


def test_a_second_plan_has_nothing_to_do() -> None:
    for target in ("ark", "zhipu", "qianfan"):
        text = moved(CAUGHT, target).after()
        assert moved(text, target).plan.edits == ()


def test_the_type_of_a_client_of_another_service_stays() -> None:
    local = (
        "from openai import OpenAI\n\n\ndef make() -> OpenAI:\n"
        '    return OpenAI(base_url="http://localhost:11434/v1", api_key="none")\n'
    )
    assert moved({"app.py": chat(), "local.py": local}, "bailian").after("local.py") == local


def test_a_class_that_is_imported_under_the_name_of_the_new_one_goes() -> None:
    text = (
        "from openai import OpenAI as Client\n\nclient = Client()\n"
        "client.embeddings.create(model='text-embedding-3-small', input='a')\n"
    )
    found = moved(text, "bailian").after()
    assert "from dashscope import Client\n" in found
    assert "openai import" not in found
