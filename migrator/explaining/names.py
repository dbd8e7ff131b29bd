"""What a person means by a name of OpenAI's surface."""

from __future__ import annotations

import difflib
import re

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.analysis.surface import Section
from migrator.errors import MigrateError
from migrator.explaining.table import SECTIONS
from migrator.language import _, either

_CALL = re.compile(r"\(.*\)?$", re.DOTALL)
_ROUTE = re.compile(r"(?:([A-Z]+) +)?(?:https?://[^/]*)?(/\S+)")
_RECEIVERS = ("client.", "self.client.", "self._client.")
_MOST = 3

Named = tuple[Section, str]


class UnknownNameError(MigrateError):
    """A name that is asked about and that nothing is known of."""

    exit_code = 2


def meant(text: str) -> tuple[Named, ...]:
    """The names of the catalogue that a text stands for; a resource stands for its methods.

    A method may be written with its client, with `()` or as the path of its URL. Raises
    UnknownNameError with the nearest names.
    """
    wanted = _CALL.sub("", text.strip())
    route = _ROUTE.fullmatch(wanted)
    if route is not None:
        found = [_method(path) for path in surface.methods_at(route[2], route[1] or "")]
    else:
        for receiver in _RECEIVERS:
            wanted = wanted.removeprefix(receiver)
        found = _method_or_resource(wanted.removeprefix("openai.")) or _other(wanted)
    if not found:
        told = _("OpenAI's API has no {name!r}", name=text)
        raise UnknownNameError(with_hint(told, wanted, _every_name()))
    return tuple(found)


def near(wanted: str, known: list[str]) -> list[str]:
    """The known names that are nearest."""
    spelled = {name.lower(): name for name in reversed(known)}
    nearest = difflib.get_close_matches(wanted.lower(), spelled, n=_MOST)
    return [spelled[one] for one in nearest]


def with_hint(told: str, wanted: str, known: list[str]) -> str:
    """`…; did you mean …?`, or what is told alone where no known name is near."""
    if not (names := near(wanted, known)):
        return told
    return _("{told}; did you mean {names}?", told=told, names=either(names))


def _method(path: str) -> Named:
    return ("method", path)


def _method_or_resource(path: str) -> list[Named]:
    plain = without_raw(path)
    if surface.method(plain) is not None:
        return [_method(path)]
    if not surface.is_resource(plain):
        return []
    return [_method(one) for one in surface.every("method") if one.startswith(plain + ".")]


def _other(name: str) -> list[Named]:
    """A name that is no method: of 0.x, a client class, an exception, a setting, a type."""
    short = name.removeprefix("openai.")
    if surface.legacy_call(short) is not None:
        return [("legacy_call", short)]
    if surface.legacy_class(short) is not None:
        calls = [one for one in surface.every("legacy_call") if one.startswith(short + ".")]
        return [("legacy_class", short), *(("legacy_call", one) for one in calls)]
    whole = f"openai.{short}"
    if surface.client_class(whole) is not None:
        return [("client", whole)]
    if surface.exception(whole) is not None:
        return [("exception", whole)]
    if surface.exception(f"openai.error.{short}") is not None:
        return [("exception", f"openai.error.{short}")]
    if surface.module_setting(short) is not None:
        return [("setting", short)]
    if surface.is_type(whole):
        return [("type", whole)]
    known = surface.framework_class(name)
    if known is not None:
        return [("framework", name)]
    return [("framework", path) for path in surface.every("framework") if _ends_in(path, name)]


def _ends_in(path: str, name: str) -> bool:
    return path.endswith(f".{name}")


def _every_name() -> list[str]:
    return [name.removeprefix("openai.") for one in SECTIONS for name in surface.every(one)]
