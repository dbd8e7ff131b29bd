"""Sites that are names: imports, exceptions, types, tiktoken, module settings, raw HTTP."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.commands import RUNNERS
from migrator.analysis.extract.addresses import addresses, written
from migrator.analysis.extract.destinations import BaseUrls, key_sources, keyed
from migrator.analysis.extract.evidence import Draft, Evidence, Key
from migrator.analysis.extract.module_settings import ForeignAddresses
from migrator.analysis.extract.variables import meaning_of
from migrator.analysis.instances import CallInstance
from migrator.analysis.library import HTTP_MODULES
from migrator.analysis.program import ImportRecord, LiteralRecord
from migrator.analysis.sites import (
    AddressPart,
    Argument,
    Certainty,
    ImportFacts,
    Kind,
    Literal,
    NameFacts,
    Origin,
    SettingFacts,
    Span,
    Step,
    VariableFacts,
)
from migrator.analysis.values import Composed, Constant, External, Made, Piece, Value, Variable
from migrator.language import _

LISTED = "listed"
_BASE_URLS = frozenset({"base_url", "api_base"})
_KEY = "api_key"
# Where a literal stands that is a name in something else's data.
_NAMING = ("item", "key", "keyword:alias", "keyword:validation_alias")
_HTTP_METHODS = frozenset(
    {
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "request",
        "stream",
        "send",
        "urlopen",
        "Request",
        "fetch",
        "ws_connect",
    }
)
# Where a string is run as a command line.
_COMMANDS = tuple(f"argument of {name}" for name in RUNNERS)
_TOKENIZER = "tiktoken"
_USER = "user"  # the role of what is handed a client, and makes none
AZURE = "azure"
CODE = "code"


# -- imports ----------------------------------------------------------------------------------


def draft_imports(evidence: Evidence) -> None:
    """Register a site for every import of openai, of a wrapper's OpenAI class, of tiktoken."""
    for module, facts in enumerate(evidence.solver.modules):
        stars = {(record.module, record.level) for record in facts.imports if not record.names}
        for record in facts.imports:
            if record.level or evidence.solver.resolver.absolute(facts.path, record.module):
                continue
            names = tuple(_openai_names(record))
            if names or ((record.module, 0) in stars and _is_openai(record.module)):
                _draft_import(evidence, module, record, names)


def draft_dynamic_imports(evidence: Evidence) -> None:
    """Register `import_module("openai")` and its likes."""
    for (module, __), applications in evidence.solver.requests.items():
        for value, instance, given in applications.values():
            if not (isinstance(value, External) and value.path in _IMPORTERS) or not given:
                continue
            names = [str(t.value) for t in evidence.texts(given[0].node)]
            for name in [one for one in names if _is_openai(one)][:1]:
                span = instance.record.span
                draft = evidence.add(Draft(module, Kind.IMPORT, span, name))
                draft.facts = ImportFacts(name, (), evidence.place(module, span))


_IMPORTERS = frozenset({"importlib.import_module", "builtins.__import__"})


def _is_openai(path: str) -> bool:
    return path.split(".")[0] == "openai" or surface.drop_in(path) is not None


def _openai_names(record: ImportRecord) -> Iterator[tuple[str, str]]:
    for imported, local, __ in record.names:
        path = f"{record.module}.{imported}" if record.is_from else imported
        module = record.module if record.is_from else imported
        if (
            _is_openai(path)
            or _is_openai(module)
            or module.split(".")[0] == _TOKENIZER
            or _is_framework(path, module)
        ):
            yield (path, local)


def _is_framework(path: str, module: str) -> bool:
    known = surface.framework_class(path)
    if known is not None:
        return known.role != _USER and not known.unless  # which may well have been told
    for candidate in (path, module):
        framework = surface.framework_module(candidate)
        if framework is not None and framework.dedicated:
            return True
    return False


def _draft_import(
    evidence: Evidence, module: int, record: ImportRecord, names: tuple[tuple[str, str], ...]
) -> None:
    tokenizer = record.module.split(".")[0] == _TOKENIZER
    detail = ", ".join(path.rpartition(".")[2] if record.is_from else path for path, __ in names)
    draft = evidence.add(
        Draft(
            module,
            Kind.TIKTOKEN if tokenizer else Kind.IMPORT,
            record.span,
            detail or record.module,
            provenance=(
                Step(
                    evidence.path(module),
                    record.span.line,
                    _("imports {module}", module=record.module),
                ),
            ),
        )
    )
    draft.facts = (
        NameFacts(record.module, "import")
        if tokenizer
        else ImportFacts(record.module, names, evidence.place(module, record.span))
    )


