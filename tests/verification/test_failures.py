"""Failures that are asked for: which requests fail is decided by the seed, how by the profile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import openai
import pytest

from migrator.providers import load_provider, provider_ids
from migrator.verification.emulator import Emulator
from migrator.verification.failures import (
    LINE,
    FailureError,
    Failures,
    errors_by_kind,
    read_shares,
)

BAILIAN = load_provider("bailian")
ASKED = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}]}


def drawn(seed: int, shares: dict[str, float], count: int = 200) -> list[str]:
    failures = Failures(BAILIAN, shares, seed)
    draws = [failures.draw() for _ in range(count)]
    return [draw.kind + draw.code if draw else "" for draw in draws]


def test_the_seed_decides_and_the_shares_are_kept() -> None:
    shares = {"rate-limit": 0.2, "timeout": 0.1}
    assert drawn(1, shares) == drawn(1, shares)
    assert drawn(1, shares) != drawn(2, shares)
    counts = Counter(one.partition("limit")[0] for one in drawn(0, shares, 2_000))
    assert counts["rate-"] == pytest.approx(400, rel=0.2)
    assert counts["timeout"] == pytest.approx(200, rel=0.2)
    assert set(drawn(0, {"rate-limit": 1.0})) == {
        "rate-limitlimit_requests",
        "rate-limitlimit_burst_rate",
        "rate-limitinsufficient_quota",
    }


@pytest.mark.parametrize("name", provider_ids())
def test_every_profile_knows_how_it_limits_rates(name: str) -> None:
    provider = load_provider(name)
    known = errors_by_kind(provider)
    assert "rate-limit" in known
    for kind, errors in known.items():
        failure = Failures(provider, {kind: 1.0}).draw()
        assert failure is not None
        assert failure.error in errors
        stated = any(one.known_codes for one in errors)
        assert bool(failure.code) is stated
        assert Failures(provider, {kind: 1.0}).uncoded == ([] if stated else [kind])


@pytest.mark.parametrize(
    ("provider", "texts", "said"),
    [
        ("mimo", ["content-filter:0.1"], "mimo has no known failure content-filter; there are: "),
        ("bailian", ["flood:0.1"], "bailian has no known failure flood; there are: "),
        ("bailian", ["timeout:often"], "timeout:often: a failure is written KIND:SHARE"),
        ("bailian", ["timeout:0"], "above 0"),
        ("bailian", ["timeout:nan"], "above 0"),
        ("bailian", ["timeout:0.6", "quota:0.6"], "more than 1 together"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_line(
    provider: str, texts: list[str], said: str
) -> None:
    with pytest.raises(FailureError, match=said) as caught:
        Failures(load_provider(provider), read_shares(texts))
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


@contextmanager
def failing(kind: str, **options: float) -> Iterator[tuple[Emulator, openai.OpenAI]]:
    """An emulator all of whose requests fail in one way, and a client that asks it once."""
    shares = {kind: 1.0}
    with (
        Emulator(BAILIAN, failures=Failures(BAILIAN, shares, seed=4), **options) as emulator,
        openai.OpenAI(
            api_key=emulator.key, base_url=emulator.base_url, max_retries=0, timeout=0.5
        ) as client,
    ):
        yield emulator, client


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [
        ("rate-limit", openai.RateLimitError, 429),
        ("content-filter", openai.BadRequestError, 400),
        ("server-error", openai.InternalServerError, 500),
        ("timeout", openai.APITimeoutError, 0),
        ("connection-drop", openai.APIConnectionError, 0),
    ],
)
def test_a_failure_is_what_the_sdk_makes_of_it(
    kind: str, error: type[Exception], status: int
) -> None:
    with failing(kind) as (emulator, client):
        with pytest.raises(error):
            client.chat.completions.create(**ASKED)
        (exchange,) = emulator.requests
        assert (exchange.injected, exchange.status // 100) == (kind, status // 100)
        assert emulator.refused == []


def test_streams_break_off_in_the_middle() -> None:
    with failing("connection-drop") as (emulator, client):
        pieces: list[object] = []
        while not pieces:  # some break off before the first event
            with pytest.raises((openai.APIConnectionError, openai.APIError)):
                pieces.extend(client.chat.completions.create(**ASKED, stream=True))
        assert 1 <= len(pieces) <= 3
        assert emulator.requests[-1].status == 200


def test_slow_streams_wait_before_each_event() -> None:
    with (
        Emulator(BAILIAN, pause=0.02) as emulator,
        openai.OpenAI(api_key=emulator.key, base_url=emulator.base_url) as client,
    ):
        begun = time.monotonic()
        events = list(client.chat.completions.create(**ASKED, stream=True))
        assert time.monotonic() - begun >= 0.02 * len(events)


def test_the_end_breaks_off_what_is_open() -> None:
    emulator = Emulator(BAILIAN, pause=30)
    with (
        emulator,
        openai.OpenAI(
            api_key=emulator.key, base_url=emulator.base_url, max_retries=0, timeout=20
        ) as client,
    ):
        stream = client.chat.completions.create(**ASKED, stream=True)
        begun = time.monotonic()
        emulator.__exit__(None, None, None)
        assert time.monotonic() - begun < 5
        with pytest.raises((openai.APIConnectionError, openai.APIError)):
            list(stream)


def test_nothing_of_the_line_is_a_fact_of_a_provider() -> None:
    assert not any(set(LINE) & set(errors_by_kind(load_provider(name))) for name in provider_ids())
