"""What was asked of the emulator, a line each, and the sum of it; for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migrator.decisions import Source
from migrator.language import _, counted
from migrator.reports.json import source_data
from migrator.reports.redaction import redact, redact_all
from migrator.reports.words import visible
from migrator.verification.emulator import Emulator
from migrator.verification.exchanges import CallSite, Exchange

_LONGEST = 300


@dataclass
class Tally:
    """How many requests there were, and how many broke each rule or failed as was asked for."""

    requests: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, exchange: Exchange) -> None:
        """Count an exchange."""
        self.requests += 1
        if exchange.refusal is not None:
            self.refused[exchange.refusal.rule] += 1
        if exchange.injected:
            self.failures[exchange.injected] += 1


# -- for people ------------------------------------------------------------------------------------


def opening(emulator: Emulator, *, key_given: bool) -> str:
    """How to point a program at an emulator that is running."""
    played = _(
        "{provider} is played at {url}", provider=emulator.provider.id, url=emulator.base_url
    )
    lines = [played, ""]
    for name, value in emulator.environment().items():
        secret = key_given and value == emulator.key
        told = (
            "# " + _("{name}: the key of --key", name=name) if secret else f"export {name}={value}"
        )
        lines.append(f"    {told}")
    for kind in emulator.uncoded:
        told = _("{kind}: its code is not known, so the answer has none", kind=kind)
        lines.append(f"    # {told}")
    return "\n".join([*lines, "", _("Ctrl-C ends it."), ""])


def line(exchange: Exchange) -> str:
    """One request: its status, what it asked for, where it was made, and why it was refused."""
    words = [str(exchange.status or "---"), exchange.method, exchange.path, exchange.model]
    words.append(str(exchange.site or ""))
    if exchange.injected:
        words.append(_("failed as asked: {failure}", failure=exchange.injected))
    if refusal := exchange.refusal:
        said = _(
            "refused by {rule}: {message}", rule=refusal.rule, message=refusal.message[:_LONGEST]
        )
        words.append(" ".join([said, *map(_cited, refusal.sources[:1])]))
    return redact(visible("  ".join(filter(None, words))))


def closing(tally: Tally) -> str:
    """The sum of all requests."""
    refused, failed = tally.refused.total(), tally.failures.total()
    sums = counted(
        "{number} requests, {refused} refused, {failed} failed as asked",
        "{number} requests, {refused} refused, {failed} failed as asked",
        tally.requests,
        refused=refused,
        failed=failed,
    )
    every = [*tally.refused.most_common(), *tally.failures.most_common()]
    return "\n".join([sums, *(f"    {count}  {name}" for name, count in every)])


def _cited(source: Source) -> str:
    return f"({source.url}, {source.as_of})" if source.as_of else f"({source.url})"


# -- for programs ----------------------------------------------------------------------------------


def opening_json(emulator: Emulator, *, key_given: bool) -> str:
    """The same as a line of JSON."""
    variables = {
        name: None if key_given and value == emulator.key else value
        for name, value in emulator.environment().items()
    }
    address = {"target": emulator.provider.id, "base_url": emulator.base_url}
    told = {**address, "environment": variables, "failures_without_code": emulator.uncoded}
    return json.dumps({"schema": 1, "emulator": told})


def exchange_json(exchange: Exchange) -> dict[str, Any]:
    """One request as a tree; without its body."""
    refusal = exchange.refusal
    told = {
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status or None,
        "model": exchange.model or None,
        "site": site_json(exchange.site),
        "failure": exchange.injected or None,
        "refused": None
        if refusal is None
        else {
            "rule": refusal.rule,
            "code": refusal.code,
            "message": refusal.message,
            "sources": [source_data(one) for one in refusal.sources],
        },
    }
    result: dict[str, Any] = redact_all(told)
    return result


def closing_json(tally: Tally) -> str:
    """The sum as a line of JSON."""
    counts = {"refused": dict(tally.refused), "failures": dict(tally.failures)}
    return json.dumps({"summary": {"requests": tally.requests, **counts}})


def site_json(site: CallSite | None) -> Mapping[str, Any] | None:
    """A place of the user's code as a tree."""
    if site is None:
        return None
    return {"path": site.path, "line": site.line, "function": site.function}