# -- exceptions and types ---------------------------------------------------------------------


def draft_names(evidence: Evidence) -> None:
    """Register exceptions where they are named, types where they are named as types."""
    solver = evidence.solver
    for module, facts in enumerate(solver.modules):
        for mention in facts.mentions:
            node = evidence.mention_node(module, mention)
            if node is None:
                continue
            for value in solver.values[node]:
                if isinstance(value, External):
                    _draft_name(evidence, module, mention.span, mention.context, value, node)


def _draft_name(
    evidence: Evidence, module: int, span: Span, context: str, value: External, node: int
) -> None:
    exception = surface.exception(value.path)
    steps = (
        *evidence.way(node, value),
        Step(evidence.path(module), span.line, _("names {path}", path=value.path)),
    )
    if exception is not None:
        if context.startswith("base of ") and not context.startswith("base of call"):
            return
        name = exception.removeprefix("openai.")
        draft = evidence.add(Draft(module, Kind.EXCEPTION, span, name, provenance=steps))
        draft.facts = NameFacts(exception)
        return
    if context.startswith("base of ") or not _is_type_use(value.path, context):
        return
    name = value.path.rpartition(".")[2]
    draft = evidence.add(Draft(module, Kind.TYPE_REF, span, name, provenance=steps))
    draft.facts = NameFacts(value.path)


# Roles of what may be another provider's, or nobody's, and so says nothing as a type.
_NO_TYPES = frozenset({"factory", "agent", "other", "request", _USER})


def _is_type_use(path: str, context: str) -> bool:
    if surface.is_type(path):
        return True
    is_class = surface.client_class(path) is not None
    wrapper = surface.framework_class(path)
    if not is_class and (wrapper is None or wrapper.role in _NO_TYPES):
        return False
    return (
        "annotation" in context
        or context.startswith(
            ("base", "argument of isinstance", "argument of issubclass", "argument of cast")
        )
        or "element of argument of isinstance" in context
        or context == "keyword:spec"
    )


# -- tiktoken ---------------------------------------------------------------------------------


def draft_tokenizers(evidence: Evidence) -> dict[Key, list[int]]:
    """Register every call of tiktoken that makes an encoding; gives the nodes of what it is for."""
    asked: dict[Key, list[int]] = {}
    for (module, __), applications in evidence.solver.requests.items():
        for value, instance, given in applications.values():
            if isinstance(value, External) and value.path.startswith(_TOKENIZER + "."):
                name = value.path.rpartition(".")[2]
                if not name[0].islower():
                    continue
                draft = evidence.add(Draft(module, Kind.TIKTOKEN, instance.record.span, name))
                arguments, __ = evidence.arguments([(instance, given)], ("model_name",))
                draft.facts = NameFacts(value.path, name, arguments)
                nodes = [item.node for item in given if item.name in {"", "model_name"}][:1]
                asked.setdefault(draft.key, []).extend(nodes)
    return asked


def fill_tokenizers(
    evidence: Evidence, asked: Mapping[Key, list[int]], drafts: Mapping[tuple[int, int], Draft]
) -> None:
    """Say of every tokenizer which models' names it is asked for by."""
    for key, nodes in asked.items():
        draft = evidence.drafts[key]
        literals = [text.literal for node in nodes for text in evidence.texts(node)]
        names = dict.fromkeys(drafts[one].id for one in literals if one in drafts)
        known = bool(nodes) and all(map(evidence.settled, nodes))
        if isinstance(draft.facts, NameFacts):
            draft.facts = replace(draft.facts, models=tuple(names), known=known)


# -- settings of the module -------------------------------------------------------------------


def draft_settings(evidence: Evidence, foreign: ForeignAddresses) -> None:
    """Register every write to a setting of the openai module (`openai.api_key = …`).

    Those beside another provider's address are that one's.
    """
    for value, name, module, statement, node in evidence.solver.setting_writes:
        if not (isinstance(value, External) and value.path == "openai"):
            continue
        if surface.module_setting(name) is None or foreign.redirects(module):
            continue
        record = evidence.solver.modules[module].statements[statement]
        place = evidence.place(module, record.span)
        draft = evidence.add(Draft(module, Kind.MODULE_CONFIG, record.span, name))
        written = Argument(
            name,
            Origin.ITEM_ASSIGNMENT,
            evidence.place(module, record.value_span),
            place,
            evidence.slice(module, record.value_span),
            evidence.constant(node),
            sources=BaseUrls(evidence, module, [node]).sources() if name in _BASE_URLS else None,
        )
        of_a_file = name == _KEY and key_sources(evidence, module, [node]).settings
        draft.facts = SettingFacts(
            name, place, keyed(evidence, module, written, [node]) if of_a_file else written
        )


