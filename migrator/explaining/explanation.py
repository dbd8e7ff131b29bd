"""An answer to a question about a name, in one shape for all reports."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.decisions import ChecklistItem, Severity, Source


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of something, and why.

    `subject` is what was asked about and `what` says what it is; `decision` is what becomes of it,
    in words (`everywhere`: at any provider). `severity` and `code` are the checklist's, where it
    goes there. `notes` are what to know beside. `before` and `after` are a small program that uses
    it and what becomes of it.
    """

    subject: str
    what: str
    decision: str
    why: str = ""
    severity: Severity | None = None
    code: str = ""
    title: str = ""
    counterpart: str = ""
    action: str = ""
    notes: tuple[ChecklistItem, ...] = ()
    sources: tuple[Source, ...] = ()
    before: str = ""
    after: str = ""
    everywhere: bool = False
