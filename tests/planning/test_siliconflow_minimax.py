"""What is planned for SiliconFlow and MiniMax alone: roles, thoughts, pictures, sounds, regions."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator import workflow
from migrator.edits import MergeMessages, PictureData, StructuredOutput
from tests.planning.builders import Planned, chat, embed, planned

FLOW, MAX = "siliconflow", "minimax"


def talk(*messages: str, arguments: str = "", head: str = "") -> str:
    """A program with a chat call of these messages."""
    return (
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        f"{head}"
        "def ask(q):\n"
        '    return client.chat.completions.create(model="gpt-4o", '
        f"messages=[{', '.join(messages)}]{arguments})\n"
    )


def say(role: str, content: str = '"a"') -> str:
    return f'{{"role": "{role}", "content": {content}}}'


def line(found: Planned) -> str:
    return " ".join(found.after().split())


# -- messages of one role in a row ----------------------------------------------------------------


def test_messages_of_one_role_in_a_row_become_one() -> None:
    found = planned(talk(say("user"), say("user", '"b"'), say("assistant")), target=FLOW)
    assert found.instructions(MergeMessages) == [MergeMessages((1,))]
    assert r'"content": "a\n\nb"' in found.after()
    assert "messages-merged" in found.codes()


def test_texts_that_are_no_literals_are_added_up() -> None:
    found = planned(talk(say("user", 'f"{q}"'), say("user", '"b"'), say("user")), target=FLOW)
    assert found.instructions(MergeMessages) == [MergeMessages((1, 2))]
    assert r'"content": f"{q}" + "\n\n" + "b\n\na"' in line(found)


def test_messages_of_a_list_that_is_spread_are_joined_where_they_stand() -> None:
    head = f"FEW = [{say('user')}, {say('user')}]\n"
    found = planned(talk("*FEW", say("assistant"), head=head), target=FLOW)
    assert found.instructions(MergeMessages) == [MergeMessages((1,))]


@pytest.mark.parametrize(
    "second",
    [
        '{"role": "user", "content": [{"type": "text", "text": "b"}]}',
        '{"role": "user", "content": "b", "name": "n"}',
        say("user", "q.text"),
    ],
    ids=["parts", "a name", "no text for sure"],
)
def test_what_cannot_be_joined_is_told(second: str) -> None:
    found = planned(talk(say("user"), second), target=FLOW)
    assert not found.instructions(MergeMessages)
    assert "user" in found.item("consecutive-roles").title


def test_a_role_that_becomes_another_counts_as_that() -> None:
    code = talk(say("system"), say("developer", '"b"'), say("user"), say("user"))
    found = planned(code, target=MAX)
    assert found.instructions(MergeMessages) == [MergeMessages((1,))]  # two of the user are taken
    assert "developer" not in found.after()
    assert "system-late" not in found.codes()


def test_where_it_is_taken_nothing_is_joined() -> None:
    assert not planned(talk(say("user"), say("user"))).instructions(MergeMessages)


def test_a_schema_is_asked_for_where_the_user_speaks() -> None:
    code = chat("response_format=A", api="parse", model='"gpt-4o"')
    found = planned(f"A = object()\n{code}", target=FLOW)
    assert found.instructions(StructuredOutput) == [StructuredOutput(False, joined=True)]


# -- parameters -----------------------------------------------------------------------------------


def test_the_limit_has_the_older_name() -> None:
    found = planned(chat("max_completion_tokens=900"), target=FLOW)
    assert "max_tokens=900" in found.after()
    assert "answer-limit" not in found.codes()


def test_a_limit_that_is_there_without_being_given_is_told() -> None:
    assert "4096" in planned(chat(), target=FLOW).item("answer-limit").title
    assert "answer-limit" not in planned(chat()).codes()


@pytest.mark.parametrize(
    ("target", "given", "code"),
    [
        (FLOW, '"auto"', "parameter-dropped"),
        (FLOW, '{"type": "function", "function": {"name": "look"}}', "value-missing"),
        (MAX, '"required"', "value-missing"),
    ],
)
def test_a_tool_choice_that_nobody_documents_does_not_stay(
    target: str, given: str, code: str
) -> None:
    tools = 'tools=[{"type": "function", "function": {"name": "look"}}]'
    found = planned(chat(f"{tools}, tool_choice={given}"), target=target)
    assert code in found.codes()
    assert ("tool_choice=" in found.after()) == (code == "value-missing")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("n=2", "value-refused"),
        ('stop=["x"]', "parameter-refused"),
        ("presence_penalty=1", "parameter-dropped"),
        ("parallel_tool_calls=False", "parameter-dropped"),
        ("store=True", "parameter-dropped"),
    ],
)
def test_what_minimax_does_not_keep_is_told(given: str, code: str) -> None:
    found = planned(chat(given), target=MAX)
    assert code in found.codes()
    assert (given in found.after()) == (code != "parameter-dropped")


# -- thinking -------------------------------------------------------------------------------------


def test_thinking_that_would_be_new_is_switched_off() -> None:
    assert '"enable_thinking": False' in planned(chat(), target=FLOW).after()
    assert '"thinking": {"type": "disabled"}' in planned(chat(), target=MAX).after()


def test_thoughts_that_go_on_are_split_off() -> None:
    found = planned(chat(model='"o3"'), target=MAX)
    assert '"reasoning_split": True' in found.after()
    assert "disabled" not in found.after()
    again = planned(found.after(), target=MAX)
    assert not again.plan.edits


# -- streams --------------------------------------------------------------------------------------

STREAM = """
from openai import OpenAI
client = OpenAI()
def ask(q):
    total = 0
    for chunk in client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": q}], stream=True
    ):
        USE
    return total
