"""What each command does, as a function: the command line, api.py and mcp call these."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator import language
from migrator.errors import MigrateError
from migrator.language import _, listed, marked
from migrator.regular import content
from migrator.settings import SUPPLEMENTED, Settings, load_settings
from migrator.targets import COMPATIBLE, MODES, SDK
from migrator.workers import settled, uncollected

# A scan is over before planning and writing would be imported: that is done where they are used.
if TYPE_CHECKING:
    from migrator.analysis.reading import Progress
    from migrator.analysis.result import ScanResult
    from migrator.analysis.sites import Site
    from migrator.changes.diff import FileChange
    from migrator.changes.filesystem import FileSystem
    from migrator.changes.result import ApplyResult
    from migrator.changes.undo import Undone
    from migrator.checklist.living import Look
    from migrator.comparing import Comparison
    from migrator.decisions import Group, Plan
    from migrator.explaining.places import Explained, Place, Told
    from migrator.inspection import Inspection
    from migrator.planning import PlanOptions
    from migrator.planning.suppressions import Suppressions
    from migrator.providers import Provider
    from migrator.rewriting import Rewriting
    from migrator.selection import Selection
    from migrator.source import SourceText
    from migrator.verification.emulator import Emulator
    from migrator.verification.exchanges import Exchange
    from migrator.verification.ladder import Ladder
    from migrator.verification.verifying import Wish

DIFF_FILE = "migration.diff"
CHECKLIST_FILE = "MIGRATION_CHECKLIST.md"
REPORTS = (CHECKLIST_FILE, DIFF_FILE)
_KEPT_PARTS = 8  # plans of parts that may be asked for again


class NoTargetError(MigrateError):
    """Neither the command nor the settings name a provider."""

    exit_code = 2


class UnknownWishError(MigrateError):
    """What is asked for, of openai before 1.0 or of the mode, is none of the ways there are."""

    exit_code = 2


class NoSdkError(MigrateError):
    """The provider has no SDK of its own that code could be moved to."""

    exit_code = 2


@dataclass(frozen=True)
class Options:
    """What a run is asked for. Empty values are taken from the settings file.

    `legacy` says what becomes of openai before 1.0: upgrade, keep, or auto (by the pins).
    `supplements` are other providers, by the capability that each serves in the target's place:
    embeddings, images, speech, transcription. `mode` says which SDK the code is to use: openai's
    (compatible) or the provider's own (sdk). `only` and `skip` select groups (see selection.py);
    with `docs` the documentation is written anew, too, and with `split_variables` a part may move
    whose variables others go on reading. Without `cache`, a scan goes by nothing that earlier ones
    kept, and keeps nothing.
    """

    target: str = ""
    region: str = ""
    model_map: Mapping[str, str] = field(default_factory=dict)
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    keep_env_names: bool | None = None
    markers: bool | None = None
    legacy: str = ""
    supplements: Mapping[str, str] = field(default_factory=dict)
    mode: str = ""
    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    docs: bool | None = None
    split_variables: bool | None = None
    cache: bool = True

    @property
    def given(self) -> dict[str, Any]:
        """What is asked for, of all that can be."""
        usual = vars(Options())
        return {name: one for name, one in vars(self).items() if one != usual[name]}

    @property
    def selectors(self) -> tuple[str, ...]:
        """Every selector of `only` and `skip`."""
        return (*self.only, *self.skip)

    @property
    def by_key(self) -> dict[str, Any]:
        """The values by the keys of a settings file."""
        others = {**dict.fromkeys(SUPPLEMENTED, ""), **self.supplements}
        return {**vars(self), **others, "map": self.model_map}

    @property
    def given_keys(self) -> set[str]:
        """What is asked for, by the keys of a settings file."""
        usual = Options().by_key
        given = {key for key, one in self.by_key.items() if one != usual[key]}
        return {*given, "gateway"} if self.target else given

    def merged(self, settings: Settings) -> Options:
        """These options over the settings', without what those say of single files."""
        return Options(
            self.target or settings.target or "",
            self.region or settings.region or "",
            {**settings.map, **self.model_map},
            self.include,
            self.exclude,
            settings.keep_env_names if self.keep_env_names is None else self.keep_env_names,
            settings.markers if self.markers is None else self.markers,
            self.legacy or settings.legacy or "",
            {**settings.supplements, **self.supplements},
            self.mode or settings.mode or "",
            self.only or settings.only,
            [*settings.skip, *self.skip],
            settings.docs if self.docs is None else self.docs,
            settings.split_variables if self.split_variables is None else self.split_variables,
        )


