"""Environment groups: the readers and writers of a variable move together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.analysis import surface
from migrator.analysis.extract.variables import KEY_SHAPE
from migrator.analysis.sites import Certainty, Kind, Place, Site, VariableFacts
from migrator.documentation.comments import told
from migrator.edits import Edit, Rename, ReplaceString
from migrator.language import _, few
from migrator.planning import dotenv, source_keys
from migrator.planning.context import Context, within
from migrator.planning.messages import item
from migrator.planning.variables import BASE_URL, ITEM, KEY, MOVING, Group, Variables
from migrator.source import PYTHON, SourceText

# Edits that take the reading of a variable away, or put another in its place.
_CARRIERS = frozenset(
    {
        "client-construction",
        "framework-construction",
        "framework-model",
        "read-variable",
        "module-settings",
        "new-client",
        "argument-names",
        "item-assignment",
        "replace-expression",
        "base-url",
        "request-key",
    }
)
_MANY = 8
_SECRET = "sk-"


def decide(context: Context, variables: Variables) -> None:
    """Plan the renaming of every variable whose readers move, and explain the others."""
    for group in variables.groups.values():
        for site, facts in group.code:
            _decide_code(context, variables, group, site, facts)
        dotenv.decide(context, variables, group)
        _tell_renamed(context, variables, group)
    for site, facts in context.variables():
        if not facts.variable:
            _decide_address(context, site, facts)


def _decide_code(
    context: Context, variables: Variables, group: Group, site: Site, facts: VariableFacts
) -> None:
    place = Place(facts.name.path, facts.name.span)
    new = variables.new_name(group.name)
    if any(within(place, gone) for gone in context.replaced):
        _carry(context, site, place)
    elif _is_untraced(site, facts) and not variables.follows(site.id):
        why = _("it could not be traced that the variable is read here")
        context.hinder(site.id, item("name-untraced", site, why, name=group.name))
    elif facts.access == "attribute":
        _follow_field(context, variables, group, site)
    elif facts.access == "settings_prefix":
        why = _("the names of settings fields are put behind it")
        context.hinder(site.id, item("variable-prefix", site, why, name=group.name))
    elif variables.is_moved_already(facts):
        context.leave(site.id, _("it is the provider's already, under the name that it keeps"))
    elif not variables.used(group.name):
        _wait(context, site, group)
    elif (
        group.meaning not in MOVING
        or _is_detached(context, site, facts)
        or variables.is_divided(facts)
    ):
        why = _("what moves does not read it any more")
        context.hinder(site.id, item("variable-unused", site, why, name=group.name))
    elif variables.follows(site.id) and new != group.name:
        _rename(context, site, facts, group.name, new)
        _default(context, variables, site, facts, group)
    elif variables.follows(site.id) or not variables.needed(group.name):
        _keep(context, variables, site, group)
        _default(context, variables, site, facts, group)
    else:
        new = new if variables.renamable(group.name) else variables.own_name(group.meaning)
        why = (
            _("another provider's client needs it; what moves reads `{new}`", new=new)
            if facts.foreign
            else _("what stays on OpenAI needs it; what moves reads `{new}`", new=new)
        )
        context.hinder(site.id, item("variable-shared", site, why, name=group.name, new=new))


def _is_untraced(site: Site, facts: VariableFacts) -> bool:
    """Whether it is not known that a variable is read, or not what becomes of its value."""
    return site.certainty is Certainty.LIKELY or facts.access == ITEM or facts.attribute


def _is_detached(context: Context, site: Site, facts: VariableFacts) -> bool:
    """Whether what a read reached has other values now, all of it."""
    reached = set(facts.reaches)
    return bool(reached) and reached <= context.detached.get(site.id, set())


def _carry(context: Context, site: Site, place: Place) -> None:
    """The expression that read the variable is gone: its edit is this site's too."""
    covering = [
        edit
        for edits in [*context.edits.values()]
        for edit in edits
        if edit.codemod in _CARRIERS and within(place, edit.place)
    ]
    if covering:
        context.share(min(covering, key=lambda edit: _size(edit.place)), site.id)
    else:
        context.convert(site.id, _("the expression that it stands in is replaced"))


def _size(place: Place) -> tuple[int, int]:
    span = place.span
    return span.end_line - span.line, span.end_column - span.column


def _wait(context: Context, site: Site, group: Group) -> None:
    why = _("nothing that moves reads it")
    context.hinder(site.id, item("variable-waits", site, why, name=group.name))


def _keep(context: Context, variables: Variables, site: Site, group: Group) -> None:
    first = group.code[0][0].id
    if surface.variable(group.name) is None and (group.documents or site.id != first):
        context.leave(site.id, _("its name is kept, and it is told where it is set or read first"))
        return
    asked = variables.new_name(group.name) == group.name
    why = (
        _("its name is kept, and what reads it now speaks to the provider")
        if asked
        else _(
            "a settings field or another variable of the new name stands in the way of renaming it"
        )
    )
    details = {
        "name": group.name,
        "provider": context.provider.name,
        "value": variables.meant(group.meaning),
    }
    context.hinder(site.id, item("variable-kept", site, why, (), details))