# -- raw HTTP ---------------------------------------------------------------------------------


def draft_addresses(evidence: Evidence, elsewhere: Container[tuple[int, Span]]) -> None:
    """Register every literal address of OpenAI's that is not prose, and the requests it reaches.

    `elsewhere` are those that are known to be sent to others.
    """
    for module, facts in evidence.programs():
        for index, record in enumerate(facts.literals):
            role = _address_role(record)
            if role == "url" and _is_only_a_name(evidence, record, (module, index)):
                continue
            if role == AZURE and surface.endpoint_owner(str(record.value)) == AZURE:
                _draft_azure_address(evidence, module, record)
                continue
            if role == AZURE:  # a path of Azure's: telling where a URL is put together with it
                role = "url" if record.context == "piece" else None
            if role:
                draft = evidence.add(Draft(module, Kind.RAW_HTTP, record.span, str(record.value)))
                draft.facts = NameFacts(
                    str(record.value), LISTED if _is_listed(record, role) else role
                )
    for (module, __), applications in evidence.solver.requests.items():
        for value, instance, given in applications.values():
            if not _sends_http(value) or (module, instance.record.span) in elsewhere:
                continue
            held = [evidence.solver.values[item.node] for item in given]
            asked = [one for some in held if not _is_mixed(some) for one in _asked(some)]
            known = [part for one in asked if (part := _address(evidence, one))]
            azure = any(_names_azure(part) for part in known) or any(
                _is_azure(evidence, item.node) for item in given
            )
            if azure or (known and not _is_anybodys(known, asked)):
                _draft_request(evidence, module, instance, value, known, AZURE if azure else "")


def _is_only_a_name(evidence: Evidence, record: LiteralRecord, literal: tuple[int, int]) -> bool:
    """Whether an address below no endpoint is what something is called: a claim in a token."""
    if surface.route_of(str(record.value)) is not None:
        return False
    named = record.context.startswith(_NAMING) or literal in evidence.keys
    return named and not any(
        text.literal == literal
        for applications in evidence.solver.requests.values()
        for value, _instance, given in applications.values()
        if _sends_http(value)
        for item in given
        for text in evidence.texts(item.node)
    )


def _is_listed(record: LiteralRecord, role: str) -> bool:
    """Whether an address is one that others are compared with, or a host in a list of such."""
    compared = record.context.endswith(("compare", "assert"))
    return compared or (role == "host" and record.context.startswith(("element of", "key")))


def _draft_azure_address(evidence: Evidence, module: int, record: LiteralRecord) -> None:
    """The literal host of an Azure endpoint is configuration, as the variable that holds one is."""
    literal = Literal(evidence.path(module), record.span, str(record.value))
    draft = evidence.add(Draft(module, Kind.ENV_KEY, record.span, str(record.value)))
    draft.facts = VariableFacts("", "azure_endpoint", "text", literal)


def _address_role(record: LiteralRecord) -> str | None:
    if not isinstance(record.value, str) or not ("." in record.value or "/" in record.value):
        return None
    if record.context.startswith(_COMMANDS) and surface.is_command_to_openai(record.value):
        return "command"
    if record.context.startswith(("keyword:help", "keyword:description")):
        return None
    return surface.url_role(record.value)


def _address(evidence: Evidence, value: Value) -> AddressPart | None:
    """The address of OpenAI's, or the part of one, that a value is."""
    match value:
        case Piece(of=inner):
            return _address(evidence, inner)
        case Constant(value=str(text)) if surface.url_role(text) is not None:
            return AddressPart(text, evidence.literal(value.literal))
        case Variable(name=name) if meaning_of(name) in {"base_url", "azure_endpoint"}:
            return AddressPart(name, variable=evidence.read(value))
    return None


def _asked(values: Collection[Value]) -> list[Value]:
    """What can be asked for: nothing at OpenAI's base URL, where that is all there is of it."""
    whole = all(isinstance(one, Constant) for one in values)
    return [
        one
        for one in values
        if not (whole and isinstance(one, Constant) and surface.is_base_url(str(one.value)))
    ]


