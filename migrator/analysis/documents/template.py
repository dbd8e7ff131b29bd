"""Templates that programs are written from: the code in them that uses OpenAI."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis import surface
from migrator.analysis.documents.findings import Finding
from migrator.analysis.sites import Certainty, Kind

CODE = "code"


def findings(text: str) -> Iterator[Finding]:
    """Every import of openai. What a template makes of its code is not known."""
    for match in surface.OPENAI_IMPORT.finditer(text):
        bounds = match.span()
        name = surface.PACKAGE
        yield Finding(Kind.CONFIG, CODE, name, name, match[0], bounds, certainty=Certainty.LIKELY)
