"""Whether a text that a person wrote can be read as what its file is. Nothing of it is run."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Callable
from pathlib import PurePosixPath

from migrator.language import _
from migrator.reviewing.merging import has_marks


def fault(path: str, text: bytes, before: bytes) -> str | None:
    """What is wrong with a text for a file; None where nothing is.

    Of a file that could not be read before either, nothing is asked.
    """
    if has_marks(text):
        return _("{path}: there are marks of a conflict in it", path=path)
    read = _READERS.get(PurePosixPath(path).suffix)
    if read is None or _refusal(read, before) is not None:
        return None
    refused = _refusal(read, text)
    return None if refused is None else f"{path}{refused}"


def _refusal(read: Callable[[bytes], object], text: bytes) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(text)
    except SyntaxError as error:
        return f":{error.lineno or 1}: {error.msg}"
    except Exception as error:
        return f": {' '.join(str(error).split())}"
    return None


def _python(text: bytes) -> None:
    compile(text, "edited", "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)


def _toml(text: bytes) -> None:
    import tomlkit

    from migrator.toml import require_short_keys

    require_short_keys(text.decode())
    tomlkit.parse(text)


def _yaml(text: bytes) -> None:
    import yaml

    for _event in yaml.parse(text, Loader=yaml.SafeLoader):
        pass


_READERS: dict[str, Callable[[bytes], object]] = {
    ".py": _python,
    ".pyi": _python,
    ".json": json.loads,
    ".ipynb": json.loads,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
}
