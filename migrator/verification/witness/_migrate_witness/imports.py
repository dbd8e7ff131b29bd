"""Changes modules once they are imported, and none before."""

from __future__ import annotations

import importlib.machinery
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Patch = Callable[[ModuleType], None]


def watch(patches: Mapping[str, Patch]) -> None:
    """Change each module by its patch: at once where it is there, or when it is imported."""
    for name, patch in patches.items():
        if name in sys.modules:
            _carry_out(patch, sys.modules[name])
    sys.meta_path.insert(0, _Watcher(patches))


class _Watcher:
    """Finds nothing by itself: lets others find a module, and stands by when it is made."""

    def __init__(self, patches: Mapping[str, Patch]) -> None:
        self._patches: dict[str, Patch] = dict(patches)

    def find_spec(
        self, name: str, path: Any = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        patch = self._patches.get(name)
        if patch is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            found = find(name, path, target) if find and finder is not self else None
            if found is not None:
                _stand_by(found.loader, patch)
                return found  # type: ignore[no-any-return]
        return None


def _stand_by(loader: Any, patch: Patch) -> None:
    make = getattr(loader, "exec_module", None)
    if make is None or isinstance(loader, type):
        return  # a loader that many modules share

    def make_and_patch(module: ModuleType) -> None:
        make(module)
        _carry_out(patch, module)

    try:
        loader.exec_module = make_and_patch
    except AttributeError:
        return  # one that cannot be told


def _carry_out(patch: Patch, module: ModuleType) -> None:
    try:
        patch(module)
    except Exception as error:
        print(f"migrate: requests of {module.__name__} are not seen: {error!r}", file=sys.stderr)
