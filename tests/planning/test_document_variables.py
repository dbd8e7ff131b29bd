"""Variables and models in compose, CI, Docker, shell and other files follow the code."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, planned

APP = f"""
import os
from openai import OpenAI

client = OpenAI(
    api_key=os.environ["OPENAI_API_KEY"],
    base_url=os.getenv("OPENAI_BASE_URL", "https://api.openai.com/v1"),
)


def ask(q):
    return client.chat.completions.create(model=os.environ["CHAT_MODEL"], {ASK})
"""
SECRET = "sk-not-a-real-key-of-openai"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param(
            "compose.yaml",
            "services:\n  app:\n    environment:\n      OPENAI_API_KEY: $OPENAI_API_KEY  # kept\n",
            "services:\n  app:\n    environment:\n"
            "      DASHSCOPE_API_KEY: $DASHSCOPE_API_KEY  # kept\n",
            id="a name and the reference beside it",
        ),
        pytest.param(
            "compose.yaml",
            "x: &env\n  OPENAI_BASE_URL: ${OPENAI_BASE_URL:-https://api.openai.com/v1}\n"
            "services: {app: {environment: *env}}\n",
            f"x: &env\n  DASHSCOPE_BASE_URL: ${{DASHSCOPE_BASE_URL:-{URL}}}\n"
            "services: {app: {environment: *env}}\n",
            id="an address where none is set, behind an anchor",
        ),
        pytest.param(
            "compose.yaml",
            "environment:\r\n  - OPENAI_API_KEY\r\n  - 'CHAT_MODEL=gpt-4o'\r\n",
            "environment:\r\n  - DASHSCOPE_API_KEY\r\n  - 'CHAT_MODEL=qwen3.7-plus'\r\n",
            id="items of a list, with the line ends of Windows",
        ),
        pytest.param(
            "settings.yaml",
            f"OPENAI_API_KEY: {SECRET}\n",
            'DASHSCOPE_API_KEY: ""\n',
            id="a key is not handed on",
        ),
        pytest.param(
            "settings.yaml",
            f"OPENAI_API_KEY: {SECRET}-test\n",
            'DASHSCOPE_API_KEY: ""\n',
            id="a key that holds a word of examples",
        ),
        pytest.param(
            ".github/workflows/test.yml",
            "env:\n  OPENAI_API_KEY: test-key\n",
            "env:\n  DASHSCOPE_API_KEY: test-key\n",
            id="what only stands in the place of a key",
        ),
        pytest.param(
            ".gitlab-ci.yml",
            'test:\n  script:\n    - test -n "$OPENAI_API_KEY" && python app.py\n',
            'test:\n  script:\n    - test -n "$DASHSCOPE_API_KEY" && python app.py\n',
            id="a reference in a command",
        ),
        pytest.param(
            "deploy.yaml",
            "env:\n- name: OPENAI_BASE_URL\n  value: https://api.openai.com/v1\n"
            f"- name: OPENAI_API_KEY\n  value: {SECRET}\n- name: CHAT_MODEL\n  value: gpt-4o\n",
            f"env:\n- name: DASHSCOPE_BASE_URL\n  value: {URL}\n"
            '- name: DASHSCOPE_API_KEY\n  value: ""\n- name: CHAT_MODEL\n  value: qwen3.7-plus\n',
            id="names and values of Kubernetes",
        ),
        pytest.param(
            "task.json",
            '{"environment": [{"name": "OPENAI_BASE_URL",\n "value": "https://api.openai.com/v1"}]}',
            f'{{"environment": [{{"name": "DASHSCOPE_BASE_URL",\n "value": "{URL}"}}]}}',
            id="names and values in JSON",
        ),
        pytest.param(
            "fly.toml",
            "[env]\nCHAT_MODEL = 'gpt-4o' # kept\nOPENAI_BASE_URL = \"https://api.openai.com/v1\"\n",
            f"[env]\nCHAT_MODEL = 'qwen3.7-plus' # kept\nDASHSCOPE_BASE_URL = \"{URL}\"\n",
            id="TOML",
        ),
        pytest.param(
            "Dockerfile",
            "ARG OPENAI_API_KEY\nENV OPENAI_API_KEY=$OPENAI_API_KEY \\\n    CHAT_MODEL=gpt-4o\n",
            "ARG DASHSCOPE_API_KEY\n"
            "ENV DASHSCOPE_API_KEY=$DASHSCOPE_API_KEY \\\n    CHAT_MODEL=qwen3.7-plus\n",
            id="Docker",
        ),
        pytest.param(
            "Makefile",
            f"export OPENAI_API_KEY ?= {SECRET}\n\n"
            "run:\n\tOPENAI_API_KEY=$(OPENAI_API_KEY) ./run\n",
            "export DASHSCOPE_API_KEY ?= \n\n"
            "run:\n\tDASHSCOPE_API_KEY=$(DASHSCOPE_API_KEY) ./run\n",
            id="make",
        ),
        pytest.param(
            "run.sh",
            'export OPENAI_BASE_URL="https://api.openai.com/v1"\n'
            "export OPENAI_API_KEY=$(cat key)\n",
            f'export DASHSCOPE_BASE_URL="{URL}"\nexport DASHSCOPE_API_KEY=$(cat key)\n',
            id="shell",
        ),
        pytest.param(
            "app.service",
            '[Service]\nEnvironment=OPENAI_API_KEY=%d/key\nEnvironment="CHAT_MODEL=gpt-4o"\n',
            "[Service]\nEnvironment=DASHSCOPE_API_KEY=%d/key\n"
            'Environment="CHAT_MODEL=qwen3.7-plus"\n',
            id="systemd",
        ),
        pytest.param(
            "supervisord.conf",
            '[program:app]\nenvironment=OPENAI_API_KEY="%(ENV_OPENAI_API_KEY)s",CHAT_MODEL="gpt-4o"\n',
            "[program:app]\n"
            'environment=DASHSCOPE_API_KEY="%(ENV_DASHSCOPE_API_KEY)s",CHAT_MODEL="qwen3.7-plus"\n',
            id="supervisor",
        ),
    ],
)
def test_a_file_follows_the_code(path: str, before: str, after: str) -> None:
    assert planned({"app.py": APP, path: before}).after(path) == after


SECRETS = """\
env:
- name: OPENAI_API_KEY
  valueFrom: {secretKeyRef: {name: app, key: KEY}}
