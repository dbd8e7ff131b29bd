"""What has to be installed: the SDK beside the openai package, or in its place."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis.sites import ImportFacts, Kind, Site
from migrator.edits import ImportedNames
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.dependencies import need
from migrator.planning.sdk import exceptions, names

_OPENAI = "openai"


def decide(context: Context) -> None:
    """Ask for the SDK where programs go by it."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    need(
        context,
        sdk.requirement,
        beside=_OPENAI,
        reason=_("the code imports {package}", package=sdk.packages[0]),
        site_ids=sorted(context.sdk_clients),
        gone=not is_needed(context),
        told=True,
        sources=sdk.sources,
    )


def is_needed(context: Context) -> bool:
    """Whether anything is left that imports the openai package."""
    if exceptions.others(context):
        return True
    named = (Kind.EXCEPTION, Kind.TYPE_REF)
    if any(not context.edits.get(one.id) for kind in named for one in context.of_kind(kind)):
        return True
    return any(
        facts.module.partition(".")[0] == _OPENAI and not _is_ended(context, site, facts)
        for site, facts in context.with_facts(Kind.IMPORT, ImportFacts)
    )


def _is_ended(context: Context, site: Site, facts: ImportFacts) -> bool:
    """Whether nothing is left of an import: what it binds is not read, or comes from the SDK."""
    edits = (edit.instruction for edit in context.edits.get(site.id, ()))
    moved = {old for one in edits if isinstance(one, ImportedNames) for old, _ in one.names}
    left = tuple(one for one in facts.names if one[0].rpartition(".")[2] not in moved)
    return not left or names.is_ended(context, site, replace(facts, names=left))
