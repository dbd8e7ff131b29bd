"""Client sites: every construction of an SDK client, of a subclass of one, or of a wrapper's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from migrator.analysis import surface
from migrator.analysis.calls import AIMS
from migrator.analysis.extract.destinations import destination
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.program import Mention
from migrator.analysis.sites import (
    Certainty,
    ClientFacts,
    Destination,
    Kind,
    Literal,
    Span,
    Step,
    VariableRead,
)
from migrator.analysis.solver import CallInstance, Given
from migrator.analysis.values import (
    Class,
    Client,
    Constant,
    External,
    Made,
    Member,
    Partial,
    Value,
)

_BASE_URLS = ("base_url", "azure_endpoint", "api_base", "openai_api_base")
_KEYS = ("api_key", "openai_api_key")
CallKey = tuple[int, int]


@dataclass
class Construction:
    """A call (or several) that makes one client: where it stands and what it is given."""

    module: int
    span: Span
    class_name: str
    form: str
    spelled: str
    applications: list[tuple[CallInstance, tuple[Given, ...]]] = field(default_factory=list)
    framework: str = ""
    destination: Destination = Destination.OPENAI
    origins: set[CallKey] = field(default_factory=set)
    parent: CallKey | None = None

    @property
    def key(self) -> tuple[int, Kind, Span]:
        return (self.module, Kind.CLIENT, self.span)


def constructions(evidence: Evidence) -> list[Construction]:
    """Every client construction in the program, with its destination."""
    found: dict[tuple[int, Span], Construction] = {}
    for key, requests in evidence.solver.requests.items():
        for value, instance, given in requests.values():
            made = _construction(evidence, key, value, instance)
            if made is None:
                continue
            kept = found.setdefault((made.module, made.span), made)
            kept.applications.append((instance, given))
            kept.origins.add(key)
            if made.form == "super" or kept.form != "super":
                kept.form = made.form
    for made in found.values():
        made.destination = _destination(evidence, made)
    _inherit_destinations(found.values())
    _spread_subclass_destinations(evidence, found.values())
    return list(found.values())


def _construction(
    evidence: Evidence, key: CallKey, value: Value, instance: CallInstance
) -> Construction | None:
    module, _ = key
    record = instance.record
    match value:
        case External(path=path):
            initializer = path.removesuffix(".__init__")
            known = surface.client_class(initializer)
            if known is not None:
                if initializer != path:
                    return Construction(
                        module, record.span, known.name, "super", "super().__init__"
                    )
                return _made_by_class(evidence, module, known.name, instance)
            wrapper = _wrapper_class(path)
            if wrapper is not None:
                spelled = evidence.slice(module, record.function_span)
                return Construction(
                    module, record.span, path, "framework", spelled, framework=wrapper.framework
                )
        case Member(client=client, path=path) if path in surface.deriving_methods():
            if any(passed.name in AIMS for passed in record.arguments):
                spelled = evidence.slice(module, record.function_span)
                made = Construction(module, record.span, client.class_path, "derived", spelled)
                made.parent = client.origin
                return made
        case Class():
            bases = [
                known.name
                for path in evidence.solver.external_bases[value]
                if (known := surface.client_class(path))
            ]
            if bases:
                spelled = evidence.slice(module, record.function_span)
                return Construction(module, record.span, bases[0], "call", spelled)
    return None


def _wrapper_class(path: str) -> surface.FrameworkClass | None:
    """The framework's client class that a call constructs, by itself or by `Class.from_…`."""
    owner, _, method = path.rpartition(".")
    for candidate in (path, owner if method.startswith("from_") else ""):
        known = surface.framework_class(candidate) if candidate else None
        if known is not None and known.is_client:
            return known
    return None


def _made_by_class(
    evidence: Evidence, module: int, class_name: str, instance: CallInstance
) -> Construction:
    """A client class called here, bound by `partial`, or handed over to be called."""
    record = instance.record
    solver = evidence.solver
    called = solver.values[instance.function]
    for value in called:
        if isinstance(value, Partial):
            bound = solver.partials[value.call]
            home = bound.key[0]
            spelled = evidence.slice(home, bound.record.arguments[0].span)
            return Construction(home, bound.record.span, class_name, "partial", spelled)
    if any(isinstance(v, External) and surface.client_class(v.path) for v in called):
        spelled = evidence.slice(module, record.function_span)
        return Construction(module, record.span, class_name, "call", spelled)
    handed = _handed_over(evidence, module, class_name, instance)
    if handed is not None:
        return Construction(module, handed.span, class_name, "reference", handed.spelled)
    spelled = evidence.slice(module, record.function_span)
    return Construction(module, record.span, class_name, "call", spelled)


def _handed_over(
    evidence: Evidence, module: int, class_name: str, instance: CallInstance
) -> Mention | None:
    """The bare class among a call's arguments (`field(default_factory=OpenAI)`)."""
    spans = {passed.span for passed in instance.record.arguments}
    for mention in evidence.solver.modules[module].mentions:
        if mention.span in spans:
            return mention
    return None


