from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.discovery import Discovery, DiscoveryError, Skip, SkipReason, discover, survey
from migrator.discovery.statements import import_statements, imported

OPENAI = b"from openai import OpenAI\nclient = OpenAI()\n"
PLAIN = b"import os\n"

Tree = dict[str, bytes]
posix_only = pytest.mark.skipif(os.name == "nt", reason="file names and links of POSIX")


def plant(root: Path, tree: Tree) -> Path:
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def git(root: Path, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    allowed = ["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", *identity, *allowed, *arguments],
        cwd=root,
        env=environment,
        check=True,
        capture_output=True,
    )


def committed(root: Path) -> Path:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "all")
    return root


def as_is(root: Path) -> Path:
    return root


def reasons(found: Discovery) -> dict[str, SkipReason]:
    return {skip.path: skip.reason for skip in found.skipped}


@pytest.fixture(params=[as_is, committed], ids=["without git", "with git"])
def kept(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    """A way for a tree to be kept: everything that holds of one has to hold of the other."""
    way: Callable[[Path], Path] = request.param
    return way


# --- paths ---------------------------------------------------------------------------------------


def test_paths_are_relative_to_the_one_folder_and_sorted(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    root = kept(plant(tmp_path, {"b.py": PLAIN, "a/z.pyi": PLAIN, "a/b/c.pyw": OPENAI, "x.c": b""}))
    found = discover([root])
    assert found.root == root.resolve()
    assert found.python == ("a/b/c.pyw", "a/z.pyi", "b.py")
    assert found.candidates == {"a/b/c.pyw": OPENAI}
    assert (found.seen, found.skipped) == (3, ())


def test_a_single_file_has_its_folder_for_root(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": OPENAI, "b.py": OPENAI})
    found = discover([tmp_path / "a.py"])
    assert (found.root, found.python) == (tmp_path.resolve(), ("a.py",))


def test_several_paths_share_their_common_folder(tmp_path: Path) -> None:
    plant(tmp_path, {"a/x/one.py": OPENAI, "a/y/two.py": OPENAI, "a/z/three.py": OPENAI})
    found = discover([tmp_path / "a/x", tmp_path / "a/y/two.py", tmp_path / "a/x/one.py"])
    assert found.root == (tmp_path / "a").resolve()
    assert found.python == ("x/one.py", "y/two.py")


def test_no_path_means_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, {"a.py": OPENAI})
    monkeypatch.chdir(tmp_path)
    assert discover([]).python == discover([Path()]).python == ("a.py",)


def test_a_path_that_does_not_exist_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DiscoveryError) as caught:
        discover([tmp_path / "no\nwhere"])
    assert "no such file or folder" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_named_file_of_another_kind_is_counted(tmp_path: Path) -> None:
    plant(tmp_path, {"notes.md": b"openai"})
    assert reasons(discover([tmp_path / "notes.md"])) == {"notes.md": SkipReason.OTHER_KIND}


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    found = discover([tmp_path])
    assert (found.python, found.candidates, found.documents, found.seen) == ((), {}, {}, 0)


# --- folders and ignore rules --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        (".venv", SkipReason.VIRTUAL_ENVIRONMENT),
        ("venv", SkipReason.VIRTUAL_ENVIRONMENT),
        ("node_modules", SkipReason.INSTALLED),
        ("lib/site-packages", SkipReason.INSTALLED),
        ("build", SkipReason.BUILD_OUTPUT),
        ("dist", SkipReason.BUILD_OUTPUT),
        (".eggs", SkipReason.BUILD_OUTPUT),
        ("example.egg-info", SkipReason.BUILD_OUTPUT),
        (".tox", SkipReason.BUILD_OUTPUT),
        (".nox", SkipReason.BUILD_OUTPUT),
        (".mypy_cache", SkipReason.BUILD_OUTPUT),
    ],
)
def test_a_folder_that_is_not_source_is_counted_once(
    tmp_path: Path, kept: Callable[[Path], Path], folder: str, reason: SkipReason
) -> None:
    tree = {"app.py": OPENAI, f"{folder}/a.py": OPENAI, f"{folder}/deep/b.py": OPENAI}
    found = discover([kept(plant(tmp_path, tree))])
    assert found.python == ("app.py",)
    assert found.skipped == (Skip(folder, reason),)


@pytest.mark.parametrize("folder", [".hg", ".svn", ".migrate", "__pycache__"])
def test_a_folder_without_source_is_not_worth_a_word(
    tmp_path: Path, kept: Callable[[Path], Path], folder: str
) -> None:
    found = discover([kept(plant(tmp_path, {"app.py": PLAIN, f"x/{folder}/a.py": OPENAI}))])
    assert (found.python, found.skipped) == (("app.py",), ())


