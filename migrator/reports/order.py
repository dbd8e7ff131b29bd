"""The order in which sites are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.analysis.sites import Site


def in_order(sites: Iterable[Site]) -> list[Site]:
    """Sites as a reader meets them."""
    return sorted(sites, key=lambda site: (site.path, site.span, site.kind.value, site.id))
