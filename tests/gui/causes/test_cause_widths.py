"""The widths of the columns of causes: what gives way where room is short."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from desktop.contract.causes import Cure
from desktop.gui.causes.cause_model import CauseColumn
from desktop.gui.kit.lists.list_delegate import PAD
from desktop.gui.kit.words.ages import DAY
from desktop.gui.kit.words.task_row import stamp
from tests.gui.causes.test_cause_view import Watched, cause

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_a_time_of_another_day_is_whole_or_not_there(
    qtbot: QtBot,
    themes: ThemeSource,
    watched: Watched,
    request: pytest.FixtureRequest,
    percent: int,
) -> None:
    """From midnight on it was *Mon Nov 23, 11:05…*."""
    request.addfinalizer(lambda: themes.set_text_size(100))
    themes.set_text_size(percent)
    told = cause("a", failed=2)
    told["first_at"], told["last_at"] = (
        stamp(datetime.now().astimezone().replace(hour=22, minute=58).timestamp() - days * DAY)
        for days in (400, 1)
    )
    watched.show(told)
    table = watched.view.table
    for width in (640, 980, 1280, 1920):
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
    """Each time of today took the room of its date tomorrow, and the cause was cut."""
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
    """The least room for a cause pushed it out of the view."""
    themes.set_text_size(200)
    request.addfinalizer(lambda: themes.set_text_size(100))
    watched.view.resize(673, 400)
    watched.show(*(cause(each, each, failed=2) for each in Cure))
    table = watched.view.table
    qtbot.waitUntil(lambda: table.widths.needed(CauseColumn.CAUSE) > 0)
    qtbot.waitUntil(lambda: table.horizontalHeader().length() <= table.viewport().width())


def test_words_of_a_cause_have_the_room_that_what_helps_does_not_need(
    qtbot: QtBot, watched: Watched
) -> None:
    long = cause("a", failed=2)
    long["title"] = long["about"]["text"] = "ValueError in receipt: " + "no paper in the tray " * 5
    watched.view.resize(640, 400)
    watched.show(long)
    header = watched.view.table.horizontalHeader()
    words = header.fontMetrics().horizontalAdvance(watched.cells()[CauseColumn.HELP])
    qtbot.waitUntil(lambda: header.sectionSize(CauseColumn.HELP) < 4 * words)
    assert header.length() <= watched.view.table.viewport().width()


def test_a_card_is_as_high_as_before_once_larger_text_is_small_again(
    qtbot: QtBot, themes: ThemeSource, watched: Watched, request: pytest.FixtureRequest
) -> None:
    """Twice the room stayed above the line: Qt's hint counts a height that a label had to have."""
    request.addfinalizer(lambda: themes.set_text_size(100))
    watched.show(cause("a", failed=2))
    watched.view.table.selectRow(0)
    card = watched.view.card
    before = card.top.sizeHint().height()
    themes.set_text_size(200)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() > before)
    themes.set_text_size(100)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() == before)
