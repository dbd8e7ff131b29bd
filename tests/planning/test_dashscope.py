"""What moves to Alibaba's own SDK, by its names, and what stays with a reason."""

from __future__ import annotations

import pytest

from migrator.sdks import SDK
from tests.planning.builders import ASK, Planned, planned

HEAD = "import openai\nfrom openai import OpenAI\n\nclient = OpenAI()\n\n\n"
CHAT = f'client.chat.completions.create(model="gpt-4o-mini", {ASK}'


def moved(files: dict[str, str] | str, region: str = "") -> Planned:
    found = planned(files, mode=SDK, region=region)
    assert "sdk-not-carried" not in found.codes()
    return found


def ask(body: str, arguments: str = "") -> str:
    given = f", {arguments}" if arguments else ""
    return f"{HEAD}def ask(q):\n    answer = {CHAT}{given})\n{body}"


# -- clients --------------------------------------------------------------------------------------

CLIENTS = {
    "nothing is given": ("OpenAI()", 'Client(protocol="openai")'),
    "a key and limits": (
        'OpenAI(api_key=os.environ["OPENAI_API_KEY"], timeout=20)',
        'Client(api_key=os.environ["DASHSCOPE_API_KEY"], timeout=20, protocol="openai")',
    ),
    "OpenAI's own address and organization": (
        'OpenAI(base_url="https://api.openai.com/v1", organization="org-1")',
        'Client(protocol="openai")',
    ),
    "an address that may be set": (
        'OpenAI(base_url=os.getenv("OPENAI_BASE_URL"))',
        'Client(protocol="openai")',
    ),
}


@pytest.mark.parametrize(("before", "after"), CLIENTS.values(), ids=list(CLIENTS))
def test_a_client_finds_its_key_and_address_by_itself(before: str, after: str) -> None:
    head = f"import os\nfrom openai import OpenAI\nclient = {before}\n"
    code = f"{head}def ask(q):\n    return {CHAT})\n"
    text = moved(code).after()
    assert f"client = {after}\n" in text
    assert "from dashscope import Client\n" in text
    assert "OpenAI" not in text


def test_a_line_with_an_address_that_nothing_reads_any_more_goes() -> None:
    client = 'client = OpenAI(base_url=os.getenv("OPENAI_BASE_URL"))\n'
    head = f"import os\nfrom openai import OpenAI\n{client}"
    files = {
        "app.py": f"{head}def ask(q):\n    return {CHAT})\n",
        ".env": "OPENAI_BASE_URL=https://api.openai.com/v1\nDEBUG=1\n",
    }
    assert moved(files).after(".env") == "DEBUG=1\n"


def test_another_region_is_named_and_one_that_the_sdk_does_not_know_is_an_address() -> None:
    code = ask("    return answer.choices[0].message.content\n")
    assert (
        'Client(protocol="openai", region="ap-southeast-1")'
        in moved(code, "ap-southeast-1").after()
    )
    text = moved(code, "us-east-1").after()
    assert '"DASHSCOPE_COMPATIBLE_BASE_URL"' in text
    assert "https://dashscope-us.aliyuncs.com/compatible-mode/v1" in text


def test_an_asynchronous_client_is_closed_by_its_own_method() -> None:
    code = (
        "from openai import AsyncOpenAI\n"
        "client = AsyncOpenAI()\n"
        "async def ask(q):\n"
        f"    answer = await {CHAT})\n"
        "    await client.close()\n"
        "    return answer.choices[0].message.content\n"
    )
    text = moved(code).after()
    assert 'client = AsyncClient(protocol="openai")\n' in text
    assert "await client.aclose()\n" in text


# -- calls ----------------------------------------------------------------------------------------

