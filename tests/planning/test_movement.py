"""What moves together, and what waits."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, Checklist, Convert, Leave, chat, items_of, planned

SHARED = f"""
from openai import OpenAI
def ask(client, q):
    client.moderations.create(input=q)
    return client.chat.completions.create(model="gpt-4o", {ASK})
ask(OpenAI(), "hello")
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
    assert "app.py:3 `moderations.create`" in shared.action
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
        "model-waits", "client-waits", "client-serves-others", "call-waits", "endpoint-missing",
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
        ("responses.compact", "endpoint-undocumented"),
        ("images.create_variation", "endpoint-missing"),
        ("images.edit", "media-untraced"),
        ("audio.speech.create", "media-untraced"),
        ("uploads.create", "endpoint-undocumented"),
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


UNTOLD = f"""
    from openai import OpenAI
    def make(url, key):
        return OpenAI(base_url=url, api_key=key)
    def ask(q, url, key, model):
        return make(url, key).chat.completions.create(model=MODEL, {ASK})
    """


@pytest.mark.parametrize("model", ['"gpt-4o"', "model"])
def test_what_a_client_of_an_unknown_address_is_asked_for_moves(model: str) -> None:
    found = planned(UNTOLD.replace("MODEL", model))
    client = found.decision("app.py", Kind.CLIENT)
    assert isinstance(client, Checklist)
    assert items_of(client)[:1] == ["base-url-unknown"]
    assert client.edits == ()
    assert "call-waits" not in items_of(found.decision("app.py", Kind.CALL))


def test_what_is_asked_for_by_anothers_name_stays_with_its_client() -> None:
    found = planned(UNTOLD.replace("MODEL", '"llama-3"'))
    assert items_of(found.decision("app.py", Kind.CALL)) == ["call-waits"]
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


def test_a_framework_moves_with_its_requests_and_its_model() -> None:
    found = planned(
        """
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(model="gpt-4o")
        llm.invoke("hello")
        """
    )
    assert found.codes() == ["get-a-key"]
    assert not found.plan.coverage.checklist
    assert [edit.codemod for edit in found.plan.edits] == [
        "framework-construction",
        "parameters",
        "model-name",
    ]


def test_a_name_that_also_reaches_what_stays_holds_a_framework() -> None:
    found = planned(
        """
        from langchain_openai import ChatOpenAI
        from langchain_community.chat_models import PromptLayerChatOpenAI
        MODEL = "gpt-4o"
        llm = ChatOpenAI(model=MODEL)
        other = PromptLayerChatOpenAI(model=MODEL)
        llm.invoke("hello")
        """
    )
    assert not any(edit.codemod == "framework-construction" for edit in found.plan.edits)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            "from langchain_community.chat_models import PromptLayerChatOpenAI as C\nC()",
            "Use ChatOpenAI of the same module",
        ),
        (
            "from mirascope import llm\nllm.call(provider='openai', model='gpt-4o')",
            "Mirascope before 2.0: hand it",
        ),
    ],
)
def test_what_a_framework_is_given_is_said_by_its_parameters(made: str, said: str) -> None:
    assert said in planned(made).item("framework-client").action


def test_raw_http_is_a_blocker() -> None:
    found = planned(
        """
        import requests
        def ask(body):
            return requests.post("https://api.openai.com/v1/chat/completions", json=body)
        """
    )
    assert set(found.codes()) == {"raw-http", "address-waits"}
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
    assert {"client-serves-others", "client-waits"} <= set(found.codes())


def test_clients_of_a_subclass_without_settings_of_its_own_move_one_by_one() -> None:
    after = planned(SUBCLASS.replace("SETTINGS", "timeout=3, **given")).after()
    assert "one = Mine(\n" in after
    assert "other = Mine()\n" in after


# -- who is held by what --------------------------------------------------------------------------

OTHER_MODEL = f"""
from openai import OpenAI
def make(local):
    if local:
        return OpenAI(base_url="http://localhost:8000/v1"), "llama3.1"
    return OpenAI(), "gpt-4o"
def ask(q, local):
    client, model = make(local)
    return client.chat.completions.create(model=model, {ASK}, temperature=2, user="me")
"""


