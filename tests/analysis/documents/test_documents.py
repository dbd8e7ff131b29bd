"""Sites in files that are not Python, format by format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.analysis.documents import document_format, document_sites
from migrator.analysis.sites import Certainty, DocumentFacts, Site, Unreadable
from migrator.source import SourceText


def sites(path: str, text: str) -> list[Site]:
    found = document_sites(path, text.encode())
    assert isinstance(found, list)
    return found


def rows(path: str, text: str) -> list[tuple[int, str, str, str]]:
    """Line, kind, role and detail of every site; checks on the way that each span is exact."""
    source = SourceText(text)
    result = []
    for site in sites(path, text):
        facts = site.facts
        assert isinstance(facts, DocumentFacts)
        if facts.value_span and facts.value != "***" and "\\" not in source.slice(facts.value_span):
            assert source.slice(facts.value_span) == facts.value
        if facts.name_span and facts.role != "package":
            assert source.slice(facts.name_span).endswith(facts.name.rpartition(".")[2])
        result.append((site.span.line, site.kind.value, facts.role, site.detail))
    return result


# --- formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (".env", "env"),
        (".env.sample", "env"),
        (".example.env", "env"),
        ("deploy/env.example", "env"),
        ("tests/dotenv_data/dotenv_one", "env"),
        ("requirements.txt", "requirements"),
        ("requirements-dev.txt", "requirements"),
        ("dev-requirements.in", "requirements"),
        ("requirements/base.txt", "requirements"),
        ("constraints.txt", "requirements"),
        ("pyproject.toml", "pyproject"),
        ("Pipfile", "pyproject"),
        ("config/settings.toml", "toml"),
        ("config.yaml.example", "yaml"),
        ("settings.toml.dist", "toml"),
        ("notes.example", None),
        ("docker-compose.yml", "yaml"),
        ("a.ipynb", "notebook"),
        ("Dockerfile", "docker"),
        ("docker/Dockerfile.prod", "docker"),
        ("Makefile", "shell"),
        (".envrc", "shell"),
        ("setup.cfg", "ini"),
        ("tsconfig.json", "json"),
        ("poetry.lock", None),
        ("uv.lock", None),
        ("package-lock.json", None),
        ("pnpm-lock.yaml", None),
        ("Pipfile.lock", None),
        ("README.md", None),
        ("notes.txt", None),
        (".migrate-baseline.json", None),
        ("services/api/.migrator.yaml", None),
        ("env.py", None),
        ("dockerfile_lint.py", None),
        ("main.bicep", None),
        ("values.yaml.j2", "template"),
        ("environment", None),
        ("venv", None),
    ],
)
def test_the_format_of_a_path(path: str, form: str | None) -> None:
    assert document_format(path) == form


def test_a_lock_file_has_no_sites() -> None:
    assert sites("poetry.lock", '[[package]]\nname = "openai"\n') == []


def test_a_large_file_is_unreadable_and_says_why() -> None:
    found = document_sites("data.json", b'"' + b"x" * 1_000_000 + b'"')
    assert found == Unreadable("data.json", 1, "larger than 1 MB")


@pytest.mark.parametrize("path", ["a.json", "a.toml", "a.yaml", "a.ipynb"])
def test_a_document_nested_beyond_reason_does_not_raise(path: str) -> None:
    found = document_sites(path, b"a = " + b"[" * 50_000 + b'"gpt-4o"')
    assert isinstance(found, (list, Unreadable))


def test_what_is_not_text_is_unreadable() -> None:
    found = document_sites("a.yaml", b"OPENAI_API_KEY: \xff\xfe\xff")
    assert isinstance(found, Unreadable) and found.path == "a.yaml"


# --- .env --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OPENAI_API_KEY=sk-test", [(1, "env_key", "key", "OPENAI_API_KEY")]),
        ("OPENAI_API_KEY=", [(1, "env_key", "key", "OPENAI_API_KEY")]),
        ("export OPENAI_API_KEY='k' # mine", [(1, "env_key", "key", "OPENAI_API_KEY")]),
        (
            "A=1\r\nOPENAI_BASE_URL=https://api.openai.com/v1\r\n",
            [(2, "env_key", "base_url", "OPENAI_BASE_URL")],
        ),
        (
            'AZURE_OPENAI_ENDPOINT = "https://x.openai.azure.com/"',
            [(1, "env_key", "base_url", "AZURE_OPENAI_ENDPOINT")],
        ),
        ("OPENAI_ORG_ID=o", [(1, "env_key", "organization", "OPENAI_ORG_ID")]),
        (
            "AZURE_OPENAI_PREVIEW_API_VERSION=2024-05-01-preview",
            [(1, "env_key", "other", "AZURE_OPENAI_PREVIEW_API_VERSION")],
        ),
        ("AZURE_OPENAI_MODEL_NAME=gpt-35-turbo-16k", [(1, "model", "model", "gpt-35-turbo-16k")]),
        ("LLM=gpt-4o", [(1, "model", "model", "gpt-4o")]),
        ("CHAT_MODEL=openai/o1", [(1, "model", "model", "o1")]),
        ("LLM_URL=https://api.openai.com/v1", [(1, "env_key", "base_url", "LLM_URL")]),
        ("# OPENAI_API_KEY=x\n  # OPENAI_BASE_URL=y", []),
        ("OPENAI_TEMPERATURE=0\nOPENAI_MAX_TOKENS=9", []),
        ("OPENAI_MODEL=\nOPENAI_MODEL=my-own", []),
        ("PROMPT=You are gpt-4o, say hello", []),
        ("LEVEL=o1", []),
        ("ANTHROPIC_API_KEY=k", []),
    ],
)
def test_env_files(text: str, expected: list[tuple[int, str, str, str]]) -> None:
    assert rows(".env", text) == expected


def test_an_env_line_in_full() -> None:
    (site,) = sites(".env", "X=1\nOPENAI_MODEL='gpt-4o'\n")
    facts = site.facts
    assert isinstance(facts, DocumentFacts)
    assert site.code == "OPENAI_MODEL='gpt-4o'"
    assert (site.span.column, site.span.end_column) == (0, 21)
    assert facts.value_span and facts.name_span
    assert (facts.value_span.column, facts.value_span.end_column) == (14, 20)
    assert (facts.name_span.column, facts.name_span.end_column) == (0, 12)


def test_a_base_url_of_somebody_else_is_only_likely() -> None:
    own, other = sites(
        ".env", "OPENAI_BASE_URL=https://api.openai.com/v1\nOPENAI_API_BASE=https://llm.example.com"
    )
    assert own.certainty is Certainty.PROVEN
    assert other.certainty is Certainty.LIKELY
    assert isinstance(other.facts, DocumentFacts)
    assert ("endpoint", "foreign") in other.facts.extra


@pytest.mark.parametrize(
    ("path", "text", "key"),
    [
        (
            ".env",
            "LLM_HOST=https://api.openai.com/v1\nLLM_API_KEY=k\nOTHER_API_KEY=k",
            "LLM_API_KEY",
        ),
        (".env", "API_KEY=k\nBASE_URL=https://api.openai.com/v1\nDB_KEY=k", "API_KEY"),
        ("a.yaml", "a: {url: https://api.openai.com/v1, key: $K}\nb: {key: x}", "key"),
        ("a.json", '[{"api_base": "https://x.openai.azure.com", "api_key": "k"}]', "api_key"),
        (
            "a.toml",
            '[a]\nbase_url = "https://api.openai.com/v1"\ntoken = "k"\n[b]\ntoken = "k"',
            "token",
        ),
        (".env", "LLM_HOST=https://llm.example.com\nLLM_API_KEY=k", None),
        (".env", "LLM_HOST=https://api.openai.com/v1\nLLM_KEYBOARD=k", None),
    ],
)
def test_a_key_beside_an_address_of_openai_is_likely(path: str, text: str, key: str | None) -> None:
    keys = [
        s for s in sites(path, text) if isinstance(s.facts, DocumentFacts) and s.facts.role == "key"
    ]
    assert [(s.detail, s.certainty) for s in keys] == ([(key, Certainty.LIKELY)] if key else [])


# --- secrets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", "OPENAI_API_KEY=secret-word"),
        (".env", "OPENAI_BASE_URL=https://user:secret-word@example.com/v1"),
        ("a.yaml", "openai:\n  api_key: secret-word"),
        ("a.toml", 'openai_api_key = "secret-word"'),
        ("a.json", '{"OPENAI_API_KEY": "secret-word"}'),
        ("a.ini", "[openai]\napi_key = secret-word"),
        ("a.sh", "export OPENAI_API_KEY=secret-word"),
        ("Dockerfile", "ENV OPENAI_API_KEY secret-word"),
        ("docker-compose.yml", "environment:\n  - OPENAI_API_KEY=secret-word"),
    ],
)
def test_a_secret_never_leaves(path: str, text: str) -> None:
    (site,) = sites(path, text)
    assert "secret-word" not in repr(site)
    assert "***" in site.code


@pytest.mark.parametrize("value", ["${OPENAI_API_KEY}", "<your key>", "${{ secrets.OPENAI_KEY }}"])
def test_a_reference_is_no_secret(value: str) -> None:
    (site,) = sites("a.yaml", f"OPENAI_API_KEY: '{value}'")
    assert isinstance(site.facts, DocumentFacts) and site.facts.value == value


# --- dependencies ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openai", ["openai"]),
        ("openai==1.55.3\ntiktoken~=0.7\n", ["openai==1.55.3", "tiktoken~=0.7"]),
        (
            "OpenAI[realtime] >= 1.0, <2 ; python_version > '3.9'  # why",
            ["OpenAI[realtime] >= 1.0, <2 ; python_version > '3.9'"],
        ),
        ("openai==1.0 --hash=sha256:00 \\\n  --hash=sha256:11", ["openai==1.0"]),
        ("openai==1.0 \\\n  --hash=sha256:11", ["openai==1.0"]),
        ("openai==1.0 \\\r\n  --hash=sha256:11\r\ntiktoken\r\n", ["openai==1.0", "tiktoken"]),
        ("langchain_openai>=0.1", ["langchain_openai>=0.1"]),
        (
            "openai @ git+https://example.com/openai.git",
            ["openai @ git+https://example.com/openai.git"],
        ),
        (
            "-e git+https://example.com/x.git#egg=openai",
            ["git+https://example.com/x.git#egg=openai"],
        ),
        ("# openai==1.0\n-r openai.txt\n--index-url https://example.com/openai", []),
        ("openai-whisper\nopenai_clip\nmy-openai\nlangchain\n", []),
    ],
)
def test_requirements(text: str, expected: list[str]) -> None:
    found = sites("requirements.txt", text)
    assert [site.code for site in found] == expected
    assert {site.kind.value for site in found} <= {"dep"}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "pyproject.toml",
            '[project]\ndependencies = [\n  "openai>=1", # c\n  "rich",\n]',
            [(3, "openai", "openai>=1")],
        ),
        (
            "pyproject.toml",
            '[project.optional-dependencies]\nai = ["tiktoken", "openai[x]"]',
            [(2, "tiktoken", "tiktoken"), (2, "openai", "openai[x]")],
        ),
        (
            "pyproject.toml",
            '[dependency-groups]\ndev = [{include-group = "a"}, "openai>=1"]',
            [(2, "openai", "openai>=1")],
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nopenai = "^0.27.8"\nopenai-function-call = "*"',
            [(2, "openai", "^0.27.8"), (3, "openai-function-call", "*")],
        ),
        (
            "pyproject.toml",
            '[tool.poetry.group.dev.dependencies]\nopenai = {version = "^1", extras = ["a"]}',
            [(2, "openai", "^1")],
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies.openai]\nextras = ["a"]\nversion = "^1"',
            [(3, "openai", "^1")],
        ),
        (
            "pyproject.toml",
            '[tool.pdm.dev-dependencies]\ntest = ["openai>=1"]',
            [(2, "openai", "openai>=1")],
        ),
        (
            "pyproject.toml",
            '[tool.uv]\ndev-dependencies = ["openai>=1"]',
            [(2, "openai", "openai>=1")],
        ),
        ("pyproject.toml", '[project]\nname = "openai"\nkeywords = ["openai", "tiktoken"]', []),
        ("pyproject.toml", '[[tool.mypy.overrides]]\nmodule = ["openai.*", "tiktoken"]', []),
        (
            "Pipfile",
            '[packages]\nopenai = "==1.0"\n[dev-packages]\ntiktoken = "*"',
            [(2, "openai", "==1.0"), (4, "tiktoken", "*")],
        ),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    openai>=1\n    rich\n",
            [(3, "openai", "openai>=1")],
        ),
        (
            "setup.cfg",
            "[options.extras_require]\nai =\n    tiktoken\n",
            [(3, "tiktoken", "tiktoken")],
        ),
        (
            "environment.yml",
            "name: x\ndependencies:\n- python=3.10\n- openai=1.2\n- pip:\n  - tiktoken>=0.5",
            [(4, "openai", "openai=1.2"), (6, "tiktoken", "tiktoken>=0.5")],
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n- hooks:\n  - additional_dependencies: [openai>=1]",
            [(3, "openai", "openai>=1")],
        ),
        (
            "Dockerfile",
            "FROM python\nRUN pip install --no-cache-dir -r openai.txt \\\n  openai==1.0 rich",
            [(3, "openai", "openai==1.0")],
        ),
        ("Dockerfile", "RUN pip install rich && echo openai", []),
        (
            ".github/dependabot.yml",
            'updates:\n- groups:\n    core-dependencies:\n      patterns:\n      - "openai"\n',
            [],
        ),
        (
            "environment.yml",
            "dependencies:\n- conda-forge::openai=1.2",
            [(2, "openai", "conda-forge::openai=1.2")],
        ),
        ("meta.yaml", "requirements:\n  run:\n    - openai >=1.2", [(3, "openai", "openai >=1.2")]),
        ("tox.ini", "[testenv]\ndeps =\n    openai>=1\n", [(3, "openai", "openai>=1")]),
        ("Dockerfile", "# RUN pip install openai", []),
        (
            ".github/workflows/a.yml",
            "jobs:\n  t:\n    steps:\n    - run: |\n        pip install 'openai>=1'\n",
            [(5, "openai", "openai>=1")],
        ),
        (
            "install.sh",
            "uv add openai tiktoken; conda install -n openai rich",
            [(1, "openai", "openai"), (1, "tiktoken", "tiktoken")],
        ),
    ],
)
def test_dependencies(path: str, text: str, expected: list[tuple[int, str, str]]) -> None:
    found = [site for site in sites(path, text) if site.kind.value == "dep"]
    assert [
        (site.facts.value_span.line, site.detail, site.facts.value)
        for site in found
        if isinstance(site.facts, DocumentFacts) and site.facts.value_span
    ] == expected
    rows(path, text)


# --- configuration -----------------------------------------------------------------------------


CONFIG = [
    (
        "compose, a list",
        "docker-compose.yml",
        "services:\n  a:\n    environment:\n      - OPENAI_API_KEY=$OPENAI_API_KEY\n      - PORT=1",
        [(4, "key", "OPENAI_API_KEY")],
    ),
    (
        "compose, a name alone",
        "docker-compose.yml",
        "environment:\n  - OPENAI_API_KEY\n",
        [(2, "key", "OPENAI_API_KEY")],
    ),
    (
        "compose, a mapping",
        "docker-compose.yml",
        "environment:\n  OPENAI_APIKEY: $OPENAI_API_KEY\n",
        [(2, "key", "OPENAI_APIKEY")],
    ),
    (
        "CI secrets",
        ".github/workflows/a.yml",
        "env:\n  AZURE_OPENAI_ENDPOINT: ${{ secrets.AZUREOPENAIENDPOINT }}\n"
        "  AZURE_OPENAI_MODEL: ${{ secrets.AZUREOPENAIMODEL }}\n",
        [(2, "base_url", "AZURE_OPENAI_ENDPOINT"), (3, "model", "AZURE_OPENAI_MODEL")],
    ),
    (
        "CI secret under another name",
        ".github/workflows/a.yml",
        "with:\n  token: ${{ secrets.OPENAI_API_KEY }}\n",
        [(2, "key", "OPENAI_API_KEY")],
    ),
    (
        "Kubernetes",
        "deploy.yaml",
        "env:\n- name: OPENAI_API_KEY\n  valueFrom:\n    secretKeyRef: {name: s, key: k}\n",
        [(2, "key", "OPENAI_API_KEY")],
    ),
    (
        "YAML model",
        "a.yaml",
        "llm:\n  model: gpt-4o\n  engine: davinci\n  level: o1\n",
        [(2, "model", "gpt-4o"), (3, "model", "davinci")],
    ),
    (
        "YAML list of models",
        "a.yaml",
        "models: [o1, gpt-4o, qwen-plus]\n",
        [(1, "model", "o1"), (1, "model", "gpt-4o")],
    ),
    (
        "YAML nested key",
        "a.yaml",
        "openai:\n  api_key: x\n  name: y\n",
        [(2, "key", "openai_api_key")],
    ),
    (
        "proxy configuration",
        "a.yaml",
        "model_list:\n- model_name: fast\n  litellm_params:\n    model: openai/gpt-4o\n"
        "    api_key: os.environ/OPENAI_API_KEY\n",
        [(4, "model", "gpt-4o"), (5, "key", "OPENAI_API_KEY")],
    ),
    (
        "a URL",
        "a.yaml",
        "endpoint: https://api.openai.com/v1\ndocs: https://platform.openai.com\n",
        [(1, "base_url", "api.openai.com")],
    ),
    ("comments", "a.yaml", "# OPENAI_API_KEY: x\na: 1 # gpt-4o\n", []),
    (
        "prose",
        "a.yaml",
        "text: Set OPENAI_API_KEY to use gpt-4o\nd: |\n  model gpt-4o\n  $OPENAI_API_KEY\n",
        [(2, "key", "OPENAI_API_KEY")],
    ),
    (
        "image and application names",
        "a.yaml",
        "name: sample-app-aoai-chatgpt\nimage: x/openai-app\n",
        [],
    ),
    (
        "command arguments",
        "a.yaml",
        'command: ["serve", "--model", "gpt-4o"]\n',
        [(1, "model", "gpt-4o")],
    ),
    ("several documents", "a.yaml", "a: 1\n---\nmodel: gpt-4o\n---\n", [(3, "model", "gpt-4o")]),
    ("anchors and aliases", "a.yaml", "a: &m gpt-4o\nb: *m\n", [(1, "model", "gpt-4o")]),
    (
        "tags",
        "a.yaml",
        "model: !!str 'gpt-4o'\nb: !x gpt-4\n",
        [(1, "model", "gpt-4o"), (2, "model", "gpt-4")],
    ),
    (
        "CRLF",
        "a.yaml",
        "run: |\r\n  pip \\\r\n  x --model gpt-4o\r\nmodel: gpt-4\r\n",
        [(3, "model", "gpt-4o"), (4, "model", "gpt-4")],
    ),
    (
        "an anchor twice",
        "a.yaml",
        "a: &m {x: 1}\nb: &m\n  model: gpt-4o\n",
        [(3, "model", "gpt-4o")],
    ),
    (
        "a template",
        "a.yaml",
        "{{- if .x }}\nenv:\n  OPENAI_API_KEY: {{ .Values.key }}\n"
        "  model: 'gpt-4o' # c\n{{- end }}\n",
        [(3, "key", "OPENAI_API_KEY"), (4, "model", "gpt-4o")],
    ),
    (
        "text beyond ASCII",
        "a.yaml",
        'a: "日本 😀" \nmodel: "gpt-4o"\r\né: [gpt-4]\n',
        [(2, "model", "gpt-4o"), (3, "model", "gpt-4")],
    ),
    (
        "JSON",
        "a.json",
        '{"model": "gpt-4-1106-preview",\n "tools": [{"type": "x"}], "level": "o1"}',
        [(1, "model", "gpt-4-1106-preview")],
    ),
    (
        "JSON with comments",
        "a.json",
        '{// gpt-4\n "m": ["gpt-4o", /* gpt-4 */ 1,],}',
        [(2, "model", "gpt-4o")],
    ),
    (
        "JSON URL",
        "a.json",
        '{"e": "https://<name>.openai.azure.com/openai/deployments/<d>"}',
        [(1, "base_url", "<name>.openai.azure.com")],
    ),
    ("JSON escapes", "a.json", '{"a\\"b": "x\\n", "model": "gpt-4o"}', [(1, "model", "gpt-4o")]),
    ("broken JSON", "a.json", '{"model": "gpt-4o", ]}} "x"', [(1, "model", "gpt-4o")]),
    (
        "TOML",
        "secrets.toml",
        'openai_key = "k"\n[llm]\nmodel = \'gpt-4o\'\n[a.b]\nm = """gpt-4"""\n',
        [(1, "key", "openai_key"), (3, "model", "gpt-4o"), (5, "model", "gpt-4")],
    ),
    (
        "TOML inline tables",
        "a.toml",
        'x = {model = "o1", y = [{model = "gpt-4o"}]} # gpt-4\n',
        [(1, "model", "o1"), (1, "model", "gpt-4o")],
    ),
    ("TOML dotted keys", "a.toml", 'openai.api_key = "k"\n', [(1, "key", "openai_api_key")]),
    ("broken TOML", "a.toml", 'a = [1, \n[x]\nmodel = "gpt-4o"\n', []),
    (
        "INI",
        "a.ini",
        "[openai]\napi_key = k\nmodel: gpt-4o ; c\n# model = gpt-4\n",
        [(2, "key", "openai_api_key"), (3, "model", "gpt-4o")],
    ),
    (
        "properties",
        "a.properties",
        "openai.api.key=k\nllm.model=gpt-4o\n",
        [(2, "model", "gpt-4o")],
    ),
    (
        "Dockerfile",
        "Dockerfile",
        "ARG OPENAI_API_KEY\nENV OPENAI_BASE_URL=https://api.openai.com/v1 MODEL=gpt-4o\n"
        "ENV OPENAI_KEY x\n",
        [
            (1, "key", "OPENAI_API_KEY"),
            (2, "base_url", "OPENAI_BASE_URL"),
            (2, "model", "gpt-4o"),
            (3, "key", "OPENAI_KEY"),
        ],
    ),
    (
        "shell",
        "a.sh",
        "#!/bin/sh\nexport OPENAI_API_KEY=k # OPENAI_BASE_URL\nrun --model gpt-4o --level o1\n"
        'curl https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"\n'
        "echo gpt-4o is good\n",
        [
            (2, "key", "OPENAI_API_KEY"),
            (3, "model", "gpt-4o"),
            (4, "url", "api.openai.com"),
            (4, "key", "OPENAI_API_KEY"),
        ],
    ),
    (
        "shell, a request's body",
        "a.sh",
        'curl -d \'{"model": "gpt-4o"}\' x\n',
        [(1, "model", "gpt-4o")],
    ),
    (
        "shell, the script's own variables",
        "a.sh",
        'azure_openai_resource="$1"\nuse $azure_openai_resource\nmodel="gpt-4o"\n',
        [(3, "model", "gpt-4o")],
    ),
    (
        "shell, what a command is handed",
        "a.sh",
        'load --host "$AZURE_OPENAI_ENDPOINT" --key "$AZURE_OPENAI_API_KEY"\n'
        "export AZURE_OPENAI_ENDPOINT\n",
        [(1, "key", "AZURE_OPENAI_API_KEY"), (2, "base_url", "AZURE_OPENAI_ENDPOINT")],
    ),
    (
        "Makefile",
        "Makefile",
        "OPENAI_BASE_URL ?= https://api.openai.com/v1\nrun:\n\tdocker run -e OPENAI_API_KEY x\n",
        [(1, "base_url", "OPENAI_BASE_URL"), (3, "key", "OPENAI_API_KEY")],
    ),
    ("PowerShell", "a.ps1", "use $env:OPENAI_API_KEY\n", [(1, "key", "OPENAI_API_KEY")]),
    (
        "batch",
        "a.bat",
        "set OPENAI_API_KEY=k\nREM set OPENAI_BASE_URL=x\nuse %OPENAI_API_KEY%\n",
        [(1, "key", "OPENAI_API_KEY"), (3, "key", "OPENAI_API_KEY")],
    ),
]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in CONFIG],
)
def test_configuration(path: str, text: str, expected: list[tuple[int, str, str]]) -> None:
    found = rows(path, text)
    assert [(line, role, detail) for line, _, role, detail in found] == expected
    assert {kind for _, kind, _, _ in found} <= {"config"}


# --- whole-document properties -----------------------------------------------------------------


def test_ids_stay_when_the_rest_of_the_file_is_edited() -> None:
    before = sites(".env", "OPENAI_API_KEY=\nMODEL=gpt-4o\nMODEL=gpt-4o\n")
    after = sites(".env", "# new\nA=1\nOPENAI_API_KEY=\nB=2\nMODEL=gpt-4o\n\nMODEL=gpt-4o\n")
    assert [site.id for site in before] == [site.id for site in after]
    assert len({site.id for site in before}) == 3


def test_a_document_of_the_tests_is_marked() -> None:
    (inside,) = sites("tests/data/.env", "OPENAI_API_KEY=")
    (outside,) = sites("app/.env", "OPENAI_API_KEY=")
    assert inside.in_tests and not outside.in_tests


def test_a_byte_order_mark_and_gb18030_are_read() -> None:
    marked = document_sites(".env", b"\xef\xbb\xbfOPENAI_API_KEY=k")
    chinese = document_sites(".env", "# 密钥\nOPENAI_API_KEY=k".encode("gb18030"))
    assert isinstance(marked, list) and marked[0].span.column == 0
    assert isinstance(chinese, list) and chinese[0].span.line == 2


PATHS = [
    ".env",
    "requirements.txt",
    "pyproject.toml",
    "a.yaml",
    "a.json",
    "a.ini",
    "Dockerfile",
    "a.sh",
    "a.ipynb",
]
PIECES = st.sampled_from(
    [
        "OPENAI_API_KEY",
        "gpt-4o",
        "openai",
        "model",
        "pip install ",
        "=",
        ":",
        " ",
        "\n",
        "\r\n",
        '"',
        "'",
        '"""',
        "[",
        "]",
        "{",
        "}",
        ",",
        "#",
        "\\",
        "- ",
        "  ",
        "cells",
        "source",
        "|",
        "&a",
        "*a",
        "$",
        "${",
        "https://api.openai.com",
        "é",
        "😀",
        "\u2028",
        "\x0c",
        "<<",
        "---",
        "%",
        "!",
    ]
)


@pytest.mark.parametrize("path", [one for one in PATHS if one != "a.ipynb"])
@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_nothing_that_is_text_raises_and_every_span_lies_in_it(path: str, text: str) -> None:
    source = SourceText(text)
    for site in sites(path, text):
        start, end = source.bounds(site.span)
        assert 0 <= start < end <= len(text)
        assert isinstance(site.facts, DocumentFacts)
        for span in (site.facts.value_span, site.facts.name_span):
            if span:
                first, last = source.bounds(span)
                assert 0 <= first <= last <= len(text)


@pytest.mark.parametrize("path", PATHS)
@given(data=st.binary(max_size=60))
def test_no_bytes_raise(path: str, data: bytes) -> None:
    document_sites(path, data)
