"""Client sites: every construction of an SDK client, of a subclass of one, or of a wrapper's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from migrator.analysis import surface
from migrator.analysis.branches import condition, is_of_its_own
from migrator.analysis.calls import AIMS
from migrator.analysis.extract import entries
from migrator.analysis.extract.destinations import (
    BaseUrls,
    destination,
    is_foreign,
    key_sources,
    keyed,
    needs_no_key,
)
from migrator.analysis.extract.dictionaries import Dictionary, handed_to
from migrator.analysis.extract.evidence import Draft, Evidence, variables
from migrator.analysis.extract.models import Whose
from migrator.analysis.extract.variables import names_another_provider
from migrator.analysis.identity import in_tests
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.program import Mention, StatementRecord
from migrator.analysis.sites import (
    Argument,
    CallFacts,
    Certainty,
    ClientFacts,
    Destination,
    Kind,
    Literal,
    Origin,
    Place,
    Span,
    Step,
    VariableRead,
)
from migrator.analysis.values import (
    Bag,
    Class,
    Client,
    Constant,
    External,
    Instance,
    Made,
    Member,
    Partial,
    Value,
)
from migrator.language import _

_BASE_URLS = ("base_url", "azure_endpoint", "api_base", "openai_api_base")
_KEYS = ("api_key", "openai_api_key")
_ACCESS = {
    "api_key": _KEYS,
    "base_url": _BASE_URLS,
    "api_version": ("api_version", "openai_api_version"),
    "organization": ("organization", "openai_organization"),
}
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
    others: tuple[Literal, ...] = ()  # addresses of other providers, on some ways to it
    keyless: bool = False  # a server of one's own is asked, which needs no key
    handed: list[Construction] = field(default_factory=list)  # whose clients it is handed

    @property
    def key(self) -> tuple[int, Kind, Span]:
        return (self.module, Kind.CLIENT, self.span)

    @property
    def wrapper(self) -> surface.FrameworkClass | None:
        """The framework's class that makes it; None for the openai package's own."""
        return surface.framework_class(self.class_name) if self.framework else None

    def called(self, meaning: str) -> tuple[str, ...]:
        """What the arguments for its key or its base URL are called."""
        if self.wrapper is None:
            return _KEYS if meaning == "api_key" else _BASE_URLS
        return self.wrapper.key if meaning == "api_key" else self.wrapper.base_url


_AZURE = "Azure"
_INITIALIZER = ".__init__"


def constructions(evidence: Evidence) -> list[Construction]:
    """Every client construction in the program, with its destination."""
    found: dict[tuple[int, Span], Construction] = {}
    for key, requests in evidence.solver.requests.items():
        for value, instance, given in requests.values():
            for one in _dictionaries(evidence, value, given):
                written = _written_as(one)
                kept = found.setdefault((one.module, one.span), written)
                kept.applications.append((instance, one.entries))
            made = _construction(evidence, key, value, instance)
            if made is None:
                continue
            kept = found.setdefault((made.module, made.span), made)
            kept.applications.append((instance, _told(evidence, made, given)))
            kept.origins.add(key)
            if made.form == "super" or kept.form != "super":
                kept.form = made.form
            if _AZURE in made.class_name and not made.framework:
                # A class that is chosen at run time takes what Azure's takes.
                kept.class_name = made.class_name
    for made in found.values():
        aim(evidence, made)
    _leave_heirs(evidence, found.values())
    _inherit_destinations(found.values())
    _follow_what_is_handed_in(evidence, found.values())
    _spread_subclass_destinations(evidence, found.values())
    return list(found.values())


def _dictionaries(
    evidence: Evidence, value: Value, given: tuple[Given, ...]
) -> Iterator[Dictionary]:
    known = surface.framework_class(value.path) if isinstance(value, External) else None
    if known is not None and known.dictionaries:
        yield from handed_to(evidence, known, given)


def _written_as(one: Dictionary) -> Construction:
    """A dictionary that tells a framework what an object of a class would."""
    known = one.known
    return Construction(
        one.module, one.span, known.path, "framework", known.name, framework=known.label
    )


def _construction(
    evidence: Evidence, key: CallKey, value: Value, instance: CallInstance
) -> Construction | None:
    module, __ = key
    record = instance.record
    match value:
        case External(path=path):
            initializer = path.removesuffix(_INITIALIZER)
            known = surface.client_class(initializer)
            if known is not None:
                if initializer != path:
                    return Construction(
                        module, record.span, known.name, "super", "super().__init__"
                    )
                return _made_by_class(evidence, module, known.name, instance)
            wrapper = _wrapper_class(path)
            if wrapper is not None:
                return _made_by_framework(evidence, instance, initializer, wrapper)
        case Made(path=path, origin=origin):
            method = surface.framework_class(path)
            if method is None or "." not in method.name or not method.makes_client:
                return None
            if _is_named(evidence, origin, method.named):
                return _made_by_framework(evidence, instance, path, method)
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


def _made_by_framework(
    evidence: Evidence, instance: CallInstance, path: str, wrapper: surface.FrameworkClass
) -> Construction:
    module, record = instance.key[0], instance.record
    spelled = evidence.slice(module, record.function_span)
    framework = wrapper.label
    return Construction(module, record.span, path, "framework", spelled, framework=framework)


def _told(evidence: Evidence, made: Construction, given: tuple[Given, ...]) -> tuple[Given, ...]:
    """What a construction is given, without what an initializer is called on."""
    if made.wrapper is None:
        return given
    if made.spelled.endswith(_INITIALIZER) and _is_instance(evidence, given[:1]):
        given = given[1:]
    return entries.opened(evidence, made.wrapper, given) if made.wrapper.entries else given


def _is_instance(evidence: Evidence, given: tuple[Given, ...]) -> bool:
    return any(not one.name and any(evidence.solver.held(one.node, Instance)) for one in given)


def _is_named(evidence: Evidence, call: CallKey, name: str) -> bool:
    """Whether a call was given a name, if one is asked for."""
    called = evidence.solver.requests.get(call, {}).values()
    given = (item for _value, _instance, passed in called for item in passed)
    return not name or any(text.value == name for one in given for text in evidence.texts(one.node))


def _wrapper_class(path: str) -> surface.FrameworkClass | None:
    """The framework's client class that a call constructs, by itself or by `Class.from_…`.

    `Class.__init__(self, …)` and `super().__init__(…)` do so too.
    """
    owner, __, method = path.rpartition(".")
    by_owner = method.startswith("from_") or method == _INITIALIZER.lstrip(".")
    for candidate in (path, owner if by_owner else ""):
        known = surface.framework_class(candidate) if candidate else None
        if known is not None and known.makes_client:
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


def model_nodes(made: Construction, evidence: Evidence) -> list[int]:
    """The nodes of what names the model of a framework's client, by position too."""
    known = made.wrapper
    return argument_nodes(made, evidence, known.model) if known is not None else []


