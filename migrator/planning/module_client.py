"""The openai module's own client: its settings point at the provider."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import ImportFacts, Kind, SettingFacts, Site
from migrator.edits import Edit, ItemAssignment, ModuleSettings, ReplaceExpression
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.variables import Variables

# Settings that mean the same to every provider.
_KEPT = frozenset({"other"})


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of `openai.api_key = …` and its like, if the module's calls move."""
    settings = list(context.with_facts(Kind.MODULE_CONFIG, SettingFacts))
    if not context.module_moves:
        for site, facts in settings:
            _stay(context, variables, site, facts)
        return
    has_base_url = any(facts.name == "base_url" for _, facts in settings)
    for site, facts in settings:
        _decide_setting(context, variables, site, facts, has_base_url)
    if not has_base_url and not any(facts.name == "api_key" for _, facts in settings):
        _at_imports(context, variables)


def _stay(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> None:
    if any(call.legacy for _, call in context.calls()):
        why = "it configures calls of openai before 1.0, which stay for now"
        context.hinder(site.id, item("legacy-setting", site, why, name=facts.name))
    elif any(call.module_client for _, call in context.calls()):
        why = "the calls through the openai module stay for now"
        context.hinder(site.id, item("setting-waits", site, why, name=facts.name))
    elif not _points_elsewhere(context, variables):
        why = f"no call through the openai module was found that `{facts.name}` serves"
        context.hinder(site.id, item("name-untraced", site, why, name=f"openai.{facts.name}"))


def _points_elsewhere(context: Context, variables: Variables) -> bool:
    """Whether the module's base URL is set to an address that is not OpenAI's."""
    return any(
        context.base_url in facts.value.spelled
        or variables.base_url_variable in facts.value.spelled
        or surface.is_foreign_url(str(facts.value.value))
        for _, facts in context.with_facts(Kind.MODULE_CONFIG, SettingFacts)
        if facts.name in {"base_url", "api_base"}
    )


def _decide_setting(
    context: Context, variables: Variables, site: Site, facts: SettingFacts, has_base_url: bool
) -> None:
    why = f"requests go to {context.provider.name}"
    known = surface.module_setting(facts.name)
    if facts.name == "api_key":
        literal = isinstance(facts.value.value, str)
        if literal:
            context.replaced.add(facts.value.place)
            details = {"key": variables.key_variable}
            told = "a key in the source is known to everybody who reads it"
            context.note(site.id, item("key-in-source", site, told, (), details))
        if literal or not has_base_url:
            instruction = ModuleSettings(
                _spelled_module(context, facts),
                variables.key_variable if literal else None,
                variables.base_url_variable,
                context.base_url,
            )
            _edit(context, site, "module-settings", instruction, why)
        else:
            context.convert(site.id, "the variable it reads is renamed")
    elif facts.name == "base_url":
        variable, default = variables.base_url_variable, context.base_url
        expression = ReplaceExpression(f'os.getenv("{variable}", "{default}")', ("os",))
        context.replaced.add(facts.value.place)
        span = facts.value.place.span
        context.edit(Edit(site.path, span, "replace-expression", expression, (site.id,), why))
    elif known is not None and known.meaning not in _KEPT:
        own = f"`{facts.name}` is OpenAI's or Azure's own, or of openai before 1.0"
        context.replaced.add(facts.place)
        _edit(context, site, "item-assignment", ItemAssignment(drop=True), own)
        details = {"name": facts.name}
        context.note(site.id, item("client-argument-dropped", site, own, (), details))


def _edit(
    context: Context,
    site: Site,
    codemod: str,
    instruction: ModuleSettings | ItemAssignment,
    why: str,
) -> None:
    context.edit(Edit(site.path, site.span, codemod, instruction, (site.id,), why))


def _spelled_module(context: Context, facts: SettingFacts) -> str:
    source = context.sources.get(facts.place.path)
    written = source.slice(facts.place.span) if source is not None else ""
    return written.split("=")[0].strip().rpartition(".")[0].strip() or "openai"


def _at_imports(context: Context, variables: Variables) -> None:
    """No key is set anywhere: point the module at the provider where it is imported."""
    moved = {
        s.path for s, call in context.calls() if call.module_client and s.id in context.moved_calls
    }
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        bound = [local for path, local in facts.names if path == "openai"]
        if site.path not in moved or not bound:
            continue
        moved.discard(site.path)
        instruction = ModuleSettings(
            bound[0], variables.key_variable, variables.base_url_variable, context.base_url
        )
        why = f"requests go to {context.provider.name}"
        _edit(context, site, "module-settings", instruction, why)
