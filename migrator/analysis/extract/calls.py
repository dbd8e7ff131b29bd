"""Call sites: requests through a client, through the openai module, through a wrapper's object."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from migrator.analysis import surface
from migrator.analysis.calls import without_raw, written_at
from migrator.analysis.extract import bodies, handles, holders, messages
from migrator.analysis.extract.clients import CallKey, Construction, has_own_names, named_alike
from migrator.analysis.extract.clients import argument_nodes as nodes_handed
from migrator.analysis.extract.destinations import BaseUrls, keyed
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.extract.models import Whose
from migrator.analysis.extract.references import Handed, References
from migrator.analysis.identity import in_tests
from migrator.analysis.instances import CallInstance, Given
from migrator.analysis.sites import (
    Argument,
    CallFacts,
    Certainty,
    Destination,
    HttpFacts,
    Kind,
    Literal,
    MethodUse,
    Place,
    Span,
    Step,
)
from migrator.analysis.values import (
    Bag,
    Client,
    Composed,
    Constant,
    External,
    Instance,
    Made,
    Member,
    Opaque,
    Partial,
    Piece,
    Sequence,
    Value,
    Variable,
)
from migrator.language import _

_KEY = "api_key"
# Areas whose method chains are telling enough to be recognised on an object nothing is known of.
_TELLING = frozenset(
    {
        "chat",
        "responses",
        "embeddings",
        "images",
        "audio",
        "moderations",
        "assistants",
        "completions",
    }
)
# `chat.completions.create` of what is a client of OpenAI's and more.
_LONGEST_METHOD = 3
# A task is handed an agent, and that a client.
_LONGEST_USE = 2
# Methods of a framework's client that ask for a stream.
_STREAMS = frozenset({"stream", "astream", "astream_events", "stream_chat", "astream_chat"})
_MODEL_ARGUMENTS = ("model", "engine", "deployment_id", "model_name")


class Transport(Protocol):
    """How a request is sent without the openai package."""

    sender: str

    @property
    def to_openai(self) -> bool:
        """Whether it may go to OpenAI."""

    def facts(self, evidence: Evidence) -> HttpFacts:
        """What the planner needs to know of it."""

    def nodes(self, evidence: Evidence) -> list[int]:
        """Where its address and its key come from."""


@dataclass
class Request:
    """A call expression that sends a request, over all contexts it was seen in."""

    module: int
    span: Span
    function_span: Span
    api: str
    legacy: bool = False
    module_client: bool = False
    framework: str = ""
    raw: str = ""
    likely: bool = False
    asynchronous: bool = False
    model_names: tuple[str, ...] = _MODEL_ARGUMENTS
    by_model: surface.FrameworkClass | None = None  # what sends it to the provider of its model
    applications: list[tuple[CallInstance, tuple[Given, ...]]] = field(default_factory=list)
    clients: dict[Client | Made, None] = field(default_factory=dict)
    layers: dict[str, None] = field(
        default_factory=dict
    )  # the drop-ins and wrappers it goes through
    receivers: list[tuple[int, Value]] = field(default_factory=list)
    others: dict[str, None] = field(default_factory=dict)
    handed_on: bool = False
    sent_by: list[CallInstance] = field(default_factory=list)
    http: Transport | None = None
    by_path: str = ""  # the method that was called with a path (`post`)
    in_batch: bool = False  # a row of a batch
    urls: dict[Literal, None] = field(default_factory=dict)  # what names a row's endpoint

    @property
    def kind(self) -> Kind:
        return Kind.CALL if self.http is None else Kind.RAW_HTTP

    @property
    def key(self) -> tuple[int, Kind, Span]:
        return (self.module, self.kind, self.span)


_Made = tuple[Request, Value, CallInstance, tuple[Given, ...]]


def requests(evidence: Evidence) -> list[Request]:
    """Every request in the program, other providers' included."""
    found: dict[tuple[int, Span], Request] = {}
    made_by_sdk: list[_Made] = []
    made_by_frameworks: list[_Made] = []
    for applications in evidence.solver.requests.values():
        for value, instance, given in applications.values():
            home = written_at(evidence.solver, instance)
            made = _request(evidence, home.key[0], value, home)
            if made is None:
                continue
            if made.api in surface.path_requests():
                made, given = _by_path(evidence, made, given)
            every = made_by_frameworks if made.framework else made_by_sdk
            every.append((made, value, instance, given))
    # What a call is by the SDK it is, whatever else it may be: `litellm.completion`, say.
    for made, value, instance, given in (*made_by_sdk, *made_by_frameworks):
        kept = found.setdefault((made.module, made.span), made)
        if made.api != kept.api:
            kept.others[made.api] = None
        kept.sent_by.append(instance)
        kept.applications.append((instance, given))
        kept.receivers.append((instance.function, value))
        kept.asynchronous = kept.asynchronous or made.asynchronous
        if isinstance(value, Member):
            kept.clients[value.client] = None
            kept.layers |= evidence.solver.layers.get(value.client.origin, {})
        elif isinstance(value, External) and value.through:
            kept.layers[value.through] = None
        elif made.legacy or made.module_client:
            kept.layers |= evidence.solver.layers.get(None, {})
        elif made.by_model is not None and made.by_model.client:
            kept.clients |= dict.fromkeys(_handed_objects(evidence, made.by_model, given))
        elif made.framework and kept.framework and isinstance(value, Made):
            kept.clients[value] = None
    for made in _look_alikes(evidence, found):
        found[made.module, made.span] = made
    return list(found.values())


