"""What the program does with the answers of the SDK: fields of other names, fields it lacks, dicts.

A field that the SDK's answers do not have is read as None, as the openai package gives it where the
provider does not send it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from migrator.analysis import shapes
from migrator.analysis.sites import CallFacts, Place, ResultRead, ResultUse, Site
from migrator.edits import AnswerRead, AsMapping, Edit, Instruction, Rename
from migrator.language import _
from migrator.planning import reshaping, syntax
from migrator.planning.context import Context
from migrator.planning.sdk.movement import is_wrapped, method_of
from migrator.planning.syntax import appended, is_displayed, name_behind
from migrator.sdks import Method, OwnSdk
from migrator.source import SourceText

_STEPS = frozenset({"attribute", "getattr", "hasattr"})
_MAPPING = "model_dump"


def decide(context: Context) -> None:
    """Plan what is read of the answers that come by the SDK; what cannot follow is uncarried."""
    sdk = context.sdk
    if sdk is None:
        return
    for site, facts in context.calls():
        if site.id not in context.sdk_calls or facts.api in sdk.client_members:
            continue
        if is_wrapped(sdk, facts):
            continue
        method = method_of(context, sdk, site, facts)
        assert method is not None
        answer = _Answer(context, sdk, method, site, facts)
        why = next(answer.hindrances(), "")
        if why:
            context.uncarried.setdefault(site.id, why)
        else:
            answer.edit()


class _Answer:
    """What is done with the answer of one request."""

    def __init__(
        self, context: Context, sdk: OwnSdk, method: Method, site: Site, facts: CallFacts
    ) -> None:
        self._context = context
        self._sdk = sdk
        self._method = method
        self._site = site
        self._facts = facts
        self._reshaped = reshaping.shape_of(context, site) is not None

    def hindrances(self) -> Iterator[str]:
        """Why what is done with the answer cannot be done with one of the SDK."""
        if self._reshaped:
            if self._is_touched:
                yield _(
                    "its answer takes another shape, and {sdk} another once more",
                    sdk=self._sdk.name,
                )
            return
        for read in self._facts.reads:
            if self._is_other(read) and (read.form not in _STEPS or not read.proven):
                yield _(
                    "`{path}` of its answer is read at {place}",
                    path=read.path[-1],
                    place=_where(read.place),
                )
        for use in self._facts.uses:
            if use.form == "lost":
                yield _("its answer goes where it could not be followed")
            if self._is_sent(use) and not self._can_be_made_dict(use):
                yield _(
                    "a part of its answer is put into a list at {place}", place=_where(use.place)
                )
            if self._is_unknown(use):
                yield _(
                    "`{name}` is called on its answer at {place}",
                    name=use.name,
                    place=_where(use.place),
                )
        yield from self._displayed()
        if _MAPPING not in self._method.object_methods and any(True for _ in self._appended()):
            yield _("a part of its answer is put behind the messages of a request")

    def _displayed(self) -> Iterator[str]:
        """Parts that stand in a list or a dictionary: sent again, they would be no JSON."""
        for read in self._facts.reads if not self._method.takes_objects else ():
            source = self._context.sources.get(read.place.path)
            part = shapes.shape_of(self._facts.api, read.path, read.streamed)
            kinds = {shapes.Shape.OBJECT, shapes.Shape.LIST}
            if part in kinds and source is not None and is_displayed(source, read.place.span):
                yield _(
                    "a part of its answer is put into a display at {place}",
                    place=_where(read.place),
                )

    @property
    def _is_touched(self) -> bool:
        """Whether the program reads of an answer what the SDK calls otherwise, or uses it whole."""
        paths = (*self._method.reads, *self._method.absent)
        parts = {path[0] for path in paths if len(path) < 3 or path[0] == "usage"}
        return bool(self._facts.uses) or any(one.path[0] in parts for one in self._facts.reads)

    def _is_other(self, read: ResultRead) -> bool:
        return self._there(read) is not None or self._is_absent(read)

    def _there(self, read: ResultRead) -> str | None:
        for path, there in self._method.reads.items():
            if _is_at(read.path, path):
                return there
        return None

    def _is_absent(self, read: ResultRead) -> bool:
        return any(_is_at(read.path, path) for path in self._method.absent)

    def _is_sent(self, use: ResultUse) -> bool:
        return use.form == "added" and not self._method.takes_objects

    def _can_be_made_dict(self, use: ResultUse) -> bool:
        """Whether what is put into a list is a message of the next request, and no more."""
        known = use.proven and _MAPPING in self._method.object_methods
        return known and use.place in {place for place, _ in self._appended()}

    def _appended(self) -> Iterator[tuple[Place, ResultRead]]:
        """Where parts of the answer are put behind the messages of a request."""
        for read in self._facts.reads if not self._method.takes_objects else ():
            source = self._context.sources.get(read.place.path)
            part = shapes.shape_of(self._facts.api, read.path, read.streamed)
            if part is shapes.Shape.OBJECT and source is not None:
                for span, name in appended(source, read.place.span):
                    if name in self._messages:
                        yield Place(read.place.path, span), read

    @cached_property
    def _messages(self) -> frozenset[str]:
        """The names that stand in what requests are given for messages."""
        return frozenset(
            name
            for _, facts in self._context.calls()
            for argument in facts.arguments
            if argument.name == "messages"
            for name in re.findall(r"\w+", argument.spelled)
        )

    def _is_unknown(self, use: ResultUse) -> bool:
        return use.form == "method" and use.name not in self._method.object_methods

    # -- edits -------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Plan the edits of every read and use."""
        if self._reshaped:
            return
        for read in self._facts.reads:
            there = self._there(read)
            if there is not None:
                source = self._context.sources.get(read.place.path) or SourceText("")
                self._edit(read.place, "answer-read", _renamed(source, read, there))
            elif self._is_absent(read) and read.form == "attribute" and not read.written:
                nothing = f'getattr(answer, "{read.path[-1]}", None)'
                self._edit(read.place, "answer-read", AnswerRead(1, nothing))
        for place, _unused in self._appended():
            method = self._method.object_methods[_MAPPING]
            self._edit(place, "as-mapping", AsMapping(sent=True, method=method))
        for use in self._facts.uses:
            if use.form == "method":
                self._method_name(use)

    def _method_name(self, use: ResultUse) -> None:
        there = self._method.object_methods[use.name]
        source = self._context.sources.get(use.place.path)
        if there == use.name or source is None:
            return
        span = name_behind(source, use.place.span, use.name)
        if span is not None:
            self._edit(Place(use.place.path, span), "rename", Rename(there))

    def _edit(self, place: Place, codemod: str, instruction: Instruction) -> None:
        why = _("answers of {sdk}", sdk=self._sdk.name)
        edit = Edit(place.path, place.span, codemod, instruction, (self._site.id,), why)
        self._context.edit(edit)


def _renamed(source: SourceText, read: ResultRead, there: str) -> AnswerRead:
    """The read of another field; what is an item there is written in brackets."""
    item = there.startswith("[")
    if read.form == "attribute":
        return AnswerRead(1, f"answer{there}" if item else f"answer.{there}")
    default = "".join(f", {one}" for one in _default(source, read))
    if item:
        return AnswerRead(1, f"(answer or {{}}).get({there[1:-1]}{default})")
    return AnswerRead(1, f'{read.form}(answer, "{there}"{default})')


def _default(source: SourceText, read: ResultRead) -> list[str]:
    """What stands in a call of `getattr` behind the name."""
    node = syntax.expression(source, read.place.span)
    return [ast.unparse(one) for one in node.args[2:]] if isinstance(node, ast.Call) else []


def _is_at(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a path leads to a field; an index of the field's is any index."""
    return len(path) == len(wanted) and all(
        one == other or (other == "*" and one.isdigit())
        for one, other in zip(path, wanted, strict=True)
    )


def _where(place: Place) -> str:
    return f"{place.path}:{place.span.line}"
