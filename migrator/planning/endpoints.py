"""What of a call the provider does not serve: endpoints, frameworks, openai before 1.0."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Certainty, ModelFacts, Site
from migrator.decisions import ChecklistItem
from migrator.language import _, listed
from migrator.planning import (
    client_settings,
    completions,
    embeddings,
    frameworks,
    media,
    reshaping,
    responses,
)
from migrator.planning.context import Context
from migrator.planning.families import CHAT, EMBEDDINGS, RESPONSES
from migrator.planning.legacy import knowledge as legacy
from migrator.planning.messages import item
from migrator.planning.reshaping.knowledge import ToChat

# Endpoints that are served in part, and whose methods keep to the part that is.
_WITHIN_THE_PART = ("files.", "batches.", "models.list", "models.retrieve")
_RESPONSES = ("responses.", "beta.responses.")
_FILES = "files.create"
# What the provider serves as it stands, so that a change of the call is not needed.
_SHARED = frozenset({"chat.completions.create", "chat.completions.stream", *EMBEDDINGS})
_SERVED = frozenset({"yes", "partial"})
_CODES = {
    "no": "endpoint-missing",
    "unknown": "endpoint-undocumented",
    "partial": "endpoint-unproven",
}
ENDPOINT_CODES = frozenset(_CODES.values())
CLIENT_UNTRACED = "base-url-unknown"


def client_untraced(context: Context, site: Site) -> ChecklistItem:
    """The item of a client that may be OpenAI's or somebody else's."""
    why = _("only run time tells whether it is OpenAI's")
    details = {"base_url": context.base_url, "key": context.key_variable}
    return item(CLIENT_UNTRACED, site, why, details=details)


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call cannot be served by the provider, whatever its client; None where it can."""
    if facts.legacy:
        refused = _("openai 1.0 and later refuse this call")
        why = context.upgrade.refused.get(site.id, refused)
        return _ended(context, site, facts) or item("legacy-sdk", site, why)
    if facts.framework and (not facts.sender or not frameworks.moves(facts.sender)):
        return frameworks.hindrance(context, site, facts)
    if (unsettled := frameworks.unsettled(context, site)) is not None:
        return unsettled
    if facts.aims is not None and (half := client_settings.why_not(context, site, facts.aims)):
        return item("client-arguments-unknown", site, half)
    if site.certainty is Certainty.LIKELY and context.made_at(site.id) is not None:
        return client_untraced(context, site)
    if site.certainty is Certainty.LIKELY:
        return item("call-untraced", site, _("the object it is called on could not be traced"))
    by_module = facts.module_client or site.id in context.upgrade.before
    if facts.foreign and (by_module or not _is_for_both(context, site, facts)):
        others = listed(facts.foreign)
        return item("call-elsewhere", site, _("it may be served by two providers"), others=others)
    if facts.model_beginnings:
        texts = listed(f"`{one.value}…`" for one in facts.model_beginnings)
        why = _("which model it names is only known at run time, and none of that name is served")
        details = {"texts": texts, "provider": context.provider.name}
        return item("model-composed", site, why, (), details)
    if facts.api in surface.path_requests():
        return _by_path(context, site, facts)
    if facts.in_batch and (missing := _not_in_batches(context, site, facts)) is not None:
        return missing
    if facts.api in CHAT:
        return _served(context, site, facts)
    if facts.api in EMBEDDINGS:
        found = embeddings.hindrance(context, site, facts)
        return found or _served(context, site, facts)
    shape = reshaping.shape_of(context, site)
    if shape is not None and facts.api in completions.APIS:
        found = completions.hindrance(context, site, facts, shape)
        return found or _without_model(context, site, facts)
    if _is_of_responses(context, facts, shape):
        found = responses.hindrance(context, site, facts)
        return found or _without_model(context, site, facts)
    if media.is_shaped(context, facts):
        return media.hindrance(context, site, facts) or _without_model(context, site, facts)
    return _endpoint(context, site, facts)


