"""Tables keyed by a model's name, and tests on names."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from tests.planning.builders import ASK, Leave, chat, items_of, planned

HEAD = "from openai import OpenAI\nclient = OpenAI()\nMODEL = 'gpt-4o'\n"
CALL = f"client.chat.completions.create(model=model, {ASK})"


def program(table: str, use: str) -> str:
    return f"{HEAD}{table}\ndef ask(q, model=MODEL):\n    {use}\n    return {CALL}\n"


EXTENDED = {
    "a table of context lengths": (
        "CONTEXT = {'gpt-4o': 128000}",
        "room = CONTEXT[model]",
        "CONTEXT = {'gpt-4o': 128000, 'qwen3.7-plus': 1000000}",
    ),
    "numbers with underscores": (
        "WINDOWS: dict[str, int] = {'gpt-4o': 128_000}",
        "room = WINDOWS[model]",
        "{'gpt-4o': 128_000, 'qwen3.7-plus': 1_000_000}",
    ),
    "asked by get": (
        "TOKEN_LIMITS = {'gpt-4o': 128000, 'gpt-4': 8192}",
        "room = TOKEN_LIMITS.get(model, 4096)",
        "{'gpt-4o': 128000, 'gpt-4': 8192, 'qwen3.7-plus': 1000000}",
    ),
    "a dict call": (
        "CONTEXT = {**{}, 'gpt-4o': 128000}",
        "room = CONTEXT[model]",
        "{**{}, 'gpt-4o': 128000, 'qwen3.7-plus': 1000000}",
    ),
}


@pytest.mark.parametrize(("table", "use", "after"), EXTENDED.values(), ids=list(EXTENDED))
def test_a_table_of_context_lengths_gets_an_entry(table: str, use: str, after: str) -> None:
    found = planned(program(table, use))
    assert after in found.after()
    assert "model-table-extended" in found.codes()


LEFT_TO_A_PERSON = {
    "prices": ("PRICES = {'gpt-4o': (2.5, 10)}", "price = PRICES[model]", "model-table-missing"),
    "a number of another kind": ("COST = {'gpt-4o': 5}", "c = COST[model]", "model-table-missing"),
    "prices with a default": (
        "PRICES = {'gpt-4o': (2.5, 10)}",
        "price = PRICES.get(model)",
        "model-table-default",
    ),
    "a table that nothing moved is looked up in": (
        "CONTEXT = {'gpt-4o': 128000}",
        "room = CONTEXT[q]",
        "model-table",
    ),
}


@pytest.mark.parametrize(
    ("table", "use", "code"), LEFT_TO_A_PERSON.values(), ids=list(LEFT_TO_A_PERSON)
)
def test_no_other_value_is_made_up(table: str, use: str, code: str) -> None:
    found = planned(program(table, use))
    assert table in found.after()
    assert found.item(code)


def test_the_names_that_a_table_lacks_are_one_item() -> None:
    table = "PRICES = {'gpt-4o': (2.5, 10), 'gpt-4o-mini': (1, 2), 'gpt-4': (3, 4)}\n"
    calls = f"def ask(q, model):\n    price = PRICES[model]\n    return {CALL}\n"
    found = planned(
        f"{HEAD}{table}{calls}ask('', 'gpt-4o')\nask('', 'gpt-4o-mini')\n", markers=True
    )
    told = found.item("model-table-missing")
    assert told.title.startswith("the table has no entry for `qwen3.7-plus`, `qwen3.8-flash`")
    assert found.after().count("MIGRATE[model-table-missing]") == 1


def test_a_lookup_in_the_tests_makes_no_blocker() -> None:
    program_text = program("PRICES = {'gpt-4o': (2.5, 10)}", "price = PRICES.get(model)")
    tests = "import app\ndef test_prices(model):\n    assert app.PRICES[model]\n"
    found = planned({"app.py": program_text, "tests/test_app.py": tests})
    assert found.item("model-table-default")


def test_the_provider_s_context_length_stands_in_the_remedy() -> None:
    found = planned(program("PRICES = {'gpt-4o': (2.5, 10)}", "price = PRICES[model]"))
    assert "1,000,000" in found.item("model-table-missing").action


def test_a_table_of_vector_widths_keeps_the_width() -> None:
    text = """
    from openai import OpenAI
    client = OpenAI()
    MODEL = "text-embedding-3-small"
    WIDTHS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
    def embed(text: str):
        width = WIDTHS[MODEL]
        return width, client.embeddings.create(model=MODEL, input=text)
    """
    found = planned(text)
    assert '"text-embedding-3-large": 3072, "text-embedding-v4": 1536}' in found.after()


def test_entries_that_nothing_asks_for_are_left() -> None:
    found = planned(
        f"{HEAD}CONTEXT = {{'gpt-4o': 1, 'gpt-4o-mini': 1}}\nroom = CONTEXT[MODEL]\n"
        f"def ask(q):\n    return {CALL.replace('=model', '=MODEL')}\n"
    )
    entries = [
        one
        for one in found.plan.decisions
        if one.site.kind is Kind.MODEL and one.site.detail == "gpt-4o-mini"
    ]
    assert [type(one) for one in entries] == [Leave]


def test_a_table_that_has_the_entry_is_left() -> None:
    table = "CONTEXT = {'gpt-4o': 128000, 'qwen3.7-plus': 1000000}"
    found = planned(program(table, "room = CONTEXT[model]"))
    assert table in found.after()
    assert not {"model-table", "model-table-missing", "model-table-extended"} & set(found.codes())


def test_both_branches_of_a_test_of_an_unknown_name_are_shown() -> None:
    text = f"{HEAD}def dear(name):\n    if name == 'gpt-4':\n        return 2\n    return 1\n"
    found = planned(text + f"def ask(q):\n    return {CALL.replace('=model', '=MODEL')}\n")
    assert found.item("model-compare").why == (
        "the new name may answer `name == 'gpt-4'` otherwise; "
        "if it holds: `return 2`; if not: `nothing`"
    )


@pytest.mark.parametrize("model", ["f'gpt-{q}'", "'ft:gpt-4o-mini:' + q", "f'text-embedding-{q}'"])
def test_a_call_whose_model_is_put_together_stays(model: str) -> None:
    found = planned(chat(model=model))
    assert found.plan.edits == ()
    assert "client-serves-others" in found.codes()
    assert found.item("model-composed")


def test_a_deployment_that_is_put_together_is_none_of_openais_names() -> None:
    found = planned(chat(model="f'{q}-chat'"))
    assert "model-composed" not in found.codes()
    assert "model-at-run-time" in found.codes()


def test_what_a_key_looks_like_is_told_once_something_moves() -> None:
    check = "def check(key):\n    return key.startswith('sk-')\n"
    found = planned({"app.py": chat(), "check.py": check})
    assert "workspace keys" in found.item("key-shape").action
    assert planned({"check.py": check}).codes() == []
    assert items_of(found.decision("check.py", Kind.ENV_KEY)) == ["key-shape"]
