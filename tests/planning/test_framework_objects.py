"""What objects of frameworks are told beside their key, their address and their model."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

CASES = {
    "texts instead of tokens, few at once": (
        """
        from langchain_openai import OpenAIEmbeddings
        OpenAIEmbeddings().embed_query("x")
        """,
        "bailian",
        [
            "check_embedding_ctx_length=False",
            "chunk_size=10",
            'model_kwargs={"encoding_format": "float"}',
        ],
    ),
    "a limit that is sent under another name": (
        """
        from langchain_openai import ChatOpenAI
        ChatOpenAI(model="gpt-4o", max_tokens=9).invoke("x")
        """,
        "deepseek",
        ['extra_body={"max_tokens": 9, "thinking": {"type": "disabled"}}'],
    ),
    "a dictionary that an argument holds": (
        """
        import os
        from strands.models.openai import OpenAIModel
        args = {"api_key": os.environ["OPENAI_API_KEY"], "timeout": 9}
        OpenAIModel(client_args=args, model_id="gpt-4o", params={"top_p": 1})
        """,
        "bailian",
        [
            '"timeout": 9,',
            '"base_url": os.getenv(',
            'OpenAIModel(client_args=args, model_id="qwen3.7-plus", params={',
        ],
    ),
    "a dictionary of several providers": (
        """
        import aisuite
        client = aisuite.Client({"anthropic": {"api_key": key}})
        client.chat.completions.create(model="openai:gpt-4o", messages=[])
        """,
        "deepseek",
        [
            '"anthropic": {"api_key": key},',
            '"openai": {',
            '"api_key": os.environ["DEEPSEEK_API_KEY"],',
            'model="openai:deepseek-',
        ],
    ),
    "members of enumerations, given by position": (
        """
        from camel.models import ModelFactory
        from camel.types import ModelPlatformType, ModelType
        ModelFactory.create(ModelPlatformType.OPENAI, ModelType.GPT_4O, {"top_p": 1})
        """,
        "zhipu",
        ["create(ModelPlatformType.OPENAI_COMPATIBLE_MODEL,", '"glm-', '{"top_p": 1},'],
    ),
    "a dictionary that a method gives": (
        """
        from camel.configs import ChatGPTConfig
        from camel.models import OpenAIModel
        OpenAIModel("gpt-4o", ChatGPTConfig(n=1).as_dict())
        """,
        "bailian",
        [
            "OpenAICompatibleModel(",
            '{**ChatGPTConfig(n=1).as_dict(), "extra_body": {"enable_thinking": False}}',
        ],
    ),
    "an agent that becomes another of the llm that it is handed": (
        """
        from langchain.agents import create_openai_functions_agent
        from langchain_openai import ChatOpenAI
        agent = create_openai_functions_agent(ChatOpenAI(model="gpt-4o"), tools, prompt)
        """,
        "bailian",
        [
            "from langchain.agents import create_openai_tools_agent",
            "agent = create_openai_tools_agent(",
        ],
    ),
    "an agent's schema": (
        """
        from langchain.agents import create_agent
        from langchain_openai import ChatOpenAI
        agent = create_agent(ChatOpenAI(model="gpt-4o"), response_format=dict)
        agent.invoke({})
        """,
        "bailian",
        ["response_format=ProviderStrategy(dict)", 'model="qwen-plus"'],
    ),
    "a schema where a tool can be asked for by its name": (
        """
        from langchain_openai import ChatOpenAI
        ChatOpenAI(model="gpt-4o").with_structured_output(dict).invoke("x")
        """,
        "deepseek",
        [
            'with_structured_output(dict, method="function_calling")',
            'disabled_params={"parallel_tool_calls": None}',
        ],
    ),
    "a schema where no tool can be asked for": (
        """
        from langchain_openai import ChatOpenAI
        ChatOpenAI(model="gpt-4o").with_structured_output(dict).invoke("x")
        """,
        "zhipu",
        ['method="function_calling", tool_choice=None'],
    ),
    "an effort that a class hands on in a dict": (
        """
        from llama_index.llms.openai import OpenAI
        OpenAI("o3-mini", reasoning_effort="low", additional_kwargs={"seed": 1}).complete("x")
        """,
        "bailian",
        ["OpenAILike(", 'additional_kwargs={"seed": 1, "reasoning_effort": "low"}'],
    ),
    "an annotation of a class that becomes another one": (
        """
        from langchain_openai import AzureChatOpenAI
        def make() -> AzureChatOpenAI:
            return AzureChatOpenAI(azure_deployment="gpt-4o", api_version="2024-06-01")
        make().invoke("x")
        """,
        "bailian",
        ["def make() -> ChatOpenAI:", 'return ChatOpenAI(model="qwen3.7-plus",'],
    ),
    "a class of the same name in another package": (
        """
        from langchain.embeddings import HuggingFaceEmbeddings, OpenAIEmbeddings
        def make() -> OpenAIEmbeddings:
            return OpenAIEmbeddings()
        make().embed_query("x")
        HuggingFaceEmbeddings()
        """,
        "bailian",
        [
            "from langchain.embeddings import HuggingFaceEmbeddings from langchain_openai",
            "import OpenAIEmbeddings def make() -> OpenAIEmbeddings: return OpenAIEmbeddings(",
        ],
    ),
    "an index that nothing tells its models": (
        """
        from llama_index.core import VectorStoreIndex
        VectorStoreIndex.from_documents([]).as_query_engine().query("?")
        """,
        "bailian",
        ["embed_model=OpenAILikeEmbedding(", "llm=OpenAILike(", "is_chat_model=True"],
    ),
}


@pytest.mark.parametrize(("program", "target", "says"), CASES.values(), ids=CASES)
def test_an_object_is_told_what_its_requests_need(
    program: str, target: str, says: list[str]
) -> None:
    after = planned(program, target=target).after()
    flat = " ".join(after.split()).replace("( ", "(").replace(", )", ")")
    assert [one for one in says if one not in flat] == [], after


TOOLS = """
from llama_index.llms.openai import OpenAI
llm = OpenAI(model="gpt-4o")
llm.chat_with_tools([], user_msg="hi")
"""


@pytest.mark.parametrize(
    ("provider", "codes"),
    [
        ("bailian", set()),
        ("zhipu", {"framework-says"}),
        ("moonshot", {"framework-imposes", "framework-says"}),
    ],
)
def test_what_a_framework_says_by_itself_is_told_where_it_is_not_taken(
    provider: str, codes: set[str]
) -> None:
    found = {
        code for code in planned(TOOLS, target=provider).codes() if code.startswith("framework-")
    }
    assert found == codes


def test_the_frameworks_own_class_for_a_provider_is_taken_with_its_sdk() -> None:
    files = {
        "app.py": """
        from langchain_openai import ChatOpenAI
        llm: ChatOpenAI = ChatOpenAI(model="gpt-4o")
        llm.invoke("hi")
        """,
        "requirements.txt": "langchain-openai\n",
    }
    own = planned(files, mode="sdk")
    assert "from langchain_qwq import ChatQwen" in own.after()
    assert "llm: ChatQwen = ChatQwen(" in own.after()
    assert "langchain-qwq" in own.after("requirements.txt")
    assert "dashscope" not in own.after("requirements.txt")
    assert "ChatQwen" not in planned(files).after()


@pytest.mark.parametrize(
    ("release", "written"),
    [
        ("openai==0.28.1", 'model_kwargs={"enable_thinking": False}'),
        ("openai>=1.40", 'model_kwargs={"extra_body": {"enable_thinking": False}}'),
    ],
)
def test_what_is_the_providers_own_is_sent_as_the_release_of_openai_sends_it(
    release: str, written: str
) -> None:
    code = 'from langchain.chat_models import ChatOpenAI\nChatOpenAI(model="gpt-4o").invoke("x")\n'
    assert written in planned({"app.py": code, "requirements.txt": f"{release}\n"}).after()
