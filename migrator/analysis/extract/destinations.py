"""Where a client sends its requests: OpenAI, Azure, a variable's choice, somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrator.analysis import surface
from migrator.analysis.extract.addresses import ANYTHING, addresses, written
from migrator.analysis.extract.evidence import Evidence
from migrator.analysis.sites import Destination
from migrator.analysis.values import Composed, Constant, Piece, Value, Variable

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
_ADDRESS = re.compile(r"(URL|URI|BASE|HOST|ENDPOINT|SERVER)", re.IGNORECASE)


def names_another_provider(name: str) -> bool:
    """Whether a variable's name starts with a word that names somebody (DEEPSEEK_API_KEY)."""
    words = re.split(r"[_\W]+", name.upper())
    return bool(words) and not any(word in _NEUTRAL for word in words[:1])


class _Signs:
    """What the possible values of a base URL say."""

    def __init__(self) -> None:
        self.openai = self.azure = self.foreign = self.variable = self.unknown = False

    def see(self, value: Value) -> None:
        match value:
            case Constant(value=None):
                self.openai = True
            case Constant(value=str(text)):
                self._see_address(text)
            case Variable(name=name):
                self._see_variable(name)
            case Piece(of=inner):
                self.see(inner)
            case _:
                self.unknown = True

    def _see_address(self, text: str) -> None:
        match surface.endpoint_owner(text) if "/" in text or "." in text else None:
            case "openai":
                self.openai = True
            case "azure":
                self.azure = True
            case "foreign" | "gateway":
                self.foreign = True

    def _see_variable(self, name: str) -> None:
        if surface.variable(name) is not None:
            self.variable = True
        elif names_another_provider(name) and _ADDRESS.search(name):
            self.foreign = True
        else:
            self.unknown = True


def destination(
    evidence: Evidence,
    *,
    azure: bool,
    base_urls: Iterable[int],
    keys: Iterable[int],
) -> Destination:
    """The destination of a client by its class and the nodes of its base URL and key arguments."""
    signs = _Signs()
    given = list(base_urls)
    for node in given:
        held = evidence.solver.values[node]
        if not held:
            signs.unknown = True
        for value in held:
            if isinstance(value, Composed):
                _see_parts(evidence, signs, node)
            else:
                signs.see(value)
    if azure:
        return Destination.AZURE
    if not given:
        return Destination.OPENAI
    if signs.foreign and not signs.openai and not signs.azure:
        return Destination.FOREIGN
    if signs.variable and not signs.foreign:
        return Destination.VARIABLE
    if signs.azure and not signs.foreign:
        return Destination.AZURE
    if signs.openai and not (signs.foreign or signs.unknown):
        return Destination.OPENAI
    if signs.unknown and _foreign_key(evidence, keys):
        return Destination.FOREIGN
    return Destination.UNKNOWN


def _see_parts(evidence: Evidence, signs: _Signs, node: int) -> None:
    """An address that is put together is somebody else's where its host is known, and theirs."""
    found = [written(parts) for parts in addresses(evidence, node)[0]]
    if found and all(surface.is_foreign_url(one) and ANYTHING not in _host(one) for one in found):
        signs.foreign = True
    else:
        signs.unknown = True


def _host(address: str) -> str:
    return surface.url_host(address) or ANYTHING


def _foreign_key(evidence: Evidence, keys: Iterable[int]) -> bool:
    names = [variable.name for node in keys for variable in evidence.variables(node)]
    return bool(names) and all(
        surface.variable(name) is None and names_another_provider(name) for name in names
    )
