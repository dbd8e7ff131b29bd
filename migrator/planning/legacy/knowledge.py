"""What the move from openai 0.28 to 1.0 changed, from `knowledge/moving.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from migrator.analysis import surface
from migrator.planning.facts import legacy


@cache
def successor(api: str) -> str | None:
    """The method that takes what a 0.x method takes, None where there is none."""
    found = surface.legacy_call(api)
    if found is None or found.maps_to is None or surface.method(found.maps_to) is None:
        return None
    owner, _, name = api.rpartition(".")
    if is_utility(api):
        return found.maps_to if name in legacy()["utilities"]["sending"] else None
    known = owner in legacy()["alike"] and api not in legacy()["unlike"]
    return found.maps_to if known or api in legacy()["methods"] else None


def is_utility(path: str) -> bool:
    """Whether a path is of `openai.embeddings_utils`."""
    return path.removeprefix("openai.").startswith("embeddings_utils.")


def is_counting(api: str) -> bool:
    """Whether a function of `openai.embeddings_utils` sends no request."""
    return is_utility(api) and successor(api) is None


def is_written(path: str) -> bool:
    """Whether a function of `openai.embeddings_utils` is written into the file that imports it."""
    known = legacy()["utilities"]
    return is_utility(path) and path.rpartition(".")[2] in (*known["sending"], *known["counting"])


def is_asynchronous(api: str) -> bool:
    """Whether a 0.x method has to be awaited."""
    found = surface.legacy_call(api)
    return found is not None and found.asynchronous


def names(api: str) -> tuple[str, ...]:
    """The names of the positional arguments of a 0.x method whose successor wants names."""
    called = surface.legacy_call(api)
    return called.positional if called is not None else ()


def renamed(api: str) -> Mapping[str, str]:
    """What arguments of a 0.x method are called now."""
    owner, _, method = api.rpartition(".")
    by_owner = legacy()["named"].get(method.removeprefix("a"), {})
    found: dict[str, str] = {**legacy()["arguments"]["rename"], **by_owner.get(owner, {})}
    return found


def dropped() -> frozenset[str]:
    """Arguments of a 0.x call that meant something to OpenAI or Azure alone."""
    return frozenset(legacy()["arguments"]["dropped"])


def options() -> frozenset[str]:
    """Arguments of a 0.x call that are options of the client now."""
    return frozenset(legacy()["arguments"]["options"])


def client_options() -> frozenset[str]:
    """Arguments of a 0.x call that are matters of the client now."""
    return options() | dropped()


def azure() -> frozenset[str]:
    """Settings and arguments of 0.x that send requests to Azure."""
    return frozenset(legacy()["arguments"]["azure"])


def kept_options() -> Mapping[str, str]:
    """Arguments of a 0.x call that a client has an option for, where the call stays on OpenAI."""
    found: Mapping[str, str] = legacy()["arguments"]["staying"]
    return found


def is_present(field: str, *, streamed: bool) -> bool:
    """Whether every answer that has a field has a value for it."""
    return field in legacy()["present"] or (
        not streamed and field in legacy()["present_unless_streamed"]
    )


def wants_mapping(function: str) -> bool:
    """Whether a function takes a dict for a dict."""
    return function in legacy()["wants_mapping"]


def takes_all(function: str) -> bool:
    """Whether a function takes an object as well as a dict."""
    return function in legacy()["takes_all"]


def answer_object() -> str:
    """The type of every answer of 0.x."""
    return str(legacy()["answer_object"])


def object_methods() -> frozenset[str]:
    """What an answer of 0.x has that a dict has not."""
    return frozenset(legacy()["object_methods"])


def method(name: str) -> str:
    """What becomes of a method of an answer: kept, mapping (of the dict made of it), its new name.

    Empty where nothing takes its place.
    """
    known = legacy()
    if name in known["kept_methods"]:
        return "kept"
    if name in known["mapping_methods"]:
        return "mapping"
    return str(known["renamed_methods"].get(name, ""))


def made_error(path: str, message: str, mock: str) -> str:
    """The arguments that an exception of 1.0 and later is made with."""
    known = legacy()["made_errors"]
    return str(known.get(path, known["status"]).format(message=message, mock=mock))


def wider() -> frozenset[str]:
    """Exceptions that have others below them now, and had none in 0.x."""
    return frozenset(legacy()["wider_exceptions"])


def parted(exception: str) -> tuple[str, ...]:
    """What else is raised now for what an exception of 0.x was raised for."""
    return tuple(legacy()["parted_exceptions"].get(exception, ()))


def error_fields() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What fields of errors are called now: of those with a status, and of every one."""
    known = legacy()["error_fields"]
    return known["status"], known["every"]


def ended_error_fields() -> frozenset[str]:
    """Fields of errors that nothing took the place of alone."""
    return frozenset(legacy()["error_fields"]["ended"])


def answered_errors() -> frozenset[str]:
    """Exceptions that stand for an answer with a status."""
    return frozenset(legacy()["answered_errors"])


@dataclass(frozen=True, slots=True)
class Fake:
    """Where a method is that tests put something in the place of, and what it gives."""

    owner: str
    answer: str = ""
    chunk: str = ""

    def path(self, api: str, *, asynchronous: bool) -> str:
        """The dotted path of the method in the class of a resource."""
        module, _, name = self.owner.rpartition(".")
        return f"{module}.{'Async' if asynchronous else ''}{name}.{api.rpartition('.')[2]}"


def fake(api: str) -> Fake | None:
    """What is known of the class of a method of 1.x; None where nothing is."""
    found = legacy()["fakes"].get(api)
    if found is None:
        return None
    return Fake(found["class"], found.get("answer", ""), found.get("chunk", ""))


def pin() -> str:
    """The releases of openai that the upgraded code needs."""
    return str(legacy()["pin"])
