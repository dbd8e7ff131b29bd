"""Which releases of a framework are asked for, and what is written for them."""

from __future__ import annotations

import pytest

from tests.planning.builders import planned

SMOLAGENTS = 'from smolagents import OpenAIServerModel\nmodel = OpenAIServerModel("gpt-4o")\n'
DSPY = 'import dspy\nlm = dspy.LM("openai/gpt-4o", max_tokens=100)\n'
CREW = 'from crewai import LLM\nllm = LLM("gpt-4o")\n'
CASES = {
    "a release that knows what is written": (
        "bailian",
        SMOLAGENTS,
        "smolagents==1.24.0",
        "smolagents==1.24.0",
        ["tool_choice=REMOVE_PARAMETER"],
        None,
    ),
    "one that does not": (
        "bailian",
        SMOLAGENTS,
        "smolagents==1.9.2",
        "smolagents==1.9.2",
        ["api_base=", "~REMOVE_PARAMETER"],
        ("framework-older", "smolagents==1.9.2"),
    ),
    "both": (
        "bailian",
        SMOLAGENTS,
        "smolagents[openai]>=1.9,<2",
        "smolagents[openai]>=1.22,<2",
        ["tool_choice=REMOVE_PARAMETER"],
        None,
    ),
    "any": ("bailian", SMOLAGENTS, "smolagents", "smolagents", ["tool_choice=REMOVE"], None),
    "what older ones need not be told": (
        "deepseek",
        DSPY,
        "dspy==3.1.0",
        "dspy==3.1.0",
        ["max_tokens=100", "~engine"],
        None,
    ),
    "what newer ones have to be told": (
        "deepseek",
        DSPY,
        "dspy>=2.6",
        "dspy>=3.4",
        ['engine="litellm"'],
        None,
    ),
    "releases between that need another package": (
        "bailian",
        CREW,
        "crewai==1.8.0",
        "crewai==1.8.0",
        ['"openai/qwen3', "base_url="],
        ("framework-older", "crewai[litellm]"),
    ),
    "releases before and after that do not": (
        "bailian",
        CREW,
        "crewai==0.150.0",
        "crewai==0.150.0",
        ['"openai/qwen3', "base_url="],
        None,
    ),
    "a class that is not pointed in any of them": (
        "bailian",
        'import dspy\nlm = dspy.OpenAI(model="gpt-3.5-turbo")\n',
        "dspy-ai==2.4.9",
        "dspy-ai==2.4.9",
        ['dspy.OpenAI(model="gpt-3.5-turbo")'],
        ("framework-release", "raise dspy to 2.6"),
    ),
    "an object in the place of a name, that a release has not": (
        "bailian",
        'from pydantic_ai import Agent\nagent = Agent("openai:gpt-4o")\n',
        "pydantic-ai==0.4.0",
        "pydantic-ai==0.4.0",
        ['Agent("openai:gpt-4o")'],
        ("framework-release", "pydantic-ai>=0.7.6"),
    ),
}


@pytest.mark.parametrize(
    ("target", "code", "asked", "after", "written", "told"), CASES.values(), ids=CASES
)
def test_what_is_written_for_releases(
    target: str,
    code: str,
    asked: str,
    after: str,
    written: list[str],
    told: tuple[str, str] | None,
) -> None:
    made = planned({"app.py": code, "requirements.txt": f"{asked}\n"}, target=target)
    files = made.rewritten()
    assert files["requirements.txt"] == f"{after}\n"
    for text in written:
        assert (text.lstrip("~") in files["app.py"]) is not text.startswith("~"), files["app.py"]
    found = [one for one in made.plan.checklist if one.code.startswith("framework-")]
    if told is None:
        assert not [one for one in found if one.code in ("framework-older", "framework-release")]
    else:
        one = made.item(told[0])
        assert told[1] in f"{one.title} {one.action}"


def test_the_nearest_dependency_files_count() -> None:
    made = planned(
        {
            "requirements.txt": "smolagents==1.24.0\n",
            "old/requirements.txt": "smolagents==1.9.0\n",
            "old/agent.py": SMOLAGENTS,
            "new/agent.py": SMOLAGENTS,
        }
    )
    assert "REMOVE_PARAMETER" in made.after("new/agent.py")
    assert "REMOVE_PARAMETER" not in made.after("old/agent.py")
