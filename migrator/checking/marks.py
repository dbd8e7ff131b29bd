"""Comments that take uses off: `# migrate: ignore[new-openai-import] reason`."""

from __future__ import annotations

from migrator.checking import codes
from migrator.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from migrator.analysis.sites import Suppression
    from migrator.checking.uses import Use
    from migrator.source import SourceText


class Fault:
    """Something to be told of a place that is no use: a comment's fault, a file's."""

    __slots__ = ("code", "column", "line", "message", "path")

    def __init__(self, path: str, line: int, code: str, message: str, column: int = 1) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.code = code
        self.message = message


def comments_of(path: str, source: SourceText) -> list[Suppression]:
    """The comments of a file that name a code of these."""
    from migrator.analysis.suppressions import suppressions

    return [
        comment
        for comment in suppressions(path, source)
        if any(code.startswith(codes.PREFIX) for code in comment.codes)
    ]


def told_apart(
    uses: Sequence[Use], comments: Sequence[Suppression], looked_for: Collection[str]
) -> tuple[list[Use], list[tuple[Use, str]], list[Fault]]:
    """The uses that no comment takes off, those that one does with its reason, and what is wrong.

    `looked_for` are the codes of this run: of another none is known to be unused.
    """
    honoured = [one for one in comments if one.reason and one.verb == "ignore"]
    left: list[Use] = []
    taken: list[tuple[Use, str]] = []
    used: set[tuple[Suppression, str]] = set()
    for use in uses:
        for comment in honoured:
            if use.code in comment.codes and comment.first <= use.line <= comment.last:
                taken.append((use, comment.reason))
                used.add((comment, use.code))
                break
        else:
            left.append(use)
    faults = []
    for comment in comments:
        said = f"{comment.verb}[{', '.join(comment.codes)}]"
        mine = [code for code in comment.codes if code.startswith(codes.PREFIX)]
        unknown = [code for code in mine if code not in codes.CODES]
        unused = [code for code in mine if code in looked_for and (comment, code) not in used]
        if unknown:
            why = _("there is no code {code}", code=", ".join(unknown))
        elif comment.verb != "ignore":
            why = _("a use that is done is gone: write `ignore`")
        elif not comment.reason:
            why = _("it gives no reason, and without one it is not honoured")
        elif unused:
            message = _(
                "`{comment}` takes nothing off: {code} is not there; delete it",
                comment=said,
                code=", ".join(unused),
            )
            faults.append(Fault(comment.path, comment.line, codes.UNUSED, message))
            continue
        else:
            continue
        message = _("`{comment}` is not honoured: {why}", comment=said, why=why)
        faults.append(Fault(comment.path, comment.line, codes.REFUSED, message))
    return left, taken, faults
