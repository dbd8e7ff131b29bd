"""Variables: their readers, the .env files, and what still needs the old ones."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, Checklist, Convert, Leave, items_of, planned

NOTE = "# A key of Alibaba Cloud Model Studio (Bailian): https://bailian.console.aliyun.com\n"
CALL = f'def ask(q):\n    return client.chat.completions.create(model="gpt-4o", {ASK})\n'
BARE = f"from openai import OpenAI\nclient = OpenAI()\n{CALL}"
READS = (
    'import os\nfrom openai import OpenAI\nclient = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n'
    + CALL
)
# A client that stays on OpenAI beside one that moves.
STAYS = (
    "from openai import OpenAI\nother = OpenAI()\n"
    "def say(q):\n    return other.moderations.create(input=q)\n"
)


def env_after(text: str, code: str = BARE, *, more: str = "", keep_env_names: bool = False) -> str:
    files = {"app.py": code, ".env": text}
    if more:
        files["more.py"] = more
    found = planned(files, keep_env_names=keep_env_names)
    return found.after(".env")


@pytest.mark.parametrize("code", [BARE, READS])
def test_a_key_is_renamed_and_its_value_is_not_copied(code: str) -> None:
    assert env_after("OPENAI_API_KEY=sk-test\n", code) == f"{NOTE}DASHSCOPE_API_KEY=\n"


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ('export OPENAI_API_KEY="sk-test"', 'export DASHSCOPE_API_KEY=""'),
        ("OPENAI_API_KEY = 'sk-test'  # mine", "DASHSCOPE_API_KEY = ''  # mine"),
        ("OPENAI_API_KEY=", "DASHSCOPE_API_KEY="),
        ("OPENAI_API_KEY=sk-test # mine", "DASHSCOPE_API_KEY= # mine"),
    ],
)
def test_a_line_keeps_its_manner(line: str, after: str) -> None:
    text = f"# first\nA=1\n{line}\nB=2\n"
    assert env_after(text) == f"# first\nA=1\n{NOTE}{after}\nB=2\n"


def test_line_ends_are_kept() -> None:
    found = env_after("A=1\r\nOPENAI_API_KEY=sk-test\r\n")
    assert found == "A=1\r\n" + NOTE.replace("\n", "\r\n") + "DASHSCOPE_API_KEY=\r\n"


def test_a_base_url_becomes_the_providers_and_is_never_empty() -> None:
    assert env_after("OPENAI_BASE_URL=\n") == f"DASHSCOPE_BASE_URL={URL}\n"
    text = "OPENAI_BASE_URL=https://api.openai.com/v1\n"
    assert env_after(text) == f"DASHSCOPE_BASE_URL={URL}\n"


def test_an_address_of_somebody_else_stays() -> None:
    found = planned({"app.py": BARE, ".env": "OPENAI_BASE_URL=http://localhost:1/v1\n"})
    assert isinstance(found.decision(".env", Kind.ENV_KEY), Leave)


def test_variables_of_openais_own_go() -> None:
    assert env_after("OPENAI_ORG_ID=o\nA=1\n") == "A=1\n"


def test_a_variable_that_another_file_names_stays() -> None:
    files = {"app.py": BARE, ".env": "OPENAI_ORG_ID=o\n", "run.sh": "echo $OPENAI_ORG_ID\n"}
    found = planned(files)
    assert items_of(found.decision(".env", Kind.ENV_KEY)) == ["variable-unused"]


@pytest.mark.parametrize("name", ["OPENAI_KEY", "OPENAICOM_KEY", "MY_OPENAI_KEY", "OPENAI_TOKEN"])
def test_the_only_key_has_the_providers_name(name: str) -> None:
    code = READS.replace("OPENAI_API_KEY", name)
    found = planned({"app.py": code, ".env": f"{name}=abc\n"})
    assert 'os.environ["DASHSCOPE_API_KEY"]' in found.after()
    assert found.after(".env") == f"{NOTE}DASHSCOPE_API_KEY=\n"
    assert found.item("get-a-key").action.endswith("set `DASHSCOPE_API_KEY`.")


def test_keys_that_differ_by_their_owner_alone_become_one() -> None:
    code = f"""
    import os
    from openai import OpenAI
    if os.environ["HOST"] == "azure":
        client = OpenAI(
            base_url=f"{{os.environ['AZURE_OPENAI_ENDPOINT']}}/openai/v1/",
            api_key=os.environ["AZURE_OPENAI_KEY"],
        )
    else:
        client = OpenAI(api_key=os.environ["OPENAICOM_KEY"])
    def ask(q):
        return client.chat.completions.create(model="gpt-4o", {ASK})
    """
    lines = "AZURE_OPENAI_KEY=\nOPENAICOM_KEY=abc\n"
    found = planned({"app.py": code, ".env": lines})
    assert "AZURE" not in found.after()
    assert found.after().count('os.environ["DASHSCOPE_API_KEY"]') == 2
    assert found.after(".env") == f"{NOTE}DASHSCOPE_API_KEY=\n"


TWO_KEYS = READS.replace(
    "client =",
    'spare = OpenAI(api_key=os.environ["MY_OPENAI_KEY"])\nspare.models.list()\nclient =',
)


def test_a_second_key_keeps_its_other_words() -> None:
    found = planned({"app.py": TWO_KEYS, ".env": "OPENAI_API_KEY=abc\nMY_OPENAI_KEY=abc\n"})
    assert 'os.environ["MY_DASHSCOPE_KEY"]' in found.after()
    assert found.after(".env") == f"{NOTE}DASHSCOPE_API_KEY=\n{NOTE}MY_DASHSCOPE_KEY=\n"
    both = "set `DASHSCOPE_API_KEY` and `MY_DASHSCOPE_KEY`."
    assert found.item("get-a-key").action.endswith(both)


def test_a_name_that_is_taken_is_not_given() -> None:
    found = planned({"app.py": TWO_KEYS, ".env": "MY_OPENAI_KEY=abc\nMY_DASHSCOPE_KEY=other\n"})
    assert 'os.environ["MY_OPENAI_KEY"]' in found.after()
    assert "variable-kept" in found.codes()


def test_a_name_that_holds_more_than_a_key_keeps_its_words() -> None:
    code = READS.replace(
        'os.environ["OPENAI_API_KEY"]', 'os.environ["OPENAI_API_KEYS"].split(",")[0]'
    )
    assert 'os.environ["DASHSCOPE_API_KEYS"]' in planned(code).after()


def test_messages_that_name_the_old_variable_are_told() -> None:
    found = planned(READS + 'print("the key is read from OPENAI_API_KEY")\n')
    assert "app.py:6" in found.item("variable-renamed").action


def test_a_variable_that_goes_with_another_address_is_not_told_of() -> None:
    found = planned("""
