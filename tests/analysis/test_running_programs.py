"""What programs ask for when they run, and what is found in them without running them."""

from __future__ import annotations

import pytest

from migrator.analysis.sites import CallFacts, Certainty, Kind, ModelFacts
from tests.analysis.programs import sites_of
from tests.analysis.running import run
from tests.analysis.running_programs import RUNNING


@pytest.mark.parametrize("name", RUNNING)
def test_every_request_that_is_made_is_found(name: str) -> None:
    program = RUNNING[name]
    files = {"app.py": program} if isinstance(program, str) else program
    asked = run(files)
    assert asked
    sites = sites_of(files)
    for path, line, api, model in asked:
        call = next(
            one
            for one in sites
            if one.kind is Kind.CALL
            and one.path == path
            and one.span.line <= line <= one.span.end_line
        )
        assert (call.detail, call.certainty) == (api, Certainty.PROVEN)
        assert isinstance(call.facts, CallFacts)
        assert model in call.facts.model_values
        named = [one for one in sites if isinstance(one.facts, ModelFacts) and one.detail == model]
        assert Certainty.PROVEN in [one.certainty for one in named]
