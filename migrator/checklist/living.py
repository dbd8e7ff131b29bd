"""What a new look at the repository says of the entries of its checklist."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from migrator import language
from migrator.analysis.sites import Suppression
from migrator.checklist.document import BY_COMMENT, GONE, MOVED, Document, Entry, plain
from migrator.checklist.places import Moved
from migrator.checklist.standing import standing
from migrator.decisions import ChecklistItem, Convert, Plan, Severity
from migrator.language import _
from migrator.planning.suppressions import SETTING_UNUSED, UNUSED
from migrator.providers import Provider
from migrator.reports.markdown import box, explanation, heading, prose
from migrator.reports.words import CODE_SPAN

if TYPE_CHECKING:
    from migrator.settings.territories import Territories


class State(str, Enum):
    """How far an entry has come. The values are the words of the JSON contract."""

    OPEN = "open"
    TICKED = "ticked"  # by a person
    GONE = "gone"  # what it was about is not there any more
    DONE = "done"  # by a comment
    IGNORED = "ignored"  # by a comment, or by the settings
    OFF = "off"  # by the settings
    MOVABLE = "movable"  # another apply would move it


_BY_COMMENT = {"done": State.DONE, "ignore": State.IGNORED, "off": State.OFF}
# What is said of a place that moves, by what another look says of what stays there for it.
_WAITS = "variable-waits"
_STAYS = {
    "variable-renamed": _WAITS,
    "variable-shared": _WAITS,
    "client-kept": "client-serves-others",
}
SETTLED = frozenset({State.TICKED, State.GONE, State.DONE, State.IGNORED, State.OFF})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, or one item that is no entry yet: what is said of it, and how far it has come.

    `item` is what the new look says, None where it says nothing: of what is gone, and of what only
    a person can tell. `reason` is a comment's. `new`: it is not in the file. `still`: a person has
    ticked it, and it is there all the same.
    """

    state: State
    entry: Entry | None = None
    item: ChecklistItem | None = None
    reason: str = ""
    new: bool = False
    still: bool = False

    @property
    def severity(self) -> Severity:
        return self._told.severity

    @property
    def code(self) -> str:
        return self._told.code

    @property
    def path(self) -> str:
        return self._told.path

    @property
    def number(self) -> int:
        """The line of the file, 0 where there is none."""
        return self._told.line

    @property
    def title(self) -> str:
        return self.item.title if self.item is not None else plain(self._told.title)

    @property
    def _told(self) -> Entry | ChecklistItem:
        told = self.item if self.item is not None else self.entry
        assert told is not None, "a line is of an entry or of an item"
        return told


@dataclass(frozen=True)
class Look:
    """A new look at a repository and its checklist.

    `text` is the checklist as it is to be, `changed` says whether that is another than the file's;
    `found` is False where there is no file yet: then all of it is what an apply would leave.
    """

    provider: Provider
    plan: Plan
    lines: tuple[Line, ...]
    text: str
    converted: int
    found: bool
    changed: bool

    def of(self, *states: State) -> list[Line]:
        """The lines in some states."""
        return [one for one in self.lines if one.state in states]


def look(
    provider: Provider,
    plan: Plan,
    text: str | None,
    comments: Sequence[Suppression],
    again: Callable[[], Plan],
    territories: Territories | None = None,
) -> Look:
    """The checklist with what a plan that is made anew says of it.

    The file goes on in the language that it is written in: where that is not the one that is used,
    `again` makes the plan in it.
    """
    from migrator.reports.markdown import checklist_markdown

    if text is None:
        lines = compare(None, plan)
        return Look(provider, plan, tuple(lines), checklist_markdown(plan), 0, False, False)
    document = Document(text)
    lines = compare(document, plan, comments, territories)
    converted = document.converted
    spoken = language.use(document.language)
    try:
        mixed = document.language != spoken and any(one.new for one in lines)
        told = compare(document, again(), comments, territories) if mixed else lines
        brought_up_to_date(document, told)
    finally:
        language.use(spoken)
    changed = document.text != text
    return Look(provider, plan, tuple(lines), document.text, converted, True, changed)


def compare(
    document: Document | None,
    plan: Plan,
    comments: Sequence[Suppression] = (),
    territories: Territories | None = None,
) -> list[Line]:
    """Every entry of a checklist with what a plan made anew says of it, and what is new in it.

    Without a document, what the plan itself says. `comments` are those of the repository: one that
    says `done` also settles an entry that a plan cannot tell of, and so do the settings.
    """
    if document is None:
        return [_line(None, item) for item in plan.checklist]
    entries = document.entries()
    live = standing(plan)
    pairs = _paired(entries, live, alike=document.language == language.current())
    sites = {one.site.id: one for one in plan.decisions}
    lines = []
    done = [one for one in comments if one.reason]
    settled_by: set[Suppression] = set()
    for entry in entries:
        item = pairs.get(entry)
        if item is not None and item.code == entry.code:
            lines.append(_line(entry, item))
        elif entry.ticked and not entry.ours:
            lines.append(Line(State.TICKED, entry))
        elif (comment := _comment(entry, done) or _by_settings(entry, territories)) is not None:
            settled_by.add(comment)
            lines.append(Line(_BY_COMMENT[comment.verb], entry, reason=comment.reason))
        elif item is not None:
            lines.append(Line(State.TICKED if entry.ticked else State.OPEN, entry))
        elif entry.ticked:
            lines.append(Line(State.GONE, entry))
        elif isinstance(sites.get(entry.site), Convert):
            lines.append(Line(State.MOVABLE, entry))
        else:
            # While its place is there as it was, nobody knows that it is settled.
            gone = entry.site and entry.site not in sites
            lines.append(Line(State.GONE if gone else State.OPEN, entry))
    known = set(pairs.values())
    places = {(one.path, one.line) for one in settled_by}
    for item in live:
        served = item.code in (UNUSED, SETTING_UNUSED) and (item.path, item.line) in places
        if item not in known and not served:
            lines.append(replace(_line(None, item), new=True))
    return lines


