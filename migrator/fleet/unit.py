"""One repository: what reaches OpenAI in it, what becomes of it, and what is handed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrator import __version__, language, workflow
from migrator.analysis.sites import CallFacts, Kind, Site
from migrator.decisions import Convert, Plan, Severity
from migrator.errors import MigrateError
from migrator.fleet import git
from migrator.fleet.checkout import Checkout, checked_out
from migrator.fleet.errors import RepositoryError
from migrator.fleet.result import Item, Offer, Outcome, Result, Standing
from migrator.fleet.wish import BRANCH, Job, Wish
from migrator.language import _, marked
from migrator.reports.redaction import redact
from migrator.settings import Settings, load_settings
from migrator.targets import is_file

if TYPE_CHECKING:
    from migrator.changes.result import ApplyResult
    from migrator.explaining.places import Told

PATCH, PAGE = "migration.patch", "report.html"
DESCRIPTION, BUNDLE = "merge-request.md", "branch.bundle"


def run(job: Job) -> Outcome:
    """Carry out what is asked for of one repository. Raises MigrateError, OSError."""
    wish, entry = job.wish, job.entry
    if wish.version != __version__:
        told = _("this machine has migrate {here}, and {there} asks", here=__version__,
                 there=wish.version)  # fmt: skip
        raise RepositoryError(told)
    language.use(wish.language)
    with checked_out(entry, wish.work, in_place=wish.in_place) as found:
        try:
            return _Unit(job, found).outcome()
        except (MigrateError, OSError) as error:
            if found.above is None:
                raise
            # Where the copy was means nothing to anybody.
            told = str(error).replace(f"{found.above}/", "")
            raise RepositoryError(told) from None


@dataclass
class _Unit:
    job: Job
    found: Checkout
    contents: dict[str, bytes] = field(default_factory=dict)

    @property
    def wish(self) -> Wish:
        return self.job.wish

    def outcome(self) -> Outcome:
        entry, root = self.job.entry, self.found.root
        options = replace(self.wish.options, target=entry.target or self.wish.options.target)
        settings = load_settings(root)
        if self.found.is_copy:
            _require_inside(settings, self.found.tree)
        offers = self._offers(options) if self.wish.compares else ()
        if options.merged(settings).target or settings.gateway is not None or self.wish.applies:
            result = self._planned(options)
        else:
            result = self._scanned(options)
        result = replace(result, base=self.found.base, offers=offers, files=tuple(self.contents))
        return Outcome(result, self.contents)

    def _scanned(self, options: workflow.Options) -> Result:
        from migrator.reports.html import scan_html

        scan = workflow.scan([self.found.root], options)
        standing = Standing.FOUND if scan.sites else Standing.NOTHING
        requests = sum(isinstance(site.facts, CallFacts) for site in scan.sites)
        if scan.sites and self.wish.pages:
            self._keep(PAGE, scan_html(scan, repository=self.job.entry.name))
        return Result.of(
            self.job.entry, standing=standing, sites=_kinds(scan.sites), requests=requests
        )

    def _planned(self, options: workflow.Options) -> Result:
        told, root = workflow.tell([self.found.root], options)
        result, plan = told.result, told.result.plan
        requests = [one for one in plan.decisions if isinstance(one.site.facts, CallFacts)]
        items, standing = _items(plan), _standing(told.result)
        self._reports(told, root)
        branch = commit = ""
        if result.changes and (self.wish.in_place or (self.wish.applies and self.found.is_copy)):
            branch, commit = self._carried_out(told, root, options)
        added, removed = _sizes(result)
        coverage = plan.coverage
        return Result.of(
            self.job.entry,
            target=plan.target.provider,
            standing=standing,
            branch=branch,
            commit=commit,
            sites=_kinds([one.site for one in plan.decisions]),
            requests=len(requests),
            moved=sum(isinstance(one, Convert) for one in requests),
            converted=coverage.converted,
            checklist=coverage.checklist,
            left=coverage.left,
            items=items,
            changed=len(result.changes),
            added=added,
            removed=removed,
        )

    def _reports(self, told: Told, root: Path) -> None:
        """The patch, the description of a merge request, and the page, where there is a use."""
        from migrator.reports.html import plan_html
        from migrator.reports.merge_request import plan_markdown
        from migrator.reports.patch import patch

        result = told.result
        if result.changes:
            self.contents[PATCH] = patch(root, result.changes)[0]
        if result.changes or result.plan.open_items:
            back = _(_UNDO if self.wish.in_place else _CLOSE)
            described = plan_markdown(result, next_step="", back=back)
            self._keep(DESCRIPTION, described)
        if result.plan.decisions and self.wish.pages:
            self._keep(PAGE, plan_html(replace(told, repository=self.job.entry.name)))

    def _keep(self, name: str, text: str) -> None:
        self.contents[name] = text.encode("utf-8", "surrogateescape")

    def _carried_out(self, told: Told, root: Path, options: workflow.Options) -> tuple[str, str]:
        """Write the changes; gives the branch and its commit, of a copy."""
        from migrator.changes.filesystem import Unsettled

        copied = self.found.is_copy
        workflow.carry_out(
            told.result,
            root,
            options,
            allow_dirty=copied,
            command="migrate fleet",
            files=Unsettled() if copied else None,
        )
        if not copied:
            return "", ""
        prefix = root.relative_to(self.found.tree)
        branch = "-".join((self.wish.branch or f"{BRANCH}/{told.provider.id}", *prefix.parts))
        written = [one.path for one in told.result.changes]
        if (root / workflow.CHECKLIST_FILE).is_file():
            written.append(workflow.CHECKLIST_FILE)
        message = _("Move from OpenAI to {provider}", provider=told.provider.name) + "\n"
        paths = [(prefix / path).as_posix() for path in written]
        commit = git.commit(self.found.tree, paths, message, self.wish.author, branch)
        self.contents[BUNDLE] = git.bundle(self.found.tree, self.found.base, branch)
        return branch, commit

    def _offers(self, options: workflow.Options) -> tuple[Offer, ...]:
        compared = workflow.compare([self.found.root], (), replace(options, target=""))
        best = compared.recommended
        return tuple(
            Offer(one.target, one.label, one.moved, one.items.get(Severity.BLOCKER, 0), one is best)
            for one in compared.candidates
        )


_CLOSE = marked("Close this merge request, or revert its commit.")
_UNDO = marked("`migrate undo` restores every file byte for byte.")


def _require_inside(settings: Settings, tree: Path) -> None:
    """Refuse settings that lead to a file of a provider's outside of the repository."""
    for named in (settings.target, *settings.supplements.values()):
        if is_file(named) and not Path(named).resolve().is_relative_to(tree):
            told = _("the settings name a provider's file that is not in the repository")
            raise RepositoryError(told)


