"""The card of a cause, and what gives way where room for its line is short."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from desktop.contract.causes import Cure
from desktop.contract.items import CONFIRMATION
from desktop.contract.states import State
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.kit.lists.list_delegate import PAD
from desktop.gui.kit.words.ages import DAY
from desktop.gui.kit.words.states import LOOKS
from desktop.gui.kit.words.task_row import stamp
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
    watched.show(cause("a", waiting=6, scheduled=16))  # what its paused batch has put aside
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
    refused = cause("a", failed=1, uncertain=6)
    refused["about"] = {"kind": kind, "task": CONFIRMATION, "reason": "cut_short"}
    watched.show(refused)
    assert shown(watched.card.states) == words


def test_each_part_of_a_mixed_cause_has_its_own_colour(
    watched: Watched, themes: ThemeSource
) -> None:
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


@pytest.mark.parametrize("percent", [100, 200])
def test_a_time_of_another_day_is_whole_or_not_there(
    qtbot: QtBot,
    themes: ThemeSource,
    watched: Watched,
    request: pytest.FixtureRequest,
    percent: int,
) -> None:
    request.addfinalizer(lambda: themes.set_text_size(100))
    themes.set_text_size(percent)
    told = cause("a", failed=2)
    told["first_at"], told["last_at"] = (
        stamp(datetime.now().astimezone().replace(hour=22, minute=58).timestamp() - days * DAY)
        for days in (400, 1)
    )
    watched.show(told)
    table = watched.view.table
    for width in (640, 1280, 1920):
        watched.view.resize(width, 400)
        qtbot.waitUntil(lambda: not table.widths.is_to_measure)
        for column in (CauseColumn.FIRST, CauseColumn.LAST):
            assert ", " in watched.cells()[column]  # its date, and the time
            there = not table.isColumnHidden(column)
            assert there or width < 1280
            assert not there or table.columnWidth(column) >= table.width_needed(0, column)


def test_no_cause_is_cut_beside_times_with_room_for_a_day_that_they_do_not_show(
    qtbot: QtBot, themes: ThemeSource, watched: Watched
) -> None:
    told = cause("a", failed=2)
    told["about"]["text"] = "localhost refused the recipient: 550 5.1.1 No such user here"
    told["first_at"] = told["last_at"] = stamp(time.time())
    watched.show(told)
    table = watched.view.table
    qtbot.waitUntil(lambda: table.widths.needed(CauseColumn.CAUSE) > 0)
    needed = [table.width_needed(0, column) for column in CauseColumn]
    for column in (CauseColumn.FIRST, CauseColumn.LAST):
        words = table.fontMetrics().horizontalAdvance(watched.cells()[column])
        needed[column] = words + themes.theme.px(2 * PAD)
    titled = [table.list_header.title_width(column) for column in CauseColumn]
    watched.view.resize(sum(map(max, needed, titled)) + 40, 500)
    assert table.columnWidth(CauseColumn.CAUSE) >= needed[CauseColumn.CAUSE]


def test_what_helps_is_never_cut(qtbot: QtBot, watched: Watched) -> None:
    causes = [cause(each, each, failed=2) for each in Cure]
    for each in causes:
        each["title"] = each["about"]["text"] = "The mail server deferred the recipient " * 5
    watched.view.resize(800, 400)
    watched.show(*causes)
    table, model = watched.view.table, watched.view.model
    qtbot.waitUntil(lambda: table.widths.needed(CauseColumn.CAUSE) > 800)
    for row in range(model.rowCount()):
        needed = table.width_needed(row, CauseColumn.HELP)
        qtbot.waitUntil(lambda n=needed: table.columnWidth(CauseColumn.HELP) >= n)  # type: ignore[misc]


def test_what_helps_is_in_sight_with_text_of_twice_the_size(
    qtbot: QtBot, themes: ThemeSource, watched: Watched, request: pytest.FixtureRequest
) -> None:
    themes.set_text_size(200)
    request.addfinalizer(lambda: themes.set_text_size(100))
    watched.view.resize(673, 400)
    watched.show(*(cause(each, each, failed=2) for each in Cure))
    table = watched.view.table
    qtbot.waitUntil(lambda: table.widths.needed(CauseColumn.CAUSE) > 0)
    qtbot.waitUntil(lambda: table.horizontalHeader().length() <= table.viewport().width())


def test_a_card_is_as_high_as_before_once_larger_text_is_small_again(
    qtbot: QtBot, themes: ThemeSource, watched: Watched, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: themes.set_text_size(100))
    watched.show(cause("a", failed=2))
    watched.view.table.selectRow(0)
    card = watched.view.card
    before = card.top.sizeHint().height()
    themes.set_text_size(200)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() > before)
    themes.set_text_size(100)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() == before)