def _served(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    served = context.provider.endpoint(facts.api).support in _SERVED
    return (_without_model if served else _endpoint)(context, site, facts)


def _is_for_both(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call that also goes to other providers can move without a word that they refuse.

    It names no model, and is served as it stands, or it asks for chat or embeddings: that needs no
    change but its model's, if it names another for them, or they have none of that name.
    """
    if facts.api.startswith(_WITHIN_THE_PART):
        return _endpoint(context, site, facts) is None
    if facts.api not in _SHARED:
        return False
    if not facts.resold:
        return True
    named = {
        one.facts.model
        for each in facts.models
        if (one := context.by_id.get(each)) is not None and isinstance(one.facts, ModelFacts)
    }
    return not named or not named.issuperset(facts.model_values)


def _ended(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A method of openai before 1.0 that has no successor, with what is nearest to it."""
    known = surface.legacy_call(facts.api)
    if known is None or legacy.successor(facts.api) is not None or legacy.is_utility(facts.api):
        return None
    why = _("openai 1.0 and later have no method that takes what `{api}` takes", api=facts.api)
    if known.maps_to is None:
        return item("legacy-gone", site, why, (), {"api": facts.api})
    endpoint = context.provider.endpoint(known.maps_to)
    if endpoint.support == "yes" or not endpoint.remedy:
        return None
    details = {
        "api": facts.api,
        "now": known.maps_to,
        "provider": context.provider.name,
        "counterpart": endpoint.counterpart,
        "remedy": endpoint.remedy,
    }
    return item("legacy-ended", site, why, endpoint.sources, details)


def _is_of_responses(context: Context, facts: CallFacts, shape: ToChat | None) -> bool:
    """Whether a call goes to the provider's Responses API, or would but for what it asks."""
    served = context.provider.endpoint(facts.api).support in _SERVED
    own = served and context.provider.has_responses
    return facts.api in RESPONSES and (own or shape is not None)


def _without_model(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A model without a counterpart cannot be asked for anywhere else."""
    for one in facts.models:
        named = context.by_id.get(one)
        if named is None or not isinstance(named.facts, ModelFacts):
            continue
        model = named.facts.model
        choice = context.provider.map_model(model, (), context.options.model_map)
        if choice.model is None:
            return item("model-no-counterpart", site, choice.why, choice.sources, model=model)
    return None


def _not_in_batches(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """A row where there are no batches, or none of the endpoint that it asks."""
    if missing := _endpoint(context, site, replace(facts, api=media.BATCHES)):
        return missing
    parameter = context.provider.parameter(media.BATCHES, "endpoint")
    url = surface.path_of(facts.api)
    known = {*parameter.values, *dict(parameter.values_there)}
    if not parameter.values or url in known:
        return None
    details = {
        "name": "url",
        "value": url,
        "range": listed(parameter.values),
        "remedy": _("Send such requests one by one, as `{api}`", api=facts.api),
    }
    return item("value-missing", site, parameter.detail, parameter.sources, details)


def _by_path(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """`client.post("/images/edits")` goes where the method with this path goes."""
    api = _api_by_path(facts)
    if not api:
        endpoint = context.provider.endpoint(facts.api)
        why = _("its path is only known at run time, or is none of OpenAI's")
        return item("path-untraced", site, why, endpoint.sources)
    return _endpoint(context, site, replace(facts, api=api))


def _api_by_path(facts: CallFacts) -> str:
    """The method whose path a request is sent to, or ""."""
    given = facts.argument("path")
    if given is None or not isinstance(given.value, str):
        return ""
    verb = facts.api.partition("_")[0].upper()  # get_api_list is a GET too
    return next(iter(surface.methods_at(given.value, verb)), "")


def note_of(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """What to know of a call that moves to an endpoint that is served in part."""
    if facts.api in surface.path_requests():
        why = _("what its body holds was not looked at")
        return item("path-request", site, why, (), api=_api_by_path(facts))
    endpoint = context.provider.endpoint(facts.api)
    shape = reshaping.shape_of(context, site)
    if endpoint.support != "partial" or shape is not None or facts.api in EMBEDDINGS:
        return None
    if _is_of_responses(context, facts, shape):
        return None  # its parameters are looked at one by one
    return item("endpoint-partly", site, endpoint.detail, endpoint.sources, api=facts.api)


def _endpoint(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    endpoint = context.provider.endpoint(facts.api)
    if endpoint.support == "yes":
        return None
    keeps_to_the_part = facts.api.startswith(_WITHIN_THE_PART) and (
        facts.api != _FILES or _purpose_is_served(context, facts)
    )
    in_part = endpoint.support == "partial"
    if in_part and keeps_to_the_part:
        return None
    return item(
        "responses-api"
        if in_part and facts.api.startswith(_RESPONSES)
        else _CODES[endpoint.support],
        site,
        endpoint.detail,
        endpoint.sources,
        api=facts.api,
        provider=context.provider.name,
        counterpart=endpoint.counterpart,
        remedy=endpoint.remedy,
    )


def _purpose_is_served(context: Context, facts: CallFacts) -> bool:
    purpose = facts.argument("purpose")
    rule = context.provider.rules.get("file-purpose")
    return purpose is not None and rule is not None and purpose.value in rule.values
