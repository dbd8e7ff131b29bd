"""The module that is written where `images.edit` has no endpoint of its kind at the provider."""

from __future__ import annotations

from collections.abc import Collection

from migrator.providers import Provider

EDIT, EDIT_LATER = "edit_pictures", "edit_pictures_async"
WITH_DATA = "with_data"  # the argument that has the links fetched

_HEAD = '''\
"""Edited pictures for code that was written for OpenAI's `images.edit`.

Served by PROVIDER.
They are asked for by its own interface, with the key and the settings of the
client, and come as links, which expire.
"""

from __future__ import annotations

IMPORTS

from openai.types import Image, ImagesResponse

COMPATIBLE = "BASE"  # what the client's base URL ends in
NATIVE = "PATH"
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
    url, body = _address(client), _body(model, image, prompt, n, size)
    answer = AWAIT client.post(url, cast_to=object, body=body, options=options)
    pictures = [Image(url=link) for link in _links(answer)]
    if with_data:
        for picture in pictures:
            picture.b64_json = FETCH
    return ImagesResponse(created=int(time.time()), data=pictures)
'''
_TAIL = '''

def _address(client: Any) -> str:
    """Where the provider's own interface is: on the client's host."""
    return str(client.base_url).rstrip("/").removesuffix(COMPATIBLE) + NATIVE


def _body(
    model: str, image: Any, prompt: str, n: int | None, size: str | None
) -> dict[str, Any]:
    """The request: the pictures and the prompt as one message."""
    images = image if isinstance(image, list) else [image]
    content = [*({"image": _data_uri(one)} for one in images), {"text": prompt}]
    parameters: dict[str, Any] = {} if n is None else {"n": n}
    if size and size != "auto":
        parameters["size"] = size.replace("x", "*")
    message = {"role": "user", "content": content}
    return {
        "model": model,
        "input": {"messages": [message]},
        "parameters": parameters,
    }


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


def _links(answer: Any) -> list[str]:
    """The links to the pictures of an answer."""
    messages = (choice["message"] for choice in answer["output"]["choices"])
    return [part["image"] for message in messages for part in message["content"]]


def _encoded(url: str | None) -> str:
    with urlopen(str(url)) as opened:
        return base64.b64encode(opened.read()).decode("ascii")
'''


def source(provider: Provider, functions: Collection[str]) -> str:
    """The text of the module with the functions that are called."""
    native = provider.native
    assert native is not None, "a profile with native parameters names the interface"
    later = EDIT_LATER in functions
    parts = [_HEAD]
    if EDIT in functions:
        parts.append(_function(EDIT, later=False))
    if later:
        parts.append(_function(EDIT_LATER, later=True))
    words = {
        "PROVIDER": provider.name,
        "IMPORTS": _imports(later),
        "BASE": native.replaces,
        "PATH": native.path + native.generation,
    }
    text = "".join([*parts, _TAIL])
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _function(name: str, *, later: bool) -> str:
    fetched = "await asyncio.to_thread(_encoded, picture.url)" if later else "_encoded(picture.url)"
    text = _EDIT.replace("NAME", name).replace("FETCH", fetched)
    return text.replace("ASYNC ", "async " if later else "").replace(
        "AWAIT ", "await " if later else ""
    )


def _imports(later: bool) -> str:
    modules = ["base64", "mimetypes", "os", "time"]
    return "\n".join(
        [
            *(f"import {one}" for one in (["asyncio"] if later else []) + modules),
            "from typing import Any",
            "from urllib.request import urlopen",
        ]
    )
