"""What a person gives a framework's class so that it speaks to the provider."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.analysis import surface
from migrator.analysis.sites import CallFacts, Certainty, ClientFacts, ModelFacts, Origin, Site
from migrator.decisions import ChecklistItem
from migrator.language import _, listed
from migrator.planning.context import Context
from migrator.planning.frameworks.recipes import Recipe, recipe, stays
from migrator.planning.messages import item
from migrator.planning.variables import MOVING
from migrator.providers import ModelChoice, Provider
from migrator.sdks import SDK

_INITIALIZER = ".__init__"


def moves(path: str, made: ClientFacts | None = None) -> bool:
    """Whether objects of a class can be pointed at a provider: all, or one that was made."""
    known = recipe(path)
    return known is not None and (made is None or not _remains(known, made))


def _remains(known: Recipe, made: ClientFacts) -> str:
    """What a person does about an object that an argument keeps from being moved, or ""."""
    kept = known.pairs("stays_with")
    given = [one.name_there for one in made.arguments]
    return next((str(kept[name]) for name in given if name in kept), "")


def can_be_moved(facts: ClientFacts) -> bool:
    """Whether an object can be pointed at a provider where it is made.

    What derives from a class that becomes another one does not become that by its initializer.
    """
    known = recipe(facts.class_name)
    derived = facts.spelled_class.endswith(_INITIALIZER)
    becomes = known is not None and known.becomes is not None
    return moves(facts.class_name, facts) and not (derived and becomes)


def hides_default(facts: ClientFacts) -> bool:
    """Whether an object asks OpenAI for what it is not told, beside the model that it is."""
    known = surface.framework_class(facts.class_name)
    said = {one.name_there for one in facts.arguments if one.value not in (None, False)}
    return known is not None and known.hides(said)


def is_told_only(facts: ClientFacts) -> bool:
    """Whether all that can be done with an object is to say what a person does."""
    return not can_be_moved(facts) or hides_default(facts)


def asks(facts: CallFacts) -> bool:
    """Whether a request names a model; what only says where others go does not."""
    known = surface.framework_class(facts.sender) if facts.sender else None
    return known is None or bool(known.model)


def recipe_for(context: Context, path: str) -> Recipe | None:
    """The recipe of a class in a run: for the provider's own class where its SDK is asked for."""
    return recipe(path, context.provider.id if context.target.mode == SDK else "")


def why_not(context: Context, facts: ClientFacts) -> str | None:
    """Why the key and the base URL cannot go into a client that an object is to be handed."""
    known = recipe_for(context, facts.class_name) if facts.form == "framework" else None
    if known is None or not known.text("client"):
        return None
    held = [
        one.name
        for one in facts.arguments
        if one.origin is Origin.ITEM_ASSIGNMENT and one.name in MOVING
    ]
    return (
        _("`{held}` is put into a mapping, and a client is to say it", held=held[0])
        if held
        else None
    )


def natives(context: Context) -> frozenset[str]:
    """The clients that become objects of a framework's own class for the provider."""
    return frozenset(
        site.id
        for site, client, _ in context.senders()
        if recipe_for(context, client.class_name) != recipe(client.class_name)
    )


def clients_of(context: Context, framework: str) -> tuple[str, ...]:
    """The objects that a framework may send a request by: all that it has in the repository."""
    return tuple(site.id for site, _, sends in context.senders() if sends.framework == framework)


def choice_by_default(context: Context, facts: CallFacts) -> ModelChoice | None:
    """What becomes of the model that a framework asks for where none is named; None elsewhere."""
    known = recipe_for(context, facts.sender)
    if known is None or known.known.default_model is None or facts.argument("model") is not None:
        return None
    default = known.known.default_model
    plain = () if surface.is_reasoning(default) else ("plain",)
    wanted = {*facts.features, *plain, *needs(context.provider, facts)}
    choice = context.provider.map_model(default, wanted, context.options.model_map)
    return unswitched(context, choice, wanted) if cannot_switch(context, facts, choice) else choice


