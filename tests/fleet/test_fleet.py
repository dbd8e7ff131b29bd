"""A few repositories from a list to a report: what a run leaves, and what it never does."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.fleet import isolation
from migrator.fleet.entries import Entry
from migrator.fleet.errors import EngineError, FleetError
from migrator.fleet.executors import engine
from migrator.fleet.result import Outcome, Result, Standing
from migrator.fleet.running import ALL, FAILED, run
from migrator.fleet.serving import carried_out
from migrator.fleet.shelf import LOG, REPOSITORIES, Shelf
from migrator.fleet.summary import Fleet
from migrator.fleet.unit import BUNDLE, DESCRIPTION, PAGE, PATCH
from migrator.fleet.wish import Job, Wish
from migrator.reports.fleet import reports
from migrator.workflow import Options
from tests.trees import fingerprint

_CHAT = """\
from openai import OpenAI

client = OpenAI()
print(client.chat.completions.create(model="gpt-4o", messages=[]))
"""
_MODERATION = _CHAT + 'print(client.moderations.create(input="x"))\n'
_WISH = Wish(Options("bailian"), applies=True, author="Ann Example <ann@example.com>")


def _git(folder: Path, *arguments: str) -> str:
    """Git without anybody's settings."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=Bea", "-c", "user.email=bea@example.com")
    command = ["git", *identity, "-C", str(folder), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout


def _folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def _repository(root: Path, files: dict[str, str]) -> Path:
    _folder(root, files)
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message=All")
    return root


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    root = tmp_path_factory.mktemp("sources")
    chat = _repository(root / "chat", {"src/app.py": _CHAT})
    _folder(chat, {"src/app.py": "uncommitted = True\n"})
    entries = [
        Entry("absent", str(root / "absent")),
        Entry("chat", chat.as_uri()),
        Entry("moderated", str(_repository(root / "mono", {"api/app.py": _MODERATION})), "", "api"),
        Entry("none", str(_repository(root / "none", {"app.py": "print(1)\n"}))),
        Entry("plain", str(_folder(root / "plain", {"app.py": _CHAT}))),
    ]
    return [Job(one, _WISH) for one in entries]


@pytest.fixture(scope="module")
def done(jobs: list[Job], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Result]]:
    """All of it in processes: by a run that is interrupted at once, and one that goes on."""
    folder = tmp_path_factory.mktemp("fleet")
    sources = {job.entry.name: Path(job.entry.source) for job in jobs if job.entry.name != "chat"}
    before = {name: fingerprint(source) for name, source in sources.items()}

    def interrupt(*_told: object) -> None:
        raise KeyboardInterrupt

    with Shelf(folder).open() as shelf, pytest.raises(KeyboardInterrupt), engine("", 1) as executor:
        run(jobs, shelf, executor, told=interrupt)
    assert not isolation._every
    told: list[int] = []
    with Shelf(folder).open() as shelf, engine("", 1) as executor:
        results = run(jobs, shelf, executor, told=lambda _one, number, _all: told.append(number))
    assert told == [2, 3, 4, 5]
    assert before == {name: fingerprint(source) for name, source in sources.items()}
    return folder, results


def _kept(folder: Path) -> dict[str, bytes]:
    root = folder / REPOSITORIES
    return {
        str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()
    }


def test_what_each_comes_to(done: tuple[Path, list[Result]]) -> None:
    folder, results = done
    by_name = {one.name: one for one in results}
    assert {name: one.standing for name, one in by_name.items()} == {
        "chat": Standing.MOVES,
        "absent": Standing.FAILED,
        "moderated": Standing.PARTLY,
        "none": Standing.NOTHING,
        "plain": Standing.MOVES,
    }
    assert by_name["chat"].files == (PATCH, DESCRIPTION, PAGE, BUNDLE)
    assert by_name["plain"].files == (PATCH, DESCRIPTION, PAGE)
    assert by_name["none"].files == ()
    assert by_name["absent"].error.endswith("absent: no such folder")
    assert by_name["moderated"].branch == "migrate/bailian-api"
    log = [json.loads(line)["name"] for line in (folder / LOG).read_text().splitlines()]
    assert sorted(log) == sorted(by_name)


