"""Small programs end to end: refused by the provider as they are, accepted once migrated.

Each folder of `fixtures/programs` is copied, migrated, and run with a real openai SDK against the
strict emulator; the majors take turns, so that each runs a third of the programs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator import workflow
from migrator.changes.result import ApplyResult
from migrator.providers import load_provider
from migrator.verification.emulator import Emulator
from tests.cases import assert_says, assert_settled
from tests.expected_sites import differences
from tests.sdk.forked import can_fork, run_forked
from tests.sdk.install import installed, libraries, own_sdks, paths_of
from tests.trees import fingerprint

PROGRAMS = Path(__file__).parents[1] / "fixtures" / "programs"
TRANSPORT = Path(__file__).parent / "transport"
NAMES = sorted(path.name for path in PROGRAMS.iterdir() if (path / "case.yaml").exists())
# `MIGRATOR_PROGRAMS=all`: the whole, where a share is tested by default.
EVERYTHING = os.environ.get("MIGRATOR_PROGRAMS") == "all"
# One of so many programs is run by default; all are planned, migrated and undone.
RUN_SHARES = 2
OPTIONS = workflow.Options(target="bailian")
_PASSED_ON = frozenset({"PATH", "HOME", "LANG", "SSL_CERT_FILE"})
SDKS = sorted(name for name in installed() if name != "openai-0")


def case_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROGRAMS / name / "case.yaml").read_text("utf-8"))
    return loaded


def require(name: str) -> None:
    """Skip a program whose HTTP libraries were not installed apart."""
    if case_of(name).get("http") and not libraries():
        pytest.skip("run `python -m tests.sdk.install` first")


def copy_of(name: str, folder: Path) -> Path:
    root = folder / name
    shutil.copytree(PROGRAMS / name / "before", root)
    return root


def run(root: Path, emulator: Emulator, sdk: str, extra: dict[str, str]) -> str:
    """Run a program's main.py; gives what it printed if it failed, else nothing."""
    case = case_of(root.name)
    paths = paths_of(sdk) if sdk else []
    if "http" in case or _led_by(sdk):
        # Its requests are led to the emulator, whatever address stands in its code.
        paths += [str(TRANSPORT), *(map(str, libraries().values()) if "http" in case else ())]
    own = case.get("environment", {})
    environment = {
        **environment_of(emulator, sdk, paths, case.get("http", ())),
        **{name: str(value).format(key=emulator.key) for name, value in own.items()},
        **extra,
    }
    if "curl" in case.get("http", ()):
        environment["PATH"] = os.pathsep.join([str(TRANSPORT), environment["PATH"]])
    command = case.get("run", ["main.py"])
    if "http" not in case and can_fork(sdk, command):
        code, output = run_forked(sdk, command, root, environment)
        return "" if code == 0 else output or str(code)
    command = [sys.executable, *command]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def environment_of(
    emulator: Emulator, sdk: str, paths: Sequence[str], http: Iterable[str] = ()
) -> dict[str, str]:
    """The variables that a program is run with; what it sends by `http` is led to the emulator."""
    led = _led_by(sdk)
    return {
        **{name: value for name, value in os.environ.items() if name in _PASSED_ON},
        "EMULATOR": emulator.base_url,
        "EMULATED": " ".join([*http, *led]),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        **({emulator.provider.key_variable: emulator.key} if led else emulator.environment()),
    }


def _led_by(sdk: str) -> tuple[str, ...]:
    """The libraries that are led to the emulator for an SDK that goes by no address it is given."""
    own = load_provider(sdk).sdk if sdk in own_sdks() else None
    led = own is not None and own.known_regions and not own.address_variable
    return ("urllib3", "httpx", "httpx2", "aiohttp") if led else ()


def options_of(name: str) -> workflow.Options:
    """What is asked for a program, beside the provider."""
    return replace(OPTIONS, **case_of(name).get("options", {}))