def argument_nodes(
    made: Construction, evidence: Evidence, names: tuple[str, ...] | None
) -> list[int]:
    """The nodes of the arguments of those names (of all arguments for None)."""
    nodes: dict[int, None] = {}
    positional = made.wrapper.positional if made.wrapper is not None else ()
    for __, given in made.applications:
        order = iter(positional)
        for item in evidence.expand(given)[0]:
            name = item.name or next(order, "")
            if names is None or name in names:
                nodes[item.node] = None
    return list(nodes)


def uses_by_takers(
    evidence: Evidence, made: Iterable[Construction]
) -> dict[CallKey, list[tuple[str, CallInstance, tuple[Given, ...]]]]:
    """The functions that are given what frameworks made, by where it was made."""
    found: defaultdict[CallKey, list[tuple[str, CallInstance, tuple[Given, ...]]]]
    found = defaultdict(list)
    for taker in made:
        known = taker.wrapper
        if known is None or not known.asks:
            continue
        for instance, given in taker.applications:
            named = tuple(_by_name(known, evidence.expand(given)[0]))
            for item in named:
                if item.name in (*known.model, *known.client):
                    for value in evidence.solver.held(item.node, Made):
                        found[value.origin].append((taker.class_name, instance, named))
    return found


def _by_name(known: surface.FrameworkClass, given: Iterable[Given]) -> Iterator[Given]:
    """Arguments with the names of those that are given by position."""
    order = iter(known.positional)
    for item in given:
        yield item if item.name else replace(item, name=next(order, ""))


