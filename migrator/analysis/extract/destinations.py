"""Where a client sends its requests: OpenAI, Azure, where it is told to at run time, elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.extract.addresses import (
    ANYTHING,
    Part,
    Parts,
    addresses,
    facts_of,
    nodes,
    written,
)
from migrator.analysis.extract.conditions import is_set
from migrator.analysis.extract.evidence import Evidence, variables
from migrator.analysis.extract.variables import names_another_provider
from migrator.analysis.library import SIGN_INS, says_nothing
from migrator.analysis.sites import (
    UNKNOWN,
    Argument,
    Destination,
    Literal,
    Sources,
    Step,
    VariableRead,
)
from migrator.analysis.values import Composed, Constant, External, Made, Piece, Value, Variable

_ADDRESS = re.compile(r"(URL|URI|BASE|HOST|ENDPOINT|SERVER)", re.IGNORECASE)
# Where a literal stands that holds unless something else is given.
_DEFAULTS = re.compile(r"default:|keyword:default|argument of .*get")


class BaseUrls:
    """What the possible values of a base URL say, in one context or in several."""

    def __init__(self, evidence: Evidence, module: int, roots: Iterable[int]) -> None:
        self._evidence = evidence
        self.module = module  # where what is given it stands
        self.openai = False  # an address of OpenAI's
        self.variable = False  # a variable of OpenAI's
        self.empty = False  # None: the package's own default
        self.blank = False  # an empty text, which the package takes for an address
        self.azure = False
        self.unknown = False
        self.named = False  # a variable that is named after somebody else
        self.gateway = False  # an address of somebody's who hands requests on
        self.fallback = False  # an address of somebody else's, where nothing else is given
        self.unset: dict[tuple[int, int], None] = {}  # variables that may be None, by their names
        self.reads: dict[Variable, None] = {}
        self.ours: dict[Constant, None] = {}
        self.others: dict[Constant, None] = {}
        self.composed: dict[Parts, None] = {}
        for node in roots:
            self._see_node(node)

    @property
    def elsewhere(self) -> bool:
        """Whether it may be somebody else's address."""
        return bool(self.others) or self.named or self.gateway

    def _see_node(self, node: int) -> None:
        held = self._evidence.told(self.module, node)
        if all(map(_says_nothing, held)):
            self.unknown = True
        put_together = any(isinstance(value, Composed) for value in held)
        self.reads |= dict.fromkeys(variables(held))
        for value in held:
            # What a string is put together from stands beside it.
            if not (put_together and isinstance(value, Piece)):
                self._see(value)
        if put_together:
            self._see_composed(node)

    def _see(self, value: Value) -> None:
        match value:
            case Constant(value=None, literal=literal) if not _is_none(self._evidence, value):
                self.unset[literal] = None
            case Constant(value=None):
                self.empty = True
            case Constant(value=""):
                self.blank = True
            case Constant(value=str()):
                self._see_address(value)
            case Variable():
                self._see_variable(value)
            case External(path=path) if surface.is_access_of_module(path):
                # What it is told stands beside it: else it is None.
                self.empty = self.empty or not is_set(self._evidence, path)
            case External(path=path) if surface.is_gateways_address(path):
                self.gateway = True
            case Piece(of=Constant(value=str(text))) if surface.endpoint_owner(text) is None:
                self.unknown = True
            case Piece(of=inner):
                self.composed[()] = None
                self._see(inner)
            case _ if _says_nothing(value) or isinstance(value, Composed):
                pass
            case _:
                self.unknown = True

    def _see_address(self, value: Constant) -> None:
        text = str(value.value)
        match surface.endpoint_owner(text) if "/" in text or "." in text else None:
            case "openai":
                self.openai = True
                self.ours[value] = None
            case "azure":
                self.azure = True
                self.ours[value] = None
            case "foreign" | "gateway" as owner:
                self.gateway = self.gateway or owner == "gateway"
                self.others[value] = None
                self.fallback = self.fallback or self._holds_otherwise(value)

    def _holds_otherwise(self, value: Constant) -> bool:
        """Whether a literal holds unless something else is given."""
        module, index = value.literal
        facts = self._evidence.solver.modules[module]
        record = facts.literals[index]
        return (
            index in facts.fallbacks
            or _DEFAULTS.match(record.context) is not None
            or any(field.value_span == record.span for one in facts.classes for field in one.fields)
        )

    def _see_variable(self, value: Variable) -> None:
        known = surface.variable(value.name)
        if known is not None and known.meaning == "azure_endpoint":
            self.azure = True
        elif known is not None:
            self.variable = True
        elif names_another_provider(value.name) and _ADDRESS.search(value.name):
            self.named = True
        else:
            self.unknown = True

    def _see_composed(self, node: int) -> None:
        """A URL that is put together is whose its beginning is."""
        every, known = addresses(self._evidence, node)
        self.unknown = self.unknown or not (known or every)
        for parts in every:
            text = written(parts)
            match parts:
                case [Part(value=Constant() as whole)]:
                    self._see(whole)  # an f-string without values, or what stands beside one
                    continue
                case [_]:
                    continue
                case [Part(value=Variable() as first), *_]:
                    self._see_variable(first)
                case _ if not text.startswith(ANYTHING):
                    self._see_beginning(parts, text)
                case _ if surface.ends_as_azures(text):
                    self.azure = True
                case _:
                    for value in self._beginnings(node):
                        self._see(value)
            self.composed[parts] = None

    def _see_beginning(self, parts: Parts, text: str) -> None:
        match surface.endpoint_owner(text):
            case "openai":
                self.openai = True
            case "azure":
                self.azure = True
            case "foreign" | "gateway" as owner if _is_told(surface.url_host(text) or ANYTHING):
                self.gateway = self.gateway or owner == "gateway"
                told = [part.value for part in parts if isinstance(part.value, Constant)]
                whole = [one for one in told if surface.endpoint_owner(str(one.value)) is not None]
                self.others |= dict.fromkeys(whole or told)
                self.fallback = self.fallback or any(map(self._holds_otherwise, told))
            case _:
                self.unknown = True

    def _beginnings(self, node: int) -> Iterator[Value]:
        """What the strings that a node holds may begin with, as far as it is not a text."""
        solver = self._evidence.solver
        seen: set[int] = set()
        pending = [node]
        while pending:
            for composed in solver.held(pending.pop(), Composed):
                first = composed.parts[0]
                if first not in seen:
                    seen.add(first)
                    pending.append(first)
        for first in sorted(seen):
            for value in solver.values[first]:
                if not isinstance(value, Constant | Composed | Piece):
                    yield value

    def sources(self) -> Sources:
        """The same, as the planner sees it."""
        evidence = self._evidence
        reads = {evidence.read(variable): variable.literal in self.unset for variable in self.reads}
        return Sources(
            tuple(reads),
            tuple(read for read, unset in reads.items() if unset),
            tuple(dict.fromkeys(evidence.literal(one.literal) for one in self.ours)),
            self.empty or self.blank,
            self.unknown or self.elsewhere,
            azure=self.azure,
            composed=tuple(facts_of(evidence, parts) for parts in self.composed),
        )


