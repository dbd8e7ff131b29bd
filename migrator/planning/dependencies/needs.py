"""Packages that rewritten code needs: said by any room of the planner, written down at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.decisions import Source

if TYPE_CHECKING:
    from migrator.planning.context import Context


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement, and the distribution that it comes beside or in the place of (`gone`).

    `site_ids` are the sites whose rewriting needs it. `told` says that a person reads elsewhere
    that it has to be installed, where no dependency file is known.
    """

    requirement: str
    beside: str
    reason: str
    site_ids: tuple[str, ...]
    gone: bool = False
    told: bool = False
    sources: tuple[Source, ...] = ()


def need(
    context: Context,
    requirement: str,
    *,
    beside: str,
    reason: str,
    site_ids: Sequence[str],
    gone: bool = False,
    told: bool = False,
    sources: Sequence[Source] = (),
) -> None:
    """Say that the rewritten code needs a package.

    need(
        context,
        "llama-index-llms-openai-like>=0.4",
        beside="llama-index-llms-openai",
        reason="the code imports llama_index.llms.openai_like",
        site_ids=[site.id],
    )

    `requirement` is written as in PEP 508, from the first release on that serves (there has to be
    one of that number); `beside` is the
    distribution next to which it belongs. It is put into every dependency file of the folders above
    the sites that names that distribution: in the file's order and style, once, with an exact pin
    where its neighbour has one. With `gone` nothing uses the neighbour any more (the caller has
    looked), and it takes its place; where several needs differ on that, the neighbour stays.
    Where no dependency file names the neighbour, the checklist says what to install, unless it is
    `told` elsewhere; so it does where the form of a file is not known, and where other packages of
    the environment do not agree. Say it before `dependencies.decide` runs, as often as you like.
    """
    context.needs.append(
        Need(requirement, beside, reason, tuple(site_ids), gone, told, tuple(sources))
    )
