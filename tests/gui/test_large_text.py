"""Text of twice the size: in no view and no sheet is a word cut, or to be scrolled to sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QApplication,
    QTableView,
    QWidget,
)

from desktop.gui.items.correction_head import DISCARD
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.table import say
from desktop.gui.sentence.cases import said
from sendoff_tasks.model.states import State
from tests.gui.clicks.walks import close_dialogs, opened, the
from tests.gui.cut_words import cut
from tests.gui.desk_acts import correction
from tests.gui.hands import asked, is_bare
from tests.gui.importing.dropping import checked, drop, members
from tests.gui.live_store import LiveStore
from tests.gui.mail.conftest import no_keyring
from tests.gui.sentence.scenes import CASES as SCENES
from tests.gui.tasks.table.task_source import stats
from tests.gui.templates.conftest import opened as letters_opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
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


async def shows_all(play: Play, shown: QWidget) -> None:
    """Wait until nothing of it is cut once it is read, laid out and painted; in vain, say what."""
    left = list[str]()

    def is_whole() -> bool:
        shown.grab()
        left[:] = cut(shown)
        return not left

    await play.until(lambda: not play.program.jobs.under_way)
    try:
        await play.until(is_whole)
    except TimeoutError:
        assert left == []
        raise


@pytest.fixture
def full(store: LiveStore, window_over: Callable[[object], AppWindow]) -> AppWindow:
    """Give a small window with large text over that store."""
    crowd(window := window_over(store))
    QApplication.processEvents()
    return window


def test_no_view_cuts_words_in_a_small_window_or_hides_the_decisions_about_a_task(
    full: AppWindow, qtbot: QtBot
) -> None:
    tables: list[tuple[Callable[[], object], QTableView]] = [
        (full.places.go_home, full.page.table),
        (full.items.open, full.items.table),
        (full.batches.open, full.batches.table),
    ]
    full.batches.model.load()
    found: set[str] = set()

    def look() -> None:
        QApplication.processEvents()
        full.grab()  # what is cut is known once it is painted
        found.update(cut(full))

    for go, table in tables:
        go()
        qtbot.waitUntil(lambda table=table: table.model().rowCount() > 0)  # type: ignore[misc]
        for row in range(table.model().rowCount()):
            table.selectRow(row)
            qtbot.waitUntil(lambda: full.page.detail.read is not None)
            look()
        row = table.verticalHeader().defaultSectionSize()
        assert table.viewport().height() >= 2 * row, table.accessibleName()
    full.places.go_home()
    model, pane = full.page.model, full.page.detail
    if pane.history.isHidden():
        pane.lead.history.click()
    look()
    assert full.size().toTuple() == SMALL
    assert found == set()
    full.places.go_home()
    states = [row.state for row in model.rows_between(0, model.rowCount() - 1)]
    full.page.table.selectRow(states.index(State.UNCERTAIN))
    qtbot.waitUntil(lambda: pane.read is not None)
    QApplication.processEvents()
    assert pane.foot.texts[-2:] == ["It was sent", "Send again"]
    assert pane.area.height() > pane.fontMetrics().height()


def test_no_sentence_and_no_note_cuts_words_in_a_small_window(full: AppWindow) -> None:
    note = full.notes.offer_undo("15 e-mails are sent again in 5 s", lambda: None, seconds=60)
    for facts in SCENES.values():
        full.sentence.show_statements([*said(facts)])
        for _ in range(2):  # the shelf around it asks for room, then gets it
            QApplication.processEvents()
        full.grab()
        assert cut(full) == [], full.sentence.shown.text
        assert full.size().toTuple() == SMALL
    assert is_bare(note.link)


def test_neither_a_question_nor_a_line_above_a_list_needs_more_room_than_there_is(
    full: AppWindow, qtbot: QtBot
) -> None:
    full.closing.set_stats(stats(queued=3))
    full.close()
    full.closing.set_stopped(everything=False, something=True, hold="No connection. " * 9)
    QApplication.processEvents()
    box = asked()
    assert box is not None
    qtbot.waitUntil(lambda: cut(box) == [])
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not full.closing.is_asking

    table = full.page.table
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    full.show_rows()
    table.selectRow(0)
    qtbot.waitUntil(lambda: full.page.detail.read is not None and full.page.detail.ticket is None)
    assert table.viewport().height() >= table.verticalHeader().defaultSectionSize()
    assert cut(full) == []
    full.enter_desk(full.page.detail)
    assert full.page.detail.isVisible()
    assert full.size().toTuple() == SMALL
    qtbot.waitUntil(lambda: cut(full) == [])


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_no_sheet_cuts_words_in_a_small_window_or_lies_over_a_note(
    perform: Perform, tmp_path: Path
) -> None:
    async def look(play: Play, name: str) -> None:
        await play.until(lambda: name in opened(play))
        await shows_all(play, the(play, name))
        words = "Item 251 is corrected and is sent once sending continues. " * 2
        note = play.window.notes.offer_undo(words, lambda: None, word="Undo sending")
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        assert is_bare(note.link)
        assert play.window.size().toTuple() == SMALL
        note.close()
        close_dialogs(play)

    async def scene(play: Play) -> None:
        crowd(play.window)
        await play.until(lambda: play.window.head.height() > 70)
        rooms = play.program.rooms
        play.window.begin_item()
        await shows_all(play, play.window.form)
        play.submit("Ada " + "Lovelace" * 9)
        await play.until(lambda: "succeeded" in play.states())
        play.window.page.table.selectRow(0)
        await play.until(lambda: play.window.page.detail.paper.letter is not None)
        await shows_all(play, play.window.page.detail)
        head = await correction(play, play.model.rows_between(0, 0)[0].id)
        head.form.fields["title"].replace("Opera")
        await shows_all(play, play.window.desk)
        head.act(DISCARD)
        tasks = [row.id for row in play.model.rows_between(0, 0)]
        for verb in ("send_to", "change_time"):
            play.window.show_rows()
            play.window.page.detail.action_chosen.emit(verb, tasks)
            await play.until(play.window.page.detail.foot.isVisible)
            await shows_all(play, play.window.desk)
            assert play.window.size().toTuple() == SMALL
            play.window.page.detail.foot.end()
        opening = play.program.opening
        opening.open()
        opening.dialog.show_servers(["https://sendoff.example.org", "http://10.0.0.7:8000"])
        await look(play, "OpenDialog")
        play.window.mail.dialog.open()
        play.window.mail.dialog.form.transport.button("smtp").click()
        play.window.mail.dialog.log.setPlainText("250 2.0.0 taken")
        play.window.mail.dialog.log.show()
        play.window.mail.dialog.show_failure(no_keyring("There is no keyring. " * 9))
        await look(play, "MailSettingsDialog")
        letters = await letters_opened(play, "confirmation")
        for go in (play.window.show_rows, lambda: play.window.enter_desk(letters.page)):
            go()
            await shows_all(play, play.window)
        play.window.places.go_home()
        rooms.frame.about.about.open()
        await look(play, "AboutDialog")
        rooms.frame.about.log.show_text("One line")
        await look(play, "ReportDialog")
        play.window.form.fields["recipient.email"].set_text("ada@example.org")
        path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and bool(sheet.list.model.rowCount()))
        for go in (play.window.show_rows, lambda: play.window.enter_desk(sheet.desk)):
            go()
            await shows_all(play, play.window)
        sheet.desk.show_columns(shown=True)
        await shows_all(play, play.window)
        sheet.close()

    perform(scene)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_import_opens_with_its_rows_and_shows_what_is_wrong_in_a_small_window(
    qtbot: QtBot, perform: Perform, tmp_path: Path
) -> None:
    async def scene(play: Play) -> None:
        crowd(play.window)
        await play.until(lambda: play.window.head.height() > 70)
        place = drop(play, members(tmp_path, "Ada;ada@example,org;Opera;Wien", "Bo;bo@;Opera;Ulm"))
        await play.until(lambda: checked(place, 2) and bool(place.card.path))
        await play.until(lambda: not play.program.jobs.under_way)
        assert place.rows.isVisible()
        qtbot.keyClick(place.rows, Qt.Key.Key_Return)
        assert not place.rows.isVisible()
        assert place.card.editor.hasFocus()
        qtbot.keyClicks(place.card.editor, "ada@example..org\r")
        wrong = say("import", "still_wrong", why="A dot is in the wrong place")
        area = place.desk.area.viewport()

        def is_seen() -> bool:
            said = [e for e in place.card.findChildren(Feedback) if e.text().startswith(wrong)]
            parts = (place.card.editor, *said)
            places = [QRect(each.mapTo(area, QPoint()), each.size()) for each in parts]
            return bool(said) and all(area.rect().contains(each) for each in places)

        await play.until(is_seen)
        qtbot.keyClick(place.card.editor, Qt.Key.Key_Escape)
        assert place.rows.hasFocus()
        qtbot.keyClick(place.rows, Qt.Key.Key_Escape)
        assert not place.is_open

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
        foot = sheet.said
        line = foot.fontMetrics().height()
        for words, lines in (("The e-mail is sent now.", 1), ("The e-mail is sent now. " * 30, 2)):
            foot.say(words)
            for go in (play.window.show_rows, lambda: play.window.enter_desk(sheet.desk)):
                go()
                for _ in range(3):
                    QApplication.processEvents()
                play.window.grab()
                if sheet.isVisible():
                    assert foot.words.visibleRegion().boundingRect().height() >= lines * line
                    assert foot.words.height() >= foot.words.heightForWidth(foot.words.width())
                else:
                    bottom = foot.send.mapTo(sheet.desk, foot.send.rect().bottomLeft()).y()
                    assert bottom < sheet.desk.height()
                    assert foot.send.height() >= foot.send.sizeHint().height()
        sheet.close()
        close_dialogs(play)

    perform(scene)
