"""What moves together, and what waits."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, Checklist, Convert, Leave, chat, items_of, planned

SHARED = f"""
from openai import OpenAI
client = OpenAI()
def ask(q):
    client.moderations.create(input=q)
    return client.chat.completions.create(model="gpt-4o", {ASK})
"""


def test_a_client_moves_with_the_call_it_serves() -> None:
    found = planned(chat())
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert isinstance(found.decision("app.py", Kind.MODEL), Convert)
    assert isinstance(found.decision("app.py", Kind.IMPORT), Leave)


def test_a_client_that_serves_what_cannot_move_is_not_redirected() -> None:
    found = planned(SHARED)
    assert found.plan.edits == ()
    shared = found.item("client-shared")
    assert "app.py:4 `moderations.create`" in shared.action
    assert items_of(found.decision("app.py", Kind.CALL, "chat.completions.create")) == [
        "call-waits"
    ]
    assert items_of(found.decision("app.py", Kind.MODEL)) == ["model-waits"]


def test_an_endpoint_that_is_missing_is_named_with_its_counterpart_and_source() -> None:
    missing = planned(SHARED).item("endpoint-missing")
    assert "content safety" in missing.action
    assert missing.sources
    assert missing.sources[0].as_of


def test_two_clients_that_share_a_model_name_stay_together() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        MODEL = "gpt-4o"
        one = OpenAI()
        other = OpenAI()
        def ask(q):
            return one.chat.completions.create(model=MODEL, {ASK})
        def answer(q):
            return other.moderations.create(model=MODEL, input=q)
        """
    )
    assert found.plan.edits == ()
    assert found.codes() == [
        "model-waits", "client-waits", "client-shared", "call-waits", "endpoint-missing",
    ]  # fmt: skip


def test_clients_that_share_nothing_move_by_themselves() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        one = OpenAI()
        other = OpenAI()
        def ask(q):
            return one.chat.completions.create(model="gpt-4o", {ASK})
        def answer(q):
            return other.moderations.create(model="gpt-4o", input=q)
        """
    )
    assert "other = OpenAI()\n" in found.after()
    assert "one = OpenAI(\n" in found.after()


@pytest.mark.parametrize(
    ("api", "arguments"),
    [
        ("models.list", ""),
        ("batches.list", ""),
        ("files.create", 'file=q, purpose="batch"'),
        ("files.list", ""),
    ],
)
def test_what_is_served_in_part_moves_within_that_part(api: str, arguments: str) -> None:
    found = planned(
        f"from openai import OpenAI\nclient = OpenAI()\ndef f(q):\n    client.{api}({arguments})\n"
    )
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)


@pytest.mark.parametrize("purpose", ['"assistants"', "q", '"vision"'])
def test_a_file_of_another_purpose_stays(purpose: str) -> None:
    found = planned(
        "from openai import OpenAI\nclient = OpenAI()\n"
        f"def f(q):\n    client.files.create(file=q, purpose={purpose})\n"
    )
    assert "endpoint-unproven" in found.codes()
    assert isinstance(found.decision("app.py", Kind.CLIENT), Checklist)


@pytest.mark.parametrize(
    ("api", "code"),
    [
        ("responses.compact", "responses-api"),
        ("images.edit", "endpoint-undocumented"),
        ("audio.speech.create", "endpoint-missing"),
        ("beta.threads.create", "endpoint-missing"),
        ("completions.create", "completion-untraced"),
        ("fine_tuning.jobs.create", "endpoint-missing"),
    ],
)
def test_an_endpoint_without_a_counterpart_is_a_blocker(api: str, code: str) -> None:
    found = planned(
        f"from openai import OpenAI\nclient = OpenAI()\ndef f(q):\n    client.{api}(model=q)\n"
    )
    assert code in found.codes()
    assert found.plan.edits == ()


def test_a_client_of_an_unknown_address_is_left_for_review() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def make(url):
            return OpenAI(base_url=url)
        def ask(q, url):
            return make(url).chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert items_of(found.decision("app.py", Kind.CLIENT)) == ["base-url-unknown"]
    assert found.plan.edits == ()


def test_a_client_whose_arguments_are_made_at_run_time_is_left_for_review() -> None:
    found = planned(
        """
        from openai import OpenAI
        def make(**settings):
            return OpenAI(**settings)
        """
    )
    assert items_of(found.decision("app.py", Kind.CLIENT)) == ["client-arguments-unknown"]


def test_a_call_whose_client_comes_from_outside_is_left_for_review() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def ask(client: OpenAI, q):
            return client.chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert items_of(found.decision("app.py", Kind.CALL)) == ["client-untraced"]
    assert found.plan.edits == ()


def test_a_call_known_by_its_annotation_moves_with_every_client_of_its_kind() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def ask(client: OpenAI, q):
            return client.chat.completions.create(model="gpt-4o", {ASK})
        def main(run):
            run(ask, OpenAI())
        """
    )
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)