def needs(provider: Provider, facts: CallFacts) -> dict[str, str]:
    """What a framework's requests ask of a model by themselves, each in words."""
    known = recipe(facts.sender)
    told = known.pairs("needs").items() if known is not None else ()
    asked = ((need, one) for need, one in told if one.get("rule", "") in {"", *provider.rules})
    return {need: str(one["what"]) for need, one in asked}


def cannot_switch(context: Context, facts: CallFacts, choice: ModelChoice) -> bool:
    """Whether a framework's object has no place for what switches a model's thinking off."""
    known = recipe(facts.sender)
    if known is None or not known.data.get("unswitched") or surface.is_reasoning(choice.openai):
        return False
    switch = context.provider.thinking_off(choice.model or "")
    return switch is not None and bool(switch.extra_body)


def unswitched(context: Context, choice: ModelChoice, needs: Iterable[str]) -> ModelChoice:
    """A model that does not think unless it is told to, where there is one for a call's needs."""
    wanted = {*needs, "unswitched"}
    other = context.provider.map_model(choice.openai, wanted, context.options.model_map)
    fits = other.model is not None and not context.provider.lacks(other.model, wanted)
    return other if fits else choice


def has_another_way(context: Context, facts: CallFacts) -> bool:
    """Whether all that asks a framework's client for a JSON schema can ask in another way."""
    known = recipe_for(context, facts.sender)
    if known is None or facts.argument("response_format") is not None:
        return False
    asking = {name for name, said in known.pairs("methods").items() if said == "json_schema"}
    used = {one.name for one in facts.methods_used} & asking
    return bool(used) and used <= known.pairs("structured").keys()


def written(context: Context, facts: ModelFacts, model: str) -> str | None:
    """How a model's name is written for all that it reaches.

    None where they take it in several ways, or nothing says how one of them does.
    """
    form = form_for(context, facts.reaches, prefixed=bool(facts.prefix), model=model)
    return None if form is None else form.format(model=model)


def form_for(
    context: Context, asked: Iterable[str], *, prefixed: bool, model: str = ""
) -> str | None:
    """How a model's name is written for all of some calls; None where that is not one way.

    `prefixed` says that it is written with a provider's prefix now.
    """
    forms = _forms(context, asked, prefixed=prefixed, model=model)
    return forms.pop() if len(forms) == 1 else None


def is_torn(context: Context, facts: ModelFacts) -> bool:
    """Whether what a name reaches does not take it in one way, so that it cannot be replaced."""
    several = len(ways(context, facts, facts.model)) > 1
    return several or bool(facts.prefix and facts.reaches and written(context, facts, "") is None)


def ways(context: Context, facts: ModelFacts, model: str) -> list[str]:
    """The ways in which a model's name is written for what it reaches, as far as that is known."""
    forms = _forms(context, facts.reaches, prefixed=bool(facts.prefix), model=model)
    return sorted(form.format(model=model) for form in forms if form is not None)


def _forms(
    context: Context, asked: Iterable[str], *, prefixed: bool, model: str
) -> set[str | None]:
    """The ways in which calls take a model's name; None where nothing says how one does.

    What holds nothing says nothing, unless there is nothing else.
    """
    asked = list(asked)
    forms: set[str | None] = set()
    for one in list(filter(context.holds, asked)) or asked:
        call = context.call(one)
        known = _asked_by(context, call) if call is not None else None
        plain = call is not None and not call.framework and not prefixed
        forms.add(known.form_of(model) if known is not None else "{model}" if plain else None)
    return forms


