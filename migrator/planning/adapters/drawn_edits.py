"""The module that is written where pictures are edited by the request that draws them."""

from __future__ import annotations

from collections.abc import Collection

from migrator.planning.adapters.pictures import DATA_URI, EDIT, EDIT_LATER
from migrator.planning.adapters.sending import Sending
from migrator.providers import Provider

_HEAD = '''\
"""Edited pictures for code that was written for OpenAI's `images.edit`.

Served by PROVIDER.
A picture is edited there by the request that draws one, with the picture beside the
prompt. It is sent by the client, with its key and settings.
"""

from __future__ import annotations

import base64
import mimetypes
import os
from typing import Any

# What the provider does otherwise than OpenAI where nothing is said of it.
OWN: dict[str, Any] = {OWN}
'''
_EDIT = '''

ASYNC def NAME(client: Any, *, image: Any, **request: Any) -> Any:
    """Change a picture, or several, as the prompt says."""
    images = image if isinstance(image, list) else [image]
    given = [_data_uri(one) for one in images]
    own = {"FIELD": given if len(given) > 1 else given[0], **OWN}
    extra_body = {**own, **(request.pop("extra_body", None) or {})}
    return AWAIT client.images.generate(extra_body=extra_body, **request)
'''


def source(provider: Provider, _: Sending, functions: Collection[str]) -> str:
    """The text of the module with the functions that are called."""
    drawn = provider.drawn_edits
    assert drawn is not None, "a profile whose edits are drawn names the field of the picture"
    parts = [_HEAD.replace("PROVIDER", provider.name_en).replace("{OWN}", _own(provider))]
    for name, start, wait in ((EDIT, "", ""), (EDIT_LATER, "async ", "await ")):
        if name in functions:
            text = _EDIT.replace("NAME", name).replace("FIELD", drawn.field)
            parts.append(text.replace("ASYNC ", start).replace("AWAIT ", wait))
    return "".join([*parts, "\n\n", DATA_URI])


def _own(provider: Provider) -> str:
    """The provider's own parameters of pictures that are given where nothing is said of them."""
    usual = {
        name: provider.parameter("images.generate", name).default_here
        for name in provider.parameters_of("images.generate")
        if name in provider.own_parameters
    }
    entries = ", ".join(f'"{name}": {value}' for name, value in usual.items() if value)
    return f"{{{entries}}}"
