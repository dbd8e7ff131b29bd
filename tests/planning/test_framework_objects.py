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
    "more at once than a request may hold": (
        """
        from langchain_openai import OpenAIEmbeddings
        OpenAIEmbeddings(chunk_size=50).embed_query("x")
        """,
        "bailian",
        ["chunk_size=10"],
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
    "an import below what has to run first": (
        """
        from dotenv import load_dotenv
        load_dotenv()
        from llama_index.llms.openai import OpenAI
        from rich import print
        print(OpenAI(model="gpt-4o").complete("x"))
        """,
        "bailian",
        ["load_dotenv() from llama_index.llms.openai_like import OpenAILike from rich import"],
    ),
    "an import that another branch has": (
        """
        def make(azure):
            if not azure:
                from langchain_openai import ChatOpenAI
                return ChatOpenAI(model="gpt-4o")
            else:
                from langchain_openai import AzureChatOpenAI
                return AzureChatOpenAI(azure_deployment="gpt-4o", api_version="2024-06-01")
        make(True).invoke("x")
        """,
        "bailian",
        ["else: from langchain_openai import ChatOpenAI return ChatOpenAI("],
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


def test_a_key_that_is_put_into_a_mapping_goes_into_no_client() -> None:
    told = planned("""
        import os
        from pydantic_ai.models.openai import OpenAIModel
        given = {}
        given["api_key"] = os.environ["OPENAI_API_KEY"]
        model = OpenAIModel("gpt-4o", **given)
        """)
    assert "`api_key` is put into a mapping" in told.item("client-arguments-unknown").why


def test_a_number_of_texts_that_only_run_time_tells_is_told() -> None:
    told = planned("""
        from langchain_openai import OpenAIEmbeddings
        def make(size):
            return OpenAIEmbeddings(chunk_size=size)
        make(int(input())).embed_query("x")
        """)
    assert "at most 10 inputs" in told.item("embedding-batch").title
    assert "chunk_size=size" in told.after()


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


OWN = {
    "a limit under the class's own name, and forced tools": (
        """
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(model="gpt-4o", max_tokens=90)
        llm.with_structured_output(dict).invoke("x")
        """,
        "deepseek",
        [
            'ChatDeepSeek(model="deepseek-flash", max_tokens=90',
            'disabled_params={"parallel_tool_calls": None}',
            'extra_body={"thinking": {"type": "disabled"}}',
            "llm.with_structured_output(dict).invoke",
        ],
    ),
    "a schema where no tool can be asked for by its name": (
        """
        from langchain_openai import ChatOpenAI
        ChatOpenAI(model="gpt-4o").with_structured_output(dict).invoke("x")
        """,
        "siliconflow",
        ["ChatSiliconFlow(", "with_structured_output(dict, tool_choice=None)"],
    ),
    "thinking by an argument of its own": (
        """
        from langchain_openai import ChatOpenAI
        ChatOpenAI(model="gpt-4o").invoke("x")
        """,
        "bailian",
        ["ChatQwen(", "enable_thinking=False)"],
    ),
    "a key and an address under the names of old": (
        """
        import os
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(
            model_name="gpt-4o", openai_api_key=os.environ["OPENAI_API_KEY"],
            openai_api_base="https://api.openai.com/v1",
        )
        llm.invoke("x")
        """,
        "deepseek",
        [', api_key=os.environ["DEEPSEEK_API_KEY"], base_url='],
    ),
    "a class of Azure's": (
        """
        from langchain_openai import AzureChatOpenAI
        AzureChatOpenAI(azure_deployment="gpt-4o", api_version="2024-10-21").invoke("x")
        """,
        "bailian",
        ['ChatQwen(model="qwen3.7-plus", api_key='],
    ),
    "arguments by position, which have others in their places": (
        """
        from llama_index.llms.openai import OpenAI
        OpenAI("gpt-4o", 0.2, 100).complete("x")
        """,
        "deepseek",
        ['DeepSeek(model="deepseek-flash", temperature=0.2, max_tokens=100, api_key='],
    ),
    "a default that would stop a model from thinking": (
        """
        from agno.agent import Agent
        Agent(model="openai:o3-mini").run("x")
        """,
        "bailian",
        ["model=DashScope(id=", "enable_thinking=None)"],
    ),
    "an engine's default": (
        """
        from llama_index.core import VectorStoreIndex
        index = VectorStoreIndex.from_documents([], embed_model=None)
        index.as_query_engine().query("x")
        """,
        "minimax",
        ["llm=MiniMax(model="],
    ),
    "a provider of the framework's": (
        """
        from pydantic_ai import Agent
        Agent("openai:gpt-4o").run_sync("x")
        """,
        "zhipu",
        ["provider=ZaiProvider(api_key=", "openai_chat_supports_max_completion_tokens=False"],
    ),
    "how a model is named": (
        """
        from litellm import completion
        completion(model="gpt-4o", messages=[{"role": "user", "content": "x"}])
        """,
        "hunyuan",
        ['model="tencent/', "api_base="],
    ),
}


@pytest.mark.parametrize(("program", "target", "says"), OWN.values(), ids=OWN)
def test_what_a_framework_has_of_its_own_is_told_what_its_requests_need(
    program: str, target: str, says: list[str]
) -> None:
    after = planned(program, target=target, mode="sdk").after()
    flat = " ".join(after.split()).replace("( ", "(").replace(", )", ")")
    assert [one for one in says if one not in flat] == [], after


def test_a_class_without_one_that_is_kept_is_told_of_once() -> None:
    program = """
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings
    one = ChatOpenAI(model="gpt-4o")
    other = ChatOpenAI(model="gpt-4o-mini")
    vectors = OpenAIEmbeddings(model="text-embedding-3-small")
    one.invoke("x"), other.invoke("x"), vectors.embed_query("x")
    """
    found = planned(program, target="zhipu", mode="sdk")
    told = [one for one in found.plan.checklist if one.code == "own-class-unused"]
    assert [one.title.split("`")[1] for one in told] == ["ChatOpenAI", "OpenAIEmbeddings"]
    assert "ChatZhipuAI` is not written: langchain-community is being sunset" in told[0].why
    assert "ZhipuAIEmbeddings` is not written" in told[1].why
    assert all(one.sources[0].as_of for one in told)
    assert "own-class-unused" not in planned(program, target="zhipu").codes()


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


def test_what_a_class_does_not_do_for_the_models_of_others_is_told() -> None:
    code = """
    from langchain_core.messages import trim_messages
    from langchain_openai import ChatOpenAI
    llm = ChatOpenAI(model="gpt-4o")
    counter = ChatOpenAI(model="gpt-4o-mini")
    def ask(messages):
        short = trim_messages(messages, max_tokens=100, token_counter=counter)
        return llm.invoke([("user", str(short))])
    """
    told = planned(code).item("framework-cannot")
    assert told.source_code.startswith('ChatOpenAI(model="gpt-4o-mini")')
    assert 'token_counter="approximate"' in told.action


@pytest.mark.parametrize("model", ["model", "model_name"])
@pytest.mark.parametrize("deployment", ["azure_deployment", "deployment_name"])
def test_a_deployment_beside_the_models_name_goes(model: str, deployment: str) -> None:
    after = planned(
        "import os\nfrom langchain_openai import AzureChatOpenAI\n"
        f"AzureChatOpenAI({deployment}=os.environ['D'], {model}='gpt-4o').invoke('x')\n"
        f"AzureChatOpenAI({deployment}=os.environ['D']).invoke('x')\n"
    ).after()
    assert after.count("os.environ['D']") == 1
    assert f'{model}="qwen3.7-plus"' in after.replace("'", '"')
    assert "model=os.environ['D']" in after
