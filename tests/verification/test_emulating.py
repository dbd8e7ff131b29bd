"""`migrate emulate` as a user starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.cli.emulating import emulate
from migrator.providers import load_provider
from migrator.reports.requests import opening, opening_json
from migrator.verification.emulator import Emulator, PortError
from migrator.verification.failures import Failures

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "migrator", "emulate", "--target", "bailian"]


def ask(url: str, body: dict[str, object]) -> str:
    headers = {"Authorization": "Bearer sk-emulator", "Content-Type": "application/json"}
    headers["X-Migrate-Call-Site"] = "app/llm.py%3A12%3Aask"
    request = urllib.request.Request(f"{url}/chat/completions", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return str(json.load(answer)["choices"][0]["message"]["content"])
    except urllib.error.HTTPError as error:
        return str(json.load(error)["error"]["code"])


def test_a_team_develops_without_a_key(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    options = ["--answers", "echo", "--log", str(log)]
    with subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        first = [run.stdout.readline() for _ in range(6)]
        (url,) = [line.partition("=")[2].strip() for line in first if "_BASE_URL=" in line]
        asked = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}]}
        assert ask(url, asked) == "Hello"
        assert ask(url, {**asked, "user": "\x1b[31m"}) == "invalid_parameter_error"
        assert ask(url, {**asked, "model": "gpt-\x1b4o"}) == "model_not_found"
        run.send_signal(signal.SIGINT)
        rest = run.stdout.read()
        assert run.wait(10) == 0
    assert "export DASHSCOPE_API_KEY=sk-emulator" in first[2]
    assert "200  POST  /compatible-mode/v1/chat/completions  qwen-plus  app/llm.py:12\n" in rest
    assert "app/llm.py:12  refused by refused-parameter: " in rest
    assert "(https://" in rest
    assert "\x1b" not in rest
    assert rest.endswith(
        "3 requests, 2 refused, 0 failed as asked\n    1  refused-parameter\n    1  unknown-model\n"
    )
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["status"] for one in told] == [200, 400, 404]
    assert told[1]["refused"]["rule"] == "refused-parameter"
    assert told[1]["refused"]["sources"][0]["as_of"]
    assert told[0]["site"] == {"path": "app/llm.py", "line": 12, "function": "ask"}


@pytest.mark.parametrize("told", [opening, opening_json])
def test_a_key_of_ones_own_is_not_printed(told: Callable[..., str]) -> None:
    with Emulator(load_provider("bailian"), key="sk-own-words") as emulator:
        shown = told(emulator, key_given=True)
    assert "sk-own-words" not in shown
    assert emulator.provider.key_variable in shown


def test_a_code_that_nobody_stated_is_told() -> None:
    provider = load_provider("mimo")
    failures = Failures(provider, {"rate-limit": 0.5})
    with Emulator(provider, failures=failures) as emulator:
        assert "rate-limit: its code is not known" in opening(emulator, key_given=False)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=rf"port {port}: Address already in use") as caught:
            emulate(target="bailian", port=port)
    assert caught.value.exit_code == 3
