"""Bars say what a person should know, the most urgent first, and nothing below them moves."""

from __future__ import annotations

import time
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
from desktop.gui.frame.notices.notice_bar import TRY_NOW, NoticeBar
from desktop.gui.frame.views import ITEMS, TASKS, VIEWS
from desktop.gui.kit.rights import WindowRights
from desktop.gui.kit.words.ages import day_and_time
from sendoff_tasks.model.times import epoch, wire_time
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData, ToldText

pytestmark = pytest.mark.dressed


def buttons(notices: NoticeBar) -> dict[str, QPushButton]:
    shown = (b for b in notices.findChildren(QPushButton) if b.isVisible())
    return {button.text() or button.accessibleName(): button for button in shown}


def notice(*, active: bool = True) -> Notice:
    return {
        "id": "queue:mail",
        "level": "error",
        "text": "The mail server refused the login.",
        "action": "mail_settings",
        "active": active,
    }


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


def test_an_answer_goes_to_who_asked_and_the_cross_takes_the_bar_away(
    notices: NoticeBar, qtbot: QtBot
) -> None:
    heard: list[str] = []
    asked = BarText("info", "Go on?", (("yes", "Yes"),), dismissible=True)
    notices.say("question", asked, heard.append)
    with qtbot.assertNotEmitted(notices.action_chosen):
        notices.choose("question", "yes")
        assert notices.names() == ["question"]
        notices.choose("question", DISMISS)
    assert heard == ["yes", DISMISS]
    assert notices.names() == []


