"""What programs do with the answers of their requests."""

from __future__ import annotations

from textwrap import dedent

import pytest

from migrator.analysis.sites import CallFacts, ResultRead, Site
from tests.analysis.programs import sites_of

LEGACY = "import openai\nr = openai.ChatCompletion.create(model='gpt-4', messages=[])\n"
CLIENT = "from openai import OpenAI\nclient = OpenAI()\n"


def _calls(files: dict[str, str] | str) -> list[Site]:
    return [site for site in sites_of(files) if isinstance(site.facts, CallFacts)]


def _facts(files: dict[str, str] | str) -> list[CallFacts]:
    return [site.facts for site in _calls(files) if isinstance(site.facts, CallFacts)]


def _spelled(form: str, name: str, path: tuple[str, ...], streamed: bool, proven: bool) -> str:
    where = ("chunk:" if streamed else "") + ".".join(path)
    parts = [form, name, where or "answer"]
    return " ".join(part for part in parts if part) + ("" if proven else " ?")


def reads(files: dict[str, str] | str) -> list[str]:
    """The reads of every call as `line form path`, `?` behind what is not proven."""
    return [
        f"{read.place.span.line} "
        + _spelled(read.form, "", read.path, read.streamed, read.proven)
        + (" written" if read.written else "")
        for facts in _facts(files)
        for read in facts.reads
    ]


def uses(files: dict[str, str] | str) -> list[str]:
    """The uses of every call as `line form name path`."""
    return [
        f"{use.place.span.line} " + _spelled(use.form, use.name, use.path, use.streamed, use.proven)
        for facts in _facts(files)
        for use in facts.uses
    ]


