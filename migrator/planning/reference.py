"""The page of the checklist's codes, `docs/checklist.md`, written by this module when it is run."""

from __future__ import annotations

from migrator import language
from migrator.decisions import Severity
from migrator.language import _, marked
from migrator.planning.messages import MESSAGES, Message
from migrator.reports.words import severity_heading

_HEAD = marked("""# The checklist's codes

Every item of the checklist has one of these codes. The words in braces are filled in at the place.
This page is written by `python -m migrator.planning.reference`.
""")


def page() -> str:
    """The whole page, in Markdown."""
    parts = [_(_HEAD)]
    for severity in Severity:
        rows = [_row(one) for one in MESSAGES.values() if one.severity is severity]
        head = f"## {severity_heading(severity)}\n"
        table = [_("| code | what it says | what to do |"), "|---|---|---|", *rows]
        parts.append("\n".join([head, *table]) + "\n")
    return "\n".join(parts)


def _row(message: Message) -> str:
    named = f'<a id="{message.code}"></a>`{message.code}`'
    cells = (named, _plain(_(message.title)), _plain(_(message.action)))
    return f"| {' | '.join(cells)} |"


def _plain(template: str) -> str:
    return template.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


if __name__ == "__main__":
    language.use_of_variable()
    print(page(), end="")