"""


@pytest.mark.parametrize("key", ["OPENAI_API_KEY", "openai-api-key"])
def test_a_secret_that_is_called_as_the_variable_is_renamed(key: str) -> None:
    found = planned({"app.py": APP, "deploy.yaml": SECRETS.replace("KEY}", f"{key}}}")})
    new = "DASHSCOPE_API_KEY" if key.isupper() else "dashscope-api-key"
    wanted = SECRETS.replace("OPENAI_API_KEY", "DASHSCOPE_API_KEY").replace("KEY}", f"{new}}}")
    assert found.after("deploy.yaml") == wanted
    assert f"Add the key `{new}` to the secret `app`" in found.item("config-secret").action


def test_a_secret_of_another_name_is_for_a_person() -> None:
    found = planned({"app.py": APP, "deploy.yaml": SECRETS})
    assert found.after("deploy.yaml") == SECRETS
    assert "`DASHSCOPE_API_KEY`" in found.item("config-secret").action


def test_a_secret_of_a_workflow_is_to_be_made() -> None:
    workflow = "env:\n  OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}\n"
    found = planned({"app.py": APP, ".github/workflows/test.yml": workflow})
    wanted = "env:\n  DASHSCOPE_API_KEY: ${{ secrets.DASHSCOPE_API_KEY }}\n"
    assert found.after(".github/workflows/test.yml") == wanted
    action = found.item("config-secret").action
    assert "Settings > Secrets and variables > Actions > Secrets" in action
    assert action.endswith("create `DASHSCOPE_API_KEY`.")


def test_what_an_action_of_another_repository_is_given_stays() -> None:
    step = "      - uses: {}\n        with:\n          key: ${{{{ secrets.OPENAI_API_KEY }}}}\n"
    head = "jobs:\n  review:\n    steps:\n"
    theirs, ours = head + step.format("o/review@v2"), head + step.format("./.github/actions/ours")
    found = planned({"app.py": APP, ".github/workflows/a.yml": theirs, ".github/b.yml": ours})
    after = found.rewritten()
    assert after[".github/workflows/a.yml"] == theirs
    assert after[".github/b.yml"] == ours.replace("OPENAI", "DASHSCOPE")
    assert found.item("action-input").path == ".github/workflows/a.yml"


MIXED = (
    APP
    + """

