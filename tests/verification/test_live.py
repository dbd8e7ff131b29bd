"""The provider itself is asked: here the emulator in its place."""

from __future__ import annotations

from pathlib import Path

from migrator.providers import load_provider
from migrator.verification import live, records
from migrator.verification.calls import calls_to
from migrator.verification.emulator import Emulator
from migrator.verification.ladder import State
from tests.verification.test_contract import ASK, HEAD, OFF

BAILIAN = load_provider("bailian")
PROGRAM = f"""{HEAD}
def ask(q):
    client.chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF}, max_tokens=4000, n=3)
    client.chat.completions.create(model="qwen3.7-plus", {ASK}, {OFF}, max_tokens=300, n=1)
    client.chat.completions.create(model="qwen-plus", {ASK}, stream=True)
    client.embeddings.create(model="text-embedding-v4", input=q, encoding_format="float")
    client.chat.completions.create(model=q, {ASK})
"""


def probes(tmp_path: Path) -> list[live.Probe]:
    (tmp_path / "app.py").write_text(PROGRAM)
    return live.probes(calls_to(BAILIAN, tmp_path), BAILIAN)


def test_one_request_for_each_endpoint_model_and_set_of_parameters(tmp_path: Path) -> None:
    asked = probes(tmp_path)
    assert [(one.family, one.model, one.line) for one in asked] == [
        ("chat.completions", "qwen3.7-plus", 12),
        ("chat.completions", "qwen-plus", 14),
        ("embeddings", "text-embedding-v4", 15),
    ]
    assert all(one.body.get("max_tokens", 16) == 16 for one in asked)
    assert asked[0].body["n"] == 1
    price, unknown = live.most_that_it_costs(BAILIAN, asked)
    assert 0 < price < 0.01
    assert unknown == []


def test_every_answer_is_told_and_kept(tmp_path: Path) -> None:
    asked = probes(tmp_path)
    with Emulator(BAILIAN, key="sk-example") as emulator:
        address = emulator.base_url
        rung, rows = live.live(asked, live.Endpoint(emulator.base_url, "sk-example"))
        assert rung.state is State.PASSED, rung.findings
        assert [row["status"] for row in rows] == [200, 200, 200]
        assert all(row["listed"] for row in rows)
        refused, again = live.live(asked, live.Endpoint(emulator.base_url, "sk-other"))
    assert refused.state is State.FAILED
    assert {row["status"] for row in again} == {401}
    assert "sk-other" not in str(refused.findings)
    gone, _ = live.live(asked, live.Endpoint(address, "sk-example"))
    assert gone.state is State.NOT_RUN


def test_a_record_is_held_against_the_profile(tmp_path: Path) -> None:
    row = {"endpoint": "chat.completions", "parameters": ["n"], "listed": True}
    rows = (
        {**row, "model": "qwen-plus", "status": 200, "error": ""},
        {**row, "model": "qwen-plus", "status": 400, "error": "n is not taken"},
        {**row, "model": "qwen-new", "status": 200, "error": ""},
    )
    record = records.Record("bailian", "https://example.com/v1", "2026-11-28", rows)
    records.save(tmp_path, record)
    found = records.newest(tmp_path, "bailian")
    assert found == record
    assert list(records.against(record, BAILIAN)) == [
        "chat.completions of qwen-plus with n: the profile takes it, "
        "the provider answered 400: n is not taken",
        "chat.completions of qwen-new with n: answered, and the profile does not know the model",
    ]
    assert records.newest(tmp_path, "zhipu") is None
