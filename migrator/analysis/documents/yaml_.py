"""YAML: configuration, CI, compose and Kubernetes files, conda environments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrator.analysis.documents import shell
from migrator.analysis.documents.findings import Entry, Finding, judge_config
from migrator.analysis.documents.requirement import listed_requirement

if TYPE_CHECKING:
    import yaml

_COMMANDS = frozenset(
    "run script command commands args entrypoint before_script after_script install bash shell"
    " inlineScript cmd test".split()
)
_LINE = re.compile(
    r"^(?P<indent>[ \t]*)(?:-[ \t]+)?(?:(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.-]*)(?P=quote)[ \t]*[:=])?[ \t]*"
    r"(?:\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'|(?P<bare>[^\r\n]*?))[ \t]*(?:(?<=[ \t])#[^\r\n]*)?$",
    re.MULTILINE,
)


def _scalars(
    text: str, node: yaml.Node, path: tuple[str | int, ...], key: yaml.Node | None, seen: set[int]
) -> Iterator[Entry]:
    """Every scalar below a node, each node once (aliases share theirs)."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.id == "mapping":
        for name, child in node.value:
            step = name.value if isinstance(name.value, str) else ""
            yield from _scalars(text, child, (*path, step), name, seen)
    elif node.id == "sequence":
        for index, child in enumerate(node.value):
            yield from _scalars(text, child, (*path, index), None, seen)
    else:
        first, last = _inner(text, node)
        start = key.start_mark.index if key else node.start_mark.index
        whole = (
            start,
            max(last, node.end_mark.index if text[first - 1 : first] in "\"'" else last),
        )
        bounds = _inner(text, key) if key else None
        yield Entry(path, str(node.value), (first, last), whole, bounds)


def _inner(text: str, node: yaml.Node) -> tuple[int, int]:
    """The bounds of a scalar without its quotes and the blanks that follow it."""
    start, end = node.start_mark.index, node.end_mark.index
    if text[start : start + 1] in ('"', "'") and end - start >= 2:
        return start + 1, end - 1
    return start, start + len(text[start:end].rstrip())


def _composed(text: str) -> list[Entry]:
    """The entries by the YAML parser. Raises yaml.YAMLError, RecursionError."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [
        entry
        for root in yaml.compose_all(text, Loader=loader)
        if root
        for entry in _scalars(text, root, (), None, set())
    ]


def _scanned(text: str) -> Iterator[Entry]:
    """The entries by their lines, for a template or a file that the parser refuses."""
    parents: list[tuple[int, str]] = []
    for match in _LINE.finditer(text):
        depth = len(match["indent"])
        while parents and parents[-1][0] >= depth:
            parents.pop()
        group = next(g for g in ("double", "single", "bare") if match[g] is not None)
        if match["bare"] is not None and match["bare"].startswith(("#", "{%", "{{-")):
            continue
        above = tuple(name for _, name in parents)
        value, bounds = match[group], match.span(group)
        if match["key"]:
            parents.append((depth, match["key"]))
            key = match.span("key")
            yield Entry((*above, match["key"]), value, bounds, (key[0], bounds[1]), key)
        elif value:
            yield Entry((*above, 0), value, bounds, bounds)


def entries(text: str) -> list[Entry]:
    """Every scalar of every document in the file."""
    import yaml

    try:
        return _composed(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return list(_scanned(text))


def _is_command(entry: Entry) -> bool:
    keys = entry.keys
    return bool(keys) and keys[-1] in _COMMANDS


def findings(text: str) -> Iterator[Finding]:
    """The findings of a YAML file."""
    for entry in entries(text):
        if _is_command(entry):
            yield from shell.findings(text, entry.bounds)
        elif found := listed_requirement(entry) or judge_config(entry):
            yield found
