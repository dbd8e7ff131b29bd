"""Names of client classes and methods in the strings by which tests put a fake in their place."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.instances import CallInstance
from migrator.analysis.program import LiteralRecord, Parameter
from migrator.analysis.sites import Kind, NameFacts, Step
from migrator.analysis.values import Class, External, Function, Module
from migrator.language import _

_RESOURCES = "openai.resources."
_PATCHES = frozenset({"patch", "setattr", "object"})
# What a moved client's constructor is given beside its other arguments.
_GIVEN = frozenset({"api_key", "base_url"})
PATCH = "patch"
NARROW = "patch_narrow"  # the fake does not take a key and a base URL
METHOD = "patch_method"  # a method of a resource's class
OLD_METHOD = "patch_old_method"  # a class method of openai before 1.0
OLD_CLASS = "patch_old_class"
OLD_WRITE = "patch_old_write"  # `openai.Image.create = fake`
# The arguments of what puts a fake in a place, by its name; without the owner for a dotted target.
_POSITIONAL = {
    "patch": ("target", "new"),
    "object": ("target", "attribute", "new"),
    "setattr": ("target", "attribute", "new"),
}


def draft_patches(evidence: Evidence) -> None:
    """Register `patch("app.llm.OpenAI")`, `setattr(openai, "OpenAI", Fake)` and their likes."""
    for (module, index), instances in evidence.solver.instances.items():
        record = evidence.solver.modules[module].calls[index]
        called = record.method.rpartition(".")[2] or record.root
        if called not in _PATCHES:
            continue
        named = [passed for passed in record.arguments if not passed.name][:2]
        for literal in evidence.solver.modules[module].literals if named else ():
            if any(passed.span == literal.span for passed in named):
                _draft(evidence, module, literal, instances[0])
    _draft_writes(evidence)


def _draft_writes(evidence: Evidence) -> None:
    """Register every assignment to a class method of openai before 1.0."""
    for value, name, module, statement, __ in evidence.solver.setting_writes:
        path = f"{value.path}.{name}" if isinstance(value, External) else ""
        inside = path.removeprefix("openai.")
        if inside == path or surface.legacy_call(inside) is None:
            continue
        record = evidence.solver.modules[module].statements[statement]
        steps = (
            Step(evidence.path(module), record.span.line, _("stands in for {path}", path=path)),
        )
        found = Draft(module, Kind.TYPE_REF, record.span, inside, provenance=steps)
        evidence.add(found).facts = NameFacts(path, OLD_WRITE)


def _draft(evidence: Evidence, module: int, literal: LiteralRecord, instance: CallInstance) -> None:
    owner, __, name = str(literal.value).rpartition(".")
    class_path = _class_path(evidence, module, owner, name, instance)
    if class_path is None and str(literal.value).startswith(_RESOURCES):
        _draft_method(evidence, module, literal)
        return
    if class_path is None:
        _draft_old(evidence, module, literal, instance)
        return
    steps = (
        Step(evidence.path(module), literal.span.line, _("stands in for {path}", path=class_path)),
    )
    draft = evidence.add(Draft(module, Kind.TYPE_REF, literal.span, name, provenance=steps))
    draft.facts = NameFacts(class_path, NARROW if _is_narrow(evidence, instance) else PATCH)


def _draft_method(evidence: Evidence, module: int, literal: LiteralRecord) -> None:
    """`patch("openai.resources.chat.completions.Completions.create")`."""
    path = str(literal.value)
    steps = (Step(evidence.path(module), literal.span.line, _("stands in for {path}", path=path)),)
    name = ".".join(path.split(".")[-2:])
    draft = evidence.add(Draft(module, Kind.TYPE_REF, literal.span, name, provenance=steps))
    draft.facts = NameFacts(path, METHOD)


def _draft_old(
    evidence: Evidence, module: int, literal: LiteralRecord, instance: CallInstance
) -> None:
    """A method or class of openai before 1.0, by its path or as an attribute of what is handed."""
    target = str(literal.value)
    dotted = "." in target
    path = _imported(evidence, module, target) if dotted else _attribute(evidence, target, instance)
    inside = path.removeprefix("openai.")
    if inside == path:
        return
    method = surface.legacy_call(inside) is not None
    if not method and surface.legacy_class(path) is None:
        return
    steps = (Step(evidence.path(module), literal.span.line, _("stands in for {path}", path=path)),)
    found = Draft(module, Kind.TYPE_REF, literal.span, inside, provenance=steps)
    draft = evidence.add(found)
    called = instance.record.method.rpartition(".")[2] or instance.record.root
    names = _POSITIONAL["patch"] if dotted else _POSITIONAL[called]
    arguments, __ = evidence.arguments([(instance, instance.given)], names)
    draft.facts = NameFacts(path, OLD_METHOD if method else OLD_CLASS, arguments)


def _attribute(evidence: Evidence, name: str, instance: CallInstance) -> str:
    """The path of an attribute of what is handed first: `object(openai.Image, "create")`."""
    held = evidence.solver.values[instance.given[0].node]
    paths = [value.path for value in held if isinstance(value, External)]
    return f"{paths[0]}.{name}" if len(paths) == 1 else name


def _imported(evidence: Evidence, module: int, target: str) -> str:
    """What a dotted target means: `app.llm.openai.Image` is openai's where app.llm imports it."""
    parts = target.split(".")
    for split in range(len(parts) - 1, 0, -1):
        resolver = evidence.solver.resolver
        key = resolver.absolute(evidence.path(module), ".".join(parts[:split]))
        if key is not None:
            bound = _binding(evidence, key, parts[split])
            return ".".join((bound, *parts[split + 1 :])) if bound else target
    return target


