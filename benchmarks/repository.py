"""A repository of Python files with calls of OpenAI, written by a script.

Services, each with settings, a factory of clients and calls in seven styles, among modules that
have nothing to do with OpenAI. The same bytes at every run.
"""

from __future__ import annotations

import re
from pathlib import Path

SERVICES = 10

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


def greet(name: str) -> str:
    response = client().chat.completions.create(
        model="gpt-4o-mini", messages=[{{"role": "user", "content": "Greet " + name}}]
    )
    return response.choices[0].message.content or ""
"""

_ORDERS = """\
class Order{number}:
    def __init__(self, name: str, amount: int = {number}) -> None:
        self.name = name
        self.amount = amount

    def total(self, prices: dict[str, float]) -> float:
        return sum(prices.get(part, 0.0) for part in self.name.split()) * self.amount


def largest{number}(orders: list[Order{number}]) -> Order{number}:
    return max(orders, key=lambda order: order.amount)
"""

_ANSWER = """\
def answer(question: str) -> str:
    response = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": question}], max_tokens=200
    )
    return response.choices[0].message.content
"""


def write_repository(
    root: Path, *, services: int = SERVICES, files: int = 0, repeated: int = 1, plain: int = 0
) -> int:
    """Write the repository; gives the number of call sites in it.

    Each service has ten files: in six of them `repeated` calls each, among `plain` classes that
    have nothing to do with OpenAI, and a further call in a seventh. Modules without OpenAI fill up
    to `files`.
    """
    written = 0
    beside = "".join(f"\n\n{_ORDERS.format(number=number)}" for number in range(plain))
    calls = {name: _several(text, repeated) for name, text in _CALLS.items()}
    for number in range(services):
        package = f"service{number}"
        others = {"__init__": "", "settings": _SETTINGS, "factory": _FACTORY, "use": _USE}
        for name, text in {**others, **calls}.items():
            code = text.format(package=package) + (beside if name in calls else "")
            _write(root / package / f"{name}.py", code)
            written += 1
    for number in range(files - written):
        _write(root / "orders" / f"order{number}.py", _ORDERS.format(number=number))
    return services * (len(_CALLS) * repeated + 1)


def write_one_file(root: Path, calls: int) -> int:
    """Write a repository of one file with as many calls; gives their number."""
    module = "from openai import OpenAI\n\nclient = OpenAI()" + _GAP + _ANSWER
    _write(root / "answers.py", _several(module, calls))
    return calls


def _several(text: str, times: int) -> str:
    """A module with its last definition `times` times, under a name of its own each."""
    head, gap, definition = text.rpartition(_GAP)
    named = (_DEFINED.sub(rf"\g<0>{number or ''}", definition, count=1) for number in range(times))
    return head + gap + _GAP.join(one.rstrip("\n") for one in named) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