def handed_on(references: References, called: Iterable[Request]) -> Iterator[Request]:
    """Methods of openai before 1.0 that are named where no call was found to come by them."""
    known = [
        one.api
        for one in called
        if one.legacy and not one.others
        if not references.is_named_at(one.api, one.module, one.function_span, one.sent_by)
    ]
    for api, places in references.uncalled(known).items():
        for module, span in places:
            blank = Request(module, span, span, "")
            if (made := _on_module(blank, api)) is not None:
                yield replace(made, handed_on=True)


def _request(
    evidence: Evidence, module: int, value: Value, instance: CallInstance
) -> Request | None:
    record = instance.record
    blank = Request(module, record.span, record.function_span, "")
    match value:
        case Member(client=client, path=path):
            layers = evidence.solver.layers.get(client.origin, {})
            plain = surface.layered(layers, path) or without_raw(path)
            known = surface.method(plain)
            if known is None or not _sends(known):
                return None
            raw = next((part for part in path.split(".") if part in surface.RAW_PREFIXES), "")
            owner = surface.client_class(client.class_path)
            return replace(
                blank,
                api=plain,
                raw=raw,
                asynchronous=owner is not None and owner.asynchronous,
            )
        case External(path=path) if path.startswith("openai."):
            return _on_module(blank, path.removeprefix("openai."))
        case External(path=path):
            return _by_framework(blank, path)
        case Made(path=path) if path.startswith("openai."):
            # A method of an object: `openai.Engine(id).generate(…)`.
            called = path.removeprefix("openai.")
            return _on_module(blank, called) if surface.legacy_call(called) else None
        case Made(path=path):
            itself = _by_framework(blank, f"{path}.__call__")
            return itself or _on_framework(blank, path)
    return None


def _by_path(
    evidence: Evidence, made: Request, given: tuple[Given, ...]
) -> tuple[Request, tuple[Given, ...]]:
    """`client.post("/embeddings", body={…})`: a request of the method that has the path.

    Its arguments are what the body holds. What is not known to hold that stays as it is.
    """
    known = surface.method(made.api)
    order = iter(known.positional if known is not None else ())
    arguments = {item.name or next(order, ""): item for item in given}
    path, body = arguments.get("path"), arguments.get("body")
    if path is None or body is None or not evidence.settled(path.node):
        return made, given
    paths = {str(text.value) for text in evidence.texts(path.node)}
    verb = made.api.partition("_")[0].upper()  # get_api_list is a GET too
    apis = {next(iter(surface.methods_at(one, verb)), "") for one in paths}
    __, complete = evidence.expand([replace(body, name="**")])
    if len(apis) != 1 or "" in apis or not complete:
        return made, given
    return replace(made, api=apis.pop(), by_path=made.api), (replace(body, name="**"),)


