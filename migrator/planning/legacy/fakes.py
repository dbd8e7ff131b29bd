"""Tests that put something in the place of a method of openai before 1.0 follow its calls.

patch("openai.ChatCompletion.create", return_value={"choices": []})
->  patch("openai.resources.chat.completions.Completions.create",
          return_value=ChatCompletion.construct(**{"choices": []}))

The class of the resource is what every client calls, as the class method was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from migrator.analysis.extract.patches import OLD_CLASS, OLD_METHOD, OLD_WRITE
from migrator.analysis.sites import Argument, Kind, NameFacts, Place, Site
from migrator.edits import (
    ArgumentToImport,
    Edit,
    Enclosed,
    Instruction,
    ReplaceExpression,
    ReplaceString,
)
from migrator.language import _, marked
from migrator.planning import reshaping
from migrator.planning.context import Context
from migrator.planning.legacy import knowledge
from migrator.planning.legacy.doubles import Answered, Doubles
from migrator.planning.messages import item

_ASYNC_MOCK = "unittest.mock.AsyncMock"
_WHY = marked("the calls that it stands in for are of openai 1.0 and later now")
_NEW = frozenset({"new", "new_callable"})


def decide(context: Context) -> None:
    """Plan the targets of fakes, and what they answer."""
    for site, facts in context.with_facts(Kind.TYPE_REF, NameFacts):
        if facts.role not in {OLD_METHOD, OLD_CLASS, OLD_WRITE}:
            continue
        if context.keeps(site.path):
            context.leave(site.id, _("the program stays on openai before 1.0"))
        elif facts.role == OLD_CLASS:
            why = _("which methods of the class are called of the fake is not looked at")
            context.hinder(site.id, item("fake-class", site, why, name=facts.name))
        else:
            _Fake(context, site, facts).decide()


@dataclass(frozen=True)
class _Fake:
    """One place where a test puts something in the place of a method."""

    context: Context
    site: Site
    facts: NameFacts

    @property
    def api(self) -> str:
        return self.facts.name.removeprefix("openai.")

    @cached_property
    def asynchronous(self) -> bool:
        return knowledge.is_asynchronous(self.api)

    def decide(self) -> None:
        stays = self._why_stays()
        known = None if stays else knowledge.fake(self._now)
        if stays or known is None:
            successor = knowledge.successor(self.api) or ""
            told = knowledge.fake(successor)
            there = told.path(successor, asynchronous=self.asynchronous) if told else successor
            why = stays or _("where tests reach `{now}` is not known", now=self._now)
            details = {"name": self.facts.name, "there": there or _("a method of a client")}
            self.context.hinder(self.site.id, item("fake-legacy", self.site, why, (), details))
            return
        self._target(known)
        self._answers(known)

    # -- the method ------------------------------------------------------------------------------

    def _why_stays(self) -> str:
        upgrade = self.context.upgrade
        refused = [
            one
            for one in upgrade.refused
            if (call := self.context.call(one)) is not None and call.api == self.api
        ]
        if refused:
            return _(
                "it stands in for calls that stay: {places}", places=self.context.places(refused)
            )
        if not self._calls:
            return _("no call of the method was found")
        if len(set(map(self._becomes, self._calls))) > 1:
            return _("the calls that it stands in for have become calls of several methods")
        return ""

    @cached_property
    def _calls(self) -> list[str]:
        before = self.context.upgrade.before
        return [one for one, facts in before.items() if facts.api == self.api]

    @cached_property
    def _now(self) -> str:
        return self._becomes(self._calls[0])

    def _becomes(self, call: str) -> str:
        """The method that a call is of now."""
        site, facts = self.context.by_id[call], self.context.call(call)
        if facts is None or call not in self.context.moved_calls:
            return facts.api if facts is not None else ""
        shape = reshaping.shape_of(self.context, site)
        return shape.method if shape is not None else facts.api

    def _target(self, known: knowledge.Fake) -> None:
        path = known.path(self._now, asynchronous=self.asynchronous)
        owner, _unused, name = path.rpartition(".")
        if self.facts.role == OLD_WRITE:
            written = self._double.written
            if written is not None:
                self._edit(written, "replace-expression", ReplaceExpression(path, (owner,)))
            return
        target = self._argument("target")
        attribute = self._argument("attribute")
        if attribute is None or attribute.place.span != self.site.span:
            self._edit(self._here, "replace-string", ReplaceString(path))
        elif target is not None:
            instruction = ReplaceExpression(owner, (owner,))
            self._edit(target.place, "replace-expression", instruction)
            if name != self.api.rpartition(".")[2]:
                self._edit(self._here, "replace-string", ReplaceString(name))
            self.context.convert(self.site.id, _(_WHY))
        made_by_patch = self._double.is_patch and not any(map(self._argument, _NEW))
        if self.asynchronous and made_by_patch and self._double.call is not None:
            add = ArgumentToImport("new_callable", _ASYNC_MOCK)
            self._edit(self._double.call, "argument-to-import", add)

    # -- what it answers -------------------------------------------------------------------------

    def _answers(self, known: knowledge.Fake) -> None:
        same = knowledge.successor(self.api) == self._now
        for answered in self._double.answers():
            made = known.chunk if answered.streamed else known.answer
            if answered.what == "function":
                self._edit(answered.place, "enclosed", Enclosed("staticmethod"))
            elif answered.what == "dict" and made and same:
                self._edit(answered.place, "enclosed", Enclosed(made, "construct", spread=True))
            else:
                self._tell(answered, made)

    def _tell(self, answered: Answered, made: str) -> None:
        name = made.rpartition(".")[2] or _("an object")
        why = _("it is no dict that could be made an answer of `{now}`", now=self._now)
        where = f"{answered.place.path}:{answered.place.span.line}"
        details = {"name": self.facts.name, "where": where, "made": f"{name}.construct(**answer)"}
        self.context.note(self.site.id, item("fake-answer", self.site, why, (), details))

    @cached_property
    def _double(self) -> Doubles:
        files = self.context.upgrade.files
        assert files is not None
        return Doubles(files, self._here, self.facts.arguments)

    # -- small things ----------------------------------------------------------------------------

    @property
    def _here(self) -> Place:
        return Place(self.site.path, self.site.span)

    def _argument(self, name: str) -> Argument | None:
        return next((one for one in self.facts.arguments if one.name == name), None)

    def _edit(self, place: Place, codemod: str, instruction: Instruction) -> None:
        edit = Edit(place.path, place.span, codemod, instruction, (self.site.id,), _(_WHY))
        self.context.edit(edit)
