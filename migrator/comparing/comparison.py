"""What a comparison of providers says: plain data, which reports render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.comparing.prices import ListPrice
from migrator.decisions import Coverage, Severity
from migrator.providers import Model, Offer, Region


@dataclass(frozen=True, slots=True)
class Lost:
    """Requests of one capability that stay on OpenAI for one reason, and where they stand."""

    capability: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a model of OpenAI's becomes for the requests that name it.

    `model` is None where it becomes nothing: `why` says for what reason. `confidence` is official,
    inferred, unknown or chosen; `provider` serves it.
    """

    openai: str
    openai_price: ListPrice | None
    requests: int
    provider: str
    model: Model | None
    confidence: str
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go: a provider, or one with others for what it lacks (`supplements`).

    `target` is what to give to `--target`, `supplements` has a provider by capability. `requests`
    are all that there are, `moved` those that go there. `lost` is what stays on OpenAI.
    """

    target: str
    supplements: Mapping[str, str]
    name: str
    name_zh: str
    as_of: str
    requests: int
    moved: int
    coverage: Coverage
    items: Mapping[Severity, int]
    lost: tuple[Lost, ...]
    models: tuple[ModelUse, ...]
    regions: tuple[Region, ...]
    default_region: str
    offers: tuple[Offer, ...]

    @property
    def label(self) -> str:
        """`moonshot`, or `moonshot + bailian`."""
        return " + ".join(dict.fromkeys((self.target, *self.supplements.values())))

    @property
    def options(self) -> str:
        """What to give to `migrate apply`."""
        others = (f" --{capability} {one}" for capability, one in self.supplements.items())
        return f"--target {self.target}{''.join(others)}"

    @property
    def yuan(self) -> float | None:
        """A million tokens in and out of every model chosen; None where a price is not known."""
        chosen = [use.model for use in self.models if use.model is not None]
        prices = [one.price_cny for one in chosen]
        return sum(sum(price) for price in prices if price) if chosen and all(prices) else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The candidates, best first, and why the first is the best ("" where there is none).

    `kinds` says how many requests there are for each capability, most first.
    """

    root: str
    files: int
    sites: int
    candidates: tuple[Candidate, ...]
    reason: str
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def recommended(self) -> Candidate | None:
        """The candidate to take; None where nothing would move."""
        first = next(iter(self.candidates), None)
        return first if first is not None and first.moved else None
