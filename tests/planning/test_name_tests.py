"""Tests that models' names are put to: lists that get a new name, conditions that are told."""

from __future__ import annotations

from textwrap import indent

import pytest

from migrator.decisions import ChecklistItem, Severity
from tests.planning.builders import ASK, Leave, planned

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
CALL = f"client.chat.completions.create(model=model, {ASK})"
CODES = {"model-test", "model-test-fails", "model-listed", "model-list"}


def program(body: str, before: str = "", default: str = "'gpt-4o'") -> str:
    """A program that puts the name of its model to a test before it asks."""
    code = indent(body, "    ")
    return f"{HEAD}{before}\ndef ask(q, model={default}):\n{code}\n    return {CALL}\n"


def told(text: str) -> list[ChecklistItem]:
    return [one for one in planned(text).plan.checklist if one.code in CODES]


EXTENDED = {
    "a tuple": ("('gpt-4o', 'gpt-4')", "('gpt-4o', 'gpt-4', 'qwen3.7-plus')"),
    "a tuple of one": ("('gpt-4o',)", "('gpt-4o', 'qwen3.7-plus')"),
    "a tuple without brackets": ("'gpt-4o', 'gpt-4'", "'gpt-4o', 'gpt-4', 'qwen3.7-plus'"),
    "a set": ("{'gpt-4o'}", "{'gpt-4o', 'qwen3.7-plus'}"),
    "a frozen set": ("frozenset({'gpt-4o'})", "frozenset({'gpt-4o', 'qwen3.7-plus'})"),
    "lines of a list": (
        "[\n    'gpt-4o',  # best\n    'gpt-4',\n]",
        "[\n    'gpt-4o',  # best\n    'gpt-4',\n    'qwen3.7-plus',\n]",
    ),
    "a sum": ("('o1',) + ('gpt-4o', 'gpt-4')", "('o1',) + ('gpt-4o', 'gpt-4', 'qwen3.7-plus')"),
}


@pytest.mark.parametrize(("listed", "after"), EXTENDED.values(), ids=list(EXTENDED))
def test_a_list_of_names_gets_the_new_one(listed: str, after: str) -> None:
    found = planned(program("if model not in KNOWN:\n    raise ValueError", f"KNOWN = {listed}"))
    assert f"KNOWN = {after}\n" in found.after()
    assert [one.code for one in found.plan.checklist if one.code in CODES] == ["model-listed"]
    assert not [one for one in found.plan.checklist if one.severity is Severity.REVIEW]


def test_each_list_that_holds_the_name_gets_the_new_one_once() -> None:
    lists = "SMALL = ('gpt-4',)\nLARGE = ('gpt-4o',)\nKNOWN = SMALL + LARGE\n"
    body = (
        "if model in SMALL:\n    q += 'a'\nif model in LARGE:\n    q += 'b'\nassert model in KNOWN"
    )
    after = planned(program(body, lists)).after()
    assert "SMALL = ('gpt-4',)\nLARGE = ('gpt-4o', 'qwen3.7-plus')\n" in after


def test_a_list_in_the_test_gets_the_new_name() -> None:
    found = planned(program("if model in ('gpt-4o', 'gpt-4'):\n    q += '!'"))
    assert "if model in ('gpt-4o', 'gpt-4', 'qwen3.7-plus'):" in found.after()


def test_names_that_the_list_tells_apart_are_left_to_a_person() -> None:
    text = f"""{HEAD}
LARGE = ("gpt-4o",)
def ask(q, model):
    if model in LARGE:
        q += "!"
    return {CALL}
ask("a", "gpt-4o")
ask("b", "gpt-4-turbo")
"""
    found = planned(text)
    assert 'LARGE = ("gpt-4o",)\n' in found.after()
    [one] = [one for one in found.plan.checklist if one.code in CODES]
    assert one.code == "model-test"
    assert one.why.startswith(
        "it holds for `gpt-4o`, and not for `qwen3.7-plus`; "
        "it had the other answer for `gpt-4-turbo`, which became the same; where"
    )
    assert one.replacement == 'model in LARGE or model == "qwen3.7-plus"'


def test_a_list_that_the_name_is_not_in_stays() -> None:
    found = planned(program("low = model in REASONING", "REASONING = ['o1-mini', 'o3-mini']"))
    assert "REASONING = ['o1-mini', 'o3-mini']" in found.after()
    names = [d for d in found.plan.decisions if d.site.detail in {"o1-mini", "o3-mini"}]
    assert [type(one) for one in names] == [Leave, Leave]