def aim(evidence: Evidence, made: Construction) -> None:
    """Find out where the client sends its requests."""
    known = surface.client_class(made.class_name)
    later = _written_later(evidence, made)
    addresses, keys = made.called("base_url"), made.called("api_key")
    told = BaseUrls(evidence, made.module, [*argument_nodes(made, evidence, addresses), *later])
    others = (evidence.literal(one.literal) for one in told.others)
    made.others = tuple(dict.fromkeys(one for one in others if not in_tests(one.path)))
    made.keyless = needs_no_key(evidence, made.module, argument_nodes(made, evidence, keys))
    made.destination = destination(
        told,
        evidence,
        azure=known is not None and known.azure,
        omitted=not later and _is_left_out(made, evidence, addresses),
        keys=argument_nodes(made, evidence, keys),
    )
    wrapper = made.wrapper
    if surface.is_gateway(made.class_name):
        made.destination = Destination.GATEWAY
    elif wrapper is not None and wrapper.follows_model and not _goes_to_openai(evidence, made):
        # An address that is OpenAI's, or else a variable of it, says what no model's name does.
        if not told.openai or told.elsewhere:
            may_be = told.variable and not told.elsewhere
            made.destination = Destination.UNKNOWN if may_be else Destination.FOREIGN
    elif wrapper is not None and not _is_openais(evidence, made, wrapper):
        made.destination = Destination.FOREIGN
    elif wrapper is not None and (
        _may_be_told_elsewhere(evidence, made) or _asks_several(evidence, made, wrapper)
    ):
        made.destination = Destination.UNKNOWN
    if made.destination is Destination.GATEWAY:
        made.others = ()  # it speaks to nobody else


def _have_own_names(others: Sequence[Literal]) -> bool:
    """Whether addresses of others are known to be of such as serve no model by OpenAI's names."""
    return bool(others) and all(surface.has_own_names(one.value) for one in others)


def whose(made: Construction) -> Whose:
    """Whose the requests are that a client sends, for the names of models that it is given."""
    if made.destination is not Destination.FOREIGN:
        return Whose.OURS
    return Whose.THEIRS if has_own_names(made) else Whose.RESOLD


def has_own_names(made: Construction) -> bool:
    """Whether what a client asks, where it is not OpenAI's, knows no model by OpenAI's names."""
    return made.keyless or _have_own_names(made.others)


def has_own_key(evidence: Evidence, made: Construction) -> bool:
    """Whether a client may be given a key whose variable says that it is somebody else's."""
    nodes = argument_nodes(made, evidence, made.called("api_key"))
    return any(is_foreign(variable.name) for node in nodes for variable in evidence.variables(node))


def _is_openais(evidence: Evidence, made: Construction, known: surface.FrameworkClass) -> bool:
    """Whether its arguments have the values by which it is OpenAI's, if that depends on any."""
    return all(
        any(
            text.value in values
            for node in argument_nodes(made, evidence, (name,))
            for text in evidence.texts(node)
        )
        for name, values in known.openais
    )


def _goes_to_openai(evidence: Evidence, made: Construction) -> bool:
    """Whether the model that decides it is OpenAI's: a name of one, or the default."""
    nodes = model_nodes(made, evidence)
    wrapper = made.wrapper
    by_default = wrapper is not None and bool(wrapper.default_model) and not nodes
    if by_default and wrapper is not None and wrapper.unless:
        by_default = _settings(evidence).isdisjoint(wrapper.unless)
    if by_default and wrapper is not None and wrapper.dictionaries:
        by_default = not _is_told_by_dictionaries(evidence, made, wrapper)
    if wrapper is not None and not (wrapper.model or wrapper.default_model):
        nodes = _models_of_requests(evidence, made)
    if by_default or evidence.names_model(made.module, nodes):
        return True
    return _hides_default(evidence, made) or _says_in_text(evidence, made)


