"""The packages that bring what the objects of frameworks become."""

from __future__ import annotations

from migrator.analysis.sites import Kind
from migrator.knowledge.files import knowledge
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.dependencies import need
from migrator.planning.dependencies.files import normalised
from migrator.planning.frameworks.recipes import Recipe

_BESIDE = "{beside}"  # in a requirement: the package that brings what stands there now


def say(context: Context, known: Recipe, site_id: str) -> None:
    """Say that a package is needed, where what an object becomes is in one of its own."""
    requirement, made = known.text("package"), known.becomes or ""
    if not requirement:
        return
    beside = _beside(context, known)
    need(
        context,
        requirement.replace(_BESIDE, beside),
        beside=beside,
        reason=_("the code imports {package}", package=made.rpartition(".")[0] or requirement),
        site_ids=[site_id],
        sources=known.sources,
    )


def _beside(context: Context, known: Recipe) -> str:
    """The package that brings what stands there now: one that is asked for, if it can be told."""
    asked = {normalised(site.detail) for site in context.of_kind(Kind.DEP)}
    module = known.known.path.replace("_", "-").replace(".", "-")
    every = (
        name
        for framework in knowledge("frameworks.yaml")["frameworks"]
        if framework["name"] == known.known.framework
        for names in framework["packages"].values()
        for name in names
    )
    fitting = sorted((one for one in every if module.startswith(one)), key=len, reverse=True)
    return next((one for one in fitting if normalised(one) in asked), fitting[0] if fitting else "")
