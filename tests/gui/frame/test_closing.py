"""Closing asks while tasks are open, remembers an answer if told to, and ends when all is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.contract.office import OfficeStats
from desktop.gui.frame.closing import Closing, ClosingChoice
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.table import say
from tests.gui.hands import answer, asked
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def closing(host: QWidget, settings: QSettings, themes: ThemeSource) -> Closing:
    return Closing(host, settings)


@pytest.fixture
def told(closing: Closing) -> list[str]:
    """What was decided, in order."""
    seen: list[str] = []
    closing.may_leave.connect(lambda: seen.append("leave"))
    closing.kept_sending.connect(lambda: seen.append("keep"))
    return seen


KEEP, STOP = "Close, keep sending", "Close, continue next time"
NEXT = datetime.now().astimezone() + timedelta(days=1)


def later(**counts: int) -> OfficeStats:
    """Count tasks of which the next one starts tomorrow."""
    return cast("OfficeStats", {**stats(**counts), "next_at": NEXT.isoformat()})


def stop(closing: Closing, *what: str, hold: str = "") -> None:
    closing.set_stopped(everything="all" in what, something=bool(what), hold=hold)


def forget_password(closing: Closing) -> None:
    closing.forgets_password = True
    closing.set_stats(later(scheduled=2))


SAID: list[tuple[Callable[[Closing], object], list[tuple[str, dict[str, Any]]]]] = [
    (lambda c: c.set_stats(stats(scheduled=20)), [("open", {"n": 20})]),
    (lambda c: c.set_stats(stats(queued=20)), [("open", {"n": 20})]),
    (lambda c: c.set_stats(stats(waiting=20)), [("open", {"n": 20})]),
    (lambda c: c.set_stats(stats(running=1)), [("open", {"n": 1})]),
    (lambda c: c.set_stats({**stats(), "batch_rows": 2986}), [("open", {"n": 2986})]),
    (lambda c: c.set_stats(later(scheduled=2, running=1)), [("open", {"n": 3})]),
    (lambda c: c.set_stats(later(scheduled=1)), [("open", {"n": 1}), ("next", {"n": 1})]),
    (lambda c: c.set_stats(later(scheduled=2)), [("open", {"n": 2}), ("next", {"n": 2})]),
    (lambda c: stop(c, "mail"), [("open", {"n": 2})]),
    (lambda c: stop(c, hold=say("closing", "password")), [("open", {"n": 2}), ("password", {})]),
    (lambda c: stop(c, "all"), [("open", {"n": 2}), ("paused", {})]),
    (stop, [("open", {"n": 2}), ("next", {"n": 2})]),
    (forget_password, [("open", {"n": 2}), ("next", {"n": 2}), ("password", {})]),
    (lambda c: c.set_waiting(1, 0), [("saved", {"n": 1})]),
    (lambda c: c.set_waiting(2, 0), [("saved", {"n": 2})]),
    (lambda c: c.set_waiting(2, 2), [("unanswered", {"n": 2})]),
]
"""What comes to be so, one after the other while it asks, and the rows that it then says."""
NO_WAY_ON = {"paused", "saved", "unanswered"}


def test_it_says_what_is_not_done_and_what_comes_of_it_while_that_changes(closing: Closing) -> None:
    closing.set_stats(stats(queued=1))
    closing.ask()
    when = until(NEXT.timestamp(), time.time())
    for change, rows in SAID:
        change(closing)
        assert said(closing) == " ".join(say("closing", r, when=when, **d) for r, d in rows), rows
        box = asked()
        assert box is not None
        ways = {"Quit"} if NO_WAY_ON & {name for name, _ in rows} else {KEEP, STOP}
        assert {each.text() for each in box.buttons()} == {"Do not close", *ways}


def test_what_is_not_saved_is_asked_about_also_where_an_answer_is_remembered(
    closing: Closing, told: list[str], settings: QSettings
) -> None:
    settings.setValue("closing", ClosingChoice.STOP)
    closing.ends_backend = False
    for saved, unanswered in ((2, 0), (0, 2)):
        closing.set_waiting(saved, unanswered)
        closing.ask()
        assert (told, closing.is_asking) == ([], True)
        closing.set_waiting(0, 0)
        assert not closing.is_asking
    closing.set_waiting(1, 0)
    closing.ask()
    answer("Quit")
    assert told == ["leave"]


def test_an_answer_is_remembered_where_the_person_says_so_until_it_is_forgotten(
    closing: Closing, host: QWidget, settings: QSettings, told: list[str]
) -> None:
    closing.set_stats(stats(running=3))
    closing.ask()
    answer(KEEP)
    closing.set_stats(stats(running=1))
    assert told == ["keep"]
    closing.set_stats(stats(succeeded=3))
    assert told == ["keep", "leave"]
    for way, then in ((KEEP, "keep"), (STOP, "leave")):
        told.clear()
        closing.set_stats(stats(running=1))
        closing.ask()
        assert closing.question is not None
        closing.question.checkBox().click()
        answer(way)
        closing.ask()
        assert told == [then, then]
        assert Closing(host, settings).choice == {"keep": "keep", "leave": "stop"}[then]
        if way == KEEP:
            closing.come_back()
            closing.set_stats(stats(succeeded=3))  # it does not end by itself any more
            closing.set_stats(stats(running=1))
            stop(closing, "all")
            closing.ask()
            assert told == [then, then]  # nothing can be kept sending
            answer("Do not close")
            stop(closing)
        closing.forget()
        closing.ask()
        assert closing.is_asking
        answer("Do not close")


def said(closing: Closing) -> str:
    return "" if closing.question is None else closing.question.text()


def test_with_nothing_open_or_with_the_backend_of_somebody_else_it_leaves(
    closing: Closing, told: list[str]
) -> None:
    closing.set_stats(stats(succeeded=9, failed=2, uncertain=1))
    closing.ask()
    assert told == ["leave"]
    closing.ends_backend = False
    closing.set_stats(stats(running=3))
    closing.ask()
    assert told == ["leave", "leave"]


def test_escape_the_cross_and_the_last_end_take_the_question_back(
    closing: Closing, host: QWidget, told: list[str]
) -> None:
    closing.set_stats(stats(queued=1))
    ways: list[Callable[[], object]] = [
        lambda: QTest.keyClick(closing.question or host, Qt.Key.Key_Escape),
        lambda: answer("Do not close"),
        lambda: closing.set_stats(stats(succeeded=2)),
    ]
    for take_back in ways:
        closing.ask()
        take_back()
        assert (told, closing.is_asking) == ([], False)
    assert closing.choice is ClosingChoice.ASK


def test_an_action_that_waits_is_no_question_but_hidden_it_is_waited_for(
    closing: Closing, told: list[str]
) -> None:
    waits: OfficeStats = {**stats(failed=1), "pending": 1}
    closing.set_stats(waits)
    closing.ask()
    assert told == ["leave"]  # the next start carries it out
    told.clear()
    closing.set_stats(stats(queued=1))
    closing.ask()
    answer(KEEP)
    closing.set_stats(waits)
    assert told == ["keep"]
    closing.set_stats(stats(succeeded=1))
    assert told == ["keep", "leave"]


def test_a_wish_from_outside_is_asked_only_about_actions_that_would_be_lost(
    closing: Closing, told: list[str]
) -> None:
    closing.set_stats(stats(running=3))
    closing.set_waiting(1, 0)
    assert closing.leave()
    assert told == ["leave"]
    closing.set_waiting(1, 1)
    assert not closing.leave()
    assert (told, closing.is_asking) == (["leave"], True)