def _client(body: str) -> str:
    return CLIENT + dedent(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            'r["choices"][0]["message"]["content"]',
            [
                "3 item choices",
                "3 item choices.0",
                "3 item choices.0.message",
                "3 item choices.0.message.content",
            ],
            id="subscripts",
        ),
        pytest.param("r.id", ["3 attribute id"], id="an attribute"),
        pytest.param("r.get('id')", ["3 get id"], id="get"),
        pytest.param("'usage' in r", ["3 contains usage"], id="a test of presence"),
        pytest.param("getattr(r, 'id', None)", ["3 getattr id"], id="getattr"),
        pytest.param("hasattr(r, 'usage')", ["3 hasattr usage"], id="hasattr"),
        pytest.param("r['x'] = 1", ["3 item x written"], id="an assignment to an item"),
        pytest.param("r.x = 1", ["3 attribute x written"], id="an assignment to an attribute"),
        pytest.param("del r['id']", ["3 item id written"], id="a deletion"),
        pytest.param("r['created'] += 1", ["3 item created written"], id="an update in place"),
        pytest.param("key = input()\nr[key]", ["4 item *"], id="a key known at run time"),
        pytest.param("r['choices'][-1]", ["3 item choices", "3 item choices.*"], id="the last"),
        pytest.param(
            "r['choices'][:1][0]", ["3 item choices", "3 item choices.0"], id="a slice of a list"
        ),
        pytest.param("r['id'].upper().strip()", ["3 item id"], id="methods of a string"),
        pytest.param("'a' in r['id']", ["3 item id"], id="a search in a string"),
        pytest.param("other = r\nother['id']", ["4 item id"], id="an alias"),
        pytest.param("(r if r else r)['id']", ["3 item id"], id="a conditional expression"),
        pytest.param("if (x := r)['id']: pass", ["3 item id"], id="an assignment expression"),
        pytest.param(
            "for c in r['choices']: c['index']",
            ["3 item choices", "3 item choices.*.index"],
            id="a loop",
        ),
        pytest.param(
            "for i, c in enumerate(r.choices): c.index",
            ["3 attribute choices", "3 attribute choices.*.index"],
            id="enumerate",
        ),
        pytest.param(
            "for c, n in zip(r['choices'], [1]): c['index']",
            ["3 item choices", "3 item choices.*.index"],
            id="zip",
        ),
        pytest.param(
            "next(iter(r['choices']))['index']",
            ["3 item choices.*.index", "3 item choices"],
            id="next",
        ),
        pytest.param(
            "list(map(lambda c: c['index'], r['choices']))",
            ["3 item choices.*.index", "3 item choices"],
            id="map",
        ),
        pytest.param(
            "sorted(r['choices'], key=str)[0]['index']",
            ["3 item choices.0", "3 item choices.0.index", "3 item choices"],
            id="a sorted list",
        ),
        pytest.param(
            "first, second = r['choices']\nfirst['index']",
            ["3 item choices", "4 item choices.0.index"],
            id="unpacking",
        ),
        pytest.param(
            "for k, v in r['usage'].items(): pass",
            ["3 item usage"],
            id="items",
        ),
        pytest.param(
            "held = {'a': r}\nheld['a']['id']",
            ["4 item id"],
            id="a dictionary of the program's own",
        ),
        pytest.param("held = []\nheld.append(r)\nheld[0]['id']", ["5 item id"], id="a list"),
        pytest.param("def f(a):\n    return a['id']\nf(r)", ["4 item id"], id="a parameter"),
        pytest.param("def f():\n    return r\nf()['id']", ["5 item id"], id="a return"),
        pytest.param(
            "class A:\n    def __init__(self, a): self.a = a\n"
            "    def id(self): return self.a['id']\n"
            "A(r).id()",
            ["5 item id"],
            id="an attribute of an instance",
        ),
        pytest.param("import copy\ncopy.deepcopy(r)['id']", ["4 item id"], id="a copy"),
    ],
)
def test_steps_into_an_answer(body: str, expected: list[str]) -> None:
    assert reads(LEGACY + body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("import json\njson.dumps(r)", ["4 argument json.dumps answer"], id="json"),
        pytest.param(
            "from json import dumps as d\nd(r)", ["4 argument json.dumps answer"], id="an alias"
        ),
        pytest.param(
            "from flask import jsonify\njsonify(r['usage'])",
            ["4 argument flask.jsonify usage"],
            id="a part",
        ),
        pytest.param(
            "from flask import jsonify\njsonify({'a': {'b': r}})",
            ["4 argument flask.jsonify answer ?"],
            id="in a dictionary in a dictionary",
        ),
        pytest.param(
            "from flask import jsonify\njsonify({'a': r})",
            ["4 argument flask.jsonify answer"],
            id="in a dictionary",
        ),
        pytest.param(
            "import json\nheld = {'a': r}\njson.dumps(held)",
            ["4 argument json.dumps answer ?"],
            id="in a dictionary that others may read",
        ),
        pytest.param(
            "import json\njson.dumps([r])", ["4 argument json.dumps answer ?"], id="in a list"
        ),
        pytest.param("dict(r)", ["3 argument dict answer"], id="dict"),
        pytest.param("{**r}", ["3 spread answer"], id="spread into a dictionary"),
        pytest.param("dict(a=1, **r)", ["3 argument dict answer"], id="spread into dict"),
        pytest.param(
            "import app_kit\napp_kit.send(**r)",
            ["4 spread app_kit.send answer"],
            id="spread into a call",
        ),
        pytest.param("str(r)", ["3 argument str answer"], id="a text of the whole"),
        pytest.param("str(r['id'])", [], id="a text of a string"),
        pytest.param("import json\njson.loads(r.choices[0].message.content)", [], id="a string"),
        pytest.param("len(r['choices'])", [], id="the length of a list"),
        pytest.param("len(r)", ["3 argument len answer"], id="the length of an object"),
        pytest.param("isinstance(r, dict)", ["3 isinstance dict answer"], id="a type test"),
        pytest.param("r.to_dict_recursive()", ["3 method to_dict_recursive answer"], id="to_dict"),
        pytest.param("r.keys()", ["3 method keys answer"], id="keys"),
        pytest.param("r['usage'].copy()", ["3 method copy usage"], id="copy"),
        pytest.param("r.pop('id')", ["3 method pop answer"], id="pop"),
        pytest.param("{}.update(r)", ["3 argument {}.update answer"], id="update"),
        pytest.param("for key in r['usage']: pass", ["3 iteration usage"], id="keys by a loop"),
        pytest.param("for c in r['choices']: pass", [], id="a loop over a list"),
        pytest.param("r['choices'].append(1)", [], id="a method of a list"),
        pytest.param("def f(a): pass\nf(r)", [], id="a function of the program's own"),
        pytest.param(
            "openai.ChatCompletion.create(messages=[r['choices'][0]['message']])",
            [],
            id="a message that is sent back",
        ),
    ],
)
def test_departures_of_an_answer(body: str, expected: list[str]) -> None:
    assert uses(LEGACY + body) == expected


