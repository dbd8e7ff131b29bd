"""What frameworks send themselves, and clients whose provider follows from the model."""

from __future__ import annotations

import pytest

from tests.analysis.programs import found

SENT = {
    "a call of litellm": (
        """
        from litellm import completion
        completion(model="gpt-4o", messages=[])
        """,
        ["app.py:2 call litellm:completion", "app.py:2 model gpt-4o"],
    ),
    "a call whose function has the model by default": (
        """
        import litellm
        def ask(model="gpt-4o"):
            return litellm.completion(model, [])
        """,
        ["app.py:2 model gpt-4o", "app.py:3 call litellm:completion"],
    ),
    "a call to another provider": (
        """
        import litellm
        litellm.completion(model="claude-3-opus", messages=[])
        """,
        [],
    ),
    "a call to a server of one's own": (
        """
        import litellm
        litellm.completion(model="gpt-4o", api_base="http://localhost:4000", messages=[])
        """,
        [],
    ),
    "a chat model by its name": (
        """
        from langchain.chat_models import init_chat_model
        init_chat_model("gpt-4o-mini", model_provider="openai").invoke("hi")
        init_chat_model("claude-3-5-sonnet", model_provider="anthropic").invoke("hi")
        """,
        [
            "app.py:2 call langchain:init_chat_model.invoke",
            "app.py:2 client langchain.chat_models.init_chat_model",
            "app.py:2 model gpt-4o-mini",
        ],
    ),
    "an embedder that a registry makes": (
        """
        from lancedb.embeddings import get_registry
        get_registry().get("openai").create(name="text-embedding-3-large")
        get_registry().get("sentence-transformers").create(name="BAAI/bge-m3")
        """,
        [
            "app.py:2 client lancedb.embeddings.get_registry.get.create",
            "app.py:2 model text-embedding-3-large",
        ],
    ),
    "instructor's client by the model's name": (
        """
        import instructor
        client = instructor.from_provider("openai/gpt-4o-mini")
        client.chat.completions.create(response_model=None, messages=[])
        """,
        [
            "app.py:2 client instructor.from_provider",
            "app.py:2 model gpt-4o-mini",
            "app.py:3 call instructor:from_provider.chat.completions.create",
        ],
    ),
    "a list of dictionaries that several agents are handed": (
        """
        from autogen import AssistantAgent, ConversableAgent
        config_list = [{"model": "gpt-4o", "api_key": "k"}, {"model": "claude-3-opus"}]
        config_list.append(dict(model="gpt-4o-mini"))
        AssistantAgent("a", llm_config={"config_list": config_list})
        ConversableAgent("b", "You are b.", llm_config={"config_list": config_list, "seed": 1})
        AssistantAgent("c", llm_config=False)
        """,
        [
            "app.py:2 client autogen.config_list",
            "app.py:2 model gpt-4o",
            "app.py:3 client autogen.config_list",
            "app.py:3 model gpt-4o-mini",
        ],
    ),
    "one dictionary, by position and by name": (
        """
        from autogen import AssistantAgent, LLMConfig
        AssistantAgent("a", llm_config=LLMConfig({"model": "gpt-4o"}))
        AssistantAgent("b", llm_config={"model": "gpt-4o", "base_url": "http://localhost:1/v1"})
        """,
        ["app.py:2 client autogen.config_list", "app.py:2 model gpt-4o"],
    ),
    "dictionaries in others": (
        """
        from litellm import Router
        rows = [{"model_name": "fast", "litellm_params": {"model": "openai/gpt-4o-mini"}}]
        Router(rows)
        """,
        ["app.py:2 client litellm.litellm_params", "app.py:2 model gpt-4o-mini"],
    ),
    "an index that nothing tells its models": (
        """
        from llama_index.core import VectorStoreIndex
        def build(documents):
            return VectorStoreIndex.from_documents(documents)
        build([]).as_query_engine().query("?")
        """,
        [
            "app.py:3 client llama_index.core.VectorStoreIndex.from_documents",
            "app.py:4 client llama_index.core.VectorStoreIndex.from_documents.as_query_engine",
        ],
    ),
    "an index whose models are set, or handed in": (
        """
        from llama_index.core import Settings, VectorStoreIndex
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        Settings.llm = None
        index = VectorStoreIndex.from_documents([], embed_model=HuggingFaceEmbedding())
        index.as_query_engine().query("?")
        """,
        [],
    ),
    "a key that a framework keeps in an object of its own": (
        """
        from haystack.components.generators import OpenAIGenerator
        from haystack.utils import Secret
        llm = OpenAIGenerator(Secret.from_env_var("OPENAI_API_KEY"), "gpt-4o")
        """,
        [
            "app.py:3 client haystack.components.generators.OpenAIGenerator",
            "app.py:3 env_key OPENAI_API_KEY",
            "app.py:3 model gpt-4o",
        ],
    ),
    "an agent without a model, which is OpenAI's": (
        """
        from agno.agent import Agent
        writer = Agent(name="writer")
        """,
        ["app.py:2 client agno.agent.Agent"],
    ),
    "a model that is a member of a framework's enumeration": (
        """
        from camel.models import ModelFactory
        from camel.types import ModelPlatformType, ModelType
        one = ModelFactory.create(ModelPlatformType.OPENAI, ModelType.GPT_4O)
        two = ModelFactory.create(ModelPlatformType.QWEN, ModelType.QWEN_MAX)
        """,
        ["app.py:3 client camel.models.ModelFactory.create", "app.py:3 model gpt-4o"],
    ),
    "what uses OpenAI without a word, unless it is told otherwise": (
        """
        from haystack.components.evaluators import FaithfulnessEvaluator
        from mem0 import Memory
        memory, told = Memory(), Memory(config)
        own, given = FaithfulnessEvaluator(), FaithfulnessEvaluator(chat_generator=make())
        """,
        [
            "app.py:3 client mem0.Memory",
            "app.py:3 client mem0.Memory?",
            "app.py:4 client haystack.components.evaluators.FaithfulnessEvaluator",
        ],
    ),
    "arguments that are left out": (
        """
        from crewai import Crew
        from gpt_researcher import GPTResearcher
        from llama_index import ServiceContext
        from ragas import evaluate
        remembers, forgets = Crew(memory=True), Crew(memory=False)
        embeds = Crew(memory=True, embedder={"provider": "ollama"})
        context = ServiceContext.from_defaults(llm=m)
        told = ServiceContext.from_defaults(m, embed_model="local")
        scores = evaluate(dataset)
        chosen = evaluate(dataset, metrics=[Faithfulness(llm=judge)])
        judged = evaluate(dataset, llm=judge)
        researcher = GPTResearcher("why?")
        """,
        [
            "app.py:10 client ragas.evaluate?",
            "app.py:12 client gpt_researcher.GPTResearcher",
            "app.py:5 client crewai.Crew",
            "app.py:7 client llama_index.ServiceContext.from_defaults",
            "app.py:9 client ragas.evaluate",
        ],
    ),
    "what is chosen by a name before, by a text or by a constant": (
        """
        from lancedb.embeddings import get_registry
        from langchain.agents import AgentType, initialize_agent
        from langchain_openai import ChatOpenAI
        from nemoguardrails import RailsConfig
        registry = get_registry()
        ours, own = registry.get("openai").create(), registry.get("ollama").create(name="x")
        rails = RailsConfig.from_content(yaml_content="models:\\n- engine: openai\\n")
        nims = RailsConfig.from_content(yaml_content="models:\\n- engine: nim\\n")
        llm = ChatOpenAI()
        agent = initialize_agent(tools, llm, agent=AgentType.OPENAI_FUNCTIONS)
        other = initialize_agent(tools, llm, agent=AgentType.ZERO_SHOT_REACT_DESCRIPTION)
        """,
        [
            "app.py:10 client langchain.agents.initialize_agent",
            "app.py:6 client lancedb.embeddings.get_registry.get.create",
            "app.py:7 client nemoguardrails.RailsConfig.from_content",
            "app.py:9 client langchain_openai.ChatOpenAI",
        ],
    ),
    "a client that follows the models that are asked of it": (
        """
        import aisuite
        one, two = aisuite.Client(), aisuite.Client()
        one.chat.completions.create(model="openai:gpt-4o", messages=[])
        two.chat.completions.create(model="anthropic:claude", messages=[])
        """,
        [
            "app.py:2 client aisuite.Client",
            "app.py:3 call aisuite:Client.chat.completions.create",
            "app.py:3 model gpt-4o",
        ],
    ),
    "a class of the program's own, and a client that something else hands out": (
        """
        from promptlayer import PromptLayer
        from vanna.openai import OpenAI_Chat
        class Shop(OpenAI_Chat):
            def __init__(self, config=None):
                OpenAI_Chat.__init__(self, config=config)
        shop = Shop(config={"model": "gpt-4o"})
        client = PromptLayer().openai.OpenAI()
        client.embeddings.create(model="text-embedding-3-small", input=[])
        """,
        [
            "app.py:3 type_ref OpenAI_Chat",
            "app.py:5 client vanna.openai.OpenAI_Chat",
            "app.py:6 model gpt-4o",
            "app.py:7 client PromptLayer().openai.OpenAI",
            "app.py:8 call embeddings.create",
            "app.py:8 model text-embedding-3-small",
        ],
    ),
    "a configuration that leaves a model to the framework": (
        """
        from mem0 import Memory
        store = Memory.from_config({"vector_store": {"provider": "qdrant"}})
        both = Memory.from_config({
            "llm": {"provider": "anthropic", "config": {"model": "claude"}},
            "embedder": {"provider": "ollama", "config": {"model": "nomic-embed-text"}},
        })
        """,
        ["app.py:2 client mem0.Memory.from_config?"],
    ),
    "a run of an agent, a generic one too": (
        """
        from agents import Agent, Runner
        agent = Agent[dict](name="a", model="gpt-4.1")
        async def main(other: Agent[str]):
            await Runner.run(agent, "hi")
        """,
        [
            "app.py:2 client agents.Agent",
            "app.py:2 model gpt-4.1",
            "app.py:4 call openai-agents:Runner.run",
        ],
    ),
}