import os
from openai import OpenAI
class Asker:
    def __init__(self, model, key, url=None):
        self.model = model
        match model:
            case _:
                self.client = OpenAI(api_key=key, base_url=url)
    def ask(self):
        return self.client.chat.completions.create(model=self.model, messages=[])
def ours(url=None):
    return Asker("gpt-4o", os.environ["LLM_KEY"], os.getenv("OPENAI_BASE_URL", url))
def theirs(url=None):
    return Asker("acme-1", os.environ["ACME_KEY"], url or "https://api.example.com/v1")
""")
    assert f'base_url=url or "{URL}"' in found.after()
    assert "`LLM_KEY`" in found.item("variable-kept").title


def test_a_variable_of_a_neutral_name_keeps_it_and_is_told() -> None:
    code = READS.replace(
        'api_key=os.environ["OPENAI_API_KEY"]',
        'api_key=os.environ["LLM_KEY"], base_url=os.getenv("LLM_URL", "https://api.openai.com/v1")',
    )
    found = planned({"app.py": code, ".env": "LLM_KEY=\nLLM_URL=https://api.openai.com/v1\n"})
    assert f'os.getenv("LLM_URL", "{URL}")' in found.after()
    assert 'os.environ["LLM_KEY"]' in found.after()
    assert found.after(".env") == f"LLM_KEY=\nLLM_URL={URL}\n"
    assert found.item("get-a-key").action.endswith("set `LLM_KEY`.")
    told = [one.action for one in found.plan.checklist if one.code == "variable-kept"]
    assert told == [
        "Where `LLM_KEY` is set, set it to a key of Alibaba Cloud Model Studio (Bailian).",
        f"Where `LLM_URL` is set, set it to `{URL}`.",
    ]


def test_a_line_that_is_there_already_is_not_written_twice() -> None:
    text = "OPENAI_API_KEY=sk-test\nDASHSCOPE_API_KEY=mine\n"
    assert env_after(text) == "DASHSCOPE_API_KEY=mine\n"


def test_what_stays_on_openai_keeps_its_variable() -> None:
    text = 'OPENAI_API_KEY="sk-test" # mine\nA=1\n'
    after = env_after(text, READS, more=STAYS)
    assert after == f'OPENAI_API_KEY="sk-test" # mine\n{NOTE}DASHSCOPE_API_KEY=""\nA=1\n'


def test_a_read_that_serves_both_stays_and_the_moved_client_reads_its_own() -> None:
    code = f"""
    import os
    from openai import OpenAI
    KEY = os.environ["OPENAI_API_KEY"]
    client = OpenAI(api_key=KEY)
    other = OpenAI(api_key=KEY)
    def ask(q):
        return client.chat.completions.create(model="gpt-4o", {ASK})
    def say(q):
        return other.moderations.create(input=q)
    """
    found = planned(code)
    after = found.after()
    assert 'KEY = os.environ["OPENAI_API_KEY"]' in after
    assert 'api_key=os.environ["DASHSCOPE_API_KEY"]' in after
    assert "other = OpenAI(api_key=KEY)" in after
    assert items_of(found.decision("app.py", Kind.ENV_KEY)) == ["variable-shared"]


def test_presence_checks_and_tests_move_with_the_readers() -> None:
    found = planned(
        {
            "app.py": 'import os\nif "OPENAI_API_KEY" not in os.environ:\n    raise SystemExit\n'
            + BARE,
            "tests/test_app.py": "def test_it(monkeypatch):\n"
            '    monkeypatch.setenv("OPENAI_API_KEY", "x")\n',
        }
    )
    assert 'if "DASHSCOPE_API_KEY" not in os.environ' in found.after()
    assert 'setenv("DASHSCOPE_API_KEY", "x")' in found.after("tests/test_app.py")


def test_a_check_stays_where_something_stays() -> None:
    check = 'import os\nif not os.getenv("OPENAI_API_KEY"):\n    raise SystemExit\n'
    found = planned({"app.py": BARE, "more.py": check + STAYS})
    assert 'os.getenv("OPENAI_API_KEY")' in found.rewritten()["more.py"]
    assert "variable-shared" in found.codes("more.py")


def test_nothing_is_renamed_where_nothing_moves() -> None:
    found = planned({"app.py": STAYS, ".env": "OPENAI_API_KEY=sk-test\n"})
    assert found.plan.edits == ()
    assert items_of(found.decision(".env", Kind.ENV_KEY)) == ["variable-waits"]


def test_the_address_of_a_moved_client_is_nothing_that_stays() -> None:
    code = READS.replace("api_key=", 'base_url="https://api.openai.com/v1", api_key=')
    found = planned({"app.py": code, ".env": "OPENAI_API_KEY=sk-test\n"})
    assert found.after(".env") == f"{NOTE}DASHSCOPE_API_KEY=\n"
    assert "OPENAI_API_KEY" not in found.after()


def test_a_settings_field_is_renamed_with_its_uses() -> None:
    found = planned(
        {
            "settings.py": """
            from pydantic_settings import BaseSettings
            class Settings(BaseSettings):
                openai_api_key: str
                openai_model: str = "gpt-4o"
            settings = Settings()
            """,
            "app.py": f"""
            from openai import OpenAI
            from settings import settings
            client = OpenAI(api_key=settings.openai_api_key)
            def ask(q):
                return client.chat.completions.create(model=settings.openai_model, {ASK})
            """,
            ".env": "OPENAI_API_KEY=sk-test\nOPENAI_MODEL=gpt-4o-mini\n",
        }
    )
    assert "dashscope_api_key: str" in found.after("settings.py")
    assert "api_key=settings.dashscope_api_key" in found.after()
    assert found.after(".env") == f"{NOTE}DASHSCOPE_API_KEY=\nOPENAI_MODEL=qwen3.8-flash\n"
    assert "key-from-elsewhere" not in found.codes()


def test_a_secret_for_a_default_goes() -> None:
    code = READS.replace('os.environ["OPENAI_API_KEY"]', 'os.getenv("OPENAI_API_KEY", "sk-test")')
    found = planned(code)
    assert "sk-test" not in found.after()
    assert found.item("key-in-source")


# -- names that are kept ---------------------------------------------------------------------------


def test_names_are_kept_as_asked() -> None:
    found = planned({"app.py": READS, ".env": "OPENAI_API_KEY=sk-test\n"}, keep_env_names=True)
    assert 'api_key=os.environ["OPENAI_API_KEY"]' in found.after()
    assert f'base_url=os.getenv("OPENAI_BASE_URL", "{URL}")' in found.after()
    assert found.after(".env") == "OPENAI_API_KEY=\n"
    assert "variable-kept" in found.codes()


def test_a_bare_client_reads_its_key_by_itself_under_the_old_name() -> None:
    after = planned(BARE, keep_env_names=True).after()
    assert "api_key" not in after
    assert "base_url" in after


def test_a_name_that_is_needed_on_openai_cannot_be_kept() -> None:
    text = "OPENAI_API_KEY=sk-test\n"
    after = env_after(text, READS, more=STAYS, keep_env_names=True)
    assert after == f"OPENAI_API_KEY=sk-test\n{NOTE}DASHSCOPE_API_KEY=\n"


@pytest.mark.parametrize(
    "code",
    [
        f'client = openai.OpenAI()\nclient.chat.completions.create(model="gpt-4o", {ASK})\n',
        'openai.api_key = os.getenv("OPENAI_API_KEY")\nopenai.OpenAI().models.list()\n',
        'openai.OpenAI(api_key=os.environ["OPENAI_API_KEY"]).models.list()\n',
    ],
)
def test_names_that_are_kept_are_the_providers_from_then_on(code: str) -> None:
    text = f"import os\nimport openai\n{code}openai.models.list()\n"
    once = planned(text, keep_env_names=True).after()
    again = planned(once, keep_env_names=True)
    assert "DASHSCOPE" not in once
    assert again.plan.edits == ()
    assert set(again.codes()) <= {"get-a-key", "endpoint-partly", "variable-kept"}


OLD_CALL = f"openai.ChatCompletion.create(model='gpt-4', {ASK})\n"


@pytest.mark.parametrize("legacy", ["upgrade", "keep"])
@pytest.mark.parametrize(
    "address",
    [
        'if os.getenv("OPENAI_API_BASE"):\n    openai.api_base = os.environ["OPENAI_API_BASE"]\n',
        'openai.api_base = os.getenv("OPENAI_API_BASE", "https://api.openai.com/v1")\n',
    ],
    ids=["conditional", "with OpenAI's in its place"],
)
def test_an_address_is_read_by_the_name_that_the_code_used(address: str, legacy: str) -> None:
    text = f'import os\nimport openai\nopenai.api_key = os.environ["OPENAI_API_KEY"]\n{address}'
    once = planned(text + OLD_CALL, keep_env_names=True, legacy=legacy).after()
    assert f'os.getenv("OPENAI_API_BASE", "{URL}")' in once
    assert "OPENAI_BASE_URL" not in once
    assert "DASHSCOPE" not in once
    assert planned(once, keep_env_names=True, legacy=legacy).plan.edits == ()


def test_openais_address_in_the_place_of_a_setting_that_moves_needs_no_key_of_openais() -> None:
    code = (
        'import os, openai\nopenai.api_key = os.environ["OPENAI_API_KEY"]\n'
        'openai.api_base = os.getenv("OPENAI_API_BASE", "https://api.openai.com/v1")\n' + OLD_CALL
    )
    assert env_after("OPENAI_API_KEY=\n", code) == f"{NOTE}DASHSCOPE_API_KEY=\n"


def test_a_client_of_azure_goes_on_reading_its_own_key() -> None:
    text = "import openai\nopenai.AzureOpenAI(api_version='1').models.list()\n"
    once = planned({"app.py": text, "deploy.env": "AZURE_OPENAI_API_KEY=\n"}, keep_env_names=True)
    assert "api_key=os.environ['AZURE_OPENAI_API_KEY']" in once.after()
    assert once.item("get-a-key").action.endswith("set `AZURE_OPENAI_API_KEY`.")
    again = planned(once.after(), keep_env_names=True)
    assert again.plan.edits == ()
    assert again.codes() == []


# -- models in .env files --------------------------------------------------------------------------


def test_a_model_that_the_code_reads_is_changed() -> None:
    code = READS.replace('model="gpt-4o"', 'model=os.getenv("MODEL", "gpt-4o")')
    assert env_after("MODEL=gpt-4o-mini\n", code) == "MODEL=qwen3.8-flash\n"


def test_a_model_that_nothing_reads_is_told() -> None:
    found = planned({"app.py": BARE, ".env": "MODEL=gpt-4o-mini\n"})
    decision = found.decision(".env", Kind.MODEL)
    assert isinstance(decision, Checklist)
    assert "qwen3.8-flash" in decision.items[0].action


# -- other files -----------------------------------------------------------------------------------


def test_a_model_of_another_file_that_nothing_reads_is_told() -> None:
    found = planned({"app.py": BARE, "compose.yaml": "environment: {MODEL: gpt-4o}\n"})
    assert found.item("config-value").action == "Change it to `qwen3.7-plus`."


@pytest.mark.parametrize(
    ("requirement", "kind"),
    [
        ("openai", Leave),
        ("openai>=1.3", Leave),
        ("openai==1.3.9", Leave),
        ("openai<2", Leave),
        ("openai~=0.28", Checklist),
        ("openai==0.28.1", Checklist),
        ("openai<1", Checklist),
        ("openai>=0.27,<1.0", Checklist),
        ("tiktoken", Leave),
        ("langchain-openai==0.1", Leave),
    ],
)
def test_a_package_stays_unless_it_is_too_old(requirement: str, kind: type) -> None:
    found = planned({"requirements.txt": f"{requirement}\n"})
    assert isinstance(found.decision("requirements.txt", Kind.DEP), kind)


def test_a_key_page_is_named_once() -> None:
    found = planned({"app.py": BARE, "more.py": BARE})
    assert "bailian.console" in found.item("get-a-key").action
    assert isinstance(found.decision("app.py", Kind.CLIENT), Convert)


@pytest.mark.parametrize("address", ["https://api.deepseek.com", "https://oai.helicone.ai/v1"])
def test_the_key_of_a_client_that_goes_elsewhere_is_left_to_it(address: str) -> None:
    key = 'api_key=os.environ["OPENAI_API_KEY"]'
    other = f'other = OpenAI({key}, base_url="{address}")'
    after = planned(f"{READS}{other}\n").after("app.py")
    assert other in after
    assert 'api_key=os.environ["DASHSCOPE_API_KEY"]' in after


@pytest.mark.parametrize("gap", [" ", " \\\n    ", "  # usual\n    "])
def test_a_variable_that_chooses_by_a_word_is_no_address_in_any_layout(gap: str) -> None:
    code = (
        f"import os\n{BARE}"
        f'if os.getenv("OPENAI_CHAT_HOST",{gap}"openai"{gap}) == "azure":\n    client = None\n'
    )
    assert not [
        one for one in planned({"app.py": code}).plan.decisions if "HOST" in one.site.detail
    ]


def test_an_address_of_the_module_under_its_kept_name_is_not_written_again() -> None:
    code = (
        "import os\nimport openai\n"
        'openai.api_key = os.environ["OPENAI_API_KEY"]\n'
        f'openai.chat.completions.create(model="gpt-4o", {ASK})\n'
    )
    once = planned({"app.py": code}, keep_env_names=True).after("app.py")
    again = planned({"app.py": once}, keep_env_names=True)
    assert URL in once
    assert again.after("app.py") == once


@pytest.mark.parametrize(
    ("ask", "kept", "name"),
    [
        ("os.getenv(name) or settings.get(name)", "", "DASHSCOPE_API_KEY"),
        ("os.getenv(name) or settings[name]", "", "DASHSCOPE_API_KEY"),
        ("os.getenv(name) or super().get(name)", "", "DASHSCOPE_API_KEY"),
        # Nobody asks the environment for what the dictionary has under the name.
        ("settings[name]", "", "OPENAI_API_KEY"),
        # A keyword names the entry, too.
        ("os.getenv(name) or settings.get(name)", "OPENAI_API_KEY=None", "OPENAI_API_KEY"),
    ],
)
def test_an_entry_keeps_the_name_that_it_is_asked_for_by(ask: str, kept: str, name: str) -> None:
    code = (
        "import os\nfrom openai import OpenAI\n"
        "class Settings(dict):\n"
        f"    def get(self, name, settings={{}}):\n        return {ask}\n"
        "def fill(**settings):\n"
        '    if not settings.get("OPENAI_API_KEY") and not os.getenv("OPENAI_API_KEY"):\n'
        '        settings["OPENAI_API_KEY"] = input()\n'
        "    return Settings().get('OPENAI_API_KEY', settings)\n"
        f"client = OpenAI(api_key=fill({kept}))\n{CALL}"
    )
    after = planned({"app.py": code}).after("app.py")
    assert f'settings.get("{name}")' in after
    assert f'settings["{name}"] = input()' in after
    assert f".get('{name}', settings)" in after


def test_an_entry_that_is_only_read_as_such_is_none_of_the_environment() -> None:
    code = (
        "import os\nfrom openai import OpenAI\nsettings = {}\n"
        'settings["OPENAI_API_KEY"] = os.getenv("OPENAI_API_KEY")\n'
        f'client = OpenAI(api_key=settings["OPENAI_API_KEY"])\n{CALL}'
    )
    after = planned({"app.py": code}).after("app.py")
    assert 'settings["OPENAI_API_KEY"] = os.getenv("DASHSCOPE_API_KEY")' in after
    assert 'api_key=settings["OPENAI_API_KEY"]' in after


@pytest.mark.parametrize(
    "put",
    [
        'st.session_state["OPENAI_API_KEY"] = os.environ["OPENAI_API_KEY"]',
        'st.session_state.setdefault("OPENAI_API_KEY", os.environ["OPENAI_API_KEY"])',
        'st.session_state.OPENAI_API_KEY = os.environ["OPENAI_API_KEY"]',
        'st.text_input("", os.environ["OPENAI_API_KEY"], key="OPENAI_API_KEY")',
    ],
    ids=["item", "default", "attribute", "widget"],
)
def test_what_a_program_keeps_has_one_name(put: str) -> None:
    ask = (
        'if "OPENAI_API_KEY" not in st.session_state or not st.session_state["OPENAI_API_KEY"]:\n'
        "    st.stop()\n"
        'key = st.session_state.get("OPENAI_API_KEY") or st.session_state.OPENAI_API_KEY\n'
        'st.session_state.pop("OPENAI_API_KEY")\n'
    )
    read = 'spare = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\nspare.models.list()\n'
    head = f"import os\nimport streamlit as st\nfrom openai import OpenAI\n{read}"
    found = planned({"app.py": f"{head}{put}\n{ask}client = OpenAI(api_key=key)\n{CALL}"})
    after = found.after("app.py")
    assert ask in after
    assert put.replace('environ["OPENAI', 'environ["DASHSCOPE') in after
    assert "name-untraced" not in found.codes()


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("env = os.environ.copy()", "DASHSCOPE_API_KEY"),
        ("env = dict(os.environ)", "DASHSCOPE_API_KEY"),
        ("env = {}\nos.environ.update(env)", "DASHSCOPE_API_KEY"),
        ("env = Environment()", "DASHSCOPE_API_KEY"),
        ("env = st.secrets", "DASHSCOPE_API_KEY"),
        # What a display names so may be meant for another program; of others nothing is known.
        ('env = {**os.environ, "OPENAI_API_KEY": "x"}', "OPENAI_API_KEY"),
        ("env = json.load(open('a.json'))", "OPENAI_API_KEY"),
        ("env = request.session", "OPENAI_API_KEY"),
    ],
)
def test_all_items_of_a_mapping_follow_or_none(made: str, name: str) -> None:
    use = (
        'env["{0}"] = "x"\nprint("{0}" in env, env["{0}"], env.get("{0}"))\n'
        'del env["{0}"]\nenv.pop("{0}")\n'
    )
    code = (
        "import os\nimport json\nimport streamlit as st\nfrom web import request\n"
        "from openai import OpenAI\n"
        "class Environment:\n"
        "    def __getitem__(self, name):\n        return os.environ[name]\n"
        "    def get(self, name):\n        return self[name]\n"
        f"{made}\n{use.format('OPENAI_API_KEY')}"
        f'client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n{CALL}'
    )
    found = planned({"app.py": code})
    assert use.format(name) in found.after("app.py")
    assert 'api_key=os.environ["DASHSCOPE_API_KEY"]' in found.after("app.py")


def test_what_is_said_of_a_variable_is_tested_by_its_new_name() -> None:
    test = 'def test_it(check):\n    assert "{0}_API_KEY" in check("{0}_API_KEY").message\n'
    found = planned({"app.py": READS, "tests/test_app.py": test.format("OPENAI")})
    assert 'assert "DASHSCOPE_API_KEY" in' in found.after("tests/test_app.py")


def test_a_secret_that_is_read_as_an_attribute_follows() -> None:
    code = (
        "import streamlit as st\nfrom openai import OpenAI\n"
        "if not st.secrets.OPENAI_API_KEY.strip():\n    st.stop()\n"
        f'client = OpenAI(api_key=st.secrets["OPENAI_API_KEY"])\n{CALL}'
    )
    after = planned({"app.py": code}).after("app.py")
    assert "if not st.secrets.DASHSCOPE_API_KEY.strip():" in after
    assert 'api_key=st.secrets["DASHSCOPE_API_KEY"]' in after


def test_a_model_that_a_widget_keeps_reaches_its_request() -> None:
    code = (
        "import streamlit as st\nfrom openai import OpenAI\nclient = OpenAI()\n"
        'st.selectbox("Model", ["gpt-4o", "gpt-4o-mini"], key="model")\n'
        + CALL.replace('"gpt-4o"', "st.session_state.model")
    )
    found = planned({"app.py": code})
    assert '["qwen3.7-plus", "qwen3.8-flash"], key="model"' in found.after("app.py")


QUESTIONS = ["if os.getenv({name}) is None:", "if not os.getenv({name}):", "if read({name}):"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_whether_a_variable_is_set_is_asked_by_the_name_that_is_read_beside_it(
    question: str,
) -> None:
    asks = question.format(name='"OPENAI_API_KEY"')
    code = (
        "import os\nimport requests\nfrom openai import OpenAI\n"
        "def read(name):\n    return os.environ.get(name)\n"
        f"{asks}\n    print('a key is needed')\n"
        f'client = OpenAI(api_key=read("OPENAI_API_KEY"))\n{CALL}'
    )
    stays = (
        "import os, requests\n"
        "def ask(**more):\n    key = os.getenv('OPENAI_API_KEY')\n"
        "    return requests.post('https://api.openai.com/v1/moderations', json=more,"
        " headers={'Authorization': f'Bearer {key}'})\n"
    )
    found = planned({"app.py": code, "other.py": stays})
    assert question.format(name='"DASHSCOPE_API_KEY"') in found.after("app.py")
    assert "DASHSCOPE" not in found.after("other.py")
