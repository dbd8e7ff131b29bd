"""Where frameworks of applications keep clients and models: on state, in settings, in widgets."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import CallFacts
from tests.analysis.programs import found, sites_of

# What the program is -> its source, and for every call its line and the models that reach it.
KEPT: dict[str, tuple[str, list[tuple[int, set[str]]]]] = {
    "state of a FastAPI application": (
        """
        from fastapi import Depends, FastAPI, Request
        from openai import AsyncOpenAI
        app = FastAPI()
        @app.on_event("startup")
        async def start(): app.state.openai = AsyncOpenAI()
        def client_of(request: Request): return request.app.state.openai
        @app.get("/")
        async def ask(request: Request, client=Depends(client_of)):
            await client.chat.completions.create(model="gpt-4o", messages=[])
            openai = request.app.state.openai
            await openai.embeddings.create(model="text-embedding-3-small", input="")
        """,
        [(9, {"gpt-4o"}), (11, {"text-embedding-3-small"})],
    ),
    "session of a Streamlit page": (
        """
        import streamlit as st
        from openai import OpenAI
        if "client" not in st.session_state:
            st.session_state.client = OpenAI()
            st.session_state["model"] = "gpt-4o"
        left, right = st.columns(2)
        picked = left.selectbox("Model", ["gpt-4o-mini", "gpt-4"])
        other = st.sidebar.radio("Model", options=("gpt-4-turbo",))
        model = st.session_state.model
        st.session_state["client"].chat.completions.create(model=model, messages=[])
        st.session_state.client.chat.completions.create(model=picked, messages=[])
        st.session_state.client.chat.completions.create(model=other, messages=[])
        """,
        [(10, {"gpt-4o"}), (11, {"gpt-4o-mini", "gpt-4"}), (12, {"gpt-4-turbo"})],
    ),
    "globals of a Flask application": (
        """
        from flask import Flask, current_app, g
        from openai import OpenAI
        app = Flask(__name__)
        app.config["MODEL"] = "gpt-4o"
        @app.before_request
        def before(): g.client = OpenAI()
        @app.route("/")
        def ask():
            return g.client.chat.completions.create(model=current_app.config["MODEL"], messages=[])
        """,
        [(9, {"gpt-4o"})],
    ),
    "attribute of a bot": (
        """
        from discord.ext import commands
        from openai import AsyncOpenAI
        class Bot(commands.Bot):
            def __init__(self):
                super().__init__()
                self.openai = AsyncOpenAI()
        bot = Bot()
        @bot.command()
        async def ask(context, question):
            await bot.openai.chat.completions.create(model="gpt-4o", messages=[])
        """,
        [(10, {"gpt-4o"})],
    ),
    "task of Celery": (
        """
        from celery import shared_task
        from openai import OpenAI
        client = OpenAI()
        @shared_task
        def ask(question, model="gpt-4o"):
            client.chat.completions.create(model=model, messages=[question])
        ask.delay("hello", model="gpt-4")
        """,
        [(6, {"gpt-4o", "gpt-4"})],
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_found_again(name: str) -> None:
    program, expected = KEPT[name]
    calls = [site for site in sites_of(program) if isinstance(site.facts, CallFacts)]
    assert all(site.certainty.value == "proven" for site in calls)
    models = [
        (site.span.line, set(site.facts.model_values))
        for site in calls
        if isinstance(site.facts, CallFacts)
    ]
    assert models == expected


def test_what_a_program_has_put_into_something_of_a_package_may_be_a_client() -> None:
    program = """
    from telegram.ext import ContextTypes
    from groq import Groq
    async def handle(update, context: ContextTypes.DEFAULT_TYPE):
        await context.bot_data["client"].chat.completions.create(model="gpt-4o", messages=[])
        Groq().chat.completions.create(model="llama", messages=[])
    """
    assert [one for one in found(program) if " call " in one] == [
        "app.py:4 call chat.completions.create?"
    ]
