"""What all renderings of a comparison say, in words and in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from migrator.comparing.comparison import Candidate, Comparison, Lost, ModelUse
from migrator.comparing.ranking import RULE
from migrator.decisions import Severity
from migrator.language import _, apart, counted, few, listed, marked
from migrator.reports.redaction import redact
from migrator.reports.words import offer_name, price

HEADINGS = (
    marked("provider"),
    marked("requests"),
    marked("sites"),
    marked("blockers"),
    marked("behaviour"),
    marked("review"),
    marked("setup"),
)
TITLE = marked("Where to move from OpenAI")
PLACES_SHOWN = 4
REGIONS_SHOWN = 3
NOTHING = marked("No use of OpenAI was found.")
PRICES = marked(
    "Prices are list prices for a million tokens, in and out, as of the date of their source."
)


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
        Detail(_("models"), tuple(_models(candidate))),
        Detail(
            _("stays"), tuple(_stay_in_brief(candidate) if brief else map(stays, candidate.lost))
        ),
        Detail(_("regions"), (_regions(candidate, REGIONS_SHOWN if brief else None),)),
        Detail(_("offers"), (_offers_in_brief(candidate),) if brief else tuple(_offers(candidate))),
        Detail(_("as of"), (candidate.as_of,)),
    )
    return [Detail(one.heading, tuple(map(redact, one.lines))) for one in found if any(one.lines)]


def verdict(comparison: Comparison) -> list[str]:
    """The recommendation with its reason, and the rule."""
    best = comparison.recommended
    if best is None:
        nothing = _("Nothing would move: no provider is better.")
        return [_(NOTHING) if not comparison.sites else nothing]
    return [
        _("Recommended: {label} ({reason})", label=best.label, reason=comparison.reason),
        _("The rule: {rule}.", rule=_(RULE)),
    ]


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


def _stay_in_brief(candidate: Candidate) -> Iterable[str]:
    """`assistants: 35 requests, at app.py:3, app.py:9 and 33 more`, a line for each capability."""
    for name, alike in groupby(candidate.lost, key=lambda lost: lost.capability):
        every = list(alike)
        if len(every) == 1:
            yield stays(every[0])
        else:
            places = [place for lost in every for place in lost.places]
            yield _(
                "{capability}: {requests}, at {places}",
                capability=name,
                requests=_requests(len(places)),
                places=_places(places),
            )


def stays(lost: Lost) -> str:
    """`embeddings: 2 requests (why), at app.py:3, app.py:9`."""
    return _(
        "{capability}: {requests} ({reason}), at {places}",
        capability=lost.capability,
        requests=_requests(len(lost.places)),
        reason=lost.reason,
        places=_places(lost.places),
    )


def _places(places: Sequence[str]) -> str:
    return few(places, PLACES_SHOWN)


def _requests(number: int) -> str:
    return counted("{number:,} request", "{number:,} requests", number)


def _models(candidate: Candidate) -> Iterable[str]:
    by_name: dict[str, list[ModelUse]] = {}
    for use in candidate.models:
        by_name.setdefault(use.openai, []).append(use)
    for alike in by_name.values():
        becomes = apart(_becomes(use, alike) for use in alike)
        yield f"{_openai(alike[0])} → {becomes}"


def _openai(use: ModelUse) -> str:
    dollars = price(use.openai_price.price, "$") if use.openai_price is not None else ""
    return f"{use.openai} ({dollars})" if dollars else use.openai


def _becomes(use: ModelUse, alike: Sequence[ModelUse]) -> str:
    if use.model is None:
        return _("stays on OpenAI")
    parts = [
        _("{tokens} context", tokens=tokens(use.model.context)) if use.model.context else "",
        price(use.model.price_cny, "¥"),
        price(use.model.price_usd, "$"),
        use.model.price_note,
    ]
    told = listed(filter(None, parts))
    said = use.model.id
    if len(alike) > 1:
        said = _("{model} for {requests}", model=said, requests=_requests(use.requests))
    return _("{told} ({details})", told=said, details=told) if told else said


def tokens(number: int) -> str:
    """`1M`, `128k`: how many tokens fit."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:.3g}M"
    return f"{number / 1000:.0f}k" if number >= 1000 else str(number)


def _regions(candidate: Candidate, shown: int | None) -> str:
    own = candidate.default_region
    others = [one.id for one in candidate.regions if one.id != own]
    more = len(others) - len(others[:shown])
    told = listed([_("{region} (default)", region=own), *others[:shown]])
    if not more:
        return told
    return _(
        "{shown} and {more} more (migrate providers {provider})",
        shown=told,
        more=more,
        provider=candidate.target,
    )


def _offers_in_brief(candidate: Candidate) -> str:
    return apart(
        _("{told} ({details})", told=one.what, details=offer_name(one.kind))
        for one in candidate.offers
    )


def _offers(candidate: Candidate) -> Iterable[str]:
    for one in candidate.offers:
        told = listed(filter(None, (one.what, one.detail)))
        dates = sorted({source.as_of for source in one.sources if source.as_of})
        if dates:
            told = _("{told} ({details})", told=told, details=dates[-1])
        yield _("{kind}: {told}", kind=offer_name(one.kind), told=told)
