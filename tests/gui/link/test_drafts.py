"""What was typed is there after any crash, in order, and leaves only when it was answered."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QThreadPool

from desktop.gui.link.drafts import KEY_HOLDS_S, DraftBox, DraftItem, DraftKind, TypedDrafts
from desktop.gui.link.jobs import Jobs
from sendoff_tasks.model.problems import Problem
from tests.property_based import examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

TAKEN: Problem = {"type": "t", "title": "Conflict", "status": 409, "detail": "Taken."}


def submission(name: str, number: int | None = None) -> DraftItem:
    return DraftItem(number, {"title": name}, {"number": "", "values": {"title": name}})


def test_what_was_typed_comes_back_whole_and_in_order(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    drafts = box.load()
    assert (drafts.form, drafts.submissions, drafts.broken) == (None, [], [])
    box.save_form({"values": {"recipient.name": "Adá"}})
    box.save_form({"values": {"recipient.name": "Ada Lovelace 🎩"}})
    kept = [submission(name, number) for name, number in (("a", None), ("b", 1205), ("c", None))]
    for each in kept:
        box.save(each)
    kept[1] = replace(kept[1], aside="Taken.", problem=TAKEN)
    box.save(kept[1])
    drafts = DraftBox(tmp_path).load()
    assert drafts.form == {"values": {"recipient.name": "Ada Lovelace 🎩"}}
    assert drafts.submissions == kept
    box.save_form(None)
    box.drop(kept[0])
    box.drop(kept[0])  # what is gone is no error
    drafts = DraftBox(tmp_path).load()
    assert (drafts.form, drafts.submissions) == (None, kept[1:])


def test_its_key_holds_for_less_than_the_seven_days_the_backend_keeps_it() -> None:
    sent, day = submission("a"), 24 * 3600
    assert 5 * day < KEY_HOLDS_S < 7 * day
    assert sent.key_holds(time.time())
    assert sent.key_holds(time.time() + KEY_HOLDS_S - 60)
    assert not sent.key_holds(time.time() + KEY_HOLDS_S + 60)
    assert sent.key_holds(time.time() - day), "a clock put back is no reason"


def test_a_file_that_cannot_be_read_is_put_aside_and_named(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    box.save(submission("good"))
    (tmp_path / "x.submission.json").write_text("{half")
    (tmp_path / "y.submission.json").write_text('{"of": "another version"}')
    drafts = box.load()
    assert [each.body["title"] for each in drafts.submissions] == ["good"]
    assert sorted(path.name for path in drafts.broken) == [
        "x.submission.json.broken",
        "y.submission.json.broken",
    ]
    assert all(path.exists() for path in drafts.broken)
    assert not box.load().broken


@given(
    steps=st.lists(st.tuples(st.sampled_from(["keep", "drop", "refuse"]), st.integers(0, 5))),
)
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_folder_says_what_was_kept_and_not_dropped(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    box = DraftBox(tmp_path)
    for left in box.load().submissions:
        box.drop(left)
    all_of_them = [submission(str(index)) for index in range(6)]
    expected: dict[int, Problem | None] = {}
    for step, index in steps:
        if step == "keep":
            box.save(all_of_them[index])
            expected[index] = None
        elif step == "drop":
            box.drop(all_of_them[index])
            expected.pop(index, None)
        elif index in expected:
            box.save(replace(all_of_them[index], problem=TAKEN))
            expected[index] = TAKEN
    found = [(int(each.body["title"]), each.problem) for each in box.load().submissions]
    assert found == sorted(expected.items(), key=lambda each: each[0])


WRITER = """
import sys
from pathlib import Path
from desktop.gui.link.drafts import KEY_HOLDS_S, DraftBox, DraftItem
box = DraftBox(Path(sys.argv[1]))
for number in range(1, 100_000):
    box.save(DraftItem(number, {"title": str(number)}, {}))
    box.save_form({"number": str(number)})
    print(number, flush=True)
"""


def test_kill_9_of_the_writer_loses_nothing_it_had_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        while (line := writer.stdout.readline()) and int(line) < 25:
            pass
        writer.kill()
        said = [int(line)] + [int(each) for each in writer.stdout.read().split()]
    drafts = DraftBox(tmp_path).load()
    found = [each.number for each in drafts.submissions]
    assert found[: said[-1]] == list(range(1, said[-1] + 1))
    assert len(found) <= said[-1] + 1
    assert drafts.form is not None
    assert int(drafts.form["number"]) in {said[-1], said[-1] + 1}
    assert not drafts.broken


@pytest.fixture
def box_jobs(qapp: object) -> Iterator[Jobs]:
    """Jobs on one thread, as those of the drafts are."""
    unhandled: list[Exception] = []
    pool = QThreadPool(maxThreadCount=1)
    jobs = Jobs(pool, unhandled.append)
    yield jobs
    jobs.cancel_all()
    pool.waitForDone()
    assert not unhandled


def test_what_is_kept_before_the_first_look_leaves_the_rest_there(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    box, parent = DraftBox(tmp_path), QObject()
    box.save_typed(DraftKind.TEMPLATES, {"1": {"text": "a"}, "2": {"text": "b"}})
    drafts = TypedDrafts(DraftKind.TEMPLATES, box, box_jobs, parent)
    for text in ("c", "cd", "cde"):
        drafts.save("1", {"text": text})
    drafts.save("3", None)
    drafts.read(lambda: None)
    qtbot.waitUntil(lambda: box.load_typed(DraftKind.TEMPLATES).get("1") == {"text": "cde"})
    assert box.load_typed(DraftKind.TEMPLATES) == {"2": {"text": "b"}, "1": {"text": "cde"}}
    assert drafts.names() == ["2", "1"]
    for name in drafts.names():
        drafts.save(name, None)
    qtbot.waitUntil(lambda: not (tmp_path / DraftKind.TEMPLATES).exists())


def test_what_has_the_address_of_a_forgotten_person_is_dropped(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    box, parent = DraftBox(tmp_path), QObject()
    done = [{"row": 2, "before": "Ada@example.org", "after": "ada@home.example"}]
    box.save_typed(DraftKind.IMPORTS, {"1": {"done": done, "place": "a.csv"}, "2": {"done": []}})
    drafts = TypedDrafts(DraftKind.IMPORTS, box, box_jobs, parent)
    drafts.forget("ada@example.org")
    left = {"1": {"place": "a.csv"}, "2": {"done": []}}
    qtbot.waitUntil(lambda: box.load_typed(DraftKind.IMPORTS) == left)
    assert drafts.of("1") == left["1"]


def test_a_file_that_cannot_be_read_is_put_aside(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    (tmp_path / DraftKind.IMPORTS).write_text("{half")
    parent = QObject()
    drafts = TypedDrafts(DraftKind.IMPORTS, DraftBox(tmp_path), box_jobs, parent)
    drafts.save("7", {})
    broken = tmp_path / f"{DraftKind.IMPORTS}.broken"
    qtbot.waitUntil(lambda: broken.exists() and (tmp_path / DraftKind.IMPORTS).exists())
    assert broken.read_text() == "{half"
    assert not DraftBox(tmp_path).load().broken
