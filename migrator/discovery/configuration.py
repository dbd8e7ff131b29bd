"""The files that fill what a framework keeps for a whole program: Django's settings, Flask's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from migrator.discovery.graph import ImportGraph
    from migrator.discovery.statements import Imported

PACKAGE = "django.conf"
_SETTINGS = "settings"
# Where a project says which module its settings are in.
_SAID_IN = frozenset({"manage.py", "wsgi.py", "asgi.py", "celery.py", "conftest.py"})
_SAID = re.compile(rb"""DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']""")
_DEFINED = re.compile(rb"^INSTALLED_APPS\b", re.MULTILINE)
_FLASK = (b"flask", b"quart")
_FILLS = re.compile(rb"\.config\.(?:from_\w+|update)\(")


def names_of_settings(one: Imported) -> list[str]:
    """The names that an import binds to Django's settings."""
    named = one.names if one.module == PACKAGE else ()
    return [local for name, local in named if name == _SETTINGS]


def settings_modules(graph: ImportGraph) -> tuple[str, ...]:
    """The files of all of a repository's Django settings.

    Those that a project names, those that define INSTALLED_APPS, and by way of star imports those
    that stand on them and those that they stand on.
    """
    found = dict.fromkeys(_named(graph)) | dict.fromkeys(_defining(graph))
    pending = list(found)
    while pending:
        path = pending.pop()
        tied = [*graph.stars(path), *graph.starred_by(path)]
        pending += [one for one in tied if one not in found]
        found |= dict.fromkeys(tied)
    return tuple(sorted(found))


def _named(graph: ImportGraph) -> Iterator[str]:
    for path in graph.paths:
        if path.rpartition("/")[2] in _SAID_IN:
            for name in _SAID.findall(graph.read(path)):
                file = graph.file_of(path, name.decode())
                if file is not None:
                    yield file


def _defining(graph: ImportGraph) -> Iterator[str]:
    for path in graph.paths:
        if _SETTINGS in path and _DEFINED.search(graph.read(path)):
            yield path


def filling(graph: ImportGraph, candidates: Container[str]) -> list[str]:
    """The other files that fill the settings of a Flask application that a candidate reads."""
    users = [path for path in graph.paths if any(one in graph.statements(path) for one in _FLASK)]
    if not any(path in candidates and b".config" in graph.read(path) for path in users):
        return []
    others = (path for path in users if path not in candidates)
    return [path for path in others if _FILLS.search(graph.read(path))]