def _says_in_text(evidence: Evidence, made: Construction) -> bool:
    """Whether a text that is handed in, or the name of a constant, says that OpenAI is asked."""
    known = made.wrapper
    return known is not None and any(
        re.search(pattern, value.path if isinstance(value, External) else str(value.value))
        for name, pattern in known.texts
        for node in argument_nodes(made, evidence, (name,))
        for value in evidence.solver.values[node]
        if isinstance(value, Constant | External)
    )


def _hides_default(evidence: Evidence, made: Construction) -> bool:
    """Whether OpenAI is asked for what an argument would say that is left out."""
    known = made.wrapper
    if known is None or not known.hidden:
        return False
    ways = ((_by_name(known, evidence.expand(given)[0])) for __, given in made.applications)
    return any(known.hides(_said(evidence, way)) for way in ways)


def _said(evidence: Evidence, given: Iterable[Given]) -> set[str]:
    """The arguments that say something."""
    return {one.name for one in given if evidence.constant(one.node) not in (None, False)}


def _models_of_requests(evidence: Evidence, made: Construction) -> list[int]:
    """The nodes of the models that are asked for by methods of what is made."""
    return [
        item.node
        for applications in evidence.solver.requests.values()
        for value, __, given in applications.values()
        if isinstance(value, Made) and value.origin in made.origins
        if (known := surface.framework_class(value.path)) is not None and known.role == "request"
        for item in _by_name(known, evidence.expand(given)[0])
        if item.name in known.model
    ]


def _is_told_by_dictionaries(
    evidence: Evidence, made: Construction, known: surface.FrameworkClass
) -> bool:
    """Whether dictionaries that are handed in name every model."""
    wanted = {path for __, path in known.dictionaries}
    told = [
        {one.known.path for one in handed_to(evidence, known, given)}
        for __, given in made.applications
    ]
    return all(wanted <= one for one in told)


def _settings(evidence: Evidence) -> set[str]:
    """What of frameworks is set for the whole program, by a statement or by a function."""
    written = {
        f"{value.path}.{name}"
        for value, name, __, __, __ in evidence.solver.setting_writes
        if isinstance(value, External)
    }
    called = {
        value.path
        for requests in evidence.solver.requests.values()
        for value, _instance, _given in requests.values()
        if isinstance(value, External)
    }
    return written | called


def _may_be_told_elsewhere(evidence: Evidence, made: Construction) -> bool:
    """Whether something that is handed in may name a model, where no argument does.

    A dictionary of which it is not known what it holds may name another address, too.
    """
    known = made.wrapper
    every = (given for __, given in made.applications)
    if known is not None and any(entries.is_untraced(evidence, known, one) for one in every):
        return True
    elsewhere = known.elsewhere if known is not None else ()
    told = bool(argument_nodes(made, evidence, elsewhere)) if elsewhere else False
    return told and not model_nodes(made, evidence)


def _asks_several(evidence: Evidence, made: Construction, known: surface.FrameworkClass) -> bool:
    """Whether the model says who is asked, and the key is that of one of several providers."""
    keys = argument_nodes(made, evidence, known.key) if known.follows_model else []
    told = {read.name for node in keys for read in variables(evidence.told(made.module, node))}
    return any(
        surface.variable(name) is None and names_another_provider(name) for name in told
    ) and any(surface.variable(name) is not None for name in told)


def _is_left_out(made: Construction, evidence: Evidence, names: tuple[str, ...]) -> bool:
    """Whether none of those arguments is given, on some ways to the construction at least."""
    without = []
    for instance, given in made.applications:
        opened, known = evidence.expand(given)
        named = [item for item in opened if item.name in names]
        if all(_hangs_on_a_test(evidence, made, instance, item) for item in named):
            without.append(known or bool(named))
    return len(without) == len(made.applications) or any(without)


