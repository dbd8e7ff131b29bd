"""Which requests go on from what another one made."""

from __future__ import annotations

from textwrap import dedent

from migrator.analysis.sites import CallFacts
from tests.analysis.programs import sites_of

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def followed(text: str) -> list[tuple[str, list[str]]]:
    """Each request of a program, with those that it goes on from."""
    sites = {one.id: one for one in sites_of(HEAD + dedent(text))}
    return [
        (one.detail, [sites[other].detail for other in one.facts.follows])
        for one in sites.values()
        if isinstance(one.facts, CallFacts)
    ]


def test_an_id_is_followed_wherever_it_lies_in_the_arguments() -> None:
    assert followed(
        """
        class Desk:
            def start(self, q):
                self.last = client.responses.create(model="gpt-4o", input=q).id
            def go_on(self, q):
                rest = {"previous_response_id": self.last}
                return client.responses.create(model="gpt-4o", input=q, **rest)
        def files(path):
            held = client.files.create(file=path, purpose="batch")
            for one in client.files.list().data:
                client.files.delete(one.id)
            client.vector_stores.create(file_ids=[held.id])
        """
    ) == [
        ("responses.create", []),
        ("responses.create", ["responses.create"]),
        ("files.create", []),
        ("files.list", []),
        ("files.delete", ["files.list"]),
        ("vector_stores.create", ["files.create"]),
    ]


def test_other_parts_and_the_ids_of_tool_calls_are_not() -> None:
    assert followed(
        """
        def ask(messages):
            first = client.chat.completions.create(model="gpt-4o", messages=messages)
            call = first.choices[0].message.tool_calls[0]
            messages.append({"role": "tool", "tool_call_id": call.id, "content": first.model})
            client.chat.completions.create(model="gpt-4o", messages=messages)
        """
    ) == [("chat.completions.create", []), ("chat.completions.create", [])]