def test_a_virtual_environment_of_any_name_is_known_by_its_file(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    tree = {"app.py": PLAIN, "my env/pyvenv.cfg": b"home = /usr\n", "my env/lib/a.py": OPENAI}
    found = discover([kept(plant(tmp_path, tree))])
    assert found.python == ("app.py",)
    assert found.skipped == (Skip("my env", SkipReason.VIRTUAL_ENVIRONMENT),)


def test_a_folder_asked_for_is_read_whatever_its_name(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    root = kept(plant(tmp_path, {"build/a.py": OPENAI, "other.py": PLAIN}))
    assert discover([root / "build"]).python == ("a.py",)
    assert discover([root / "build", root / "other.py"]).python == ("build/a.py", "other.py")


def test_nested_ignore_files_have_the_last_word(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    tree = {
        ".gitignore": b"*_local.py\n/only_top.py\nscratch/\n!a/kept_local.py\n",
        "a/.gitignore": b"!b_local.py\nprivate/*\n!private/shown.py\n",
        "a_local.py": OPENAI,
        "only_top.py": OPENAI,
        "a/only_top.py": OPENAI,
        "a/b_local.py": OPENAI,
        "a/kept_local.py": OPENAI,
        "a/c_local.py": OPENAI,
        "a/private/hidden.py": OPENAI,
        "a/private/shown.py": OPENAI,
        "a/scratch/x.py": OPENAI,
    }
    found = discover([kept(plant(tmp_path, tree))])
    assert found.python == (
        "a/b_local.py",
        "a/kept_local.py",
        "a/only_top.py",
        "a/private/shown.py",
    )


def test_an_ignore_file_with_a_bad_line_keeps_its_good_ones(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": b"!\n\xff\xfe\nold.py\n", "old.py": PLAIN, "new.py": PLAIN})
    assert discover([tmp_path]).python == ("new.py",)


def test_exclude_and_include_are_patterns_as_in_gitignore(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    tree = {
        "src/a.py": OPENAI,
        "src/old/b.py": OPENAI,
        "tools/c.py": OPENAI,
        "src/d_old.py": OPENAI,
    }
    root = kept(plant(tmp_path, tree))
    found = discover([root], include=["src/"], exclude=["old/", "*_old.py"])
    assert found.python == ("src/a.py",)
    assert reasons(found) == {
        "src/old": SkipReason.EXCLUDED,
        "src/d_old.py": SkipReason.EXCLUDED,
    }
    assert discover([root], exclude=["/src"]).python == ("tools/c.py",)
    assert discover([root], include=["*.py", "!src/old/*"]).python == (
        "src/a.py",
        "src/d_old.py",
        "tools/c.py",
    )


@pytest.mark.parametrize("option", ["include", "exclude"])
def test_a_pattern_that_is_none_is_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(DiscoveryError, match="is not a pattern"):
        discover([tmp_path], **{option: ["!"]})  # type: ignore[arg-type]


# --- git -----------------------------------------------------------------------------------------


def test_git_lists_tracked_and_untracked_files_that_are_not_ignored(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {".gitignore": b"secret.py\n", "tracked.py": PLAIN}))
    plant(root, {"new.py": PLAIN, "secret.py": OPENAI})
    assert discover([root]).python == ("new.py", "tracked.py")


def test_a_tracked_file_is_seen_although_a_pattern_ignores_it(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {"kept.py": PLAIN}))
    plant(root, {".gitignore": b"kept.py\n"})
    assert discover([root]).python == ("kept.py",)


def test_a_folder_inside_a_repository_is_listed_by_git(tmp_path: Path) -> None:
    root = committed(
        plant(tmp_path, {".gitignore": b"*_local.py\n", "a/b.py": PLAIN, "c.py": PLAIN})
    )
    plant(root, {"a/x_local.py": OPENAI})
    assert discover([root / "a"]).python == ("b.py",)


def test_a_folder_that_git_ignores_is_walked_when_asked_for(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {".gitignore": b"vendored/\n", "a.py": PLAIN}))
    plant(root, {"vendored/x/y.py": OPENAI})
    assert discover([root / "vendored"]).python == ("x/y.py",)


def test_a_tracked_file_gone_from_disk_is_counted(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {"gone.py": OPENAI, "here.py": PLAIN}))
    (root / "gone.py").unlink()
    found = discover([root])
    assert (found.python, reasons(found)) == (("here.py",), {"gone.py": SkipReason.MISSING})


def test_a_repository_inside_a_repository_is_read_by_its_own_rules(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {"a.py": PLAIN}))
    inner = plant(root / "inner", {".gitignore": b"x.py\n", "x.py": OPENAI, "y.py": OPENAI})
    git(inner, "init", "-q")
    assert discover([root]).python == ("a.py", "inner/y.py")


