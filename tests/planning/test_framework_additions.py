"""What frameworks' objects are given beside what is written there."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

PROGRAMS = {
    "what a model can do is said where a framework knows OpenAI's models alone": (
        "bailian",
        """
        from autogen_ext.models.openai import OpenAIChatCompletionClient
        client = OpenAIChatCompletionClient(model="gpt-4o")
        """,
        ['"vision": True', '"function_calling": True', '"structured_output": False'],
        ["{vision}", "{tools}"],
    ),
    "what every model of the provider can, where the model is settled at run time": (
        "deepseek",
        """
        import os
        from autogen_ext.models.openai import OpenAIChatCompletionClient
        client = OpenAIChatCompletionClient(model=os.environ["MODEL"])
        """,
        ['"vision": False', '"function_calling": True'],
        [],
    ),
    "what is written already stays": (
        "bailian",
        """
        from autogen_ext.models.openai import OpenAIChatCompletionClient
        info = {"vision": False}
        client = OpenAIChatCompletionClient(model="gpt-4o", model_info=info)
        """,
        ["model_info=info"],
        ["function_calling"],
    ),
    "an argument for what the provider does not take": (
        "bailian",
        """
        from smolagents import OpenAIServerModel
        model = OpenAIServerModel("gpt-4o")
        """,
        ["from smolagents.models import REMOVE_PARAMETER", "tool_choice=REMOVE_PARAMETER"],
        [],
    ),
    "and none where the provider takes it": (
        "ark",
        """
        from smolagents import OpenAIServerModel
        model = OpenAIServerModel("gpt-4o")
        """,
        ["api_base="],
        ["REMOVE_PARAMETER"],
    ),
    "an argument for a rule of the provider": (
        "deepseek",
        """
        from smolagents import LiteLLMModel
        model = LiteLLMModel("gpt-4o")
        """,
        ["flatten_messages_as_text=True"],
        [],
    ),
    "an argument beside another one": (
        "bailian",
        """
        from litellm import embedding
        embedding("text-embedding-3-large", ["a"], dimensions=256)
        """,
        ['"openai/', 'allowed_openai_params=["dimensions"]', 'encoding_format="float"'],
        [],
    ),
    "beside one that the plan adds, too": (
        "bailian",
        """
        from litellm import embedding
        embedding(model="text-embedding-3-small", input=["a"])
        """,
        ["dimensions=1536", 'allowed_openai_params=["dimensions"]'],
        [],
    ),
    "both conditions of a row": (
        "deepseek",
        """
        import dspy
        short = dspy.LM("openai/gpt-4o", max_tokens=100)
        """,
        ['engine="litellm"'],
        [],
    ),
    "one of which does not hold": (
        "deepseek",
        """
        import dspy
        free = dspy.LM("openai/gpt-4o")
        """,
        ['"openai/deepseek'],
        ["engine"],
    ),
    "a limit that is exceeded, and one that is kept": (
        "bailian",
        """
        import dspy
        large = dspy.Embedder("openai/text-embedding-3-small", batch_size=100)
        small = dspy.Embedder("openai/text-embedding-3-small", batch_size=5)
        usual = dspy.Embedder("openai/text-embedding-3-small")
        """,
        ["batch_size=10", "batch_size=5"],
        ["batch_size=100"],
    ),
    "the width of a model's vectors, where the framework does not ask for one": (
        "bailian",
        """
        from phi.embedder.openai import OpenAIEmbedder
        embedder = OpenAIEmbedder(dimensions=1536)
        """,
        ["dimensions=1024"],
        ["encoding_format", "1536"],
    ),
    "a key in a framework's own form, and nothing that the framework says by itself": (
        "bailian",
        """
        from haystack.components.embedders import OpenAITextEmbedder
        embedder = OpenAITextEmbedder()
        """,
        [
            "from haystack.utils import Secret",
            'api_key=Secret.from_env_var("DASHSCOPE_API_KEY")',
            "dimensions=1536",
        ],
        ["encoding_format", "os.environ"],
    ),
    "an object in a name's place, whose extra body lies deeper": (
        "bailian",
        """
        from deepeval.metrics import GEval
        metric = GEval(name="correct", criteria="c", model="gpt-4o-mini")
        """,
        [
            "from deepeval.models import LocalModel",
            'generation_kwargs={"extra_body": {"enable_thinking": False}}',
        ],
        ["gpt-4o-mini"],
    ),
    "a client where there is no address, with the key that is handed in": (
        "deepseek",
        """
        from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
        def service(key):
            return OpenAIChatCompletion(ai_model_id="gpt-4o", api_key=key, org_id="o")
        """,
        ["async_client=AsyncOpenAI(", "api_key=key,"],
        ["org_id", "os.environ"],
    ),
    "a model that has the schemas that a dictionary of parameters asks for": (
        "bailian",
        """
        from haystack.components.generators.chat import OpenAIChatGenerator
        one = OpenAIChatGenerator(model="gpt-4o", generation_kwargs={"response_format": Loan})
        two = OpenAIChatGenerator(model="gpt-4o", generation_kwargs={"temperature": 0})
        """,
        ['one = OpenAIChatGenerator(\n    model="qwen-plus"', 'model="qwen3.7-plus"'],
        [],
    ),
    "a model that has the schemas that the settings of a request ask for": (
        "bailian",
        """
        from semantic_kernel.connectors.ai.open_ai import (
            OpenAIChatCompletion,
            OpenAIChatPromptExecutionSettings,
        )
        one = OpenAIChatCompletion(ai_model_id="gpt-4o")
        two = OpenAIChatCompletion(ai_model_id="gpt-4o")
        async def ask(history):
            loan = OpenAIChatPromptExecutionSettings(response_format=Loan)
            plain = OpenAIChatPromptExecutionSettings(temperature=0)
            await one.get_chat_message_content(history, loan)
            await two.get_chat_message_content(history, plain)
        """,
        ['ai_model_id="qwen-plus"', 'ai_model_id="qwen3.7-plus"'],
        [],
    ),
    "a model that does not think, where nothing can tell it not to": (
        "bailian",
        """
        from magentic import OpenaiChatModel
        OpenaiChatModel("gpt-4o-mini")
        """,
        ['OpenaiChatModel(\n    "qwen-flash"'],
        ["enable_thinking"],
    ),
    "a model that gives what its requests ask for by themselves": (
        "bailian",
        """
        from guidance import models
        models.OpenAI("gpt-4o")
        """,
        ['"qwen3-vl-plus"'],
        [],
    ),
    "an address by the argument that has a place": (
        "bailian",
        """
        import os
        from mirascope import llm
        llm.register_provider("openai", api_key=os.environ["OPENAI_API_KEY"])
        llm.register_provider("anthropic", api_key=os.environ["ANTHROPIC_API_KEY"])
        @llm.call("openai/gpt-4o:responses")
        def ask(question): ...
        """,
        [
            'llm.register_provider(\n    "openai:completions"',
            'llm.register_provider("anthropic", api_key=os.environ["ANTHROPIC_API_KEY"])',
            'llm.call("openai/qwen-plus")',
        ],
        [],
    ),
    "a statement beside one for another provider": (
        "bailian",
        """
        from mirascope import llm
        llm.register_provider("anthropic")
        llm.call("openai/gpt-4o")
        """,
        ['scope="openai/"'],
        [],
    ),
    "a client of the kind that a function asks for": (
        "bailian",
        """
        from mirascope.core.openai import openai_call
        @openai_call("gpt-4o", response_model=dict)
        async def ask(question): ...
        """,
        ["client=AsyncOpenAI(", "json_mode=True", "from openai import AsyncOpenAI\n"],
        ["import AsyncOpenAI, OpenAI"],
    ),
    "dictionaries in a dictionary, each by its own names": (
        "zhipu",
        """
        from mem0 import Memory
        memory = Memory.from_config({
            "llm": {"provider": "openai", "config": {"model": "gpt-4o"}},
            "embedder": {"provider": "openai", "config": {"model": "text-embedding-3-small"}},
        })
        """,
        ['"model": "glm-', '"model": "embedding-3"', '"openai_base_url": os.getenv('],
        ["gpt-4o"],
    ),
}


@pytest.mark.parametrize(("target", "told"), [("bailian", True), ("hunyuan", False)])
def test_texts_that_a_framework_sends_at_once_are_told_of(target: str, told: bool) -> None:
    program = """
        from mem0 import Memory
        memory = Memory.from_config({
            "llm": {"provider": "openai", "config": {"model": "gpt-4o"}},
            "embedder": {"provider": "openai", "config": {"model": "text-embedding-3-small"}},
        })
        """
    assert ("embedding-batch" in planned(program, target=target).codes()) is told


def test_a_configuration_that_leaves_a_model_out_is_left_to_a_person() -> None:
    told = planned("""
        from mem0 import Memory
        memory = Memory.from_config({"vector_store": {"provider": "qdrant"}})
        """).item("framework-client")
    assert told.action.startswith("What its configuration does not name is OpenAI's. Name both")


@pytest.mark.parametrize(("target", "program", "holds", "lacks"), PROGRAMS.values(), ids=PROGRAMS)
def test_an_object_is_given(target: str, program: str, holds: list[str], lacks: list[str]) -> None:
    after = planned(program, target=target).after()
    assert [text for text in holds if text not in after] == []
    assert [text for text in lacks if text in after] == []


HANDED_TO = {
    "an agent with a schema": (
        """
        from ag2 import Agent
        from ag2.config import OpenAIConfig
        config = OpenAIConfig(model="gpt-4o-mini")
        Agent("a", config=config, response_schema=dict)
        """,
        "json-schema",
    ),
    "a task with one, of an agent that has the client": (
        """
        from crewai import LLM, Agent, Task
        llm = LLM(model="gpt-4o-mini")
        Task(description="d", agent=Agent(role="r", llm=llm), output_pydantic=dict)
        """,
        "json-schema",
    ),
    "an agent with none": (
        """
        from ag2 import Agent
        from ag2.config import OpenAIConfig
        Agent("a", config=OpenAIConfig(model="gpt-4o-mini"), response_schema=None)
        """,
        "",
    ),
}


@pytest.mark.parametrize(("program", "code"), HANDED_TO.values(), ids=HANDED_TO)
def test_what_a_client_is_handed_to_says_what_its_requests_hold(program: str, code: str) -> None:
    assert {one for one in planned(program, target="deepseek").codes() if "schema" in one} == (
        {code} if code else set()
    )


HANDED = """
import os
from autogen import AssistantAgent, ConversableAgent
key = os.environ["OPENAI_API_KEY"]
config_list = [{"model": "gpt-4o", "api_key": key, "api_type": "openai", "organization": "o"}]
AssistantAgent("a", llm_config={"config_list": config_list, "frequency_penalty": 0.5})
ConversableAgent("b", llm_config=dict(model="gpt-4o-mini", temperature=0))
"""


def test_a_dictionary_is_pointed_where_it_is_written() -> None:
    after = planned(HANDED).after()
    first, last = after.split("ConversableAgent(\n")
    assert 'key = os.environ["DASHSCOPE_API_KEY"]' in after
    assert '"base_url": os.getenv(' in after
    assert '"extra_body": {"enable_thinking": False}' in after
    assert ('"api_type": "openai"' in after, "organization" in after) == (True, False)
    assert "frequency_penalty" not in first
    assert "base_url=os.getenv(" in last


ENVIRONMENT = {
    "a default in the code": 'os.getenv("CHAT_MODEL", "gpt-4o")',
    "a default that names the provider": 'os.getenv("CHAT_MODEL", "openai/gpt-4o")',
}


@pytest.mark.parametrize("read", ENVIRONMENT.values(), ids=ENVIRONMENT)
@pytest.mark.parametrize("value", ["gpt-4o", "openai/gpt-4o"])
def test_a_setting_has_the_form_that_its_reader_takes(read: str, value: str) -> None:
    program = f"import os\nfrom litellm import completion\ncompletion({read}, [])\n"
    after = planned({"app.py": program, ".env": f"CHAT_MODEL={value}\n"}).rewritten()
    assert after[".env"].startswith("CHAT_MODEL=openai/qwen")
    assert 'os.getenv("CHAT_MODEL", "openai/qwen' in after["app.py"]


def test_thoughts_that_a_framework_does_not_send_back_are_told_of() -> None:
    program = """
    from ag2 import Agent
    from ag2.config import OpenAIConfig
    Agent("a", config=OpenAIConfig(model="gpt-4o-mini"), tools=[print])
    Agent("b", config=OpenAIConfig(model="gpt-4o-mini"))
    """
    told = planned(program, target="moonshot").item("framework-turns")
    assert told.line == 3
    assert "kimi" in told.title


@pytest.mark.parametrize(
    ("target", "program", "code"),
    [
        (
            "bailian",
            "from mirascope import llm\nllm.call('openai/gpt-4o', temperature=1)",
            "framework-leaves-out",
        ),
        (
            "bailian",
            "from magentic import OpenaiChatModel, prompt\n"
            "prompt('', functions=[f], model=OpenaiChatModel('gpt-4o'))",
            "framework-may-say",
        ),
        (
            "bailian",
            "from guidance import models\nmodels.OpenAI('gpt-3.5-turbo')",
            "framework-may-say",
        ),
        (
            "bailian",
            "from guidance import models\nmodels.OpenAI('gpt-4.1-nano')",
            "framework-needs",
        ),
        ("bailian", "from portkey_ai import Portkey\nPortkey()", "client-gateway"),
        (
            "bailian",
            "from openai import OpenAI\nOpenAI(base_url='https://oai.helicone.ai/v1')",
            "client-gateway",
        ),
        (
            "deepseek",
            "import outlines\nfrom openai import OpenAI\n"
            "outlines.from_openai(OpenAI(), 'gpt-4o')('', dict)",
            "json-schema",
        ),
    ],
)
def test_what_an_object_does_by_itself_is_told(target: str, program: str, code: str) -> None:
    assert code in planned(program, target=target).codes()
