"""The Python API: what is exported, what it takes, what it gives, and that it is typed."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import migrator

PROGRAM = "from openai import OpenAI\nclient = OpenAI()\nclient.models.list()\n"
TYPED = Path(migrator.__file__)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(PROGRAM)
    return tmp_path


def test_what_is_exported_is_there_and_costs_nothing_before() -> None:
    statements = ast.parse(TYPED.read_text("utf-8")).body
    (typed,) = [one for one in statements if isinstance(one, ast.If)]
    imported = {alias.name for one in typed.body for alias in getattr(one, "names", ())}
    named = {name for names in migrator._MODULES.values() for name in names}
    assert imported == named == {*migrator.__all__} - {"__version__"}
    assert all(getattr(migrator, name) is not None for name in migrator.__all__)
    assert {*migrator.__all__} <= {*dir(migrator)}
    modules = {one.name for one in pkgutil.iter_modules(migrator.__path__)}
    assert not modules & {*migrator.__all__}, "a module of that name would take its place"
    with pytest.raises(AttributeError, match="scann"):
        _ = migrator.scann  # type: ignore[attr-defined]
    light = "import sys, migrator; assert not {'typing', 'ast', 'pathlib'} & {*sys.modules}"
    subprocess.run([sys.executable, "-S", "-c", light], check=True)


def test_a_place_is_a_text_a_path_or_several(repository: Path) -> None:
    one, two = repository / "one.py", repository / "two.py"
    found = [migrator.scan(where) for where in (str(one), one, [str(one), two], repository)]
    assert [len({site.path for site in result.sites}) for result in found] == [1, 1, 2, 2]
    assert {result.root for result in found} == {str(repository)}
    assert {site.kind for site in found[0].sites} >= {migrator.Kind.CALL, migrator.Kind.CLIENT}


def test_what_is_planned_is_what_is_written_or_nothing(repository: Path) -> None:
    planned = migrator.plan(repository, target="kimi", map={"gpt-4o": "kimi-k2.6"}, markers=False)
    assert planned.root == repository and not planned.run
    assert planned.coverage.converted == len(planned.to_dict()["edits"]) + 2
    (repository / "one.py").write_text(PROGRAM + "x = 1\n")
    with pytest.raises(migrator.MigrateError, match=r"one\.py") as caught:
        planned.apply()
    assert caught.value.exit_code == 3
    assert (repository / "two.py").read_text() == PROGRAM

    done = migrator.apply(repository, target="kimi")
    assert done.run and done.diff.count("+client = OpenAI(") == 2
    assert migrator.undo(repository).run.id == done.run
    assert (repository / "two.py").read_text() == PROGRAM


def test_an_option_that_there_is_not_is_told(repository: Path) -> None:
    with pytest.raises(TypeError, match=r"unexpected option 'taget'; there are .* target"):
        migrator.plan(repository, taget="kimi")  # type: ignore[call-arg]
    with pytest.raises(migrator.MigrateError, match="--target"):
        migrator.plan(repository)
    with pytest.raises(migrator.MigrateError, match="no place"):
        migrator.explain("nowhere", root=repository)


def test_every_option_of_the_command_is_one_of_the_api() -> None:
    import inspect

    from migrator.cli.applying import apply

    options = {*inspect.signature(apply).parameters}
    of_printing = {"dry_run", "format", "output", "compare", "interactive", "restart"}
    others = {"paths", "allow_dirty", "no_markers"}
    assert options - of_printing - others <= {*migrator.MigrationOptions.__annotations__}
