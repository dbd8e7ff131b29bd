"""Plans for Zhipu and Qianfan: what they are strict about is changed, or told."""

from __future__ import annotations

import pytest

from tests.planning.builders import Planned, chat, planned

TOOLS = 'tools=[{"type": "function", "function": {"name": "look", "parameters": {}}}]'
HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def text_of(found: Planned) -> str:
    return " ".join(found.after().split())


@pytest.mark.parametrize(
    ("target", "given", "becomes"),
    [
        ("glm", "temperature=0", "temperature=0.01"),
        ("glm", "temperature=1.5", "temperature=0.99"),
        ("glm", "temperature=0.333", "temperature=0.33"),
        ("glm", "top_p=0", "top_p=0.01"),
        ("glm", 'stop="###"', 'stop=["###"]'),
        ("glm", "max_completion_tokens=9", "max_tokens=9"),
        ("glm", "user=q", '"user_id": q'),
        ("glm", 'reasoning_effort="low"', 'reasoning_effort="low"'),
        ("glm", f'{TOOLS}, tool_choice="required"', 'tool_choice="auto"'),
        ("wenxin", 'stop="###"', 'stop=["###"]'),
        ("wenxin", "seed=0", "seed=1"),
        ("wenxin", "seed=2147483647", "seed=2147483646"),
        ("wenxin", "max_tokens=1", "max_tokens=2"),
        ("wenxin", "user=q", "user=q"),
    ],
)
def test_a_value_becomes_one_that_is_taken(target: str, given: str, becomes: str) -> None:
    model = '"gpt-5"' if "effort" in given else '"gpt-4o"'
    assert becomes in text_of(planned(chat(given, model=model), target=target))


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("glm", "n=1"),
        ("glm", "logprobs=False"),
        ("glm", "seed=7"),
        ("glm", "parallel_tool_calls=True"),
        ("glm", 'tools=[], tool_choice="none"'),
        ("wenxin", "n=1"),
        ("wenxin", "temperature=0.3"),  # which ernie-5.0 does not take
        ("wenxin", 'reasoning_effort="low"'),
    ],
)
def test_what_asks_for_nothing_or_has_no_place_is_taken_away(target: str, given: str) -> None:
    found = planned(chat(given), target=target)
    names = [one.partition("=")[0].strip() for one in given.split(", ")]
    assert not [one for one in names if f"{one}=" in text_of(found)]
    asks_nothing = given in {"n=1", "logprobs=False"}
    told = {"parameter-dropped", "tools-withheld"}.isdisjoint(found.codes())
    assert told == asks_nothing


@pytest.mark.parametrize(
    ("target", "given", "code"),
    [
        ("glm", "n=2", "parameter-refused"),
        ("glm", "logprobs=True", "parameter-refused"),
        ("glm", 'stop=["a", "b"]', "stop-contested"),
        ("glm", 'stop=["a", "b", "c", "d", "e"]', "stop-words"),
        ("glm", "stop=q", "stop-list"),
        ("glm", "temperature=q", "parameter-range"),
        ("glm", 'tool_choice="none", **q', "tools-forbidden"),
        ("wenxin", f'stop=["{"a" * 21}"]', "stop-words"),
        ("wenxin", 'stop=["a", "b"]', ""),
        ("wenxin", "n=3", "parameter-refused"),
    ],
)
def test_what_cannot_be_changed_is_told(target: str, given: str, code: str) -> None:
    codes = planned(chat(given), target=target).codes()
    assert code in codes if code else not {"stop-words", "stop-contested"} & set(codes)


@pytest.mark.parametrize(
    ("needs", "zhipu", "qianfan"),
    [
        ((), "glm-5.2", "ernie-5.0"),
        (("image",), "glm-4.6v", "ernie-5.0"),
        (("image", "json_object"), "glm-4.6v", "ernie-5.0"),
        (("json_schema",), "glm-5.2", "ernie-5.0"),
    ],
)
def test_the_model_that_lacks_least(needs: tuple[str, ...], zhipu: str, qianfan: str) -> None:
    from migrator.providers import load_provider

    for name, model in (("glm", zhipu), ("ernie", qianfan)):
        assert load_provider(name).map_model("gpt-4o", (*needs, "plain")).model == model


