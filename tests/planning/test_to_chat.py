"""What Responses calls need of lists, tools and streams to become chat requests."""

import pytest

from tests.planning.builders import Planned, planned

HEAD = """\
import json
from openai import OpenAI
from pydantic import BaseModel
client = OpenAI()
class City(BaseModel):
    name: str
"""
TOOL = """\
TOOLS = [{"type": "function", "name": "weather", "parameters": {"type": "object"}}]
"""
LIMIT = 'model="gpt-4o", max_output_tokens=900'


def program(text: str) -> Planned:
    return planned(HEAD + text)


# -- input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "input_",
    [
        pytest.param("messages = [{'role': 'user', 'content': q}]", id="a variable"),
        pytest.param(
            "messages = []\n    messages.append({'role': 'user', 'content': q})", id="added"
        ),
        pytest.param(
            "messages = [{'role': 'system', 'content': 'a'}]\n"
            "    messages += [{'role': 'user', 'content': q}]",
            id="two lists",
        ),
        pytest.param("messages = [user(q)]", id="a helper"),
        pytest.param("messages = [user(one) for one in (q, q)]", id="a comprehension"),
        pytest.param("messages = [dict(role='user', content=q)]", id="dict calls"),
    ],
)
def test_an_input_that_is_put_together_elsewhere_is_taken_as_messages(input_: str) -> None:
    found = program(
        "def user(text):\n    return {'role': 'user', 'content': text}\n"
        f"def ask(q):\n    {input_}\n"
        f"    return client.responses.create(input=messages, {LIMIT}).output_text\n"
    )
    assert "messages=messages" in found.after()
    assert "max_completion_tokens=900" in found.after()


def test_instructions_go_before_a_list_that_stands_elsewhere() -> None:
    found = program(
        "def ask(q):\n    turns = [{'role': 'user', 'content': q}]\n"
        f"    return client.responses.create(input=turns, instructions='a', {LIMIT}).output_text\n"
    )
    assert "messages=[{'role': 'system', 'content': 'a'}, *turns]" in found.after()


def test_instructions_that_may_be_none_are_said_only_where_they_are_there() -> None:
    found = program(
        "def ask(q: str, system=None):\n"
        f"    return client.responses.create(input=q, instructions=system, {LIMIT}).output_text\n"
        "ask('a', 'b')\nask('a')\n"
    )
    assert "*([{'role': 'system', 'content': system}] if system else [])" in found.after()


def test_items_take_the_form_of_messages() -> None:
    found = program(
        "def ask(q):\n"
        "    turns = [{'type': 'message', 'role': 'user', 'content': [\n"
        "        {'type': 'input_text', 'text': q}]}]\n"
        "    said = [{'type': 'output_text', 'text': 'a'}]\n"
        "    turns.append({'role': 'assistant', 'content': said})\n"
        f"    return client.responses.create(input=turns, {LIMIT}).output_text\n"
    )
    assert "{'role': 'user', 'content': q}" in found.after()
    assert "{'type': 'text', 'text': 'a'}" in found.after(), "the list may be added to"


def test_arguments_in_a_dictionary_are_renamed_there() -> None:
    found = program(
        "def ask(q: str, schema=None):\n"
        "    options = {'model': 'gpt-4o', 'input': q, 'store': False}\n"
        "    options['max_output_tokens'] = 900\n"
        "    if schema:\n"
        "        form = {'type': 'json_schema', 'name': 'a', 'schema': schema}\n"
        "        options['text'] = {'format': form}\n"
        "    return client.responses.create(**options).output_text\n"
    )
    after = found.after()
    assert "'messages': [{'role': 'user', 'content': q}]" in after
    assert "options['max_completion_tokens'] = 900" in after
    assert "options['response_format'] = form" in after
    assert "'json_schema': {'name': 'a', 'schema': schema}" in after
    assert "store" not in after


