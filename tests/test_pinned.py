"""What contributors see of a change: the difference of two outcomes, folder by folder."""

from __future__ import annotations

from pathlib import Path

from benchmarks.diffs import differences
from benchmarks.pinned import listed, present

DIFF = ["+model = 'a'", "1 items on the checklist", "app.py:1 [review] call-untraced: why"]


def test_the_set_names_packages_at_versions_and_repositories_at_commits(tmp_path: Path) -> None:
    every = listed()
    names = [one.folder_name for one in every]
    assert len(set(names)) == len(names) > 200
    assert all(one.is_package or "@" in one.line for one in every)
    (tmp_path / names[0]).mkdir()
    assert list(present(tmp_path)) == [(every[0], tmp_path / names[0])]


def test_what_differs_is_shown_and_nothing_else() -> None:
    base = {"scan": ["app.py:1:0 call create proven"], "bailian": DIFF}
    head = {**base, "bailian": ["+model = 'b'", *DIFF[1:]]}
    assert list(differences("app", base, base, 60)) == []
    shown = list(differences("app", base, head, 60))
    assert shown[0].endswith("app, bailian: 1 lines more, 1 fewer")
    assert {"-+model = 'a'", "++model = 'b'"} <= set(shown)
    assert list(differences("app", base, {"error": ["KeyError: 'x'"]}, 60))
    assert list(differences("app", base, head, 1))[-1].startswith("… and")
