"""Snapshots of the provider pages; `UPDATE_GOLDEN=1 python -m pytest tests/reports` renews them."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from rich.console import Console

from migrator.providers import Provider, load_provider, provider_ids
from migrator.reports.provider_pages import pages
from migrator.reports.providers import print_provider, print_providers

from .golden import assert_golden

DATA: dict[str, Any] = {
    "id": "example",
    "name": {"en": "Example Cloud", "zh": "示例云"},
    "aliases": ["demo"],
    "compiled": "2026-11-23",
    "key": {"variable": "EXAMPLE_API_KEY", "get_it_at": "https://console.example.com"},
    "base_url": {"variable": "EXAMPLE_BASE_URL", "default_region": "north"},
    "sources": [
        {
            "id": "chat",
            "url": "https://docs.example.com/chat",
            "title": "Chat reference",
            "as_of": "2026-09",
        },
        {"id": "models", "url": "https://docs.example.com/models", "as_of": "2026-11"},
    ],
    "regions": [
        {
            "id": "north",
            "name": "the north",
            "url": "https://north.example.com/v1",
            "detail": "Its own keys.",
            "src": ["chat"],
        },
        {"id": "south", "name": "the south", "url": "https://{Id}.south.example.com/v1"},
    ],
    "endpoints": [
        {"apis": ["chat.completions", "beta.chat.completions"], "support": "yes", "src": ["chat"]},
        {
            "apis": ["images.edit"],
            "support": "no",
            "detail": "Nothing is documented.",
            "counterpart": "the native call",
        },
        {"apis": [], "support": "yes", "detail": "rerank"},
    ],
    "chat_parameters": {
        "n": {"verdict": "partial", "detail": "Up to 4 with some of the models. " * 4},
        "temperature": {
            "verdict": "clamped",
            "action": "clamp",
            "minimum": 0,
            "maximum": 2,
            "open_maximum": True,
            "detail": "Exactly 2 is refused.",
            "src": ["chat", "models"],
        },
        "functions": {"verdict": "renamed", "action": "rename", "name_there": "tools"},
        "logit_bias": {"verdict": "unknown", "action": "drop", "src": [], "as_of": "2026-05"},
    },
    "roles": {"developer": {"verdict": "rejected", "action": "rename", "name_there": "system"}},
    "content": {},
    "embeddings_parameters": {"dimensions": {"verdict": "partial", "src": ["models"]}},
    "json_schema_models": {"ids": []},
    "quirks": [],
    "models": [
        {
            "id": "big-max",
            "snapshots": ["big-max-2026-01-01"],
            "kind": "chat",
            "context": 1_000_000,
            "vision": True,
            "video": "unknown",
            "audio_in": False,
            "tools": True,
            "json_object": True,
            "json_schema": False,
            "thinking": "hybrid",
            "thinking_default": True,
            "stream_only": True,
            "status": "current",
            "src": ["models"],
        },
        {
            "id": "embed",
            "kind": "embedding",
            "context": 8_192,
            **dict.fromkeys(
                ("vision", "video", "audio_in", "tools", "json_object", "json_schema"), False
            ),
            "dimensions": [1024, 512],
            "default_dimension": 1024,
            "max_batch": 10,
            "status": "retiring",
        },
    ],
}

PAGES = Path(__file__).parents[2] / "docs" / "providers"
TODAY = date(2026, 11, 28)
EXAMPLE = Provider("example.yaml", DATA)


def show(provider: Provider, width: int, *, terminal: bool = False) -> str:
    stream = io.StringIO(newline="")
    colours: Literal["standard"] | None = "standard" if terminal else None
    console = Console(file=stream, width=width, force_terminal=terminal, color_system=colours)
    print_provider(provider, console, today=TODAY)
    return stream.getvalue()


def test_a_provider() -> None:
    assert_golden("provider.txt", show(EXAMPLE, 80))


def test_a_provider_on_a_terminal() -> None:
    assert_golden("provider.ansi", show(EXAMPLE, 100, terminal=True))


def test_the_providers() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=False)
    print_providers([EXAMPLE], console, today=TODAY, next_step="migrate providers example")
    assert_golden("providers.txt", stream.getvalue())


def test_the_pages_are_what_the_profiles_say() -> None:
    """Write them anew with `python -m migrator.pages docs`."""
    written = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    assert {name: text for name, text in written.items() if not name.endswith(".zh.md")} == pages()


def test_every_source_is_listed_once_and_every_number_leads_to_one() -> None:
    text = show(EXAMPLE, 120)
    listed = text.partition("Sources\n")[2]
    assert "[1] Chat reference, 2026-09 https://docs.example.com/chat\n" in listed
    assert "[2] https://docs.example.com/models, 2026-11\n" in listed
    assert set(re.findall(r"\[\d+\]", text)) == {"[1]", "[2]"}


def test_every_profile_is_shown_whole_and_fits_80_columns() -> None:
    for name in provider_ids():
        provider = load_provider(name)
        tables, _, sources = show(provider, 80).partition("\nSources\n")
        assert max(map(len, tables.split("\n"))) <= 80
        whole = re.sub(r"\s+", "", tables)
        for said in [
            *(model.id for model in provider.models()),
            *(region.url for region in provider.regions),
            *provider.parameter_names("chat_parameters"),
        ]:
            assert said in whole
        for model in provider.models():
            for source in model.sources:
                assert source.url in sources
