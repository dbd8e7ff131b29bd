"""Agents: models by name and as objects, the settings of requests, and what is told once."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

AGENT = "from agents import Agent, ModelSettings, Runner\n"
TOLD = 'set_default_openai_api("chat_completions")\nset_tracing_disabled(True)\n'
PYDANTIC = "from pydantic_ai import Agent\n"
PROVIDER = "provider=OpenAIProvider("

PROGRAMS = {
    "a model by its name, and where it goes": (
        "bailian",
        f'{AGENT}a = Agent(name="a", model="gpt-4o")\n',
        ['model="qwen3.7-plus"', "use_for_tracing=False", TOLD],
        [],
    ),
    "a key that is handed in at run time": (
        "bailian",
        f"{AGENT}from agents import set_default_openai_key\n"
        'set_default_openai_key(input())\na = Agent(name="a")\n',
        [
            "set_default_openai_client(\n    client=AsyncOpenAI(\n        api_key=input(),",
            "use_for_tracing=False",
            TOLD,
        ],
        ['os.environ["DASHSCOPE_API_KEY"]', "set_default_openai_key"],
    ),
    "the model that is asked for where none is named": (
        "bailian",
        f'{AGENT}a = Agent(name="a")\nRunner.run_sync(a, "hello")\n',
        ['Agent(\n    name="a",\n    model="qwen3.7-plus"'],
        [],
    ),
    "settings of the requests where there are none": (
        "bailian",
        f'{AGENT}a = Agent(name="a", model="gpt-4o")\n',
        ['model_settings=ModelSettings(extra_body={"enable_thinking": False})'],
        [],
    ),
    "settings that are written, elsewhere too": (
        "bailian",
        f"""{AGENT}
SETTINGS = ModelSettings(temperature=2, metadata={{"a": "b"}}, extra_body={{"c": 1}})
a = Agent(name="a", model="gpt-4o", model_settings=SETTINGS)
""",
        ['ModelSettings(temperature=1.99, extra_body={"c": 1, "enable_thinking": False})'],
        ["metadata"],
    ),
    "an output type asks for a model that takes JSON schemas": (
        "bailian",
        f'{AGENT}a = Agent(name="a", model="gpt-4o", output_type=dict)\n',
        ['model="qwen-plus"'],
        [],
    ),
    "plain text for an output type asks for none": (
        "bailian",
        f'{AGENT}a = Agent(name="a", model="gpt-4o", output_type=str)\n',
        ['model="qwen3.7-plus"'],
        [],
    ),
    "a name with a slash": (
        "siliconflow",
        f'{AGENT}a = Agent(name="a", model="gpt-4o")\n',
        ['model="openai/'],
        [],
    ),
    "what the program tells itself is not told again": (
        "bailian",
        """
        from agents import Agent, set_default_openai_client, set_tracing_disabled
        from openai import AsyncOpenAI
        set_default_openai_client(AsyncOpenAI(), use_for_tracing=False)
        set_tracing_disabled(True)
        a = Agent(name="a", model="gpt-4o")
        """,
        ['set_default_openai_api("chat_completions")\n', "AsyncOpenAI(\n        api_key="],
        ["set_tracing_disabled(True)\nset_"],
    ),
    "a model of the Responses API": (
        "bailian",
        """
        from agents import OpenAIResponsesModel
        from openai import AsyncOpenAI
        m = OpenAIResponsesModel(model="gpt-4o", openai_client=AsyncOpenAI())
        """,
        ["m = OpenAIChatCompletionsModel(", "set_tracing_disabled(True)"],
        ["OpenAIResponsesModel"],
    ),
    "an object for a model's name": (
        "bailian",
        f'{PYDANTIC}a = Agent("openai:gpt-4o")\n',
        ['OpenAIChatModel(\n        "qwen3.7-plus"', PROVIDER, 'model_settings={"extra_body":'],
        ["openai:"],
    ),
    "an object for the model of one request": (
        "bailian",
        f"""{PYDANTIC}
a = Agent("openai:gpt-4o")
def ask(q):
    return a.run_sync(q, model="openai-chat:gpt-4o-mini")
""",
        ["model=OpenAIChatModel(", '"qwen3.8-flash"'],
        ["openai-chat:"],
    ),
    "what the provider does not take is told to the profile": (
        "bailian",
        f'{PYDANTIC}a = Agent("openai:gpt-4o")\n',
        ["openai_supports_tool_choice_required=False", "supports_inline_system_prompts=False"],
        [],
    ),
    "and nothing where it takes it": (
        "qianfan",
        f'{PYDANTIC}a = Agent("openai:gpt-4o")\n',
        [PROVIDER],
        ["profile", "OpenAIModelProfile"],
    ),
    "a provider that is handed in stays": (
        "bailian",
        """
        from pydantic_ai.models.openai import OpenAIModel
        from pydantic_ai.providers.openai import OpenAIProvider
        p = OpenAIProvider()
        m = OpenAIModel("gpt-4o", provider=p, settings={"temperature": 2})
        """,
        ["provider=p", "p = OpenAIProvider(\n    api_key=", '{"temperature": 1.99, "extra_body":'],
        [],
    ),
    "a parameter that vectors need": (
        "bailian",
        'from pydantic_ai import Embedder\ne = Embedder("openai:text-embedding-3-small")\n',
        ['settings={"dimensions": 1536, "extra_body": {"encoding_format": "float"}}'],
        [],
    ),
    "a client that is made by a model's name": (
        "bailian",
        """
        import instructor
        c = instructor.from_provider("openai/gpt-4o", mode=instructor.Mode.JSON)
        """,
        ['"openai/qwen3.7-plus"', "mode=instructor.Mode.JSON,\n    api_key=", "enable_thinking"],
        [],
    ),
}


@pytest.mark.parametrize(("target", "code", "says", "lacks"), PROGRAMS.values(), ids=list(PROGRAMS))
def test_what_an_agent_comes_to_say(
    target: str, code: str, says: list[str], lacks: list[str]
) -> None:
    after = planned(code, target=target).after()
    assert [one for one in says if one not in after] == []
    assert [one for one in lacks if one in after] == []


def test_what_openai_carries_out_itself_is_a_blocker() -> None:
    found = planned(
        "from agents import Agent, WebSearchTool\n"
        'a = Agent(name="a", model="gpt-4o", tools=[WebSearchTool()])\n'
    )
    told = found.item("framework-client")
    assert "`@function_tool`" in told.action


def test_what_runs_another_providers_agent_is_none_of_openais() -> None:
    found = planned(
        "from agents import Agent, Runner\n"
        'a = Agent(name="a", model="litellm/anthropic/claude-sonnet-4")\n'
        'Runner.run_sync(a, "hello")\n'
    )
    assert found.codes() == []
