"""The second rung: every request, as far as the code says what it holds, keeps to the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from migrator.analysis.sites import UNKNOWN, CallFacts, Site
from migrator.language import _, listed, marked
from migrator.planning.families import CHAT
from migrator.providers import Provider
from migrator.verification import rules
from migrator.verification.ladder import Finding, Rung, State, judged
from migrator.verification.rules import Refusal, Request, misshapen, refusal, refuse

NAME = marked("contract")
_ENDPOINT = "endpoint"
_MODEL, _STREAM, _EXTRA, _MESSAGES = "model", "stream", "extra_body", "messages"
# What stands for a text that is only known at run time: it breaks no rule on texts.
_TEXT = "an answer in JSON"
_MESSAGE = {"role": "user", "content": _TEXT}
# Where it has to be something else, by the name of the field.
_FILLINGS = {"url": "data:image/png;base64,AAAA", "data": "data:audio/wav;base64,AAAA"}
# What every request of a kind holds, with what stands for it where only run time tells.
_NEEDED: Mapping[str, Mapping[str, Any]] = {
    rules.CHAT: {_MESSAGES: [_MESSAGE]},
    rules.COMPLETIONS: {"prompt": _TEXT},
    rules.EMBEDDINGS: {"input": _TEXT},
    rules.RESPONSES: {"input": _TEXT},
    rules.IMAGES: {"prompt": _TEXT},
    rules.SPEECH: {"input": _TEXT},
}
# What rules ask of files, which are opened at run time alone.
_OF_FILES = frozenset({"sound-file"})
# Arguments of the SDK that are no fields of a request.
_OF_THE_SDK = frozenset({"extra_headers", "extra_query", "timeout", "http_client"})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a request: its possible bodies, and what only run time tells."""

    bodies: tuple[Mapping[str, Any], ...]
    at_run_time: tuple[str, ...]
    complete: bool


def contract(calls: Iterable[tuple[Provider, Site, CallFacts]]) -> Rung:
    """Check what the code says of its requests against the profiles, without running it."""
    findings: list[Finding] = []
    number = whole = 0
    for provider, site, call in calls:
        number += 1
        known = known_of(call)
        whole += known.complete and not known.at_run_time
        broken = _broken(provider, call, known)
        if broken is not None:
            what = _("`{api}` would be refused: {message}", api=call.api, message=broken.message)
            findings.append(
                Finding(what, site.path, site.span.line, broken.rule, tuple(broken.sources))
            )
        elif known.at_run_time or not known.complete:
            what = _("only run time tells {names} of `{api}`", names=_told(known), api=call.api)
            findings.append(Finding(what, site.path, site.span.line))
    if not number:
        why = _("no request to the provider was found whose client is known")
        return Rung(NAME, State.NOT_RUN, why)
    details = {"calls": number, "known whole": whole}
    well = _(
        "{number} requests keep to the profile, as far as the code says; {whole} say all",
        number=number,
        whole=whole,
    )
    return judged(NAME, findings, well, details)


def _told(known: Known) -> str:
    names = [f"`{one}`" for one in known.at_run_time]
    return listed([*names, *(() if known.complete else (_("further arguments"),))])


def known_of(call: CallFacts) -> Known:
    """The bodies that a request may have, by what is known of its arguments."""
    body: dict[str, Any] = {}
    at_run_time: list[str] = []
    complete = call.complete
    for argument in call.arguments:
        name, value = argument.name, argument.value
        if name in _OF_THE_SDK or name == _MODEL or value is None:
            continue
        if name == _EXTRA and isinstance(value, dict):
            body |= {key: _filled(one, key) for key, one in value.items() if one is not UNKNOWN}
        elif value is UNKNOWN and name in _NEEDED.get(family(call.api), {}):
            continue
        elif value is UNKNOWN or not argument.always:
            at_run_time.append(name)
            complete = complete and name != _EXTRA
        else:
            body[name] = _filled(value, name)
    for name, filling in _NEEDED.get(family(call.api), {}).items():
        body.setdefault(name, filling)
    models = call.model_values if call.model_known else ()
    if not models:
        at_run_time.insert(0, _MODEL)
    streams = ({_STREAM: True}, {}) if _STREAM in at_run_time else ({},)
    made = [{**body, **stream, _MODEL: one} for one, stream in product(models, streams)]
    return Known(tuple(made), tuple(dict.fromkeys(at_run_time)), complete)


def _filled(value: Any, name: str = "") -> Any:
    """A value with something that breaks no rule in the place of what is not known in it."""
    if value is UNKNOWN:
        return _FILLINGS.get(name, _TEXT)
    if isinstance(value, dict):
        return {key: _filled(one, key) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(one, name) for one in value]
    return value


def _broken(provider: Provider, call: CallFacts, known: Known) -> Refusal | None:
    """The rule that a request breaks for a model, whatever else only run time tells."""
    endpoint = provider.endpoint(call.api)
    if endpoint.support == "no":
        rule = rules.rule_of(provider, _ENDPOINT)
        return refusal(rule, detail=endpoint.detail, sources=endpoint.sources)
    by_model: dict[str, list[Refusal | None]] = {}
    for body in known.bodies:
        found = _refused(provider, call, body)
        if found is not None and not known.complete and _breaks_bare(provider, call, body, found):
            found = None  # what is not known may be what is missing
        by_model.setdefault(str(body[_MODEL]), []).append(found)
    for refusals in by_model.values():
        if refusals and all(one is not None for one in refusals):
            return refusals[0]
    return None


def _breaks_bare(
    provider: Provider, call: CallFacts, body: Mapping[str, Any], found: Refusal
) -> bool:
    """Whether a request that says next to nothing breaks the same rule."""
    bare = {name: one for name, one in body.items() if name in (_MODEL, _MESSAGES)}
    other = _refused(provider, call, bare)
    return other is not None and other.rule == found.rule


def _refused(provider: Provider, call: CallFacts, body: Mapping[str, Any]) -> Refusal | None:
    api = family(call.api)
    if misshapen(call.api, body):
        return None  # a value of another type than a request holds is made into one
    found = refuse(Request(provider, api, body))
    return None if found is not None and found.rule in _OF_FILES else found


def family(api: str) -> str:
    """The name that the rules have for the requests of a method, its helpers among them."""
    return rules.CHAT if api in CHAT else rules.family(api)
