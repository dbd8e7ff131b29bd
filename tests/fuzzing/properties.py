"""What must hold for any program: broken ones are told in words."""

from __future__ import annotations

import ast
import builtins
import io
import subprocess
import tempfile
import tokenize
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from migrator import workflow
from migrator.analysis.result import ScanResult
from migrator.analysis.sites import Kind, Site
from migrator.changes.diff import FileChange, unified_diff
from migrator.changes.result import ApplyResult
from migrator.checking import sifting
from migrator.checking.reading import Reader
from migrator.decisions import Checklist, Leave
from migrator.source import SourceText
from tests.fuzzing.layout import syntax
from tests.trees import fingerprint

Files = Mapping[str, bytes]
_ENDINGS = ("\r\n", "\n", "\r")
_IMPORTS = (ast.Import, ast.ImportFrom)
# `check` tells of these by their names alone: it follows no client, and no value of a variable.
_BY_NAME = frozenset({"new-openai-model", "new-openai-key"})
_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


@dataclass(frozen=True)
class Seen:
    """A tree, and what is planned for it."""

    files: Files
    result: ApplyResult

    @property
    def sites(self) -> list[Site]:
        return [decision.site for decision in self.result.plan.decisions]


def placed(files: Files) -> tempfile.TemporaryDirectory[str]:
    """A folder with the files."""
    folder = tempfile.TemporaryDirectory(dir=_MEMORY, prefix="migrate-fuzz-")
    for path, data in files.items():
        target = Path(folder.name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def seen(files: Files, options: workflow.Options) -> Seen:
    """What is planned for the files."""
    with placed(files) as name:
        return Seen(files, workflow.plan([Path(name)], options)[0])


def broken(files: Files, options: workflow.Options) -> list[str]:
    """Every rule that does not hold for a tree. What raises an error is an error of its own."""
    try:
        one = seen(files, options)
    except workflow.NoSdkError:
        return []
    with placed(files) as name:
        scan = workflow.scan([Path(name)])
    return [*_decided(one, scan), *_changed(one), *_checked(one, scan), *_written(one, options)]


def _decided(one: Seen, scan: ScanResult) -> Iterator[str]:
    """Every site has one decision, with a reason, and nothing is missing in the sums."""
    plan = one.result.plan
    scanned = [site.id for site in scan.sites]
    if len(set(scanned)) != len(scanned):
        yield "two sites have one id"
    if [decision.site.id for decision in plan.decisions] != scanned:
        yield "the sites of the scan are not those of the plan"
    coverage = plan.coverage
    if coverage.sites != coverage.converted + coverage.checklist + coverage.left:
        yield f"the coverage does not add up: {coverage}"
    listed = {site_id for item in plan.checklist for site_id in item.site_ids}
    for decision in plan.decisions:
        site = decision.site
        where = f"{site.path}:{site.span.line} {site.kind.value} {site.detail}"
        if isinstance(decision, Checklist) and site.id not in listed:
            yield f"{where} is left to a person, and not on the checklist"
        if isinstance(decision, Leave) and not decision.reason:
            yield f"{where} is left without a reason"


def _changed(one: Seen) -> Iterator[str]:
    edits = one.result.edits
    for change in one.result.changes:
        if change.before is None or change.after is None:
            if syntax((change.after or b"").decode()) is None:
                yield f"{change.path}: what is written beside the code is no Python"
            continue
        ranges = [r for edit in edits if edit.path == change.path for r in edit.lines]
        edited = {line for low, high in ranges for line in range(low, high + 1)}
        yield from (f"{change.path}: {fault}" for fault in _of_file(change, edited))
        if change.path.endswith(".py"):
            yield from (f"{change.path}: {fault}" for fault in _outside(change, ranges))


def _of_file(change: FileChange, edited: Collection[int]) -> Iterator[str]:
    """A file is what it was, but for the edits: its code, its line ends, its comments.

    A comment may go with what it stands behind, in the lines that an edit changes.
    """
    assert change.before is not None
    assert change.after is not None
    is_python = change.path.endswith((".py", ".pyi"))
    before = SourceText.decode(change.before, python=is_python)
    after = SourceText.decode(change.after, python=is_python)
    if (before.encoding, before.bom) != (after.encoding, after.bom):
        yield "another encoding"
    ends, new_ends = _ends(before.text), _ends(after.text)
    if not set(new_ends) <= set(ends) | ({"\n"} if not ends else set()):
        yield f"other line ends: {dict(ends)} became {dict(new_ends)}"
    if is_python:
        try:
            compile(change.after, change.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            if _compiles(change.before):
                yield f"does not compile: {error}"
        kept = Counter(text for _line, text in _comments(after.text))
        must_stay = (text for line, text in _comments(before.text) if line not in edited)
        if lost := Counter(must_stay) - kept:
            yield f"comments are gone: {sorted(lost)}"
        if unbound := _unbound(change.after) - _unbound(change.before):
            yield f"names that nothing gives a value any more: {sorted(unbound)}"


def _unbound(data: bytes) -> set[str]:
    """The names that are read somewhere in a file, and bound nowhere in it."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return set()
    read, bound = set(), set(dir(builtins))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                bound.add(name)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                bound.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                bound.add(name)
    return set() if "*" in bound else read - bound


def _compiles(data: bytes) -> bool:
    try:
        compile(data, "before", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _ends(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    rest = text
    for end in _ENDINGS:
        found[end] = rest.count(end)
        rest = rest.replace(end, "")
    return +found


def _comments(text: str) -> list[tuple[int, str]]:
    """The comments, each with the line that it stands behind; 0 for one alone on its line."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(plain).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [
        (one.start[0] if one.line[: one.start[1]].strip() else 0, one.string.strip())
        for one in tokens
        if one.type == tokenize.COMMENT
    ]


def _outside(change: FileChange, ranges: list[tuple[int, int]]) -> Iterator[str]:
    """Every line that differs belongs to an edit, or to an import that follows one."""
    imports = _import_lines(change.before or b"")
    old, new = (
        SourceText.decode(data or b"").text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for data in (change.before, change.after)
    )
    steps = SequenceMatcher(None, old, new, False).get_opcodes()
    # Lines that stay may be paired with others that say the same, as a bracket does.
    paired = Counter(
        line for tag, *_, start, end in steps if tag != "equal" for line in new[start:end]
    )
    for tag, first, last, _start, _end in steps:
        if tag in {"equal", "insert"}:
            continue
        for line in range(first + 1, last + 1):
            told = line in imports or any(low <= line <= high for low, high in ranges)
            if told or not old[line - 1].strip():
                continue
            if paired[old[line - 1]]:
                paired[old[line - 1]] -= 1
            else:
                yield f"line {line} differs, and no edit says so: {old[line - 1]!r}"


def _import_lines(data: bytes) -> set[int]:
    imports = (one for one in ast.walk(ast.parse(data)) if isinstance(one, _IMPORTS))
    return {line for one in imports for line in range(one.lineno, (one.end_lineno or 0) + 1)}


def _checked(one: Seen, scan: ScanResult) -> Iterator[str]:
    """What `check` tells of is in the files that a scan tells of."""
    words = sifting.needles(frameworks=False)
    sites = {(site.path, line) for site in scan.sites for line in _lines(site.span)}
    skipped = {skip.path for skip in scan.skipped}
    for path, data in one.files.items():
        if not path.endswith(".py") or path in skipped:
            continue
        text = sifting.as_utf_8(data)
        if not sifting.names_openai(text, words):
            continue
        for use in Reader(words, False, ()).look(path, text).uses:
            if (path, use.line) not in sites and use.code not in _BY_NAME:
                yield f"{path}:{use.line}: check tells of {use.code} {use.subject}, scan does not"


def _lines(span: object) -> range:
    return range(span.line, span.end_line + 1)  # type: ignore[attr-defined]


def _written(one: Seen, options: workflow.Options) -> Iterator[str]:
    """Applied once is applied for good, git carries the patch out, and `undo` takes it back."""
    if not one.result.changes:
        return
    with placed(one.files) as name:
        root = Path(name)
        before = fingerprint(root)
        workflow.apply([root], options, allow_dirty=True)
        for change in one.result.changes:
            if (root / change.path).read_bytes() != change.after:
                yield f"{change.path}: written otherwise than planned"
        again = workflow.plan([root], options)[0]
        if again.changes or again.plan.edits:
            done = [f"{edit.codemod} {edit.path}:{edit.span.line}" for edit in again.plan.edits]
            yield f"a second apply would change {[c.path for c in again.changes]}: {done}"
        gone = _forgotten(one.result, again)
        yield from gone
        workflow.undo(root)
        if fingerprint(root) != before:
            yield "undo does not give the files back"
    with placed(one.files) as name:
        patch = unified_diff(one.result.changes)
        command = ["git", "apply", "--whitespace=nowarn", "-"]
        done_ = subprocess.run(command, cwd=name, input=patch, capture_output=True, check=False)
        if done_.returncode:
            yield f"git does not take the patch: {done_.stderr.decode()[:300]}"
        elif any(Path(name, c.path).read_bytes() != c.after for c in one.result.changes):
            yield "git makes something else of the patch"


def _forgotten(first: ApplyResult, again: ApplyResult) -> Iterator[str]:
    """After an apply, no file is without a row that has calls nobody has decided on."""
    rows = {item.path for item in first.plan.checklist}
    for decision in again.plan.decisions:
        site = decision.site
        is_use = site.kind in {Kind.CLIENT, Kind.CALL, Kind.MODEL, Kind.RAW_HTTP}
        if is_use and isinstance(decision, Checklist) and site.path not in rows:
            yield (
                f"{site.path}:{site.span.line}: {site.kind.value} {site.detail} is open after "
                f"the apply, and the checklist said nothing: {decision.items[0].code}"
            )


def meaning(one: Seen) -> dict[str, object]:
    """What is found and made of a tree, without where it stands: alike for every layout of it."""
    return {
        "sites": Counter(
            (site.path, site.kind.value, _plain(site.detail), site.certainty.value)
            for site in one.sites
        ),
        "decisions": Counter(
            (type(d).__name__, d.site.path, d.site.kind.value, _plain(d.site.detail))
            for d in one.result.plan.decisions
        ),
        "checklist": Counter((item.code, item.path) for item in one.result.plan.checklist),
        "after": {c.path: _said(c) for c in one.result.changes},
    }


def _plain(detail: str) -> str:
    """A detail that is no piece of the source, which has another layout."""
    return detail if detail.replace(".", "_").isidentifier() else ""


def _said(change: FileChange) -> str | None:
    """What a changed file says; where its new imports stand may hang on the layout."""
    try:
        tree = ast.parse(change.after or b"")
    except (SyntaxError, ValueError):
        return None
    imports = [one for one in tree.body if isinstance(one, _IMPORTS)]
    others = [one for one in tree.body if not isinstance(one, _IMPORTS)]
    tree.body = [*sorted(imports, key=ast.unparse), *others]
    return syntax(ast.unparse(tree))


def differences(plain: Files, files: Files, options: workflow.Options) -> list[str]:
    """What a layout made of what is found and done."""
    try:
        one = seen(files, options)
        old, new = meaning(seen(plain, options)), meaning(one)
    except workflow.NoSdkError:
        return []
    told = list(_changed(one))
    for name in ("sites", "decisions", "checklist"):
        had, has = old[name], new[name]
        assert isinstance(had, Counter)
        assert isinstance(has, Counter)
        if had != has:
            told.append(f"{name}: lost {sorted(had - has)}, new {sorted(has - had)}")
    if not told and old["after"] != new["after"]:
        told.append("the files become something else")
    return told