def _standing(result: ApplyResult) -> Standing:
    blocked = any(one.severity is Severity.BLOCKER for one in result.plan.open_items)
    if result.changes:
        return Standing.PARTLY if blocked else Standing.MOVES
    return Standing.PEOPLE if result.plan.open_items else Standing.NOTHING


def _kinds(sites: Iterable[Site]) -> dict[str, int]:
    counts = Counter(site.kind for site in sites)
    return {kind.value: counts[kind] for kind in Kind if counts[kind]}


def _items(plan: Plan) -> tuple[Item, ...]:
    """The checklist by its codes, and by what of OpenAI's each item is about."""
    about = {one.site.id: _about(one.site) for one in plan.decisions}
    counts = Counter(
        (one.code, redact(about.get(next(iter(one.site_ids), ""), "")), one.severity.value)
        for one in plan.open_items
    )
    return tuple(Item(*key, number) for key, number in sorted(counts.items()))


def _about(site: Site) -> str:
    """What of OpenAI's a site is about: `images`, the name of a variable, of a package."""
    from migrator.planning.capabilities import capability

    return capability(site.facts.api) if isinstance(site.facts, CallFacts) else site.detail


def _sizes(result: ApplyResult) -> tuple[int, int]:
    """How many lines come and go."""
    from migrator.changes.diff import unified_diff

    lines: Sequence[bytes] = unified_diff(result.changes).split(b"\n")
    body = [one for one in lines if one[:3] not in (b"+++", b"---")]
    return sum(one[:1] == b"+" for one in body), sum(one[:1] == b"-" for one in body)