def _sends(method: surface.Method) -> bool:
    return method.area != "client_level" or method.path in surface.path_requests()


def _on_module(blank: Request, path: str) -> Request | None:
    plain = without_raw(path)
    if legacy := surface.legacy_call(plain):
        return replace(
            blank, api=plain, legacy=True, module_client=True, asynchronous=legacy.asynchronous
        )
    known = surface.method(plain)
    if known is None or known.area == "client_level":
        return None
    raw = next((part for part in path.split(".") if part in surface.RAW_PREFIXES), "")
    return replace(blank, api=plain, module_client=True, raw=raw)


def _by_framework(blank: Request, path: str) -> Request | None:
    """A function of a framework's that sends a request itself: `litellm.completion(…)`."""
    known = surface.framework_class(path)
    if known is None or known.role != "request":
        return None
    return replace(
        blank,
        api=f"{known.label}:{known.name}",
        framework=known.label,
        model_names=known.model,
        by_model=known,
    )


def sent_by_client(
    evidence: Evidence,
    made: Construction,
    uses: Iterable[tuple[str, CallInstance, tuple[Given, ...]]],
    models: tuple[str, ...],
    references: References,
    handed: Iterable[str] = (),
) -> CallFacts | None:
    """What a framework's client says in its requests; None where that is not known.

    `uses` are the calls that are made on it, `handed` what its requests hold by its users.
    """
    known = made.wrapper
    if known is None or not known.request:
        return None
    sender = Request(
        made.module,
        made.span,
        made.span,
        known.name,
        framework=made.framework,
        model_names=known.model,
        by_model=known,
        applications=made.applications,
    )
    facts = call_facts(evidence, sender, Served(made.handed, [], False), models, references)
    facts = _with_held(evidence, made, known, facts)
    told: dict[MethodUse, None] = {}
    features = {*facts.features, *handed, *_told_by_arguments(evidence, made, known)}
    features |= set(_features_of_entries(evidence, sender, known))
    by_default = bool(known.default_model) and not nodes_handed(made, evidence, known.model)
    for name, instance, given in uses:
        names = frozenset(one.name for one in given)
        places = frozenset(one.name or str(place) for place, one in enumerate(given))
        said = _features_of_use(known, name, places)
        if said:
            told[MethodUse(name, evidence.place(instance.key[0], instance.record.span), names)] = (
                None
            )
        features |= said or ({"stream"} if name in _STREAMS else set())
        features |= _features_of_settings(evidence, given)
    return replace(
        facts,
        features=frozenset(features),
        methods_used=tuple(told),
        model_known=facts.model_known or by_default,
    )


def _told_by_arguments(
    evidence: Evidence, made: Construction, known: surface.FrameworkClass
) -> Iterator[str]:
    """What a client's arguments say of its requests, by their names or by what they are."""
    for what, feature in known.says_of:
        names = None if "." in what else (what,)
        held = (
            value
            for node in nodes_handed(made, evidence, names)
            for value in evidence.solver.values[node]
        )
        if any(_is_of(value, what) if names is None else not _is_text(value) for value in held):
            yield feature


def _is_of(value: Value, path: str) -> bool:
    return isinstance(value, Made) and value.path == path


def _is_text(value: Value) -> bool:
    """Whether a type says that plain text is wanted."""
    return isinstance(value, Constant) or (
        isinstance(value, External) and value.path == "builtins.str"
    )