def _asked_by(context: Context, call: CallFacts) -> Recipe | None:
    """The recipe of what sends a request: itself, or the object of a framework that it is of."""
    if call.sender or not call.framework:
        return recipe_for(context, call.sender)
    makers = (context.by_id[one].facts for one in call.clients if one in context.by_id)
    known = [recipe_for(context, one.class_name) for one in makers if isinstance(one, ClientFacts)]
    return known[0] if known and known[0] is not None and known[0].text("object") else None


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a request that a framework sends does not move; None where it goes with its client."""
    if facts.sender or not (facts.clients or clients_of(context, facts.framework)):
        why = _("it goes to the provider that the model's name and the settings say")
        details = {"framework": facts.framework, "hint": plain(context)}
        return item("framework-request", site, why, (), details)
    makers = (context.by_id.get(one) for one in facts.clients)
    stay = [
        one
        for one in makers
        if one is not None
        and isinstance(one.facts, ClientFacts)
        and one.facts.form == "framework"
        and not moves(one.facts.class_name)
    ]
    if stay:
        framework = facts.api.partition(":")[0] or facts.framework
        why = _("{framework} sends it, by the client that stands on this list", framework=framework)
        return item("framework-call", site, why, framework=framework)
    return None


def unsettled(context: Context, site: Site) -> ChecklistItem | None:
    """The item of an object whose model may be named in something that it is handed."""
    client = context.made_at(site.id)
    known = surface.framework_class(client.class_name) if client is not None else None
    if client is None or known is None:
        return None
    handed = [one.name for one in client.arguments if one.name in known.elsewhere]
    if site.certainty is Certainty.LIKELY:
        handed += [one.rpartition(".")[2] for one in known.heir_of]
    if not handed or any(one.name == "model" for one in client.arguments):
        return None
    why = _("`{handed}` may name it, and OpenAI is asked where nothing does", handed=handed[0])
    details = {
        "class": known.name,
        "argument": next(iter(known.model), handed[0]),
        "hint": plain(context),
    }
    return item("framework-model", site, why, (), details)


def loses(context: Context, facts: CallFacts, part: str) -> bool:
    """Whether what asks for tools leaves a part of an answer out of the requests after it."""
    known = recipe_for(context, facts.sender)
    return known is not None and "tools" in facts.features and part in known.names("loses")


def told(context: Context, site: Site, facts: ClientFacts) -> ChecklistItem:
    """The item of a client that a framework's class makes."""
    known = surface.framework_class(facts.class_name)
    framework = facts.class_name.split(".")[0] if known is None else known.label
    why = _(
        "{framework} sends its requests to OpenAI unless it is told another address",
        framework=framework,
    )
    way = recipe(facts.class_name)
    told = (way is not None and _remains(way, facts)) or stays(facts.class_name)
    hint = told or _("give it the provider's address: {hint}", hint=_hint(context, known))
    hint = (hint[:1].upper() + hint[1:]).removesuffix(".")
    return item("framework-client", site, why, framework=framework, hint=hint)


def _hint(context: Context, known: surface.FrameworkClass | None) -> str:
    address, variable = context.base_url, context.provider.key_variable
    if known is not None and known.role == "azure":
        other = known.name.replace("Azure", "", 1)
        named = (
            f"`{other}`" if other.startswith("OpenAI") else _("`{other}` or its like", other=other)
        )
        return _(
            "Azure's class takes Azure's addresses alone; use {named}, with {plain}",
            named=named,
            plain=plain(context),
        )
    if known is None or not (known.base_url or known.client):
        return plain(context)
    if not known.base_url:
        made = f'OpenAI(base_url="{address}", api_key=os.environ["{variable}"])'
        return _(
            "hand it a client of the provider's, `{client}={made}`",
            client=known.client[0],
            made=made,
        )
    parts = [f'`{known.base_url[0]}="{address}"`']
    if known.key:
        parts.append(f'`{known.key[0]}=os.environ["{variable}"]`')
    if known.model:
        parts.append(_("a model of the provider's for `{model}`", model=known.model[0]))
    return listed(parts)


def plain(context: Context) -> str:
    """The provider's address and where its key is, in words."""
    return _(
        "base URL `{base_url}`, key from `{key_variable}`",
        base_url=context.base_url,
        key_variable=context.provider.key_variable,
    )
