"""What a comparison counts, and what it recommends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from migrator import workflow
from migrator.comparing import compare
from migrator.comparing.candidates import candidate
from migrator.comparing.comparison import Candidate
from migrator.comparing.prices import openai_price
from migrator.comparing.ranking import ranked, reason
from migrator.decisions import Convert, Plan, Severity, Target
from migrator.inspection import Inspection, inspect
from migrator.planning import plan
from migrator.planning.capabilities import capability
from migrator.providers import Provider, UnknownProviderError, load_provider
from migrator.reports.comparisons.json import comparison_json

from .profiles import costing, made, without

EXAMPLE = Path(__file__).parents[2] / "fixtures" / "example_app"


def planned(
    seen: Inspection, provider: Provider, others: Mapping[str, Provider] = MappingProxyType({})
) -> Plan:
    sites, sources, target = seen.analysis.sites, seen.analysis.sources, Target(provider.id)
    return plan(sites, provider, target=target, sources=sources, supplements=others)


@pytest.fixture(scope="module")
def seen() -> Inspection:
    return inspect([EXAMPLE])


@pytest.fixture(scope="module")
def bailian(seen: Inspection) -> Candidate:
    provider = load_provider("bailian")
    return candidate("bailian", provider, planned(seen, provider))


def test_the_figures_are_those_of_the_plan_that_apply_carries_out() -> None:
    found = workflow.compare([EXAMPLE], ["bailian"]).candidates[0]
    result, _ = workflow.plan([EXAMPLE], workflow.Options("bailian"))
    requests = [one for one in result.plan.decisions if one.site.kind.value == "call"]
    assert found.coverage == result.plan.coverage
    of_the_code = [one for one in result.plan.checklist if not one.code.startswith("docs-")]
    assert found.items == Counter(one.severity for one in of_the_code)
    assert (found.moved, found.requests) == (
        sum(isinstance(one, Convert) for one in requests),
        len(requests),
    )


def test_what_stays_is_told_by_capability_with_reason_and_place(bailian: Candidate) -> None:
    assert [(one.capability, one.places) for one in bailian.lost] == [
        ("chat", ("src/writing_assistant/titles.py:10",)),
        ("moderation", ("src/writing_assistant/safety.py:8",)),
    ]
    assert "has no counterpart" in bailian.lost[0].reason
    assert sum(len(one.places) for one in bailian.lost) == bailian.requests - bailian.moved


def test_models_stand_with_context_and_prices_beside_openai_s(bailian: Candidate) -> None:
    uses = {one.openai: one for one in bailian.models}
    embedding = uses["text-embedding-3-small"]
    assert embedding.openai_price is not None and embedding.openai_price.price == (0.02, 0)
    assert embedding.openai_price.sources[0].as_of
    assert embedding.model is not None
    assert (embedding.model.price_cny, embedding.model.context) == ((0.5, 0), 8192)
    assert uses["omni-moderation-latest"].model is None
    assert "moderations.create" in uses["omni-moderation-latest"].why


def test_a_snapshot_costs_what_its_model_costs() -> None:
    assert openai_price("gpt-4o-2024-05-13") != openai_price("gpt-4o")
    assert openai_price("gpt-5.2-2026-01-01") == openai_price("gpt-5.2")
    assert openai_price("text-davinci-003") is None


@pytest.mark.parametrize(
    ("api", "name"),
    [
        ("beta.chat.completions.parse", "chat"),
        ("Embedding.create", "embeddings"),
        ("audio.translations.create", "transcription"),
        ("beta.threads.runs.create", "assistants"),
        ("batches.create", "batches"),
    ],
)
def test_what_a_method_is_for(api: str, name: str) -> None:
    assert capability(api) == name


def test_the_provider_that_lacks_an_endpoint_comes_last(seen: Inspection) -> None:
    poor = made("poor", without("embeddings"))
    rich, dear = made("rich", costing(1)), made("dear", costing(2))
    providers = [(one.id, one) for one in (poor, dear, rich)]
    found = compare(seen, providers, [], lambda one, others: planned(seen, one, others))
    assert [one.label for one in found.candidates] == ["rich", "dear", "poor + rich", "poor"]
    assert found.recommended is found.candidates[0]
    assert found.reason.startswith("¥") and "dear: ¥" in found.reason
    assert "embeddings" in {one.capability for one in found.candidates[3].lost}


def test_each_criterion_decides_where_those_before_it_do_not(bailian: Candidate) -> None:
    items = {Severity.BLOCKER: 1, Severity.BEHAVIOUR: 2}
    base = replace(bailian, target="b", items=items, requests=9, moved=5)
    cheap = [replace(use, model=None) for use in base.models]
    better = {
        "0 blockers; b: 1 blocker": replace(base, items={**items, Severity.BLOCKER: 0}),
        "6 of 9 requests moved; b: 5 of 9 requests moved": replace(base, moved=6),
        "1 behaviour change; b: 2 behaviour changes": replace(
            base, items={**items, Severity.BEHAVIOUR: 1}
        ),
        "b differs in nothing that is counted; the names decided": replace(base, target="a"),
    }
    for why, one in better.items():
        best = replace(one, target="a")
        order = ranked([base, best])
        assert (order[0], reason(order)) == (best, why)
    two = replace(base, supplements={"embeddings": "c"})
    assert reason(ranked([two, base])) == "1 provider; b + c: 2 providers"
    unpriced = replace(base, target="a", models=tuple(cheap))
    assert ranked([unpriced, base])[0] is base
    assert reason((replace(base, moved=0),)) == ""


def test_all_providers_are_compared_unless_some_are_named(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print('no model here')\n")
    found = workflow.compare([tmp_path])
    assert "bailian" in {one.target for one in found.candidates}
    assert found.recommended is None and found.reason == ""
    with pytest.raises(UnknownProviderError):
        workflow.compare([tmp_path], ["nobody"])


def test_region_and_models_of_the_settings_are_those_of_their_provider(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.migrator]\ntarget = "bailian"\nmap = {"gpt-4o" = "qwen-plus"}\n'
    )
    (tmp_path / "app.py").write_text(
        "from openai import OpenAI\nclient = OpenAI()\n"
        'client.chat.completions.create(model="gpt-4o", messages=[])\n'
    )
    document = json.loads(comparison_json(workflow.compare([tmp_path], ["bailian"])))
    assert [one["model"] for one in document["candidates"][0]["models"]] == ["qwen-plus"]
