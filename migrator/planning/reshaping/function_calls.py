"""The items of a Responses answer that are calls of functions: their reads, their way back.

for item in response.output:
    if item.type == "function_call":
        run(item.name, item.arguments)
->
for item in response.choices[0].message.tool_calls or []:
    if item.type == "function":
        run(item.function.name, item.function.arguments)
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.analysis.sites import CallFacts, ModelFacts, Place, ResultRead, ResultUse
from migrator.analysis.surface import is_reasoning
from migrator.edits import AnswerRead, ReplaceExpression, ReplaceString
from migrator.language import _
from migrator.planning.context import Context, within
from migrator.planning.reshaping import branches
from migrator.planning.reshaping.knowledge import Calls, Stop, ToChat, is_index
from migrator.planning.reshaping.made import Made
from migrator.source import SourceText

_PLAIN = frozenset({"attribute", "item"})
_READ = frozenset({"attribute", "getattr"})
_ONE = frozenset({"0", "-1"})
_TYPE = "type"
_RESULT = "function_call_output"
_ALONE = '{"role": "assistant", "content": None, "tool_calls": [answer]}'
# What of a message has to come back with its tool calls, where the rule is kept to.
_CARRIED = "reasoning-content"
_THOUGHT = "reasoning_content"


def read_items(
    context: Context, facts: CallFacts, shape: ToChat, calls: Calls, reads: Sequence[ResultRead]
) -> Made:
    """What becomes of the steps into `output` and its items, and of items that are sent back."""
    return _Items(context, facts, shape, calls, reads).made()


def is_harmless(calls: Calls, use: ResultUse) -> bool:
    """Whether a part of an item that leaves the program's sight is a text in any shape."""
    return len(use.path) == 3 and use.path[0] == "output" and use.path[2] in calls.changed


def sends_back(context: Context, facts: CallFacts) -> bool:
    """Whether it is known how items of a call's answer get into the input of another."""
    joined = any(
        read.path == ("output",) and _role(context, read) == "joined" for read in facts.reads
    )
    return joined or any(_is_added(use) for use in facts.uses)


def _is_added(use: ResultUse) -> bool:
    """Whether an item is appended to a list by itself."""
    return use.form == "added" and len(use.path) == 2 and use.path[0] == "output"


def _role(context: Context, read: ResultRead) -> str:
    return branches.role_of_list(context.sources[read.place.path], read.place.span)


