"""The address of a client: an SDK makes it by itself, where nothing but a default was asked for."""

from __future__ import annotations

from migrator.analysis.sites import Argument, ClientFacts, Origin, Place, Sources
from migrator.planning.context import Context, within

BASE_URL = "base_url"


def is_known(context: Context, facts: ClientFacts) -> bool:
    """Whether a client of the SDK is given no address, and finds the provider's."""
    sdk = context.sdk
    given = [one for one in facts.arguments if one.name == BASE_URL]
    known = sdk is not None and context.region in sdk.known_regions
    return known and all(is_dropped(one) for one in given)


def is_dropped(argument: Argument) -> bool:
    """Whether a base URL says nothing but OpenAI's default where it stands, and so may go."""
    sources = argument.sources or Sources()
    if sources.handed_in or sources.azure or argument.origin is not Origin.KEYWORD:
        return False
    if argument.spelled == "None":
        return True
    literals = [Place(one.path, one.span) for one in sources.addresses]
    read = [one.place for one in sources.reads]
    places = [*literals, *(one for one in read if one is not None)]
    return bool(places) and None not in read and all(within(p, argument.place) for p in places)
