"""What holds for every plan, over repositories put together at random."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.analysis.sites import CallFacts, Certainty, Kind, ModelFacts, VariableFacts
from migrator.decisions import Checklist, Convert, Leave, Severity
from migrator.edits import (
    ClientConstruction,
    ItemAssignment,
    Marker,
    Parameters,
    ReplaceString,
    Splice,
)
from migrator.planning.context import within
from tests.planning.builders import ASK, Planned, planned, provider

SECRET = "sk-test"
CLIENTS = (
    "OpenAI()",
    "OpenAI(api_key=os.environ['OPENAI_API_KEY'], organization='o')",
    "OpenAI(api_key=os.getenv('MY_OPENAI_KEY'), base_url=os.getenv('OPENAI_BASE_URL'))",
    f"OpenAI(api_key='{SECRET}', base_url='https://api.openai.com/v1')",
    "OpenAI(base_url=os.getenv('OPENAI_BASE_URL', 'https://api.openai.com/v1'))",
    "OpenAI(base_url='http://localhost:8000/v1')",
    "OpenAI(base_url=sys.argv[1])",
    "AzureOpenAI(azure_endpoint=os.environ['AZURE_OPENAI_ENDPOINT'], api_version='1')",
    "AsyncOpenAI(timeout=3)",
    "ChatOpenAI(model='gpt-4o')",
    "Mine(organization='o')",
)
MODELS = (
    "'gpt-4o'",
    "'o3'",
    "MODEL",
    "os.getenv('MODEL', 'gpt-4.1')",
    "'ft:gpt-4o:a::b'",
    "sys.argv",
)
# NAME is the model, ASKED the messages.
CALLS = (
    "chat.completions.create(model=NAME, ASKED, temperature=2, user='me', **DEFAULTS)",
    "chat.completions.create(model=NAME, ASKED, response_format={'type': 'json_object'})",
    "chat.completions.create(model=NAME, ASKED, tools=[], tool_choice='required', n=9)",
    "chat.completions.parse(model=NAME, ASKED, response_format=q)",
    "chat.completions.create(**{'model': NAME, 'store': True, 'messages': q})",
    "embeddings.create(model='text-embedding-3-small', input=q, user='me')",
    "embeddings.create(model='text-embedding-3-large', input=[[1, 2]])",
    "moderations.create(input=q)",
    "responses.create(model=NAME, input=q)",
    "models.list()",
    "audio.speech.create(model='tts-1', input=q, voice='alloy')",
    "files.create(file=q, purpose='batch')",
)
EXTRAS = (
    "import openai\nopenai.api_key = os.getenv('OPENAI_API_KEY')\n",
    f"import openai\ndef old(q):\n    return openai.ChatCompletion.create(model='gpt-4', {ASK})\n",
    f"import openai\ndef new(q):\n    return openai.chat.completions.create(model=MODEL, {ASK})\n",
    "import tiktoken\nencoding = tiktoken.encoding_for_model(MODEL)\n",
    "import requests\nrequests.post('https://api.openai.com/v1/models')\n",
    "PRICES = {'gpt-4o': 2}\n",
    "if 'OPENAI_API_KEY' not in os.environ:\n    raise SystemExit\n",
    "def cheap(name):\n    return name == 'gpt-4o-mini'\n",
)
LINES = (
    f"OPENAI_API_KEY={SECRET}",
    f"export MY_OPENAI_KEY='{SECRET}' # mine",
    "OPENAI_BASE_URL=https://api.openai.com/v1",
    "OPENAI_ORG_ID=o",
    "AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com",
    "MODEL=gpt-4o-mini",
    "# a comment",
)
HEAD = """import os
import sys
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, AzureOpenAI, OpenAI
MODEL = "gpt-4o-mini"
DEFAULTS = {"seed": -1, "logit_bias": {}}
class Mine(OpenAI):
    def __init__(self, **given):
        super().__init__(timeout=3, **given)
"""


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A Python file with some clients and some calls on them."""
    parts = [HEAD]
    for number in range(draw(st.integers(1, 3))):
        parts.append(f"client{number} = {draw(st.sampled_from(CLIENTS))}\n")
        for serial in range(draw(st.integers(0, 2))):
            call = draw(st.sampled_from(CALLS)).replace("ASKED", ASK)
            call = call.replace("NAME", draw(st.sampled_from(MODELS)))
            parts.append(f"def f{number}{serial}(q):\n    return client{number}.{call}\n")
    parts += draw(st.lists(st.sampled_from(EXTRAS), max_size=2, unique=True))
    return "".join(parts)


@st.composite
def repositories(draw: st.DrawFn) -> dict[str, str]:
    """A program, a test of it, an .env file and the packages it asks for."""
    lines = draw(st.lists(st.sampled_from(LINES), unique=True))
    files = {"app.py": draw(programs()), "requirements.txt": "openai>=1\n"}
    if draw(st.booleans()):
        files["more.py"] = draw(programs())
    if lines:
        files[".env"] = "\n".join(lines) + draw(st.sampled_from(["\n", ""]))
    if draw(st.booleans()):
        files["tests/test_app.py"] = (
            "def test_it(kwargs, monkeypatch):\n"
            "    monkeypatch.setenv('OPENAI_API_KEY', 'x')\n"
            "    assert kwargs['model'] == 'gpt-4o'\n"
        )
    return files


Property = Callable[[Planned], None]
PROPERTIES: list[Property] = []


def of_every_plan(holds: Property) -> Property:
    """Have a property of plans checked."""
    PROPERTIES.append(holds)
    return holds


@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(repositories())
def test_what_holds_for_every_plan(files: dict[str, str]) -> None:
    found = planned(files, markers=True)
    assert PROPERTIES
    for holds in PROPERTIES:
        holds(found)


