"""Variables that files set to the name of a model: replaced where all that reads them moves."""

from __future__ import annotations

import re
from collections import defaultdict

from migrator.analysis.sites import DocumentFacts, ModelFacts, Site
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, ReplaceString, Splice
from migrator.language import _, listed
from migrator.planning import frameworks, models
from migrator.planning.context import Context, variable_set
from migrator.planning.messages import item
from migrator.providers import ModelChoice
from migrator.source import PYTHON

_ENV = "env"
_SHOWN = 6


class ModelSettings:
    """The models that stand in files, if by no value that the program was seen to load."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._untied: defaultdict[str, list[tuple[Site, DocumentFacts, ModelChoice]]]
        self._untied = defaultdict(list)

    def decide(self, site: Site, facts: DocumentFacts) -> None:
        """Plan one of them; those that nothing was seen to read are told together."""
        context = self._context
        variable = variable_set(facts)
        readers = context.model_readers.get(variable, ())
        model, prefixed = models.set_model(site)
        choice = context.choices.get(site.id) or models.choose(context, model)
        form = self._form(variable, [call.id for call, _ in readers], prefixed=prefixed)
        stays = [call.id for call, _ in readers if call.id not in context.moved_calls]
        in_env = facts.format == _ENV
        if choice.model is not None and (extra := _framework(facts)):
            _tell_framework(context, site, facts, choice, extra)
        elif in_env and choice.model is not None and not _moves(context):
            why = _("nothing that reads it moves")
            context.hinder(site.id, item("variable-waits", site, why, name=facts.name))
        elif stays:
            why = _("it reaches what stays: {places}", places=context.places(stays))
            told = {"model": facts.value, "new": choice.model or _("a model of the provider")}
            context.hinder(site.id, item("model-waits", site, why, (), told))
        elif choice.model is None and (readers or in_env):
            blocker = item("model-no-counterpart", site, choice.why, choice.sources, model=model)
            context.hinder(site.id, blocker)
        elif choice.model is None or form is None or not _is_on_one_line(facts):
            self._untied[site.path].append((site, facts, choice))
        elif readers or (variable and _moves(context) and _is_read_for_a_model(context, variable)):
            new = _default_of(context, variable, model) or choice.model
            self._replace(site, facts, choice, form.format(model=new))
        elif in_env:
            why = _("no moved call was found that gets its model from `{name}`", name=facts.name)
            details = {"name": facts.name, "new": choice.model}
            context.hinder(site.id, item("model-setting", site, why, choice.sources, details))
        else:
            self._untied[site.path].append((site, facts, choice))

    def _form(self, variable: str, readers: list[str], *, prefixed: bool) -> str | None:
        """How the name is written for what reads it, or else may do so."""
        context = self._context
        defaults = (
            facts
            for site, facts in context.models()
            if variable and _is_default_of(context, site, facts, variable)
        )
        calls = [*readers, *(call for facts in defaults for call in facts.reaches)]
        calls = calls or _undecided(context) or sorted(context.moved_calls)
        if not calls:
            return None if prefixed else "{model}"
        return frameworks.form_for(self._context, calls, prefixed=prefixed)

    def _replace(self, site: Site, facts: DocumentFacts, choice: ModelChoice, became: str) -> None:
        assert facts.value_span is not None
        why = f"{facts.value} -> {became}: {choice.why}"
        codemod, written = _WRITTEN[facts.format == _ENV]
        edit = Edit(site.path, facts.value_span, codemod, written(became), (site.id,), why)
        self._context.edit(edit)

    def tell(self) -> None:
        """Name what nothing was seen to read, once for each file."""
        for untied in self._untied.values():
            sites = [site for site, _, _ in untied]
            told = self._told(untied)
            for site in sites:
                self._context.hinder(site.id, told)

    def _told(self, untied: list[tuple[Site, DocumentFacts, ModelChoice]]) -> ChecklistItem:
        (first, facts, choice), *more = untied
        also = [site for site, _, _ in more]
        if not _moves(self._context):
            why = _("nothing that reads it moves")
            return item("setting-unmoved", first, why, also=also, name=facts.name)
        if not more:
            details = {"name": facts.name, "new": choice.model or _("a model of the provider")}
            return item("config-value", first, choice.why, choice.sources, details)
        pairs = {facts.value: choice.model for _, facts, choice in untied}
        named = [
            _("`{old}` to `{new}`", old=old, new=new) if new else f"`{old}`"
            for old, new in pairs.items()
        ]
        shown = listed(named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")
        why = _("nothing was seen to load it")
        return item("config-models", first, why, also=also, count=len(untied), models=shown)


def _moves(context: Context) -> bool:
    return bool(context.moved_clients or context.moved_calls)


def _framework(facts: DocumentFacts) -> dict[str, str]:
    """What is known of a model in a file of a framework's own shape."""
    extra = dict(facts.extra)
    return extra if "framework" in extra else {}


def _tell_framework(
    context: Context, site: Site, facts: DocumentFacts, choice: ModelChoice, extra: dict[str, str]
) -> None:
    settings = {"base_url": context.base_url, "key_variable": context.key_variable}
    beside = f"; {extra['beside'].format(**settings)}" if extra["beside"] else ""
    new = extra["form"].format(model=choice.model)
    details = {"name": facts.name, "framework": extra["framework"], "new": new, "beside": beside}
    told = item("config-framework", site, choice.why, choice.sources, details)
    context.hinder(site.id, told)


_WRITTEN: dict[bool, tuple[str, type[Splice] | type[ReplaceString]]] = {
    True: ("environment-file", Splice),
    False: ("configuration", ReplaceString),
}


def _is_on_one_line(facts: DocumentFacts) -> bool:
    """Whether the value is known, and written on one line."""
    return facts.value_span is not None and facts.value_span.line == facts.value_span.end_line


def _is_read_for_a_model(context: Context, name: str) -> bool:
    """Whether the code reads the variable where only moved calls can get their model from it."""
    if any(_is_default_of(context, site, facts, name) for site, facts in context.models()):
        return True
    if context.something_stays:
        return False
    quoted = re.compile(rf"""(['"]){re.escape(name)}\1""")
    reading = [
        path for path, source in context.sources.items() if _reads(path, source.text, quoted)
    ]
    return bool(reading) and bool(_undecided(context))


def _undecided(context: Context) -> list[str]:
    """The calls that move and may get their model from anything."""
    return [
        site.id
        for site, facts in context.calls()
        if site.id in context.moved_calls and not facts.model_known
    ]


def _is_default_of(context: Context, site: Site, facts: ModelFacts, name: str) -> bool:
    """Whether a replaced name is the variable's default: of its read, or of a settings field."""
    if site.id not in context.choices:
        return False
    source = context.sources.get(site.path)
    line = source.line(site.span.line) if source is not None else ""
    field = re.match(rf"\s*{re.escape(name)}\s*[:=]", line, re.IGNORECASE)
    return facts.variable == name or field is not None


def _reads(path: str, text: str, quoted: re.Pattern[str]) -> bool:
    return path.endswith(PYTHON) and bool(quoted.search(text))


def _default_of(context: Context, name: str, model: str) -> str | None:
    """What the variable's default in the code became, if it is the same model."""
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if facts.model == model and _is_default_of(context, site, facts, name):
            return choice.model if choice is not None else None
    return None
