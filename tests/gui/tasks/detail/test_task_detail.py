"""The desk's page of a task: read once it is chosen, live, and always that of the row above."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.contract.office import OfficeRow
from desktop.gui.kit.words.ages import DAY, day_and_time
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.task_detail import KEPT, DetailPane
from sendoff_tasks.client.errors import BackendGone, Refused
from tests import WITHIN
from tests.gui.tasks.detail.conftest import ACTS, AT, attempt, buttons, show, some
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.tasks import TaskRow

pytestmark = pytest.mark.dressed


def sentence(detail: DetailPane) -> str:
    return detail.lead.headline.text()


def letter_to(detail: DetailPane) -> str:
    """Return whom the letter in sight is to; empty if there is none."""
    mail = detail.paper.mail
    return mail.head["to"].text() if mail.isVisible() else ""


def fact(detail: DetailPane, name: str) -> Any:
    """Return the value or the link of a line of the history."""
    return next(each for key, each in detail.history.facts.values.items() if name in key)


def test_the_letter_is_never_that_of_another_row(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    read, answers = source.message, {13: threading.Event(), 14: threading.Event()}

    def read_slowly(task_id: int, **more: Any) -> Any:
        assert answers[task_id].wait(WITHIN)
        return read(task_id, **more)

    source.message = read_slowly  # type: ignore[method-assign]
    detail.show_task(13, row_of(source.rows[13]))
    assert detail.paper.lines.isVisible()
    assert buttons(detail)["Send again"].isEnabled() is False
    answers[13].set()
    qtbot.waitUntil(lambda: letter_to(detail).startswith("Person 13"))
    assert buttons(detail)["Send again"].isEnabled()
    detail.show_task(14, row_of(source.rows[14]))
    assert sentence(detail) == "Could not be sent"  # as its row tells
    assert letter_to(detail) == ""
    assert detail.paper.lines.isVisible()
    assert not buttons(detail)["Retry"].isEnabled()
    answers[14].set()
    qtbot.waitUntil(lambda: letter_to(detail).startswith("Person 14"))
    assert buttons(detail)["Retry"].isEnabled()
    detail.show_task(13, row_of(source.rows[13]))
    assert letter_to(detail).startswith("Person 13")  # at once: it was read as this row is
    source.change(14, "failed")
    detail.show_task(14, row_of(source.rows[14]))
    assert letter_to(detail) == ""


def test_arrows_that_pass_a_row_read_nothing_of_it_and_few_are_kept(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    asked = list[int]()
    read = source.task

    def note(task_id: int) -> Any:
        asked.append(task_id)
        return read(task_id)

    source.task = note  # type: ignore[method-assign]
    for number in (10, 11, 12, 14):
        detail.show_task(number, row_of(source.rows[number]))
        assert detail.ticket is None
    qtbot.waitUntil(lambda: detail.read is not None)
    assert asked == [14]
    rows = [task_row(n, "failed") for n in range(100, 101 + KEPT)]
    source.rows |= {row["id"]: row for row in rows}
    for row in rows:
        show(qtbot, detail, row["id"])
    assert 14 not in detail._kept
    assert len(detail._kept) == KEPT


def test_the_keys_of_a_letter_scroll_the_whole_page(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message
    long = "<p>" + "line<br>" * 200 + "</p>"
    monkeypatch.setattr(source, "message", lambda n, **_: {**message(n), "html": long})
    show(qtbot, detail, 13)
    qtbot.waitUntil(detail.isActiveWindow)
    detail.setFocus()
    letter = detail.paper.mail.rendered
    qtbot.waitUntil(letter.hasFocus)
    bar = detail.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > detail.area.height())
    assert letter.verticalScrollBar().maximum() == 0
    for key, is_further in (
        (Qt.Key.Key_PageDown, True),
        (Qt.Key.Key_Space, True),
        (Qt.Key.Key_Down, True),
        (Qt.Key.Key_PageUp, False),
        (Qt.Key.Key_End, True),
        (Qt.Key.Key_Home, False),
    ):
        before = bar.value()
        QTest.keyClick(letter, key)
        assert (bar.value() > before) is is_further, key
    assert bar.value() == 0


def test_the_letter_is_shown_as_text_and_as_it_would_be_sent_again(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message

    def told(number: int, *, again: bool = False) -> dict[str, Any]:
        return {**message(number), "text": "new" if again else "old"}

    def choose(words: str) -> None:
        menu = detail.head.more.menu()
        menu.aboutToShow.emit()
        next(each for each in menu.actions() if each.text() == words).trigger()

    monkeypatch.setattr(source, "message", told)
    source.details[13] = {"is_older": True}
    show(qtbot, detail, 13)
    choose("Show it as plain text")
    text = detail.paper.mail.text
    assert text.isVisible()
    for shown, words in (("old", "Show what “Send again” sends"), ("new", "Show the earlier text")):
        qtbot.waitUntil(lambda shown=shown: text.toPlainText() == shown)  # type: ignore[misc]
        choose(words)
    qtbot.waitUntil(lambda: text.toPlainText() == "old")
    choose("Show what “Send again” sends")
    qtbot.waitUntil(lambda: text.toPlainText() == "new")
    show(qtbot, detail, 14)
    assert text.toPlainText() == "old"
    show(qtbot, detail, 13)
    choose("Show it formatted")
    assert detail.paper.mail.rendered.isVisible()
    with qtbot.waitSignal(detail.link_chosen) as chosen:
        choose("Open in the e-mail program")
    assert chosen.args[1].startswith("Subject: Your booking")


def test_a_letter_that_was_not_sent_like_this_says_so(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message
    with monkeypatch.context() as patch:
        patch.setattr(source, "message", lambda n, **_: {**message(n), "remade": True})
        show(qtbot, detail, 13)
        assert detail.paper.mail.note.isVisible()
    detail.apply(source.change(13, "uncertain"))
    qtbot.waitUntil(lambda: not detail.paper.mail.note.isVisible())
    assert letter_to(detail)


def test_a_letter_that_cannot_be_read_says_why(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> dict[str, Any]:
        raise Refused({"status": 422, "title": "", "detail": "The template does not render."})  # type: ignore[typeddict-item]

    monkeypatch.setattr(source, "message", refuse)
    show(qtbot, detail, 13)
    assert detail.paper.words.text() == "The template does not render."
    assert not letter_to(detail)
    assert buttons(detail)["Send again"].isEnabled()


def test_an_own_task_has_its_values_in_place_of_a_letter(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    source.change(5, "succeeded", queue="receipts", task="receipt", to=None)
    source.details[5] = {"kwargs": {"path": "/x"}, "result": {"pages": 3}}
    show(qtbot, detail, 5)
    values = detail.paper.values
    assert values.isVisible()
    assert values.result.toPlainText() == '{\n  "pages": 3\n}'
    assert values.arguments.toPlainText() == 'path: "/x"'
    assert not detail.history.values.isVisible()
    assert detail.history.isVisible()


def sent_again(source: TaskSource, task: int, repeat: int) -> TaskRow:
    """Note of a task that another one repeats it."""
    row = source.rows[task]
    row["rev"] += 1
    row["reason_data"] = {"task_id": repeat}
    return row


def test_the_lead_follows_the_message_that_was_sent_again(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    failed, line = source.rows[14], detail.lead.line
    first = task_row(30, "failed", item_id=failed["item_id"], resend_of=14)
    other = task_row(31, "succeeded", item_id=failed["item_id"])
    source.item_of_task[14] = {"title": "", "template": None, "fields": {}, "tasks": [first, other]}
    show(qtbot, detail, 14)
    to = "Person 30 <person30@example.org>"
    assert line.text().endswith(f"New e-mail to {to}: Could not be sent.")
    newest = task_row(32, "scheduled", item_id=failed["item_id"], resend_of=30, to="b@example.org")
    source.item_of_task[14]["tasks"] = [newest, first, other]
    detail.apply({"rows": [newest], "gone": []})
    words = "New e-mail to b@example.org: Scheduled."
    qtbot.waitUntil(lambda: line.text().endswith(words))
    source.details[14] = {"repeated_by": 32}
    done: OfficeRow = {**newest, "state": "succeeded"}
    detail.apply({"rows": [done, sent_again(source, 14, 32)], "gone": []})
    qtbot.waitUntil(lambda: line.text() == words)


def test_a_moment_has_its_day_once_that_is_over(
    qtbot: QtBot, detail: DetailPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, detail, 5)
    assert detail.row is not None
    accepted = detail.row.created
    for now in (accepted, accepted + 2 * DAY):
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda now=now: now)
            detail.count_again()
        assert fact(detail, "Added").text() == day_and_time(accepted, now, seconds=True)


def test_it_follows_its_task_live(qtbot: QtBot, detail: DetailPane, source: TaskSource) -> None:
    show(qtbot, detail, 12)
    event = source.change(12, "failed", error="550 no such user")
    detail.apply(event)
    detail.apply({"rows": [task_row(12, "running", rev=1)], "gone": []})  # an older revision
    assert sentence(detail) == "Could not be sent"
    assert ACTS & set(buttons(detail)) == {"Retry"}
    line = {"at": stamp(AT), "attempt": 1, "level": "error", "text": "550 refused"}
    source.details[12] = {"log": [line]}
    detail.apply(source.change(12, "failed", error="550 no such user"))
    qtbot.waitUntil(lambda: "550 refused" in detail.history.log.toPlainText())
    detail.apply(source.remove(12))
    assert "no longer exists" in detail.paper.words.text()
    assert not buttons(detail)


@pytest.mark.parametrize("is_first", [True, False])
def test_what_changes_while_it_is_read_is_seen(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, is_first: bool
) -> None:
    asked, answer, read = threading.Event(), threading.Event(), source.task

    def read_slowly(task_id: int) -> Any:
        found = dict(read(task_id))
        asked.set()
        assert answer.wait(WITHIN)
        return found

    if not is_first:
        show(qtbot, detail, 12)
    source.task = read_slowly  # type: ignore[method-assign]
    if is_first:
        detail.show_task(12)
        qtbot.waitUntil(asked.is_set)
        detail.show_task(12, row_of(source.rows[12]))
        assert "Cancel" in buttons(detail)  # its row is there
    else:
        detail.apply(source.change(12, "waiting", attempt=3))
        assert sentence(detail).startswith("On hold")
        qtbot.waitUntil(asked.is_set)
    source.details[12] = {"history": [attempt(n) for n in range(1, 5)]}
    detail.apply(source.change(12, "failed", attempt=4, error="550 no such user"))
    answer.set()
    qtbot.waitUntil(lambda: "550 no such user" in detail.lead.line.text())
    qtbot.waitUntil(lambda: len(detail.history.attempts.entries) == 4)


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
        assert sentence(detail) == "Could not be sent"
        qtbot.waitUntil(lambda: detail.ticket is None)
    source.details[12] = {"log": [{"at": stamp(AT), "attempt": 1, "level": "error", "text": "550"}]}
    qtbot.waitUntil(lambda: "550" in detail.history.log.toPlainText())


def test_several_are_followed_live_until_one_is_shown(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    detail.show_task(14)
    detail.show_selected(some(*(source.rows[number] for number in (10, 11, 14))))
    detail.apply(source.change(11, "running"))
    detail.apply(source.remove(10))
    assert detail.head.name.text() == "2 tasks selected"
    assert [each.text() for each in detail.paper.counts] == ["1 sending", "1 failed"]
    assert "Cancel (1)" in buttons(detail)
    show(qtbot, detail, 14)
    assert {"Retry", "Leave it"} < set(buttons(detail))
    assert not detail.paper.counts
    detail.apply(source.change(11, "failed"))
    assert detail.head.name.text() == "Person 14"
