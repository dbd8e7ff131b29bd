"""Runs programs with an SDK that is imported once: each in a process forked from one that has it.

The parent talks to `python -m tests.sdk.forked` by lines of JSON: where a program stands, how it is
called and its environment; the exit code and what it printed come back.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.sdk.install import OWN_MODULES, paths_of

_SECONDS = 60
# Read the environment while they are imported, so each program has to import them for itself.
_NOT_FORKED = frozenset({"openai-0"})
_PARTS = ("chat", "embeddings", "images", "audio", "responses", "files", "models", "beta")


def can_fork(sdk: str, command: Sequence[str]) -> bool:
    """Whether a program can be run this way: a script, with an SDK that can be imported before."""
    return hasattr(os, "fork") and sdk not in {"", *_NOT_FORKED} and command[0].endswith(".py")


def run_forked(
    sdk: str, command: Sequence[str], root: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Run a script in a folder with an SDK; its exit code and what it printed."""
    server = _server(sdk)
    assert server.stdin is not None
    assert server.stdout is not None
    asked = {"command": list(command), "root": str(root), "environment": dict(environment)}
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    return answer["code"], answer["output"]


@cache
def _server(sdk: str) -> subprocess.Popen[str]:
    paths = [*paths_of(sdk), str(Path(__file__).parents[2])]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sdk.forked", OWN_MODULES.get(sdk, "openai")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _import_sdk(module: str) -> None:
    import_module(module)
    from openai import OpenAI

    client = OpenAI(api_key="unused")
    for part in _PARTS:
        getattr(client, part, None)
    client.close()


def _serve() -> None:
    _import_sdk(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as printed:
            child = os.fork()
            if not child:
                _become(asked, printed.fileno())
            _, status = os.waitpid(child, 0)
            printed.seek(0)
            output = printed.read().decode("utf-8", "replace")
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"code": code, "output": output}), flush=True)


def _become(asked: dict[str, Any], printed: int) -> None:
    """Turn this process into a program, and end with it."""
    code = 1
    try:
        signal.alarm(_SECONDS)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        os.environ.clear()
        os.environ.update(asked["environment"])
        _customize()
        os.chdir(asked["root"])
        sys.argv = list(asked["command"])
        sys.path[:] = [
            asked["root"],
            *(one for one in sys.path if one and not Path(one, "migrator").is_dir()),
        ]
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _customize() -> None:
    """Do what Python does when it starts: what stands in a `sitecustomize` on its path."""
    for place in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        start = Path(place, "sitecustomize.py")
        if start.is_file():
            runpy.run_path(str(start))


if __name__ == "__main__":
    _serve()
