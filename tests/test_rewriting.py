"""What becomes of a plan of which an edit cannot be carried out."""

from dataclasses import replace

import pytest

from migrator.analysis.reading import analyse
from migrator.decisions import Checklist, Plan, Target
from migrator.edits import AnswerRead
from migrator.planning import PlanOptions, plan
from migrator.providers import load_provider
from migrator.rewriting import Rewriting, rewrite_all
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