def _is_told(host: str) -> bool:
    """Whether whose host it is is known, if not its every part (`*.example.com`)."""
    return ANYTHING not in "".join(host.split(".")[-2:])


def _says_nothing(value: Value) -> bool:
    return isinstance(value, Made | External) and says_nothing(value.path)


def destination(
    told: BaseUrls, evidence: Evidence, *, azure: bool, omitted: bool, keys: Iterable[int]
) -> Destination:
    """The destination of a client by its class and what its base URL and its key may be.

    `omitted` says that it is made without a base URL, on some ways to it at least.
    """
    if azure:
        return Destination.AZURE
    if not (told.openai or told.azure or omitted) and needs_no_key(evidence, told.module, keys):
        return Destination.FOREIGN
    if told.variable and told.fallback and not (told.openai or told.empty or omitted):
        return Destination.FOREIGN
    if told.openai or told.variable or omitted:
        free = told.variable or told.unknown or told.elsewhere
        return Destination.VARIABLE if free else Destination.OPENAI
    if told.elsewhere:
        decided = (told.fallback and not told.blank) or not told.unknown
        decided = decided and not told.empty
        if decided or _foreign_key(evidence, told.module, keys):
            return Destination.GATEWAY if told.gateway else Destination.FOREIGN
        return Destination.VARIABLE if told.empty else Destination.UNKNOWN
    if told.azure:
        return Destination.AZURE
    if told.empty and not told.unknown:
        return Destination.OPENAI
    if _foreign_key(evidence, told.module, keys):
        return Destination.FOREIGN
    nodes = list(keys)
    if told.empty or (told.unset and not nodes) or _own_key(evidence, told, nodes):
        return Destination.VARIABLE
    return Destination.UNKNOWN


