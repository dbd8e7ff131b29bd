"""Calls that are given no model of OpenAI's: at run time, Azure's deployments, other names."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, ClientFacts, Destination, Site
from migrator.language import _, listed
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.upgrade import settings_of
from migrator.planning.messages import item


def tell(call: Call) -> None:
    """Say what is asked for in the place of a model of OpenAI's."""
    names = [f"`{name}`" for name in call.facts.model_values if name and not _is_model(call, name)]
    details = {"names": listed(names), "provider": call.provider.name}
    on_azure = _is_on_azure(call.context, call.site, call.facts)
    # Of several names in a value that is not known as a whole, any may be there for something else.
    if on_azure and names and (call.facts.model_known or len(names) == 1):
        why = _("on Azure, the model of a call is the name of a deployment, which somebody chose")
        told = item("azure-deployment-named", call.site, why, (), details)
        call.context.hinder(call.site.id, told)
    elif call.pairs and not (on_azure and names):
        return
    elif on_azure:
        why = _(
            "on Azure, the model of a call is the name of a deployment, and none is known for it"
        )
        call.context.hinder(call.site.id, item("azure-deployment", call.site, why))
    elif names and call.facts.model_known:
        why = _("neither OpenAI's models nor the provider's are called so")
        call.context.note(call.site.id, item("model-unknown", call.site, why, (), details))
    else:
        why = _("no name of a model was found that reaches it")
        call.say("model-at-run-time", why, provider=call.provider.name)


def _is_model(call: Call, name: str) -> bool:
    known = surface.match_model(name, in_model_position=True)
    return known is not None or call.provider.model(name) is not None


def _is_on_azure(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call is sent to Azure until it moves."""
    before = context.upgrade.before.get(site.id)
    if before is not None:
        reached = context.upgrade.reached.get(site.id, ())
        settings = (one.name for at, one in settings_of(context.upgrade) if at.id in reached)
        given = (one.name for one in before.arguments)
        return not (knowledge.azure() | {"deployment_id"}).isdisjoint({*settings, *given})
    clients = [client for one in facts.clients if (client := context.by_id.get(one)) is not None]
    # What the others are asked for is told at the call.
    return bool(clients) and all(
        isinstance(client.facts, ClientFacts)
        and (client.facts.azure or client.facts.destination is Destination.AZURE)
        for client in clients
    )
