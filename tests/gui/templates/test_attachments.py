"""The files of a template: added and taken away by saving, refused, missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from desktop.client.errors import ClientError
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.gui.templates.conftest import template

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


def attach(sheet: TemplateSheet, name: str) -> None:
    files = sheet.form.attachments
    files.add([f"/a/{name}"])
    files.take(files.edit, f"/a/{name}", {"file": name, "size": 7})


def words_in(sheet: TemplateSheet) -> set[str]:
    QApplication.processEvents()  # a row that was just made is laid out
    labels = sheet.form.attachments.findChildren(QLabel)
    return {each.text() for each in labels if each.isVisible()}


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
    attach(sheet, "plan.pdf")
    sheet.foot_row.save.click()
    assert saved.pop()["parts"]["attachments"] == ["plan.pdf"]
    sheet.show_failure(ClientError(""))
    sheet.discard()
    sheet.foot_row.cancel.click()
    sheet.open()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")


def test_what_was_attached_belongs_to_the_edit(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    files = sheet.form.attachments
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        attach(sheet, "plan.pdf")
    parts = wanted.args[0]["parts"]
    assert (parts["attachments"], parts["edit"]) == (["statutes.pdf", "plan.pdf"], files.edit)
    assert {"plan.pdf", "7 bytes, new"} <= words_in(sheet)
    sheet.foot_row.cancel.click()
    assert sheet.question.isVisible()
    next(each for each in sheet.question.buttons if each.text() == "Discard").click()
    sheet.open()
    assert (sheet.has_changes(), "plan.pdf" in words_in(sheet)) == (False, False)
    attach(sheet, "statutes.pdf")
    assert {"statutes.pdf", "7 bytes, replaced"} <= words_in(sheet)
    sheet.name.copy_button.click()
    sheet.foot_row.save.click()
    asked = saved.pop()
    assert (asked["copy_of"], asked["parts"]["attachments"]) == ("renewal", ["statutes.pdf"])
    assert asked["parts"]["edit"] == files.edit
    sheet.show_failure(ClientError(""))
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert "edit" not in sheet.form.parts()
    sheet.discard()
    attach(sheet, "plan.pdf")
    press_beside_file(qtbot, sheet, "Remove plan.pdf")
    assert "left out" in words_in(sheet)
    assert sheet.form.parts() == template()["parts"]


def test_a_save_waits_for_a_file_on_its_way(
    sheet: TemplateSheet, saved: list[dict[str, Any]]
) -> None:
    files = sheet.form.attachments
    sheet.form.attachments.add(["/a/plan.pdf"])
    assert "Attaching…" in words_in(sheet)
    sheet.foot_row.test.click()
    assert sheet.foot_row.words.text() == "An attachment is still being added."
    sheet.foot_row.save.click()
    assert saved == []
    files.take("another edit", "/a/plan.pdf", {"file": "plan.pdf", "size": 7})
    assert saved == []
    files.take(files.edit, "/a/plan.pdf", {"file": "plan.pdf", "size": 7})
    assert saved.pop()["parts"]["attachments"] == ["statutes.pdf", "plan.pdf"]
    sheet.show_saved(template())
    sheet.open()
    files.add(["/a/plan.pdf"])
    sheet.foot_row.save.click()
    files.refuse(files.edit, "/a/plan.pdf", "No.")
    assert (saved, sheet.foot_row.save.text()) == ([], "Save")
    assert files.words.text() == "“plan.pdf” is not attached. No."


def test_each_file_that_cannot_be_attached_is_named_with_its_reason(sheet: TemplateSheet) -> None:
    files = sheet.form.attachments
    files.add(["/a/x.pdf", "/a/plan.pdf", "/a/y.pdf"])
    files.refuse(files.edit, "/a/x.pdf", "The file is empty.")
    files.take(files.edit, "/a/plan.pdf", {"file": "plan.pdf", "size": 7})
    files.refuse(files.edit, "/a/y.pdf", "Too large.")
    said = "“x.pdf” is not attached. The file is empty.\n“y.pdf” is not attached. Too large."
    assert files.words.text() == said
    assert sheet.form.parts()["attachments"] == ["statutes.pdf", "plan.pdf"]
    files.add(["/a/z.pdf"])
    assert files.words.isHidden()


def test_what_was_attached_and_not_saved_is_there_again(qtbot: QtBot, sheet: TemplateSheet) -> None:
    files = sheet.form.attachments
    attach(sheet, "plan.pdf")
    files.add(["/b/map.pdf"])
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    with qtbot.waitSignal(sheet.editor.draft_changed) as told:
        sheet.editor.tell_draft()
    edit, draft = files.edit, told.args[1]
    sheet.show_template(template())
    assert files.edit != edit
    with qtbot.waitSignal(files.wanted) as wanted:
        sheet.show_draft(draft)
    assert wanted.args == [edit, "/b/map.pdf"]  # what was on its way is sent again
    assert (sheet.has_changes(), sheet.form.parts()["attachments"]) == (True, ["plan.pdf"])


def test_a_draft_that_was_told_stays_as_it_was(sheet: TemplateSheet) -> None:
    files = sheet.form.attachments
    attach(sheet, "plan.pdf")
    files.add(["/b/map.pdf"])
    drafts = []
    sheet.editor.draft_changed.connect(lambda _, draft: drafts.append(draft))
    sheet.editor.tell_draft()
    files.refuse(files.edit, "/b/map.pdf", "Too large.")
    sheet.editor.tell_draft()
    assert [each["files"]["coming"] for each in drafts] == [["/b/map.pdf"], []]


def test_undo_keeps_after_all_what_was_taken_away_last(qtbot: QtBot, sheet: TemplateSheet) -> None:
    names = "plan.pdf", "map.pdf"
    sheet.form.attachments.show_files([{"file": name, "size": 1} for name in names])
    for name in ("plan.pdf", "map.pdf"):
        press_beside_file(qtbot, sheet, f"Remove {name}")
    window = sheet.window()
    undone: list[str] = []
    shortcut = QShortcut(QKeySequence.StandardKey.Undo, window, lambda: undone.append("window"))
    attachments = sheet.form.attachments
    for staying in (["map.pdf"], None):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert attachments.parts().get("attachments") == staying
    assert (attachments.words.text(), undone) == ("plan.pdf stays.", [])
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["window"]
    shortcut.deleteLater()


def test_a_name_is_cut_only_where_there_is_no_room(qtbot: QtBot, sheet: TemplateSheet) -> None:
    name, long = "saalplan-2026.pdf", f"{'x' * 200}.pdf"
    sheet.form.attachments.show_files([{"file": name, "size": 1}, {"file": long, "size": 1}])
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
    with qtbot.waitSignal(sheet.form.attachments.wanted) as chosen:
        dialog.accept()
    assert chosen.args == [sheet.form.attachments.edit, str(statutes)]


def test_a_missing_file_is_named(sheet: TemplateSheet) -> None:
    sheet.show_template(template(attachments=[{"file": "gone.pdf", "size": None}]))
    assert {"gone.pdf", "The file is missing. Attach it again."} <= words_in(sheet)
