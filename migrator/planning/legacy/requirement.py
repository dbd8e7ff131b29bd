"""Requirements as they are written: the package, the releases they allow."""

from __future__ import annotations

import re

from migrator.analysis.sites import DocumentFacts, NameFacts, Site

# Releases to try a specifier on: the first and a late one of every line since 1.0. So are those
# that it names itself, and the next ones.
_SINCE_ONE = ("1.0.0", "1.109.1", "2.0.0", "2.54.0", "3.0.0", "3.54.0")
_POETRY = re.compile(r"[\^~]\s*(\d+)(?:\.\d+)*")


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
    return lets_in(specifier, _SINCE_ONE[0])


def lets_in(specifier: str, release: str) -> bool:
    """Whether a version specifier allows a release, or a later one of another line.

    So does one that can't be read.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    specifier = specifier.split(";")[0].strip().strip("()")
    wanted = Version(release)
    if caret := _POETRY.fullmatch(specifier):
        return int(caret[1]) >= wanted.major
    if re.fullmatch(r"\d[\w.]*", specifier):
        specifier = f"=={specifier}"
    if re.fullmatch(r"=\s*\d[\w.*]*", specifier):  # conda's
        specifier = f"={specifier}"
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    exact = [one.version for one in allowed if one.operator in {"==", "==="}]
    if exact and not exact[0].endswith(".*"):
        try:
            return Version(exact[0]) >= wanted
        except InvalidVersion:
            return True
    named = [Version(one.version.removesuffix(".*")) for one in allowed]
    later = [f"{one.major}.{one.minor}.{one.micro + 1}" for one in named]
    tried = map(Version, (release, *_SINCE_ONE, *map(str, named), *later))
    return any(version >= wanted and allowed.contains(version) for version in tried)
