"""The ways Python code reaches OpenAI, one program each: where the request is, it must be found."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind, ModelFacts, VariableFacts
from tests.analysis.programs import calls, found, sites_of

CREATE = "chat.completions.create"

# What the program is -> its files, and the calls that must be found (all of them, and no other).
REACHED: dict[str, tuple[dict[str, str] | str, list[str]]] = {
    "plain import of the module": (
        """
        import openai
        client = openai.OpenAI()
        client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "aliased module": (
        """
        import openai as oai
        oai.OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:2 call {CREATE}"],
    ),
    "aliased class": (
        """
        from openai import OpenAI as C, RateLimitError
        c = C()
        c.embeddings.create(model="text-embedding-3-small", input="x")
        """,
        ["app.py:3 call embeddings.create"],
    ),
    "star import": (
        """
        from openai import *
        OpenAI().models.list()
        """,
        ["app.py:2 call models.list"],
    ),
    "private module path": (
        """
        from openai._client import AsyncOpenAI
        async def ask(q):
            return await AsyncOpenAI().chat.completions.create(model="gpt-4o", messages=q)
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "a constructor that a class calls by its base's name": (
        """
        from openai import OpenAI
        class Base:
            def __init__(self):
                pass
        class Chat(Base):
            def __init__(self):
                Base.__init__(self)
                self.client = OpenAI()
            def ask(self, q):
                return self.client.chat.completions.create(model="gpt-4o", messages=q)
        class Store(Base):
            def __init__(self):
                Base.__init__(self)
        class Both(Store, Chat):
            def __init__(self):
                Store.__init__(self)
                Chat.__init__(self)
        class Mock(Base):
            pass
        class Mine(Store, Mock):
            def __init__(self):
                Store.__init__(self)
        Mine()
        """,
        [f"app.py:10 call {CREATE}"],
    ),
    "conditional import": (
        """
        try:
            from openai import OpenAI
        except ImportError:
            OpenAI = None
        def ask():
            return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:6 call {CREATE}"],
    ),
    "import inside a function": (
        """
        def make():
            from openai import OpenAI
            return OpenAI()
        make().chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:4 call {CREATE}"],
    ),
    "import for type checking only": (
        """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from openai import AsyncOpenAI
        async def ask(client: "AsyncOpenAI | None", q):
            return await client.chat.completions.create(model="gpt-4o", messages=q)
        """,
        [f"app.py:5 call {CREATE}"],
    ),
    "re-export through a package": (
        {
            "pkg/__init__.py": "from .llm import client\n",
            "pkg/llm.py": "from openai import OpenAI\nclient = OpenAI()\n",
            "main.py": "from pkg import client\nclient.chat.completions.create(model='gpt-4o')\n",
        },
        [f"main.py:2 call {CREATE}"],
    ),
    "import_module with a constant": (
        """
        import importlib
        mod = importlib.import_module("openai")
        mod.OpenAI().chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "drop-in module": (
        """
        from langfuse.openai import openai
        openai.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:2 call {CREATE}"],
    ),
    "module client with settings elsewhere": (
        {
            "settings.py": "import openai\nopenai.api_key = 'k'\n",
            "app.py": "import openai\nopenai.chat.completions.create(model='gpt-4o')\n",
        },
        [f"app.py:2 call {CREATE}"],
    ),
    "factory behind lru_cache": (
        """
        from functools import lru_cache
        from openai import OpenAI
        @lru_cache(maxsize=1)
        def get_client():
            return OpenAI()
        def ask():
            return get_client().chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:7 call {CREATE}"],
    ),
    "property and cached_property": (
        """
        from functools import cached_property
        from openai import OpenAI
        class A:
            @property
            def one(self):
                return OpenAI()
            @cached_property
            def two(self):
                return self.one
            def ask(self):
                return self.two.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:11 call {CREATE}"],
    ),
    "class attribute": (
        """
        from openai import OpenAI
        class A:
            client = OpenAI()
            @classmethod
            def ask(cls):
                return cls.client.chat.completions.create(model="gpt-4o", messages=[])
        A.client.models.list()
        """,
        [f"app.py:6 call {CREATE}", "app.py:7 call models.list"],
    ),
    "instance attribute with a default": (
        """
        from openai import OpenAI
        class A:
            def __init__(self, client=None):
                self.client = client or OpenAI()
            def ask(self):
                return self.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:6 call {CREATE}"],
    ),
    "client of a base class": (
        {
            "base.py": """
                from openai import OpenAI
                class Base:
                    def __init__(self):
                        self.client = OpenAI()
                """,
            "child.py": """
                from base import Base
                class Child(Base):
                    def ask(self):
                        return self.client.chat.completions.create(model="gpt-4o", messages=[])
                """,
        },
        [f"child.py:4 call {CREATE}"],
    ),
    "client that only a sub-class sets": (
        """
        from openai import OpenAI
        class Base:
            def ask(self):
                return self.client.chat.completions.create(model="gpt-4o", messages=[])
        class Child(Base):
            def __init__(self):
                self.client = OpenAI()
        """,
        [f"app.py:4 call {CREATE}"],
    ),
    "parameter with an annotation": (
        """
        from openai import OpenAI
        def ask(c: OpenAI, q: str):
            return c.chat.completions.create(model="gpt-4o", messages=q)
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "Annotated with a dependency": (
        """
        from typing import Annotated
        from fastapi import Depends
        from openai import AsyncOpenAI
        def get_client():
            return AsyncOpenAI()
        async def ask(c: Annotated[AsyncOpenAI, Depends(get_client)]):
            return await c.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:7 call {CREATE}"],
    ),
    "dependency as a default": (
        """
        from fastapi import Depends
        from openai import AsyncOpenAI
        def get_client():
            return AsyncOpenAI()
        async def ask(c=Depends(get_client)):
            return await c.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:6 call {CREATE}"],
    ),
    "parameter known from its callers": (
        """
        from openai import OpenAI
        def ask(client, q):
            return client.chat.completions.create(model="gpt-4o", messages=q)
        ask(OpenAI(), [])
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "parameter nobody passes": (
        """
        def ask(client, q):
            return client.chat.completions.create(model="gpt-4o", messages=q)
        """,
        [f"app.py:2 call {CREATE}?"],
    ),
    "context managers": (
        """
        from openai import OpenAI, AsyncOpenAI
        with OpenAI() as c:
            c.chat.completions.create(model="gpt-4o", messages=[])
        async def ask():
            async with AsyncOpenAI() as c:
                await c.embeddings.create(model="text-embedding-3-small", input="x")
        """,
        [f"app.py:3 call {CREATE}", "app.py:6 call embeddings.create"],
    ),
    "contextmanager function": (
        """
        from contextlib import contextmanager
        from openai import OpenAI
        @contextmanager
        def session():
            yield OpenAI()
        with session() as c:
            c.models.list()
        """,
        ["app.py:7 call models.list"],
    ),
    "derived clients": (
        """
        from openai import OpenAI
        client = OpenAI()
        client.with_options(timeout=5).chat.completions.create(model="gpt-4o", messages=[])
        client.copy(api_key="k").models.list()
        """,
        [f"app.py:3 call {CREATE}", "app.py:4 call models.list"],
    ),
    "sub-class of the client": (
        """
        from openai import OpenAI
        class Mine(OpenAI):
            def ask(self):
                return self.chat.completions.create(model="gpt-4o", messages=[])
        Mine().embeddings.create(model="text-embedding-3-small", input="x")
        """,
        [f"app.py:4 call {CREATE}", "app.py:5 call embeddings.create"],
    ),
    "partial of the class and of a method": (
        """
        from functools import partial
        from openai import OpenAI
        make = partial(OpenAI, api_key="k")
        ask = partial(make().chat.completions.create, model="gpt-4o")
        ask(messages=[])
        """,
        [f"app.py:5 call {CREATE}"],
    ),
    "dict of classes": (
        """
        from openai import OpenAI, AsyncOpenAI
        def make(mode):
            return {"sync": OpenAI, "async": AsyncOpenAI}[mode]()
        make("sync").models.list()
        """,
        ["app.py:4 call models.list"],
    ),
    "dict of clients": (
        """
        from openai import OpenAI
        CLIENTS = {"a": OpenAI(), "b": OpenAI(timeout=3)}
        for name, client in CLIENTS.items():
            client.models.list()
        CLIENTS["a"].models.list()
        CLIENTS.get("b").models.list()
        """,
        ["app.py:4 call models.list", "app.py:5 call models.list", "app.py:6 call models.list"],
    ),
    "getattr with constants": (
        """
        import openai
        getattr(getattr(openai, "OpenAI")(), "chat").completions.create(model="gpt-4o")
        """,
        [f"app.py:2 call {CREATE}"],
    ),
    "bound method kept": (
        """
        from openai import OpenAI
        create = OpenAI().chat.completions.create
        create(model="gpt-4o", messages=[])
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "resource kept": (
        """
        import openai
        chat = openai.OpenAI().chat
        emb = openai.OpenAI().embeddings
        chat.completions.create(model="gpt-4o", messages=[])
        emb.create(model="text-embedding-3-small", input="x")
        """,
        [f"app.py:4 call {CREATE}", "app.py:5 call embeddings.create"],
    ),
    "walrus, ternary and or": (
        """
        from openai import OpenAI, AsyncOpenAI
        def ask(a):
            if (c := OpenAI()):
                c.models.list()
            d = AsyncOpenAI() if a else OpenAI()
            (None or d).models.list()
        """,
        ["app.py:4 call models.list", "app.py:6 call models.list"],
    ),
    "dataclass field": (
        """
        from dataclasses import dataclass, field
        from openai import OpenAI
        @dataclass
        class A:
            client: OpenAI = field(default_factory=OpenAI)
            def ask(self):
                return self.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:7 call {CREATE}"],
    ),
    "dataclass given a client": (
        """
        from dataclasses import dataclass
        from typing import Any
        from openai import OpenAI
        @dataclass
        class A:
            client: Any
        A(OpenAI()).client.models.list()
        A(client=OpenAI()).client.models.list()
        """,
        ["app.py:7 call models.list", "app.py:8 call models.list"],
    ),
    "pydantic private attribute": (
        """
        from typing import Any
        from openai import AsyncOpenAI
        from pydantic import BaseModel, PrivateAttr
        class A(BaseModel):
            _client: Any = PrivateAttr(default_factory=AsyncOpenAI)
            async def ask(self):
                return await self._client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [f"app.py:7 call {CREATE}"],
    ),
    "Azure": (
        """
        from openai import AzureOpenAI
        c = AzureOpenAI(azure_endpoint="https://x.openai.azure.com", api_version="v")
        c.chat.completions.create(model="deployment", messages=[])
        """,
        [f"app.py:3 call {CREATE}"],
    ),
    "wrapped clients": (
        """
        import instructor
        from langsmith.wrappers import wrap_openai
        from openai import OpenAI
        class Traced:
            def __init__(self, inner):
                self.inner = inner
        instructor.from_openai(OpenAI()).chat.completions.create(model="gpt-4o", messages=[])
        wrap_openai(OpenAI()).models.list()
        Traced(OpenAI()).inner.models.list()
        """,
        [f"app.py:7 call {CREATE}", "app.py:8 call models.list", "app.py:9 call models.list"],
    ),
    "raw responses and streaming helpers": (
        """
        from openai import OpenAI
        c = OpenAI()
        c.chat.completions.with_raw_response.create(model="gpt-4o", messages=[])
        with c.chat.completions.stream(model="gpt-4o", messages=[]) as s:
            s.get_final_completion()
        c.beta.chat.completions.parse(model="gpt-4o", messages=[], response_format=dict)
        """,
        [
            f"app.py:3 call {CREATE}",
            "app.py:4 call chat.completions.stream",
            "app.py:6 call beta.chat.completions.parse",
        ],
    ),
    "gathered coroutines": (
        """
        import asyncio
        from openai import AsyncOpenAI
        c = AsyncOpenAI()
        async def run(qs):
            return await asyncio.gather(
                *[c.chat.completions.create(model="gpt-4o", messages=q) for q in qs]
            )
        """,
        [f"app.py:6 call {CREATE}"],
    ),
    "handed to a thread": (
        """
        import asyncio
        from openai import OpenAI
        c = OpenAI()
        async def run(q):
            return await asyncio.to_thread(c.chat.completions.create, model="gpt-4o", messages=q)
        """,
        [f"app.py:5 call {CREATE}"],
    ),
    "decorators of the repository": (
        """
        import functools
        from openai import OpenAI
        def logged(f):
            @functools.wraps(f)
            def inner(*args, **kwargs):
                return f(*args, **kwargs)
            return inner
        @logged
        def make():
            return OpenAI()
        make().models.list()
        """,
        ["app.py:11 call models.list"],
    ),
    "closures": (
        """
        from openai import OpenAI
        def build():
            client = OpenAI()
            def ask():
                return client.models.list()
            return ask
        build()()
        """,
        ["app.py:5 call models.list"],
    ),
    "global statement": (
        """
        from openai import OpenAI
        client = None
        def init():
            global client
            client = OpenAI()
        def ask():
            return client.models.list()
        """,
        ["app.py:7 call models.list"],
    ),
    "tuple binding": (
        """
        from openai import OpenAI
        def pair():
            return OpenAI(), "gpt-4o"
        client, model = pair()
        client.chat.completions.create(model=model, messages=[])
        """,
        [f"app.py:5 call {CREATE}"],
    ),
    "src layout, relative and absolute": (
        {
            "src/app/core/llm.py": "from openai import OpenAI\nclient = OpenAI()\n",
            "src/app/core/__init__.py": "",
            "src/app/__init__.py": "",
            "src/app/a.py": "from .core.llm import client\nclient.models.list()\n",
            "src/app/b.py": "from app.core import llm\nllm.client.models.list()\n",
            "tests/test_a.py": "import app.core.llm\napp.core.llm.client.models.list()\n",
        },
        [
            "src/app/a.py:2 call models.list",
            "src/app/b.py:2 call models.list",
            "tests/test_a.py:2 call models.list",
        ],
    ),
    "namespace package": (
        {
            "ns/one/llm.py": "from openai import OpenAI\ndef make():\n    return OpenAI()\n",
            "main.py": "from ns.one.llm import make\nmake().models.list()\n",
        },
        ["main.py:2 call models.list"],
    ),
    "a folder with a name of the standard library": (
        {
            "functools/notes.py": "x = 1\n",
            "main.py": """
                import functools
                from openai import OpenAI
                @functools.lru_cache
                def make():
                    return OpenAI()
                make().models.list()
            """,
        },
        ["main.py:6 call models.list"],
    ),
    "import cycle": (
        {
            "a.py": "import b\nfrom openai import OpenAI\nclient = OpenAI()\n",
            "b.py": "import a\ndef ask():\n    return a.client.models.list()\n",
        },
        ["b.py:3 call models.list"],
    ),
    "pytest fixture": (
        {
            "tests/conftest.py": """
                import pytest
                from openai import OpenAI
                @pytest.fixture
                def client():
                    return OpenAI()
                """,
            "tests/test_x.py": "def test_x(client):\n    client.models.list()\n",
        },
        ["tests/test_x.py:2 call models.list"],
    ),
}


@pytest.mark.parametrize(("files", "expected"), REACHED.values(), ids=REACHED)
def test_calls_are_found(files: dict[str, str] | str, expected: list[str]) -> None:
    assert calls(files) == expected


# Programs in which nothing is OpenAI's.
NOT_OPENAI: dict[str, dict[str, str] | str] = {
    "a class of one's own": """
        class OpenAI:
            def __init__(self):
                self.chat = None
        OpenAI().chat.completions.create(model="x")
        """,
    "another SDK of the same shape": """
        from groq import Groq
        Groq().chat.completions.create(model="x", messages=[])
        """,
    "a module called openai in a package of one's own": {
        "lib/openai.py": "class OpenAI:\n    pass\n",
        "lib/use.py": "from .openai import OpenAI\nOpenAI().chat.completions.create(model='x')\n",
        "lib/__init__.py": "",
    },
    "a script beside a file called openai": {
        "openai.py": "class OpenAI:\n    pass\n",
        "use.py": "from openai import OpenAI\nOpenAI()\n",
    },
    "prose and look-alikes": """
        TEXT = "Ask gpt-4 about it"
        NAME = "gpt2"
        OTHER = "EleutherAI/gpt-neo"
        print("OPENAI_API_KEY is missing")
        """,
}


@pytest.mark.parametrize("files", NOT_OPENAI.values(), ids=NOT_OPENAI)
def test_look_alikes_are_left_alone(files: dict[str, str] | str) -> None:
    assert found(files) == []


# Clients of openai's classes that point elsewhere: the import is OpenAI's, nothing else is.
ELSEWHERE = {
    "a local server": 'OpenAI(base_url="http://localhost:11434/v1", api_key="x")',
    "another provider": 'OpenAI(base_url="https://api.deepseek.com", api_key=K)',
    "a variable with another's default": 'OpenAI(base_url=os.getenv("URL", "https://x.example.com/v1"))',
    "another's variables": 'OpenAI(base_url=os.environ["DEEPSEEK_BASE_URL"], api_key=K)',
    "a spread dict": 'OpenAI(**{"base_url": "https://api.deepseek.com"})',
    "a constant": "OpenAI(base_url=BASE)",
    "a server that asks for no key": 'OpenAI(base_url=os.getenv("LLM_URL"), api_key="EMPTY")',
}


@pytest.mark.parametrize("client", ELSEWHERE.values(), ids=ELSEWHERE)
def test_clients_of_others_are_not_openais(client: str) -> None:
    program = f"""
        import os
        from openai import OpenAI
        K = os.getenv("DEEPSEEK_API_KEY")
        BASE = "https://openrouter.ai/api/v1"
        client = {client}
        client.chat.completions.create(model="deepseek-chat", messages=[])
        """
    assert [line for line in found(program) if " import " not in line] == []


FILLED = {
    "a choice": 'url = url or "https://api.deepseek.com/v1"',
    "a test for nothing": 'if not url: url = "https://api.deepseek.com/v1"',
    "a test for None": 'if url is None: url = "https://api.deepseek.com/v1"',
}


@pytest.mark.parametrize("filled", FILLED.values(), ids=FILLED)
def test_an_address_that_is_filled_in_is_never_left_out(filled: str) -> None:
    program = f"""
        from openai import OpenAI
        def make(key, url=None):
            {filled}
            return OpenAI(api_key=key, base_url=url)
        make("x").chat.completions.create(model="deepseek-chat", messages=[])
        """
    assert [line for line in found(program) if " import " not in line] == []


def test_an_address_says_whose_a_model_is_that_only_run_time_tells() -> None:
    program = """
        import os
        from crewai import LLM
        def make(model):
            LLM(model=model, base_url="https://api.openai.com/v1")
            LLM(model=model, base_url=os.getenv("OPENAI_API_BASE"))
            LLM(model=model, base_url=os.getenv("DEEPSEEK_API_BASE"))
        """
    assert [line for line in found(program) if " client " in line] == [
        "app.py:4 client crewai.LLM",
        "app.py:5 client crewai.LLM?",
    ]


def test_what_tests_hand_in_says_nothing_of_the_program() -> None:
    program = """
        import os
        import litellm
        from langchain_openai import ChatOpenAI
        def make(provider, url=""):
            if provider == "other":
                url = url or os.getenv("OTHER_URL", "")
                return ChatOpenAI(model="other-1", api_key=os.environ["OTHER_KEY"], base_url=url)
            return litellm.completion(model=provider, messages=[])
        """
    tested = """
        import os
        from app import make
        make("other", os.getenv("OPENAI_BASE_URL"))
        make("gpt-4o")
        """
    every = found({"app.py": program, "tests/test_app.py": tested})
    assert [line for line in every if " import " not in line and "app.py" in line[:6]] == []


def test_variables_of_neutral_names_are_sites_where_a_client_is_given_them() -> None:
    program = """
        import os
        from openai import OpenAI
        OpenAI(api_key=os.environ["LLM_API_KEY"], base_url=os.getenv("LLM_BASE_URL"))
        print(os.environ["APP_API_KEY"])
        """
    assert [line for line in found(program) if " env_key " in line] == [
        "app.py:3 env_key LLM_API_KEY",
        "app.py:3 env_key LLM_BASE_URL",
    ]


def test_a_construction_is_believed_before_an_annotation() -> None:
    program = """
        from openai import OpenAI
        class Other:
            client: OpenAI = None
            def ask(self):
                self.client = OpenAI(base_url="https://api.deepseek.com")
                return self.client.chat.completions.create(model="x", messages=[])
        OpenAI().models.list()
        """
    assert calls(program) == ["app.py:7 call models.list"]


def test_an_address_of_nobody_stays_one_beside_another_providers() -> None:
    program = """
        from openai import OpenAI
        class Bot:
            url: str | None = None
            def client(self):
                return OpenAI(base_url=self.url)
        class Other(Bot):
            def __init__(self, url="https://api.moonshot.cn/v1"):
                self.url = url
        Bot().client(), Other().client()
        """
    assert "app.py:5 client OpenAI" in found(program)


def test_a_module_is_redirected_for_certain_only_where_its_function_is_called_so() -> None:
    program = """
        import openai
        def start_proxy():
            openai.api_base = "https://api.portkey.ai/v1/proxy"
        if USE_PROXY:
            start_proxy()
        openai.ChatCompletion.create(model="gpt-4", messages=[])
        """
    assert calls(program) == ["app.py:6 call ChatCompletion.create"]
    for always in ("", "if __name__ == '__main__':\n            "):
        assert calls(program.replace("if USE_PROXY:\n            ", always)) == []


def test_an_address_of_the_module_that_is_put_together_is_somebodys_too() -> None:
    program = """
        import os
        import openai
        url = os.getenv("OPENAI_BASE_URL", "https://api.moonshot.cn/v1")
        openai.base_url = url.rstrip("/") + "/"
        openai.api_key = os.environ["OPENAI_API_KEY"]
        openai.models.list()
        """
    assert [one for one in found(program) if " env_key " not in one] == ["app.py:2 import openai"]
    variables = [one.facts for one in sites_of(program) if isinstance(one.facts, VariableFacts)]
    assert {one.foreign for one in variables} == {("https://api.moonshot.cn/v1",)}


def test_a_method_of_before_that_is_handed_on_is_found_beside_calls_of_it() -> None:
    program = """
        import openai
        from somewhere import repeat
        repeat(openai.ChatCompletion.create, model="gpt-4")
        openai.ChatCompletion.create(model="gpt-4", messages=[])
        """
    assert calls(program) == [
        "app.py:3 call ChatCompletion.create",
        "app.py:4 call ChatCompletion.create",
    ]


OPTIONS = {
    "argparse": """
        import argparse
        from openai import OpenAI
        def parse():
            parser = argparse.ArgumentParser()
            group = parser.add_argument_group("model")
            group.add_argument("--chat-model", default="gpt-4o", choices=["gpt-4o", "gpt-4.1"])
            return parser.parse_args()
        model = parse().chat_model
        """,
    "click": """
        import click
        from openai import OpenAI
        @click.command()
        @click.option("--model", "-m", default="gpt-4o")
        def main(model):
            OpenAI().chat.completions.create(model=model, messages=[])
        model = "gpt-4.1"
        """,
    "typer": """
        import typer
        from openai import OpenAI
        def main(model: str = typer.Option("gpt-4o", help="which")):
            OpenAI().chat.completions.create(model=model, messages=[])
        model = "gpt-4.1"
        """,
}


@pytest.mark.parametrize("program", OPTIONS.values(), ids=OPTIONS)
def test_command_line_defaults_reach_the_call(program: str) -> None:
    ask = "\n        OpenAI().chat.completions.create(model=model, messages=[])\n"
    sites = sites_of(program + ask)
    names = {site.detail for site in sites if site.kind.value == "model" and site.facts.reaches}
    assert names == {"gpt-4o", "gpt-4.1"}


def test_the_role_of_a_name_says_where_it_stands() -> None:
    program = """
        import os
        f(model="gpt-4o")
        TABLE = {"gpt-4": 1}
        TABLE.get("x", "gpt-4.1")
        os.getenv("M", "gpt-4o-mini")
        """
    roles = {s.detail: (s.facts.role, s.facts.variable) for s in sites_of(program)}
    assert roles == {
        "gpt-4o": ("value", ""),
        "gpt-4": ("table", ""),
        "gpt-4.1": ("default", ""),
        "gpt-4o-mini": ("default", "M"),
    }


def test_a_call_that_two_clients_serve_says_who_else_does() -> None:
    program = """
        from openai import OpenAI
        def make(local):
            if local:
                return OpenAI(base_url="http://localhost:8000/v1")
            return OpenAI()
        make(True).chat.completions.create(model="gpt-4o", messages=[])
        """
    (call,) = [site for site in sites_of(program) if site.kind.value == "call"]
    assert call.facts.foreign == ("OpenAI at app.py:4",)
    assert call.facts.resold
    assert len(call.facts.clients) == 1


def test_a_call_that_is_anothers_too_says_whether_that_one_knows_openais_names() -> None:
    program = """
        from openai import OpenAI
        def make(other):
            if other:
                return OpenAI(base_url="https://api.deepseek.com")
            return OpenAI()
        make(True).chat.completions.create(model="gpt-4o", messages=[])
        """
    (call,) = [site for site in sites_of(program) if site.kind.value == "call"]
    assert call.facts.foreign == ("OpenAI at app.py:4",)
    assert not call.facts.resold


def test_every_site_says_how_it_is_known() -> None:
    program = {
        "llm.py": "from openai import OpenAI\nclient = OpenAI()\n",
        "app.py": "from llm import client\nclient.models.list()\n",
    }
    (call,) = [site for site in sites_of(program) if site.kind.value == "call"]
    first = call.provenance[0]
    assert (first.path, first.line) == ("llm.py", 2)
    assert call.provenance[-1].what == "calls models.list"


def test_however_many_names_a_table_holds_all_reach_the_call() -> None:
    entries = "\n".join(f'    "{n}": Sampler("gpt-4o"),' for n in range(90))
    program = f"""\
from openai import OpenAI
class Sampler:
    def __init__(self, model):
        self.model = model
    def ask(self, q):
        return OpenAI().chat.completions.create(model=self.model, messages=q)
TABLE = {{
{entries}
}}
def run(name, q):
    return TABLE[name].ask(q)
"""
    models = [site for site in sites_of(program) if site.kind is Kind.MODEL]
    assert [isinstance(one.facts, ModelFacts) and bool(one.facts.reaches) for one in models] == (
        [True] * 90
    )


def test_of_many_modules_that_may_be_imported_openais_is_named() -> None:
    program = """
    import importlib
    def available(name): return importlib.import_module(name)
    [available(name) for name in ("torch", "openai")]
    """
    assert [one for one in found(program) if " import " in one] == ["app.py:2 import openai"]