def _is_always_passed(made: Construction, evidence: Evidence, name: str) -> bool:
    """Whether an argument is given on every way to the construction, if only under a condition."""
    return all(
        not evidence.expand(given)[1] or any(_names(evidence, item, name) for item in given)
        for __, given in made.applications
    )


def _names(evidence: Evidence, item: Given, name: str) -> bool:
    """Whether what is given has a name, or is a mapping that has it whichever of several it is.

    Where it is empty, a test of the value itself may say so (see client_settings.py).
    """
    if item.name != "**":
        return item.name == name
    mappings = map(evidence.solver.entries, evidence.solver.held(item.node, Bag))
    filled = [{one.name for one in entries} for entries in mappings]
    return any(filled) and all(name in names for names in filled if names)


def _hangs_on_a_test(
    evidence: Evidence, made: Construction, instance: CallInstance, item: Given
) -> bool:
    """Whether an argument is set by a statement that need not be carried out: `if x: a["k"] = …`.

    Not where the test asks for the value itself: then it is missing where the value is empty.
    """
    place = item.place
    if not isinstance(place, StatementRecord):
        return False
    path = evidence.path(item.module)
    call = instance.record.span if item.module == made.module else place.span
    test = condition(evidence.sources[path].text, place.span, call)
    value = evidence.slice(item.module, place.value_span or place.span)
    return bool(test) and not is_of_its_own(test, value)


def _written_later(evidence: Evidence, made: Construction) -> list[int]:
    """`client.base_url = value` after the construction."""
    return [
        written
        for value, name, __, __, written in evidence.solver.setting_writes
        if isinstance(value, Client) and value.origin in made.origins and name == "base_url"
    ]


def _leave_heirs(evidence: Evidence, made: Iterable[Construction]) -> None:
    """An object without a model may have that of the team that it is a member of."""
    every = list(made)
    classes = {one.class_name for one in every}
    for one in every:
        heir_of = one.wrapper.heir_of if one.wrapper is not None else ()
        if not classes.isdisjoint(heir_of) and not model_nodes(one, evidence):
            one.destination = Destination.UNKNOWN


def _inherit_destinations(made: Iterable[Construction]) -> None:
    """A derived client without a base URL of its own goes where the other one goes."""
    every = list(made)
    by_origin = {origin: one for one in every for origin in one.origins}
    for one in every:
        parent = by_origin.get(one.parent) if one.parent else None
        if parent is None:
            continue
        named = any(item.name == "base_url" for __, given in one.applications for item in given)
        if not named:
            one.destination = parent.destination


def _follow_what_is_handed_in(evidence: Evidence, made: Iterable[Construction]) -> None:
    """A framework's object that is handed a client goes where the client goes."""
    every = list(made)
    for one in every:
        nodes = handed_in(one, evidence)
        if not nodes:
            continue
        givers = makers(evidence, every, nodes)
        one.handed = givers
        goes = {giver.destination for giver in givers}
        if not goes:
            one.destination = Destination.UNKNOWN
        elif goes == {Destination.FOREIGN}:
            one.destination = Destination.FOREIGN


def handed_in(made: Construction, evidence: Evidence) -> list[int]:
    """The nodes of a client that a framework's object is handed."""
    known = made.wrapper
    nodes = argument_nodes(made, evidence, known.client) if known is not None else []
    return [
        node
        for node in nodes
        if any(not _is_nothing(value) for value in evidence.solver.values[node])
    ]


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Constant) and (value.value is None or isinstance(value.value, str))


def makers(
    evidence: Evidence, made: Iterable[Construction], nodes: Iterable[int]
) -> list[Construction]:
    """The constructions of the clients that some nodes hold."""
    by_origin = {origin: one for one in made for origin in one.origins}
    found: dict[int, Construction] = {}
    for node in nodes:
        for value in evidence.solver.values[node]:
            if isinstance(value, Client | Made) and value.origin in by_origin:
                one = by_origin[value.origin]
                found[id(one)] = one
    return list(found.values())


