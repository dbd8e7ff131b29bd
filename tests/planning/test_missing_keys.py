"""Handlers of the error of a missing key catch what is raised in its place."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

HEAD = "import openai\nfrom openai import OpenAI\n"
CAUGHT = {
    "alone": ("client = OpenAI()", "openai.OpenAIError", "(openai.OpenAIError, KeyError)"),
    "beside others": (
        "client = OpenAI()",
        "(OSError, openai.OpenAIError)",
        "(OSError, openai.OpenAIError, KeyError)",
    ),
    "a read behind what is handed in": (
        "client = OpenAI(api_key=key or None)",
        "openai.OpenAIError",
        "(openai.OpenAIError, KeyError)",
    ),
    "in a statement below": (
        "if key:\n        client = OpenAI()",
        "openai.OpenAIError",
        "(openai.OpenAIError, KeyError)",
    ),
    "by its function": ("client = make()", "openai.OpenAIError", "(openai.OpenAIError, KeyError)"),
    "by its class": ("client = Asker()", "openai.OpenAIError", "(openai.OpenAIError, KeyError)"),
    "another error of the package": ("client = OpenAI()", "openai.APIError", "openai.APIError"),
    "every error": ("client = OpenAI()", "Exception", "Exception"),
    "no construction": ("client = other()", "openai.OpenAIError", "openai.OpenAIError"),
    "a key that is told": (
        'client = OpenAI(api_key="none")',
        "openai.OpenAIError",
        "(openai.OpenAIError, KeyError)",
    ),
    "a variable that was read": (
        'client = OpenAI(api_key=openai.os.getenv("OPENAI_API_KEY"))',
        "openai.OpenAIError",
        "openai.OpenAIError",
    ),
    "a function that runs later": (
        "client = lambda: OpenAI()",
        "openai.OpenAIError",
        "openai.OpenAIError",
    ),
    "where KeyError has a handler": (
        "client = OpenAI()\nexcept LookupError:\n    raise",
        "openai.OpenAIError",
        "openai.OpenAIError",
    ),
    "where something inside catches it": (
        "try:\n        client = OpenAI()\n    except Exception:\n        raise",
        "openai.OpenAIError",
        "openai.OpenAIError",
    ),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_handlers(name: str) -> None:
    body, caught, expected = CAUGHT[name]
    makers = {
        "make": "def make():\n    return OpenAI()\n",
        "Asker": "class Asker:\n    def __init__(self):\n        self.client = OpenAI()\n",
    }
    made = "".join(text for one, text in makers.items() if f"{one}()" in body)
    text = f"{HEAD}{made}try:\n    {body}\nexcept {caught}:\n    client = None\n"
    found = planned(text)
    assert f"\nexcept {expected}:\n    client = None\n" in found.after()


def test_a_name_that_is_taken_is_written_out() -> None:
    text = (
        f"{HEAD}class KeyError(Exception): ...\ntry:\n    OpenAI()\nexcept openai.OpenAIError: ..."
    )
    assert "except (openai.OpenAIError, builtins.KeyError): ..." in planned(text).after()


def test_a_client_that_goes_on_reading_its_own_variable_needs_no_other_handler() -> None:
    text = f"{HEAD}try:\n    OpenAI()\nexcept openai.OpenAIError: ...\n"
    found = planned(text, keep_env_names=True)
    assert "except openai.OpenAIError: ..." in found.after()
