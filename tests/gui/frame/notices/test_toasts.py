"""Toasts count down, offer their way out, and lie where they cover nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from desktop.gui.frame.notices import toasts as notices
from desktop.gui.frame.notices.toasts import LINGER_S, SHOWN_AT_ONCE, Toast, Toasts
from desktop.gui.kit.widgets.sheet import with_ancestors
from tests.gui.hands import LEFT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource

pytestmark = pytest.mark.dressed


def show(toasts: Toasts, seconds: float = 5) -> Toast:
    return toasts.show(
        lambda left: f"Item 7 is sent in {left} s" if left else "Item 7 is sent now",
        seconds=seconds,
        action="&Undo",
    )


def pass_seconds(toast: Toast, seconds: int) -> None:
    for _ in range(seconds):
        toast.count_down()


def test_parts_are_set_apart_by_a_dot_and_sentences_by_their_end(toasts: Toasts) -> None:
    saved = toasts.show("The template is saved.\n2 waiting e-mails cannot be made with it.")
    assert saved.words.text() == "The template is saved. 2 waiting e-mails cannot be made with it."
    firm = toasts.show("For Acme Ltd. · 2 of 3 sent")
    assert firm.words.text() == "For Acme Ltd. · 2 of 3 sent"
    sent = toasts.show("Item 7 is sent now\nAda Lovelace")
    assert sent.words.text() == "Item 7 is sent now · Ada Lovelace"


def test_while_the_backend_is_away_a_countdown_says_that_it_waits(toasts: Toasts) -> None:
    accepted = show(toasts)
    toasts.hold(is_away=True, goes_on=True)  # on a server
    assert accepted.text() == "Sendoff does not answer; on the server, this may continue"
    toasts.hold(is_away=False)
    toasts.close(accepted)
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


def test_a_double_click_undoes_only_one(toasts: Toasts, host: QWidget) -> None:
    undone: list[str] = []
    older, newer = (
        toasts.show(each, action="&Undo", chosen=partial(undone.append, each))
        for each in ("Item 7 is cancelled", "Item 8 is cancelled")
    )
    host.resize(newer.width(), 200)
    middle = newer.button.mapTo(host, newer.button.rect().center())
    assert (older.isVisible(), newer.isVisible()) == (False, True)
    QTest.mouseDClick(host.windowHandle(), LEFT, pos=middle)
    assert host.childAt(middle) is older.button
    assert undone == ["Item 8 is cancelled"]


def test_a_toast_counts_down_and_goes_after_the_countdown(toasts: Toasts, qtbot: QtBot) -> None:
    toast = show(toasts)
    assert toast.text() == "Item 7 is sent in 5 s"
    qtbot.waitSignal(toast.counted).wait()  # a second passes by itself
    pass_seconds(toast, 1)
    assert toast.text() == "Item 7 is sent in 3 s"
    pass_seconds(toast, 3)
    assert toasts.shown == [toast]
    assert toast.text() == "Item 7 is sent now"
    pass_seconds(toast, LINGER_S)
    assert toasts.shown == []


def test_no_toast_counts_down_to_what_is_paused_or_on_hold(toasts: Toasts) -> None:
    toast = toasts.show(lambda left: f"It starts {toasts.when(left)}", seconds=5, action="Undo")
    assert toast.text() == "It starts in 5 s"
    toasts.stop({}, {"mail": "once sending continues"})
    assert toast.text() == "It starts once sending continues"
    toasts.stop({"": "once you resume"}, {"mail": "once sending continues"})
    assert toast.text() == "It starts once you resume"
    toasts.stop({"other": "once you resume"}, {})
    assert toast.text() == "It starts in 5 s"


def test_undo_is_chosen_once_and_it_or_escape_ends_the_toast(toasts: Toasts, qtbot: QtBot) -> None:
    toast = show(toasts, seconds=2.5)
    assert toast.text() == "Item 7 is sent in 3 s"
    with qtbot.waitSignals([toast.action_chosen, toast.closed]):
        qtbot.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert toasts.shown == []
    qtbot.keyClick(show(toasts), Qt.Key.Key_Escape)
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


def test_a_toast_that_is_about_to_go_stays_to_be_read_once_it_is_pointed_at(
    toasts: Toasts,
) -> None:
    toast, place = toasts.show("Item 3 is cancelled", seconds=5), QPointF(5, 5)
    pass_seconds(toast, 5 + LINGER_S - 1)
    QApplication.sendEvent(toast, QEnterEvent(place, place, QPointF(toast.mapToGlobal(place))))
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    pass_seconds(toast, LINGER_S - 1)
    assert toasts.shown == [toast]
    pass_seconds(toast, 1)
    assert toasts.shown == []


def test_a_screen_reader_is_told_of_a_toast_and_of_what_it_says_instead_but_of_no_second(
    toasts: Toasts, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(notices, "announce", lambda _, words: told.append(words))
    toast = show(toasts)
    pass_seconds(toast, 2)
    toast.say_again()
    toasts.hold(is_away=True)
    assert told == ["Item 7 is sent in 5 s", "This waits until Sendoff answers again"]


def test_other_countdowns_hear_of_one_that_begins_and_of_nothing_else(toasts: Toasts) -> None:
    begun: list[bool] = []
    toasts.countdown_begun.connect(lambda: begun.append(True))
    show(toasts)
    toasts.show("Item 3 is cancelled", action="&Undo")
    assert begun == [True]


def test_the_newest_with_a_way_out_shows_its_keys_and_answers_to_alt_u(
    toasts: Toasts, host: QWidget, qtbot: QtBot
) -> None:
    typing = QLineEdit(host)
    typing.show()
    typing.setFocus()
    older, newer, plain = show(toasts), show(toasts), toasts.show("Done")
    assert [each.keys.isVisible() for each in (older, newer, plain)] == [False, True, False]
    assert newer.keys.text() == "Ctrl Z"
    for each in (newer, older):
        assert each.keys.isVisible()
        with qtbot.waitSignal(each.action_chosen):
            qtbot.keyClick(typing, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert toasts.shown == [plain]


def test_the_keys_of_undo_start_nothing_over_and_say_so_once(toasts: Toasts, qtbot: QtBot) -> None:
    undo = show(toasts)
    other = toasts.show("It has a draft", action="Start over", undoes=False)
    other.action_chosen.connect(lambda: pytest.fail("it is no undo"))
    assert (other.button.isVisible(), other.button.text()) == (True, "Start over")
    assert (undo.keys.isVisible(), other.keys.isVisible()) == (True, False)
    with qtbot.waitSignal(undo.action_chosen):
        toasts.act_newest()
    for _ in range(2):
        toasts.act_newest()
    nothing = "There is nothing to undo any more"
    assert [each.text() for each in toasts.shown] == ["It has a draft", nothing]
    toasts.close(toasts.shown[1])
    toasts.close(undo)
    toasts.close(other)
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


@pytest.fixture
def shelved(host: QWidget, themes: ThemeSource) -> Toasts:
    host.resize(900, 600)
    shelf = QWidget(host)
    shelf.setGeometry(0, 560, 900, 40)
    shelf.show()
    return Toasts(host, shelf)


def places(shelved: Iterable[Toast]) -> list[QRect]:
    return [each.geometry() for each in shelved]


def test_a_toast_stays_in_its_place_until_it_goes(shelved: Toasts) -> None:
    first = show(shelved)
    before = places([first])
    second = show(shelved)
    third = shelved.show("The report is saved")
    before += places([second, third])
    assert before[2].right() < before[1].left() < before[1].right() < before[0].left()
    assert len({each.bottom() for each in before}) == 1
    pass_seconds(third, 5)
    assert places([first, second, third]) == before
    for each, place in ((first, before[0]), (second, before[1])):
        pass_seconds(each, 5)  # its undo takes its room along
        assert each.geometry().bottomRight() == place.bottomRight()
        assert each.width() < place.width()
    first.close()
    assert second.geometry().bottomRight() == before[1].bottomRight()
    assert places([third]) == before[2:]
    assert places([show(shelved)]) == before[:1]


def test_without_room_older_toasts_wait_out_of_sight_and_come_back(shelved: Toasts) -> None:
    tells = shelved.show("The report is saved as members – report.xlsx " * 2)
    older = show(shelved, 60)
    newer = shelved.show("Item 8 is sent in 5 s. " * 4, action="&Undo", seconds=60)
    assert [each.isVisible() for each in (tells, older, newer)] == [False, False, True]
    pass_seconds(tells, 60)  # its time does not run meanwhile
    newer.close()
    assert older.isVisible()
    older.close()
    assert shelved.shown == [tells]
    assert tells.isVisible()


def test_an_undo_does_not_give_way_to_what_only_tells(shelved: Toasts) -> None:
    undo = shelved.show("Item 8 is sent in 5 s. " * 4, action="&Undo", seconds=1)
    tells = shelved.show("The report is saved as members – report.xlsx")
    assert (undo.isVisible(), tells.isVisible()) == (True, False)
    pass_seconds(undo, 1 + LINGER_S)
    assert tells.isVisible()


def test_what_is_told_twice_is_one_toast(shelved: Toasts) -> None:
    first = shelved.show("15 tasks were queued again")
    again = shelved.show("15 tasks were queued again")
    assert first is not again
    assert shelved.shown == [again]
    undone = [show(shelved) for _ in range(SHOWN_AT_ONCE + 2)]  # each has an undo of its own
    assert shelved.shown == undone[2:]


def test_a_narrow_window_lays_all_of_them_out_again(shelved: Toasts, host: QWidget) -> None:
    older, newer = show(shelved), show(shelved)
    host.resize(400, 300)
    host.findChildren(QWidget)[0].setGeometry(0, 260, 400, 40)
    assert (older.isVisible(), newer.isVisible()) == (False, True)
    assert host.rect().contains(newer.geometry())


@pytest.mark.parametrize("word", ["Some were corrected. ", "unbroken"])
def test_long_words_take_more_lines_and_stay_in_the_window(
    shelved: Toasts, host: QWidget, word: str
) -> None:
    short = shelved.show("One message was cancelled", action="&Undo")
    height, line = short.height(), short.words.fontMetrics().height()
    long = shelved.show(word * 40, action="&Undo")
    QApplication.processEvents()
    assert host.rect().contains(long.geometry())
    assert long.rect().contains(long.button.geometry())
    assert long.words.height() >= long.words.heightForWidth(long.words.width())
    assert long.words.height() >= 3 * line
    assert height < long.height()


def in_window(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def under(toast: Toast) -> list[QAbstractButton]:
    """Return the buttons in sight that a toast covers."""
    return [
        each
        for each in toast.window().findChildren(QAbstractButton)
        if each.isVisible()
        and each.visibleRegion()
        and not any(isinstance(above, Toast) for above in with_ancestors(each))
        and in_window(each).intersects(in_window(toast))
    ]


def test_no_button_and_no_row_lies_under_a_toast(window: AppWindow) -> None:
    window.resize(1024, 640)
    for with_sheet in (False, True):
        if with_sheet:
            window.mail.sheet.open()
        shown = [show(window.toasts), window.toasts.show("Retried.\n" + "Left alone: 2. " * 3)]
        QApplication.processEvents()
        lying = [each for each in shown if each.isVisible()]
        assert lying
        for toast in lying:
            place = in_window(toast)
            assert window.rect().contains(place)
            on_top = with_ancestors(window.childAt(place.center()))
            assert any(isinstance(each, Toast) for each in on_top)
            assert under(toast) == []
            assert not in_window(window.page.table).intersects(place)
        for toast in shown:
            toast.close()


def test_a_toast_stays_at_the_foot_when_that_grows(window: AppWindow) -> None:
    foot, shelved = window.foot, window.toasts
    window.resize(1024, 640)
    toast = shelved.show("15 e-mails are sent again in 5 s", action="&Undo", seconds=60)
    sentence = "localhost postponed 1 e-mail: 451 4.7.1 Greylisted, try again later."
    window.themes.set_text_size(200)
    QApplication.processEvents()
    assert in_window(foot).contains(in_window(toast))
    low = foot.height()
    other = shelved.show(sentence, action="&Undo", seconds=60)
    QApplication.processEvents()
    assert foot.height() > low
    other.close()
    QApplication.processEvents()
    assert foot.height() == low
    shelved.show(sentence * 2, action="&Undo", seconds=60)
    for height in (500, 640):
        window.resize(1024, height)
        QApplication.processEvents()
        lying = [each for each in shelved.shown if each.isVisible()]
        assert lying
        assert all(in_window(foot).contains(in_window(each)) for each in lying)
        words = [each.words for each in lying]
        assert all(each.heightForWidth(each.width()) <= each.height() for each in words)
