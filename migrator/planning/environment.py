"""Environment groups: the readers and writers of a variable move together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from migrator.analysis.sites import (
    ClientFacts,
    DocumentFacts,
    Kind,
    Place,
    Site,
    VariableFacts,
)
from migrator.edits import Edit, Rename, ReplaceString, Splice
from migrator.planning.context import Context, within
from migrator.planning.messages import item

_KEY = frozenset({"api_key"})
_ADDRESS = frozenset({"base_url"})
# Variables that the openai SDK reads by itself when a client is given no key or base URL.
_IMPLICIT = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
_NOTE = "# a key of {provider}; the old value was not copied"


@dataclass
class _Group:
    """All sites of one variable."""

    name: str
    meaning: str
    code: list[tuple[Site, VariableFacts]] = field(default_factory=list)
    documents: list[tuple[Site, DocumentFacts]] = field(default_factory=list)


def decide(context: Context) -> None:
    """Plan the renaming of every variable whose readers move."""
    if not context.moved_clients and not _module_moves(context):
        return
    for group in _groups(context):
        if group.meaning in _KEY | _ADDRESS:
            _decide_group(context, group)
        else:
            _decide_leftover(context, group)


def _groups(context: Context) -> list[_Group]:
    found: dict[str, _Group] = {}
    for site in context.of_kind(Kind.ENV_KEY):
        match site.facts:
            case VariableFacts(variable=str(name), meaning=meaning) as facts if name:
                group = found.setdefault(name.upper(), _Group(name.upper(), meaning))
                if group.meaning == "other":
                    group.meaning = meaning
                group.code.append((site, facts))
            case DocumentFacts(format="env", name=name) as document:
                meaning = dict(document.extra).get("meaning", document.role)
                meaning = {"key": "api_key"}.get(meaning, meaning)
                group = found.setdefault(name.upper(), _Group(name.upper(), meaning))
                group.documents.append((site, document))
    return list(found.values())


def _module_moves(context: Context) -> bool:
    return any(
        facts.module_client for site, facts in context.calls() if site.id in context.moved_calls
    )


# -- who needs the old variable ---------------------------------------------------------------


def _moved(context: Context, reached: str) -> bool:
    site = context.by_id.get(reached)
    if site is None:
        return False
    if site.kind is Kind.MODULE_CONFIG:
        return _module_moves(context)
    return reached in context.moved_clients


def _needed(context: Context, group: _Group) -> bool:
    """Whether something that stays on OpenAI reads the old variable, by name or by itself."""
    for _, facts in group.code:
        if any(not _moved(context, reached) for reached in facts.reaches):
            return True
    if group.name != _IMPLICIT.get(group.meaning):
        return False
    for site, client in context.clients():
        if site.id not in context.moved_clients and _reads_implicitly(client, group.meaning):
            return True
    for _, call in context.calls():
        if call.legacy or call.framework:
            return True
    return any(True for _ in context.of_kind(Kind.RAW_HTTP))


def _reads_implicitly(client: ClientFacts, meaning: str) -> bool:
    return all(argument.name != meaning for argument in client.arguments)


def _used_by_moved(context: Context, group: _Group) -> bool:
    for _, facts in group.code:
        if any(_moved(context, reached) for reached in facts.reaches):
            return True
    if group.name != _IMPLICIT.get(group.meaning):
        return False
    return bool(context.moved_clients) or _module_moves(context)


# -- deciding ---------------------------------------------------------------------------------


def new_name(context: Context, name: str, meaning: str) -> str:
    """What a variable is called after the move; a user's own qualifiers stay in its name."""
    provider = context.provider
    if context.options.keep_env_names:
        return name
    plain = name.replace("AZURE_OPENAI", "OPENAI")
    if meaning in _KEY and plain in {
        "OPENAI_API_KEY",
        "OPENAI_KEY",
        "OPENAI_APIKEY",
        "OPENAI_TOKEN",
    }:
        return provider.key_variable
    bases = {
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OPENAI_URL",
        "OPENAI_ENDPOINT",
        "OPENAI_API_URL",
    }
    if meaning in _ADDRESS and plain in bases | {"OPENAI_RESOURCE"}:
        return provider.base_url_variable
    for word in ("AZURE_OPENAI", "AZUREOPENAI", "OPENAI", "OAI"):
        if word in name:
            return name.replace(word, provider.variable_prefix, 1)
    return name


def _decide_group(context: Context, group: _Group) -> None:
    new = new_name(context, group.name, group.meaning)
    if not _used_by_moved(context, group):
        return
    kept = _needed(context, group)
    if group.meaning in _ADDRESS:
        _defaults(context, group)
    if new == group.name:
        _kept_name(context, group, "the variable's name was kept as asked")
        return
    if any(facts.field and not _renamable(facts, group) for _, facts in group.code):
        _kept_name(context, group, "a settings field cannot be given the new name by itself")
        return
    for site, facts in group.code:
        if not kept or (facts.reaches and all(_moved(context, one) for one in facts.reaches)):
            _rename_in_code(context, site, facts, group.name, new)
    for site, document in group.documents:
        _rename_in_document(context, site, document, group, new, beside=kept)


