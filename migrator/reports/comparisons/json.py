"""The JSON contract of a comparison (schema 1; see docs/compare.md)."""

from __future__ import annotations

from typing import Any

from migrator.comparing.comparison import Candidate, Comparison, Lost, ModelUse
from migrator.comparing.ranking import RULE
from migrator.decisions import Severity, Source
from migrator.providers import Offer, Region
from migrator.reports.json import document, source_data


def comparison_json(comparison: Comparison, *, paths: str = "") -> str:
    """The comparison as a JSON document, the candidates best first."""
    best = comparison.recommended
    return document(
        {
            "root": comparison.root,
            "files": comparison.files,
            "sites": comparison.sites,
            "rule": RULE,
            "recommendation": best
            and {
                "target": best.target,
                "supplements": dict(best.supplements),
                "reason": comparison.reason,
                "command": f"migrate apply{paths} {best.options}",
            },
            "candidates": [_candidate(one) for one in comparison.candidates],
        }
    )


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "target": one.target,
        "supplements": dict(one.supplements),
        "name": {"en": one.name, "zh": one.name_zh},
        "as_of": one.as_of,
        "requests": {"all": one.requests, "moved": one.moved},
        "coverage": {
            "sites": one.coverage.sites,
            "converted": one.coverage.converted,
            "checklist": one.coverage.checklist,
            "left": one.coverage.left,
        },
        "checklist": {severity.value: one.items.get(severity, 0) for severity in Severity},
        "stays": [_lost(lost) for lost in one.lost],
        "models": [_model(use) for use in one.models],
        "regions": [_region(region, one.default_region) for region in one.regions],
        "offers": [_offer(offer) for offer in one.offers],
    }


def _lost(one: Lost) -> dict[str, Any]:
    return {
        "capability": one.capability,
        "requests": len(one.places),
        "reason": one.reason,
        "places": list(one.places),
    }


def _model(one: ModelUse) -> dict[str, Any]:
    known, own = one.model, one.openai_price
    return {
        "openai": one.openai,
        "openai_price_usd": list(own.price) if own is not None else None,
        "openai_price_sources": _sources(own.sources if own is not None else ()),
        "requests": one.requests,
        "provider": one.provider,
        "model": known.id if known is not None else None,
        "context": known.context if known is not None else None,
        "price_cny": list(known.price_cny) if known is not None and known.price_cny else None,
        "price_usd": list(known.price_usd) if known is not None and known.price_usd else None,
        "price_note": known.price_note if known is not None else "",
        "confidence": one.confidence,
        "why": one.why,
        "sources": _sources(known.sources if known is not None else ()),
    }


def _region(one: Region, default: str) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "url": one.url, "default": one.id == default}


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "what": one.what,
        "kind": one.kind,
        "detail": one.detail,
        "sources": _sources(one.sources),
    }


def _sources(sources: tuple[Source, ...]) -> list[dict[str, str]]:
    return [source_data(one) for one in sources]
