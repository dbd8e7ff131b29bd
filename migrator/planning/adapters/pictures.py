"""The module that is written where no endpoint of the provider takes a call for pictures."""

from __future__ import annotations

from collections.abc import Collection

from migrator.planning.adapters.sending import Sending
from migrator.providers import Provider

EDIT, EDIT_LATER = "edit_pictures", "edit_pictures_async"
DRAW, DRAW_LATER = "draw_pictures", "draw_pictures_async"
WITH_DATA = "with_data"  # the argument that has the links fetched
_LATER = frozenset({EDIT_LATER, DRAW_LATER})

_HEAD = '''\
"""Pictures for code that was written for OpenAI's `METHODS`.

Served by PROVIDER.
They are asked for by its own interface, with the key and the settings of the
client, and come as links, which expire.
"""

from __future__ import annotations

IMPORTS
CONSTANTS'''
_CLASSES = '''

@dataclass
class Image:
    """A picture: the link to it, and its data where that was fetched."""

    url: str | None = None
    b64_json: str | None = None


@dataclass
class ImagesResponse:
    """What was drawn, with the fields that OpenAI's answer has."""

    created: int
    data: list[Image]
'''
_EDIT = '''

ASYNC def NAME(
    client: Any,
    *,
    model: str,
    image: Any,
    prompt: str,
    n: int | None = None,
    size: str | None = None,
    with_data: bool = False,
    **options: Any,
) -> ImagesResponse:
    """Change a picture, or several, as `prompt` says."""
    START
    images = image if isinstance(image, list) else [image]
    body = _body(model, [_data_uri(one) for one in images], prompt, n, size)
    answer = ANSWER
    return RESPONSE
'''
_DRAW = '''

ASYNC def NAME(
    client: Any,
    *,
    model: str,
    prompt: str,
    n: int | None = None,
    size: str | None = None,
    with_data: bool = False,
    **options: Any,
) -> ImagesResponse:
    """Draw what `prompt` says."""
    START
    body = _body(model, [], prompt, n, size)
    answer = ANSWER
    return RESPONSE
'''
_BODY = '''

def _body(
    model: str, images: list[str], prompt: str, n: int | None, size: str | None
) -> dict[str, Any]:
    """The request: the pictures and the prompt as one message."""
    content = [*({"image": one} for one in images), {"text": prompt}]
    parameters: dict[str, Any] = {} if n is None else {"n": n}
    if size and size != "auto":
        parameters["size"] = size.replace("x", "*")
    message = {"role": "user", "content": content}
    return {
        "model": model,
        "input": {"messages": [message]},
        "parameters": parameters,
    }
'''
# How a picture that the program has is sent.
DATA_URI = '''\
def _data_uri(image: Any) -> str:
    """A path, bytes, an open file, or a pair of name and content as a data URI."""
    name, content = getattr(image, "name", ""), image
    if isinstance(image, tuple):
        name, content = image[:2]
    if isinstance(content, os.PathLike):
        name = os.fspath(content)
        with open(content, "rb") as opened:
            content = opened.read()
    data = content if isinstance(content, bytes) else content.read()
    kind = mimetypes.guess_type(str(name))[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
'''
_TAIL = '''

def _response(answer: Any, with_data: bool) -> ImagesResponse:
    """The pictures of an answer."""
    pictures = [Image(url=link) for link in _links(answer)]
    if with_data:
        for picture in pictures:
            picture.b64_json = _encoded(picture.url)
    return ImagesResponse(created=int(time.time()), data=pictures)


def _links(answer: Any) -> list[str]:
    """The links to the pictures of an answer."""
    messages = (choice["message"] for choice in answer["output"]["choices"])
    return [part["image"] for message in messages for part in message["content"]]


def _encoded(url: str | None) -> str:
    with urlopen(str(url)) as opened:
        return base64.b64encode(opened.read()).decode("ascii")
'''
_TEXTS = {EDIT: _EDIT, EDIT_LATER: _EDIT, DRAW: _DRAW, DRAW_LATER: _DRAW}
_METHODS = {EDIT: "images.edit", DRAW: "images.generate"}


def source(provider: Provider, sending: Sending, functions: Collection[str]) -> str:
    """The text of the module with the functions that are called."""
    edits = not {EDIT, EDIT_LATER}.isdisjoint(functions)
    later = not _LATER.isdisjoint(functions)
    parts = [
        _HEAD,
        _CLASSES if sending.by_sdk else "",
        *(_function(name, sending) for name in _TEXTS if name in functions),
        *(sending.functions, _BODY, f"\n\n{DATA_URI}" if edits else "", _TAIL),
    ]
    words = {
        "METHODS": "` and `".join(
            method for one, method in _METHODS.items() if {one, f"{one}_async"} & {*functions}
        ),
        "PROVIDER": provider.name_en,
        "IMPORTS\n": _imports(sending, edits=edits, later=later),
        "CONSTANTS": sending.constants,
    }
    text = "".join(parts)
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _function(name: str, sending: Sending) -> str:
    later = name in _LATER
    made = "await asyncio.to_thread(_response, answer, with_data)"
    response = made if later else "_response(answer, with_data)"
    text = _TEXTS[name].replace("NAME", name).replace("RESPONSE", response)
    return sending.filled(text, later=later)


def _imports(sending: Sending, *, edits: bool, later: bool) -> str:
    modules = ["asyncio"] if later else []
    modules += ["base64", *(["mimetypes", "os"] if edits else []), "time"]
    lines = [
        *(f"import {one}" for one in modules),
        *(["from dataclasses import dataclass"] if sending.by_sdk else []),
        "from typing import Any",
        "from urllib.request import urlopen",
        "",
    ]
    own = sending.imports if sending.by_sdk else "from openai.types import Image, ImagesResponse\n"
    return "\n".join([*lines, own, ""])
