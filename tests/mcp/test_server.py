"""`migrate mcp` as clients see it: the official SDK's, in memory, by streams, over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp_types", reason="release 2 of the package mcp is not installed")

import anyio
import httpx2
import jsonschema
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from migrator.mcp import bounds, server, tools
from migrator.mcp.arguments import Arguments
from migrator.mcp.bounds import MOST, fitted, page, written
from migrator.mcp.confinement import Confinement
from migrator.mcp.transport import Guarded
from tests.trees import fingerprint

SECRET = "sk-" + "x1y2" * 8  # long enough to be taken for a key
PRIVATE = "a line of nobody's business"
APP = f"""\
from openai import OpenAI

KEY = "{SECRET}"
client = OpenAI(api_key=KEY)


def ask(text):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{{"role": "user", "content": text}}], logit_bias={{1: 2}}
    )


def check(text):
    return client.moderations.create(input=text)
"""
TARGET = {"target": "bailian"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    (root / "src/app.py").write_text(APP)
    (root / "other.py").write_text("from openai import OpenAI\n\nclient = OpenAI()\n")
    return root


class Talk:
    """A conversation with a server, whose answers all keep to bounds and schemas, and hide keys."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.schemas: dict[str, Any] = {}

    async def ask(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        result = await self.client.call_tool(tool, arguments)
        text = result.content[0].text  # type: ignore[union-attr]
        assert not result.is_error, text
        if not self.schemas:
            listed = (await self.client.list_tools()).tools
            self.schemas = {one.name: one.output_schema for one in listed}
        jsonschema.validate(result.structured_content, self.schemas[tool])
        assert json.loads(text) == result.structured_content
        assert len(text) <= MOST
        assert SECRET not in text and PRIVATE not in text
        found: dict[str, Any] = result.structured_content
        return found

    async def refused(self, tool: str, /, **arguments: Any) -> str:
        result = await self.client.call_tool(tool, arguments)
        (content,) = result.content
        assert result.is_error
        assert "\n" not in content.text  # type: ignore[union-attr]
        return content.text  # type: ignore[union-attr, no-any-return]


def talk(root: Path, what: Callable[[Talk], Awaitable[None]], *, write: bool = False) -> None:
    async def held() -> None:
        with anyio.fail_after(60):
            async with Client(server.build(Confinement.to(root), write=write)) as client:
                await what(Talk(client))

    anyio.run(held)


def test_a_reader_sees_everything_and_changes_nothing(root: Path) -> None:
    before = fingerprint(root)

    async def reads(with_it: Talk) -> None:
        listed = (await with_it.client.list_tools()).tools
        assert [one.name for one in listed] == ["scan", "plan", "explain", "checklist", "verify"]
        for one in listed:
            assert one.title and one.description and one.annotations.read_only_hint
            assert not one.annotations.destructive_hint and not one.annotations.open_world_hint
            assert one.input_schema["additionalProperties"] is False
            assert all(told.get("description") for told in one.input_schema["properties"].values())
        assert "command" not in listed[-1].input_schema["properties"]

        scan = await with_it.ask("scan", kinds=["call"])
        assert [one["detail"] for one in scan["sites"]] == [
            "chat.completions.create",
            "moderations.create",
        ]
        summary = await with_it.ask("plan", **TARGET)
        assert "src/app.py" in [one["path"] for one in summary["files"]]
        diffs = await with_it.ask("plan", show="diffs", **TARGET)
        counted = {one["path"]: (one["added"], one["removed"]) for one in summary["files"]}
        for one in diffs["diffs"]:
            body = one["diff"].splitlines()[4:]
            assert counted[one["path"]] == tuple(
                sum(line.startswith(sign) for line in body) for sign in "+-"
            )
        edits = await with_it.ask("plan", show="edits", **TARGET)
        assert edits["edits"]
        only = await with_it.ask("plan", only=["other.py"], include=["other.py"], **TARGET)
        assert [one["path"] for one in only["files"]] == ["other.py"]
        for show in ("checklist", "groups"):
            assert (await with_it.ask("plan", show=show, **TARGET))[show]

        open_items = await with_it.ask("checklist", briefs=True, **TARGET)
        assert open_items["items"][0]["severity"] == "blocker"
        assert "moderations.create" in open_items["items"][0]["brief"]
        grave = await with_it.ask("checklist", severities=["behaviour"], state="all", **TARGET)
        assert {one["severity"] for one in grave["items"]} == {"behaviour"}

        place = await with_it.ask("explain", place="app.py:8", folder="src", **TARGET)
        assert place["sites"][0]["detail"] == "chat.completions.create"
        by_id = await with_it.ask("explain", place=scan["sites"][1]["id"], **TARGET)
        assert by_id["sites"][0]["path"] == "src/app.py"
        for asked in ({"code": "json-word"}, {"model": "gpt-4o"}, {"parameter": "seed"}):
            assert (await with_it.ask("explain", **asked))["explanations"]
        rungs = (await with_it.ask("verify", **TARGET))["rungs"]
        assert {one["name"]: one["state"] for one in rungs}["emulated"] == "not run"

    talk(root, reads)
    assert fingerprint(root) == before


def test_a_writer_applies_runs_and_takes_back(root: Path) -> None:
    before = fingerprint(root)

    async def writes(with_it: Talk) -> None:
        listed = {one.name: one for one in (await with_it.client.list_tools()).tools}
        assert [n for n, one in listed.items() if not one.annotations.read_only_hint] == [
            "verify",
            "apply",
            "undo",
        ]
        assert not listed["undo"].annotations.idempotent_hint
        done = await with_it.ask("apply", **TARGET)
        assert "src/app.py" in [one["path"] for one in done["files"]]
        assert "dashscope" in (root / "src/app.py").read_text()
        assert (root / "MIGRATION_CHECKLIST.md").is_file()
        assert (await with_it.ask("apply", **TARGET))["run"] is None
        said = "import sys; print('out'); print(sys.stdin.read(), 'err', file=sys.stderr)"
        cut = f"print('{SECRET}' + 7985 * ' ')"  # the end of what is printed begins in a key
        run = await with_it.ask("verify", command=[sys.executable, "-c", f"{cut}; {said}"])
        assert run["target"]["provider"] == "bailian"
        assert {"out", "err"} <= set(run["output"].split())
        assert "x1y2" not in run["output"]
        assert (await with_it.ask("undo", run=done["run"]))["restored"]
        assert "no run" in await with_it.refused("undo")

    talk(root, writes, write=True)
    assert fingerprint(root) == before


def test_what_is_asked_wrongly_is_told_in_a_line(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.migrator]\ntarget = 3\n")

    async def errs(with_it: Talk) -> None:
        assert "target" in await with_it.refused("scan")
        (root / "pyproject.toml").unlink()
        assert "did you mean bailian?" in await with_it.refused("plan", target="bailan")
        assert "no provider is named" in await with_it.refused("plan")
        told = await with_it.refused("scan", limit=0, path="x", kinds=["cal"])
        assert all(f"{one}: " in told for one in ("limit", "path", "kinds.0"))
        assert "one of place" in await with_it.refused("explain")
        assert "one of place" in await with_it.refused("explain", code="json-word", model="gpt-4o")
        assert "no place" in await with_it.refused("explain", place="app")
        assert "no such folder" in await with_it.refused("scan", folder="none")
        told = await with_it.refused("explain", model=f"{SECRET}\n\x1b[31m")
        assert SECRET not in told and "\x1b" not in told and "\\x1b" in told
        for name in ("apply", "undo", "rm"):
            with pytest.raises(MCPError, match="started without --write"):
                await with_it.client.call_tool(name, TARGET)
        with pytest.raises(MCPError, match="have a page"):
            await with_it.client.read_resource("migrate://providers/x.yaml")
        with pytest.raises(MCPError, match="did you mean"):
            await with_it.client.read_resource("migrate://checklist/json-wor")
        with pytest.raises(MCPError, match="no page"):
            await with_it.client.read_resource("file:///etc/hosts")
        with pytest.raises(MCPError, match="no prompt"):
            await with_it.client.get_prompt("migrate_from", TARGET)

    talk(root, errs)


def test_pages_and_the_prompt(root: Path) -> None:
    async def reads(with_it: Talk) -> None:
        client = with_it.client
        for one in (await client.list_resources()).resources:
            (content,) = (await client.read_resource(one.uri)).contents
            assert content.text.startswith("# ")  # type: ignore[union-attr]
        named = {
            one.uri_template for one in (await client.list_resource_templates()).resource_templates
        }
        assert named == {"migrate://checklist/{code}", "migrate://providers/{id}"}
        (content,) = (await client.read_resource("migrate://checklist/json-word")).contents
        assert "says JSON" in content.text  # type: ignore[union-attr]
        (prompt,) = (await client.list_prompts()).prompts
        (message,) = (await client.get_prompt(prompt.name, TARGET)).messages
        assert "migrate apply --target bailian" in message.content.text  # type: ignore[union-attr]

    talk(root, reads)


# -- confinement -----------------------------------------------------------------------------------


def test_nothing_outside_the_folder_is_read_or_written(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "app.py").write_text(APP.replace("\n", f"  # {PRIVATE}\n"))
    (outside / "private.yaml").write_text("private: yes\n")
    (root / "link").symlink_to(outside)
    (root / "link.py").symlink_to(outside / "app.py")
    (root / "link.yaml").symlink_to(outside / "private.yaml")
    (root / "circle").symlink_to("circle")
    before = fingerprint(outside)
    places = ["..", "../outside", str(outside), "link", "src/../../outside", "circle", "a\0b", "/"]
    files = ["../outside/private.yaml", str(outside / "private.yaml"), "link.yaml"]

    async def tries(with_it: Talk) -> None:
        for tool in ("scan", "plan", "checklist", "verify", "explain", "apply", "undo"):
            for place in places:
                given = {"code": "json-word"} if tool == "explain" else {}
                told = await with_it.refused(tool, folder=place, **given)
                assert "outside the folder that is served" in told
        for place in ("../outside/app.py:4", f"{outside}/app.py:4", "link/app.py:4", "link.py:4"):
            assert "outside the folder" in await with_it.refused("explain", place=place, **TARGET)
        for tool in ("plan", "checklist", "verify", "apply"):
            for file in files:
                assert "outside the folder" in await with_it.refused(tool, target=file)
        assert "outside the folder" in await with_it.refused("plan", images=files[0], **TARGET)
        assert "outside the folder" in await with_it.refused("explain", code="x", target=files[0])
        scan = await with_it.ask("scan")
        assert not [one for one in scan["sites"] if "link" in one["path"]]

        # What stands in the folder may have been written by whoever asks.
        (root / ".migrator.yaml").write_text("target: ../outside/private.yaml\n")
        for tool in ("scan", "plan", "verify", "apply"):
            assert "outside the folder" in await with_it.refused(tool)
        (root / ".migrator.yaml").write_text(f"embeddings: {outside}/private.yaml\n")
        assert "outside the folder" in await with_it.refused("plan", **TARGET)
        (root / ".migrator.yaml").unlink()
        await with_it.ask("apply", **TARGET)
        (manifest,) = root.glob(".migrate/runs/*/manifest.json")
        genuine = manifest.read_text()
        manifest.write_text(genuine.replace('"target": "bailian"', f'"target": "{files[0]}"'))
        assert "outside the folder" in await with_it.refused("verify")
        shutil.rmtree(root / ".migrate")  # without a run, the checklist names the target
        checklist = root / "MIGRATION_CHECKLIST.md"
        text = checklist.read_text()
        checklist.write_text(f"# Migration checklist: {files[0]}\n")
        for tool, given in (("checklist", {}), ("explain", {"api": "models.list"})):
            assert "outside the folder" in await with_it.refused(tool, **given)
        checklist.write_text(text.replace("`src/app.py:", "`../outside/app.py:"))
        items = (await with_it.ask("checklist", briefs=True))["items"]
        forged = [one for one in items if one["path"] == "../outside/app.py"]
        assert forged and all(one["brief"] for one in forged)
        checklist.unlink()
        checklist.symlink_to(outside / "private.yaml")
        assert "outside the folder" in await with_it.refused("checklist")
        assert "outside the folder" in await with_it.refused("apply", **TARGET)

    talk(root, tries, write=True)
    assert fingerprint(outside) == before


def test_settings_above_the_folder_may_name_any_file(root: Path) -> None:
    """They are of whoever serves the folder."""
    (root.parent / "own").mkdir()
    (root.parent / ".migrator.yaml").write_text("target: own/gateway.yaml\n")

    async def reads(with_it: Talk) -> None:
        assert "outside" not in await with_it.refused("plan")
        await with_it.ask("scan")

    talk(root, reads)


# -- bounds, time, transports ----------------------------------------------------------------------


def test_answers_are_cut_and_paged_to_what_fits(root: Path) -> None:
    (root / "many.py").write_text(
        "from openai import OpenAI\n" + "OpenAI().moderations.create(input='x')\n" * 120
    )

    async def reads(with_it: Talk) -> None:
        seen: list[str] = []
        offset: int | None = 0
        while offset is not None:
            found = await with_it.ask("scan", kinds=["call"], offset=offset, limit=50)
            seen += [one["id"] for one in found["sites"]]
            offset = found["page"]["next_offset"]
        assert len(seen) == len(set(seen)) == found["page"]["total"] == 122

    talk(root, reads)
    assert page([1, 2], 5, 2) == ([], {"offset": 5, "shown": 0, "total": 2, "next_offset": None})
    assert page(["x" * MOST] * 3, 0, 3)[1]["next_offset"] == 2
    long = {"texts": ["x" * 20_000] * 30, "counts": dict.fromkeys(map(str, range(9_000)), 1)}
    assert len(written(fitted(long))) <= MOST
    assert fitted(long)["shortened"]
    assert "more characters" in fitted(long)["texts"][0]
    deep = {str(key): {str(one): ["x" * 400] * 10 for one in range(10)} for key in range(10)}
    with pytest.raises(bounds.TooLongError):
        fitted(deep)


def test_a_name_that_is_no_text_can_be_sent(root: Path) -> None:
    odd = os.fsencode(root) + b"/od\xff.py"
    try:
        Path(os.fsdecode(odd)).write_text(APP)
    except OSError:
        pytest.skip("the disk takes no such name")

    async def reads(with_it: Talk) -> None:
        scan = await with_it.ask("scan", include=["od*"])
        assert {one["path"] for one in scan["sites"]} == {"od\\udcff.py"}

    talk(root, reads)


def test_a_long_run_tells_how_far_it_is_and_ends_when_nobody_waits(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def endless(call: tools.Call, asked: Arguments) -> dict[str, Any]:
        assert call.progress is not None
        try:
            for done in range(10_000):
                time.sleep(0.01)
                call.progress(done, 10_000)
        finally:
            ended.set()
        return {}

    slow = tools.Tool("slow", "Slow", "Slow.", Arguments, {"type": "object"}, endless)
    monkeypatch.setattr(server, "tools", lambda write: {"slow": slow})
    told: list[float] = []

    async def heard(done: float, total: float | None, message: str | None) -> None:
        told.append(done)

    async def waits(with_it: Talk) -> None:
        with anyio.move_on_after(0.6):
            async with anyio.create_task_group() as group:
                group.start_soon(
                    lambda: with_it.client.call_tool("slow", {}, progress_callback=heard)
                )
                await anyio.sleep(0.1)
                await with_it.client.list_tools()  # the protocol goes on meanwhile
        await anyio.to_thread.run_sync(ended.wait, 5)
        assert ended.is_set()
        assert told == sorted(told) and len(told) > 1

    talk(root, waits)


def test_only_who_knows_the_token_is_served(root: Path) -> None:
    app = server.build(Confinement.to(root), write=False)
    inner = app.streamable_http_app(host="127.0.0.1", json_response=True, stateless_http=True)
    transport = httpx2.ASGITransport(Guarded(inner, "the token"))

    async def knocks() -> None:
        url = "http://127.0.0.1:1/mcp"
        async with app.session_manager.run():
            for header in ({}, {"Authorization": "the token"}, {"Authorization": "Bearer tök"}):
                async with httpx2.AsyncClient(transport=transport) as client:
                    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
                    encoded = {name: value.encode() for name, value in header.items()}
                    answer = await client.post(url, json=asked, headers=encoded)
                    assert answer.status_code == 401
            known = {"Authorization": "Bearer the token"}
            async with httpx2.AsyncClient(transport=transport, headers=known) as client:
                elsewhere = {"Host": "example.com"}
                assert (await client.post(url, json=asked, headers=elsewhere)).status_code == 421
                page = {"Origin": "https://example.com"}
                assert (await client.post(url, json=asked, headers=page)).status_code == 403
                async with Client(streamable_http_client(url, http_client=client)) as served:
                    assert (await served.list_tools()).tools

    anyio.run(knocks)


def test_the_command_serves_a_client_over_its_streams(root: Path) -> None:
    command = ["-m", "migrator", "mcp", "--root", str(root)]

    async def starts() -> None:
        started = stdio_client(StdioServerParameters(command=sys.executable, args=command))
        async with Client(started, mode="legacy") as client:
            found = await client.call_tool("scan", {"kinds": ["call"]})
            assert found.structured_content["page"]["total"] == 2

    anyio.run(starts)
