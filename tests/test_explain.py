"""`migrate explain`: what it prints, how it refuses, its JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from migrator import cli

Explain = Callable[..., "Said"]


@dataclass(frozen=True)
class Said:
    """What a command ended with and printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def explain(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Explain:
    """Runs `migrate explain`, in this process: what it knows is loaded once for all questions."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["migrate", "explain", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        assert isinstance(code, int)
        return Said(code, *capfd.readouterr())

    return run


def test_it_names_the_decision_the_reason_the_remedy_and_the_dated_source(explain: Explain) -> None:
    done = explain("--api", "moderations.create", "--target", "bailian")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "on the checklist, blocker, endpoint-missing" in said
    assert "Nearest: the Alibaba Cloud content safety service" in said
    assert "data_inspection_failed" in said
    assert "https://help.aliyun.com/" in said
    assert "2026-09" in said


def test_it_says_what_is_done_about_thinking_that_is_new(explain: Explain) -> None:
    always = " ".join(explain("--model", "gpt-4o", "--target", "kimi").stdout.split())
    assert "thinks in every call; it is asked to do so least with" in always
    hybrid = " ".join(explain("--model", "gpt-4o", "--target", "deepseek").stdout.split())
    assert "switched off with `thinking=" in hybrid
    assert hybrid.count("deepseek-v4-pro") == 1


@pytest.mark.parametrize(
    "question",
    [
        ["--api", "audio.speech.create"],
        ["--api", "beta.threads"],
        ["--api", "chat"],
        ["--api", "RateLimitError"],
        ["--model", "gpt-4o"],
        ["--parameter", "temperature"],
        ["json-word"],
    ],
    ids=lambda question: " ".join(question),
)
def test_what_is_no_address_and_no_code_fits_eighty_columns(
    explain: Explain, question: list[str]
) -> None:
    done = explain(*question)
    assert done.returncode == 0
    said, _, _ = done.stdout.partition("In a small program:")
    long = [line for line in said.splitlines() if len(line) > 80]
    assert [line for line in long if " " in line.strip()] == []


def test_what_is_rewritten_is_shown_in_a_small_program(explain: Explain) -> None:
    said = explain("--api", "chat.completions.create").stdout
    assert "rewritten" in said
    assert '+    model="qwen' in said
    assert "-client = OpenAI()" in said


def test_it_says_what_a_framework_has_of_its_own_and_why_that_is_not_written(
    explain: Explain,
) -> None:
    asked = ("--api", "langchain_openai.ChatOpenAI", "--mode", "sdk", "--target")
    assert "ChatDeepSeek(" in explain(*asked, "deepseek").stdout
    said = " ".join(explain(*asked, "zhipu").stdout.split())
    assert "ChatZhipuAI` is not written: langchain-community is being sunset" in said
    assert explain("--api", "chat.completions.create", "--mode", "native").returncode == 2


def test_names_that_share_an_answer_are_told_together(explain: Explain) -> None:
    said = explain("--api", "evals").stdout
    assert said.count("endpoint-undocumented") == 1
    assert "evals.runs.cancel" in said


def test_many_different_answers_are_told_in_one_line_each(explain: Explain) -> None:
    lines = explain("--api", "audio").stdout.splitlines()
    assert any(line.startswith("audio.speech.create") for line in lines)


def test_a_model_is_told_with_the_other_choices(explain: Explain) -> None:
    said = " ".join(explain("--model", "gpt-4o-2024-08-06").stdout.split())
    assert "becomes qwen3.7-plus (inferred)" in said
    assert "--map" in said
    assert "`enable_thinking=False`" in said


def test_a_model_without_counterpart_is_a_blocker(explain: Explain) -> None:
    said = explain("--model", "computer-use-preview").stdout
    assert "model-no-counterpart" in said


def test_a_model_that_only_native_calls_reach_is_no_replacement(explain: Explain) -> None:
    said = " ".join(explain("--model", "tts-1").stdout.split())
    assert "nearest is qwen3-tts-flash, which no OpenAI-compatible endpoint reaches" in said


def test_a_parameter_is_told_for_each_kind_of_request_that_has_it(explain: Explain) -> None:
    said = explain("--parameter", "user").stdout
    assert "a parameter of chat requests" in said
    assert "a parameter of embeddings requests" in said
    alone = explain("--parameter", "user", "--api", "embeddings.create").stdout
    assert "a parameter of chat requests" not in alone


def test_the_json_holds_everything(explain: Explain) -> None:
    done = explain("--api", "moderations.create", "--format", "json")
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert document["target"]["provider"] == "bailian"
    (one,) = document["explanations"]
    assert one["subject"] == "moderations.create"
    assert one["severity"] == "blocker"
    assert one["code"] == "endpoint-missing"
    assert one["counterpart"]
    assert one["counterpart"] in one["action"]
    assert {"url", "title", "as_of"} == set(one["sources"][0])
    assert "client.moderations.create(" in one["before"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (["--api", "imges.generate"], "did you mean images.generate"),
        (["jsonword"], "did you mean json-word"),
        (["--model", "gpt-4oo"], "did you mean gpt-4o"),
        (["--model", "qwen3.7-plus"], "it is Alibaba Cloud Model Studio (Bailian)'s own"),
        (["--parameter", "logit_bais"], "did you mean logit_bias"),
        (["--parameter", "user", "--api", "beta.threads.create"], "only of requests for chat"),
        (["--api", "images.generate", "--target", "bailain"], "did you mean bailian"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_not_known_is_refused_with_what_is_near(
    explain: Explain, question: list[str], told: str
) -> None:
    done = explain(*question)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "question", [[], ["json-word", "--model", "gpt-4o"], ["--api", "evals", "--model", "gpt-4o"]]
)
def test_one_thing_is_asked_at_a_time(explain: Explain, question: list[str]) -> None:
    done = explain(*question)
    assert done.returncode == 2
    assert "ask for one thing" in done.stderr
