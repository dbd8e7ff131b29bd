"""How the modules that are written beside the code send: by the openai client, or by an SDK's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrator.providers import Native
from migrator.sdks import Posting

_ADDRESS = '''

def _address(client: Any) -> str:
    """Where the provider's own interface is: on the client's host."""
    return str(client.base_url).rstrip("/").removesuffix(COMPATIBLE) + NATIVE
'''
_CHECKED = '''

def _checked(response: Any) -> Any:
    """The answer. Raises what the SDK raises where it is an error."""
    CHECK(response)
    return response.json()
'''


@dataclass(frozen=True, slots=True)
class Sending:
    """The words that a module's text is filled with.

    `imports` are lines, `constants` likewise; `start` begins a function that sends, `asks` are the
    lines that give `answer`, where AWAIT stands before what may have to be awaited, and `functions`
    are written at the end. `by_sdk` says that the openai package may not be there.
    """

    imports: str
    constants: str
    start: str
    asks: tuple[str, ...]
    functions: str
    by_sdk: bool = False

    def filled(self, text: str, *, later: bool = False) -> str:
        """A text with the words in it."""
        lines = "".join(rf"\1{one}\n" for one in self.asks)
        text = re.sub(r"( +)answer = ANSWER\n", lines, text)
        words = {
            "    START\n": f"    {self.start}\n" if self.start else "",
            "ASYNC ": "async " if later else "",
            "AWAIT ": "await " if later else "",
        }
        for word, value in words.items():
            text = text.replace(word, value)
        return text


NOWHERE = Sending("", "", "", (), "")  # where the provider has no interface of its own


def by_openai(native: Native) -> Sending:
    """By the openai client, at the address of the provider's own interface."""
    return Sending(
        "",
        f'COMPATIBLE = "{native.replaces}"  # what the client\'s base URL ends in\n'
        f'NATIVE = "{native.path + native.generation}"\n',
        "url = _address(client)",
        ("answer = AWAIT client.post(url, cast_to=object, body=body, options=options)",),
        _ADDRESS,
    )


def by_sdk(native: Native, posting: Posting) -> Sending:
    """By the client of the provider's own SDK, which knows the address."""
    module, _, check = posting.check.rpartition(".")
    return Sending(
        f"from {module} import {check}\n",
        f'NATIVE = "{native.generation}"\n',
        "",
        (
            f"response = AWAIT {posting.source.replace('path', 'NATIVE')}",
            "answer = _checked(response)",
        ),
        _CHECKED.replace("CHECK", check),
        by_sdk=True,
    )
