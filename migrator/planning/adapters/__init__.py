"""Modules that are written beside the code: which calls need one, where it stands, how it is
imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from migrator.analysis.sites import Site
from migrator.decisions import NewFile
from migrator.edits import AdapterCall, Edit, EmbeddingsUtilities
from migrator.planning.adapters import drawn_edits, pictures, sending, speech, vectors
from migrator.planning.adapters.places import Places, common, folder_of
from migrator.planning.adapters.sending import Sending
from migrator.planning.context import Context
from migrator.planning.sdk.modules import in_its_words
from migrator.providers import Provider

_SOURCES: Mapping[str, Callable[[Provider, Sending, Collection[str]], str]] = {
    "speech": speech.source,
    "pictures": pictures.source,
    "edits": drawn_edits.source,
    "embeddings": vectors.source,
}


# The kinds of modules whose functions only post to a path, as clients of other SDKs do, too.
_POSTING = frozenset({vectors.CREATE, vectors.CREATE_LATER})


def only_posts(call: AdapterCall) -> bool:
    """Whether a function asks nothing of its client but to post to a path."""
    return call.function in _POSTING


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call that is to be made by a function of a module; one without a method, by another one
    that is written into its file."""

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
        for (kind, _, by_sdk), wanted in self._wanted.items():
            functions = {one.function for one in wanted}
            sent = self._sending(by_sdk=by_sdk)
            text = _SOURCES[kind](self.context.provider, sent, functions)
            text = in_its_words(self.context, text, [one.site.id for one in wanted])
            paths = sorted({one.site.path for one in wanted})
            path = self._places.free(common(map(folder_of, paths)), kind, text)
            sites = tuple(one.site.id for one in wanted)
            if path not in self._places.files:
                self.context.files.append(NewFile(path, text, paths[0], sites))
            for one in wanted:
                module = self._places.imported_as(path, one.site.path)
                own = self._places.own_modules(one.site.path)
                if not one.method:
                    self._for_functions(one, module, path, own)
                    continue
                facts = self.context.call(one.site.id)
                bare = facts is not None and facts.module_client
                made = AdapterCall(one.method, one.function, module, path, own, bare)
                span, ids = one.site.span, (one.site.id,)
                edit = Edit(one.site.path, span, "adapter-call", made, ids, one.reason)
                self.context.edit(edit)

    def _sending(self, *, by_sdk: bool) -> Sending:
        """How modules send to the provider's own interface."""
        native, sdk = self.context.provider.native, self.context.sdk
        if native is None:
            return sending.NOWHERE
        if not by_sdk:
            return sending.by_openai(native)
        assert sdk is not None
        assert sdk.posting is not None, "what goes by a path names how it is posted"
        return sending.by_sdk(native, sdk.posting)

    def _for_functions(self, one: _Wanted, module: str, path: str, own: tuple[str, ...]) -> None:
        """Tell of the module where functions that call it are written into a file."""
        facts = self.context.call(one.site.id)
        kind = "async" if facts is not None and facts.asynchronous else "sync"
        known = self.context.utilities.get(one.site.path, EmbeddingsUtilities())
        functions = tuple({**dict(known.functions), kind: one.function}.items())
        made = EmbeddingsUtilities((), (), functions, module, path, own)
        self.context.utilities[one.site.path] = made
