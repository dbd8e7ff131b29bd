"""Programs that are moved to Alibaba's SDK: they are answered, and survive what they survived."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from migrator import workflow
from migrator.providers import load_provider
from migrator.verification.emulator import Emulator
from tests.sdk.install import own_sdks, paths_of
from tests.test_programs import PROGRAMS, TRANSPORT, copy_of, environment_of

OPTIONS = workflow.Options(target="bailian", mode="sdk")
pytestmark = pytest.mark.skipif(
    "bailian" not in own_sdks(), reason="run `python -m tests.sdk.install` first"
)


def moved(name: str, folder: Path) -> Path:
    root = copy_of(name, folder)
    workflow.apply([root], OPTIONS)
    return root


def run(
    root: Path,
    emulator: Emulator,
    command: Iterable[str] = ("main.py",),
    paths: Iterable[Path] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a program with the SDK, whose requests are led to the emulator."""
    where = [*map(str, paths), str(TRANSPORT), *paths_of("bailian")[:1]]
    return subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment_of(emulator, "bailian", where),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("failing", "code", "said"),
    [
        pytest.param([], 0, "", id="nothing fails"),
        pytest.param([429, 500, 429], 3, "not answered after 3 attempts", id="never answered"),
        pytest.param([429, 503, 200, 429], 0, "", id="answered in the end, streams too"),
        pytest.param([401], 3, "401: ", id="a wrong key"),
    ],
)
def test_what_is_done_about_errors_is_still_done(
    failing: list[int], code: int, said: str, tmp_path: Path
) -> None:
    root = moved("patient_client", tmp_path)
    assert "import openai" not in (root / "patience.py").read_text("utf-8")
    with Emulator(load_provider("bailian"), failing=failing) as emulator:
        done = run(root, emulator)
        assert not emulator.refused
    assert done.returncode == code, done.stderr
    assert said in done.stderr


def test_the_example_goes_by_the_sdk(tmp_path: Path) -> None:
    root = tmp_path / "example"
    shutil.copytree(PROGRAMS.parent / "example_app", root)
    workflow.apply([root], OPTIONS)
    with Emulator(load_provider("bailian")) as emulator:
        paths = [root / "src", *map(Path, paths_of("bailian")[1:])]
        done = run(root, emulator, ["-m", "writing_assistant", "demo"], paths)
        assert not emulator.refused
    assert done.returncode == 0, done.stderr
    assert workflow.plan([root], OPTIONS)[0].plan.edits == ()