def test_a_format_that_stands_elsewhere_is_rewritten_there() -> None:
    found = program(
        "FORM = {'type': 'json_schema', 'name': 'a', 'schema': City.model_json_schema()}\n"
        "def ask(q: str):\n"
        "    answer = client.responses.create(model='gpt-4o', input=q, text={'format': FORM})\n"
        "    return json.loads(answer.output_text)\n"
    )
    assert "response_format=FORM" in found.after()
    assert "'json_schema': {'name': 'a'" in found.after()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("load(q)", id="of unknown make"),
        pytest.param("[{'role': 'user', 'content': q}] if q else q", id="a list or a text"),
        pytest.param("[{'role': 'user', 'content': q}] if q else None", id="a list or nothing"),
        pytest.param("[{'role': 'user', 'content': [load(q)]}]", id="parts of unknown make"),
    ],
)
def test_an_input_of_which_not_all_is_known_keeps_its_endpoint(given: str) -> None:
    found = program(
        "import kit\nload = kit.load\ndef ask(q):\n"
        f"    return client.responses.create(input={given}, {LIMIT}).output_text\n"
    )
    assert "client.responses.create" in found.after()
    assert "max_output_tokens" not in found.after()


# -- what hangs together --------------------------------------------------------------------------


def test_calls_that_read_their_answers_in_one_place_go_together() -> None:
    found = program(
        "def text(answer):\n    return answer.output_text.strip()\n"
        "def ask(q: str):\n"
        "    plain = client.responses.create(model='gpt-4o', input=q)\n"
        "    form = client.responses.create(model='gpt-4o', input='As JSON: ' + q,\n"
        "        text={'format': {'type': 'json_object'}})\n"
        "    return text(plain), text(form)\n"
    )
    assert "responses" not in found.after()
    assert "return answer.choices[0].message.content.strip()" in found.after()


def test_a_call_that_cannot_go_holds_the_one_that_would_have_to() -> None:
    found = program(
        "def ask(q: str):\n"
        "    turns = [{'role': 'user', 'content': q}]\n"
        "    turns.append({'type': 'message', 'role': 'user', 'content': q})\n"
        "    found = client.responses.create(\n"
        "        model='gpt-4o', input=turns, tools=[{'type': 'web_search'}])\n"
        "    parsed = client.responses.parse(model='gpt-4o', input=turns, text_format=City)\n"
        "    return found.output_text, parsed.output_parsed\n"
    )
    assert "could not become one" in found.item("responses-tied").title
    assert "responses.create" in found.item("responses-tied").action
    assert "    found = client.responses.create(" in found.after()
    assert "parsed = openai_client().responses.parse(" in found.after()
    assert "{'type': 'message', 'role': 'user', 'content': q}" in found.after()


# -- function tools -------------------------------------------------------------------------------


def test_tools_and_their_calls_are_said_as_chat_has_them() -> None:
    found = planned(
        HEAD
        + TOOL
        + """\
def ask(q):
    items = [{"role": "user", "content": q}]
    while True:
        answer = client.responses.create(
            model="gpt-4o", input=items, tools=TOOLS, max_output_tokens=900
        )
        items += answer.output
        calls = [one for one in answer.output if one.type == "function_call"]
        if not calls:
            return answer.output_text
        for call in calls:
            result = json.dumps(json.loads(call.arguments))
            items.append(
                {"type": "function_call_output", "call_id": call.call_id, "output": result}
            )
"""
    )
    after = found.after()
    assert '"function": {"name": "weather", "parameters": {"type": "object"}}' in after
    assert "items += [answer.choices[0].message]" in after
    assert "for one in answer.choices[0].message.tool_calls or [] if" in after
    assert 'if one.type == "function"' in after
    assert 'return answer.choices[0].message.content or ""' in after
    assert "json.loads(call.function.arguments)" in after
    assert '{"role": "tool", "tool_call_id": call.id, "content": result}' in after
    assert "parallel_tool_calls=True" in after