def test_the_same_bytes_by_whatever_process(
    jobs: list[Job], done: tuple[Path, list[Result]], tmp_path: Path
) -> None:
    with Shelf(tmp_path / "again").open() as shelf:
        for job in reversed(jobs):
            shelf.keep(job, carried_out(job))
    assert _kept(tmp_path / "again") == _kept(done[0])
    again = [shelf.kept(job) for job in jobs]
    assert reports(Fleet(tuple(filter(None, again)))) == reports(Fleet(tuple(done[1])))


def test_a_branch_and_a_patch(
    jobs: list[Job], done: tuple[Path, list[Result]], tmp_path: Path
) -> None:
    folder, results = done
    for name, text in reports(Fleet(tuple(results))).items():
        (folder / name).write_text(text, encoding="utf-8")
    source = Path(jobs[1].entry.source.removeprefix("file://"))
    subprocess.run(["sh", folder / "push.sh"], check=True, capture_output=True)
    chat = results[1]
    assert _git(source, "rev-parse", chat.branch).strip() == chat.commit
    assert (
        _git(source, "log", "-1", "--format=%an %ae", chat.branch)
        == "Ann Example ann@example.com\n"
    )
    changed = _git(source, "diff", "--name-only", "HEAD", chat.branch).split()
    assert changed == ["MIGRATION_CHECKLIST.md", "src/app.py"]
    copy = tmp_path / "copy"
    _git(tmp_path, "clone", "--quiet", str(source), str(copy))
    _git(copy, "apply", str(folder / REPOSITORIES / "chat" / PATCH))
    assert (copy / "src/app.py").read_text() == _git(source, "show", f"{chat.branch}:src/app.py")
    assert "Close this merge request" in (folder / REPOSITORIES / "chat" / DESCRIPTION).read_text()


def test_the_report_over_all(done: tuple[Path, list[Result]]) -> None:
    fleet = Fleet(tuple(done[1]))
    found = reports(fleet)
    data = json.loads(found["fleet.json"])
    assert (data["totals"]["requests"], data["totals"]["moved"]) == (4, 3)
    assert data["obstacles"] == [
        {
            "code": "endpoint-missing",
            "about": "moderation",
            "repositories": 1,
            "items": 1,
            "alone": 1,
        }
    ]
    assert [Result.from_data(one) for one in data["repositories"]] == done[1]
    rows = list(csv.DictReader(io.StringIO(found["fleet.csv"])))
    assert [row["standing"] for row in rows] == ["failed", "moves", "partly", "nothing", "moves"]
    assert 'href="repositories/chat/report.html"' in found["index.html"]
    assert "`absent`: " in found["fleet.md"]


def test_what_is_asked_for_again(jobs: list[Job], done: tuple[Path, list[Result]]) -> None:
    folder, results = done
    told: list[str] = []

    def names(again: str, asked: list[Job]) -> list[str]:
        told.clear()
        with Shelf(folder).open() as shelf, engine("tests.fleet.test_fleet:here", 1) as executor:
            assert run(asked, shelf, executor, again, lambda one, *_: told.append(one.name))
        return sorted(told)  # each is told as it comes

    quick = [job for job in jobs if job.entry.name in ("absent", "none")]
    assert names("", jobs) == []
    assert names(FAILED, jobs) == ["absent"]
    assert names(ALL, quick) == ["absent", "none"]
    assert [one.name for one in results] == [job.entry.name for job in jobs]
    other = Job(jobs[0].entry, replace(_WISH, branch="other"))
    assert names("", [other]) == ["absent"]


