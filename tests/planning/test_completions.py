"""Completions become chat requests, if all that is done with their answers can follow."""

import pytest

from migrator.analysis.sites import Kind
from migrator.decisions import Convert
from tests.planning.builders import Planned, items_of, planned

MODEL = 'model="gpt-3.5-turbo-instruct"'


def complete(arguments: str, read: str = "answer.choices[0].text", before: str = "") -> Planned:
    """A program that completes a prompt and gives what is read of the answer."""
    return planned(
        f"""
        import json
        from openai import OpenAI
        client = OpenAI()
        {before}
        def complete(prompt: str):
            answer = client.completions.create({MODEL}, {arguments})
            return {read}
        """
    )


def test_a_prompt_becomes_a_message_and_its_text_the_content() -> None:
    found = complete("prompt=prompt, max_tokens=9")
    assert """\
    answer = client.chat.completions.create(
        model="qwen3.8-flash",
        messages=[{"role": "user", "content": prompt}],
        max_tokens=9,
        extra_body={"enable_thinking": False},
    )
    return answer.choices[0].message.content
""" in found.after()
    assert items_of(found.decision("app.py", Kind.CALL)) == ["completion-chat"]


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ("best_of=3", "completion-refused"),
        ("echo=True", "completion-refused"),
        ('suffix="the end"', "completion-refused"),
        ("logprobs=5", "completion-refused"),
        ("logprobs=0", "completion-refused"),
        ("echo=prompt", "completion-refused"),
    ],
)
def test_what_chat_has_no_counterpart_for_is_a_blocker(arguments: str, refused: str) -> None:
    found = complete(f"prompt=prompt, {arguments}")
    assert refused in found.codes()
    assert found.plan.edits == ()


@pytest.mark.parametrize("idle", ["best_of=1", "echo=False", "suffix=None", "logprobs=None"])
def test_values_that_ask_for_nothing_are_taken_away(idle: str) -> None:
    found = complete(f"prompt=prompt, {idle}")
    assert idle.partition("=")[0] not in found.after()
    assert "chat.completions" in found.after()


@pytest.mark.parametrize("prompt", ["f'Sort {tasks}.'", "'Sort %s.' % tasks", "f'{tasks}'"])
def test_a_list_in_a_text_is_one_prompt(prompt: str) -> None:
    found = complete(f"prompt={prompt}, max_tokens=9", before='tasks = ["a", "b"]')
    assert "chat.completions.create" in found.after()
    assert "completion-prompts" not in found.codes()


@pytest.mark.parametrize("prompt", ['["a", "b"]', "[1, 2]", "[[1], [2]]", "prompts"])
def test_several_prompts_are_a_blocker(prompt: str) -> None:
    found = complete(f"prompt={prompt}", before='prompts = ["a", "b"]')
    assert "completion-prompts" in found.codes()
    assert found.plan.edits == ()


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("prompt", False),
        ('f"Say {prompt}"', False),
        ('"Say " + other', False),
        ("TEMPLATE.format(prompt)", False),
        ('"\\n".join(rows)', False),
        ("other", True),
        ("load()", True),
    ],
)
def test_a_prompt_that_may_be_a_list_is_told(prompt: str, told: bool) -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        TEMPLATE = "Say {{}}"
        def complete(prompt: str, other, rows):
            answer = client.completions.create({MODEL}, prompt={prompt}, max_tokens=9)
            return answer.choices[0].text
        """
    )
    assert ("completion-prompt" in found.codes()) is told
    assert "messages=[" in found.after()


def test_a_name_that_only_holds_strings_is_one() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def complete(question):
            text = "Q: " + question
            text += "A:"
            answer = client.completions.create({MODEL}, prompt=text, max_tokens=9)
            return answer.choices[0].text
        """
    )
    assert "completion-prompt" not in found.codes()


def test_a_missing_limit_is_told() -> None:
    assert "completion-limit" in complete("prompt=prompt").codes()
    assert "completion-limit" not in complete("prompt=prompt, max_tokens=9").codes()


@pytest.mark.parametrize(
    "read",
    [
        "answer",
        "[answer]",
        "json.dumps(answer)",
        "answer.model_dump()",
        "answer.choices[0]",
        "answer.choices[0].logprobs.tokens",
        "dict(answer)",
        "store(answer)",
    ],
)
def test_an_answer_that_leaves_keeps_its_shape(read: str) -> None:
    found = complete("prompt=prompt", read)
    assert "answer-untraced" in found.codes()
    assert found.plan.edits == ()


def test_the_lines_that_stop_it_are_named() -> None:
    item = complete("prompt=prompt", "store(answer)").item("answer-untraced")
    assert "app.py:7 (handed to `store`)" in item.action


@pytest.mark.parametrize(
    "read",
    [
        "answer.usage.total_tokens",
        "(answer.id, answer.model, answer.created)",
        "[one.finish_reason for one in answer.choices]",
        "print(answer)",
    ],
)
def test_what_is_the_same_in_a_chat_answer_stays(read: str) -> None:
    assert f"return {read}\n" in complete("prompt=prompt", read).after()