def _with_held(
    evidence: Evidence, made: Construction, known: surface.FrameworkClass, facts: CallFacts
) -> CallFacts:
    """The facts of a client, with what the settings that it is handed say of its requests."""
    found = [
        one for __, given in made.applications for one in holders.holders(evidence, known, given)
    ]
    held = (
        argument
        for holder in found
        for item in holder.entries
        if known.holds(item.name) and (argument := evidence.argument(item)) is not None
    )
    places = dict.fromkeys(evidence.place(one.module, one.span) for one in found)
    arguments = {
        (one.name, one.place): one for one in (*facts.arguments, *named_alike(known, held))
    }
    return replace(facts, arguments=tuple(arguments.values()), holders=tuple(places))


def _features_of_entries(
    evidence: Evidence, sender: Request, known: surface.FrameworkClass
) -> Iterator[str]:
    """What a client's own arguments say of its requests, by the entries of dictionaries."""
    for path, feature in known.asks:
        argument, __, entry = path.partition(".")
        for node in argument_nodes(evidence, sender, argument) if entry else ():
            for value in evidence.solver.values[node]:
                entries = evidence.solver.entries(value) if isinstance(value, Bag) else ()
                if any(one.name == entry for one in entries):
                    yield feature


def _features_of_settings(evidence: Evidence, given: tuple[Given, ...]) -> set[str]:
    """What settings say of a request, by the arguments they were made with."""
    found: set[str] = set()
    for item in given:
        for value in evidence.solver.values[item.node]:
            if not isinstance(value, Made) or (told := surface.framework_class(value.path)) is None:
                continue
            made = evidence.solver.requests[value.origin].values()
            names = {
                one.name for _value, _instance, passed in made for one in evidence.expand(passed)[0]
            }
            found |= {feature for argument, feature in told.asks if argument in names}
    return found


def _features_of_use(
    known: surface.FrameworkClass, name: str, arguments: frozenset[str]
) -> set[str]:
    """What the requests of a client hold, by a method of it or by what it is given to.

    `arguments` are those of the use, by name or by place.
    """
    taker = surface.framework_class(name) if "." in name else None
    if taker is not None:
        return {feature for argument, feature in taker.asks if argument in arguments}
    uses = {name, *(f"{name}.{one}" for one in arguments)}
    return {feature for method, feature in known.methods if method in uses}


def uses_of_made(
    evidence: Evidence,
) -> dict[CallKey, list[tuple[str, CallInstance, tuple[Given, ...]]]]:
    """The calls of methods of what frameworks made, by where it was made."""
    found: defaultdict[CallKey, list[tuple[str, CallInstance, tuple[Given, ...]]]]
    found = defaultdict(list)
    for applications in evidence.solver.requests.values():
        for value, instance, given in applications.values():
            if isinstance(value, Made):
                itself = _is_itself(evidence, value)
                name = "__call__" if itself else value.path.rpartition(".")[2]
                found[value.origin].append((name, instance, given))
    return found


def _is_itself(evidence: Evidence, made: Made) -> bool:
    """Whether it is what a call gave, and no attribute of that."""
    makers = evidence.solver.requests.get(made.origin, {}).values()
    return any(
        isinstance(one, External) and one.path == made.path for one, _instance, _given in makers
    )


def held_by_users(evidence: Evidence) -> dict[CallKey, set[str]]:
    """What requests of frameworks' clients hold by what these are handed to, by their makers.

    `AssistantAgent("a", model_client=client, tools=[…])`: the requests of `client` hold tools. What
    is said of an agent is said of the client that it has.
    """
    found: defaultdict[CallKey, set[str]] = defaultdict(set)
    users = list(_users(evidence))
    for __ in range(_LONGEST_USE):
        for key, known, nodes in users:
            held = {feature for name, feature in known.asks if _is_given(evidence, nodes.get(name))}
            found[key] |= held
            for argument in (*known.model, *known.client):
                handed = evidence.solver.held(nodes[argument], Made) if argument in nodes else ()
                for made in handed:
                    found[made.origin] |= held | found[key]
    return found


