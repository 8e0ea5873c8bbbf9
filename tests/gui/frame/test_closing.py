"""Closing asks while tasks are open, remembers an answer if told to, and ends when all is done."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.frame.closing import Closing, ClosingChoice, ClosingSheet
from desktop.gui.kit.words.ages import until
from sendoff_tasks.model.times import wire_time
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from desktop.contract.office import OfficeStats
    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def closing(host: QWidget, settings: QSettings, themes: ThemeSource) -> Closing:
    return Closing(host, settings, lambda: ClosingSheet(host))


@pytest.fixture
def told(closing: Closing) -> list[str]:
    """What was decided, in order."""
    seen: list[str] = []
    closing.may_leave.connect(lambda: seen.append("leave"))
    closing.kept_sending.connect(lambda: seen.append("keep"))
    return seen


def answer(closing: Closing, choice: str) -> None:
    {"keep": closing.sheet.keep, "stop": closing.sheet.stop}[choice].click()


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
    closing: Closing, told: list[str]
) -> None:
    closing.set_stats(stats(queued=1))
    for take_back in (
        lambda: QTest.keyClick(closing.sheet, Qt.Key.Key_Escape),
        lambda: closing.sheet.close(),
        lambda: closing.set_stats(stats(succeeded=2)),
    ):
        closing.ask()
        take_back()
        assert (told, closing.is_asking) == ([], False)
    assert closing.choice is ClosingChoice.ASK


def test_with_items_that_are_not_submitted_it_says_so_until_they_are(
    closing: Closing, told: list[str], settings: QSettings
) -> None:
    settings.setValue("closing", ClosingChoice.STOP)
    closing.ends_backend = False
    closing.set_waiting(2, 0)
    closing.ask()
    assert told == []
    assert closing.sheet.words.text().startswith(
        "2 items or corrections are not submitted yet. They are saved"
    )
    closing.set_waiting(1, 0)
    assert closing.sheet.words.text().startswith(
        "1 item or correction is not submitted yet. It is saved"
    )
    answer(closing, ClosingChoice.STOP)
    assert told == ["leave"]
    closing.ask()
    closing.sheet.close()
    closing.set_waiting(0, 0)
    assert not closing.is_asking


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
    answer(closing, ClosingChoice.KEEP)
    closing.set_stats(waits)
    assert told == ["keep"]
    closing.set_stats(stats(succeeded=1))
    assert told == ["keep", "leave"]


def test_with_actions_that_the_backend_has_not_confirmed_it_says_that_they_would_be_lost(
    closing: Closing, told: list[str], settings: QSettings
) -> None:
    settings.setValue("closing", ClosingChoice.STOP)
    closing.ends_backend = False
    closing.set_waiting(0, 2)
    closing.ask()
    words = "2 actions have not reached Sendoff yet, and would be lost."
    assert closing.sheet.words.text() == words
    closing.set_waiting(0, 0)
    assert not closing.is_asking
    closing.ask()
    assert told == ["leave"]


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


@pytest.mark.parametrize("state", ["scheduled", "queued", "running", "waiting"])
def test_with_open_tasks_it_asks_and_counts_on(
    closing: Closing, told: list[str], state: str
) -> None:
    closing.set_stats(stats(**{state: 20}))
    closing.ask()
    assert told == []
    assert closing.sheet.words.text() == "20 tasks are not done yet."
    closing.set_stats(stats(**{state: 1}))
    assert closing.sheet.words.text() == "1 task is not done yet."


def test_it_says_when_the_next_one_starts_unless_some_start_at_once(closing: Closing) -> None:
    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    waits = {"next_at": tomorrow.isoformat()}
    closing.set_stats({**stats(scheduled=2), **waits})  # type: ignore[typeddict-item]
    closing.ask()
    when = until(tomorrow.timestamp(), time.time())
    assert closing.sheet.words.text() == f"2 tasks are not done yet. The next one starts {when}."
    closing.set_stats({**stats(scheduled=1), **waits})  # type: ignore[typeddict-item]
    assert closing.sheet.words.text() == f"1 task is not done yet. It starts {when}."
    closing.set_stats({**stats(scheduled=2, running=1), **waits})  # type: ignore[typeddict-item]
    assert closing.sheet.words.text() == "3 tasks are not done yet."
    closing.set_stats({**stats(scheduled=2), **waits})  # type: ignore[typeddict-item]
    closing.set_stopped(everything=False, something=True)
    assert closing.sheet.words.text() == "2 tasks are not done yet."
    closing.set_stats({**stats(succeeded=9), "batch_rows": 2986})
    assert closing.open_tasks == 2986


def test_an_answer_is_remembered_only_where_the_person_says_so(
    closing: Closing, told: list[str]
) -> None:
    closing.set_stats(stats(running=3))
    closing.ask()
    answer(closing, "keep")
    closing.set_stats(stats(running=1))
    assert told == ["keep"]
    closing.set_stats(stats(succeeded=3))
    assert told == ["keep", "leave"]
    closing.set_stats(stats(running=1))
    closing.ask()
    assert closing.is_asking
    closing.sheet.check.click()
    answer(closing, "keep")
    closing.ask()
    assert told == ["keep", "leave", "keep", "keep"]
    closing.come_back()
    closing.set_stats(stats(succeeded=3))
    assert told == ["keep", "leave", "keep", "keep"]


def test_what_holds_the_messages_is_said_and_a_password_that_will_be_missing(
    closing: Closing,
) -> None:
    soon = wire_time(round((time.time() + 600) * 1000))
    closing.set_stats({**stats(scheduled=2), "next_at": soon})
    closing.set_stopped(everything=False, something=False, hold="Sending is on hold.")
    closing.ask()
    assert closing.sheet.words.text() == "2 tasks are not done yet. Sending is on hold."
    closing.set_stopped(everything=False, something=False)
    closing.forgets_password = True
    closing.ask()
    typed = "After the next start, nothing is sent until you type the password."
    assert closing.sheet.words.text().endswith(f"starts in 10 min. {typed}")


def test_nothing_is_kept_sending_while_everything_is_paused(
    closing: Closing, told: list[str]
) -> None:
    closing.set_stats(stats(queued=2))
    closing.ask()
    closing.sheet.check.click()
    answer(closing, "keep")
    closing.set_stopped(everything=True, something=True)
    closing.ask()
    assert told == ["keep"]
    stays = "Sending stays paused, also after the next start, until you resume it."
    assert closing.sheet.words.text() == f"2 tasks are not done yet. {stays}"
    assert (closing.sheet.stop.text(), closing.sheet.keep.isVisible()) == ("Quit", False)
    closing.set_stopped(everything=False, something=False)
    assert closing.sheet.keep.isVisible()


def test_stop_is_remembered_and_can_be_forgotten(
    closing: Closing, settings: QSettings, told: list[str]
) -> None:
    closing.set_stats(stats(waiting=1))
    closing.ask()
    closing.sheet.check.click()
    answer(closing, "stop")
    closing.ask()
    assert told == ["leave", "leave"]
    again = Closing(closing, settings, lambda: closing.sheet)
    assert again.choice is ClosingChoice.STOP
    closing.forget()
    closing.ask()
    assert closing.is_asking