# -- renaming -------------------------------------------------------------------------------------


def _rename(context: Context, site: Site, facts: VariableFacts, old: str, new: str) -> None:
    spelled = new.lower() if facts.name.value.islower() else new
    why = f"{old} -> {new}"
    if not facts.field:
        place = facts.name
        written = Rename(spelled) if facts.attribute else ReplaceString(spelled)
        edit = Edit(place.path, place.span, "environment-key", written, (site.id,), why)
        context.edit(edit)
        return
    for use in (facts.name, *facts.uses):
        context.edit(Edit(use.path, use.span, "rename", Rename(spelled), (site.id,), why))


def _follow_field(context: Context, variables: Variables, group: Group, site: Site) -> None:
    """A read of a settings field: renamed with the field."""
    place = Place(site.path, site.span)
    renames = [
        edit
        for edits in [*context.edits.values()]
        for edit in edits
        if edit.codemod == "rename" and (within(edit.place, place) or within(place, edit.place))
    ]
    fields = [one for one, facts in group.code if facts.field]
    if renames:
        context.share(renames[0], site.id)
    elif any(variables.follows(one.id) for one in fields):
        context.convert(site.id, _("it is renamed with its field"))
    else:
        context.leave(site.id, _("it reads a field whose name stays"))


def _default(
    context: Context, variables: Variables, site: Site, facts: VariableFacts, group: Group
) -> None:
    """The literal fall-back of a base URL becomes the provider's, and that of a key goes."""
    literal = facts.default
    if literal is None or any(
        within(Place(literal.path, literal.span), gone) for gone in context.replaced
    ):
        return
    if group.meaning == KEY and literal.value.startswith(_SECRET) and not site.in_tests:
        why = _(source_keys.KNOWN)
        context.note(site.id, item("key-in-source", site, why, key=variables.key_variable))
        empty = ReplaceString("")
        context.edit(Edit(literal.path, literal.span, "environment-key", empty, (site.id,), why))
    if group.meaning == BASE_URL:
        place = Place(literal.path, literal.span)
        for edits in [*context.edits.values()]:
            for edit in edits:
                if edit.codemod == "base-url" and edit.place == place:
                    context.share(edit, site.id)


def _tell_renamed(context: Context, variables: Variables, group: Group) -> None:
    """Once per variable, at its first place: what has to be set outside the code."""
    new = variables.new_name(group.name)
    sites = [site for site, _ in group.documents] + [site for site, _ in group.code]
    moved = [site for site in sites if context.edits.get(site.id)]
    told = group.name in context.read_elsewhere  # by those who had the name before
    if told or not moved or group.meaning not in MOVING or not variables.used(group.name):
        return
    if new != group.name and variables.renamable(group.name):
        why = _("what moved reads it under the new name; the old value is of no use there")
        details = {"name": group.name, "new": new, "mentions": _mentions(context, group.name)}
        context.note(moved[0].id, item("variable-renamed", moved[0], why, (), details))


def _mentions(context: Context, name: str) -> str:
    """Where the code goes on saying a name, in messages, in words.

    What comments and docstrings say is told apart (see documentation.py).
    """
    said = re.compile(rf"\b{re.escape(name)}\b")
    elsewhere = context.elsewhere.values()
    decided = {
        (site.path, site.span.line)
        for site in (*context.of_kind(Kind.ENV_KEY), *elsewhere)
        if site.kind is Kind.ENV_KEY
    }
    places = [
        f"{path}:{number}"
        for path, source in sorted(context.sources.items())
        if path.endswith(PYTHON) and name in source.text and said.search(source.text)
        for number in _lines_naming(source, said)
        if (path, number) not in decided
    ]
    if not places:
        return ""
    return _(" (the code still names it at {places})", places=few(places, _MANY))


def _lines_naming(source: SourceText, said: re.Pattern[str]) -> Iterator[int]:
    """The lines of a file that say a name outside of comments and docstrings."""
    shown = told(source)
    beside = [*shown.comments, *shown.docstrings]
    for number, line in enumerate(source.text.splitlines(), 1):
        if said.search(line) and not any(one.line <= number <= one.end_line for one in beside):
            yield number


# -- Azure's addresses ----------------------------------------------------------------------------


def _decide_address(context: Context, site: Site, facts: VariableFacts) -> None:
    """The literal address of an Azure endpoint: gone with its client, or untraced."""
    if facts.meaning == KEY_SHAPE:
        _key_shape(context, site)
        return
    place = Place(facts.name.path, facts.name.span)
    if place in context.addresses or any(within(place, gone) for gone in context.replaced):
        _carry(context, site, place)
    else:
        why = _("the address is Azure's")
        context.hinder(site.id, item("name-untraced", site, why, name=_("an Azure endpoint")))


def _key_shape(context: Context, site: Site) -> None:
    """A test of what a key looks like, which the provider's keys may not pass."""
    key = context.provider.key
    if not (context.moved_clients or context.moved_calls):
        context.leave(site.id, _("nothing that uses a key moves"))
        return
    details = {"provider": context.provider.name, "format": context.provider.key_format}
    context.hinder(site.id, item("key-shape", site, key.detail, key.sources, details))
