"""The requests to a provider in a migrated tree, read as the analysis reads those to OpenAI.

For that, the provider's addresses and variables are taken for OpenAI's, in memory alone: no line
moves, so what is found stands where it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from migrator.analysis.reading import analyse
from migrator.analysis.sites import (
    Argument,
    CallFacts,
    Certainty,
    ClientFacts,
    SettingFacts,
    Site,
    Sources,
)
from migrator.discovery import survey
from migrator.providers import Provider
from migrator.settings.territories import Territories

_ADDRESS = "https://api.openai.com/v1"
_NOBODYS = {"api.openai.com": "api.example.com", "OPENAI_BASE_URL": "EXAMPLE_BASE_URL"}
_SETTINGS = frozenset({"base_url", "api_base"})
_VARIABLES = {"key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}


def calls_to(
    provider: Provider,
    root: Path,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Iterator[tuple[Provider, Site, CallFacts]]:
    """The requests under a folder that are proven to go to a provider, in order, with it."""
    territories = Territories(root)
    found = survey([root], include=include, exclude=exclude, territories=territories)
    names = _names(provider)
    for program in found.programs():
        files = found.tie(program)
        if not any(one in data for data in files.candidates.values() for one in _of(provider)):
            continue
        read = analyse(
            _told_otherwise(files.candidates, names),
            _told_otherwise(files.documents, names),
            files.python,
            settings=files.settings,
        )
        yield from ((provider, site, call) for site, call in _calls(read.sites))


def _calls(sites: Sequence[Site]) -> Iterator[tuple[Site, CallFacts]]:
    by_id = {site.id: site for site in sites}
    told = {_folder(site) for site in sites if _tells_the_module(site)}
    for site in sites:
        if site.certainty is not Certainty.PROVEN:
            continue
        match site.facts:
            case ClientFacts(sends=CallFacts() as call) as client if _has_address(client):
                yield site, call
            case CallFacts(aims=ClientFacts() as aims) as call if _has_address(aims):
                yield site, call
            case CallFacts(module_client=True, legacy=False) as call if _folder(site) in told:
                yield site, call
            # What an object of a framework is asked holds what the object says, which is above.
            case CallFacts(http=None, sender="", framework="") as call if (
                call.clients and not call.foreign
            ):
                makers = [by_id[one].facts for one in call.clients if one in by_id]
                if all(isinstance(one, ClientFacts) and _has_address(one) for one in makers):
                    yield site, call


def _folder(site: Site) -> str:
    """Where a program is that a setting of the openai module is for, as far as can be told."""
    return site.path.rpartition("/")[0]


def _tells_the_module(site: Site) -> bool:
    """Whether the openai module is told the provider's address here."""
    setting = site.facts
    return isinstance(setting, SettingFacts) and _is_address(setting.value)


def _has_address(client: ClientFacts) -> bool:
    """Whether a client is told the provider's address, by its variable or as it stands."""
    return any(map(_is_address, client.arguments))


def _is_address(address: Argument) -> bool:
    if address.name not in _SETTINGS:
        return False
    told = address.sources or Sources()
    if any(one.name == _VARIABLES["base_url"] for one in told.reads):
        return True
    literals = [one.value for one in told.addresses]
    literals += [address.value] if isinstance(address.value, str) else []
    return any(one.rstrip("/") == _ADDRESS for one in literals)


def _of(provider: Provider) -> list[bytes]:
    told = (provider.key_variable, *(one.url.rstrip("/") for one in provider.regions))
    return [one.encode() for one in told]


def _names(provider: Provider) -> Mapping[bytes, bytes]:
    """What is taken for what: OpenAI's for nobody's, then the provider's for OpenAI's."""
    addresses = {one.url.rstrip("/"): _ADDRESS for one in provider.regions}
    variables = {
        provider.key_variable: _VARIABLES["key"],
        provider.base_url_variable: _VARIABLES["base_url"],
    }
    longest = sorted({**addresses, **variables}.items(), key=lambda one: -len(one[0]))
    return {old.encode(): new.encode() for old, new in (*_NOBODYS.items(), *longest)}


def _told_otherwise(files: Mapping[str, bytes], names: Mapping[bytes, bytes]) -> dict[str, bytes]:
    found = {}
    for path, data in files.items():
        for old, new in names.items():
            data = data.replace(old, new)
        found[path] = data
    return found
