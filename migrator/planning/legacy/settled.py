"""Whether a value is read from the environment where it is given, and from nowhere else."""

from __future__ import annotations

import re

from migrator.analysis.sites import Argument
from migrator.planning.syntax import laid_out_plainly

_READ = re.compile(
    r"(?:os\.)?(?:environ\s*\[[^\[\]]+\]|(?:environ\.get|getenv)\([^()]*\))\s*(?:or\s*(?:None|''|\"\"))?"
)


def is_from_environment(argument: Argument) -> bool:
    """Whether an argument is a variable of the environment, or a literal that stands for one."""
    read = isinstance(argument.value, str) or _READ.fullmatch(laid_out_plainly(argument.spelled))
    return bool(read)


def is_read(written: str) -> bool:
    """Whether source reads one variable of the environment, or is a plain string."""
    text = laid_out_plainly(written)
    return (
        _READ.fullmatch(text) is not None or re.fullmatch(r"""(['"])[^'"]*\1""", text) is not None
    )