def _spread_subclass_destinations(evidence: Evidence, made: Iterable[Construction]) -> None:
    """A subclass whose `super().__init__` names another provider makes clients of that provider."""
    supers = [one for one in made if one.form == "super"]
    for one in made:
        if one.form != "call" or not one.applications:
            continue
        classes = [
            value
            for instance, __ in one.applications
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
        for instance, __ in parent.applications:
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
    here = Step(
        evidence.path(one.module), one.span.line, _("constructs {name}", name=one.class_name)
    )
    for instance, __ in one.applications:
        for value in evidence.solver.values[instance.function]:
            if isinstance(value, External | Class | Made):
                return (*evidence.way(instance.function, value), here)
    return (here,)


def access(evidence: Evidence, made: Iterable[Construction]) -> Iterator[tuple[str, list[int]]]:
    """What OpenAI's clients are given that carries access: what it means, and its nodes."""
    for one in made:
        if one.key in evidence.drafts:
            for meaning, names in _ACCESS.items():
                known = meaning in {"api_key", "base_url"}
                yield (
                    meaning,
                    argument_nodes(one, evidence, one.called(meaning) if known else names),
                )


def client_facts(
    evidence: Evidence,
    one: Construction,
    calls: tuple[str, ...],
    escapes: tuple[Step, ...],
    sends: CallFacts | None,
) -> ClientFacts:
    """What the planner needs to know of a construction."""
    positional = one.wrapper.positional if one.wrapper is not None else ()
    arguments, complete = evidence.arguments(one.applications, positional)
    if one.wrapper is not None:
        arguments = named_alike(one.wrapper, arguments)
    told = BaseUrls(evidence, one.module, argument_nodes(one, evidence, one.called("base_url")))
    sources = told.sources()
    layers = evidence.solver.layers
    return ClientFacts(
        one.class_name,
        one.spelled,
        one.form,
        one.destination,
        tuple(_with_sources(evidence, one, arguments)),
        complete,
        key_sources(
            evidence, one.module, argument_nodes(one, evidence, one.called("api_key"))
        ).reads,
        sources.reads,
        sources.addresses,
        calls,
        escapes,
        frozenset(
            argument.name
            for argument in arguments
            if argument.origin is not Origin.POSITIONAL
            and not _is_always_passed(one, evidence, argument.name_there)
        ),
        one.others,
        frozenset(name for key in one.origins for name in evidence.solver.asked.get(key, ())),
        sends,
        tuple(sorted({path for key in one.origins for path in layers.get(key, ())})),
    )


def named_alike(
    known: surface.FrameworkClass, arguments: Iterable[Argument]
) -> tuple[Argument, ...]:
    """A framework's arguments by what the openai package calls them."""
    return tuple(
        argument
        if (meaning := known.meaning(argument.name)) == argument.name
        else replace(argument, name=meaning, written=argument.name)
        for argument in arguments
    )


def _with_sources(
    evidence: Evidence, made: Construction, arguments: Iterable[Argument]
) -> Iterable[Argument]:
    """The arguments, those of a key and a base URL with what they may come from."""
    nodes: defaultdict[Place, dict[int, None]] = defaultdict(dict)
    for __, given in made.applications:
        for item in evidence.expand(given)[0]:
            named = {*made.called("api_key"), *made.called("base_url")}
            if item.name in named and (found := evidence.argument(item)):
                nodes[found.place][item.node] = None
    for argument in arguments:
        held = nodes[argument.place]
        if argument.name_there not in {*made.called("api_key"), *made.called("base_url")}:
            yield argument
        elif argument.name in _KEYS:  # named alike
            yield keyed(evidence, made.module, argument, held)
        else:
            yield replace(argument, sources=BaseUrls(evidence, made.module, held).sources())


def reads_of(evidence: Evidence, nodes: Iterable[int]) -> tuple[VariableRead, ...]:
    """The reads of environment variables whose values the nodes hold."""
    every = (variable for node in nodes for variable in evidence.variables(node))
    return tuple(dict.fromkeys(evidence.read(variable) for variable in every))
