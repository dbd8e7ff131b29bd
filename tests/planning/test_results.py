"""What the program reads of answers and errors that comes otherwise than OpenAI's."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Checklist, Convert, Leave, Severity
from tests.planning.builders import ASK, planned

HEAD = "import openai\nfrom openai import OpenAI\nclient = OpenAI()\nq = input()\n"


def _asked(body: str, *, model: str = "gpt-4o", method: str = "create", more: str = "") -> str:
    call = f'client.chat.completions.{method}(model="{model}", {ASK}{more})'
    return f"{HEAD}answer = {call}\n{body}\n"


def _told(body: str, **options: str) -> list[tuple[str, int, str]]:
    """The notes on lines after the call: code, line, title."""
    found = planned(_asked(body, **options)).plan.checklist
    return [(one.code, one.line, one.title) for one in found if one.line > 5]


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        pytest.param("answer.system_fingerprint", "answer-empty", "`system_fingerprint`", id="fp"),
        pytest.param("answer.service_tier", "answer-empty", "`service_tier`", id="service tier"),
        pytest.param(
            "answer.choices[0].message.refusal",
            "answer-empty",
            "`choices.0.message.refusal`",
            id="refusal",
        ),
        pytest.param(
            "for choice in answer.choices: choice.logprobs",
            "answer-partial",
            "`choices.*.logprobs`",
            id="log probabilities in a loop",
        ),
        pytest.param(
            "answer.usage.completion_tokens_details.audio_tokens",
            "answer-partial",
            "`usage.completion_tokens_details.audio_tokens`",
            id="a detail of usage that is not named",
        ),
        pytest.param(
            "if answer.choices[0].finish_reason == 'content_filter': pass",
            "answer-value",
            "`finish_reason` is compared with `content_filter`",
            id="a value that never comes",
        ),
        pytest.param(
            "why = answer.choices[0].finish_reason\nif why in ('stop', 'function_call'): pass",
            "answer-value",
            "`finish_reason` is compared with `function_call`",
            id="a value that never comes, under another name",
        ),
        pytest.param(
            "match answer.choices[0].finish_reason:\n    case 'content_filter': pass",
            "answer-value",
            "`finish_reason` is compared with `content_filter`",
            id="a value that never comes, as a case",
        ),
        pytest.param(
            "answer._request_id", "answer-header", "the header `x-request-id`", id="a request id"
        ),
    ],
)
def test_a_read_of_what_differs_is_told_where_it_stands(body: str, code: str, named: str) -> None:
    ((found, line, title),) = _told(body)
    assert (found, line) == (code, 6 + body.count("\n"))
    assert named in title


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("answer.choices[0].message.content", id="the text"),
        pytest.param("answer.usage.total_tokens", id="the total of tokens"),
        pytest.param("answer.usage.prompt_tokens_details.cached_tokens", id="cached tokens"),
        pytest.param("answer.usage.completion_tokens_details.reasoning_tokens", id="reasoning"),
        pytest.param("answer.choices[0].finish_reason == 'length'", id="a reason that comes"),
        pytest.param("answer.system_fingerprint = None", id="an assignment"),
        pytest.param("answer.choices[0].message.reasoning_content", id="the provider's own field"),
    ],
)
def test_what_comes_as_from_openai_needs_no_note(body: str) -> None:
    assert _told(body) == []


def test_a_note_has_its_source_and_the_code_of_the_read() -> None:
    found = planned(_asked("print(answer.system_fingerprint)"))
    note = found.item("answer-empty")
    assert note.severity is Severity.BEHAVIOUR
    assert note.source_code == "answer.system_fingerprint"
    assert note.sources and all(one.as_of for one in note.sources)
    decision = found.decision("app.py", Kind.CALL)
    assert isinstance(decision, Convert)
    assert note in decision.notes


def test_a_read_in_another_file_is_told_there() -> None:
    files = {
        "app.py": _asked("from helper import seal\nseal(answer)"),
        "helper.py": "def seal(answer):\n    return answer.system_fingerprint\n",
    }
    note = planned(files).item("answer-empty")
    assert (note.path, note.line) == ("helper.py", 2)


def test_a_call_that_stays_is_not_looked_at() -> None:
    found = planned(_asked("answer.system_fingerprint", model="ft:gpt-4o:example::1"))
    assert "answer-empty" not in found.codes()


@pytest.mark.parametrize(
    ("read", "field"),
    [
        ("for one in answer.output: print(one.summary)", "output.*.summary"),
        ("answer.output[0].content[0].annotations", "output.0.content.0.annotations"),
        ("answer.service_tier", "service_tier"),
        ("answer.metadata", "metadata"),
    ],
)
def test_parts_of_a_response_that_nobody_documents_are_told(read: str, field: str) -> None:
    call = 'client.responses.create(model="gpt-4o", input=q)'
    found = planned(f"{HEAD}answer = {call}\n{read}\n")
    assert f"`{field}`" in found.item("answer-partial").title


def test_pieces_of_a_stream_are_empty_while_a_reasoning_model_thinks() -> None:
    body = "for chunk in answer: print(chunk.choices[0].delta.content or '')"
    assert [code for code, _, _ in _told(body, model="o3", more=", stream=True")] == [
        "answer-thinking"
    ]
    assert _told(body, more=", stream=True") == []


def test_headers_of_a_raw_response_are_told_by_name() -> None:
    body = (
        'answer.headers["x-ratelimit-remaining-requests"]\n'
        'print(answer.headers.get("content-type"))\n'
        "answer.parse().choices"
    )
    assert _told(body, method="with_raw_response.create") == [
        ("answer-header", 6, "the header `x-ratelimit-remaining-requests` is OpenAI's")
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("print(answer)", id="the whole response is handed on"),
        pytest.param("dict(answer.headers)", id="all headers are copied"),
        pytest.param("answer.headers[input()]", id="a header named at run time"),
    ],
)
def test_headers_that_cannot_be_told_are_told_at_the_call(body: str) -> None:
    found = planned(_asked(body, method="with_raw_response.create"))
    assert found.item("raw-response").line == 5


def _caught(body: str, caught: str = "openai.RateLimitError") -> list[tuple[str, int, str]]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    call = f'client.chat.completions.create(model="gpt-4o", {ASK})'
    program = f"{HEAD}try:\n    {call}\nexcept {caught} as error:\n{lines}"
    found = planned(program).plan.checklist
    return [(one.code, one.line, one.title) for one in found if one.line > 7]


def test_a_code_that_means_something_else_is_told() -> None:
    ((code, line, title),) = _caught("if error.code == 'insufficient_quota': raise")
    assert (code, line) == ("error-meaning", 8)
    assert "insufficient_quota" in title


def test_a_code_that_the_provider_does_not_name_is_told_with_its_own_codes() -> None:
    program = (
        f"{HEAD}try:\n"
        f'    client.chat.completions.create(model="gpt-4o", {ASK})\n'
        "except openai.BadRequestError as error:\n"
        '    if error.code == "context_length_exceeded": pass\n'
    )
    found = planned(program)
    note = found.item("error-code")
    assert "data_inspection_failed" in note.action
    assert "limit_requests" not in note.action  # that is another exception's
    assert isinstance(found.decision("app.py", Kind.EXCEPTION), Checklist)


def test_a_text_that_is_searched_is_told() -> None:
    assert _caught("if 'quota' in str(error): raise") == [
        ("error-text", 8, "an error's text is searched for `quota`")
    ]


def test_a_code_that_means_the_same_needs_no_note() -> None:
    assert _caught("if error.code == 'model_not_found': raise", "openai.NotFoundError") == []


def test_an_error_that_is_not_looked_into_stays() -> None:
    program = (
        f"{HEAD}try:\n"
        f'    client.chat.completions.create(model="gpt-4o", {ASK})\n'
        "except (openai.RateLimitError, ValueError) as error:\n"
        "    print(error)\n"
    )
    assert isinstance(planned(program).decision("app.py", Kind.EXCEPTION), Leave)


@pytest.mark.parametrize(
    "asked", [".get('x-ratelimit-reset-tokens', 1)", "['x-ratelimit-reset-tokens']"]
)
def test_a_header_that_an_error_is_asked_for_is_told(asked: str) -> None:
    assert _caught(f"wait = error.response.headers{asked}") == [
        ("answer-header", 8, "the header `x-ratelimit-reset-tokens` is OpenAI's")
    ]


@pytest.mark.parametrize(
    "body",
    ["wait = error.response.headers.get('retry-after')", "other.headers.get('x-ratelimit-y')"],
)
def test_another_header_needs_no_note(body: str) -> None:
    assert _caught(body) == []
