"""INI, .cfg, .conf and .properties files; setup.cfg among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis.documents.findings import WORDS, Entry, Finding, judge_config, sibling_keys
from migrator.analysis.documents.requirement import Requirement, finding, listed
from migrator.analysis.sites import Kind

_SECTION = re.compile(r"[ \t]*\[(?P<name>[^\]\r\n]+)\]")
_COMMENT = r"(?:(?<=[ \t])[;#][^\r\n]*)?"
_PAIR = re.compile(
    r"(?P<key>[^\s=:#;\[](?:[^ \t=:\r\n]|[ \t]+(?=[^ \t=:\r\n]))*?)[ \t]*[=:][ \t]*"
    rf"(?P<value>{WORDS})[ \t]*{_COMMENT}"
)
_ITEM = re.compile(rf"[ \t]+(?P<value>[^\s#;]{WORDS})[ \t]*{_COMMENT}")
_SETS = "environment"
_VARIABLE = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_]\w*)="
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s,\"']*))"
)
_LINE = re.compile(r"[^\r\n]+")


def entries(text: str) -> Iterator[Entry]:
    """Every option; the continuation lines of one are its items."""
    section, option, index = "", "", 0
    for line in _LINE.finditer(text):
        start = line.start()
        if match := _SECTION.match(line.group()):
            section, option = match["name"].strip(), ""
        elif option and (match := _ITEM.fullmatch(line.group())):
            bounds = (start + match.start("value"), start + match.end("value"))
            yield Entry((section, option, index), match["value"], bounds, bounds)
            index += 1
        elif match := _PAIR.fullmatch(line.group()):
            option, index = match["key"].strip(), 0
            yield _pair(section, match, start)


def _pair(section: str, match: re.Match[str], start: int) -> Entry:
    value = match["value"]
    first, last = start + match.start("value"), start + match.end("value")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value, first, last = value[1:-1], first + 1, last - 1
    key = (start + match.start("key"), start + match.end("key"))
    return Entry((section, match["key"].strip()), value, (first, last), (key[0], last), key)


def _requirement(entry: Entry) -> Requirement | None:
    """The requirement of a line; the options of `extras_require` are the user's own."""
    if not entry.is_item or not entry.value:
        return None
    section, option, *_ = entry.path
    if section == "options.extras_require":
        found = listed(replace(entry, path=(section, "requires", 0)))
        return replace(found, group=(section, option)) if found else None
    return listed(entry)


def requirements(text: str) -> Iterator[Requirement]:
    """Every requirement of the file (setup.cfg, tox.ini)."""
    return filter(None, map(_requirement, entries(text)))


def _set(entry: Entry) -> Iterator[Entry]:
    """The variables that `environment=NAME="value",…` sets (supervisor, systemd)."""
    for match in _VARIABLE.finditer(entry.value) if entry.keys[-1].lower() == _SETS else ():
        group = next(one for one in ("double", "single", "bare") if match[one] is not None)
        at = entry.bounds[0]
        first, last = (at + match.start(group), at + match.end(group))
        start, end = at + match.start("name"), at + match.end("name")
        whole = (start, at + match.end())
        yield Entry((*entry.keys, match["name"]), match[group], (first, last), whole, (start, end))


def findings(text: str) -> Iterator[Finding]:
    """The findings of an INI file."""
    found_entries = list(entries(text))
    found_entries = [one for entry in found_entries for one in (*_set(entry), entry)]
    for entry in found_entries:
        if found := finding(_requirement(entry)) or judge_config(entry):
            yield found
    yield from sibling_keys(found_entries, Kind.CONFIG)