ARGUMENTS = {
    "what it takes by name comes out of extra_body": (
        'extra_body={"top_k": 5, "skill": []}',
        'top_k=5, enable_thinking=False, parameters={"skill": []}',
    ),
    "what it does not take goes to parameters": (
        "max_completion_tokens=50",
        'parameters={"max_completion_tokens": 50},',
    ),
    "usage is asked for anyhow": (
        'stream=True, stream_options={"include_usage": True}',
        "stream=True, enable_thinking=False)",
    ),
    "no usage is asked for by a word of its own": (
        'stream=True, stream_options={"include_usage": False}',
        'parameters={"stream_options": {"include_usage": False}},',
    ),
    "its mark for what is not given is None": (
        "stop=openai.NOT_GIVEN",
        "stop=None, enable_thinking=False\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), ARGUMENTS.values(), ids=list(ARGUMENTS))
def test_an_argument_goes_where_the_method_takes_it(before: str, after: str) -> None:
    text = moved(ask("    return answer\n", before)).after()
    assert after in text
    assert "extra_body" not in text
    assert "enable_thinking=False" in text


def test_embeddings_are_asked_for_and_read_by_their_names() -> None:
    code = (
        f"{HEAD}def embed(texts):\n"
        '    answer = client.embeddings.create(model="text-embedding-3-small", input=texts)\n'
        "    print(answer.usage.prompt_tokens)\n"
        "    return [row.embedding for row in answer.data]\n"
    )
    text = moved(code).after()
    assert "dimension=1536" in text
    assert "encoding_format" not in text
    assert "for row in answer.embeddings]" in text
    assert "answer.usage.total_tokens" in text
    assert "joined.embeddings.extend(response.embeddings)" in text


# -- answers --------------------------------------------------------------------------------------

READS = {
    "answer.usage.prompt_tokens": "answer.usage.input_tokens",
    'getattr(answer.usage, "completion_tokens", 0)': 'getattr(answer.usage, "output_tokens", 0)',
    "answer.usage.total_tokens": "answer.usage.total_tokens",
    "answer.usage.prompt_tokens_details.cached_tokens": (
        'answer.usage.prompt_tokens_details["cached_tokens"]'
    ),
    "answer.id": "answer.request_id",
    "answer.created": 'getattr(answer, "created", None)',
    "answer.choices[0].message.tool_calls": "answer.choices[0].message.tool_calls",
}


@pytest.mark.parametrize(("before", "after"), READS.items(), ids=list(READS))
def test_a_field_of_an_answer_is_read_by_its_name(before: str, after: str) -> None:
    assert f"return {after}\n" in moved(ask(f"    return {before}\n")).after()


def test_a_message_that_is_sent_again_becomes_a_dict() -> None:
    code = (
        f"{HEAD}def ask(q):\n"
        '    messages = [{"role": "user", "content": q}]\n'
        '    answer = client.chat.completions.create(model="gpt-4o", messages=messages)\n'
        "    messages.append(answer.choices[0].message)\n"
        '    return client.chat.completions.create(model="gpt-4o", messages=messages)\n'
    )
    text = moved(code).after()
    assert "messages.append(answer.choices[0].message.model_dump(exclude_none=True))" in text


# -- streams --------------------------------------------------------------------------------------

GUARD = "    for chunk in answer:\n        if not chunk.choices:\n            continue\n"
LOOPS = {
    "a loop": ("    for chunk in answer:\n        print(chunk.choices[0].delta.content)\n", GUARD),
    "a loop that asks whether there are any": (
        "    for chunk in answer:\n        if chunk.choices:\n            print(chunk.choices[0])",
        "    for chunk in answer:\n        if chunk.choices:\n",
    ),
    "a comprehension": (
        "    return [chunk.choices[0].delta.content for chunk in answer]\n",
        'parameters={"stream_options": {"include_usage": False}},',
    ),
    "a comprehension that asks": (
        "    return [chunk.choices[0].delta.content for chunk in answer if chunk.choices]\n",
        "stream=True, enable_thinking=False\n    )\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), LOOPS.values(), ids=list(LOOPS))
def test_a_stream_ends_as_it_did(before: str, after: str) -> None:
    text = moved(ask(before, "stream=True")).after()
    assert after in text
    assert ("continue" in text) is (after == GUARD)


# -- errors ---------------------------------------------------------------------------------------


def test_errors_are_caught_by_their_names_and_read_by_what_they_hold() -> None:
    body = "        return answer.choices[0].message.content\n"
    code = (
        f"{HEAD}def ask(q):\n    try:\n        answer = {CHAT})\n{body}"
        "    except (openai.RateLimitError, openai.InternalServerError) as error:\n"
        '        return error.response.headers["retry-after"]\n'
        "    except openai.BadRequestError as error:\n"
        '        return error.body["message"], error.response.status_code\n'
    )
    found = moved(code)
    text = found.after()
    for name in ("RateLimitError", "InternalServerError", "GatewayTimeoutError", "BadRequestError"):
        assert f"    {name},\n" in text
    assert 'return error.headers["retry-after"]' in text
    assert "error.status_code" in text
    assert found.codes("app.py").count("sdk-error-field") == 1
    assert "openai." not in text


# -- what stays -----------------------------------------------------------------------------------

STAYS = {
    "its connections are made by hand": ("OpenAI(http_client=proxied)", "http_client"),
    "headers of its own": ('OpenAI(default_headers={"X-Team": "a"})', "default_headers"),
    "limits that are no number": ("OpenAI(timeout=openai.Timeout(5))", "number"),
    "it is read what a client has not": ("OpenAI()", "api_key"),
}


@pytest.mark.parametrize(("client", "why"), STAYS.values(), ids=list(STAYS))
def test_what_cannot_be_carried_over_stays_and_says_why(client: str, why: str) -> None:
    read = "    print(client.api_key)\n" if why == "api_key" else ""
    code = (
        f"import openai\nfrom openai import OpenAI\nfrom house import proxied\nclient = {client}\n"
        f"def ask(q):\n{read}    return {CHAT}).choices[0].message.content\n"
    )
    found = planned(code, mode=SDK)
    assert why in found.item("sdk-not-carried").why
    text = found.after()
    assert "dashscope import" not in text
    assert 'model="qwen3.8-flash"' in text


def test_a_client_with_an_address_serves_chat_and_no_embeddings() -> None:
    client = "client = OpenAI(base_url=settings.address)\n"
    head = "import settings\nfrom openai import OpenAI\n"
    settings = 'address = "https://api.openai.com/v1"\n'
    asked = f"def ask(q):\n    return {CHAT})\n"
    embedded = 'client.embeddings.create(model="text-embedding-3-small", input=q)\n'
    text = moved({"app.py": head + client + asked, "settings.py": settings}).after()
    assert 'Client(base_url=settings.address, protocol="openai")' in text
    both = head + client + asked + f"def embed(q):\n    return {embedded}"
    found = planned({"app.py": both, "settings.py": settings}, mode=SDK)
    assert "address" in found.item("sdk-not-carried").why
    assert "from openai import OpenAI" in found.after()


MODERATED = "client.moderations.create(input=q)"
CAUGHT = {
    "what goes by the SDK": (
        f"{CHAT})",
        "except RateLimitError:",
        "from dashscope.v2.errors import",
    ),
    "what stays": (
        f"kept.{MODERATED[7:]}",
        "except RateLimitError:",
        "from openai import OpenAI, RateLimitError",
    ),
    "a function that leads to what stays": (
        "check(q)",
        "except RateLimitError:",
        "from openai import OpenAI, RateLimitError",
    ),
    "both": (
        f"check({CHAT}))",
        "except (RateLimitError, dashscope.v2.errors.RateLimitError):",
        "import dashscope.v2.errors",
    ),
    "a stream that began elsewhere": (
        "print([one for one in q])",
        "except (RateLimitError, dashscope.v2.errors.RateLimitError):",
        "import dashscope.v2.errors",
    ),
}


@pytest.mark.parametrize(("body", "caught", "imported"), CAUGHT.values(), ids=list(CAUGHT))
def test_errors_are_caught_of_what_may_raise_them(body: str, caught: str, imported: str) -> None:
    code = (
        "from openai import OpenAI, RateLimitError\n\nclient = OpenAI()\nkept = OpenAI()\n"
        f"def other(q):\n    return {CHAT})\n"
        f"def check(q):\n    return kept.{MODERATED[7:]}\n"
        f"def ask(q):\n    try:\n        return {body}\n"
        "    except RateLimitError:\n        return None\n"
    )
    text = planned(code, mode=SDK).after()
    assert caught in text
    assert imported in text