def sdks_for(name: str, when: str = "sdk") -> list[str]:
    """The SDKs a case asks for, or the one whose turn it is; none where none was installed."""
    asked = case_of(name).get(when)
    if asked is None:
        return [SDKS[NAMES.index(name) % len(SDKS)] if SDKS else ""]
    every = [asked] if isinstance(asked, str) else list(asked)
    if missing := sorted(set(every) - set(installed())):
        pytest.skip(f"{', '.join(missing)} is not installed")
    return every


@dataclass(frozen=True)
class Migrated:
    """A program that was migrated once for all that is asked of it; copied before it is changed."""

    name: str
    before: dict[str, tuple[str, int]]
    root: Path
    result: ApplyResult

    def copy(self, folder: Path) -> Path:
        root = folder / self.name
        shutil.copytree(self.root, root)
        return root


@pytest.fixture(scope="module", params=NAMES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    name: str = request.param
    root = copy_of(name, tmp_path_factory.mktemp("migrated"))
    before = fingerprint(root)
    result, _ = workflow.apply([root], options_of(name))
    return Migrated(name, before, root, result)


def test_a_migrated_program_runs(migrated: Migrated, tmp_path: Path) -> None:
    name = migrated.name
    require(name)
    if not EVERYTHING and NAMES.index(name) % RUN_SHARES:
        pytest.skip("it is run with MIGRATOR_PROGRAMS=all")
    root = migrated.copy(tmp_path)
    with Emulator(load_provider("bailian")) as emulator:
        failures = [run(root, emulator, sdk, {}) for sdk in sdks_for(name)]
        refused = [(one.path, one.refusal) for one in emulator.refused]
    assert not refused
    assert not any(failures), failures


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("migrated") / "example"
    shutil.copytree(PROGRAMS.parent / "example_app", root)
    workflow.apply([root], OPTIONS)
    return root


@pytest.mark.parametrize("sdk", SDKS or [""])
def test_the_migrated_example_runs_with_every_sdk(sdk: str, example: Path, tmp_path: Path) -> None:
    root = tmp_path / "example"
    shutil.copytree(example, root)
    with Emulator(load_provider("bailian")) as emulator:
        environment = {
            **os.environ,
            **emulator.environment(),
            "PYTHONPATH": os.pathsep.join([str(root / "src"), *_path_of(sdk)]),
        }
        done = subprocess.run(
            [sys.executable, "-m", "writing_assistant", "demo"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        refused = [(one.path, one.refusal) for one in emulator.refused]
    assert done.returncode == 0, done.stderr
    assert not refused


def _path_of(sdk: str) -> list[str]:
    return [str(installed()[sdk])] if sdk else []


@pytest.mark.parametrize("name", NAMES if EVERYTHING else NAMES[::3])
def test_the_provider_refuses_the_program_as_it_was(name: str, tmp_path: Path) -> None:
    require(name)
    root = copy_of(name, tmp_path)
    with Emulator(load_provider("bailian")) as emulator:
        # The key and the address alone, put under OpenAI's variables, do not move a program.
        redirected = {
            "OPENAI_API_KEY": emulator.key,
            "OPENAI_BASE_URL": emulator.base_url,
            "OPENAI_API_BASE": emulator.base_url,
        }
        failures = [run(root, emulator, sdk, redirected) for sdk in sdks_for(name, "sdk_before")]
    assert all(failures)


def test_the_migrated_files_say_what_they_should(migrated: Migrated) -> None:
    name = migrated.name
    assert_says(case_of(name), PROGRAMS / name / "before", migrated.root, migrated.result)


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_finds_what_the_case_names_and_nothing_else(name: str) -> None:
    found = workflow.scan([PROGRAMS / name / "before"]).sites
    assert differences(found, case_of(name), "expect_sites") == []


def test_applying_twice_is_applying_once_and_undo_restores_everything(
    migrated: Migrated, tmp_path: Path
) -> None:
    root = migrated.copy(tmp_path)
    assert_settled(root, options_of(migrated.name), migrated.before)
