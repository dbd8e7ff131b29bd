"""What all renderings of a comparison say, in words and in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.comparing.comparison import Candidate, Comparison, Lost, ModelUse
from migrator.comparing.ranking import RULE
from migrator.decisions import Severity
from migrator.reports.redaction import redact
from migrator.reports.words import count, price

HEADINGS = ("provider", "requests", "sites", "blockers", "behaviour", "review", "setup")
PLACES_SHOWN = 4
REGIONS_SHOWN = 3
NOTHING = "No use of OpenAI was found."
PRICES = "Prices are list prices for a million tokens, in and out, as of the date of their source."


@dataclass(frozen=True, slots=True)
class Detail:
    """A heading and what stands under it, a line for each."""

    heading: str
    lines: tuple[str, ...]


def figures(candidate: Candidate) -> tuple[str, ...]:
    """A candidate's row of the table, in the order of the headings."""
    coverage = candidate.coverage
    return (
        candidate.label,
        f"{candidate.moved}/{candidate.requests}",
        f"{coverage.converted}/{coverage.sites}",
        *(str(candidate.items.get(severity, 0)) for severity in Severity),
    )


def details(candidate: Candidate, *, brief: bool = False) -> list[Detail]:
    """What is to be said of a candidate beside its figures; what has nothing to say is left out.

    In brief only the names are told of regions and offers, and of many only some.
    """
    found = (
        Detail("models", tuple(_models(candidate))),
        Detail("stays", tuple(map(stays, candidate.lost))),
        Detail("regions", (_regions(candidate, REGIONS_SHOWN if brief else None),)),
        Detail("offers", (_offers_in_brief(candidate),) if brief else tuple(_offers(candidate))),
        Detail("as of", (candidate.as_of,)),
    )
    return [Detail(one.heading, tuple(map(redact, one.lines))) for one in found if any(one.lines)]


def verdict(comparison: Comparison) -> list[str]:
    """The recommendation with its reason, and the rule."""
    best = comparison.recommended
    if best is None:
        return [NOTHING if not comparison.sites else "Nothing would move: no provider is better."]
    return [f"Recommended: {best.label} ({comparison.reason})", f"The rule: {RULE}."]


def next_step(comparison: Comparison, paths: str) -> str:
    """The command that takes the recommended way, "" where there is none."""
    best = comparison.recommended
    return f"migrate apply{paths} {best.options}" if best is not None else ""


def sources(comparison: Comparison) -> tuple[str, ...]:
    """Where the prices of OpenAI's models are from."""
    found = {
        f"{source.title}, {source.as_of}": None
        for one in comparison.candidates
        for use in one.models
        if use.openai_price is not None
        for source in use.openai_price.sources
    }
    return tuple(found)


def stays(lost: Lost) -> str:
    """`embeddings: 2 requests (why), at app.py:3, app.py:9`."""
    shown = ", ".join(lost.places[:PLACES_SHOWN])
    more = len(lost.places) - PLACES_SHOWN
    rest = f" and {more} more" if more > 0 else ""
    requests = count(len(lost.places), "request")
    return f"{lost.capability}: {requests} ({lost.reason}), at {shown}{rest}"


def _models(candidate: Candidate) -> Iterable[str]:
    by_name: dict[str, list[ModelUse]] = {}
    for use in candidate.models:
        by_name.setdefault(use.openai, []).append(use)
    for alike in by_name.values():
        yield f"{_openai(alike[0])} → {'; '.join(_becomes(use, alike) for use in alike)}"


def _openai(use: ModelUse) -> str:
    dollars = price(use.openai_price.price, "$") if use.openai_price is not None else ""
    return f"{use.openai} ({dollars})" if dollars else use.openai


def _becomes(use: ModelUse, alike: Sequence[ModelUse]) -> str:
    if use.model is None:
        return "stays on OpenAI"
    parts = [
        f"{tokens(use.model.context)} context" if use.model.context else "",
        price(use.model.price_cny, "¥"),
        price(use.model.price_usd, "$"),
        use.model.price_note,
    ]
    told = ", ".join(filter(None, parts))
    some = f" for {count(use.requests, 'request')}" if len(alike) > 1 else ""
    return f"{use.model.id}{some}" + (f" ({told})" if told else "")


def tokens(number: int) -> str:
    """`1M`, `128k`: how many tokens fit."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:.3g}M"
    return f"{number / 1000:.0f}k" if number >= 1000 else str(number)


def _regions(candidate: Candidate, shown: int | None) -> str:
    own = candidate.default_region
    others = [one.id for one in candidate.regions if one.id != own]
    more = len(others) - len(others[:shown])
    rest = f" and {more} more (migrate providers {candidate.target})" if more else ""
    return ", ".join([f"{own} (default)", *others[:shown]]) + rest


def _offers_in_brief(candidate: Candidate) -> str:
    return "; ".join(f"{one.what} ({one.kind})" for one in candidate.offers)


def _offers(candidate: Candidate) -> Iterable[str]:
    for one in candidate.offers:
        detail = f", {one.detail}" if one.detail else ""
        dates = sorted({source.as_of for source in one.sources if source.as_of})
        date = f" ({dates[-1]})" if dates else ""
        yield f"{one.kind}: {one.what}{detail}{date}"