def _users(
    evidence: Evidence,
) -> Iterator[tuple[CallKey, surface.FrameworkClass, dict[str, int]]]:
    """What is handed a client and says more of its requests, where it was made.

    Each with what it was given, or one of its methods: `agent.step(text, response_format=Verdict)`.
    """
    for key, applications in evidence.solver.requests.items():
        for value, __, given in applications.values():
            if not isinstance(value, External | Made):
                continue
            known = surface.framework_class(value.path)
            if known is not None and known.asks:
                order = iter(known.positional)
                arguments = evidence.expand(given)[0]
                made = value.origin if isinstance(value, Made) else key
                yield made, known, {one.name or next(order, ""): one.node for one in arguments}


def _is_given(evidence: Evidence, node: int | None) -> bool:
    """Whether an argument is given that is not known to say nothing."""
    return node is not None and evidence.constant(node) not in (None, False, [], {})


def construction_of(request: Request) -> Construction:
    """A function of a framework that sends a request, as what aims it."""
    path = request.by_model.path if request.by_model is not None else ""
    made = Construction(
        request.module, request.span, path, "framework", path, framework=request.framework
    )
    made.applications = request.applications
    return made


def _on_framework(blank: Request, path: str) -> Request | None:
    """A method that sends a request, on an object of a framework's OpenAI class."""
    if (told := _by_framework(blank, path)) is not None:
        return told  # one that is known by itself, and given the model
    owner, __, method = path.rpartition(".")
    while method.count(".") < _LONGEST_METHOD and surface.framework_class(owner) is None:
        owner, __, last = owner.rpartition(".")
        method = f"{last}.{method}"
    known = surface.framework_class(owner)
    sends = surface.framework_sends(method) or surface.method(method) is not None
    if known is None or not known.makes_client or not sends:
        return None
    return replace(
        blank,
        api=f"{known.label}:{known.name}.{method}",
        framework=known.label,
        model_names=known.model,
    )


def _look_alikes(evidence: Evidence, found: dict[tuple[int, Span], Request]) -> Iterable[Request]:
    """Method chains like OpenAI's on objects of which nothing is known."""
    solver = evidence.solver
    for (module, index), instances in solver.instances.items():
        record = solver.modules[module].calls[index]
        if (module, record.span) in found or "." not in record.method:
            continue
        held = [value for one in instances for value in solver.values[one.function]]
        if any(_is_known(evidence, value) for value in held):
            continue
        api = _telling_suffix(without_raw(record.method))
        if api and not _on_known_object(evidence, instances, api):
            yield Request(
                module,
                record.span,
                record.function_span,
                api,
                likely=True,
                asynchronous=record.awaited,
                applications=[(one, one.given) for one in instances],
                receivers=[
                    (one.function, value)
                    for one in instances
                    for value in solver.values[one.function]
                ],
            )


def _telling_suffix(method: str) -> str:
    parts = method.split(".")
    for start in range(len(parts) - 1):
        path = ".".join(parts[start:])
        known = surface.method(path)
        if known is not None and known.area in _TELLING and known.kind == "request":
            return path
    return ""


def _on_known_object(evidence: Evidence, instances: Iterable[CallInstance], api: str) -> bool:
    """Whether the object that the chain begins at is known to be something else."""
    solver = evidence.solver
    for one in instances:
        steps = 0
        parts = one.record.method.split(".")
        while without_raw(".".join(parts[len(parts) - steps :])) != api:
            steps += 1
        node: int | None = one.function
        for __ in range(steps):
            node = solver.bases.get(node) if node is not None else None
        if node is not None and any(_is_known(evidence, v) for v in solver.values[node]):
            return True
    return False


def _is_known(evidence: Evidence, value: Value) -> bool:
    """Whether it is plain what a value is.

    An object that passes attributes on is not, and neither is one that stands for another by being
    looked up. What has no attributes like OpenAI's is not what the chain is called on.
    """
    if isinstance(value, Instance):
        solver = evidence.solver
        line = solver.ancestors(value.of)
        return not any(solver.declares(one, name) for one in line for name in _PASSING)
    return not isinstance(value, Opaque | Constant | Bag | Sequence | Piece | Variable)


