"""Requirements as they are written: the package, the releases they allow."""

from __future__ import annotations

import re

from migrator.analysis.sites import DocumentFacts, NameFacts, Site
from migrator.ranges import releases, since


def requirement(site: Site) -> tuple[str, str]:
    """The package's name and the versions asked for, as they are written."""
    match site.facts:
        case DocumentFacts(name=name, extra=extra):
            return site.detail or name, dict(extra).get("specifier", "")
        case NameFacts(name=written):
            name = re.split(r"[\[<>=!~^;@ ]", written, maxsplit=1)[0]
            return site.detail or name, written[len(name) :].partition("]")[2] or written[
                len(name) :
            ]
    return site.detail, ""


def lets_one_in(specifier: str) -> bool:
    """Whether a version specifier allows openai 1.0 or later; so does one that can't be read."""
    return lets_in(specifier, "1.0.0")


def lets_in(specifier: str, release: str) -> bool:
    """Whether a version specifier allows a release, or a later one.

    So does one that can't be read.
    """
    allowed = releases(specifier)
    return allowed is None or bool(allowed & since(release))