def scan(
    paths: Sequence[Path], options: Options | None = None, progress: Progress | None = None
) -> ScanResult:
    """Find every place under the paths that reaches OpenAI. Changes nothing.

    Raises MigrateError for paths or settings that cannot be used.
    """
    from migrator.discovery import common_root, look
    from migrator.memory.scans import memory_of
    from migrator.settings.territories import Territories

    chosen = options or Options()
    territories = Territories(common_root(paths))
    _refuse_half_written(common_root(paths))
    listed = look(paths, include=chosen.include, exclude=chosen.exclude, territories=territories)
    memory = memory_of(listed) if chosen.cache else None
    if memory is not None and (kept := memory.result()) is not None:
        return kept
    from migrator.analysis.result import ScanResult, Skipped
    from migrator.inspection import said_by

    seen = said_by(listed, memory, progress)
    result = ScanResult(
        ".",
        seen.seen,
        seen.analysis.parsed,
        tuple(Skipped(one.path, _(one.reason.value)) for one in seen.skipped),
        seen.analysis.sites,
        seen.analysis.unreadable,
    )
    if memory is not None:
        memory.keep(result)
    return result


def plan(
    paths: Sequence[Path], options: Options | None = None, progress: Progress | None = None
) -> tuple[ApplyResult, Path]:
    """What `apply` would do, and the root its paths are relative to. Changes nothing."""
    result, seen, _unused = _plan(paths, options, progress)
    return result, seen.root


def _plan(
    paths: Sequence[Path],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    traced: bool = False,
) -> tuple[ApplyResult, Inspection, Provider]:
    """What `apply` would do, what it goes by, and the provider."""
    parts = review(paths, options, progress, traced=traced)
    return parts.part(parts.selection), parts.seen, parts.provider


@dataclass(frozen=True)
class Parts:
    """What was seen of a repository, of which any part can be planned: `part` says what `apply`
    would do with a selection, `selection` is the one that was asked for.

    `part` raises SelectionError.
    """

    seen: Inspection
    provider: Provider
    selection: Selection
    part: Callable[[Selection], ApplyResult]

    @property
    def root(self) -> Path:
        return self.seen.root


def review(
    paths: Sequence[Path],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    traced: bool = False,
) -> Parts:
    """What `apply` would do with any part of the repository. Changes nothing.

    Raises MigrateError.
    """
    from migrator.changes.result import ApplyResult
    from migrator.changes.transaction import follow_links
    from migrator.notebooks.plans import shown_plan
    from migrator.planning import plugged
    from migrator.planning.suppressions import applied
    from migrator.rewriting import edited_texts, rewrite_all
    from migrator.selection import HELD, Selection, left_out, without, without_markers

    settings = load_settings(_start(paths))
    chosen = (options or Options()).merged(settings)
    provider = target(chosen.target, settings).in_region(chosen.region)
    mode = known_mode(chosen.mode)
    provider = provider.beside_its_sdk() if mode == SDK else provider
    others = chosen.supplements.items()
    supplements = {name: target(one, settings).in_region() for name, one in others}
    seen, known = _looked_at(paths, chosen, progress, traced=traced)
    assert known.territories is not None
    typed = options or Options()
    files = (site.path for site in seen.analysis.sites)
    run = {**chosen.by_key, "gateway": settings.gateway}
    known.territories.agree(run, typed.given_keys, settings.file, files)
    documents = _documents(seen)
    prose = _texts(documents)

    def planned(wishes: PlanOptions) -> Plan:
        made = _planned(seen, known, provider, chosen.region, wishes, supplements, mode, prose)
        return plugged.asked(made, seen.analysis.sources)

    def rewritten(decided: Plan) -> Rewriting:
        sources = {**prose, **seen.analysis.sources}
        return rewrite_all(decided, sources, {**documents, **seen.originals})

    done, wishes = _carried_out(planned, rewritten, _wishes(chosen), mode)
    if mode == SDK and done.plan.edits and not _takes_sdk(provider, seen.analysis.sites):
        raise NoSdkError(no_sdk(provider))
    selection = Selection(chosen.only, chosen.skip, typed.selectors)
    whole = done.plan

    @lru_cache(maxsize=_KEPT_PARTS)
    def without_these(left: frozenset[str]) -> Rewriting:
        if not left:
            return done
        rest = replace(wishes, held={**dict.fromkeys(left, _(HELD)), **wishes.held})
        carried, _unused = _carried_out(
            lambda wishes: without(planned(wishes), whole, left), rewritten, rest, mode
        )
        return carried

    all_of_it = len(paths) == 1 and paths[0].is_dir() and not (typed.include or typed.exclude)

    def part(selection: Selection) -> ApplyResult:
        carried = without_these(left_out(whole, selection, {*seen.python, *seen.originals}))
        if selection.unmarked:
            carried = rewritten(without_markers(carried.plan, selection.unmarked))
        changes = tuple(follow_links(seen.root, carried.changes))
        told = plugged.told(carried.plan, carried.idle)
        marked = applied(told, known, whole=whole, tells_unused=all_of_it)
        edits = edited_texts(carried.plan, {**prose, **seen.analysis.sources}, carried.made)
        return ApplyResult(shown_plan(marked, seen.analysis.sources), changes, edits)

    return Parts(seen, provider, selection, part)


