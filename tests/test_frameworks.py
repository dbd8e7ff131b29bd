"""Applications of frameworks end to end: refused by the provider as they are, accepted migrated.

Every folder of `fixtures/frameworks` is scanned, migrated and undone. It is run where its framework
is installed (`python -m tests.sdk.frameworks`), in an environment of its own: with the real
framework against the strict emulator, never leaving this machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from migrator import workflow
from migrator.changes.result import ApplyResult
from migrator.providers import Provider, load_provider
from migrator.sdks import SDK
from migrator.verification.emulator import Answers, Emulator, OpenAIReference
from tests.cases import assert_says, assert_settled
from tests.expected_sites import differences
from tests.sdk.frameworks import COMMAND, FIXTURES, cases, python_of
from tests.trees import fingerprint

OWN = [(name, one) for name, case in sorted(cases().items()) for one in case.get("own", ())]
LOOPBACK = Path(__file__).parent / "loopback"
NAMES = sorted(cases())
OPTIONS = workflow.Options(target="bailian")
OPENAI_HOST = "api.openai.com"
_PASSED_ON = frozenset({"PATH", "LANG"})
_SECONDS = 120


@dataclass(frozen=True)
class Migrated:
    """A fixture that was migrated once for all that is asked of it; copied before it is changed."""

    name: str
    before: dict[str, tuple[str, int]]
    root: Path
    result: ApplyResult


@dataclass(frozen=True)
class Run:
    """How a program ended, what it printed, and the hosts it asked for beside this machine."""

    code: int
    output: str
    left: frozenset[str]


def before_of(name: str) -> Path:
    return FIXTURES / name / "before"


def options_of(name: str) -> workflow.Options:
    """What is asked for a fixture, beside the provider."""
    return replace(OPTIONS, **cases()[name].get("options", {}))


@pytest.fixture(scope="module", params=NAMES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    name: str = request.param
    root = tmp_path_factory.mktemp("migrated") / name
    shutil.copytree(before_of(name), root)
    before = fingerprint(root)
    result, _ = workflow.apply([root], options_of(name))
    return Migrated(name, before, root, result)


def installed(name: str) -> Path:
    """The interpreter that has a framework; skipped without it."""
    python = python_of(name)
    if python is None:
        pytest.skip(f"run `{COMMAND} {name}` first")
    return python


def run(
    name: str, source: Path, home: Path, emulator: Emulator, variables: Mapping[str, str]
) -> Run:
    """Run a copy of an application, at a home of its own; skipped without its framework."""
    if cases()[name].get("told"):
        pytest.skip("it stays as it is, and is told of")
    python = installed(name)
    root, left = home / name, home / "left"
    shutil.copytree(source, root)
    own = cases()[name].get("environment", {})
    for path in cases()[name].get("addressed", ()):
        text = (root / path).read_text("utf-8")
        address = provider_of(name).base_url()
        (root / path).write_text(text.replace(address, emulator.base_url), "utf-8")
    environment = {
        **{name: value for name, value in os.environ.items() if name in _PASSED_ON},
        "HOME": str(home),
        "LEFT": str(left),
        "PYTHONPATH": str(LOOPBACK),
        **variables,
        **{name: str(value).format(key=emulator.key) for name, value in own.items()},
    }
    done = subprocess.run(
        [str(python), "main.py"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    hosts = frozenset(left.read_text("utf-8").split()) if left.exists() else frozenset()
    return Run(done.returncode, done.stdout + done.stderr, hosts)


def provider_of(name: str, target: str = "") -> Provider:
    """The provider, without the rules that a framework cannot be told to keep."""
    known = load_provider(target or options_of(name).target)
    unkept = cases()[name].get("unkept", ())
    kept = [rule for rule in known.data["rules"] if rule["id"] not in unkept]
    return Provider(known.file, {**known.data, "rules": kept})


def answers_of(name: str) -> Answers:
    """What a model says to what a fixture asks, where more than a usual answer has to be read."""
    known = cases()[name].get("answers", ())

    def answer(body: Mapping[str, Any]) -> str | None:
        asked = json.dumps(body.get("messages") or body.get("input"), ensure_ascii=False)
        return next((one["text"] for one in known if one["asked"] in asked), None)

    return answer


def as_openai(emulator: Emulator) -> dict[str, str]:
    """An emulator's key and address alone, put under OpenAI's variables."""
    address = dict.fromkeys(("OPENAI_BASE_URL", "OPENAI_API_BASE"), emulator.base_url)
    return {"OPENAI_API_KEY": emulator.key, **address}


@pytest.mark.parametrize("name", NAMES)
def test_an_application_runs_with_openai(name: str, tmp_path: Path) -> None:
    if not cases()[name].get("runs_before", True):
        pytest.skip("it needs more of the network than OpenAI")
    with OpenAIReference(answers=answers_of(name)) as emulator:
        done = run(name, before_of(name), tmp_path, emulator, as_openai(emulator))
        refused = [(one.path, one.refusal) for one in emulator.refused]
    assert (done.code, refused) == (0, []), done.output


@pytest.mark.parametrize("name", NAMES)
def test_the_provider_refuses_the_application_as_it_was(name: str, tmp_path: Path) -> None:
    with Emulator(provider_of(name), answers=answers_of(name)) as emulator:
        # The key and the address alone do not move an application.
        done = run(name, before_of(name), tmp_path, emulator, as_openai(emulator))
        refused = emulator.refused
    assert done.code != 0
    assert refused or OPENAI_HOST in done.left


def test_a_migrated_application_runs(migrated: Migrated, tmp_path: Path) -> None:
    name, root = migrated.name, tmp_path / "finished"
    shutil.copytree(migrated.root, root)
    if (by_hand := FIXTURES / name / "by_hand").exists():
        shutil.copytree(by_hand, root, dirs_exist_ok=True)  # what the checklist asks a person for
    with Emulator(provider_of(name), answers=answers_of(name)) as emulator:
        done = run(name, root, tmp_path, emulator, emulator.environment())
        refused = [(one.path, one.refusal) for one in emulator.refused]
    assert (done.code, refused) == (0, []), done.output
    assert OPENAI_HOST not in done.left


def test_the_migrated_files_say_what_they_should(migrated: Migrated) -> None:
    name = migrated.name
    assert_says(cases()[name], before_of(name), migrated.root, migrated.result)


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_finds_what_the_case_names_and_nothing_else(name: str) -> None:
    found = workflow.scan([before_of(name)]).sites
    assert differences(found, cases()[name], "expect_sites") == []


def test_applying_twice_is_applying_once_and_undo_restores_everything(
    migrated: Migrated, tmp_path: Path
) -> None:
    root = tmp_path / migrated.name
    shutil.copytree(migrated.root, root)
    if cases()[migrated.name].get("told"):
        assert migrated.result.plan.edits == ()
        return
    assert_settled(root, options_of(migrated.name), migrated.before)


@pytest.mark.parametrize(("name", "own"), OWN, ids=[f"{name}-{own['target']}" for name, own in OWN])
def test_what_a_framework_has_of_its_own_for_a_provider_is_written_and_runs(
    name: str, own: dict[str, Any], tmp_path: Path
) -> None:
    root = tmp_path / "migrated"
    shutil.copytree(before_of(name), root)
    elsewhere = {"embeddings": own["embeddings"]} if "embeddings" in own else {}
    options = workflow.Options(target=own["target"], mode=SDK, supplements=elsewhere)
    result, _ = workflow.apply([root], options)
    assert_says(own, before_of(name), root, result)
    if not own.get("runs", True):
        return
    installed(name)
    variables: dict[str, str] = {}
    with ExitStack() as running:
        emulators = [
            running.enter_context(Emulator(provider_of(name, one), answers=answers_of(name)))
            for one in (own["target"], *elsewhere.values())
        ]
        for one in emulators:
            address = one.provider.beside_its_sdk().base_url_variable
            variables |= {**one.environment(), address: one.base_url}
        done = run(name, root, tmp_path, emulators[0], variables)
        refused = [(one.path, one.refusal) for each in emulators for one in each.refused]
    assert (done.code, refused) == (0, []), done.output
    assert OPENAI_HOST not in done.left
