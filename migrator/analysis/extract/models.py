"""Model sites: strings that name an OpenAI model, and the requests they reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from migrator.analysis import surface
from migrator.analysis.extract import members
from migrator.analysis.extract.evidence import Draft, Evidence, Key
from migrator.analysis.program import LiteralRecord
from migrator.analysis.sites import MEMBER, Certainty, Kind, Literal, ModelFacts, Step
from migrator.analysis.values import Value

LiteralKey = tuple[int, int]

# Where a literal stands -> the role the site has.
_ROLES = (
    ("default:", "default"),
    ("element of keyword:choices", "choices"),
    ("element of annotation", "annotation"),
    ("annotation", "annotation"),
    ("element of assert", "assert"),
    ("assert", "assert"),
    ("element of compare", "compare"),
    ("compare", "compare"),
    ("element of", "fallback_list"),
    ("argument of encoding_for_model", "tokenizer"),
    ("argument of encoding_name_for_model", "tokenizer"),
    ("argument of assert", "assert"),
    ("argument of getenv", "default"),
    ("argument of get", "default"),
    ("argument of add_argument", "value"),
    ("keyword:default", "default"),
    ("item", "table"),
    ("assign:", "constant"),
)
_TEXT_CONTEXTS = (
    "keyword:help",
    "keyword:description",
    "keyword:title",
    "keyword:label",
    "piece",
    "entry:description",
)
_MODEL_WORDS = ("model", "engine", "deployment")


class Whose(Enum):
    """Whose a request is that a name reaches."""

    OURS = "it goes to OpenAI"
    RESOLD = "it goes to somebody else, who may know OpenAI's models by their names"
    THEIRS = "it goes to somebody else, who serves no model by such a name"


@dataclass
class Reach:
    """Where one literal flows: the drafts of requests, and whether to resellers of models too."""

    calls: dict[Key, None] = field(default_factory=dict)
    foreign: bool = False
    steps: tuple[Step, ...] = ()
    azure: bool = False


def role_of(record: LiteralRecord, *, enum: bool = False) -> str:
    """The role of a literal by where it stands."""
    if enum:
        return "enum"
    if record.context.endswith((".startswith", ".endswith")):
        return "compare"
    if record.context == "key":
        return "table"
    for start, role in _ROLES:
        if record.context.startswith(start):
            return role
    return "value"


def draft_models(evidence: Evidence, reaches: dict[LiteralKey, Reach]) -> dict[LiteralKey, Draft]:
    """Register a site for every literal that names a model and reaches, or may reach, OpenAI."""
    found: dict[LiteralKey, Draft] = {}
    for module, facts in enumerate(evidence.solver.modules):
        enums = _enum_values(evidence, module)
        for index, record in enumerate(facts.literals):
            if not isinstance(record.value, str) or not record.value:
                continue
            reach = reaches.get((module, index))
            if facts.is_document and reach is None:
                continue
            match = _match(record, reach)
            if match is None:
                continue
            draft = Draft(
                module,
                Kind.MODEL,
                record.span,
                match.id,
                _certainty(evidence, reach),
                reach.steps if reach else (),
            )
            draft = evidence.add(draft)
            draft.facts = ModelFacts(
                match.id,
                role_of(record, enum=record.span in enums),
                evidence.literal((module, index)),
                match.prefix,
                foreign=bool(reach and reach.foreign),
            )
            found[module, index] = draft
    return found | _draft_members(evidence, reaches)


def _draft_members(evidence: Evidence, reaches: dict[LiteralKey, Reach]) -> dict[LiteralKey, Draft]:
    """Register a site for every member of an enumeration that stands for a model."""
    found: dict[LiteralKey, Draft] = {}
    for (module, index), path in members.members(evidence).values():
        reach = reaches.get((module, index))
        if reach is not None and not reach.calls:
            continue  # it only reaches another provider
        span = evidence.solver.modules[module].mentions[~index].span
        model = surface.model_constants()[path]
        certainty, steps = _certainty(evidence, reach), reach.steps if reach else ()
        draft = evidence.add(Draft(module, Kind.MODEL, span, model, certainty, steps))
        literal = Literal(evidence.path(module), span, model)
        draft.facts = ModelFacts(model, MEMBER, literal, foreign=bool(reach and reach.foreign))
        found[module, index] = draft
    return found


def _certainty(evidence: Evidence, reach: Reach | None) -> Certainty:
    """As certain as the surest of the places it reaches."""
    reached = [
        evidence.drafts[key] for key in (reach.calls if reach else ()) if key in evidence.drafts
    ]
    sure = any(draft.certainty is Certainty.PROVEN for draft in reached)
    return Certainty.PROVEN if sure else Certainty.LIKELY


def _match(record: LiteralRecord, reach: Reach | None) -> surface.ModelMatch | None:
    text = str(record.value)
    if reach is not None and not reach.calls:
        return None  # it only reaches another provider
    if record.context.startswith(_TEXT_CONTEXTS) and not (reach and reach.calls):
        return None
    named = any(word in record.context.lower() for word in _MODEL_WORDS)
    return surface.match_model(text, in_model_position=bool(reach) or named)


def _enum_values(evidence: Evidence, module: int) -> set[object]:
    spans: set[object] = set()
    solver = evidence.solver
    for index, record in enumerate(solver.modules[module].classes):
        from migrator.analysis.values import Class

        bases = solver.external_bases[solver.intern(Class, module, index)]
        if any(path.startswith("enum.") for path in bases):
            spans.update(one.value_span for one in record.fields if one.value_span)
    return spans


def reaches_of(
    evidence: Evidence, targets: Iterable[tuple[Key, list[int], Whose]]
) -> dict[LiteralKey, Reach]:
    """For every string literal: the requests (by draft key) whose model it can be.

    `targets` are (draft key, nodes of the model argument, whose request it is).
    """
    found: defaultdict[LiteralKey, Reach] = defaultdict(Reach)
    named = members.members(evidence)
    for key, nodes, whose in targets:
        for node in nodes:
            for literal, value in _held(evidence, node, named):
                reach = found[literal]
                if whose is not Whose.OURS:
                    reach.foreign = reach.foreign or whose is Whose.RESOLD
                    continue
                reach.calls[key] = None
                if not reach.steps:
                    reach.steps = evidence.way(node, value)
    return dict(found)


def _held(
    evidence: Evidence, node: int, named: Mapping[int, tuple[LiteralKey, str]]
) -> Iterator[tuple[LiteralKey, Value]]:
    """The names that a node holds, as literals and as members of enumerations."""
    for text in evidence.texts(node):
        yield text.literal, text
    for value in members.held(evidence, node):
        if (origin := evidence.origin(node, value)) in named:
            yield named[origin][0], value
