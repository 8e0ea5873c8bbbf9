"""The rows of the view of batches, and how fast each batch is sent."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui.batches.batch_words import explanation, look_of
from desktop.gui.batches.spreadsheets import (
    LEAST_S,
    WHOLE_S,
    BatchModel,
    Paces,
)
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.link.jobs import ApiSource, Jobs
from sendoff_tasks.model.times import wire_time
from tests.gui.items.test_item_table import Later

COUNTS = dict.fromkeys(
    (
        *("rows", "unchecked", "ready", "problems", "same", "changed", "twice"),
        *("do_not_send", "skipped", "opted_out", "doubtful", "left_out"),
        *("open", "sent", "kept", "failed", "uncertain", "cancelled"),
    ),
    0,
)


LEAVES: dict[str, Any] = {
    **dict.fromkeys(("next_at", "last_at", "reason", "put_off", "limited_by", "taken")),
    "reason_data": {},
    "closes_at": None,
}


def batch(number: int, rev: int = 1, **given: Any) -> Any:
    """Return a batch with these fields; those of ``leaves`` are given beside the others."""
    counts = {**COUNTS, **given.pop("counts", {})}
    leaves = {name: given.pop(name, usual) for name, usual in LEAVES.items()}
    return {
        "batch_id": number,
        "rev": rev,
        "name": f"file {number}.csv",
        "key": ["email", "title"],
        "state": "running",
        "created_at": "2026-11-21T09:00:00.000Z",
        "run_at": None,
        "rate": None,
        "template": None,
        "subject": "Your fee",
        "sender": "desk@example.org",
        "reply_to": "",
        "cc": "",
        "bcc": "",
        "replaces": None,
        "opted_out": None,
        "copies": None,
        "replaced_by": [],
        "leaves": leaves,
        "counts": counts,
        "corrected": 0,
        "unused": 0,
        "marked": 0,
        "bounced": 0,
        "to_retry": counts["failed"],
        "causes": [],
        "sheet": None,
        "reading": None,
        **given,
    }


@pytest.fixture
def model(qapp: QApplication, jobs: Jobs) -> BatchModel:
    made = BatchModel(ApiSource(jobs))
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.take_first(Page([batch(2), batch(1)], None))
    return made


def reading(pages: dict[str | None, tuple[list[Any], str | None]]) -> tuple[BatchModel, Later]:
    """Return a model that reads these pages, each by the place after which it begins."""

    def page(after: str | None) -> dict[str, Any]:
        rows, following = pages[after]
        return {"batches": rows, "next": following}

    api: Any = SimpleNamespace(batches=SimpleNamespace(page=page))
    jobs: Any = Later()
    return BatchModel(ApiSource(jobs, api)), jobs


def numbers(model: BatchModel) -> list[int]:
    return [row["batch_id"] for row in model.rows]


def test_as_many_are_read_again_as_were_there(qapp: QApplication) -> None:
    model, jobs = reading(
        {None: ([batch(4), batch(3)], "3"), "3": ([batch(2)], "2"), "2": ([batch(1)], None)}
    )
    model.take_first(Page([batch(2), batch(1), batch(0)], None))
    model.load()
    jobs.go()
    assert numbers(model) == [4, 3, 2]
    model.fetchMore(QModelIndex())
    jobs.go()
    assert numbers(model) == [4, 3, 2, 1]


def test_a_page_that_failed_is_read_again_and_the_rows_above_it_stay(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.gui.kit.lists.live_rows.PAUSE", 1)
    model, jobs = reading({None: ([batch(4)], "3"), "3": ([batch(3)], None)})
    model.load()
    jobs.go()
    reads: list[int] = []
    model.shown.connect(lambda: reads.append(1))
    model.fetchMore(QModelIndex())
    jobs.go(fail=True)
    qtbot.waitUntil(lambda: bool(jobs.waiting))
    jobs.go()
    assert (numbers(model), reads) == ([4, 3], [])


def words(model: BatchModel, row: int) -> list[str]:
    return [model.data(model.index(row, column)) for column in range(model.columnCount())]


def test_when_a_batch_is_done_is_told_once_its_pace_is_known(
    model: BatchModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    told = []
    for seconds, count in ((0, 900), (1, 890), (2, 880), (21, 690), (22, 680)):
        monkeypatch.setattr(time, "time", lambda at=now + seconds: at)
        begun = batch(2, 2 + seconds, counts={"rows": 900, "sent": 900 - count, "open": count})
        model.follow({"rows": [begun], "gone": []})
        told.append(model.pace_of(begun))
    assert told == [0, 0, 0, 10, 10]


def test_messages_that_are_put_off_are_told_of_while_others_leave(model: BatchModel) -> None:
    now = time.time()
    again = wire_time(round((now + 900) * 1000))
    put_off = {"server": "mx", "code": 452, "until": again, "count": 16}
    all_of_it = batch(2, 2, counts={"rows": 200, "open": 200}, put_off=put_off)
    all_of_it["leaves"]["last_at"] = again
    model.follow({"rows": [all_of_it], "gone": []})
    assert words(model, 0)[-1] == "Waiting · 0 of 200 · 16 postponed"
    said = explanation(all_of_it, now, pace=3.0)
    assert said.startswith("mx postponed 16 e-mails. Sendoff tries again at ")
    some: Any = {**all_of_it, "counts": {**all_of_it["counts"], "open": 150, "sent": 50}}
    assert look_of(some, now).word == "Sending"
    said = explanation(some, now)
    assert said.startswith("mx postponed 16 e-mails. Sendoff tries again at ")
    assert " The last e-mail is sent " in said


def test_what_is_told_while_a_page_is_on_its_way_is_not_lost(qapp: QApplication) -> None:
    model, jobs = reading({None: ([batch(2), batch(1)], None)})
    model.load()
    model.follow({"rows": [batch(3), batch(1, 5, name="new.csv")], "gone": [2]})
    jobs.go()
    assert [(row["batch_id"], row["rev"]) for row in model.rows] == [(3, 1), (1, 5)]
    for gone in ([], [4]):  # it is told once more
        model.follow({"rows": [batch(4), batch(2, 9)], "gone": gone})
    model.load()
    model.follow({"rows": [batch(1, 6)], "gone": []})
    assert [(row["batch_id"], row["rev"]) for row in model.rows] == [(3, 1), (1, 6)]


NOW = 1_000_000.0


def told(paces: Paces, at: float, count: int, **given: Any) -> float:
    """Have it told how many are open, and return the pace."""
    some = batch(1, counts={"rows": 3000, "open": count}, **given)
    paces.note(some, NOW + at)
    return round(paces.of(some, NOW + at), 2)


def test_it_is_that_from_the_first_message_on() -> None:
    paces = Paces()
    assert [told(paces, at, 3000) for at in (0, 4)] == [0, 0]  # the grace period
    assert told(paces, 5, 2990) == 0
    assert told(paces, 5 + LEAST_S - 1, 2960) == 0
    assert told(paces, 25, 2790) == 10
    assert told(paces, 45, 2790) == 5  # none has left since


def test_it_is_that_of_the_last_minute() -> None:
    paces = Paces()
    for at in range(0, 1000, 10):
        told(paces, at, 3000 - at // 10)
    assert told(paces, 1000, 2800) == round((2906 - 2800) / WHOLE_S, 2)


def test_two_slow_ones_at_first_are_no_pace() -> None:
    paces = Paces()
    assert [told(paces, at, 1400 - at // 3) for at in (0, 3, 6, 9)] == [0] * 4
    assert told(paces, 23, 1179) == 11
    paces = Paces()
    assert [told(paces, at, 1400 - at // 30) for at in (0, 30, 60, 90)] == [0, 0, 0, 0.03]


def test_it_begins_again_after_a_pause_a_wait_and_a_retry() -> None:
    for between in ({"state": "paused"}, {"reason": "quota"}, {"counts": {"open": 2990}}):
        paces = Paces()
        told(paces, 0, 3000)
        told(paces, 1, 2980)
        assert told(paces, 21, 2970)
        given: Any = {"counts": {"open": 2970}, **between}
        paces.note(batch(1, **given), NOW + 22)
        assert told(paces, 60, 2970) == 0
        assert told(paces, 61, 2960) == 0
