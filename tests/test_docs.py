"""The examples of the documents do what is shown; tests/examples.py says how they are written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator import plugins
from tests import examples
from tests.examples import ROOT, ExampleError, Session

CHINESE = frozenset({".zh", ".zh-CN"})


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, in a terminal of eighty columns, at home nowhere."""
    monkeypatch.chdir(tmp_path)
    for name in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "HOME": str(tmp_path),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "A"),
        **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.com"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    plugins.look_again()


@pytest.mark.parametrize(
    "page", examples.pages(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_the_examples_of_a_page_do_what_it_shows(
    page: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = page.relative_to(ROOT).as_posix()
    if CHINESE & {*page.suffixes}:
        monkeypatch.setenv("MIGRATE_LANG", "zh-CN")
        for module in [one for one in sys.modules if one.startswith("migrator.cli")]:
            monkeypatch.delitem(sys.modules, module)  # it says its help as it is imported
    session = Session(scratch)
    for example in examples.examples(page.read_text("utf-8"), name):
        session.carry_out(example)


# A page -> what is said of it, where it does not do what it shows.
WRONG = {
    "an exception": (
        "<!-- run -->\n```python\nx = 1\nx / 0\n```\n",
        "page.md:4: ZeroDivisionError",
    ),
    "an output": (
        "<!-- run -->\n```python\nprint('a')\n```\n\n```text\nb\n```\n",
        "page.md:2: it does not print what is shown, but:\na",
    ),
    "a command": ("<!-- run -->\n```console\n$ false\n```\n", "page.md:3: `false` ended with 1"),
    "another end": ("<!-- run exit=1 -->\n```console\n$ true\n```\n", "`true` ended with 0"),
    "of migrate": (
        "<!-- run -->\n```console\n$ migrate scan\nNothing\n```\n",
        "page.md:3: it does not print what is shown, but:\nkind",
    ),
    "no command": ("<!-- run -->\n```console\nmigrate\n```\n", "begins with a command"),
    "no block": ("<!-- run -->\n\ntext\n", "page.md:1: no block stands below the mark"),
    "an option": ("<!-- run twice -->\n```python\n```\n", "page.md:1: twice is none of"),
    "a language": ("<!-- run -->\n```toml\n```\n", "a block in toml cannot be run"),
}


@pytest.mark.parametrize(("page", "said"), WRONG.values(), ids=WRONG)
def test_an_example_that_does_something_else_is_told(page: str, said: str, scratch: Path) -> None:
    session = Session(scratch)
    with pytest.raises(ExampleError) as caught:
        for example in examples.examples(page, "page.md"):
            session.carry_out(example)
    assert said in str(caught.value)


RIGHT = """\
<!-- file: notes/plan.txt -->
```text
one
two
```

<!-- run -->
```console
$ cat notes/plan.txt | \\
> tail -1
two
$ cd notes
$ migrate --version    # a comment
migrate …
$ seq 5
1
…
5
```

- in a list:

  <!-- run -->
  ```python
  from pathlib import Path
  print(Path("plan.txt").read_text())
  ```

  ```text
  one
  t…
  ```

```python
nothing_marks_this
```

<!-- run fresh -->
```console
$ ls requirements.txt
requirements.txt
$ ls notes || echo gone
…
gone
```

<!-- run in=fixtures/patterns exit=2 -->
```console
$ migrate scan nowhere
migrate: nowhere: …
```
"""


def test_examples_go_on_from_block_to_block(scratch: Path) -> None:
    session = Session(scratch)
    found = examples.examples(RIGHT, "page.md")
    assert [one.verb for one in found] == ["file", "run", "run", "run", "run"]
    for example in found:
        session.carry_out(example)


def test_a_mark_that_is_shown_is_none() -> None:
    shown = "````markdown\n<!-- run -->\n```python\n1 / 0\n```\n````\n"
    assert not examples.examples(shown, "page.md")


def test_what_is_shown_is_compared() -> None:
    assert examples.matches("a  \nb\nc\n\n", "a\n…\nc")
    assert examples.matches("a\nc\n", "a\n…\nc")
    assert not examples.matches("a\nb\n", "a\n")
    assert not examples.matches("b\n", "…\na")
    assert examples.matches("run 0001-2026 written\n", "run … written")
    assert not examples.matches("run 0001\nwritten\n", "run … written")
