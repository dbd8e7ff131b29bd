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
}


@pytest.mark.parametrize(("target", "program", "holds", "lacks"), PROGRAMS.values(), ids=PROGRAMS)
def test_an_object_is_given(target: str, program: str, holds: list[str], lacks: list[str]) -> None:
    after = planned(program, target=target).after()
    assert [text for text in holds if text not in after] == []
    assert [text for text in lacks if text in after] == []


HANDED = """
import os
from autogen import AssistantAgent, ConversableAgent
config_list = [{"model": "gpt-4o", "api_key": os.environ["OPENAI_API_KEY"], "api_type": "openai"}]
AssistantAgent("a", llm_config={"config_list": config_list, "frequency_penalty": 0.5})
ConversableAgent("b", llm_config=dict(model="gpt-4o-mini", temperature=0))
"""


def test_a_dictionary_is_pointed_where_it_is_written() -> None:
    after = planned(HANDED).after()
    first, last = after.split("ConversableAgent(\n")
    assert '"api_key": os.environ["DASHSCOPE_API_KEY"]' in after
    assert '"base_url": os.getenv(' in after
    assert '"extra_body": {"enable_thinking": False}' in after
    assert "api_type" not in after
    assert "frequency_penalty" not in first
    assert "base_url=os.getenv(" in last
