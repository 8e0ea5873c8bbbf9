"""Bars lie on a shelf: nothing below moves when they come and go, and all of them can be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHeaderView, QTabBar, QWidget

from desktop.gui.frame.notices.bars import READ_S, BarText
from desktop.gui.frame.views import VIEWS

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow

LONG = BarText(
    "error",
    "Sending e-mail is on hold: mx.example.org refused the login of tickets: 535 5.7.8 "
    "Authentication credentials invalid. All waiting e-mails are sent after a successful test in "
    "the mail settings.",
    (("mail_settings", "Open mail settings"),),
    dismissible=True,
)
PAUSED = BarText("info", "Everything has been paused since 14:05.", (("resume", "Resume"),))
RESULT = BarText("info", "1,204 tasks are retried", dismissible=True, passes=True)
SIZES = ((1280, 800, 100), (1024, 640, 100), (1920, 1080, 100), (1280, 800, 200))


def places(window: AppWindow) -> dict[str, QPoint]:
    """Return where everything is that can be pressed, without the bars."""
    for _ in range(3):  # a size of the window has more than one round
        QApplication.processEvents()
    return {
        f"{type(each).__name__} {each.text()} {each.accessibleName()}": each.mapTo(window, QPoint())
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and not window.notices.isAncestorOf(each)
    }


def test_nothing_moves_when_bars_come_and_go(window: AppWindow) -> None:
    """A click that was on its way sent 600 messages: a bar had pushed another button there."""
    try:
        for width, height, text in SIZES:
            window.themes.set_text_size(text)
            window.resize(width, height)
            for view in VIEWS:
                window.switch.choose(view)
                before = places(window)
                for name, bar_text in {"a": LONG, "b": PAUSED, "c": RESULT}.items():
                    window.notices.say(name, bar_text)
                    assert places(window) == before
                assert window.notices.geometry().size() == window.shelf.size()
                window.notices.open(True)
                assert places(window) == before
                for name in window.notices.names():
                    window.notices.take_back(name)
                assert places(window) == before
                assert window.notices.isHidden()
    finally:
        window.themes.set_text_size(100)


def test_one_bar_is_shown_and_more_opens_all_of_them(window: AppWindow) -> None:
    notices = window.notices
    notices.say("paused:", PAUSED)
    assert notices.more.isHidden()
    notices.say("queue:mail", LONG)
    bars = notices.bars
    assert (bars["queue:mail"].isVisible(), bars["paused:"].isVisible()) == (True, False)
    assert notices.more.text() == "1 more"
    notices.more.setFocus()
    QTest.keyClick(notices.more, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert all(bar.isVisible() for bar in bars.values())
    assert notices.height() >= sum(bar.height() for bar in bars.values())
    assert notices.more.accessibleName() == "Show one notice"
    QTest.keyClick(notices.more, Qt.Key.Key_Escape)
    assert not bars["paused:"].isVisible()
    notices.open(True)
    window.form.submit_button.setFocus()  # the keyboard goes elsewhere
    assert not bars["paused:"].isVisible()


def test_the_cross_stands_at_the_end_and_more_has_one_place_before_it(window: AppWindow) -> None:
    """There was a hole behind the cross, as wide as *More* would have been."""
    notices, px = window.notices, window.themes.theme.px
    notices.say("result", RESULT)
    QApplication.processEvents()
    (cross,) = (
        each
        for each in notices.bars["result"].findChildren(QAbstractButton)
        if each.isVisible() and not each.text()
    )
    end = cross.mapTo(notices, cross.rect().topRight()).x()
    assert notices.width() - end <= px(13)
    notices.say("paused:", PAUSED)
    QApplication.processEvents()
    assert notices.more.isVisible()
    assert cross.mapTo(notices, cross.rect().topRight()).x() == end
    place = notices.more.geometry()
    assert place.right() < cross.mapTo(notices, QPoint()).x()
    notices.say("queue:mail", replace(PAUSED, level="error"))  # it has no cross
    QApplication.processEvents()
    assert notices.more.geometry() == place


def test_two_lines_are_no_reason_for_more(window: AppWindow) -> None:
    """An e-mail's hyphen is of another font, whose lines are higher."""
    window.resize(1280, 800)
    QApplication.processEvents()
    practice = "Practice mode: e-mails stay in the outbox, where you can look at them."
    ways_out = (("a", "Set up real sending"), ("b", "Add Sendoff to the menu"))
    bar_text = BarText("info", f"{practice} {practice}", ways_out, dismissible=True)
    window.notices.say("practice", bar_text)
    QApplication.processEvents()
    words = window.notices.bars["practice"].words
    assert words.heightForWidth(words.width()) > words.fontMetrics().lineSpacing() * 1.5
    assert window.notices.more.isHidden()


def test_a_result_stands_in_front_until_it_was_read(window: AppWindow) -> None:
    notices = window.notices
    notices.say("result", RESULT)
    notices.say("queue:mail", replace(LONG, level="warning"))
    assert notices.bars["result"].isVisible()
    window.form.submit_button.setFocus()
    notices.passing.see()
    for _ in range(READ_S):
        notices.passing.count_down()
    notices.take_back("result")  # as what said it does
    assert notices.bars["queue:mail"].isVisible()
    notices.say("queue:mail", LONG)
    notices.say("result", RESULT)
    assert notices.bars["queue:mail"].isVisible()  # an error comes first


