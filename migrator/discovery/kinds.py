"""Which files are read, by their names."""

from __future__ import annotations

from migrator.analysis.documents import document_format

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")


def is_read(path: str) -> bool:
    """Whether files of that name are read at all."""
    return path.endswith(PYTHON_SUFFIXES) or document_format(path) is not None
