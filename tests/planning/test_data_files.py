"""Files of records: one item for all of them."""

from __future__ import annotations

import json
from pathlib import Path

from migrator import workflow
from tests.planning.builders import chat


def test_files_of_records_are_one_item(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(chat(), "utf-8")
    records = json.dumps([{"instruction": "q", "output": "a", "generator": "gpt-4"}] * 30)
    for number in range(7):
        (tmp_path / f"outputs{number}.json").write_text(records, "utf-8")
    result, _ = workflow.plan([tmp_path], workflow.Options(target="bailian"))
    [told] = [one for one in result.plan.checklist if one.code == "data-files"]
    assert told.title == "records in 7 files name OpenAI or its models"
    assert told.why.endswith("`outputs3.json`, `outputs4.json` and 2 more")
    assert {site.path for site in (one.site for one in result.plan.decisions)} == {"app.py"}


def test_nothing_is_said_of_records_where_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(chat(), "utf-8")
    result, _ = workflow.plan([tmp_path], workflow.Options(target="bailian"))
    assert "data-files" not in {one.code for one in result.plan.checklist}
