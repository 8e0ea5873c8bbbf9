"""The rows of a draft: no address is cut without need, no group stays that has none left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from desktop.contract.batches import BatchCounts
from desktop.gui.batches.batch_rows import RowColumn, RowsModel
from desktop.gui.importing.rows_pane import RowsPane
from desktop.gui.kit.lists.list_widths import ListWidths
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.link.jobs import ApiSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

LONG = "maximiliane.von-und-zu-hohenstein@mitglieder.example.org"


def row(number: int, **changes: Any) -> dict[str, Any]:
    person = {"name": f"P{number}", "email": LONG}
    made = {"row": number, "item": {"recipient": person}, "check": "problem", "path": None}
    made |= {"outcome": None}
    return {**made, "problem": "bad_value", "data": {"text": "It is too long."}} | changes


def counts(**given: int) -> BatchCounts:
    """The counts of a draft; those that are not given are 0."""
    made = dict.fromkeys(BatchCounts.__annotations__, 0) | given
    return cast("BatchCounts", made | {"rows": sum(given.values())})


@pytest.fixture
def pane(qtbot: QtBot, jobs: Jobs, themes: ThemeSource) -> RowsPane:
    made = RowsPane(RowsModel(ApiSource(jobs)))
    qtbot.addWidget(made)
    return made


def test_how_rows_repeat_others_is_said_where_they_are_shown(pane: RowsPane) -> None:
    pane.show()
    pane.about_twice.setText("The address and the title are the same.")
    pane.show_counts(counts(ready=2, twice=1))
    assert pane.about_twice.isHidden()
    pane.chips[-1].click()
    assert pane.about_twice.isVisible()
    pane.chips[0].click()
    assert pane.about_twice.isHidden()


def test_an_address_is_whole_where_there_is_room(qtbot: QtBot, pane: RowsPane) -> None:
    said = {"text": "It is too long for a line of a message."}
    pane.model.insert(0, [row(n, data=said) for n in range(2, 9)])
    pane.resize(1350, 500)
    pane.show()
    table = pane.table
    words = table.fontMetrics().horizontalAdvance(LONG)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)
    pane.resize(560, 500)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.CHECK) >= 150)
    assert not table.horizontalScrollBar().isVisible()


def test_an_address_that_comes_into_sight_is_whole_too(qtbot: QtBot, pane: RowsPane) -> None:
    short = {"item": {"recipient": {"name": "Ada", "email": "ada@example.org"}}}
    pane.model.insert(0, [*(row(n, **short) for n in range(2, 12)), row(12)])
    pane.resize(1150, 160)
    pane.show()
    table = pane.table
    (widths,) = table.findChildren(ListWidths)
    qtbot.waitUntil(lambda: not widths.is_to_measure)
    assert table.columnWidth(RowColumn.EMAIL) < 200
    pane.resize(1150, 700)
    words = table.fontMetrics().horizontalAdvance(LONG)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)


def test_an_address_has_the_room_that_problems_of_other_rows_took(
    qtbot: QtBot, themes: ThemeSource, pane: RowsPane
) -> None:
    table, model = pane.table, pane.model
    said = {"text": "It is much too long for a line of a message, and not only by a little."}
    model.take_first(Page([row(n, data=said) for n in range(2, 9)], None))
    words = table.fontMetrics().horizontalAdvance(LONG)
    pane.resize(words + themes.theme.px(320), 500)
    pane.show()
    (widths,) = table.findChildren(ListWidths)
    qtbot.waitUntil(lambda: not widths.is_to_measure)
    assert table.columnWidth(RowColumn.EMAIL) < words
    model.take_first(
        Page([row(n, check="ready", problem=None, corrections={}) for n in range(9, 12)], None)
    )
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)


def test_columns_stand_still_while_one_row_after_the_other_is_corrected(
    qtbot: QtBot, pane: RowsPane
) -> None:
    table, model, columns = pane.table, pane.model, range(len(RowColumn))
    short: Any = {"item": {"recipient": {"name": "Ada", "email": "no address"}}}
    pane.show_batch(1)
    model.take_first(Page([row(n, **short) for n in range(2, 6)], None))
    pane.resize(900, 500)
    pane.show()
    qtbot.waitUntil(lambda: not table.widths.is_to_measure)
    before = [table.columnWidth(column) for column in columns]
    pane.keep_columns()
    model.put(0, row(2, check="ready", problem=None, corrections={}))
    model.take_first(Page([row(n) for n in range(2, 6)], None))  # as once it is checked
    qtbot.waitUntil(lambda: not table.widths.is_to_measure)
    assert [table.columnWidth(column) for column in columns] == before
    pane.chips[0].click()
    model.take_first(Page([row(n) for n in range(2, 6)], None))
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > before[RowColumn.EMAIL])


def test_where_no_row_needs_a_look_any_more_all_are_shown(pane: RowsPane) -> None:
    pane.show_batch(1)
    everything, to_look_at, *_ = pane.chips
    pane.show_counts(counts(problems=1, unchecked=1))
    pane.show_problems()
    pane.show_counts(counts(unchecked=1))
    pane.reload()
    assert to_look_at.isChecked()  # it may need one yet
    pane.show_counts(counts(ready=1))
    assert to_look_at.isChecked()  # the row that was corrected stays in sight
    pane.reload()
    assert everything.isChecked()
    to_look_at.click()
    assert to_look_at.isChecked()


def test_rows_that_are_still_to_be_read_are_not_said_to_be_none(pane: RowsPane) -> None:
    pane.show_batch(None)
    assert pane.empty.sentence.text() == "No rows."
    pane.show_counts(counts(ready=2000))
    pane.show_batch(1)
    coming = "The rows are shown as soon as Sendoff answers."
    assert pane.empty.sentence.text() == coming
    pane.model.failed.emit("The disk is full.")
    assert pane.empty.sentence.text() == f"The disk is full. {coming}"
    pane.model.take_first(Page([], None))
    assert pane.empty.sentence.text() == "No rows."
