"""Lines of .env files, and `%env` in notebooks: renamed, emptied or added to; the rest stays."""

from __future__ import annotations

import re

from migrator.analysis.sites import Certainty, DocumentFacts, Place, Site, Span
from migrator.edits import Edit, Splice
from migrator.language import _
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.variables import BASE_URL, KEY, MOVING, Group, Variables
from migrator.source import NOTEBOOK, PYTHON, SourceText

_CODEMOD = "environment-file"
# What a line may begin with before the name of its variable.
_BEFORE = r"[ \t]*(?:export[ \t]+|[^\s\w]*%(?:set_)?env[ \t]+)?"
# A value that a notebook takes from its program.
_TAKEN = re.compile(r"\$\w+|\{.+\}")


def decide(context: Context, variables: Variables, group: Group) -> None:
    """Plan the lines of one variable in every .env file."""
    for site, document in group.documents:
        endpoint = dict(document.extra).get("endpoint", "")
        if endpoint in {"foreign", "gateway"}:
            context.leave(site.id, _("it holds another provider's address"))
        elif site.certainty is Certainty.LIKELY and not variables.used(group.name):
            why = _("it stands beside an address of OpenAI's, and nothing was found that reads it")
            context.hinder(site.id, item("name-untraced", site, why, name=group.name))
        elif group.meaning not in MOVING and (context.moved_clients or context.module_moves):
            _unused(context, variables, group, site)
        elif not variables.used(group.name):
            why = _("nothing that moves reads it")
            context.hinder(site.id, item("variable-waits", site, why, name=group.name))
        elif group.meaning == BASE_URL and _is_found(context, group):
            _unused(context, variables, group, site)
        else:
            _Line(context, variables, group, site, document).decide()


def _unused(context: Context, variables: Variables, group: Group, site: Site) -> None:
    """OpenAI's own variables (organisation, API version): gone where nothing reads them."""
    source = context.sources.get(site.path)
    kept = (
        _is_read_still(context, group)
        or variables.needed(group.name)
        or _is_named_elsewhere(context, group)
    )
    if source is None or kept:
        why = _("what moves does not read it any more")
        context.hinder(site.id, item("variable-unused", site, why, name=group.name))
    else:
        why = _("{name} means something to OpenAI or Azure only", name=group.name)
        _splice(context, site, _lines(source, site.span), "", why)


def _is_read_still(context: Context, group: Group) -> bool:
    """Whether the code goes on reading a variable."""
    return any(
        not any(within(_name(site), gone) for gone in context.replaced) for site, _ in group.code
    )


def _is_found(context: Context, group: Group) -> bool:
    """Whether all that moves finds the provider's address by itself, and nothing reads one."""
    by_sdk = context.moved_clients <= context.sdk_clients
    return by_sdk and context.sdk is not None and not _is_read_still(context, group)


def _is_named_elsewhere(context: Context, group: Group) -> bool:
    """Whether a file that is neither Python nor one of the group's .env files names it."""
    own = {site.path for site, _ in group.documents}
    name = re.compile(rf"\b{re.escape(group.name)}\b")
    return any(
        name.search(source.text)
        for path, source in context.sources.items()
        if path not in own and not path.endswith(PYTHON)
    )


def _name(site: Site) -> Place:
    return Place(site.path, site.span)