def test_a_list_that_is_tried_one_by_one_gets_the_names_in_their_places() -> None:
    text = f"{HEAD}MODELS = ['gpt-4o', 'gpt-4o-mini']\ndef ask(q):\n    for model in MODELS:\n"
    text += f"        assert model in MODELS\n        {CALL}\n"
    assert "MODELS = ['qwen3.7-plus', 'qwen3.8-flash']" in planned(text).after()


def test_names_that_are_not_known_here_are_one_item_for_a_list() -> None:
    text = f"{HEAD}SEEING = ('gpt-4o', 'gpt-4-turbo')\ndef ask(q, model):\n"
    text += f"    assert model in SEEING\n    return {CALL}\n"
    [one] = told(text)
    assert one.code == "model-list"
    assert one.title == "names of models are compared with a list: `gpt-4o`, `gpt-4-turbo`"
    assert len(one.site_ids) == 2


# -- conditions -----------------------------------------------------------------------------------

DIFFERS = {
    "a part": (
        "low = 1 if 'gpt' in model else 2",
        "'gpt' in model",
        "where `'gpt' in model`: `1`, else: `2`",
        "'gpt' in model or model == \"qwen3.7-plus\"",
    ),
    "a prefix": (
        "if model.startswith('gpt-4'):\n    q += '!'\nelse:\n    q = ''",
        "model.startswith('gpt-4')",
        "where `model.startswith('gpt-4')`: `q += '!'`, else: `q = ''`",
        "model.startswith('gpt-4') or model == \"qwen3.7-plus\"",
    ),
    "one of several prefixes": (
        "if q and model.startswith(('gpt-4', 'o1-mini')):\n    return None",
        "model.startswith(('gpt-4', 'o1-mini'))",
        "where `q and model.startswith(('gpt-4', 'o1-mini'))`: `return None`, else: `nothing`",
        "(model.startswith(('gpt-4', 'o1-mini')) or model == \"qwen3.7-plus\")",
    ),
    "prefixes one by one": (
        "small = any(model.startswith(one) for one in ('gpt', 'o1'))",
        "any((model.startswith(one) for one in ('gpt', 'o1')))",
        "",
        "",
    ),
    "the name itself": (
        "if model == 'gpt-4o':\n    q = q.strip()\n    q += '?'",
        "model == 'gpt-4o'",
        "where `model == 'gpt-4o'`: `q = q.strip() …`, else: `nothing`",
        'model in ("gpt-4o", "qwen3.7-plus")',
    ),
    "another name": (
        "if 'gpt-4o' != model:\n    q += '?'",
        "'gpt-4o' != model",
        "where `'gpt-4o' != model`: `q += '?'`, else: `nothing`",
        'model not in ("gpt-4o", "qwen3.7-plus")',
    ),
    "in small letters": (
        "vision = 'gpt' in model.lower()",
        "'gpt' in model.lower()",
        "",
        "'gpt' in model.lower() or model.lower() == \"qwen3.7-plus\"",
    ),
    "a case": (
        "match model:\n    case 'gpt-4o':\n        q += '!'",
        "case 'gpt-4o'",
        "where `case 'gpt-4o'`: `q += '!'`, else: `the next case`",
        "'gpt-4o' | \"qwen3.7-plus\"",
    ),
}


@pytest.mark.parametrize(("body", "test", "branch", "remedy"), DIFFERS.values(), ids=list(DIFFERS))
def test_a_test_that_answers_otherwise_is_told_with_both_branches(
    body: str, test: str, branch: str, remedy: str
) -> None:
    [one] = told(program(body))
    assert (one.code, one.severity) == ("model-test", Severity.BEHAVIOUR)
    assert one.title == f"`{test}` answers otherwise for `qwen3.7-plus` than for `gpt-4o`"
    assert branch in one.why
    assert one.replacement == remedy


ALIKE = {
    "a part of neither": "if 'o1' in model or 'o3' in model:\n    q += '!'",
    "a part of both": "if '4' in model or '3' in model:\n    q += '!'",
    "an end of neither": "if model.endswith('-mini'):\n    q += '!'",
    "a name that is neither": "if model == 'o1':\n    q += '!'",
    "what holds in any case": "if 'gpt' in model or 'qwen' in model:\n    q += '!'",
    "a case of neither": "match model:\n    case 'o1' | 'gpt-4':\n        q += '!'",
}


