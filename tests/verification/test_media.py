"""Speech, translations, edits and moderations: played where the profile says they are served."""

from __future__ import annotations

import copy
from typing import Any

import openai
import pytest

from migrator.providers import Provider, load_provider
from migrator.verification.emulator import Emulator, OpenAIReference

FACT = {"src": [], "as_of": "2026-11"}
SAID = {"verdict": "supported", "action": "keep", **FACT}


@pytest.fixture(scope="module")
def speaking() -> Provider:
    """A provider that speaks by OpenAI's endpoint, with two voices."""
    data: dict[str, Any] = copy.deepcopy(dict(load_provider("bailian").data))
    served = {"apis": ["audio.speech"], "support": "yes", "path": "/audio/speech", **FACT}
    data["endpoints"] = [one for one in data["endpoints"] if "audio.speech" not in one["apis"]]
    data["endpoints"].append(served)
    data["modes"] |= {"native": [], "audio.speech": ["tts"]}
    data["voices"] |= {"names": ["alex", "anna"], "longest": 20, "models": ["qwen3-tts-flash"]}
    data["speech_parameters"] = {
        "model": SAID,
        "input": SAID,
        "voice": SAID,
        "speed": {**SAID, "action": "clamp", "minimum": 0.5, "maximum": 2},
        "response_format": {**SAID, "values": ["wav", "pcm"]},
        "instructions": {"verdict": "rejected", "action": "drop", **FACT},
    }
    data["rules"] += [
        {
            "id": "speech-voice",
            "http": 400,
            "code": "voice",
            "message": "{value}: {values}",
            **FACT,
        },
        {"id": "speech-text", "http": 400, "code": "text", "message": "to {maximum}", **FACT},
        {"id": "media-format", "http": 400, "code": "format", "message": "{values}", **FACT},
    ]
    return Provider("speaking.yaml", data)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, None),
        ({"speed": 2, "response_format": "pcm"}, None),
        ({"voice": "alloy"}, "speech-voice"),
        ({"input": "Too long to be spoken."}, "speech-text"),
        ({"input": ""}, "speech-text"),
        ({"response_format": "mp3"}, "media-format"),
        ({"speed": 4}, "out-of-range"),
        ({"instructions": "slowly"}, "refused-parameter"),
        ({"model": "tts-1"}, "unknown-model"),
        ({"model": "qwen-plus"}, "wrong-mode"),
    ],
)
def test_speech_is_as_strict_as_the_profile(
    speaking: Provider, asked: dict[str, Any], rule: str | None
) -> None:
    given = {"model": "qwen3-tts-flash", "input": "Hello.", "voice": "alex", **asked}
    with (
        Emulator(speaking) as emulator,
        openai.OpenAI(api_key=emulator.key, base_url=emulator.base_url) as client,
    ):
        if rule is None:
            assert client.audio.speech.create(**given).read().startswith(b"RIFF")
        else:
            with pytest.raises(openai.APIStatusError):
                client.audio.speech.create(**given)
        refusals = [one.refusal.rule for one in emulator.refused if one.refusal]
    assert refusals == ([rule] if rule else [])


def test_openai_itself_speaks_translates_edits_and_moderates() -> None:
    with (
        OpenAIReference() as reference,
        openai.OpenAI(api_key=reference.key, base_url=reference.base_url) as client,
    ):
        spoken = client.audio.speech.create(model="tts-1", input="Hello.", voice="alloy")
        assert spoken.read().startswith(b"RIFF")
        with pytest.warns(DeprecationWarning):
            heard = client.audio.translations.create(model="whisper-1", file=("a.wav", b"RIFF"))
        assert heard.text
        edited = client.images.edit(
            model="gpt-image-1", image=("a.png", b"PNG"), prompt="a hat", n=1, size="1024x1024"
        )
        assert edited.data
        judged = client.moderations.create(model="omni-moderation-latest", input=["a", "b"])
        assert [one.flagged for one in judged.results] == [False, False]
        assert not reference.refused
