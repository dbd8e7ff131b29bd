"""Providers that lack something, or ask for more, made of bailian's profile."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from migrator.providers import Provider, load_provider

Change = Callable[[dict[str, Any]], None]


def made(name: str, *changes: Change) -> Provider:
    """A profile of another id, after some changes."""
    data = copy.deepcopy(dict(load_provider("bailian").data))
    data |= {"id": name, "name": {"en": name.capitalize(), "zh": ""}, "aliases": []}
    data["key"] = {**data["key"], "variable": f"{name.upper()}_API_KEY"}
    data["base_url"] = {**data["base_url"], "variable": f"{name.upper()}_BASE_URL"}
    for change in changes:
        change(data)
    return Provider(f"{name}.yaml", data)


def without(api: str) -> Change:
    """Not serving an endpoint, and having no model for it."""

    def change(data: dict[str, Any]) -> None:
        for entry in data["endpoints"]:
            entry["apis"] = [one for one in entry["apis"] if not one.startswith(api)]
        data["endpoints"].append(
            {
                "apis": [api],
                "support": "no",
                "detail": "not served",
                "counterpart": "none",
                "remedy": "Keep the call on OpenAI",
                "src": [],
                "as_of": "2026-11",
            }
        )
        if api == "embeddings":
            for row in data["model_map"]:
                if any(name.startswith("text-embedding") for name in row["openai"]):
                    row |= {"here": None, "alternatives": []}

    return change


def at(url: str) -> Change:
    """Served at another address."""

    def change(data: dict[str, Any]) -> None:
        data["regions"] = [{**data["regions"][0], "id": "one", "url": url}]
        data["base_url"]["default_region"] = "one"

    return change


def costing(yuan: float) -> Change:
    """Every model at the same price."""

    def change(data: dict[str, Any]) -> None:
        for one in data["models"]:
            one["price_cny"] = [yuan, yuan]

    return change
