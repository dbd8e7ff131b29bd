"""Runs small programs with a stand-in for the openai package that notes who asks it for what."""

from __future__ import annotations

import asyncio
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any, NamedTuple

_PROGRAM = "<program>/"
_REQUESTS = frozenset({"create", "parse", "generate", "stream"})
_CLIENTS = ("OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI")


class Asked(NamedTuple):
    """A request: the line of the program that makes it, the method path and the model's name."""

    path: str
    line: int
    api: str
    model: str | None


def run(files: Mapping[str, str]) -> set[Asked]:
    """What `app.py`, which finds the other files beside it, asks for when it is run."""
    asked: set[Asked] = set()
    with _importable(files, _stand_in(asked)):
        exec(
            compile(files["app.py"], f"{_PROGRAM}app.py", "exec"),
            {"__name__": "__main__", "__package__": None},
        )
    return asked


class _Part:
    """Anything that is reached by attributes of a client, or of what it answers."""

    def __init__(self, asked: set[Asked], path: str) -> None:
        self.__dict__.update(_asked=asked, _path=path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Part(self._asked, f"{self._path}.{name}".lstrip("."))

    def __call__(self, *given: object, **named: Any) -> Any:
        if self._path.rpartition(".")[2] in _REQUESTS:
            path, line = _place(sys._getframe(1))
            self._asked.add(Asked(path, line, self._path, named.get("model")))
        return _Answer(self._asked, "")


class _Answer(_Part):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> Any:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __await__(self) -> Generator[Any, None, Any]:
        yield from asyncio.sleep(0).__await__()
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None: ...


def _place(frame: FrameType | None) -> tuple[str, int]:
    while frame is not None and not frame.f_code.co_filename.startswith(_PROGRAM):
        frame = frame.f_back
    assert frame is not None
    return frame.f_code.co_filename.removeprefix(_PROGRAM), frame.f_lineno


def _stand_in(asked: set[Asked]) -> ModuleType:
    class Client(_Part):
        def __init__(self, **named: object) -> None:
            super().__init__(asked, "")

        def with_options(self, **named: object) -> Any:
            return self

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *error: object) -> None: ...

        async def __aenter__(self) -> Any:
            return self

        async def __aexit__(self, *error: object) -> None: ...

    class OpenAIError(Exception):
        pass

    module = ModuleType("openai")
    for name in _CLIENTS:
        setattr(module, name, type(name, (Client,), {}))
    vars(module).update(OpenAIError=OpenAIError, RateLimitError=type("R", (OpenAIError,), {}))
    return module


class _Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules among texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        base = name.replace(".", "/")
        for file, is_package in ((f"{base}.py", False), (f"{base}/__init__.py", True)):
            if file in self._files:
                return importlib.machinery.ModuleSpec(
                    name, self, origin=file, is_package=is_package
                )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        file = module.__spec__.origin
        assert file is not None
        exec(compile(self._files[file], _PROGRAM + file, "exec"), vars(module))


@contextmanager
def _importable(files: Mapping[str, str], openai: ModuleType) -> Iterator[None]:
    before, finder = dict(sys.modules), _Files(files)
    for name in [one for one in sys.modules if one.partition(".")[0] == "openai"]:
        del sys.modules[name]
    sys.modules["openai"] = openai
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in sys.modules.keys() - before.keys():
            del sys.modules[name]
        sys.modules.update(before)
        if "openai" not in before:
            sys.modules.pop("openai", None)
