"""A spreadsheet that is dropped on the window, and how far its draft is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextBrowser, QWidget

from desktop.contract.batches import BatchCounts
from desktop.gui.importing.import_place import ImportPlace
from tests.gui.hands import drop_files

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from desktop.gui.link.jobs import ApiSource
    from tests.gui.play import Play, Scene

HEAD = "Name;E-Mail;Betreff;Ort\n"


def members(folder: Path, *lines: str) -> Path:
    path = folder / "members.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines))
    return path


def drop(play: Play, *paths: Path) -> ImportPlace:
    drop_files(play.window, *paths)
    (sheet,) = play.window.findChildren(ImportPlace)
    return sheet


def placed(host: QWidget, source: ApiSource) -> ImportPlace:
    """Put the place and its desk beside each other, without the window."""
    place = ImportPlace(source)
    beside = host.layout() or QHBoxLayout(host)
    beside.addWidget(place)
    beside.addWidget(place.desk)
    return place


async def brought(play: Play, path: Path, rows: int) -> ImportPlace:
    """Drop a spreadsheet, and wait until all its rows are checked."""
    sheet = drop(play, path)
    await play.until(lambda: checked(sheet, rows))
    return sheet


async def send_all(play: Play, sheet: ImportPlace) -> None:
    """Press *Send*; the sheet closes."""
    sheet.said.send.click()
    await play.until(sheet.isHidden)


def each_in(folder: Path, *scenes: Callable[..., Awaitable[None]]) -> Iterator[Scene]:
    """Give scenes that follow each other in one window, each a folder of its own."""
    for number, scene in enumerate(scenes):
        (own := folder / str(number)).mkdir()
        yield partial(scene, folder=own)


def number_of(sheet: ImportPlace) -> int:
    assert sheet.batch is not None
    return sheet.batch["batch_id"]


def batches(play: Play) -> list[int]:
    """Return the numbers of all batches, the newest first."""
    return [each["batch_id"] for each in play.api.batches.page()["batches"]]


def counts(sheet: ImportPlace) -> BatchCounts:
    assert sheet.batch is not None
    return sheet.batch["counts"]


def is_past(sheet: ImportPlace, row: object) -> bool:
    return sheet.list.current() is not row


def checked(sheet: ImportPlace, rows: int) -> bool:
    """Tell whether all rows were read and checked."""
    counts = sheet.batch["counts"] if sheet.batch else None
    is_read = sheet.said.bar.isHidden()
    return bool(counts and is_read and counts["rows"] == rows and not counts["unchecked"])


def said(sheet: ImportPlace) -> str:
    """What can be read in both halves."""
    halves = (sheet, sheet.desk)
    lines = [each for half in halves for each in half.findChildren(QLabel)]
    letters = [each for half in halves for each in half.findChildren(QTextBrowser)]
    texts = [each.toPlainText() for each in letters if each.isVisible()]
    labels = [each.text() for each in lines if each.isVisible()]
    return "\n".join([*labels, *texts])
