"""Requests in the words of the SDK: the method's name, and where each argument goes.

What the rooms of the planner have decided of a request is read from their edits. An argument that
the method does not take goes where it takes the provider's own, and what it takes by itself comes
out of there.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from migrator.analysis.sites import (
    UNKNOWN,
    Argument,
    CallFacts,
    Kind,
    NameFacts,
    Origin,
    Place,
    Site,
)
from migrator.edits import (
    AdapterCall,
    Edit,
    Instruction,
    ItemAssignment,
    MethodPath,
    Pairs,
    Parameters,
    PictureData,
    StructuredOutput,
)
from migrator.language import _, joined
from migrator.planning import syntax
from migrator.planning.adapters import only_posts
from migrator.planning.arguments import is_taken_out
from migrator.planning.context import Context
from migrator.planning.sdk import exceptions
from migrator.planning.sdk.movement import CREATE, is_wrapped, method_of
from migrator.sdks import KEYWORDS, Method, OwnSdk

CODEMOD = "sdk-call"
_EXTRA = "extra_body"
# What is written for a request in the place of the method that it calls.
_OTHER_CALLS = (PictureData,)
# What streams of the openai package may be asked for.
_OF_STREAMS = frozenset({"with", "close", "response"})
# What stands for a parameter that is not given, in the openai package alone.
_NOT_GIVEN = frozenset({"NOT_GIVEN", "NotGiven", "omit", "Omit", "not_given"})


def decide(context: Context) -> None:
    """Put the requests that go by the SDK into its words; what it cannot say is uncarried."""
    sdk = context.sdk
    if sdk is None:
        return
    gathered: defaultdict[Place, _Changes] = defaultdict(_Changes)
    for site, facts in context.calls():
        if site.id not in context.sdk_calls or is_wrapped(sdk, facts):
            continue
        if facts.api in sdk.client_members:
            continue
        parsed = _is_parsed_here(context.edits.get(site.id, ()))
        method = sdk.method(CREATE) if parsed else method_of(context, sdk, site, facts)
        assert method is not None
        request = _Request(context, sdk, method, site, facts)
        why = request.why_not()
        if why:
            context.uncarried[site.id] = why
            continue
        request.rename_method()
        request.gather(gathered)
    for place, changes in gathered.items():
        changes.write(context, place)


@dataclass
class _Changes:
    """What is to be done to the arguments in one place, beside what was decided already."""

    instruction: Parameters = field(default_factory=Parameters)
    sites: tuple[str, ...] = ()
    rest: str = ""

    def write(self, context: Context, place: Place) -> None:
        if self.instruction == Parameters(rest=self.instruction.rest):
            return
        why = _("what {rest} takes", rest=self.rest) if self.rest else _("the SDK's arguments")
        edit = Edit(place.path, place.span, CODEMOD, self.instruction, self.sites, why)
        context.edit(edit)


@dataclass
class _Request:
    """One request on its way into the SDK's words."""

    context: Context
    sdk: OwnSdk
    method: Method
    site: Site
    facts: CallFacts

    @property
    def _edits(self) -> Sequence[Edit]:
        return self.context.edits.get(self.site.id, ())

    def _instructions(self, place: Place) -> Iterator[Instruction]:
        return (one.instruction for one in self._edits if one.place == place)

    # -- whether it can ------------------------------------------------------------------------

    def why_not(self) -> str:
        """Why the request cannot be said; "" where it can."""
        for edit in self._edits:
            if self._is_another(edit.instruction):
                return _(
                    "it becomes another request ({codemod}) that the openai package sends",
                    codemod=edit.codemod,
                )
        own = self.facts.api.endswith(".parse") and self.method.api != self.facts.api
        if own and (self.method.closed or not _is_parsed_here(self._edits)):
            return _("{sdk} has no `{api}`", sdk=self.sdk.name, api=self.facts.api)
        names = {name for name, _ in self._written()} | self.facts.features
        if self.method.apart and self.method.apart <= names:
            together = joined(f"`{one}`" for one in sorted(self.method.apart))
            return _(
                "{sdk} does not take {together} together", sdk=self.sdk.name, together=together
            )
        if "stream" in self.facts.features and (asked := self._asked_of_stream()):
            return _("a stream of {sdk} has no `{asked}`", sdk=self.sdk.name, asked=asked)
        return next((why for name, one in self._written() if (why := self._refusal(name, one))), "")

    def _asked_of_stream(self) -> str:
        """What a stream is asked for that the SDK's do not have; "" where there is nothing such."""
        source = self.context.sources.get(self.site.path)
        asked = syntax.asked_of(source, self.site.span) if source is not None else frozenset()
        return min((asked & _OF_STREAMS) - self.method.stream_methods, default="")

    def _is_another(self, instruction: Instruction) -> bool:
        if isinstance(instruction, AdapterCall):
            return not (self.sdk.posts and only_posts(instruction))
        return isinstance(instruction, _OTHER_CALLS)

    def _refusal(self, name: str, argument: Argument | None) -> str:
        """Why an argument cannot be handed to the method, under the name that it has by now."""
        if argument is not None and self._may_be_a_mark(argument):
            return _(
                "`{name}` may be the openai package's own mark for what is not given", name=name
            )
        if name in self.method.refused:
            return _("{sdk} takes no `{name}` there", sdk=self.sdk.name, name=name)
        if self.method.takes(name):
            return ""
        if argument is not None and self._is_read(argument):
            return _(
                "the code asks for `{name}` in a dictionary, and it has to have another name",
                name=name,
            )
        if self._is_taken(name) or (
            argument is not None and self._is_implied(name, argument.value)
        ):
            return ""
        if name == _EXTRA and self.method.rest == KEYWORDS and not self._is_open(argument):
            return _("what `{extra}` holds could not be made arguments of their own", extra=_EXTRA)
        if name == _EXTRA and self.method.rest:
            return ""
        if not self.method.rest:
            return _("{sdk} takes no `{name}` there", sdk=self.sdk.name, name=name)
        if argument is not None and argument.origin is Origin.ITEM_ASSIGNMENT:
            return _(
                "{sdk} takes no `{name}` there, and it is set by a statement",
                sdk=self.sdk.name,
                name=name,
            )
        return ""

    def _is_read(self, argument: Argument) -> bool:
        """Whether the code reads an argument, or takes it out, by the name that it has."""
        return argument.read or is_taken_out(self.context, argument)

    def _is_open(self, argument: Argument | None) -> bool:
        """Whether the entries of a mapping stand where it is given."""
        if argument is None or _is_put(argument):
            return False
        source = self.context.sources.get(argument.place.path)
        return source is not None and syntax.entries(source, argument.place.span) is not None

    def _may_be_a_mark(self, argument: Argument) -> bool:
        """Whether an argument may be what says that it is not given, and means nothing there."""
        named = set(re.findall(r"\w+", argument.spelled)) & _NOT_GIVEN
        marks = [
            facts.name
            for site, facts in self.context.with_facts(Kind.TYPE_REF, NameFacts)
            if site.path in {self.site.path, argument.place.path}
            and facts.name.rpartition(".")[2] in _NOT_GIVEN
        ]
        follow = marks and all(map(self.sdk.type, marks)) and not exceptions.others(self.context)
        return bool(named or marks) and not follow

    def _is_taken(self, name: str) -> bool:
        return self.method.takes(name) or name in self.method.renamed

    def _is_implied(self, name: str, value: object) -> bool:
        """Whether an argument asks for what the SDK asks for anyhow."""
        implied = self.method.implied
        return name in implied and value is not UNKNOWN and value == implied[name]

    def _written(self) -> Iterator[tuple[str, Argument | None]]:
        """The arguments that the request has once it moves, each with the one that stands there."""
        for argument in self.facts.arguments:
            name = self._name_of(argument)
            if name:
                yield name, argument
        for edit in self._edits:
            if isinstance(edit.instruction, Parameters):
                yield from ((name, None) for name, _ in self._needed(edit.instruction.add))
                yield from ((name, None) for name, _ in edit.instruction.compose)

    def _name_of(self, argument: Argument) -> str:
        """What an argument is called by now; "" where it goes."""
        name = argument.name
        for instruction in self._instructions(argument.container):
            match instruction:
                case ItemAssignment(drop=True):
                    return ""
                case ItemAssignment(key=str(key)):
                    return key
                case Parameters() as changed if not _is_put(argument):
                    parts = {part for _, source in changed.compose for part in _names(source)}
                    if name in {*changed.drop, *changed.move, *parts}:
                        return ""
                    name = dict(changed.rename).get(name, name)
        return name

    def _needed(self, added: Pairs) -> Iterator[tuple[str, str]]:
        """Those of new arguments, each with its source, that the SDK does not imply."""
        for name, source in added:
            if name not in self.method.implied or not self._is_implied(
                name, ast.literal_eval(source)
            ):
                yield name, source

    # -- what is written -----------------------------------------------------------------------

    def rename_method(self) -> None:
        """Call the method by its name there."""
        old = self.method.api
        new = self.method.called(asynchronous=self.facts.asynchronous)
        if new == old or self.facts.api != old or _is_parsed_here(self._edits):
            return
        for place in self.facts.methods:
            self._edit(place, "method-path", MethodPath(old, new))

    def gather(self, gathered: defaultdict[Place, _Changes]) -> None:
        """Add what becomes of each argument to the changes of the place where it is written."""
        for argument in self.facts.arguments:
            name = self._name_of(argument)
            if not name or self.method.takes(name):
                continue
            if self._is_implied(name, argument.value):
                self._drop(gathered, argument)
            elif name in self.method.renamed:
                self._rename(gathered, argument, name, self.method.renamed[name])
            elif name == _EXTRA and self.method.rest not in {"", _EXTRA}:
                self._open(gathered, argument)
            elif name != _EXTRA:
                changes = self._at(gathered, argument.container)
                moved = (*changes.instruction.move, argument.name)
                changes.rest = self.method.rest
                moves = tuple(dict.fromkeys(moved))
                changes.instruction = replace(changes.instruction, move=moves)
        self._restate()

    def _open(self, gathered: defaultdict[Place, _Changes], argument: Argument) -> None:
        """What stands in `extra_body` becomes arguments of the method's own, and the rest."""
        source = self.context.sources.get(argument.place.path)
        entries = syntax.entries(source, argument.place.span) if source is not None else None
        if entries is None or _is_put(argument):
            self._rename(gathered, argument, _EXTRA, self.method.rest)
            return
        changes = self._at(gathered, argument.container)
        said = changes.instruction
        own = {name: value for name, value in entries.items() if self.method.takes(name)}
        others = {name: value for name, value in entries.items() if name not in own}
        changes.instruction = replace(
            said,
            drop=tuple(dict.fromkeys((*said.drop, _EXTRA))),
            add=tuple({**dict(said.add), **own}.items()),
            extra_body=tuple({**dict(said.extra_body), **others}.items()),
        )

    def _drop(self, gathered: defaultdict[Place, _Changes], argument: Argument) -> None:
        if _is_put(argument):
            self._edit(argument.container, "item-assignment", ItemAssignment(drop=True))
            return
        changes = self._at(gathered, argument.container)
        dropped = dict.fromkeys((*changes.instruction.drop, argument.name))
        changes.instruction = replace(changes.instruction, drop=tuple(dropped))

    def _rename(
        self, gathered: defaultdict[Place, _Changes], argument: Argument, name: str, new: str
    ) -> None:
        if _is_put(argument):
            self._edit(argument.container, "item-assignment", ItemAssignment(key=new))
            return
        changes = self._at(gathered, argument.container)
        renamed = dict((*changes.instruction.rename, (argument.name, new)))
        changes.instruction = replace(changes.instruction, rename=tuple(renamed.items()))

    def _at(self, gathered: defaultdict[Place, _Changes], place: Place) -> _Changes:
        changes = gathered[place]
        own = "" if self.method.rest == KEYWORDS else self.method.rest
        changes.instruction = replace(changes.instruction, rest=own)
        changes.sites = tuple(dict.fromkeys((*changes.sites, self.site.id)))
        return changes

    def _restate(self) -> None:
        """Say what was decided by the method's own names: out of `extra_body`, or into it."""
        held = self.context.edits[self.site.id]
        for number, edit in enumerate(held):
            if isinstance(edit.instruction, Parameters) and edit.codemod != CODEMOD:
                held[number] = replace(edit, instruction=self._restated(edit.instruction))

    def _restated(self, changed: Parameters) -> Parameters:
        own = [(name, source) for name, source in changed.extra_body if self.method.takes(name)]
        others = [one for one in changed.extra_body if one not in own]
        renamed = self.method.renamed
        added = [(renamed.get(name, name), source) for name, source in self._needed(changed.add)]
        here = [one for one in added if self.method.takes(one[0])]
        there = [one for one in added if one not in here]
        return replace(
            changed,
            add=tuple(dict.fromkeys((*here, *own))),
            extra_body=tuple(dict.fromkeys((*others, *there))),
            rest="" if self.method.rest == KEYWORDS else self.method.rest,
        )

    def _edit(self, place: Place, codemod: str, instruction: Instruction) -> None:
        why = _("{sdk} calls it so", sdk=self.sdk.name)
        edit = Edit(place.path, place.span, codemod, instruction, (self.site.id,), why)
        self.context.edit(edit)


def _is_parsed_here(edits: Iterable[Edit]) -> bool:
    """Whether the answer is parsed in the program, and not by the package."""
    return any(isinstance(one.instruction, StructuredOutput) for one in edits)


def _is_put(argument: Argument) -> bool:
    """Whether an argument is set by a statement of its own."""
    return argument.origin is Origin.ITEM_ASSIGNMENT


def _names(source: str) -> set[str]:
    """The arguments that a composed value is made of."""
    return {one.id for one in ast.walk(ast.parse(source, mode="eval")) if isinstance(one, ast.Name)}
