"""The second rung: what the code says of its requests keeps to the provider's profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.providers import load_provider
from migrator.verification import contract
from migrator.verification.calls import calls_to
from migrator.verification.ladder import Rung, State

HEAD = """
import os
from openai import OpenAI
client = OpenAI(
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url=os.getenv(
        "DASHSCOPE_BASE_URL", "https://dashscope.aliyuncs.com/compatible-mode/v1"
    ),
)
"""
ASK = 'messages=[{"role": "user", "content": q}]'
OFF = 'extra_body={"enable_thinking": False}'
# A call, the rule that it breaks ("" for none), and what only run time tells.
CALLS = {
    "all is well": (f'chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF})', "", []),
    "a model that nobody serves": (
        f'chat.completions.create(model="qwen-none", {ASK})',
        "unknown-model",
        [],
    ),
    "a value out of its range": (
        f'chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF}, temperature=2.5)',
        "out-of-range",
        [],
    ),
    "a parameter that is not taken": (
        f'chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF}, logit_bias={{"1": 2}})',
        "refused-parameter",
        [],
    ),
    "a picture for a model of texts": (
        'chat.completions.create(model="qwen-plus", messages=[{"role": "user", "content": '
        '[{"type": "image_url", "image_url": {"url": q}}]}])',
        "image-on-text-model",
        [],
    ),
    "too many texts at once": (
        'embeddings.create(model="text-embedding-v4", encoding_format="float", '
        f"input={['a'] * 11!r})",
        "embedding-batch",
        [],
    ),
    "what is only known at run time": (
        f'chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF}, temperature=q)',
        "",
        ["temperature"],
    ),
    "a model that is only known at run time": (
        f"chat.completions.create(model=q, {ASK}, {OFF})",
        "",
        ["model"],
    ),
    "what a mapping adds": (
        f'chat.completions.create(model="qwen3.7-plus", {ASK}, **q)',
        "",
        ["further arguments"],
    ),
    "wrong whatever a mapping adds": (
        f'chat.completions.create(model="qwen3.7-plus", {ASK}, n=9, temperature=2.5, **q)',
        "out-of-range",
        [],
    ),
}


def checked(code: str, tmp_path: Path) -> Rung:
    (tmp_path / "app.py").write_text(code)
    return contract.contract(calls_to(load_provider("bailian"), tmp_path))


@pytest.mark.parametrize(("call", "rule", "at_run_time"), CALLS.values(), ids=CALLS)
def test_what_is_said_of_a_call(
    call: str, rule: str, at_run_time: list[str], tmp_path: Path
) -> None:
    rung = checked(f"{HEAD}def ask(q):\n    return client.{call}\n", tmp_path)
    assert rung.details["calls"] == 1
    assert [one.rule for one in rung.findings] == ([rule] if rule or at_run_time else [])
    assert rung.state is (State.FAILED if rule else State.PASSED)
    for one in rung.findings:
        assert (one.path, one.line) == ("app.py", 11)
        assert one.sources if rule else all(name in one.what for name in at_run_time)


def test_what_goes_to_others_is_not_checked(tmp_path: Path) -> None:
    code = """
    from openai import OpenAI
    OpenAI().moderations.create(input="a")
    OpenAI(base_url="https://api.deepseek.com").models.list()
    OpenAI(base_url="https://api.openai.com/v1").models.list()
    """
    assert checked("\n".join(one.strip() for one in code.splitlines()), tmp_path).state is (
        State.NOT_RUN
    )


STAYS = {
    "an address of another variable": (
        'client = OpenAI(base_url=os.environ["AZURE_OPENAI_V1_ENDPOINT"])'
    ),
    "one that is handed in": "def of(url):\n    return OpenAI(base_url=url)\nclient = of(input())",
    "the module, told by another variable": (
        'import openai as client\nclient.base_url = os.environ["OTHER_URL"]'
    ),
}


@pytest.mark.parametrize("stays", STAYS.values(), ids=STAYS)
def test_what_stays_beside_what_moved_is_not_checked(stays: str, tmp_path: Path) -> None:
    ask = f'client.chat.completions.create(model="gpt-4o", {ASK})'
    (tmp_path / "stays.py").write_text(
        f"import os\nfrom openai import OpenAI\n{stays}\ndef ask(q):\n    return {ask}\n"
    )
    moved = f'{HEAD}client.chat.completions.create(model="qwen3.7-plus", messages=[], {OFF})\n'
    rung = checked(moved, tmp_path)
    assert rung.details["calls"] == 1
    assert not [one for one in rung.findings if one.path == "stays.py"]


def test_frameworks_are_checked_too(tmp_path: Path) -> None:
    code = """
import os
from langchain_openai import ChatOpenAI
llm = ChatOpenAI(
    model="qwen3.7-plus",
    temperature=2.5,
    api_key=os.environ["DASHSCOPE_API_KEY"],
    base_url=os.getenv(
        "DASHSCOPE_BASE_URL", "https://dashscope.aliyuncs.com/compatible-mode/v1"
    ),
)
print(llm.invoke("Hello"))
"""
    rung = checked(code, tmp_path)
    assert [(one.line, one.rule) for one in rung.findings] == [(4, "out-of-range")]
