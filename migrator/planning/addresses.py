"""OpenAI's address in a URL that is put together from parts: what each part becomes."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from migrator.analysis import surface
from migrator.analysis.extract.addresses import ANYTHING, written
from migrator.analysis.sites import AddressPart, Literal

Address = tuple[AddressPart, ...]
Becoming = dict[Literal, str]
# A URL below OpenAI's base URL, a regional host's too.
_BELOW = re.compile(r"(?P<base>(?:[a-z]+://)?[^/?#]+(?P<path>/[^/?#]+))(?=[/?#]|$)")


def becomes(address: Address, base_url: str) -> Becoming | None:
    """The new text of every literal of an address that changes, so that it is the provider's.

    None where the parts cannot be changed one by one: the address that they would make is not what
    it has to be.
    """
    wanted = _moved(_plain(written(address)), base_url)
    if wanted is None:
        return None
    parts = [_part(part, i, address, base_url) for i, part in enumerate(address)]
    if _plain(written(tuple(parts))) != wanted:
        return None
    return {
        old.literal: new.text
        for old, new in zip(address, parts, strict=True)
        if old.literal is not None and old.text != new.text
    }


def _plain(url: str) -> str:
    """The URL with its scheme and without doubled slashes."""
    scheme, _, rest = url.rpartition("://")
    return f"{scheme or 'https'}://{re.sub('/+', '/', rest)}"


def _moved(url: str, base_url: str) -> str | None:
    """The URL as it has to be, None for one that is not below OpenAI's base URL."""
    found = _BELOW.match(url)
    if found is None or surface.route_of(url) is None or ANYTHING in found["base"]:
        return None
    return base_url + url[found.end() :]


def _part(part: AddressPart, index: int, address: Address, base_url: str) -> AddressPart:
    if part.variable is not None:
        return replace(part, text=base_url)
    if any(map(_is_rooted, address)):
        new = _of_host(part, base_url)
    elif index == 0 or _only_scheme(address[:index]):
        new = _beginning(part.text, base_url)
    else:
        new = part.text
    return replace(part, text=new)


def _only_scheme(before: Address) -> bool:
    return written(before).endswith("://")


def _beginning(text: str, base_url: str) -> str:
    """The text that a URL begins with: the base URL, or the host that a path is put behind."""
    scheme, _, rest = text.rpartition("://")
    if surface.endpoint_owner(text) != "openai":
        return text
    _, slash, path = rest.partition("/")
    here, there = urlsplit(surface.base_url()).path, urlsplit(base_url).path
    target = f"{base_url.partition('://')[0]}://{urlsplit(base_url).netloc}" if scheme else ""
    target = target or urlsplit(base_url).netloc
    if surface.route_of(text) is not None:
        return target + there + (slash + path).removeprefix(here)
    if not path and there.endswith(here):
        return target + there.removesuffix(here) + slash
    return text


def _is_rooted(part: AddressPart) -> bool:
    """Whether a part is a path from the root of a host, whatever goes before it."""
    return part.joined == "path" or (part.joined == "urljoin" and part.text.startswith("/"))


def _of_host(part: AddressPart, base_url: str) -> str:
    """A host is named alone, and asked for a path from its root."""
    target = urlsplit(base_url)
    here = urlsplit(surface.base_url()).path
    if _is_rooted(part):
        below = part.text == here or part.text.startswith(here + "/")
        return target.path + part.text.removeprefix(here) if below else part.text
    if surface.endpoint_owner(part.text) != "openai":
        return part.text
    scheme, _, rest = part.text.rpartition("://")
    _, slash, path = rest.partition("/")
    if slash + path.rstrip("/") == here:
        path = target.path.lstrip("/") + path.removeprefix(here.lstrip("/"))
    return f"{target.scheme}://{target.netloc}{slash}{path}" if scheme else target.netloc
