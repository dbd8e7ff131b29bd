"""Entries of a dictionary one level deeper, and the value of one in the place of the whole."""

import pytest

from migrator.edits import Lifted, Nested, Parameters
from tests.codemods.rewriting import At, refusals, rewritten

FUNCTION = Nested("function", (("name", "name"), ("parameters", "parameters")))
PICTURE = Nested("image_url", (("image_url", "url"), ("detail", "detail")))
LIFTED = Lifted("format")

NESTED = {
    "on one line": (
        '{"type": "function", "name": f, "parameters": {}}',
        FUNCTION,
        '{"type": "function", "function": {"name": f, "parameters": {}}}',
    ),
    "the quotes are those of the others": (
        "{'type': t, 'name': f}",
        FUNCTION,
        "{'type': t, 'function': {'name': f}}",
    ),
    "with another name": (
        '{"type": "input_image", "image_url": u}',
        PICTURE,
        '{"type": "input_image", "image_url": {"url": u}}',
    ),
    "a dict call": (
        'dict(type="function", name=f)',
        FUNCTION,
        'dict(type="function", function={"name": f})',
    ),
    "on lines, one deeper each": (
        """{
    "type": "function",
    "name": f,  # what it is called
    # what it takes
    "parameters": {
        "type": "object",
    },
}""",
        FUNCTION,
        """{
    "type": "function",
    "function": {
        "name": f,  # what it is called
        # what it takes
        "parameters": {
            "type": "object",
        },
    },
}""",
    ),
    "without a comma at the end": (
        """{
    "type": "function",
    "name": f
}""",
        FUNCTION,
        """{
    "type": "function",
    "function": {
        "name": f
    }
}""",
    ),
    "first and last": (
        """{
    "name": f,
    "type": "function",
    "parameters": p,
}""",
        FUNCTION,
        """{
    "type": "function",
    "function": {
        "name": f,
        "parameters": p,
    },
}""",
    ),
    "what follows stays": (
        """{
    "name": f,
    "strict": True,
}""",
        FUNCTION,
        """{
    "function": {
        "name": f,
    },
    "strict": True,
}""",
    ),
    "lines inside one line": (
        """{"type": "function", "name": f, "parameters": {
    "type": "object",
}}""",
        FUNCTION,
        """{"type": "function", "function": {"name": f, "parameters": {
    "type": "object",
}}}""",
    ),
    "a string on lines stays as it is": (
        '''{
    "name": """a
b""",
}''',
        FUNCTION,
        '''{
    "function": {
        "name": """a
b""",
    },
}''',
    ),
}


@pytest.mark.parametrize(("before", "edit", "after"), NESTED.values(), ids=list(NESTED))
def test_entries_go_one_level_deeper(before: str, edit: Nested, after: str) -> None:
    assert rewritten(f"x = {before}\n", At(before, edit)) == f"x = {after}\n"


LIFT = {
    "on one line": ('{"format": {"type": t}, "verbosity": v}', '{"type": t}'),
    "a name": ('{"format": form}', "form"),
    "on lines, one less deep each": (
        """{
    "format": {
        "type": t,
        "schema": {
            "type": "object",
        },
    },
}""",
        """{
    "type": t,
    "schema": {
        "type": "object",
    },
}""",
    ),
    "lines inside one line": (
        """{"format": {
    "type": t,
}}""",
        """{
    "type": t,
}""",
    ),
}


@pytest.mark.parametrize(("before", "after"), LIFT.values(), ids=list(LIFT))
def test_a_value_takes_the_place_of_its_dictionary(before: str, after: str) -> None:
    assert rewritten(f"x = {before}\n", At(before, LIFTED)) == f"x = {after}\n"


def test_the_only_element_takes_the_place_of_its_list() -> None:
    before = """x = {
    "content": [
        {
            "type": "text",
            "text": (
                "a"
                "b"
            ),
        }
    ],
}
"""
    start, end = before.index("["), before.index("]") + 1
    part = before[before.index('{\n            "type"') : before.index("    ],")].rstrip()
    edits = [At(part, Lifted("text")), At(before[start:end], Lifted())]
    assert rewritten(before, *edits) == (
        """x = {
    "content": (
        "a"
        "b"
    ),
}
"""
    )
    assert refusals("x = [a, b]\n", At("[a, b]", Lifted()))


def test_one_after_the_other() -> None:
    inner = """{
        "type": "json_schema",
        "name": "city",
        "schema": s,
    }"""
    before = f'f(text={{\n    "format": {inner},\n}})\n'
    form = Nested("json_schema", (("name", "name"), ("schema", "schema")))
    whole = before[len("f(text=") : -2]
    renamed = Parameters(rename=(("text", "response_format"),))
    edits = [At(inner, form), At(whole, LIFTED), At(before.strip(), renamed)]
    assert rewritten(before, *edits) == (
        """f(response_format={
    "type": "json_schema",
    "json_schema": {
        "name": "city",
        "schema": s,
    },
})
"""
    )


def test_what_is_not_there_is_refused() -> None:
    assert refusals("x = {}\n", At("{}", FUNCTION))
    assert refusals("x = {'a': 1}\n", At("{'a': 1}", LIFTED))
    lost = "x = {\n    'format': f,  # why\n}\n"
    assert refusals(lost, At(lost[4:-1], LIFTED)) == ["a comment stands beside the value"]
