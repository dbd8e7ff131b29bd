"""What a move has to know of the openai package, from `knowledge/moving.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from migrator.knowledge.files import knowledge


def _facts() -> Mapping[str, Any]:
    return knowledge("moving.yaml")


def implicit_reads(*, azure: bool) -> Mapping[str, list[str]]:
    """The variables a client reads by itself, each with the arguments that make it unread."""
    found: Mapping[str, list[str]] = _facts()["implicit_reads"]["azure" if azure else "openai"]
    return found


def read_before_1_0() -> frozenset[str]:
    """The variables that the module of openai before 1.0 reads by itself."""
    return frozenset(_facts()["implicit_reads"]["before_1_0"])


def stands_for_key(text: str) -> bool:
    """Whether a text in a key's place asks for one (`YOUR API KEY`)."""
    return re.search(_facts()["key_stand_in"], text) is not None


def owner_words() -> list[str]:
    """The words of a variable's name that say it is OpenAI's, the longest first."""
    found: list[str] = _facts()["owner_words"]
    return found


def qualifiers(variable: str) -> tuple[str, ...]:
    """The words of a variable's name that tell it from another one of the same meaning."""
    for word in owner_words():
        if word in variable:
            variable = variable.replace(word, "", 1)
            break
    plain = _facts()["plain_words"]
    return tuple(word for word in variable.split("_") if word and word not in plain)


def holds_no_single_value(variable: str) -> bool:
    """Whether a variable's name says that it holds several values, or where one is to be found."""
    return not set(_facts()["telling_words"]).isdisjoint(variable.split("_"))


def is_dropped(argument: str) -> bool:
    """Whether an argument of a client means something to OpenAI or Azure alone."""
    return argument in _facts()["client_arguments"]["dropped"]


def is_told(argument: str) -> bool:
    """Whether somebody may miss a dropped argument of a client."""
    return argument in _facts()["client_arguments"]["told"]


def is_handle(argument: str) -> bool:
    """Whether an argument of a request names something that OpenAI keeps."""
    return any(fnmatchcase(argument, one) for one in _facts()["handles"])


def missing_key_error() -> str:
    """What a client raises that finds no key."""
    return str(_facts()["missing_key_error"])


def header_prefix() -> str:
    """How the names of OpenAI's own headers begin."""
    return str(_facts()["header_prefix"])


def is_answer_header(name: str) -> bool:
    """Whether a header of an answer is one that OpenAI sends."""
    return any(fnmatchcase(name.lower(), one) for one in _facts()["answer_headers"])


def encoding(model: str) -> str:
    """The tiktoken encoding of an OpenAI model, or the usual one for an unknown name."""
    for row in _facts()["encodings"]:
        if any(fnmatchcase(model, pattern) for pattern in row["models"]):
            return str(row["encoding"])
    return str(_facts()["default_encoding"])


def legacy() -> Mapping[str, Any]:
    """What the move from openai 0.28 to 1.0 changed."""
    found: Mapping[str, Any] = _facts()["legacy"]
    return found


def answers_with_data(model: str) -> bool:
    """Whether an image model of OpenAI answers with the picture itself, and never with a link."""
    return any(fnmatchcase(model, pattern) for pattern in _facts()["pictures"]["data"])


def default_image_model() -> str:
    """The model of OpenAI that draws where a request names none."""
    return str(_facts()["pictures"]["default_model"])
