"""Variable sites: key, base-URL and organisation variables named in code, and settings fields."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.analysis import configuration, library, surface
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.extract.mappings import Mappings, Owner
from migrator.analysis.program import FieldRecord, LiteralRecord
from migrator.analysis.sites import Certainty, Kind, Literal, Step, VariableFacts
from migrator.analysis.values import (
    Class,
    Constant,
    External,
    Instance,
    Made,
    Module,
    Value,
)
from migrator.language import _

# What a variable can mean that makes its name a site of its own.
_MEANINGS = frozenset(
    {"api_key", "base_url", "organization", "project", "azure_endpoint", "api_version", "api_type"}
)
_ADDRESSES = frozenset({"base_url", "azure_endpoint"})
# What the names of variables that hold access say of it.
_SOUNDS = {
    "api_key": re.compile("KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE),
    "base_url": re.compile("URL|URI|BASE|HOST|ENDPOINT|SERVER|DOMAIN", re.IGNORECASE),
    "api_version": re.compile("VERSION", re.IGNORECASE),
    "organization": re.compile("ORG", re.IGNORECASE),
}
_PREFIX_CONTEXTS = ("keyword:env_prefix", "entry:env_prefix", "assign:env_prefix")
_ALIAS_CONTEXTS = (
    "keyword:alias",
    "keyword:validation_alias",
    "keyword:env",
    "argument of AliasChoices",
)
_PATTERN_CONTEXTS = frozenset(
    f"argument of {name}" for name in ("match", "fullmatch", "search", "compile", "findall", "sub")
)
# Words of a variable's name that say nothing about whose address or key it holds.
_NEUTRAL = frozenset(
    [
        "OPENAI",
        "OAI",
        "AZURE",
        "LLM",
        "API",
        "AI",
        "APP",
        "BASE",
        "MODEL",
        "GPT",
        "CHAT",
        "CHATGPT",
        "PROXY",
        "MY",
        "DEFAULT",
        "BACKEND",
        "CUSTOM",
        "SERVICE",
        "PROVIDER",
        "EMBEDDING",
        "EMBED",
        "URL",
        "HOST",
        "KEY",
        "ENDPOINT",
        "SERVER",
        "INFERENCE",
    ]
)
KEY_SHAPE = "key_shape"
# What may stand between two words of an expression.
_GAP = r"(?:\s|\\(?=[\r\n])|#[^\r\n]*)*"
_REQUIRED = "required_read"
LiteralKey = tuple[int, int]


def names_another_provider(name: str) -> bool:
    """Whether a variable's name starts with a word that names somebody (DEEPSEEK_API_KEY)."""
    words = re.split(r"[_\W]+", name.upper())
    return bool(words) and not any(word in _NEUTRAL for word in words[:1])


def meaning_of(name: str) -> str | None:
    """What a variable of that name means to OpenAI, if it is one that carries access."""
    found = surface.variable(name)
    return found.meaning if found is not None and found.meaning in _MEANINGS else None


def draft_variables(
    evidence: Evidence, told: Iterable[tuple[str, list[int]]] = ()
) -> dict[LiteralKey, Draft]:
    """Register a site for every literal that names such a variable; settings fields too.

    `told` are what clients are given that carries access: what it means, and the nodes of it. The
    variables that it is read from are such ones whatever they are called.
    """
    found: dict[LiteralKey, Draft] = {}
    neutral = _neutral(evidence, told)
    read = evidence.solver.reads
    selectors = _selectors(evidence)
    mappings = Mappings(evidence)
    paired = _paired(evidence)
    for module, facts in enumerate(evidence.solver.modules):
        for index, record in enumerate(facts.literals):
            is_read = (module, index) in read
            if facts.is_document and not is_read:
                continue
            owner = None if is_read else _owner(mappings, (module, index), record)
            is_set = is_read or owner is Owner.ENVIRONMENT
            is_named = owner is Owner.PROGRAM or (module, index) in evidence.solver.entry_names
            is_pair = record.value in paired and (
                is_named
                or owner is Owner.UNKNOWN
                or record.context == "key"
                or (module, index) in evidence.keys
            )
            is_entry = not is_set and (is_named or is_pair)
            draft = _from_literal(evidence, module, record, is_set, is_entry)
            meaning = neutral.get((module, index))
            if draft is None and meaning is not None:
                draft = _from_reading(evidence, module, record)
            if draft is not None and draft.detail not in selectors:
                literal = evidence.literal((module, index))
                draft = evidence.add(draft)
                draft.facts = _facts(record, literal, draft.detail, meaning)
                if is_pair:
                    renamable = paired[record.value]
                    draft.facts = replace(draft.facts, paired=True, renamable=renamable)
                elif is_entry:
                    draft.facts = replace(draft.facts, access="attribute")
                elif owner is Owner.UNKNOWN:
                    draft.facts = replace(draft.facts, access="item")
                if record.context == "key" and _is_put_into_environment(evidence, module, record):
                    draft.facts = replace(draft.facts, access="write")
                found[module, index] = draft
        for literal_index, draft in _from_settings(evidence, module):
            found[module, literal_index] = evidence.add(draft)
        attributes = _attribute_reads(evidence, module, mappings)
        for draft in (*attributes, *_key_shapes(evidence, module)):
            evidence.add(draft)
    return found