_PASSING = ("__getattr__", "__get__")


# -- which of them are OpenAI's ---------------------------------------------------------------


@dataclass
class Served:
    """Who serves a request."""

    ours: list[Construction]
    foreign: list[Construction]
    untraced: bool


def served_by(request: Request, made: list[Construction]) -> Served:
    """The constructions whose clients may serve a request; `untraced` where only a type says so."""
    by_origin = {origin: one for one in made for origin in one.origins}
    ours: dict[int, Construction] = {}
    foreign: dict[int, Construction] = {}
    untraced = False
    for client in request.clients:
        one = by_origin.get(client.origin) if client.origin else None
        if one is None:
            untraced = True
        elif one.destination is Destination.FOREIGN:
            foreign[id(one)] = one
        else:
            ours[id(one)] = one
    return Served(list(ours.values()), list(foreign.values()), untraced)


def is_ours(evidence: Evidence, request: Request, served: Served, made: list[Construction]) -> bool:
    """Whether a request can reach OpenAI: not if every client it may use is somebody else's."""
    if request.http is not None:
        return request.http.to_openai
    if request.by_model is not None and request.by_model.client:
        return _follows_client(request, served, made)
    if request.by_model is not None:
        return _follows_model(evidence, request, request.by_model)
    if request.likely or not request.clients or served.ours:
        return True
    if served.foreign or not (served.untraced or request.framework):
        return False  # an annotation says no more than that it is a client
    same = [one for one in made if one.framework == request.framework]
    return not same or any(one.destination is not Destination.FOREIGN for one in same)


def _handed_objects(
    evidence: Evidence, sender: surface.FrameworkClass, given: Iterable[Given]
) -> Iterator[Made]:
    """The objects of a framework that a function of it sends a request by."""
    order = iter(sender.positional)
    for item in given:
        if (item.name or next(order, "")) in sender.client:
            yield from evidence.solver.held(item.node, Made)


def _follows_client(request: Request, served: Served, made: Iterable[Construction]) -> bool:
    """Whether a framework sends a request by an object that goes to OpenAI."""
    if served.ours or (served.foreign and not served.untraced):
        return bool(served.ours)
    every = (one for one in made if one.framework == request.framework)
    return any(one.destination is not Destination.FOREIGN for one in every)


def _follows_model(evidence: Evidence, request: Request, sender: surface.FrameworkClass) -> bool:
    """Whether what a framework sends goes to OpenAI: by the model's name, or always."""
    told = BaseUrls(evidence, request.module, argument_nodes(evidence, request, *sender.base_url))
    if told.elsewhere:
        return False
    nodes = argument_nodes(evidence, request, *sender.model)
    return not sender.model or evidence.names_model(request.module, nodes)


def _is_resold(served: Served) -> bool:
    """Whether somebody else who may serve a request may know OpenAI's models by their names."""
    told = [*served.foreign, *(one for one in served.ours if one.others)]
    return not all(map(has_own_names, told))


def whose(served: Served) -> Whose:
    """Whose a request is that does not go to OpenAI."""
    return Whose.RESOLD if _is_resold(served) or not served.foreign else Whose.THEIRS


def draft_calls(evidence: Evidence, ours: list[Request]) -> None:
    """Register a site for every request that can reach OpenAI."""
    for request in ours:
        evidence.add(
            Draft(
                request.module,
                request.kind,
                request.span,
                request.http.sender if request.http else request.by_path or request.api,
                Certainty.LIKELY if request.likely else Certainty.PROVEN,
                _provenance(evidence, request),
            )
        )


def _provenance(evidence: Evidence, request: Request) -> tuple[Step, ...]:
    api = request.api
    said = (
        _("asks for {api} in a batch", api=api) if request.in_batch else _("calls {api}", api=api)
    )
    if request.http is not None:
        sender = request.http.sender
        said = _("sends {api} by {sender}", api=api, sender=sender)
        said = said if api else _("sends a request by {sender}", sender=sender)
    here = Step(evidence.path(request.module), request.span.line, said)
    chains = [evidence.way(node, value) for node, value in request.receivers]
    # The longest chain is the one that leads back to a construction, not only to an annotation.
    longest = max(chains, key=len, default=())
    return (*longest, here)


