"""The last rung: one smallest request to the provider itself for each kind that the code sends.

It is climbed where the user asks for it alone: a key is used, and what is asked may cost.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.analysis.sites import CallFacts, Site
from migrator.language import _, marked
from migrator.providers import Provider
from migrator.verification import rules
from migrator.verification.contract import family, known_of
from migrator.verification.ladder import Finding, Rung, State, judged
from migrator.verification.records import words_of

NAME = marked("live")
_TOKENS = 16  # of an answer, where its length can be said
_TOKENS_SENT = 100  # that a smallest request has at most, its tools and its schema among them
_SECONDS = 60
_LARGEST = 1024 * 1024
_PROMPT = "Answer with the word OK, as JSON."
_PATHS = {
    rules.CHAT: "/chat/completions",
    rules.COMPLETIONS: "/completions",
    rules.EMBEDDINGS: "/embeddings",
    rules.RESPONSES: "/responses",
}
_SMALLEST: Mapping[str, Mapping[str, Any]] = {
    rules.CHAT: {"messages": [{"role": "user", "content": _PROMPT}]},
    rules.COMPLETIONS: {"prompt": _PROMPT},
    rules.EMBEDDINGS: {"input": "OK"},
    rules.RESPONSES: {"input": _PROMPT},
}
_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_LIMIT_OF = {rules.CHAT: "max_tokens", rules.COMPLETIONS: "max_tokens"}
_MODELS = "/models"
_ANSWERED = marked("answered")


@dataclass(frozen=True, slots=True)
class Probe:
    """A smallest request of a kind, and the first place that sends such."""

    family: str
    body: Mapping[str, Any]
    path: str
    line: int

    @property
    def model(self) -> str:
        """The model that it asks for."""
        return str(self.body["model"])

    @property
    def words(self) -> str:
        """The kind of request: what it asks, which model, with which parameters."""
        names = [name for name in self.body if name not in {"model", *_SMALLEST[self.family]}]
        return words_of(self.family, self.model, names)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered: the status (0: nothing came), and the error that it told."""

    status: int
    error: str = ""
    models: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether it was accepted."""
        return 200 <= self.status < 300


# A path below the base URL and a body (None: it is a GET), to what came back.
Ask = Callable[[str, Mapping[str, Any] | None], Answer]


def probes(calls: Iterable[tuple[Provider, Site, CallFacts]], provider: Provider) -> list[Probe]:
    """One probe for each endpoint, model and set of parameters that the code sends a provider."""
    found: dict[tuple[str, str, tuple[str, ...]], Probe] = {}
    for whose, site, call in calls:
        kind = family(call.api)
        if whose != provider or kind not in _PATHS:
            continue
        for body in known_of(call).bodies:
            smallest = _smallest(kind, body)
            names = tuple(sorted(smallest))
            probe = Probe(kind, smallest, site.path, site.span.line)
            found.setdefault((kind, probe.model, names), probe)
    return list(found.values())


def _smallest(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A request with the same parameters that asks for as little as there is."""
    made = {**body, **_SMALLEST[kind]}
    made |= {name: min(int(made[name]), _TOKENS) for name in _LIMITS if _is_number(made.get(name))}
    if kind in _LIMIT_OF and not any(name in made for name in _LIMITS):
        made[_LIMIT_OF[kind]] = _TOKENS
    if _is_number(made.get("n")):
        made["n"] = 1
    return made


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def most_that_it_costs(provider: Provider, asked: Sequence[Probe]) -> tuple[float, list[str]]:
    """The price of some probes at most, in yuan, and the models whose price is not known."""
    total = 0.0
    unknown: dict[str, None] = {}
    for probe in asked:
        known = provider.model(probe.model)
        if known is None or known.price_cny is None:
            unknown[probe.model] = None
            continue
        sent, answered = known.price_cny
        total += (sent * _TOKENS_SENT + answered * _TOKENS) / 1_000_000
    return total, list(unknown)


def live(asked: Sequence[Probe], ask: Ask) -> tuple[Rung, list[dict[str, Any]]]:
    """Send the probes; the rung, and what is to be recorded of each."""
    if not asked:
        why = _("no request was found whose model is known")
        return Rung(NAME, State.NOT_RUN, why), []
    findings: list[Finding] = []
    rows: list[dict[str, Any]] = []
    listed = ask(_MODELS, None)
    if not listed.status:
        return Rung(
            NAME, State.NOT_RUN, _("the provider is not reached: {error}", error=listed.error)
        ), []
    if not listed.is_well:
        findings.append(Finding(_("models.list: {answer}", answer=_told(listed))))
    for probe in asked:
        answer = ask(_PATHS[probe.family], probe.body)
        rows.append(
            {
                "endpoint": probe.family,
                "model": probe.model,
                "parameters": sorted(set(probe.body) - {"model", *_SMALLEST[probe.family]}),
                "status": answer.status,
                "error": answer.error,
                "listed": probe.model in listed.models if listed.is_well else None,
            }
        )
        findings += _findings(probe, answer, listed)
    accepted = sum(200 <= row["status"] < 300 for row in rows)
    details = {"requests": len(rows), "accepted": accepted}
    return judged(
        NAME,
        findings,
        _("{accepted} of {number} requests were answered", accepted=accepted, number=len(rows)),
        details,
    ), rows


def _findings(probe: Probe, answer: Answer, listed: Answer) -> Iterator[Finding]:
    if not answer.is_well:
        what = _("{request}: {answer}", request=probe.words, answer=_told(answer))
        yield Finding(what, probe.path, probe.line, _ANSWERED)
    elif listed.is_well and probe.model not in listed.models:
        what = _("{model} answers, and models.list does not name it", model=probe.model)
        yield Finding(what, probe.path, probe.line)


def _told(answer: Answer) -> str:
    return f"{answer.status or _('no answer')} {answer.error}".strip()


class Endpoint:
    """The provider's compatible endpoint, asked with a key. The key is sent to it alone."""

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._opener = urllib.request.build_opener(_Stay)

    def __call__(self, path: str, body: Mapping[str, Any] | None) -> Answer:
        """Ask; whatever goes wrong is an answer with status 0 and the reason."""
        request = urllib.request.Request(
            self._base_url + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                data = answer.read(_LARGEST)
                return Answer(answer.status, models=_models(data) if body is None else ())
        except urllib.error.HTTPError as error:
            return Answer(error.code, self._without_key(_message(error.read(_LARGEST))))
        except (OSError, ValueError) as error:
            return Answer(0, self._without_key(str(error)))

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirection is an answer: the key goes to no other address."""

    def redirect_request(self, *__: Any) -> None:
        return None


def _models(data: bytes) -> tuple[str, ...]:
    try:
        rows = json.loads(data)["data"]
        return tuple(str(row["id"]) for row in rows)
    except (ValueError, KeyError, TypeError):
        return ()


def _message(data: bytes) -> str:
    try:
        told = json.loads(data)
        error = told.get("error", told)
        return str(error.get("message") or error) if isinstance(error, dict) else str(error)
    except (ValueError, AttributeError):
        return data.decode("utf-8", "replace")[:500]