def test_a_lookalike_is_a_review_item_and_hinders_nobody() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def ask(q, thing):
            thing.chat.completions.create(model="x", {ASK})
            return client.chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert "call-untraced" in found.codes()
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)


def test_a_call_that_may_go_to_two_providers_stays() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        def make(local):
            return OpenAI(base_url="http://localhost:8000/v1") if local else OpenAI()
        def ask(q, local):
            return make(local).chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert "call-elsewhere" in found.codes()
    assert found.plan.edits == ()


def test_a_framework_is_named_with_the_address_to_give_it() -> None:
    found = planned(
        """
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(model="gpt-4o")
        llm.invoke("hello")
        """
    )
    assert "https://dashscope.aliyuncs.com" in found.item("framework-client").action
    assert found.item("framework-call")
    assert found.plan.edits == ()


def test_raw_http_is_a_blocker() -> None:
    found = planned(
        """
        import requests
        def ask(body):
            return requests.post("https://api.openai.com/v1/chat/completions", json=body)
        """
    )
    assert set(found.codes()) == {"raw-http"}
    assert found.plan.edits == ()


def test_a_client_without_a_known_call_moves_with_a_note() -> None:
    found = planned("from openai import OpenAI\nclient = OpenAI()\n")
    decision = found.decision("app.py", Kind.CLIENT)
    assert isinstance(decision, Convert)
    assert items_of(decision) == ["client-unused"]


def test_a_client_that_is_handed_to_unknown_code_moves_with_a_note() -> None:
    found = planned(
        """
        import instructor
        from openai import OpenAI
        client = OpenAI()
        def run(box):
            import somewhere
            return somewhere.use(client)
        """
    )
    assert "client-escapes" in items_of(found.decision("app.py", Kind.CLIENT))


def test_a_client_of_bedrock_stays() -> None:
    found = planned(
        f"""
        from openai import BedrockOpenAI
        client = BedrockOpenAI(aws_region="x")
        def ask(q):
            return client.chat.completions.create(model="gpt-4o", {ASK})
        """
    )
    assert items_of(found.decision("app.py", Kind.CLIENT)) == ["client-bedrock"]
    assert found.plan.edits == ()


SUBCLASS = f"""
from openai import OpenAI
class Mine(OpenAI):
    def __init__(self, **given):
        super().__init__(SETTINGS)
one = Mine()
other = Mine()
def ask(q):
    return one.chat.completions.create(model="gpt-4o", {ASK})
def check(q):
    return other.moderations.create(input=q)
"""


@pytest.mark.parametrize("settings", ["timeout=3", "api_key='k', **given"])
def test_a_subclass_moves_only_with_the_settings_of_its_base(settings: str) -> None:
    found = planned(SUBCLASS.replace("SETTINGS", settings))
    assert found.plan.edits == ()
    assert {"client-shared", "client-waits"} <= set(found.codes())


def test_clients_of_a_subclass_without_settings_of_its_own_move_one_by_one() -> None:
    after = planned(SUBCLASS.replace("SETTINGS", "timeout=3, **given")).after()
    assert "one = Mine(\n" in after
    assert "other = Mine()\n" in after
