"""Requests that are sent without the openai package: whether they move, where to, with what key."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence

from migrator.analysis import surface
from migrator.analysis.extract.addresses import written
from migrator.analysis.sites import (
    AddressPart,
    Argument,
    CallFacts,
    HttpFacts,
    Literal,
    Origin,
    Place,
    Site,
    VariableRead,
)
from migrator.decisions import ChecklistItem
from migrator.edits import (
    Edit,
    ItemAssignment,
    Parameters,
    ReplaceExpression,
    ReplaceString,
    ReplaceText,
)
from migrator.language import _, listed
from migrator.planning import facts as knowledge
from migrator.planning import source_keys
from migrator.planning.addresses import Address, Becoming, becomes
from migrator.planning.context import Context
from migrator.planning.families import CHAT, EMBEDDINGS, RESPONSES
from migrator.planning.media import IMAGES
from migrator.planning.messages import item
from migrator.planning.variables import Variables

_AUTHORIZATION = "authorization"
_FLAGS = ("-H", "--header")  # how a header is written in a command line
# Names of arguments that say where a mapping of a request is written.
_WRITTEN = frozenset({Origin.DICT_ENTRY, Origin.DICT_KEYWORD})


def hindrance(
    context: Context, site: Site, facts: CallFacts, http: HttpFacts
) -> ChecklistItem | None:
    """Why a request is a person's to move, though the provider serves what it asks for."""
    why = _why_not(context, site, facts, http)
    if why is None:
        return None
    details = {"base_url": context.base_url, "key": context.provider.key_variable}
    return item("raw-http", site, why, (), details)


def _why_not(context: Context, site: Site, facts: CallFacts, http: HttpFacts) -> str | None:
    if site.id in context.options.held:
        return context.options.held[site.id]
    named = others(http)
    if named and (facts.models or facts.api not in CHAT):
        return _("it may also go to {name}", name=named[0])
    if not facts.api:
        return _("which endpoint it asks for could not be told from its URL")
    if model := _named_model(http):
        return _("its URL names the model `{model}`", model=model)
    ours = [one for one in http.addresses if surface.route_of(written(one)) is not None]
    new = [becomes(one, context.base_url) for one in ours]
    # What others are asked for too is told at run time where it goes.
    if not named and not (http.address_known and _is_told(http.addresses, ours, new)):
        return _("its URL is only known in part")
    if None in new:
        return _("its URL is put together in a way that cannot be changed part by part")
    if not http.headers_known:
        return _("its headers, which hold the key, could not be traced")
    if facts.api in {*CHAT, *EMBEDDINGS, *RESPONSES, IMAGES}:
        if not http.body_known or not facts.arguments:
            return _("what it sends could not be traced")
        if not any(argument.origin in _WRITTEN for argument in facts.arguments):
            return _("what it sends is written in no one place")
    return None


def _is_told(
    addresses: Sequence[Address], ours: Sequence[Address], new: Iterable[Becoming | None]
) -> bool:
    """Whether each address is OpenAI's, or one of these behind a base that is told at run time.

    Nothing that becomes another text may stand in what is put behind that. A text without a scheme
    is no base: it is put there because the ways of settings are told apart by their names alone.
    """
    changed = {literal for one in new for literal in one or ()}
    behind = {address[1:] for address in ours}
    return bool(ours) and all(
        address in ours
        or (
            "://" not in address[0].text
            and address[1:] in behind
            and changed.isdisjoint(part.literal for part in address)
        )
        for address in addresses
    )


def others(http: HttpFacts) -> list[str]:
    """The addresses of other providers that a request may also go to."""
    urls = [written(one) for one in http.addresses]
    return [
        url
        for url in urls
        if surface.route_of(url) is None and surface.endpoint_owner(url) not in {None, "openai"}
    ]


def _named_model(http: HttpFacts) -> str:
    """The model of OpenAI's that a request names in its URL (`/v1/models/gpt-4o`), or ""."""
    steps = (step for one in http.addresses for step in written(one).split("/")[1:])
    named = (surface.match_model(step, in_model_position=True) for step in steps)
    return next((one.id for one in named if one is not None), "")


def owners(http: HttpFacts) -> dict[str, str]:
    """What a request shares with others, by a key, in words: they can only move together."""
    found = dict(map(shared_address, http.literals))
    for read in http.reads:
        found[read_key(read)] = _("the variable {name}", name=read.name)
    for header in http.headers:
        place = header.place
        found[f"header:{place}"] = _(
            "the header at {path}:{line}", path=place.path, line=place.span.line
        )
    return found


def shared_address(literal: Literal) -> tuple[str, str]:
    """An address as something that is shared: its key, and what it is called."""
    return literal_key(literal), _("the address at {place}", place=_where(literal))


def common_addresses(context: Context) -> dict[str, str]:
    """The addresses in the source that several clients are given, by a key, in words.

    Whatever is written there holds for all of them, but for those of Azure: what these are given
    in its place is no other client's.
    """
    clients = [client for _site, client in context.aimed() if not client.azure]
    literals = Counter(one for client in clients for one in dict.fromkeys(client.base_url_literals))
    return dict(shared_address(one) for one, count in literals.items() if count > 1)


def keys(parts: Iterable[AddressPart]) -> list[str]:
    """The keys of the parts of an address."""
    return [
        *(literal_key(part.literal) for part in parts if part.literal is not None),
        *(read_key(part.variable) for part in parts if part.variable is not None),
    ]


def literal_key(literal: Literal) -> str:
    """The key of an address."""
    return f"address:{literal.path}:{literal.span}"


def read_key(read: VariableRead) -> str:
    """The key of a variable that an address comes from: it cannot mean two providers at once."""
    return f"variable:{read.name.upper()}"