def sort(q):
    return client.moderations.create(input=q)
"""
)


@pytest.mark.parametrize(
    ("app", "text"),
    [
        pytest.param(MIXED, "OPENAI_API_KEY: ${OPENAI_API_KEY}\n", id="what stays reads it"),
        pytest.param("import os\n", "OPENAI_API_KEY: ${OPENAI_API_KEY}\n", id="nothing moves"),
        pytest.param(
            APP,
            "OPENAI_API_KEY: ${OPENAI_API_KEY}\nDASHSCOPE_API_KEY: ${DASHSCOPE_API_KEY}\n",
            id="the new name is there",
        ),
        pytest.param(APP, "OPENAI_BASE_URL: https://api.deepseek.com\n", id="another provider's"),
        pytest.param(APP, "note: we use gpt-4o, by OPENAI_API_KEY\n", id="prose"),
        pytest.param(APP, "CHAT_MODEL: openai/gpt-4o\n", id="a name with a provider's prefix"),
        pytest.param(APP, "OTHER_MODEL: gpt-4o\n", id="a variable that nothing reads"),
    ],
)
def test_a_file_stays(app: str, text: str) -> None:
    found = planned({"app.py": app, "compose.yaml": text})
    assert found.after("compose.yaml") == text


def test_a_model_waits_for_all_that_read_its_variable() -> None:
    judge = "OpenAI().moderations.create(model=os.environ['CHAT_MODEL'], input='q')\n"
    found = planned({"app.py": APP + judge, "compose.yaml": "CHAT_MODEL: gpt-4o\n"})
    assert found.after("compose.yaml") == "CHAT_MODEL: gpt-4o\n"
    assert (
        found.decision("app.py", Kind.CALL, "chat.completions.create").items[0].code == "call-waits"
    )


def test_what_terraform_deploys_is_told() -> None:
    text = 'environment = {\n  OPENAI_API_KEY = var.openai_api_key # "gpt-4o"\n}\n'
    found = planned({"app.py": APP, "main.tf": text})
    assert found.after("main.tf") == text
    assert [one.action for one in found.plan.checklist if one.path == "main.tf"] == [
        "Change it to `DASHSCOPE_API_KEY`."
    ]


def test_a_model_is_named_as_what_reads_it_takes_it() -> None:
    app = "import os, litellm\n\n\ndef ask(q):\n    return litellm.completion("
    app += f'model=os.getenv("CHAT_MODEL", "gpt-4o"), {ASK})\n'
    for before in ("gpt-4o", "openai/gpt-4o"):
        found = planned({"app.py": app, "compose.yaml": f"CHAT_MODEL: {before}\n"})
        assert found.after("compose.yaml") == "CHAT_MODEL: openai/qwen3.7-plus\n"


def test_the_key_stays_beside_models_that_a_framework_reads_itself() -> None:
    proxy = (
        "model_list:\n"
        "- litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY}\n"
    )
    code = "import os\nfrom openai import OpenAI\nOpenAI(api_key=os.environ['OPENAI_API_KEY'])"
    code += ".chat.completions.create(model='gpt-4o', messages=[])\n"
    found = planned({"app.py": code, "config.yaml": proxy})
    assert found.after("config.yaml") == proxy
    assert {"config-framework", "variable-shared"} <= set(found.codes("config.yaml"))