def test_a_call_that_names_another_model_for_other_providers_moves_as_it_is() -> None:
    found = planned(OTHER_MODEL)
    after = found.after()
    assert 'base_url="http://localhost:8000/v1"), "llama3.1"' in after
    assert ', "qwen3.7-plus"' in after
    assert f'model=model, {ASK}, temperature=2, user="me")' in after
    told = [one.title for one in found.plan.checklist if one.code == "argument-for-others"]
    assert told == [f"`{name}` also goes to another provider" for name in ("temperature", "user")]


def test_a_test_does_not_hold_what_it_tests() -> None:
    tested = f"""
        from openai import OpenAI
        def make():
            return OpenAI()
        def ask(q):
            return make().chat.completions.create(model="gpt-4o", {ASK})
        """
    test = "from app import make\ndef test_it():\n    make().moderations.create(input='')\n"
    found = planned({"app.py": tested, "tests/test_app.py": test})
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)
    assert items_of(found.decision("tests/test_app.py", Kind.CALL)) == ["endpoint-missing"]


def test_a_client_does_not_wait_for_what_only_a_type_says_it_serves() -> None:
    found = planned(
        {
            "app.py": chat(),
            "voice.py": "from openai import OpenAI\ndef check(client: OpenAI, q):\n"
            "    return client.moderations.create(input=q)\n",
        }
    )
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)
    assert items_of(found.decision("voice.py", Kind.CALL)) == ["endpoint-missing"]


def test_what_only_a_type_says_that_it_is_openais_waits_for_every_client() -> None:
    code = f"""
        from openai import OpenAI
        def make(url):
            return OpenAI(base_url=url)
        make("").chat.completions.create(model="llama-3", {ASK})
        def ask(client: OpenAI, q):
            return client.chat.completions.create(model="gpt-4.1", {ASK})
        """
    assert "call-waits" in planned(code).codes()


def test_what_waits_names_what_cannot_move_however_far_it_is() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        MODEL = "gpt-4o"
        def ask(client, q):
            return client.chat.completions.create(model=MODEL, {ASK})
        def check(client, q):
            ask(client, q)
            return client.moderations.create(input=q)
        check(OpenAI(), "hello")
        ask(OpenAI(timeout=3), "hello")
        """
    )
    waiting = [one.why for one in found.plan.checklist if one.code == "client-waits"]
    assert len(waiting) == 1
    assert "app.py:7 `moderations.create`" in waiting[0]


# -- a second client ------------------------------------------------------------------------------

PROPERTY = f"""
from openai import OpenAI
class Helper:
    def __init__(self, name):
        self.name = name
        self.client = OpenAI(timeout=30)
    def ask(self, q):
        return self.client.chat.completions.create(model="gpt-4o", {ASK})
    def check(self, q):
        return self.client.moderations.create(input=q)