def test_deltas_of_a_stream_start_at_the_chunk() -> None:
    program = """
        import openai
        for chunk in openai.ChatCompletion.create(stream=True):
            print(chunk["choices"][0]["delta"].get("content", ""))
    """
    assert reads(program) == [
        "3 item chunk:choices",
        "3 item chunk:choices.0",
        "3 item chunk:choices.0.delta",
        "3 get chunk:choices.0.delta.content",
    ]


def test_an_asynchronous_stream_through_a_generator_of_another_file() -> None:
    files = {
        "llm.py": """
            from openai import AsyncOpenAI
            client = AsyncOpenAI()

            async def stream(prompt):
                answer = await client.chat.completions.create(stream=True)
                async for chunk in answer:
                    yield chunk
        """,
        "app.py": """
            from llm import stream

            async def main():
                async for part in stream("hi"):
                    part.choices[0].delta.content
        """,
    }
    (facts,) = _facts(files)
    assert {(read.place.path, read.path, read.streamed, read.proven) for read in facts.reads} == {
        ("app.py", ("choices",), True, True),
        ("app.py", ("choices", "0"), True, True),
        ("app.py", ("choices", "0", "delta"), True, True),
        ("app.py", ("choices", "0", "delta", "content"), True, True),
    }


def test_the_place_of_a_read_its_base_and_its_default() -> None:
    text = LEGACY + 'x = r["usage"].get("total_tokens", 0)\n'
    (facts,) = _facts(text)
    line = text.splitlines()[2]

    def written(read: ResultRead) -> tuple[str, str, str | None]:
        cut = [read.place, read.base, read.default]
        return tuple(  # type: ignore[return-value]
            line[one.span.column : one.span.end_column] if one is not None else None for one in cut
        )

    assert [written(read) for read in facts.reads] == [
        ('r["usage"]', "r", None),
        ('r["usage"].get("total_tokens", 0)', 'r["usage"]', "0"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("cached = load()\n(cached or r)['id']", id="a cache"),
        pytest.param("import json\nr = json.load(open('x')) if r else r\nr['id']", id="a file"),
        pytest.param("def f(a):\n    return a['id']\nf(r)\nf({'id': 1})", id="a dict"),
    ],
)
def test_what_may_be_something_else_is_not_proven(body: str) -> None:
    # The callers of a short function would be kept apart.
    body = body.replace("def f(a):", "def f(a):\n" + "    pass\n" * 20)
    found = [one for one in reads(LEGACY + body) if one.split()[2] == "id"]
    assert found
    assert all(one.endswith("?") for one in found)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("r = None if r else r\nr['id']", id="None"),
        pytest.param("def f(a: dict):\n    return a['id']\nf(r)", id="a plain annotation"),
        pytest.param(
            "from typing import Any, Dict\ndef f(a: Dict[str, Any]):\n    return a['id']\nf(r)",
            id="a generic annotation",
        ),
        pytest.param(
            "from typing import Any, Dict\nx: Dict[str, Any] = r\nx['id']",
            id="an annotated variable",
        ),
        pytest.param(
            "from openai.types.chat import ChatCompletion\n"
            "def f(a: ChatCompletion):\n    return a['id']\nf(r)",
            id="a type of openai",
        ),
    ],
)
def test_none_and_annotations_are_no_other_value(body: str) -> None:
    assert all("?" not in one for one in reads(LEGACY + body))
    assert reads(LEGACY + body)


@pytest.mark.parametrize(
    "blank", [pytest.param(one, id=one) for one in ("None", "''", "{}", "[]", "False", "dict()")]
)
def test_what_a_variable_is_given_before_the_answer_is_no_other_value(blank: str) -> None:
    body = f"x = {blank}\nif input(): x = r\nx['choices'][0]['index']"
    assert reads(LEGACY + body) == [
        "5 item choices",
        "5 item choices.0",
        "5 item choices.0.index",
    ]


def test_an_empty_dictionary_has_a_get_of_its_own() -> None:
    assert reads(LEGACY + "x = {}\nif input(): x = r\nx.get('id')") == ["5 get id ?"]