class _Line:
    """One line that names a key or a base URL."""

    def __init__(
        self,
        context: Context,
        variables: Variables,
        group: Group,
        site: Site,
        document: DocumentFacts,
    ) -> None:
        self._context = context
        self._group = group
        self._site = site
        self._document = document
        self._source = context.sources.get(site.path)
        self._new = variables.new_name(group.name)
        self._own = variables.own_name(group.meaning)
        self._meant = variables.meant(group.meaning)
        self._beside = variables.needed(group.name)
        self._can = variables.renamable(group.name)

    def decide(self) -> None:
        source, document = self._source, self._document
        if source is None or document.name_span is None or document.value_span is None:
            why = _("the line could not be read")
            self._hinder("name-untraced", why, name=self._group.name)
        elif self._beside and not self._can:
            why = _("what stays on OpenAI needs it; what moves reads `{own}`", own=self._own)
            self._hinder("variable-shared", why, name=self._group.name, new=self._own)
        elif self._new == self._group.name or not self._can:
            self._keep_name(document.value_span)
        elif self._is_there(source):
            self._drop_line(source)
        elif self._beside:
            self._add_line(source)
        else:
            start = Span(self._site.span.line, 0, *_end(document.value_span))
            _splice(self._context, self._site, start, self._written(source, start), self._why)

    @property
    def _why(self) -> str:
        return f"{self._group.name} -> {self._new}"

    @property
    def _value(self) -> str:
        if self._site.path.endswith(NOTEBOOK) and _TAKEN.fullmatch(self._document.value):
            return self._document.value
        return self._context.base_url if self._group.meaning == BASE_URL else ""

    def _keep_name(self, value: Span) -> None:
        """The name stays: the old value goes, so that no key of OpenAI's is sent elsewhere."""
        why = _("its name is kept, and what reads it now speaks to the provider")
        details = {
            "name": self._group.name,
            "provider": self._context.provider.name,
            "value": self._meant,
        }
        kept = item("variable-kept", self._site, why, (), details)
        if self._document.value in {"", self._value} or self._site.in_tests:
            self._context.hinder(self._site.id, kept)
        else:
            _splice(self._context, self._site, value, self._value, why)
            self._context.note(self._site.id, kept)

    def _is_there(self, source: SourceText) -> bool:
        """Whether the file, or an edit of it, has a line for the new name already."""
        line = re.compile(rf"^{_BEFORE}{re.escape(self._new)}[ \t]*=", re.MULTILINE)
        return bool(line.search(source.text)) or any(
            isinstance(edit.instruction, Splice) and line.search(edit.instruction.text)
            for edits in self._context.edits.values()
            for edit in edits
            if edit.path == self._site.path
        )

    def _drop_line(self, source: SourceText) -> None:
        if self._beside:
            self._context.convert(
                self._site.id, _("`{new}` stands in the file already", new=self._new)
            )
        else:
            _splice(self._context, self._site, _lines(source, self._site.span), "", self._why)

    def _add_line(self, source: SourceText) -> None:
        line, column = _end(self._document.value_span or self._site.span)
        start = Span(self._site.span.line, 0, line, column)
        end = len(source.line(line))
        text = source.newline + self._written(source, start) + self._closing(source, line, column)
        _splice(self._context, self._site, Span(line, end, line, end), text, self._why)

    def _closing(self, source: SourceText, line: int, column: int) -> str:
        after = source.line(line)[column : column + 1]
        return after if after in {"'", '"'} else ""

    def _written(self, source: SourceText, start: Span) -> str:
        """The line up to the end of its value, with the new name and value, a comment above."""
        name, value = self._document.name_span, self._document.value_span
        assert name is not None and value is not None
        before = source.slice(Span(start.line, 0, name.line, name.column))
        between = source.slice(Span(*_end(name), value.line, value.column))
        if between.isspace() and not self._value:
            between = "="  # `%env NAME` alone asks for the value
        written = f"{before}{self._new}{between}{self._value}"
        if self._group.meaning != KEY:
            return written
        provider = self._context.provider
        where = f": {provider.key_page}" if provider.key_page else ""
        return f"# A key of {provider.name_en}{where}{source.newline}{written}"

    def _hinder(self, code: str, why: str, **details: object) -> None:
        self._context.hinder(self._site.id, item(code, self._site, why, (), details))


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column


def _lines(source: SourceText, span: Span) -> Span:
    """The whole lines of a span with their line end, if there is one."""
    if span.end_line < len(source.starts):
        return Span(span.line, 0, span.end_line + 1, 0)
    return Span(span.line, 0, span.end_line, len(source.line(span.end_line)))


def _splice(context: Context, site: Site, span: Span, text: str, why: str) -> None:
    context.edit(Edit(site.path, span, _CODEMOD, Splice(text), (site.id,), why))
