"""Speech written down: which transcriptions become chat requests, and which stay."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.edits import Transcription
from tests.planning.builders import Convert, Planned, items_of, planned

PLAIN = 'model="whisper-1", file=f'
LISTEN = "client.audio.transcriptions.create"


def hear(arguments: str = PLAIN, *, call: str = LISTEN) -> Planned:
    return planned(
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        "def hear(f, form):\n"
        f"    return {call}({arguments})\n"
    )


def codes(found: Planned) -> list[str]:
    return items_of(found.decision("app.py", Kind.CALL))


def test_it_becomes_a_chat_request_that_says_what_it_is_good_for() -> None:
    found = hear()
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert codes(found) == ["transcription-chat"]
    assert found.instructions(Transcription) == [Transcription("asr_options", False)]
    assert 'client.chat.completions.create, model="qwen3-asr-flash", file=f' in found.after()
    assert "5 minutes" in found.item("transcription-chat").why


def test_the_language_is_kept_and_the_rest_goes() -> None:
    found = hear('model="whisper-1", file=f, language="de", prompt="Ada", temperature=0')
    assert 'language="de"' in found.after()
    assert "Ada" not in found.after()
    assert codes(found).count("parameter-dropped") == 2


@pytest.mark.parametrize("form", ["json", "text"])
def test_formats_that_are_had_stay(form: str) -> None:
    assert (
        f'response_format="{form}"'
        in hear(f'model="whisper-1", file=f, response_format="{form}"').after()
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('model="whisper-1", file=f, response_format="srt"', "value-missing"),
        ('model="whisper-1", file=f, response_format="verbose_json"', "value-missing"),
        ('model="whisper-1", file=f, timestamp_granularities=["word"]', "parameter-refused"),
        ('model="gpt-4o-transcribe", file=f, stream=True', "parameter-refused"),
        ('model="gpt-4o-transcribe", file=f, include=["logprobs"]', "parameter-refused"),
        ('model="gpt-4o-transcribe-diarize", file=f', "model-native"),
        ("**form", "media-untraced"),
        ('model="whisper-1", **form', "media-untraced"),
    ],
)
def test_what_a_chat_request_cannot_say_stays(arguments: str, code: str) -> None:
    found = hear(arguments)
    assert codes(found) == [code]
    assert found.plan.edits == ()


def test_a_method_under_another_name_stays() -> None:
    found = planned(
        """
        from openai import OpenAI
        listen = OpenAI().audio.transcriptions.create
        def hear(f):
            return listen(model="whisper-1", file=f)
        """
    )
    assert "media-untraced" in found.codes()
    assert found.plan.edits == ()


def test_the_raw_answer_stays() -> None:
    found = hear(call="client.audio.transcriptions.with_raw_response.create")
    assert codes(found) == ["media-untraced"]
    assert "input_audio" in found.item("media-untraced").action


def test_a_format_known_only_at_run_time_is_told() -> None:
    found = hear('model="whisper-1", file=f, response_format=form')
    assert "parameter-range" in codes(found)
    assert "json, text" in found.item("parameter-range").title


TRANSLATE = "client.audio.translations.create"


def test_translations_are_transcriptions_that_are_translated() -> None:
    found = hear('model="whisper-1", file=f, prompt="Ada"', call=TRANSLATE)
    after = found.after()
    assert 'translate_by_chat(client.chat.completions.create, model="qwen3-asr-flash"' in after
    assert 'model="qwen-mt-plus"' in after
    assert '"source_lang": "auto", "target_lang": "English"' in after
    assert codes(found) == ["parameter-dropped", "translation-chat"]


@pytest.mark.parametrize("form", ["srt", "vtt", "verbose_json"])
def test_a_translation_with_times_stays_and_says_how_it_is_made(form: str) -> None:
    found = hear(f'model="whisper-1", file=f, response_format="{form}"', call=TRANSLATE)
    assert "qwen-mt" in found.item("value-missing").action
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    "call", ['transcribe("whisper-1", f)', 'transcribe(model="whisper-1", file=f)']
)
def test_calls_of_old_become_chat_requests_by_way_of_a_client(call: str) -> None:
    found = planned(f"import openai\ndef hear(f):\n    return openai.Audio.{call}['text']\n")
    after = found.after()
    assert 'client.chat.completions.create, model="qwen3-asr-flash", file=f' in after
    assert after.endswith(").text\n")