def test_two_parts_in_one_place_are_not_proven() -> None:
    body = "x = r if input() else r['choices'][0]['message']['tool_calls'][0]\nx['id']"
    assert [one for one in reads(LEGACY + body) if one.startswith("4")] == [
        "4 item choices.0.message.tool_calls.0.id ?",
        "4 item id ?",
    ]


def test_a_part_without_the_field_is_not_what_is_read() -> None:
    body = "x = r if input() else r['choices'][0]\nx['id']"
    assert [one for one in reads(LEGACY + body) if one.startswith("4")] == ["4 item id"]


def test_an_empty_dictionary_is_not_what_a_name_is_read_from() -> None:
    body = "x = {}\nif input(): x = r\nx['id']; x.get('model')"
    assert [one for one in reads(LEGACY + body) if one.startswith("5")] == [
        "5 item id",
        "5 get model ?",
    ]


def test_an_empty_default_hides_nothing() -> None:
    body = "u = r.get('usage', {})\nu['total_tokens']"
    assert "4 item usage.total_tokens" in reads(LEGACY + body)


def test_a_foreign_clients_answer_is_another_value() -> None:
    program = _client("""
        other = OpenAI(base_url="https://api.deepseek.com/v1")
        a = client.chat.completions.create() if input() else other.chat.completions.create()
        a.id
    """)
    assert reads(program) == ["6 attribute id ?"]


def test_a_helper_reads_for_every_request() -> None:
    files = {
        "helper.py": "def text(answer):\n    return answer.choices[0].message.content\n",
        "app.py": _client("""
            from helper import text
            text(client.chat.completions.create(model="gpt-4"))
            text(client.chat.completions.create(model="gpt-4o"))
        """),
    }
    first, second = _facts(files)
    assert first.reads == second.reads
    assert [read.path[-1] for read in first.reads] == ["choices", "0", "message", "content"]
    assert all(read.proven and read.place.path == "helper.py" for read in first.reads)


def test_a_request_behind_a_retrying_decorator() -> None:
    program = """
        import openai
        from tenacity import retry

        @retry(stop=3)
        def create(**kwargs):
            return openai.ChatCompletion.create(**kwargs)

        create(model="gpt-4")["id"]
    """
    assert reads(program) == ["8 item id"]


def test_a_wrapped_function_gives_the_answer_of_the_call_it_is_written_as() -> None:
    program = """
        import openai

        def patient(function, *args, **kwargs):
            return function(*args, **kwargs)

        one = patient(openai.ChatCompletion.create, model="gpt-4")
        two = patient(openai.ChatCompletion.create, model="gpt-4o")
        one["id"]
    """
    first, second = _facts(program)
    assert [read.path for read in first.reads] == [("id",)]
    assert second.reads == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("answers = await asyncio.gather(ask(), ask())", id="gathered calls"),
        pytest.param(
            "answers = await asyncio.gather(*[ask() for _ in '12'])", id="a gathered list"
        ),
        pytest.param("answers = [await t for t in asyncio.as_completed([ask()])]", id="completed"),
        pytest.param("answers = [(await asyncio.wait_for(ask(), 3))]", id="with a time limit"),
    ],
)
def test_answers_of_concurrent_requests(body: str) -> None:
    program = f"""
import asyncio
from openai import AsyncOpenAI
client = AsyncOpenAI()
async def ask():
    return await client.embeddings.create(input="x")
async def main():
    {body}
    for answer in answers:
        answer.data[0].embedding
"""
    assert [one.split(" ", 1)[1] for one in reads(program)] == [
        "attribute data",
        "item data.0",
        "attribute data.0.embedding",
    ]


def test_a_loop_that_runs_until_complete() -> None:
    program = """
        import asyncio, openai
        async def ask():
            return await openai.ChatCompletion.acreate()
        asyncio.get_event_loop().run_until_complete(ask())["id"]
    """
    assert reads(program) == ["4 item id"]


def test_the_result_of_a_future() -> None:
    program = """
        import openai
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor() as pool:
            future = pool.submit(openai.ChatCompletion.create, model="gpt-4")
            future.result()["id"]
    """
    assert reads(program) == ["5 item id"]


