"""Tests of the repository: what they expect of the code follows the code."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.extract.patches import NARROW, PATCH
from migrator.analysis.sites import (
    AddressPart,
    CallFacts,
    Kind,
    Literal,
    NameFacts,
    Place,
    Site,
    VariableFacts,
)
from migrator.planning import raw_http
from migrator.planning.addresses import becomes
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.variables import KEY, Variables

_WRITES = frozenset({"write"})
_SHARED_BY_TESTS = "conftest.py"


def settle(context: Context) -> None:
    """The addresses that tests answer for, where all that asks for them moves."""
    for site, facts in context.with_facts(Kind.RAW_HTTP, NameFacts):
        place = Place(site.path, site.span)
        if site.in_tests and place not in context.addresses and _follows(context, facts):
            context.addresses.add(place)
            context.expected.add(site.id)


def decide(context: Context, variables: Variables) -> None:
    """Plan the addresses of tests, and tell what fakes of the client's class need."""
    for site, facts in context.with_facts(Kind.RAW_HTTP, NameFacts):
        if site.id in context.expected:
            _address(context, site, facts)
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        if facts.role in {PATCH, NARROW} and _is_made_anew(context):
            _fake(context, variables, site, facts)


# -- addresses ------------------------------------------------------------------------------------


def _follows(context: Context, facts: NameFacts) -> bool:
    """Whether everything that asks for an address moves, and something does."""
    asking = [site for site, call in context.calls() if _asks_for(facts.name, call)]
    if not asking:
        asking = [site for site, _ in context.calls()]
    return bool(asking) and all(site.id in context.moved_calls for site in asking)


def _asks_for(address: str, call: CallFacts) -> bool:
    """Whether a call sends to an address; `parse` and `stream` send to that of `create`."""
    route = surface.route_of(address)
    known = surface.method(call.api)
    return bool(route) and known is not None and known.route == route


def _address(context: Context, site: Site, facts: NameFacts) -> None:
    literal = Literal(site.path, site.span, facts.name)
    texts = becomes((AddressPart(facts.name, literal),), context.base_url)
    for text in texts.values() if texts else ():
        raw_http.replace_address(context, site, literal, text)
    if not texts:
        context.convert(site.id, "it answers for what now asks the provider")


# -- fakes of the client's class ------------------------------------------------------------------


def _is_made_anew(context: Context) -> bool:
    """Whether a client that moves is given a key that it was not given before."""
    return any(
        site.id in context.moved_clients
        and client.form == "call"
        and not any(one.name == "api_key" for one in client.arguments)
        for site, client in context.clients()
        if not site.in_tests
    )


def _fake(context: Context, variables: Variables, site: Site, facts: NameFacts) -> None:
    name = facts.name.rpartition(".")[2]
    key = variables.key_variable
    if facts.role == NARROW:
        why = "the client is now made with a key and a base URL"
        context.hinder(site.id, item("fake-narrow", site, why, name=name))
    elif not _sets_key(context, site):
        why = f"the client is now made with the key from `{key}`, also where a fake is made"
        context.note(site.id, item("test-key", site, why, name=name, key=key))


def _sets_key(context: Context, site: Site) -> bool:
    """Whether the tests around a site set the key's variable."""
    return any(
        facts.access in _WRITES
        and facts.meaning == KEY
        and (one.path == site.path or one.path.rpartition("/")[2] == _SHARED_BY_TESTS)
        for one, facts in context.with_facts(Kind.ENV_KEY, VariableFacts)
    )
