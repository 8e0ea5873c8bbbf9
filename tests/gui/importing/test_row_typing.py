"""What is typed in a cell of a draft's rows stays while they are read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.client.api import ApiSource
from desktop.gui.batches.batch_rows import RowColumn, RowsModel
from desktop.gui.importing.row_card import RowCard, RowTyping
from desktop.gui.importing.rows_pane import RowsPane
from desktop.gui.kit.lists.live_rows import Page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.contract.batches import BatchRow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs


def typed_row(number: int) -> BatchRow:
    made: dict[str, Any] = {"row": number, "item": {"recipient": {"email": f"p{number}@exam"}}}
    made |= {"check": "ready", "problem": None, "path": None, "message": ""}
    made |= {"data": {}, "corrections": [], "outcome": None}
    return cast("BatchRow", made)


@dataclass(frozen=True)
class Rows:
    """The rows of a draft, with what was typed in them and is to be ``corrected``."""

    model: RowsModel
    pane: RowsPane
    typing: RowTyping
    corrected: list[Any]


@pytest.fixture
def rows(host: QWidget, jobs: Jobs, themes: ThemeSource) -> Rows:
    model = RowsModel(ApiSource(), jobs, host)
    pane, card = RowsPane(model), RowCard()
    for part in (pane, card):
        part.setParent(host)
        part.show()
    typing = RowTyping(pane, card, host)
    corrected: list[Any] = []
    typing.corrected.connect(lambda *what: corrected.append(what))
    return Rows(model, pane, typing, corrected)


def test_what_is_typed_in_a_cell_stays_when_the_rows_are_read_again(
    qtbot: QtBot, rows: Rows
) -> None:
    rows.model.take_first(Page([typed_row(2), typed_row(3)], None))
    rows.pane.table.edit(rows.model.index(1, RowColumn.EMAIL))
    qtbot.keyClicks(rows.pane.table.findChild(QLineEdit), "cy@example.org")

    rows.model.take_first(Page([], None))
    rows.pane.commit()  # nothing is open now
    assert rows.corrected == []
    rows.model.take_first(Page([typed_row(1), typed_row(2), typed_row(3)], None))
    assert rows.typing.take()
    assert rows.corrected == [(3, {"recipient": {"email": "cy@example.org"}}, "recipient.email")]


def test_the_spreadsheets_own_value_that_was_typed_over_a_correction_is_still_to_be_taken(
    rows: Rows,
) -> None:
    """It was thought to be taken already, and was forgotten."""
    kept = {"field": "recipient.email", "before": "p2@exam", "after": "p2@new.example"}
    shown: Any = typed_row(2)
    shown["data"] = {"kept": [kept]}
    rows.typing.put_back({"row": 2, "path": "recipient.email", "text": "p2@exam"})
    rows.model.take_first(Page([shown], None))
    assert rows.typing.take()
    assert rows.corrected == [(2, {"recipient": {"email": "p2@exam"}}, "recipient.email")]
