"""Settings in files that are not Python, and what was recorded of requests."""

from __future__ import annotations

import pytest

from tests.planning.builders import URL, Leave, chat, planned

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


@pytest.mark.parametrize(
    ("path", "text", "action"),
    [
        pytest.param(
            "proxy.yaml",
            "model_list:\n- model_name: it\n  litellm_params: {model: openai/gpt-4o}\n",
            f"Change it to `openai/qwen3.7-plus`; api_base: {URL} and api_key: "
            "os.environ/DASHSCOPE_API_KEY in the same litellm_params.",
            id="litellm",
        ),
        pytest.param(
            "src/config/agents.yaml",
            "researcher:\n  role: reader\n  llm: gpt-4o\n",
            f"Change it to `openai/qwen3.7-plus`; an LLM object in the code, with base_url={URL}, "
            "api_key and custom_openai=True, is the surer way.",
            id="crewai",
        ),
        pytest.param(
            "config/config2.yaml",
            "llm:\n  model: gpt-4o\n",
            f"Change it to `qwen3.7-plus`; base_url: {URL} and a key of the provider as api_key in "
            "the same section.",
            id="metagpt, of whatever provider",
        ),
        pytest.param(
            "OAI_CONFIG_LIST",
            '[{"model": "gpt-4o", "api_key": "x"}]',
            f'Change it to `qwen3.7-plus`; "base_url": "{URL}" and a key of the provider as '
            '"api_key" in the same entry.',
            id="autogen",
        ),
        pytest.param(
            "config.yml",
            "models:\n- {type: main, engine: openai, model: gpt-4o}\n",
            "Change it to `qwen3.7-plus`; api_key_env_var: DASHSCOPE_API_KEY and parameters: "
            f"{{base_url: {URL}}} in the same entry.",
            id="nemoguardrails",
        ),
    ],
)
def test_a_file_of_a_framework_says_how_its_model_is_named(
    path: str, text: str, action: str
) -> None:
    found = planned({"app.py": chat(), path: text})
    assert found.item("config-framework").action == action
    assert found.after(path) == text


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param(
            "proxy.yaml",
            "model_list:\n- model_name: it # of ours\n  litellm_params:\n    model: gpt-4o # good\n"
            "    api_key: os.environ/OPENAI_API_KEY\n    timeout: 9\n",
            "model_list:\n- model_name: it # of ours\n  litellm_params:\n"
            f"    model: openai/qwen3.7-plus # good\n    api_base: {URL}\n    extra_body:\n"
            "      enable_thinking: false\n    api_key: os.environ/DASHSCOPE_API_KEY\n"
            "    timeout: 9\n",
            id="litellm",
        ),
        pytest.param(
            "proxy.yaml",
            "model_list:\n- litellm_params:\n    model: gpt-4o\n    api_base: http://vllm:8000\n",
            "model_list:\n- litellm_params:\n    model: gpt-4o\n    api_base: http://vllm:8000\n",
            id="litellm, of another address",
        ),
        pytest.param(
            "rails/config.yml",
            "models:\r\n  - type: main\r\n    engine: openai\r\n    model: 'gpt-4o'\r\n"
            "    parameters:\r\n      top_p: 1\r\n",
            "models:\r\n  - type: main\r\n    engine: openai\r\n    model: 'qwen3.7-plus'\r\n"
            "    api_key_env_var: DASHSCOPE_API_KEY\r\n    parameters:\r\n      top_p: 1\r\n"
            f"      base_url: {URL}\r\n      enable_thinking: false\r\n",
            id="nemoguardrails, with parameters and lines of another system",
        ),
        pytest.param(
            "proxy.yaml",
            "model_list:\n- litellm_params:\n    model: azure/gpt-4o\n    api_version: v1\n",
            "model_list:\n- litellm_params:\n    model: azure/gpt-4o\n    api_version: v1\n",
            id="litellm, of another provider",
        ),
        pytest.param(
            "rails/config.yml",
            "models:\n- engine: nim\n  model: gpt-4o\n",
            "models:\n- engine: nim\n  model: gpt-4o\n",
            id="nemoguardrails, of another engine",
        ),
        pytest.param(
            "config/config2.yaml",
            'llm:\n  api_type: "openai"\n  model: "gpt-4o"\n  api_key: "YOUR_API_KEY"',
            'llm:\n  api_type: "openai"\n  model: "qwen3.7-plus"\n'
            f'  base_url: {URL}\n  api_key: ""',
            id="metagpt, without a last line end",
        ),
    ],
)
def test_a_file_that_a_framework_reads_by_itself_is_written(
    path: str, before: str, after: str
) -> None:
    found = planned({path: before})
    assert found.after(path) == after
    assert planned({path: after}).after(path) == after


def test_models_that_nothing_was_seen_to_load_are_one_item() -> None:
    text = "quick: {model: gpt-4o-mini}\nthorough: {model: gpt-4o}\nother: {model: gpt-4o}\n"
    code = chat().replace("'gpt-4o'", "os.getenv('MODEL')")
    found = planned({"app.py": code, "models.yaml": text})
    told = found.item("config-models")
    assert len(told.site_ids) == 3
    assert told.action.endswith(
        "change `gpt-4o-mini` to `qwen3.8-flash`, `gpt-4o` to `qwen3.7-plus`."
    )
    assert found.after("models.yaml") == text