def test_answers_are_followed_into_other_files() -> None:
    found = planned(
        {
            "app.py": f"""
                from openai import OpenAI
                from reading import first
                client = OpenAI()
                print(first(client.completions.create({MODEL}, prompt="Hi")))
                """,
            "reading.py": """
                def first(answer):
                    [choice] = answer.choices
                    return choice.text
                """,
        }
    )
    assert "return choice.message.content\n" in found.after("reading.py")


def test_a_stream_reads_deltas() -> None:
    found = planned(
        f"""
        from openai import AsyncOpenAI
        client = AsyncOpenAI()
        async def tell(prompt: str):
            stream = await client.completions.create({MODEL}, prompt=prompt, stream=True)
            async for chunk in stream:
                print(f"{{chunk.choices[0].text}}", end="")
        """
    )
    assert "{chunk.choices[0].delta.content or ''}" in found.after()


def test_a_place_that_reads_the_answers_of_others_too_stops_it() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def text(answer):
            return answer.choices[0].text
        text(client.completions.create({MODEL}, prompt="Hi"))
        text(client.chat.completions.create(model="gpt-4o", messages=[]))
        """
    )
    assert "also reads the answer of" in found.item("answer-untraced").action


def test_calls_whose_answers_are_read_in_one_place_move_together() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        one = OpenAI()
        other = OpenAI()
        def text(answer):
            return answer.choices[0].text
        text(one.completions.create({MODEL}, prompt="Hi"))
        text(other.completions.create(model="davinci-002", prompt="Hi", echo=True))
        """
    )
    assert found.plan.edits == ()
    assert "what reads the answer at app.py:5" in found.item("call-waits").why


def test_a_method_that_is_held_in_a_name_is_left() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        create = OpenAI().completions.create
        print(create({MODEL}, prompt="Hi").choices[0].text)
        """
    )
    assert "completion-untraced" in found.codes()
    assert found.plan.edits == ()


def test_a_dictionary_of_options_gets_messages() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        options = dict({MODEL}, echo=False)
        options["prompt"] = "Hi"
        print(client.completions.create(**options).choices[0].text)
        """
    )
    after = found.after()
    assert 'options["messages"] = [{"role": "user", "content": "Hi"}]' in after
    assert "echo" not in after


def test_a_dictionary_that_two_calls_are_given_is_left() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        OPTIONS = dict({MODEL}, prompt="Hi")
        print(client.completions.create(**OPTIONS).choices[0].text)
        print(client.completions.create(**OPTIONS).choices[0].text)
        """
    )
    assert found.codes().count("completion-untraced") == 2


@pytest.mark.parametrize(
    ("annotation", "use", "after"),
    [
        ("Completion", "text(ask(False))", "ChatCompletion"),
        ("Completion", "[text(one) for one in ask(True)]", "ChatCompletionChunk"),
    ],
)
def test_types_of_answers_follow(annotation: str, use: str, after: str) -> None:
    found = planned(
        f"""
        from openai import OpenAI
        from openai.types import Completion
        client = OpenAI()
        def text(answer: {annotation}) -> str:
            return answer.choices[0].text
        def ask(stream):
            return client.completions.create({MODEL}, prompt="Hi", stream=stream)
        print({use})
        """
    )
    assert f"def text(answer: {after}) -> str:" in found.after()
    assert "types import Completion\n" not in found.after()


@pytest.mark.parametrize("annotation", ['"Completion | None"', '"Completion"'])
def test_types_in_strings_are_told(annotation: str) -> None:
    found = planned(
        f"""
        from openai import OpenAI
        from openai.types import Completion
        def text(answer: {annotation}) -> str:
            return answer.choices[0].text
        print(text(OpenAI().completions.create({MODEL}, prompt="Hi")))
        """
    )
    assert found.item("answer-type").line == 3
    assert f"def text(answer: {annotation}) -> str:" in found.after()


def test_a_provider_of_other_models_is_asked_by_the_users_own_choice() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        print(OpenAI().completions.create({MODEL}, prompt="Hi").choices[0].text)
        """,
        model_map={"gpt-3.5-turbo-instruct": "qwen-plus"},
    )
    assert isinstance(found.decision("app.py", Kind.CALL), Convert)
    assert 'model="qwen-plus"' in found.after()


def test_a_list_of_one_prompt_is_that_prompt() -> None:
    found = complete("prompt=[prompt], max_tokens=9, n=2", "[one.text for one in answer.choices]")
    assert 'messages=[{"role": "user", "content": prompt}]' in found.after()
    assert "return [one.message.content for one in answer.choices]" in found.after()


def test_a_prompt_that_holds_an_answer_is_put_together_with_what_is_read_of_it() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def complete(prompt: str):
            answer = client.completions.create({MODEL}, prompt=prompt)
            options = dict({MODEL})
            options["prompt"] = f"More: {{answer.choices[0].text}}"
            return client.completions.create(**options).choices[0].text
        """
    )
    assert (
        'options["messages"] = '
        '[{"role": "user", "content": f"More: {answer.choices[0].message.content}"}]'
    ) in found.after()


def test_a_prompt_that_the_program_looks_up_is_a_blocker() -> None:
    found = planned(
        f"""
        from openai import OpenAI
        client = OpenAI()
        def complete(text: str):
            options = dict({MODEL}, prompt=text)
            print(options["prompt"])
            return client.completions.create(**options).choices[0].text
        """
    )
    assert "completion-untraced" in found.codes()
    assert found.plan.edits == ()
