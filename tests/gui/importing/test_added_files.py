"""Files that rows name: added, counted, kept through every option, and watched."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from desktop.client.items import BatchCalls
from desktop.gui.importing import added_files
from tests import WITHIN
from tests.gui.hands import pick, type_over
from tests.gui.importing.dropping import checked, drop, each_in, number_of, said, send_all

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.importing.import_place import ImportPlace
    from tests.gui.play import Perform, Play


def letters(folder: Path, *files: str) -> Path:
    """Write a spreadsheet whose rows name these files."""
    path = folder / "letters.csv"
    rows = [f"P{n};p{n}@example.org;Opera;{file}\n" for n, file in enumerate(files)]
    path.write_text("".join(["Name;E-Mail;Betreff;Anhang\n", *rows]))
    return path


def written(folder: Path, *names: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text(str(path))
    return paths


async def read(play: Play, path: Path, rows: int) -> ImportPlace:
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, rows))
    return sheet


def all_have(sheet: ImportPlace, rows: int) -> bool:
    """Tell whether each row has its file."""
    return bool(checked(sheet, rows) and sheet.batch and sheet.batch["counts"]["ready"] == rows)


def is_read_again(sheet: ImportPlace, before: int) -> bool:
    return number_of(sheet) != before


def files_of(play: Play, sheet: ImportPlace) -> list[str]:
    batch = play.api.batches
    page: Any = batch._call("GET", f"/batches/{number_of(sheet)}/attachments", "attachments")
    return [each["file"] for each in page]


async def stay_when_an_option_is_changed_and_when_the_batch_is_taken_back(
    play: Play, folder: Path
) -> None:
    sheet = await read(play, letters(folder, "a.png", "b.png"), 2)
    for path in written(folder / "lost", "a.png", "b.png", "of no row.png"):
        drop(play, path)
    await play.until(lambda: all_have(sheet, 2) and len(files_of(play, sheet)) == 3)
    for path in (folder / "lost").iterdir():
        path.unlink()
    for encoding in ("cp1250", "cp1251"):
        number = number_of(sheet)
        pick(sheet.source.read_as.encoding, encoding)
        await play.until(partial(is_read_again, sheet, number))
        await play.until(lambda: all_have(sheet, 2))
    assert len(files_of(play, sheet)) == 3
    number = number_of(sheet)
    await play.until(lambda: not play.program.jobs.under_way)
    with patch.object(play.program.rooms.services.grace, "seconds", 60):
        await send_all(play, sheet)
    (await play.note("2 e-mails")).use()
    await play.until(lambda: sheet.isVisible() and all_have(sheet, 2))
    assert number_of(sheet) == number
    sheet.close()


async def of_a_folder_are_those_that_a_row_names_also_later(play: Play, folder: Path) -> None:
    sheet = await read(play, letters(folder, "a.png", "b.png", "x.png"), 3)
    written(folder / "May", "A.png", ".hidden", "of no row.png", "c.png")
    written(folder / "May" / "week", "b.png")
    drop(play, folder / "May")
    await play.until(lambda: "2 files were added." in said(sheet) and checked(sheet, 3))
    assert files_of(play, sheet) == ["A.png", "b.png"]
    await play.until(lambda: sheet.card.editor.text() == "x.png")
    type_over(sheet.card.editor, "c.png")
    sheet.card.accept.click()
    await play.until(lambda: all_have(sheet, 3))
    drop(play, folder)
    await play.until(lambda: "No row names a file of" in said(sheet))
    sheet.close()


async def of_one_name_are_not_guessed_at(play: Play, folder: Path) -> None:
    sheet = await read(play, letters(folder, "a.png"), 1)
    one, other = (written(folder / each, "a.png")[0] for each in ("May", "June"))
    drop(play, folder / "May", folder / "June")
    words = f"“a.png” is not added: {one} and {other} differ."
    await play.until(lambda: words in said(sheet) and checked(sheet, 1))
    assert files_of(play, sheet) == []
    other.write_text(one.read_text())
    drop(play, one, other)
    await play.until(lambda: all_have(sheet, 1))
    other.write_text("another one")
    drop(play, other)
    await play.until(lambda: words in said(sheet))
    sheet.close()


async def are_counted_while_they_are_copied_and_a_bad_one_keeps_no_other_back(
    play: Play, folder: Path
) -> None:
    names = [f"{n}.png" for n in range(4)]
    sheet = await read(play, letters(folder, *names), 4)
    paths = written(folder / "May", *names)
    paths[0].write_text("")
    attach, goes_on = BatchCalls.attach, Event()

    def slowly(calls: BatchCalls, number: int, path: Path, *, more: bool = False) -> None:
        if path == paths[2]:
            assert goes_on.wait(WITHIN)
        attach(calls, number, path, more=more)

    await play.until(lambda: sheet.list.model.rowCount() == 4)
    with patch.object(added_files, "STEP_S", 0), patch.object(BatchCalls, "attach", slowly):
        drop(play, *paths)
        await play.until(lambda: "2 of 4 files are copied…" in said(sheet))
        assert not sheet.said.send.isEnabled()
        assert sheet.list.model.rowCount() == 4
        goes_on.set()
        await play.until(lambda: "3 files were added." in said(sheet))
    assert "“0.png” is not added: The file is empty." in said(sheet)
    await play.until(lambda: checked(sheet, 4) and sheet.batch["counts"]["ready"] == 3)  # type: ignore[index]
    sheet.close()


async def are_left_where_they_are_once_copying_is_stopped(play: Play, folder: Path) -> None:
    names = [f"{n}.pdf" for n in range(3)]
    sheet = await read(play, letters(folder, *names), 3)
    attach, has_begun, goes_on = BatchCalls.attach, Event(), Event()

    def slowly(calls: BatchCalls, number: int, path: Path, *, more: bool = False) -> None:
        if path.name == "1.pdf":
            has_begun.set()
            assert goes_on.wait(WITHIN)
        attach(calls, number, path, more=more)

    written(folder / "May", *names)
    with patch.object(added_files, "STEP_S", 0), patch.object(BatchCalls, "attach", slowly):
        drop(play, folder / "May")
        await play.until(lambda: has_begun.is_set() and "1 of 3 files are" in said(sheet))
        sheet.said.stop.click()
        goes_on.set()
        await play.until(lambda: "2 files were added." in said(sheet) and checked(sheet, 3))
    number = number_of(sheet)
    pick(sheet.source.read_as.encoding, "cp1250")
    await play.until(lambda: is_read_again(sheet, number) and checked(sheet, 3))
    await play.until(lambda: not play.program.jobs.under_way)
    assert files_of(play, sheet) == names[:2]
    sheet.close()


async def that_were_not_copied_to_the_end_are_when_the_draft_is_opened(
    play: Play, folder: Path
) -> None:
    names = [f"{n}.png" for n in range(3)]
    sheet = await read(play, letters(folder, *names), 3)
    number, attach, goes_on = number_of(sheet), BatchCalls.attach, Event()

    def slowly(calls: BatchCalls, number: int, path: Path, *, more: bool = False) -> None:
        if path.name == "1.png":
            assert goes_on.wait(WITHIN)
        attach(calls, number, path, more=more)

    with patch.object(added_files, "STEP_S", 0), patch.object(BatchCalls, "attach", slowly):
        drop(play, *written(folder / "May", *names))
        await play.until(lambda: "1 of 3 files are copied…" in said(sheet))
        sheet.close()
        goes_on.set()
        await play.until(lambda: not play.program.jobs.under_way)
    play.program.rooms.importing.imports.open_draft(number)
    await play.until(lambda: sheet.isVisible() and all_have(sheet, 3))
    sheet.close()


async def that_are_changed_since_are_said_and_added_again(play: Play, folder: Path) -> None:
    sheet = await read(play, letters(folder, "map.png"), 1)
    (path,) = written(folder / "May", "map.png")
    drop(play, path)
    await play.until(lambda: all_have(sheet, 1))
    assert sheet.said.read_again.isHidden()
    path.write_text("The new one")
    await play.until(lambda: "1 added file was changed since: map.png." in said(sheet))
    sheet.said.read_again.click()
    await play.until(lambda: "1 file was added." in said(sheet) and all_have(sheet, 1))
    await play.until(sheet.said.read_again.isHidden)
    sheet.close()


async def go_along_with_rows_that_are_corrected_after_the_batch(play: Play, folder: Path) -> None:
    path = letters(folder, "a.png", "b.png")
    path.write_text(path.read_text().replace("p1@example.org", "p1.example.org"))
    sheet = await read(play, path, 2)
    drop(play, *written(folder / "May", "a.png", "b.png"))
    await play.until(lambda: checked(sheet, 2) and sheet.batch["counts"]["ready"] == 1)  # type: ignore[index]
    number = number_of(sheet)
    await send_all(play, sheet)
    verbs = play.program.rooms.batches
    await play.until(lambda: verbs.view.model.find(number))
    verbs.view.action_chosen.emit("correct_rows", number)
    await play.until(lambda: sheet.isVisible() and checked(sheet, 1) and sheet.card.path)
    assert number_of(sheet) != number
    assert files_of(play, sheet) == ["b.png"]
    type_over(sheet.card.editor, "p1@example.org")
    sheet.card.accept.click()
    await play.until(lambda: all_have(sheet, 1))
    sheet.close()


def test_added_files(perform: Perform, tmp_path: Path) -> None:
    scenes = (
        stay_when_an_option_is_changed_and_when_the_batch_is_taken_back,
        of_a_folder_are_those_that_a_row_names_also_later,
        of_one_name_are_not_guessed_at,
        are_counted_while_they_are_copied_and_a_bad_one_keeps_no_other_back,
        are_left_where_they_are_once_copying_is_stopped,
        that_were_not_copied_to_the_end_are_when_the_draft_is_opened,
        that_are_changed_since_are_said_and_added_again,
        go_along_with_rows_that_are_corrected_after_the_batch,
    )
    perform(*each_in(tmp_path, *scenes))