def _from_literal(
    evidence: Evidence, module: int, record: LiteralRecord, is_read: bool, is_entry: bool
) -> Draft | None:
    text = record.value
    if not isinstance(text, str) or not text or record.context == "field":
        return None
    if record.context in _PREFIX_CONTEXTS:
        named = meaning_of(f"{text}API_KEY") is not None and surface.variable(text + "KEY")
        return Draft(module, Kind.ENV_KEY, record.span, text) if named else None
    if meaning_of(text) is None or not _names_a_variable(text, is_read):
        return None
    known = is_read or is_entry or record.context == "item"
    known = known or record.context.startswith(_ALIAS_CONTEXTS)
    steps = (
        Step(evidence.path(module), record.span.line, _("names the variable {name}", name=text)),
    )
    certainty = Certainty.PROVEN if known else Certainty.LIKELY
    return Draft(module, Kind.ENV_KEY, record.span, text, certainty, steps)


def _owner(mappings: Mappings, literal: LiteralKey, record: LiteralRecord) -> Owner | None:
    """Whose the name is that a literal says of an item, where that is a variable's name."""
    name = record.value
    named = isinstance(name, str) and name.isupper() and meaning_of(name) is not None
    return mappings.owner(literal) if named else None


def _paired(evidence: Evidence) -> dict[object, bool]:
    """The names by which variables and entries of dictionaries are asked for at once.

    `os.getenv(name) or settings.get(name)`: each with whether literals alone name the entries.
    """
    solver = evidence.solver
    found: dict[object, bool] = {
        variable.name: True
        for literal, (_node, variable) in solver.reads.items()
        if literal in evidence.keys
    }
    for given in solver.entries_read if found else ():
        if given.name in found:
            literal = given.key_literal
            named = literal is not None and not solver.modules[literal[0]].is_document
            found[given.name] = found[given.name] and named
    return found


def _selectors(evidence: Evidence) -> frozenset[str]:
    """Names that sound like an address and hold a word to choose by: `OPENAI_HOST == "azure"`."""
    named = {
        str(record.value)
        for __, facts in evidence.programs()
        for record in facts.literals
        if isinstance(record.value, str) and _sounds_like_an_address(record.value)
    }
    return frozenset(name for name in named if _is_chosen_by(evidence, name))


def _sounds_like_an_address(name: str) -> bool:
    found = surface.variable(name) if name.isupper() and "RESOURCE" not in name else None
    return found is not None and not found.exact and found.meaning in _ADDRESSES


def _is_chosen_by(evidence: Evidence, name: str) -> bool:
    """Whether a variable is compared with a plain word, or has one for its default."""
    used = re.compile(
        rf"\b{name}\b[\"']?{_GAP}[\])]?{_GAP}[=!]={_GAP}[\"'](?!localhost)[\w-]+[\"']"
        rf"|[\"']{name}[\"']{_GAP},{_GAP}[\"'](?!localhost)[\w-]+[\"']"
    )
    return any(
        used.search(evidence.sources[facts.path].text)
        for facts in evidence.solver.modules
        if facts.path in evidence.sources and name in evidence.sources[facts.path].text
    )


def _names_a_variable(text: str, read: bool) -> bool:
    """Upper-case names always do; `openai_api_key` only where a variable is read by it."""
    return text.isupper() or read


def _facts(
    record: LiteralRecord, literal: Literal, name: str, told: str | None = None
) -> VariableFacts:
    return VariableFacts(name, meaning_of(name) or told or "other", _access(record), literal)


def _neutral(evidence: Evidence, told: Iterable[tuple[str, list[int]]]) -> dict[LiteralKey, str]:
    """The literals of the variables that clients get their access from, by what it is."""
    found: dict[LiteralKey, str] = {}
    for meaning, nodes in told:
        for node in nodes:
            for variable in evidence.variables(node):
                sounds = _SOUNDS[meaning].search(variable.name)
                if sounds and not names_another_provider(variable.name):
                    found.setdefault(variable.literal, meaning)
    return found


