"""What goes on from what another request made stays with it."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, Checklist, Convert, items_of, planned

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
SEARCH = "tools=[{'type': 'file_search', 'vector_store_ids': ['vs_1']}]"


def first_of(program: str) -> str:
    """What becomes of the first request of a program whose second one cannot move."""
    found = planned(f"{HEAD}{program}")
    first, second = [one for one in found.plan.decisions if one.site.kind is Kind.CALL][:2]
    assert isinstance(second, Checklist)
    return "moves" if isinstance(first, Convert) else " ".join(items_of(first))


def test_what_a_request_that_stays_goes_on_from_stays() -> None:
    assert (
        first_of(f"""
def ask(q: str):
    one = client.responses.create(model="gpt-4o", input=q)
    two = client.responses.create(model="gpt-4o", input=q, previous_response_id=one.id, {SEARCH})
    return client.chat.completions.create(model="gpt-4.1", {ASK})
""")
        == "call-tied"
    )


def test_what_does_not_share_it_moves() -> None:
    found = planned(f"""{HEAD}
def ask(q: str):
    one = client.responses.create(model="gpt-4o", input=q)
    two = client.responses.create(model="gpt-4o", input=q, previous_response_id=one.id, {SEARCH})
    return client.chat.completions.create(model="gpt-4.1", {ASK})
""")
    assert found.after().count("openai_client().responses.create") == 2
    assert "return client.chat.completions.create" in found.after()
    assert "app.py:6 `responses.create`" in found.item("call-tied").action


def test_an_id_is_followed_through_lists_and_dictionaries() -> None:
    assert (
        first_of("""
def ask(q):
    held = client.files.create(file=q, purpose="batch")
    names = [held.id]
    client.vector_stores.create(metadata={"files": names})
""")
        == "call-tied"
    )


def test_what_an_answer_names_beside_its_own_id_is_followed() -> None:
    found = planned(f"""{HEAD}
def start(q):
    held = client.files.create(file=q, purpose="batch")
    job = client.batches.create(input_file_id=held.id, endpoint="/v1/embeddings")
    examples = client.files.create(file=q, purpose="fine-tune")
    client.fine_tuning.jobs.create(training_file=examples.id, model="gpt-4o")
    return client.files.content(job.output_file_id)
""")
    assert found.after().count("openai_client().") == 2


def test_an_id_from_elsewhere_may_be_of_what_the_same_client_made() -> None:
    assert (
        first_of(f"""
def ask(q: str, state: dict):
    return client.responses.create(model="gpt-4o", input=q, previous_response_id=state["id"])
def search(q: str, state: dict):
    state["id"] = client.responses.create(model="gpt-4o", input=q, {SEARCH}).id
""")
        == "call-tied"
    )


@pytest.mark.parametrize(
    "program",
    [
        f"""
def ask(q: str):
    one = client.responses.create(model="gpt-4o", input=q)
    two = client.responses.create(model="gpt-4o-mini", input=one.output_text, {SEARCH})
""",
        f"""
def ask(q: str):
    return client.responses.create(model="gpt-4o", input=q, previous_response_id=None).output_text
def search(q: str, state):
    return client.responses.create(model="gpt-4o-mini", input=q, {SEARCH}).output_text
""",
        f"""
def ask(q: str, state):
    return client.responses.create(model="gpt-4o", input=q, previous_response_id=state).output_text
def search(q: str, state):
    return OpenAI().responses.create(model="gpt-4o-mini", input=q, {SEARCH}).id
""",
    ],
)
def test_what_is_not_gone_on_from_holds_nothing(program: str) -> None:
    assert first_of(program) == "moves"


def test_items_that_are_sent_back_keep_their_ids() -> None:
    assert (
        first_of(f"""
def ask(q: str):
    items = [{{"role": "user", "content": q}}]
    one = client.responses.create(model="gpt-4o", input=items)
    items += one.output
    client.responses.create(model="gpt-4o-mini", input=items, {SEARCH})
""")
        == "call-tied"
    )


def test_a_test_holds_nothing() -> None:
    found = planned(
        {
            "app.py": f"{HEAD}def ask(q: str):\n"
            '    return client.responses.create(model="gpt-4o", input=q).id\n',
            "tests/test_app.py": "from app import ask, client\ndef test_it():\n"
            f'    client.responses.create(model="gpt-4o", input="q", {SEARCH},\n'
            '        previous_response_id=ask("q"))\n',
        }
    )
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
