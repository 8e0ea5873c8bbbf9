"""Values of an item by their path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from desktop.client.api import ApiSource
from desktop.gui.batches.batch_rows import RowColumn, RowsModel, value_at, with_value

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs


def test_a_value_is_read_and_replaced_by_its_path() -> None:
    item: Any = {"recipient": {"name": "Ada", "email": "a"}, "attachments": ["a.pdf", "b.pdf"]}
    assert value_at(item, "recipient.email") == "a"
    assert value_at(item, "attachments.1") == "b.pdf"
    assert (value_at(item, "attachments.7"), value_at(item, "fields.seats")) == ("", "")
    assert with_value(item, "recipient.email", "")["recipient"] == {"name": "Ada", "email": ""}
    assert with_value(item, "fields.seats", "4")["fields"] == {"seats": "4"}
    assert with_value(item, "attachments.0", "c.pdf")["attachments"] == ["c.pdf", "b.pdf"]
    assert with_value(item, "attachments.0", "")["attachments"] == ["b.pdf"]
    assert "title" not in with_value(item | {"title": "Opera"}, "title", "")
    assert item["recipient"]["email"] == "a"


def test_a_row_shows_the_address_that_leaves(qtbot: QtBot, jobs: Jobs) -> None:
    """What was corrected by hand in its item is not what the spreadsheet says."""
    model = RowsModel(ApiSource(), jobs)
    item = {"recipient": {"name": "Ada", "email": "ada@old.example"}}
    kept = [{"field": "recipient.email", "before": "ada@old.example", "after": "ada@new.example"}]
    data = {"batch_id": 1, "row": 2, "kept": kept}
    told: Any = {"check": "same", "problem": None, "path": None, "outcome": None, "corrections": []}
    model.insert(0, [{"row": 2, "item": item, "data": data, **told}])
    place = model.index(0, RowColumn.EMAIL)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
        assert model.data(place, role) == "ada@new.example"
    with qtbot.assertNotEmitted(model.corrected):
        model.setData(place, "ada@new.example")
    with qtbot.waitSignal(model.corrected) as corrected:
        model.setData(model.index(0, RowColumn.NAME), "Ada L")
    renamed = {"recipient": {"name": "Ada L", "email": "ada@old.example"}}
    assert corrected.args == [2, renamed, "recipient.name"]
    with qtbot.waitSignal(model.corrected) as corrected:
        model.setData(place, "ada@old.example")
    assert corrected.args == [2, item, "recipient.email"]