def _looked_at(
    paths: Sequence[Path], chosen: Options, progress: Progress | None, *, traced: bool = False
) -> tuple[Inspection, Suppressions]:
    """What the files say, and what comments and settings say of the checklist."""
    from migrator.discovery import common_root
    from migrator.inspection import inspect
    from migrator.planning.suppressions import Suppressions
    from migrator.settings.territories import Territories

    root = common_root(paths)
    _refuse_half_written(root)
    territories = Territories(root)
    seen = inspect(
        paths,
        include=chosen.include,
        exclude=chosen.exclude,
        territories=territories,
        progress=progress,
        traced=traced,
    )
    return seen, Suppressions(seen.analysis.suppressions, seen.analysis.sites, territories)


def _refuse_half_written(root: Path) -> None:
    """Raise InterruptedRunError where a run was killed on its way in a folder or in one around it.

    What is there then is neither the code of before nor that of after.
    """
    for folder in (root, *root.resolve().parents):
        if (folder / ".migrate" / "runs").is_dir():
            from migrator.changes.errors import JournalError
            from migrator.changes.filesystem import FileSystem
            from migrator.changes.journal import Journal
            from migrator.changes.transaction import refuse_interrupted

            with suppress(JournalError):  # of another version: whoever writes is told
                refuse_interrupted(Journal(folder.resolve(), FileSystem()))


def _documents(seen: Inspection) -> dict[str, bytes]:
    """The documentation that may speak of OpenAI, without what an earlier run wrote."""
    from migrator.documentation.reading import read

    return read(seen.root, (one for one in seen.prose if one != CHECKLIST_FILE))


def _texts(documents: Mapping[str, bytes]) -> dict[str, SourceText]:
    """The texts of documents, of those that are text."""
    from migrator.source import SourceText, UndecodableError

    found = {}
    for path, data in documents.items():
        with suppress(UndecodableError):
            found[path] = SourceText.decode(data, python=False)
    return found


def _carried_out(
    planned: Callable[[PlanOptions], Plan],
    rewritten: Callable[[Plan], Rewriting],
    wishes: PlanOptions,
    mode: str,
) -> tuple[Rewriting, PlanOptions]:
    """A plan of which nothing is refused, carried out, and what it was asked for."""
    while True:
        with uncollected():
            decided = planned(wishes)
        done = rewritten(decided)
        refused = done.held()
        if mode == SDK and (kept := refused.keys() - wishes.kept.keys()):
            # It stays with the openai package: only where that is refused too, it stays on OpenAI.
            wishes = replace(wishes, kept={**wishes.kept, **{one: refused[one] for one in kept}})
        elif refused.keys() - wishes.held.keys():
            # What cannot be rewritten holds what it serves or is a part of: plan again without it.
            wishes = replace(wishes, held={**wishes.held, **refused})
        else:
            return done, wishes


def known_mode(wanted: str) -> str:
    """The mode that is asked for. Raises UnknownWishError where there is no such."""
    mode = wanted or COMPATIBLE
    if mode not in MODES:
        raise UnknownWishError(_("--mode is {modes}, not {mode!r}", modes=listed(MODES), mode=mode))
    return mode


