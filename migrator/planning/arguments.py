"""Changes to arguments, gathered per place and turned into one edit each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from migrator.analysis.sites import Argument, CallFacts, Origin, Place, Site
from migrator.edits import AnswerRead, Edit, ItemAssignment, Parameters
from migrator.language import _, apart
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.families import CHAT
from migrator.planning.frameworks import recipe_for
from migrator.planning.messages import item

# Arguments that every request has: where they are written, others can be added.
_DISPLAYS = frozenset({Origin.DICT_ENTRY, Origin.DICT_KEYWORD})
# The length of the path to a key of an `extra_body` that is in a dict of further parameters.
_ITS_OWN = 2
_HANDED_ON = frozenset({"messages", "model", "input", "prompt"})
EXTRA_BODY = "extra_body"


@dataclass
class _Changes:
    """What is to be done to one call or dict."""

    drop: dict[str, None] = field(default_factory=dict)
    rename: dict[str, str] = field(default_factory=dict)
    replace: dict[str, str] = field(default_factory=dict)
    add: dict[str, str] = field(default_factory=dict)
    move: dict[str, None] = field(default_factory=dict)
    extra_body: dict[str, str] = field(default_factory=dict)
    compose: dict[str, str] = field(default_factory=dict)
    rest: str = EXTRA_BODY
    sites: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)

    def written(self, name: str) -> str:
        """What an argument is called where it stands, which may have been given another name."""
        return next((old for old, new in self.rename.items() if new == name), name)

    def instruction(self) -> Parameters:
        # What is known by its new name already still stands there by the old one.
        written = {new: old for old, new in self.rename.items()}
        drop = [written.get(name, name) for name in self.drop]
        return Parameters(
            tuple(drop),
            tuple((old, new) for old, new in self.rename.items() if old not in drop),
            tuple((written.get(name, name), source) for name, source in self.replace.items()),
            tuple(self.add.items()),
            tuple(self.move),
            tuple(self.extra_body.items()),
            tuple(self.compose.items()),
            self.rest,
        )

    def put_in(self, path: Sequence[str], source: str) -> bool:
        """Put a key into a dict argument; False where another such argument is changed here."""
        if self.rest != path[0] and (self.extra_body or self.move):
            return False
        self.rest = path[0]
        first, *inner = path[1:]
        self.extra_body[first] = _within(self.extra_body.get(first, ""), inner, source)
        return True


def _within(display: str, path: Sequence[str], source: str) -> str:
    """A dict display with one more key, at a path in dicts that are made where there are none."""
    if not path:
        return source
    first, *inner = path
    entry = f'"{first}": {_within("", inner, source)}'
    return f"{display[:-1]}, {entry}}}" if display else f"{{{entry}}}"


class ArgumentEdits:
    """Collects the changes of all calls; `finish` makes the edits.

    A dict that several calls receive is changed only if every one of them moves, and all are of a
    kind.
    """

    def __init__(self, context: Context, codemod: str) -> None:
        self._context = context
        self._codemod = codemod
        self._containers: defaultdict[Place, _Changes] = defaultdict(_Changes)
        self._statements: dict[tuple[Place, ItemAssignment], _Changes] = {}
        self._receivers: defaultdict[Place, set[str]] = defaultdict(set)
        for site, facts in context.calls():
            for place in (*(one.place for one in facts.arguments), *facts.holders):
                self._receivers[place].add(site.id)

    def shared_with_others(self, argument: Argument) -> bool:
        """Whether a call that does not move, or goes elsewhere, receives this argument too."""
        stay = not self._receivers[argument.place] <= self._context.moved_calls
        return argument.elsewhere or stay

    def drop(self, site: Site, argument: Argument, reason: str) -> bool:
        """Take an argument away; False where it is not this call's to change."""
        changes = self._change(site, argument, ItemAssignment(drop=True), reason)
        if changes is not None:
            name = changes.written(argument.name_there)
            changes.rename.pop(name, None)
            changes.drop[name] = None
        return changes is not None

    def rename(self, site: Site, argument: Argument, name: str, reason: str) -> bool:
        """Give an argument another name; False where it is not this call's to change."""
        changes = self._change(site, argument, ItemAssignment(key=name), reason)
        relocated = changes is not None and self._relocated(changes, site, argument, name)
        if changes is not None and not relocated and argument.name_there != name:
            changes.rename[changes.written(argument.name_there)] = name
        return changes is not None

    def _relocated(self, changes: _Changes, site: Site, argument: Argument, name: str) -> bool:
        """Whether an argument goes into a dict that a framework's object is given."""
        facts = self._context.call(site.id)
        known = recipe_for(self._context, facts.sender) if facts is not None else None
        path = known.moved_place(name) if known is not None else ()
        if len(path) != 2 or (changes.rest != path[0] and changes.extra_body):
            return False
        changes.rest = path[0]
        changes.move[argument.name_there] = None
        if argument.name_there != path[1]:
            changes.rename[argument.name_there] = path[1]
        return True

    def settle(self, site: Site, facts: CallFacts) -> None:
        """Write the parameters of a framework's object where its new class takes them."""
        known = recipe_for(self._context, facts.sender)
        for argument in facts.arguments if known is not None else ():
            if known is None or not known.moved_place(argument.name):
                continue
            gone = self._containers[argument.container].drop if self._containers else {}
            if argument.name_there not in gone:
                self.rename(site, argument, argument.name, f"{argument.name}: {facts.framework}")

    def replace(self, site: Site, argument: Argument, source: str, reason: str) -> bool:
        """Give an argument another value; False where it is not this call's to change."""
        changes = self._change(site, argument, ItemAssignment(value=source), reason)
        if changes is not None:
            changes.replace[changes.written(argument.name_there)] = source
        return changes is not None

    def compose(
        self, site: Site, parts: Sequence[Argument], name: str, source: str, reason: str
    ) -> bool:
        """Put one argument in the place of others; `source` names those that it is made of.

        False where they are not this call's to change, or not written in one place.
        """
        first = parts[0]
        if len({part.container for part in parts}) > 1:
            return False
        if first.origin is Origin.ITEM_ASSIGNMENT:
            return self._compose_value(site, first, name, source, reason)
        changes = self._change(site, first, ItemAssignment(key=name), reason)
        if changes is not None:
            changes.compose[name] = source
        return changes is not None

    def _compose_value(
        self, site: Site, part: Argument, name: str, source: str, reason: str
    ) -> bool:
        """Make one argument of the one that a statement sets."""
        if self._change(site, part, ItemAssignment(key=name), reason) is None:
            return False
        value = AnswerRead(0, re.sub(rf"\b{part.name}\b", "answer", source))
        place = part.place
        self._context.edit(Edit(place.path, place.span, self._codemod, value, (site.id,), reason))
        return True

    def _change(
        self, site: Site, argument: Argument, statement: ItemAssignment, reason: str
    ) -> _Changes | None:
        """Where a change of an argument is gathered; None where it may not be changed.

        What is gathered for a statement is said by `statement` alone.
        """
        if self._refuses(site, argument, goes=statement.drop or statement.key is not None):
            return None
        if argument.origin is Origin.ITEM_ASSIGNMENT:
            return self._statement(site, argument, statement, reason)
        return self._at(site, argument.container, reason)

    def add(self, site: Site, name: str, source: str, reason: str) -> None:
        """Add an argument to the call, to the one that hands it on, or to the JSON that is sent.

        What a framework's object does not take is told of.
        """
        facts = self._context.call(site.id)
        if facts is not None and facts.sender:
            known = recipe_for(self._context, facts.sender)
            if known is not None and known.says_always(name):
                return
            path = known.place(name) if known is not None else ()
            if len(path) != 1 and not (path and self._put_in(site, facts, path, source, reason)):
                details = {"added": f"{name}={source}"}
                self._context.note(site.id, item("argument-to-add", site, reason, (), details))
            if len(path) != 1:
                return
        for place in self._homes(site):
            self._at(site, place, reason).add[name] = source

    def _homes(self, site: Site) -> list[Place]:
        """Where the arguments of a call are written: `retry(create, model=…)` for `f(**kwargs)`."""
        here = Place(site.path, site.span)
        facts = self._context.call(site.id)
        written = facts.arguments if facts is not None else ()
        if facts is not None and facts.is_json:
            return self._sent_in(facts)
        if facts is not None and facts.sender:
            return [here]
        others = {
            argument.container: None
            for argument in written
            if argument.origin is Origin.KEYWORD and argument.name in _HANDED_ON
        }
        own = any(argument.container == here for argument in written)
        return [here] if own or not others else list(others)

    def _sent_in(self, facts: CallFacts) -> list[Place]:
        """The mappings that the JSON of a request is written in."""
        homes = {
            argument.container: None
            for argument in facts.arguments
            if argument.origin in _DISPLAYS and argument.name in _HANDED_ON
        }
        return list(homes)

    def extra_body(self, site: Site, facts: CallFacts, key: str, source: str, reason: str) -> bool:
        """Add a key to the `extra_body` argument, wherever it is written, or to a new one.

        False where the argument is written in a way that nothing can be added to.
        """
        if facts.is_json:
            return self._send(site, facts, key, source, reason)
        if site.id in self._context.upgrade.kept:
            self.add(site, key, source, reason)  # openai before 1.0 sends whatever it is given
            return True
        if facts.sender:
            known = recipe_for(self._context, facts.sender)
            path = known.extra_place(key) if known is not None else ()
            if len(path) > _ITS_OWN and self._context.keeps(site.path):
                path = (*path[:-2], key)  # openai before 1.0 sends whatever it is given
            return bool(path) and self._put_in(site, facts, path, source, reason)
        existing = facts.argument("extra_body")
        if existing is None:
            for place in self._homes(site):
                self._at(site, place, reason).extra_body[key] = source
            return True
        if existing.origin is Origin.ITEM_ASSIGNMENT or self.shared_with_others(existing):
            return False
        if existing.container != Place(site.path, site.span) and not existing.always:
            return False  # only some of the call's callers give it
        self._at(site, existing.container, reason).extra_body[key] = source
        return True

    def _put_in(
        self, site: Site, facts: CallFacts, path: Sequence[str], source: str, reason: str
    ) -> bool:
        """Put a key where a framework's object, or one that is to be made, takes what is its own.

        False where the dict is written in a way that nothing can be added to.
        """
        known = recipe_for(self._context, facts.sender)
        client = self._context.made_at(site.id)
        if known is not None and known.holder:
            return self._put_in_settings(site, facts, path[1:], source, reason)
        if known is not None and known.text("object"):
            self._context.extras[site.id][path[-1]] = source
            return True
        if len(path) == 1:
            self._at(site, Place(site.path, site.span), reason).add[path[0]] = source
            return True
        written = client.arguments if client is not None else ()
        existing = next((one for one in written if one.name_there == path[0]), None)
        if existing is None:
            places = self._homes(site)
        elif existing.origin is Origin.ITEM_ASSIGNMENT or self.shared_with_others(existing):
            return False
        else:
            places = [existing.container]
        return all(self._at(site, place, reason).put_in(path, source) for place in places)

    def _put_in_settings(
        self, site: Site, facts: CallFacts, path: Sequence[str], source: str, reason: str
    ) -> bool:
        """Put a parameter into the settings that a framework's object is handed, or made with.

        False where they are written in a way that nothing can be added to.
        """
        client = self._context.made_at(site.id)
        known = recipe_for(self._context, facts.sender)
        arguments = client.arguments if client is not None else ()
        spread = known is not None and known.spreads(known.holder, arguments)
        if not facts.holders or (spread and len(path) > 1):
            self._context.held[site.id][tuple(path)] = source
            given = {one.name_there for one in arguments}
            return spread or (known is not None and known.holder not in given)
        if any(not self._receivers[one] <= self._context.moved_calls for one in facts.holders):
            return False
        existing = facts.argument(path[0]) if len(path) > 1 else None
        for place in facts.holders if existing is None else (existing.container,):
            changes = self._at(site, place, reason)
            (changes.extra_body if len(path) > 1 else changes.add)[path[-1]] = source
        return True

    def _send(self, site: Site, facts: CallFacts, key: str, source: str, reason: str) -> bool:
        """In the JSON of a request, what is the provider's own stands beside the rest."""
        homes = self._sent_in(facts)
        others = [one for one in facts.arguments if one.container in homes]
        if not homes or any(map(self.shared_with_others, others)):
            return False
        for place in homes if facts.argument(key) is None else ():
            self._at(site, place, reason).add[key] = source
        return True

    def finish(self) -> None:
        """Hand every gathered change to the context as an edit."""
        for place, changes in self._containers.items():
            self._context.edit(self._edit(place, self._codemod, changes.instruction(), changes))
        for (place, instruction), changes in self._statements.items():
            self._context.edit(self._edit(place, "item-assignment", instruction, changes))

    def _edit(
        self,
        place: Place,
        codemod: str,
        instruction: Parameters | ItemAssignment,
        changes: _Changes,
    ) -> Edit:
        reason = apart(changes.reasons)
        return Edit(place.path, place.span, codemod, instruction, tuple(changes.sites), reason)

    def _refuses(self, site: Site, argument: Argument, *, goes: bool) -> bool:
        """Whether an argument may not be changed; `goes` says that its name would not be there."""
        if argument.read and goes:
            why = _("the code reads it from the dictionary by its name")
            self._context.note(site.id, item("argument-read", site, why, name=argument.name))
            return True
        if is_taken_out(self._context, argument):
            why = _("the code takes it out of the dictionary by its name")
            self._context.note(site.id, item("arguments-shared", site, why, name=argument.name))
            return True
        other = self._other_family(site, argument)
        if not self.shared_with_others(argument) and not other:
            return False
        why = _("the same dictionary is handed to a call that stays as it is")
        if other:
            why = _("the same dictionary may be handed to `{other}`", other=other)
        elif argument.elsewhere:
            why = _("the same dictionary is handed to a request to another provider")
        self._context.note(site.id, item("arguments-shared", site, why, name=argument.name))
        return True

    def _other_family(self, site: Site, argument: Argument) -> str:
        """A call of another kind that receives the argument too, and may well take it as it is."""
        called = {
            one: facts.api
            for one in (site.id, *sorted(self._receivers[argument.place]))
            if (facts := self._context.call(one)) is not None
        }
        own = called.get(site.id, "")
        return next((api for api in called.values() if (api in CHAT) != (own in CHAT)), "")

    def _at(self, site: Site, place: Place, reason: str) -> _Changes:
        changes = self._containers[place]
        changes.sites[site.id] = None
        changes.reasons[reason] = None
        return changes

    def _statement(
        self, site: Site, argument: Argument, instruction: ItemAssignment, reason: str
    ) -> _Changes:
        place = argument.container
        before = next((one for at, one in self._statements if at == place), instruction)
        changes = self._statements.pop((place, before), _Changes())
        both = ItemAssignment(
            before.drop or instruction.drop,
            instruction.key or before.key,
            instruction.value or before.value,
        )
        self._statements[place, both] = changes
        changes.sites[site.id] = None
        changes.reasons[reason] = None
        return changes


