"""Programs that reach OpenAI in many a way that Python allows. Each is run, and traced."""

from __future__ import annotations

RUNNING: dict[str, str | dict[str, str]] = {
    "a name of the class is none of the method": """\
from openai import OpenAI

client = OpenAI()
model = "gpt-4o"


class S:
    client = None
    model = "x"

    def ask(self):
        return client.chat.completions.create(model=model, messages=[])


S().ask()
""",
    "list of clients": """\
from openai import OpenAI

clients = [OpenAI() for _ in range(2)]
for c in clients:
    c.chat.completions.create(model="gpt-4o", messages=[])
for i, c in enumerate(clients):
    c.chat.completions.create(model="gpt-4o-mini", messages=[])
a, *rest = clients
rest[0].embeddings.create(model="text-embedding-3-small", input="x")
for c, m in zip(clients, ["gpt-4", "gpt-4-turbo"]):
    c.chat.completions.create(model=m, messages=[])
""",
    "map and lambda": """\
from openai import OpenAI

client = OpenAI()
ask = lambda q, model="gpt-4o": client.chat.completions.create(model=model, messages=[q])
list(map(ask, ["a"]))
list(map(lambda m: client.chat.completions.create(model=m, messages=[]), ["gpt-4o-mini"]))
""",
    "dict dispatch": """\
from openai import OpenAI

client = OpenAI()


def a(m):
    return client.chat.completions.create(model=m, messages=[])


def b(m):
    return client.embeddings.create(model=m, input="")


T = {"a": a, "b": b}
T["a"]("gpt-4o")
T.get("b")("text-embedding-3-small")
for k, f in {"a": a}.items():
    f("gpt-4")
""",
    "decorator with wraps": """\
import functools
from openai import OpenAI


def retry(n):
    def deco(f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            for _ in range(n):
                return f(*args, **kwargs)

        return inner

    return deco


client = OpenAI()


@retry(3)
def ask(q, *, model="gpt-4o"):
    return client.chat.completions.create(model=model, messages=[q])


ask("x", model="gpt-4o-mini")
""",
    "class decorator singleton": """\
from openai import OpenAI


def singleton(cls):
    made = {}

    def get(*a, **k):
        if cls not in made:
            made[cls] = cls(*a, **k)
        return made[cls]

    return get


@singleton
class LLM:
    def __init__(self, model):
        self.client = OpenAI()
        self.model = model

    def ask(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


LLM("gpt-4o").ask()
""",
    "new singleton": """\
from openai import OpenAI


class LLM:
    _i = None

    def __new__(cls):
        if cls._i is None:
            cls._i = super().__new__(cls)
            cls._i.client = OpenAI()
        return cls._i

    def ask(self):
        return self.client.chat.completions.create(model="gpt-4o", messages=[])


LLM().ask()
""",
    "getattr proxy": """\
from openai import OpenAI


class Proxy:
    def __init__(self):
        self._c = OpenAI()

    def __getattr__(self, name):
        return getattr(self._c, name)


Proxy().chat.completions.create(model="gpt-4o", messages=[])
""",
    "callable object": """\
from openai import OpenAI


class Ask:
    def __init__(self, c):
        self.c = c

    def __call__(self, m):
        return self.c.chat.completions.create(model=m, messages=[])


ask = Ask(OpenAI())
ask("gpt-4o")
""",
    "context manager class": """\
from openai import OpenAI


class Session:
    def __enter__(self):
        self.c = OpenAI()
        return self.c

    def __exit__(self, *a):
        pass


with Session() as c:
    c.chat.completions.create(model="gpt-4o", messages=[])
""",
    "generator fixture": """\
from contextlib import contextmanager
from openai import OpenAI


@contextmanager
def opened(model):
    c = OpenAI()
    yield c, model


with opened("gpt-4o") as (c, m):
    c.chat.completions.create(model=m, messages=[])
""",
    "namedtuple": """\
from typing import NamedTuple
from collections import namedtuple
from openai import OpenAI


class Ctx(NamedTuple):
    client: OpenAI
    model: str = "gpt-4o"


x = Ctx(OpenAI())
x.client.chat.completions.create(model=x.model, messages=[])
P = namedtuple("P", "client model")
p = P(OpenAI(), "gpt-4o-mini")
p.client.chat.completions.create(model=p.model, messages=[])
c, m = x
c.chat.completions.create(model=m, messages=[])
""",
    "simple namespace": """\
from types import SimpleNamespace
from openai import OpenAI

ns = SimpleNamespace(client=OpenAI(), model="gpt-4o")
ns.client.chat.completions.create(model=ns.model, messages=[])
""",
    "enum value": """\
from enum import Enum
from openai import OpenAI


class M(str, Enum):
    BIG = "gpt-4o"
    SMALL = "gpt-4o-mini"


OpenAI().chat.completions.create(model=M.BIG.value, messages=[])
OpenAI().chat.completions.create(model=M["SMALL"].value, messages=[])
OpenAI().chat.completions.create(model=M("gpt-4o").value, messages=[])
""",
    "dict merging kwargs": """\
from openai import OpenAI

base = {"model": "gpt-4o", "temperature": 0}


def ask(**over):
    params = {**base, **over}
    params.setdefault("messages", [])
    return OpenAI().chat.completions.create(**params)


ask()
ask(model="gpt-4o-mini")
p = base | {"messages": []}
OpenAI().chat.completions.create(**p)
q = dict(base)
q.update(messages=[], model="gpt-4")
OpenAI().chat.completions.create(**q)
""",
    "walrus and comprehension": """\
from openai import OpenAI

if (c := OpenAI()) is not None:
    [
        c.chat.completions.create(model=m, messages=[])
        for m in ("gpt-4o", "gpt-4o-mini")
        if m
    ]
r = {m: c.chat.completions.create(model=m, messages=[]) for m in ["gpt-4"]}
""",
    "nested attribute holder": """\
from openai import OpenAI


class A:
    pass


class B:
    pass


a = A()
a.b = B()
a.b.c = OpenAI()
a.b.c.chat.completions.create(model="gpt-4o", messages=[])
setattr(a, "d", OpenAI())
a.d.chat.completions.create(model="gpt-4o", messages=[])
getattr(a, "d").chat.completions.create(model="gpt-4o", messages=[])
a.__dict__["e"] = OpenAI()
""",
    "classmethod factory": """\
from openai import OpenAI


class L:
    def __init__(self, c, m):
        self.c, self.m = c, m

    @classmethod
    def make(cls, m="gpt-4o"):
        return cls(OpenAI(), m)

    @staticmethod
    def other():
        return L(OpenAI(), "gpt-4o-mini")

    def ask(self):
        return self.c.chat.completions.create(model=self.m, messages=[])


L.make().ask()
L.other().ask()
""",
    "inherit": """\
from abc import ABC, abstractmethod
from openai import OpenAI


class Base(ABC):
    model = "gpt-4"

    @property
    @abstractmethod
    def client(self): ...
    def ask(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


class O(Base):
    model = "gpt-4o"

    @property
    def client(self):
        return OpenAI()


O().ask()
""",
    "mixin mro": """\
from openai import OpenAI


class Has:
    def __init__(self, **k):
        super().__init__(**k)
        self.client = OpenAI()


class Uses:
    def __init__(self, model="gpt-4o"):
        self.model = model

    def ask(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


class X(Has, Uses):
    pass


X(model="gpt-4o-mini").ask()
""",
    "closure nonlocal": """\
from openai import OpenAI


def make():
    c = None

    def get():
        nonlocal c
        if c is None:
            c = OpenAI()
        return c

    return get


make()().chat.completions.create(model="gpt-4o", messages=[])
""",
    "global lazily": """\
from openai import OpenAI

_client = None


def client():
    global _client
    _client = _client or OpenAI()
    return _client


client().chat.completions.create(model="gpt-4o", messages=[])
""",
    "import in function": """\
def go():
    import openai

    c = openai.OpenAI()
    return c.chat.completions.create(model="gpt-4o", messages=[])


go()
""",
    "try import": """\
try:
    from openai import OpenAI
except ImportError:
    OpenAI = None
c = OpenAI() if OpenAI else None
c.chat.completions.create(model="gpt-4o", messages=[])
""",
    "async gather": """\
import asyncio
from openai import AsyncOpenAI

client = AsyncOpenAI()


async def one(m):
    return await client.chat.completions.create(model=m, messages=[])


async def main():
    await asyncio.gather(*[one(m) for m in ["gpt-4o", "gpt-4o-mini"]])
    async with AsyncOpenAI() as c:
        await c.chat.completions.create(model="gpt-4", messages=[])
    await asyncio.wait_for(
        client.chat.completions.create(model="gpt-4-turbo", messages=[]), 3
    )


asyncio.run(main())
""",
    "thread pool": """\
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from openai import OpenAI

client = OpenAI()


def ask(q, model):
    return client.chat.completions.create(model=model, messages=[q])


with ThreadPoolExecutor() as ex:
    ex.submit(ask, "q", "gpt-4o").result()
    list(ex.map(partial(ask, model="gpt-4o-mini"), ["q"]))
""",
    "bound method kept": """\
from openai import OpenAI

create = OpenAI().chat.completions.create
create(model="gpt-4o", messages=[])


class S:
    def __init__(self):
        self.create = OpenAI().chat.completions.create

    def go(self):
        return self.create(model="gpt-4o", messages=[])


S().go()
""",
    "across files": {
        "app.py": """\
import lib.llm as llm
from lib import get, MODEL as M
from lib.sub.deep import Thing

llm.client.chat.completions.create(model=M, messages=[])
get().chat.completions.create(model=llm.NAMES["small"], messages=[])
Thing().run()
""",
        "lib/__init__.py": """\
from .llm import client, get_client as get
from .conf import *
""",
        "lib/llm.py": """\
from openai import OpenAI

client = OpenAI()


def get_client():
    return client


NAMES = {"small": "gpt-4o-mini"}
""",
        "lib/conf.py": """\
MODEL = "gpt-4o"
""",
        "lib/sub/__init__.py": "",
        "lib/sub/deep.py": """\
from .. import llm
from ..conf import MODEL


class Thing:
    def run(self):
        return llm.client.chat.completions.create(model=MODEL, messages=[])
""",
    },
    "registry decorator": """\
from openai import OpenAI

REG = {}


def register(name):
    def deco(f):
        REG[name] = f
        return f

    return deco


@register("openai")
def ask(m):
    return OpenAI().chat.completions.create(model=m, messages=[])


REG["openai"]("gpt-4o")
for n, f in REG.items():
    f("gpt-4o-mini")
""",
    "class registry": """\
from openai import OpenAI


class Base:
    kinds = {}

    def __init_subclass__(cls, **k):
        Base.kinds[cls.__name__] = cls


class O(Base):
    def __init__(self):
        self.c = OpenAI()

    def ask(self, m):
        return self.c.chat.completions.create(model=m, messages=[])


Base.kinds["O"]().ask("gpt-4o")
""",
    "match": """\
from openai import OpenAI


def pick(kind):
    match kind:
        case "big":
            return "gpt-4o"
        case _:
            return "gpt-4o-mini"


OpenAI().chat.completions.create(model=pick("big"), messages=[])
""",
    "default argument from module const": """\
from openai import OpenAI

DEFAULT = "gpt-4o"


def ask(q, model=DEFAULT, client=OpenAI()):
    return client.chat.completions.create(model=model, messages=[q])


ask("x")


def ask2(q, model=None):
    model = model or DEFAULT
    if model is None:
        model = "gpt-4"
    return OpenAI().chat.completions.create(model=model, messages=[q])


ask2("x")
ask2("y", "gpt-4o-mini")
""",
    "dataclass": """\
from dataclasses import dataclass, field
from openai import OpenAI


@dataclass
class Conf:
    model: str = "gpt-4o"
    client: OpenAI = field(default_factory=OpenAI)


@dataclass
class Agent:
    conf: Conf = field(default_factory=Conf)

    def ask(self):
        return self.conf.client.chat.completions.create(model=self.conf.model, messages=[])


Agent().ask()
Agent(Conf(model="gpt-4o-mini")).ask()
""",
    "nested classes and inner": """\
from openai import OpenAI


class App:
    class LLM:
        MODEL = "gpt-4o"
        client = OpenAI()

        @classmethod
        def ask(cls):
            return cls.client.chat.completions.create(model=cls.MODEL, messages=[])

    def go(self):
        return self.LLM.ask()


App().go()
App.LLM.ask()
""",
    "yield from and generators": """\
from openai import OpenAI


def clients():
    yield OpenAI()
    yield from [OpenAI()]


for c in clients():
    c.chat.completions.create(model="gpt-4o", messages=[])
next(clients()).chat.completions.create(model="gpt-4o", messages=[])
""",
    "functools reduce/cached": """\
from functools import lru_cache, cached_property
from openai import OpenAI


@lru_cache(maxsize=None)
def get(kind="x"):
    return OpenAI()


get().chat.completions.create(model="gpt-4o", messages=[])


class S:
    @cached_property
    def c(self):
        return OpenAI()

    def go(self):
        return self.c.chat.completions.create(model="gpt-4o", messages=[])


S().go()
""",
    "tuple return, swapped": """\
from openai import OpenAI


def pair():
    return OpenAI(), {"model": "gpt-4o"}


c, kw = pair()
c.chat.completions.create(messages=[], **kw)
pair()[0].chat.completions.create(messages=[], **pair()[1])
""",
    "stream with": """\
from openai import OpenAI

c = OpenAI()
with c.chat.completions.stream(model="gpt-4o", messages=[]) as s:
    for e in s:
        pass
""",
    "conditional class choice": """\
from openai import AzureOpenAI, OpenAI
import os

Cls = AzureOpenAI if os.environ.get("AZ") else OpenAI
Cls().chat.completions.create(model="gpt-4o", messages=[])


def make(azure):
    kinds = {"azure": AzureOpenAI, "openai": OpenAI}
    return kinds[azure]()


make("openai").chat.completions.create(model="gpt-4o", messages=[])
""",
    "subclass of client": """\
from openai import OpenAI


class My(OpenAI):
    def __init__(self, **k):
        super().__init__(**k)
        self.model = "gpt-4o"

    def ask(self):
        return self.chat.completions.create(model=self.model, messages=[])


My().ask()
My().chat.completions.create(model="gpt-4o-mini", messages=[])
""",
    "while loop and reassign": """\
from openai import OpenAI

models = ["gpt-4o", "gpt-4o-mini"]
c = OpenAI()
while models:
    m = models.pop(0)
    try:
        r = c.chat.completions.create(model=m, messages=[])
        break
    except Exception as e:
        continue
for i in range(len(["gpt-4"])):
    c.chat.completions.create(model=["gpt-4"][i], messages=[])
""",
    "operator/itemgetter & sorted": """\
from openai import OpenAI

MODELS = {"gpt-4o": 1, "gpt-4o-mini": 2}
best = sorted(MODELS)[0]
OpenAI().chat.completions.create(model=best, messages=[])
OpenAI().chat.completions.create(model=max(MODELS, key=MODELS.get), messages=[])
OpenAI().chat.completions.create(model=next(iter(MODELS)), messages=[])
OpenAI().chat.completions.create(model=list(MODELS.keys())[1], messages=[])
import random

OpenAI().chat.completions.create(model=random.choice(["gpt-4"]), messages=[])
""",
    "post_init, slots": """\
from dataclasses import dataclass
from openai import OpenAI


@dataclass
class A:
    model: str

    def __post_init__(self):
        self.client = OpenAI()

    def ask(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


A("gpt-4o").ask()
A(model="gpt-4o-mini").ask()
""",
    "chained resources": """\
from openai import OpenAI

chat = OpenAI().chat
comp = chat.completions


def go(comp=comp):
    return comp.create(model="gpt-4o", messages=[])


go()
OpenAI().with_options(timeout=3).chat.completions.create(model="gpt-4o", messages=[])
""",
    "TYPE_CHECKING": """\
from __future__ import annotations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import OpenAI


def ask(client: OpenAI, model: str = "gpt-4o"):
    return client.chat.completions.create(model=model, messages=[])


import openai

ask(openai.OpenAI())
""",
    "protocol injection": """\
from typing import Protocol
from openai import OpenAI


class LLM(Protocol):
    def ask(self, q: str) -> str: ...


class Impl:
    def __init__(self):
        self.client = OpenAI()

    def ask(self, q):
        return self.client.chat.completions.create(model="gpt-4o", messages=[q])


class App:
    def __init__(self, llm: LLM):
        self.llm = llm

    def go(self):
        return self.llm.ask("x")


App(Impl()).go()
""",
    "generic repo": """\
from typing import Generic, TypeVar
from openai import OpenAI

T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, item: T):
        self.item = item

    def get(self) -> T:
        return self.item


Box(OpenAI()).get().chat.completions.create(model="gpt-4o", messages=[])
b: Box[OpenAI] = Box(OpenAI())
b.item.chat.completions.create(model="gpt-4o", messages=[])
""",
    "metaclass singleton": """\
from openai import OpenAI


class Singleton(type):
    _i = {}

    def __call__(cls, *a, **k):
        if cls not in cls._i:
            cls._i[cls] = super().__call__(*a, **k)
        return cls._i[cls]


class S(metaclass=Singleton):
    def __init__(self, model="gpt-4o"):
        self.c = OpenAI()
        self.m = model

    def go(self):
        return self.c.chat.completions.create(model=self.m, messages=[])


S().go()
S(model="gpt-4o-mini").go()
""",
    "singledispatch": """\
from functools import singledispatch, singledispatchmethod
from openai import OpenAI


@singledispatch
def ask(q):
    return OpenAI().chat.completions.create(model="gpt-4o", messages=[q])


@ask.register
def _(q: int):
    return OpenAI().chat.completions.create(model="gpt-4o-mini", messages=[q])


ask("x")
ask(1)
""",
    "callback registration": """\
from openai import OpenAI


class Bus:
    def __init__(self):
        self.handlers = []

    def on(self, f):
        self.handlers.append(f)
        return f

    def fire(self, x):
        for h in self.handlers:
            h(x)


bus = Bus()


@bus.on
def handle(m):
    OpenAI().chat.completions.create(model=m, messages=[])


bus.fire("gpt-4o")
""",
    "module level config class": """\
from openai import OpenAI


class Config:
    MODEL = "gpt-4o"

    class LLM:
        SMALL = "gpt-4o-mini"


cfg = Config()
OpenAI().chat.completions.create(model=cfg.MODEL, messages=[])
OpenAI().chat.completions.create(model=Config.LLM.SMALL, messages=[])
OpenAI().chat.completions.create(model=getattr(Config, "MODEL"), messages=[])
""",
    "config dict nested": """\
from openai import OpenAI

CONFIG = {"llm": {"model": "gpt-4o", "opts": {"temperature": 0}}, "list": ["gpt-4o-mini"]}
OpenAI().chat.completions.create(
    model=CONFIG["llm"]["model"], messages=[], **CONFIG["llm"]["opts"]
)
OpenAI().chat.completions.create(model=CONFIG.get("llm", {}).get("model"), messages=[])
OpenAI().chat.completions.create(model=CONFIG["list"][0], messages=[])
llm = CONFIG["llm"]
llm["model"] = "gpt-4"
OpenAI().chat.completions.create(model=llm["model"], messages=[])
""",
    "cross file cycles": {
        "app.py": """\
from pkg import a

a.run()
""",
        "pkg/__init__.py": "",
        "pkg/a.py": """\
from . import b

MODEL = "gpt-4o"


def run():
    return b.ask()
""",
        "pkg/b.py": """\
from openai import OpenAI
from . import a


def ask():
    return OpenAI().chat.completions.create(model=a.MODEL, messages=[])
""",
    },
    "all and star": {
        "app.py": """\
from pkg import *

ask("gpt-4o")
client.chat.completions.create(model=DEFAULT, messages=[])
""",
        "pkg/__init__.py": """\
from .core import *
from .core import _hidden as client

__all__ = ["ask", "DEFAULT", "client"]
""",
        "pkg/core.py": """\
import openai

_hidden = openai.OpenAI()
DEFAULT = "gpt-4o-mini"


def ask(m):
    return _hidden.chat.completions.create(model=m, messages=[])
""",
    },
    "importlib local": {
        "app.py": """\
import importlib

mod = importlib.import_module("providers.oai")
mod.Provider().ask()
from importlib import import_module

cls = getattr(import_module("providers.oai"), "Provider")
cls().ask()
""",
        "providers/__init__.py": "",
        "providers/oai.py": """\
from openai import OpenAI


class Provider:
    def ask(self):
        return OpenAI().chat.completions.create(model="gpt-4o", messages=[])
""",
    },
    "inherit across files": {
        "app.py": """\
from svc import Chat

Chat().run("hi")
""",
        "base.py": """\
class Base:
    model = None

    def __init__(self):
        self.client = self.make()

    def make(self):
        raise NotImplementedError

    def run(self, q):
        return self.client.chat.completions.create(model=self.model, messages=[q])
""",
        "svc.py": """\
from openai import OpenAI
from base import Base


class Chat(Base):
    model = "gpt-4o"

    def make(self):
        return OpenAI()
""",
    },
    "kwargs pop and defaults": """\
from openai import OpenAI


class L:
    def __init__(self, **kwargs):
        self.model = kwargs.pop("model", "gpt-4o")
        self.client = kwargs.get("client") or OpenAI()

    def go(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


L().go()
L(model="gpt-4o-mini", client=OpenAI()).go()
""",
    "try except fallback model": """\
from openai import OpenAI, RateLimitError


def ask(model="gpt-4o", fallback="gpt-4o-mini"):
    c = OpenAI()
    try:
        r = c.chat.completions.create(model=model, messages=[])
        raise ValueError(r)
    except (RateLimitError, ValueError):
        return c.chat.completions.create(model=fallback, messages=[])


ask()
for m in ("gpt-4", "gpt-4-turbo"):
    try:
        OpenAI().chat.completions.create(model=m, messages=[])
    except Exception:
        pass
""",
    "global table by task": """\
from openai import OpenAI

MODELS = {"chat": ("gpt-4o", 0.1), "embed": ("text-embedding-3-small", 0)}


def model_for(task):
    name, price = MODELS[task]
    return name


OpenAI().chat.completions.create(model=model_for("chat"), messages=[])
OpenAI().embeddings.create(model=MODELS["embed"][0], input="x")
""",
    "contextvar/threadlocal": """\
import threading
from contextvars import ContextVar
from openai import OpenAI

cv = ContextVar("c")
cv.set(OpenAI())
cv.get().chat.completions.create(model="gpt-4o", messages=[])
local = threading.local()
local.client = OpenAI()
local.client.chat.completions.create(model="gpt-4o", messages=[])
""",
    "property setter & slots": """\
from openai import OpenAI


class S:
    __slots__ = ("_c",)

    @property
    def c(self):
        return self._c

    @c.setter
    def c(self, v):
        self._c = v


s = S()
s.c = OpenAI()
s.c.chat.completions.create(model="gpt-4o", messages=[])
""",
    "chained builder": """\
from openai import OpenAI


class B:
    def __init__(self):
        self.kw = {}

    def model(self, m):
        self.kw["model"] = m
        return self

    def messages(self, m):
        self.kw["messages"] = m
        return self

    def send(self):
        return OpenAI().chat.completions.create(**self.kw)


B().model("gpt-4o").messages([]).send()
""",
    "default factory in function attr": """\
from openai import OpenAI


def ask():
    return ask.client.chat.completions.create(model=ask.model, messages=[])


ask.client = OpenAI()
ask.model = "gpt-4o"
ask()
""",
    "conditional expression model": """\
from openai import OpenAI


def ask(fast):
    return OpenAI().chat.completions.create(
        model="gpt-4o-mini" if fast else "gpt-4o", messages=[]
    )


ask(True)
ask(False)
m = ("gpt-4", "gpt-4-turbo")[True]
OpenAI().chat.completions.create(model=m, messages=[])
""",
    "itertools": """\
import itertools
from openai import OpenAI

for m, t in itertools.product(["gpt-4o"], [0, 1]):
    OpenAI().chat.completions.create(model=m, messages=[])
for m in itertools.chain(["gpt-4o-mini"], ["gpt-4"]):
    OpenAI().chat.completions.create(model=m, messages=[])
cyc = itertools.cycle([OpenAI(), OpenAI()])
next(cyc).chat.completions.create(model="gpt-4o", messages=[])
""",
    "deque defaultdict": """\
from collections import deque, defaultdict, OrderedDict, Counter
from openai import OpenAI

d = deque([OpenAI()])
d[0].chat.completions.create(model="gpt-4o", messages=[])
d.rotate(1)
d.popleft().chat.completions.create(model="gpt-4o", messages=[])
dd = defaultdict(OpenAI)
dd["x"].chat.completions.create(model="gpt-4o", messages=[])
od = OrderedDict(a=OpenAI())
od["a"].chat.completions.create(model="gpt-4o", messages=[])
cache = {}


def get(k):
    if k not in cache:
        cache[k] = OpenAI()
    return cache[k]


get("a").chat.completions.create(model="gpt-4o", messages=[])
get_ = cache.setdefault("b", OpenAI())
get_.chat.completions.create(model="gpt-4o", messages=[])
""",
    "wrapper class delegating": """\
from openai import OpenAI


class Retrying:
    def __init__(self, f):
        self.f = f

    def __call__(self, *a, **k):
        return self.f(*a, **k)


class S:
    def __init__(self):
        self.client = OpenAI()
        self.create = Retrying(self.client.chat.completions.create)

    def go(self):
        return self.create(model="gpt-4o", messages=[])


S().go()
""",
    "decorator class": """\
from openai import OpenAI


class traced:
    def __init__(self, f):
        self.f = f

    def __call__(self, *a, **k):
        return self.f(*a, **k)


@traced
def ask(m):
    return OpenAI().chat.completions.create(model=m, messages=[])


ask("gpt-4o")
""",
    "decorator injecting client": """\
from functools import wraps
from openai import OpenAI


def with_client(f):
    @wraps(f)
    def inner(*a, **k):
        return f(OpenAI(), *a, **k)

    return inner


@with_client
def ask(client, m):
    return client.chat.completions.create(model=m, messages=[])


ask("gpt-4o")
""",
    "super init kwargs": """\
from openai import OpenAI


class A:
    def __init__(self, *, client=None, model="gpt-4"):
        self.client = client or OpenAI()
        self.model = model


class B(A):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, model="gpt-4o", **kwargs)

    def go(self):
        return self.client.chat.completions.create(model=self.model, messages=[])


B().go()
B(client=OpenAI()).go()
""",
    "string template names": """\
from openai import OpenAI

NAME = "gpt-4o"
OpenAI().chat.completions.create(model=str(NAME), messages=[])
OpenAI().chat.completions.create(model="%s" % NAME, messages=[])
OpenAI().chat.completions.create(model="{}".format(NAME), messages=[])
OpenAI().chat.completions.create(model=f"{NAME}", messages=[])
""",
    "del and rebinding": """\
from openai import OpenAI

c = None


def setup():
    global c
    c = OpenAI()


setup()


def use():
    return c.chat.completions.create(model="gpt-4o", messages=[])


use()
x = "not a model"
x = "gpt-4o"
OpenAI().chat.completions.create(model=x, messages=[])
""",
    "nested functions with args": """\
from openai import OpenAI


def outer(client):
    def mid(model):
        def inner(q):
            return client.chat.completions.create(model=model, messages=[q])

        return inner

    return mid


outer(OpenAI())("gpt-4o")("q")
""",
    "multiple inheritance settings": """\
from openai import OpenAI


class Defaults:
    MODEL = "gpt-4o"


class Mixin:
    @property
    def model(self):
        return self.MODEL


class S(Mixin, Defaults):
    client = OpenAI()

    def go(self):
        return type(self).client.chat.completions.create(model=self.model, messages=[])

    def go2(self):
        return self.__class__.client.chat.completions.create(model=self.model, messages=[])


S().go()
S().go2()
""",
    "alias import as": {
        "app.py": """\
import a.b as ab
from a import b as bb
import a.b

ab.C.chat.completions.create(model="gpt-4o", messages=[])
bb.C.chat.completions.create(model="gpt-4o", messages=[])
a.b.C.chat.completions.create(model="gpt-4o", messages=[])
""",
        "a/__init__.py": "",
        "a/b.py": """\
from openai import OpenAI

C = OpenAI()
""",
    },
}