def _takes_sdk(provider: Provider, sites: Sequence[Site]) -> bool:
    """Whether the mode means anything here: by the provider's SDK, or for a framework's objects.

    Where all is made by frameworks, each class is told of.
    """
    from migrator.planning.frameworks import own

    if provider.sdk is not None and provider.sdk.own:
        return True
    written = any(own.is_written(own.sender(site.facts), provider.id) for site in sites)
    return written or not any(own.is_plain(site.facts) for site in sites)


def no_sdk(provider: Provider) -> str:
    """Why code cannot be moved to an SDK of the provider's own, in one line with the source."""
    from migrator.reports.words import dated

    sdk = provider.sdk
    if sdk is None:
        return _(
            "no SDK of {provider} is known here: use --mode {mode}",
            provider=provider.name,
            mode=COMPATIBLE,
        )
    told = (
        marked(
            "{provider} recommends the openai SDK itself ({source}): {detail}; use --mode {mode}"
        )
        if sdk.sources
        else marked("{provider} recommends the openai SDK itself: {detail}; use --mode {mode}")
    )
    source = f"{dated(sdk.sources[0])}, {sdk.sources[0].url}" if sdk.sources else ""
    return _(told, provider=provider.name, source=source, detail=sdk.detail, mode=COMPATIBLE)