def _rename_in_code(context: Context, site: Site, facts: VariableFacts, old: str, new: str) -> None:
    place = Place(facts.name.path, facts.name.span)
    if any(within(place, gone) for gone in context.replaced):
        # The expression that read it is gone; what stands there now reads the new one.
        for edit in [
            one for held in context.edits.values() for one in held if within(place, one.place)
        ]:
            context.edits[site.id].append(edit)
            break
        return
    why = f"{old} -> {new}"
    if facts.field:
        spelled = _as_spelled(facts.name.value, old, new)
        for use in (facts.name, *facts.uses):
            context.edit(Edit(use.path, use.span, "rename", Rename(spelled), (site.id,), why))
    elif facts.access == "attribute":
        pass  # renamed with the field that it reads
    else:
        spelled = _as_spelled(facts.name.value, old, new)
        instruction = ReplaceString(spelled)
        context.edit(Edit(place.path, place.span, "environment-key", instruction, (site.id,), why))


def _as_spelled(written: str, old: str, new: str) -> str:
    """The new name in the case of the old one."""
    return new.lower() if written.islower() else new


def _defaults(context: Context, group: _Group) -> None:
    """The literal fall-back of a base URL becomes the provider's."""
    for site, facts in group.code:
        if facts.default is None or not facts.default.value.startswith("http"):
            continue
        place = Place(facts.default.path, facts.default.span)
        reached = [one for one in facts.reaches if _moved(context, one)]
        if not reached or any(within(place, gone) for gone in context.replaced):
            continue
        why = f"the default address is {context.provider.name}'s"
        instruction = ReplaceString(context.base_url)
        edit = Edit(place.path, place.span, "base-url", instruction, (site.id, *reached), why)
        context.edit(edit)


def _renamable(facts: VariableFacts, group: _Group) -> bool:
    """Whether a field alone decides the variable's name, and all its uses are known."""
    return facts.renamable and facts.name.value.upper() == group.name


def _kept_name(context: Context, group: _Group, why: str) -> None:
    for site in [one for one, _ in group.code] + [one for one, _ in group.documents]:
        context.hindrances[site.id] = [
            item("variable-kept", site, why, name=group.name, provider=context.provider.name)
        ]


def _rename_in_document(
    context: Context, site: Site, document: DocumentFacts, group: _Group, new: str, *, beside: bool
) -> None:
    source = context.sources.get(site.path)
    if source is None or document.name_span is None:
        return
    line = source.line(site.span.line)
    if new in source.text and any(
        one.split("=")[0].strip().removeprefix("export ").strip() == new
        for one in source.text.splitlines()
    ):
        return
    end = source.newline
    value = context.base_url if group.meaning in _ADDRESS else ""
    note = "" if group.meaning in _ADDRESS else _NOTE.format(provider=context.provider.name) + end
    written = _with_name(line, group.name, new, value)
    text = f"{line}{end}{note}{written}" if beside else f"{note}{written}"
    start, stop = source.offset(site.span.line, 0), source.offset(site.span.line, len(line))
    why = f"{group.name} -> {new}"
    edit = Edit(
        site.path, source.span(start, stop), "environment-file", Splice(text), (site.id,), why
    )
    context.edit(edit)
    details = {"name": group.name, "new": new}
    context.note(
        site.id, item("variable-renamed", site, "the old value is of no use here", (), details)
    )


def _with_name(line: str, old: str, new: str, value: str) -> str:
    """The line of a .env file for the new variable: its `export`, its spacing, a new value."""
    before, equals, rest = line.partition("=")
    quote = rest.strip()[:1] if rest.strip()[:1] in {'"', "'"} else ""
    space = rest[: len(rest) - len(rest.lstrip())]
    name = before.replace(old, new) if old in before else before.upper().replace(old, new)
    return f"{name}{equals or '='}{space}{quote}{value}{quote}"


def _decide_leftover(context: Context, group: _Group) -> None:
    """Organisation, version and type variables: gone with the argument that read them, or told."""
    for site, facts in group.code:
        place = Place(facts.name.path, facts.name.span)
        covering = _covering_edit(context, place)
        if covering is not None and any(within(place, gone) for gone in context.replaced):
            context.edits[site.id].append(covering)
    readers: defaultdict[bool, list[str]] = defaultdict(list)
    for _, facts in group.code:
        for reached in facts.reaches:
            readers[_moved(context, reached)].append(reached)
    if readers[False] or not readers[True]:
        return
    for site, _ in group.documents:
        why = "what read it has moved and does not know it"
        context.hindrances[site.id] = [item("variable-unused", site, why, name=group.name)]


def _covering_edit(context: Context, place: Place) -> Edit | None:
    for held in context.edits.values():
        for edit in held:
            if within(place, edit.place):
                return edit
    return None
