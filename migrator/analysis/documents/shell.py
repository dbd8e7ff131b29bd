"""Commands: shell scripts, Dockerfiles, Makefiles, and the blocks of CI files that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrator.analysis import surface
from migrator.analysis.documents.findings import (
    ROLES,
    Bounds,
    Entry,
    Finding,
    judge_config,
    judge_value,
)
from migrator.analysis.documents.requirement import Requirement, finding, requirement
from migrator.analysis.sites import Kind

_COMMENT = re.compile(r"^[ \t]*(?:#|REM\b|::)[^\r\n]*", re.MULTILINE | re.IGNORECASE)
_ASSIGNMENT = re.compile(
    r"(?<![\w$.{%/-])(?P<name>[A-Za-z_]\w*)(?:[ \t]*[?:]=[ \t]*|=)"
    r"(?:\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'|(?P<bare>[^\s;&|\"']*))"
)
_SPACED = re.compile(
    r"\b(?:ENV|setx|set[ \t]+-g?x|azd[ \t]+env[ \t]+set)[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]+"
    r"(?:\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'|(?P<bare>[^\s;&|\"'=]+))"
)
# A variable of the environment is spelled in capitals; what is not is the script's own.
_DECLARED = re.compile(
    r"(?:\b(?:ARG|export|unset)|(?<!\S)(?:-e|--env|--build-arg))[ \t]+"
    r"(?P<name>[A-Z][A-Z0-9_]*)(?=\s|$)(?![ \t]*[?:+]?=)"
)
_REFERRED = re.compile(
    r"\$(?:env:|\{(?:\{\s*(?:secrets|vars|env)\.)?)?(?P<name>[A-Z][A-Z0-9_]*)\b"
    r"|%(?P<percent>[A-Z][A-Z0-9_]*)%"
)
_ADDRESS = re.compile(r"(?:https?|wss?)://[^\s\"'`\\)>,]+")
_MODEL = re.compile(
    r"(?:(?<![\w-])--?[\w-]{0,40}(?:model|engine|deployment)[\w-]{0,40}(?:=|[ \t]+)[\"']?"
    r"|\\?\"(?:model|engine)\\?\"\s*:\s*\\?\")(?P<id>[^\s\"'\\]+)",
    re.IGNORECASE,
)
_INSTALL = re.compile(
    r"\b(?:pip[\d.]*[ \t]+install|(?:uv|poetry|pdm|rye)[ \t]+add|pipenv[ \t]+install"
    r"|(?:conda|mamba|micromamba)[ \t]+install)\b"
)
_END = re.compile(r"&&|\|\|?|;|(?<!\\)\r?\n|\Z")
_WORD = re.compile(r"\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'|(?P<bare>[^\s\"'\\]+)")
_WITH_ARGUMENT = frozenset(
    {"-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f",
     "--find-links", "-t", "--target", "--prefix", "--root", "--trusted-host", "--group", "-n",
     "--name", "-G", "--channel"}
)  # fmt: skip


def _entry(match: re.Match[str]) -> Entry:
    group = next(g for g in ("double", "single", "bare") if match[g] is not None)
    return Entry(
        (match["name"],),
        match[group],
        match.span(group),
        (match.start("name"), match.end()),
        match.span("name"),
    )


def _assigned(entry: Entry) -> Finding | None:
    if entry.keys[0].isupper():
        return judge_config(entry)
    return judge_value(entry, Kind.CONFIG, Kind.CONFIG)


def _installed(text: str) -> Iterator[Requirement]:
    """The packages of install commands, also over continued lines."""
    for command in _INSTALL.finditer(text):
        end = _END.search(text, command.end())
        option = False
        name = (" ".join(command[0].split()), command.start())
        for word in _WORD.finditer(text, command.end(), end.start() if end else len(text)):
            group = next(g for g in ("double", "single", "bare") if word[g] is not None)
            if option or word[group].startswith("-"):
                option = word[group] in _WITH_ARGUMENT
            elif found := requirement(word[group], word.start(group), name):
                yield replace(found, word=True)


def _tells(variable: surface.Variable, reference: str) -> bool:
    """Whether a reference says that OpenAI is reached: to a key, or to what a CI service keeps.

    A command that is handed an address or a name takes what was set elsewhere.
    """
    return variable.meaning == "api_key" or "{{" in reference


def _named(text: str) -> Iterator[Finding]:
    """Variables that are declared or referred to by name alone."""
    for pattern in (_DECLARED, _REFERRED):
        for match in pattern.finditer(text):
            bounds = match.span("name")
            if bounds[0] < 0:
                bounds = match.span("percent")
            name = text[slice(*bounds)]
            variable = surface.variable(name)
            if pattern is _REFERRED and not (variable and _tells(variable, match.group())):
                continue
            if variable and variable.meaning in ROLES:
                meaning = (("meaning", variable.meaning), ("refers", name))
                role = ROLES[variable.meaning]
                yield Finding(
                    Kind.CONFIG, role, name, name, "", match.span(), None, bounds, extra=meaning
                )


def _values(text: str) -> Iterator[Finding]:
    """Models and addresses that a command is given."""
    for match in _MODEL.finditer(text):
        found = surface.match_model(match["id"], in_model_position=True)
        if found:
            bounds = match.span("id")
            yield Finding(Kind.CONFIG, "model", found.id, "model", match["id"], bounds, bounds)
    for match in _ADDRESS.finditer(text):
        role = surface.url_role(match.group())
        if role:
            role = "url" if role == "url" else "base_url"
            bounds = match.span()
            value = match.group()
            host = surface.url_host(value) or value
            yield Finding(Kind.CONFIG, role, host, "", value, bounds, bounds)


def _commands(text: str, bounds: Bounds | None) -> str:
    """A text, or a stretch of it, without comments.

    Blanks in place of what stands outside keep every offset as it is in the file.
    """
    start, end = bounds or (0, len(text))
    return " " * start + _COMMENT.sub(lambda m: " " * len(m.group()), text[start:end])


def requirements(text: str, bounds: Bounds | None = None) -> Iterator[Requirement]:
    """Every package that commands in a text, or in a stretch of it, install."""
    return _installed(_commands(text, bounds))


def findings(text: str, bounds: Bounds | None = None) -> Iterator[Finding]:
    """The findings of commands in a text, or in a stretch of it. Comments are none."""
    code = _commands(text, bounds)
    for pattern in (_SPACED, _ASSIGNMENT):
        for match in pattern.finditer(code):
            if found := _assigned(_entry(match)):
                yield found
    yield from _named(code)
    yield from _values(code)
    yield from filter(None, map(finding, _installed(code)))
