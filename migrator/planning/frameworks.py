"""What a person gives a framework's class so that it speaks to the provider."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import ClientFacts, Site
from migrator.decisions import ChecklistItem
from migrator.planning.context import Context
from migrator.planning.messages import item


def told(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem:
    """The item of a client that a framework's class makes."""
    known = surface.framework_class(facts.class_name)
    package = facts.class_name.split(".")[0]
    framework = package if known is None or " " in known.framework else known.framework
    why = f"{framework} sends its requests to OpenAI unless it is told another address"
    hint = _hint(context, known)
    return item("framework-client", site, why, framework=framework, hint=hint)


def _hint(context: Context, known: surface.FrameworkClass | None) -> str:
    address, variable = context.base_url, context.provider.key_variable
    if known is not None and known.role == "azure":
        other = known.name.replace("Azure", "", 1)
        named = f"`{other}`" if other.startswith("OpenAI") else f"`{other}` or its like"
        return f"Azure's class takes Azure's addresses alone; use {named}, with {plain(context)}"
    if known is None or not (known.base_url or known.client):
        return plain(context)
    if not known.base_url:
        made = f'OpenAI(base_url="{address}", api_key=os.environ["{variable}"])'
        return f"hand it a client of the provider's, `{known.client[0]}={made}`"
    parts = [f'`{known.base_url[0]}="{address}"`']
    if known.key:
        parts.append(f'`{known.key[0]}=os.environ["{variable}"]`')
    if known.model:
        parts.append(f"a model of the provider's for `{known.model[0]}`")
    return ", ".join(parts)


def plain(context: Context) -> str:
    """The provider's address and where its key is, in words."""
    return f"base URL `{context.base_url}`, key from `{context.provider.key_variable}`"
