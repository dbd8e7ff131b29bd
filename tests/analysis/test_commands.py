"""Command lines and JSON in texts: what they say, and where each character of it stands."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from migrator.analysis.jsontext import Json, MalformedError, read
from migrator.analysis.reading import analyse
from migrator.analysis.shell import UnendedError, words
from migrator.analysis.sites import CallFacts, Kind, Site
from migrator.analysis.strings import HOLE, characters, plain

LITERALS = [
    "'plain'",
    '"with \\"quotes\\" and \\\\ and \\n"',
    "r'raw \\n'",
    "'''three\n'quotes' '''",
    "'one ' \"two\"",
    "('not this)'",
    "'\\x41\\u00e9\\101\\N{BULLET}'",
    "'a\\\nb'",
]


@pytest.mark.parametrize("source", [one for one in LITERALS if not one.startswith("(")])
def test_the_characters_of_a_literal_are_its_value_and_stand_in_the_source(source: str) -> None:
    found = characters(source, 10)
    assert "".join(one.text for one in found) == ast.literal_eval(source)
    assert all(10 < one.start < one.end <= 10 + len(source) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_the_values_of_an_f_string_are_holes() -> None:
    source = 'f\'a{{b}} {x["}"]:>3} \' f"{y}"'
    found = characters(source)
    assert "".join(one.text for one in found) == f"a{{b}} {HOLE} {HOLE}"
    assert [one.filled for one in found if one.text == HOLE] == [0, 1]
    hole = next(one for one in found if one.text == HOLE)
    assert source[hole.start : hole.end] == '{x["}"]:>3}'


@pytest.mark.parametrize("source", ["b'a'", "name", "'open", "f'{x'", "'a' + 'b'"])
def test_what_is_no_string_literal_is_refused(source: str) -> None:
    with pytest.raises(ValueError):
        characters(source)


COMMANDS = {
    "curl -s 'a b' \"c d\"": ["curl", "-s", "a b", "c d"],
    "curl a\\ b \\\n  c # d": ["curl", "a b", "c", "#", "d"],
    "curl \"say \\\"hi\\\"\" 'it'\\''s'": ["curl", 'say "hi"', "it's"],
    "curl $URL/x \"${KEY:-none}\" '$kept'": ["curl", f"{HOLE}/x", HOLE, "$kept"],
    "curl $(cat a b) c | jq .": ["curl", HOLE, "c"],
    "curl a; curl b": ["curl", "a"],
    "curl a && b": ["curl", "a"],
}


@pytest.mark.parametrize(("line", "expected"), COMMANDS.items(), ids=list(COMMANDS))
def test_a_command_is_taken_apart_as_a_shell_does_it(line: str, expected: list[str]) -> None:
    assert [word.text for word in words(list(plain(line)))] == expected


def test_a_quote_that_is_not_closed_is_told() -> None:
    with pytest.raises(UnendedError):
        list(words(list(plain("curl 'a"))))


def test_json_is_read_with_its_places() -> None:
    text = '{"a": [1, null], "b": "x"}'
    found = read(text)
    assert found.is_object and isinstance(found.value, tuple)
    (key, value), (_, last) = found.value
    assert isinstance(key, Json) and text[key.start : key.end] == '"a"'
    assert text[value.start : value.end] == "[1, null]"
    assert last.value == "x"


@pytest.mark.parametrize("text", ["", "{", '{"a"}', "[1 2]", '{"a": 1} 2', "{'a': 1}", '{"a": b}'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        read(text)


# -- what commands ask for ------------------------------------------------------------------------


def sites(files: Mapping[str, str]) -> list[Site]:
    python = {path: text.encode() for path, text in files.items() if path.endswith(".py")}
    others = {path: text.encode() for path, text in files.items() if path not in python}
    return list(analyse(python, others, list(python)).sites)


def asked(files: Mapping[str, str]) -> list[str]:
    """The methods that the requests of some files stand for."""
    return [
        one.facts.api
        for one in sites(files)
        if one.kind is Kind.RAW_HTTP and isinstance(one.facts, CallFacts)
    ]


URL = "https://api.openai.com/v1"
SCRIPTS = {
    "a plain command": f"curl {URL}/models\n",
    "a flag for the URL": f"curl --url {URL}/models\n",
    "a pipe": f"curl -s {URL}/models | jq .\n",
    "an answer that is kept": f'ANSWER=$(curl -s "{URL}/models")\n',
    "a recipe": f"models:\n\t@curl {URL}/models\n",
    "a base in a variable": f"BASE={URL}\ncurl $BASE/models\n",
    "a base in quotes": f"export BASE='{URL}'\ncurl \"${{BASE}}/models\"\n",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=list(SCRIPTS))
def test_a_script_asks(text: str) -> None:
    assert asked({"openai.sh": text}) == ["models.list"]


@pytest.mark.parametrize(
    "text",
    [
        f"# curl {URL}/models\n",
        "curl https://llm.example.com/v1/models # not openai\n",
        f"wget {URL}/models # curl\n",
        f"echo 'curl {URL}/models\n",
    ],
)
def test_a_script_that_asks_somebody_else_or_nobody_does_not(text: str) -> None:
    assert asked({"ask.sh": text}) == []


@pytest.mark.parametrize(
    "code",
    [
        f"import os\nos.system('curl {URL}/models')\n",
        f"import subprocess\nsubprocess.run(f'curl {URL}/models -H {{x}}', shell=True)\n",
        f"import os\nCOMMAND = 'curl {URL}/models'\nos.popen(COMMAND)\n",
    ],
)
def test_a_string_that_is_run_asks(code: str) -> None:
    assert asked({"app.py": code}) == ["models.list"]


@pytest.mark.parametrize(
    "code", [f'"""curl {URL}/models"""\n', f"print('curl {URL}/models')\n", f"x = ['curl {URL}']\n"]
)
def test_a_string_that_is_only_shown_does_not(code: str) -> None:
    assert asked({"app.py": code}) == []


def test_the_places_of_a_command_are_those_of_the_file() -> None:
    text = f'curl {URL}/chat/completions -d \'{{"model": "gpt-4o", "messages": []}}\'\n'
    found = {one.kind: one for one in sites({"ask.sh": text}) if one.kind is not Kind.RAW_HTTP}
    assert found[Kind.MODEL].code == '"gpt-4o"'
    assert text[found[Kind.MODEL].span.column :].startswith('"gpt-4o"')
    assert Kind.CONFIG not in found
