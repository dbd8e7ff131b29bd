"""The upgraded calls: their method, the names of their arguments, the client they are on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from migrator.analysis.sites import Argument, CallFacts, Origin, Place, Site
from migrator.edits import (
    ArgumentNames,
    ClientMaker,
    ClientMethod,
    Edit,
    EmbeddingsUtilities,
    Instruction,
    ItemAssignment,
)
from migrator.language import _, marked
from migrator.planning.context import Context
from migrator.planning.legacy import clients, knowledge, settled
from migrator.planning.legacy.upgrade import Form, arguments_by_container
from migrator.planning.messages import item
from migrator.planning.variables import Variables

_WHY = marked("openai 1.0 and later call it on a client")


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of every upgraded call; one that stays on OpenAI gets the module's client."""
    names = clients.names(context)
    for one, before in context.upgrade.before.items():
        _Call(context, variables, context.by_id[one], before, names).decide()
    for one, before in context.upgrade.kept.items():
        if one in context.moved_calls:
            _Kept(context, variables, context.by_id[one], before, names).decide()


@dataclass(frozen=True)
class _Call:
    """One call on its way; `facts` are those it had before."""

    context: Context
    variables: Variables
    site: Site
    facts: CallFacts
    names: clients.Names

    def decide(self) -> None:
        if knowledge.is_utility(self.facts.api):
            return  # its function is written with the import
        for place in self.facts.methods:
            self._edit(place, "client-method", self.method(place.path))
        here = Place(self.site.path, self.site.span)
        containers = arguments_by_container(self.facts)
        for place in dict.fromkeys([here, *containers]):
            self._arguments(place, containers.get(place, []), here)

    def method(self, path: str) -> ClientMethod:
        """The method that the call names in a file, on the client that it is made by."""
        method = knowledge.successor(self.facts.api) or self.facts.api
        key = self.facts.argument("api_key")
        moves = self.site.id in self.context.moved_calls
        form = self.context.upgrade.form(self.site.id) if moves else Form.MODULE
        if form is Form.KEYED and key is not None:
            empty = key.sources is not None and key.sources.empty and not key.sources.reads
            maker = self._maker("either" if empty else "argument")
            return ClientMethod(method, maker=maker, key=key.spelled)
        if not moves and (key is not None or self._others()):
            return self._elsewhere(method, key)
        options = self._options(key)
        if form is Form.CLIENT:
            name = self.names[path, self.facts.asynchronous]
            return ClientMethod(method, name, options=options)
        if form is Form.MADE:
            return ClientMethod(method, maker=self._maker("environment"), options=options)
        if self.facts.asynchronous:
            return ClientMethod(method, maker=self._maker("module"), options=options)
        return ClientMethod(method, "openai")

    def _elsewhere(self, method: str, key: Argument | None) -> ClientMethod:
        """A call that stays on OpenAI with a key or an organization of its own."""
        if key is None:
            return ClientMethod(method, maker=self._maker("module"), options=self._others())
        maker = replace(self._maker("argument"), base_url_variable="", base_url_default="")
        return ClientMethod(method, maker=maker, key=key.spelled, options=self._others())

    def _others(self) -> tuple[tuple[str, str], ...]:
        """What a call that stays brings along for the client."""
        names = knowledge.kept_options()
        return tuple((names[a.name], a.spelled) for a in self.facts.arguments if a.name in names)

    def _options(self, key: Argument | None) -> tuple[tuple[str, str], ...]:
        """The key of this one call, if it is not the one of all."""
        if key is None or settled.is_from_environment(key) or key.value is None:
            return ()
        return (("api_key", key.spelled),)

    def _maker(self, key: str) -> ClientMaker:
        return ClientMaker(
            clients.class_path(asynchronous=self.facts.asynchronous),
            key,
            self.variables.key_variable,
            self.variables.address_variable(self.context.upgrade.settings_for([self.site.id])),
            self.context.base_url,
        )

    def _names(self) -> tuple[Mapping[str, str], frozenset[str]]:
        """What the arguments are called now, and which have no place any more."""
        return knowledge.renamed(self.facts.api), knowledge.dropped() | knowledge.options()

    def _arguments(self, place: Place, arguments: list[Argument], here: Place) -> None:
        names, gone = self._names()
        beside = {argument.name for argument in arguments}
        rename: list[tuple[str, str]] = []
        drop: list[str] = []
        for argument in arguments:
            new = names.get(argument.name)
            if new is None and argument.name not in gone:
                continue
            ends = new is None or new in beside
            if argument.origin is Origin.ITEM_ASSIGNMENT:
                change = ItemAssignment(drop=True) if ends else ItemAssignment(key=new)
                self._edit(place, "item-assignment", change)
            elif ends:
                drop.append(argument.name)
                self.context.replaced.add(argument.place)
            elif new is not None:
                rename.append((argument.name, new))
        positional = self._positional() if place == here else ()
        instruction = ArgumentNames(positional, tuple(dict.fromkeys(rename)), tuple(drop))
        if instruction != ArgumentNames():
            self._edit(place, "argument-names", instruction)

    def _positional(self) -> tuple[str, ...]:
        files = self.context.upgrade.files
        count = files.positional(self.site.path, self.site.span) if files is not None else 0
        return knowledge.names(self.facts.api)[:count]

    def _edit(self, place: Place, codemod: str, instruction: Instruction) -> None:
        edit = Edit(place.path, place.span, codemod, instruction, (self.site.id,), _(_WHY))
        self.context.edit(edit)


def utilities(context: Context, variables: Variables, path: str) -> EmbeddingsUtilities | None:
    """By which clients the functions of `embeddings_utils` in a file send; None if one cannot."""
    names = clients.names(context)
    receivers: dict[str, str] = {}
    makers: dict[bool, ClientMaker] = {}
    for one, facts in context.upgrade.before.items():
        if context.by_id[one].path != path or not knowledge.is_utility(facts.api):
            continue
        method = _Call(context, variables, context.by_id[one], facts, names).method(path)
        if method.options or method.key:
            return None
        if method.maker is not None:
            makers[facts.asynchronous] = method.maker
        else:
            receivers["async" if facts.asynchronous else "sync"] = method.receiver
    given = context.utilities.get(path, EmbeddingsUtilities())
    return replace(given, receivers=tuple(receivers.items()), makers=tuple(makers.values()))


class _Kept(_Call):
    """A call that stays on 0.x: what names an engine names a model, what is Azure's goes."""

    def decide(self) -> None:
        for place, arguments in arguments_by_container(self.facts).items():
            self._arguments(place, arguments, place)
        files = self.context.upgrade.files
        if files is not None and files.chooses_by_release(self.site.path):
            why = _("the file has a way for later releases, and this one beside it")
            self.context.note(self.site.id, item("legacy-branch", self.site, why))

    def _names(self) -> tuple[Mapping[str, str], frozenset[str]]:
        every = knowledge.renamed(self.facts.api)
        return {old: new for old, new in every.items() if new == "model"}, knowledge.dropped()

    def _positional(self) -> tuple[str, ...]:
        return ()
