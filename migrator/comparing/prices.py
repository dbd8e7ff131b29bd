"""What OpenAI asks for its models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrator.decisions import Source
from migrator.knowledge.files import knowledge
from migrator.knowledge.prose import each_language
from migrator.providers import Price

_DATE = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{4})$")


@dataclass(frozen=True, slots=True)
class ListPrice:
    """Dollars for a million tokens, in and out."""

    price: Price
    sources: tuple[Source, ...]


@each_language
def openai_price(model: str) -> ListPrice | None:
    """The price of a model of OpenAI's; of a snapshot without one, its model's. None: not known."""
    return _prices().get(model) or _prices().get(_DATE.sub("", model))


@each_language
def _prices() -> Mapping[str, ListPrice]:
    data = knowledge("prices.yaml")
    titles = {one["id"]: one for one in data["sources"]}
    return {
        model: ListPrice(
            (row["price_usd"][0], row["price_usd"][1]),
            tuple(
                Source(titles[name]["url"], titles[name]["title"], row["as_of"])
                for name in row["src"]
            ),
        )
        for row in data["openai"]
        for model in row["models"]
    }