def test_a_submodule_is_read(tmp_path: Path) -> None:
    library = committed(plant(tmp_path / "library", {"lib.py": OPENAI, "sub/m.py": PLAIN}))
    root = committed(plant(tmp_path / "main", {"a.py": PLAIN}))
    git(root, "submodule", "add", "-q", str(library), "library.py")
    assert discover([root]).python == ("a.py", "library.py/lib.py", "library.py/sub/m.py")


def test_without_the_git_program_the_folder_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = committed(plant(tmp_path, {".gitignore": b"no.py\n", "yes.py": PLAIN, "no.py": PLAIN}))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert discover([root]).python == ("yes.py",)


def test_a_damaged_repository_is_walked(tmp_path: Path) -> None:
    root = committed(plant(tmp_path, {"a.py": OPENAI}))
    (root / ".git" / "index").write_bytes(b"not an index")
    assert discover([root]).python == ("a.py",)


def test_variables_of_git_do_not_lead_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = committed(plant(tmp_path / "other", {"other.py": PLAIN}))
    root = committed(plant(tmp_path / "main", {"a.py": PLAIN}))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert discover([root]).python == ("a.py",)


@posix_only
def test_a_program_named_in_the_settings_of_git_is_not_started(tmp_path: Path) -> None:
    root = committed(plant(tmp_path / "main", {"a.py": PLAIN}))
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
    hook.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(hook))
    assert discover([root]).python == ("a.py",)
    assert not (tmp_path / "started").exists()


# --- files that are not read ---------------------------------------------------------------------

GENERATED = {
    "grpc": b"# Generated by the protocol buffer compiler.  DO NOT EDIT!\n",
    "go style": b"# Code generated by example-gen. DO NOT EDIT.\n",
    "at": b"#!/usr/bin/env python\n# @generated by example\n",
    "docstring": b'"""Client.\n\nAuto-generated by a tool, do not edit.\n"""\n',
    "doc at": b'"""@generated"""\n',
}


@pytest.mark.parametrize("marker", GENERATED.values(), ids=GENERATED)
def test_a_generated_file_is_skipped(tmp_path: Path, marker: bytes) -> None:
    found = discover([plant(tmp_path, {"a.py": marker + OPENAI})])
    assert (found.python, reasons(found)) == ((), {"a.py": SkipReason.GENERATED})


@pytest.mark.parametrize(
    "text",
    [
        b'MARKERS = ("@generated", "DO NOT EDIT")\n',
        b"@generated\ndef f(): ...\n",
        b"@generated.register(int)\ndef f(): ...\n",
        b"# The text below is generated by the model.\n",
        b'PROMPT = "This was generated by a model. Do not edit it."\n',
        b"#" * 3000 + b"\n# @generated\n",
    ],
)
def test_a_file_that_only_speaks_of_generating_is_read(tmp_path: Path, text: bytes) -> None:
    assert discover([plant(tmp_path, {"a.py": text + OPENAI})]).python == ("a.py",)


