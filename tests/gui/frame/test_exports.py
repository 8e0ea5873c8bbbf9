"""The tasks that are shown are written to a file, with progress, and can be stopped."""

from __future__ import annotations

import asyncio
import re
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from python_calamine import CalamineWorkbook

from desktop.gui.items import older_items
from desktop.gui.tasks.table import columns
from sendoff_tasks.client import calls
from sendoff_tasks.client.calls import new_key
from tests import WITHIN
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import press

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import NewItem, Recipient
    from tests.gui.play import Perform, Play


def test_the_filter_is_exported_and_an_export_is_stopped_or_says_how_far_it_is(
    perform: Perform,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    is_last, may_go_on, written = Event(), Event(), columns.task_cells
    rows = count(1)

    def wait_before_the_last(*given: Any) -> object:
        if next(rows) % 3 == 0:
            is_last.set()
            assert may_go_on.wait(WITHIN)
        return written(*given)

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    monkeypatch.setattr(calls, "PAGE_LIMIT", 1)

    async def export(play: Play) -> None:
        for name in ("Ada", "Bo", "=1+1"):
            body = {"recipient": {"name": name, "email": "a@example.org"}}
            await asyncio.to_thread(play.api.items.submit, None, body, new_key())  # type: ignore[arg-type]
        await play.until(lambda: play.states() == ["succeeded"] * 3)
        play.window.page.search.setText("Ada")
        await play.until(lambda: play.model.rowCount() == 1)
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(play.window, Qt.Key.Key_E, held)
        (dialog,) = play.window.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(tmp_path / "ada.xlsx"))
        dialog.close()
        said = await play.note("1 row is saved as ada.xlsx")
        heads, row = (
            CalamineWorkbook.from_path(tmp_path / "ada.xlsx").get_sheet_by_index(0).to_python()
        )
        told = dict(zip(heads, row, strict=True))
        assert (told["State"], told["Item"], told["To"]) == ("Kept", 1, "Ada <a@example.org>")
        said.link.click()
        assert opened == [str(tmp_path / "ada.xlsx")]
        assert play.notes() == []
        play.window.page.search.clear_now()
        await play.until(lambda: play.model.rowCount() == 3)
        play.window.page.table.selectAll()
        play.window.page.table.copy_rows()
        copied = QGuiApplication.clipboard().mimeData()
        assert copied.html().startswith("<table><tr><th>To</th>")
        assert "'=1+1\t" in copied.text()
        assert "<td>&#x27;=1+1</td>" in copied.html()
        monkeypatch.setattr(columns, "task_cells", wait_before_the_last)
        exports = play.program.rooms.services.exports
        exports.export(tmp_path / "stopped.csv")
        note = await play.note("Exporting to stopped.csv…")  # and not "0 of 0 tasks"
        assert note.link.text() == "Cancel"
        await play.until(is_last.is_set)
        stop = exports._export and exports._export.how_far.stop
        note.use()
        assert not exports.findChildren(QTimer)[0].isActive()  # the note is gone: it says no more
        await play.until(lambda: stop and stop.is_set)
        may_go_on.set()
        await play.note("The export is cancelled")
        for each in (is_last, may_go_on):
            each.clear()
        exports.export(tmp_path / "all.csv")
        await play.until(is_last.is_set)
        await play.note("Exporting to all.csv: 2 of 3 rows")
        may_go_on.set()
        await play.note("3 rows are saved as all.csv")

    perform(export)
    files = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert files == {"ada.xlsx", "all.csv"}
    assert len((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()) == 4


async def test_of_items_those_shown_are_exported(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their own fields and what was done; what each column has is in the export's own test."""
    monkeypatch.setattr(older_items, "PAGE_LIMIT", 1)
    fields: list[Any] = [{"seat": "A 12", "note": "Vegan"}, {}, {"seat": "B 3", "title": 7}]
    for name, own in zip(("Ada", "Bo", "Ada"), fields, strict=True):
        to: Recipient = {"name": name, "email": "a@example.org"}
        delay = 600.0 if "note" in own else 0.0
        body: NewItem = {"recipient": to, "fields": own, "delay": delay}
        (task,) = (play.api.items.submit(None, body, new_key())).task_ids
        for change in (play.api.cancel, play.api.retry) if delay else ():
            change(task)
    await play.until(lambda: play.states() == ["succeeded"] * 3)
    play.window.items.open()
    view = play.window.items
    view.search.setText("Ada")
    await play.until(lambda: view.model.rowCount() == 2)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(play.window, Qt.Key.Key_E, held)
    (dialog,) = play.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "items.xlsx"))
    dialog.close()
    await play.note("2 rows are saved as items.xlsx")
    sheet = CalamineWorkbook.from_path(tmp_path / "items.xlsx").get_sheet_by_index(0)
    heads, *rows = sheet.to_python()
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    own = [[each[head] for head in ("Item", "Seat", "Note", "title")] for each in told]
    assert own == [[3, "B 3", "", "7"], [1, "A 12", "Vegan", ""]]
    done = [re.sub(r"[\d-]{10} [\d:]{5}", "…", str(each["What was done"])) for each in told]
    assert done == ["", "By a person: cancelled … · retried …"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
async def test_batches_are_exported_and_copied_as_tasks_are(play: Play, tmp_path: Path) -> None:
    play.api.pause(None)
    play.api.batches.start(bring(play, tmp_path / "guests.csv", 3), new_key())
    shown = play.window.batches
    play.window.batches.open()
    await play.until(lambda: shown.model.rowCount() == 1)
    press(shown.export)
    dialog = play.window.findChildren(QFileDialog)[-1]
    assert dialog.windowTitle() == "Export these batches"
    dialog.fileSelected.emit(str(tmp_path / "batches.xlsx"))
    dialog.close()
    await play.note("1 row is saved as batches.xlsx")
    sheet = CalamineWorkbook.from_path(tmp_path / "batches.xlsx").get_sheet_by_index(0)
    told = dict(zip(*sheet.to_python(), strict=True))
    expected = {"File": "guests.csv", "Rows": 3, "Sent": 0, "Left out": 0}
    assert {head: told[head] for head in expected} == expected
    shown.table.contextMenuEvent(
        QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    )
    (copy,) = [each for each in entries_of(play.window.desk) if each.text() == "Copy as text"]
    copy.trigger()
    assert "guests.csv" in QGuiApplication.clipboard().text()


def entries_of(view: QWidget) -> list[QAction]:
    """Give the entries of the menu of its row, which is open; it closes."""
    (menu,) = [each for each in view.findChildren(QMenu) if each.isVisible()]
    menu.close()
    return menu.actions()
