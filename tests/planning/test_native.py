"""Speech and edits of pictures: what becomes a native request, and what stays with the reason."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.edits import AdapterCall
from tests.planning.builders import Convert, Planned, items_of, planned

SAID = 'model="tts-1", voice="alloy", input=q'
EDITED = 'model="dall-e-2", image=q, prompt="a hat"'


def say(
    arguments: str = SAID, *, call: str = "client.audio.speech.create", rest: str = ""
) -> Planned:
    return planned(
        "from openai import OpenAI\nclient = OpenAI()\ndef say(q, more):\n"
        f"    answer = {call}({arguments})\n    {rest or 'return answer'}\n"
    )


def edit(arguments: str = EDITED, rest: str = "return answer") -> Planned:
    return say(arguments, call="client.images.edit", rest=rest)


def codes(found: Planned) -> list[str]:
    return items_of(found.decision("app.py", Kind.CALL))


def test_speech_is_made_by_a_module_and_told_what_differs() -> None:
    found = say()
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert codes(found) == ["speech-format", "speech-voice"]
    assert "`alloy` becomes `Cherry`" in found.item("speech-voice").title
    (made,) = found.instructions(AdapterCall)
    assert isinstance(made, AdapterCall)
    assert made.function == "create_speech"
    after = found.after()
    assert 'create_speech(client, model="qwen3-tts-flash", voice="alloy", input=q)' in after


def test_the_module_speaks_by_a_client_with_its_settings() -> None:
    found = planned(f"import openai\ndef say(q):\n    return openai.audio.speech.create({SAID})\n")
    (made,) = found.instructions(AdapterCall)
    assert isinstance(made, AdapterCall) and made.of_module
    after = found.after()
    assert "openai.base_url = " in after
    assert "openai.OpenAI(api_key=openai.api_key, base_url=openai.base_url)" in after


def test_what_is_read_of_another_answer_in_the_same_name_is_no_hindrance() -> None:
    before = "response = client.chat.completions.create(model='gpt-4o', messages=[])\n"
    text = "    q = response.choices[0].message.content\n"
    found = planned(
        f"from openai import OpenAI\nclient = OpenAI()\ndef say():\n    {before}{text}"
        f"    response = client.audio.speech.create({SAID})\n    response.stream_to_file('a')\n"
    )
    assert "create_speech(" in found.after()


@pytest.mark.parametrize("form", ["wav", "pcm"])
def test_a_format_that_is_had_needs_no_word(form: str) -> None:
    assert codes(say(f'{SAID}, response_format="{form}"')) == ["speech-voice"]


def test_what_nobody_documents_goes() -> None:
    found = say(f'{SAID}, speed=1.5, instructions="slowly", timeout=9')
    assert "speed" not in found.after()
    assert "instructions" not in found.after()
    assert "timeout=9" in found.after()
    assert codes(found).count("parameter-dropped") == 2


STAYING = {
    "a compressed format": (f'{SAID}, response_format="opus"', "value-missing"),
    "events": (f'{SAID}, stream_format="sse"', "parameter-refused"),
    "headers": (f'{SAID}, extra_headers={{"X-A": "b"}}', "parameter-refused"),
    "a mapping": ("**more", "media-untraced"),
    "no text": ('model="tts-1", voice="alloy", **more', "media-untraced"),
}


@pytest.mark.parametrize(("arguments", "code"), STAYING.values(), ids=list(STAYING))
def test_what_the_module_cannot_say_stays(arguments: str, code: str) -> None:
    found = say(arguments)
    assert code in codes(found)
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    ("call", "rest"),
    [
        ("client.audio.speech.with_raw_response.create", ""),
        ("client.audio.speech.create", "return answer.response.headers"),
    ],
)
def test_a_call_that_is_read_or_written_otherwise_stays(call: str, rest: str) -> None:
    assert say(call=call, rest=rest).plan.edits == ()


def test_a_method_under_another_name_stays() -> None:
    found = planned(
        "from openai import OpenAI\nspeak = OpenAI().audio.speech.create\n"
        f"def f(q):\n    speak({SAID})\n"
    )
    assert found.plan.edits == ()
    assert "multimodal-generation" in found.item("media-untraced").action


def test_another_speech_model_is_not_reached_by_the_module() -> None:
    text = "from openai import OpenAI\nclient = OpenAI()\ndef f(q):\n"
    text += f"    client.audio.speech.create({SAID})\n"
    found = planned(text, model_map={"tts-1": "cosyvoice-v3-flash"})
    assert codes(found) == ["model-native"]


def test_an_edit_is_asked_for_with_its_pictures() -> None:
    found = edit(f'{EDITED}, size="512x512", quality="high", n=2')
    after = found.after()
    assert "edit_pictures(" in after
    assert 'size="512x512"' in after
    assert "quality" not in after
    assert codes(found) == ["parameter-dropped", "picture-links"]


@pytest.mark.parametrize(
    ("arguments", "rest"),
    [
        (EDITED, "return answer.data[0].b64_json"),
        (f'{EDITED}, response_format="b64_json"', "return answer"),
        (EDITED.replace("dall-e-2", "gpt-image-1"), "return answer"),
    ],
)
def test_data_is_fetched_where_the_program_wants_it(arguments: str, rest: str) -> None:
    found = edit(arguments, rest)
    assert "with_data=True" in found.after()
    assert "response_format" not in found.after()
    assert codes(found) == ["picture-data"]


def test_an_edit_without_a_model_is_given_one() -> None:
    assert 'model="qwen-image-3.0"' in edit('image=q, prompt="a hat"').after()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("mask=q", "parameter-refused"),
        ("n=8", "value-refused"),
        ("stream=True", "parameter-refused"),
    ],
)
def test_what_an_edit_cannot_say_stays(more: str, code: str) -> None:
    found = edit(f"{EDITED}, {more}")
    assert codes(found) == [code]
    assert found.plan.edits == ()
