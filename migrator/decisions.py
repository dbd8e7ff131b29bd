"""What becomes of a Site: Convert, Checklist or Leave, each with its reason and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from migrator.analysis.sites import Site, Suppression
from migrator.edits import Edit, Pairs

if TYPE_CHECKING:
    from migrator.providers import ModelChoice


# The verb of what is not listed at all (see `analysis.sites.Suppression`).
OFF = "off"


class Severity(str, Enum):
    """How much a checklist item matters. The values are the words of the JSON contract."""

    BLOCKER = "blocker"  # no counterpart, it will fail
    BEHAVIOUR = "behaviour"  # runs, but differs
    REVIEW = "review"  # could not be proven
    SETUP = "setup"  # a thing for a person to do


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a fact comes from and how old it is (`as_of` as the source's date was given)."""

    url: str
    title: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """Something a person has to look at. `code` is stable (`parameter-dropped`).

    `cell` is the notebook cell that it is in, `suppressed` the comment or
    setting that takes it off the list.
    """

    code: str
    site_ids: tuple[str, ...]
    path: str
    line: int
    severity: Severity
    title: str
    why: str
    action: str
    sources: tuple[Source, ...] = ()
    source_code: str = ""
    replacement: str = ""
    cell: int | None = None
    suppressed: Suppression | None = None

    @property
    def is_off(self) -> bool:
        """Whether settings have it off: it is counted, and not listed."""
        return self.suppressed is not None and self.suppressed.verb == OFF

    @property
    def id(self) -> str:
        return f"{self.code}:{self.site_ids[0]}" if self.site_ids else f"{self.code}:{self.path}"


@dataclass(frozen=True, slots=True)
class Convert:
    """The site is rewritten. `notes` are what a person should know although it is."""

    site: Site
    edits: tuple[Edit, ...]
    reason: str
    sources: tuple[Source, ...] = ()
    notes: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    """The site is not rewritten and needs a person. Some parts may be edited all the same."""

    site: Site
    items: tuple[ChecklistItem, ...]
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Leave:
    """The site stays as it is, and that is right."""

    site: Site
    reason: str
    sources: tuple[Source, ...] = ()


Decision = Convert | Checklist | Leave


@dataclass(frozen=True, slots=True)
class NewFile:
    """A module that is written beside the code, for the edits that call it.

    `beside` is a file that uses it, whose manner it has.
    """

    path: str
    text: str
    beside: str
    site_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bond:
    """What ties sites together, in words (`the client at src/llm.py:7`)."""

    words: str
    site_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What moves as a whole or stays as a whole. `id` stays while the rest of a plan changes.

    `bonds` are what ties its sites together, none where it is a single one; `selected` says whether
    it is moved now.
    """

    id: str
    site_ids: tuple[str, ...]
    paths: tuple[str, ...]
    bonds: tuple[Bond, ...] = ()
    selected: bool = True

    @property
    def ties(self) -> list[str]:
        """What ties its sites together, in words, each once."""
        return list(dict.fromkeys(bond.words for bond in self.bonds))


@dataclass(frozen=True, slots=True)
class Target:
    """Where the code moves to; `supplements` are the other providers that serve a capability."""

    provider: str
    mode: str = "compatible"
    region: str = ""
    supplements: Pairs = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """sites = converted + checklist + left; `off` are items that settings leave off the list."""

    sites: int
    converted: int
    checklist: int
    left: int
    off: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Every site's decision, in site order, and what follows from them.

    `extra_items` are checklist items that belong to no one site (a key, a lock file); `files` are
    those that the edits need, `choices` the models that names become, by the names' sites;
    `elsewhere` says which sites are a supplement's, and whose; `groups` are what moves as a whole;
    `documentation` are edits of what the repository says of itself, which belong to no site.
    """

    target: Target
    decisions: tuple[Decision, ...]
    extra_items: tuple[ChecklistItem, ...] = ()
    files: tuple[NewFile, ...] = ()
    choices: Mapping[str, ModelChoice] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    documentation: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every edit once, in file order."""
        found = {
            edit: None
            for decision in self.decisions
            if not isinstance(decision, Leave)
            for edit in decision.edits
        }
        found |= dict.fromkeys(self.documentation)
        return tuple(sorted(found, key=lambda edit: (edit.path, edit.span, edit.codemod)))

    @property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        """Every checklist item once, in file order."""
        found = dict.fromkeys(self.extra_items)
        for decision in self.decisions:
            match decision:
                case Convert(notes=items) | Checklist(items=items):
                    found |= dict.fromkeys(items)
        return tuple(sorted(found, key=lambda item: (item.path, item.line, item.code)))

    @property
    def open_items(self) -> tuple[ChecklistItem, ...]:
        """The checklist without what comments take off it."""
        return tuple(item for item in self.checklist if item.suppressed is None)

    @property
    def coverage(self) -> Coverage:
        """How many sites went which way."""
        kinds = [type(decision) for decision in self.decisions]
        return Coverage(
            len(kinds),
            kinds.count(Convert),
            kinds.count(Checklist),
            kinds.count(Leave),
            sum(item.is_off for item in self.checklist),
        )
