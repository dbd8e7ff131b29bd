"""What becomes of a client's key and base URL: what is handed in at run time goes on winning.

The default moves where it stands: OpenAI's address in the source, the read of a variable without a
default. Where the value may be empty, a read of the provider's variable is put behind it. It takes
the value's place only where nothing but OpenAI's own can stand there.
"""

from __future__ import annotations

from enum import Enum

from migrator.analysis.branches import condition, is_of_its_own
from migrator.analysis.sites import (
    Argument,
    ClientFacts,
    Origin,
    Place,
    Site,
    Sources,
    VariableRead,
)
from migrator.edits import Edit, ReadVariable, VariableDefault
from migrator.language import _
from migrator.planning import syntax
from migrator.planning.addresses import becomes
from migrator.planning.context import Context, within
from migrator.planning.variables import Variables, is_named
from migrator.source import SourceText

KEY, BASE_URL = "api_key", "base_url"
_NAMES = (KEY, BASE_URL)


class Way(Enum):
    """What becomes of a value."""

    STAYS = "it is right as it is, or once its default has moved"
    READ = "the provider's variable is read in its place"
    BEHIND = "the provider's variable is read where it is empty"


class ClientSettings:
    """The key and the base URL of one construction that moves."""

    def __init__(
        self, context: Context, variables: Variables, site: Site, facts: ClientFacts
    ) -> None:
        self._context = context
        self._variables = variables
        self._site = site
        self._facts = facts

    def way(self, argument: Argument) -> Way:
        """What becomes of the value of a key or a base URL."""
        return self._key(argument) if argument.name == KEY else self._base_url(argument)

    def _key(self, argument: Argument) -> Way:
        sources = argument.sources or Sources()
        if isinstance(argument.value, str):
            # A test's key is a dummy: a test must not start to depend on the environment.
            return Way.STAYS if self._site.in_tests else Way.READ
        read_by_others = any(map(self._variables.is_for_others, sources.reads))
        if argument.spelled == "None" or sources.azure:
            return Way.READ
        if read_by_others and not sources.handed_in:
            return Way.READ
        alone = sources.empty and not sources.reads and not self._site.in_tests
        return Way.BEHIND if alone and not self._is_asked_for(argument) else Way.STAYS

    def _base_url(self, argument: Argument) -> Way:
        sources = argument.sources or Sources()
        if self._facts.azure or sources.azure or argument.spelled == "None":
            return Way.READ
        if not sources.handed_in and self._is_to_be_read(argument, sources):
            return Way.READ
        empty = self._may_be_empty(argument, sources) and not self._is_asked_for(argument)
        return Way.BEHIND if empty else Way.STAYS

    def _is_to_be_read(self, argument: Argument, sources: Sources) -> bool:
        """Whether the address is written at the construction, put together, or read by others."""
        written = isinstance(argument.value, str) and any(
            within(Place(one.path, one.span), argument.place) for one in sources.addresses
        )
        others = any(
            is_named(read) and not self._variables.is_followed(read) for read in sources.reads
        )
        return written or bool(sources.composed) or others

    def _may_be_empty(self, argument: Argument, sources: Sources) -> bool:
        """Whether nothing may be given in the end, though every default has moved."""
        filled = syntax.is_filled(self._source(argument.place.path), argument.place.span)
        if filled and sources.addresses:
            return False
        open_reads = [read for read in sources.unset if self._read_call(read) is None]
        untold = sources.handed_in and not (
            sources.addresses or sources.reads or condition_of(self._context, self._site, argument)
        )
        return bool(open_reads) or ((sources.empty or untold) and not filled)

    def _is_asked_for(self, argument: Argument) -> bool:
        return syntax.is_asked_for(self._source(argument.place.path), argument.place.span)

    def _read_call(self, read: VariableRead) -> Place | None:
        if read.place is None:
            return None
        span = syntax.read_call(self._source(read.place.path), read.place.span)
        return Place(read.place.path, span) if span is not None else None

    # -- edits ----------------------------------------------------------------------------------

    def defaults(self, argument: Argument) -> list[Edit]:
        """The edits that give the provider's address to reads that have no default."""
        sources = argument.sources or Sources()
        if argument.name == KEY or self.way(argument) is not Way.STAYS:
            return []
        if sources.addresses and syntax.is_filled(
            self._source(argument.place.path), argument.place.span
        ):
            return []
        own = (read for read in sources.unset if not self._variables.is_for_others(read))
        calls = (self._read_call(read) for read in own)
        instruction = VariableDefault(self._context.base_url)
        return [self._edit(place, "variable-default", instruction) for place in calls if place]

    def own_reads(self, argument: Argument) -> list[Edit]:
        """The edits of reads, beside what is handed in, of variables that others go on reading."""
        sources = argument.sources or Sources()
        if self.way(argument) is Way.READ:
            return []
        found = []
        for read in sources.reads:
            place = read.place
            if place is None or not self._variables.is_for_others(read):
                continue
            span = syntax.read_at(self._source(place.path), place.span)
            if span is not None and within(Place(place.path, span), argument.place):
                instruction = ReadVariable(*self._variable(argument))
                found.append(self._edit(Place(place.path, span), "read-variable", instruction))
        return found

    def put_in(self, argument: Argument) -> Edit | None:
        """The edit of the value itself, where it is not right as it is."""
        way = self.way(argument)
        if way is Way.STAYS:
            return None
        variable, default = self._variable(argument)
        behind = way is Way.BEHIND
        told = behind and default and argument.sources is not None and argument.sources.reads
        instruction = ReadVariable(None if told else variable, default, behind)
        return self._edit(argument.place, "read-variable", instruction)

    def _variable(self, argument: Argument) -> tuple[str, str | None]:
        """The variable that is read for a value, and what stands for it where it is not set."""
        if argument.name == KEY:
            return self._variables.key_of(self._facts), None
        return self._variables.base_url_variable, self._context.base_url

    def _edit(
        self, place: Place, codemod: str, instruction: ReadVariable | VariableDefault
    ) -> Edit:
        why = _("requests go to {provider}", provider=self._context.provider.name)
        return Edit(place.path, place.span, codemod, instruction, (self._site.id,), why)

    # -- what is given on some ways only ----------------------------------------------------------

    def missing(self) -> frozenset[str]:
        """What a `**mapping` is given on some ways only, though it must never be missing."""
        return frozenset(name for name in _NAMES if self._may_lack(name))

    def _may_lack(self, name: str) -> bool:
        given = [one for one in self._facts.arguments if one.name == name]
        return bool(given) and all(self._is_left_out(one) for one in given)

    def _is_left_out(self, argument: Argument) -> bool:
        test = condition_of(self._context, self._site, argument)
        if not test:
            return False
        if not is_of_its_own(test, argument.spelled):
            return True
        sources = argument.sources or Sources()
        if argument.name == KEY:
            return not sources.reads
        return self._may_be_empty(argument, sources)

    def _source(self, path: str) -> SourceText:
        return self._context.sources.get(path) or SourceText("")


