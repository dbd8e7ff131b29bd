"""What has to be installed: the SDK beside the openai package, or in its place."""

from __future__ import annotations

from dataclasses import replace

from migrator.analysis.sites import DocumentFacts, ImportFacts, Kind, NameFacts, Site, Span
from migrator.edits import Edit, ImportedNames, Instruction, ReplaceString, Splice
from migrator.planning.context import Context
from migrator.planning.legacy.release import covers, folder
from migrator.planning.legacy.requirement import requirement
from migrator.planning.messages import item
from migrator.planning.sdk import exceptions, names
from migrator.sdks import OwnSdk
from migrator.source import SourceText

_OPENAI = "openai"
_CODEMOD = "sdk-requirement"
_SHELLS = frozenset({"docker", "shell"})
_QUOTES = ("'", '"')


def decide(context: Context) -> None:
    """Plan the requirements of the files whose programs go by the SDK."""
    sdk = context.sdk
    if sdk is None or not context.sdk_clients:
        return
    needed = is_needed(context)
    for site in context.of_kind(Kind.DEP):
        where = folder(site.path)
        concerned = any(covers(where, context.by_id[one].path) for one in context.sdk_clients)
        if requirement(site)[0] != _OPENAI or not concerned:
            continue
        edit = None if context.edits.get(site.id) else _edit(context, sdk, site, needed=needed)
        if needed and edit is not None and _is_there(context, sdk, site):
            context.leave(site.id, f"{sdk.packages[0]} stands in the file already")
        elif edit is not None:
            context.edit(edit)
        else:
            told = {
                "requirement": sdk.requirement,
                "how": "beside" if needed else "in the place of",
            }
            why = "it is asked for in a way that nothing could be put beside"
            context.hinder(site.id, item("sdk-requirement", site, why, sdk.sources, told))


def is_needed(context: Context) -> bool:
    """Whether anything is left that imports the openai package."""
    if exceptions.others(context):
        return True
    named = (Kind.EXCEPTION, Kind.TYPE_REF)
    if any(not context.edits.get(one.id) for kind in named for one in context.of_kind(kind)):
        return True
    return any(
        facts.module.partition(".")[0] == _OPENAI and not _is_ended(context, site, facts)
        for site, facts in context.with_facts(Kind.IMPORT, ImportFacts)
    )


def _is_ended(context: Context, site: Site, facts: ImportFacts) -> bool:
    """Whether nothing is left of an import: what it binds is not read, or comes from the SDK."""
    edits = (edit.instruction for edit in context.edits.get(site.id, ()))
    moved = {old for one in edits if isinstance(one, ImportedNames) for old, _ in one.names}
    left = tuple(one for one in facts.names if one[0].rpartition(".")[2] not in moved)
    return not left or names.is_ended(context, site, replace(facts, names=left))


def _edit(context: Context, sdk: OwnSdk, site: Site, *, needed: bool) -> Edit | None:
    why = f"the code imports {sdk.packages[0]}"
    source = context.sources.get(site.path)
    match site.facts:
        case NameFacts() if site.code.rstrip().endswith(_QUOTES) and not needed:
            instruction: Instruction = ReplaceString(sdk.requirement)
            return Edit(site.path, site.span, _CODEMOD, instruction, (site.id,), why)
        case DocumentFacts(value_span=span) as facts if span is not None and source is not None:
            if not needed and _is_there(context, sdk, site) and _is_alone(source, facts):
                whole = Span(span.line, 0, span.line + 1, 0)
                return Edit(site.path, whole, _CODEMOD, Splice(""), (site.id,), why)
            text = _text(source, facts, sdk.requirement, needed=needed)
            if text is not None:
                return Edit(site.path, span, _CODEMOD, Splice(text), (site.id,), why)
    return None


def _is_there(context: Context, sdk: OwnSdk, site: Site) -> bool:
    """Whether a file asks for the SDK already, as an earlier run wrote it."""
    source = context.sources.get(site.path)
    return source is not None and sdk.requirement in source.text


def _is_alone(source: SourceText, facts: DocumentFacts) -> bool:
    """Whether a requirement has a line of its own, and another line follows."""
    span = facts.value_span
    assert span is not None
    line = source.line(span.line)
    beside = line[: span.column] + line[span.end_column :]
    return not beside.strip(" \t\r\n-,\"'") and span.line < len(source.starts)


def _text(source: SourceText, facts: DocumentFacts, new: str, *, needed: bool) -> str | None:
    """What stands in the place of a requirement; None where its form is not known."""
    span = facts.value_span
    assert span is not None
    line, old = source.line(span.line), source.slice(span)
    before, after = line[: span.column], line[span.end_column :].rstrip("\r\n")
    quote = before[-1:] if before[-1:] in _QUOTES else ""
    if facts.format in _SHELLS:
        new = new if quote else f'"{new}"'
        return f"{old}{quote} {quote}{new}" if needed else new
    if "=" in before or before.strip(" \t-[," + "".join(_QUOTES)):
        return None  # a table of packages, not a list
    if not needed:
        return new
    alone = not before.strip(" \t-" + "".join(_QUOTES)) and not after.strip(" \t," + quote)
    lead = before.removesuffix(quote) if quote else before
    comma = "," if quote and facts.format != "yaml" else ""
    joint = f"{source.newline}{lead}" if alone else " "
    return f"{old}{quote}{comma}{joint}{quote}{new}"
