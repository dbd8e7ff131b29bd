"""The wheel holds both packages and all data: it scans from a fresh environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_scans_in_a_fresh_environment(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = next(
        path for path in (home / "bin" / "python", home / "Scripts" / "python.exe") if path.exists()
    )
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", site, str(wheel)], check=True)
    # The dependencies come from the environment of the tests; the project itself does not.
    dependencies = next(path for path in sys.path if path.endswith("site-packages"))
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("from openai import OpenAI\nOpenAI().models.list()\n")
    program = (
        "import migrator, sys; assert migrator.__file__.startswith(sys.argv[1]), migrator.__file__;"
        "sys.argv = ['migrate', 'apply', sys.argv[2], '--target', 'bailian', '--dry-run',"
        " '--format', 'json'];"
        "from migrator.cli import main; main()"
    )
    done = subprocess.run(
        [python, "-c", program, site, str(tmp_path / "app")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([site, dependencies])},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["coverage"]["converted"] == 2
