"""Nothing is sent anywhere, nor a name looked up, by any command that is not asked to."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path
from typing import NoReturn

import pytest

from tests.examples import run

PROGRAM = """\
from openai import OpenAI
client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o", messages=[])
client.moderations.create(input="x")
"""
COMMANDS = (
    "scan",
    "compare --target kimi",
    "apply --target kimi --dry-run",
    "apply --target kimi",
    "checklist --format json",
    "status",
    "explain app.py:3",
    "verify",
    "providers kimi",
    "undo",
)


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was asked for")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.usefixtures("cut_off")
def test_no_command_asks_for_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="was asked for"):
        urllib.request.urlopen("http://127.0.0.1:9")
    (tmp_path / "app.py").write_text(PROGRAM)
    (tmp_path / "requirements.txt").write_text("openai>=1\n")
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        code, _, said = run("migrate", *command.split())
        assert code == 0, (command, said)
    assert (tmp_path / "app.py").read_text() == PROGRAM
