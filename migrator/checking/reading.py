"""What a file that holds a word of OpenAI's uses of it, whatever kind of file it is."""

from __future__ import annotations

import os

from migrator.checking import codes, sifting
from migrator.checking.marks import Fault, comments_of, told_apart
from migrator.checking.names import Names
from migrator.checking.unchanged import MARK
from migrator.checking.uses import Use, in_order
from migrator.decoding import UndecodableError, decoded
from migrator.formats import document_format
from migrator.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from migrator.analysis.sites import DocumentFacts, Site, Suppression

_NOTEBOOK = "notebook"
_SETUP = "setup.py"
_GENERATED = b"enerated"
_HEAD = 2048


class Looked:
    """What a file was found to hold.

    `uses` are those that no comment takes off, `taken` the rest, each with its reason; `faults` is
    what is wrong with such comments, `notes` what a person should know of the reading.
    """

    __slots__ = ("faults", "notes", "taken", "uses")

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.taken: list[tuple[Use, str]] = []
        self.faults: list[Fault] = []
        self.notes: list[str] = []


class Reader:
    """Looks at files. `looked_for` are the codes that count."""

    def __init__(self, words: list[bytes], frameworks: bool, ignored: Collection[str]) -> None:
        self._words = words
        self._frameworks = frameworks
        self.looked_for = frozenset(
            code
            for code in codes.CODES
            if code not in ignored and (frameworks or code != codes.CLASS)
        )

    def look(self, path: str, data: bytes) -> Looked:
        """The uses in a file, by its path and its bytes."""
        found = Looked()
        form = "python" if path.endswith(sifting.PYTHON) else document_format(path)
        if path.endswith(sifting.BASELINE):
            return found
        if form is None or sifting.is_binary(data) or _is_generated(data):
            return found
        largest = sifting.LARGEST_NOTEBOOK if form == _NOTEBOOK else sifting.LARGEST
        if len(data) > largest:
            size = _(
                "{path}: larger than {size} MB, and not looked at",
                path=path,
                size=largest // 1_000_000,
            )
            found.notes.append(size)
            return found
        try:
            self._read(path, form, data, found)
        except UndecodableError as error:
            found.uses = [Use(path, codes.UNREAD, str(error), 1, 1, "")]
        return found

    def _names(self, path: str) -> Names:
        def is_own(module: str) -> bool:
            return _is_own(os.path.dirname(path), module)  # noqa: PTH120

        return Names(self._words, self._frameworks, is_own)

    def _read(self, path: str, form: str, data: bytes, found: Looked) -> None:
        comments: Sequence[Suppression] = ()
        if form == "python":
            text, encoding, bom = decoded(data, python=True)
            uses = self._python(path, text, found)
            if path.rpartition("/")[2] == _SETUP:
                uses = in_order([*uses, *_required(path, text)])
            if MARK in data:
                from migrator.source import SourceText

                comments = comments_of(path, SourceText(text, encoding, bom))
            self._tell_apart(uses, comments, found)
        elif form == _NOTEBOOK:
            self._notebook(path, data, found)
        else:
            self._document(path, form, data, found)

    def _tell_apart(
        self, uses: Sequence[Use], comments: Sequence[Suppression], found: Looked
    ) -> None:
        counted = [one for one in uses if one.code in self.looked_for]
        found.uses, found.taken, found.faults = told_apart(counted, comments, self.looked_for)

    def _python(self, path: str, text: str, found: Looked) -> list[Use]:
        from migrator.checking.python import uses_in

        uses, fault = uses_in(path, text, self._names(path))
        if fault is not None:
            found.notes.append(
                _(
                    "{path}:{line}: not Python as this interpreter reads it ({fault}): only its "
                    "imports and strings were looked at",
                    path=path,
                    line=fault.lineno or 1,
                    fault=fault.msg,
                )
            )
        return uses

    def _notebook(self, path: str, data: bytes, found: Looked) -> None:
        from migrator.analysis.documents import notebook_sites
        from migrator.analysis.sites import Span
        from migrator.notebooks.program import Notebook

        notebook = Notebook.read(data)
        uses = self._python(path, notebook.text, found)
        uses = in_order([*uses, *map(_of_site, notebook_sites(path, notebook))])
        self._tell_apart(uses, comments_of(path, notebook), found)
        for use in (*found.uses, *(use for use, _reason in found.taken)):
            at = Span(use.line, use.column - 1, use.line, use.column - 1)
            shown, _cell = notebook.shown(at)
            use.line, use.column = shown.line, shown.column + 1
        for fault in found.faults:
            fault.line = notebook.shown_line(fault.line)

    def _document(self, path: str, form: str, data: bytes, found: Looked) -> None:
        from migrator.analysis.documents import document_sites
        from migrator.analysis.sites import Unreadable
        from migrator.discovery.data import is_data
        from migrator.source import SourceText

        if is_data(path, form, data):
            return
        sites = document_sites(path, data)
        if isinstance(sites, Unreadable):
            raise UndecodableError(sites.reason)
        comments = comments_of(path, SourceText.decode(data, python=False)) if MARK in data else []
        names = self._names(path)
        uses = [_of_site(site) for site in sites if _counts(site, names)]
        self._tell_apart(in_order(uses), comments, found)


