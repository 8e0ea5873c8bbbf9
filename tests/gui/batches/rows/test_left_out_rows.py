"""Rows of a batch without a message: those to come, and those that were left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.client.api import new_key
from desktop.gui.batches.batch_rows import LeftOutSheet, RowColumn
from desktop.gui.importing.import_sheet import ImportSheet
from desktop.gui.tasks.state_chips import GROUPS
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import press
from tests.gui.importing.dropping import checked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.play import Play, Scene


def test_the_people_of_a_paused_batch_can_be_looked_at(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """They are no items before it is their turn, and were in no list at all."""

    async def look(play: Play) -> None:
        number = bring(play, tmp_path / "members.csv", 30, rate="5/day")
        play.api.batches.start(number, new_key())
        play.window.resize(1920, 1000)  # room for all buttons
        play.window.switch.choose("batches")
        batches = play.window.batches
        card = batches.card
        await play.until(lambda: play.api.batches.one(number)["counts"]["open"] == 25)
        play.api.batches.pause(number)
        await play.until(lambda: "resume" in card.row.buttons)
        await play.until(lambda: "to_come" in card.numbers.links)
        press(card.numbers.links["to_come"])
        (sheet,) = play.window.findChildren(LeftOutSheet)
        await play.until(lambda: sheet.model.rowCount() == 25)
        assert sheet.accessibleName() == "Rows to come of “members.csv”"
        last = sheet.model.rowCount() - 1
        said = [sheet.model.index(last, column).data() for column in RowColumn]
        assert said[:3] == ["31", "P29", "p29@example.org"]
        assert sheet.correct.isHidden()
        sheet.close()

    perform(look)


def test_the_people_of_a_cancelled_batch_are_found_from_the_items(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """They are no items, and were in no list at all."""

    async def look(play: Play) -> None:
        number = bring(play, tmp_path / "members.csv", 30, rate="5/day")
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["counts"]["open"] == 25)
        play.window.resize(1920, 1000)  # room for all buttons
        play.window.switch.choose("items")
        items = play.window.items
        await play.until(lambda: items.model.rowCount() >= 5)
        assert items.not_sent.isHidden()
        play.api.batches.cancel(number)
        await play.until(items.not_sent.isVisible)
        said = "25 rows of “members.csv” were cancelled or left out."
        assert items.not_sent.words.text() == said
        play.program.rooms.services.exports.export(tmp_path / "items.csv")
        told = f"5 items are saved as items.csv. {said} They are not in the file."
        await play.until(lambda: play.window.notices.text("export") == told)
        press(items.not_sent.hiding)
        assert items.not_sent.isHidden()
        second = bring(play, tmp_path / "guests.csv", 40, rate="5/day")
        play.api.batches.start(second, new_key(), send_same=True)
        await play.until(lambda: play.api.batches.one(second)["counts"]["open"] == 35)
        play.api.batches.cancel(second)
        await play.until(items.not_sent.isVisible)
        said = "35 rows of “guests.csv” were cancelled or left out."
        assert items.not_sent.words.text() == said
        items.chips.choose("yes")
        await play.until(lambda: items.model.is_loaded and items.not_sent.isHidden())
        items.chips.choose("no")
        await play.until(lambda: items.model.is_loaded and items.not_sent.isVisible())
        items.chips.choose("")
        play.window.page.search.set_now("P0")
        await play.until(lambda: items.model.rowCount() > 0 and items.not_sent.isHidden())
        play.window.page.search.set_now("P39")
        await play.until(lambda: items.empty.isVisible() and items.not_sent.isVisible())
        said = "2 batches have rows that were cancelled or left out. The newest is “guests.csv”."
        assert (items.not_sent.words.text(), items.not_sent.hiding.isHidden()) == (said, True)
        press(items.not_sent.link)
        assert play.window.switch.choice.value() == "batches"
        numbers = play.window.batches.card.numbers
        await play.until(lambda: "cancelled" in numbers.links)
        press(numbers.links["cancelled"])
        (sheet,) = play.window.findChildren(LeftOutSheet)
        await play.until(lambda: sheet.model.rowCount() == 35)
        assert sheet.accessibleName() == "Cancelled rows of “guests.csv”"
        assert sheet.model.index(0, RowColumn.CHECK).data() == "It was cancelled."
        assert sheet.correct.isHidden()
        sheet.close()
        play.window.batches.action_chosen.emit("sent", number)
        assert play.window.views.row.narrowed_to == "Batch 1: members.csv · sent"
        chips = zip(GROUPS, play.window.page.chips.chips, strict=True)
        assert [group.states for group, chip in chips if chip.isChecked()] == [("succeeded",)]

    perform(look)


def test_rows_left_out_are_shown_with_their_reasons_and_corrected_in_a_draft(
    perform: Callable[[Scene], None], tmp_path: Path
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
        (sheet,) = play.window.findChildren(LeftOutSheet)
        await play.until(lambda: sheet.model.rowCount() == 2)
        said = [str(sheet.model.index(n, RowColumn.CHECK).data()) for n in range(2)]
        assert [row["row"] for row in sheet.model.rows] == [4, 3]  # what needs a person first
        assert "@" in said[0]
        assert "Row 2" in said[1]
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
        (sheet,) = play.window.findChildren(LeftOutSheet)
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
