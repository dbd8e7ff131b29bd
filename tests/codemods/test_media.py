"""The functions that are written for pictures and speech: where they come, and that they work."""

from __future__ import annotations

import asyncio
import base64
import io
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from migrator.edits import DataUri, PictureData, Transcription
from tests.codemods.rewriting import At, outcome, refusals, rewritten

HEAD = "from openai import OpenAI\n\nclient = OpenAI()\n\n"
DRAW = 'client.images.generate(model="m", prompt=q)'
HEAR = 'client.audio.transcriptions.create(model="m", file=f)'


def defined(text: str, name: str) -> Callable[..., Any]:
    """A function of a rewritten text, with the imports of the text."""
    start = text.index("async def " if f"async def {name}(" in text else f"def {name}(")
    end = text.index("\n\n\n", start)
    imports = [line for line in text[:start].splitlines() if line.startswith(("import", "from"))]
    namespace: dict[str, Any] = {}
    exec("\n".join(imports) + "\n" + text[start:end], namespace)
    return namespace[name]  # type: ignore[no-any-return]


# -- pictures in messages -------------------------------------------------------------------------

PART = 'x = {"url": "https://example.com/cat.png"}'
LINK = '"https://example.com/cat.png"'


def test_a_link_is_fetched_and_anything_else_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rewritten(f"{HEAD}{PART}\n", At(LINK, DataUri(asynchronous=False)))
    assert f'{{"url": as_data_uri({LINK})}}' in text
    function = defined(text, "as_data_uri")

    class Answer(io.BytesIO):
        headers = SimpleNamespace(get_content_type=lambda: "image/png")

    monkeypatch.setattr("urllib.request.urlopen", lambda url: Answer(b"cat"))
    assert function("https://example.com/cat.png") == "data:image/png;base64,Y2F0"
    assert function("data:image/png;base64,Y2F0") == "data:image/png;base64,Y2F0"


def test_a_link_is_fetched_beside_the_event_loop() -> None:
    body = f"async def f():\n    {PART}\n"
    text = rewritten(f"{HEAD}{body}", At(LINK, DataUri(asynchronous=True)))
    assert f"await asyncio.to_thread(as_data_uri, {LINK})" in text
    assert "import asyncio" in text


# -- pictures -------------------------------------------------------------------------------------


def drawn(path: Path) -> SimpleNamespace:
    picture = SimpleNamespace(url=path.as_uri(), b64_json=None)
    known = SimpleNamespace(url=None, b64_json="a2VwdA==")
    return SimpleNamespace(data=[picture, known])


@pytest.mark.parametrize("asynchronous", [False, True])
def test_pictures_get_the_data_that_their_links_lead_to(tmp_path: Path, asynchronous: bool) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG")
    text = rewritten(f"{HEAD}x = {DRAW}\n", At(DRAW, PictureData(asynchronous)))
    asked: list[Any] = []

    def generate(**request: Any) -> SimpleNamespace:
        asked.append(request)
        return drawn(file)

    async def generate_async(**request: Any) -> SimpleNamespace:
        return generate(**request)

    if asynchronous:
        function = defined(text, "generate_with_data_async")
        answer = asyncio.run(function(generate_async, model="m", prompt="a cat"))
    else:
        answer = defined(text, "generate_with_data")(generate, model="m", prompt="a cat")
    assert asked == [{"model": "m", "prompt": "a cat"}]
    assert base64.b64decode(answer.data[0].b64_json) == b"\x89PNG"
    assert answer.data[1].b64_json == "a2VwdA=="


def test_the_call_is_handed_to_the_function() -> None:
    text = rewritten(f"{HEAD}x = {DRAW}\n", At(DRAW, PictureData(False)))
    assert 'x = generate_with_data(client.images.generate, model="m", prompt=q)\n' in text
    assert "import base64\nimport urllib.request\n" in text


def test_an_answer_without_pictures_stays_so() -> None:
    text = rewritten(f"{HEAD}x = {DRAW}\n", At(DRAW, PictureData(False)))
    empty = SimpleNamespace(data=None)
    assert defined(text, "generate_with_data")(lambda: empty) is empty


