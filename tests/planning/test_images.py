"""Pictures: parameters, sizes, formats, models, and data where links are answered."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import Kind
from migrator.edits import Parameters, PictureData
from tests.planning.builders import Checklist, Convert, Planned, items_of, planned


def draw(arguments: str, *, head: str = "q", tail: str = "") -> Planned:
    return planned(
        "from openai import OpenAI\n"
        "client = OpenAI()\n"
        f"def draw({head}):\n"
        f"    return client.images{tail}.generate({arguments})\n"
    )


def call_codes(found: Planned) -> list[str]:
    return items_of(found.decision("app.py", Kind.CALL))


def test_a_call_that_reads_links_keeps_its_shape() -> None:
    found = draw('model="dall-e-3", prompt=q, n=2, size="1024x1024"')
    assert 'generate(model="qwen-image-3.0-pro", prompt=q, n=2, size="1024x1024")' in found.after()
    assert call_codes(found) == ["picture-size", "picture-links", "endpoint-partly"] or set(
        call_codes(found)
    ) == {"picture-size", "picture-links", "endpoint-partly"}


@pytest.mark.parametrize(
    "model",
    ["gpt-image-1", "gpt-image-1-mini", "gpt-image-2.5-sunburst", "chatgpt-image-latest"],
)
def test_models_that_answer_with_data_have_it_fetched(model: str) -> None:
    found = draw(f'model="{model}", prompt=q')
    assert found.instructions(PictureData) == [PictureData(asynchronous=False)]
    assert "generate_with_data(client.images.generate, model=" in " ".join(found.after().split())
    assert "picture-data" in call_codes(found)


def test_data_that_is_asked_for_is_fetched_and_the_format_goes() -> None:
    found = draw('model="dall-e-2", prompt=q, response_format="b64_json"')
    assert "generate_with_data(" in found.after()
    assert "b64_json=" not in found.after()
    assert "response_format" not in found.after()


def test_data_that_is_read_is_fetched_whatever_decides_the_format() -> None:
    found = planned(
        """
        from openai import OpenAI
        def draw(prompt, form):
            return OpenAI().images.generate(model="dall-e-3", prompt=prompt, response_format=form)
        print(draw("a cat", "b64_json").data[0].b64_json)
        """
    )
    assert len(found.instructions(PictureData)) == 1


def test_the_link_that_is_asked_for_is_still_asked_for() -> None:
    found = draw('model="dall-e-2", prompt=q, response_format="url"')
    assert 'response_format="url"' in found.after()
    assert found.instructions(PictureData) == []


def test_without_a_model_the_usual_one_is_written() -> None:
    found = draw("prompt=q")
    assert 'client.images.generate(prompt=q, model="qwen-image-3.0")' in found.after()


def test_no_model_is_written_where_one_may_come_in_a_mapping() -> None:
    found = draw("prompt=q, **options", head="q, options")
    assert "model-at-run-time" in call_codes(found)
    assert "qwen-image" not in found.after()


@pytest.mark.parametrize(
    "argument",
    [
        'quality="hd"',
        'style="vivid"',
        'background="transparent"',
        'output_format="png"',
        'moderation="low"',
        'user="u"',
        'size="auto"',
    ],
)
def test_what_is_not_documented_is_taken_away_with_a_note(argument: str) -> None:
    found = draw(f'model="dall-e-3", prompt=q, {argument}')
    name = argument.split("=")[0]
    (dropped,) = [one for one in found.instructions(Parameters) if isinstance(one, Parameters)]
    assert dropped.drop == (name,)
    assert "parameter-dropped" in call_codes(found)


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("n=10", "value-refused"),
        ("n=0", "value-refused"),
        ("stream=True", "parameter-refused"),
        ("partial_images=2", "parameter-refused"),
        ("frame_count=4", "parameter-refused"),
    ],
)
def test_what_would_be_another_program_stays_where_it_is(argument: str, code: str) -> None:
    found = draw(f'model="gpt-image-2.5-flare", prompt=q, {argument}')
    assert call_codes(found) == [code]
    assert isinstance(found.decision("app.py", Kind.CLIENT), Checklist)
    assert found.plan.edits == ()


@pytest.mark.parametrize("argument", ["n=None", "stream=False", 'size="1792x1024"', "n=6"])
def test_what_is_taken_hinders_nothing(argument: str) -> None:
    assert isinstance(
        draw(f'model="dall-e-3", prompt=q, {argument}').decision("app.py", Kind.CALL), Convert
    )


def test_values_known_only_at_run_time_are_told_with_their_range() -> None:
    found = draw('model="dall-e-3", prompt=q, n=n, response_format=form', head="q, n, form")
    told = [one.action for one in found.plan.checklist if one.code == "parameter-range"]
    assert len(told) == 2


def test_the_raw_answer_is_left_as_it_comes() -> None:
    found = draw('model="gpt-image-1", prompt=q', tail=".with_raw_response")
    assert found.instructions(PictureData) == []
    assert "raw-response" in call_codes(found)


def test_a_model_of_ones_own_choice_is_written() -> None:
    found = planned(
        'from openai import OpenAI\nOpenAI().images.generate(model="dall-e-3", prompt="a cat")\n',
        model_map={"dall-e-3": "qwen-image-3.0"},
    )
    assert 'model="qwen-image-3.0"' in found.after()


@pytest.mark.parametrize("other", ["qwen-image-2.0", "qwen3-tts-flash"])
def test_a_model_that_the_endpoint_does_not_reach_is_a_blocker(other: str) -> None:
    found = planned(
        'from openai import OpenAI\nOpenAI().images.generate(model="dall-e-3", prompt="a cat")\n',
        model_map={"dall-e-3": other},
    )
    assert "model-native" in found.codes()
    assert found.plan.edits == ()
