"""The page around the parts: one file that opens offline and may ask no network of anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from migrator.language import _, current, marked
from migrator.reports.html.texts import text

_KEYS = (
    ("j", marked("the next change")),
    ("k", marked("the change before")),
    ("/", marked("to the filter")),
    ("Esc", marked("take the filter off")),
    ("?", marked("these keys")),
)


def page(
    title: str,
    parts: Iterable[tuple[str, str, str]],
    *,
    head: str,
    repository: str = "",
    tools: str = "",
) -> str:
    """The document. `parts` are (id, heading, markup) of its sections; empty ones are left out.

    `head` is the markup above them, `tools` the filters; `repository` names what the ticks of a
    checklist belong to.
    """
    sections = [one for one in parts if one[2]]
    body = "\n".join(_section(*one) for one in sections)
    return (
        f'<!doctype html>\n<html lang="{current()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(title)}</title>\n<style>{_asset('page.css')}</style>\n</head>\n"
        f'<body data-repository="{text(repository)}">\n'
        f'<a class="skip" href="#main">{text(_("To the content"))}</a>\n'
        f"<header>\n{head}\n</header>\n"
        f"{_bar(sections, tools)}\n"
        f'<main id="main" tabindex="-1">\n{body}\n</main>\n{_help(bool(tools))}'
        f"<script>{_asset('page.js')}</script>\n</body>\n</html>\n"
    )


def _section(name: str, heading: str, markup: str) -> str:
    return (
        f'<section id="{name}" aria-labelledby="{name}-heading">'
        f'<h2 id="{name}-heading">{text(heading)}</h2>\n{markup}</section>'
    )


def _bar(sections: Sequence[tuple[str, str, str]], tools: str) -> str:
    """What stays in sight: the way to each section, and the filters."""
    links = "".join(
        f'<li><a href="#{name}">{text(heading)}</a></li>' for name, heading, _markup in sections
    )
    label = text(_("Sections"))
    return f'<div class="top"><nav aria-label="{label}"><ul>{links}</ul></nav>{tools}</div>'


def _help(keys: bool) -> str:
    if not keys:
        return ""
    rows = "".join(
        f"<div><dt><kbd>{key}</kbd></dt><dd>{text(_(said))}</dd></div>" for key, said in _KEYS
    )
    return (
        f'<dialog id="keys" aria-labelledby="keys-heading"><h2 id="keys-heading">'
        f"{text(_('Keys'))}</h2><dl>{rows}</dl>"
        f'<form method="dialog"><button>{text(_("Close"))}</button></form></dialog>\n'
    )


@cache
def _policy() -> str:
    """Nothing is loaded, and only our own style and script are obeyed, by their digests."""
    return (
        f"default-src 'none'; style-src {_digest('page.css')}; script-src {_digest('page.js')}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(name: str) -> str:
    found = hashlib.sha256(_asset(name).encode()).digest()
    return f"'sha256-{base64.b64encode(found).decode()}'"


@cache
def _asset(name: str) -> str:
    data = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return data.replace("\r\n", "\n")  # the digest is of what the browser sees
