"""The list of repositories: one a line, as `SOURCE key=value …`.

    # The platform team's.
    https://git.example.com/platform/chat.git
    git@git.example.com:platform/search.git  ref=develop
    ../monorepo  folder=services/api  name=monorepo-api  target=zhipu

A source is an address that git can fetch from, or a folder (a relative one is beside the list).
What holds blanks stands in quotes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from migrator.fleet.errors import FleetError
from migrator.language import _, listed
from migrator.reports.redaction import redact

_KEYS = ("name", "ref", "folder", "target")
_WORD = re.compile(r"#.*|(?:\"[^\"]*\"|'[^']*'|[^\s\"'])+|[\"']")
_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]+)://(?:[^/@]*@)?(?P<rest>.*)", re.DOTALL)
_SCP = re.compile(r"(?:[\w.-]+@)[\w.-]+:(?P<path>[^:].*)")
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
# What git may be told to fetch; `-x` would be an option, `a:b` two names, `a..b` no commit.
_REF = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][\w./@+-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
# Names that Windows keeps for devices.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
SCHEMES = ("https", "http", "ssh", "file")


@dataclass(frozen=True, slots=True)
class Entry:
    """A repository of the list: its source as git or the file system takes it, and the rest.

    `ref` is a branch, a tag or a commit ("" for what the repository has checked out), `folder` the
    part that is looked at. The name is its own among all, and good for a file.
    """

    name: str
    source: str
    ref: str = ""
    folder: str = ""
    target: str = ""

    @property
    def is_address(self) -> bool:
        """Whether it is fetched from elsewhere."""
        return is_address(self.source)

    @property
    def shown(self) -> str:
        """The source without the name, the password and keys that an address may hold."""
        return redact(_CREDENTIALS.sub("", self.source)) if self.is_address else self.source


def is_address(source: str) -> bool:
    """Whether a source is an address, not a folder."""
    return bool(_URL.match(source) or _SCP.match(source))


def read_entries(file: Path) -> list[Entry]:
    """The repositories of a list, in the order of their names. Raises FleetError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FleetError(_("{path}: not UTF-8 text; save it as UTF-8", path=file)) from None
    except OSError as error:
        told = _("{path}: cannot be read: {reason}", path=file, reason=error.strerror)
        raise FleetError(told) from None
    found: dict[Entry, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = _entry(line, file.absolute().parent)
        except FleetError as error:
            told = _("{path}:{line}: {fault}", path=file, line=number, fault=error)
            raise FleetError(told) from None
        if entry is None:
            continue
        if (before := found.setdefault(entry, number)) != number:
            told = _("{path}:{line}: the same as line {before}", path=file, line=number,
                     before=before)  # fmt: skip
            raise FleetError(told)
    if not found:
        raise FleetError(_("{path}: lists no repository", path=file))
    return sorted(_named(found, file), key=lambda one: one.name)


def _entry(line: str, beside: Path) -> Entry | None:
    words = list(_words(line))
    if not words:
        return None
    source, *rest = words
    values: dict[str, str] = {}
    for word in rest:
        key, equals, value = word.partition("=")
        if not (equals and value) or key not in _KEYS or key in values:
            told = _("{word!r} must be one of {keys}, each once", word=word,
                     keys=listed(f"{key}=…" for key in _KEYS))  # fmt: skip
            raise FleetError(told)
        values[key] = value
    _check(source, values)
    if not is_address(source):
        source = str((beside / Path(source).expanduser()).resolve())
    return Entry(values.pop("name", ""), source, **values)


def _words(line: str) -> Iterator[str]:
    for match in _WORD.finditer(line):
        word = match.group()
        if word.startswith("#"):
            return
        if word in ("'", '"'):
            raise FleetError(_("a quote is not closed"))
        yield re.sub(r"\"([^\"]*)\"|'([^']*)'", lambda one: one[1] or one[2] or "", word)


def _check(source: str, values: Mapping[str, str]) -> None:
    """Refuse what git would take for something else than it is meant for."""
    scheme = (_URL.match(source) or {"scheme": ""})["scheme"].lower()
    if scheme and scheme not in SCHEMES:
        told = _("{scheme}: no way to fetch that is allowed here ({schemes})", scheme=scheme,
                 schemes=listed(SCHEMES))  # fmt: skip
        raise FleetError(told)
    if source.startswith("-") or "::" in source or not source.isprintable():
        raise FleetError(_("{source!r} is no source", source=source))
    if (ref := values.get("ref")) and not _REF.fullmatch(ref):
        raise FleetError(_("{ref!r} is no branch, tag or commit", ref=ref))
    if (name := values.get("name")) and not is_name(name):
        told = _("{name!r} is no name: letters, digits and . _ - are allowed", name=name)
        raise FleetError(told)
    folder = PurePosixPath(values.get("folder", ""))
    if folder.is_absolute() or ".." in folder.parts or "\\" in str(folder):
        raise FleetError(_("{folder!r} must be a folder below the source", folder=str(folder)))


def is_name(name: str) -> bool:
    """Whether a folder can be called so on every system."""
    return bool(_NAME.fullmatch(name)) and not name.endswith(".") and not _DEVICES.fullmatch(name)


def _named(found: Mapping[Entry, int], file: Path) -> Iterator[Entry]:
    """Every entry with a name; what would be called the same gets a few digits more each."""
    given = {one.name.lower(): number for one, number in found.items() if one.name}
    for entry, number in found.items():
        if entry.name and given[entry.name.lower()] != number:
            told = _("{path}:{line}: another repository is called {name}, too", path=file,
                     line=number, name=entry.name)  # fmt: skip
            raise FleetError(told)
    names = {one: _derived(one) for one in found if not one.name}
    counts = Counter(name.lower() for name in names.values())
    for entry in found:
        name = entry.name or names[entry]
        if not entry.name and (counts[name.lower()] > 1 or name.lower() in given):
            name = f"{name}-{_digest(entry)}"
        yield replace(entry, name=name)


def _derived(entry: Entry) -> str:
    """A name from the path of an address, or from a folder's own name, and the part looked at."""
    source = entry.source
    if match := _URL.match(source):
        path = re.split(r"[?#]", match["rest"].partition("/")[2])[0]
    elif match := _SCP.match(source):
        path = match["path"]
    else:
        path = Path(source).name
    whole = f"{path.rstrip('/').removesuffix('.git')}/{entry.folder}"
    name = _UNSAFE.sub("-", whole).strip("-._")[:_LONGEST].rstrip("-._")
    return name if is_name(name) else f"repository-{_digest(entry)}"


def _digest(entry: Entry) -> str:
    said = "\0".join((entry.shown, entry.ref, entry.folder, entry.target))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:6]
