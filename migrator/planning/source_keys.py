"""Keys that stand in the source, where everybody who reads it knows them."""

from __future__ import annotations

from migrator.analysis.sites import Site
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.facts import stands_for_key
from migrator.planning.messages import item

KNOWN = marked("a key in the source is known to everybody who reads it")


def tell(context: Context, site: Site, key: str, variable: str) -> None:
    """Note a key at a site, and the variable that is to hold one; not where a text asks for it."""
    if not stands_for_key(key):
        context.note(site.id, item("key-in-source", site, _(KNOWN), key=variable))
