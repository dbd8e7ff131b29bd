"""What names of OpenAI's a check knows: the part of the catalogue in check.json."""

from __future__ import annotations

import json
from functools import cache

from migrator.checking import codes, sifting
from migrator.recognition import PLACEHOLDER, Recogniser, host_and_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

PACKAGE = "openai"
_KEY = "api_key"
# Meanings of variables that say whose service is asked; the rest only set something about it.
_TELLING = frozenset(
    {_KEY, "base_url", "azure_endpoint", "organization", "project", "api_type", "api_version"}
)
_LONGEST_URL = 500


class Names:
    """Judges names, for one folder of files: `is_own` says of a module that it is the project's."""

    def __init__(self, words: list[bytes], frameworks: bool, is_own: Callable[[str], bool]) -> None:
        self.words = [word.decode() for word in words]
        self._frameworks = frameworks
        self._is_own = is_own

    def may_be_told(self, text: str) -> bool:
        """Whether a text holds a word of OpenAI's at all."""
        lowered = text.lower()
        return any(word in lowered for word in self.words)

    def imported(self, path: str, module: str = "") -> tuple[str, str] | None:
        """The code and the name of an import; `module` is what `path` is imported from, if any."""
        top = path.partition(".")[0]
        if top == PACKAGE:
            return None if self._is_own(module or path) else (codes.IMPORT, PACKAGE)
        if not self._frameworks:
            return None
        modules, classes = _framework_names()
        dedicated = (one for one in (module or path, path) if _longest(one, modules))
        if (found := next(dedicated, None)) is None and path in classes:
            found = path
        return (codes.CLASS, path) if found and not self._is_own(module or path) else None

    def is_variable(self, name: str, *, in_environment: bool) -> bool:
        """Whether a name is a variable that says that OpenAI is asked.

        That is one of OpenAI's own, or one that everybody uses in its place; of the names that a
        program made for itself only that of a key, where it stands `in_environment`.
        """
        found = _recogniser().meaning(name)
        if found is None or found[0] not in _TELLING:
            return False
        meaning, is_own = found
        return is_own or name.upper() in _common() or (in_environment and meaning == _KEY)

    def is_made_up(self, name: str) -> bool:
        """Whether a name is a program's own for something about OpenAI that is not its key."""
        named = _recogniser().meaning(name) is not None
        return named and not self.is_variable(name, in_environment=True)

    def model(self, text: str, in_model_position: bool) -> str:
        """The id of OpenAI's model that a text names; "" where it names none."""
        always, where_asked = _ids()
        if text in always or (in_model_position and text in where_asked):
            return text
        # An id that is not published, or one behind a prefix: the patterns take long to make.
        if " " in text or "://" in text:
            return ""
        if not ("/" in text or ":" in text or _holds(text, "model_needles")):
            return ""
        found = _recogniser().model(text, in_model_position)
        return found[0] if found else ""

    def address(self, text: str) -> str:
        """The host of the address of OpenAI's that a text is; "" where it is none."""
        if len(text) > _LONGEST_URL or not ("." in text or "/" in text):
            return _commanded(text)
        if _recogniser().address(text) is None:
            return _commanded(text)
        parts = host_and_path(PLACEHOLDER.sub("*", text.strip()))
        return parts[0] if parts else text


def _commanded(text: str) -> str:
    """The host that a command asks, as `curl` does."""
    if not text.lstrip().startswith("curl "):
        return ""
    for word in text.split():
        found = host_and_path(word.strip("'\""))
        if found and "://" in word and _recogniser().owner(*found) in ("openai", "azure"):
            return found[0]
    return ""


def _longest(path: str, modules: frozenset[str]) -> bool:
    while path:
        if path in modules:
            return True
        path = path.rpartition(".")[0]
    return False


@cache
def _data() -> Mapping[str, Any]:
    with open(sifting.KNOWLEDGE, "rb") as file:  # noqa: PTH123
        known: Mapping[str, Any] = json.loads(file.read())
    return known


def _holds(text: str, needles: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _data()[needles])


@cache
def _common() -> frozenset[str]:
    """The variables that programs read in the place of OpenAI's own."""
    return frozenset(_data()["common_variables"])


@cache
def _ids() -> tuple[frozenset[str], frozenset[str]]:
    """The ids that name a model anywhere, and those that do where a model is asked for."""
    return frozenset(_data()["ids"]), frozenset(_data()["bare_ids"])


@cache
def _recogniser() -> Recogniser:
    return Recogniser(_data())


@cache
def _framework_names() -> tuple[frozenset[str], frozenset[str]]:
    """The modules that are made for OpenAI alone, and the classes elsewhere that speak to it."""
    return frozenset(_data()["modules"]), frozenset(_data()["classes"])
