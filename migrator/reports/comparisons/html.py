"""A comparison as one HTML file that needs no other, for a screen of any width."""

from __future__ import annotations

from migrator.comparing.comparison import Comparison
from migrator.language import _
from migrator.reports.html.comparison import comparison_part
from migrator.reports.html.document import page
from migrator.reports.html.texts import text


def comparison_html(comparison: Comparison, *, paths: str = "") -> str:
    """The page: the recommendation, the table and a card for each candidate."""
    title = _("Where to move from OpenAI")
    parts = [("providers", _("Providers"), comparison_part(comparison, paths=paths))]
    return page(title, parts, head=f"<h1>{text(title)}</h1>")
