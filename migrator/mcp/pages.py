"""What an agent can read up: the checklist's codes, the providers' profiles, and a way to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from migrator.providers import Provider

SCHEME = "migrate://"
CODES = "checklist"
PROVIDERS = "providers"
PROMPT = "migrate_to"
_STEPS = """\
Move this repository off the OpenAI API to {provider} with the tools of the server `migrate`.

1. `scan` the folder {folder!r}, and say in short what reaches OpenAI.
2. `plan` for target {target!r}: the summary, then the diffs and the checklist page by page. \
Read every diff as a reviewer would. Ask `explain` about whatever you do not understand, in the \
place of what you remember of either API.
3. {write}
4. Go through `checklist` with `briefs`, item by item, blockers first. Settle what an item \
asks for and nothing else. Where something has to stay as it is, say why in a comment: \
`# migrate: ignore[CODE] reason`. Write no key into the code.
5. `verify`{verify}: no rung may fail. Then tell me what moved, what is left to me, and what I \
have to set (keys, secrets of CI).
"""
_READS = (
    "This server only reads: show me the plan, and give me the command that carries it out "
    "(`migrate apply --target {target}`). Go on when I have run it."
)
_WRITES = "Show me the plan in short, and `apply` it once I agree. `undo` takes it back."
_RUNS = " with the command that runs the tests"


class NoPageError(MigrateError):
    """There is no page of that address, or no prompt of that name."""

    exit_code = 2


def listed() -> dict[str, tuple[str, str]]:
    """The pages by their addresses, each with its title and what it says."""
    from migrator.providers import known_ids, load_provider

    every = [load_provider(one) for one in known_ids()]
    return {
        f"{SCHEME}{PROVIDERS}": ("Providers", "The providers that code can be moved to."),
        f"{SCHEME}{CODES}": ("Codes of the checklist", "Every code, with its severity."),
        **{
            f"{SCHEME}{PROVIDERS}/{one.id}": (
                one.name,
                f"All that is known of {one.name}: endpoints, models, parameters, limits, "
                "each with source and date.",
            )
            for one in every
        },
    }


def read(address: str) -> str:
    """A page, in Markdown. Raises NoPageError, UnknownProviderError, UnknownNameError."""
    from migrator.reports.provider_pages import INDEX, page, pages

    kind, _, name = address.removeprefix(SCHEME).partition("/")
    match kind, name:
        case "providers", "":
            return pages()[INDEX]
        case "providers", _:
            return page(_known(name))
        case "checklist", "":
            return _codes()
        case "checklist", _:
            return _code(name)
    raise NoPageError(f"there is no page {address!r}")


def prompt(target: str, folder: str, *, write: bool) -> str:
    """What to ask an agent for that is to move a folder. Raises UnknownProviderError."""
    return _STEPS.format(
        provider=_known(target).name,
        target=target,
        folder=folder or ".",
        write=(_WRITES if write else _READS).format(target=target),
        verify=_RUNS if write else "",
    )


def _known(name: str) -> Provider:
    """A provider of ours by its id or alias; a page is none of a file's."""
    from migrator.providers import load_provider
    from migrator.targets import is_file

    if is_file(name):
        raise NoPageError(f"{name!r}: only the providers that come with the tool have a page")
    return load_provider(name)


def _codes() -> str:
    from migrator.planning.messages import MESSAGES

    rows = [f"- `{one.code}` ({one.severity.value})" for one in MESSAGES.values()]
    return "\n".join(["# Codes of the checklist", "", *rows, ""])


def _code(code: str) -> str:
    """What a code means, with a case of it where there is one."""
    from migrator.explaining.questions import about_code

    told = about_code(code)
    parts = [f"# `{code}`: {told.title}", f"{told.decision.capitalize()}.", f"To do: {told.action}"]
    if told.why:
        parts.append(f"{told.why[0].upper()}{told.why[1:]}.")
    for head, text in (("Before", told.before), ("After", told.after)):
        if text:
            parts.append(f"{head}:\n\n```\n{text.strip()}\n```")
    return "\n\n".join(parts) + "\n"