# -- facts ------------------------------------------------------------------------------------


def argument_nodes(evidence: Evidence, request: Request, *names: str) -> list[int]:
    """The nodes of an argument in every context."""
    nodes: dict[int, None] = {}
    positional = _positional(request)
    sender = request.by_model
    for __, given in request.applications:
        expanded, _traced = evidence.expand(given)
        order = iter(positional)
        for item in expanded:
            name = item.name or next(order, "")
            if name in names or (sender is not None and sender.meaning(name) in names):
                nodes[item.node] = None
    return list(nodes)


def _positional(request: Request) -> tuple[str, ...]:
    if request.framework:
        return request.by_model.positional if request.by_model is not None else ()
    if request.legacy:
        called = surface.legacy_call(request.api)
        return called.positional if called is not None else ()
    known = surface.method(request.api)
    return known.positional if known is not None else ()


def _variable_names(evidence: Evidence, nodes: Iterable[int]) -> Iterator[str]:
    for node in nodes:
        for variable in evidence.variables(node):
            yield variable.name.upper()


def call_facts(
    evidence: Evidence,
    request: Request,
    served: Served,
    models: tuple[str, ...],
    references: References,
) -> CallFacts:
    """What the planner needs to know of a request."""
    arguments, complete = evidence.arguments(request.applications, _positional(request))
    if request.legacy:
        arguments = _with_key_sources(evidence, request, arguments)
    layers = [surface.layer(path) for path in request.layers]
    kept = frozenset[str]().union(*(one.takes for one in layers))
    told = {one.name for one in arguments if one.value is not None}
    features = {what for one in layers for name, what in one.features.items() if name in told}
    model_nodes = argument_nodes(evidence, request, *request.model_names)
    named = (name for node in model_nodes for name in evidence.model_names(request.module, node))
    texts = dict.fromkeys(named)
    effort_nodes = _effort_nodes(evidence, request)
    efforts = (text.literal for node in effort_nodes for text in evidence.texts(node))
    seen = messages.read(evidence, request)
    known = request.by_model
    api, sender = request.api, ""
    if known is not None and known.request:
        api, sender = known.request, known.path
        arguments = _said(known, arguments)
    here = (request.module, request.function_span)
    handed = references.of(request.api, *here, request.sent_by) if request.legacy else Handed()
    return CallFacts(
        api=api,
        callee=evidence.place(request.module, request.function_span),
        arguments=tuple(one for one in arguments if one.name not in kept),
        complete=complete,
        clients=tuple(
            draft.id for one in served.ours if (draft := evidence.drafts.get(one.key)) is not None
        ),
        foreign=(
            *(
                _("{name} at {place}", name=one.spelled, place=_place_of(evidence, one))
                for one in served.foreign
                if not _is_stand_in(evidence, request, one)
            ),
            *(
                _("{name} at {place}", name=one.spelled, place=other.value)
                for one in served.ours
                for other in one.others
            ),
        ),
        resold=_is_resold(served),
        module_client=request.module_client,
        legacy=request.legacy,
        asynchronous=request.asynchronous,
        raw=request.raw,
        models=models,
        model_values=tuple(texts),
        model_variables=tuple(dict.fromkeys(_variable_names(evidence, model_nodes))),
        model_beginnings=tuple(_beginnings(evidence, model_nodes)),
        model_known=bool(model_nodes) and all(evidence.settles_model(node) for node in model_nodes),
        efforts=tuple(evidence.literal(one) for one in dict.fromkeys(efforts)),
        efforts_known=all(map(evidence.settled, effort_nodes)),
        roles=seen.roles,
        successive=seen.successive,
        features=seen.features | features,
        pictures=seen.pictures,
        framework=request.framework,
        content=seen.content,
        http=request.http.facts(evidence) if request.http else None,
        named=handed.named,
        others=tuple(request.others),
        traced=handed.known,
        handed_on=request.handed_on,
        arrives=handed.arrives and _arrives(evidence, request),
        by_path=bool(request.by_path),
        in_batch=request.in_batch,
        urls=tuple(request.urls),
        body=bodies.body(evidence, request),
        follows=handles.follows(
            evidence, (one for __, given in request.applications for one in given)
        ),
        sender=sender,
    )