def compare(
    paths: Sequence[Path],
    targets: Sequence[str] = (),
    options: Options | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """What each provider would make of the repository (all, or the named ones). Changes nothing.

    What one lacks is also planned for with another beside it, of those that are named if they can.

    The settings' region and models are those of the settings' target. Raises MigrateError.
    """
    from migrator.comparing import compare as compare_providers
    from migrator.gateway import CUSTOM
    from migrator.notebooks.plans import shown_plan
    from migrator.planning.suppressions import applied
    from migrator.providers import known_ids, load_provider

    settings = load_settings(_start(paths))
    chosen = (options or Options()).merged(settings)
    ids = known_ids()
    every = ids if settings.gateway is None else (*ids, CUSTOM)
    providers = [(one, target(one, settings)) for one in targets or every]
    named = {one.id for __, one in providers}
    others = [(one, load_provider(one)) for one in ids if one not in named]
    own = target(chosen.target, settings) if chosen.target else None
    seen, known = _looked_at(paths, chosen, progress)

    def plan_for(provider: Provider, supplements: Mapping[str, Provider]) -> Plan:
        mine = chosen if provider == own else replace(chosen, region="", model_map={})
        here = provider.in_region(mine.region)
        beside = {name: one.in_region() for name, one in supplements.items()}
        decided = _planned(seen, known, here, mine.region, _wishes(mine), beside)
        marked = applied(decided, known)
        return shown_plan(marked, seen.analysis.sources)

    return compare_providers(seen, providers, others, plan_for)


def _wishes(chosen: Options) -> PlanOptions:
    """What the planner is asked for. Raises UnknownWishError."""
    from migrator.planning import PlanOptions
    from migrator.planning.legacy.release import AUTO, WISHES

    legacy = chosen.legacy or AUTO
    if legacy not in WISHES:
        raise UnknownWishError(
            _("--legacy is {wishes}, not {wish!r}", wishes=listed(WISHES), wish=legacy)
        )
    return PlanOptions(
        chosen.model_map,
        bool(chosen.keep_env_names),
        chosen.markers is not False,
        legacy=legacy,
        docs=bool(chosen.docs),
        split_variables=bool(chosen.split_variables),
    )


def _planned(
    seen: Inspection,
    known: Suppressions,
    provider: Provider,
    region: str,
    wishes: PlanOptions,
    supplements: Mapping[str, Provider],
    mode: str = COMPATIBLE,
    prose: Mapping[str, SourceText] | None = None,
) -> Plan:
    """The plan of what was seen, before anything is rewritten."""
    from migrator.decisions import Target
    from migrator.discovery import SkipReason
    from migrator.planning import plan as plan_sites
    from migrator.planning.dependencies import LOCKS

    every = {one.id: one for one in (provider, *supplements.values())}
    others = tuple((name, one.id) for name, one in supplements.items())
    return plan_sites(
        seen.analysis.sites,
        provider,
        target=Target(provider.id, mode, region, others),
        sources=seen.analysis.sources,
        options=wishes,
        unreadable=seen.analysis.unreadable,
        python=seen.python,
        modules={path: text for one in every for path, text in seen.modules(one).items()},
        data=[one.path for one in seen.skipped if one.reason is SkipReason.DATA],
        supplements=supplements,
        locks=seen.beside(LOCKS),
        prose=prose,
        suppressions=known,
    )


def target(name: str, settings: Settings) -> Provider:
    """The provider that a name means: an id, an alias, the path of a file, or `custom`.

    That is the gateway of the settings, which is meant too where no name is given. Raises
    NoTargetError, ProfileError.
    """
    from migrator.gateway import CUSTOM
    from migrator.providers import gateway_provider, load_provider

    if name and name != CUSTOM:
        return load_provider(name)
    if settings.gateway is None:
        raise NoTargetError(_no_target(name, settings))
    assert settings.file is not None
    file = settings.file
    return gateway_provider(
        settings.gateway, file=str(file), name=file.name, spelled=CUSTOM, at="gateway."
    )


def _no_target(name: str, settings: Settings) -> str:
    if name:
        return _(
            "{where}: there is no table `gateway` ([tool.migrator.gateway]) for the target {name}",
            where=settings.file or _("no settings"),
            name=name,
        )
    if settings.file is not None:
        return _(
            "no provider is named: give --target bailian, or set target in {file} (`migrate "
            "compare` shows what each would make of it)",
            file=settings.file,
        )
    return _(
        "no provider is named: give --target bailian, or set target in [tool.migrator] (`migrate "
        "compare` shows what each would make of it, `migrate init` writes the settings)"
    )


@dataclass(frozen=True)
class Emulation:
    """How a provider is to be played; empty values are taken from the settings file.

    `failures` are written `KIND:SHARE`; `answers` is `echo`, the path of a file, or a text.
    Streams wait `pause` seconds before each event.
    """

    target: str = ""
    region: str = ""
    port: int = 0
    key: str = ""
    answers: str = ""
    failures: Sequence[str] = ()
    pause: float = 0.0
    seed: int = 0


def emulate(wishes: Emulation, told: Callable[[Exchange], None] | None = None) -> Emulator:
    """An emulator of the provider, to be entered by `with`; each exchange is handed to `told`.

    Raises MigrateError for wishes that cannot be met, and for a port that is taken.
    """
    from migrator.verification.canned import answers_of
    from migrator.verification.emulator import KEY, Emulator
    from migrator.verification.failures import Failures, read_shares

    settings = load_settings(Path())
    region = wishes.region or settings.region or ""
    provider = _played(wishes.target or settings.target or "", settings, region)
    if not 0 <= wishes.pause < math.inf:
        raise UnknownWishError(_("--slow is a number of seconds"))
    shares = read_shares(wishes.failures)
    return Emulator(
        provider,
        port=wishes.port,
        key=wishes.key or KEY,
        answers=answers_of(wishes.answers) if wishes.answers else None,
        failures=Failures(provider, shares, wishes.seed) if shares else None,
        pause=wishes.pause,
        region=region,
        told=told,
    )


def _played(name: str, settings: Settings, region: str = "") -> Provider:
    """A provider as it is played: what it answers is the same in every language."""
    spoken = language.use(language.ENGLISH)
    try:
        return target(name, settings).in_region(region)
    finally:
        language.use(spoken)


def apply(
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    allow_dirty: bool = False,
    command: str = "migrate apply",
    progress: Progress | None = None,
) -> tuple[ApplyResult, Path]:
    """Plan, then write everything or nothing, with the diff and the checklist beside it.

    The places that the result names are those of the files as they are then.

    Raises MigrateError; then nothing was written.
    """
    result, root = plan(paths, options, progress)
    written = carry_out(
        result, root, options, allow_dirty=allow_dirty, command=command, paths=paths
    )
    return written, root


@settled()
def carry_out(
    result: ApplyResult,
    root: Path,
    options: Options | None = None,
    *,
    allow_dirty: bool = False,
    command: str = "migrate apply",
    paths: Sequence[Path] = (),
    files: FileSystem | None = None,
) -> ApplyResult:
    """Write what was planned with these options (see apply), to the disk or by `files`.

    Where nothing can be changed the checklist is written all the same, unless there is one: that of
    an earlier run says more, and goes on in its own language (`paths` are what was planned for, the
    root without them). Raises MigrateError; then nothing was written.
    """
    from migrator.changes.planned import kept
    from migrator.changes.transaction import apply_changes
    from migrator.checklist.places import afterwards
    from migrator.explaining.history import keep
    from migrator.reports.json import decisions_json

    if not result.changes and (not result.plan.checklist or (root / CHECKLIST_FILE).exists()):
        return result
    decided = result.plan
    result = replace(result, plan=afterwards(decided, result.changes))
    again = partial(plan, paths or [root], options)
    changes = (*result.changes, *_reports(result, root, again))
    planned = kept(decided, (options or Options()).given)
    run = apply_changes(
        root, changes, command=command, planned=planned, allow_dirty=allow_dirty, files=files
    )
    if run is not None:
        keep(root, run, decisions_json(decided))
    return replace(result, run=run)


def tell(
    paths: Sequence[Path], options: Options | None = None, progress: Progress | None = None
) -> tuple[Told, Path]:
    """What `apply` would do, with all that is told of every site, and the root. Changes nothing.

    That is slower than `plan`: every link of what is known is kept. The texts of single edits are
    not among it: the changes hold them. Raises MigrateError.
    """
    from migrator.explaining.places import Teller, Told

    result, seen, provider = _plan(paths, options, progress, traced=True)
    teller = Teller(result.plan, result.edits, provider, seen.root)
    accounts = tuple(teller.account(one.site) for one in result.plan.decisions)
    return Told(result, accounts, provider, seen.root.resolve().name), seen.root


def explain(
    asked: Place,
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    root: Path | None = None,
) -> tuple[Explained, Provider]:
    """What is at a place, how that is known, what is decided for the target and why.

    The repository is analysed as a whole: `root`, or the nearest folder around the file with a git
    repository or with settings of ours. Raises MigrateError.
    """
    from migrator.explaining.history import written
    from migrator.explaining.places import NoPlaceError, Teller, explained, sites_at

    root = repository(asked.path) if root is None else root.resolve()
    if not asked.site and not asked.path.is_file():
        raise NoPlaceError(_("{path}: no such file", path=asked.path))
    result, seen, provider = _plan([root], options, progress, traced=True)
    path = "" if asked.site else asked.path.resolve().relative_to(root).as_posix()
    every = [one.site for one in result.plan.decisions]
    at = sites_at(every, path, asked)
    if asked.site and not at:
        raise NoPlaceError(_("no site under {root} has the id {id}", root=root, id=asked.site))
    teller = Teller(result.plan, result.edits, provider, seen.root)
    history = written(root, path, asked.line) if not asked.site else None
    return explained(result.plan, asked, path, teller, at, history), provider


def checklist(
    paths: Sequence[Path],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    update: bool = False,
) -> tuple[Look, Path]:
    """A new look at the repository and its MIGRATION_CHECKLIST.md, and the root of both.

    With `update` the file is brought up to date: what is settled is ticked, and what is new put in.
    Raises MigrateError.
    """
    from migrator.changes.journal import rewrite
    from migrator.checklist.living import look
    from migrator.discovery import common_root
    from migrator.settings.territories import Territories

    root = common_root(paths)
    text = _checklist_text(root)
    wanted = options or Options()
    if not wanted.merged(load_settings(_start(paths))).target:
        wanted = replace(wanted, target=moved_to(root))
    result, seen, provider = _plan(paths, wanted, progress)

    def again() -> Plan:
        return _plan(paths, wanted)[0].plan

    found = look(
        provider, result.plan, text, seen.analysis.suppressions, again, Territories(seen.root)
    )
    if update and found.changed:
        rewrite(seen.root, CHECKLIST_FILE, found.text.encode("utf-8", "surrogateescape"))
    return found, seen.root


def root_of(paths: Sequence[Path]) -> Path:
    """The folder that paths in a result are relative to. Raises MigrateError."""
    from migrator.discovery import common_root

    return common_root(paths).resolve()


def groups() -> tuple[Group, ...]:
    """What moves as a whole each, in the current folder. Raises MigrateError.

    By the settings' provider, or the checklist's, or else any.
    """
    from migrator.providers import provider_ids

    here = Path()
    named = load_settings(here).target or moved_to(here) or provider_ids()[0]
    result, _ = plan([here], Options(named))
    return result.plan.groups


def moved_to(root: Path) -> str:
    """The provider that a folder was moved to: by its newest run, or as its checklist names it.

    "" where neither says.
    """
    from migrator.changes.journal import runs
    from migrator.changes.planned import options_of
    from migrator.checklist.document import Document

    if asked := options_of(runs(root)).get("target"):
        return str(asked)
    text = _checklist_text(root)
    return Document(text).target if text is not None else ""


def _checklist_text(root: Path) -> str | None:
    """The checklist of a folder, with every byte of it; None where there is none."""
    data = _existing(root / CHECKLIST_FILE)
    return data.decode("utf-8", "surrogateescape") if data is not None else None


def repository(path: Path) -> Path:
    """The folder that a file's repository begins in: with .git or with settings of ours.

    Else the current folder, if the file is below it, or the file's own.
    """
    here, current = path.resolve(), Path().resolve()
    start = here if here.is_dir() else here.parent
    for folder in (start, *start.parents):
        settings = load_settings(folder).file
        if (folder / ".git").exists() or (settings and settings.parent == folder):
            return folder
    return current if current in start.parents else start


def _reports(
    result: ApplyResult, root: Path, again: Callable[[], tuple[ApplyResult, Path]]
) -> list[FileChange]:
    """The checklist and the diff. A checklist of an earlier run keeps what people wrote in it."""
    from migrator.changes.diff import FileChange
    from migrator.checklist.document import Document
    from migrator.checklist.living import carried_out
    from migrator.checklist.places import Moved
    from migrator.reports.markdown import checklist_markdown
    from migrator.reports.patch import saved_diff

    known = _checklist_text(root)
    document = Document(known) if known is not None else None
    if document is not None and document.target == result.plan.target.provider:
        spoken = language.use(document.language)
        try:
            told = result.plan if document.language == spoken else _retold(result, again()[0])
            carried_out(document, told, Moved(result.changes))
        finally:
            language.use(spoken)
        text = document.text
    else:
        text = checklist_markdown(result.plan)
    contents = {CHECKLIST_FILE: text.encode("utf-8", "surrogateescape")}
    if result.changes:
        contents[DIFF_FILE] = saved_diff(root, result.changes)
    return [FileChange(name, _existing(root / name), content) for name, content in contents.items()]


def _retold(result: ApplyResult, again: ApplyResult) -> Plan:
    """What is carried out, in the words of a plan that was made again in another language.

    As it is where that plan says something else.
    """
    from migrator.checklist.places import afterwards

    told = afterwards(again.plan, again.changes)
    same = [one.id for one in told.checklist] == [one.id for one in result.plan.checklist]
    return told if same else result.plan


def _existing(path: Path) -> bytes | None:
    return content(path) if path.exists() else None


def verify(
    root: Path,
    options: Options | None = None,
    wish: Wish | None = None,
    progress: Progress | None = None,
) -> Ladder:
    """Show what holds of a migrated tree, rung by rung (see verification/ladder.py).

    What the recorded runs were asked for counts where `options` say nothing, and the provider that
    a checklist names where they, the runs and the settings name none; `wish` says which
    rungs are climbed. Raises MigrateError.
    """
    from migrator.changes.journal import runs
    from migrator.changes.planned import options_of
    from migrator.verification.verifying import Migrated, Wish
    from migrator.verification.verifying import verify as climb

    if not root.is_dir():
        raise UnknownWishError(_("{root}: no such folder", root=root))
    recorded = runs(root)
    wished = Options(**{**options_of(recorded), **(options or Options()).given})
    settings = load_settings(root)
    if not wished.merged(settings).target:
        wished = replace(wished, target=moved_to(root))
    # What a run selected may go by another name now.
    parts = review([root], wished, progress)
    now = parts.part(replace(parts.selection, named=(options or Options()).selectors))
    tree = parts.root
    chosen = wished.merged(settings)
    provider = target(chosen.target, settings).in_region(chosen.region)
    others = [target(one, settings).in_region() for one in chosen.supplements.values()]
    stand_ins = [
        _played(chosen.target, settings, chosen.region),
        *(_played(one, settings) for one in chosen.supplements.values()),
    ]
    looked_at = (tuple(chosen.include), tuple(chosen.exclude))
    changed = [one.path for one in now.changes]
    migrated = Migrated(tree, provider, recorded, now.plan, changed, others, stand_ins, *looked_at)
    return climb(migrated, wish or Wish())


def undo(root: Path, run_id: str | None = None) -> Undone:
    """Take back the newest run (or the named one), byte for byte. Raises MigrateError."""
    from migrator.changes.undo import undo as undo_run

    return undo_run(root, run_id, reports=REPORTS)


def _start(paths: Sequence[Path]) -> Path:
    first = paths[0] if paths else Path()
    return first if first.is_dir() else first.parent
