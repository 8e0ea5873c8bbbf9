"""Toasts lie side by side on their shelf, stay where they are, and cover nothing in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.gui.frame.notices.toasts import LINGER_S, Toast, Toasts, fit
from desktop.gui.kit.widgets.sheet import with_ancestors
from tests.gui.frame.notices.test_toast import pass_seconds, show
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource

SIZES = ((1280, 800, 100), (1024, 640, 100), (1920, 1080, 100), (1280, 800, 200))
"""Width, height, and how large the text is in percent."""


@pytest.fixture
def toasts(host: QWidget, themes: ThemeSource) -> Toasts:
    host.resize(900, 600)
    shelf = QWidget(host)
    shelf.setGeometry(0, 560, 900, 40)
    shelf.show()
    return Toasts(host, shelf)


def places(toasts: Iterable[Toast]) -> list[QRect]:
    return [each.geometry() for each in toasts]


def test_a_toast_stays_in_its_place_until_it_goes(toasts: Toasts) -> None:
    """Each new one moved the others, under the pointer that was on its way to *Undo*."""
    first = show(toasts)
    before = places([first])
    second = show(toasts)
    third = toasts.show("The report is saved")
    before += places([second, third])
    assert before[2].right() < before[1].left() < before[1].right() < before[0].left()
    assert len({each.bottom() for each in before}) == 1
    for each in (first, second, third):
        pass_seconds(each, 5)
    assert places([first, second, third]) == before
    first.close()
    assert places([second, third]) == before[1:]
    assert places([show(toasts)]) == before[:1]


def test_without_room_older_toasts_wait_out_of_sight_and_come_back(toasts: Toasts) -> None:
    tells = toasts.show("The report is saved as members – report.xlsx " * 2)
    older = show(toasts, 60)
    newer = toasts.show("Item 8 is sent in 5 s. " * 4, action="&Undo", seconds=60)
    assert [each.isVisible() for each in (tells, older, newer)] == [False, False, True]
    pass_seconds(tells, 60)  # its time does not run meanwhile
    newer.close()
    assert older.isVisible()
    older.close()
    assert toasts.shown == [tells]
    assert tells.isVisible()


def test_an_undo_does_not_give_way_to_what_only_tells(toasts: Toasts) -> None:
    undo = toasts.show("Item 8 is sent in 5 s. " * 4, action="&Undo", seconds=1)
    tells = toasts.show("The report is saved as members – report.xlsx")
    assert (undo.isVisible(), tells.isVisible()) == (True, False)
    pass_seconds(undo, 1 + LINGER_S)
    assert tells.isVisible()


def test_what_is_told_twice_is_one_toast_that_stays_as_long_as_the_last(toasts: Toasts) -> None:
    first = toasts.show("15 tasks were queued again")
    pass_seconds(first, 3)
    assert toasts.show("15 tasks were queued again") is first
    assert first.text() == "2 × 15 tasks were queued again"
    pass_seconds(first, 4)
    assert toasts.shown == [first]
    show(toasts)
    show(toasts)
    assert len(toasts.shown) == 3  # each has an undo of its own


@pytest.mark.parametrize(("width", "percent"), [(1280, 100), (1024, 100), (1280, 150)])
def test_what_only_tells_leaves_the_counts_in_sight(
    window: AppWindow, width: int, percent: int
) -> None:
    """Two or three at once hid most of the status line."""
    strip, toasts = window.strip, window.toasts
    try:
        window.themes.set_text_size(percent)
        window.resize(width, 640)
        strip.set_stats(stats(3, running=2, waiting=7, failed=37, uncertain=7))
        QApplication.processEvents()
        shown = [toasts.show(f"{n} tasks were queued again") for n in (15, 7)]
        counts = [strip.outlook, *strip.needing.values()]
        told = [in_window(each) for each in counts]
        lying = [in_window(each) for each in shown if each.isVisible()]
        assert lying
        assert not any(toast.intersects(place) for toast in lying for place in told)
    finally:
        window.themes.set_text_size(100)


def test_a_narrow_window_lays_all_of_them_out_again(toasts: Toasts, host: QWidget) -> None:
    older, newer = show(toasts), show(toasts)
    host.resize(400, 300)
    host.findChildren(QWidget)[0].setGeometry(0, 260, 400, 40)
    assert (older.isVisible(), newer.isVisible()) == (False, True)
    assert host.rect().contains(newer.geometry())


@pytest.mark.parametrize("word", ["Some were corrected. ", "unbroken"])
def test_long_words_take_more_lines_and_stay_in_the_window(
    toasts: Toasts, host: QWidget, word: str
) -> None:
    short = toasts.show("One message was cancelled", action="&Undo")
    height, line = short.height(), short.words.fontMetrics().height()
    long = toasts.show(word * 40, action="&Undo")
    QApplication.processEvents()
    assert host.rect().contains(long.geometry())
    assert long.rect().contains(long.button.geometry())
    assert long.words.height() >= long.words.heightForWidth(long.words.width())
    assert long.words.height() >= 3 * line
    assert height < long.height()


def test_short_words_take_one_line_in_any_size_of_text(toasts: Toasts) -> None:
    """Word by word, a line was a pixel wider than as a whole, and the window moved for a second."""
    for size in range(36, 100):
        toast = toasts.show(f"Tried again: {size} sent")
        font = toast.words.font()
        font.setPointSizeF(size / 4)
        toast.words.setFont(font)
        fit(toast, 800, may_shrink=True)
        lines = toast.words.heightForWidth(toast.words.width()) / toast.words.fontMetrics().height()
        assert lines < 2
        toast.close()


def test_what_is_said_in_lines_stands_in_one(toasts: Toasts) -> None:
    toast = toasts.show("3 tasks are sent again in 5 s\nada@example.org")
    assert toast.text() == "3 tasks are sent again in 5 s\nada@example.org"
    assert toast.words.text() == "3 tasks are sent again in 5 s · ada@example.org"


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


@pytest.mark.parametrize("with_sheet", [False, True])
def test_no_button_and_no_row_lies_under_a_toast(window: AppWindow, *, with_sheet: bool) -> None:
    if with_sheet:
        window.mail.sheet.open()
    try:
        for width, height, text in SIZES:
            window.themes.set_text_size(text)
            window.resize(width, height)
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
    finally:
        window.themes.set_text_size(100)


def test_a_toast_stays_in_the_status_line_when_that_grows(window: AppWindow) -> None:
    """The line grows with the text, and with a toast that takes more lines than the one before."""
    strip, toasts = window.strip, window.toasts
    window.resize(1024, 640)
    toast = toasts.show("15 messages are sent again in 5 s", action="&Undo", seconds=60)
    sentence = "localhost deferred 1 message: 451 4.7.1 Greylisted, try again later."
    try:
        for percent in (100, 150, 200, 100, 200):
            window.themes.set_text_size(percent)
            QApplication.processEvents()
            assert in_window(strip).contains(in_window(toast))
        low = strip.height()
        other = toasts.show(sentence, action="&Undo", seconds=60)
        QApplication.processEvents()
        assert strip.height() > low
        other.close()
        QApplication.processEvents()
        assert strip.height() == low
        strip.set_stats(stats(3, running=2, waiting=7, failed=37, uncertain=7))
        toasts.show(sentence * 2, action="&Undo", seconds=60)
        for height in (640, 500, 640):
            window.resize(1024, height)
            QApplication.processEvents()
            lying = [each for each in toasts.shown if each.isVisible()]
            assert lying
            assert all(in_window(strip).contains(in_window(each)) for each in lying)
            words = [each.words for each in lying]
            assert all(each.heightForWidth(each.width()) <= each.height() for each in words)
    finally:
        window.themes.set_text_size(100)