def _foreign_key(evidence: Evidence, module: int, keys: Iterable[int]) -> bool:
    """Whether every key is read from a variable of somebody else's, and one is always given."""
    held = [value for node in keys for value in evidence.told(module, node)]
    names = [variable.name for variable in variables(held)]
    if any(_is_none(evidence, value) for value in held):
        return False
    return bool(names) and all(map(is_foreign, names))


def is_foreign(name: str) -> bool:
    """Whether a variable's name says that it is somebody else's."""
    return surface.variable(name) is None and names_another_provider(name)


def _is_none(evidence: Evidence, value: Value) -> bool:
    """Whether it is a None that is written, which a variable that is not set is not."""
    match value:
        case Constant(value=None, literal=(module, index)):
            return evidence.solver.modules[module].literals[index].value is None
    return False


def needs_no_key(evidence: Evidence, module: int, keys: Iterable[int]) -> bool:
    """Whether a key is given that is none: what a server of one's own is called with."""
    held = [value for node in keys for value in evidence.told(module, node)]
    return bool(held) and all(
        isinstance(value, Constant) and surface.is_no_key(str(value.value)) for value in held
    )


def _own_key(evidence: Evidence, told: BaseUrls, keys: Iterable[int]) -> bool:
    """Whether the key comes from a variable of OpenAI's, for an address that may be anybody's."""
    return not told.composed and any(
        surface.variable(variable.name) is not None
        for node in keys
        for variable in variables(evidence.told(told.module, node))
    )


def key_sources(evidence: Evidence, module: int, roots: Iterable[int]) -> Sources:
    """What a key may come from."""
    reads: dict[VariableRead, None] = {}
    passed: dict[Step, None] = {}
    settings: dict[tuple[int, int], None] = {}
    empty = handed_in = azure = False
    for node in dict.fromkeys(one for root in roots for one in nodes(evidence, root)):
        held = evidence.told(module, node)
        reads |= dict.fromkeys(evidence.read(variable) for variable in variables(held))
        handed_in = handed_in or all(map(_says_nothing, held))
        for value in held:
            match value:
                case Constant(value=None):
                    empty = empty or _is_none(evidence, value)
                case Constant(value=str(), literal=key) if evidence.is_setting(key):
                    handed_in = True
                    settings[key] = None
                case Constant():
                    pass
                case Made(path=path) if path in SIGN_INS:
                    azure = True
                case External(path=path) if surface.is_access_of_module(path):
                    empty = empty or not is_set(evidence, path)
                case Variable() | Piece(of=Variable() | Constant()) | Composed():
                    pass
                case _ if _says_nothing(value):
                    pass
                case _:
                    handed_in = True
                    passed |= dict.fromkeys(evidence.chain(node, value))
    own = [read for read in reads if not is_foreign(read.name)]
    if own or empty:
        handed_in = handed_in or len(own) < len(reads)  # theirs: it serves other clients as well
    return Sources(
        tuple(own if own or empty else reads),
        empty=empty,
        handed_in=handed_in,
        passed=tuple(passed),
        azure=azure,
        settings=tuple(_told_apart(evidence, settings)),
    )


def _told_apart(evidence: Evidence, settings: Iterable[tuple[int, int]]) -> Iterator[Literal]:
    """The places of keys in configuration files: none in one that is read by names not known.

    What is called otherwise is another setting, and cannot be a key as well.
    """
    names: defaultdict[int, set[str]] = defaultdict(set)
    every = list(settings)
    for module, index in every:
        names[module].add(evidence.solver.modules[module].literals[index].context)
    for key in every:
        if len(names[key[0]]) == 1:
            yield replace(evidence.literal(key), value="")


def keyed(evidence: Evidence, module: int, argument: Argument, nodes: Iterable[int]) -> Argument:
    """A key with what it may come from; one in a configuration file is not the program's own."""
    sources = key_sources(evidence, module, nodes)
    value = UNKNOWN if sources.settings else argument.value
    return replace(argument, sources=sources, value=value)