def condition_of(context: Context, site: Site, argument: Argument) -> str:
    """The test that an argument hangs on, "" where it is always given (see branches.py)."""
    source = context.sources.get(argument.container.path)
    if argument.origin is not Origin.ITEM_ASSIGNMENT or source is None:
        return ""
    here = site.span if argument.container.path == site.path else argument.container.span
    return condition(source.text, argument.container.span, here)


def display_of(context: Context, site: Site) -> Place | None:
    """The dict display that makes the `**mapping` of a construction."""
    source = context.sources.get(site.path)
    span = syntax.mapping_display(source, site.span) if source is not None else None
    return Place(site.path, span) if span is not None else None


def why_not(context: Context, site: Site, facts: ClientFacts) -> str | None:
    """Why the key and the base URL of a client cannot move as a whole."""
    settings = [one for one in facts.arguments if one.name in _NAMES]
    for argument in settings:
        sources = argument.sources or Sources()
        if argument.name in facts.sometimes and facts.form != "super":
            return _(
                "on some ways to it it is given `{name}`, and on others it is not",
                name=argument.name,
            )
        conditional = condition_of(context, site, argument)
        if conditional and display_of(context, site) is None:
            return _(
                "whether it is given `{name}` hangs on `{conditional}`",
                name=argument.name,
                conditional=conditional,
            )
        whole = facts.azure or sources.azure or not sources.handed_in
        if sources.composed and not whole and not _can_be_pieced(context, sources):
            return _("its base URL is put together of what is handed in")
    return None


def _can_be_pieced(context: Context, sources: Sources) -> bool:
    """Whether every address that a base URL is put together of becomes the provider's in parts."""
    return not any(is_named(read) for read in sources.reads) and all(
        becomes(address, context.base_url) is not None
        for address in sources.composed
        if address and address[0].literal is not None
    )
