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