def test_a_raw_response_parses_to_the_answer() -> None:
    program = _client("""
        raw = client.chat.completions.with_raw_response.create()
        raw.headers.get("x-ratelimit-remaining-requests")
        raw.parse().choices
    """)
    assert reads(program) == [
        "5 attribute headers",
        "5 get headers.x-ratelimit-remaining-requests",
        "6 attribute choices",
    ]


def test_items_of_a_page() -> None:
    assert reads(_client("for m in client.models.list(): m.id")) == ["3 attribute data.*.id"]


def test_other_apis_answer_alike() -> None:
    program = _client("""
        client.responses.create(input="x").output_text.strip()
        client.images.generate(prompt="x").data[0].url
        client.moderations.create(input="x").results[0].categories.hate
    """)
    assert [one for one in reads(program) if one.count(".") != 1 or "output" in one] == [
        "4 attribute output_text",
        "5 attribute data",
        "5 attribute data.0.url",
        "6 attribute results",
        "6 attribute results.0.categories",
        "6 attribute results.0.categories.hate",
    ]


def test_what_is_far_from_any_field_of_the_api_is_no_part() -> None:
    program = _client("""
        a = client.chat.completions.create()
        a.choices[0].message.reasoning_content
        a.choices[0].message.extra.inner.innermost.last
    """)
    assert [one.rpartition("message.")[2] for one in reads(program) if "message." in one] == [
        "reasoning_content",
        "extra",
        "extra.inner",
        "extra.inner.innermost",
    ]


def test_a_walk_without_end_stops() -> None:
    program = _client("""
        node = client.beta.threads.create()
        while node:
            node = node.next
    """)
    depths = {len(read.path) for facts in _facts(program) for read in facts.reads}
    assert max(depths) < 15
    assert depths


RETURNS = {
    "an answer": ("return ask()", ["7 returned outside answer"]),
    "a part of one": ("return ask().choices", ["7 returned outside choices"]),
    "a text": ("return ask().choices[0].message.content", []),
    "in a dictionary": ("return {'answer': ask()}", ["7 returned outside answer ?"]),
    "in a list": ("return [ask()]", ["7 returned outside answer ?"]),
    "one after the other": ("yield ask()", ["7 returned outside answer"]),
}


@pytest.mark.parametrize(("body", "expected"), RETURNS.values(), ids=list(RETURNS))
def test_what_a_function_that_nothing_calls_returns(body: str, expected: list[str]) -> None:
    program = f"""
        def ask():
            return client.chat.completions.create(model='gpt-4o', messages=[])

        def outside():
            {body}
        """
    assert uses(_client(program)) == expected


def test_what_a_function_of_the_program_returns_is_followed() -> None:
    program = """
        def ask():
            return client.chat.completions.create(model='gpt-4o', messages=[])
        print(ask().choices[0].message.content)
        """
    assert uses(_client(program)) == []


def test_an_answer_among_more_than_can_be_told_apart_is_lost() -> None:
    others = "\n".join(f"keep(open({index}))\nkeep({index}.5)" for index in range(60))
    program = _client(
        """
        held = []
        def keep(one):
            held.append(one)
        """
    )
    asked = "keep(client.chat.completions.create(model='gpt-4o', messages=[]))\n"
    lost = [one for one in uses(f"{program}{others}\n{asked}") if " lost " in one]
    assert len(lost) == 1


# -- names that hold one thing after the other -----------------------------------------------------

BEFORE = "import openai\ndef ask(load, q):\n"
CREATE = "openai.ChatCompletion.create(model='gpt-4', messages=q)"


