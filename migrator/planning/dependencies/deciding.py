"""What is said of packages -> the edits of dependency files, and what a person does about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from packaging.requirements import Requirement as Written

from migrator.analysis.documents.requirement import Requirement
from migrator.analysis.sites import DocumentFacts, Kind, Site, Span
from migrator.decisions import ChecklistItem, Source
from migrator.edits import Edit
from migrator.edits import Splice as Splicing
from migrator.language import _, apart, joined
from migrator.planning.context import Context
from migrator.planning.dependencies import conflicts, demands, locks, pins, writing
from migrator.planning.dependencies.demands import Wanted
from migrator.planning.dependencies.files import (
    PYTHON,
    DependencyFile,
    normalised,
)
from migrator.planning.dependencies.needs import Need
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.release import covers
from migrator.planning.messages import general, item
from migrator.ranges import raised, releases

_CODEMOD = "requirement"
_MAIN = frozenset({("project", "dependencies"), ("tool", "poetry", "dependencies")})


@dataclass
class Step:
    """What becomes of one requirement: other releases, neighbours, its end."""

    file: DependencyFile
    old: Requirement
    versions: str = ""
    beside: dict[str, Need] = field(default_factory=dict)
    gone: bool = False
    reasons: dict[str, None] = field(default_factory=dict)
    site_ids: dict[str, None] = field(default_factory=dict)

    def after(self) -> Iterator[Wanted]:
        """What the file asks for then, in the place of what it did."""
        if not self.gone:
            yield wanted(self.file, self.old, self.versions)
        for need in self.beside.values():
            new = Written(need.requirement)
            yield Wanted(
                new.name, str(new.specifier), frozenset(new.extras), self.old.marker,
                path=self.file.path,
            )  # fmt: skip

    def drop(self, name: str) -> None:
        """Leave a package as it is, or out; what it was to take the place of stays."""
        if self.beside.pop(normalised(name), None) is not None:
            self.gone = False
        else:
            self.versions = ""


def _floor(new: Written) -> str:
    """The first release that a need is of."""
    return next((one.version for one in new.specifier if one.operator == ">="), "0")


def wanted(file: DependencyFile, one: Requirement, versions: str = "") -> Wanted:
    """A requirement of a file, or what it is with other releases."""
    line = file.source.position(one.bounds[0])[0]
    extras = frozenset(part.strip() for part in one.extras.split(",") if part.strip())
    return Wanted(one.name, versions or one.specifier, extras, one.marker, one.url, file.path, line)


def decide(context: Context) -> None:
    """Write what is needed into the dependency files, and raise pins of openai below 1.0."""
    _Decision(context).run()


class _Decision:
    """The steps of all files, while they are put together."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.sites: dict[tuple[str, Span], Site] = {}
        for site in context.of_kind(Kind.DEP):
            span = site.facts.value_span if isinstance(site.facts, DocumentFacts) else site.span
            if span is not None:
                self.sites[site.path, span] = site
        self.files = context.dependency_files
        self.steps: dict[tuple[str, Requirement], Step] = {}
        self.met: set[Need] = set()

    def run(self) -> None:
        for site in pins.to_raise(self.context):
            self._raise(site)
        needs: defaultdict[str, list[Need]] = defaultdict(list)
        for need in dict.fromkeys(self.context.needs):
            needs[normalised(need.beside)].append(need)
        for several in needs.values():
            self._write(several)
        self._settle_conflicts()
        changed = self._make_edits()
        self._tell_undeclared(needs)
        self._tell_locks(changed)

    # -- what is to be done ----------------------------------------------------------------------

    def _raise(self, site: Site) -> None:
        found = self._requirement(site)
        if found is None:
            pins.too_old(self.context, site)
            return
        file, old = found
        made = locks.compiled(file, self.files.files)
        if made and not any(self._names(one.source, pins.OPENAI) for one in made):
            pins.too_old(
                self.context, site, _("it is written by `{command}`", command=made[0].command)
            )
        elif made:
            self.context.leave(
                site.id, _("it is written anew by `{command}`", command=made[0].command)
            )
        else:
            environments = self.files.environments(file.path)
            rest = [wanted(one, each) for every in environments for one, each in every]
            step = self._step(file, old)
            step.versions = demands.narrowed(knowledge.pin(), rest)
            step.reasons[_("the calls are of openai {pin} now", pin=knowledge.pin())] = None

    def _write(self, needs: list[Need]) -> None:
        """Put packages that come beside the same one into the files that name that."""
        beside = needs[0].beside
        for file in self.files.files.values():
            here = [need for need in needs if self._concerns(file, need)]
            if not here or not file.named(beside) or file.is_constraining:
                continue
            made = locks.compiled(file, self.files.files)
            if made:
                self.met.update(here)
                if not any(self._names(one.source, beside) for one in made):
                    step = Step(file, file.named(beside)[0])
                    step.beside = {need.requirement: need for need in here}
                    self._tell(
                        step,
                        _by_hand(step, _("it is written by `{command}`", command=made[0].command)),
                    )
                continue
            if self._is_included(file, beside):
                continue
            self._write_into(file, beside, here)

    def _write_into(self, file: DependencyFile, beside: str, needs: list[Need]) -> None:
        gone = all(need.gone for need in needs)
        by_group = {one.group: one for one in reversed(file.named(beside))}
        main = {group: one for group, one in by_group.items() if group in _MAIN}
        for need in needs:
            self.met.add(need)
            self._need(file, list((main or by_group).values()), need)
        if gone:
            for one in file.named(beside):
                step = self._step(file, one)
                step.gone = True
                self._because(step, needs)

    def _need(self, file: DependencyFile, places: list[Requirement], need: Need) -> None:
        """A package that a file is to ask for, in each group of it, unless it does already."""
        new = Written(need.requirement)
        allowed = releases(str(new.specifier))
        if self._is_included(file, new.name):
            return
        for place in places:
            known = [
                one
                for one in file.named(new.name)
                if one.group in (place.group, *_MAIN) or writing.is_condas(file, place)
            ]
            for one in known:
                asked = releases(one.specifier)
                if asked is None or allowed is None:
                    continue
                if asked & allowed:
                    known_step = self.steps.get((file.path, one))
                    now = known_step.versions if known_step is not None else ""
                    versions = raised(now or one.specifier, _floor(new))
                else:
                    versions = str(new.specifier)
                if versions:
                    step = self._step(file, one)
                    step.versions = versions
                    self._because(step, [need])
            if not known:
                step = self._step(file, place)
                step.beside.setdefault(normalised(new.name), need)
                self._because(step, [need])

    def _because(self, step: Step, needs: Iterable[Need]) -> None:
        for need in needs:
            step.reasons[need.reason] = None
            step.site_ids |= dict.fromkeys(need.site_ids)

    def _concerns(self, file: DependencyFile, need: Need) -> bool:
        where = pins.scope(self.context, file.path)
        known = {**self.context.elsewhere, **self.context.by_id}
        return any(covers(where, known[one].path) for one in need.site_ids)

    def _names(self, path: str, distribution: str) -> bool:
        file = self.files.files.get(path)
        if file is None:
            return False
        return bool(file.named(distribution)) or self._is_included(file, distribution)

    def _is_included(self, file: DependencyFile, distribution: str) -> bool:
        """Whether a file that this one includes asks for a package."""
        below = self.files.below(file.path, asked=True)
        return any(one.named(distribution) for one in below)

    def _step(self, file: DependencyFile, old: Requirement) -> Step:
        return self.steps.setdefault((file.path, old), Step(file, old))

    def _requirement(self, site: Site) -> tuple[DependencyFile, Requirement] | None:
        """Where a site's requirement stands in its file."""
        file = self.files.files.get(site.path)
        for one in file.requirements if file else ():
            assert file is not None
            if self.sites.get((file.path, _span(file, one))) == site:
                return file, one
        return None

    # -- what cannot be --------------------------------------------------------------------------

    def _settle_conflicts(self) -> None:
        """Leave everything as it is that could not be installed together."""
        for path in dict.fromkeys(path for path, _unused in self.steps):
            for environment in self.files.environments(path):
                before = [wanted(file, one) for file, one in environment]
                after = [each for file, one in environment for each in self._after(file, one)]
                found = demands.clash(after)
                touched = {one for one in after if one not in before}
                ours = any(one.is_openai for one in touched)
                if found is None or (not ours and demands.clash(before) is not None):
                    continue
                self._withdraw({file.path for file, _ in environment}, found)

    def _after(self, file: DependencyFile, one: Requirement) -> Iterator[Wanted]:
        step = self.steps.get((file.path, one))
        return step.after() if step else iter([wanted(file, one)])

    def _withdraw(self, paths: set[str], found: demands.Clash) -> None:
        for key, step in list(self.steps.items()):
            if step.file.path not in paths:
                continue
            for new in _bearing_on_openai(step):
                told = conflicts.told(new, found)
                self._tell(step, told)
                self._hold(step.beside.get(normalised(new.name)), told[2])
                step.drop(new.name)
            if not (step.versions or step.beside or step.gone):
                del self.steps[key]

    def _hold(self, need: Need | None, details: Mapping[str, str]) -> None:
        """An object of a framework stays where the package of its new class cannot be installed."""
        for one in need.site_ids if need is not None else ():
            client = self.context.made_at(one)
            if client is not None and client.form == "framework":
                self.context.unsettled[one] = _(
                    "`{new}`, which it needs, cannot be installed beside {other}", **details
                )

    def _tell(self, step: Step, told: tuple[str, str, dict[str, str]]) -> None:
        """Put an item at the requirement's site, or at the first of those that need it changed."""
        code, why, details = told
        site = self.sites.get((step.file.path, _span(step.file, step.old)))
        if site is not None:
            self.context.hinder(site.id, item(code, site, why, self._cited(code, step), details))
            return
        line = step.file.source.position(step.old.bounds[0])[0]
        cited = self._cited(code, step)
        self.context.general.append(general(code, step.file.path, line, why, cited, **details))

    def _cited(self, code: str, step: Step) -> tuple[Source, ...]:
        if code == conflicts.CODE:
            return demands.sources()
        return tuple(one for need in step.beside.values() for one in need.sources)

    # -- what is written -------------------------------------------------------------------------

    def _make_edits(self) -> list[str]:
        changed: dict[str, None] = {}
        for step in self.steps.values():
            try:
                splices = self._splices(step)
            except writing.CannotWriteError as error:
                self._tell(step, _by_hand(step, str(error)))
                continue
            for edit in self._edits(step, splices):
                self.context.edit(edit)
                changed[edit.path] = None
        return list(changed)

    def _edits(self, step: Step, splices: list[writing.Splice]) -> Iterator[Edit]:
        site = self.sites.get((step.file.path, _span(step.file, step.old)))
        ids = (site.id,) if site is not None else tuple(self._own(step.site_ids))
        why = apart(step.reasons)
        for start, end, text in splices:
            span = step.file.source.span(start, end)
            yield Edit(step.file.path, span, _CODEMOD, Splicing(text), ids, why)

    def _own(self, site_ids: Iterable[str]) -> Iterator[str]:
        return (one for one in site_ids if one in self.context.by_id)

    def _splices(self, step: Step) -> list[writing.Splice]:
        file, old = step.file, step.old
        if file.is_hashed:
            raise writing.CannotWriteError(_("its packages are held to hashes"))
        if (file.path, _span(file, old)) not in self.sites and not any(self._own(step.site_ids)):
            raise writing.CannotWriteError(_("what needs it goes to another provider"))
        needs = list(step.beside.values())
        place, in_place = old, step.gone
        if writing.is_condas(file, old) and needs:
            place, in_place = writing.pip_group(file)[-1], False
        texts = [_text(file, old, need) for need in needs]
        found: list[writing.Splice] = []
        if in_place and texts:
            found += writing.replaced(file, old, *texts.pop(0))
        elif step.gone:
            found += writing.removed(file, old)
        elif step.versions:
            found += writing.change(file, old, step.versions)
        for text in texts:
            found += writing.added(file, place, *text)
        return found

    # -- what a person is told -------------------------------------------------------------------

    def _tell_undeclared(self, needs: dict[str, list[Need]]) -> None:
        """Say once of each package that no file could be told of what it is."""
        told = {need.requirement: need for several in needs.values() for need in several}
        for need in told.values():
            same = [one for one in self.context.needs if one.requirement == need.requirement]
            if not any(one in self.met or one.told for one in same):
                self._tell_general(need.requirement, need.beside, need.reason, need.sources)
        declared = any(site.detail == pins.OPENAI for site in self.sites.values())
        if self.context.upgrade_moves and not declared and not self.context.sdk:
            pin = f"{pins.OPENAI}{knowledge.pin()}"
            why = _("the calls are of openai {pin} now", pin=knowledge.pin())
            self._tell_general(pin, pins.OPENAI, why, ())

    def _tell_general(
        self, requirement: str, beside: str, why: str, cited: Iterable[Source]
    ) -> None:
        what = _(
            "Install it wherever the program runs: no dependency file names `{beside}`",
            beside=beside,
        )
        details = {"requirement": requirement, "what": what}
        self.context.general.append(general("dependency-needed", "", 0, why, cited, **details))

    def _tell_locks(self, changed: list[str]) -> None:
        """Name every lock file that is made of what changed, with its command."""
        files = self.files.files
        touched = {
            path
            for path in files
            if path in changed or any(one.path in changed for one in self.files.below(path))
        }
        found = [one for path in sorted(touched) for one in locks.made_of(path, self.context.locks)]
        for file in files.values():
            found += [one for one in locks.compiled(file, files) if one.source in touched]
        for lock in {one.path: one for one in found}.values():
            self.context.general.append(_lock_item(lock))