@of_every_plan
def every_site_gets_one_decision_and_none_is_lost(found: Planned) -> None:
    ids = [one.site.id for one in found.plan.decisions]
    assert len(ids) == len(set(ids))
    coverage = found.plan.coverage
    assert coverage.sites == coverage.converted + coverage.checklist + coverage.left
    for decision in found.plan.decisions:
        match decision:
            case Convert(reason=reason) | Leave(reason=reason):
                assert reason
            case Checklist(items=items):
                assert items
                assert all(one.title and one.action for one in items)
                assert "nothing was planned for a place of this kind" not in {i.why for i in items}


@of_every_plan
def only_what_is_proven_is_converted(found: Planned) -> None:
    for decision in found.plan.decisions:
        if not isinstance(decision, Convert) or decision.site.certainty is Certainty.PROVEN:
            continue
        # A name that stands for a proven one: a test's expectation, a list's entry, a lookup.
        match decision.site.facts:
            case ModelFacts(role=role):
                assert role in {"assert", "compare", "tokenizer", "enum", "choices", "annotation"}
            case VariableFacts(access=access):
                assert access in {"test", "write", "delete"}
            case other:
                raise AssertionError(other)


@of_every_plan
def no_model_is_written_that_is_not_served(found: Planned) -> None:
    for edit in found.plan.edits:
        if edit.codemod == "model-name":
            assert isinstance(edit.instruction, ReplaceString)
            assert provider().model(edit.instruction.value) is not None
            assert provider().retired(edit.instruction.value) is None


@of_every_plan
def the_value_of_a_key_is_nowhere(found: Planned) -> None:
    for edit in found.plan.edits:
        if isinstance(edit.instruction, Splice) and SECRET in edit.instruction.text:
            raise AssertionError(edit)
        assert SECRET not in f"{edit.instruction}{edit.reason}"
    for item in found.plan.checklist:
        assert SECRET not in f"{item.title}{item.why}{item.action}{item.replacement}"


@of_every_plan
def whatever_is_taken_away_is_told(found: Planned) -> None:
    told = {(site, item.title) for item in found.plan.checklist for site in item.site_ids}
    # A setting of the module is not lost: the clients have it themselves.
    settings = {
        one.site.id
        for one in found.plan.decisions
        if one.site.kind is Kind.MODULE_CONFIG and one.site.detail == "api_key"
    }
    for edit in found.plan.edits:
        if settings.issuperset(edit.site_ids):
            continue
        if isinstance(edit.instruction, Parameters):
            for name in edit.instruction.drop:
                assert any(
                    site in edit.site_ids and f"`{name}`" in title for site, title in told
                ), (name, edit)
        if isinstance(edit.instruction, ItemAssignment) and edit.instruction.drop:
            assert any(site in edit.site_ids for site, _ in told)


@of_every_plan
def facts_come_with_their_source_and_date(found: Planned) -> None:
    parameters = {"parameter-dropped", "parameter-changed", "tool-choice", "endpoint-missing"}
    documented = {
        item
        for item in found.plan.checklist
        if item.code in parameters and item.severity is not Severity.SETUP
    }
    for item in documented:
        assert item.why
        assert all(source.url and source.as_of for source in item.sources)


@of_every_plan
def a_client_moves_only_with_all_that_it_serves(found: Planned) -> None:
    redirected = {
        (edit.path, edit.span)
        for edit in found.plan.edits
        if isinstance(edit.instruction, ClientConstruction)
    }
    decisions = {one.site.id: one for one in found.plan.decisions}
    for decision in found.plan.decisions:
        facts = decision.site.facts
        if decision.site.kind is not Kind.CLIENT:
            continue
        if (decision.site.path, decision.site.span) not in redirected:
            continue
        for call in getattr(facts, "calls", ()):
            items = getattr(decisions[call], "items", ())
            stays = {"endpoint-missing", "endpoint-unproven", "responses-api", "call-waits"}
            second = any(one.codemod == "second-client" for one in decisions[call].edits)
            assert second or not stays & {one.code for one in items}


@of_every_plan
def a_moved_call_has_no_model_of_openais_left(found: Planned) -> None:
    decisions = {one.site.id: one for one in found.plan.decisions}
    for decision in decisions.values():
        facts = decision.site.facts
        if isinstance(facts, CallFacts) and isinstance(decision, Convert):
            assert all(isinstance(decisions[one], Convert) for one in facts.models)


@of_every_plan
def two_edits_overlap_only_where_one_stands_in_the_other(found: Planned) -> None:
    edits = [one for one in found.plan.edits if not isinstance(one.instruction, Marker)]
    for index, one in enumerate(edits):
        for other in edits[index + 1 :]:
            if one.path != other.path or one.span == other.span:
                continue
            apart = (one.span.end_line, one.span.end_column) <= (
                other.span.line,
                other.span.column,
            ) or (other.span.end_line, other.span.end_column) <= (one.span.line, one.span.column)
            assert apart or within(one.place, other.place) or within(other.place, one.place)


@of_every_plan
def the_same_repository_gives_the_same_plan(found: Planned) -> None:
    backwards = dict(reversed(found.files.items()))
    assert found.plan == planned(backwards, markers=True).plan


@of_every_plan
def a_second_plan_changes_nothing(found: Planned) -> None:
    second = planned(found.rewritten(), markers=True)
    assert second.plan.edits == (), _shown(second)


def _shown(second: Planned) -> str:
    edits = "\n".join(f"{one.path}:{one.span.line} {one.instruction}" for one in second.plan.edits)
    return "\n".join([*(f"--- {p}\n{t}" for p, t in second.files.items()), edits])