def _line(entry: Entry | None, item: ChecklistItem) -> Line:
    if item.suppressed is not None:
        comment = item.suppressed
        return Line(_BY_COMMENT[comment.verb], entry, item, comment.reason)
    still = entry is not None and entry.ticked and not entry.ours
    return Line(State.TICKED if still else State.OPEN, entry, item, still=still)


def _comment(entry: Entry, comments: Iterable[Suppression]) -> Suppression | None:
    """The comment about an entry that the plan does not tell of: the nearest in its file."""
    fitting = [one for one in comments if one.path == entry.path and entry.code in one.codes]
    return min(fitting, key=lambda one: abs(one.line - entry.line), default=None)


def _by_settings(entry: Entry, territories: Territories | None) -> Suppression | None:
    """What the settings take an entry off the checklist by that the plan does not tell of."""
    return territories.ruling(entry.code, entry.path).taken if territories is not None else None


# -- entries and items ----------------------------------------------------------------------------


def _paired(
    entries: Sequence[Entry], items: Sequence[ChecklistItem], *, alike: bool
) -> dict[Entry, ChecklistItem]:
    """The item that each entry is about: by its site and code, by what it says, by its site.

    What is said in two languages is not `alike`: then what it names counts, which is code.
    """

    def said(title: str) -> Hashable:
        return title if alike else tuple(sorted(one[2] for one in CODE_SPAN.finditer(title)))

    found: dict[Entry, ChecklistItem] = {}
    keys: tuple[tuple[Callable[[Entry], Hashable], Callable[[ChecklistItem], Hashable]], ...] = (
        (
            lambda entry: (entry.code, entry.site or None),
            lambda item: (item.code, item.site_ids[0] if item.site_ids else ""),
        ),
        (
            lambda entry: (entry.code, entry.path, said(entry.title)),
            lambda item: (item.code, item.path, said(prose(item.title))),
        ),
        # An apply leaves a place in another state: it is still the same that there is to do.
        (lambda entry: entry.site or None, lambda item: item.site_ids[0] if item.site_ids else ""),
        # A variable that is told beside its old name waits there for what stays, and the second
        # client serves that.
        (
            lambda entry: _staying(entry.path, _STAYS.get(entry.code), entry.title),
            lambda item: _staying(item.path, item.code, item.title) or "",
        ),
    )
    for of_entry, of_item in keys:
        free = {entry: of_entry(entry) for entry in entries if entry not in found}
        taken = set(found.values())
        for item in items:
            if item in taken:
                continue
            key = of_item(item)
            entry = next((one for one, held in free.items() if held == key), None)
            if entry is not None:
                found[entry] = item
                del free[entry]
    return found


def _staying(path: str, code: str | None, title: str) -> Hashable:
    """What tells apart what stays for others: a variable by its name."""
    if code not in _STAYS.values():
        return None
    named = CODE_SPAN.search(title) if code == _WAITS else None
    return path, code, named[2] if named else ""


# -- the file -------------------------------------------------------------------------------------


def brought_up_to_date(document: Document, lines: Iterable[Line]) -> None:
    """Tick what is settled, open what is back, put in what is new, and count."""
    every = list(lines)
    for one in every:
        if one.entry is not None:
            _write(document, one, one.entry)
    for one in every:
        if one.new and one.item is not None and one.state is State.OPEN:
            add(document, one.item, tells=True)
    document.recount()


def _write(document: Document, line: Line, entry: Entry) -> None:
    if line.state is State.GONE and not entry.ticked:
        document.tick(entry, _(GONE))
    elif line.state in _BY_COMMENT.values() and not entry.ticked:
        document.tick(entry, _(BY_COMMENT[line.state.value], reason=" ".join(line.reason.split())))
    elif line.state is State.OPEN and line.item is not None and entry.ours:
        document.untick(entry)
    if line.item is not None and line.item.line:
        document.move(entry, line.item.line)


def add(document: Document, item: ChecklistItem, *, tells: bool) -> None:
    """Put an item in; `tells`: re-reading tells whether it is settled."""
    document.add(
        item.severity,
        heading(item),
        list(_block(item)),
        box(item, tells=tells),
    )


def _block(item: ChecklistItem) -> Iterator[str]:
    from migrator.reports.words import severity_heading

    yield f"## {severity_heading(item.severity)}"
    yield ""
    yield from explanation(item).split("\n")


def carried_out(document: Document, plan: Plan, moved: Moved) -> None:
    """Bring a document up to date with a plan that is carried out now, and put in all it says.

    `moved` says where lines are then, as the plan does already.
    """
    from migrator.reports.markdown import TAIL, checklist_markdown
    from migrator.reports.words import coverage_line

    for entry in document.entries():
        document.move(entry, moved.line(entry.path, entry.line))
    lines = compare(document, plan)
    moving = {line.entry.number for line in lines if line.state is State.MOVABLE and line.entry}
    for entry in document.entries():
        if entry.number in moving:
            document.tick(entry, _(MOVED))
    brought_up_to_date(document, lines)
    said = {(one.code, one.path, one.title) for one in document.entries()}
    telling = {item.id for item in standing(plan)}
    for item in plan.open_items:
        if item.id not in telling and (item.code, item.path, prose(item.title)) not in said:
            add(document, item, tells=False)
    document.add_coverage(f"`{coverage_line(plan.coverage)}`")
    fresh = Document(checklist_markdown(plan))
    for name in TAIL:
        document.replace_section(name, fresh.section(name))
    document.recount()
