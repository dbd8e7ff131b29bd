"""Sites in files that are not Python: configuration, dependencies, .env files, notebooks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module

from migrator.analysis.documents.findings import Finding, first_of_each_place
from migrator.analysis.documents.notebook import Cell, notebook_cells
from migrator.analysis.identity import in_tests, site_id
from migrator.analysis.sites import DocumentFacts, Site, Unreadable
from migrator.source import SourceText, UndecodableError

__all__ = ["Cell", "document_format", "document_sites", "notebook_cells"]

LARGEST = 1_000_000
LARGEST_NOTEBOOK = 20_000_000
REDACTED = "***"

# The first pattern that is found in the path's name says the format; None: not a document of ours.
_FORMATS: tuple[tuple[re.Pattern[str], str | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"\.lock$|^(?:package-lock|npm-shrinkwrap|Pipfile\.lock)|-lock\.(?:json|ya?ml)$", None),
        (r"\.ipynb$", "notebook"),
        (r"^Pipfile$|^pyproject\.toml$", "pyproject"),
        (r"(?:^|[._-])(?:requirements|constraints)[^/]*\.(?:txt|in)$", "requirements"),
        (r"\.ya?ml$", "yaml"),
        (r"\.toml$", "toml"),
        (r"\.jsonc?$", "json"),
        (r"\.(?:ini|cfg|conf|properties)$", "ini"),
        (r"\.(?:sh|bash|zsh|fish|bat|cmd|ps1|mk)$|^\.envrc$", "shell"),
        (r"^(?:(?:GNU)?Makefile|justfile|Procfile)$", "shell"),
        (r"\.(?:py[iwx]?|md|rst|txt|[jt]sx?|[cm]js|html?|css|go|rs|java|sql|csv|xml|svg)$", None),
        (r"\.(?:bicep|tf|j2|jinja2?|tpl|tmpl|log|diff|patch|png|jpe?g|gif|pdf|zip|gz)$", None),
        (r"^(?:Dockerfile|Containerfile)|\.dockerfile$", "docker"),
        (r"(?:^|[._-])(?:dot)?env(?:$|[._-])", "env"),
    )
)
_REQUIREMENTS_FOLDER = re.compile(r"(?:^|/)requirements/[^/]+\.(?:txt|in)$", re.IGNORECASE)
_MODULES = {
    "env": "env",
    "requirements": "requirements",
    "pyproject": "toml_",
    "toml": "toml_",
    "yaml": "yaml_",
    "json": "json_",
    "ini": "ini",
    "docker": "shell",
    "shell": "shell",
    "notebook": "notebook",
}
_SECRET = re.compile(r"\b(?:sk|sess|pk)-[A-Za-z0-9_-]{8,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_OPEN_VALUE = re.compile(r"^(?:\$|<|%|\{\{|os\.environ|env[:.(])|^$")


def document_format(path: str) -> str | None:
    """The format of a file by its path, None for one that is not read as a document."""
    if _REQUIREMENTS_FOLDER.search(path):
        return "requirements"
    name = path.rpartition("/")[2]
    return next((found for pattern, found in _FORMATS if pattern.search(name)), None)


def document_sites(path: str, data: bytes) -> list[Site] | Unreadable:
    """The sites of a document, in file order; Unreadable where it is too large or not text.

    A lock file and a file of a format that is not read have no sites.
    """
    form = document_format(path)
    if form is None:
        return []
    limit = LARGEST_NOTEBOOK if form == "notebook" else LARGEST
    if len(data) > limit:
        return Unreadable(path, 1, f"larger than {limit // 1_000_000} MB")
    try:
        source = SourceText.decode(data, python=False)
    except UndecodableError as error:
        return Unreadable(path, 1, str(error))
    module = import_module(f"{__name__}.{_MODULES[form]}")
    read: Callable[[str], Iterator[Finding]] = module.findings
    try:
        findings = first_of_each_place(read(_unix(source.text)))
    except RecursionError:
        return Unreadable(path, 1, "nested too deeply")
    return _with_ids([_site(path, form, source, finding) for finding in findings])


def _unix(text: str) -> str:
    """The text with LF line ends and every character where it was."""
    return text.replace("\\\r\n", " \\\n").replace("\r\n", " \n").replace("\r", "\n")


def _with_ids(sites: list[Site]) -> list[Site]:
    """The sites in file order, each with its id."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for site in sorted(sites, key=lambda site: (site.span, site.kind.value, site.detail)):
        key = (site.kind.value, site.detail, site.code)
        found.append(replace(site, id=site_id(site.path, *key, seen[key])))
        seen[key] += 1
    return found


def _redacted(text: str) -> str:
    return _SECRET.sub(REDACTED, text)


def _secret(finding: Finding) -> bool:
    """Whether the value is a key's own value, not a reference to it or its variable's name."""
    if finding.role != "key" or _OPEN_VALUE.match(finding.value):
        return False
    return ("refers", finding.value) not in finding.extra


def _code(source: SourceText, finding: Finding) -> str:
    start, end = finding.whole
    if _secret(finding) and finding.value_bounds:
        first, last = finding.value_bounds
        return _redacted(f"{source.text[start:first]}{REDACTED}{source.text[last:end]}")
    return _redacted(source.text[start:end])


def _site(path: str, form: str, source: SourceText, finding: Finding) -> Site:
    facts = DocumentFacts(
        format=form,
        role=finding.role,
        name=finding.name,
        value=REDACTED if _secret(finding) else _redacted(finding.value),
        value_span=source.span(*finding.value_bounds) if finding.value_bounds else None,
        name_span=source.span(*finding.name_bounds) if finding.name_bounds else None,
        extra=finding.extra,
    )
    return Site(
        id="",
        path=path,
        span=source.span(*finding.whole),
        kind=finding.kind,
        detail=_redacted(finding.detail),
        certainty=finding.certainty,
        in_tests=in_tests(path),
        code=_code(source, finding),
        facts=facts,
        cell=finding.cell,
    )
