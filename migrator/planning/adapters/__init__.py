"""Modules that are written beside the code: which calls need one, where it stands, how it is
imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from migrator.analysis.sites import Site
from migrator.decisions import NewFile
from migrator.edits import AdapterCall, Edit
from migrator.planning.adapters import pictures, sending, speech
from migrator.planning.adapters.places import Places, common, folder_of
from migrator.planning.adapters.sending import Sending
from migrator.planning.context import Context
from migrator.providers import Native, Provider

_SOURCES: Mapping[str, Callable[[Provider, Sending, Collection[str]], str]] = {
    "speech": speech.source,
    "pictures": pictures.source,
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call that is to be made by a function of a module."""

    site: Site
    method: str
    function: str
    reason: str


@dataclass
class Adapters:
    """Gathers the calls; `finish` decides where the modules stand and plans the edits."""

    context: Context
    _wanted: defaultdict[tuple[str, str, bool], list[_Wanted]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        self._places = Places(self.context)

    def call(self, site: Site, kind: str, method: str, function: str, reason: str) -> None:
        """Have a call of `client.<method>` made by a function of the module of that kind."""
        home = self._places.tree(site.path)
        by_sdk = site.id in self.context.sdk_calls
        self._wanted[kind, home, by_sdk].append(_Wanted(site, method, function, reason))

    def finish(self) -> None:
        native = self.context.provider.native
        for (kind, _, by_sdk), wanted in self._wanted.items():
            assert native is not None, "a profile with native parameters names the interface"
            functions = {one.function for one in wanted}
            sent = self._sending(native, by_sdk=by_sdk)
            text = _SOURCES[kind](self.context.provider, sent, functions)
            paths = sorted({one.site.path for one in wanted})
            path = self._places.free(common(map(folder_of, paths)), kind, text)
            sites = tuple(one.site.id for one in wanted)
            if path not in self._places.files:
                self.context.files.append(NewFile(path, text, paths[0], sites))
            for one in wanted:
                module = self._places.imported_as(path, one.site.path)
                own = self._places.own_modules(one.site.path)
                facts = self.context.call(one.site.id)
                bare = facts is not None and facts.module_client
                made = AdapterCall(one.method, one.function, module, path, own, bare)
                span, ids = one.site.span, (one.site.id,)
                edit = Edit(one.site.path, span, "adapter-call", made, ids, one.reason)
                self.context.edit(edit)

    def _sending(self, native: Native, *, by_sdk: bool) -> Sending:
        if not by_sdk:
            return sending.by_openai(native)
        assert self.context.sdk is not None
        assert self.context.sdk.posting is not None, "what goes by a path names how it is posted"
        return sending.by_sdk(native, self.context.sdk.posting)
