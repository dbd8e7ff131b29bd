"""What in a file's bytes says that it could reach OpenAI."""

from __future__ import annotations

import re
from functools import cache

from migrator.discovery.statements import Imported, imported, words

_MENTIONS = (b"openai", b"gpt-", b"dall-e-", b"whisper-1", b"tts-1", b"text-embedding-")
# Searched in lower-cased text, so each stands for every way it is written.
_DOCUMENT = (
    b"openai",
    b"gpt-",
    b"tiktoken",
    b"text-embedding-",
    b"dall-e",
    b"whisper-1",
    b"davinci",
    b"tts-1",
)
_MODEL = b"model"
_REASONING = (b"o1", b"o3", b"o4")
_REASONING_MODEL = re.compile(rb"""(?:[:=/]\s*|["'])o[134](?:-|["'\s])""")
_CONSTANT = re.compile(rb"\w*OPENAI\w*|\w*OpenAi\w*|\w*openAI\w*|\w*Openai\w*")
# As far as the ids of OpenAI's models go on: `gpt-neo` and `gpt-j` are somebody else's.
_MODEL_NAME = re.compile(
    rb"""gpt-(?![jn]|sw3|big)|["'](?:dall-e-|whisper-1|tts-1|text-embedding-(?:ada|3))""",
    re.IGNORECASE,
)
# Comments, and strings that could hold a `#`. A string that is a statement of its own, right after
# the head of a function or class or at the top, is documentation: it has group 1.
_TRIVIA = re.compile(
    rb"""(?:\A(?:\s|\xef\xbb\xbf|\#[^\n]*\n)*
          | ^[ \t]*(?:(?:async[ ]+)?def\b|class\b|\))[^\n]*:\s*)
         ([rRuU]?(?:\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}))
    | \"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | (\#[^\n]*)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def python_has_evidence(data: bytes) -> bool:
    """Whether the code of a Python file names OpenAI or one of its models.

    A mention in a comment or in documentation is none, and neither is a constant that is called
    after OpenAI and is no variable of the environment.
    """
    if not _names_openai(data.lower()):
        return False
    code = _code(data)
    if b"openai" in code or b"OpenAI" in code or _MODEL_NAME.search(code) is not None:
        return True
    return any(_is_variable(word) for word in set(_CONSTANT.findall(code)))


def _names_openai(lowered: bytes) -> bool:
    return any(one in lowered for one in _MENTIONS)


def _is_variable(word: bytes) -> bool:
    from migrator.analysis.surface import variable

    known = variable(word.decode("ascii", "replace"))
    return known is None or known.exact or known.meaning != "other"


def _code(text: bytes) -> bytes:
    """The text without comments and documentation."""
    return _TRIVIA.sub(_without_trivia, text)


def _without_trivia(match: re.Match[bytes]) -> bytes:
    if match.group(1) is not None:
        return match.string[match.start() : match.start(1)] if match.start() else b""
    return b"" if match.group(2) is not None else match.group()


def document_has_evidence(data: bytes) -> bool:
    """Whether a document names OpenAI, one of its models or a package of its."""
    lowered = data.lower()
    for one in _DOCUMENT:
        if one in lowered:
            return True
    if _MODEL not in lowered or not any(one in lowered for one in _REASONING):
        return False
    return _REASONING_MODEL.search(lowered) is not None


@cache
def _tops() -> frozenset[bytes]:
    from migrator.analysis.surface import reserved_modules

    return frozenset(name.encode() for name in reserved_modules())


def names_framework(statements: bytes) -> bool:
    """Whether import statements have a word that is the name of a framework, wherever."""
    return not _tops().isdisjoint(words(statements))


def framework_imports(statements: bytes) -> list[Imported]:
    """The imports that get at OpenAI, or at a framework that can reach it."""
    if not names_framework(statements):
        return []
    from migrator.analysis.surface import leads_to_openai

    return [
        one
        for one in imported(statements)
        if not one.level
        and any(leads_to_openai(path) for path in (one.paths if one.names else (one.module,)))
    ]


def imports_framework(statements: bytes) -> bool:
    """Whether import statements get at OpenAI or at a framework that can reach it."""
    return bool(framework_imports(statements))


def is_tokenizer(module: str) -> bool:
    """Whether a module counts tokens, and sends nothing."""
    from migrator.analysis.surface import framework_module

    known = framework_module(module)
    return known is not None and known.name == "tiktoken"
