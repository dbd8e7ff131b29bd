"""Embeddings calls: vector width, encoding, batches."""

from __future__ import annotations

from migrator.analysis import surface
from migrator.analysis.sites import UNKNOWN, Argument, CallFacts, Place, Site
from migrator.decisions import ChecklistItem
from migrator.edits import Edit, EmbeddingBatch
from migrator.language import _, listed
from migrator.planning import chat, media, syntax, unnamed
from migrator.planning.adapters import Adapters, batches, vectors
from migrator.planning.arguments import ArgumentEdits, ToldChanges
from migrator.planning.calls import Call
from migrator.planning.context import Context
from migrator.planning.families import EMBEDDINGS
from migrator.planning.frameworks import recipe_for
from migrator.planning.legacy import knowledge
from migrator.planning.messages import item
from migrator.planning.sdk.vectors import batch_of

# How the method is called in openai before 1.0.
_BEFORE_ONE = r"\.a?create"


def hindrance(context: Context, site: Site, facts: CallFacts) -> ChecklistItem | None:
    """Why a call cannot become one for each text, where a request makes one vector."""
    endpoint = context.provider.endpoint(facts.api)
    details = {"api": facts.api, "provider": context.provider.name}
    details |= {"counterpart": endpoint.counterpart, "remedy": endpoint.remedy}
    if context.provider.single_vectors is None:
        return None
    if facts.is_json:
        return item("endpoint-unproven", site, endpoint.detail, endpoint.sources, details)
    why = _why_not_single(context, site, facts)
    return item("media-untraced", site, why, endpoint.sources, details) if why else None


def _why_not_single(context: Context, site: Site, facts: CallFacts) -> str:
    """Why a function can't make a call's requests; "" where it can."""
    if facts.foreign:
        return _("the call is made of another provider, too")
    if facts.raw:
        return _(media.RAW)
    called = media.is_written(context, facts)
    if (before := context.upgrade.before.get(site.id)) is not None:
        direct = not facts.named and media.ends_in(context, facts, _BEFORE_ONE)
        called = direct or knowledge.is_utility(before.api)
    return "" if called else _(media.UNWRITTEN)


def decide(context: Context) -> None:
    """Plan the edits and notes of every moved embeddings call."""
    edits, told = ArgumentEdits(context, "parameters"), ToldChanges(context, "parameters")
    adapters = Adapters(context)
    split: list[batches.Split] = []
    for site, facts in context.calls():
        if site.id in context.moved_calls and facts.api in EMBEDDINGS:
            call = Call(context, told if facts.foreign else edits, site, facts)
            _decide_call(call)
            if facts.sender:
                _tell_size(call)
                continue  # it splits what it is given by itself, if it does
            if context.provider.single_vectors is not None:
                _one_by_one(call, adapters)
            elif (batch := _batches(call)) is not None:
                split.append(batches.Split(site, batch))
    edits.finish()
    adapters.finish()
    reason = f"input: {context.provider.embeddings_parameter('input').detail}"
    for one in batches.shared(context, split):
        place, sites = (one.site.path, one.site.span), (one.site.id,)
        context.edit(Edit(*place, "embedding-batch", one.batch, sites, reason))


def _tell_size(call: Call) -> None:
    """Say how many texts a request takes, where a framework may send more of them at once."""
    known = recipe_for(call.context, call.facts.sender)
    sizes = [model.max_batch for model in call.targets if model.max_batch]
    if known is not None and sizes and known.sends_more_than(min(sizes)):
        call.note("embedding-batch", call.embeddings_parameter("input"), size=min(sizes))


def _decide_call(call: Call) -> None:
    if "token_input" in call.facts.features or _holds_tokens(call.facts.argument("input")):
        parameter = call.embeddings_parameter("input")
        call.block("token-input", parameter, provider=call.provider.name)
        return
    for argument in call.facts.arguments:
        parameter = call.embeddings_parameter(argument.name)
        chat.tell_kept(call, parameter)
        if parameter.action == "drop":
            chat.drop(call, argument, parameter)
    _encoding(call)
    _width(call)
    _length(call)
    unnamed.tell(call)


def _one_by_one(call: Call, adapters: Adapters) -> None:
    """Have the call made by a function that sends a request for each text."""
    parameter = call.embeddings_parameter("input")
    function = vectors.CREATE_LATER if call.facts.asynchronous else vectors.CREATE
    reason = f"input: {parameter.detail}"
    before = call.context.upgrade.before.get(call.site.id)
    within = before is not None and knowledge.is_utility(before.api)
    method = "" if within else call.facts.api
    adapters.call(call.site, "embeddings", method, function, reason)
    call.note("embedding-single", parameter)


