"""What is typed in a cell of a draft's rows stays while they are read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.client.api import ApiSource
from desktop.gui.importing.row_card import RowCard
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_model import RowColumn, RowsModel
from desktop.gui.importing.rows_pane import RowsPane
from desktop.gui.widgets.lists.keyset_model import Page

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.batch_rows import BatchRow
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource


def row(number: int) -> BatchRow:
    made: dict[str, Any] = {"row": number, "item": {"recipient": {"email": f"p{number}@exam"}}}
    made |= {"check": "ready", "problem": None, "path": None, "message": "", "data": {}}
    return cast("BatchRow", made)


def test_what_is_typed_in_a_cell_stays_when_the_rows_are_read_again(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    model = RowsModel(ApiSource(), jobs, host)
    pane, card = RowsPane(model, themes), RowCard(themes)
    for part in (pane, card):
        part.setParent(host)
    host.resize(600, 400)
    host.show()
    typing = RowTyping(pane, card, host)
    corrected: list[Any] = []
    typing.corrected.connect(lambda number, item: corrected.append((number, item["recipient"])))
    model.take_first(Page([row(2), row(3)], None))
    pane.table.edit(model.index(1, RowColumn.EMAIL))
    qtbot.keyClicks(pane.table.findChild(QLineEdit), "cy@example.org")

    model.take_first(Page([], None))
    pane.commit()  # nothing is open now
    assert corrected == []
    model.take_first(Page([row(1), row(2), row(3)], None))
    assert typing.take()
    assert corrected == [(3, {"email": "cy@example.org"})]


def test_the_spreadsheets_own_value_that_was_typed_over_a_correction_is_still_to_be_taken(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    """It was thought to be taken already, and was forgotten."""
    host = QWidget()
    qtbot.addWidget(host)
    model = RowsModel(ApiSource(), jobs, host)
    pane, card = RowsPane(model, themes), RowCard(themes)
    for part in (pane, card):
        part.setParent(host)
    host.resize(600, 400)
    host.show()
    typing = RowTyping(pane, card, host)
    corrected: list[Any] = []
    typing.corrected.connect(lambda *what: corrected.append(what))
    kept = {"field": "recipient.email", "before": "p2@exam", "after": "p2@new.example"}
    shown: Any = row(2)
    shown["data"] = {"kept": [kept]}
    typing.put_back({"row": 2, "path": "recipient.email", "text": "p2@exam"})
    model.take_first(Page([shown], None))
    assert typing.take()
    assert corrected == [(2, {"recipient": {"email": "p2@exam"}}, "recipient.email")]
