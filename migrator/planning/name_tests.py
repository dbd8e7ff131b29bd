"""Tests that the names of models are put to: what each says of a name that moved.

A list that a moved name was one of gets the new name; any other test that answers the new name
otherwise than the old one is told, with both branches.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from migrator.analysis.sites import ModelFacts, NameTest, Place, Site
from migrator.edits import Edit, ItemAssignment, Listed
from migrator.language import _, apart
from migrator.planning import branches
from migrator.planning.branches import Branches, Condition
from migrator.planning.context import Context, Told
from migrator.planning.messages import elsewhere, item

# A test is quoted up to here in a title.
_LONGEST = 70
_SHOWN = 3
# (old name, new name) of a model.
_Move = tuple[str, str]


def decide(context: Context) -> None:
    """Put new names into lists, and tell of every other test that they answer differently."""
    tests = _tests(context)
    lists = _Lists(context, tests)
    lists.extend()
    _tell_changed(context, tests, lists)
    _settle_names(context, tests)


def _tests(context: Context) -> list[NameTest]:
    """Every test, but for those that the repository's tests make: these follow the program."""
    found = {test: None for _, facts in context.models() for test in facts.tests}
    tested = {site.path for site in context.sites if site.in_tests}
    return [test for test in found if test.place.path not in tested]


def _moves(context: Context, test: NameTest) -> dict[_Move, str]:
    """The names that are tested and become others, each with its site."""
    found: dict[_Move, str] = {}
    for one in test.asked:
        choice, site = context.choices.get(one), context.by_id.get(one)
        if choice is not None and choice.model and site and isinstance(site.facts, ModelFacts):
            found.setdefault((site.facts.literal.value, choice.model), one)
    return found


def _holds(test: NameTest, name: str, names: Iterable[str]) -> bool:
    """The answer of a test to a name."""
    match test.how:
        case "part":
            found = any(one in name for one in names)
        case "start":
            found = name.startswith(tuple(names))
        case "end":
            found = name.endswith(tuple(names))
        case _:
            found = name in names
    return found != test.negated


# -- lists ----------------------------------------------------------------------------------------


@dataclass
class _Lists:
    """The displays that moved names are looked for in, and the names they get."""

    context: Context
    tests: list[NameTest]

    def __post_init__(self) -> None:
        self.added: defaultdict[Place, dict[str, None]] = defaultdict(dict)
        self._torn: set[tuple[Place, str]] = set()
        for test in self.tests:
            if test.how == "member":
                self._read(test)

    def _read(self, test: NameTest) -> None:
        names = {name for name, _ in test.names}
        moves = _moves(self.context, test)
        inside = {new for old, new in moves if old in names}
        outside = {new for old, new in moves if old not in names}
        for old, new in moves:
            for place in self._displays(test, old):
                if new in outside & inside:
                    self._torn.add((place, new))
                elif new not in names:
                    self.added[place][new] = None

    def _displays(self, test: NameTest, name: str) -> list[Place]:
        """The displays among those of a test that hold a name."""
        sites = (self.context.by_id.get(one) for held, one in test.names if held == name and one)
        found = (_display(self.context, site) for site in sites if site is not None)
        return [place for place in dict.fromkeys(found) if place is not None]

    def extend(self) -> None:
        """Plan the new names."""
        for test in self.tests:
            for (old, new), moved in _moves(self.context, test).items():
                for held, one in test.names:
                    site = self.context.by_id.get(one)
                    if held == old and site is not None:
                        self._put(test, site, old, new, moved)

    def _put(self, test: NameTest, site: Site, old: str, new: str, moved: str) -> None:
        place = _display(self.context, site)
        if place is None or new not in self.added[place] or (place, new) in self._torn:
            return
        why = _("`{old}` became `{new}`, which is looked for here", old=old, new=new)
        edit = Edit(place.path, place.span, "listed", Listed((new,)), (site.id,), why)
        self.context.edit(edit)
        told = {"model": old, "new": new}
        self.context.note(site.id, item("model-listed", site, why, details=told))

    def after(self, test: NameTest) -> list[str]:
        """What is tested for after the change."""
        found = []
        for name, one in test.names:
            choice, site = self.context.choices.get(one), self.context.by_id.get(one)
            found.append(choice.model if choice is not None and choice.model else name)
            place = _display(self.context, site) if site is not None else None
            if place is not None:
                found += [new for new in self.added[place] if (place, new) not in self._torn]
        return found


