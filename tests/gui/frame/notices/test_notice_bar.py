"""Bars say what a person should know, the most urgent first, and nothing below them moves."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QPushButton,
    QWidget,
)

from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.frame.notices.notice_bar import NoticeBar
from desktop.gui.frame.views import ITEMS, TASKS, VIEWS
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

pytestmark = pytest.mark.dressed


def buttons(notices: NoticeBar) -> dict[str, QPushButton]:
    shown = (b for b in notices.findChildren(QPushButton) if b.isVisible())
    return {button.text() or button.accessibleName(): button for button in shown}


def test_a_bar_is_shown_changed_and_taken_back(notices: NoticeBar) -> None:
    assert notices.isHidden()
    for words in ("back in 2 s", "back in 1 s"):
        notices.say("backend", BarText("warning", words))
    assert notices.isVisible()
    assert notices.names() == ["backend"]
    assert notices.text("backend") == "back in 1 s"
    for level in ("info", "error"):
        notices.say(level, BarText(level, level))
    assert notices.names() == ["error", "backend", "info"]  # the most urgent first
    for name in ("info", "error", "backend", "backend"):
        notices.take_back(name)
    assert notices.isHidden()
    assert notices.names() == []


class Windows(QObject):
    """Remembers what became a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of widgets that are shown with no parent."""
        is_shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if is_shown and watched.parent() is None:
            self.seen.append(watched)
        return False


def test_no_part_of_a_bar_flashes_in_a_window_of_its_own(
    notices: NoticeBar, qapp: QApplication
) -> None:
    windows = Windows()
    qapp.installEventFilter(windows)
    ways_out = (("keep", "Keep"), ("stop", "Stop"))
    notices.say("ask", BarText("info", "Well?", ways_out, dismissible=True))
    qapp.removeEventFilter(windows)
    assert windows.seen == [notices]


def test_an_answer_goes_to_who_asked_and_the_cross_takes_the_bar_away(notices: NoticeBar) -> None:
    heard: list[str] = []
    asked = BarText("info", "Go on?", (("yes", "Yes"),), dismissible=True)
    notices.say("question", asked, heard.append)
    notices.choose("question", "yes")
    assert notices.names() == ["question"]
    notices.choose("question", DISMISS)
    assert heard == ["yes", DISMISS]
    assert notices.names() == []


def test_some_bars_have_a_cross(notices: NoticeBar, qtbot: QtBot) -> None:
    two = (("yes", "Yes"), ("no", "No"))
    notices.say("ask", BarText("info", "Well?", two))
    assert [*buttons(notices)] == ["Yes", "No"]
    heard: list[str] = []
    notices.say("ask", BarText("info", "Well?", two, dismissible=True), heard.append)
    for words in ("No", "Dismiss"):
        qtbot.mouseClick(buttons(notices)[words], Qt.MouseButton.LeftButton)
    assert heard == ["no", DISMISS]


def test_a_bar_is_as_high_as_its_lines(notices: NoticeBar) -> None:
    text = "No connection since 2:49 PM: localhost:1 cannot be reached. Sendoff keeps trying."
    notices.say("long", BarText("warning", text, (("yes", "Connect"),), dismissible=True))
    notices.say("short", BarText("info", "Kept.", (("yes", "Show"),), dismissible=True))
    long, short = notices.bars["long"], notices.bars["short"]
    assert long.height_at(1100) == short.height_at(1100)
    assert long.height_at(400) > short.height_at(400)


def test_ways_out_stand_one_below_the_other_where_there_is_no_room(notices: NoticeBar) -> None:
    notices.say("ask", BarText("info", "Well?", (("yes", "Yes " * 5), ("no", "No " * 9))))
    notices.resize(800, 200)
    QApplication.processEvents()
    beside = {button.y() for button in buttons(notices).values()}
    assert max(beside) < notices.bars["ask"].words.geometry().bottom()
    notices.resize(notices.minimumSizeHint().width(), 200)
    QApplication.processEvents()
    shown = buttons(notices).values()
    assert len(beside) == 1
    assert len({button.y() for button in shown}) == 2
    assert all(notices.rect().contains(b.mapTo(notices, b.rect().topRight())) for b in shown)


LONG = BarText(
    "error",
    "Sending is on hold: mx.example.org refused the user name or password of tickets: 535 5.7.8 "
    "Authentication credentials invalid. All waiting e-mails are sent after a successful test in "
    "the mail settings.",
    (("mail_settings", "Mail settings"),),
    dismissible=True,
)
PAUSED = BarText("info", "Sending has been paused since 14:05.", (("resume", "Resume"),))
LONG_RESULT = BarText("info", "1,204 tasks are retried", dismissible=True)


def places(window: AppWindow) -> dict[str, QPoint]:
    """Return where everything is that can be pressed, without the bars."""
    for _ in range(3):  # a size of the window has more than one round
        QApplication.processEvents()
    return {
        f"{type(each).__name__} {each.text()} {each.accessibleName()}": each.mapTo(window, QPoint())
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and not window.notices.isAncestorOf(each)
    }


def test_nothing_moves_under_the_pointer_when_bars_come_and_go(
    window: AppWindow, qtbot: QtBot
) -> None:
    window.resize(1024, 640)
    window.page.chips.set_stats(stats(failed=1))
    shelf, pointer = window.shelf, window.pointer
    shelf._later.setInterval(0)
    for view in VIEWS:
        window.switch.choose(view)
        before = places(window)
        pointer.move()
        window.notices.say("a", LONG)
        assert places(window) == before
        pointer.stop()
        qtbot.waitUntil(lambda: shelf.height() > 0)
        below = places(window)
        assert below != before or view not in {TASKS, ITEMS}
        for name, bar_text in {"b": PAUSED, "c": LONG_RESULT}.items():
            window.notices.say(name, bar_text)
        assert window.notices.geometry().size() == shelf.size()
        window.notices.open(True)
        assert places(window) == below
        pointer.move()
        for name in window.notices.names():
            window.notices.take_back(name)
        assert places(window) == below
        assert window.notices.isHidden()
        pointer.stop()
        qtbot.waitUntil(lambda: shelf.height() == 0)
        assert places(window) == before


def test_one_bar_is_shown_more_opens_all_of_them_and_its_buttons_stay_at_the_end(
    window: AppWindow,
) -> None:
    notices = window.notices
    notices.say("paused", PAUSED)
    assert notices.more.isHidden()
    notices.say("held", LONG)
    bars = notices.bars
    assert (bars["held"].isVisible(), bars["paused"].isVisible()) == (True, False)
    assert notices.more.text() == "1 more"
    notices.more.setFocus()
    QTest.keyClick(notices.more, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert all(bar.isVisible() for bar in bars.values())
    assert notices.height() >= sum(bar.height() for bar in bars.values())
    assert notices.more.accessibleName() == "Show one notice"
    QTest.keyClick(notices.more, Qt.Key.Key_Escape)
    assert not bars["paused"].isVisible()
    notices.open(True)
    window.form.submit_button.setFocus()  # the keyboard goes elsewhere
    QApplication.processEvents()
    assert not bars["paused"].isVisible()

    for name in notices.names():
        notices.take_back(name)
    px = window.themes.theme.px
    notices.say("paused", replace(PAUSED, level="error", dismissible=True))

    def there() -> tuple[QRect, QRect]:
        QApplication.processEvents()
        shown = (buttons(notices)[each] for each in ("Resume", "Dismiss"))
        resume, cross = (QRect(each.mapTo(notices, QPoint()), each.size()) for each in shown)
        return resume, cross

    before = resume, cross = there()
    assert notices.width() - cross.right() <= px(13)
    assert cross.left() - resume.right() <= px(9)
    notices.say("other", LONG_RESULT)
    assert there() == before
    more = notices.more
    assert more.isVisible()
    assert more.mapTo(notices, more.rect().topRight()).x() < resume.left()
    notices.open(True)
    assert there()[0].left() == resume.left()


def test_a_notice_is_told_whole_on_the_shelf_and_one_asked_for_comes_first(
    window: AppWindow, qtbot: QtBot
) -> None:
    notices, answers = window.notices, (("yes", "Cancel the rest"), ("no", "Keep them all"))
    window.resize(440, 640)
    notices.say("held", LONG)
    notices.say("ask", BarText("info", "Cancel 12,000 tasks? 13 of them are being sent.", answers))
    notices.focus("ask")
    QApplication.processEvents()
    shown = [b.text() for b in notices.bars["ask"].findChildren(QAbstractButton) if b.isVisible()]
    assert shown[1:] == ["Cancel the rest", "Keep them all"]
    notices.say("paused", PAUSED)
    assert notices.bars["ask"].isVisible()
    notices.take_back("ask")
    assert notices.bars["held"].isVisible()
    assert not notices.bars["paused"].isVisible()
    QApplication.processEvents()
    assert notices.geometry().size() == window.shelf.size()
    for name in notices.names():
        notices.take_back(name)

    for width in (1280, 720):
        window.resize(width, 640)
        QApplication.processEvents()
        window.notices.say("held", LONG)
        words = window.notices.bars["held"].words
        assert words.text().endswith("in the mail settings.")
        assert window.notices.more.isHidden()
        window.shelf._later.setInterval(0)
        window.pointer.stop()
        qtbot.waitUntil(lambda words=words: words.height() <= window.shelf.height())  # type: ignore[misc]
        assert words.height() >= words.heightForWidth(words.width())
        window.notices.take_back("held")


def test_large_text_in_a_small_window_keeps_ways_out_and_crosses_whole(
    window: AppWindow,
) -> None:
    notices = window.notices
    window.themes.set_text_size(200)
    window.resize(1024, 640)
    keep = (("keep", "Close, keep sending"), ("stop", "Close, continue next time"))
    asks = BarText("warning", "4 tasks are still open.", keep, refusal="stay")
    others = [f"other {number}" for number in range(4)]
    usual = window.shelf.height()
    for name in others:
        notices.say("ask", asks)
        notices.focus("ask")
        QApplication.processEvents()
        assert notices.height() > usual
        assert notices.height() < window.across.height()
        notices.say(name, PAUSED)
    for name in ("ask", *others):
        notices.take_back(name)

    window.top_bar.new_item.click()
    ways_out = (("mail", "Set up real sending"), ("add", "Look at the e-mails in the outbox"))
    practice = "Practice mode: e-mails stay on this computer."
    notices.say("practice", BarText("info", practice, ways_out, dismissible=True))
    for is_open in (False, True):
        notices.open(is_open)
        QApplication.processEvents()
        there = [b for b in notices.findChildren(QAbstractButton) if b.isVisible()]
        places = [QRect(each.mapTo(notices, QPoint()), each.size()) for each in there]
        assert len(there) >= 2  # the cross and *More*
        assert all(notices.rect().contains(each) for each in places)
        assert not any(a.intersects(b) for a, b in combinations(places, 2))
    notices.open(False)
    notices.take_back("practice")

    notices.say("other", PAUSED)
    uncertain = "17 tasks failed for 3 reasons."
    show = (("show", "Show"),)
    notices.say("decision", BarText("warning", uncertain, show, dismissible=True))
    QApplication.processEvents()
    assert window.form.isVisible()
    assert window.size().toTuple() == (1024, 640)
    bar = notices.bars["decision"]
    shown = [b for b in bar.findChildren(QAbstractButton) if b.isVisible() and b.text() == "Show"]
    assert len(shown) == 1
    assert "1" in notices.more.text()
    assert "1 more" in notices.more.accessibleName()
    ends = [bar.words, notices.more, *shown]
    rights = [each.mapTo(notices, each.rect().topRight()).x() for each in ends]
    lefts = [each.mapTo(notices, QPoint()).x() for each in ends]
    assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
    line = bar.words.fontMetrics().horizontalAdvance("17 tasks failed for 3 reasons")
    assert 2 * bar.words.width() >= line
