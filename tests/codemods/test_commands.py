"""Edits of commands, in scripts and in strings: only what is asked for changes."""

from __future__ import annotations

import pytest

from codemods.splice import splice
from migrator.edits import (
    Edit,
    Instruction,
    JsonPrompt,
    Parameters,
    ReplaceExpression,
    ReplaceSource,
    ReplaceString,
    ReplaceText,
)
from migrator.source import SourceText
from tests.codemods.rewriting import At, refusals, rewritten

BODY = '{"model": "gpt-4o", "user": "me", "n": 1}'
OLD = "https://old/v1/x"
SCRIPT = f"""curl https://old/v1/x -H "A: b" \\
  -d '{BODY}'
"""


def spliced(code: str, instruction: Instruction, text: str = SCRIPT) -> str:
    source = SourceText(text)
    start = text.index(code)
    edit = Edit("ask.sh", source.span(start, start + len(code)), "command", instruction)
    after, refused, _made = splice(source, [edit])
    assert not refused, refused
    return after


CASES: dict[str, tuple[str, Instruction, str, str]] = {
    "a URL": (OLD, ReplaceText(((OLD, "https://new/x"),)), OLD, "https://new/x"),
    "a model": ('"gpt-4o"', ReplaceString("m"), '"gpt-4o"', '"m"'),
    "a header": ('-H "A: b"', ReplaceText((('-H "A: b"', ""),)), ' -H "A: b"', ""),
    "a prompt": ('"me"', JsonPrompt(" In JSON."), '"me"', '"me In JSON."'),
    "a first entry": (BODY, Parameters(drop=("model",)), '"model": "gpt-4o", ', ""),
    "an entry between": (BODY, Parameters(drop=("user",)), '"user": "me", ', ""),
    "a last entry": (BODY, Parameters(drop=("n",)), ', "n": 1', ""),
    "the last two": (BODY, Parameters(drop=("user", "n")), ', "user": "me", "n": 1', ""),
    "a value": (BODY, Parameters(replace=(("n", "2.5"),)), '"n": 1', '"n": 2.5'),
    "a name": (BODY, Parameters(rename=(("user", "who"),)), '"user"', '"who"'),
    "a new entry": (BODY, Parameters(add=(("x", "False"),)), '"n": 1', '"n": 1, "x": false'),
}  # fmt: skip


@pytest.mark.parametrize(("code", "made", "old", "new"), CASES.values(), ids=list(CASES))
def test_a_script_changes_where_it_is_asked_to(
    code: str, made: Instruction, old: str, new: str
) -> None:
    assert spliced(code, made) == SCRIPT.replace(old, new)


@pytest.mark.parametrize(("code", "made", "old", "new"), CASES.values(), ids=list(CASES))
def test_a_string_in_three_quotes_changes_as_the_script_would(
    code: str, made: Instruction, old: str, new: str
) -> None:
    before = f"run(r'''{SCRIPT}''')\n"
    assert rewritten(before, At(code, made)) == before.replace(old, new)


def test_json_in_double_quotes_keeps_its_backslashes() -> None:
    text = 'curl x -d "{\\"model\\": \\"a\\"}"\n'
    made = Parameters(add=(("think", "False"), ("why", "'b'")))
    after = spliced('{\\"model\\": \\"a\\"}', made, text)
    assert after == 'curl x -d "{\\"model\\": \\"a\\", \\"think\\": false, \\"why\\": \\"b\\"}"\n'


def test_json_over_several_rows_gets_a_row_more() -> None:
    body = '{\n    "model": "a",\n    "n": 1\n  }'
    after = spliced(body, Parameters(add=(("think", "True"),)), f"curl x -d '{body}'\n")
    assert '    "n": 1,\n    "think": true\n  }' in after


def test_json_in_an_f_string_keeps_its_braces_and_values() -> None:
    before = 'run(f\'curl x -d {{"model": "a", "q": "{q}"}}\')\n'
    body = '{{"model": "a", "q": "{q}"}}'
    made = Parameters(add=(("o", "{'b': 1}"),))
    after = rewritten(before, At(body, made))
    assert '"q": "{q}", "o": {{"b": 1}}}}' in after


def test_json_that_goes_on_in_the_next_literal_is_one() -> None:
    before = 'run(\'curl x -d {"model": "a", \'\n    \'"n": 1}\')\n'
    body = '{"model": "a", \'\n    \'"n": 1}'
    after = rewritten(
        before, At(body, Parameters(replace=(("n", "2"),))), At('"a"', ReplaceString("b"))
    )
    assert after == before.replace('"a"', '"b"').replace('"n": 1', '"n": 2')


@pytest.mark.parametrize(
    ("code", "made"),
    [
        (BODY, Parameters(replace=(("n", "count"),))),
        (BODY, Parameters(move=("n",))),
        (BODY, Parameters(rename=(("absent", "x"),))),
        ('"A: b"', Parameters(drop=("A",))),
        (BODY, ReplaceExpression("x")),
    ],
)
def test_what_cannot_be_said_in_a_command_is_refused_with_all_that_is_asked_of_the_string(
    code: str, made: Instruction
) -> None:
    before = f"run(r'''{SCRIPT}''')\n"
    assert len(refusals(before, At(code, made), At("https://old/v1/x", ReplaceString("y")))) == 2


def test_stretches_of_a_literal_are_replaced_as_they_are_written() -> None:
    before = "run('a\\tb' 'c')\n"
    assert (
        rewritten(before, At("'a\\tb' 'c'", ReplaceSource((("b' 'c", "d"),)))) == "run('a\\td')\n"
    )
    assert refusals(before, At("'a\\tb' 'c'", ReplaceSource((("x", "y"),))))
