"""Names of client classes in the strings by which tests put a fake in their place."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.program import LiteralRecord, Parameter
from migrator.analysis.sites import Kind, NameFacts, Step
from migrator.analysis.solver import CallInstance
from migrator.analysis.values import Class, External, Function, Module

_PATCHES = frozenset({"patch", "setattr", "object"})
# What a moved client's constructor is given beside its other arguments.
_GIVEN = frozenset({"api_key", "base_url"})
PATCH = "patch"
NARROW = "patch_narrow"  # the fake does not take a key and a base URL


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


def _draft(evidence: Evidence, module: int, literal: LiteralRecord, instance: CallInstance) -> None:
    owner, _, name = str(literal.value).rpartition(".")
    class_path = _class_path(evidence, module, owner, name, instance)
    if class_path is None:
        return
    steps = (Step(evidence.path(module), literal.span.line, f"stands in for {class_path}"),)
    draft = evidence.add(Draft(module, Kind.TYPE_REF, literal.span, name, provenance=steps))
    draft.facts = NameFacts(class_path, NARROW if _is_narrow(evidence, instance) else PATCH)


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
    path = evidence.solver.resolver.file(key)
    index = evidence.solver.by_path.get(path) if path else None
    for record in evidence.solver.modules[index].imports if index is not None else ():
        for imported, local, _ in record.names:
            if record.is_from and local == name:
                return _known(f"{record.module}.{imported}")
    return None


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
