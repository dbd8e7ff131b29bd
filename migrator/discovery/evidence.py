"""What in a file's bytes says that it could reach OpenAI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from migrator.discovery.statements import Imported, imported, words

# Searched in lower-cased text, like those of documents.
_OPENAI = b"openai"
_MODELS = (b"gpt-", b"dall-e-", b"whisper-1", b"tts-1", b"text-embedding-")
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
_WORD_START = re.compile(rb"\w*\Z")
_WORD = re.compile(rb"\w+")
# As far as the ids of OpenAI's models go on: `gpt-neo` and `gpt-j` are somebody else's.
_MODEL_NAME = re.compile(
    rb"""gpt-(?![jn]|sw3|big)|(?<=["'])(?:dall-e-|whisper-1|tts-1|text-embedding-(?:ada|3))""",
    re.IGNORECASE,
)
_LONG_QUOTES = (b'"""', b"'''")
_SHORT_STRING = re.compile(rb"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
# Comments, and strings that could hold a `#`: what begins with one character is found fast.
_STRING_OR_COMMENT = re.compile(
    rb"""["'\#](?:(?<=")(?:""(?:[^"\\]|\\.|"(?!""))*"{3}|(?:[^"\\\n]|\\.)*")
      | (?<=')(?:''(?:[^'\\]|\\.|'(?!''))*'{3}|(?:[^'\\\n]|\\.)*')
      | (?<=\#)[^\n]*)""",
    re.VERBOSE | re.DOTALL,
)
_PREFIXES = frozenset((b"r", b"R", b"u", b"U"))
_SPACE = frozenset(b" \t\n\r\v\f")
# What documentation stands after: nothing but comments, the head of a function or class, or the end
# of another statement.
_NOTHING = re.compile(rb"(?:\s|\xef\xbb\xbf|\#[^\n]*\n)*")
_HEAD = re.compile(rb"[ \t]*(?:(?:async[ ]+)?def\b|class\b|\))")
_STATEMENT_END = re.compile(rb"[\w)\]}.]")


def python_has_evidence(data: bytes) -> bool:
    """Whether the code of a Python file names OpenAI or one of its models.

    A mention in a comment or in documentation is none, and neither is a name that only contains
    OpenAI's, unless it is a variable of the environment.
    """
    return _in_code(data, _telling)


def python_hints(data: bytes) -> bool:
    """Whether a name in the code of a Python file contains OpenAI's (`openai_client`)."""
    return _in_code(data, _hinting)


def _in_code(data: bytes, find: Callable[[bytes], Iterator[int]]) -> bool:
    """Whether one of the places found is neither a comment's nor documentation's."""
    is_doubtful = False
    for at in find(data):
        if _in_comment(data, at):
            continue
        if not _in_long_string(data, at):
            return True
        is_doubtful = True
    return is_doubtful and any(True for _ in find(code(data)))


def _telling(data: bytes) -> Iterator[int]:
    """Where OpenAI, one of its variables or one of its models is named."""
    lowered = data.lower()
    for at in _occurrences(lowered, _OPENAI):
        if _names_openai(_word_at(data, at)):
            yield at
    for one in _MODELS:
        for at in _occurrences(lowered, one):
            if _MODEL_NAME.match(data, at):
                yield at


def _hinting(data: bytes) -> Iterator[int]:
    # A constant that is called after OpenAI holds no client.
    for part in (b"openai", b"OpenAI"):
        yield from _occurrences(data, part)


def _occurrences(text: bytes, part: bytes) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _word_at(data: bytes, at: int) -> bytes:
    """The whole name that a place in the text belongs to."""
    before = _WORD_START.search(data, max(0, at - 80), at)
    match = _WORD.match(data, before.start() if before else at)
    return match.group() if match else b""


@cache
def _names_openai(word: bytes) -> bool:
    from migrator.analysis.surface import client_names, variable

    if word == _OPENAI or word in client_names():
        return True
    known = variable(word.decode("ascii", "replace"))
    return known is not None and (known.exact or known.meaning != "other")


def _in_comment(data: bytes, at: int) -> bool:
    before = data[data.rfind(b"\n", 0, at) + 1 : at]
    return b"#" in before and b"#" in _SHORT_STRING.sub(b"", before)


def _in_long_string(data: bytes, at: int) -> bool:
    """Whether a place may lie in a string of several lines, by the quotes before it."""
    return any(
        data.count(quotes, 0, at) % 2 or data.find(b"\\" + quotes, 0, at) >= 0
        for quotes in _LONG_QUOTES
    )


def has_long_strings(data: bytes) -> bool:
    """Whether a file has strings that may go over several lines."""
    return any(quotes in data for quotes in _LONG_QUOTES)


def code(text: bytes) -> bytes:
    """The text of a file without comments and documentation."""
    found, at = [], 0
    for match in _STRING_OR_COMMENT.finditer(text):
        start, end = match.span()
        if text.startswith(_LONG_QUOTES, start):
            start -= text[start - 1 : start] in _PREFIXES
            if not _documents(text, start):
                continue
        elif not text.startswith(b"#", start):
            continue
        found.append(text[at:start])
        at = end
    return b"".join((*found, text[at:]))


def _documents(text: bytes, start: int) -> bool:
    """Whether a string of several lines is a statement of its own that opens something."""
    end = start
    while end and text[end - 1] in _SPACE:
        end -= 1
    if text[end - 1 : end] == b":" and _HEAD.match(text, text.rfind(b"\n", 0, end) + 1, end):
        return True
    if text.find(b"\n", end, start) >= 0 and _STATEMENT_END.match(text, end - 1):
        return True
    return _NOTHING.fullmatch(text, 0, start) is not None


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