def _display(context: Context, site: Site) -> Place | None:
    """The list, tuple or set display that a model's name is an element of."""
    source = context.sources.get(site.path)
    if not isinstance(site.facts, ModelFacts) or source is None:
        return None
    span = branches.display(source, site.facts.literal.span)
    return Place(site.path, span) if span is not None else None


# -- what answers differently ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """A test that a move changes the answer of: `before` is the answer to the old name."""

    test: NameTest
    node: ast.expr
    move: _Move
    before: bool


@dataclass
class _Told:
    """A condition that some tests of change the answer; `fails`: one of them ends in an error."""

    condition: Condition
    changes: list[_Change] = field(default_factory=list)
    fails: bool = False


def _tell_changed(context: Context, tests: list[NameTest], lists: _Lists) -> None:
    by_path: defaultdict[str, list[NameTest]] = defaultdict(list)
    for test in tests:
        if _moves(context, test):
            by_path[test.place.path].append(test)
    for path, held in by_path.items():
        known = branches.branches(context.sources[path].text)
        for told in _changed(context, known, held, lists):
            _tell(context, known, told)


def _changed(
    context: Context, known: Branches, tests: list[NameTest], lists: _Lists
) -> Iterable[_Told]:
    """The conditions of a file that a move may change."""
    nodes = {test: node for test in tests if (node := known.expression(test.place.span))}
    found: dict[ast.AST, _Told] = {}
    for move in dict.fromkeys(move for test in nodes for move in _moves(context, test)):
        asked = {test: node for test, node in nodes.items() if move in _moves(context, test)}
        before = {node: _holds(test, move[0], _named(test)) for test, node in asked.items()}
        after = {node: _holds(test, move[1], lists.after(test)) for test, node in asked.items()}
        for test, node in asked.items():
            condition = known.condition(node)
            if before[node] == after[node] or _is_same(condition, before, after):
                continue
            told = found.setdefault(condition.test, _Told(condition))
            told.changes.append(_Change(test, node, move, before[node]))
            told.fails = told.fails or _fails(known, condition, before, after)
    return found.values()


def _fails(
    known: Branches,
    condition: Condition,
    before: Mapping[ast.expr, bool],
    after: Mapping[ast.expr, bool],
) -> bool:
    """Whether the program ends in an error after a condition, and ends so because of it."""
    inside = {node for node in after if known.condition(node).test is condition.test}
    alone = {node: after[node] if node in inside else held for node, held in before.items()}
    failing = (known.fails(condition, one) for one in (alone, after))
    return all(failing) and not known.fails(condition, before)


def _named(test: NameTest) -> list[str]:
    return [name for name, _ in test.names]


def _is_same(
    condition: Condition, before: Mapping[ast.expr, bool], after: Mapping[ast.expr, bool]
) -> bool:
    """Whether the whole of a condition is known to be what it was."""
    old, new = (branches.answer(condition.test, one, whole=True) for one in (before, after))
    return old is not None and old == new


def _tell(context: Context, known: Branches, told: _Told) -> None:
    """One item for a condition, on behalf of the first name that it answers otherwise."""
    condition, first = told.condition, told.changes[0]
    alike = [one.move for one in told.changes if one.before == first.before]
    olds, news = (tuple(dict.fromkeys(names)) for names in zip(*alike, strict=True))
    site = context.by_id[_moves(context, first.test)[first.move]]
    whole = isinstance(known.parent(first.node), ast.pattern | ast.GeneratorExp)
    test = condition.source if whole else ast.unparse(first.node)
    details = {"test": _short(test), "model": _spelled(olds), "new": _spelled(news)}
    yes, no = ("model", "new") if first.before else ("new", "model")
    why = [_("it holds for `{yes}`, and not for `{no}`", yes=details[yes], no=details[no])]
    if torn := _others(context, told, news):
        why.append(
            _("it had the other answer for `{names}`, which became the same", names=_spelled(torn))
        )
    if condition.held:
        why.append(
            _(
                "where `{source}`: `{held}`, else: `{other}`",
                source=condition.source,
                held=condition.held,
                other=condition.other,
            )
        )
    made = item("model-test-fails" if told.fails else "model-test", site, apart(why), (), details)
    code = context.sources[first.test.place.path].slice(first.test.place.span)
    placed = elsewhere(made, first.test.place, code)
    note = replace(placed, replacement=_remedy(known, first, code, news))
    context.note(site.id, note)
    if body := known.alone_under(condition):
        places = tuple(Place(first.test.place.path, span) for span in body)
        context.conditions.append(Told(site.id, note, places))


