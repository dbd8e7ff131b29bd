"""What is asked of a person who begins: five questions, of what was found, with defaults.

A question says what it is about, what may be answered and what is usual; who asks it (a terminal,
or nobody, who takes what is usual) is no concern of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migrator.comparing import Candidate, Comparison
from migrator.errors import MigrateError
from migrator.language import _, counted, listed
from migrator.providers import Provider, load_provider
from migrator.reports.words import left, width_of
from migrator.settings.keys import SUPPLEMENTED

NOBODY = "-"
_YES, _NO = ("y", "yes", "是", "好"), ("n", "no", "否", "不")


class AnswerError(MigrateError):
    """An answer that cannot be used, or one that is missing."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: lines that lead to it, the question, and what nothing typed means.

    `read` makes a value of what is typed, and raises MigrateError where it cannot.
    """

    key: str
    lines: Sequence[str]
    words: str
    usual: str
    read: Callable[[str], Any]


@dataclass
class Answers:
    """What is known so far: typed as options, or answered."""

    target: str = ""
    region: str | None = None
    supplements: dict[str, str] = field(default_factory=dict)
    map: dict[str, str] | None = None
    hook: bool | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings that say so; without what is usual anyway."""
        told: dict[str, Any] = {"target": self.target}
        if self.region and self.region != load_provider(self.target).region().id:
            told["region"] = self.region
        told |= {name: one for name, one in self.supplements.items() if one != NOBODY}
        if self.map:
            told["map"] = self.map
        return told


Ask = Callable[[Question], Any]


def found(comparison: Comparison) -> str:
    """What was found, in one line."""
    if not comparison.kinds:
        return _("Nothing here asks OpenAI for anything yet.")
    kinds = listed(f"{number} {name}" for name, number in comparison.kinds.items())
    return counted(
        "Found {number} request to OpenAI in {files} files: {kinds}.",
        "Found {number} requests to OpenAI in {files} files: {kinds}.",
        sum(comparison.kinds.values()),
        files=comparison.files,
        kinds=kinds,
    )


def answered(comparison: Comparison, given: Answers, ask: Ask) -> Answers:
    """The answers, each question asked that is not answered and that there is to ask."""
    told = given
    if not told.target:
        told.target = ask(_provider(comparison))
    provider = load_provider(told.target)
    mine = [one for one in comparison.candidates if load_provider(one.target).id == provider.id]
    if told.region is None and len(provider.regions) > 1:
        told.region = ask(_region(provider))
    if told.region:
        provider.region(told.region)
    for capability in _lacking(mine):
        if capability not in told.supplements:
            told.supplements[capability] = ask(_supplement(capability, comparison, mine, provider))
    if told.map is None:
        models = _models(mine, told.supplements)
        told.map = ask(_map(models)) if models else {}
    if told.hook is None:
        told.hook = ask(_hook())
    return told


def _provider(comparison: Comparison) -> Question:
    alone = [one for one in comparison.candidates if not one.supplements]
    width = max((len(one.target) for one in alone), default=0)
    lines = [_("How many of the requests move to each (`migrate compare` tells more):")]
    told = {one.target: f"{one.moved}/{one.requests}" for one in alone}
    for one in alone:
        if pair := _paired(comparison, one):
            more = _("; {number} with {others}", number=pair.moved, others=_others(pair))
            told[one.target] += more
    wide = max(map(width_of, told.values()), default=0)
    for one in alone:
        name = load_provider(one.target).name
        lines.append(f"  {one.target:{width}}  {left(told[one.target], wide)}  {name}")
    best = comparison.recommended
    return Question(
        "target",
        lines,
        _("Which provider? An id, or the FILE.yaml of a gateway of your own"),
        best.target if best is not None else "",
        _known,
    )


def _known(name: str) -> str:
    load_provider(name)
    return name