def _lock_item(lock: locks.Lock) -> ChecklistItem:
    where = _(" in `{folder}`", folder=lock.folder) if lock.folder else ""
    why = _("it is made of `{source}`, which changes", source=lock.source)
    return general(
        "lock-file", lock.path, 1, why, lock=lock.path, command=lock.command, where=where
    )


def _bearing_on_openai(step: Step) -> list[Wanted]:
    """What is asked for anew that is openai, or demands some releases of it."""
    before = wanted(step.file, step.old)
    return [
        one
        for one in step.after()
        if one != before and (one.is_openai or demands.demand(one) is not None)
    ]


def _span(file: DependencyFile, one: Requirement) -> Span:
    return file.source.span(*(one.whole if file.form == PYTHON else one.bounds))


def _text(file: DependencyFile, like: Requirement, need: Need) -> tuple[str, str]:
    new = Written(need.requirement)
    return writing.requirement_text(file, like, new), new.name


def _by_hand(step: Step, why: str) -> tuple[str, str, dict[str, str]]:
    """The item of a requirement that a person changes."""
    if not step.beside:
        return "legacy-pin", why, {}
    asked = joined(f"`{need.requirement}`" for need in step.beside.values())
    name = step.old.name
    what = (
        _("Put it in the place of `{name}` here", name=name)
        if step.gone
        else _("Put it beside `{name}` here", name=name)
    )
    return "dependency-needed", why, {"requirement": asked.strip("`"), "what": what}