"""


def test_a_client_of_an_object_is_kept_as_a_property() -> None:
    found = planned(PROPERTY)
    after = found.after()
    assert "    @functools.cached_property\n    def openai_client(self) -> OpenAI:\n" in after
    assert "        return OpenAI(timeout=30)\n\n    def ask(" in after
    assert "self.openai_client.moderations.create(input=q)" in after
    assert "self.client.chat.completions.create(" in after
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)
    assert found.item("client-kept").title == (
        "a second client, `self.openai_client`, stays on OpenAI"
    )


def test_a_client_of_a_module_is_kept_as_a_function_for_every_file_that_asks_it() -> None:
    found = planned(
        {
            "bot/llm.py": "from openai import OpenAI\n\nclient = OpenAI()\n",
            "bot/chat.py": "from .llm import client\n\n\ndef ask(q):\n"
            f'    return client.chat.completions.create(model="gpt-4o", {ASK})\n',
            "bot/gate.py": "from bot.llm import client as llm\n\n\ndef check(q):\n"
            "    return llm.moderations.create(input=q)\n",
        }
    )
    assert "\n\n\n@functools.cache\ndef openai_client() -> OpenAI:\n    return OpenAI()\n" in (
        found.after("bot/llm.py")
    )
    assert found.after("bot/gate.py") == (
        "from bot.llm import openai_client\n\n\ndef check(q):\n"
        "    return openai_client().moderations.create(input=q)\n"
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("(self.client).moderations", "(self.openai_client).moderations"),
        ("(self\n .client\n .moderations)", "(self.openai_client\n .moderations)"),
    ],
    ids=["in brackets", "on several lines"],
)
def test_a_client_is_found_however_it_is_asked(asked: str, expected: str) -> None:
    after = planned(PROPERTY.replace("self.client.moderations", asked)).after()
    assert f"return {expected}.create(input=q)" in after


def test_a_client_of_a_function_is_constructed_where_it_is_asked() -> None:
    after = planned(
        f"""
        import os
        from openai import OpenAI
        def main(q):
            client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
            client.moderations.create(input=q)
            client.chat.completions.create(model="gpt-4o", {ASK})
        """
    ).after()
    assert 'OpenAI(api_key=os.environ["OPENAI_API_KEY"]).moderations.create(input=q)' in after
    assert 'client = OpenAI(\n        api_key=os.environ["DASHSCOPE_API_KEY"],\n' in after


def test_the_key_that_is_handed_in_is_not_sent_to_two_providers() -> None:
    after = planned(
        PROPERTY.replace("timeout=30", "api_key=name, timeout=30").replace("self.name = name", "")
    ).after()
    assert "        return OpenAI(timeout=30)\n" in after


def test_what_needs_the_parameters_of_its_function_is_kept_at_once() -> None:
    after = planned(PROPERTY.replace("timeout=30", "timeout=name")).after()
    assert "        self.openai_client = OpenAI(timeout=name)\n" in after


@pytest.mark.parametrize(
    "code",
    [
        PROPERTY.replace("self.name = name", "openai_client = kept_client = name"),
        PROPERTY.replace("self.client.moderations", "getattr(self, 'client').moderations"),
    ],
    ids=["the names are taken", "asked by a string"],
)
def test_a_client_that_cannot_be_told_apart_is_held(code: str) -> None:
    found = planned(code)
    assert found.plan.edits == ()
    assert "client-shared" in found.codes()


def test_the_variable_of_the_client_that_is_kept_stays() -> None:
    code = PROPERTY.replace("timeout=30", "api_key=os.environ['OPENAI_API_KEY']")
    files = {"app.py": "import os\n" + code.lstrip(), ".env": "OPENAI_API_KEY=\n"}
    found = planned(files)
    assert "OPENAI_API_KEY=\n" in found.after(".env")
    assert "DASHSCOPE_API_KEY=\n" in found.after(".env")
    assert "return OpenAI(api_key=os.environ['OPENAI_API_KEY'])" in found.after()


@pytest.mark.parametrize(
    "made",
    [
        "client = OpenAI(base_url=URL)\nother = OpenAI(base_url=URL)",
        "client = OpenAI(base_url=URL)\nother = OpenAI(base_url=client.base_url)",
    ],
)
def test_clients_of_one_address_move_together(made: str) -> None:
    head = 'from openai import OpenAI\nURL = "https://api.openai.com/v1"\n'
    text = f"{head}{made}\nclient.models.list()\n"
    stays = planned(f"{text}other.fine_tuning.jobs.list()\n")
    assert stays.plan.edits == ()
    assert "hangs together with app.py:" in stays.item("client-waits").why
    moves = planned(f"{text}other.models.list()\n")
    assert set(moves.codes()) == {"get-a-key", "endpoint-partly"}
    assert planned(moves.after()).plan.edits == ()


@pytest.mark.parametrize("other", ["OpenAI", "ChatOpenAI"])
@pytest.mark.parametrize("address", ["BASE", "Settings.base"])
def test_an_address_that_serves_what_stays_holds_the_other_clients(
    address: str, other: str
) -> None:
    ask = {
        "OpenAI": f"b.chat.completions.create({ASK}, model='gpt-4o')",
        "ChatOpenAI": "b.invoke(q)",
    }
    code = (
        "from openai import OpenAI\nfrom langchain_openai import ChatOpenAI\n"
        "BASE = 'https://api.openai.com/v1'\n"
        "class Settings:\n    base = 'https://api.openai.com/v1'\n"
        f"a = OpenAI(base_url={address})\nb = {other}(base_url={address})\n"
        "def check(q):\n    return a.moderations.create(input=q)\n"
        f"def ask(q):\n    return {ask[other]}\n"
    )
    found = planned({"app.py": code})
    assert "base = 'https://api.openai.com/v1'" in found.after().replace("BASE", "base")
    assert "dashscope" not in found.after()
    assert "endpoint-missing" in found.codes()
    alone = planned({"app.py": code.replace("a.moderations.create(input=q)", "q")})
    assert "dashscope" in alone.after()