def _counts(site: Site, names: Names) -> bool:
    """Whether a site is a use of OpenAI by itself, and not by what stands beside it."""
    from migrator.analysis.sites import Certainty, DocumentFacts

    facts = site.facts
    assert isinstance(facts, DocumentFacts)
    named = _code_of(site, facts) == codes.KEY and names.is_made_up(site.detail)
    if named and not names.address(facts.value):
        return False
    return site.certainty is Certainty.PROVEN or facts.role not in ("key", "base_url")


def _of_site(site: Site) -> Use:
    from migrator.analysis.sites import DocumentFacts

    facts, start = site.facts, site.span
    assert isinstance(facts, DocumentFacts)
    code = _code_of(site, facts)
    return Use(site.path, code, site.detail, start.line, start.column + 1, site.code)


def _code_of(site: Site, facts: DocumentFacts) -> str:
    from migrator.analysis.sites import Kind

    if site.kind is Kind.DEP:
        return codes.DEPENDENCY
    if facts.role == "model" and "meaning" not in dict(facts.extra):
        return codes.MODEL
    if facts.role == "code":
        return codes.IMPORT
    return codes.URL if "." in site.detail else codes.KEY


def _required(path: str, text: str) -> list[Use]:
    """The packages of OpenAI's that a setup.py asks for."""
    from migrator.analysis import surface
    from migrator.analysis.documents import requirements_of
    from migrator.source import SourceText

    source = SourceText(text)
    uses = []
    for one in requirements_of(path, text):
        known = surface.package(one.name)
        if known is not None:
            line, column = source.position(one.bounds[0])
            written = source.line(line)
            uses.append(Use(path, codes.DEPENDENCY, known.name, line, column + 1, written))
    return uses


def _is_generated(data: bytes) -> bool:
    if _GENERATED not in data[:_HEAD].lower():
        return False
    from migrator.discovery.sieve import is_generated

    return is_generated(data[:_HEAD])


def _is_own(folder: str, module: str) -> bool:
    """Whether what is imported in a folder by a dotted name is a module of the project's own.

    Found is what a program finds first that is started there or above; a folder that is a package
    is no place to start from. A folder without `__init__.py` gives way to what is installed, unless
    the module below it is there.
    """
    top, _dot, rest = module.partition(".")
    below = rest.partition(".")[0]
    files = [f"{top}.py", f"{top}/__init__.py"]
    if below:
        files += [f"{top}/{below}.py", f"{top}/{below}/"]
    while True:
        at = folder or "."
        if not os.path.exists(f"{at}/__init__.py"):  # noqa: PTH110
            for place in (at, f"{at}/src"):
                if any(os.path.exists(f"{place}/{name}") for name in files):  # noqa: PTH110
                    return True
        above = os.path.dirname(folder)  # noqa: PTH120
        if not folder or above == folder:
            return False
        folder = above
