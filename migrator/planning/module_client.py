"""The openai module's own client: its settings point at the provider."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.branches import UNCLEAR, condition, is_of_its_own
from migrator.analysis.identity import in_tests
from migrator.analysis.sites import ImportFacts, Kind, Place, SettingFacts, Site, Sources, Span
from migrator.edits import Edit, ItemAssignment, ModuleSettings, ReadVariable, ReplaceExpression
from migrator.language import _
from migrator.planning import raw_http, source_keys, syntax
from migrator.planning.context import Context, within
from migrator.planning.legacy.settings import is_handed_in, tell_key
from migrator.planning.messages import item
from migrator.planning.syntax import laid_out_plainly
from migrator.planning.variables import MODULE_ADDRESSES, Variables

# Settings that mean the same to every provider.
_KEPT = frozenset({"other"})
_NOWHERE = Span(0, 0, 0, 0)
_IS_SCRIPT = "__name__ == '__main__'"


def decide(context: Context, variables: Variables) -> None:
    """Plan the edits of `openai.api_key = …` and its like, if the module's calls move."""
    settings = [
        (site, facts)
        for site, facts in context.with_facts(Kind.MODULE_CONFIG, SettingFacts)
        if site.id not in context.ended_settings
    ]
    moving = [(site, facts) for site, facts in settings if site.id in context.moved_settings]
    addresses = [site for site, facts in moving if facts.name in _addresses(context, site.path)]
    keys = {site.path: site.span for site, facts in moving if facts.name == "api_key"}
    sometimes = {
        site.path
        for site in addresses
        if _hangs_on_a_test(context, site, keys.get(site.path, _NOWHERE))
    }
    addressed = [site.path for site in addresses if site.path not in sometimes]
    handed_in = {site.path for site, facts in moving if _is_optional(context, site, facts)}
    at_import = handed_in - {
        site.path
        for site, facts in moving
        if facts.name == "api_key" and not _is_optional(context, site, facts)
    }
    for site, facts in settings:
        if site.id in context.moved_settings:
            has_base_url = site.path in at_import or any(
                _runs_with(context, site.path, path) for path in addressed
            )
            beside = site.path in sometimes
            _decide_setting(context, variables, site, facts, has_base_url, beside)
        elif site.id in context.settings_of_clients:
            context.convert(site.id, _("the client that it is handed to moves"))
        else:
            _stay(context, variables, site, facts)
    if context.module_moves:
        set_up = {*addressed, *(site.path for site, facts in moving if facts.name == "api_key")}
        _at_imports(context, variables, set_up - at_import, sometimes, at_import)


def _hangs_on_a_test(context: Context, site: Site, key: Span) -> bool:
    """Whether an address is set in some cases only in which the key is set, or a call is made."""
    source = context.sources.get(site.path)
    test = condition(source.text, site.span, key) if source is not None else ""
    return test not in {"", UNCLEAR, _IS_SCRIPT}


def _is_optional(context: Context, site: Site, facts: SettingFacts) -> bool:
    """Whether a key is set only where one is handed in: without, the module reads its variable."""
    source = context.sources.get(site.path)
    read = any(site.id in variable.reaches for _, variable in context.variables())
    if facts.name != "api_key" or source is None or read:
        return False
    return is_of_its_own(condition(source.text, site.span, _NOWHERE), facts.value.spelled)


