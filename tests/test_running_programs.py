"""The programs that are traced, beside each other in one repository: migrated at once, all run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from migrator import workflow
from migrator.providers import load_provider
from migrator.verification.emulator import Emulator
from tests.analysis.running_programs import RUNNING
from tests.sdk.forked import run_forked
from tests.sdk.install import installed

SDK = "openai-2"
MESSAGES = '[{"role": "user", "content": "hello"}]'
# Runs every program in a folder of its own, with nothing left of the one before.
MAIN = """
import os, runpy, sys
root, known = os.getcwd(), set(sys.modules)
for name in sorted(os.listdir(root)):
    if os.path.exists(os.path.join(name, "app.py")):
        print(name, flush=True)
        os.chdir(os.path.join(root, name))
        sys.path[0] = os.getcwd()
        runpy.run_path("app.py", run_name="__main__")
        os.chdir(root)
        for one in set(sys.modules) - known:
            if root in (getattr(sys.modules[one], "__file__", None) or root):
                del sys.modules[one]
"""


def _plant(root: Path) -> None:
    """Every program, with messages that a provider takes."""
    for name, program in RUNNING.items():
        files = {"app.py": program} if isinstance(program, str) else program
        for path, text in files.items():
            asking = re.sub(r'(messages"?[=:,(] ?)\[q?\]', rf"\g<1>{MESSAGES}", text)
            place = root / re.sub(r"\W+", "_", name) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(asking)


def test_all_requests_move_and_every_program_runs(tmp_path: Path) -> None:
    if SDK not in installed():
        pytest.skip("run `python -m tests.sdk.install` first")
    _plant(tmp_path)
    result, _ = workflow.apply([tmp_path], workflow.Options(target="bailian"))
    assert result.plan.coverage.checklist == 0
    again, _ = workflow.plan([tmp_path], workflow.Options(target="bailian"))
    assert again.plan.edits == ()
    (tmp_path / "main.py").write_text(MAIN)
    with Emulator(load_provider("bailian")) as emulator:
        certificate = os.environ.get("SSL_CERT_FILE", "")
        environment = {"PATH": os.environ["PATH"], "SSL_CERT_FILE": certificate}
        environment |= emulator.environment()
        code, printed = run_forked(SDK, ["main.py"], tmp_path, environment)
    assert code == 0, printed
    assert not emulator.refused
