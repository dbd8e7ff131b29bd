"""A command in front of the emulator: its requests with their places, and what would have left."""

from __future__ import annotations

import ast
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from migrator.providers import load_provider
from migrator.verification.emulator import Emulator
from migrator.verification.exchanges import CallSite, read_site
from migrator.verification.running import (
    TIMED_OUT,
    WITNESS,
    CommandError,
    Observed,
    Outside,
    observe,
)
from tests.sdk.install import own_sdks, paths_of
from tests.verification.test_emulator import CASES

BAILIAN = load_provider("bailian")
CLIENT = """\
import asyncio, os, threading
from concurrent.futures import ThreadPoolExecutor
import openai
KEY, URL = os.environ["DASHSCOPE_API_KEY"], os.environ["DASHSCOPE_BASE_URL"]
client = openai.OpenAI(api_key=KEY, base_url=URL, max_retries=0)
ASKED = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}]}
"""
# What marks a line is the function that its request is made in.
PLACES = (
    CLIENT
    + """
def ask(**more):
    return client.chat.completions.create(**ASKED, **more)  # ask
def stream():
    list(client.chat.completions.create(**ASKED, stream=True))  # stream
async def later():
    async with openai.AsyncOpenAI(api_key=KEY, base_url=URL) as many:
        await many.chat.completions.create(**ASKED)  # later
        [_ async for _ in await many.chat.completions.create(**ASKED, stream=True)]  # later
        await asyncio.gather(many.chat.completions.create(**ASKED))  # later
        task = asyncio.create_task(many.chat.completions.create(**ASKED))  # later
        await task
        await asyncio.to_thread(client.chat.completions.create, **ASKED)  # later
def elsewhere():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(client.chat.completions.create, **ASKED).result()  # elsewhere
        pool.submit(client.chat.completions.create, **ASKED).result()  # elsewhere
    thread = threading.Thread(target=client.chat.completions.create, kwargs=ASKED)
    thread.start()  # elsewhere
    thread.join()
def stays():
    try:
        openai.OpenAI(max_retries=0).models.list()  # outside
    except openai.APIConnectionError:
        pass
def written_out():
    url = "https://dashscope.aliyuncs.com/compatible-mode/v1"
    openai.OpenAI(api_key=KEY, base_url=url).chat.completions.create(**ASKED)  # written_out

ask(), stream(), asyncio.run(later()), elsewhere(), stays(), written_out()
assert __import__("sitecustomize").OWN, "the user's own was started, and is what is imported"
"""
)
OTHERS = """\
import asyncio, os, urllib.request
import aiohttp, dashscope, httpx, requests
MESSAGES = [{"role": "user", "content": "Hello"}]
HEADERS = {"Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]}
ASKED = {"json": {"model": "qwen-plus", "messages": MESSAGES}, "headers": HEADERS}
URL = os.environ["DASHSCOPE_COMPATIBLE_BASE_URL"] + "/chat/completions"
NATIVE = {"model": "qwen-plus", "messages": MESSAGES, "result_format": "message"}

requests.post(URL, **ASKED).raise_for_status()  # site
requests.post("https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions", **ASKED)  # site
httpx.post(URL, **ASKED).raise_for_status()  # site
models = urllib.request.Request(URL.replace("chat/completions", "models"), headers=HEADERS)
urllib.request.urlopen(models)  # site
client = dashscope.Client(protocol="openai")
client.chat.completions.create(model="qwen-plus", messages=MESSAGES)  # site
assert dashscope.Generation.call(**NATIVE).status_code == 200  # site

async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, **ASKED) as answer:  # site
            assert answer.status == 200
    assert (await dashscope.AioGeneration.call(**NATIVE)).status_code == 200  # site
    try:
        async with aiohttp.ClientSession() as session:
            await session.get("https://example.com")  # left
    except aiohttp.ClientConnectionError:
        pass

asyncio.run(main())
try:
    requests.get("https://example.org/")  # left
except requests.ConnectionError:
    pass
"""


def run(root: Path, program: str, emulator: Emulator, **options: object) -> Observed:
    (root / "program.py").write_text(program)
    return observe([sys.executable, "program.py"], root, emulator, timeout=60, **options)  # type: ignore[arg-type]


def lines_of(program: str, mark: str) -> list[int]:
    return [
        number for number, line in enumerate(program.splitlines(), 1) if line.endswith(f"# {mark}")
    ]


# -- places ----------------------------------------------------------------------------------------


