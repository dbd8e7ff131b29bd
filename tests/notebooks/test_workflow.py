"""Notebooks end to end: planned as the programs they are, written back cell by cell."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator import workflow
from migrator.changes.result import ApplyResult
from migrator.decisions import Convert
from migrator.edits import Edit, ReplaceExpression, ReplaceString
from migrator.notebooks.magics import BORDER, MARK
from migrator.reports.markdown import checklist_markdown
from migrator.rewriting import rewrite_all
from tests.notebooks.samples import Source, listed, notebook, old_notebook, read, sources
from tests.planning.builders import planned

OPTIONS = workflow.Options(target="bailian")
CLIENT = "from openai import OpenAI\nclient = OpenAI()"
ASK = 'client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": q}])'


def rewritten(*cells: str, files: dict[str, str] | None = None, legacy: str = "auto") -> list[str]:
    """The cells of a notebook once it is moved."""
    given_ = {"a.ipynb": notebook(*map(listed, cells)), **(files or {})}
    found = planned(given_, legacy=legacy)
    return sources(found.after("a.ipynb"))


@dataclass(frozen=True)
class Moved:
    """A notebook before and after, and the run."""

    before: bytes
    after: bytes
    result: ApplyResult


def moved(folder: Path, text: str) -> Moved:
    path = folder / "a.ipynb"
    path.write_bytes(text.encode())
    result, _ = workflow.apply([folder], OPTIONS)
    return Moved(text.encode(), path.read_bytes(), result)


def test_what_cells_share_is_one_program() -> None:
    assert rewritten(
        "import os\nfrom openai import OpenAI",
        "client = OpenAI(timeout=3)",
        "def ask(q):\n    return " + ASK.replace('"gpt-4o"', "NAME"),
        'NAME = "gpt-4o"',
    ) == [
        "import os\nfrom openai import OpenAI",
        "client = OpenAI(\n    timeout=3,\n"
        '    api_key=os.environ["DASHSCOPE_API_KEY"],\n'
        '    base_url=os.getenv("DASHSCOPE_BASE_URL", '
        '"https://dashscope.aliyuncs.com/compatible-mode/v1"),\n)',
        "def ask(q):\n    return client.chat.completions.create(\n"
        '        model=NAME, messages=[{"role": "user", "content": q}], '
        'extra_body={"enable_thinking": False}\n    )',
        'NAME = "qwen3.7-plus"',
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # where the first imports are
        (["%load_ext a", "# Names\nimport re", CLIENT],
         ["%load_ext a", "# Names\nimport os\nimport re"]),
        (["x = 1", "import re", CLIENT], ["x = 1", "import os\nimport re"]),
        # below a magic of the whole cell
        (["%%time\n" + CLIENT], ["%%time\nimport os\n\nfrom openai"]),
        # in the first cell with code, where the imports stand too low
        (["!pip install openai\n\nk = 1", "import openai; client = openai.OpenAI()", "import re"],
         ["!pip install openai\n\nk = 1", "import os\n\nimport openai"]),
        (["%pip install openai", "x = 1\nimport openai\nclient = openai.OpenAI()"],
         ["%pip install openai", "import os\n\nx = 1\nimport openai"]),
    ],
)  # fmt: skip
def test_imports_go_where_the_imports_are(cells: list[str], expected: list[str]) -> None:
    made = rewritten(*cells)
    for source, beginning in zip(made, expected, strict=False):
        assert source.startswith(beginning)
    assert sum(source.count("import os") for source in made) == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%env OPENAI_API_KEY=sk-1", "%env DASHSCOPE_API_KEY="),
        ("%set_env OPENAI_API_KEY sk-1", "%set_env DASHSCOPE_API_KEY="),
        ("%env OPENAI_API_KEY={key}", "%env DASHSCOPE_API_KEY={key}"),
        ("%env OPENAI_API_KEY=$key", "%env DASHSCOPE_API_KEY=$key"),
        ("%env OPENAI_ORGANIZATION=org-1\nx = 1", "x = 1"),
        ("import os\nos.environ['OPENAI_API_KEY'] = key",
         "import os\nos.environ['DASHSCOPE_API_KEY'] = key"),
    ],
)  # fmt: skip
def test_variables_are_set_under_the_new_name(source: str, expected: str) -> None:
    first, _ = rewritten(source, CLIENT)
    lines = [line for line in first.split("\n") if not line.startswith("# A key of")]
    assert "\n".join(lines) == expected


@pytest.mark.parametrize("command", ["!{}", "r = !{}", "%%bash\nexport OPENAI_API_KEY=a\n{}"])
def test_a_request_by_curl_moves_with_its_key(command: str) -> None:
    ask = 'curl https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"'
    first, second = rewritten(CLIENT, command.format(ask))
    assert "DASHSCOPE_API_KEY" in first
    assert "OPENAI" not in second and "api.openai.com" not in second
    assert "curl https://dashscope.aliyuncs.com/compatible-mode/v1/models -H" in second
    assert '"Authorization: Bearer $DASHSCOPE_API_KEY"' in second


def test_a_request_by_curl_that_stays_keeps_its_key() -> None:
    tune = "curl https://api.openai.com/v1/fine_tuning/jobs -H 'Authorization: $OPENAI_API_KEY'"
    assert rewritten(CLIENT, f"!{tune}", f"%%bash\n{tune}")[1:] == [f"!{tune}", f"%%bash\n{tune}"]


def test_a_variable_that_is_needed_still_stands_beside_the_new_one() -> None:
    assistant = "other = OpenAI()\nother.beta.assistants.create(model='gpt-4o')"
    first, *_ = rewritten("%env OPENAI_API_KEY=a", CLIENT, "q = ''\n" + ASK, assistant)
    assert first.startswith("%env OPENAI_API_KEY=a\n# A key of")
    assert first.endswith("\n%env DASHSCOPE_API_KEY=")


def test_a_pin_in_a_command_is_raised_with_the_calls() -> None:
    old = "import openai\nopenai.ChatCompletion.create(model='gpt-4o', messages=m)"
    first, second = rewritten("!pip install -q openai==0.28 rich", old, legacy="upgrade")
    assert first == '!pip install -q "openai>=1.0" rich'.replace("1.0", first.split(">=")[1][:-6])
    assert "client.chat.completions.create(" in second or ".chat.completions.create(" in second


LAYOUTS = st.fixed_dictionaries(
    {"indent": st.sampled_from([None, 0, 1, "\t"]), "escaped": st.booleans()}
)
CELLS = [
    "!pip install openai\n%env OPENAI_API_KEY=sk-1\n",
    "%%time\nimport json  # 'é😀\t\"\\'\nfrom openai import OpenAI\n",
    "client = OpenAI()\nq = !ls",
    "%time r = client.models.list()\nprint(r)\n\nanswer = " + ASK,
]


@settings(max_examples=25)
@given(layout=LAYOUTS, is_list=st.booleans(), old=st.booleans(), end=st.sampled_from("\r\n"))
def test_nothing_but_sources_changes_and_a_second_run_changes_nothing(
    layout: dict[str, object], is_list: bool, old: bool, end: str
) -> None:
    newline = "\r\n" if end == "\r" else "\n"
    held: list[Source] = [
        listed(one.replace("\n", newline)) if is_list else one.replace("\n", newline)
        for one in CELLS
    ]
    text = old_notebook(*held) if old else notebook(*held, **layout)  # type: ignore[arg-type]
    text = text + newline
    after = planned({"a.ipynb": text}).after("a.ipynb")
    expected = [one.replace("\n", newline) for one in rewritten(*CELLS)]
    assert sources(after) == expected
    assert _around(text) == _around(after)
    again = planned({"a.ipynb": after})
    assert again.plan.edits == ()


def _around(text: str) -> tuple[object, list[str]]:
    """A notebook without the sources of its code: as data, and as it is written."""
    data = json.loads(text)
    for cell in data.get("cells") or data["worksheets"][0]["cells"]:
        if cell["cell_type"] == "code":
            cell.pop("source", cell.pop("input", None))
    written, at = [], 0
    for part in read(text).parts:
        start, end = part.cell.whole
        written.append(text[at:start])
        at = end
    return data, [*written, text[at:]]


def test_undo_restores_the_bytes(tmp_path: Path) -> None:
    done = moved(tmp_path, notebook(*CELLS))
    assert done.after != done.before
    assert sources(done.after) != sources(done.before)
    workflow.undo(tmp_path)
    assert (tmp_path / "a.ipynb").read_bytes() == done.before


def test_what_is_shown_stands_in_the_file(tmp_path: Path) -> None:
    tuned = "client.fine_tuning.jobs.create(model='gpt-4o', training_file=f)"
    text = notebook(*CELLS, tuned, indent=None)
    (tmp_path / "a.ipynb").write_text(text)
    for site in workflow.scan([tmp_path]).sites:
        shown = text.split("\n")[site.span.line - 1][site.span.column : site.span.end_column]
        assert json.loads(f'"{shown}"') == site.code or "***" in site.code
        assert site.cell is not None and all(step.line == 1 for step in site.provenance)
    result, _root = workflow.plan([tmp_path], OPTIONS)
    items = [one for one in result.plan.checklist if one.path]
    assert {(one.line, one.cell is None) for one in items} == {(1, False)}
    assert "a.ipynb:1 (cell 5)" in checklist_markdown(result.plan)
    assert all(f"a.ipynb:{n}" not in one.why for one in items for n in range(2, 30))
    edits = result.edits
    assert any("\n%env DASHSCOPE_API_KEY=" in one.after for one in edits)
    assert not any(mark in one.before + one.after for one in edits for mark in (MARK, BORDER))


def test_a_marker_stands_above_its_line_in_the_cell(tmp_path: Path) -> None:
    speech = "%time\nclient.fine_tuning.jobs.create(model='gpt-4o', training_file=f)"
    done = moved(tmp_path, notebook(CLIENT, speech))
    _, second = sources(done.after)
    first, marker, call = second.split("\n")
    assert (first, call) == tuple(speech.split("\n"))
    assert marker.startswith("# MIGRATE[")
    assert workflow.plan([tmp_path], OPTIONS)[0].changes == ()


def test_a_cell_that_is_not_python_is_listed_and_the_others_move(tmp_path: Path) -> None:
    broken = "print 'openai'"
    done = moved(tmp_path, notebook(CLIENT, broken, "q = ''\n" + ASK))
    assert sources(done.after)[1] == broken
    assert "qwen" in sources(done.after)[2]
    (told,) = [one for one in done.result.plan.checklist if one.code == "unreadable-file"]
    assert json.loads(done.before.decode().split("\n")[told.line - 1].split(": ", 1)[1]) == broken


def test_what_follows_a_magic_stays_on_its_line() -> None:
    long = ", ".join(f'"{n:030}"' for n in range(4))
    call = f'client.chat.completions.create(model="gpt-4o", messages=m, stop=[{long}])'
    _, timed, plain = rewritten(CLIENT, f"%time r = {call}\nr", call)
    assert "\n" in plain
    assert [line[:9] for line in timed.split("\n")] == ["%time r =", "r"]
    assert "enable_thinking" in timed


def test_a_notebook_with_a_cell_that_would_not_parse_is_not_written() -> None:
    text = notebook(CLIENT, "%time client.models.retrieve('gpt-4o')")
    found = planned({"a.ipynb": text})
    spoilt = replace(
        found.plan,
        decisions=tuple(
            replace(one, edits=tuple(map(_spoilt, one.edits))) if isinstance(one, Convert) else one
            for one in found.plan.decisions
        ),
    )
    done = rewrite_all(spoilt, found.sources, {"a.ipynb": text.encode()})
    assert done.changes == ()
    told = {one.why for one in done.plan.checklist if one.code == "rewriting-refused"}
    assert told == {"cell 2 would not parse afterwards"}


def _spoilt(edit: Edit) -> Edit:
    """An edit that breaks a line that has to be one."""
    if isinstance(edit.instruction, ReplaceString):
        return replace(edit, instruction=ReplaceExpression("(\n'qwen'\n)"))
    return edit


def test_a_module_of_the_repository_moves_with_the_notebook() -> None:
    module = "from openai import OpenAI\nclient = OpenAI()\n"
    made = rewritten("from shared import client\nq = ''", ASK, files={"shared.py": module})
    assert "qwen3.7-plus" in made[1]


def test_what_is_no_json_is_left_and_listed() -> None:
    found = planned({"a.ipynb": notebook(CLIENT) + "<<<<<<< HEAD"})
    assert found.plan.edits == ()
    assert found.item("unreadable-file").why.startswith("no valid JSON")