def _holds_tokens(given: Argument | None) -> bool:
    value = given.value if given is not None else None
    return isinstance(value, list) and any(isinstance(one, int | list) for one in value)


def _encoding(call: Call) -> None:
    """The SDK asks for base64 by itself; only what the provider documents is asked for."""
    by_package = not call.facts.is_json
    parameter = call.embeddings_parameter("encoding_format")
    rule = call.provider.rules.get("encoding-format")
    given = call.facts.argument("encoding_format")
    if given is None and parameter.default_here and by_package:
        _add(call, "encoding_format", parameter.default_here, parameter.detail)
    elif given is not None and rule is not None and given.value not in (*rule.values, UNKNOWN):
        values = listed(rule.values)
        call.block("encoding-refused", parameter, value=given.value, values=values)


def _width(call: Call) -> None:
    """Keep the width of the vectors where the model can."""
    given = call.facts.argument("dimensions")
    parameter = call.embeddings_parameter("dimensions")
    wanted: dict[int | None, str] = {}
    for old, new in call.pairs:
        entry = surface.model(old)
        width = given.value if given is not None else entry.dimension if entry else None
        if not isinstance(width, int):
            continue
        model = call.provider.model(new)
        kept = call.provider.embedding_dimensions(width, new)
        if kept is None:
            kept = max(model.dimensions, default=0) if model is not None else 0
            call.note("vector-width", parameter, model=old, width=kept or _("the new model's"))
        if model is None or given is not None or kept != model.default_dimension:
            wanted[kept or None] = _("vectors of {old} are {width} wide", old=old, width=width)
        else:
            wanted[None] = ""
    if len(wanted) > 1:
        widths = listed(sorted(str(width) for width in wanted if width))
        call.note("vector-widths", parameter, widths=widths)
        return
    for width, reason in wanted.items():
        if width is not None and given is None:
            _add(call, "dimensions", str(width), reason)
        elif width is not None and given is not None and given.value != width:
            call.edits.replace(call.site, given, str(width), f"dimensions: {parameter.detail}")


def _length(call: Call) -> None:
    """Texts have a limit of their own at some providers, which what is written may keep to."""
    rule, given = call.provider.rules.get("embedding-length"), call.facts.argument("input")
    if rule is None or rule.maximum is None:
        return
    value = given.value if given is not None else UNKNOWN
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) and len(text) <= rule.maximum for text in texts):
        call.note("embedding-length", call.embeddings_parameter("input"), size=rule.maximum)


def _add(call: Call, name: str, source: str, reason: str) -> None:
    if call.facts.complete:
        call.edits.add(call.site, name, source, f"{name}: {reason}")
    else:
        parameter = call.embeddings_parameter(name)
        call.note("argument-to-add", parameter, added=f"{name}={source}")


def _batches(call: Call) -> EmbeddingBatch | None:
    """How a call is to be split; None where it is not, or where a person has to see to it."""
    sizes = [model.max_batch for model in call.targets if model.max_batch]
    given = call.facts.argument("input")
    if not sizes or _holds_tokens(given) or _is_small(call, given, min(sizes)):
        return None
    parameter = call.embeddings_parameter("input")
    here = Place(call.site.path, call.site.span)
    within_reach = given is not None and not call.facts.raw and given.container == here
    alone = within_reach and call.facts.arrives and not call.facts.foreign
    if given is None or not alone or not _may_be_list(call, given):
        call.note("embedding-batch", parameter, size=min(sizes))
        return None
    return batch_of(call.context, call.site, call.facts, min(sizes))


def _may_be_list(call: Call, given: Argument) -> bool:
    source = call.context.sources.get(given.place.path)
    written = source is not None and syntax.may_be_list(source.text, given.place.span)
    return written or "list_input" in call.facts.features or isinstance(given.value, list)


def _is_small(call: Call, given: Argument | None, size: int) -> bool:
    """Whether the input is one text, or a list that is known to be short enough."""
    if "single_input" in call.facts.features:
        return True
    if given is None:
        return False
    if isinstance(given.value, str):
        return True
    if isinstance(given.value, list) and UNKNOWN not in given.value and given.value:
        return len(given.value) <= size
    source = call.context.sources.get(given.place.path)
    if source is None:
        return False
    written = syntax.listed(source.text, given.place.span)
    if written is not None:
        return written <= size
    return syntax.is_text(source.text, given.place.span)
