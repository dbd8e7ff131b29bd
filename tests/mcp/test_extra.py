"""`migrate mcp` where the SDK is not installed."""

from __future__ import annotations

import sys

import pytest

from migrator import cli


def test_the_extra_is_named_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    monkeypatch.setattr(sys, "argv", ["migrate", "mcp"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "pip install 'migrate-openai[mcp]'" in said
