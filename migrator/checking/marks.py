"""Comments that take uses off: `# migrate: ignore[new-openai-import] reason`."""

from __future__ import annotations

from migrator.checking import codes
from migrator.language import _, marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from migrator.analysis.sites import Suppression
    from migrator.checking.uses import Use
    from migrator.source import SourceText


class Fault:
    """What is wrong with a comment: its place, a code, and a text with its values."""

    __slots__ = ("code", "column", "line", "path", "text", "values")

    def __init__(self, at: Suppression, code: str, text: str, /, **values: str) -> None:
        self.path = at.path
        self.line = at.line
        self.column = 1
        self.code = code
        self.text = text
        self.values = values

    @property
    def message(self) -> str:
        """What is said of it."""
        return _(self.text, **self.values)


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
    faults = [
        fault for comment in comments if (fault := _fault(comment, looked_for, used)) is not None
    ]
    return left, taken, faults


def _fault(
    comment: Suppression,
    looked_for: Collection[str],
    used: Collection[tuple[Suppression, str]],
) -> Fault | None:
    said = f"{comment.verb}[{', '.join(comment.codes)}]"
    mine = [code for code in comment.codes if code.startswith(codes.PREFIX)]
    unknown = [code for code in mine if code not in codes.CODES]
    unused = [code for code in mine if code in looked_for and (comment, code) not in used]
    if unknown:
        text = marked("`{comment}` is not honoured: there is no code {code}")
        return Fault(comment, codes.REFUSED, text, comment=said, code=", ".join(unknown))
    if comment.verb != "ignore":
        text = marked("`{comment}` is not honoured: a use that is done is gone; write `ignore`")
        return Fault(comment, codes.REFUSED, text, comment=said)
    if not comment.reason:
        text = marked("`{comment}` is not honoured: it gives no reason")
        return Fault(comment, codes.REFUSED, text, comment=said)
    if unused:
        text = marked("`{comment}` takes nothing off, {code} is not there: delete it")
        return Fault(comment, codes.UNUSED, text, comment=said, code=", ".join(unused))
    return None
