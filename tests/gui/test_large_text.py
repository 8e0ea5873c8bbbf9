"""Text of twice the size: in no view and no sheet is a word cut, or to be scrolled to sideways."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QTableView,
)

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from desktop.gui.kit.widgets.sheet import TwoColumnScroll
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.sentence.cases import said
from desktop.gui.tasks.detail.task_detail import ATTEMPTS, LOG, MESSAGE, VALUES
from sendoff_tasks.model.states import State
from tests.gui.clicks.walks import close_sheets, opened, the
from tests.gui.cut_words import cut, name_of
from tests.gui.frame.notices.test_toasts import under
from tests.gui.importing.dropping import checked, drop, members
from tests.gui.live_store import LiveStore
from tests.gui.sentence.scenes import CASES as SCENES
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.importing.rows_pane import RowCard
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.dressed


SMALL: Final = (1024, 640)
"""The smallest window that is supported at twice the text size, in logical pixels."""


def crowd(window: AppWindow) -> None:
    """Make the window small, and its text twice the size of most desktops."""
    font = QApplication.font()
    font.setPointSizeF(20)
    QApplication.setFont(font)
    window.resize(*SMALL)


@pytest.fixture
def full(store: LiveStore, window_over: Callable[[object], AppWindow]) -> AppWindow:
    """Give a small window with large text over that store."""
    crowd(window := window_over(store))
    QApplication.processEvents()
    return window


def test_no_view_cuts_words_in_a_small_window_or_hides_the_decisions_about_a_task(
    full: AppWindow, qtbot: QtBot
) -> None:
    tables: dict[str, QTableView] = {TASKS: full.page.table, ITEMS: full.items.table}
    tables[BATCHES] = full.batches.table
    full.batches.model.load()
    full.notices.say("paused", BarText("info", "Sending has been paused since 14:05."))
    found: set[str] = set()

    def look() -> None:
        QApplication.processEvents()
        full.grab()  # what is cut is known once it is painted
        found.update(cut(full))

    for view, table in tables.items():
        full.switch.choose(view)
        qtbot.waitUntil(lambda table=table: table.model().rowCount() > 0)  # type: ignore[misc]
        for row in range(table.model().rowCount()):
            table.selectRow(row)
            qtbot.waitUntil(lambda: full.page.detail.ticket is None)
            look()
        row = table.verticalHeader().defaultSectionSize()
        assert table.viewport().height() >= 2 * row, view
    full.switch.choose(TASKS)
    model, pane = full.page.model, full.page.detail
    for tab in (LOG, ATTEMPTS, VALUES):
        pane.tabs.setCurrentIndex(tab)
        look()
    assert full.size().toTuple() == SMALL
    assert found == set()
    full.switch.choose(TASKS)
    states = [row.state for row in model.rows_between(0, model.rowCount() - 1)]
    full.page.table.selectRow(states.index(State.UNCERTAIN))
    qtbot.waitUntil(lambda: pane.ticket is None)
    QApplication.processEvents()
    done, again, *_ = pane.buttons.row.buttons.values()
    assert done.isVisible()
    assert again.isVisible()
    assert pane.stack.height() > 3 * pane.fontMetrics().height()


def test_no_notice_and_no_toast_cuts_or_covers_words_in_a_small_window(full: AppWindow) -> None:
    show = (("show", "Show"),)
    bars = {
        "decision": "17 tasks failed for 3 reasons.",
        "batch": "guests of the summer concert 2026.xlsx: 162 of 197 are sent",
        "held": "Sending is on hold: mx.example.org refused the user name or password of tickets.",
    }
    for name, words in bars.items():
        full.notices.say(name, BarText("warning", words, show, dismissible=True))
    QApplication.processEvents()
    front = full.notices.names()[0]
    buttons = full.notices.bars[front].findChildren(QPushButton)
    shown = [each.text() for each in buttons if each.isVisible() and each.text()]
    assert shown == ["2 more", "Show"]
    toasts = [
        full.toasts.show("15 e-mails are sent again in 5 s", action="&Undo", seconds=60),
        full.toasts.show("The report is saved as guests of the summer concert 2026, report.xlsx"),
    ]
    for is_open in (False, True):
        full.notices.open(is_open)
        QApplication.processEvents()
        full.grab()
        assert cut(full) == []
    full.notices.open(False)
    for toast in toasts:
        toast.close()
    for name in bars:
        full.notices.take_back(name)
    for facts in SCENES.values():
        full.sentence.show_statements([*said(facts)])
        QApplication.processEvents()
        full.grab()
        assert cut(full) == [], full.sentence.shown.text
        assert full.size().toTuple() == SMALL


def test_neither_a_question_nor_a_line_above_a_list_needs_more_room_than_there_is(
    full: AppWindow, qtbot: QtBot
) -> None:
    usual, show = full.shelf.height(), (("show", "Show"),)
    for name in ("decision", "held"):
        full.notices.say(name, BarText("error", "2 tasks failed.", show, dismissible=True))
    full.closing.set_stats(stats(queued=3))
    full.close()
    full.closing.set_stopped(everything=False, something=True, hold="No connection. " * 9)
    QApplication.processEvents()
    assert full.closing.sheet.keep.hasFocus()
    assert full.closing.sheet.check.isVisible()
    assert cut(full) == []
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not full.closing.is_asking

    for name in ("decision", "held"):
        full.notices.take_back(name)
    table = full.page.table
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    table.selectRow(0)
    qtbot.waitUntil(lambda: full.page.detail.row is not None and full.page.detail.ticket is None)
    asks = BarText("warning", "Cancel 7 tasks? " * 9, (("yes", "Cancel"),), refusal="no")
    full.notices.say("ask", asks)
    full.notices.focus("ask")
    qtbot.waitUntil(lambda: full.notices.height() == full.shelf.height() > usual)
    assert full.page.detail.isVisible()
    assert table.viewport().height() >= table.verticalHeader().defaultSectionSize()
    assert full.size().toTuple() == SMALL
    assert cut(full) == []
    full.notices.take_back("ask")
    qtbot.waitUntil(lambda: full.shelf.height() == usual)

    full.switch.choose(ITEMS)
    qtbot.waitUntil(lambda: full.items.table.model().rowCount() > 0)
    line = full.items.not_sent
    line.words.setText("At least 12,345 cancelled or left-out rows of batches may not be here.")
    line.link.setText("Show the batches")
    line.show()
    for _ in range(3):
        QApplication.processEvents()
    assert not line.isHidden()
    assert full.minimumSizeHint().width() <= SMALL[0]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_no_sheet_cuts_words_in_a_small_window_or_has_a_button_under_a_toast(
    perform: Perform, tmp_path: Path
) -> None:
    found: set[str] = set()

    async def look(play: Play, name: str) -> None:
        await play.until(lambda: name in opened(play))
        await play.until(lambda: not play.program.jobs.under_way)
        await asyncio.sleep(0.01)
        sheet = the(play, name)
        sheet.grab()
        found.update(f"{name}: {each}" for each in cut(sheet))
        words = "Item 251 is corrected and is sent once sending continues. " * 2
        toast = play.window.toasts.show(words, action="&Undo sending", seconds=60)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        found.update(f"{name}: {name_of(each)} is under a toast" for each in under(toast))
        assert play.window.size().toTuple() == SMALL
        toast.close()
        close_sheets(play)

    async def scene(play: Play) -> None:
        crowd(play.window)
        await play.until(lambda: play.window.top_bar.height() > 70)
        rooms = play.program.rooms
        play.window.top_bar.new_item.click()
        play.window.form.grab()
        found.update(cut(play.window.form))
        play.submit("Ada " + "Lovelace" * 9)
        await play.until(lambda: "succeeded" in play.states())
        play.window.page.table.selectRow(0)
        await play.until(lambda: play.window.page.detail.tabs.isVisible())
        play.window.page.detail.tabs.setCurrentIndex(MESSAGE)
        await play.until(play.window.page.detail.message.mail.isVisible)
        await asyncio.sleep(0.01)  # it is made only now
        play.window.page.detail.grab()
        found.update(cut(play.window.page.detail))
        rooms.items.correct([row.id for row in play.model.rows_between(0, 0)])
        await look(play, "CorrectionSheet")
        tasks = [row.id for row in play.model.rows_between(0, 0)]
        for verb, asking in (("send_to", "AddressSheet"), ("change_time", "TimeSheet")):
            play.window.page.detail.action_chosen.emit(verb, tasks)
            await look(play, asking)
        opening = play.program.opening
        opening.open()
        opening.sheet.show_servers(["https://sendoff.example.org", "http://10.0.0.7:8000"])
        await look(play, "OpenSheet")
        play.window.mail.sheet.open()
        play.window.mail.sheet.form.transport.button("smtp").click()
        play.window.mail.sheet.log.setPlainText("250 2.0.0 taken")
        play.window.mail.sheet.log.show()
        await look(play, "MailSettingsSheet")
        rooms.templates.open()
        await look(play, "TemplateSheet")
        rooms.frame.help.help.open()
        await look(play, "HelpSheet")
        rooms.frame.help.help.open_at("about")
        await look(play, "HelpSheet")
        play.window.form.fields["recipient.email"].set_text("ada@example.org")
        play.window.form.preview_button.click()
        await look(play, "PreviewPane")
        path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and bool(sheet.rows.model.rowCount()))
        await look(play, "ImportSheet")

    perform(scene)

    assert found == set()


def shows(halves: TwoColumnScroll, card: RowCard, wrong: str) -> bool:
    """Tell whether the field of a card and the whole error below it are in sight."""
    view = halves.viewport()
    said = [each for each in card.findChildren(Feedback) if each.text().startswith(wrong)]
    places = [QRect(each.mapTo(view, QPoint()), each.size()) for each in (card.editor, *said)]
    return bool(said) and all(view.rect().contains(each) for each in places)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_import_opens_at_its_top_and_shows_what_is_wrong_in_a_small_window(
    qtbot: QtBot, perform: Perform, tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        crowd(play.window)
        await play.until(lambda: play.window.top_bar.height() > 70)
        sheet = drop(play, members(tmp_path, "Ada;ada@example,org;Opera;Wien", "Bo;bo@;Opera;Ulm"))
        await play.until(lambda: checked(sheet, 2) and bool(sheet.card.path))
        await play.until(lambda: not play.program.jobs.under_way)
        (halves,) = sheet.findChildren(TwoColumnScroll)
        assert halves.is_below
        place = halves.verticalScrollBar()
        assert (sheet.hasFocus(), place.value()) == (True, 0)
        sheet.close()
        sheet.open()
        assert (sheet.hasFocus(), place.value()) == (True, 0)
        sheet.to_rows.click()
        assert (sheet.to_rows.text(), sheet.card.editor.hasFocus()) == ("2 rows need a look", True)
        await play.until(lambda: shows(halves, sheet.card, "There is a comma"))
        view, editor = halves.viewport(), sheet.card.editor
        end = editor.mapTo(view, editor.rect().bottomLeft()).y()
        place.setValue(place.value() + end - view.height())  # the error is below the edge
        qtbot.keyClicks(editor, "ada@example..org\r")
        await play.until(lambda: shows(halves, sheet.card, "A dot is in the wrong place"))
        before = sheet.card.y()
        sheet.rows.setMinimumHeight(sheet.rows.height() + 400)
        await play.until(lambda: sheet.card.y() >= before + 400)
        await play.until(lambda: shows(halves, sheet.card, "A dot is in the wrong place"))

    perform(scene)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_long_sentence_leaves_the_buttons_of_an_import_whole_in_the_smallest_window(
    perform: Perform, tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        crowd(play.window)
        play.window.resize(1, 1)
        sheet = drop(play, members(tmp_path, "Ada;ada@example.org;Opera;Wien"))
        await play.until(lambda: checked(sheet, 1) and not play.program.jobs.under_way)
        foot = sheet.foot_row
        line = foot.fontMetrics().height()
        for words, lines in (("The e-mail is sent now.", 1), ("The e-mail is sent now. " * 30, 2)):
            foot.say(words)
            for _ in range(3):
                QApplication.processEvents()
            sheet.grab()
            bottom = foot.send.mapTo(sheet, foot.send.rect().bottomLeft()).y()
            assert bottom < sheet.height()
            assert foot.send.height() >= foot.send.sizeHint().height()
            assert foot.words.visibleRegion().boundingRect().height() >= lines * line
            assert foot.words.height() >= foot.words.heightForWidth(foot.words.width())
        close_sheets(play)

    perform(scene)