def test_each_request_has_its_place_and_none_leaves(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("OWN = True\n")
    path = os.pathsep.join([str(own), *filter(None, [os.environ.get("PYTHONPATH")])])
    with pytest.MonkeyPatch.context() as patch, Emulator(BAILIAN) as emulator:
        patch.setenv("PYTHONPATH", path)
        patch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        found = run(tmp_path, PLACES, emulator)
    assert found.exit_code == 0
    assert all(one.status == 200 for one in found.exchanges)
    for function in ("ask", "stream", "later", "elsewhere", "written_out"):
        seen = [
            one.site.line for one in found.exchanges if one.site and one.site.function == function
        ]
        assert seen == lines_of(PLACES, function)
    (line,) = lines_of(PLACES, "outside")
    site = CallSite("program.py", line, "stays")
    assert found.outside == (Outside("api.openai.com", site, "openai", True),)


@pytest.mark.skipif("bailian" not in own_sdks(), reason="python -m tests.sdk.install")
def test_requests_without_the_openai_package_are_seen_too(tmp_path: Path) -> None:
    path = os.pathsep.join(paths_of("bailian"))
    with (
        pytest.MonkeyPatch.context() as patch,
        Emulator(BAILIAN.beside_its_sdk()) as emulator,
    ):
        patch.setenv("PYTHONPATH", path)
        found = run(tmp_path, OTHERS, emulator, refuse_all=True)
    assert found.exit_code == 0
    assert [(one.status, one.site.line if one.site else 0) for one in found.exchanges] == [
        (200, line) for line in lines_of(OTHERS, "site")
    ]
    first, second = (CallSite("program.py", line) for line in lines_of(OTHERS, "left"))
    assert [(one.host, one.by, one.refused, str(one.site)) for one in found.outside] == [
        ("example.com", "aiohttp", True, str(first)),
        ("example.org", "requests", True, str(second)),
    ]


# -- refusals --------------------------------------------------------------------------------------


def test_every_class_of_refusal_is_reported_with_its_place(tmp_path: Path) -> None:
    """One program breaks every rule of the profile, each in a line of its own."""
    post = "    client.post({path!r}, body={body!r}, cast_to=object)  # {rule}"
    lines = [
        CLIENT,
        "import contextlib",
        "OPENAIS = os.environ['OPENAI_API_KEY']",
        "root = URL.removesuffix('/compatible-mode/v1')",
    ]
    calls = [(rule, path, wrong) for rule, path, wrong, _ in CASES]
    calls += [("endpoint", "/moderations", {"input": "a"}), ("foreign-key", "/models", {})]
    for rule, path, wrong in calls:
        lines.append("with contextlib.suppress(openai.APIStatusError):")
        line = post.format(path=path, body=wrong, rule=rule)
        if path.startswith("/api/"):
            line = line.replace(repr(path), f"root + {path!r}")
        if rule == "foreign-key":
            line = line.replace("client.", "client.with_options(api_key=OPENAIS).")
        lines.append(line)
    program = "\n".join(lines)
    with Emulator(BAILIAN) as emulator:
        found = run(tmp_path, program, emulator)
    assert found.exit_code == 0
    written = program.splitlines()
    told = [
        (one.refusal.rule, one.site.line) for one in found.exchanges if one.refusal and one.site
    ]
    assert told == [
        (line.rpartition("# ")[2], number)
        for number, line in enumerate(written, 1)
        if line.startswith("    client")
    ]
    assert {rule for rule, _ in told} == set(BAILIAN.rules)
    for exchange in found.exchanges:
        assert exchange.refusal is not None
        assert exchange.refusal.message
        assert all(one.url and one.as_of for one in exchange.refusal.sources)
        assert exchange.refusal.sources, exchange.refusal.rule


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator(BAILIAN).__enter__()


def python(program: str, emulator: Emulator, **options: object) -> Observed:
    return observe([sys.executable, "-c", program], Path.cwd(), emulator, **options)  # type: ignore[arg-type]


def test_the_exit_code_is_a_shells(emulator: Emulator) -> None:
    assert python("raise SystemExit(7)", emulator).exit_code == 7
    assert python("import os; os.kill(os.getpid(), 9)", emulator).exit_code == 137


def test_what_takes_too_long_is_ended_with_all_of_it(emulator: Emulator, tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(started)!r}, 'w').write(str(child.pid)); time.sleep(60)"
    )
    found = python(program, emulator, timeout=1.0)
    assert found.timed_out
    assert found.exit_code == TIMED_OUT
    child = int(started.read_text())
    for _ in range(50):
        status = Path(f"/proc/{child}/status")
        if not status.exists() or "zombie" in status.read_text():
            return
        time.sleep(0.05)
    raise AssertionError("its child goes on")


def test_signals_are_passed_on(emulator: Emulator) -> None:
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM)).start()
    program = (
        "import signal, sys, time;"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); time.sleep(30)"
    )
    assert python(program, emulator).exit_code == 5


def test_a_command_that_is_not_there_is_told_in_one_line(emulator: Emulator) -> None:
    with pytest.raises(CommandError, match="no-such-command: No such file"):
        observe(["no-such-command"], Path.cwd(), emulator)


def test_the_environment_is_the_callers_last(emulator: Emulator) -> None:
    program = "import os, sys; sys.exit(os.environ['OPENAI_API_KEY'] != 'own')"
    assert python(program, emulator, environment={"OPENAI_API_KEY": "own"}).exit_code == 0


# -- the header ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "site"),
    [
        ("app/llm.py%3A12%3AAsker.ask", CallSite("app/llm.py", 12, "Asker.ask")),
        ("a%3Ab.py%3A1%3A%3Cmodule%3E", CallSite("a:b.py", 1, "<module>")),
        ("%1B%5B31mred%3A1%3Aa", CallSite("\N{REPLACEMENT CHARACTER}[31mred", 1, "a")),
        ("", None),
        ("llm.py", None),
        ("llm.py%3Atwelve%3Aask", None),
        ("%3A1%3Aask", None),
        ("x" * 100_000, None),
    ],
)
def test_a_header_tells_a_place_or_nothing(value: str, site: CallSite | None) -> None:
    assert read_site(value) == site


def test_the_witness_needs_no_more_than_the_oldest_python_has() -> None:
    for file in WITNESS.rglob("*.py"):
        ast.parse(file.read_text("utf-8"), feature_version=(3, 8))