def call_of(body: str, arguments: str = "") -> Planned:
    """A program that gives a request a tool, and does something with the answer."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return planned(
        f"{HEAD}{TOOL}def ask(q: str, items: list):\n"
        f"    answer = client.responses.create(input=q, tools=TOOLS, {LIMIT}{arguments})\n{lines}\n"
    )


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "for one in answer.output:\n    if one.type != 'function_call':\n        continue\n"
            "    print(one.name)",
            "    for one in answer.choices[0].message.tool_calls or []:\n"
            "        if one.type != 'function':\n            continue\n"
            "        print(one.function.name)",
        ),
        (
            "if answer.output[0].type == 'function_call':\n    return answer.output[0].arguments",
            "    if answer.choices[0].message.tool_calls:\n"
            "        return answer.choices[0].message.tool_calls[0].function.arguments",
        ),
        (
            "call = answer.output[0]\nreturn call.name, call.arguments",
            "    call = answer.choices[0].message.tool_calls[0]\n"
            "    return call.function.name, call.function.arguments",
        ),
        (
            "if hasattr(answer, 'output'):\n"
            "    for one in getattr(answer, 'output', []):\n"
            "        if getattr(one, 'type', None) == 'function_call':\n"
            "            print(getattr(one, 'arguments', '{}'))",
            '    if hasattr(answer, "choices"):\n'
            "        for one in answer.choices[0].message.tool_calls or []:\n"
            "            if getattr(one, 'type', None) == 'function':\n"
            "                print(one.function.arguments)",
        ),
        ("print(answer.output)", "    print(answer.choices[0].message)"),
        ("if not answer.output:\n    raise ValueError", "    if not answer.choices:\n"),
    ],
)
def test_calls_are_read_where_chat_has_them(body: str, after: str) -> None:
    assert after in call_of(body).after()


def test_tools_that_the_program_reads_keep_their_form() -> None:
    found = call_of("names = [one['name'] for one in TOOLS]")
    assert "client.responses.create" in found.after()
    assert '"function", "name"' in found.after()


def test_a_tool_that_is_forced_is_named_as_chat_names_it() -> None:
    found = call_of("", ", tool_choice={'type': 'function', 'name': 'weather'}")
    assert "tool_choice={'type': 'function', 'function': {'name': 'weather'}}" in found.after()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("for one in answer.output:\n    print(one.type)", id="any type"),
        pytest.param(
            "for one in answer.output:\n    if one.type == 'message':\n        print(1)",
            id="another type",
        ),
        pytest.param("for one in answer.output:\n    items.append(one)", id="any item sent back"),
        pytest.param("for n in range(2): print(answer.output[n].name)", id="any index"),
        pytest.param("return answer.output[1].name", id="a later item"),
        pytest.param(
            "call = answer.output[0]\nif call.type == 'function_call': print(1)", id="a name"
        ),
        pytest.param("print(len(answer.output))", id="how many items"),
        pytest.param("return [one.status for one in answer.output]", id="another field"),
        pytest.param("return answer.output", id="the list leaves"),
        pytest.param("json.dumps([one for one in answer.output])", id="an item leaves"),
        pytest.param(
            "calls = [one for one in answer.output if one.type == 'function_call']\nitems += calls",
            id="chosen items are sent back",
        ),
    ],
)
def test_other_reads_of_the_items_keep_the_endpoint(body: str) -> None:
    assert "client.responses.create" in call_of(body).after()


APPENDED = """\
items = [{"role": "user", "content": q}]
answer = client.responses.create(input=items, tools=TOOLS, max_output_tokens=9, model="gpt-4o")
for call in answer.output:
    if call.type == "function_call":
        items.append(call)
        items.append({"type": "function_call_output", "call_id": call.call_id, "output": "a"})
