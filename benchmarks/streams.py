"""Hold many streams of the emulator open at once, and count what went wrong.

python -m benchmarks.streams [--streams N] [--rounds N] [--slow SECONDS]

The emulator runs as a user starts it, in a process of its own. Each client is a connection that is
kept and asks for one stream a round; a stream is whole if its last event came and the connection
went on. At the end as many streams are broken off by stopping the emulator.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from threading import Thread
from urllib.parse import urlsplit

_END = b"data: [DONE]\n\n"
_WORDS = "This is an answer of some length, whose words come one after another, each in an event."
_LIMIT = 120.0

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Round:
    """What one round of streams took, in seconds, and what went wrong."""

    wall: float = 0.0
    first: list[float] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    errors: list[str] = field(default_factory=list)


def _request(url: str, key: str) -> bytes:
    parts = urlsplit(url)
    message = {"role": "user", "content": "Hello"}
    body = json.dumps({"model": "qwen-plus", "messages": [message], "stream": True}).encode()
    head = (
        f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connect(url: str, count: int) -> list[Client]:
    parts = urlsplit(url)
    waiting = (asyncio.open_connection(parts.hostname, parts.port) for _ in range(count))
    return await asyncio.gather(*waiting)


async def _stream(client: Client, request: bytes, seen: Round) -> None:
    """One stream from its request to its last chunk."""
    reader, writer = client
    begun = time.perf_counter()
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.partition(b"\r\n")[0]:
            raise ValueError(head.decode())
        seen.open += 1
        seen.most_open = max(seen.most_open, seen.open)
        last, first = b"", True
        while size := int(await reader.readline(), 16):
            last = (await reader.readexactly(size + 2))[:-2]
            if first:
                seen.first.append(time.perf_counter() - begun)
                first = False
        await reader.readline()
        seen.open -= 1
        if last != _END:
            raise ValueError("the stream has no end")
    except (OSError, ValueError, EOFError) as error:
        seen.errors.append(f"{type(error).__name__}: {error}")


async def _run(url: str, key: str, streams: int, rounds: int) -> list[Round]:
    clients = await _connect(url, streams)
    request = _request(url, key)
    found = []
    for _ in range(rounds):
        seen, begun = Round(), time.perf_counter()
        work = asyncio.gather(*(_stream(client, request, seen) for client in clients))
        await asyncio.wait_for(work, _LIMIT)
        seen.wall = time.perf_counter() - begun
        found.append(seen)
    for _, writer in clients:
        writer.close()
    return found


async def _break_off(url: str, key: str, streams: int, emulator: subprocess.Popen[str]) -> float:
    """Stop the emulator while streams run. Gives how long it took to end."""
    cut, request = Round(), _request(url, key)
    clients = await _connect(url, streams)
    work = asyncio.gather(*(_stream(client, request, cut) for client in clients))
    while len(cut.first) < streams and not cut.errors:
        await asyncio.sleep(0.01)
    begun = time.perf_counter()
    emulator.send_signal(signal.SIGTERM)
    await asyncio.wait_for(work, _LIMIT)
    await asyncio.to_thread(emulator.wait, _LIMIT)
    return time.perf_counter() - begun


def main() -> int:
    """Start an emulator, run all rounds, stop it, print one table. Gives 1 for any error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streams", description=__doc__)
    parser.add_argument("--streams", type=int, default=200, help="at once (default: 200)")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument("--slow", default="0.05", help="seconds between events (default: 0.05)")
    given = parser.parse_args()
    command = [sys.executable, "-m", "migrator", "emulate", "--target", "bailian"]
    command += ["--format", "json", "--slow", given.slow, "--answers", _WORDS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
        try:
            return _measure(emulator, given.streams, given.rounds)
        finally:
            emulator.kill()


def _measure(emulator: subprocess.Popen[str], streams: int, rounds: int) -> int:
    assert emulator.stdout is not None
    told = json.loads(emulator.stdout.readline())["emulator"]
    url, key = told["base_url"], next(iter(told["environment"].values()))
    lines: list[str] = []
    reader = Thread(target=lambda: lines.extend(emulator.stdout or ()), daemon=True)
    reader.start()
    found = asyncio.run(_run(url, key, streams, rounds))
    ended = asyncio.run(_break_off(url, key, streams, emulator))
    reader.join(5)
    _print(found, ended, emulator.returncode, json.loads(lines[-1])["summary"]["requests"])
    return int(any(one.errors for one in found) or emulator.returncode != 0)


def _print(found: list[Round], ended: float, code: int, requests: int) -> None:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("| round | streams at once | first event, median | slowest | all whole | errors |")
    print("|---|---|---|---|---|---|")
    for number, one in enumerate(found, 1):
        begun = one.first or [0.0]
        first = f"{median(begun) * 1000:.0f} ms | {max(begun) * 1000:.0f} ms"
        print(f"| {number} | {one.most_open} | {first} | {one.wall:.2f} s | {len(one.errors)} |")
    memory = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"\n{requests} requests; the emulator took {used.ru_utime + used.ru_stime:.1f} s of CPU")
    print(f"and {memory:.0f} MB, and ended {ended:.2f} s after it was told to, with code {code}")
    for error in [error for one in found for error in one.errors][:5]:
        print(error)
    print(f"{os.cpu_count()} cores")


if __name__ == "__main__":
    sys.exit(main())
