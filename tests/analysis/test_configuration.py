"""Settings that a framework keeps: what reaches a call through them, and what names them."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import ModelFacts, VariableFacts
from tests.analysis.programs import sites_of

DJANGO = """
    from django.conf import settings
    from openai import OpenAI
    client = OpenAI(api_key=settings.OPENAI_API_KEY)
    client.chat.completions.create(model=settings.CHAT_MODEL, messages=[])
"""
FLASK = """
    from flask import current_app
    from openai import OpenAI
    client = OpenAI(api_key=current_app.config["OPENAI_API_KEY"])
    client.chat.completions.create(model=current_app.config["CHAT_MODEL"], messages=[])
"""
APPLICATION = """
    from flask import Flask
    app = Flask(__name__)
    app.config.{filled}
"""
CLASS = """
    class Config:
        CHAT_MODEL = "gpt-4o"
    class Production(Config):
        DEBUG = False
"""


def reaching(files: dict[str, str], settings: tuple[str, ...] = ()) -> list[str]:
    """The models that reach a call, each with its place."""
    return [
        f"{site.path}:{site.span.line} {site.detail}"
        for site in sites_of(files, settings)
        if isinstance(site.facts, ModelFacts) and site.facts.reaches
    ]


def variables(files: dict[str, str], settings: tuple[str, ...] = ()) -> list[str]:
    """How every key variable is got at, and whether its value reaches anything."""
    return [
        f"{site.path}:{site.span.line} {site.facts.access} {bool(site.facts.reaches)}"
        for site in sites_of(files, settings)
        if isinstance(site.facts, VariableFacts)
    ]


def test_djangos_settings_are_those_of_every_settings_module() -> None:
    files = {
        "chat/views.py": DJANGO,
        "site/base.py": 'import os\nOPENAI_API_KEY = os.environ["OPENAI_API_KEY"]',
        "site/live.py": 'from .base import *\nCHAT_MODEL = "gpt-4o"',
        "site/test.py": 'from .base import *\nCHAT_MODEL = "gpt-4o-mini"',
    }
    settings = ("site/base.py", "site/live.py", "site/test.py")
    assert reaching(files, settings) == ["site/live.py:2 gpt-4o", "site/test.py:2 gpt-4o-mini"]
    assert variables(files, settings) == [
        "chat/views.py:3 attribute False",
        "site/base.py:2 required_read True",
    ]


def test_without_settings_modules_nothing_is_known_of_them() -> None:
    files = {"chat/views.py": DJANGO, "site/base.py": 'CHAT_MODEL = "gpt-4o"'}
    assert reaching(files) == []


def test_a_test_overrides_a_setting() -> None:
    files = {
        "chat/views.py": DJANGO,
        "site/base.py": "INSTALLED_APPS = []",
        "chat/tests.py": """
            from django.test import override_settings
            @override_settings(CHAT_MODEL="gpt-4o-mini")
            def test_it():
                import chat.views
        """,
    }
    assert reaching(files, ("site/base.py",)) == ["chat/tests.py:2 gpt-4o-mini"]


@pytest.mark.parametrize(
    ("filled", "more"),
    [
        ('from_object("config.Production")', {"config.py": CLASS}),
        ('from_object("config")', {"config.py": 'CHAT_MODEL = "gpt-4o"'}),
        ('from_pyfile("config.py")', {"config.py": 'CHAT_MODEL = "gpt-4o"'}),
        ('from_mapping(CHAT_MODEL="gpt-4o")', {}),
        ('update({"CHAT_MODEL": "gpt-4o"})', {}),
        ('setdefault("CHAT_MODEL", "gpt-4o")', {}),
        ('__setitem__("OTHER", "gpt-4o-mini")\napp.config["CHAT_MODEL"] = "gpt-4o"', {}),
    ],
    ids=["class", "module", "file", "names", "mapping", "default", "item"],
)
def test_flasks_settings_are_what_the_application_is_filled_with(
    filled: str, more: dict[str, str]
) -> None:
    application = APPLICATION.replace("{filled}", filled.replace("\n", "\n    "))
    files = {"app.py": application, "views.py": FLASK, **more}
    assert [one.split()[1] for one in reaching(files)] == ["gpt-4o"]


def test_the_name_of_a_flask_setting_is_no_variable_of_the_environment() -> None:
    config = 'import os\nOPENAI_API_KEY = os.environ["OPENAI_API_KEY"]'
    files = {
        "app.py": APPLICATION.replace("{filled}", 'from_object("config")'),
        "config.py": config,
        "views.py": FLASK,
    }
    assert variables(files) == [
        "config.py:2 required_read True",
        "views.py:3 attribute False",
    ]


def test_the_key_of_a_dictionary_is_no_variable_of_the_environment() -> None:
    program = """
        import os
        from openai import OpenAI
        CONFIG = {"OPENAI_API_KEY": os.environ["OPENAI_API_KEY"]}
        OpenAI(api_key=CONFIG["OPENAI_API_KEY"])
        OpenAI(api_key=CONFIG.get("OPENAI_API_KEY"))
    """
    assert variables({"app.py": program}) == [
        "app.py:3 attribute False",
        "app.py:3 required_read True",
        "app.py:4 attribute False",
        "app.py:5 attribute False",
    ]


@pytest.mark.parametrize(
    "made",
    [
        "import environ\nenv = environ.Env()",
        "from environ import environ\nenv = environ.Env(DEBUG=(bool, False))",
        "from environs import Env\nenv = Env()\nenv.read_env()",
        'from starlette.config import Config\nenv = Config(".env")',
        "from decouple import AutoConfig\nenv = AutoConfig()",
    ],
)
def test_a_reader_that_is_made_first_reads_variables(made: str) -> None:
    used = (
        "from openai import OpenAI\n"
        'OpenAI(api_key=env("OPENAI_API_KEY")).chat.completions.create(\n'
        '    model=env("CHAT_MODEL", default="gpt-4o"), messages=[])\n'
    )
    program = {"app.py": f"{made}\n{used}"}
    assert [one.split()[-2:] for one in variables(program)] == [["read", "True"]]
    assert [one.split()[1] for one in reaching(program)] == ["gpt-4o"]


def test_a_declaration_gives_a_reader_its_default() -> None:
    program = """
        import environ
        from openai import OpenAI
        env = environ.Env(CHAT_MODEL=(str, "gpt-4o"))
        OpenAI().chat.completions.create(model=env("CHAT_MODEL"), messages=[])
    """
    assert reaching({"app.py": program}) == ["app.py:3 gpt-4o"]


def test_a_key_that_is_put_into_a_client_reaches_it() -> None:
    program = """
        import os
        from openai import OpenAI
        client = OpenAI(api_key="")
        client.api_key = os.getenv("OPENAI_API_KEY")
        client.models.list()
    """
    assert variables({"app.py": program}) == ["app.py:4 read True"]
