"""Reads of environment variables: in a value's place, behind it, and with a default."""

import pytest

from migrator.edits import ClientConstruction, ReadVariable, Rename, VariableDefault
from tests.codemods.rewriting import KEY, URL, At, refusals, rewritten

ADDRESS = "https://api.example.com/v1"
READ = ReadVariable("SOME_BASE_URL", ADDRESS)
BEHIND = ReadVariable("SOME_BASE_URL", ADDRESS, behind=True)
ALONE = ReadVariable(None, ADDRESS, behind=True)

VALUES = {
    "in the place of a value": ("given", READ, URL),
    "without a default it is required": ("key", ReadVariable("SOME_API_KEY"), KEY),
    "behind a value": ("given", BEHIND, f"given or {URL}"),
    "behind a value, required": (
        "key",
        ReadVariable("SOME_API_KEY", behind=True),
        f"key or {KEY}",
    ),
    "the address alone": ("self.url", ALONE, f'self.url or "{ADDRESS}"'),
    "behind another choice": ("a or b", BEHIND, f"a or b or {URL}"),
    "in the place of None at the end of one": ("a or None", ALONE, f'a or "{ADDRESS}"'),
    "behind a condition": ("a if b else c", ALONE, f'(a if b else c) or "{ADDRESS}"'),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_read_anew(name: str) -> None:
    value, instruction, expected = VALUES[name]
    before = f"import os\n\nclient = make(\n    base_url={value},\n)\n"
    after = f"import os\n\nclient = make(\n    base_url={expected},\n)\n"
    assert rewritten(before, At(value, instruction)) == after


def test_a_choice_in_brackets_goes_on_in_them() -> None:
    before = "client = make(base_url=(a or b))\n"
    assert (
        rewritten(before, At("a or b", ALONE))
        == f'client = make(base_url=(a or b or "{ADDRESS}"))\n'
    )


def test_a_statement_sets_the_new_value() -> None:
    before = 'import os\n\ngiven["base_url"] = url\n'
    assert rewritten(before, At("url", READ, 1)) == f'import os\n\ngiven["base_url"] = {URL}\n'


def test_what_stands_there_is_changed_first() -> None:
    before = "import os\n\nclient = make(base_url=settings.old)\n"
    edits = (At("settings.old", ALONE), At("old", Rename("new")))
    after = f'import os\n\nclient = make(base_url=settings.new or "{ADDRESS}")\n'
    assert rewritten(before, *edits) == after


def test_a_long_choice_goes_on_in_the_next_line() -> None:
    before = (
        "import os\n\nclient = make(\n"
        "    base_url=the_address_that_somebody_may_have_handed_in_at_run_time,\n)\n"
    )
    after = (
        "import os\n\nclient = make(\n"
        "    base_url=the_address_that_somebody_may_have_handed_in_at_run_time\n"
        f"    or {URL},\n)\n"
    )
    value = "the_address_that_somebody_may_have_handed_in_at_run_time"
    assert rewritten(before, At(value, BEHIND)) == after


READS = {
    "without a default": ('os.getenv("OLD")', 'os.getenv("OLD", "new")'),
    "with None": ('os.environ.get("OLD", None)', 'os.environ.get("OLD", "new")'),
    "with an empty text": ("os.getenv('OLD', '')", "os.getenv('OLD', 'new')"),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_gets_a_default(name: str) -> None:
    read, expected = READS[name]
    before = f"import os\n\nurl = {read}\n"
    assert rewritten(before, At(read, VariableDefault("new"))) == f"import os\n\nurl = {expected}\n"


def test_what_reads_no_variable_gets_none() -> None:
    before = 'import os\n\nurl = os.environ["OLD"]\n'
    [reason] = refusals(before, At('os.environ["OLD"]', VariableDefault("new")))
    assert "does not read a variable" in reason


FIRST = ClientConstruction(
    key_variable="SOME_API_KEY",
    base_url_variable="SOME_BASE_URL",
    base_url_default=ADDRESS,
    first=("api_key", "base_url"),
)


@pytest.mark.parametrize("entries", ['"timeout": 3', "**extra", ""])
def test_what_is_put_first_is_overridden_by_the_rest(entries: str) -> None:
    before = f"import os\n\ngiven = {{{entries}}}\n"
    rest = f", {entries}" if entries else ""
    new = f'"api_key": os.getenv("SOME_API_KEY"), "base_url": {URL}'
    after = rewritten(before, At(f"{{{entries}}}", FIRST))
    written = " ".join(after.split()).replace("{ ", "{").replace(", }", "}")
    assert written == f"import os given = {{{new}{rest}}}"