def test_binary_and_large_files_are_counted(tmp_path: Path, kept: Callable[[Path], Path]) -> None:
    tree = {
        "binary.py": b"openai\0" + OPENAI,
        "binary.yaml": b"\0openai",
        "large.py": OPENAI + b"#" * 1000,
        "fits.py": OPENAI + b"#" * (1000 - len(OPENAI)),
    }
    found = discover([kept(plant(tmp_path, tree))], max_bytes=1000)
    assert list(found.candidates) == ["fits.py"]
    assert found.documents == {}
    assert found.seen == 4
    assert reasons(found) == {
        "binary.py": SkipReason.BINARY,
        "binary.yaml": SkipReason.BINARY,
        "large.py": SkipReason.TOO_LARGE,
    }


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_counted(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": OPENAI})
    (tmp_path / "a.py").chmod(0)
    assert reasons(discover([tmp_path])) == {"a.py": SkipReason.UNREADABLE}


@posix_only
def test_a_pipe_does_not_hold_the_run_up(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": PLAIN})
    os.mkfifo(tmp_path / "pipe.py")
    assert discover([tmp_path]).python == ("a.py",)
    assert reasons(discover([tmp_path / "pipe.py"])) == {"pipe.py": SkipReason.UNREADABLE}


@posix_only
def test_links_are_followed_only_to_what_is_not_read_anyway(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    plant(tmp_path, {"outside/o.py": OPENAI})
    root = plant(tmp_path / "root", {"a.py": OPENAI, "folder/b.py": PLAIN, "script": OPENAI})
    for name, target in {
        "again.py": "a.py",
        "script.py": "script",
        "again": "folder",
        "folder/up": "..",
        "out.py": "../outside/o.py",
        "out": "../outside",
        "loop.py": "loop.py",
        "nowhere.py": "missing.py",
    }.items():
        (root / name).symlink_to(target)
    found = discover([kept(root)])
    assert found.python == ("a.py", "folder/b.py", "script.py")
    assert reasons(found) == {
        "again.py": SkipReason.LINKED,
        "again": SkipReason.LINKED,
        "folder/up": SkipReason.LINKED,
        "out.py": SkipReason.LEAVES_ROOT,
        "out": SkipReason.LEAVES_ROOT,
        "loop.py": SkipReason.BROKEN_LINK,
        "nowhere.py": SkipReason.BROKEN_LINK,
    }


@posix_only
def test_a_root_that_is_a_link_is_read(tmp_path: Path) -> None:
    plant(tmp_path / "real", {"a.py": OPENAI})
    (tmp_path / "link").symlink_to("real")
    assert discover([tmp_path / "link"]).python == ("a.py",)


@posix_only
@pytest.mark.skipif(sys.platform == "darwin", reason="names there are always UTF-8")
def test_odd_names_do_not_stop_the_run(tmp_path: Path, kept: Callable[[Path], Path]) -> None:
    names = [
        "new\nline.py",
        "tab\t.py",
        "中文.py",
        os.fsdecode("密钥.py".encode("gbk")),
        'qu"ote.py',
    ]
    found = discover([kept(plant(tmp_path, dict.fromkeys(names, OPENAI)))])
    assert found.python == tuple(sorted(names))
    assert set(found.candidates) == set(names)


# --- evidence ------------------------------------------------------------------------------------

EVIDENCE = {
    "lower case": b"import openai\n",
    "class": b"x: OpenAI\n",
    "variable": b'os.environ["AZURE_OPENAI_KEY"]\n',
    "tokenizer": b"import tiktoken\n",
    "model": b'MODEL = "gpt-5-mini"\n',
    "framework that defaults to OpenAI": b"from crewai import Agent\n",
    "framework among others": b"import os, litellm as llm\n",
    "framework in a function": b"def f():\n    from llama_index.core import Settings\n",
    "model of another kind": b'draw("dall-e-3")\n',
    "string after a hash in a string": b"x = '#' + 'openai'\n",
    "long string": b'x = f(\n    """\n    gpt-4\n    """)\n',
    "long string in a dictionary": b'x = {"a":\n    """gpt-4"""}\n',
    "after documentation": b'"""Text."""\nimport openai\n',
    "GBK text": b"# -*- coding: gbk -*-\n# \xd6\xd0\xce\xc4\nfrom openai import OpenAI\n",
}
NO_EVIDENCE = {
    "nothing": PLAIN,
    "empty": b"",
    "another package of a shared top": b"from google.protobuf import message\n",
    "framework's name as a word": b"crewai = litellm = 1\n",
    "relative module of that name": b"from .litellm import x\nfrom .agents import y\n",
    "class of a framework that reaches nothing": b"from langchain.text_splitter import Splitter\n",
    "comment": b"x = 1  # as openai does\n",
    "comment with a quote": b"x = 1  # openai's\n",
    "documentation of the file": b'#!/bin/python\n"""Like OpenAI."""\n',
    "documentation of a function": b'def f(\n    x,\n):\n    """Like OpenAI\'s gpt-4."""\n',
    "documentation of a class": b"class A(B):\n    '''Like \\''' OpenAI.'''\n",
    "documentation of a field": b'class A:\n    name: str = make()\n\n    """As gpt-4."""\n',
    "import in documentation": b'def f():\n    """E.g.\n\n    import openai\n    """\n',
    "framework in documentation": b'"""E.g.\n\nfrom langchain_openai import ChatOpenAI\n"""\n',
}


@pytest.mark.parametrize("text", EVIDENCE.values(), ids=EVIDENCE)
def test_evidence_makes_a_candidate(tmp_path: Path, text: bytes) -> None:
    assert discover([plant(tmp_path, {"a.py": text})]).candidates == {"a.py": text}


@pytest.mark.parametrize("text", NO_EVIDENCE.values(), ids=NO_EVIDENCE)
def test_without_evidence_there_is_no_candidate(tmp_path: Path, text: bytes) -> None:
    found = discover([plant(tmp_path, {"a.py": text})])
    assert (found.candidates, found.python) == ({}, ("a.py",))


def test_documents_need_evidence_except_dependencies_and_variables(
    tmp_path: Path, kept: Callable[[Path], Path]
) -> None:
    tree = {
        "config.yaml": b"model: gpt-4o\n",
        "reasoning.yaml": b"model: o3-mini\n",
        "speech.json": b'{"model": "whisper-1"}',
        "other.yaml": b"model: none\n",
        ".env": b"LLM_KEY=\n",
        "requirements.txt": b"requests\n",
        "pyproject.toml": b"[project]\n",
        "README.md": b"OpenAI\n",
        "migration.diff": b"openai\n",
        "MIGRATION_CHECKLIST.md": b"openai\n",
    }
    found = discover([kept(plant(tmp_path, tree))])
    assert list(found.documents) == [
        ".env",
        "config.yaml",
        "pyproject.toml",
        "reasoning.yaml",
        "requirements.txt",
        "speech.json",
    ]
    assert found.documents["config.yaml"] == b"model: gpt-4o\n"


def test_a_notebook_may_be_larger_than_source(tmp_path: Path) -> None:
    notebook = b'{"cells": []}' + b" " * 500 + b"openai"
    found = discover([plant(tmp_path, {"a.ipynb": notebook, "a.json": notebook})], max_bytes=100)
    assert list(found.documents) == ["a.ipynb"]
    assert reasons(found) == {"a.json": SkipReason.TOO_LARGE}


def test_a_setup_script_declares_dependencies_and_is_always_read(tmp_path: Path) -> None:
    setup = b"from setuptools import setup\nsetup(install_requires=['tiktoken'])\n"
    tree = {"setup.py": setup, "my_setup.py": setup, "libs/a/setup.py": setup}
    found = discover([plant(tmp_path, tree)])
    assert set(found.candidates) == {"setup.py", "libs/a/setup.py"}


def test_a_framework_within_the_repository_is_none(tmp_path: Path) -> None:
    tree = {
        "crewai/__init__.py": b"from .agent import Agent\n",
        "crewai/agent.py": b"class Agent: ...\n",
        "crewai/flow.py": b"from crewai import Agent\n",
    }
    assert discover([plant(tmp_path, tree)]).candidates == {}


@pytest.mark.parametrize("folder", ["", "vendor/"])
def test_a_copy_of_the_openai_package_is_not_the_repositorys_code(
    tmp_path: Path, folder: str, kept: Callable[[Path], Path]
) -> None:
    files = ["__init__.py", "_client.py", "_base_client.py", "resources/__init__.py"]
    tree = {f"{folder}openai/{name}": OPENAI for name in files}
    found = discover([kept(plant(tmp_path, {**tree, "app/openai/_client.py": OPENAI}))])
    assert list(found.candidates) == ["app/openai/_client.py"]
    assert reasons(found) == {f"{folder}openai": SkipReason.COPY}


# --- ties by imports -----------------------------------------------------------------------------


def tied(tmp_path: Path, tree: Tree) -> set[str]:
    return set(discover([plant(tmp_path, tree)]).candidates)


def test_importers_of_a_candidate_are_pulled_in_two_levels_up(tmp_path: Path) -> None:
    tree = {
        "app/__init__.py": b"",
        "app/llm.py": OPENAI,
        "app/service.py": b"from .llm import client\n",
        "app/main.py": b"from app import service\n",
        "run.py": b"import app.main\n",
        "other.py": PLAIN,
    }
    assert tied(tmp_path, tree) >= {"app/llm.py", "app/service.py", "app/main.py"}
    assert not tied(tmp_path, tree) & {"run.py", "other.py"}


def test_what_a_candidate_imports_is_pulled_in_two_levels_down(tmp_path: Path) -> None:
    tree = {
        "llm.py": b"from config import KEY\nfrom openai import OpenAI\nOpenAI(api_key=KEY)\n",
        "config.py": b"from values import KEY, MODEL\n",
        "values.py": b"from deeper import KEY\n",
        "deeper.py": b"KEY = 1\n",
    }
    assert tied(tmp_path, tree) == {"llm.py", "config.py", "values.py"}


@pytest.mark.parametrize(
    "importing",
    [
        "from config import KEY\r",
        "\ufefffrom config import KEY\n",
        "import os; from config import KEY\n",
        "if True: from config import KEY\n",
        "try: from config import KEY\nexcept ImportError: pass\n",
        "from other import \\\n    name\nfrom config import KEY\nprint()\n",
        "from other import a; from config import KEY\n",
        "from config import (  # the team's (and ours)\n    KEY,\n)\n",
        "from \\\n  config \\\n  import \\\r\n  KEY\n",
    ],
)
def test_an_import_is_found_however_it_is_laid_out(tmp_path: Path, importing: str) -> None:
    end = "\r" if importing.endswith("\r") else "\n"
    code = f"{importing}# the client{end}from openai import OpenAI{end}OpenAI(api_key=KEY){end}"
    tree = {"llm.py": code.encode(), "config.py": b"KEY = 1\n"}
    assert tied(tmp_path, tree) == set(tree)


@pytest.mark.parametrize(
    "code",
    [
        "import openai; client = openai.OpenAI()\n",
        "import openai\nx = 1; client = openai.OpenAI()\n",
        "import openai\nclient \\\n  = openai.OpenAI()\n",
        "import openai\ndef client(): return openai.OpenAI()\n",
        "import openai\nmade = openai.OpenAI()\ndef client(new):\n    if not new: return made\n",
    ],
)
def test_a_name_is_carried_on_however_it_is_laid_out(tmp_path: Path, code: str) -> None:
    passing = "from llm import client\n"
    tree = {"llm.py": code.encode(), "service.py": passing.encode(), "other.py": PLAIN}
    assert tied(tmp_path, tree) == {"llm.py", "service.py"}


@pytest.mark.parametrize(
    "code",
    [
        "def get():\n    return (\n        client\n    )\n",
        "def get(\n    one=client,\n): ...\n",
        "class get:\n    def __init__(self):\n        self.one = (  # a\n  client\n )\n",
    ],
)
def test_what_is_passed_on_may_stand_on_several_lines(tmp_path: Path, code: str) -> None:
    tree = {
        "llm.py": OPENAI,
        "service.py": f"from llm import client\n{code}".encode(),
        "main.py": b"from service import get\nget()\n",
        "other.py": PLAIN,
    }
    assert tied(tmp_path, tree) == {"llm.py", "service.py", "main.py"}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from a import (  # see (b)\n  c,  # d\n  e as f,\n)\nimport g", ["a.c", "a.e", "g"]),
        ("from a.import_x import b", ["a.import_x.b"]),
        ("from \\\n . \\\n import a \\\n as b", [".a"]),
        ("from . \\\n b . \\\n c import a\nimport d .e", ["b.c.a", "d.e"]),
        ("from.import(a)\nfrom ..b import*", [".a", "b"]),
        ("from a import b  # import c", ["a.b"]),
        ("x = 'import a'\n# ; import b", []),
    ],
)
def test_import_statements_are_read_without_a_parser(code: str, names: list[str]) -> None:
    found = imported(import_statements(code.encode()))
    assert [path for one in found for path in one.paths or [one.module]] == names


def test_a_continued_import_binds_what_it_says() -> None:
    [one] = imported(import_statements(b"from \\\n .a import b \\\n  as \\\n c\n"))
    assert one == (1, "a", (("b", "c"),), "")


def test_what_an_importer_imports_is_pulled_in(tmp_path: Path) -> None:
    tree = {
        "llm.py": OPENAI,
        "main.py": b"import llm\nfrom names import MODEL\nllm.client.models.retrieve(MODEL)\n",
        "names.py": b'MODEL = "o3-mini"\n',
    }
    assert tied(tmp_path, tree) == set(tree)


@pytest.mark.parametrize(
    "statement",
    [
        b"from app.llm import client\n",
        b"import app.llm as llm\n",
        b"import os, app.llm\n",
        b"from app import llm\n",
        b"from app import (  # the client\n    other,\n    llm as model,\n)\n",
        b"from app import \\\n    llm\n",
        b"from app import(llm)\n",
        b"from .app.llm import *\n",
        b"def f():\n    from app.llm import client\n",
        b"from app.llm import client\r\n",
    ],
)
def test_an_import_is_understood_however_it_is_written(tmp_path: Path, statement: bytes) -> None:
    tree = {"app/__init__.py": b"", "app/llm.py": OPENAI, "app/other.py": b"", "main.py": statement}
    assert "main.py" in tied(tmp_path, tree)


def test_imports_reach_into_a_src_layout_and_through_a_package(tmp_path: Path) -> None:
    tree = {
        "src/example/__init__.py": b"from example._llm import client\n",
        "src/example/_llm.py": OPENAI,
        "tests/check.py": b"from example import client\n",
    }
    assert tied(tmp_path, tree) == set(tree)


def test_only_what_the_lines_that_touch_openai_use_is_pulled_in(tmp_path: Path) -> None:
    llm = b"from names import MODEL, log\nfrom dates import today\n" + OPENAI
    llm += b"def ask():\n    return client.models.retrieve(MODEL)\n"
    llm += b"def report():\n    log(today())\n"
    tree = {"llm.py": llm, "names.py": b"MODEL = 1\n", "dates.py": b"def today(): ...\n"}
    assert tied(tmp_path, tree) == {"llm.py", "names.py"}


def test_what_reads_a_variable_that_another_block_names_is_pulled_in(tmp_path: Path) -> None:
    names = b"from helpers import read\ndef load():\n    return read('OPENAI_API_KEY')\n"
    tree = {
        "llm.py": OPENAI + b"def make():\n    return OpenAI()\n",
        "main.py": b"from llm import make\n" + names + b"def main():\n    make()\n",
        "helpers.py": b"import os\ndef read(name):\n    return os.getenv(name)\n",
    }
    assert tied(tmp_path, tree) >= {"main.py", "helpers.py"}


def test_what_gives_the_address_that_is_read_by_name_is_pulled_in(tmp_path: Path) -> None:
    sender = b"import requests\nclass Model:\n    def ask(self, url):\n        requests.post(url)\n"
    tree = {
        "run/__init__.py": b"",
        "run/main.py": b"from config import load\nfrom model import Model\nsettings = load()\n"
        b"if settings:\n    Model().ask(settings['OPENAI_API_BASE'])\n",
        "run/model.py": sender,
        "run/config.py": b"def load():\n    return {}\n",
    }
    assert tied(tmp_path, tree) == {*tree} - {"run/__init__.py"}


def test_only_importers_of_what_carries_openai_are_pulled_in(tmp_path: Path) -> None:
    llm = OPENAI + b"class Chat:\n    def ask(self):\n        client.models.list()\n"
    llm += b"def today():\n    return 1\n"
    tree = {
        "llm.py": llm,
        "asks.py": b"from llm import Chat\n",
        "dates.py": b"from llm import today\n",
    }
    assert tied(tmp_path, tree) == {"llm.py", "asks.py"}


def test_a_mention_in_a_string_ties_nothing(tmp_path: Path) -> None:
    tree = {"log.py": b'print("openai is down")\n', "main.py": b"import log\n"}
    assert tied(tmp_path, tree) == {"log.py"}


def test_a_candidate_on_the_way_is_no_level(tmp_path: Path) -> None:
    tree = {
        "llm.py": OPENAI,
        "a.py": b"from llm import client as openai_client\n",
        "b.py": b"from a import openai_client\n",
        "c.py": b"from b import openai_client as client\n",
        "d.py": b"from c import client\n",
        "e.py": b"from d import client\n",
        "f.py": b"from e import client\n",
    }
    assert tied(tmp_path, tree) == {"llm.py", "a.py", "b.py", "c.py", "d.py", "e.py"}


def test_the_number_pulled_in_is_bounded_and_the_nearest_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.discovery.ties._MOST", 1)
    monkeypatch.setattr("migrator.discovery.ties._MOST_PER_CANDIDATE", 2)
    tree = {"llm.py": OPENAI, "z1.py": b"import llm\n", "z2.py": b"import llm\n"}
    tree |= {f"a{n}.py": b"import z1\n" for n in range(9)}
    assert tied(tmp_path, tree) == {"llm.py", "z1.py", "z2.py", "a0.py"}


def test_files_that_only_define_what_others_use_are_bounded_by_their_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrator.discovery.ties._MOST_DEFINED", 30)
    uses = b"from config import KEY\nfrom other import BASE\n" + OPENAI + b"OpenAI(KEY, BASE)\n"
    tree = {
        "llm.py": uses,
        "config.py": b"KEY = 1\n",
        "other.py": b"BASE = 2" + b" " * 30 + b"\n",
        "main.py": b"import llm\n" + b"#" * 99,
    }
    assert tied(tmp_path, tree) == {"llm.py", "config.py", "main.py"}


def test_a_tree_of_very_many_files_is_a_collection_of_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = {f"{name}/{file}.py": OPENAI for name in ("one", "two") for file in "ab"}
    found = survey([plant(tmp_path, tree)])
    assert len(found.programs()) == 1
    for limit in ("_LARGEST_TREE", "_LARGEST_PROGRAM"):
        with monkeypatch.context() as patched:
            patched.setattr(f"migrator.discovery.{limit}", 3)
            parts = found.programs()
        assert [sorted(one.candidates) for one in parts] == [
            ["one/a.py", "one/b.py"],
            ["two/a.py", "two/b.py"],
        ]
        assert sum(one.seen for one in parts) == 4


def test_the_same_tree_gives_the_same_answer(tmp_path: Path) -> None:
    tree = {f"p{n}/m{n}.py": OPENAI if n % 3 else PLAIN for n in range(30)}
    root = plant(tmp_path, tree)
    first, second = discover([root]), discover([root])
    assert first == second
    assert list(first.candidates) == sorted(first.candidates)
    assert first == discover([committed(root)])


# --- what frameworks keep ------------------------------------------------------------------------

VIEWS = (
    b"from django.conf import settings\nfrom openai import OpenAI\nOpenAI(api_key=settings.KEY)\n"
)
MANAGE = b'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.live")\n'


def test_djangos_settings_are_what_is_named_and_what_that_stands_on(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "manage.py": MANAGE,
            "app/views.py": VIEWS,
            "conf/__init__.py": b"",
            "conf/base.py": b"KEY = 'x'\n",
            "conf/live.py": b"from .base import *\n",
            "conf/test.py": b"from .base import *\nKEY = 'y'\n",
            "conf/urls.py": PLAIN,
        },
    )
    found = discover([tmp_path])
    assert found.settings == ("conf/base.py", "conf/live.py", "conf/test.py")
    assert {"conf/base.py", "conf/test.py"} <= found.candidates.keys()
    assert "conf/urls.py" not in found.candidates


def test_a_settings_module_is_known_by_what_it_defines(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "app/views.py": VIEWS,
            "project/settings.py": b"INSTALLED_APPS = []\nKEY = 'x'\n",
            "other/settings.py": b"KEY = 'x'\n",
        },
    )
    assert discover([tmp_path]).settings == ("project/settings.py",)


