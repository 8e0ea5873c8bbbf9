"""The files of a template: added and taken away by saving, refused, missing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, FilesLimit
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.table import say
from desktop.gui.templates.template_sheet import TemplateSheet
from sendoff_tasks.client.errors import ClientError
from tests.gui.hands import drop_files
from tests.gui.templates.conftest import template

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def press_beside_file(qtbot: QtBot, sheet: TemplateSheet, words: str) -> None:
    def shown() -> dict[str, QPushButton]:
        buttons = sheet.form.attachments.findChildren(QPushButton)
        return {each.accessibleName(): each for each in buttons if each.isVisible()}

    qtbot.waitUntil(lambda: words in shown())
    shown()[words].setFocus()
    shown()[words].click()


@pytest.fixture
def attach(sheet: TemplateSheet, tmp_path: Path) -> Callable[..., str]:
    """Add a file of seven bytes; gives its path."""

    def add(name: str, size: int = 7) -> str:
        path = tmp_path / name
        with path.open("wb") as sparse:
            sparse.truncate(size)
        sheet.form.attachments.add([str(path)])
        return str(path)

    return add


def words_in(sheet: TemplateSheet) -> set[str]:
    QApplication.processEvents()  # a row that was just made is laid out
    labels = sheet.form.attachments.findChildren(QLabel)
    return {each.text() for each in labels if each.isVisible()}


def test_a_file_that_is_dropped_on_the_text_is_attached(
    sheet: TemplateSheet, tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"plan")
    text = sheet.form.texts["text"]
    before = text.source()
    drop_files(text.viewport(), tmp_path / "plan.pdf", zone_of=sheet.form)
    assert text.source() == before
    assert "plan.pdf" in words_in(sheet)


def test_a_file_is_taken_away_by_saving(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]], attach: Callable[..., str]
) -> None:
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert wanted.args[0]["parts"]["attachments"] == []
    assert sheet.has_changes()
    press_beside_file(qtbot, sheet, "Keep statutes.pdf")
    assert not sheet.has_changes()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    assert sheet.form.attachments.isAncestorOf(sheet.window().focusWidget())
    attach("plan.pdf")
    sheet.foot_row.save.click()
    assert saved.pop()["parts"]["attachments"] == ["plan.pdf"]
    sheet.show_not_saved(ClientError(""))
    sheet.discard()
    sheet.close()
    sheet.open()
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")


def test_what_was_attached_is_part_of_the_save(
    qtbot: QtBot, sheet: TemplateSheet, saved: list[dict[str, Any]], attach: Callable[..., str]
) -> None:
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        attach("plan.pdf")
    assert wanted.args[0]["parts"]["attachments"] == ["statutes.pdf", "plan.pdf"]
    assert {"plan.pdf", "7 bytes, new"} <= words_in(sheet)
    sheet.show_test_result({"text": "Sent."})
    assert sheet.foot_row.words.text() == "Sent. New files go with it once you save."
    sheet.close()
    assert sheet.question.isVisible()
    next(each for each in sheet.question.buttons if each.text() == "Discard").click()
    sheet.open()
    assert (sheet.has_changes(), "plan.pdf" in words_in(sheet)) == (False, False)
    path = attach("statutes.pdf")
    assert {"statutes.pdf", "7 bytes, replaced"} <= words_in(sheet)
    sheet.name.copy.click()
    sheet.foot_row.save.click()
    asked = saved.pop()
    assert (asked["copy_of"], asked["parts"]["attachments"]) == ("renewal", ["statutes.pdf"])
    assert asked["files"] == {"statutes.pdf": path}
    sheet.show_not_saved(ClientError(""))
    sheet.discard()
    attach("plan.pdf")
    press_beside_file(qtbot, sheet, "Remove plan.pdf")
    assert "left out" in words_in(sheet)
    assert sheet.form.parts() == template()["parts"]


def test_each_file_that_cannot_be_attached_is_named_with_its_reason(
    sheet: TemplateSheet, attach: Callable[..., str], tmp_path: Path
) -> None:
    files = sheet.form.attachments
    empty, huge = tmp_path / "empty.txt", tmp_path / "huge.bin"
    empty.touch()
    with huge.open("wb") as sparse:
        sparse.truncate(ATTACHMENTS_LIMIT - 7 - 212_000 + 1)
    plan = attach("plan.pdf")
    files.add([str(empty), plan, str(huge), str(tmp_path / "gone.pdf")])
    assert files.words.text().split("\n") == [
        "“empty.txt” is not attached. The file is empty.",
        f"“huge.bin” is not attached. {FilesLimit().too_much()}",
        f"“gone.pdf” is not attached. {os.strerror(errno.ENOENT)}.",
    ]
    assert sheet.form.parts()["attachments"] == ["statutes.pdf", "plan.pdf"]
    attach("z.pdf")
    assert files.words.isHidden()


def test_what_was_attached_and_not_saved_is_there_again(
    qtbot: QtBot, sheet: TemplateSheet, attach: Callable[..., str]
) -> None:
    attach("plan.pdf")
    moved = Path(attach("map.pdf"))
    press_beside_file(qtbot, sheet, "Remove statutes.pdf")
    with qtbot.waitSignal(sheet.editor.draft_changed) as told:
        sheet.editor.tell_draft()
    sheet.show_template(template())
    moved.unlink()
    sheet.show_draft(told.args[1])
    assert (sheet.has_changes(), sheet.form.parts()["attachments"]) == (True, ["plan.pdf"])
    assert sheet.form.attachments.words.text().startswith("“map.pdf” is not attached.")


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
    dialog.accept()
    assert sheet.form.attachments.added() == {statutes.name: str(statutes)}


def test_a_missing_file_is_named(sheet: TemplateSheet) -> None:
    sheet.show_template(template(attachments=[{"file": "gone.pdf", "size": None}]))
    assert {"gone.pdf", say("attachment", "lost", file="gone.pdf")} <= words_in(sheet)
