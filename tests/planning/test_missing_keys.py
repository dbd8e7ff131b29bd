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


def test_a_tuple_of_errors_that_has_a_name() -> None:
    text = (
        f"{HEAD}ERRORS = (openai.OpenAIError, OSError)\n"
        "try:\n    client = OpenAI()\nexcept ERRORS:\n    client = None\n"
        "try:\n    client.models.list()\nexcept ERRORS:\n    pass\n"
    )
    after = planned(text).after()
    assert "except (*ERRORS, KeyError):\n    client = None\n" in after
    assert "except ERRORS:\n    pass\n" in after
    assert "ERRORS = (openai.OpenAIError, OSError)\n" in after


CALLERS = {
    "by its name": ("from llm.core import make", "make()", "KeyError"),
    "by another name": ("from .core import make as get", "get()", "KeyError"),
    "by its module": ("from llm import core", "core.make()", "KeyError"),
    "by its path": ("import llm.core", "llm.core.make()", "KeyError"),
    "by its class": ("from .core import Asker", "Asker()", "KeyError"),
    "of another module": ("from other import make", "make()", ""),
    "of what is called alike": ("from .core import Asker as a", "a.make()", ""),
}


@pytest.mark.parametrize("name", CALLERS)
def test_handlers_around_calls_in_other_files(name: str) -> None:
    imported, call, caught = CALLERS[name]
    core = (
        "from openai import OpenAI\ndef make():\n    return OpenAI()\n"
        "class Asker:\n    def __init__(self):\n        self.client = OpenAI()\n"
    )
    app = f"import openai\n{imported}\ntry:\n    {call}\nexcept openai.OpenAIError:\n    pass\n"
    found = planned({"llm/__init__.py": "", "llm/core.py": core, "llm/app.py": app})
    assert (f"except (openai.OpenAIError, {caught}):" in found.after("llm/app.py")) == bool(caught)


def test_a_name_that_is_taken_is_written_out() -> None:
    text = (
        f"{HEAD}class KeyError(Exception): ...\ntry:\n    OpenAI()\nexcept openai.OpenAIError: ..."
    )
    assert "except (openai.OpenAIError, builtins.KeyError): ..." in planned(text).after()


def test_a_client_that_goes_on_reading_its_own_variable_needs_no_other_handler() -> None:
    text = f"{HEAD}try:\n    OpenAI()\nexcept openai.OpenAIError: ...\n"
    found = planned(text, keep_env_names=True)
    assert "except openai.OpenAIError: ..." in found.after()