def test_settings_that_nothing_with_evidence_reads_are_not_looked_for(tmp_path: Path) -> None:
    settings = b"INSTALLED_APPS = []\nOPENAI_API_KEY = 'x'\n"
    plant(tmp_path, {"app/views.py": OPENAI, "project/settings.py": settings})
    assert discover([tmp_path]).settings == ()


def test_what_fills_flasks_settings_is_brought_back(tmp_path: Path) -> None:
    views = b"from flask import current_app\n" + OPENAI + b"current_app.config['KEY']\n"
    factory = (
        b"from flask import Flask\napp = Flask(__name__)\napp.config.from_object('config.Live')\n"
    )
    plant(
        tmp_path,
        {"app/views.py": views, "app/__init__.py": factory, "app/forms.py": b"import flask\n"},
    )
    assert set(discover([tmp_path]).candidates) == {"app/views.py", "app/__init__.py"}


# --- data ----------------------------------------------------------------------------------------

PROSE = "A long answer of a model, as it was given. " * 6
RESULT = {"instruction": "q", "output": "text", "generator": "gpt-4o"}
DATA: dict[str, tuple[str, Any]] = {
    "results": ("outputs.json", [RESULT] * 30),
    "results with prose": ("outputs.json", [{"output": PROSE, "model": "gpt-4o"}] * 6),
    "results in a folder of such": ("results/a/b.json", [RESULT] * 6),
    "results under a name": ("all.json", {"version": 1, "results": [RESULT] * 40}),
    "records": ("prices.json", {f"m{n}": {"model": "gpt-4o", "price": n} for n in range(150)}),
    "a cache": ("cache.json", {f"{n:032x}": {"return": "x", "model": "gpt-4o"} for n in range(9)}),
    "an answer": ("answer.json", {"object": "chat.completion", "model": "gpt-4o", "choices": []}),
    "a long list": ("list.json", [{"model": "gpt-4o", "n": n} for n in range(10_000)]),
}
SETTINGS: dict[str, tuple[str, Any]] = {
    "one setting": ("config.json", {"model": "gpt-4o", "output": "a"}),
    "a few models": ("models.json", [{"model": "gpt-4o", "api_key": "x"}] * 12),
    "agents": ("agents.json", {f"a{n}": {"model": "gpt-4o", "prompt": PROSE} for n in range(30)}),
    "a workflow": (
        "flow.json",
        {"nodes": [{"id": n, "data": {"model": "gpt-4o"}, **({"x": 1} if n % 2 else {})}
                   for n in range(40)]},
    ),
    "few hashes": ("pins.json", {f"{n:040x}": "gpt-4o" for n in range(3)}),
    "settings in a folder of results": ("results/config.json", {"model": "gpt-4o"}),
    "comments": ("settings.jsonc", None),
}  # fmt: skip


