"""Loads and validates profiles: `knowledge/providers/<id>.yaml`, a user's file, a plug-in's."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.knowledge.files import read_compiled, read_yaml
from migrator.knowledge.prose import each_language, said
from migrator.language import _, listed
from migrator.providers.errors import ProfileError, UnknownProviderError
from migrator.providers.provider import Provider
from migrator.targets import is_file

if TYPE_CHECKING:
    from migrator.plugins import Profile

FOLDER = Path(__file__).parents[1] / "knowledge" / "providers"


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def provider_ids() -> tuple[str, ...]:
    """The ids of the profiles that come with the tool."""
    return tuple(_files())


def known_ids() -> tuple[str, ...]:
    """The ids of all profiles: those that come with the tool, then those of plug-ins.

    Raises PluginError.
    """
    from migrator.plugins import profiles

    return (*provider_ids(), *profiles())


def load_provider(name: str) -> Provider:
    """The profile of an id or alias, or of a file of the user's (its path ends in .yaml or .yml).

    Plug-ins are asked where none of the tool's own has that name. Raises UnknownProviderError,
    ProfileError, PluginError.
    """
    return read_profile(Path(name), name) if is_file(name) else _known_provider(name)


def _known_provider(name: str) -> Provider:
    wanted = name.strip().lower()
    if wanted in _files():
        return _read_own(wanted)
    if (found := _called(wanted, _own())) is not None:
        return found
    if (found := _called(wanted, _of_plugins())) is not None:
        return found
    every = (*_own(), *_of_plugins())
    known = [alias for provider in every for alias in (provider.id, *provider.aliases)]
    nearest = difflib.get_close_matches(wanted, known, n=1)
    hint = (
        _("did you mean {name}?", name=nearest[0])
        if nearest
        else _("known: {names}", names=listed([one.id for one in every]))
    )
    raise UnknownProviderError(_("no provider {name!r}; {hint}", name=name, hint=hint))


def _called(name: str, providers: Iterable[Provider]) -> Provider | None:
    return next((one for one in providers if name in (one.id, *one.aliases)), None)


@each_language
def _read_own(name: str) -> Provider:
    return read_profile(_files()[name])


def _own() -> tuple[Provider, ...]:
    """The providers that come with the tool."""
    return tuple(map(_read_own, _files()))


def _of_plugins() -> tuple[Provider, ...]:
    """The providers of plug-ins. Raises PluginError where one has a name that another has."""
    from migrator import plugins

    return _read_plugged(tuple(plugins.profiles().values()))


@each_language
def _read_plugged(profiles: tuple[Profile, ...]) -> tuple[Provider, ...]:
    taken = {name: "migrate" for one in _own() for name in (one.id, *one.aliases)}
    read = []
    for profile in profiles:
        try:
            found = read_profile(profile.file, profile.id)
        except ProfileError as error:
            raise profile.fault(str(error)) from None
        if found.id != profile.id:
            raise profile.fault(_("{file}: id: must be {id}", file=profile.file, id=profile.id))
        for name in (found.id, *found.aliases):
            if name in taken:
                told = _("{owner} has a provider {name} already", owner=taken[name], name=name)
                raise profile.fault(told)
            taken[name] = profile.package
        read.append(Provider(found.file, {**found.data, "package": profile.package}))
    return tuple(read)


def read_profile(path: Path, spelled: str = "") -> Provider:
    """Read and validate one profile, or the short file of a gateway, which has no `schema`.

    `spelled` is what the user called it. Raises ProfileError naming the file and the key.
    """
    compiled = read_compiled(path) if path.parent == FOLDER else None
    if compiled is not None:
        return Provider(str(path), said(compiled))
    data = _read(path)
    if spelled and not (isinstance(data, dict) and "schema" in data):
        return gateway_provider(data, file=str(path), name=path.name, spelled=spelled)
    whole = said(_valid(path, data))
    return Provider(str(path), {**whole, "spelled": spelled} if spelled else whole)


def checked(path: Path) -> Mapping[str, Any]:
    """What a profile's YAML holds. Raises ProfileError naming the file and the key."""
    return _valid(path, _read(path))


def _read(path: Path) -> Any:
    import yaml

    try:
        return read_yaml(path)
    except FileNotFoundError:
        raise ProfileError(_("{path}: there is no such file", path=path)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProfileError(
            _(
                "{path}: cannot be read as YAML: {reason}",
                path=path,
                reason=_first_line(error),
            )
        ) from None


def _valid(path: Path, data: Any) -> Mapping[str, Any]:
    from migrator.profiles import problems

    if problem := next(problems(data), None):
        raise ProfileError(f"{path}: {problem}")
    return data  # type: ignore[no-any-return]


def gateway_provider(table: Any, *, file: str, name: str, spelled: str, at: str = "") -> Provider:
    """The provider that a short table of a user's file describes (see gateway).

    Raises ProfileError naming the file and the key, which stands below `at`.
    """
    from migrator.gateway import profile
    from migrator.gateway.keys import GatewayError

    def base(like: str) -> Mapping[str, Any]:
        try:
            return _known_provider(like).data
        except UnknownProviderError as error:
            raise GatewayError(f"like: {error}") from None

    try:
        return Provider(file, profile(table, name=name, spelled=spelled, base=base))
    except GatewayError as error:
        raise ProfileError(f"{file}: {at}{error}") from None


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
