"""The dictionaries that Responses requests are made of."""

from __future__ import annotations

from textwrap import dedent

import pytest

from migrator.analysis.sites import Body, CallFacts
from tests.analysis.programs import sites_of

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def bodies(text: str) -> list[Body]:
    """What each request of a program is made of."""
    sites = sites_of(HEAD + dedent(text))
    return [site.facts.body for site in sites if isinstance(site.facts, CallFacts)]


def spelled(body: Body) -> list[str]:
    """The dictionaries as `of line: names`."""
    return [
        f"{one.of} {one.place.span.line}: {' '.join(entry.name for entry in one.entries)}"
        for one in body.items
    ]


def test_items_their_parts_and_tools_wherever_they_are_written() -> None:
    (body,) = bodies(
        """
        TOOLS = [dict(type="function", name="f")]
        def part(text):
            return {"type": "input_text", "text": text}
        def ask(q):
            items = [{"role": "user", "content": [part(q)]}]
            items.append({"role": "user", "content": q})
            client.responses.create(
                model="gpt-4o", input=items, tools=TOOLS, tool_choice={"type": "web_search"},
                text={"format": {"type": "text"}},
            )
        """
    )
    assert sorted(spelled(body)) == [
        "content 6: type text",
        "format 12: type",
        "input 8: role content",
        "input 9: role content",
        "text 12: format",
        "tool_choice 11: type",
        "tools 4: type name",
    ]
    assert body.traced >= {"input", "content", "tools", "text", "format"}
    assert not body.as_text


@pytest.mark.parametrize(
    ("given", "untold"),
    [
        ("input=q", "input"),
        ("input=[q]", "input"),
        ("input=[{**q}]", "input"),
        ("input=[{'role': 'user', 'content': [q]}]", "content"),
        ("input='a', tools=q", "tools"),
        ("input='a', tools=[q]", "tools"),
        ("input='a', text=q", "text"),
        ("input='a', text={'format': q}", "format"),
    ],
)
def test_what_is_only_known_at_run_time_is_not_traced(given: str, untold: str) -> None:
    (body,) = bodies(f"def ask(q):\n    client.responses.create(model='gpt-4o', {given})\n")
    assert untold not in body.traced


def test_texts_and_what_may_be_left_out() -> None:
    (body,) = bodies(
        """
        def ask(system=None):
            client.responses.create(model="gpt-4o", input="a", instructions=system)
        ask()
        ask("b")
        """
    )
    assert body.as_text
    assert body.optional == {"instructions"}


def test_answers_that_are_sent_again() -> None:
    _, second = bodies(
        """
        items = [{"role": "user", "content": "a"}]
        answer = client.responses.create(model="gpt-4o", input=items)
        items += answer.output
        client.responses.create(model="gpt-4o", input=items)
        """
    )
    assert {path for _, path in second.answers} == {("output",), ("output", "*")}
    assert "input" in second.traced


def test_an_annotation_says_no_more_than_the_list() -> None:
    (body,) = bodies(
        """
        from openai.types.responses import EasyInputMessageParam
        def ask(q):
            items: list[EasyInputMessageParam] = [{"role": "user", "content": q}]
            client.responses.create(model="gpt-4o", input=items)
        """
    )
    assert "input" in body.traced
    (alone,) = bodies(
        """
        from openai.types.responses import EasyInputMessageParam
        def ask(items: list[EasyInputMessageParam]):
            client.responses.create(model="gpt-4o", input=items)
        """
    )
    assert "input" not in alone.traced


def test_entries_that_the_program_reads_itself() -> None:
    (body,) = bodies(
        """
        TOOLS = [{"type": "function", "name": "f", "parameters": {}}]
        names = [one["name"] for one in TOOLS]
        client.responses.create(model="gpt-4o", input="a", tools=TOOLS)
        """
    )
    (tool,) = body.items
    assert [entry.name for entry in tool.entries if entry.read] == ["name"]


def test_other_requests_have_no_body_of_dictionaries() -> None:
    (body,) = bodies("client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user'}])")
    assert body == Body()
