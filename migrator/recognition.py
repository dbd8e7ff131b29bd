"""Names, models and addresses of OpenAI's, recognised by the patterns of the catalogue.

It is handed the catalogue's data, so that a hook need not load all of it.
"""

from __future__ import annotations

import re
from functools import cache, cached_property

TYPE_CHECKING = False  # a hook that imports `typing` starts markedly later
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

LONGEST_MODEL = 120
_URL = re.compile(r"(?:https?|wss?)://(?:[^/?#@]*@)?([^/?#:]*)(?::[^/?#]*)?([^?#]*)", re.IGNORECASE)
_HOST = re.compile(r"[^\s/:?#]*\.[a-z]{2,}(?=$|[/:?#])", re.IGNORECASE)
PLACEHOLDER = re.compile(r"<[^<>]*>|\$?\{[^{}]*\}")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern of the catalogue, compiled where it is first asked for."""
    return re.compile(text)


def host_and_path(text: str) -> tuple[str, str] | None:
    """The host and the path of a URL, or of a host written without its scheme."""
    if found := _URL.match(text):
        return found[1].lower(), found[2]
    if found := _HOST.match(text):
        return found[0].lower(), text[found.end() :].split("?")[0]
    return None


class Recogniser:
    """Knows the sections `variables`, `urls` and `models` of the catalogue."""

    def __init__(self, catalogue: Mapping[str, Any]) -> None:
        self._variables: Mapping[str, Any] = catalogue["variables"]
        self._urls: Mapping[str, str] = catalogue["urls"]
        self._models: Mapping[str, Any] = catalogue["models"]

    # -- variables ------------------------------------------------------------------------------

    def meaning(self, name: str) -> tuple[str, bool] | None:
        """What a variable of OpenAI's means, and whether the catalogue has that very name."""
        data = self._variables
        upper = name.upper()
        if meaning := data["meanings"].get(upper):
            return meaning, True
        spelled = name.isascii() and name.isidentifier()
        if not spelled or not pattern(data["owner"]).search(upper):
            return None
        for rule in data["rules"]:
            if pattern(rule["pattern"]).search(upper):
                azure = "azure" in rule and pattern(data["azure"]).search(upper)
                return rule["azure"] if azure else rule["meaning"], False
        return "other", False

    # -- models ---------------------------------------------------------------------------------

    @cached_property
    def _model(self) -> re.Pattern[str]:
        rows = self._models["patterns"]
        return re.compile("|".join(f"(?P<{name}>{pattern})" for name, _, _, pattern in rows))

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        rows = self._models["patterns"]
        return frozenset(name for name, where, _, _ in rows if where == "anywhere")

    def model(self, text: str, in_model_position: bool) -> tuple[str, str, str] | None:
        """The id of the model that a text names, what stands before it, and the pattern it fits.

        `in_model_position` is True where only a model can stand: some ids are everyday words.
        """
        if len(text) > LONGEST_MODEL:
            return None
        prefixed = pattern(self._models["prefix"]).match(text)
        model_id = prefixed["id"] if prefixed else text
        found = self._model.match(model_id)
        if found is None or found.lastgroup is None or found.end() != len(model_id):
            return None
        if not in_model_position and found.lastgroup not in self._anywhere:
            return None
        prefix = text[: prefixed.start("id")] if prefixed else ""
        return model_id, prefix, found.lastgroup

    # -- addresses ------------------------------------------------------------------------------

    def owner(self, host: str, path: str) -> str:
        """Whose a host is: openai, azure, gateway (hands requests on to OpenAI) or foreign."""
        urls = self._urls
        if pattern(urls["openai_host"]).search(host):
            return "openai"
        if pattern(urls["azure_host"]).search(host):
            return "azure"
        shared = pattern(urls["azure_shared_host"]).search(host)
        if shared and pattern(urls["azure_path"]).search(path):
            return "azure"
        return "gateway" if pattern(urls["gateway_host"]).search(host) else "foreign"

    def address(self, text: str) -> str | None:
        """What a text is as OpenAI's address: base_url, url (of a request), host, azure; else None.

        Web pages of OpenAI's and prose that holds a URL are None.
        """
        text = PLACEHOLDER.sub("x", text.strip())
        if any(character.isspace() for character in text):
            return None
        parts = host_and_path(text)
        if parts is None:
            return "azure" if pattern(self._urls["azure_fragment"]).search(text) else None
        host, path = parts
        owner = self.owner(host, path)
        if owner == "azure":
            return "azure"
        if owner != "openai":
            return None
        if "://" not in text:
            return "host" if not path else "url"
        return "base_url" if pattern(self._urls["base_path"]).match(path) else "url"
