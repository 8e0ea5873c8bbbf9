"""The note line: undo first, then one note after the other, then what stays; nothing moves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.gui.frame import notes as notes_of_window
from desktop.gui.frame.notes import LINGER_S, MOST, READ_S, NoteLine, WindowNote
from tests.gui.hands import LEFT, is_bare, press_twice_as_fast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

pytestmark = pytest.mark.dressed


def offer(notes: NoteLine, seconds: float = 5, item: int = 7) -> WindowNote:
    """Say that an item is sent soon."""
    return notes.offer_undo(
        lambda left: f"Item {item} is sent in {left} s" if left else f"Item {item} is sent now",
        lambda: None,
        seconds=seconds,
    )


def pass_seconds(note: WindowNote, seconds: int) -> None:
    for _ in range(seconds):
        note.count_down()


def seen(notes: NoteLine) -> str:
    return "" if notes.front is None else notes.front.text()


def test_the_newest_undo_is_seen_then_notes_in_their_order_then_what_stays(notes: NoteLine) -> None:
    stays = notes.warn("Sendoff does not answer")
    assert seen(notes) == "Sendoff does not answer"
    work = notes.work("400 of 3,000 rows are written", ("Cancel", lambda: None), icon="file-down")
    first, second = notes.show("The report is saved"), notes.show("The template is saved")
    older, newer = offer(notes, item=7), offer(notes, item=8)
    order = [newer, older, first, second, work, stays]
    for front in order:
        assert notes.front is front
        assert [each.isVisible() for each in order] == [each is front for each in order]
        front.close()
    assert (notes.front, notes.shown) == (None, [])


def test_an_undo_counts_down_also_out_of_sight_and_says_what_comes_now(
    notes: NoteLine, qtbot: QtBot
) -> None:
    older, newer = offer(notes, item=7), offer(notes, item=8)
    assert seen(notes) == "Item 8 is sent in 5 s"
    qtbot.waitSignal(newer.counted).wait()  # a second passes by itself
    pass_seconds(older, 5)
    assert notes.shown == [newer]  # the other was too late, and was not in sight
    while newer.offers_undo:
        assert seen(notes).startswith("Item 8 is sent in ")
        newer.count_down()
    assert (seen(notes), newer.offers_undo) == ("Item 8 is sent now", False)
    assert newer.link.isHidden()
    pass_seconds(newer, LINGER_S)
    assert notes.shown == []


def test_a_note_stays_while_it_is_out_of_sight_pointed_at_or_focused(notes: NoteLine) -> None:
    note = notes.show("The report is saved", ("Open", lambda: None))
    undo = offer(notes, 60)
    pass_seconds(note, READ_S + 1)
    undo.close()
    assert notes.front is note
    place = QPointF(5, 5)
    QApplication.sendEvent(note, QEnterEvent(place, place, QPointF(note.mapToGlobal(place))))
    pass_seconds(note, READ_S)
    QApplication.sendEvent(note, QEvent(QEvent.Type.Leave))
    note.link.setFocus()
    pass_seconds(note, READ_S)
    note.link.clearFocus()
    pass_seconds(note, READ_S - 1)
    assert notes.front is note
    pass_seconds(note, 1)
    assert notes.shown == []


def test_what_stays_goes_by_its_cross_and_work_by_its_end_only(notes: NoteLine) -> None:
    put_away: list[str] = []
    stays = notes.stay("Not sent yet: Ada", ("Put it into the form", lambda: None))
    stays.put_away.connect(partial(put_away.append, "aside"))
    work = notes.work("400 rows are written", ("Cancel", lambda: None), icon="file-down")
    for each in (stays, work):
        pass_seconds(each, 600)
    assert work.cross.isHidden()
    assert not notes.put_away()
    work.say("800 rows are written")
    assert seen(notes) == "800 rows are written"
    notes.close(work)
    assert notes.put_away()
    assert (put_away, notes.shown) == (["aside"], [])


def test_a_link_is_followed_once_and_its_note_is_gone_by_then(notes: NoteLine) -> None:
    followed: list[list[WindowNote]] = []
    notes.show("The report is saved", ("Open", lambda: followed.append(notes.shown)))
    note = notes.front
    assert note is not None
    note.link.click()
    note.use()
    assert followed == [[]]
    assert notes.shown == []


def test_the_keys_take_the_newest_undo_and_nothing_else_and_say_so_once(notes: NoteLine) -> None:
    undone: list[str] = []
    for each in ("7", "8"):
        notes.offer_undo(f"Item {each} is cancelled", partial(undone.append, each))
    notes.show("It has a draft", ("Start over", partial(undone.append, "the wrong one")))
    notes.work("400 of 3,000", ("Stop", partial(undone.append, "the wrong one")), icon="ban")
    for _ in range(4):
        notes.undo()
    assert undone == ["8", "7"]
    nothing = "There is nothing to undo any more"
    assert [each.text() for each in notes.shown].count(nothing) == 1


def test_a_second_press_undoes_no_other(notes: NoteLine, host: QWidget) -> None:
    undone: list[str] = []
    for each in ("7", "8"):
        notes.offer_undo(f"Item {each} is cancelled", partial(undone.append, each))
    front = notes.front
    assert front is not None
    QTest.mouseClick(front.link, LEFT)
    other = notes.front
    assert other is not None
    press_twice_as_fast(other.link)
    assert undone == ["8"]


def test_while_the_backend_is_away_a_countdown_says_that_it_waits(notes: NoteLine) -> None:
    accepted = offer(notes)
    notes.hold(is_away=True, goes_on=True)  # on a server
    assert accepted.text() == "Sendoff does not answer; on the server, this may continue"
    notes.hold(is_away=False)
    accepted.close()
    note, plain = offer(notes), notes.show("Item 3 is cancelled")
    notes.hold(is_away=True)
    pass_seconds(note, 5 + LINGER_S)
    assert note.text() == "This waits until Sendoff answers again"
    assert note.offers_undo
    assert plain.text() == "Item 3 is cancelled"
    assert offer(notes).text() == note.text()
    notes.hold(is_away=False)
    assert note.text() == "Item 7 is sent now"
    pass_seconds(note, 1)
    assert not note.offers_undo


def test_no_note_counts_down_to_what_is_paused_or_on_hold(notes: NoteLine) -> None:
    starts = notes.starts
    note = notes.offer_undo(lambda left: f"It starts {starts.when(left)}", print, seconds=5)
    assert note.text() == "It starts in 5 s"
    starts.stop({}, {"mail": "once sending continues"})
    assert note.text() == "It starts once sending continues"
    starts.stop({"": "once you resume"}, {"mail": "once sending continues"})
    assert note.text() == "It starts once you resume"
    starts.stop({"other": "once you resume"}, {})
    assert note.text() == "It starts in 5 s"


def test_a_note_says_at_once_that_e_mails_are_kept(notes: NoteLine) -> None:
    starts = notes.starts
    note = notes.offer_undo(lambda _: "kept" if starts.keeps else "sent", print, seconds=5)
    starts.keep(keeps=True)
    assert note.text() == "kept"


def test_a_screen_reader_is_told_of_a_note_and_of_what_it_says_instead_but_of_no_second(
    notes: NoteLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(notes_of_window, "announce", lambda _, words: told.append(words))
    note = offer(notes)
    pass_seconds(note, 2)
    note.say_again()
    notes.hold(is_away=True)
    assert told == ["Item 7 is sent in 5 s", "This waits until Sendoff answers again"]


def test_what_is_told_twice_is_one_note_and_few_wait_for_their_turn(notes: NoteLine) -> None:
    for _ in range(2):
        notes.show("15 tasks were queued again")
        notes.warn("Forbidden.")
    assert len(notes.shown) == 2
    for number in range(MOST + 2):
        notes.show(f"Item {number} is cancelled")
    said = [f"Item {number} is cancelled" for number in range(2, MOST + 2)]
    assert [each.text() for each in notes.shown] == ["Forbidden.", *said]


@pytest.mark.parametrize("by", ["the pointer", "the keyboard"])
def test_the_cursor_is_where_it_was_after_a_way_out_was_taken(
    notes: NoteLine, host: QWidget, qtbot: QtBot, by: str
) -> None:
    for typing in (QLineEdit(host), QLineEdit(host)):  # Qt's own choice is one of them
        typing.show()
        typing.setFocus()
        note = offer(notes)
        if by == "the pointer":
            qtbot.mouseClick(note.link, Qt.MouseButton.LeftButton)
        else:
            note.link.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.keyClick(note.link, Qt.Key.Key_Space)
        assert notes.shown == []
        assert QApplication.focusWidget() is typing


def in_window(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def test_nothing_moves_when_a_note_comes_and_nothing_is_there_without_one(
    window: AppWindow,
) -> None:
    for size in ((1024, 640), (700, 500)):
        window.resize(*size)
        window.show_rows()
        for opened in (lambda: None, lambda: window.mail.dialog.open()):
            opened()
            QApplication.processEvents()
            assert not window.notes.line.isVisible()
            parts = [each for each in window.findChildren(QWidget) if each.isVisible()]
            before = {each: in_window(each).topLeft() for each in parts}
            note = window.notes.offer_undo("15 e-mails are sent again " * 9, lambda: None)
            QApplication.processEvents()
            assert {each: in_window(each).topLeft() for each in parts} == before
            assert is_bare(note.link), "a dialog or the form lies over it"
            assert window.rect().contains(in_window(note))
            assert note.words.toolTip() or note.words.width() >= note.words.sizeHint().width()
            note.close()
        window.mail.dialog.close()
