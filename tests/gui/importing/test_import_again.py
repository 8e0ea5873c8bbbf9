"""A file that was sent before: it sends nothing again, and what was corrected stays corrected."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from desktop.gui.batches.batch_rows import RowColumn
from tests.gui.hands import pick
from tests.gui.importing.dropping import checked, counts, drop, members
from tests.gui.importing.test_imports import RENEWAL
from tests.sheets.files import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play


def test_a_file_that_was_sent_sends_nothing_once_its_template_has_another_name(
    perform: Perform, tmp_path: Path
) -> None:
    path = tmp_path / "fees.csv"
    path.write_text(
        "Number;Name;E-Mail;Beitrag\n1;Ada;ada@example.org;30\n2;Bo;bo@example.org;40\n"
    )
    parts = {"subject": "Fees", "text": "Dear {{ name }}, {{ betrag }}"}

    async def send(play: Play) -> None:
        play.api.templates.save("Fees", {"parts": parts})
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        columns, template = sheet.source.columns_form, sheet.source.sending.template
        await play.until(lambda: template.findData("Fees") >= 0)
        pick(template, "Fees")
        way_out = "The template asks for “betrag”: choose that for a column on the left"
        await play.until(lambda: way_out in sheet.foot_row.words.text())
        pick(columns.choices["Beitrag"], "fields.betrag")
        await play.until(lambda: sheet.foot_row.send.text() == "Send 2")
        await play.until(lambda: checked(sheet, 2) and sheet.foot_row.send.isEnabled())
        assert way_out not in sheet.foot_row.words.text()
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        await play.until(lambda: "2 rows are the same as before" in sheet.foot_row.words.text())
        assert (sheet.foot_row.send.text(), sheet.foot_row.send.isEnabled()) == ("Send 0", False)
        await play.until(lambda: template.value() == "Fees")
        assert columns.choices["Beitrag"].value() == "fields.betrag"

    perform(send)


def test_each_address_of_a_cell_gets_a_message_if_that_is_chosen(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ida;ada@example.org, bo@example.org;Opera;Wien", "Cy;cy@x.org;;")

    async def send(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 0.0
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        assert sheet.foot_row.send.text() == "Send 1"
        each = sheet.source.read_as.each
        assert each.isVisible()
        assert each.text() == "Send to each address of a cell (1 more row)"
        each.click()
        await play.until(lambda: checked(sheet, 3))
        await play.until(lambda: sheet.foot_row.send.text() == "Send 3")
        sheet.close()
        sheet = drop(play, path)  # the draft keeps the choice
        await play.until(lambda: checked(sheet, 3) and each.isVisible() and each.isChecked())
        assert sheet.foot_row.read_on.isHidden()
        each.click()
        await play.until(lambda: checked(sheet, 2) and counts(sheet)["problems"] == 1)
        each.click()
        await play.until(lambda: checked(sheet, 3) and sheet.foot_row.send.isEnabled())
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)

    perform(send)


def test_hidden_rows_are_left_out_if_that_is_chosen(perform: Perform, tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    with workbook(path) as book:
        page = book.add_worksheet()
        for at, cells in enumerate((["E-Mail"], ["ada@example.org"], ["bo@example.org"])):
            page.write_row(at, 0, cells)
        page.set_row(2, None, None, {"hidden": True})

    async def send(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2))
        visible = sheet.source.read_as.visible
        assert visible.isVisible()
        assert not visible.isChecked()
        await play.until(lambda: sheet.rows.model.rowCount() == 2)
        visible.click()
        await play.until(lambda: checked(sheet, 1))
        assert sheet.source.notes.text().startswith("1 hidden row is left out.\n")
        sheet.close()
        sheet = drop(play, path)  # the draft keeps the choice
        await play.until(lambda: checked(sheet, 1) and visible.isChecked())

    perform(send)


def test_the_same_file_again_has_its_corrections_and_sends_nothing(
    perform: Perform, tmp_path: Path
) -> None:
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")

    async def send(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 0.0
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and sheet.card.path)
        sheet.card.editor.setText("bo@example.org")
        sheet.card.save.click()
        await play.until(lambda: sheet.foot_row.send.text() == "Send 2")
        assert "1 value was corrected." in sheet.foot_row.words.text()
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 2) and counts(sheet)["same"] == 2)
        await play.until(lambda: sheet.rows.model.rowCount() == 2)
        sheet.rows.choose(1)
        said = [label.text() for label in sheet.card.findChildren(QLabel)]
        assert any("Corrected: E-mail: bo@example,org → bo@example.org." in each for each in said)
        assert not sheet.foot_row.send.isEnabled()
        check = sheet.rows.model.index(1, RowColumn.CHECK)
        for is_sent, words in ((True, "It is sent again."), (False, "It is not sent twice.")):
            sheet.source.sending.again.click()
            assert sheet.source.sending.sends_again == is_sent
            assert words in check.data()
            assert any(words in each.text() for each in sheet.card.findChildren(QLabel))
        sheet.close()

    perform(send)


def test_the_same_file_again_sends_nothing_unless_the_person_says_so(
    perform: Perform, data: DataFolder, tmp_path: Path
) -> None:
    (data.templates / "Renewal.jinja").write_text(RENEWAL)
    path = members(tmp_path, "Ada;ada@example.org;Opera;Wien")

    async def send(play: Play) -> None:
        play.program.rooms.services.grace.seconds = 0.0
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        play.program.rooms.importing.imports.learn_templates({"confirmation": "Renewal"})
        await play.until(lambda: sheet.batch and sheet.batch["template"] == "Renewal")
        await play.until(lambda: checked(sheet, 1))
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        assert sheet.source.sending.template.value() == "Renewal"
        assert not sheet.foot_row.send.isEnabled()
        sheet.source.sending.again.click()
        assert sheet.foot_row.send.text() == "Send 1"
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        batch = await asyncio.to_thread(play.api.batches.one, 2)
        assert batch["counts"]["left_out"] == 0

    perform(send)


def test_rows_that_were_sent_are_known_though_a_column_becomes_their_number(
    perform: Perform, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name;E-Mail;Kennung\nAda;ada@example.org;7\n")

    async def send(play: Play) -> None:
        sheet = drop(play, path)
        await play.until(lambda: checked(sheet, 1))
        sheet.foot_row.send.click()
        await play.until(sheet.isHidden)
        drop(play, path)
        await play.until(lambda: checked(sheet, 1) and counts(sheet)["same"] == 1)
        column = sheet.source.columns_form.choices["Kennung"]
        pick(column, "number")
        await play.until(lambda: sheet.batch and "number" in sheet.batch["columns"].values())
        # The event of the change may come before its answer, with the rows as they were read.
        await play.until(lambda: checked(sheet, 1) and counts(sheet)["changed"] == 1)
        assert sheet.source.sending.key.value() == "email title"
        assert counts(sheet)["ready"] == 0
        assert (
            "has changed since it was registered and is sent again as it is now"
            in sheet.foot_row.words.text()
        )

    perform(send)
