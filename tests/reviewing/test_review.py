"""A review: which question comes next, what answers come to, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator import workflow
from migrator.changes.diff import FileChange
from migrator.changes.result import ApplyResult
from migrator.decisions import Leave, Severity
from migrator.planning.grouping import goes_along
from migrator.reviewing.checking import fault
from migrator.reviewing.memory import forget, remember, remembered
from migrator.reviewing.merging import merge
from migrator.reviewing.questions import Question
from migrator.reviewing.review import Review
from migrator.reviewing.session import Answer, Session
from migrator.selection import Selection, SelectionError

OPTIONS = workflow.Options("bailian")
ASK = 'messages=[{"role": "user", "content": "hello"}]'
ALONE = f"""from openai import OpenAI
client = OpenAI()
client.chat.completions.create(model="gpt-4o", {ASK})
"""
FILES = {
    "both.py": "from openai import OpenAI\n\n"
    f'first = OpenAI()\nfirst.chat.completions.create(model="gpt-4o", {ASK})\n\nprint()\n\n'
    f'second = OpenAI(timeout=9)\nsecond.chat.completions.create(model="gpt-4o", {ASK})\n',
    "jobs/a.py": ALONE,
    "stays.py": "from openai import OpenAI\n\n"
    'OpenAI().moderations.create(model="omni-moderation-latest", input="x")\n',
}


def written(root: Path) -> Path:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> workflow.Parts:
    root = written(tmp_path_factory.mktemp("repository"))
    seen = workflow.review([root], OPTIONS)
    known: dict[tuple[object, ...], ApplyResult] = {}

    def part(asked: Selection) -> ApplyResult:
        key = (*asked.only, "", *asked.skip, "", *asked.unmarked)
        if key not in known:
            known[key] = seen.part(asked)
        return known[key]

    return replace(seen, part=part)


def press(review: Review, key: str) -> None:
    session = review.session
    here = session.current
    if here is None:
        return
    match key:
        case "y":
            assert not review.take([here])
        case "n":
            review.leave([here])
        case "a":
            assert not review.take(session.open_from_here())
        case "d":
            review.leave(session.open_from_here())
        case "f":
            assert not review.take(session.of_this_file())
        case "s":
            session.put_off()
        case _:
            number = session.beside(1 if key in "jJ" else -1, open_only=key in "jk")
            session.go_to(session.position if number is None else number)


def test_every_place_that_would_be_written_is_asked_for_once(parts: workflow.Parts) -> None:
    review = Review(parts)
    asked = review.session.questions
    assert [(one.path, one.comments) for one in asked] == [
        ("both.py", False), ("both.py", False), ("jobs/a.py", False), ("stays.py", True),
    ]  # fmt: skip
    ids = [one for question in asked for one in question.site_ids]
    assert len(ids) == len(set(ids))
    alone = [one for one in review.whole.plan.decisions if one.site.id not in ids]
    changed = [one.site for one in alone if not isinstance(one, Leave) and one.edits]
    assert all(map(goes_along, changed))
    first = review.proposal()
    assert [one.path for one in first.changes] == ["both.py"]
    assert first.converts
    assert not first.refused
    press(review, "y")
    second = review.proposal()
    assert [one.before for one in second.changes] == [one.after for one in first.changes]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(st.sampled_from("yyynnadfsjkJK"), max_size=9))
def test_any_answers_come_to_what_apply_writes_of_them(
    keys: list[str], parts: workflow.Parts
) -> None:
    review = Review(parts)
    for key in keys:
        press(review, key)
    taken = review.session.taken
    result = review.result()
    chosen = [one for one in review.session.questions if one.id in taken]
    if chosen:
        only = [one for each in chosen for one in each.selectors or each.site_ids]
        assert parts.part(Selection(tuple(only))).changes == result.changes
        assert parts.part(Selection((), review.skipped())).changes == result.changes
    blockers = {one.code for one in result.plan.checklist if one.severity is Severity.BLOCKER}
    assert blockers == {"endpoint-missing"}  # with its comment and without it
    shown: dict[str, bytes | None] = {}
    for number, one in enumerate(chosen):
        for change in review.proposals.of(one, taken[:number]).changes:
            assert shown.get(change.path, change.before) == change.before
            shown[change.path] = change.after
    assert shown == {one.path: one.after for one in result.changes}


def row(*paths: str) -> list[Question]:
    return [Question(f"{path}#{n}", (), (), path, (path,)) for n, path in enumerate(paths)]


def test_what_is_put_off_is_asked_once_more_at_the_end() -> None:
    session = Session(row("a", "b"))
    asked = []
    while session.current is not None:
        asked.append(session.current.path)
        session.put_off()
    assert asked == ["a", "b", "a", "b"]
    assert session.having(None) == ("a#0", "b#1")


def test_the_rest_of_a_file_is_what_is_in_it_alone() -> None:
    both = Question("a#9", (), (), "a", ("a", "b"))
    session = Session([*row("a", "b", "a"), both])
    assert [one.id for one in session.of_this_file()] == ["a#0", "a#2"]
    session.say(session.of_this_file(), Answer.TAKEN)
    assert session.current is not None
    assert session.current.id == "b#1"
    assert session.beside(-1, open_only=True) is None
    assert session.beside(-1, open_only=False) == 0
    assert session.below("B") == [1, 3]


def test_what_cannot_be_taken_alone_is_asked_for_together(parts: workflow.Parts) -> None:
    ids = [one.id for one in Review(parts).session.questions]

    def part(asked: Selection) -> ApplyResult:
        if (ids[0] in asked.skip) != (ids[2] in asked.skip):
            raise SelectionError("they cannot be told apart")
        return parts.part(asked)

    review = Review(replace(parts, part=part))
    proposal = review.proposal()
    assert [one.path for one in proposal.changes] == ["both.py", "jobs/a.py"]
    assert [one.id for one in review.session.questions] == [ids[0], ids[1], ids[3]]
    press(review, "y")
    press(review, "d")
    assert review.skipped() == (ids[1], *review.session.questions[2].site_ids)
    alone = Review(replace(parts, part=part))
    alone.session.answers[ids[2]] = Answer.LEFT
    assert alone.proposal().refused == "they cannot be told apart"
    assert alone.take([alone.session.questions[0]]) == "they cannot be told apart"


def test_what_a_person_edited_is_written_with_what_comes_later(parts: workflow.Parts) -> None:
    review = Review(parts)
    (change,) = review.proposal().changes
    assert change.after is not None
    own = change.after.replace(b"first", b"chosen")
    assert not review.edit({"both.py": own})
    assert review.proposals.is_edited(review.session.questions[0])
    (shown,) = review.proposal().changes
    assert shown.before == own
    press(review, "y")
    whole = parts.part(Selection((), review.skipped())).changes[0].after
    assert whole is not None
    assert review.result().changes[0].after == whole.replace(b"first", b"chosen")
    kept = Review(parts, review.memory())
    assert kept.kept == 2
    assert kept.result() == review.result()
    press(review, "K")
    press(review, "n")
    assert review.session.taken == (review.session.questions[0].id,)
    assert review.result().changes == (replace(change, after=own),)


def test_a_group_that_meets_an_edit_is_refused_until_it_is_edited(parts: workflow.Parts) -> None:
    review = Review(parts)
    (change,) = review.proposal().changes
    assert change.after is not None
    own = change.after.replace(b"timeout=9", b"timeout=5")
    assert not review.edit({"both.py": own})
    both = review.proposal()
    assert both.conflicts == ("both.py",)
    assert "both.py" in review.take(review.session.open_from_here())
    marked = both.changes[0].after or b""
    assert b"<<<<<<<" in marked
    assert fault("both.py", marked, own) == "both.py: there are marks of a conflict in it"
    mended = own.replace(b"second.chat", b"second.own")
    assert not review.edit({"both.py": mended})
    assert review.result().changes == (FileChange("both.py", change.before, mended),)


def test_answers_are_kept_as_long_as_they_fit(tmp_path: Path) -> None:
    root = written(tmp_path)
    review = Review(workflow.review([root], OPTIONS))
    for key in "yyn":
        press(review, key)
    remember(root, review.memory())
    assert (root / ".migrate" / ".gitignore").read_text() == "*\n"
    a = root / "jobs" / "a.py"
    a.write_text(a.read_text().replace("gpt-4o", "gpt-4.1"))
    both = root / "both.py"
    both.write_text("# a line more\n" + both.read_text())
    again = Review(workflow.review([root], OPTIONS), remembered(root))
    assert (again.kept, again.changed) == (2, 1)
    assert again.session.current is not None
    assert again.session.current.path == "jobs/a.py"
    other = Review(workflow.review([root], replace(OPTIONS, target="deepseek")), remembered(root))
    assert other.kept == 0
    forget(root)
    assert not (root / ".migrate").exists()
    assert not remembered(root).answers


@pytest.mark.parametrize(
    ("mine", "theirs", "expected", "conflicts"),
    [
        (b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n", 0),
        (b"a\nb\n", b"a\nx\nb\nc\n", b"a\nx\nb\n", 0),
        (b"a\nb\nc\nd\n", b"z\na\nb\nc\n", b"z\na\nb\nc\nd\n", 0),
        (b"a\nX\nc\n", b"a\nX\nc\n", b"a\nX\nc\n", 0),
        (
            b"a\nX\nc\n",
            b"a\nY\nc\n",
            b"a\n<<<<<<< yours\nX\n=======\nY\n>>>>>>> the change\nc\n",
            1,
        ),
        (b"a\nb\nc", b"a\nb\nc\nd\n", None, 1),
    ],
)
def test_changes_are_merged_as_long_as_they_are_apart(
    mine: bytes, theirs: bytes, expected: bytes | None, conflicts: int
) -> None:
    merged = merge(b"a\nb\nc\n", mine, theirs)
    assert merged.conflicts == conflicts
    if expected is not None:
        assert merged.text == expected


@given(st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n"])), st.lists(st.sampled_from([b"a\n"])))
def test_a_change_of_one_side_is_what_is_merged(one: list[bytes], other: list[bytes]) -> None:
    base, changed = b"".join(one), b"".join(other)
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed


@pytest.mark.parametrize(
    ("path", "text", "proposed", "told"),
    [
        ("a.py", b"x = (\n", b"x = 1\n", "a.py:1: '(' was never closed"),
        ("a.py", b"x = 2\n", b"x = 1\n", None),
        ("a.py", b"print 2\n", b"print 1\n", None),
        ("a.toml", b"x = \n", b"x = 1\n", "a.toml: "),
        ("a.yaml", b"x: [\n", b"x: !own 1\n", "a.yaml: "),
        ("a.ipynb", b"{", b"{}", "a.ipynb: "),
        ("a.env", b"(", b"x=1", None),
    ],
)
def test_what_cannot_be_read_is_told(
    path: str, text: bytes, proposed: bytes, told: str | None
) -> None:
    found = fault(path, text, proposed)
    assert found == told if told is None or not told.endswith(" ") else found.startswith(told)  # type: ignore[union-attr]
