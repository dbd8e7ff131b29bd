"""Which files are read, by their names."""

from __future__ import annotations

from migrator.formats import document_format

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")
_PROSE_SUFFIXES = (".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc")


def is_read(path: str) -> bool:
    """Whether files of that name are read at all."""
    return path.endswith(PYTHON_SUFFIXES) or document_format(path) is not None


def is_prose(path: str) -> bool:
    """Whether a file is documentation, by its name: no site is found in it."""
    return path.lower().endswith(_PROSE_SUFFIXES) and not is_read(path)
