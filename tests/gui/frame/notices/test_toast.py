"""Toasts count down, can be undone by mouse and keyboard, wait for the reader, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.gui.frame.notices.toasts import LINGER_S, SHOWN_AT_ONCE, Toast, Toasts

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def toasts(host: QWidget, themes: ThemeSource) -> Toasts:
    return Toasts(host, host)


def show(toasts: Toasts, seconds: float = 5) -> Toast:
    return toasts.show(
        lambda left: f"Item 7 is sent in {left} s" if left else "Item 7 is sent now",
        seconds=seconds,
        action="&Undo",
    )


def pass_seconds(toast: Toast, seconds: int) -> None:
    for _ in range(seconds):
        toast.count_down()


def test_while_the_backend_is_away_a_countdown_says_that_it_waits(toasts: Toasts) -> None:
    over, toast, plain = show(toasts), show(toasts), toasts.show("Item 3 is cancelled")
    pass_seconds(over, 5)
    toasts.hold(is_away=True)
    assert over.text() == "Item 7 is sent now"
    pass_seconds(toast, 5 + LINGER_S)
    assert toast.text() == "This waits until Sendoff answers again"
    assert toast.offers_undo
    assert plain.text() == "Item 3 is cancelled"
    assert show(toasts).text() == toast.text()
    toasts.hold(is_away=False)
    assert toast.text() == "Item 7 is sent now"
    pass_seconds(toast, 1)
    assert not toast.offers_undo


def test_while_a_server_is_away_what_waits_there_may_go_on(toasts: Toasts) -> None:
    accepted = show(toasts)
    toasts.hold(is_away=True, goes_on=True)
    assert accepted.text() == "Sendoff does not answer; on the server, this may continue"


def test_a_toast_counts_down_and_goes_after_the_countdown(toasts: Toasts) -> None:
    toast = show(toasts)
    assert toast.text() == "Item 7 is sent in 5 s"
    pass_seconds(toast, 2)
    assert toast.text() == "Item 7 is sent in 3 s"
    pass_seconds(toast, 3)
    assert toasts.shown == [toast]
    assert toast.text() == "Item 7 is sent now"
    pass_seconds(toast, LINGER_S)
    assert toasts.shown == []


def test_a_part_of_a_second_is_a_whole_one(toasts: Toasts) -> None:
    assert show(toasts, seconds=2.5).text() == "Item 7 is sent in 3 s"


def test_the_second_passes_by_itself(toasts: Toasts, qtbot: QtBot) -> None:
    toast = show(toasts)
    with qtbot.waitSignal(toast.counted):
        pass
    assert toast.text() == "Item 7 is sent in 4 s"


def test_undo_is_chosen_once_and_the_toast_goes(toasts: Toasts, qtbot: QtBot) -> None:
    toast = show(toasts)
    with qtbot.waitSignals([toast.action_chosen, toast.closed]):
        qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert toasts.shown == []


def test_with_the_countdown_the_way_out_ends_and_a_focused_toast_goes(
    toasts: Toasts, host: QWidget
) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    toast = show(toasts)
    toast.button.setFocus()
    pass_seconds(toast, 5)
    assert toast.button.isHidden()
    assert not toast.offers_undo
    assert QApplication.focusWidget() is typing
    pass_seconds(toast, LINGER_S)
    assert toasts.shown == []


def test_a_toast_waits_while_it_is_pointed_at(toasts: Toasts) -> None:
    toast = show(toasts)
    place = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(place, place, QPointF(toast.mapToGlobal(place))))
    pass_seconds(toast, 60)
    assert toasts.shown == [toast]
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    pass_seconds(toast, 5 + LINGER_S)
    assert toasts.shown == []


def test_escape_closes_a_toast(toasts: Toasts, qtbot: QtBot) -> None:
    toast = show(toasts)
    qtbot.keyClick(toast, Qt.Key.Key_Escape)
    assert toasts.shown == []


def test_the_newest_toast_answers_to_alt_u(toasts: Toasts, host: QWidget, qtbot: QtBot) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    older, newer = show(toasts), show(toasts)
    with qtbot.waitSignal(newer.action_chosen):
        qtbot.keyClick(typing, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert toasts.shown == [older]
    with qtbot.waitSignal(older.action_chosen):
        qtbot.keyClick(typing, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)


def test_many_toasts_make_room_for_new_ones(toasts: Toasts) -> None:
    all_of_them = [show(toasts) for _ in range(SHOWN_AT_ONCE + 2)]
    assert toasts.shown == all_of_them[2:]


def test_the_newest_can_be_closed_and_none_is_nothing(toasts: Toasts) -> None:
    older, _ = toasts.show("Done"), toasts.show("Done again")
    toasts.close_newest()
    assert toasts.shown == [older]
    toasts.close_newest()
    toasts.close_newest()
    assert toasts.shown == []


def test_only_the_newest_with_a_way_out_shows_its_keys(toasts: Toasts) -> None:
    older, newer, plain = show(toasts), show(toasts), toasts.show("Done")
    assert [each.keys.isVisible() for each in (older, newer, plain)] == [False, True, False]
    assert newer.keys.text() == "Ctrl Z"
    newer.close()
    assert older.keys.isVisible()


def test_the_keys_of_undo_start_nothing_over(toasts: Toasts, qtbot: QtBot) -> None:
    undo = show(toasts)
    other = toasts.show("It has a draft", action="Start over", undoes=False)
    other.action_chosen.connect(lambda: pytest.fail("it is no undo"))
    assert (other.button.isVisible(), other.button.text()) == (True, "Start over")
    assert (undo.keys.isVisible(), other.keys.isVisible()) == (True, False)
    with qtbot.waitSignal(undo.action_chosen):
        toasts.act_newest()
    toasts.act_newest()
    assert toasts.shown[-1].text() == "There is nothing to undo any more"


def test_the_newest_way_out_is_taken_and_none_is_said(toasts: Toasts, qtbot: QtBot) -> None:
    toast, plain = show(toasts), toasts.show("Done")
    with qtbot.waitSignal(toast.action_chosen):
        toasts.act_newest()
    for _ in range(2):
        toasts.act_newest()
    assert [each.text() for each in toasts.shown] == ["Done", "There is nothing to undo any more"]
    toasts.close(toasts.shown[1])
    toasts.close(toast)
    toasts.close(plain)
    assert toasts.shown == []


def test_the_cursor_is_where_it_was_after_a_way_out_was_taken(
    toasts: Toasts, host: QWidget, qtbot: QtBot
) -> None:
    for typing in (
        QLineEdit(host),
        QLineEdit(host),
        QLineEdit(host),
    ):  # Qt's own choice is one of them
        typing.show()
        typing.setFocus()
        qtbot.mouseClick(show(toasts).button, Qt.MouseButton.LeftButton)
        assert QApplication.focusWidget() is typing
        toast = show(toasts)
        toast.button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(toast.button, Qt.Key.Key_Space)
        assert toasts.shown == []
        assert QApplication.focusWidget() is typing