class _Items:
    def __init__(
        self,
        context: Context,
        facts: CallFacts,
        shape: ToChat,
        calls: Calls,
        reads: Sequence[ResultRead],
    ) -> None:
        self._context = context
        self._facts = facts
        self._shape = shape
        self._calls = calls
        self._reads = reads
        self._steps = {(read.place, read.path): read for read in facts.reads}
        self._made = Made()
        self._tests: list[Place] = []
        self._filtered: list[tuple[str, str]] = []
        self._within: set[Place] = set()

    def made(self) -> Made:
        for read in sorted(self._reads, key=lambda one: -len(one.path)):
            match read.path:
                case (_, _, name):
                    self._field(read, name)
                case (_, _):
                    self._item(read)
                case (_,):
                    self._list(read)
                case _:
                    self._made.stop(read)
        for use in self._facts.uses:
            if _is_added(use):
                self._added(use)
        return self._made

    def _source(self, place: Place) -> SourceText:
        return self._context.sources[place.path]

    # -- fields of an item ----------------------------------------------------------------------

    def _field(self, read: ResultRead, name: str) -> None:
        if not read.proven or read.written:
            self._made.stop(read)
        elif name == _TYPE:
            self._kind(read)
        elif read.form in _READ and name in self._calls.changed:
            self._made.change(
                read.place, AnswerRead(1, f"answer.{self._calls.changed[name]}"), read
            )
        elif read.form not in _READ or name not in self._calls.same:
            self._made.stop(read)

    def _kind(self, read: ResultRead) -> None:
        """A test of what an item is: of one in a row, or of whether the answer calls a function."""
        found = branches.compared(self._source(read.place), read.place.span)
        old, new = self._calls.kinds
        if found is None or found.value != old:
            self._made.stop(read)
            return
        path = read.place.path
        item = self._steps.get((read.base, read.path[:-1]))
        if item is None and not is_index(read.path[1]):
            self._made.change(Place(path, found.literal), ReplaceString(new), read)
            if found.lets_in is not None:
                self._tests.append(Place(path, found.lets_in))
            return
        whole = self._steps.get((item.base, item.path[:-1])) if item is not None else None
        plain = item is not None and whole is not None and self._index(item) in _ONE
        if item is None or whole is None or not plain or {whole.form, read.form} - _PLAIN:
            self._made.stop(read)
            return
        denied = "" if found.equal else "not "
        source = f"{denied}answer.{self._calls.calls}"
        self._made.change(Place(path, found.span), AnswerRead(4, source), read)
        self._within |= {item.place, whole.place}

    def _index(self, item: ResultRead) -> str:
        """The place in the list that a step goes to, if it is written."""
        written = self._source(item.place).slice(item.place.span)
        last = item.form == "item" and written.endswith("[-1]")
        return "-1" if last else item.path[1]

    # -- items and their list -------------------------------------------------------------------

    def _item(self, read: ResultRead) -> None:
        """One item of the list: the first, or the last."""
        if read.place in self._within:
            return
        whole = self._steps.get((read.base, read.path[:-1]))
        fields = self._fields(read)
        calls = bool(fields) and fields <= {*self._calls.changed, *self._calls.same}
        index = self._index(read)
        if whole is None or index not in _ONE or not calls or read.form != "item":
            self._made.stop(read)
            return
        self._made.change(read.place, AnswerRead(2, f"answer.{self._calls.calls}[{index}]"), read)
        self._within.add(whole.place)

    def _fields(self, item: ResultRead) -> set[str]:
        """What is read of an item, where it stands or by the name that it is given."""
        below = [one for one in self._facts.reads if one.path[:-1] == item.path]
        here = {one.path[-1] for one in below if one.base == item.place}
        named = {one.path[-1] for one in below if (one.base, item.path) not in self._steps}
        return here or named

    def _list(self, read: ResultRead) -> None:
        if read.place in self._within:
            return
        role = _role(self._context, read) if read.proven and not read.written else ""
        calls, message = self._calls.calls, self._calls.message
        sources = {
            "items": f"answer.{calls} or []",
            "joined": f"[answer.{message}]",
            "tested": "answer.choices",
        }
        if role == "items" and self._is_joined_later(read):
            role = ""
        if self._is_shown(read):
            sources[role] = f"answer.{message}"
        if read.form == "hasattr":
            self._made.change(read.place, AnswerRead(1, 'hasattr(answer, "choices")'), read)
        elif role not in sources or read.form not in _READ:
            self._made.stop(read)
        else:
            self._made.change(read.place, AnswerRead(1, sources[role]), read)

    def _is_joined_later(self, read: ResultRead) -> bool:
        """Whether items that are picked out of the list are added to another one."""
        source = self._source(read.place)
        name = branches.gathered_by(source, read.place.span)
        if name and any(within(read.place, one) for one in self._tests):
            self._filtered.append((read.place.path, name))
        return bool(name) and branches.is_joined(source, name)

    def _is_shown(self, read: ResultRead) -> bool:
        return any(
            use.place == read.place and use.form == "argument" and use.name in self._shape.shown_by
            for use in self._facts.uses
        )

    # -- what is sent back ----------------------------------------------------------------------

    def _added(self, use: ResultUse) -> None:
        """An item that is appended to a list: a message of its own, where it is a call."""
        source = self._source(use.place)
        tested = any(within(use.place, one) for one in self._tests)
        tested = tested or any(
            path == use.place.path and branches.is_in_loop_over(source, use.place.span, name)
            for path, name in self._filtered
        )
        if not (tested and branches.answered_after(source, use.place.span, _RESULT)):
            self._made.stops.append(Stop(use.place, _("appends any item of `output`")))
        elif not self._may_think():
            self._made.changes[use.place] = AnswerRead(0, _ALONE)
        elif message := self._message(use.place.path):
            thought = f'"{_THOUGHT}": getattr({message}, "{_THOUGHT}", None)'
            whole = _ALONE.replace("answer", source.slice(use.place.span))
            whole = f"{whole.removesuffix('}')}, {thought}}}"
            self._made.changes[use.place] = ReplaceExpression(whole)
        else:
            what = _("appends an item without what the model thought")
            self._made.stops.append(Stop(use.place, what))

    def _may_think(self) -> bool:
        """Whether a message that asks for tools may have to say what the model thought."""
        provider = self._context.provider
        named = (self._context.by_id.get(one) for one in self._facts.models)
        olds = [one.facts.model for one in named if one and isinstance(one.facts, ModelFacts)]
        chosen = (provider.map_model(old, (), self._context.options.model_map) for old in olds)
        targets = [provider.model(one.model or "") for one in chosen]
        thinking = any(one is None or one.thinking == "always" for one in targets)
        return _CARRIED in provider.rules and (not olds or thinking or any(map(is_reasoning, olds)))

    def _message(self, path: str) -> str:
        """The message that the items of a file are of; "" where there is not one name for it."""
        source = self._context.sources[path]
        bases = {
            source.slice(read.base.span)
            for read in self._reads
            if read.path == ("output",) and read.base.path == path and read.form in _READ
        }
        named = len(bases) == 1 and all(one.replace(".", "_").isidentifier() for one in bases)
        return f"{bases.pop()}.{self._calls.message}" if named else ""
