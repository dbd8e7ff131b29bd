"""The words that the reports on many repositories share."""

from __future__ import annotations

from migrator.decisions import Severity
from migrator.fleet.result import Result, Standing
from migrator.fleet.summary import Fleet, Obstacle
from migrator.language import _, counted, marked
from migrator.planning.messages import MESSAGES

FOLDER = "repositories"
STANDINGS = {
    Standing.MOVES: marked("moves"),
    Standing.PARTLY: marked("moves in part"),
    Standing.PEOPLE: marked("left to people"),
    Standing.NOTHING: marked("nothing to do"),
    Standing.FOUND: marked("uses OpenAI"),
    Standing.FAILED: marked("failed"),
}
MEANINGS = {
    Standing.MOVES: marked("rewritten, and nothing is in the way"),
    Standing.PARTLY: marked("rewritten, but for something that has no counterpart"),
    Standing.PEOPLE: marked("nothing can be rewritten, and something is to be done"),
    Standing.NOTHING: marked("no use of OpenAI, or none that has to change"),
    Standing.FOUND: marked("looked at without a provider to move to"),
    Standing.FAILED: marked("could not be fetched or looked at"),
}


def headline(fleet: Fleet) -> str:
    """`12 repositories: 60 of 75 requests move`, or how many there are without a provider."""
    number = len(fleet.results)
    repositories = counted("{number:,} repository", "{number:,} repositories", number)
    requests = fleet.total("requests")
    if not requests:
        return repositories
    if not fleet.targets:
        return counted(
            "{repositories}: {number:,} request",
            "{repositories}: {number:,} requests",
            requests,
            repositories=repositories,
        )
    return _(
        "{repositories}: {moved:,} of {requests:,} requests move",
        repositories=repositories,
        moved=fleet.total("moved"),
        requests=requests,
    )


def blockers(result: Result) -> int:
    """How much of a repository has no counterpart."""
    return result.number(Severity.BLOCKER.value)


def obstacle(one: Obstacle) -> str:
    """What is in the way, as the checklist's codes say it: `` `{api}` is not served by … ``."""
    message = MESSAGES.get(one.code)
    return _(message.title) if message is not None else one.code
