"""A spreadsheet that is dropped on the window, and how far its sheet is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QTextBrowser

from desktop.contract.batches import BatchCounts
from desktop.gui.importing.import_sheet import ImportSheet
from tests.gui.hands import drop_files

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tests.gui.play import Play, Scene

HEAD = "Name;E-Mail;Betreff;Ort\n"


def members(folder: Path, *lines: str) -> Path:
    path = folder / "members.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def drop(play: Play, *paths: Path) -> ImportSheet:
    drop_files(play.window, *paths)
    (sheet,) = play.window.findChildren(ImportSheet)
    return sheet


async def brought(play: Play, path: Path, rows: int) -> ImportSheet:
    """Drop a spreadsheet, and wait until all its rows are checked."""
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, rows))
    return sheet


async def send_all(play: Play, sheet: ImportSheet) -> None:
    """Press *Send*; the sheet closes."""
    sheet.foot_row.send.click()
    await play.until(sheet.isHidden)


def each_in(folder: Path, *scenes: Callable[..., Awaitable[None]]) -> Iterator[Scene]:
    """Give scenes that follow each other in one window, each a folder of its own."""
    for number, scene in enumerate(scenes):
        (own := folder / str(number)).mkdir()
        yield partial(scene, folder=own)


def number_of(sheet: ImportSheet) -> int:
    assert sheet.batch is not None
    return sheet.batch["batch_id"]


def batches(play: Play) -> list[int]:
    """Return the numbers of all batches, the newest first."""
    return [each["batch_id"] for each in play.api.batches.page()["batches"]]


def counts(sheet: ImportSheet) -> BatchCounts:
    assert sheet.batch is not None
    return sheet.batch["counts"]


def is_past(sheet: ImportSheet, row: object) -> bool:
    return sheet.rows.current() is not row


def checked(sheet: ImportSheet, rows: int) -> bool:
    """Tell whether all rows were read and checked."""
    counts = sheet.batch["counts"] if sheet.batch else None
    is_read = sheet.foot_row.bar.isHidden()
    return bool(counts and is_read and counts["rows"] == rows and not counts["unchecked"])


def said(sheet: ImportSheet) -> str:
    """What can be read on the sheet."""
    labels = [each.text() for each in sheet.findChildren(QLabel) if each.isVisible()]
    texts = [each.toPlainText() for each in sheet.findChildren(QTextBrowser) if each.isVisible()]
    return "\n".join([*labels, *texts])
