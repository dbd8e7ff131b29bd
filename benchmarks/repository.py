"""A repository of 200 Python files with 60 calls of OpenAI, written by a script.

Ten services, each with settings, a factory of clients and calls in six styles, among modules that
have nothing to do with OpenAI. The same bytes at every run.
"""

from __future__ import annotations

import re
from pathlib import Path

SERVICES = 10
FILES = 200

_SETTINGS = """\
import os

API_KEY = os.environ["OPENAI_API_KEY"]
MODEL = os.getenv("SERVICE_MODEL", "gpt-4o")
EMBEDDING_MODEL = "text-embedding-3-small"
"""

_FACTORY = """\
from functools import lru_cache

from openai import AsyncOpenAI, OpenAI

from {package}.settings import API_KEY


@lru_cache
def client() -> OpenAI:
    return OpenAI(api_key=API_KEY, timeout=30)


def async_client() -> AsyncOpenAI:
    return AsyncOpenAI(api_key=API_KEY)
"""

# One call each.
_CALLS = {
    "answer": """\
from {package}.factory import client
from {package}.settings import MODEL


def answer(question: str) -> str:
    response = client().chat.completions.create(
        model=MODEL,
        messages=[{{"role": "user", "content": question}}],
        max_tokens=200,
    )
    return response.choices[0].message.content or ""
""",
    "stream": """\
from {package}.factory import async_client


async def stream(question: str):
    parts = await async_client().chat.completions.create(
        model="gpt-4o-mini", messages=[{{"role": "user", "content": question}}], stream=True
    )
    async for part in parts:
        yield part.choices[0].delta.content
""",
    "embed": """\
from {package}.factory import client
from {package}.settings import EMBEDDING_MODEL


def embed(texts: list[str]) -> list[list[float]]:
    found = client().embeddings.create(model=EMBEDDING_MODEL, input=texts)
    return [one.embedding for one in found.data]
""",
    "writer": """\
from openai import OpenAI


class Writer:
    def __init__(self, client: OpenAI, model: str = "gpt-4.1") -> None:
        self.client = client
        self.options = {{"model": model, "temperature": 0.2, "seed": 7}}

    def write(self, subject: str):
        messages = [
            {{"role": "developer", "content": "Write plainly."}},
            {{"role": "user", "content": subject}},
        ]
        return self.client.chat.completions.create(messages=messages, **self.options)
""",
    "extract": """\
import json

from {package}.factory import client


def extract(text: str) -> dict:
    chat = client().chat
    create = chat.completions.create
    response = create(
        model="gpt-4o",
        response_format={{"type": "json_object"}},
        messages=[{{"role": "user", "content": "Give JSON: " + text}}],
    )
    return json.loads(response.choices[0].message.content)
""",
    "decide": """\
import openai

from {package}.settings import API_KEY

openai.api_key = API_KEY


def decide(case: str) -> str:
    try:
        response = openai.chat.completions.create(
            model="o3-mini", messages=[{{"role": "user", "content": case}}]
        )
    except openai.RateLimitError:
        return "later"
    return response.choices[0].message.content or ""
""",
}

_GAP = "\n\n\n"
_DEFINED = re.compile(r"^(?:(?:async )?def|class) \w+", re.MULTILINE)

_USE = """\
from {package}.factory import client
from {package}.writer import Writer

writer = Writer(client())
"""

_PLAIN = """\
from dataclasses import dataclass


@dataclass
class Order{number}:
    name: str
    amount: int = {number}

    def total(self, prices: dict[str, float]) -> float:
        return sum(prices.get(part, 0.0) for part in self.name.split()) * self.amount


def largest(orders: list[Order{number}]) -> Order{number}:
    return max(orders, key=lambda order: order.amount)
"""


def write_repository(
    root: Path, *, services: int = SERVICES, files: int = FILES, repeated: int = 1
) -> int:
    """Write the repository; gives the number of call sites in it.

    Each service has ten files, and in six of them `repeated` calls each. Modules that have nothing
    to do with OpenAI fill up to `files`.
    """
    written = 0
    calls = {name: _several(text, repeated) for name, text in _CALLS.items()}
    for number in range(services):
        package = f"service{number}"
        contents = {
            "__init__": "",
            "settings": _SETTINGS,
            "factory": _FACTORY,
            "use": _USE,
            **calls,
        }
        for name, text in contents.items():
            _write(root / package / f"{name}.py", text.format(package=package))
            written += 1
    for number in range(files - written):
        _write(root / "orders" / f"order{number}.py", _PLAIN.format(number=number))
    return services * len(_CALLS) * repeated


def _several(text: str, times: int) -> str:
    """A module with its last definition `times` times, under a name of its own each."""
    head, gap, definition = text.rpartition(_GAP)
    named = (_DEFINED.sub(rf"\g<0>{number or ''}", definition, count=1) for number in range(times))
    return head + gap + _GAP.join(one.rstrip("\n") for one in named) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
