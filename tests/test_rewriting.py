"""What becomes of a plan of which an edit cannot be carried out."""

from dataclasses import replace

import pytest

from migrator.analysis.reading import analyse
from migrator.changes.result import EditedText
from migrator.decisions import Checklist, Plan, Target
from migrator.edits import AnswerRead
from migrator.planning import PlanOptions, plan
from migrator.providers import load_provider
from migrator.rewriting import Rewriting, edited_texts, rewrite_all
from tests.planning import builders

CODE = b"""\
from openai import OpenAI
client = OpenAI()
answer = client.completions.create(model="davinci-002", prompt="Hi", max_tokens=9)
print(answer.choices[0].text)
"""


def _without_steps(made: Plan) -> Plan:
    """The plan with reads that ask for more steps than stand there."""
    decisions = []
    for one in made.decisions:
        edits = tuple(
            replace(edit, instruction=replace(edit.instruction, steps=9))
            if isinstance(edit.instruction, AnswerRead)
            else edit
            for edit in getattr(one, "edits", ())
        )
        decisions.append(replace(one, edits=edits) if edits else one)
    return replace(made, decisions=tuple(decisions))


def test_a_call_of_which_a_part_is_refused_stays_as_a_whole() -> None:
    seen = analyse({"app.py": CODE}, {}, ["app.py"])
    target = Target("bailian")

    def planned(options: PlanOptions) -> Plan:
        return plan(
            seen.sites,
            load_provider("bailian"),
            target=target,
            sources=seen.sources,
            options=options,
        )

    done = rewrite_all(
        _without_steps(planned(PlanOptions(markers=False))), seen.sources, {"app.py": CODE}
    )
    held = done.held()
    [call] = [one.site for one in done.plan.decisions if one.site.detail == "completions.create"]
    assert held == {call.id: "the answer is read in another way"}
    again = planned(PlanOptions(markers=False, held=held))
    assert again.edits == ()
    [decision] = [one for one in again.decisions if one.site == call]
    assert isinstance(decision, Checklist)
    assert decision.items[0].code == "rewriting-refused"


@pytest.mark.parametrize(
    ("code", "codemod"),
    [
        ('client.audio.transcriptions.create(model="whisper-1", file=f)', "transcription"),
        ('client.images.generate(model="gpt-image-1", prompt=f)', "picture-data"),
    ],
)
def test_what_a_function_was_to_be_written_for_is_held_where_it_is_refused(
    code: str, codemod: str
) -> None:
    head = "from openai import OpenAI\nclient = OpenAI()\n"
    found = builders.planned(f"{head}def f(f):\n    return {code}\n")
    (edit,) = [one for one in found.plan.edits if one.codemod == codemod]
    held = Rewriting(found.plan, (), {edit: "there is no room"}).held()
    assert held == dict.fromkeys(edit.site_ids, "there is no room")


def _edited(found: builders.Planned) -> tuple[EditedText, ...]:
    originals = {path: text.encode() for path, text in found.files.items()}
    done = rewrite_all(found.plan, found.sources, originals)
    return edited_texts(done.plan, found.sources, done.made)


def test_every_edit_is_shown_by_the_lines_that_it_changes_as_they_become() -> None:
    code = (
        "import os\nfrom openai import OpenAI\n\n"
        "client = OpenAI()\n"
        "def ask(q):\n"
        "    return client.chat.completions.create(\n"
        '        model="gpt-4o", messages=q\n'
        "    )\n"
    )
    found = builders.planned({"app.py": code, ".env": "A=1\nOPENAI_API_KEY=x\n"})
    shown = {one.codemod: one for one in _edited(found)}
    model = shown["model-name"]
    assert model.before == '        model="gpt-4o", messages=q\n'
    switched = 'extra_body={"enable_thinking": False}'  # by another edit of the same line
    assert model.after == f'        model="qwen3.7-plus", messages=q, {switched}\n'
    assert shown["environment-file"].before == "OPENAI_API_KEY=x\n"
    assert shown["client-construction"].before == "client = OpenAI()\n"
    assert "import" not in shown["client-construction"].after


def test_a_marker_is_shown_as_the_line_that_it_adds() -> None:
    code = "client = OpenAI()\nclient.audio.speech.create(\n    input='a')\n"
    found = builders.planned(f"from openai import OpenAI\n{code}", markers=True)
    shown = [one for one in _edited(found) if one.codemod == "marker"]
    assert {one.before for one in shown} == {""}
    assert all(one.after.startswith("# MIGRATE[") and one.after.endswith("\n") for one in shown)


def test_what_each_edit_changes_is_known_from_the_one_time_that_it_is_made() -> None:
    code = (
        "from openai import OpenAI\nclient = OpenAI()\n"
        "client.chat.completions.create(\n"
        '    model="gpt-4o",\n'
        "    messages=[],\n"
        "    logit_bias={},\n"
        ")\n"
    )
    found = builders.planned(code)
    shown = {one.codemod: one for one in _edited(found)}
    assert shown["model-name"].before == '    model="gpt-4o",\n'
    assert "logit_bias" not in shown["model-name"].before
    assert "    logit_bias={},\n" in shown["parameters"].before
