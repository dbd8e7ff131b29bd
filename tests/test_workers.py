"""The same work on many things: in processes of their own, or here."""

from __future__ import annotations

import os
import threading

import pytest

from migrator import workers


def _process(_: int) -> int:
    return os.getpid()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_beside_other_threads_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)
    found: set[int] = set()
    thread = threading.Thread(
        target=lambda: found.update(workers.each(_process, [1, 2, 3], pays=True))
    )
    thread.start()
    thread.join()
    assert found == {os.getpid()}
    assert os.getpid() not in set(workers.each(_process, [1, 2, 3], pays=True))
