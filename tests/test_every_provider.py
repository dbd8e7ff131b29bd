"""Every program on every provider: migrated to it and run, no request is refused that was not told.

What stays on OpenAI goes to a stand-in for it. By default each provider gets its share of the
programs, and each program several providers; `MIGRATOR_PROGRAMS=all` runs every program on each.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from migrator import workflow
from migrator.decisions import Plan, Severity
from migrator.providers import load_provider, provider_ids
from migrator.verification.emulator import Emulator, OpenAIReference
from tests.test_programs import EVERYTHING, NAMES, copy_of, options_of, require, run, sdks_for

PROVIDERS = [one for one in provider_ids() if one != "bailian"]  # which tests/test_programs.py has
SHARES = 100
# Said of a value that only run time tells, and may be refused.
REFUSED = frozenset({"parameter-range"})
# Said of answers that are otherwise than the programs ask them to be: narrower, of no forced tool.
OTHERWISE = REFUSED | {"vector-width", "tool-choice"}
PAIRS = [
    (provider, program)
    for turn, provider in enumerate(PROVIDERS)
    for number, program in enumerate(NAMES)
    if EVERYTHING or (number + turn) % SHARES == 0
]


@pytest.mark.parametrize(("target", "name"), PAIRS)
def test_nothing_is_refused_that_was_not_told(target: str, name: str, tmp_path: Path) -> None:
    require(name)
    root = copy_of(name, tmp_path)
    options = replace(options_of(name), target=target)
    plan = workflow.apply([root], options)[0].plan
    with Emulator(load_provider(target)) as emulator, OpenAIReference() as openai:
        elsewhere = {**openai.environment(), "OPENAI_API_BASE": openai.base_url}
        elsewhere["ELSEWHERE"] = f"api.openai.com={urlsplit(openai.base_url).netloc}"
        failures = [run(root, emulator, sdk, elsewhere) for sdk in sdks_for(name)]
    refused = [(one.path, one.refusal) for one in emulator.refused]
    assert not refused or _tells(plan, REFUSED), refused
    assert not any(failures) or _tells(plan, OTHERWISE), failures
    again, _ = workflow.plan([root], options)
    assert again.plan.edits == ()


def _tells(plan: Plan, codes: frozenset[str]) -> bool:
    """Whether the checklist has a blocker, or one of these."""
    return tells_a_blocker(plan) or any(item.code in codes for item in plan.checklist)


def tells_a_blocker(plan: Plan) -> bool:
    """Whether a plan says that something will fail."""
    return any(item.severity is Severity.BLOCKER for item in plan.checklist)
