"""The detail follows its task: what is behind a row is read, and read again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.errors import BackendGone
from desktop.gui.tasks.detail.task_detail import ATTEMPTS, DetailPane
from tests import WITHIN
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.client.api import ApiSource

from tests.gui.tasks.detail.conftest import ACTS, AT, attempt, buttons, show


def test_it_follows_its_task_live(qtbot: QtBot, detail: DetailPane, source: TaskSource) -> None:
    show(qtbot, detail, 12)
    event = source.change(12, "failed", error="550 no such user")
    detail.apply(event)
    assert detail.summary.headline.text() == "Could not be sent"
    qtbot.waitUntil(lambda: ACTS & set(buttons(detail)) == {"Retry"})
    line = {"at": stamp(AT), "attempt": 1, "level": "error", "text": "550 refused"}
    source.details[12] = {"log": [line]}
    detail.apply(source.change(12, "failed", error="550 no such user"))
    qtbot.waitUntil(lambda: "550 refused" in detail.log.toPlainText())


def test_what_is_behind_the_row_is_read_at_once_however_often_the_row_changes(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 4)
    asked, answer = threading.Event(), threading.Event()
    read = source.task

    def read_slowly(task_id: int) -> Any:
        found = read(task_id)
        asked.set()
        assert answer.wait(WITHIN)
        return found

    source.task = read_slowly  # type: ignore[method-assign]
    source.details[4]["history"].append(attempt(3))
    detail.apply(source.change(4, "waiting", attempt=3, run_at=stamp(AT + 90)))
    assert detail.tabs.tabText(ATTEMPTS) == "Attempts 3"
    qtbot.waitUntil(asked.is_set)
    source.details[4]["history"].append(attempt(4, error="452 Full"))
    detail.apply(source.change(4, "waiting", attempt=4, run_at=stamp(AT + 99)))
    answer.set()
    qtbot.waitUntil(lambda: "attempt 4 452 Full" in detail.summary.lines.text())
    assert len(detail.attempts.entries) == 4


def test_a_change_during_the_first_reading_is_seen(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    asked, answer = threading.Event(), threading.Event()
    read = source.task

    def read_slowly(task_id: int) -> Any:
        found = dict(read(task_id))
        asked.set()
        assert answer.wait(WITHIN)
        return found

    source.task = read_slowly  # type: ignore[method-assign]
    detail.show_task(12)
    qtbot.waitUntil(asked.is_set)
    detail.apply(source.change(12, "failed", error="550 no such user"))
    answer.set()
    qtbot.waitUntil(lambda: "550 no such user" in detail.summary.explanation.text())


def test_what_could_not_be_read_is_read_again(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: int) -> None:
        raise BackendGone

    with monkeypatch.context() as patch:
        patch.setattr(source, "task", gone)
        detail.show_task(12)
        qtbot.waitUntil(lambda: detail.ticket is None)
    qtbot.waitUntil(lambda: detail.row is not None)
    assert detail.row is not None
    assert detail.row.id == 12


@pytest.mark.parametrize("away", ["known to be", "not yet known to be"])
def test_what_is_behind_a_change_is_read_when_the_backend_is_back(
    qtbot: QtBot,
    detail: DetailPane,
    source: TaskSource,
    asked: ApiSource,
    monkeypatch: pytest.MonkeyPatch,
    away: str,
) -> None:
    def gone(_: int) -> None:
        raise BackendGone

    show(qtbot, detail, 12)
    qtbot.waitUntil(lambda: not detail.settle.isActive())
    with monkeypatch.context() as patch:
        patch.setattr(source, "task", gone)
        if away == "known to be":
            patch.setattr(asked, "api", None)
        detail.apply(source.change(12, "failed", error="550 no such user"))
        assert detail.summary.headline.text() == "Could not be sent"
        qtbot.waitUntil(lambda: detail.ticket is None)
    source.details[12] = {"log": [{"at": stamp(AT), "attempt": 1, "level": "error", "text": "550"}]}
    qtbot.waitUntil(lambda: "550" in detail.log.toPlainText())


def test_what_was_being_read_when_it_went_out_of_sight_is_read_when_it_is_back(
    qtbot: QtBot, detail: DetailPane
) -> None:
    detail.show_task(14)
    detail.hide()
    assert detail.ticket is None
    detail.show()
    qtbot.waitUntil(lambda: detail.summary.headline.text() == "Could not be sent")


def test_an_older_revision_changes_nothing(qtbot: QtBot, detail: DetailPane) -> None:
    show(qtbot, detail, 14)
    detail.apply({"rows": [task_row(14, "running", rev=1)], "gone": []})
    assert detail.summary.headline.text() == "Could not be sent"


def test_a_task_undone_is_said_to_be_no_more(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 10)
    detail.apply(source.remove(10))
    assert "no longer exists" in detail.words.text()
    assert not buttons(detail)


def test_only_a_task_that_it_names_has_it_read_again_by_going(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    source.details[12] = {"repeated_by": 14}
    show(qtbot, detail, 12)
    qtbot.waitUntil(lambda: detail.ticket is None and not detail.settle.isActive())
    detail.apply({"rows": [], "gone": [13, 15]})
    assert detail.ticket is None
    detail.apply({"rows": [], "gone": [13, 14]})
    assert detail.ticket is not None


def test_nothing_is_asked_of_a_backend_that_is_gone(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, asked: ApiSource
) -> None:
    show(qtbot, detail, 4)
    asked.api = None
    detail.show_task(5)
    assert detail.summary.links.links["item"].text() == "1004"
    asked.api = source  # type: ignore[assignment]
    detail.reload()
    qtbot.waitUntil(lambda: detail.summary.links.links["item"].text() == "1005")
