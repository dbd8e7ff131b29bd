"""Programs that are moved to a provider's own SDK: migrated, and run with that SDK.

By default each SDK gets its share of the programs; `MIGRATOR_PROGRAMS=all` runs all with each.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from migrator import workflow
from migrator.providers import load_provider
from migrator.verification.emulator import Emulator, OpenAIReference
from tests.sdk.install import own_sdks
from tests.test_every_provider import tells_a_blocker
from tests.test_programs import NAMES, case_of, copy_of, options_of, require, run
from tests.trees import fingerprint

SHARES = 6
ALONE = {"bailian"}  # which tests/test_dashscope.py has
EVERYTHING = os.environ.get("MIGRATOR_PROGRAMS") == "all"
PAIRS = [
    (provider, program)
    for turn, provider in enumerate(sorted(own_sdks().keys() - ALONE))
    for number, program in enumerate(NAMES)
    if EVERYTHING or (number + turn) % SHARES == 0
]


@pytest.mark.parametrize(("target", "name"), PAIRS)
def test_a_program_runs_with_the_providers_own_sdk(target: str, name: str, tmp_path: Path) -> None:
    require(name)
    if case_of(name).get("sdk") == "openai-0":
        pytest.skip("it stays on openai before 1.0")
    root = copy_of(name, tmp_path)
    before = fingerprint(root)
    options = replace(options_of(name), target=target, mode="sdk")
    plan = workflow.apply([root], options)[0].plan
    again, _ = workflow.plan([root], options)
    assert again.plan.edits == ()
    program = root.with_name("moved") / name
    shutil.copytree(root, program)
    workflow.undo(root)
    assert fingerprint(root) == before
    failure, refused = _run(program, target)
    if (failure or refused) and not tells_a_blocker(plan):
        # What is the provider's doing, and not its SDK's, fails with the openai package as well.
        workflow.apply([root], replace(options, mode="compatible"))
        alike, _ = _run(root, target)
        assert alike, (failure, refused)


def _run(root: Path, target: str) -> tuple[str, list[tuple[str, str]]]:
    """Run a program with the SDK; what it printed if it failed, and what was refused."""
    with Emulator(load_provider(target)) as emulator, OpenAIReference() as openai:
        elsewhere = {**openai.environment(), "OPENAI_API_BASE": openai.base_url}
        elsewhere["ELSEWHERE"] = f"api.openai.com={urlsplit(openai.base_url).netloc}"
        sdk = load_provider(target).sdk
        if sdk is not None and sdk.address_variable:
            address = emulator.base_url.removesuffix(sdk.address_ends_before)
            elsewhere[sdk.address_variable] = address
        failure = run(root, emulator, target, elsewhere)
        return failure, [(one.path, str(one.refusal)) for one in emulator.refused]