def _class_path(
    evidence: Evidence, module: int, owner: str, name: str, instance: CallInstance
) -> str | None:
    """The client class that a target means, by the module that it is an attribute of."""
    if owner:
        resolver = evidence.solver.resolver
        key = resolver.absolute(evidence.path(module), owner)
        return _bound(evidence, key, name) if key is not None else _known(f"{owner}.{name}")
    for value in evidence.solver.values[instance.given[0].node]:
        match value:
            case External(path=path):
                return _known(f"{path}.{name}")
            case Module(key=key):
                return _bound(evidence, key, name)
    return None


def _known(path: str) -> str | None:
    found = surface.client_class(path)
    return found.name if found is not None else None


def _bound(evidence: Evidence, key: str, name: str) -> str | None:
    """The client class that a module of the repository imports under a name."""
    return _known(_binding(evidence, key, name))


def _binding(evidence: Evidence, key: str, name: str) -> str:
    """What a module of the repository imports under a name, from outside; else empty."""
    path = evidence.solver.resolver.file(key)
    index = evidence.solver.by_path.get(path) if path else None
    for record in evidence.solver.modules[index].imports if index is not None else ():
        for imported, local, __ in record.names:
            if local == name and not record.level:
                return f"{record.module}.{imported}" if record.is_from else imported
    return ""


def _is_narrow(evidence: Evidence, instance: CallInstance) -> bool:
    """Whether what is put in the place of the class takes no key and no base URL."""
    solver = evidence.solver
    for item in instance.given[1:]:
        for value in solver.values[item.node]:
            match value:
                case Function():
                    return not _takes(solver.unit(value).parameters)
                case Class(module=module, index=index):
                    return _constructor_is_narrow(evidence, module, index)
    return False


def _constructor_is_narrow(evidence: Evidence, module: int, index: int) -> bool:
    units = evidence.solver.modules[module].units
    made = [one for one in units if one.class_index == index and one.name == "__init__"]
    return bool(made) and not _takes(made[0].parameters)


def _takes(parameters: tuple[Parameter, ...]) -> bool:
    names = {one.name for one in parameters}
    return names >= _GIVEN or any(one.kind == "double_star" for one in parameters)
