"""Everything that is not a client, a call, a model or a variable: names, tokenizers, documents."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version

from migrator.analysis import surface
from migrator.analysis.sites import (
    DocumentFacts,
    ImportFacts,
    Kind,
    NameFacts,
    Place,
    SettingFacts,
    Site,
)
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, Splice, TiktokenEncoding
from migrator.planning.context import Context, within
from migrator.planning.environment import new_name
from migrator.planning.messages import item

_ENCODING = "cl100k_base"
_STAYS = "the openai package stays, and the name means the same there"


def decide(context: Context) -> None:
    """Plan tokenizers, and documents that name models, packages, keys and addresses."""
    for site in context.of_kind(Kind.TIKTOKEN):
        _tokenizer(context, site)
    for site in context.sites:
        if isinstance(site.facts, DocumentFacts):
            _document(context, site, site.facts)
        elif site.kind is Kind.RAW_HTTP and isinstance(site.facts, NameFacts):
            _raw_http(context, site)
        elif isinstance(site.facts, SettingFacts) and site.id not in context.edits:
            _setting(context, site, site.facts)
        elif site.kind is Kind.EXCEPTION and isinstance(site.facts, NameFacts):
            _exception(context, site, site.facts)


def reason_to_leave(context: Context, site: Site) -> str:
    """Why a site that nothing was planned for stays as it is, and rightly so."""
    match site.kind:
        case Kind.IMPORT:
            facts = site.facts
            if isinstance(facts, ImportFacts) and not surface.exception(facts.module):
                names = [path.split(".")[0] for path, _ in facts.names]
                if "openai" in names or not names:
                    return "the openai package stays: it speaks to the provider's endpoint"
            return "decided where its classes are used"
        case Kind.EXCEPTION | Kind.TYPE_REF:
            return _STAYS
        case Kind.DEP:
            return "the openai package stays: it speaks to the provider's endpoint"
        case Kind.TIKTOKEN:
            return "it names no model"
        case Kind.MODEL:
            return "what it reaches stays on OpenAI"
        case Kind.ENV_KEY:
            return "no reader of it moves"
        case Kind.MODULE_CONFIG:
            return "what reads it stays, or reads the right value now"
    return "nothing that it reaches moves"


# -- tokenizers -------------------------------------------------------------------------------


def _tokenizer(context: Context, site: Site) -> None:
    facts = site.facts
    if not isinstance(facts, NameFacts) or facts.role != "encoding_for_model":
        return
    if not context.moved_calls:
        return
    instruction = TiktokenEncoding(_ENCODING)
    quirk = next((one for one in context.provider.quirks if "tiktoken" in one.text), None)
    why = quirk.text if quirk else "tiktoken does not know the new model's name"
    inside = [
        one.id
        for one, model in context.models()
        if model.role == "tokenizer" and within(_place(one), _place(site))
    ]
    edit = Edit(site.path, site.span, "tiktoken-encoding", instruction, (site.id, *inside), why)
    context.edit(edit)
    sources = quirk.sources if quirk else ()
    context.note(site.id, item("tokenizer", site, why, sources))


def _place(site: Site) -> Place:
    return Place(site.path, site.span)


# -- names ------------------------------------------------------------------------------------


def _exception(context: Context, site: Site, facts: NameFacts) -> None:
    if facts.name.startswith("openai.error.") or facts.name == "openai.InvalidRequestError":
        why = "openai 1.0 and later have no openai.error"
        context.hindrances.setdefault(site.id, [item("legacy-sdk", site, why)])


def _raw_http(context: Context, site: Site) -> None:
    why = "the address is OpenAI's; the provider's path does not end in the same way"
    base_url, key = context.base_url, context.provider.key_variable
    context.hindrances[site.id] = [item("raw-http", site, why, base_url=base_url, key=key)]


def _setting(context: Context, site: Site, facts: SettingFacts) -> None:
    legacy = [one for one, call in context.calls() if call.legacy]
    if legacy:
        why = "it configures calls of openai before 1.0, which stay for now"
        context.hindrances[site.id] = [item("legacy-sdk", site, why)]
    elif any(call.module_client for _, call in context.calls()):
        return
    else:
        why = f"no call through the openai module was found that `{facts.name}` serves"
        context.hindrances[site.id] = [item("name-untraced", site, why, name=facts.name)]


# -- documents --------------------------------------------------------------------------------


def _document(context: Context, site: Site, facts: DocumentFacts) -> None:
    if site.kind is Kind.DEP:
        _package(context, site, facts)
    elif site.kind is Kind.MODEL:
        _model(context, site, facts)
    elif site.kind is Kind.CONFIG:
        context.hindrances[site.id] = [_config(context, site, facts)]


def _package(context: Context, site: Site, facts: DocumentFacts) -> None:
    if facts.name != "openai" or not _pinned_below_one(dict(facts.extra).get("specifier", "")):
        known = surface.package(facts.name)
        if known is not None and known.framework not in {"openai", "tiktoken"}:
            why = "the framework's package stays; what it sends where is decided in the code"
            context.hindrances[site.id] = [item("framework-package", site, why, name=facts.name)]
        return
    why = "clients exist from openai 1.0 on"
    context.hindrances[site.id] = [item("legacy-pin", site, why)]


def _pinned_below_one(specifier: str) -> bool:
    """Whether a version specifier lets no openai of 1.0 or later in."""
    try:
        requirement = Requirement(f"openai{specifier}")
    except InvalidRequirement:
        return False
    return any(_excludes_one(one.operator, one.version) for one in requirement.specifier)


def _excludes_one(operator: str, version: str) -> bool:
    first = Version(version.removesuffix(".*"))
    if operator == "<":
        return first <= Version("1.0")
    return operator in {"==", "===", "~=", "<="} and first < Version("1.0")


def _model(context: Context, site: Site, facts: DocumentFacts) -> None:
    choice = context.provider.map_model(facts.value, ("plain",), context.options.model_map)
    if not context.moved_calls or facts.value_span is None:
        why = "no call that reads it moves"
        context.hindrances[site.id] = [
            item("config-value", site, why, name=facts.name, new=choice.model or "?")
        ]
    elif choice.model is None:
        blocker = item("model-no-counterpart", site, choice.why, choice.sources, model=facts.value)
        context.hindrances[site.id] = [blocker]
    elif facts.format == "env":
        why = f"{facts.value} -> {choice.model}: {choice.why}"
        instruction = Splice(choice.model)
        context.edit(
            Edit(site.path, facts.value_span, "environment-file", instruction, (site.id,), why)
        )


def _config(context: Context, site: Site, facts: DocumentFacts) -> ChecklistItem:
    new = "the provider's value"
    why = "the setting reaches the program from outside the code"
    match facts.role:
        case "key":
            new = f"`{context.key_variable}`"
        case "base_url" | "url":
            new = context.base_url
        case "model":
            choice = context.provider.map_model(facts.value, ("plain",), context.options.model_map)
            new, why = choice.model or new, choice.why
            return item("config-value", site, why, choice.sources, name=facts.name, new=new)
    meaning = dict(facts.extra).get("meaning", "")
    if meaning and facts.name.isupper():
        new = f"`{new_name(context, facts.name, meaning)}`"
    return item("config-value", site, why, name=facts.name, new=new)