def _is_mixed(values: Iterable[Value]) -> bool:
    """Whether a node holds what is no address too: a field that all objects of a class share."""
    texts = [str(one.value) for one in values if isinstance(one, Constant) and one.value]
    return any("/" in text for text in texts) and not all("/" in text for text in texts)


def _is_anybodys(known: Iterable[AddressPart], asked: Iterable[Value]) -> bool:
    """Whether a request is told at run time where it goes: OpenAI's base URL is one of several."""
    whole = any(surface.url_role(part.text) == "url" for part in known)
    return not whole and any(map(_is_anothers, asked))


def _is_anothers(value: Value) -> bool:
    """Whether a value is the address of another provider."""
    match value:
        case Piece(of=inner):
            return _is_anothers(inner)
        case Constant(value=str(text)):
            return "://" in text and surface.is_foreign_url(text)
    return False


def _names_azure(part: AddressPart) -> bool:
    if part.variable is not None:
        return meaning_of(part.variable.name) == "azure_endpoint"
    return surface.url_role(part.text) == AZURE


def _is_azure(evidence: Evidence, node: int) -> bool:
    """Whether a URL that is put together has a path of Azure's, behind whatever host."""
    if not any(True for __ in evidence.solver.held(node, Composed)):
        return False
    return any(surface.url_role(written(one)) == AZURE for one in addresses(evidence, node)[0])


def _sends_http(value: Value) -> bool:
    if not isinstance(value, External | Made):
        return False
    parts = value.path.split(".")
    return parts[0] in HTTP_MODULES and parts[-1] in _HTTP_METHODS


def _draft_request(
    evidence: Evidence,
    module: int,
    instance: CallInstance,
    value: Value,
    known: list[AddressPart],
    role: str,
) -> None:
    name = value.path if isinstance(value, External | Made) else ""
    draft = evidence.add(Draft(module, Kind.RAW_HTTP, instance.record.span, name))
    if isinstance(draft.facts, NameFacts):
        if draft.facts.role == "helper":
            return  # it is told by its callers
        known = [*draft.facts.addresses, *known]
        role = role or draft.facts.role
    draft.facts = NameFacts(name, role or "request", addresses=tuple(dict.fromkeys(known)))


# -- code in texts ----------------------------------------------------------------------------


def draft_code(evidence: Evidence) -> None:
    """Register every text that holds code which imports openai: it may be run, or written out."""
    for module, facts in evidence.programs():
        for record in facts.literals:
            if not isinstance(record.value, str) or surface.PACKAGE not in record.value:
                continue
            if surface.OPENAI_IMPORT.search(record.value):
                span = record.span
                draft = Draft(module, Kind.CONFIG, span, surface.PACKAGE, Certainty.LIKELY)
                evidence.add(draft).facts = NameFacts(surface.PACKAGE, CODE)


# -- packages ---------------------------------------------------------------------------------

_INSTALLS = (
    "argument of pip_install",
    "argument of uv_pip_install",
    "element of argument of pip_install",
    "element of argument of uv_pip_install",
    "element of keyword:install_requires",
    "element of keyword:setup_requires",
    "element of keyword:tests_require",
    "element of assign:install_requires",
    "element of assign:requires",
    "element of assign:REQUIRE",
    "element of entry:",
    "argument of install",
)
# What stands so in any other file may be something else.
_ONLY_IN = {"element of entry:": "setup.py", "argument of install": "noxfile.py"}
# A list of a setup.py that is handed to it by its name.
_NAMED_LIST = re.compile(r"element of assign:\w*(?:req|dep|extra|install)", re.IGNORECASE)


def draft_packages(evidence: Evidence) -> None:
    """Register OpenAI's packages where a Python file installs or requires them."""
    for module, facts in evidence.programs():
        file = facts.path.rpartition("/")[2]
        for record in facts.literals:
            if not isinstance(record.value, str):
                continue
            named = file == "setup.py" and _NAMED_LIST.match(record.context)
            if not named and not record.context.startswith(_INSTALLS):
                continue
            if any(file != one for at, one in _ONLY_IN.items() if record.context.startswith(at)):
                continue
            name = _distribution(record.value)
            known = surface.package(name) if name else None
            if known is not None and known.dedicated:
                draft = evidence.add(Draft(module, Kind.DEP, record.span, known.name))
                draft.facts = NameFacts(record.value, "python")


def _distribution(requirement: str) -> str | None:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return Requirement(requirement).name
    except InvalidRequirement:
        return None