def forget_gone(context: Context) -> None:
    """Say nothing of conditions that go with all that hangs on them."""
    gone = {
        edit.place
        for edits in context.edits.values()
        for edit in edits
        if isinstance(edit.instruction, ItemAssignment) and edit.instruction.drop
    }
    for told in context.conditions:
        if gone.issuperset(told.body) and told.note in context.notes[told.site]:
            context.notes[told.site].remove(told.note)


def _others(context: Context, told: _Told, news: tuple[str, ...]) -> list[str]:
    """The names that became the same as others, and that the condition had another answer for."""
    first, changed = told.changes[0], {one.move[0] for one in told.changes}
    return [
        old
        for old, new in _moves(context, first.test)
        if new in news and old not in changed
        if _holds(first.test, old, _named(first.test)) != first.before
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _spelled(names: Iterable[str]) -> str:
    """Names for people to read, to stand between backticks: a few of them."""
    every = list(names)
    shown = every if len(every) <= _SHOWN + 1 else every[:_SHOWN]
    names_shown = _("`, `").join(shown)
    if shown is every:
        return names_shown
    return _(
        "{names}` and {more} more like `{last}",
        names=names_shown,
        more=len(every) - _SHOWN,
        last=every[-1],
    )


def _remedy(known: Branches, change: _Change, code: str, news: tuple[str, ...]) -> str:
    """The test, so that it answers the new names as it does the old ones."""
    tested, around = branches.subject(change.node, change.test.how), known.parent(change.node)
    quoted = [f'"{new}"' for new in news]
    if isinstance(around, ast.pattern) and change.before:
        return " | ".join([code, *quoted])
    if tested is None or isinstance(around, ast.pattern | ast.GeneratorExp):
        return ""
    name = ast.unparse(tested)
    excluded = change.before == change.test.negated
    if change.test.how == "equal" and isinstance(change.node, ast.Compare) and not excluded:
        sides = (change.node.left, change.node.comparators[0])
        other = ast.unparse(sides[0] if sides[1] is tested else sides[1]).replace("'", '"')
        return f"{name} {'not in' if change.test.negated else 'in'} ({', '.join([other, *quoted])})"
    joined, single, several = ("and", "!=", "not in") if not change.before else ("or", "==", "in")
    more = f"{single} {quoted[0]}" if len(news) == 1 else f"{several} ({', '.join(quoted)})"
    made = f"{code} {joined} {name} {more}"
    inside_and = isinstance(around, ast.BoolOp) and isinstance(around.op, ast.And)
    tight = isinstance(around, ast.UnaryOp) or (joined == "or" and inside_and)
    return f"({made})" if tight else made


# -- names that are tested for --------------------------------------------------------------------


def _settle_names(context: Context, tests: list[NameTest]) -> None:
    """What names are tested for stays as it is; a list that unknown names are sought in is told."""
    by_site: defaultdict[str, list[NameTest]] = defaultdict(list)
    for test in tests:
        for _unused, one in test.names:
            by_site[one].append(test)
    unknown: defaultdict[Place, list[Site]] = defaultdict(list)
    for site, facts in context.models():
        mine = by_site[site.id]
        if not mine or facts.reaches or context.is_settled(site.id):
            continue
        if any(one.asked for one in mine):
            context.leave(
                site.id, _("names are tested for it, and what changes is told at the test")
            )
        else:
            unknown[_display(context, site) or mine[0].place].append(site)
    for sites in unknown.values():
        _tell_unknown(context, sites)


def _tell_unknown(context: Context, sites: list[Site]) -> None:
    names = dict.fromkeys(site.detail for site in sites)
    why = _("names that are only known at run time are looked for in it")
    told = item("model-list", sites[0], why, also=sites[1:], models=_spelled(names))
    for site in sites:
        context.hinder(site.id, told)