def test_the_only_message_is_the_users() -> None:
    code = HEAD + (
        'client.chat.completions.create(model="gpt-4o", messages=['
        '{"role": "system", "content": "Name a river."}])\n'
    )
    assert '{"role": "user", "content": "Name a river."}' in text_of(planned(code, target="glm"))
    said = code.replace("}])", '}, {"role": "assistant", "content": "The Rhine"}])')
    assert "user-message" in planned(said, target="glm").codes()


def test_responses_are_chat_where_the_protocol_is_at_another_root() -> None:
    given = 'client.responses.create(model="gpt-4o", input="Hello", max_output_tokens=9'
    sent = text_of(planned(f"{HEAD}print({given}).output_text)\n", target="glm"))
    assert "chat.completions.create(" in sent
    assert " max_tokens=9" in sent
    assert "max_completion_tokens" not in sent
    kept = planned(f'{HEAD}{given}, previous_response_id="resp_1")\n', target="glm")
    assert "https://open.bigmodel.cn/api/v1" in " ".join(one.why for one in kept.plan.checklist)


def test_batches_and_their_rows_name_the_providers_endpoint_and_statuses() -> None:
    code = HEAD + (
        "import json\n"
        'row = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions",\n'
        '    "body": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "a"}]}}\n'
        'file = client.files.create(file=("a", json.dumps(row)), purpose="batch")\n'
        'job = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions",\n'
        '    completion_window="24h")\n'
        'while client.batches.retrieve(job.id).status not in ("completed", "failed"):\n'
        "    pass\n"
    )
    glm = text_of(planned(code, target="glm"))
    assert glm.count("/v4/chat/completions") == 2
    assert '("completed", "failed")' in glm
    wenxin = planned(code, target="wenxin")
    assert text_of(wenxin).count("/v2/chat/completions") == 2
    assert '("Done", "Failed")' in text_of(wenxin)
    assert planned(wenxin.after(), target="wenxin").plan.edits == ()


def test_speech_is_asked_for_in_a_format_and_a_voice_of_the_providers() -> None:
    given = 'client.audio.speech.create(model="tts-1", voice="echo", input='
    code = f'{HEAD}{given}"Hello.", response_format="mp3", speed=4)\n'
    found = planned(code, target="glm")
    assert 'voice="jam", input="Hello.", response_format="wav", speed=2' in text_of(found)
    assert {"speech-format", "speech-voice"} <= set(found.codes())
    plain = planned(f'{HEAD}{given}"Hello.")\n', target="glm")
    assert 'response_format="wav"' in text_of(plain)
    assert "speech-long" in planned(f'{HEAD}{given}"{"a" * 1025}")\n', target="glm").codes()
    assert "endpoint-missing" in planned(code, target="wenxin").codes()


def test_pictures_fit_and_are_links() -> None:
    given = f'{HEAD}client.images.generate(model="dall-e-3", prompt="a cat", '
    found = text_of(planned(f'{given}size="256x256", quality="high", n=1)\n', target="glm"))
    assert 'size="512x512"' in found
    assert "quality" not in found
    assert "n=1" not in found
    kept = text_of(planned(f'{given}size="1792x1024", quality="hd")\n', target="glm"))
    assert 'size="1792x1024", quality="hd"' in kept
    assert "parameter-refused" in planned(f"{given}n=2)\n", target="glm").codes()


def test_vectors_of_a_width_that_does_not_exist() -> None:
    call = 'client.embeddings.create(model="text-embedding-3-small", input="a"'
    assert "dimensions" not in text_of(planned(f"{HEAD}{call})\n", target="glm"))
    wide = planned(f"{HEAD}{call}, dimensions=1536)\n", target="glm")
    assert "dimensions=2048" in text_of(wide)
    assert "vector-width" in wide.codes()
    kept = planned(f"{HEAD}{call}, dimensions=512)\n", target="glm")
    assert "dimensions=512" in text_of(kept)
    assert "dimensions" not in text_of(planned(f"{HEAD}{call}, dimensions=512)\n", target="ernie"))
