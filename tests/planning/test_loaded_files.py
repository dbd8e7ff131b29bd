"""What a program loads from configuration files moves with the requests it reaches."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, URL, planned

YAML = "llm:\n  model: gpt-4o  # kept\n  base_url: 'https://api.openai.com/v1'\n"
NEW_YAML = f"llm:\n  model: qwen3.7-plus  # kept\n  base_url: '{URL}'\n"
TOML = "[llm]\nmodel = 'gpt-4o' # kept\nbase_url = \"https://api.openai.com/v1\"\n"
NEW_TOML = f"[llm]\nmodel = 'qwen3.7-plus' # kept\nbase_url = \"{URL}\"\n"
JSON = '{"llm": {"model": "gpt-4o",\n "base_url": "https://api.openai.com/v1"}} // kept\n'
NEW_JSON = f'{{"llm": {{"model": "qwen3.7-plus",\n "base_url": "{URL}"}}}} // kept\n'
INI = "[llm]\nmodel = gpt-4o ; kept\nbase_url = https://api.openai.com/v1\n"
NEW_INI = f"[llm]\nmodel = qwen3.7-plus ; kept\nbase_url = {URL}\n"

USE = f"""
from openai import OpenAI

client = OpenAI(base_url=config["llm"]["base_url"])


def ask(q):
    return client.chat.completions.create(model=config["llm"]["model"], {ASK})
"""
ATTRIBUTES = USE.replace('config["llm"]["base_url"]', "config.llm.base_url").replace(
    'config["llm"]["model"]', "config.llm.model"
)
GET = USE.replace('config["llm"]["base_url"]', 'config.get("llm", "base_url")').replace(
    'config["llm"]["model"]', 'config.get("llm", "model", fallback="gpt-4o")'
)
FIELDS = """
class LLM(BaseModel):
    model: str
    base_url: str


class Config(BaseModel):
    llm: LLM