@pytest.mark.parametrize(
    ("data", "name"), [(False, "generate_with_links"), (True, "generate_with_data")]
)
def test_pictures_of_another_field_come_where_openai_has_them(
    tmp_path: Path, data: bool, name: str
) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG")
    instruction = PictureData(False, field="images", data=data)
    text = rewritten(f"{HEAD}x = {DRAW}\n", At(DRAW, instruction))
    answer = SimpleNamespace(data=None, images=[{"url": file.as_uri()}])
    (picture,) = defined(text, name)(lambda **_: answer, model="m").data
    assert picture.url == file.as_uri()
    assert picture.b64_json == ("iVBORw==" if data else None)


def test_what_is_no_call_is_refused() -> None:
    assert refusals(f"{HEAD}x = client.images\n", At("client.images", PictureData(False)))


# -- speech ---------------------------------------------------------------------------------------


class Listener:
    """Answers a chat request that holds sound, and remembers it."""

    def __init__(self) -> None:
        self.request: dict[str, Any] = {}

    def create(self, **request: Any) -> SimpleNamespace:
        self.request = request
        message = SimpleNamespace(content="Hello.")
        return SimpleNamespace(choices=[SimpleNamespace(message=message)])

    async def create_async(self, **request: Any) -> SimpleNamespace:
        return self.create(**request)

    @property
    def sound(self) -> str:
        ((part,),) = [one["content"] for one in self.request["messages"]]
        return str(part["input_audio"]["data"])


def transcriber(asynchronous: bool = False) -> Callable[..., Any]:
    text = rewritten(f"{HEAD}x = {HEAR}\n", At(HEAR, Transcription("options", asynchronous)))
    return defined(text, "transcribe_by_chat_async" if asynchronous else "transcribe_by_chat")


def encoded(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


class Opened(io.BytesIO):
    name = "/notes/one.wav"


class Somewhere(os.PathLike[str]):
    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (b"sound", "audio/mpeg"),
        (io.BytesIO(b"sound"), "audio/mpeg"),
        (Opened(b"sound"), "audio/x-wav"),
        (("one.ogg", b"sound"), "audio/ogg"),
        (("one.wav", io.BytesIO(b"sound"), "audio/wav"), "audio/x-wav"),
    ],
    ids=["bytes", "a buffer", "an open file", "a named one", "a named one with its type"],
)
def test_sound_is_sent_as_it_was_given(file: Any, kind: str) -> None:
    listener = Listener()
    answer = transcriber()(listener.create, model="m", file=file)
    assert answer.text == "Hello."
    assert listener.sound in {encoded(b"sound", kind), encoded(b"sound", "audio/vnd.wave")}
    assert listener.request["model"] == "m"


def test_a_path_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "one.mp3"
    path.write_bytes(b"sound")
    listener = Listener()
    transcriber()(listener.create, file=path)
    assert listener.sound == encoded(b"sound", "audio/mpeg")
    transcriber()(listener.create, file=Somewhere(path))
    assert listener.sound == encoded(b"sound", "audio/mpeg")


def test_the_language_goes_with_the_options_and_keeps_others() -> None:
    listener = Listener()
    transcriber()(listener.create, file=b"s", language="de", extra_body={"a": 1}, timeout=3)
    assert listener.request["extra_body"] == {"a": 1, "options": {"language": "de"}}
    assert listener.request["timeout"] == 3


def test_text_is_answered_where_text_was_asked_for() -> None:
    assert transcriber()(Listener().create, file=b"s", response_format="text") == "Hello."


def test_an_asynchronous_call_is_awaited() -> None:
    answer = asyncio.run(transcriber(True)(Listener().create_async, file=b"s"))
    assert answer.text == "Hello."


def test_the_method_becomes_the_chat_method_of_the_same_client() -> None:
    code = "self.clients[0].audio.transcriptions.create(file=f)"
    text = rewritten(
        f"class A:\n    def f(self, f):\n        return {code}\n",
        At(code, Transcription("o", False)),
    )
    assert "transcribe_by_chat(self.clients[0].chat.completions.create, file=f)" in text


@pytest.mark.parametrize(
    "code",
    ["listen(file=f)", "client.audio.translations.create(file=f)", HEAR.replace("file=f", "**f")],
)
def test_what_is_written_otherwise_is_refused(code: str) -> None:
    assert refusals(f"{HEAD}x = {code}\n", At(code, Transcription("o", False)))


def test_one_function_serves_two_calls() -> None:
    text = f"{HEAD}x = {HEAR}\ny = {HEAR}\n"
    made = Transcription("o", False)
    result = outcome(text, At(HEAR, made), At(HEAR, made, 1))
    assert result.text.count("def transcribe_by_chat(") == 1
