"""The detail pane: every state in words, what can be done, live; and its room in the window."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.contract.office import OfficeRow
from desktop.gui.kit.rights import TASKS_FOLDER
from desktop.gui.kit.words.ages import DAY, day_and_time
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.summary_tab import REPEAT, REPEATED, raw_lines
from desktop.gui.tasks.detail.task_detail import ATTEMPTS, BESIDE, SUMMARY, WIDE, DetailPane
from sendoff_tasks.client.errors import BackendGone
from tests import WITHIN
from tests.gui.tasks.acting.pending_rows import fitting, selection
from tests.gui.tasks.detail.conftest import ACTS, AT, attempt, buttons, show
from tests.gui.tasks.table.task_source import TaskSource, stamp, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.model.tasks import TaskRow

pytestmark = pytest.mark.dressed


def test_each_state_has_its_headline_and_only_the_buttons_that_fit(
    qtbot: QtBot, detail: DetailPane
) -> None:
    for task_id, headline, acts in (
        (4, "Waiting for the mail server, again now", {"Try now", "Cancel"}),
        (10, "Scheduled", {"Cancel"}),
        (11, "In the queue", {"Cancel"}),
        (12, "Being sent", {"Cancel"}),
        (13, "Sent, ", {"Send again"}),
        (14, "Could not be sent", {"Retry"}),
        (15, "Cancelled", {"Retry"}),
        (16, "It may have been sent", {"It was sent", "Send again"}),
    ):
        show(qtbot, detail, task_id)
        shown = detail.summary.headline.text()
        assert shown.startswith(headline) if headline.endswith(" ") else shown == headline
        qtbot.waitUntil(lambda acts=acts: ACTS & set(buttons(detail)) == acts)  # type: ignore[misc]


def test_what_waits_for_its_function_says_what_brings_it_on(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    gone = {"task": "badge", "text": "There is no task named “badge” in badges.py any more."}
    source.change(5, "waiting", queue="badge", reason="held_for_function", reason_data=gone)
    show(qtbot, detail, 5)
    assert detail.summary.headline.text() == "On hold until its function is available"
    assert detail.summary.explanation.text() == (
        "There is no task named “badge” in badges.py any more."
        " It resumes automatically when its function is available."
    )
    acts = {"Try now", "Open the tasks folder", "Cancel"}
    qtbot.waitUntil(lambda: acts == set(buttons(detail)) & (ACTS | acts))
    with qtbot.waitSignal(detail.action_chosen) as chosen:
        buttons(detail)["Open the tasks folder"].click()
    assert chosen.args == [TASKS_FOLDER, []]


def test_the_mail_settings_are_offered_by_the_bar_alone(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    wrong = {"queue": "mail", "text": "535 wrong password"}
    source.change(5, "waiting", queue="mail", reason="queue_held", reason_data=wrong)
    show(qtbot, detail, 5)
    qtbot.waitUntil(lambda: "Try now" in buttons(detail))
    assert "Mail settings" not in buttons(detail)


def test_the_summary_has_raw_lines_and_facts(qtbot: QtBot, detail: DetailPane) -> None:
    show(qtbot, detail, 4)
    raw = detail.summary.lines
    assert raw.isVisible()
    assert detail.summary.details.isHidden()  # there are no more
    lines = raw.text().splitlines()
    assert lines[0].endswith("attempt 1 451 Greylisted")
    facts = {key: label.text() for key, label in detail.summary.facts.values.items()}
    assert detail.summary.links.values["item"].text() == "1004"
    assert facts["attempts"] == "2 of 8"
    assert facts["message_id"] == "4.confirm@box-office.example"
    menu = detail.tabs.more.menu()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Waiting for the mail server")
    assert "Item: 1004" in text


def test_a_message_that_was_sent_at_once_says_no_more_than_that(
    qtbot: QtBot, detail: DetailPane
) -> None:
    show(qtbot, detail, 13)
    summary = detail.summary
    assert (summary.explanation.text(), summary.lines.text()) == ("", "")
    assert [key for key, each in summary.facts.values.items() if each.isHidden()] == [
        "attempts",
        "message_id",
    ]
    assert "Message-ID: " in summary.text()


def test_a_task_that_is_tried_again_has_raw_lines_also_in_a_pause(source: TaskSource) -> None:
    told = source.task(4)
    assert raw_lines(row_of(told), told)[-1].endswith(" attempt 2 451 Greylisted")
    told |= {"state": "scheduled", "reason": "batch_paused", "run_at": None}
    assert raw_lines(row_of(told), told)[-1].endswith(" attempt 2 451 Greylisted")


def test_the_tabs_have_log_and_attempts_with_a_traceback_on_demand(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 4)
    assert detail.tabs.tabText(ATTEMPTS) == "Attempts 2"
    assert "connected" in detail.log.toPlainText()
    entry = detail.attempts.entries[0]
    assert entry.number == 2
    assert any(label.text().endswith(" · on mill 417") for label in entry.findChildren(QLabel))
    opened = [entry.is_open]
    entry.toggle.click()
    assert [*opened, entry.is_open] == [False, True]
    source.details[4]["history"] = [attempt(2881, "offline", count=2881), attempt(2882)]
    detail.apply(source.change(4, "waiting", attempt=2882, run_at=stamp(AT + 90)))
    qtbot.waitUntil(lambda: detail.attempts.entries[0].number == 2882)
    said = [label.text() for label in detail.attempts.entries[1].findChildren(QLabel)]
    assert "Attempts 1 to 2881 · 2,881 tries in one outage" in said
    assert "no connection" in said


def test_an_open_traceback_stays_open_when_another_attempt_comes(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    show(qtbot, detail, 4)
    detail.attempts.entries[0].toggle.click()
    source.details[4]["history"].append(attempt(3))
    detail.apply(source.change(4, "waiting", attempt=3, run_at=stamp(AT + 90)))
    qtbot.waitUntil(lambda: len(detail.attempts.entries) == 3)
    assert [(each.number, each.is_open) for each in detail.attempts.entries] == [
        (3, False),
        (2, True),
        (1, False),
    ]


def test_the_summary_is_never_wider_than_its_room(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    source.rows[4]["to"] = f"Bo Chen <{'bo' * 40}@mx.example.net>"
    source.rows[4]["error"] = "no " + "x" * 200
    source.details[4]["history"][1]["error"] = "y" * 200
    detail.resize(340, 260)
    show(qtbot, detail, 4)
    summary = detail.summary
    to = summary.facts.values["to"]
    inside = summary.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.width() == summary.viewport().width())
    assert not summary.horizontalScrollBar().isVisible()
    right = to.mapTo(summary.viewport(), to.rect().topRight()).x()
    assert right < summary.viewport().width()
    assert to.text() == source.rows[4]["to"]
    qtbot.waitUntil(lambda: to.height() >= to.heightForWidth(to.width()))


def lines_of(place: QWidget) -> list[int]:
    """Return where the lines of names are in height, from the first one on."""
    names = [label for label in place.findChildren(QLabel) if label.buddy() and label.isVisible()]
    middles = [name.mapTo(place, name.rect().center()).y() for name in names]
    assert len(middles) > 3
    return sorted(middle - min(middles) for middle in middles)


def test_names_and_values_stand_in_lines_of_one_height(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, themes: ThemeSource
) -> None:
    detail.resize(1100, 400)
    source.rows[16]["cause"] = "c"
    handed = {"at": stamp(AT), "what": "mail", "to": "mail.example.org"}
    source.details[16] = {"handed_over": handed, "reference": "<7@x.org>"}
    show(qtbot, detail, 16)
    summary, px = detail.summary, themes.theme.px
    for place, line in ((summary.side, px(22)), (summary.evidence, px(20))):
        qtbot.waitUntil(lambda place=place: lines_of(place)[1] > 0)  # type: ignore[misc]
        assert lines_of(place) == [n * line for n in range(len(lines_of(place)))]


def test_the_summary_says_what_the_item_is_about(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    fields = {"note": "by the\ndoor", "Seats": ["A1", "A2"], "empty": ""}
    source.item_of_task[4] = {"title": "Opera", "template": None, "fields": fields, "tasks": []}
    show(qtbot, detail, 4)
    assert detail.summary.item.lines() == ["Title: Opera", "Note: by the door", "Seats: A1, A2"]
    assert "Title: Opera" in detail.summary.text()
    show(qtbot, detail, 5)
    assert detail.summary.item.isHidden()


def sent_again(source: TaskSource, task: int, repeat: int) -> TaskRow:
    """Note of a task that another one repeats it."""
    row = source.rows[task]
    row["rev"] += 1
    row["reason_data"] = {"task_id": repeat}
    return row


def test_a_message_that_was_sent_again_leads_to_the_task_that_did(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    detail.tabs.setCurrentIndex(SUMMARY)
    detail.show_task(14)
    qtbot.waitUntil(lambda: "Retry" in buttons(detail))
    source.details[14] = {"repeated_by": 13}
    detail.apply({"rows": [sent_again(source, 14, 13)], "gone": []})
    qtbot.waitUntil(lambda: "Retry" not in buttons(detail))
    assert not {"Correct…", "Retry"} & set(buttons(detail))
    assert "press Retry" not in detail.summary.explanation.text()
    link = detail.summary.links.values[REPEAT]
    qtbot.waitUntil(lambda: (link.text(), link.isVisible()) == ("Task 13", True))
    with qtbot.waitSignal(detail.link_chosen) as chosen:
        link.click()
    assert chosen.args == [REPEAT, 13]
    source.details[13] = {"resend_of": 14}
    detail.show_task(13)
    qtbot.waitUntil(lambda: detail.summary.links.values[REPEATED].isVisible())
    assert link.isHidden()


def test_the_summary_says_that_the_message_was_sent_again(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    failed = source.rows[14]
    first = task_row(30, "failed", item_id=failed["item_id"], resend_of=14)
    other = task_row(31, "succeeded", item_id=failed["item_id"])
    source.item_of_task[14] = {"title": "", "template": None, "fields": {}, "tasks": [first, other]}
    show(qtbot, detail, 14)
    to = "Person 30 <person30@example.org>"
    assert detail.summary.again.text() == f"New e-mail to {to}: Could not be sent"
    newest = task_row(32, "scheduled", item_id=failed["item_id"], resend_of=30, to="b@example.org")
    source.item_of_task[14]["tasks"] = [newest, first, other]
    detail.apply({"rows": [newest], "gone": []})
    words = "New e-mail to b@example.org: Scheduled"
    qtbot.waitUntil(lambda: detail.summary.again.text() == words)
    assert words in detail.summary.text()
    assert "press Retry" in detail.summary.explanation.text()
    copy = task_row(33, "failed", item_id=failed["item_id"], resend_of=14, to="cy@x.org", copy=True)
    last = task_row(
        34, "scheduled", item_id=failed["item_id"], resend_of=14, to="d@x.org", copy=True
    )
    source.item_of_task[14]["tasks"] = [copy, newest, first, other, last]
    detail.apply({"rows": [copy, last], "gone": []})
    both = f"{words}\nCopy to cy@x.org: Could not be sent\nCopy to d@x.org: Scheduled"
    qtbot.waitUntil(lambda: detail.summary.again.text() == both)
    source.details[14] = {"repeated_by": 32}
    again = sent_again(source, 14, 32)
    done: OfficeRow = {**newest, "state": "succeeded"}
    detail.apply({"rows": [done, again], "gone": []})
    qtbot.waitUntil(lambda: "press Retry" not in detail.summary.explanation.text())
    show(qtbot, detail, 13)
    assert detail.summary.again.isHidden()


def test_a_moment_has_its_day_once_that_is_over(
    qtbot: QtBot, detail: DetailPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, detail, 5)
    assert detail.row is not None
    accepted = detail.row.created
    for now in (accepted, accepted + 2 * DAY):
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda now=now: now)
            detail.summary.refresh()
        said = detail.summary.facts.values["accepted"].text()
        assert said == day_and_time(accepted, now, seconds=True)


def test_it_follows_its_task_live(qtbot: QtBot, detail: DetailPane, source: TaskSource) -> None:
    show(qtbot, detail, 12)
    event = source.change(12, "failed", error="550 no such user")
    detail.apply(event)
    detail.apply({"rows": [task_row(12, "running", rev=1)], "gone": []})  # an older revision
    assert detail.summary.headline.text() == "Could not be sent"
    qtbot.waitUntil(lambda: ACTS & set(buttons(detail)) == {"Retry"})
    line = {"at": stamp(AT), "attempt": 1, "level": "error", "text": "550 refused"}
    source.details[12] = {"log": [line]}
    detail.apply(source.change(12, "failed", error="550 no such user"))
    qtbot.waitUntil(lambda: "550 refused" in detail.log.toPlainText())
    detail.apply(source.remove(12))
    assert "no longer exists" in detail.words.text()
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
        detail.show_task(12, fitting([row_of(source.rows[12])]))
        assert "cancel" in detail.buttons.row.buttons  # its row is there
    else:
        detail.apply(source.change(12, "waiting", attempt=3))
        assert detail.tabs.tabText(ATTEMPTS) == "Attempts 3"
        qtbot.waitUntil(asked.is_set)
    source.details[12] = {"history": [attempt(n) for n in range(1, 5)]}
    detail.apply(source.change(12, "failed", attempt=4, error="550 no such user"))
    answer.set()
    qtbot.waitUntil(lambda: "550 no such user" in detail.summary.explanation.text())
    qtbot.waitUntil(lambda: len(detail.attempts.entries) == 4)


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


def heights(window: AppWindow) -> tuple[int, int]:
    QApplication.processEvents()
    rows, pane = window.page.sizes()
    return rows, pane


def rows_in_sight(window: AppWindow) -> float:
    QApplication.processEvents()
    table = window.page.table
    return table.viewport().height() / table.verticalHeader().defaultSectionSize()


def test_the_pane_has_its_height_back_however_small_the_window_was(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 800)
    two = selection([row_of(task_row(n)) for n in (1, 2)], 2)
    window.page.detail.show_selected(two)
    QApplication.processEvents()
    before = heights(window)[1]
    window.resize(512, 320)
    qtbot.waitUntil(lambda: heights(window)[1] < before)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: abs(heights(window)[1] - before) < 10)


def test_in_a_wide_window_the_pane_is_beside_the_rows_and_keeps_both_sizes(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    window.resize(1280, 800)
    page = window.page
    page.detail.show_selected(selection([row_of(task_row(n)) for n in (1, 2)], 2))
    low = heights(window)[1]
    window.resize(themes.theme.px(WIDE), 800)
    qtbot.waitUntil(lambda: page.detail.x() > page.table.geometry().right())
    assert heights(window)[1] == themes.theme.px(BESIDE)
    assert page.detail.buttons.y() > page.detail.tabs.geometry().center().y()
    page.detail.show_task(None)
    assert page.detail.isHidden()
    page.detail.show_selected(selection([row_of(task_row(n)) for n in (1, 2)], 2))
    page.moveSplitter(page.width() - 600, 1)
    qtbot.waitUntil(lambda: heights(window)[1] >= 599)
    window.remember()
    kept = float(bytes(settings.value("window/low")).split()[0])
    assert kept == pytest.approx(low / themes.theme.px(100), rel=0.01)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: page.detail.y() > page.table.y())
    assert heights(window)[1] == low
    window.resize(themes.theme.px(WIDE), 800)
    qtbot.waitUntil(lambda: heights(window)[1] >= 599)


def test_the_pane_is_closed_while_empty_and_leaves_rows_a_part_of_a_low_window(
    window: AppWindow, qtbot: QtBot, themes: ThemeSource, settings: QSettings
) -> None:
    low, detail = window, window.page.detail
    for height in (420, 800):
        window.resize(1280, height)
        assert heights(window)[1] == 0
        detail.show_selected(selection([row_of(task_row(n)) for n in (1, 2)], 2))
        assert heights(window)[1] > 100
        detail.show_task(None)
        assert heights(window)[1] == 0
    detail.show_selected(selection([row_of(task_row(n)) for n in (1, 2)], 2))
    low.remember()
    before = settings.value("window/low")
    window.resize(1280, themes.theme.px(320))
    qtbot.waitUntil(lambda: 1.9 < rows_in_sight(low) < 4)
    pane = low.page.detail
    assert pane.height() - pane._bar.height() > 4 * pane.fontMetrics().height()
    low.remember()
    assert settings.value("window/low") == before  # its usual height
    low.resize(1280, 800)
    qtbot.waitUntil(lambda: rows_in_sight(low) > 4)
