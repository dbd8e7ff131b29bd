"""Keys that are handed in at run time: what is sent with the same one moves together.

A key out of a store, a dialog or a parameter stays where it comes from. There is one place for it,
and it cannot hold the keys of two providers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from migrator.analysis.sites import Destination, Site, Sources
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.legacy.modules import Files
from migrator.planning.variables import KEY

_FRAMEWORK = "framework"


@dataclass
class Ties:
    """What hangs together by its key: `of` gives the ties of a client or request by its id."""

    of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def ties(context: Context) -> Ties:
    """The ties of every client and request whose key is handed in, or read where such a one is."""
    keyed = [(site, sources, open_) for site, sources, open_ in _keyed(context)]
    handed = [(site, sources) for site, sources, _ in keyed if sources.handed_in]
    shared: defaultdict[str, dict[str, None]] = defaultdict(dict)
    found = Ties()
    reads = {read.site for _, sources in handed for read in sources.reads if read.site}
    for site, sources, _unused in keyed:
        for read in sources.reads:
            if read.site in reads:
                shared[f"key:{read.site}"][site.id] = None
        for setting in sources.settings:
            shared[f"key:{setting.path}:{setting.span}"][site.id] = None
        for step in sources.passed:
            shared[f"key:{step.path}:{step.line}:{step.what}"][site.id] = None
    files = Files(context.sources)
    alone = [site for site, sources, open_ in keyed if open_ and _is_wholly_handed(sources)]
    for one, other in combinations(alone, 2):
        if files.related(one.path, other.path):
            shared[f"key:{one.id}"] |= {one.id: None, other.id: None}
    by_site: defaultdict[str, list[str]] = defaultdict(list)
    for tie, members in shared.items():
        if len(members) > 1:
            first = context.by_id[next(iter(members))]
            found.words[tie] = _(
                "the key that is handed in at {path}:{line}", path=first.path, line=first.span.line
            )
            for member in members:
                by_site[member].append(tie)
    found.of = {member: tuple(names) for member, names in by_site.items()}
    return found


def _is_wholly_handed(sources: Sources) -> bool:
    return sources.handed_in and not sources.reads


def _keyed(context: Context) -> Iterator[tuple[Site, Sources, bool]]:
    """Every client and request with what its key may come from, and whether it is OpenAI's own.

    Not a client of an unknown address: its key may be anybody's.
    """
    for site, client in context.clients():
        if client.destination is Destination.UNKNOWN:
            continue
        known = client.form != _FRAMEWORK
        for argument in client.arguments if not site.in_tests else ():
            if argument.sources is not None and argument.name.endswith(KEY):
                yield site, argument.sources, known
    for site, call in context.calls():
        for header in call.http.headers if call.http is not None and not site.in_tests else ():
            if header.sources is not None:
                yield site, header.sources, True
