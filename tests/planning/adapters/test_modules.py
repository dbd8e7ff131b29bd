"""The modules that are written beside the code: where they stand, how they read, what they do."""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from migrator import workflow
from migrator.planning.adapters import drawn_edits, pictures, speech, vectors
from migrator.planning.adapters.sending import NOWHERE, by_openai, by_sdk
from migrator.providers import load_provider
from migrator.sdks import Posting

PROVIDER = load_provider("bailian")
ONE_BY_ONE = load_provider("ark")
SPEAK = 'client.audio.speech.create(model="tts-1", voice="alloy", input=q)'
CODE = f"from openai import OpenAI\n\nclient = OpenAI()\n\n\ndef speak(q):\n    return {SPEAK}\n"


assert PROVIDER.native is not None
BY_OPENAI = by_openai(PROVIDER.native)
POSTING = Posting(
    'client.transport.request("POST", path, json=body, **options)', "own.errors.check"
)
BY_SDK = by_sdk(PROVIDER.native, POSTING)
DRAWN = (pictures.DRAW, pictures.DRAW_LATER)


def sources() -> dict[str, str]:
    """Every module that can be written."""
    found = {}
    edited, spoken = (pictures.EDIT, pictures.EDIT_LATER), (speech.CREATE, speech.CREATE_LATER)
    for provider, module, names, sending in (
        (PROVIDER, speech, (*spoken, speech.STREAM_LATER), BY_OPENAI),
        (PROVIDER, speech, (*spoken, speech.STREAM_LATER), BY_SDK),
        (PROVIDER, pictures, edited, BY_OPENAI),
        (PROVIDER, pictures, (*edited, *DRAWN), BY_SDK),
        (ONE_BY_ONE, vectors, (vectors.CREATE, vectors.CREATE_LATER), NOWHERE),
        (ONE_BY_ONE, drawn_edits, edited, NOWHERE),
    ):
        for count in range(1, len(names) + 1):
            for some in combinations(names, count):
                name = "-".join([provider.id, *some, *(["sdk"] if sending.by_sdk else [])])
                found[name] = module.source(provider, sending, some)
    return found


def test_they_are_written_as_a_formatter_and_a_linter_would_have_them(tmp_path: Path) -> None:
    for name, text in sources().items():
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    chosen = ["--isolated", "--line-length=88", str(tmp_path)]
    subprocess.run([*ruff, "format", "--check", *chosen], check=True, capture_output=True)
    rules = "--select=E,F,I,UP,B,SIM,W"
    subprocess.run([*ruff, "check", rules, *chosen], check=True, capture_output=True)


# -- where they stand -----------------------------------------------------------------------------


PLACES: dict[str, tuple[list[str], str, str]] = {
    "a script": (["app.py"], "bailian_speech.py", "from bailian_speech import"),
    "a folder of scripts": (["jobs/a.py"], "jobs/bailian_speech.py", "from bailian_speech import"),
    "a package": (
        ["app/__init__.py", "app/a.py"],
        "app/bailian_speech.py",
        "from .bailian_speech import",
    ),
    "a package below src": (
        ["src/app/__init__.py", "src/app/core/__init__.py", "src/app/core/a.py"],
        "src/app/core/bailian_speech.py",
        "from .bailian_speech import",
    ),
}


def tree(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def written(root: Path) -> dict[str, str]:
    result, _ = workflow.plan([root], workflow.Options(target="bailian"))
    return {one.path: (one.after or b"").decode() for one in result.changes}


@pytest.mark.parametrize(("paths", "home", "line"), PLACES.values(), ids=list(PLACES))
def test_one_stands_beside_the_code_and_is_imported_in_its_manner(
    tmp_path: Path, paths: list[str], home: str, line: str
) -> None:
    empty = dict.fromkeys(paths, "")
    found = written(tree(tmp_path, {**empty, paths[-1]: CODE}))
    assert home in found
    assert line in found[paths[-1]]


def test_a_package_that_imports_itself_by_its_name_goes_on_so(tmp_path: Path) -> None:
    files = {
        "src/app/__init__.py": "",
        "src/app/a.py": f"from app import b\n{CODE}",
        "src/app/b.py": "",
    }
    assert (
        "from app.bailian_speech import create_speech"
        in written(tree(tmp_path, files))["src/app/a.py"]
    )


def test_a_package_has_one_for_all(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/core/__init__.py": "",
        "app/core/a.py": CODE,
        "app/web/__init__.py": "",
        "app/web/b.py": CODE,
    }
    found = written(tree(tmp_path, files))
    assert [path for path in found if "bailian" in path] == ["app/bailian_speech.py"]
    assert "from ..bailian_speech import create_speech" in found["app/web/b.py"]


def test_a_name_that_is_taken_is_left_and_what_an_earlier_run_wrote_is_used(
    tmp_path: Path,
) -> None:
    files = {"app.py": CODE, "bailian_speech.py": "VOLUME = 11\n"}
    found = written(tree(tmp_path, files))
    assert "from bailian_speech_2 import create_speech" in found["app.py"]
    (tmp_path / "bailian_speech.py").write_text(found["bailian_speech_2.py"], "utf-8")
    again = written(tmp_path)
    assert set(again) == {"app.py"}
    assert "from bailian_speech import create_speech" in again["app.py"]


# -- what they do ---------------------------------------------------------------------------------


def sound(samples: int) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as written_to:
        written_to.setparams((1, 2, 24_000, 0, "NONE", ""))
        written_to.writeframes(b"\0\1" * samples)
    return whole.getvalue()


@pytest.fixture
def speaking() -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "module"}
    exec(speech.source(PROVIDER, BY_OPENAI, (speech.CREATE,)), namespace)
    return namespace


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Good night. Sleep well", [22]),
        ("a" * 1300, [600, 600, 100]),
        ("Sleep well. " * 60, [600, 120]),
        ("好。" * 700, [600, 600, 200]),
        ("x" * 599 + ". " + "y" * 10, [600, 11]),
        ("", [0]),
    ],
)
def test_a_long_text_is_cut_after_sentences(
    speaking: dict[str, Any], text: str, sizes: list[int]
) -> None:
    pieces = speaking["_pieces"](text)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 600
    assert len(pieces) == len(sizes)


def test_several_sounds_are_one(speaking: dict[str, Any]) -> None:
    assert speaking["_joined"]([sound(3)], "wav") == sound(3)
    assert speaking["_joined"]([sound(3), sound(4)], "wav") == sound(7)
    assert speaking["_joined"]([sound(3), sound(4)], "pcm") == b"\0\1" * 7


@pytest.mark.parametrize(
    "base",
    [
        "https://dashscope.aliyuncs.com/compatible-mode/v1/",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
    ],
)
def test_the_own_interface_is_on_the_clients_host(speaking: dict[str, Any], base: str) -> None:
    assert speaking["_address"](SimpleNamespace(base_url=base)) == (
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation"
    )