"""


@pytest.mark.parametrize(
    ("code", "path", "before", "after"),
    [
        pytest.param(
            "import yaml\nconfig = yaml.safe_load(open('config.yaml'))" + USE,
            "config.yaml", YAML, NEW_YAML, id="YAML",
        ),
        pytest.param(
            "import yaml\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\n"
            "with (HERE / 'config.yml').open() as f:\n    config = yaml.load(f, yaml.Loader)" + USE,
            "config.yml", YAML, NEW_YAML, id="a path that is put together",
        ),
        pytest.param(
            "import os, yaml\nHERE = os.path.dirname(__file__)\ndef load(name):\n"
            "    with open(os.path.join(HERE, name)) as f:\n"
            "        return yaml.safe_load(f.read())\n"
            "config = load('conf/app.yaml')" + USE,
            "conf/app.yaml", YAML, NEW_YAML, id="a helper, and a folder",
        ),
        pytest.param(
            "import tomllib\nwith open('config.toml', 'rb') as f:\n"
            "    config = tomllib.load(f)" + USE,
            "config.toml", TOML, NEW_TOML, id="TOML",
        ),
        pytest.param(
            "import toml\nconfig = toml.load('config.toml')" + USE,
            "config.toml", TOML, NEW_TOML, id="TOML by its path",
        ),
        pytest.param(
            "import json\nfrom pathlib import Path\n"
            "config = json.loads(Path('config.json').read_text())" + USE,
            "config.json", JSON, NEW_JSON, id="JSON",
        ),
        pytest.param(
            "import configparser\nconfig = configparser.ConfigParser()\n"
            "config.read('config.ini')" + USE,
            "config.ini", INI, NEW_INI, id="INI",
        ),
        pytest.param(
            "from configparser import ConfigParser\nconfig = ConfigParser()\n"
            "config.read(['config.ini', 'local.ini'])" + GET,
            "config.ini", INI, NEW_INI, id="INI by its own methods",
        ),
        pytest.param(
            "from omegaconf import OmegaConf\nconfig = OmegaConf.load('config.yaml')" + ATTRIBUTES,
            "config.yaml", YAML, NEW_YAML, id="OmegaConf",
        ),
        pytest.param(
            "import yaml\nfrom box import Box\n"
            "config = Box(yaml.safe_load(open('config.yaml')))" + ATTRIBUTES,
            "config.yaml", YAML, NEW_YAML, id="attributes of a box",
        ),
        pytest.param(
            "import yaml\nfrom types import SimpleNamespace\n"
            "config = SimpleNamespace(**yaml.safe_load(open('config.yaml')))" + ATTRIBUTES,
            "config.yaml", YAML, NEW_YAML, id="a namespace",
        ),
        pytest.param(
            "import yaml\nfrom pydantic import BaseModel\n" + FIELDS
            + "config = Config(**yaml.safe_load(open('config.yaml')))" + ATTRIBUTES,
            "config.yaml", YAML, NEW_YAML, id="a model of pydantic",
        ),
        pytest.param(
            "import argparse, yaml\nparser = argparse.ArgumentParser()\n"
            "parser.add_argument('--config', default='config.yaml')\n"
            "config = yaml.safe_load(open(parser.parse_args().config))" + USE,
            "config.yaml", YAML, NEW_YAML, id="an option with a default",
        ),
        pytest.param(
            "import yaml\nconfig = yaml.safe_load(open('config.yaml'))" + USE,
            "config.example.yaml", YAML, NEW_YAML, id="a file to be copied",
        ),
        pytest.param(
            "import yaml\nconfig = yaml.safe_load(open('config.yaml'))" + USE,
            "config.yaml.example", YAML, NEW_YAML, id="a file to be copied, by its ending",
        ),
    ],
)  # fmt: skip
def test_a_loaded_file_moves(code: str, path: str, before: str, after: str) -> None:
    assert planned({"app.py": code, path: before}).after(path) == after


LOAD = "import yaml\nconfig = yaml.safe_load(open('config.yaml'))"


def test_a_key_is_emptied_where_it_stands() -> None:
    code = LOAD + USE.replace("OpenAI(", 'OpenAI(api_key=config["llm"]["api_key"], ')
    text = YAML + "  api_key: sk-not-a-real-key-of-openai\n"
    found = planned({"app.py": code, "config.yaml": text})
    assert found.after("config.yaml") == NEW_YAML + '  api_key: ""\n'
    assert 'api_key=config["llm"]["api_key"]' in found.after()
    assert "`api_key`" in found.item("variable-kept").title


def test_what_a_key_may_be_by_a_name_that_is_not_known_stays() -> None:
    code = LOAD + USE.replace("OpenAI(", 'OpenAI(api_key=config["llm"].get(input()), ')
    text = YAML + "  api_key: sk-not-a-real-key-of-openai\n  name: Bot\n"
    after = planned({"app.py": code, "config.yaml": text}).after("config.yaml")
    assert after == NEW_YAML + text.removeprefix(YAML)


def test_a_variable_that_a_file_names_is_renamed_there() -> None:
    code = (
        "import os\n" + LOAD + USE.replace("OpenAI(", 'OpenAI(api_key=os.environ[config["key"]], ')
    )
    found = planned({"app.py": code, "config.yaml": YAML + "key: OPENAI_API_KEY\n"})
    assert found.after("config.yaml") == NEW_YAML + "key: DASHSCOPE_API_KEY\n"


def test_what_is_written_once_moves_once() -> None:
    text = "quick: &it {model: gpt-4o}\nllm: {<<: *it, base_url: null}\n"
    assert planned({"app.py": LOAD + USE, "config.yaml": text}).after("config.yaml") == (
        "quick: &it {model: qwen3.7-plus}\nllm: {<<: *it, base_url: null}\n"
    )


JUDGE = 'client.moderations.create(model=config["judge"]["model"], input="q")\n'


def test_what_is_written_once_waits_for_all_its_uses() -> None:
    shared = "llm: &it {model: gpt-4o}\njudge: *it\n"
    found = planned({"app.py": LOAD + USE + JUDGE, "config.yaml": shared})
    assert found.after("config.yaml") == shared
    apart = "llm: {model: gpt-4o}\njudge: {model: gpt-4o}\n"
    found = planned({"app.py": LOAD + USE + JUDGE, "config.yaml": apart})
    assert found.codes("config.yaml") == ["model-waits"] * 2  # one client serves both


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param(
            "import yaml\nconfig = yaml.safe_load(sys.argv[1])" + USE, YAML, id="any file"
        ),
        pytest.param(LOAD + "\nprint(config)\n", YAML, id="nothing moves"),
        pytest.param(LOAD + USE, "about: we like gpt-4o\n", id="prose"),
        pytest.param(LOAD + USE, "llm: {model: openai/gpt-4o}\n", id="a provider's prefix"),
        pytest.param(LOAD + USE, 'llm: {model: "${MODEL:-gpt-4o}"}\n', id="what is filled in"),
        pytest.param(LOAD + USE, "llm:\n  model: >-\n    gpt-4o\n", id="a block of lines"),
        pytest.param(LOAD + USE, "llm: {model: gpt-4o\n", id="no YAML"),
        pytest.param(
            LOAD + USE, "llm: {model: gpt-4o, base_url: 'https://api.deepseek.com'}\n", id="foreign"
        ),
    ],
)
def test_a_file_stays(code: str, text: str) -> None:
    assert planned({"app.py": code, "config.yaml": text}).after("config.yaml") == text


def test_the_nearest_file_of_a_name_is_loaded() -> None:
    files = {"a/app.py": LOAD + USE, "a/config.yaml": YAML, "b/config.yaml": YAML}
    found = planned(files)
    assert found.after("a/config.yaml") == NEW_YAML
    assert found.after("b/config.yaml") == YAML
    assert found.decision("a/config.yaml", Kind.CONFIG, "gpt-4o")
