"""The module that is written where `audio.speech` has no endpoint of its kind at the provider."""

from __future__ import annotations

from collections.abc import Collection

from migrator.planning.adapters.sending import Sending
from migrator.providers import Provider

CREATE, CREATE_LATER, STREAM_LATER = "create_speech", "create_speech_async", "stream_speech_async"

_HEAD = '''\
"""Speech for code that was written for OpenAI's `audio.speech`.

Served by PROVIDER.
The sound is asked for by its own interface, with the key and the settings of the
client, and comes as WAV. A longer text is spoken in pieces.
"""

from __future__ import annotations

IMPORTS
# The provider's voices in the place of OpenAI's; any other name is sent as it is.
VOICES = {
TABLE
}
LONGEST = LENGTH  # characters that one request takes
CONSTANTS

class Speech:
    """Spoken text, with the methods that OpenAI's answer has."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self) -> bytes:
        return self.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        size = chunk_size or 4096
        for start in range(0, len(self.content), size):
            yield self.content[start : start + size]

    def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        with open(file, "wb") as opened:
            opened.write(self.content)

    write_to_file = stream_to_file

    def __enter__(self) -> Speech:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""
'''
_STREAM = '''

class SpeechStream:
    """Spoken text, with the methods of OpenAI's answer that is awaited."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    async def read(self) -> bytes:
        return self._speech.content

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        for piece in self._speech.iter_bytes(chunk_size):
            yield piece

    async def stream_to_file(
        self, file: str | os.PathLike[str], *, chunk_size: int | None = None
    ) -> None:
        await asyncio.to_thread(self._speech.stream_to_file, file)
'''
_CREATE = '''

ASYNC def NAME(
    client: Any,
    *,
    model: str,
    voice: str,
    input: str,
    response_format: str = "wav",
    **options: Any,
) -> Speech:
    """Speak the text of `input`. `pcm` is the sound of WAV without its header."""
    START
    sounds = []
    for text in _pieces(input):
        spoken = {"text": text, "voice": VOICES.get(voice, voice)}
        body = {"model": model, "input": spoken}
        answer = ANSWER
        link = answer["output"]["audio"]["url"]
        sounds.append(FETCH)
    return Speech(_joined(sounds, response_format))
'''
_STREAM_LATER = '''

@asynccontextmanager
async def stream_speech_async(
    client: Any, **request: Any
) -> AsyncIterator[SpeechStream]:
    """Speak as `create_speech_async` does, for `async with`."""
    yield SpeechStream(await create_speech_async(client, **request))
'''
_TAIL = '''

def _pieces(text: str) -> list[str]:
    """The text in pieces that a request takes, cut after sentences if it can be."""
    most = f"{{1,{LONGEST}}}"
    ends = r"(?:\\Z|(?<=[.!?\\n\\u3002\\uff01\\uff1f]))"
    return re.findall(rf"(?s).{most}{ends}|.{most}", text) or [text]


def _fetched(url: str) -> bytes:
    with urlopen(url) as opened:
        return bytes(opened.read())


def _joined(sounds: list[bytes], response_format: str) -> bytes:
    """Several sounds as one."""
    if len(sounds) == 1 and response_format != "pcm":
        return sounds[0]
    frames = []
    for sound in sounds:
        with wave.open(io.BytesIO(sound)) as opened:
            parameters = opened.getparams()
            frames.append(opened.readframes(opened.getnframes()))
    if response_format == "pcm":
        return b"".join(frames)
    joined = io.BytesIO()
    with wave.open(joined, "wb") as written:
        written.setparams(parameters)
        written.writeframes(b"".join(frames))
    return joined.getvalue()
'''
_FETCHED = "_fetched(link)"
_FETCHED_LATER = "await asyncio.to_thread(_fetched, link)"


def source(provider: Provider, sending: Sending, functions: Collection[str]) -> str:
    """The text of the module with the functions that are called."""
    streams = STREAM_LATER in functions
    later = streams or CREATE_LATER in functions
    parts = [_HEAD, _STREAM if streams else ""]
    if CREATE in functions:
        parts.append(_function(CREATE, sending, later=False))
    if later:
        parts.append(_function(CREATE_LATER, sending, later=True))
    parts += [_STREAM_LATER if streams else "", sending.functions, _TAIL]
    table = "\n".join(f'    "{old}": "{new}",' for old, new in provider.voices.table.items())
    words = {
        "PROVIDER": provider.name_en,
        "IMPORTS\n": _imports(sending, later, streams),
        "TABLE": table,
        "LENGTH": f"{provider.voices.longest}",
        "CONSTANTS": sending.constants,
    }
    text = "".join(parts)
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _function(name: str, sending: Sending, *, later: bool) -> str:
    text = _CREATE.replace("NAME", name)
    text = text.replace("FETCH", _FETCHED_LATER if later else _FETCHED)
    return sending.filled(text, later=later)


def _imports(sending: Sending, later: bool, streams: bool) -> str:
    lines = "\n".join(
        [
            *(["import asyncio"] if later else []),
            "import io",
            "import os",
            "import re",
            "import wave",
            f"from collections.abc import {'AsyncIterator, ' if streams else ''}Iterator",
            *(["from contextlib import asynccontextmanager"] if streams else []),
            "from typing import Any",
            "from urllib.request import urlopen",
            "",
            "",
        ]
    )
    return f"{lines}{sending.imports}\n" if sending.imports else lines