def _place_of(evidence: Evidence, made: Construction) -> str:
    return f"{evidence.path(made.module)}:{made.span.line}"


def _with_key_sources(
    evidence: Evidence, request: Request, arguments: tuple[Argument, ...]
) -> tuple[Argument, ...]:
    """The arguments, the key that a call of openai before 1.0 brings with what it may come from."""
    nodes = list(argument_nodes(evidence, request, _KEY))
    return tuple(
        keyed(evidence, request.module, one, nodes) if one.name == _KEY else one
        for one in arguments
    )


def _said(known: surface.FrameworkClass, arguments: Iterable[Argument]) -> tuple[Argument, ...]:
    """The arguments that are parameters of the requests, by the names that they have there."""
    said = [one for one in arguments if known.says(one.name)]
    return named_alike(known, said)


def _arrives(evidence: Evidence, request: Request) -> bool:
    """Whether a call's value is the answer: it calls the method, and asks nobody to."""
    if request.http is not None or request.likely or request.framework:
        return True
    return all(
        any(isinstance(value, Member | Partial) or _is_openai(value) for value in held)
        for instance, __ in request.applications
        if (held := evidence.solver.values[instance.function])
    )


def _is_openai(value: Value) -> bool:
    return isinstance(value, External) and value.path.startswith("openai.")


def _is_stand_in(evidence: Evidence, request: Request, made: Construction) -> bool:
    """Whether a client is one that tests make, to have the program ask a server of their own."""
    return in_tests(evidence.path(made.module)) and not in_tests(evidence.path(request.module))


def _effort_nodes(evidence: Evidence, request: Request) -> list[int]:
    """What may say how much a request reasons: by itself, or as an entry of `reasoning`."""
    nodes = argument_nodes(evidence, request, "reasoning_effort")
    for node in argument_nodes(evidence, request, "reasoning"):
        bags = list(evidence.solver.held(node, Bag))
        given = [one for bag in bags for one in evidence.solver.entries(bag)]
        nodes += [one.node for one in given if one.name in {"effort", "", "**"}]
        if any(not isinstance(value, Bag | Constant) for value in evidence.solver.values[node]):
            nodes.append(node)
    return nodes


def _beginnings(evidence: Evidence, nodes: list[int]) -> Iterable[Literal]:
    """The literals that begin a model's name: `f"gpt-{version}"`, `"ft:" + suffix`."""
    found: dict[Literal, None] = {}
    for node in nodes:
        for value in evidence.solver.held(node, Composed):
            for text in evidence.texts(value.parts[0]):
                if surface.begins_model(str(text.value)):
                    found[evidence.literal(text.literal)] = None
    return found


def argument_places(evidence: Evidence, requests: Iterable[Request]) -> set[Place]:
    """Where the arguments of some requests are written."""
    return {
        argument.place
        for one in requests
        for argument in evidence.arguments(one.applications, _positional(one))[0]
    }


def with_sharing(facts: list[CallFacts], elsewhere: set[Place]) -> list[CallFacts]:
    """The same facts, each argument knowing how many calls receive it, and whether others do.

    `elsewhere` are the places of what requests to other providers receive.
    """
    counts: Counter[Place] = Counter()
    for one in facts:
        counts.update({argument.place for argument in one.arguments})
    return [
        replace(
            one,
            arguments=tuple(
                replace(
                    argument,
                    shared=counts[argument.place],
                    elsewhere=argument.place in elsewhere,
                )
                for argument in one.arguments
            ),
        )
        for one in facts
    ]
