"""The card of a cause while its tasks are tried again: how many they are, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from desktop.contract.causes import Cure
from desktop.contract.items import CONFIRMATION
from desktop.contract.states import State
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.kit.words.states import LOOKS
from tests.gui.causes.test_cause_view import Watched, cause

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


def shown(label: QLabel) -> str:
    return QTextDocumentFragment.fromHtml(label.text()).toPlainText()


def test_while_its_tasks_are_tried_again_a_cause_counts_those(watched: Watched) -> None:
    """Its row said 0, and its card *118 tasks*."""
    look = LOOKS[State.RUNNING]
    watched.show(cause("a", again=1, queued=110, running=8))
    index = watched.view.model.index(0, CauseColumn.TASKS)
    assert watched.view.model.cell(0, CauseColumn.TASKS).mark == [(look, "118")]
    assert watched.cells()[CauseColumn.TASKS] == "118"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "118 queued again"
    said = [label.text() for label in watched.card.findChildren(QLabel)]
    assert "118 queued again" in said
    assert "118 tasks" not in said
    watched.show(cause("a", again=1, failed=20, queued=98))
    parts = watched.view.model.cell(0, CauseColumn.TASKS).mark
    assert parts == [(LOOKS[State.FAILED], "20"), (look, "98")]
    assert shown(watched.card.states) == "20 failed · 98 queued again"


def test_what_a_paused_batch_has_put_aside_is_not_said_to_be_queued_again(
    watched: Watched,
) -> None:
    watched.show(cause("a", waiting=6, scheduled=16))
    parts = watched.view.model.cell(0, CauseColumn.TASKS).mark
    assert parts == [(LOOKS[State.WAITING], "6"), (LOOKS[State.SCHEDULED], "16")]
    assert shown(watched.card.states) == "6 waiting · 16 scheduled"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("answer", "1 failed · 6 uncertain: an earlier attempt may have sent them"),
        ("reason", "1 failed · 6 uncertain"),
    ],
)
def test_what_was_refused_after_an_attempt_that_may_have_sent_it_is_said_to_be_so(
    watched: Watched, kind: str, words: str
) -> None:
    """One read that it was refused, and sent it a second time."""
    refused = cause("a", failed=1, uncertain=6)
    refused["about"] = {"kind": kind, "task": CONFIRMATION, "reason": "cut_short"}
    watched.show(refused)
    assert shown(watched.card.states) == words


def test_each_part_of_a_mixed_cause_has_its_own_colour(
    watched: Watched, themes: ThemeSource
) -> None:
    """All of it was red, also what waits and goes on by itself."""
    watched.show(cause("a", failed=2, waiting=310))
    red, amber = (themes.theme.ink(token).name() for token in ("failed", "waiting"))
    words = watched.card.states.text()
    assert words.index(red) < words.index("2 failed") < words.index(amber) < words.index("310")
    assert watched.card.title.token == "text"
    watched.show(cause("a", failed=2))
    assert watched.card.title.token == "failed"


def test_the_card_offers_what_fits_the_states(watched: Watched) -> None:
    def offered(each: Any) -> list[str]:
        watched.show(each)
        return list(watched.card.row.buttons)

    assert offered(cause("a", failed=2)) == ["retry", "tasks"]
    assert offered(cause("a", Cure.CORRECT_ADDRESS, failed=2))[0] == "correct_address"
    assert watched.card.row.buttons["correct_address"].text() == "Correct the 2 addresses"
    assert offered(cause("a", Cure.MAIL_SETTINGS, waiting=2)) == [
        "mail_settings",
        "try_now",
        "tasks",
    ]
    assert offered(cause("a", Cure.RESOLVE, uncertain=1)) == ["done", "again", "tasks"]
    assert watched.card.row.buttons["again"].text() == "Run again (1)"
    unsure = cause("a", Cure.RESOLVE, uncertain=1)
    unsure["about"] = {**unsure["about"], "task": CONFIRMATION}
    offered(unsure)
    words = [watched.card.row.buttons[each].text() for each in ("done", "again")]
    assert words == ["It was sent (1)", "Send again (1)"], "as in Tasks"
    assert watched.card.row.buttons["again"].accessibleDescription()


def test_a_retry_tells_how_far_it_is(watched: Watched) -> None:
    watched.view.note_retry("a", State.FAILED, 10)
    watched.show(cause("a", again=1, failed=6, queued=3))  # five are yet to be queued
    assert watched.card.progressed.text() == "2 of 5 tried again · 3 to go"
    watched.show(cause("a", again=1, failed=1, queued=4))
    assert watched.card.progress.isVisible()
    assert (watched.card.progress.value(), watched.card.progress.maximum()) == (6, 10)
    assert watched.card.progressed.text() == "6 of 10 tried again · 4 to go"
    watched.show(cause("a", again=1, failed=1))
    assert watched.card.progress.isHidden()


@pytest.mark.parametrize("failed_at_the_press", [0, 16])
def test_how_far_it_is_is_said_only_of_the_tasks_of_a_press(
    watched: Watched, failed_at_the_press: int
) -> None:
    if failed_at_the_press:
        watched.view.note_retry("a", State.FAILED, failed_at_the_press)
    watched.show(cause("a", again=1, queued=184))  # more than that were let go elsewhere
    assert watched.card.progress.isHidden()
    assert watched.card.progressed.isHidden()


def test_the_total_of_a_retry_is_the_number_at_the_press(watched: Watched) -> None:
    watched.view.note_retry("a", State.FAILED, 10)
    watched.show(cause("a", again=20, failed=20, queued=3))  # others failed meanwhile
    assert watched.card.progressed.text() == "7 of 10 tried again · 3 to go"
