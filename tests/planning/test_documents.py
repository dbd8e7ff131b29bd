"""Settings in files that are not Python, and what was recorded of requests."""

from __future__ import annotations

from tests.planning.builders import Leave, chat, planned

CASSETTE = """
interactions:
- request:
    uri: https://api.openai.com/v1/chat/completions
    body: '{"model": "gpt-4o"}'
  response:
    body: {model: gpt-4o}
"""
PATH = "tests/cassettes/test_chat.yaml"


def test_a_recording_is_one_item() -> None:
    found = planned({"app.py": chat(), PATH: CASSETTE})
    told = found.item("cassette")
    assert told.path == PATH
    assert len(told.site_ids) > 1
    assert found.codes(PATH) == ["cassette"]


def test_a_recording_of_what_stays_is_left() -> None:
    found = planned({"app.py": "import openai\n", PATH: CASSETTE})
    recorded = [one for one in found.plan.decisions if one.site.path == PATH]
    assert recorded
    assert {type(one) for one in recorded} == {Leave}
