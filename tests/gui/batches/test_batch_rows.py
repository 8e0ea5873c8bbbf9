"""The rows of a batch: their model, those without a message, and their correction."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QWidget

from desktop.gui.batches.batch_rows import (
    RowColumn,
    RowsModel,
    SkippedRowsSheet,
    entry_at,
    typed_value,
    with_entry,
)
from desktop.gui.batches.draft_words import check_words
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.rights import ALL_RIGHTS, WindowRights
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.filters import FILTERS
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_model import batch
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import is_bare, press
from tests.gui.importing.dropping import checked
from tests.gui.importing.test_rows_pane import row

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Perform, Play


def test_a_value_is_read_and_replaced_by_its_path() -> None:
    item: Any = {"recipient": {"name": "Ada", "email": "a"}, "attachments": ["a.pdf", "b.pdf"]}
    assert entry_at(item, "recipient.email") == "a"
    assert entry_at(item, "attachments.1") == "b.pdf"
    assert (entry_at(item, "attachments.7"), entry_at(item, "fields.seats")) == ("", "")
    assert with_entry(item, "recipient.email", "")["recipient"] == {"name": "Ada", "email": ""}
    assert with_entry(item, "fields.seats", "4")["fields"] == {"seats": "4"}
    assert with_entry(item, "attachments.0", "c.pdf")["attachments"] == ["c.pdf", "b.pdf"]
    assert with_entry(item, "attachments.0", "")["attachments"] == ["b.pdf"]
    assert "title" not in with_entry(item | {"title": "Opera"}, "title", "")
    assert item["recipient"]["email"] == "a"


def test_a_time_is_typed_as_its_error_shows_it() -> None:
    local = datetime(2030, 3, 1, 8, 0).astimezone().isoformat()
    wrong: Any = row(
        2, check="problem", problem="bad_time", path="run_at", data={"text": "03/04/2027"}
    )
    assert check_words(wrong) == "“03/04/2027” is not a time such as 2030-03-01 08:00."
    assert typed_value("run_at", " 2030-03-01 08:00") == local
    assert typed_value("run_at", "2030-03-01T08:00:00Z") == "2030-03-01T08:00:00+00:00"
    assert typed_value("run_at", "03/04/2027") == "03/04/2027"


def test_a_number_is_typed_in_plain_digits() -> None:
    assert typed_value("item_id", " 17 ") == 17
    for other in ("²", "١٧", "0", "9" * 5000, "17a"):
        assert typed_value("item_id", other) == other


def test_a_row_shows_the_address_that_leaves(jobs: Jobs) -> None:
    model = RowsModel(ApiSource(jobs), None)
    item = {"recipient": {"name": "Ada", "email": "ada@old.example"}}
    kept = [{"field": "recipient.email", "before": "ada@old.example", "after": "ada@new.example"}]
    data = {"batch_id": 1, "row": 2, "kept": kept}
    told: Any = {"check": "same", "problem": None, "path": None, "outcome": None, "corrections": []}
    model.insert(0, [{"row": 2, "item": item, "data": data, **told}])
    place = model.index(0, RowColumn.EMAIL)
    assert place.data() == "ada@new.example"


LOOKS = WindowRights(may_change=False)


@pytest.mark.parametrize(
    ("given", "rights", "offered"),
    [
        ({"counts": {"left_out": 2, "problems": 1}, "sheet": "a.csv"}, ALL_RIGHTS, True),
        ({"counts": {"left_out": 2, "same": 2}, "sheet": "a.csv"}, ALL_RIGHTS, False),
        ({"counts": {"left_out": 1, "problems": 1}, "sheet": None}, ALL_RIGHTS, False),
        ({"counts": {"left_out": 1, "problems": 1}, "sheet": "a.csv"}, LOOKS, False),
    ],
)
@pytest.mark.usefixtures("themes")
def test_problems_are_corrected_where_the_spreadsheet_is_kept(
    host: QWidget, jobs: Jobs, given: dict[str, Any], rights: WindowRights, *, offered: bool
) -> None:
    sheet = SkippedRowsSheet(ApiSource(jobs), host, rights)
    sheet.show_rows("left_out", batch(7, state="done", **given))
    assert sheet.correct.isHidden() is not offered
    assert ("can correct those" in sheet.about.text()) is offered


@pytest.mark.usefixtures("themes")
def test_rows_of_another_batch_go_at_once(host: QWidget, jobs: Jobs) -> None:
    sheet = SkippedRowsSheet(ApiSource(jobs), host, ALL_RIGHTS)
    sheet.show_rows("left_out", batch(7))
    sheet.model.take_first(Page([row(2)], None))
    sheet.show_rows("left_out", batch(7))
    assert sheet.model.rowCount() == 1
    sheet.show_rows("left_out", batch(8))
    assert sheet.model.rowCount() == 0


@pytest.mark.usefixtures("themes")
def test_rows_to_come_are_as_many_as_their_number_says(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    """A row with a later time of its own has its task already."""
    source = ApiSource(jobs)
    rows = [row(2, task_id=1), row(3, task_id=None)]
    asked = SimpleNamespace(rows=lambda *_, **__: {"rows": rows, "next": None})
    source.api = SimpleNamespace(batches=asked)  # type: ignore[assignment]
    sheet = SkippedRowsSheet(source, host, ALL_RIGHTS)
    sheet.show_rows("to_come", batch(7, counts={"open": 2}))
    qtbot.waitUntil(lambda: [each["row"] for each in sheet.model.rows] == [2, 3])


async def test_people_of_a_batch_who_are_no_items_are_found_and_sent_to_in_a_new_import(
    play: Play, tmp_path: Path
) -> None:
    number = bring(play, tmp_path / "members.csv", 30, rate="5/day")
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["open"] == 25)
    await play.until(lambda: play.window.batches.model.find(number) is not None)
    play.window.resize(1920, 1000)  # room for all buttons
    play.window.switch.choose("items")
    play.window.batches.action_chosen.emit("to_come", number)
    (sheet,) = play.window.findChildren(SkippedRowsSheet)
    await play.until(lambda: sheet.model.rowCount() == 25)
    assert sheet.accessibleName() == "Rows to come of “members.csv”"
    assert sheet.model.index(24, RowColumn.EMAIL).data() == "p29@example.org"
    sheet.close()
    items = play.window.items
    await play.until(lambda: items.model.rowCount() >= 5 and bool(items.batches))
    play.api.batches.cancel(number, "key")
    assert items.not_sent.isHidden()
    items.chips.choose("yes")
    await play.until(lambda: items.model.is_loaded and items.not_sent.isHidden())
    items.chips.choose("no")
    await play.until(lambda: items.model.is_loaded and items.not_sent.isVisible())
    items.chips.choose("")
    play.window.page.search.set_now("P0")
    await play.until(lambda: items.model.rowCount() > 0 and items.not_sent.isHidden())
    play.window.page.search.set_now("P29")
    await play.until(lambda: items.empty.isVisible() and items.not_sent.isVisible())
    said = "Rows of batches that did not become items are not counted here."
    assert items.not_sent.words.text() == said
    items.chips.choose("no")
    play.window.page.search.set_now(f"batch:{number}")
    await play.until(lambda: items.model.is_loaded and items.not_sent.isVisible())
    press(items.not_sent.link)
    assert play.window.switch.choice.value() == "batches"
    numbers = play.window.batches.card.numbers
    await play.until(
        lambda: (link := numbers.links.get("cancelled")) and is_bare(link)  # it is laid out
    )
    press(numbers.links["cancelled"])
    await play.until(lambda: sheet.model.rowCount() == 25)
    assert sheet.accessibleName() == "Cancelled rows of “members.csv”"
    assert sheet.model.index(0, RowColumn.CHECK).data() == "Cancelled."
    assert sheet.correct.text() == "Send again…"
    press(sheet.correct)
    await play.until(lambda: bool(play.window.findChildren(ImportSheet)))
    (importing,) = play.window.findChildren(ImportSheet)
    await play.until(lambda: checked(importing, 25))
    assert importing.batch is not None
    assert (importing.batch["name"], importing.batch["rate"]) == ("members – again.csv", "5/day")
    assert importing.foot_row.send.text() == "Send 25"
    importing.close()
    play.window.batches.action_chosen.emit("kept", number)
    assert play.window.views.row.narrowed_to == f"Batch {number}: members.csv · kept"
    assert play.window.page.chips.chosen is FILTERS["kept"]


def test_rows_left_out_are_shown_with_their_reasons_and_corrected_in_a_draft(
    perform: Perform, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name,E-mail\nAda,ada@example.org\nAda,ada@example.org\nBo,bo@@example.org\n")
    people = [("Ada", "ada@example.org"), ("Ada", "ada@example.org"), ("Bo", "bo@@example.org")]

    async def correct(play: Play) -> None:
        batches = play.api.batches
        new: Any = {"name": path.name, "rate": "5/day"}
        new["columns"] = {"Name": "name", "E-mail": "email"}
        number = batches.create(new, new_key())
        batches.keep_sheet(number, path)
        rows: Any = [
            {"row": n, "item": {"recipient": {"name": name, "email": email}}}
            for n, (name, email) in enumerate(people, 2)
        ]
        batches.add_rows(number, rows)
        batches.start(number, new_key())
        play.window.resize(1920, 1000)  # room for all buttons
        play.window.switch.choose("batches")
        numbers = play.window.batches.card.numbers
        await play.until(lambda: (link := numbers.links.get("left_out")) and link.isVisible())
        press(numbers.links["left_out"])
        (sheet,) = play.window.findChildren(SkippedRowsSheet)
        await play.until(lambda: sheet.model.rowCount() == 2)
        said = [str(sheet.model.index(n, RowColumn.CHECK).data()) for n in range(2)]
        assert [row["row"] for row in sheet.model.rows] == [3, 4]
        assert "Row 2" in said[0]
        assert "@" in said[1]
        play.window.switch.choose("tasks")
        assert sheet.isHidden()
        play.window.switch.choose("batches")
        press(numbers.links["left_out"])
        await play.until(lambda: sheet.model.rowCount() == 2)
        press(sheet.correct)
        press(sheet.correct)  # it takes a moment
        await play.until(lambda: bool(play.window.findChildren(ImportSheet)))
        (importing,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: checked(importing, 1))
        draft = importing.batch
        assert draft is not None
        assert (draft["rate"], draft["columns"]["E-mail"]) == ("5/day", "email")
        assert sheet.isHidden()
        await play.until(lambda: importing.card.editor.text() == "bo@@example.org")
        assert [row["row"] for row in importing.rows.model.rows] == [4]  # it was 2
        importing.close()

    async def correct_after_a_restart(play: Play) -> None:
        play.window.switch.choose("batches")
        view = play.window.batches
        await play.until(lambda: view.model.rowCount() == 2)
        view.card.action_chosen.emit("left_out", 1)
        (sheet,) = play.window.findChildren(SkippedRowsSheet)
        press(sheet.correct)
        await play.until(lambda: bool(play.window.findChildren(ImportSheet)))
        (importing,) = play.window.findChildren(ImportSheet)
        await play.until(lambda: checked(importing, 1))
        assert importing.batch is not None
        assert (importing.batch["batch_id"], view.model.rowCount()) == (2, 2)  # not one more
        importing.close()
        play.api.batches.start(2, new_key())
        await play.until(lambda: play.api.batches.one(2)["started_at"] is not None)
        view.card.action_chosen.emit("left_out", 2)
        press(sheet.correct)
        await play.until(lambda: play.api.batches.one(2)["continued_by"] is not None)
        names = [play.api.batches.one(number)["name"] for number in (2, 3)]
        assert names == ["members – to correct.csv"] * 2

    perform(correct)
    perform(correct_after_a_restart)