def _from_reading(evidence: Evidence, module: int, record: LiteralRecord) -> Draft | None:
    """A variable of a neutral name, of which a client gets its key or its address."""
    if not isinstance(record.value, str) or record.context == "field":
        return None
    name = record.value
    steps = (
        Step(evidence.path(module), record.span.line, _("reads the variable {name}", name=name)),
    )
    return Draft(module, Kind.ENV_KEY, record.span, name, provenance=steps)


def _access(record: LiteralRecord) -> str:
    match record.context:
        case "item":
            return _REQUIRED
        case "compare" | "assert" | "element of compare":
            return "test"
        case context if context in _PREFIX_CONTEXTS:
            return "settings_prefix"
        case context if context.startswith(_ALIAS_CONTEXTS):
            return "settings_field"
        case context if context.startswith("argument of "):
            called = context.removeprefix("argument of ")
            if called in {"setenv", "setdefault", "putenv"}:
                return "write"
            return "delete" if called in {"delenv", "pop", "unsetenv"} else "read"
        case "key" | "assign:" | "value":
            return "text"
    return "read"


def _is_put_into_environment(evidence: Evidence, module: int, record: LiteralRecord) -> bool:
    """`patch.dict(os.environ, {"NAME": value})`, `os.environ.update({"NAME": value})`."""
    for call in evidence.solver.modules[module].calls:
        if not call.span.holds(record.span):
            continue
        patched = call.method.endswith("dict") and call.arguments
        first = evidence.slice(module, call.arguments[0].span) if patched else ""
        if call.method.endswith("environ.update") or first.strip("'\"").endswith("environ"):
            return True
    return False


# -- settings classes -------------------------------------------------------------------------


def _from_settings(evidence: Evidence, module: int) -> Iterator[tuple[int, Draft]]:
    """Fields of a settings class, whose names say which variables are read."""
    solver = evidence.solver
    for index, record in enumerate(solver.modules[module].classes):
        of = solver.intern(Class, module, index)
        if not is_settings(evidence, of):
            continue
        for one in record.fields:
            name = record.prefix + one.name
            meaning = meaning_of(name.upper())
            if meaning is None or _has_alias(evidence, module, one):
                continue
            draft = Draft(
                module,
                Kind.ENV_KEY,
                one.span,
                name.upper(),
                provenance=(Step(evidence.path(module), one.span.line, _("is a settings field")),),
            )
            literal = Literal(evidence.path(module), one.name_span, one.name)
            draft.facts = VariableFacts(
                name.upper(), meaning, "settings_field", literal, field=True
            )
            yield one.literal, draft


def field_defaults(evidence: Evidence) -> Iterator[tuple[str, Literal]]:
    """The variables of settings classes by their fields, each with its literal default."""
    solver = evidence.solver
    for module, facts in enumerate(solver.modules):
        for index, record in enumerate(facts.classes):
            if not is_settings(evidence, solver.intern(Class, module, index)):
                continue
            for one in record.fields:
                for literal, text in enumerate(facts.literals):
                    if text.span == one.value_span and isinstance(text.value, str):
                        yield (
                            (record.prefix + one.name).upper(),
                            evidence.literal((module, literal)),
                        )


def _attribute_reads(evidence: Evidence, module: int, mappings: Mappings) -> Iterator[Draft]:
    """`settings.OPENAI_API_KEY`, `st.secrets.OPENAI_API_KEY`: spelled as the variable it holds."""
    solver = evidence.solver
    for mention in solver.modules[module].mentions:
        name = mention.spelled.rpartition(".")[2]
        if not name.isupper() or "." not in mention.spelled or meaning_of(name) is None:
            continue
        node = evidence.mention_node(module, mention)
        base = solver.bases.get(node) if node is not None else None
        if node is None or base is None:
            continue
        values = solver.values[base]
        is_set = any(mappings.is_environment(value, name) for value in values)
        owned = is_set or any(
            _has_fields(evidence, value) or mappings.is_filled(value, name) for value in values
        )
        steps = (
            Step(evidence.path(module), mention.span.line, _("reads {name}", name=mention.spelled)),
        )
        draft = Draft(
            module,
            Kind.ENV_KEY,
            mention.span,
            name,
            Certainty.PROVEN if owned else Certainty.LIKELY,
            steps,
        )
        literal = Literal(evidence.path(module), mention.span, name)
        draft.facts = VariableFacts(name, meaning_of(name) or "other", "attribute", literal)
        if is_set:
            written = replace(literal, span=mention.span.last(len(name)))
            draft.facts = replace(draft.facts, access=_REQUIRED, name=written, attribute=True)
        yield draft


