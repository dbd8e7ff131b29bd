"""A provider of the user's own: a short file, made a profile that all of the tool works by."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from migrator import workflow
from migrator.knowledge.files import knowledge
from migrator.profiles import problems
from migrator.providers import ProfileError, Provider, load_provider, provider_ids
from migrator.settings import load_settings
from migrator.verification.emulator import Emulator, OpenAIReference
from tests.sdk.install import installed

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "example_app"
ADDRESS = "base_url: https://llm.example.com/v1\n"
SHORT = f"{ADDRESS}default_model: our-large\n"
FULL = f"""
name: Acme gateway
{ADDRESS}
key_variable: ACME_API_KEY
default_model: our-large
map:
  gpt-4o-mini: our-small
  'o3*': [our-thinker, our-large]
  dall-e-3: our-painter
models:
  our-large: {{thinking: true, max_output: 4096}}
  our-small: {{tools: false, json_schema: false}}
  our-eyes: {{vision: true, thinking: false}}
  our-thinker: {{thinking: always}}
embeddings: {{model: our-vectors, dimensions: [1536, 1024], batch: 32}}
endpoints: [images.generate]
parameters: {{temperature: [0, 1], logit_bias: drop, max_completion_tokens: {{rename: max_tokens}}}}
roles: {{developer: keep}}
thinking_off: {{chat_template_kwargs: {{enable_thinking: false}}}}
"""


def gateway(folder: Path, text: str, name: str = "our-gateway.yaml") -> Provider:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_provider(str(path))


# -- what the file becomes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [SHORT, FULL, *(f"{ADDRESS}like: {one}\n{SHORT[len(ADDRESS) :]}" for one in provider_ids())],
)
def test_every_file_becomes_a_whole_profile(tmp_path: Path, text: str) -> None:
    provider = gateway(tmp_path, text)
    assert list(problems(provider.data)) == []
    for entry in knowledge("openai.yaml")["models"]["ids"]:
        assert provider.map_model(entry["id"]).why != "no source maps this model", entry["id"]


def test_what_is_not_given_has_a_default(tmp_path: Path) -> None:
    provider = gateway(tmp_path, SHORT)
    assert provider.base_url() == "https://llm.example.com/v1"
    assert (provider.key_variable, provider.base_url_variable) == (
        "OUR_GATEWAY_API_KEY",
        "OUR_GATEWAY_BASE_URL",
    )
    assert provider.role("developer").name_there == "system"
    assert provider.endpoint("chat.completions.create").support == "yes"
    assert provider.endpoint("embeddings.create").support == "unknown"
    assert provider.endpoint("responses.create").support == "unknown"
    kept = provider.chat_parameter("logit_bias")
    assert (kept.verdict, kept.action) == ("unknown", "keep")
    assert provider.chat_parameter("functions").action == "reject"


@pytest.mark.parametrize(
    ("openai_id", "needs", "model"),
    [
        ("gpt-4o", (), "our-large"),
        ("gpt-4o-2024-08-06", (), "our-large"),
        ("gpt-4o", ("image",), "our-eyes"),
        ("gpt-4o-mini", (), "our-small"),
        ("gpt-4o-mini", ("tools",), "our-large"),
        ("o3-mini", ("reasoning",), "our-thinker"),
        ("text-davinci-003", (), "our-large"),
        ("text-embedding-3-large", (), "our-vectors"),
        ("dall-e-3", (), "our-painter"),
        ("dall-e-2", (), None),
        ("whisper-1", (), None),
        ("ft:gpt-4o-mini:acme::abc", (), None),
    ],
)
def test_what_a_model_becomes(
    tmp_path: Path, openai_id: str, needs: tuple[str, ...], model: str | None
) -> None:
    assert gateway(tmp_path, FULL).map_model(openai_id, needs).model == model


def test_what_is_given_holds(tmp_path: Path) -> None:
    provider = gateway(tmp_path, FULL)
    assert provider.base_url_variable == "ACME_BASE_URL"
    assert provider.chat_parameter("temperature").nearest(2) == 1
    assert provider.chat_parameter("logit_bias").action == "drop"
    assert provider.chat_parameter("max_completion_tokens").name_there == "max_tokens"
    assert provider.role("developer").action == "keep"
    painter = provider.model("our-painter")
    assert painter is not None
    assert provider.serves("images.generate", painter)
    switch = provider.thinking_off("our-large")
    assert switch is not None
    assert switch.extra_body == (("chat_template_kwargs", "{'enable_thinking': False}"),)


def test_undocumented_parameters_go_where_the_file_says_so(tmp_path: Path) -> None:
    provider = gateway(tmp_path, f"{SHORT}undocumented: drop\n")
    assert provider.chat_parameter("logit_bias").action == "drop"
    assert provider.chat_parameter("audio").action == "reject"
    assert provider.efforts("our-large") == ()


def test_another_provider_may_be_the_base(tmp_path: Path) -> None:
    base = load_provider("bailian")
    provider = gateway(
        tmp_path,
        f"{ADDRESS}like: bailian\nmap: {{gpt-4o: qwen-max, 'gpt-4.1*': our-own}}\n"
        "parameters: {user: keep}\n",
    )
    assert provider.base_url() == "https://llm.example.com/v1"
    assert provider.chat_parameter("temperature") == base.chat_parameter("temperature")
    assert provider.chat_parameter("user").action == "keep"
    assert provider.map_model("gpt-4o").model == "qwen-max"
    assert provider.retired("qwen-max") is None
    assert provider.retired("qwen-turbo") is not None
    assert provider.map_model("gpt-4.1-mini").model == "our-own"
    assert provider.map_model("gpt-5.5") == base.map_model("gpt-5.5")
    assert provider.native is None


def test_a_whole_profile_is_taken_as_it_is(tmp_path: Path) -> None:
    known = load_provider("bailian")
    path = tmp_path / "draft.yaml"
    shutil.copy(known.file, path)
    assert load_provider(str(path)).base_url() == known.base_url()


# -- what is wrong with a file --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be a table of keys and values"),
        ("default_model: x", "base_url: is missing; write the gateway's address"),
        (ADDRESS, "default_model: is missing; name a model of the gateway"),
        (f"{SHORT}modles: {{}}", "modles: is no key of a gateway's file; did you mean models?"),
        (f"{SHORT}models: {{a: {{visoin: true}}}}", "did you mean models.a.vision?"),
        (f"{SHORT}parameters: {{temprature: drop}}", "did you mean parameters.temperature?"),
        (f"{SHORT}endpoints: [resopnses]", "endpoints: must be a list of methods"),
        (f"{SHORT}undocumented: ignore", "undocumented: must be one of keep, drop"),
        (f"{SHORT}parameters: {{temperature: [2, 1]}}", "parameters: must be a table of"),
        (f"{SHORT}embeddings: {{batch: 10}}", "embeddings.model: is missing"),
        (f"{SHORT}like: bialian", "like: no provider 'bialian'; did you mean bailian?"),
        (f"{SHORT}key_variable: OPENAI_API_KEY", "OpenAI's own name; leave the key out"),
        ("base_url: https://api.openai.com/v1\nlike: bailian", "base_url: is OpenAI's own"),
        ("base_url: https://me:secret@llm.example.com/v1", "base_url: must be an address"),
        ("base_url: [", "cannot be read as YAML"),
    ],
)
def test_a_wrong_file_is_told_with_its_key(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ProfileError) as caught:
        gateway(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'our-gateway.yaml'}: ")
    assert problem in message
    assert "\n" not in message
    assert "secret" not in message


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ProfileError, match=r"nowhere\.yaml: there is no such file"):
        load_provider("nowhere.yaml")


# -- the settings ---------------------------------------------------------------------------------


def test_the_settings_may_hold_the_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.migrator.gateway]\nbase_url = "https://llm.example.com/v1"\n'
        'default_model = "our-large"\n'
    )
    settings = load_settings(tmp_path)
    for name in ("custom", ""):
        provider = workflow.target(name, settings)
        assert (provider.id, provider.key_variable) == ("gateway", "GATEWAY_API_KEY")
        assert provider.spelled == "custom"
    assert workflow.target("bailian", settings).id == "bailian"


def test_a_target_of_the_settings_is_beside_them(tmp_path: Path) -> None:
    (tmp_path / "our-gateway.yaml").write_text(SHORT)
    (tmp_path / ".migrator.yaml").write_text("target: our-gateway.yaml\n")
    (tmp_path / "src").mkdir()
    settings = load_settings(tmp_path / "src")
    assert workflow.target(settings.target, settings).id == "our_gateway"


def test_a_table_that_is_missing_or_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(workflow.NoTargetError, match=r"\[tool\.migrator\.gateway\]"):
        workflow.target("custom", load_settings(tmp_path))
    (tmp_path / ".migrator.yaml").write_text("gateway: {base_ulr: x}\n")
    with pytest.raises(ProfileError, match=r"\.migrator\.yaml: gateway\.base_ulr: .*base_url\?"):
        workflow.target("custom", load_settings(tmp_path))


# -- migrating ------------------------------------------------------------------------------------


@pytest.mark.skipif("openai-2" not in installed(), reason="run `python -m tests.sdk.install` first")
def test_the_example_moves_to_a_gateway_and_runs(tmp_path: Path) -> None:
    provider = gateway(tmp_path, FULL)
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root)
    options = workflow.Options(target=provider.spelled)
    result, _ = workflow.apply([root], options)
    assert "logit_bias" not in (root / "src/writing_assistant/drafting.py").read_text()
    told = {one.code for one in result.plan.checklist}
    assert {"parameter-unknown", "endpoint-undocumented", "get-a-key"} <= told
    again, _ = workflow.plan([root], options)
    assert again.plan.edits == ()
    with Emulator(provider) as emulator, OpenAIReference() as openai:
        paths = [str(root / "src"), str(installed()["openai-2"])]
        environment = {**os.environ, **openai.environment(), **emulator.environment()}
        done = subprocess.run(
            [sys.executable, "-m", "writing_assistant", "demo"],
            env={**environment, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            check=False,
        )
        refused = [(one.path, one.refusal) for one in emulator.refused]
    assert done.returncode == 0, done.stderr
    assert emulator.requests
    assert not refused


def test_what_becomes_chat_gets_the_names_of_the_gateway(tmp_path: Path) -> None:
    root = tmp_path / "responses_agent"
    shutil.copytree(EXAMPLE.parent / "programs" / "responses_agent" / "before", root)
    workflow.apply([root], workflow.Options(target=gateway(tmp_path, FULL).spelled))
    text = (root / "agent.py").read_text()
    assert "max_tokens=800" in text
    assert "max_output_tokens" not in text


def test_rows_of_a_batch_stay_where_there_are_no_batches(tmp_path: Path) -> None:
    programs = EXAMPLE.parent / "programs"
    root = tmp_path / "batch_jobs"
    shutil.copytree(programs / "batch_jobs" / "before", root)
    provider = gateway(tmp_path, SHORT)
    result, _ = workflow.apply([root], workflow.Options(target=provider.spelled))
    assert "gpt-4o-mini" in (root / "main.py").read_text()
    assert "text-embedding-3-small" in (root / "rows.py").read_text()
    assert result.plan.coverage.converted == 0
