"""YAML that somebody else wrote, read within bounds.

A few lines can name each other until they stand for more than a machine holds, and brackets can be
nested until a parser runs out of stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from migrator.language import _

DEEPEST = 100
MOST = 200_000  # values, each counted wherever an alias repeats it
_OPENING = re.compile(r"[\[{]")
# Indented, or one sequence in the other, so far that many levels may be open.
_INDENTED = re.compile(rf"(?m)^[ \t]*(?:[-?:][ \t]+){{20}}|^ {{{2 * DEEPEST}}}")


class BoundsError(yaml.YAMLError):
    """A text that stands for more than is read. `reason` says of what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def compose(text: str) -> Iterator[yaml.Node]:
    """The documents of a text as nodes. Raises BoundsError, yaml.YAMLError, ValueError."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _require_shallow(text, loader)
    for root in yaml.compose_all(text, Loader=loader):
        if root is not None:
            _size(root, {})
            yield root


def load(text: str) -> Any:
    """The value of the one document of a text, of YAML's own types; None for an empty one.

    Raises BoundsError, yaml.YAMLError, ValueError.
    """
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for _root in compose(text):
        pass
    return yaml.load(text, Loader=loader)


def _require_shallow(text: str, loader: Any) -> None:
    """Raise BoundsError for what is nested too deeply. The parser's events need no stack."""
    if len(_OPENING.findall(text)) < DEEPEST and not _INDENTED.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise BoundsError(_("nested more than {number} levels deep", number=DEEPEST))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node stands for. Raises BoundsError for too many, or for endless ones."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST  # until it is known: an alias inside of it has no end
        children = (
            [one for pair in node.value for one in pair]
            if isinstance(node, yaml.MappingNode)
            else node.value
        )
        known[id(node)] = 1 + sum(_size(child, known) for child in children)
        if known[id(node)] > MOST:
            raise BoundsError(_("more than {number} values", number=MOST))
    return known[id(node)]
