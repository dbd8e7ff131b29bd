"""Exceptions and modules of openai before 1.0, by the names they have now."""

from __future__ import annotations

import ast
from collections import defaultdict

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, ImportFacts, Kind, NameFacts, Site, Span
from migrator.edits import Edit, ErrorClasses, ImportedNames, Rename, ReplaceExpression
from migrator.language import _, listed, marked
from migrator.planning import syntax
from migrator.planning.context import Context
from migrator.planning.legacy import calls, errors, knowledge, types
from migrator.planning.legacy.parts import Parts
from migrator.planning.messages import item
from migrator.planning.variables import Variables

_PACKAGE = "openai"
_MOCK = "unittest.mock.Mock"
_WHY = marked("openai 1.0 and later have it under another name")
_WAITS = marked("it goes with the calls of openai before 1.0, which stay for now")


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of exceptions, and of the imports whose names all have a place."""
    caught: defaultdict[str, list[tuple[Site, str]]] = defaultdict(list)
    parts = Parts(context)
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        if parts.follows(site.path):
            _import(context, site, facts)
            _utilities(context, variables, site, facts)
            types.decide(context, site, facts)
        elif parts.waits(site.path) and _is_of_errors(facts):
            context.leave(site.id, _(_WAITS))
    for one in context.upgrade.counting:
        _counting(context, context.by_id[one])
    for site, named in context.with_facts(Kind.EXCEPTION, NameFacts):
        now = surface.exception_now(named.name)
        if now and (parts.waits(site.path) or parts.guards_what_stays(site)):
            context.leave(site.id, _(_WAITS))
        elif now and parts.follows(site.path):
            _exception(context, site, now, knowledge.parted(named.name))
            caught[site.path].append((site, now))
    errors.decide(context, caught)


def _import(context: Context, site: Site, facts: ImportFacts) -> None:
    path, span = facts.statement.path, facts.statement.span
    becomes = {old: _new_name(old) for old, _ in facts.names}
    if facts.module == _PACKAGE or not any(becomes.values()):
        return
    names = tuple(
        (old.rpartition(".")[2], new.rpartition(".")[2]) for old, new in becomes.items() if new
    )
    instruction = ImportedNames(_PACKAGE, names)
    context.edit(Edit(path, span, "imported-names", instruction, (site.id,), _(_WHY)))


def _is_of_errors(facts: ImportFacts) -> bool:
    """Whether an import is of exceptions of 0.x alone, or of their module."""
    paths = [path for path, _unused in facts.names]
    return bool(paths) and all(_new_name(path) for path in paths)


def _utilities(context: Context, variables: Variables, site: Site, facts: ImportFacts) -> None:
    """The functions of `embeddings_utils` that a file imports are written into it."""
    if not facts.names or not all(knowledge.is_written(path) for path, _ in facts.names):
        return
    waiting = [
        one
        for one, call in context.calls()
        if one.path == site.path and call.legacy and knowledge.is_utility(call.api)
    ]
    instruction = None if waiting else calls.utilities(context, variables, site.path)
    if instruction is not None:
        path, span = facts.statement.path, facts.statement.span
        why = _("openai 1.0 and later have no embeddings_utils")
        called = [
            one.id
            for one, call in context.with_facts(Kind.CALL, CallFacts)
            if one.path == site.path and _is_utility(context, one, call)
        ]
        edit = Edit(path, span, "embeddings-utilities", instruction, (site.id, *called), why)
        context.edit(edit)


def _is_utility(context: Context, site: Site, facts: CallFacts) -> bool:
    """Whether a call is one of a function of `embeddings_utils`, by its name alone."""
    before = context.upgrade.before.get(site.id, facts)
    files = context.upgrade.files
    return (
        knowledge.is_utility(before.api)
        and files is not None
        and "." not in files.slice(before.callee)
    )


def _counting(context: Context, site: Site) -> None:
    """A call of a function that sends no request and is not written into its file."""
    if context.keeps(site.path):
        context.leave(site.id, _("the program stays on openai before 1.0"))
    elif not context.edits.get(site.id):
        why = _("openai 1.0 and later have no embeddings_utils")
        context.hinder(site.id, item("legacy-name", site, why, name=site.detail))


def _new_name(old: str) -> str:
    if old == "openai.error":
        return _PACKAGE
    return surface.exception_now(old) or ""


def _exception(context: Context, site: Site, now: str, others: tuple[str, ...]) -> None:
    """The exception by its name of now, and `others` that are raised for it beside where caught."""
    if now in knowledge.wider():
        why = _("in 0.28 the errors stood beside one another, since 1.0 this one is above others")
        context.note(site.id, item("exception-wider", site, why, name=now))
    made = _construction(context, site)
    if made is not None and _made(context, site, now, made):
        return
    written = site.code.strip()
    new = now.rpartition(".")[2]
    asked = syntax.classes_asked_for(context.sources[site.path], site.span)
    alone = "." in written and asked == site.span
    if others and made is None and not alone:
        _beside(context, site, now, others, asked)
    if "." in written:
        classes = (now, *others) if alone else (now,)
        source = f"({', '.join(classes)})" if len(classes) > 1 else now
        instruction = ReplaceExpression(source, classes)
        edit = Edit(site.path, site.span, "replace-expression", instruction, (site.id,), _(_WHY))
        context.edit(edit)
        return
    bound = _imported(context, site.path, written)
    if bound and bound.rpartition(".")[2] == written and new != written:
        rename = Rename(new)
        context.edit(Edit(site.path, site.span, "rename", rename, (site.id,), _(_WHY)))
    else:
        context.convert(site.id, _("the name that it is imported by stays"))


def _beside(
    context: Context, site: Site, now: str, others: tuple[str, ...], asked: Span | None
) -> None:
    """Name the other exceptions too that are raised since 1.0 for what one was raised for."""
    told = listed(f"`{one}`" for one in others)
    why = _("openai before 1.0 raised it for what {others} is raised for now", others=told)
    if asked is not None:
        classes = ErrorClasses(((0, others),), beside=True)
        context.edit(Edit(site.path, asked, "error-classes", classes, (site.id,), why))
    elif not site.in_tests:
        details = {"name": now, "others": told}
        context.note(site.id, item("exception-narrower", site, why, (), details))


def _construction(context: Context, site: Site) -> ast.Call | None:
    """The call that makes an exception, where the name stands in one."""
    files, source = context.upgrade.files, context.sources.get(site.path)
    tree = files.tree(site.path) if files is not None else None
    if tree is None or source is None:
        return None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    here = (one for one in calls if one.func.lineno == site.span.line)
    return next((one for one in here if source.span_of(one.func) == site.span), None)


def _made(context: Context, site: Site, now: str, call: ast.Call) -> bool:
    """`RateLimitError("slow")`: an error of 1.0 and later is made with what was answered.

    Whether the call is written anew.
    """
    named = {one.arg: one.value for one in call.keywords}
    message = next(iter(call.args), named.get("message", ast.Constant("")))
    arguments = knowledge.made_error(now, ast.unparse(message), "Mock()")
    source = context.sources[site.path]
    if site.in_tests and not isinstance(message, ast.Starred):
        imports = (now, _MOCK) if "Mock()" in arguments else (now,)
        instruction = ReplaceExpression(f"{now}({arguments})", imports)
        span = source.span_of(call)
        context.edit(Edit(site.path, span, "replace-expression", instruction, (site.id,), _(_WHY)))
        return True
    why = _("errors of openai 1.0 and later are made with the request or the response")
    details = {"name": site.code.strip(), "made": f"{now}({arguments})"}
    context.hinder(site.id, item("error-made", site, why, (), details))
    return False


def _imported(context: Context, path: str, local: str) -> str:
    """The path that a local name is imported from; empty where it is not imported in the file."""
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        if site.path == path:
            for old, name in facts.names:
                if name == local:
                    return old
    return ""