return client.responses.create(input=items, model="gpt-4o").output_text
"""


def test_a_call_that_is_sent_back_by_itself_becomes_a_message() -> None:
    lines = "\n".join(f"    {line}" for line in APPENDED.splitlines())
    after = planned(f"{HEAD}{TOOL}def ask(q):\n{lines}\n").after()
    assert 'items.append({"role": "assistant", "content": None, "tool_calls": [call]})' in after
    assert "responses" not in after


def test_without_its_result_it_is_none() -> None:
    turned = APPENDED.replace("        items.append(call)\n", "").replace(
        '"a"})\n', '"a"})\n        items.append(call)\n'
    )
    lines = "\n".join(f"    {line}" for line in turned.splitlines())
    after = planned(f"{HEAD}{TOOL}def ask(q):\n{lines}\n").after()
    assert after.count("client.responses.create") == 2


def test_only_strict_tools_can_be_parsed_with() -> None:
    ask = "def ask(q: str):\n    return client.responses.parse(model='gpt-4o', input=q, "
    end = "tools=TOOLS, text_format=City).output_parsed\n"
    assert "responses-state" in planned(HEAD + TOOL + ask + end).codes()
    strict = TOOL.replace('"name"', '"strict": True, "name"')
    assert "client.chat.completions" in planned(HEAD + strict + ask + end).after()


# -- streams --------------------------------------------------------------------------------------


def stream_of(body: str) -> Planned:
    """A program that loops over the events of a call which asks for a chat request."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return planned(
        f"{HEAD}def tell(q: str):\n"
        f"    events = client.responses.create(input=q, stream=True, {LIMIT})\n"
        f"    for event in events:\n{lines}\n"
    )


TEXT = "event.choices and event.choices[0].delta.content"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            'if event.type != "response.output_text.delta":\n    continue\nprint(event.delta)',
            f"        if not ({TEXT}):\n            continue\n"
            "        print(event.choices[0].delta.content)\n",
        ),
        (
            'if event.type == "response.output_text.delta" and q:\n    print(event.delta)',
            f"        if ({TEXT}) and q:\n            print(event.choices[0].delta.content)\n",
        ),
        (
            'if event.type == "response.output_text.delta":\n    print(event.delta)\n'
            'elif event.type == "response.completed":\n'
            "    print(event.response.usage.input_tokens, event.response.id)",
            f"        if {TEXT}:\n            print(event.choices[0].delta.content)\n"
            "        elif event.usage:\n            print(event.usage.prompt_tokens, event.id)\n",
        ),
        (
            'match event.type:\n    case "response.output_text.delta":\n'
            '        print(event.delta)\n    case "response.created":\n        pass',
            f"        if {TEXT}:\n            print(event.choices[0].delta.content)\n",
        ),
    ],
)
def test_events_are_told_by_what_a_chunk_holds(body: str, after: str) -> None:
    found = stream_of(body).after()
    assert found.endswith(after)
    assert ('stream_options={"include_usage": True}' in found) is ("usage" in body)


def test_pieces_that_a_comprehension_gathers() -> None:
    found = program(
        "def tell(q: str):\n"
        f"    events = client.responses.create(input=q, stream=True, {LIMIT})\n"
        '    return "".join(e.delta for e in events if e.type == "response.output_text.delta")\n'
    )
    after = "e.choices[0].delta.content for e in events if e.choices and e.choices[0].delta.content"
    assert after in found.after()


def test_a_stream_that_is_gathered_by_the_helper() -> None:
    found = program(
        "async def tell(q: str):\n"
        f"    async with client.responses.stream(input=q, {LIMIT}) as stream:\n"
        "        async for event in stream:\n"
        '            if event.type == "response.output_text.delta":\n'
        "                print(event.delta)\n"
        "        return (await stream.get_final_response()).output_text\n"
    )
    assert "async with client.chat.completions.stream(" in found.after()
    assert 'if event.type == "content.delta":\n                print(event.delta)' in found.after()
    assert "(await stream.get_final_completion()).choices[0].message.content" in found.after()


@pytest.mark.parametrize(
    ("pin", "method"),
    [
        ("openai==1.70.0", "client.beta.chat.completions.parse("),
        ("openai>=1.66,<1.90", "client.beta.chat.completions.parse("),
        ("openai==1.*", "client.chat.completions.parse("),
        ("openai>=1.66", "client.chat.completions.parse("),
        ("openai~=2.1", "client.chat.completions.parse("),
        ("openai==1.109.1", "client.chat.completions.parse("),
    ],
)
def test_the_helper_that_parses_is_called_as_the_pinned_release_has_it(
    pin: str, method: str
) -> None:
    ask = "def ask(q: str):\n    return client.responses.parse(model='gpt-4o', input=q, "
    text = f"{HEAD}{ask}text_format=City).output_parsed\n"
    assert method in planned({"app.py": text, "requirements.txt": f"{pin}\n"}).after()
