"""Variables that files set to the name of a model: replaced where all that reads them moves."""

from __future__ import annotations

import re

from migrator.analysis.sites import DocumentFacts, ModelFacts, Site
from migrator.edits import Edit, ReplaceString, Splice
from migrator.planning import models
from migrator.planning.context import Context
from migrator.planning.messages import item

_PYTHON = (".py", ".pyw", ".pyi")
_ENV = "env"


def decide(context: Context, site: Site, facts: DocumentFacts) -> None:
    """Plan the model that stands in a file, if by no value that the program was seen to load."""
    readers = models.readers(context, site, facts)
    variable = facts.name.rpartition(".")[2]
    choice = context.choices.get(site.id) or models.choose(context, facts.value)
    details = {"name": facts.name, "new": choice.model or "a model of the provider"}
    stays = [call.id for call, _ in readers if call.id not in context.moved_calls]
    if choice.model is None:
        blocker = item("model-no-counterpart", site, choice.why, choice.sources, model=facts.value)
        context.hinder(site.id, blocker)
    elif facts.value_span is None or _is_long(facts) or dict(facts.extra).get("prefix"):
        context.hinder(site.id, item("config-value", site, choice.why, choice.sources, details))
    elif not (context.moved_clients or context.moved_calls):
        why, code = "nothing that reads it moves", _WAITS[facts.format == _ENV]
        context.hinder(site.id, item(code, site, why, name=facts.name))
    elif stays:
        why = f"it reaches what stays: {context.places(stays)}"
        told = {"model": facts.value, "new": choice.model}
        context.hinder(site.id, item("model-waits", site, why, (), told))
    elif readers or (_may_be_read(facts) and _is_read_for_a_model(context, variable)):
        became = _default_of(context, variable, facts.value) or choice.model
        why = f"{facts.value} -> {became}: {choice.why}"
        codemod, written = _WRITTEN[facts.format == _ENV]
        edit = Edit(site.path, facts.value_span, codemod, written(became), (site.id,), why)
        context.edit(edit)
    elif facts.format == _ENV:
        why = f"no moved call was found that gets its model from `{variable}`"
        context.hinder(site.id, item("model-setting", site, why, choice.sources, details))
    else:
        context.hinder(site.id, item("config-value", site, choice.why, choice.sources, details))


_WAITS = {True: "variable-waits", False: "setting-unmoved"}
_WRITTEN: dict[bool, tuple[str, type[Splice] | type[ReplaceString]]] = {
    True: ("environment-file", Splice),
    False: ("configuration", ReplaceString),
}


def _is_long(facts: DocumentFacts) -> bool:
    """Whether the value is written on several lines."""
    return facts.value_span is not None and facts.value_span.line != facts.value_span.end_line


def _may_be_read(facts: DocumentFacts) -> bool:
    """Whether a line may set a variable of the environment."""
    return facts.format == _ENV or facts.name.rpartition(".")[2].isupper()


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
    undecided = [
        site.path
        for site, facts in context.calls()
        if site.id in context.moved_calls and not facts.model_known
    ]
    return bool(reading) and bool(undecided)


def _is_default_of(context: Context, site: Site, facts: ModelFacts, name: str) -> bool:
    """Whether a replaced name is the variable's default: of its read, or of a settings field."""
    if site.id not in context.choices:
        return False
    source = context.sources.get(site.path)
    line = source.line(site.span.line) if source is not None else ""
    field = re.match(rf"\s*{re.escape(name)}\s*[:=]", line, re.IGNORECASE)
    return facts.variable == name or field is not None


def _reads(path: str, text: str, quoted: re.Pattern[str]) -> bool:
    return path.endswith(_PYTHON) and bool(quoted.search(text))


def _default_of(context: Context, name: str, model: str) -> str | None:
    """What the variable's default in the code became, if it is the same model."""
    for site, facts in context.models():
        choice = context.choices.get(site.id)
        if facts.model == model and _is_default_of(context, site, facts, name):
            return choice.model if choice is not None else None
    return None