@pytest.mark.parametrize(("path", "value"), DATA.values(), ids=list(DATA))
def test_files_of_records_are_data(path: str, value: object, tmp_path: Path) -> None:
    plant(tmp_path, {path: json.dumps(value, indent=1).encode()})
    found = discover([tmp_path])
    assert reasons(found) == {path: SkipReason.DATA}
    assert found.documents == {}


@pytest.mark.parametrize(("path", "value"), SETTINGS.values(), ids=list(SETTINGS))
def test_files_of_settings_are_documents(path: str, value: object, tmp_path: Path) -> None:
    text = json.dumps(value) if value is not None else '{"model": "gpt-4o"} // the best'
    plant(tmp_path, {path: text.encode()})
    assert set(discover([tmp_path]).documents) == {path}


def test_a_document_that_is_very_long_is_data(tmp_path: Path) -> None:
    plant(tmp_path, {"a.yaml": b"model: gpt-4o\n" * 80_000})
    assert reasons(discover([tmp_path])) == {"a.yaml": SkipReason.DATA}


def test_records_that_do_not_name_openai_are_not_counted(tmp_path: Path) -> None:
    plant(tmp_path, {"a.json": json.dumps([{"output": "x"}] * 30).encode()})
    assert discover([tmp_path]).skipped == ()
