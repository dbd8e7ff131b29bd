"""What the documentation is to say, and where it says something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from migrator.analysis.sites import Place, Span
from migrator.documentation.comments import told
from migrator.documentation.prose import Line, is_program, lines
from migrator.knowledge.files import knowledge
from migrator.source import SourceText

# The codes of the checklist.
VARIABLE = "docs-variable"
SHARED = "docs-shared"
KEY_PAGE = "docs-key-page"
MODEL = "docs-model"
MODELS = "docs-models"
PACKAGE = "docs-package"
PROGRAM = "docs-program"
WORDS = "docs-words"

_VALUE = re.compile(
    r"""\s*=\s*(?:(?P<quote>["'])(?P<quoted>[^"'`]+)(?P=quote)|(?P<value>[^\s"'`]+))"""
)
_SECRET = re.compile(r"""\s*(?:["']\s*)?:\s*["']?(?P<value>sk-[\w-]+)""")
# The address itself, as the words of a link.
_LABEL = re.compile(r"\[(?P<host>(?:https?://)?[\w.]*openai\.com[^\]\s]*)\]\(<?$")
# A model's id, as far as its form tells it from a word.
_ID = re.compile(r"(?<![\w./-])[a-z][a-z0-9.]*(?:-[a-z0-9]+(?:\.[a-z0-9]+)*)+(?![\w/-])")
_NAME = re.compile(r"[A-Za-z][\w.:-]*[\w]")
_PACKAGE = re.compile(r"""(?<=[\s"'])openai(?:\[[\w,]*\])?(?:[=<>~!]=?[\w.*]+)?(?=[\s"'`]|$)""")
_OWNER = re.compile(r"open ?ai(?!\w)", re.IGNORECASE)
_VOWELS = tuple("aeiouAEIOU")


@dataclass(frozen=True)
class Wording:
    """What is said in the place of what.

    `variables` are the new names by the old ones, `shared` likewise for what something goes on
    reading by the old one, `addresses` those of them that hold a base URL;
    `key_page` is "" where keys of OpenAI go on being needed. `model` gives the name that one in a
    command becomes, "" for none; `package` is what is installed in the place of openai, "" for
    openai itself.
    """

    provider: str
    base_url: str
    variables: Mapping[str, str]
    shared: Mapping[str, str]
    addresses: frozenset[str]
    key_page: str
    model: Callable[[str], str]
    package: str = ""

    @cached_property
    def names(self) -> re.Pattern[str]:
        """The old names of the variables, none as a part of a longer word."""
        return _words_of(self.variables)


def _words_of(names: Iterable[str]) -> re.Pattern[str]:
    found = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)" if found else r"(?!)")


@dataclass(frozen=True)
class Mention:
    """A place that says something else: by its code and the name it says, and what to write.

    Without `changes` it is a person's to decide.
    """

    code: str
    name: str
    place: Place
    changes: tuple[tuple[Span, str], ...] = ()


def in_document(path: str, source: SourceText, wording: Wording) -> Iterator[Mention]:
    """What a document in prose says."""
    kept = _kept(source.text, wording)
    programs: set[int] = set()
    for line in lines(path, source):
        if line.foreign and line.block:
            if line.block not in programs and is_program(line.text):
                programs.add(line.block)
                yield Mention(PROGRAM, "", _at(path, line, 0, len(line.text)))
            continue
        found = [
            *_variables(path, line, wording, kept),
            *_key_pages(path, line, wording),
            *_models(path, line, wording),
            *_packages(path, line, wording),
        ]
        if line.foreign:
            found = [replace(one, changes=()) for one in found]
        yield from _with_words(found, line, wording)


def in_comments(path: str, source: SourceText, wording: Wording) -> Iterator[Mention]:
    """What the comments, docstrings and messages of a Python file say: of variables, keys' pages.

    In a message nothing but the variable is another one then.
    """
    if not (wording.names.search(source.text) or _pages().search(source.text)):
        return
    said = told(source)
    beside = [*said.comments, *said.docstrings]
    kept = _kept("\n".join(map(source.slice, (*beside, *said.messages))), wording)
    for one in said.messages:
        for number in range(one.line, one.end_line + 1):
            for mention in _variables(path, _part(source, one, number), wording, kept):
                yield replace(mention, changes=mention.changes[:1])
    for span in beside:
        foreign = is_program(source.slice(span))
        for number in range(span.line, span.end_line + 1):
            line = _part(source, span, number, foreign=foreign)
            found = [*_variables(path, line, wording, kept), *_key_pages(path, line, wording)]
            yield from (replace(one, changes=()) if foreign else one for one in found)


def models_told(
    path: str, source: SourceText, is_meant: Callable[[str], bool]
) -> Iterator[Mention]:
    """The lines of a Python file's comments and texts that name models: which, a person decides."""
    if not any(map(is_meant, _ID.findall(source.text))):
        return
    said = told(source)
    for span in sorted([*said.comments, *said.within, *said.docstrings, *said.messages]):
        for number in range(span.line, span.end_line + 1):
            line = _part(source, span, number)
            found = next((one for one in _ID.finditer(line.text) if is_meant(one.group())), None)
            if found is not None:
                yield Mention(MODELS, "", _at(path, line, *found.span()))


def _part(source: SourceText, span: Span, number: int, *, foreign: bool = False) -> Line:
    """A line of a stretch, without what stands around it."""
    start = span.column if number == span.line else 0
    end = span.end_column if number == span.end_line else len(source.line(number))
    return Line(number, " " * start + source.line(number)[start:end], foreign=foreign)


def _kept(text: str, wording: Wording) -> frozenset[str]:
    """The variables that keep their names in a text: it would say the new one of two of them."""
    said = set(wording.names.findall(text))
    news = [wording.variables[one] for one in said]
    return frozenset(
        one
        for one in said
        if news.count(wording.variables[one]) > 1
        or re.search(rf"(?<!\w){re.escape(wording.variables[one])}(?!\w)", text)
    )


# -- what a line says -----------------------------------------------------------------------------


def _variables(path: str, line: Line, wording: Wording, kept: frozenset[str]) -> Iterator[Mention]:
    for found in _words_of(wording.shared).finditer(line.text):
        yield Mention(SHARED, found.group(), _at(path, line, *found.span()))
    for found in wording.names.finditer(line.text):
        name = found.group()
        place = _at(path, line, found.start(), found.end())
        changes = [(place.span, wording.variables[name])]
        changes += _value(line, found.end(), name, wording)
        yield Mention(VARIABLE, name, place, () if name in kept else tuple(changes))


def _value(line: Line, end: int, name: str, wording: Wording) -> Iterator[tuple[Span, str]]:
    """What a variable is set to in an example: an address, or what might be a key."""
    rules = knowledge("documentation.yaml")
    set_to = _VALUE.match(line.text, end) or _SECRET.match(line.text, end)
    if set_to is None:
        return
    group = "value" if set_to["value"] is not None else "quoted"
    span, value = _span(line, *set_to.span(group)), set_to[group]
    if name in wording.addresses:
        if value.startswith("http"):
            yield span, wording.base_url
    elif not re.search(rules["placeholders"], value) or "openai" in value.lower():
        yield span, rules["placeholder"]


def _key_pages(path: str, line: Line, wording: Wording) -> Iterator[Mention]:
    for found in _pages().finditer(line.text):
        place = _at(path, line, found.start(), found.end())
        changes = [(place.span, wording.key_page)]
        label = _LABEL.search(line.text, 0, found.start())
        if label is not None:
            changes.append((_span(line, label.start("host"), label.end("host")), wording.provider))
        yield Mention(KEY_PAGE, "", place, tuple(changes) if wording.key_page else ())


def _pages() -> re.Pattern[str]:
    pages = knowledge("documentation.yaml")["key_pages"]["pages"]
    return re.compile(rf"https?://(?:www\.)?(?:{'|'.join(map(re.escape, pages))})\b/?")


def _models(path: str, line: Line, wording: Wording) -> Iterator[Mention]:
    """The models that commands and settings name; what is said of models in prose stays."""
    for option in re.finditer(knowledge("documentation.yaml")["model_options"], line.text):
        found = _NAME.match(line.text, option.end())
        if found is None or not line.is_command(found.start()):
            continue
        new = wording.model(found.group())
        if new and new != found.group():
            place = _at(path, line, found.start(), found.end())
            yield Mention(MODEL, found.group(), place, ((place.span, new),))


def _packages(path: str, line: Line, wording: Wording) -> Iterator[Mention]:
    """The openai package where commands install it."""
    if not wording.package:
        return
    for installer in re.finditer(knowledge("documentation.yaml")["installers"], line.text):
        for found in _PACKAGE.finditer(line.text, installer.end()):
            quoted = line.text[found.start() - 1] in "\"'"
            new = wording.package if quoted else f'"{wording.package}"'
            place = _at(path, line, *found.span())
            yield Mention(PACKAGE, "openai", place, ((place.span, new),))


def _with_words(found: Iterable[Mention], line: Line, wording: Wording) -> Iterator[Mention]:
    """The mentions, and with them "OpenAI API key" in a line where a key is told of.

    A line that says OpenAI's name after all that is one for a person.
    """
    mentions = list(found)
    changed = [place for place, one in enumerate(mentions) if one.changes]
    if not changed:
        yield from mentions
        return
    first = mentions[changed[0]]
    if wording.key_page and any(mentions[one].code in {VARIABLE, KEY_PAGE} for one in changed):
        first = replace(first, changes=(*first.changes, *_words(line, wording)))
        mentions[changed[0]] = first
    yield from mentions
    spans = sorted(span for one in mentions for span, _ in one.changes)
    rest, end = "", 0
    for span in spans:
        rest, end = rest + line.text[end : span.column] + " ", max(end, span.end_column)
    if _OWNER.search(rest + line.text[end:]):
        yield Mention(WORDS, "", replace(first.place, span=spans[0]))


def _words(line: Line, wording: Wording) -> Iterator[tuple[Span, str]]:
    words = knowledge("documentation.yaml")["key_words"]
    for found in re.finditer(rf"(?P<article>\b[Aa]n )?\bOpen ?AI(?={words})", line.text):
        article = found["article"] or ""
        if article and not wording.provider.startswith(_VOWELS):
            article = article.replace("n ", " ")
        yield _span(line, found.start(), found.end()), f"{article}{wording.provider}"


def _span(line: Line, start: int, end: int) -> Span:
    return Span(line.number, start, line.number, end)


def _at(path: str, line: Line, start: int, end: int) -> Place:
    return Place(path, _span(line, start, end))