def _where(literal: Literal) -> str:
    return f"{literal.path}:{literal.span.line}"


# -- what moves -----------------------------------------------------------------------------------


def settle(context: Context) -> None:
    """Let the rest of the planner know of what becomes the provider's: addresses, helpers."""
    staying = set()
    for site, facts in context.calls():
        if facts.http is None or facts.http.sent_at is None:
            continue
        if site.id not in context.moved_calls:
            staying.add(facts.http.sent_at)
            continue
        context.addresses.update(Place(one.path, one.span) for one in facts.http.literals)
        context.addresses.add(facts.http.sent_at)
    context.addresses -= staying


def decide(context: Context, variables: Variables) -> None:
    """Plan the address and the headers of every request that moves."""
    for site, facts in context.calls():
        if facts.http is not None and site.id in context.moved_calls:
            _addresses(context, site, facts.http)
            if not others(facts.http):  # the headers are theirs too
                _headers(context, variables, site, facts.http)
            _stream(context, site, facts)


def _stream(context: Context, site: Site, facts: CallFacts) -> None:
    """What a loop of one's own over the lines of a stream has to expect."""
    told = context.provider.streams
    if told is not None and facts.api in CHAT and "stream" in facts.features:
        details = {"provider": context.provider.name}
        context.note(site.id, item("stream-by-hand", site, told.text, told.sources, details))


def _addresses(context: Context, site: Site, http: HttpFacts) -> None:
    for address in http.addresses:
        for literal, text in (becomes(address, context.base_url) or {}).items():
            replace_address(context, site, literal, text)


def replace_address(context: Context, site: Site, literal: Literal, text: str) -> None:
    """Give an address, or a part of one, its new text on behalf of a site."""
    why = _("the address is {provider}'s", provider=context.provider.name)
    instruction: ReplaceString | ReplaceText = ReplaceString(text)
    if _is_filled(context, literal):
        instruction = ReplaceText(((literal.value, text),))
    place = (literal.path, literal.span)
    context.edit(Edit(*place, "base-url", instruction, (site.id,), why))


def _is_filled(context: Context, literal: Literal) -> bool:
    """Whether a literal is one of the texts of an f-string."""
    source = context.sources.get(literal.path)
    try:
        return source is not None and ast.literal_eval(source.slice(literal.span)) != literal.value
    except (SyntaxError, ValueError):
        return True


def _headers(context: Context, variables: Variables, site: Site, http: HttpFacts) -> None:
    prefix = knowledge.header_prefix().lower()
    gone = []
    for header in http.headers:
        if header.name.lower().startswith(prefix) and header.place not in context.replaced:
            gone.append(header.name)
            _drop(context, site, header)
    if gone:
        names = listed(dict.fromkeys(gone))
        why = _("{names}: OpenAI's own", names=names)
        context.note(site.id, item("headers-openai", site, why, names=names))
    keys = [one for one in http.headers if one.name.lower() == _AUTHORIZATION]
    if not keys and _kept_by_others(variables, http):
        context.unsettled[site.id] = _("what stays on OpenAI reads the key that it sends")
    for header in keys:
        _key(context, variables, site, http, header)
    _key_note(context, variables, site, http, keys)


def _key_note(
    context: Context, variables: Variables, site: Site, http: HttpFacts, keys: list[Argument]
) -> None:
    """A key that does not come from a variable of OpenAI's has to be handed in by a person."""
    if keys and all(isinstance(one.value, str) for one in keys):
        return
    unnamed = variables.unnamed(http.key_reads)
    if unnamed or not http.key_reads or any(map(_is_handed_in, keys)):
        key = context.provider.key
        why = f"`{', '.join(unnamed)}`; {key.detail}" if unnamed else key.detail
        details = {"provider": context.provider.name, "key": variables.key_variable}
        context.note(site.id, item("key-from-elsewhere", site, why, key.sources, details))


def _is_handed_in(header: Argument) -> bool:
    return header.sources is not None and header.sources.handed_in


def _drop(context: Context, site: Site, header: Argument) -> None:
    instruction: Parameters | ItemAssignment | ReplaceText = Parameters(drop=(header.name,))
    codemod, place = "parameters", header.container
    if header.spelled.startswith(_FLAGS):
        instruction, codemod, place = ReplaceText(((header.spelled, ""),)), "command", header.place
    elif header.origin is Origin.ITEM_ASSIGNMENT:
        instruction, codemod = ItemAssignment(drop=True), "item-assignment"
    elif header.origin not in _WRITTEN:
        return
    why = _("{name}: OpenAI's own", name=header.name)
    context.edit(Edit(place.path, place.span, codemod, instruction, (site.id,), why))
    context.replaced.add(header.place)


def _key(
    context: Context, variables: Variables, site: Site, http: HttpFacts, header: Argument
) -> None:
    """The key is read anew where the variable it came from stays for others."""
    in_source = isinstance(header.value, str) and not site.in_tests
    if in_source:
        source_keys.tell(context, site, str(header.value), variables.key_variable)
    if not in_source and (_is_handed_in(header) or not _kept_by_others(variables, http)):
        return
    source = f"f\"Bearer {{os.environ['{variables.key_variable}']}}\""
    place = header.place
    instruction = ReplaceExpression(source, ("os",))
    why = _("the key is read from {key_variable}", key_variable=variables.key_variable)
    context.edit(Edit(place.path, place.span, "request-key", instruction, (site.id,), why))
    context.replaced.add(place)


def _kept_by_others(variables: Variables, http: HttpFacts) -> bool:
    """Whether the variable that the key comes from keeps its name and value for what stays."""
    return any(variables.is_for_others(read) for read in http.key_reads)
