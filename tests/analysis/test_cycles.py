"""What holds itself is read once."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

CHAT = "https://api.openai.com/v1/chat/completions"


@pytest.mark.parametrize(
    "ask",
    [
        "client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content':"
        " [{'type': 'image_url', 'image_url': held}]}])",
        "client.chat.completions.create(model='gpt-4o', messages=[held])",
        "client.chat.completions.create(model='gpt-4o', messages=row)",
        "client.chat.completions.create(**held)",
        "client.chat.completions.create(model='gpt-4o', tools=[held], extra_body=held)",
        f"requests.post('{CHAT}', json=held, headers=held)",
        f"requests.post('{CHAT}', json={{}}, headers={{'X-Told': {{'a': [1]}}}})",
        f"requests.post('{CHAT}', json={{'model': 'gpt-4o', 'messages': row}})",
    ],
)
def test_what_holds_itself_ends(ask: str) -> None:
    keys = ("url", "messages", "content", "role", "headers", "model", "function", "parameters")
    itself = "".join(f"held['{key}'] = held\n" for key in keys)
    planned(
        "import requests\nfrom openai import OpenAI\nclient = OpenAI()\n"
        "held = {}\nrow = []\nrow.append(row)\nrow.append(held)\nheld['parts'] = row\n"
        f"{itself}{ask}\n"
    )


def test_modules_that_take_all_of_each_other_end() -> None:
    found = planned(
        {
            "pkg/__init__.py": "from .one import *\nfrom openai import OpenAI\nclient = OpenAI()\n",
            "pkg/one.py": "from .two import *\nfrom . import *\nabsent\n",
            "pkg/two.py": "from .one import *\nfrom pkg import *\n",
            "app.py": "from pkg.two import client, nothing\n"
            "client.chat.completions.create(model='gpt-4o', messages=[])\nnothing.x\n",
        }
    )
    assert "qwen" in found.after("app.py")
