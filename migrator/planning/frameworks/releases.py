"""What the releases of a framework that a program asks for have to do with how it is pointed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from migrator.analysis.sites import ClientFacts, Site
from migrator.decisions import ChecklistItem
from migrator.language import _, listed
from migrator.planning.context import Context
from migrator.planning.dependencies import installed, need
from migrator.planning.dependencies.demands import Wanted
from migrator.planning.frameworks import recipe_for
from migrator.planning.frameworks.recipes import Recipe, stays
from migrator.planning.messages import item

_VERSIONS = "versions"


def unfit(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem | None:
    """The item of an object that its framework cannot point in any release that is asked for."""
    known = recipe_for(context, facts.class_name)
    for one in installed.unfit(context, site.path, known.versions) if known is not None else ():
        assert known is not None
        hint = stays(facts.class_name) or _raise_it(known.versions)
        why = _(
            "how `{name}` is pointed is known of {text}",
            name=known.known.name,
            text=_text(known.versions),
        )
        return _item("framework-release", site, known, one, why, hint)
    return None


def settle(context: Context, site: Site, known: Recipe, rows: Iterable[Mapping[str, Any]]) -> None:
    """Ask for releases that have what is written, and tell what those asked for lack.

    `rows` are the conditions of the recipe that hold.
    """
    _ask(context, site, known, known.versions)
    for row in rows:
        versions: Mapping[str, str] = row.get(_VERSIONS, {})
        _ask(context, site, known, versions)
        for one in installed.unfit(context, site.path, versions) if "otherwise" in row else ():
            hint = row.get("hint", _raise_it(versions))
            told = _item("framework-older", site, known, one, row["otherwise"], hint)
            context.note(site.id, told)


def _ask(context: Context, site: Site, known: Recipe, versions: Mapping[str, str]) -> None:
    for distribution, text in installed.reaching_below(context, site.path, versions):
        need(
            context,
            f"{distribution}{text}",
            beside=distribution,
            reason=_(
                "`{name}` is told what {distribution}{text} knows",
                name=known.known.name,
                distribution=distribution,
                text=text,
            ),
            site_ids=[site.id],
            sources=known.sources,
        )


def _item(
    code: str,
    site: Site,
    known: Recipe,
    asked: Wanted,
    why: str,
    hint: str,
) -> ChecklistItem:
    details = {
        "asked": asked.text,
        "place": f"{asked.path}:{asked.line}",
        "class": known.known.name,
        "hint": hint,
    }
    return item(code, site, why, known.sources, details)


def _raise_it(versions: Mapping[str, str]) -> str:
    return _("Ask for {text}, and migrate again", text=_text(versions))


def _text(versions: Mapping[str, str]) -> str:
    return listed(f"`{name}{text}`" for name, text in versions.items())
