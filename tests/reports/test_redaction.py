from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.changes.diff import FileChange, unified_diff
from migrator.reports.patch import saved_diff
from migrator.reports.redaction import MARK, holds_secret, redact, redact_all


def git(folder: Path, *arguments: str, data: bytes = b"") -> None:
    subprocess.run(["git", *arguments], cwd=folder, input=data, check=True)


# Built from pieces, so that nothing here looks like a key that was leaked.
TAIL = "a1B2" * 8
HEX = "0f1e" * 8

SECRETS = {
    "an sk- key": (f"OpenAI('sk-{TAIL}')", f"OpenAI('sk-{MARK}')"),
    "a project key": (f"sk-proj-{TAIL}-x_y", f"sk-{MARK}"),
    "a workspace key with dots": (f"k = sk-ws-1.{TAIL}", f"k = sk-{MARK}"),
    "two keys in a line": (f"sk-{TAIL},sk-{TAIL}", f"sk-{MARK},sk-{MARK}"),
    "a key in a .env file": (f"OPENAI_API_KEY=sk-{TAIL}\n", f"OPENAI_API_KEY=sk-{MARK}\n"),
    "a key without prefix in code": (f'api_key="{HEX}"', f'api_key="{MARK}"'),
    "a key without prefix in a .env file": (f"AZURE_API_KEY={HEX}", f"AZURE_API_KEY={MARK}"),
    "a key in the middle of a diff": (f"-API_KEY={HEX}\n+x\n", f"-API_KEY={MARK}\n+x\n"),
    "a key in JSON": (f'{{"api_key": "{HEX}"}}', f'{{"api_key": "{MARK}"}}'),
    "a key put into the environment": (
        f"os.environ['X_API_KEY'] = '{HEX}'",
        f"os.environ['X_API_KEY'] = '{MARK}'",
    ),
    "a key in YAML": (f"api-key: {HEX}  # mine", f"api-key: {MARK}  # mine"),
    "a bearer token": (f"Authorization: Bearer {TAIL}", f"Authorization: Bearer {MARK}"),
    "a password in a URL": ("postgres://me:hunter2@db/x", f"postgres://me:{MARK}@db/x"),
    "a cloud access key": ("LTAI" + TAIL[:20], f"LTAI{MARK}"),
    "a key of two parts": (f"{HEX}.{TAIL[:16]}", MARK),
}

HARMLESS = [
    "api_key='sk-test'",
    "api_key=os.environ['OPENAI_API_KEY_2024_PRODUCTION']",
    "api_key=settings.openai_api_key_for_2024",
    'api_key_name = "api_key": "OPENAI_API_KEY_2024"',
    'api_key = "${OPENAI_API_KEY_2024_PROD}"',
    'headers = {"Authorization": f"Bearer {api_key_from_vault_2}"}',
    "max_tokens=1000000000000000000000",
    'tokenizer = "text-embedding-3-large"',
    "token_model = 'gpt-4o-2024-08-06-preview'",
    "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "https://{WorkspaceId}.cn-beijing.maas.aliyuncs.com/compatible-mode/v1",
    "task-sk-learn and risk-assessment-of-the-project",
    "sha256:" + HEX * 2,
    "api_key=",
]


@pytest.mark.parametrize(("text", "shown"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_hidden_and_its_surroundings_stay(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert holds_secret(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text
    assert not holds_secret(text)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([s for s, _ in SECRETS.values()] + HARMLESS), max_size=4))
def test_redacting_twice_is_redacting_once(lines: list[str]) -> None:
    once = redact("\n".join(lines))
    assert redact(once) == once


def test_every_string_of_a_document_is_redacted() -> None:
    document = {"a": [f"sk-{TAIL}", 1, None, {"b": f"sk-{TAIL}"}], "c": True}
    hidden = f"sk-{MARK}"
    assert redact_all(document) == {"a": [hidden, 1, None, {"b": hidden}], "c": True}


ENV = FileChange(".env", f"OPENAI_API_KEY=sk-{TAIL}\n".encode(), b"DASHSCOPE_API_KEY=\n")
CODE = FileChange("app.py", f"k = 'sk-{TAIL}'\nx = 1\n".encode(), b"x = 1\n")


def test_the_saved_diff_leaves_out_what_would_show_a_secret_and_is_exact_else(
    tmp_path: Path,
) -> None:
    near = FileChange(
        "near.py", f"x = 1\na\nk = 'sk-{TAIL}'\n".encode(), f"x = 2\na\nk = 'sk-{TAIL}'\n".encode()
    )
    beside = FileChange("beside.py", near.before, f"x = 1\nb\nk = 'sk-{TAIL}'\n".encode())
    plain = FileChange(".env.example", b"OPENAI_API_KEY=\n", b"DASHSCOPE_API_KEY=\n")
    (tmp_path / ".git").mkdir()
    for change in (near, plain):
        (tmp_path / change.path).write_bytes(change.before or b"")
    diff = saved_diff(tmp_path, [ENV, CODE, near, plain, beside])
    left_out = [line.rpartition(": ")[2] for line in diff.decode().splitlines() if line[0] == "#"]
    assert left_out == ["'.env'", "'app.py'", "'beside.py'"]
    assert diff.endswith(unified_diff([plain]) + unified_diff([near], context=1))
    (tmp_path / ".git").rmdir()
    git(tmp_path, "init", "-q")
    git(tmp_path, "apply", data=diff)
    assert [(tmp_path / one.path).read_bytes() for one in (near, plain)] == [
        near.after,
        plain.after,
    ]
