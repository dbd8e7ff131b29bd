"""Reads small programs given as text, for tests of the value tracker."""

from __future__ import annotations

from textwrap import dedent

from migrator.analysis.linking import link
from migrator.analysis.module import lower
from migrator.analysis.sites import Site
from migrator.source import SourceText


def sites_of(files: dict[str, str] | str, settings: tuple[str, ...] = ()) -> list[Site]:
    """The sites of a program: a mapping of paths to sources, or the source of `app.py`.

    `settings` are the files that Django's settings are in.
    """
    if isinstance(files, str):
        files = {"app.py": files}
    texts = {path: dedent(text).lstrip("\n") for path, text in files.items()}
    modules = [lower(path, text) for path, text in sorted(texts.items())]
    return link(modules, {path: SourceText(text) for path, text in texts.items()}, texts, settings)


def found(files: dict[str, str] | str, settings: tuple[str, ...] = ()) -> list[str]:
    """The sites as `path:line kind detail`, with `?` behind what could not be proven."""
    return [
        f"{site.path}:{site.span.line} {site.kind.value} {site.detail}"
        + ("?" if site.certainty.value == "likely" else "")
        for site in sites_of(files, settings)
    ]


def calls(files: dict[str, str] | str) -> list[str]:
    """The calls among the sites."""
    return [line for line in found(files) if " call " in line]