class ToldChanges(ArgumentEdits):
    """The changes of calls that go to other providers too: said, and left to a person."""

    def _change(
        self, site: Site, argument: Argument, statement: ItemAssignment, reason: str
    ) -> _Changes | None:
        self._tell(site, argument.name, reason)
        return None

    def add(self, site: Site, name: str, source: str, reason: str) -> None:
        """Say that an argument is to be added."""
        self._tell(site, f"{name}={source}", reason)

    def extra_body(self, site: Site, facts: CallFacts, key: str, source: str, reason: str) -> bool:
        """False: other providers may refuse what is the provider's own."""
        return False

    def _tell(self, site: Site, name: str, reason: str) -> None:
        details = {"name": name, "provider": self._context.provider.name}
        refused = self._context.provider.chat_parameter(name).verdict == "rejected"
        code = "argument-refused" if refused else "argument-for-others"
        self._context.note(site.id, item(code, site, reason, (), details))


def is_taken_out(context: Context, argument: Argument) -> bool:
    """Whether `del params["name"]` or `params.pop("name")` would miss it."""
    source = context.sources.get(argument.place.path)
    if source is None or argument.container.span == argument.place.span:
        return False
    name = re.escape(argument.name)
    return bool(
        re.search(rf"""\bdel\s[^\n]*\[\s*['"]{name}['"]\s*\]""", source.text)
        or re.search(rf"""\.pop\(\s*['"]{name}['"]\s*\)""", source.text)
    )


def is_text(context: Context, argument: Argument) -> bool:
    """Whether an argument is sure to be a string."""
    source = context.sources.get(argument.place.path)
    written = source is not None and syntax.is_text(source.text, argument.place.span)
    return written or isinstance(argument.value, str)


def is_own(site: Site, argument: Argument) -> bool:
    """Whether an argument is written for this call alone: not for a function that hands it on."""
    here = argument.container == Place(site.path, site.span)
    return argument.shared == 1 and (here or argument.origin is not Origin.KEYWORD)
