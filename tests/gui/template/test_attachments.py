"""The files of a template: chosen, taken away by saving, missing, and those of a new template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from desktop.client.errors import ClientError
from desktop.gui.template.template_sheet import TemplateSheet
from desktop.gui.widgets.texts import ElidedLabel
from tests.gui.template.conftest import template

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def press_beside_file(qtbot: QtBot, sheet: TemplateSheet, words: str) -> None:
    def shown() -> dict[str, QPushButton]:
        buttons = sheet.form.attachments.findChildren(QPushButton)
        return {each.accessibleName(): each for each in buttons if each.isVisible()}

    qtbot.waitUntil(lambda: words in shown())
    shown()[words].setFocus()
    shown()[words].click()


def test_a_file_is_taken_away_by_saving(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert wanted.args[0]["parts"]["attachments"] == []
    assert sheet.has_changes()
    press_beside_file(qtbot, sheet, "Keep statutes.pdf")
    assert not sheet.has_changes()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert sheet.form.attachments.isAncestorOf(sheet.window().focusWidget())
    two = [*template()["attachments"], {"file": "plan.pdf", "size": 1}]
    sheet.show_attachments(two)  # one was attached meanwhile
    sheet.foot_row.save.click()
    assert saved.pop()["parts"]["attachments"] == ["plan.pdf"]
    sheet.show_failure(ClientError(""))
    sheet.discard()
    sheet.foot_row.cancel.click()
    sheet.open()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")


def test_undo_keeps_after_all_what_was_taken_away_last(qtbot: QtBot, sheet: TemplateSheet) -> None:
    sheet.show_attachments([{"file": name, "size": 1} for name in ("plan.pdf", "map.pdf")])
    for name in ("plan.pdf", "map.pdf"):
        press_beside_file(qtbot, sheet, f"Remove {name}")
    window = sheet.window()
    undone: list[str] = []
    shortcut = QShortcut(QKeySequence.StandardKey.Undo, window, lambda: undone.append("window"))
    attachments = sheet.form.attachments
    for staying in (["map.pdf"], None):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert attachments.staying() == staying
    assert (attachments.words.text(), undone) == ("plan.pdf stays.", [])
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["window"]
    shortcut.deleteLater()


def test_a_name_is_cut_only_where_there_is_no_room(qtbot: QtBot, sheet: TemplateSheet) -> None:
    name, long = "saalplan-2026.pdf", f"{'x' * 200}.pdf"
    sheet.show_attachments([{"file": name, "size": 1}, {"file": long, "size": 1}])
    press_beside_file(qtbot, sheet, f"Remove {name}")
    press_beside_file(qtbot, sheet, f"Remove {long}")

    def is_laid_out() -> bool:
        labels = sheet.form.attachments.findChildren(ElidedLabel)
        room = {
            each.text(): each.width() - each.fontMetrics().horizontalAdvance(each.text())
            for each in labels
            if each.isVisible() and each.x() + each.width() < sheet.form.width()
        }
        return room.keys() == {name, long} and room[name] >= 0 > room[long]

    qtbot.waitUntil(is_laid_out)


def test_files_are_chosen_in_a_dialog(qtbot: QtBot, sheet: TemplateSheet, tmp_path: Path) -> None:
    statutes = tmp_path / "statutes ü.pdf"
    statutes.write_bytes(b"%PDF")
    sheet.form.attachments.attach.click()
    (dialog,) = sheet.window().findChildren(QFileDialog)
    dialog.selectFile(str(statutes))
    with qtbot.waitSignal(sheet.attach_requested) as chosen:
        dialog.accept()
    assert chosen.args == [[str(statutes)]]


def test_a_missing_file_is_named(sheet: TemplateSheet) -> None:
    sheet.show_template(template(attachments=[{"file": "gone.pdf", "size": None}]))
    shown = {label.text() for label in sheet.form.attachments.findChildren(QLabel)}
    assert {"gone.pdf", "The file is missing. Attach it again."} <= shown


def test_the_files_of_a_new_template_are_its_own(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    wanted: list[object] = []
    sheet.attach_requested.connect(wanted.append)
    sheet.name.copy_button.click()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert saved == []
    sheet.form.attachments.attach_chosen.emit(["/a/b.pdf"])
    assert wanted == []  # the name shown is still that of the template it comes from
    asked = saved.pop()
    assert (asked["copy_of"], asked["parts"]["attachments"]) == ("renewal", [])
    sheet.show_saved(template("renewal 2", attachments=[]))
    assert wanted == [["/a/b.pdf"]]
    assert sheet.isVisible()
