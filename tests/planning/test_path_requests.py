"""`client.post("/images/edits")`: a request by its path goes where the method of that path goes."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import Convert, items_of, planned


def program(call: str, head: str = "") -> str:
    return f"from openai import OpenAI\n{head}\nclient = OpenAI()\nclient.{call}\n"


@pytest.mark.parametrize(
    "call",
    [
        'get("/models", cast_to=object)',
        'post("/chat/completions", cast_to=object, body=body)',
        'post(path="/v1/embeddings", cast_to=object, body=body)',
        'delete("/files/file-1", cast_to=object)',
    ],
)
def test_it_moves_where_the_method_is_served_and_tells(call: str) -> None:
    made = planned(program(call)).decision("app.py", Kind.CALL)
    assert isinstance(made, Convert)
    assert items_of(made) == ["path-request"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ('post("/images/edits", cast_to=object)', "endpoint-undocumented"),
        ('post("/moderations", cast_to=object)', "endpoint-missing"),
        ('post("/threads/thread_1/runs", cast_to=object)', "endpoint-missing"),
        ('post("/nothing/known", cast_to=object)', "path-untraced"),
        ("post(where(), cast_to=object)", "path-untraced"),
        ("request(cast_to=object, options=options)", "path-untraced"),
    ],
)
def test_it_stays_where_it_is_not_served_or_not_known(call: str, code: str) -> None:
    made = planned(program(call))
    assert items_of(made.decision("app.py", Kind.CALL)) == [code]
    assert items_of(made.decision("app.py", Kind.CLIENT)) == ["client-serves-others"]


def test_the_verb_tells_methods_of_one_path_apart() -> None:
    """Files can be listed; an upload would need its purpose looked at."""
    listed = planned(program('get("/files", cast_to=object)'))
    assert items_of(listed.decision("app.py", Kind.CALL)) == ["path-request"]
    sent = planned(program('post("/files", cast_to=object)'))
    assert items_of(sent.decision("app.py", Kind.CALL)) == ["endpoint-unproven"]


def test_a_path_in_a_constant_is_followed() -> None:
    made = planned(program("post(PATH, cast_to=object)", 'PATH = "/audio/speech"\n'))
    assert set(made.codes()) == {"client-serves-others", "endpoint-missing"}


def test_a_body_that_is_traced_is_that_of_the_method() -> None:
    said = '[{"role": "developer", "content": "Hi"}, {"role": "user", "content": "Ho"}]'
    body = f'{{"model": "gpt-4o", "user": "x", "messages": {said}}}'
    made = planned(program(f'post("/chat/completions", cast_to=object, body={body})'))
    after = made.after()
    assert '"model": "qwen3.7-plus"' in after
    assert '"role": "system"' in after
    assert '"enable_thinking": False' in after
    assert '"user": ' not in after
    assert "extra_body" not in after
    assert items_of(made.decision("app.py", Kind.CALL)) == ["parameter-dropped"]


def test_a_body_that_is_filled_later_is_followed() -> None:
    head = 'body = {"model": MODEL, "input": "x"}\nbody["user"] = "y"\n'
    made = planned(
        program(
            'post("/embeddings", body=body, cast_to=object)',
            f'MODEL = "text-embedding-3-small"\n{head}',
        )
    )
    after = made.after()
    assert 'MODEL = "text-embedding-v4"' in after
    assert '"dimensions": 1536' in after
    assert "user" not in after


@pytest.mark.parametrize("call", ["close()", "is_closed()"])
def test_what_sends_nothing_is_no_request(call: str) -> None:
    made = planned(program(call))
    assert [one for one in made.plan.decisions if one.site.kind is Kind.CALL] == []


def test_requests_of_other_libraries_are_none_of_openai() -> None:
    made = planned("import httpx\nclient = httpx.Client()\nclient.post('/audio/speech')\n")
    assert made.plan.decisions == ()


@pytest.mark.parametrize("name", ["timeout", "max_retries", "default_headers", "http_client"])
def test_a_setting_that_means_the_same_everywhere_moves_with_the_module(name: str) -> None:
    made = planned(
        f"""
        import openai
        openai.{name} = value
        openai.chat.completions.create(model="gpt-4o", messages=[])
        """
    )
    assert isinstance(made.decision("app.py", Kind.MODULE_CONFIG), Convert)
    assert f"openai.{name} = value" in made.after()
