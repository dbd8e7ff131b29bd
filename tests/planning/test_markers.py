"""Comments above what will fail."""

from __future__ import annotations

from migrator.edits import Marker
from tests.planning.builders import Planned, planned

SHARED = """
from openai import OpenAI
client = OpenAI()
def check(q):
    return client.moderations.create(
        input=q,
    )
"""


def marked(code: str) -> Planned:
    return planned(code, markers=True)


def test_a_blocker_gets_a_comment() -> None:
    after = marked(SHARED).after()
    assert "    # MIGRATE[endpoint-missing]: `moderations.create` is not served" in after


def test_a_comment_is_not_written_twice() -> None:
    after = marked(SHARED).after()
    assert marked(after).plan.edits == ()


def test_no_markers_are_written_if_not_asked_for() -> None:
    assert not planned(SHARED).instructions(Marker)


def test_a_review_item_gets_no_comment() -> None:
    code = "from openai import OpenAI\ndef make(url):\n    return OpenAI(base_url=url)\n"
    assert marked(code).plan.edits == ()


def test_a_comment_on_the_head_of_a_handler_is_not_written_twice() -> None:
    head = "from openai import OpenAI\nclient = OpenAI()\n"
    code = f"{head}try:\n    run()\nexcept \\\n  errors(client.moderations.create()):\n    pass\n"
    after = marked(code).after()
    assert "see MIGRATION_CHECKLIST.md\ntry:\n    run()\nexcept" in after
    assert marked(after).plan.edits == ()


def test_a_comment_in_a_class_stands_above_its_method() -> None:
    head = "from openai import OpenAI\nclient = OpenAI()\nclass A:\n    @done\n"
    code = f"{head}    def f(self, x=client.moderations.create()):\n        pass\n"
    after = marked(code).after()
    assert "MIGRATION_CHECKLIST.md\n    @done\n" in after
    assert marked(after).plan.edits == ()
