"""Of an edited document, every value but those that were meant is what it was, byte for byte."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.builders import ASK, URL, planned

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

MODEL, NEW = "gpt-4o", "qwen3.7-plus"
ADDRESS = "https://api.openai.com/v1"
KEY, NEW_KEY = "OPENAI_API_KEY", "DASHSCOPE_API_KEY"
USE = f"""
import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["{KEY}"], base_url=config["llm"]["base_url"])


def ask(q):
    return client.chat.completions.create(model=config["llm"]["model"], {ASK})
"""
CODE = {
    "yaml": "import yaml\nconfig = yaml.safe_load(open('config.yaml'))",
    "toml": "import tomllib\nconfig = tomllib.load(open('config.toml', 'rb'))",
    "json": "import json\nconfig = json.load(open('config.json'))",
    "ini": "import configparser\nconfig = configparser.ConfigParser()\nconfig.read('config.ini')",
}
WORDS = st.sampled_from(
    [
        "",
        "gpt-4o in prose",
        "it's",
        'say "hi"',
        "né",
        "#no",
        "a: b",
        "- x",
        "{}",
        "\\n",
        "50",
        "yes",
    ]
)
QUOTES = st.sampled_from(["", "'", '"'])
COMMENTS = st.sampled_from(["", "  # gpt-4o", " # OPENAI_API_KEY", "   "])
# The rows of a table: key, text, quote, comment.
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "model_name"]), WORDS, QUOTES, COMMENTS),
    max_size=3,
    unique_by=lambda row: row[0],
)
Row = tuple[str, str, str, str]
PLAIN = re.compile(r"[\w./:-]*\w")


def _yaml(rows: list[Row], indent: str) -> str:
    return "".join(f"{indent}{key}: {_yaml_text(text, q)}{c}\n" for key, text, q, c in rows)


def _yaml_text(text: str, quote: str) -> str:
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    safe = PLAIN.fullmatch(text) and quote == ""
    return text if safe else json.dumps(text, ensure_ascii=False)


def _toml(rows: list[Row]) -> str:
    return "".join(f"{key} = {_toml_text(text, q)}{c}\n" for key, text, q, c in rows)


def _toml_text(text: str, quote: str) -> str:
    literal = quote == "'" and "'" not in text
    return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False)


def _ini(rows: list[Row]) -> str:
    return "".join(f"{key} = {text}\n" for key, text, _, _ in rows)


def _written(form: str, rows: list[Row], top: list[Row], model: Row, address: Row) -> str:
    """A document with the model and the address among other rows."""
    inner = [rows[0], model, *rows[1:], address] if rows else [address, model]
    setting = (KEY, f"${{{KEY}}}", '"', "")
    match form:
        case "yaml":
            kept = "kept: &k [1, 2.0, null, ~]\nagain: *k\nlong: |\n  gpt-4o\n  api.openai.com\n"
            env = f"env:\n{_yaml([setting], '    ')}"
            return f"# first\n{_yaml(top, '')}llm:\n{_yaml(inner, '  ')}{kept}{env}# last"
        case "toml":
            kept = 'kept = [1, 2.0, true]\nlong = """\ngpt-4o\n"""\n'
            return f"{_toml(top)}{kept}[llm]\n{_toml(inner)}[env]\n{_toml([setting])}# last"
        case "json":
            llm = {key: text for key, text, _, _ in inner}
            data = {**{key: text for key, text, _, _ in top}, "llm": llm, "env": {KEY: f"${KEY}"}}
            return json.dumps(data, indent=len(rows) or None, ensure_ascii=len(top) > 1)
    return f"; first\n[top]\n{_ini(top)}[llm]\n{_ini(inner)}[env]\n{KEY}=${{{KEY}}}\n"


def _loaded(form: str, text: str) -> Any:
    if form == "ini":
        parser = configparser.RawConfigParser()
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(text)
        return {name: dict(parser[name]) for name in parser.sections()}
    load: Mapping[str, Callable[[str], Any]] = {
        "yaml": yaml.safe_load,
        "toml": tomllib.loads,
        "json": json.loads,
    }
    return load[form](text)


def _expected(data: Any) -> Any:
    """The data with the model, the address and the variable moved, and nothing else."""
    data["llm"] |= {"model": NEW, "base_url": URL}
    value = data["env"].pop(KEY)
    data["env"][NEW_KEY] = value.replace(KEY, NEW_KEY)
    return data


@given(
    form=st.sampled_from(sorted(CODE)),
    rows=ROWS,
    top=ROWS,
    quotes=st.tuples(QUOTES, QUOTES),
    comments=st.tuples(COMMENTS, COMMENTS),
    newline=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=40)
def test_nothing_else_of_a_document_changes(
    form: str,
    rows: list[Row],
    top: list[Row],
    quotes: tuple[str, str],
    comments: tuple[str, str],
    newline: str,
) -> None:
    model = ("model", MODEL, quotes[0], comments[0])
    address = ("base_url", ADDRESS, quotes[1], comments[1])
    before = _written(form, rows, top, model, address).replace("\n", newline)
    path = f"config.{form}"
    found = planned({"app.py": CODE[form] + USE, path: before})
    after = found.after(path)
    assert _loaded(form, after) == _expected(_loaded(form, before))
    source = found.sources[path]
    stretches = sorted(source.bounds(edit.span) for edit in found.plan.edits if edit.path == path)
    starts, ends = [start for start, _ in stretches], [end for _, end in stretches]
    kept = [source.text[a:b] for a, b in zip([0, *ends], [*starts, None], strict=True)]
    assert re.fullmatch(".*?".join(map(re.escape, kept)), after, re.DOTALL)
