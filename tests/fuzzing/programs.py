"""Programs by chance: those of the fixtures, in other shapes, layouts and encodings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

from migrator import workflow
from migrator.providers import provider_ids
from tests.fuzzing.layout import ENCODINGS, LAYOUTS, NEWLINES, laid_out, written
from tests.fuzzing.shapes import SHAPES, shaped

FIXTURES = Path(__file__).parents[2] / "fixtures"
_MOST_FILES = 12


@dataclass(frozen=True)
class Case:
    """A tree, and the same one in its first layout (for what must not depend on it)."""

    files: Mapping[str, bytes]
    plain: Mapping[str, bytes]
    options: workflow.Options

    def __repr__(self) -> str:
        """What somebody needs to see the fault again."""
        same = {path for path in self.files if self.files[path] == self.plain[path]}
        told = "\n".join(
            f"--- {path}{' (as in its first layout)' if path in same else ''}\n{data!r}"
            for path, data in self.files.items()
        )
        return f"{self.options.given}\n{told}"


@lru_cache(maxsize=1)
def folders() -> tuple[Path, ...]:
    """The folders of fixtures that are small enough."""
    every = [*FIXTURES.glob("programs/*/before"), *FIXTURES.glob("patterns/*/before")]
    return tuple(one for one in sorted(every) if 0 < len(_held(one)) <= _MOST_FILES)


@lru_cache(maxsize=512)
def _held(folder: Path) -> Mapping[str, bytes]:
    files = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}


@st.composite
def options(draw: st.DrawFn) -> workflow.Options:
    """What a run may be asked for."""
    targets = sorted(provider_ids())
    return workflow.Options(
        target=draw(st.sampled_from(["bailian"] * len(targets) + targets)),
        mode=draw(st.sampled_from(["", "", "", "sdk"])),
        legacy=draw(st.sampled_from(["", "", "upgrade", "keep"])),
        markers=draw(st.sampled_from([None, None, False])),
        keep_env_names=draw(st.sampled_from([None, None, True])),
        docs=draw(st.sampled_from([None, None, True])),
    )


@st.composite
def cases(draw: st.DrawFn, *, shapes: bool, layouts: bool) -> Case:
    """A folder of the fixtures of which Python files were changed."""
    files = dict(_held(draw(st.sampled_from(folders()))))
    python = [path for path in files if path.endswith(".py")]
    plain = dict(files)
    random = draw(st.randoms(use_true_random=False))
    for path in python:
        if len(python) > 1 and not draw(st.booleans()):
            continue
        try:
            text = files[path].decode()
        except UnicodeDecodeError:
            continue
        if "\r" in text or text.startswith("\ufeff"):
            continue
        if shapes:
            chosen = draw(st.lists(st.sampled_from(SHAPES), max_size=4))
            text = shaped(text, chosen, random)
        plain[path] = files[path] = text.encode()
        if layouts:
            chosen_layouts = draw(st.lists(st.sampled_from(LAYOUTS), max_size=4))
            text = laid_out(text, chosen_layouts, random)
            newline = draw(st.sampled_from(NEWLINES))
            encoding = draw(st.sampled_from(ENCODINGS))
            files[path] = written(text, newline, encoding, random)
    return Case(files, plain, draw(options()))