def argument_nodes(
    made: Construction, evidence: Evidence, names: tuple[str, ...] | None
) -> list[int]:
    """The nodes of the arguments of those names (of all arguments for None)."""
    nodes: dict[int, None] = {}
    for _, given in made.applications:
        expanded, _ = evidence.expand(given)
        nodes |= {item.node: None for item in expanded if names is None or item.name in names}
    return list(nodes)


def _destination(evidence: Evidence, made: Construction) -> Destination:
    known = surface.client_class(made.class_name)
    return destination(
        evidence,
        azure=known is not None and known.azure,
        base_urls=[*argument_nodes(made, evidence, _BASE_URLS), *_written_later(evidence, made)],
        keys=argument_nodes(made, evidence, _KEYS),
    )


def _written_later(evidence: Evidence, made: Construction) -> list[int]:
    """`client.base_url = value` after the construction."""
    return [
        written
        for value, name, _, _, written in evidence.solver.setting_writes
        if isinstance(value, Client) and value.origin in made.origins and name == "base_url"
    ]


def _inherit_destinations(made: Iterable[Construction]) -> None:
    """A derived client without a base URL of its own goes where the other one goes."""
    every = list(made)
    by_origin = {origin: one for one in every for origin in one.origins}
    for one in every:
        parent = by_origin.get(one.parent) if one.parent else None
        if parent is None:
            continue
        named = any(item.name == "base_url" for _, given in one.applications for item in given)
        if not named:
            one.destination = parent.destination


def _spread_subclass_destinations(evidence: Evidence, made: Iterable[Construction]) -> None:
    """A subclass whose `super().__init__` names another provider makes clients of that provider."""
    supers = [one for one in made if one.form == "super"]
    for one in made:
        if one.form != "call" or not one.applications:
            continue
        classes = [
            value
            for instance, _ in one.applications
            for value in evidence.solver.held(instance.function, Class)
        ]
        for parent in supers:
            if parent.destination is Destination.FOREIGN and any(
                _stands_in(evidence, parent, of) for of in classes
            ):
                one.destination = Destination.FOREIGN


def _stands_in(evidence: Evidence, parent: Construction, of: Class) -> bool:
    """Whether a `super().__init__` call stands in a class or one it derives from."""
    for member in evidence.solver.ancestors(of):
        if member.module != parent.module:
            continue
        for instance, _ in parent.applications:
            frame = evidence.solver.frames[instance.frame]
            unit = evidence.solver.modules[frame.module].units[frame.unit]
            if unit.class_index == member.index:
                return True
    return False


def draft_clients(evidence: Evidence, made: list[Construction]) -> None:
    """Register a site for every construction that is not another provider's."""
    for one in made:
        if one.destination is Destination.FOREIGN:
            continue
        sure = one.destination is not Destination.UNKNOWN
        detail = one.class_name if one.framework else one.spelled
        evidence.add(
            Draft(
                one.module,
                Kind.CLIENT,
                one.span,
                detail,
                Certainty.PROVEN if sure else Certainty.LIKELY,
                _provenance(evidence, one),
            )
        )


def _provenance(evidence: Evidence, one: Construction) -> tuple[Step, ...]:
    here = Step(evidence.path(one.module), one.span.line, f"constructs {one.class_name}")
    for instance, _ in one.applications:
        for value in evidence.solver.values[instance.function]:
            if isinstance(value, External | Class | Made):
                return (*evidence.chain(instance.function, value), here)
    return (here,)


def client_facts(
    evidence: Evidence,
    one: Construction,
    calls: tuple[str, ...],
    escapes: tuple[Step, ...],
) -> ClientFacts:
    """What the planner needs to know of a construction."""
    arguments, complete = evidence.arguments(one.applications, ())
    urls = argument_nodes(one, evidence, _BASE_URLS)
    return ClientFacts(
        one.class_name,
        one.spelled,
        one.form,
        one.destination,
        arguments,
        complete,
        reads_of(evidence, argument_nodes(one, evidence, _KEYS)),
        reads_of(evidence, urls),
        _addresses(evidence, urls),
        calls,
        escapes,
    )


def reads_of(evidence: Evidence, nodes: Iterable[int]) -> tuple[VariableRead, ...]:
    """The reads of environment variables whose values the nodes hold."""
    every = (variable for node in nodes for variable in evidence.variables(node))
    return tuple(dict.fromkeys(evidence.read(variable) for variable in every))


def _addresses(evidence: Evidence, nodes: list[int]) -> tuple[Literal, ...]:
    found: dict[Literal, None] = {}
    for node in nodes:
        for text in evidence.texts(node):
            if isinstance(text, Constant) and surface.endpoint_owner(str(text.value)):
                found[evidence.literal(text.literal)] = None
    return tuple(found)