"""


@pytest.mark.parametrize(
    ("use", "taken"),
    [
        ("total += chunk.usage.total_tokens", True),
        ("print(chunk.usage)", True),
        ("total = chunk.usage", False),
        ("if chunk.usage: total = chunk.usage", False),
    ],
)
def test_the_usage_of_each_chunk_is_told_of(use: str, taken: bool) -> None:
    code = STREAM.replace("USE", use)
    found = planned(code, target=FLOW)
    assert ("stream-usage-taken" in found.codes()) == taken
    assert "stream-usage-taken" not in planned(code).codes()


# -- embeddings, pictures, sounds -----------------------------------------------------------------


def test_the_width_of_vectors_is_written_where_it_has_to_be_given() -> None:
    found = planned(embed('input="a"', head=""), target=FLOW)
    assert "dimensions=1536" in found.after()


def test_vectors_of_another_shape_stay() -> None:
    found = planned(embed('input="a"', head=""), target=MAX)
    assert "endpoint-missing" in found.codes()
    assert "OpenAI()" in found.after()


def test_pictures_are_asked_for_by_the_provider_s_names_and_read_where_they_are() -> None:
    code = (
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        "def draw(q):\n"
        '    answer = client.images.generate(model="dall-e-3", prompt=q, n=2, size="1024x1024")\n'
        "    return answer.data[0].url\n"
    )
    found = planned(code, target=FLOW)
    assert found.instructions(PictureData) == [PictureData(False, field="images", data=False)]
    assert '"image_size": "1024x1024"' in found.after()
    assert '"batch_size": 2' in found.after()
    assert " n=2" not in found.after()


def test_speech_and_transcriptions_stay_at_their_paths() -> None:
    code = """
        from openai import OpenAI
        client = OpenAI()
        def say(q):
            return client.audio.speech.create(model="tts-1", voice="nova", input=q)
        def hear(f):
            return client.audio.transcriptions.create(model="whisper-1", file=f, language="en").text
        """
    found = planned(code, target=FLOW)
    assert 'voice="FunAudioLLM/CosyVoice2-0.5B:anna"' in found.after()
    assert 'model="FunAudioLLM/SenseVoiceSmall", file=f).text' in line(found)


# -- regions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "model", "address"),
    [
        ("", "zai-org/GLM-5.2", "https://api.siliconflow.cn/v1"),
        ("com", "deepseek-ai/DeepSeek-V4-Pro", "https://api.siliconflow.com/v1"),
    ],
)
def test_a_region_has_models_of_its_own(
    tmp_path: Path, region: str, model: str, address: str
) -> None:
    file = tmp_path / "app.py"
    file.write_text(chat(model='"gpt-5-codex"'), encoding="utf-8")
    workflow.apply([tmp_path], workflow.Options(target=FLOW, region=region))
    text = file.read_text("utf-8")
    assert f'"{model}"' in text
    assert address in text
