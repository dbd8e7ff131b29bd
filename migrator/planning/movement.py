"""What moves: a client and all the calls it serves go together, or stay together."""

from __future__ import annotations

from collections import defaultdict

from migrator.analysis.sites import CallFacts, Certainty, ClientFacts, Destination, Site
from migrator.decisions import ChecklistItem
from migrator.planning.context import NOTEBOOK, Context
from migrator.planning.messages import item

CHAT = frozenset(
    f"{prefix}chat.completions.{method}"
    for prefix in ("", "beta.")
    for method in ("create", "parse", "stream")
)
EMBEDDINGS = frozenset({"embeddings.create"})
# Endpoints that the provider serves in part and whose conditions are checked call by call.
_CONDITIONAL = ("files.", "batches.", "models.list", "models.retrieve")
_MODULE = "the openai module"


def decide(context: Context) -> None:
    """Fill in which clients and calls move, and what hinders the others."""
    for site, facts in context.calls():
        found = _hindrance(context, site, facts)
        if found is not None:
            context.hindrances[site.id] = [found]
    fixed = _fixed_clients(context)
    members = _members(context)
    stuck = _stuck(context, members, fixed)
    for site, facts in context.calls():
        if site.id in context.hindrances:
            continue
        owners = _owners(context, facts)
        if not owners:
            context.hindrances[site.id] = [_untraced(context, site)]
        elif any(owner in stuck for owner in owners):
            context.hindrances[site.id] = [_shared(context, site, facts, members)]
        else:
            context.moved_calls.add(site.id)
    for site, _ in context.clients():
        if site.id not in stuck and site.id not in fixed:
            context.moved_clients.add(site.id)
        elif site.id not in fixed:
            context.hindrances[site.id] = [_shared(context, site, None, members)]


def _hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call cannot be served by the provider, whatever its client."""
    if facts.legacy:
        why = "openai 1.0 and later refuse this call, and the provider's examples use 1.x clients"
        return item("legacy-sdk", site, why)
    if facts.framework:
        return framework_item(context, site, facts.framework)
    if site.certainty is Certainty.LIKELY:
        return item("call-untraced", site, "the object it is called on could not be traced")
    if facts.api in CHAT or facts.api in EMBEDDINGS:
        return None
    endpoint = context.provider.endpoint(facts.api)
    if facts.api.startswith(_CONDITIONAL) and endpoint.support in {"yes", "partial"}:
        return _conditional(context, site, facts)
    code = "endpoint-unproven" if endpoint.support == "partial" else "endpoint-missing"
    if facts.api.startswith(("responses.", "beta.responses.")):
        code = "responses-api"
    return item(
        code,
        site,
        endpoint.detail or "no source says that the provider serves it",
        endpoint.sources,
        api=facts.api,
        provider=context.provider.name,
        counterpart=endpoint.counterpart or "nothing that is documented",
    )


def _conditional(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Files move for the purposes the provider has; the rest of these endpoints move as they are."""
    if facts.api != "files.create":
        return None
    purpose = facts.argument("purpose")
    if purpose is not None and purpose.value in ("batch", "file-extract"):
        return None
    endpoint = context.provider.endpoint(facts.api)
    return item(
        "endpoint-unproven",
        site,
        endpoint.detail,
        endpoint.sources,
        api=facts.api,
        provider=context.provider.name,
        counterpart=endpoint.counterpart,
    )


def framework_item(context: Context, site: Site, framework: str) -> ChecklistItem:
    """The checklist item of anything that a framework does for OpenAI."""
    hint = f"base URL `{context.base_url}`, key from `{context.provider.key_variable}`"
    why = f"{framework} sends its requests to OpenAI unless it is told another address"
    return item("framework-client", site, why, framework=framework, hint=hint)


def _fixed_clients(context: Context) -> set[str]:
    """Clients that are not redirected whatever they serve: unproven ones, frameworks' ones."""
    fixed = set()
    for site, facts in context.clients():
        why = _why_fixed(context, site, facts)
        if why is not None:
            context.hindrances[site.id] = [why]
            fixed.add(site.id)
    return fixed


def _why_fixed(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem | None:
    if facts.form == "framework":
        framework = facts.class_name.split(".")[0]
        return framework_item(context, site, framework)
    if site.path.endswith(NOTEBOOK):
        why = "the program of a notebook is kept in JSON with its outputs"
        what = f"point the client at {context.base_url} with the key from {context.key_variable}"
        return item("notebook-cell", site, why, what=what)
    if facts.destination is Destination.UNKNOWN or site.certainty is Certainty.LIKELY:
        return item(
            "base-url-unknown",
            site,
            "its base_url is only known at run time",
            base_url=context.base_url,
            key=context.key_variable,
        )
    known = {argument.name for argument in facts.arguments}
    if not facts.complete and not known & {"base_url", "azure_endpoint"}:
        return item("client-arguments-unknown", site, "they come in a mapping made at run time")
    return None


def _owners(context: Context, facts: CallFacts) -> tuple[str, ...]:
    """What a call depends on: its clients, the module's own client, or every client there is."""
    if facts.module_client:
        return (_MODULE,)
    if facts.clients:
        return facts.clients
    return tuple(
        site.id
        for site, one in context.clients()
        if one.form != "framework" and one.asynchronous == facts.asynchronous
    )


def _members(context: Context) -> dict[str, list[str]]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for site, facts in context.calls():
        for owner in _owners(context, facts):
            members[owner].append(site.id)
    return dict(members)


def _stuck(context: Context, members: dict[str, list[str]], fixed: set[str]) -> set[str]:
    """Clients that serve a call that cannot move, and those that share a call with such a client."""
    blocked = {
        call
        for call in context.hindrances
        if (facts := context.call(call)) is not None and not facts.framework
    }
    stuck = set(fixed)
    changed = True
    while changed:
        changed = False
        for owner, calls in members.items():
            if owner not in stuck and any(call in blocked for call in calls):
                stuck.add(owner)
                changed = True
            if owner in stuck:
                new = set(calls) - blocked
                blocked |= new
                changed = changed or bool(new)
    return stuck


def _untraced(context: Context, site: Site) -> ChecklistItem:
    why = "no construction in the repository reaches it"
    return item("client-untraced", site, why, base_url=context.base_url)


def _shared(
    context: Context, site: Site, facts: CallFacts | None, members: dict[str, list[str]]
) -> ChecklistItem:
    owners = _owners(context, facts) if facts is not None else (site.id,)
    calls = [
        context.by_id[call]
        for owner in owners
        for call in members.get(owner, ())
        if _cannot_move(context, call)
    ]
    named = list(dict.fromkeys(f"{one.path}:{one.span.line} `{one.detail}`" for one in calls))
    why = "redirecting it would break the calls that the provider does not serve"
    return item("client-shared", site, why, calls="; ".join(named) or "those of a client it shares")


def _cannot_move(context: Context, call: str) -> bool:
    found = context.hindrances.get(call, ())
    return any(one.code != "client-shared" for one in found)
