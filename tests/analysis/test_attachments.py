"""What a program hangs on objects from outside is found where it is taken from them."""

from __future__ import annotations

import pytest

from tests.analysis.programs import calls, found

CREATE = "chat.completions.create"
ATTACHED = {
    "an application's state, set where it starts": (
        """
        from fastapi import FastAPI, Request
        from openai import AsyncOpenAI
        async def lifespan(app: FastAPI):
            app.state.client = AsyncOpenAI()
            yield
        app = FastAPI(lifespan=lifespan)
        async def ask(request: Request):
            return await request.app.state.client.chat.completions.create(model="gpt-4o")
        """,
        f"app.py:8 call {CREATE}",
    ),
    "an attribute of a blueprint": (
        """
        from quart import Blueprint
        from openai import AsyncOpenAI
        bp = Blueprint("chat", __name__)
        @bp.before_app_serving
        async def configure():
            bp.client = AsyncOpenAI()
        @bp.post("/chat")
        async def chat():
            async def stream():
                async with bp.client.responses.stream(model="gpt-4o", input="hi") as events:
                    yield events
            return stream()
        """,
        "app.py:10 call responses.stream",
    ),
    "what a request keeps": (
        """
        from flask import g
        from openai import OpenAI
        def before():
            g.client = OpenAI()
        def ask():
            return g.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        f"app.py:6 call {CREATE}",
    ),
    "an item of a session that is read as its attribute": (
        """
        import streamlit as st
        from openai import OpenAI
        if "client" not in st.session_state:
            st.session_state["client"] = OpenAI()
        st.session_state.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        f"app.py:5 call {CREATE}",
    ),
    "a session with a method for each": (
        """
        import chainlit as cl
        from openai import AsyncOpenAI
        async def start():
            cl.user_session.set("client", AsyncOpenAI())
        async def answer():
            client = cl.user_session.get("client")
            await client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        f"app.py:7 call {CREATE}",
    ),
    "something of each thread's own": (
        """
        import threading
        from openai import OpenAI
        local = threading.local()
        def ask():
            if not hasattr(local, "client"):
                local.client = OpenAI()
            return local.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        f"app.py:7 call {CREATE}",
    ),
    "a plain namespace": (
        """
        from types import SimpleNamespace
        from openai import OpenAI
        state = SimpleNamespace()
        state.client = OpenAI()
        state.client.chat.completions.create(model="gpt-4o", messages=[])
        """,
        f"app.py:5 call {CREATE}",
    ),
}


@pytest.mark.parametrize(("program", "expected"), ATTACHED.values(), ids=ATTACHED)
def test_a_client_is_found_where_it_hangs(program: str, expected: str) -> None:
    assert calls(program) == [expected]


def test_an_object_of_another_package_does_not_have_it() -> None:
    program = """
        import discord
        from flask import g
        from openai import OpenAI
        g.client = OpenAI()
        bot = discord.Bot()
        bot.client.chat.completions.create(model="x", messages=[])
        """
    assert [line for line in calls(program) if "?" not in line] == []


def test_what_another_providers_client_hangs_on_is_not_openais() -> None:
    program = """
        import streamlit as st
        from groq import Groq
        st.session_state.client = Groq()
        st.session_state.client.chat.completions.create(model="llama", messages=[])
        """
    assert found(program) == []
