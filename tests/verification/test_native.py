"""The provider's own SDK talks to the emulator as to the provider: at its hosts, led there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.providers import load_provider
from migrator.verification.emulator import Emulator
from tests.sdk.install import own_sdks

TRANSPORT = Path(__file__).parents[1] / "transport"
pytestmark = pytest.mark.skipif(
    "bailian" not in own_sdks(), reason="run `python -m tests.sdk.install` first"
)

MODULE_API = """
import asyncio
from dashscope import AioGeneration, Generation, MultiModalConversation, TextEmbedding
from dashscope.audio.qwen_tts import SpeechSynthesizer

asked = dict(model="qwen-plus", messages=[{"role": "user", "content": "Hello"}])
whole = Generation.call(**asked, result_format="message")
assert whole.status_code == 200, whole
text = whole.output.choices[0].message.content
assert text and whole.usage.input_tokens

stream = dict(**asked, result_format="message", stream=True, incremental_output=True)
pieces = [one.output.choices[0].message.content for one in Generation.call(**stream)]
assert "".join(pieces) == text and len(pieces) > 2
grown = list(Generation.call(**asked, result_format="message", stream=True))
assert grown[-1].output.choices[0].message.content == text
assert grown[-1].output.choices[0].finish_reason == "stop"

async def later():
    answer = await AioGeneration.call(**asked, result_format="message")
    assert answer.output.choices[0].message.content == text

asyncio.run(later())
picture = [{"image": "https://example.com/a.png"}, {"text": "What is this?"}]
seen = MultiModalConversation.call(
    model="qwen3.7-plus", messages=[{"role": "user", "content": picture}], enable_thinking=False
)
assert seen.output.choices[0].message.content[0]["text"] == text, seen
vectors = TextEmbedding.call(model="text-embedding-v4", input=["a", "b"], dimension=1536)
assert [len(one["embedding"]) for one in vectors.output["embeddings"]] == [1536, 1536]
spoken = SpeechSynthesizer.call(model="qwen3-tts-flash", text="Hello", voice="Cherry")
assert spoken.output.audio["url"], spoken
drawn = MultiModalConversation.call(
    model="qwen-image-3.0", messages=[{"role": "user", "content": [{"text": "a cat"}]}]
)
assert drawn.output.choices[0].message.content[0]["image"], drawn
"""
CLIENT = """
import asyncio
from dashscope import AsyncClient, Client

client = Client(protocol="openai")
asked = dict(model="qwen-plus", messages=[{"role": "user", "content": "Hello"}])
text = client.chat.completions.create(**asked).choices[0].message.content
pieces = [
    chunk.choices[0].delta.content or ""
    for chunk in client.chat.completions.create(**asked, stream=True)
    if chunk.choices
]
assert text and "".join(pieces) == text
vectors = client.embeddings.create(model="text-embedding-v4", input=["a"], dimension=1536)
assert len(vectors.embeddings[0].embedding) == 1536

async def later():
    async with AsyncClient() as native:
        assert (await native.chat.completions.create(**asked)).choices[0].message.content == text
        stream = await native.chat.completions.create(**asked, stream=True)
        assert "".join([chunk.choices[0].delta.content async for chunk in stream]) == text

asyncio.run(later())
"""
ERRORS = """
from dashscope import Client, Generation
from dashscope.v2 import errors

asked = dict(model="qwen-plus", messages=[{"role": "user", "content": "Hello"}])
answer = Generation.call(**asked)
assert (answer.status_code, answer.code) == (429, "Throttling.RateQuota"), answer
for client, wanted in (
    (Client(max_retries=0), errors.RateLimitError),
    (Client(max_retries=0, protocol="openai"), errors.AuthenticationError),
):
    try:
        client.chat.completions.create(**asked)
    except wanted as error:
        assert error.status_code in (429, 401) and error.message
    else:
        raise AssertionError(wanted)
assert client.chat.completions.create(**asked).choices
"""


def run(program: str, emulator: Emulator) -> None:
    paths = [str(TRANSPORT), str(own_sdks()["bailian"])]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "EMULATOR": emulator.base_url,
        "EMULATED": "urllib3 httpx aiohttp",
        emulator.provider.key_variable: emulator.key,
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("program", [MODULE_API, CLIENT], ids=["module", "client"])
def test_the_sdk_is_answered(program: str) -> None:
    with Emulator(load_provider("bailian")) as emulator:
        run(program, emulator)
        assert not emulator.refused


def test_errors_come_as_the_sdk_wants_them() -> None:
    with Emulator(load_provider("bailian"), failing=[429, 429, 401]) as emulator:
        run(ERRORS, emulator)
        assert not emulator.refused