@pytest.mark.parametrize(
    ("body", "proven"),
    [
        (f"r = load()\nr = {CREATE}\nr['choices']", True),
        (f"r = {CREATE}\nr['choices']\nr = load()", True),
        (f"if q:\n  r = {CREATE}\n  r['choices']\nelse:\n  r = load()", True),
        (f"r = load()\nr = {CREATE}\nif q:\n  print(r['choices'])", True),
        (f"r = load()\nif q:\n  r = {CREATE}\nr['choices']", False),
        (f"r = {CREATE}\nfor one in q:\n  r['choices']\n  r = load()", False),
        (f"r = {CREATE}\ntry:\n  r = load()\nexcept KeyError:\n  r['choices']", False),
        (f"r = load()\nr = {CREATE}\nlater = lambda: r['choices']\nr = load()", False),
        (f"r = load()\nr = {CREATE}\nlater = (r['choices'] for _ in q)\nr = load()", False),
        (f"r = load()\nr = {CREATE}\nr |= load()\nr['choices']", False),
        (f"r = {CREATE}\nif (r := load()):\n  pass\nr['choices']", False),
        (f"r = {CREATE}\ndef set():\n  nonlocal r\n  r = load()\nset()\nr['choices']", False),
    ],
    ids=[
        "after the last assignment",
        "before the next assignment",
        "in one branch",
        "below a condition",
        "after a branch",
        "in a loop that assigns",
        "in a handler",
        "in a function",
        "in a generator",
        "after an update",
        "after a walrus",
        "with another function that assigns",
    ],
)
def test_what_a_name_holds_is_told_by_its_latest_assignment(body: str, proven: bool) -> None:
    lines = "".join(f"  {line}\n" for line in body.split("\n"))
    expected = "item choices" if proven else "item choices ?"
    assert [one.partition(" ")[2] for one in reads(BEFORE + lines)] == [expected]


OTHER = "openai.ChatCompletion.create(model='gpt-4', messages=[])"


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(f"r = {OTHER}", id="an assignment"),
        pytest.param(f"r: object = {OTHER}", id="an annotated one"),
        pytest.param(f"r, n = {OTHER}, 1", id="a tuple"),
        pytest.param(f"with input() as n:\n    r = {OTHER}\n    r.model", id="in a block"),
        pytest.param(f"if n:\n    r = {OTHER}\nelse:\n    r = {OTHER}", id="in both branches"),
        pytest.param(f"if n:\n    r.id\n    exit()\nr = {OTHER}", id="after a branch"),
    ],
)
def test_a_name_that_is_bound_anew_holds_another_answer(between: str) -> None:
    first, *others = _facts(f"{LEGACY}n = r.id\n{between}\n" + "r.model\n" * ("r.m" not in between))
    assert {read.path for read in first.reads} == {("id",)}
    assert all({read.path for read in one.reads} == {("model",)} for one in others)


def test_loops_that_follow_each_other_name_what_they_go_over_alike() -> None:
    stream = "openai.ChatCompletion.create(model='gpt-4', messages=[], stream=True)"
    body = f"with open('x'):\n    for one in {stream}: one.id\nfor one in {stream}: one.model\n"
    facts = _facts("import openai\n" + body)
    assert [{read.path for read in one.reads} for one in facts] == [{("id",)}, {("model",)}]


def test_attempts_that_follow_each_other_each_read_their_own_answer() -> None:
    body = f"""
def ask():
    try:
        r = {OTHER}
        return r.id
    except OSError:
        print(1)
    for attempt in range(3):
        r = {OTHER}
        if r.model: return r.created
    return None
"""
    first, second = _facts("import openai\n" + body)
    assert {read.path for read in first.reads} == {("id",)}
    assert {read.path for read in second.reads} == {("model",), ("created",)}


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(f"if input(): r = {OTHER}", id="under a condition"),
        pytest.param(f"for r in [{OTHER}]: pass", id="a loop that may go over nothing"),
        pytest.param(f"with input(): r = {OTHER}", id="a block that may swallow an error"),
        pytest.param(
            f"match input():\n    case 1: r = {OTHER}\n    case 2: pass", id="in one of the cases"
        ),
        pytest.param(
            f"for n in 'ab':\n    if n: break\n    r = {OTHER}", id="before a break of a loop"
        ),
        pytest.param(
            f"try: r = {OTHER}\nexcept OSError: r.model\nfinally: pass",
            id="where an error is handled",
        ),
        pytest.param(f"try: r = {OTHER}\nexcept OSError: pass", id="in a try"),
        pytest.param(f"while input():\n    r.model\n    r = {OTHER}", id="later in a loop"),
        pytest.param(f"def f():\n    global r\n    r = {OTHER}\nf()", id="by a function"),
        pytest.param(f"if (r := {OTHER}): pass", id="an assignment in an expression"),
        pytest.param(f"def f(): return r.model\nr = {OTHER}\nf()", id="in a function"),
    ],
)
def test_a_name_that_may_hold_either_answer_is_read_of_both(between: str) -> None:
    facts = _facts(f"{LEGACY}{between}\nr.model\n")
    assert all(("model",) in {read.path for read in one.reads} for one in facts)
    assert len(facts) == 2
