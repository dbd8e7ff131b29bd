"""Programs that are moved to a provider's own SDK: migrated, and run with that SDK.

By default each SDK gets its share of the programs; `MIGRATOR_PROGRAMS=all` runs all with each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from migrator import workflow
from migrator.providers import load_provider
from migrator.verification.emulator import Emulator, OpenAIReference
from tests.sdk.install import own_sdks, paths_of
from tests.test_every_provider import tells_a_blocker
from tests.test_programs import EVERYTHING, NAMES, case_of, copy_of, options_of, require, run
from tests.trees import fingerprint

SHARES = 120

TOLD = {"sdk-patch"}  # fakes of what the SDK does not call
PAIRS = [
    (provider, program)
    for turn, provider in enumerate(sorted(own_sdks()))
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
    told = tells_a_blocker(plan) or any(one.code in TOLD for one in plan.checklist)
    if (failure or refused) and not told:
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


# What of a profile is not so in the SDK itself: names that lead nowhere, arguments it has not.
_ASKED = """
import inspect, json, sys
from importlib import import_module

def found(path):
    module, name = path, []
    while module:
        try:
            held = import_module(module)
        except ImportError:
            module, _, last = module.rpartition(".")
            name.insert(0, last)
            continue
        for one in name:
            held = getattr(held, one)
        return held
    raise ImportError(path)

sdk, wrong = json.load(sys.stdin), []
for path in sdk["names"]:
    try:
        found(path)
    except (ImportError, AttributeError):
        wrong.append(path)
for made in sdk["clients"]:
    client = found(made["path"])(api_key="an.unused")
    taken = inspect.signature(type(client).__init__).parameters
    wrong += [f"{made['path']}({one})" for one in sdk["arguments"] if one not in taken]
    for method, arguments in made["methods"].items():
        held = client
        try:
            for name in method.split("."):
                held = getattr(held, name)
        except AttributeError:
            wrong.append(method)
            continue
        taken = inspect.signature(held).parameters
        if not any(one.kind is one.VAR_KEYWORD for one in taken.values()):
            wrong += [f"{method}({one})" for one in arguments if one not in taken]
print(json.dumps(wrong))
"""


@pytest.mark.parametrize("target", sorted(own_sdks()))
def test_what_a_profile_says_of_an_sdk_is_so(target: str) -> None:
    sdk = load_provider(target).sdk
    assert sdk is not None
    types = [one for one in (sdk.types or {}).values() if "." in one and not one.endswith("*")]
    raised = [path for one in (sdk.exceptions or {}).values() for path in one.classes]
    clients = [
        {
            "path": path,
            "methods": {
                one.called(asynchronous="Async" in name): sorted(one.arguments)
                for one in (sdk.methods or {}).values()
            },
        }
        for name, path in (sdk.clients or {}).items()
    ]
    asked = {
        "names": [*types, *raised],
        "clients": clients,
        "arguments": [*(sdk.client_arguments or {}).values(), *(sdk.client_adds or {})],
    }
    done = subprocess.run(
        [sys.executable, "-c", _ASKED],
        input=json.dumps(asked),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths_of(target))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
