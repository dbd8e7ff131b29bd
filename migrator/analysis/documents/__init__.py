"""Sites in files that are not Python: configuration, dependencies, .env files, notebooks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from migrator.analysis import surface
from migrator.analysis.documents.findings import Finding, first_of_each_place
from migrator.analysis.documents.requirement import Requirement
from migrator.analysis.identity import in_tests, site_id
from migrator.analysis.sites import DocumentFacts, Site, Unreadable
from migrator.formats import document_format as document_format
from migrator.language import _
from migrator.source import SourceText, UndecodableError

if TYPE_CHECKING:
    from migrator.notebooks.program import Notebook

LARGEST = 1_000_000
LARGEST_NOTEBOOK = 20_000_000
REDACTED = "***"

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
    "template": "template",
    "terraform": "terraform",
}
# The formats that declare dependencies.
_DECLARING = {
    "python": "scripts",
    "notebook": "notebook",
    **{
        form: module
        for form, module in _MODULES.items()
        if form not in ("env", "template", "terraform")
    },
}
_SECRET = re.compile(r"\b(?:sk|sess|pk)-[A-Za-z0-9_-]{8,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_OPEN_VALUE = re.compile(r"^(?:\$|<|%|\{|os\.environ|env[:.(])|^$")


def document_sites(path: str, data: bytes) -> list[Site] | Unreadable:
    """The sites of a document, in file order; Unreadable where it is too large or not text.

    A lock file and a file of a format that is not read have no sites.
    """
    form = document_format(path)
    if form is None:
        return []
    if form == "notebook":
        notebook = read_notebook(path, data)
        return notebook if isinstance(notebook, Unreadable) else notebook_sites(path, notebook)
    if len(data) > LARGEST:
        return Unreadable(path, 1, _("larger than {number} MB", number=LARGEST // 1_000_000))
    try:
        source = SourceText.decode(data, python=False)
    except UndecodableError as error:
        return Unreadable(path, 1, str(error))
    module = import_module(f"{__name__}.{_MODULES[form]}")
    read: Callable[[str], Iterator[Finding]] = module.findings
    try:
        findings = first_of_each_place(read(unix(source.text)))
    except RecursionError:
        return Unreadable(path, 1, _("nested too deeply"))
    return _with_ids([_site(path, form, source, finding) for finding in findings])


def requirements_of(path: str, text: str) -> list[Requirement]:
    """Every requirement that a file declares, in text order; none where it is no such file."""
    form = "python" if path.endswith(".py") else document_format(path)
    if form not in _DECLARING:
        return []
    module = import_module(f"{__name__}.{_DECLARING[form]}")
    read: Callable[[str], Iterator[Requirement]] = module.requirements
    return sorted(read(unix(text)), key=lambda one: one.bounds)


def read_notebook(path: str, data: bytes) -> Notebook | Unreadable:
    """The program of a notebook; Unreadable where it is too large, or no notebook."""
    from migrator.notebooks.program import Notebook

    if len(data) > LARGEST_NOTEBOOK:
        return Unreadable(
            path, 1, _("larger than {number} MB", number=LARGEST_NOTEBOOK // 1_000_000)
        )
    try:
        return Notebook.read(data)
    except UndecodableError as error:
        return Unreadable(path, 1, str(error))


def notebook_sites(path: str, notebook: Notebook) -> list[Site]:
    """The sites of a notebook's magics and shell commands, in its program."""
    from migrator.analysis.documents.notebook import commands, variables

    text = unix(notebook.text)
    found = {"env": variables(text), "shell": commands(text)}
    return _with_ids(
        [
            _site(path, form, notebook, finding)
            for form, findings in found.items()
            for finding in first_of_each_place(findings)
        ]
    )


def unix(text: str) -> str:
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


def _extra(path: str, finding: Finding) -> tuple[tuple[str, str], ...]:
    """What else is known of a finding: the framework that the file is of."""
    setting = surface.framework_setting(path, finding.name) if finding.role == "model" else None
    if setting is None:
        return finding.extra
    told = {"framework": setting.framework, "form": setting.form, "beside": setting.beside}
    return (*finding.extra, *told.items())


def _redacted(text: str) -> str:
    return _SECRET.sub(REDACTED, text)


def _secret(finding: Finding) -> bool:
    """Whether the value is a key's own value, not a reference to it or its variable's name."""
    named = "secret" in dict(finding.extra)
    if finding.role != "key" or named or _OPEN_VALUE.match(finding.value):
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
        extra=_extra(path, finding),
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
    )