def _paired(comparison: Comparison, one: Candidate) -> Candidate | None:
    pairs = (other for other in comparison.candidates if other.supplements)
    return next((other for other in pairs if other.target == one.target), None)


def _others(pair: Candidate) -> str:
    return listed(dict.fromkeys(pair.supplements.values()))


def _region(provider: Provider) -> Question:
    lines = [f"  {one.id}  {one.name}  {one.url}" for one in provider.regions]

    def read(name: str) -> str:
        return provider.region(name).id

    return Question("region", lines, _("Which region?"), provider.region().id, read)


def _lacking(mine: Sequence[Candidate]) -> list[str]:
    """What the code asks for, the provider has not, and another may serve."""
    alone = [one for one in mine if not one.supplements]
    lost = {one.capability for candidate in alone for one in candidate.lost}
    return [one for one in SUPPLEMENTED if one in lost]


def _supplement(
    capability: str, comparison: Comparison, mine: Sequence[Candidate], provider: Provider
) -> Question:
    able = [
        one.target
        for one in comparison.candidates
        if not one.supplements and capability not in {lost.capability for lost in one.lost}
    ]
    pair = next((one for one in mine if capability in one.supplements), None)
    usual = pair.supplements[capability] if pair is not None else NOBODY
    number = sum(
        len(lost.places)
        for one in mine
        if not one.supplements
        for lost in one.lost
        if lost.capability == capability
    )
    lines = [
        counted(
            "{number} request for {capability} does not move to {provider}. It does to: {others}.",
            "{number} requests for {capability} do not move to {provider}. They do to: {others}.",
            number,
            capability=capability,
            provider=provider.name,
            others=listed(able) or _("none"),
        )
    ]

    def read(name: str) -> str:
        return name if name == NOBODY else _known(name)

    words = _(
        "Who serves {capability}? ({nobody}: they stay on OpenAI)",
        capability=capability,
        nobody=NOBODY,
    )
    return Question(capability, lines, words, usual, read)


def _models(mine: Sequence[Candidate], supplements: Mapping[str, str]) -> list[str]:
    """What the models become, a line each: with the others that serve, if there are."""
    wanted = {name: one for name, one in supplements.items() if one != NOBODY}
    fitting = [one for one in mine if dict(one.supplements) == wanted] or list(mine)
    return [
        counted(
            "  {model} -> {becomes}  ({number} request)",
            "  {model} -> {becomes}  ({number} requests)",
            one.requests,
            model=one.openai,
            becomes=one.model.id if one.model is not None else _("it stays: {why}", why=one.why),
        )
        for one in (fitting[0].models if fitting else ())
    ]


def _map(models: Sequence[str]) -> Question:
    lines = [_("The models become:"), *models]
    words = _("Others for some of them? MODEL=MODEL, several with blanks between")
    return Question("map", lines, words, "", lambda typed: model_map(typed.split()))


def model_map(pairs: Sequence[str]) -> dict[str, str]:
    """The models of `MODEL=MODEL` each. Raises AnswerError."""
    made = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise AnswerError(_("{pair!r} must be MODEL=MODEL, as gpt-4o=qwen3.8-max", pair=pair))
        made[old] = new
    return made


def _hook() -> Question:
    lines = [_("A pre-commit hook can refuse new uses of OpenAI from now on.")]
    return Question("hook", lines, _("Add it to .pre-commit-config.yaml? (y/n)"), "n", agreed)


def agreed(typed: str) -> bool:
    """Whether somebody said yes. Raises AnswerError for what is neither yes nor no."""
    word = typed.strip().lower()
    if word not in (*_YES, *_NO):
        raise AnswerError(_("answer y or n"))
    return word in _YES


def usual_answers(question: Question) -> Any:
    """What is usual, asked of nobody. Raises AnswerError where nothing is."""
    if not question.usual and question.key == "target":
        raise AnswerError(_("nothing here says which provider: give --target"))
    return question.read(question.usual)