def _has_fields(evidence: Evidence, value: Value) -> bool:
    """Whether the attributes of a value are what the repository's own code binds."""
    known = isinstance(value, Instance | Class | Module)
    return known or configuration.is_read(evidence.solver, value)


def _key_shapes(evidence: Evidence, module: int) -> Iterator[Draft]:
    """`key.startswith("sk-")`, `re.match("sk-…", key)`: what a key is taken to look like."""
    for record in evidence.solver.modules[module].literals:
        tested = record.context.endswith(".startswith") or record.context in _PATTERN_CONTEXTS
        if tested and isinstance(record.value, str) and surface.is_key_shape(record.value):
            steps = (
                Step(evidence.path(module), record.span.line, _("tests what a key looks like")),
            )
            text = record.value
            draft = Draft(module, Kind.ENV_KEY, record.span, text, Certainty.LIKELY, steps)
            literal = Literal(evidence.path(module), record.span, text)
            draft.facts = VariableFacts("", KEY_SHAPE, "test", literal)
            yield draft


def is_settings(evidence: Evidence, of: Class) -> bool:
    """Whether a class reads its fields from the environment."""
    return any(
        path.rpartition(".")[2] == "BaseSettings" for path in evidence.solver.external_bases[of]
    )


def _has_alias(evidence: Evidence, module: int, one: FieldRecord) -> bool:
    if one.value_span is None:
        return False
    return any(
        record.context.startswith(_ALIAS_CONTEXTS) and one.value_span.holds(record.span)
        for record in evidence.solver.modules[module].literals
    )


# -- uses of a settings field -----------------------------------------------------------------


def field_uses(evidence: Evidence, name: str) -> tuple[tuple[Literal, ...], bool]:
    """Every place that reads a settings field by its name, and whether that is all there is.

    The name is taken for the field's wherever it is an attribute or a keyword: it is not all there
    is where a string, another class's field or a variable of the same name stands in the program.
    """
    uses: list[Literal] = []
    complete = True
    fields = 0
    for module, facts in enumerate(evidence.solver.modules):
        source = evidence.sources.get(facts.path)
        if source is None or name not in source.text:
            continue
        fields += sum(one.name == name for record in facts.classes for one in record.fields)
        for record in facts.literals:
            if record.value == name and record.context != "field":
                complete = False
        for found in re.finditer(rf"(?<![\w]){re.escape(name)}(?!\w)", source.text):
            before = source.text[: found.start()].rstrip(" \t")
            after = source.text[found.end() :].lstrip(" \t")
            span = source.span(found.start(), found.end())
            if before.endswith(".") or (
                before.endswith(("(", ",")) and after[:1] == "=" and after[:2] != "=="
            ):
                uses.append(Literal(evidence.path(module), span, name))
    return tuple(uses), complete and fields == 1


# -- facts ------------------------------------------------------------------------------------


def flows(
    evidence: Evidence, targets: list[tuple[str, list[int]]]
) -> dict[LiteralKey, tuple[str, ...]]:
    """For every variable literal: the targets whose key or base URL it reaches, by their names."""
    found: defaultdict[LiteralKey, dict[str, None]] = defaultdict(dict)
    for site, nodes in targets:
        for node in nodes:
            for variable in evidence.variables(node):
                found[variable.literal][site] = None
    return {literal: tuple(sites) for literal, sites in found.items()}


def given_abroad(evidence: Evidence) -> set[LiteralKey]:
    """The variables that packages of which nothing is known are given with a model of OpenAI's."""
    found: set[LiteralKey] = set()
    for applications in evidence.solver.requests.values():
        for value, _instance, given in applications.values():
            if not isinstance(value, External | Made):
                continue
            if library.matters(value.path.partition(".")[0]):
                continue
            texts = [text for item in given for text in evidence.texts(item.node)]
            if any(surface.match_model(str(one.value), in_model_position=False) for one in texts):
                read = (one for item in given for one in evidence.variables(item.node))
                found.update(variable.literal for variable in read)
    return found


def defaults(evidence: Evidence) -> dict[LiteralKey, Literal]:
    """The literal fallback of every read that has one: `getenv("NAME", "fallback")`."""
    found: dict[LiteralKey, Literal] = {}
    read = evidence.solver.reads
    for instances in evidence.solver.instances.values():
        for one in instances:
            given = [item for item in one.given if item.name in {"", "default"}]
            if len(given) != 2:
                continue
            names = list(evidence.solver.held(given[0].node, Constant))
            texts = list(evidence.texts(given[1].node))
            if len(names) == 1 and len(texts) == 1 and names[0].literal in read:
                found[names[0].literal] = evidence.literal(texts[0].literal)
    return found