@pytest.mark.parametrize("body", ALIKE.values(), ids=list(ALIKE))
def test_a_test_with_the_same_answer_is_not_told(body: str) -> None:
    found = planned(program(body))
    assert not {one.code for one in found.plan.checklist} & {*CODES, "model-compare"}


FAILS = {
    "at the end of a chain": """
        if "claude" in model:
            return 1
        elif "gpt" in model or "o1" in model:
            return 2
        else:
            raise ValueError(model)
    """,
    "after all tests": """
        if model in SMALL:
            return 1
        if model.startswith("gpt-4"):
            return 2
        raise NotImplementedError(model)
    """,
    "where it is excluded": """
        if not model.startswith("gpt-"):
            sys.exit("no model of ours")
        return 1
    """,
    "beside something that is not known": """
        if flag and not model.startswith("gpt-"):
            raise ValueError(model)
        return 1
    """,
    "an assertion": """
        assert model.startswith("gpt-"), model
        return 1
    """,
    "a case": """
        match model:
            case "gpt-4o" | "gpt-4":
                return 1
            case _:
                raise KeyError(model)
    """,
    "in a block": """
        with lock:
            if "gpt" in model:
                return 1
        raise KeyError(model)
    """,
}


def guarded(body: str) -> str:
    return f"""
    import sys
    from openai import OpenAI
    client = OpenAI()
    SMALL = ("gpt-3.5-turbo",)
    def size(model, flag, lock):{indent(body, "    ")}
    def ask(q, flag, lock, model="gpt-4o"):
        size(model, flag, lock)
        return {CALL}
    """


@pytest.mark.parametrize("body", FAILS.values(), ids=list(FAILS))
def test_a_test_after_which_the_new_name_ends_in_an_error_is_a_blocker(body: str) -> None:
    found = planned(guarded(body), markers=True)
    [one] = [one for one in found.plan.checklist if one.code in CODES]
    assert (one.code, one.severity) == ("model-test-fails", Severity.BLOCKER)
    marked = [line for line in found.after().splitlines() if "MIGRATE[model-test-fails]" in line]
    assert len(marked) == 1
    assert marked[0].startswith("        ")


GOES_ON = {
    "another branch takes it": """
        if "gpt" in model:
            return 1
        elif "qwen" in model:
            return 2
        raise ValueError(model)
    """,
    "the error was there before": """
        if "gpt" in model:
            flag = not flag
        raise ValueError(model)
    """,
    "the error is caught": """
        if "gpt" in model:
            return 1
        try:
            raise ValueError(model)
        except ValueError:
            return 2
    """,
}


@pytest.mark.parametrize("body", GOES_ON.values(), ids=list(GOES_ON))
def test_what_goes_on_is_no_blocker(body: str) -> None:
    assert {one.code for one in told(guarded(body))} == {"model-test"}


def test_a_condition_that_goes_is_not_told() -> None:
    call = "client.chat.completions.create(**params)"
    text = f"""{HEAD}
def ask(q, model="gpt-4o"):
    params = {{"model": model, "messages": q}}
    if model == "gpt-4o":
        params["prompt_cache_retention"] = "24h"
    return {call}
"""
    found = planned(text)
    assert "if model" not in found.after()
    assert not {one.code for one in found.plan.checklist} & CODES


def test_a_test_of_the_repository_follows_the_program() -> None:
    tests = "from app import ask\ndef test_it():\n    assert ask('', 'gpt-4o') != 'gpt-4o'\n"
    found = planned({"app.py": program("pass"), "tests/test_app.py": tests})
    assert not {one.code for one in found.plan.checklist} & CODES


def test_what_chooses_is_left_where_the_model_it_leads_to_moves() -> None:
    text = f"""{HEAD}
class Sampler:
    def __init__(self, model):
        self.model = model
    def ask(self, q):
        model = self.model
        return {CALL}
SAMPLERS = {{"gpt-4o": Sampler(model="gpt-4o-2024-08-06"), "o1": Sampler("o1")}}
def run(name):
    return SAMPLERS[name].ask("")
"""
    keys = [
        type(one)
        for one in planned(text).plan.decisions
        if one.site.span.line == 10 and one.site.code in {'"gpt-4o"', '"o1"'}
    ]
    assert Leave in keys
