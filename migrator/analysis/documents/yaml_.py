"""YAML: configuration, CI, compose and Kubernetes files, conda environments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml

from migrator.analysis.documents import shell
from migrator.analysis.documents.findings import (
    WORDS,
    Entry,
    Finding,
    judge_config,
    paired,
    sibling_keys,
)
from migrator.analysis.documents.requirement import Requirement, finding, listed
from migrator.analysis.documents.trees import Listed, Mapping, Scalar, Tree
from migrator.analysis.sites import UNKNOWN, Kind
from migrator.bounded import compose

# Keys whose values are commands: GitHub, GitLab, Azure Pipelines, compose, Kubernetes, Taskfile.
_COMMANDS = frozenset(
    {"run", "script", "command", "commands", "args", "entrypoint", "before_script", "after_script",
     "install", "bash", "shell", "inlineScript", "cmd", "cmds", "test"}
)  # fmt: skip
# What a step of a workflow hands to an action, or a job to another workflow.
_HANDED = (("with",), ("secrets",))
_LINE = re.compile(
    r"^(?P<indent>[ \t]*)(?:-[ \t]+)?"
    r"(?:(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.-]*)(?P=quote)[ \t]*[:=])?[ \t]*"
    r"(?:\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'"
    rf"|(?P<bare>{WORDS}))"
    r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?$",
    re.MULTILINE,
)
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")


def _scalars(
    text: str, node: yaml.Node, path: tuple[str | int, ...], key: yaml.Node | None, seen: set[int]
) -> Iterator[Entry]:
    """Every scalar below a node, each node once (aliases share theirs)."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            step = name.value if isinstance(name.value, str) else ""
            yield from _scalars(text, child, (*path, step), name, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _scalars(text, child, (*path, index), None, seen)
    else:
        first, last = _inner(text, node)
        start = key.start_mark.index if key else node.start_mark.index
        quoted = text[first - 1 : first] in ('"', "'") and last < node.end_mark.index
        bounds = _inner(text, key) if key else None
        yield Entry(path, str(node.value), (first, last), (start, last + quoted), bounds)


def _inner(text: str, node: yaml.Node) -> tuple[int, int]:
    """The bounds of a scalar without its anchor and tag, its quotes and the blanks behind it."""
    start, end = node.start_mark.index, node.end_mark.index
    if properties := _PROPERTIES.match(text, start, end):
        start = properties.end()
    if text[start : start + 1] in ('"', "'") and end - start >= 2:
        return start + 1, end - 1
    return start, start + len(text[start:end].rstrip())


def _composed(text: str) -> list[Entry]:
    """The entries by the YAML parser. Raises yaml.YAMLError, RecursionError."""
    return [entry for root in compose(text) for entry in _scalars(text, root, (), None, set())]


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
    try:
        return _composed(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return list(_scanned(text))


def tree(text: str) -> Tree | None:
    """What a file of one document holds, None for one that the parser refuses."""
    try:
        roots = list(compose(text))
        return _tree(text, roots[0], {}) if len(roots) == 1 else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _tree(text: str, node: yaml.Node, known: dict[int, Tree]) -> Tree:
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.MappingNode):
        mapping = known[id(node)] = Mapping()
        for key, child in node.value:
            if key.tag == _MERGE:
                merged = child.value if isinstance(child, yaml.SequenceNode) else [child]
                mapping.merged += [_tree(text, one, known) for one in merged]
            elif isinstance(key, yaml.ScalarNode):
                mapping.entries[key.value] = (_inner(text, key), _tree(text, child, known))
        return mapping
    if isinstance(node, yaml.SequenceNode):
        several = known[id(node)] = Listed()
        several.items += [_tree(text, one, known) for one in node.value]
        return several
    scalar = known[id(node)] = Scalar(_value(node), _inner(text, node))
    return scalar


_MERGE = "tag:yaml.org,2002:merge"


def _value(node: yaml.Node) -> object:
    """The value of a scalar, UNKNOWN for one of a type of its own."""
    constructor = yaml.SafeLoader("")
    try:
        value = constructor.construct_object(node)
    except (yaml.YAMLError, ValueError):
        return UNKNOWN
    return value if value is None or isinstance(value, str | int | float) else UNKNOWN


def _is_command(entry: Entry) -> bool:
    keys = entry.keys
    # conda-build lists the packages that a recipe needs to `run` and to `test`.
    return bool(keys) and keys[-1] in _COMMANDS and keys[-2:-1] != ("requirements",)


def requirements(text: str) -> Iterator[Requirement]:
    """Every requirement of the file: of its lists (conda's, pip's), and of the commands in it."""
    for entry in entries(text):
        if _is_command(entry):
            yield from shell.requirements(text, entry.bounds)
        elif found := listed(entry):
            yield found


def _actions(found: list[Entry]) -> dict[tuple[str | int, ...], str]:
    """The steps of a workflow that another repository's action carries out, each with that."""
    return {
        entry.path[:-1]: entry.value
        for entry in found
        if entry.path[-1:] == ("uses",) and not entry.value.startswith("./")
    }


def findings(text: str) -> Iterator[Finding]:
    """The findings of a YAML file."""
    found_entries = paired(entries(text))
    actions = _actions(found_entries)
    for entry in found_entries:
        if _is_command(entry):
            yield from shell.findings(text, entry.bounds)
        words = len(entry.value.split())
        if _is_command(entry) and (words > 1 or not entry.is_item):
            continue
        if found := finding(listed(entry)) or judge_config(entry):
            action = actions.get(entry.path[:-2]) if entry.path[-2:-1] in _HANDED else None
            extra = (*found.extra, ("action", action)) if action else found.extra
            yield replace(found, extra=extra)
    yield from sibling_keys(found_entries, Kind.CONFIG)