@pytest.mark.parametrize(("program", "expected"), SENT.values(), ids=SENT)
def test_what_a_framework_sends_is_found(program: str, expected: list[str]) -> None:
    assert sorted(line for line in found(program) if " import " not in line) == expected


def test_a_call_of_a_frameworks_client_goes_where_the_client_does() -> None:
    program = """
        import os
        from langchain_openai import ChatOpenAI
        class Base:
            def ask(self, q):
                return self.llm.invoke(q)
        class Other(Base):
            def __init__(self):
                self.llm = ChatOpenAI(openai_api_base="https://api.deepseek.com", model="x")
            def again(self, q):
                return self.llm.invoke(q)
        class Own(Base):
            def __init__(self):
                self.llm = ChatOpenAI(model="gpt-4o")
        def run(one: Base):
            return one.ask("hi"), one.again("hi")
        run(Other()), run(Own())
        """
    assert [line for line in found(program) if " call " in line] == [
        "app.py:5 call langchain:ChatOpenAI.invoke"
    ]


def test_what_is_passed_by_name_is_not_in_the_mapping_beside_it() -> None:
    program = """
        import os
        from langchain_openai import ChatOpenAI
        def make(provider, **kwargs):
            if provider == "openai":
                kwargs["openai_api_base"] = os.environ["OPENAI_BASE_URL"]
                return ChatOpenAI(**kwargs)
            return ChatOpenAI(openai_api_base="https://api.deepseek.com", **kwargs)
        make("openai", model="x")
        """
    assert [line for line in found(program) if " client " in line] == [
        "app.py:6 client langchain_openai.ChatOpenAI"
    ]


def test_a_call_of_the_sdk_stays_one_where_a_framework_may_send_it_too() -> None:
    program = """
    import os
    if os.environ.get("USE_LITELLM"):
        import litellm
        complete = litellm.completion
    else:
        from openai import OpenAI
        complete = OpenAI().chat.completions.create
    def ask(model, question):
        return complete(model=model, messages=[question])
    """
    assert "app.py:9 call chat.completions.create" in found(program)


def test_a_member_of_a_team_may_have_the_model_of_the_team() -> None:
    program = """
        from agno.agent import Agent
        from agno.models.anthropic import Claude
        from agno.team import Team
        writer = Agent(name="writer")
        team = Team(members=[writer], model=Claude(id="claude"))
        """
    assert [line for line in found(program) if " client " in line] == [
        "app.py:4 client agno.agent.Agent?"
    ]