def _stay(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> None:
    if any(call.legacy for _, call in context.calls()):
        why = _("it configures calls of openai before 1.0, which stay for now")
        context.hinder(site.id, item("legacy-setting", site, why, name=facts.name))
    elif any(call.module_client or _is_left(context, one) for one, call in context.calls()):
        why = _("the calls through the openai module stay for now")
        context.hinder(site.id, item("setting-waits", site, why, name=facts.name))
    elif variables.key_variable in facts.value.spelled:
        context.leave(site.id, _("it is the provider's key already"))
    elif not _points_elsewhere(context, variables):
        why = _("no call through the openai module was found that `{name}` serves", name=facts.name)
        context.hinder(site.id, item("name-untraced", site, why, name=f"openai.{facts.name}"))


def _is_left(context: Context, site: Site) -> bool:
    """Whether a call of the module that was upgraded does not move."""
    return site.id in context.upgrade.before and site.id not in context.moved_calls


def _points_elsewhere(context: Context, variables: Variables) -> bool:
    """Whether the module's base URL is set to an address that is not OpenAI's."""
    return any(
        context.base_url in facts.value.spelled
        or variables.address_variable({site.id}) in facts.value.spelled
        or surface.is_foreign_url(str(facts.value.value))
        for site, facts in context.with_facts(Kind.MODULE_CONFIG, SettingFacts)
        if facts.name in MODULE_ADDRESSES
    )


def _decide_setting(
    context: Context,
    variables: Variables,
    site: Site,
    facts: SettingFacts,
    has_base_url: bool,
    beside: bool,
) -> None:
    why = _("requests go to {provider}", provider=context.provider.name)
    known = surface.module_setting(facts.name)
    if facts.name == "api_key":
        tell_key(context, site, facts)
        literal = isinstance(facts.value.value, str)
        apart = _read_apart(context, variables, site, facts)
        if literal:
            context.replaced.add(facts.value.place)
            source_keys.tell(context, site, str(facts.value.value), variables.key_variable)
        if literal or not has_base_url:
            instruction = ModuleSettings(
                _spelled_module(context, facts),
                variables.key_variable if literal else None,
                _variable_for(context, variables, site.path),
                context.base_url,
                _addresses(context, site.path),
                beside,
            )
            _edit(context, site, "module-settings", instruction, why)
        elif not apart:
            context.convert(site.id, _("the variable it reads is renamed"))
    elif facts.name in MODULE_ADDRESSES and _is_kept(context, variables, site, facts):
        context.convert(site.id, why)
    elif facts.name in MODULE_ADDRESSES and is_handed_in(facts):
        _move_default(context, site, facts)
    elif facts.name in MODULE_ADDRESSES:
        variable, default = variables.address_variable({site.id}), context.base_url
        read = f'os.getenv("{variable}", "{default}")'
        if _is_joined(context, site, facts):
            read += '.rstrip("/") + "/"'
        expression = ReplaceExpression(read, ("os",))
        context.replaced.add(facts.value.place)
        span = facts.value.place.span
        context.edit(Edit(site.path, span, "replace-expression", expression, (site.id,), why))
    elif known is not None and known.meaning not in _KEPT:
        own = _("`{name}` is OpenAI's or Azure's own, or of openai before 1.0", name=facts.name)
        context.replaced.add(facts.place)
        _edit(context, site, "item-assignment", ItemAssignment(drop=True), own)
        details = {"name": facts.name}
        context.note(site.id, item("client-argument-dropped", site, own, (), details))
    elif known is not None and (known.until is None or context.keeps(site.path)):
        context.convert(site.id, _("it means the same to every provider"))


def _read_apart(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> bool:
    """Read the provider's variable where a key comes from one that keeps what stays its own."""
    found = False
    for one, variable in context.variables():
        if site.id not in variable.reaches or variables.follows(one.id):
            continue
        source = context.sources.get(one.path)
        span = syntax.read_at(source, variable.name.span) if source is not None else None
        read = Place(one.path, span) if span is not None else None
        if read and variables.needed(variable.variable) and within(read, facts.value.place):
            why = _("requests go to {provider}", provider=context.provider.name)
            own = ReadVariable(variables.key_variable)
            context.edit(Edit(read.path, read.span, "read-variable", own, (site.id,), why))
            context.replaced.add(read)
            found = True
    return found


def _is_kept(context: Context, variables: Variables, site: Site, facts: SettingFacts) -> bool:
    """Whether it is the provider's address by the variable that keeps its name: by an earlier run.

    Nothing but that address tells it from what would be moved.
    """
    spelled = facts.value.spelled
    kept = context.options.keep_env_names and variables.address_variable({site.id}) in spelled
    return kept and context.base_url in spelled


def _variable_for(context: Context, variables: Variables, path: str) -> str:
    """The variable that the address of the calls of a file is read from."""
    calls = (site.id for site, _unused in context.calls() if site.path == path)
    return variables.address_variable(context.upgrade.settings_for(calls))


def _is_joined(context: Context, site: Site, facts: SettingFacts) -> bool:
    """Whether the module's client joins paths to the address as it stands."""
    return facts.name == "base_url" or "base_url" in _addresses(context, site.path)


def _move_default(context: Context, site: Site, facts: SettingFacts) -> None:
    """What is handed in goes on winning; OpenAI's address where nothing is becomes another."""
    sources = facts.value.sources or Sources()
    slash = "/" if _is_joined(context, site, facts) else ""
    for literal in sources.addresses:
        context.addresses.add(Place(literal.path, literal.span))
        raw_http.replace_address(context, site, literal, context.base_url + slash)
    if sources.empty or not sources.addresses:
        behind = ReadVariable(None, context.base_url + slash, behind=True)
        why = _("requests go to {provider}", provider=context.provider.name)
        span = facts.value.place.span
        context.edit(Edit(site.path, span, "read-variable", behind, (site.id,), why))


def _edit(
    context: Context,
    site: Site,
    codemod: str,
    instruction: ModuleSettings | ItemAssignment,
    why: str,
) -> None:
    context.edit(Edit(site.path, site.span, codemod, instruction, (site.id,), why))


def _addresses(context: Context, path: str) -> tuple[str, ...]:
    """What the module's setting of the address is called in a file's releases of openai."""
    if not (context.keeps(path) and context.upgrade.kept):
        return ("base_url",)
    modern = any(
        call.module_client and site.path == path and site.id not in context.upgrade.kept
        for site, call in context.calls()
        if site.id in context.moved_calls
    )
    return ("api_base", "base_url") if modern else ("api_base",)


def _spelled_module(context: Context, facts: SettingFacts) -> str:
    source = context.sources.get(facts.place.path)
    written = source.slice(facts.place.span) if source is not None else ""
    return laid_out_plainly(written.split("=")[0]).rpartition(".")[0] or "openai"


def _together(context: Context, path: str, other: str) -> bool:
    """Whether what two files set on the module may be set for the same calls."""
    files = context.upgrade.files
    return files is None or files.related(path, other)


def _runs_with(context: Context, path: str, other: str) -> bool:
    """Whether a file that sets a key goes by the address that another one sets.

    A script says nothing of those beside and below it that nothing leads to: without an address of
    its own such a one would send the provider's key to OpenAI.
    """
    files = context.upgrade.files
    return files is None or path == other or files.linked(path, other)


def _serves(context: Context, path: str, other: str) -> bool:
    """Whether what another file sets on the module is set for the calls of a file in any case."""
    files = context.upgrade.files
    chosen = files is not None and files.chooses_by_release(other)
    for_itself = in_tests(other) and not in_tests(path)
    return path == other or (_together(context, path, other) and not chosen and not for_itself)


def _at_imports(
    context: Context,
    variables: Variables,
    set_up: set[str],
    sometimes: set[str],
    optional: set[str],
) -> None:
    """Where no key is set for a call: point the module at the provider where it is imported."""
    moved = {
        s.path
        for s, call in context.calls()
        if call.module_client
        and s.id in context.moved_calls
        and not any(_serves(context, s.path, path) for path in set_up)
    }
    for site, facts in context.with_facts(Kind.IMPORT, ImportFacts):
        bound = [local for path, local in facts.names if path == "openai"]
        if site.path not in moved or not bound:
            continue
        moved.discard(site.path)
        instruction = ModuleSettings(
            bound[0],
            variables.key_variable,
            _variable_for(context, variables, site.path),
            context.base_url,
            _addresses(context, site.path),
            site.path in sometimes,
            site.path in optional,
        )
        why = _("requests go to {provider}", provider=context.provider.name)
        _edit(context, site, "module-settings", instruction, why)
