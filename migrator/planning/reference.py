"""The page of the checklist's codes, `docs/checklist.md`, written by this module when it is run."""

from __future__ import annotations

from migrator.decisions import Severity
from migrator.planning.messages import MESSAGES, Message

_HEAD = """# The checklist's codes

Every item of the checklist has one of these codes. The words in braces are filled in at the place.
This page is written by `python -m migrator.planning.reference`.
"""
_MEANINGS = {
    Severity.BLOCKER: "it will fail, or has no counterpart",
    Severity.BEHAVIOUR: "it runs, but differs",
    Severity.REVIEW: "it could not be proven",
    Severity.SETUP: "a thing for a person to do",
}


def page() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for severity in Severity:
        rows = [_row(one) for one in MESSAGES.values() if one.severity is severity]
        head = f"## {severity.value.capitalize()}: {_MEANINGS[severity]}\n"
        table = ["| code | what it says | what to do |", "|---|---|---|", *rows]
        parts.append("\n".join([head, *table]) + "\n")
    return "\n".join(parts)


def _row(message: Message) -> str:
    named = f'<a id="{message.code}"></a>`{message.code}`'
    cells = (named, _plain(message.title), _plain(message.action))
    return f"| {' | '.join(cells)} |"


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