def test_a_folder_of_results_is_nobody_elses(tmp_path: Path) -> None:
    with Shelf(tmp_path / "a").open(), pytest.raises(EngineError, match="another run"):
        Shelf(tmp_path / "a").open().__enter__()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.txt").touch()
    with pytest.raises(FleetError, match="no folder of results"):
        Shelf(tmp_path / "b").open().__enter__()


def here(_jobs: int) -> _Here:
    """What `--executor module:function` may name."""
    return _Here()


class _Here(Executor):
    """Carries out every job at once, in this process."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        assert fn is isolation.attempt
        future: Future[Outcome] = Future()
        future.set_result(carried_out(*args))
        return future


def test_what_takes_too_long_is_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://me:hunter2@127.0.0.1:{server.getsockname()[1]}/x.git"
        outcome = isolation.attempt(Job(Entry("slow", address), replace(_WISH, seconds=0.7)))
    assert outcome.result.error == "it took longer than 0.7 seconds"
    assert not isolation._every


def test_no_secret_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = carried_out(Job(Entry("gone", f"http://me:hunter2@127.0.0.1:{port}/x.git"), _WISH))
    assert "127.0.0.1" in outcome.result.error
    assert "hunter2" not in str(outcome)


def test_why_nothing_came_is_what_ssh_says_of_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = carried_out(Job(Entry("gone", f"ssh://127.0.0.1:{port}/x.git"), _WISH))
    assert outcome.result.error.startswith("git fetch: ssh:")


def test_a_hostile_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program that it, or its attributes, name is run; nothing beyond it is read or written."""
    marker, secret = tmp_path / "ran", tmp_path / "secret.py"
    secret.write_text(_CHAT, encoding="utf-8")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    root = _repository(
        tmp_path / "hostile",
        {
            "app.py": _CHAT,
            ".gitattributes": "* filter=evil diff=evil merge=evil\n",
            ".gitmodules": f'[submodule "x"]\npath = x\nurl = ext::{program}\n',
            "<script>alert(1)<\n>.py": _CHAT,
        },
    )
    for link, to in (("linked.py", secret), ("MIGRATION_CHECKLIST.md", secret), ("out", tmp_path)):
        (root / link).symlink_to(to)
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message=Links")
    settings = "".join(
        f"[{section}]\n{key} = {program}\n"
        for section, key in (
            ("core", "fsmonitor"), ("core", "sshCommand"), ("core", "alternateRefsCommand"),
            ("core", "pager"), ("core", "editor"), ("core", "askPass"), ("credential", "helper"),
            ('filter "evil"', "smudge"), ('filter "evil"', "clean"), ('filter "evil"', "process"),
            ('diff "evil"', "command"), ('diff "evil"', "textconv"), ('merge "evil"', "driver"),
            ("uploadpack", "packObjectsHook"), ("gpg", "program"), ("commit", "gpgSign = true\nx"),
        )
    )  # fmt: skip
    hooks = tmp_path / "template" / "hooks"
    for folder in (hooks, root / ".git" / "hooks"):
        folder.mkdir(parents=True, exist_ok=True)
        for hook in ("post-checkout", "pre-commit", "commit-msg", "reference-transaction"):
            (folder / hook).symlink_to(program)
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(settings)
    # The user's own filters and hooks are not for a stranger's files either.
    mine = f"{settings}[init]\ntemplateDir = {hooks.parent}\n[core]\nhooksPath = {hooks}\n"
    (tmp_path / ".gitconfig").write_text(mine.replace("[uploadpack]", "[x]"), encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    before = fingerprint(tmp_path)
    outcome = carried_out(Job(Entry("hostile", str(root)), _WISH))
    assert outcome.result.error == ""
    assert outcome.result.changed == 2
    assert outcome.result.branch == "migrate/bailian"
    assert fingerprint(tmp_path) == before
    assert "secret" not in str(outcome.contents[PATCH])
    assert b"<script>alert" not in outcome.contents[PAGE]
    assert not marker.exists()