def test_the_bar_that_is_asked_for_is_in_front_and_whole(window: AppWindow) -> None:
    """Its question was cut, and one of its answers had no room."""
    notices, answers = window.notices, (("yes", "Cancel the rest"), ("no", "Keep them all"))
    window.resize(720, 640)
    notices.say("queue:mail", LONG)
    notices.say("ask", BarText("info", "Cancel 12,000 tasks? 13 of them are being sent.", answers))
    notices.focus("ask")
    QApplication.processEvents()
    shown = [b.text() for b in notices.bars["ask"].findChildren(QAbstractButton) if b.isVisible()]
    assert shown == ["Cancel the rest", "Keep them all"]
    notices.take_back("ask")
    assert notices.bars["queue:mail"].isVisible()


def half_in_sight(window: AppWindow) -> list[QWidget]:
    """Return the controls that the end of the bars cuts."""
    bars = window.notices
    end = bars.mapTo(window, bars.rect().bottomLeft()).y()
    kinds = QAbstractButton, QHeaderView, QTabBar
    return [
        each
        for each in window.views.findChildren(QWidget)
        if isinstance(each, kinds) and each.isVisible()
        if each.mapTo(window, QPoint()).y()
        <= end
        < each.mapTo(window, each.rect().bottomLeft()).y()
    ]


def test_open_bars_leave_no_control_half_in_sight(window: AppWindow) -> None:
    """The lower rims of the chips looked out below the question about closing."""
    ways_out = (("keep", "Keep sending"), ("stop", "Stop, resume at next start"))
    asks = BarText("warning", "4 tasks are still open.", ways_out, check="Remember this")
    try:
        window.themes.set_text_size(200)
        window.resize(1024, 640)
        for number in range(4):
            window.notices.say("ask", asks)
            window.notices.focus("ask")
            QApplication.processEvents()
            assert window.notices.height() > window.shelf.height()
            assert half_in_sight(window) == []
            assert window.notices.height() < window.across.height()
            window.notices.say(f"other {number}", PAUSED)
    finally:
        window.themes.set_text_size(100)


def test_bars_that_a_question_has_opened_close_with_it(window: AppWindow) -> None:
    """The other bars went on to cover the rows."""
    notices, answers = window.notices, (("yes", "Cancel the rest"), ("no", "Keep them all"))
    window.resize(720, 640)
    notices.say("queue:mail", LONG)
    notices.say("ask", BarText("info", "Cancel 12,000 tasks? 13 of them are being sent.", answers))
    notices.focus("ask")
    notices.say("paused:", PAUSED)
    assert notices.bars["paused:"].isVisible()
    notices.take_back("ask")
    assert not notices.bars["paused:"].isVisible()
    QApplication.processEvents()
    assert notices.geometry().size() == window.shelf.size()


def test_a_narrow_bar_keeps_its_way_out_and_the_count_of_others(window: AppWindow) -> None:
    """With the form open beside large text, *Show* was left out for a few more words."""
    notices, show = window.notices, (("show", "Show"),)
    try:
        window.themes.set_text_size(200)
        window.resize(1024, 640)
        window.top_bar.new_item.click()
        notices.say("paused:", PAUSED)
        uncertain = "17 tasks are uncertain: they may or may not have been done."
        notices.say("decision", BarText("warning", uncertain, show, dismissible=True))
        QApplication.processEvents()
        assert window.form.isVisible()
        assert window.size().toTuple() == (1024, 640)
        bar = notices.bars["decision"]
        shown = [b for b in bar.findChildren(QAbstractButton) if b.isVisible() and b.text()]
        assert [button.text() for button in shown] == ["Show"]
        assert "1" in notices.more.text()
        assert "1 more" in notices.more.accessibleName()
        ends = [bar.words, *shown, notices.more]
        rights = [each.mapTo(notices, each.rect().topRight()).x() for each in ends]
        lefts = [each.mapTo(notices, QPoint()).x() for each in ends]
        assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
        line = bar.words.fontMetrics().horizontalAdvance("17 tasks are uncertain")
        assert 2 * bar.words.width() >= line
    finally:
        window.themes.set_text_size(100)


def test_a_button_without_room_does_not_push_the_cross_out_of_sight(window: AppWindow) -> None:
    """Beside the form and with large text, *More* lay on the text of the first button."""
    ways_out = (("mail", "Set up real sending"), ("add", "Add Sendoff to the applications menu"))
    practice = "Practice mode: e-mails stay in the outbox, where you can look at them."
    notices = window.notices
    try:
        window.themes.set_text_size(200)
        window.resize(1024, 640)
        window.top_bar.new_item.click()
        notices.say("practice", BarText("info", practice, ways_out, dismissible=True))
        for is_open in (False, True):
            notices.open(is_open)
            QApplication.processEvents()
            shown = [b for b in notices.findChildren(QAbstractButton) if b.isVisible()]
            places = [QRect(each.mapTo(notices, QPoint()), each.size()) for each in shown]
            assert len(shown) >= 2  # the cross and *More*
            assert all(notices.rect().contains(each) for each in places)
            assert not any(a.intersects(b) for a, b in combinations(places, 2))
    finally:
        window.themes.set_text_size(100)


@pytest.mark.parametrize("width", [1280, 720])
def test_what_has_no_room_is_cut_and_told_whole(window: AppWindow, width: int) -> None:
    window.resize(width, 640)
    QApplication.processEvents()
    window.notices.say("queue:mail", LONG)
    words = window.notices.bars["queue:mail"].words
    assert words.text().endswith("in the mail settings.")
    assert window.notices.more.isHidden() == (width == 1280)
    assert words.height() <= window.shelf.height()
    window.notices.open(True)
    QApplication.processEvents()
    assert words.height() >= words.heightForWidth(words.width())