def test_a_notice_of_the_backend_comes_with_its_way_out_and_goes(
    notices: NoticeBar, qtbot: QtBot
) -> None:
    notices.apply(notice())
    assert notices.text("queue:mail") == f"Sending is on hold: {notice()['text']}"
    with qtbot.waitSignal(notices.action_chosen) as chosen:
        qtbot.mouseClick(buttons(notices)["Mail settings"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["queue:mail", "mail_settings"]
    wrong: ReasonData = {"server": "mx.example.org", "code": 535, "text": "535 5.7.8 no"}
    notices.apply({**notice(), "text": "535 5.7.8 no", "reason_data": wrong})
    login = "Sending is on hold: wrong login, or programs may not send."
    assert notices.text("queue:mail") == login
    notices.apply({**notice(), "text": "It takes no password.", "action": "sign_in"})
    assert notices.text("queue:mail") == "Sending is on hold: It takes no password."
    with qtbot.waitSignal(notices.action_chosen) as chosen:
        qtbot.mouseClick(buttons(notices)["Sign in"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["queue:mail", "sign_in"]
    notices.apply(notice(active=False))
    assert notices.names() == []


def test_a_held_queue_and_other_notices_say_what_they_mean(
    notices: NoticeBar, themes: ThemeSource, qtbot: QtBot
) -> None:
    notices.apply({**notice(), "id": "queue:receipts", "text": "No paper", "action": None})
    assert notices.text("queue:receipts") == (
        "The queue receipts is on hold: No paper. "
        "Fix the problem, then press Try now at one of its tasks."
    )
    looking = NoticeBar(WindowRights(may_change=False))
    qtbot.addWidget(looking)
    looking.apply({**notice(), "id": "queue:receipts", "text": "No paper", "action": None})
    assert looking.text("queue:receipts") == "The queue receipts is on hold: No paper."
    notices.apply({**notice(), "id": "tasks:x.py", "text": "x.py is broken.", "action": None})
    assert notices.text("tasks:x.py") == "x.py is broken."


@pytest.mark.parametrize("queue", ["mail", "receipts"])
def test_a_held_queue_says_its_error_by_its_row(notices: NoticeBar, queue: str) -> None:
    told: ToldText = {"refusal": "sending.quota", "data": {"server": "mx", "reply": "later"}}
    action = "mail_settings" if queue == "mail" else None
    held: Notice = {**notice(), "id": f"queue:{queue}", "text": "English.", "action": action}
    notices.apply({**held, "reason": "queue_held", "reason_data": {"text": "-", "told": told}})
    assert "on hold: mx takes no more for now: later" in notices.text(f"queue:{queue}")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            "offline",
            "The queue Mail has had no connection since {}: mx refused it. Sendoff keeps trying",
        ),
        (
            "quota",
            (
                "The queue Mail reached its server's limit at {0}: mx refused it. Sendoff tries "
                "again at {1}."
            ),
        ),
    ],
)
def test_a_queue_that_waits_for_its_server_says_since_when_and_can_try_now(
    notices: NoticeBar, qtbot: QtBot, reason: str, words: str
) -> None:
    since = "2026-09-21T13:33:20.000Z"
    until = wire_time(round((time.time() + 3600) * 1000))
    data: ReasonData = {"queue": "mail", "since": since, "text": "mx refused it.", "until": until}
    waits: Notice = {**notice(), "level": "warning", "reason": reason, "reason_data": data}
    notices.apply(waits)
    moments = [day_and_time(epoch(each) or 0.0, time.time()) for each in (since, until)]
    assert notices.text("queue:mail").startswith(words.format(*moments))
    assert list(buttons(notices)) == ["Connect", "Mail settings", "Dismiss"]
    with qtbot.waitSignal(notices.action_chosen) as chosen:
        qtbot.mouseClick(buttons(notices)["Connect"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["queue:mail", TRY_NOW]
    notices.apply({**waits, "reason_data": {**data, "until": wire_time(1)}})
    now = {"offline": "Sendoff keeps trying.", "quota": "Sendoff tries again now."}
    assert notices.text("queue:mail").endswith(now[reason])
    notices.apply(waits, is_paused=True)
    assert notices.text("queue:mail").endswith("tries again after the pause.")
    assert list(buttons(notices)) == ["Mail settings", "Dismiss"]


@pytest.mark.parametrize(
    ("queue", "what"),
    [
        ("", "Sending and everything else"),
        ("mail", "The queue Mail"),
        ("receipts", "The queue receipts"),
    ],
)
@pytest.mark.parametrize("place", ["en_US"], indirect=True)
def test_a_pause_has_its_time_as_every_other_place(
    notices: NoticeBar, queue: str, what: str, place: str
) -> None:
    since = wire_time(round(time.time() * 1000))
    data: ReasonData = {"queue": queue, "since": since} if queue else {"since": since}
    reason = "queue_paused" if queue else "all_paused"
    paused: Notice = {**notice(), "action": "resume", "reason": reason, "reason_data": data}
    notices.apply({**paused, "id": f"paused:{queue}", "text": "paused since 13:52"})
    when = day_and_time(epoch(since) or 0.0, time.time())
    assert when.endswith(("AM", "PM"))
    goes_on = "" if queue else " Running tasks finish."
    assert notices.text(f"paused:{queue}") == f"{what} has been paused since {when}.{goes_on}"


def test_a_pause_comes_before_what_can_wait(notices: NoticeBar) -> None:
    paused: Notice = {**notice(), "id": "paused:", "level": "info", "reason": "all_paused"}
    notices.show_pauses([paused])
    notices.say("later", BarText("warning", "1 task failed: No answer."))
    assert notices.names() == ["paused:", "later"]
    notices.say("error", BarText("error", "The disk is full."))
    assert notices.names() == ["error", "paused:", "later"]


def test_several_pauses_have_one_bar(notices: NoticeBar) -> None:
    def pause(queue: str) -> Notice:
        reason = "queue_paused" if queue else "all_paused"
        return {**notice(), "id": f"paused:{queue}", "action": "resume", "reason": reason}

    own = [pause(f"own{number}") for number in range(4)]
    notices.show_pauses(own)
    assert notices.names() == ["paused:"]
    assert notices.text("paused:") == "4 queues are paused: own0, own1, own2, …"
    notices.show_pauses(own[3:])
    assert notices.names() == ["paused:own3"]
    notices.show_pauses([*own, pause("")])
    assert notices.names() == ["paused:"]
    assert notices.text("paused:").startswith("Sending and everything else has been paused")
    notices.show_pauses([])
    assert notices.names() == []


def test_some_bars_have_a_cross(notices: NoticeBar, qtbot: QtBot) -> None:
    two = (("yes", "Yes"), ("no", "No"))
    notices.say("ask", BarText("info", "Well?", two))
    assert [*buttons(notices)] == ["Yes", "No"]
    notices.say("ask", BarText("info", "Well?", two, dismissible=True))
    for words, choice in (("No", "no"), ("Dismiss", DISMISS)):
        with qtbot.waitSignal(notices.action_chosen) as chosen:
            qtbot.mouseClick(buttons(notices)[words], Qt.MouseButton.LeftButton)
        assert chosen.args == ["ask", choice]


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
    shelf, pointer = window.shelf, window._pointer
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
    QApplication.processEvents()
    assert not bars["paused:"].isVisible()

    for name in notices.names():
        notices.take_back(name)
    px = window.themes.theme.px
    notices.say("paused:", replace(PAUSED, level="error", dismissible=True))

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
    notices.say("queue:mail", LONG)
    notices.say("ask", BarText("info", "Cancel 12,000 tasks? 13 of them are being sent.", answers))
    notices.focus("ask")
    QApplication.processEvents()
    shown = [b.text() for b in notices.bars["ask"].findChildren(QAbstractButton) if b.isVisible()]
    assert shown[1:] == ["Cancel the rest", "Keep them all"]
    notices.say("paused:", PAUSED)
    assert notices.bars["ask"].isVisible()
    notices.take_back("ask")
    assert notices.bars["queue:mail"].isVisible()
    assert not notices.bars["paused:"].isVisible()
    QApplication.processEvents()
    assert notices.geometry().size() == window.shelf.size()
    for name in notices.names():
        notices.take_back(name)

    for width in (1280, 720):
        window.resize(width, 640)
        QApplication.processEvents()
        window.notices.say("queue:mail", LONG)
        words = window.notices.bars["queue:mail"].words
        assert words.text().endswith("in the mail settings.")
        assert window.notices.more.isHidden()
        window.shelf._later.setInterval(0)
        window._pointer.stop()
        qtbot.waitUntil(lambda words=words: words.height() <= window.shelf.height())  # type: ignore[misc]
        assert words.height() >= words.heightForWidth(words.width())
        window.notices.take_back("queue:mail")


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
