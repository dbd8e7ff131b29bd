"""Comments that take items off the checklist: `# migrate: done[code] reason`, or `ignore[…]`.

One behind code speaks of the statement that it stands in, one on a line of its own of the
statement below. In a file that is not Python, a line stands for a statement. Those with codes of
`migrate check` are written in the same way, and speak to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrator.analysis.sites import Site, Suppression
from migrator.checking.codes import PREFIX
from migrator.source import PYTHON, SourceText, statement_lines

_MARK = "migrate:"
_COMMENT = re.compile(
    r"(?<!#)#+[ \t]*migrate:[ \t]*(?P<verb>done|ignore)[ \t]*\[(?P<codes>[^\]\n]{0,1000})\]"
    r"[ \t]*[:,;–—-]*[ \t]*(?P<reason>[^\n]*)"
)
# Their `#` begins no comment.
_WITHOUT_COMMENTS = (".json", ".md", ".rst", ".txt")
_REQUIREMENTS = re.compile(r"(^|/)(requirements|constraints)[^/]*\.txt$")


def suppressions(path: str, source: SourceText) -> Iterator[Suppression]:
    """The comments of a file, in their order."""
    if _MARK not in source.text:
        return
    if path.endswith(_WITHOUT_COMMENTS) and not _REQUIREMENTS.search(path):
        return
    python = path.endswith(PYTHON)
    found = _python_comments(source.text) if python else _comments(source)
    spans = statement_lines(source.text) if python else ()
    for line, column, text in found:
        match = _COMMENT.match(text)
        if match is not None:
            codes = tuple(one.strip() for one in match["codes"].split(",") if one.strip())
            own = not source.line(line)[:column].strip()
            start = _below(source, line) if own else line
            first, last = _statement(spans, start)
            yield Suppression(
                path, line, match["verb"], codes, match["reason"].strip(), first, last
            )


def of_the_checklist(comment: Suppression) -> Suppression | None:
    """A comment without the codes of `migrate check`; None where it speaks of those alone."""
    codes = tuple(code for code in comment.codes if not code.startswith(PREFIX))
    if codes == comment.codes:
        return comment
    return replace(comment, codes=codes) if codes else None


def with_suppressions(sites: Sequence[Site], comments: Sequence[Suppression]) -> list[Site]:
    """The sites, each with the comments that speak of it."""
    if not comments:
        return list(sites)
    return [
        replace(site, suppressions=of)
        if (of := tuple(one for one in comments if _speaks_of(one, site)))
        else site
        for site in sites
    ]


def _speaks_of(comment: Suppression, site: Site) -> bool:
    return comment.covers(site.path, site.span.line, site.span.end_line)


def _python_comments(text: str) -> Iterator[tuple[int, int, str]]:
    """The line, the column and the text of every comment; all up to where the text is at fault."""
    import io
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _comments(source: SourceText) -> Iterator[tuple[int, int, str]]:
    for number in range(1, len(source.starts) + 1):
        line = source.line(number)
        match = _COMMENT.search(line)
        if match is not None:
            yield number, match.start(), line[match.start() :]


def _below(source: SourceText, line: int) -> int:
    """The first line below that is neither blank nor a comment."""
    for number in range(line + 1, len(source.starts) + 1):
        text = source.line(number).strip()
        if text and not text.startswith("#"):
            return number
    return line


def _statement(spans: Sequence[tuple[int, int]], line: int) -> tuple[int, int]:
    """The lines of the innermost statement that a line belongs to."""
    around = [span for span in spans if span[0] <= line <= span[1]]
    return max(around, default=(line, line))
