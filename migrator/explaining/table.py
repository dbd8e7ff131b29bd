"""The decision table: what becomes of each name of OpenAI's surface at one provider.

A decision is read from the plan of the plainest program that uses the name, so the table says what
`migrate apply` does, and cannot say anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from migrator.analysis import surface
from migrator.analysis.calls import without_raw
from migrator.analysis.reading import analyse
from migrator.analysis.surface import Section
from migrator.decisions import (
    Checklist,
    ChecklistItem,
    Convert,
    Decision,
    Leave,
    Plan,
    Severity,
    Source,
    Target,
)
from migrator.explaining.specimens import Specimen, specimen
from migrator.language import _, marked
from migrator.planning import PlanOptions, plan
from migrator.planning.frameworks.recipes import compatible
from migrator.planning.legacy.release import UPGRADE
from migrator.providers import NO_COUNTERPART, Provider
from migrator.rewriting import rewrite_all
from migrator.sdks import COMPATIBLE, SDK

_PATH = "app.py"
_GIVEN = marked("it goes by the objects and dictionaries that it is given")
SECTIONS: tuple[Section, ...] = (
    "method",
    "legacy_class",
    "legacy_call",
    "client",
    "setting",
    "exception",
    "type",
    "framework",
)


class Becomes(str, Enum):
    """What becomes of a name. The values are the words of the reports."""

    REWRITTEN = marked("rewritten")
    KEPT = marked("kept as it is")
    CHECKLIST = marked("on the checklist")
    LEFT = marked("left")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table.

    `counterpart` is what is nearest at the provider, for what is not served there. `items` are the
    checklist's, the one that decided first. `before` and `after` are the program that was decided
    on and what becomes of it.
    """

    section: Section
    name: str
    becomes: Becomes
    why: str
    counterpart: str
    sources: tuple[Source, ...]
    items: tuple[ChecklistItem, ...]
    before: str
    after: str

    @property
    def severity(self) -> Severity | None:
        """How grave it is, for what is on the checklist."""
        on_it = self.becomes is Becomes.CHECKLIST
        return min((one.severity for one in self.items), key=_GRAVITY.index) if on_it else None


_GRAVITY = tuple(Severity)


def entry(provider: Provider, section: Section, name: str, mode: str = COMPATIBLE) -> Entry:
    """The row of one name of the catalogue; a method's may have a raw prefix in it."""
    known = provider.beside_its_sdk() if mode == SDK else provider
    return _entry(known, specimen(section, name), mode)


def entries(provider: Provider, sections: Sequence[Section] = SECTIONS) -> Iterator[Entry]:
    """Every row of some sections, in the catalogue's order."""
    for section in sections:
        for name in surface.every(section):
            yield entry(provider, section, name)


def _entry(provider: Provider, one: Specimen, mode: str) -> Entry:
    data = {_PATH: one.text.encode()}
    analysis = analyse(data, {}, [_PATH])
    planned = plan(
        analysis.sites,
        provider,
        target=Target(provider.id, mode),
        sources=analysis.sources,
        # A name alone may not move, and is told of as in a program of which something does.
        options=PlanOptions(markers=False, legacy=UPGRADE),
    )
    done = rewrite_all(planned, analysis.sources, data)
    after = next((change.after or b"" for change in done.changes), data[_PATH]).decode()
    decision = _decision(done.plan, one)
    becomes, why, sources, items = _read(provider, one, decision)
    if becomes is not Becomes.CHECKLIST and not one.stands_in(after):
        becomes = Becomes.REWRITTEN
    return Entry(
        one.section,
        one.name,
        becomes,
        why,
        _counterpart(provider, one) if becomes is Becomes.CHECKLIST else "",
        sources,
        items,
        one.text,
        after,
    )


def _decision(planned: Plan, one: Specimen) -> Decision | None:
    """The decision on the place that counts; None where the analysis sees nothing to decide."""
    there = [decision for decision in planned.decisions if decision.site.span.line == one.line]
    return next((decision for decision in there if decision.site.kind is one.kind), None)


_Reading = tuple[Becomes, str, tuple[Source, ...], tuple[ChecklistItem, ...]]


def _read(provider: Provider, one: Specimen, decision: Decision | None) -> _Reading:
    match decision:
        case None if one.section == "framework":
            return Becomes.LEFT, _(_GIVEN), (), ()
        case None:
            endpoint = provider.endpoint(without_raw(one.name))
            return Becomes.KEPT, endpoint.detail, endpoint.sources, ()
        case Convert(reason=reason, sources=sources, notes=notes):
            return Becomes.KEPT, reason, sources, notes
        case Checklist(items=items):
            return Becomes.CHECKLIST, items[0].why, items[0].sources, items
        case Leave(reason=reason, sources=sources):
            return Becomes.LEFT, reason, sources, ()


def _counterpart(provider: Provider, one: Specimen) -> str:
    """What is nearest to a name that the provider does not serve as it is."""
    match one.section:
        case "method":
            return provider.endpoint(without_raw(one.name)).counterpart
        case "legacy_call":
            call = surface.legacy_call(one.name)
            now = call.maps_to if call is not None else None
            return _successor(provider, now) if now else _(NO_COUNTERPART)
        case "legacy_class":
            known = surface.legacy_class(one.name)
            now = known.resource if known is not None else None
            told = _("`{name}` of a client of openai 1.0 and later", name=now)
            return told if now else _(NO_COUNTERPART)
        case "exception":
            known_as = surface.exception(one.name) or one.name
            return surface.exception_now(known_as) or _(NO_COUNTERPART)
        case "framework":
            return compatible(one.name) or _(NO_COUNTERPART)
        case "client":
            return _("an `OpenAI` client with the provider's base URL")
        case "setting":
            setting = surface.module_setting(one.name)
            return (setting.now if setting is not None else None) or _(NO_COUNTERPART)
    return _(NO_COUNTERPART)


def _successor(provider: Provider, now: str) -> str:
    """The method of today that a call of 0.x became, and what is nearest to that."""
    endpoint = provider.endpoint(now)
    told = (
        marked("`{name}` of openai 1.0 and later")
        if endpoint.support == "yes"
        else marked("`{name}` of openai 1.0 and later, and for that: {counterpart}")
    )
    return _(told, name=now, counterpart=endpoint.counterpart)
