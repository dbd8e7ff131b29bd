"""Tests of the repository: what they expect of the code follows the code."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.analysis import surface
from migrator.analysis.extract.patches import NARROW, PATCH
from migrator.analysis.sites import (
    AddressPart,
    CallFacts,
    ClientFacts,
    Kind,
    Literal,
    ModelFacts,
    NameFacts,
    Place,
    Site,
)
from migrator.edits import ClientConstruction, Parameters
from migrator.language import _, either
from migrator.planning import expected, models, raw_http
from migrator.planning import facts as knowledge
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
        if facts.role in {PATCH, NARROW} and _is_made_anew(context, variables):
            _fake(context, variables, site, facts)
        if facts.role in {PATCH, NARROW}:
            _made_with(context, site)
    for site, model in context.models():
        if site.in_tests and site.id in context.choices:
            _called_with(context, site, model)


# -- addresses ------------------------------------------------------------------------------------


def _follows(context: Context, facts: NameFacts) -> bool:
    """Whether everything that asks for an address moves, and something does."""
    asked = asking(context, facts)
    return bool(asked) and all(one in context.moved_calls for one in asked)


def asking(context: Context, facts: NameFacts) -> list[str]:
    """The calls that ask for an address; all there are where none is known to."""
    calls = [site.id for site, call in context.calls() if _asks_for(facts.name, call)]
    return calls or [site.id for site, _ in context.calls()]


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
        context.convert(site.id, _("it answers for what now asks the provider"))


# -- fakes of the client's class ------------------------------------------------------------------


def _is_made_anew(context: Context, variables: Variables) -> bool:
    """Whether a client that moves is given a key that it was not given before."""
    finds_it = variables.key_variable in knowledge.implicit_reads(azure=False)
    return not finds_it and any(
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
        why = _("the client is now made with a key and a base URL")
        context.hinder(site.id, item("fake-narrow", site, why, name=name))
    elif not _sets_key(context, site):
        why = _(
            "the client is now made with the key from `{key}`, also where a fake is made", key=key
        )
        context.note(site.id, item("test-key", site, why, name=name, key=key))


def _made_with(context: Context, site: Site) -> None:
    """An assertion that names what the client is made with lacks what that was given."""
    source = context.sources.get(site.path)
    given = dict.fromkeys(
        f"`{name}`"
        for one, client in context.clients()
        if one.id in context.moved_clients and not one.in_tests
        for edit in context.edits[one.id]
        if isinstance(edit.instruction, ClientConstruction)
        for name in _added(edit.instruction, client)
    )
    if given and source is not None and expected.compares_client(source):
        why = _("it compares all arguments, and the client got others")
        told = item("client-asserted", site, why, (), {"given": ", ".join(given)})
        context.note(site.id, told)


def _added(made: ClientConstruction, client: ClientFacts) -> Iterator[str]:
    """The arguments that a construction gets and had not."""
    had = {one.name for one in client.arguments}
    if "api_key" not in had and (made.key_variable or made.key_source):
        yield "api_key"
    if "base_url" not in had and (made.base_url_default or made.base_url_source):
        yield "base_url"


# -- what calls are given ------------------------------------------------------------------------


def _called_with(context: Context, site: Site, facts: ModelFacts) -> None:
    """An assertion that names every argument of a call lacks what that was given."""
    source = context.sources.get(site.path)
    if source is None or not expected.with_all_arguments(source, site.span):
        return
    given = dict.fromkeys(
        _given(context, one.id)
        for one, call in context.calls()
        if one.id in context.moved_calls
        and not one.in_tests
        and facts.model in _asked(context, call)
    )
    if any(given):
        told = either(f"`{one}`" for one in given if one)
        why = _("it compares all arguments, and the call got others")
        context.note(site.id, item("call-asserted", site, why, (), {"given": told}))


def _asked(context: Context, call: CallFacts) -> set[str]:
    """The models of OpenAI's that a call asked for."""
    return {old for old, _ in models.models_of(context, call)}


def _given(context: Context, call: str) -> str:
    """The arguments that a call got, as they are written there; "" where it got none."""
    added: dict[str, None] = {}
    body: dict[str, str] = {}
    for edit in context.edits[call]:
        if isinstance(edit.instruction, Parameters):
            added |= dict.fromkeys(f"{name}={value}" for name, value in edit.instruction.add)
            body |= dict(edit.instruction.extra_body)
    if body:
        inner = ", ".join(f'"{name}": {value}' for name, value in body.items())
        added[f"extra_body={{{inner}}}"] = None
    return ", ".join(added)


def _sets_key(context: Context, site: Site) -> bool:
    """Whether the tests around a site set the key's variable."""
    return any(
        facts.access in _WRITES
        and facts.meaning == KEY
        and (one.path == site.path or one.path.rpartition("/")[2] == _SHARED_BY_TESTS)
        for one, facts in context.variables()
    )
