"""The files of a template: added and taken away by saving, refused, missing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, FilesLimit
from desktop.gui.kit.words.table import say
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.client.errors import ClientError
from tests.gui.templates.conftest import template

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def press_beside_file(qtbot: QtBot, letters: LettersPlace, words: str) -> None:
    def shown() -> dict[str, QPushButton]:
        buttons = letters.form.attachments.findChildren(QPushButton)
        return {each.accessibleName(): each for each in buttons if each.isVisible()}

    qtbot.waitUntil(lambda: words in shown())
    shown()[words].setFocus()
    shown()[words].click()


@pytest.fixture
def attach(letters: LettersPlace, tmp_path: Path) -> Callable[..., str]:
    """Add a file of seven bytes; gives its path."""

    def add(name: str, size: int = 7) -> str:
        path = tmp_path / name
        with path.open("wb") as sparse:
            sparse.truncate(size)
        letters.form.attachments.add([str(path)])
        return str(path)

    return add


def words_in(letters: LettersPlace) -> set[str]:
    QApplication.processEvents()  # a row that was just made is laid out
    labels = letters.form.attachments.findChildren(QLabel)
    return {each.text() for each in labels if each.isVisible()}


def test_a_file_that_is_dropped_is_attached(
    letters: LettersPlace, attach: Callable[..., str]
) -> None:
    assert letters.form.folded.isVisible()  # there is a file already
    letters.show_template(template(attachments=[]))
    assert not letters.form.folded.isVisible()
    letters.attaches()([attach("plan.pdf")])
    assert "plan.pdf" in words_in(letters)


def test_a_file_is_taken_away_by_saving(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]], attach: Callable[..., str]
) -> None:
    with qtbot.waitSignal(letters.preview_wanted) as wanted:
        press_beside_file(qtbot, letters, "Remove statutes.pdf")
    assert wanted.args[0]["parts"]["attachments"] == []
    assert letters.has_changes()
    press_beside_file(qtbot, letters, "Keep statutes.pdf")
    assert not letters.has_changes()
    press_beside_file(qtbot, letters, "Remove statutes.pdf")
    assert letters.form.attachments.isAncestorOf(letters.window().focusWidget())
    attach("plan.pdf")
    letters.save.click()
    assert saved.pop()["parts"]["attachments"] == ["plan.pdf"]
    letters.show_not_saved(ClientError(""), "renewal")
    letters.discard()
    press_beside_file(qtbot, letters, "Remove statutes.pdf")


def test_what_was_attached_is_part_of_the_save(
    qtbot: QtBot, letters: LettersPlace, saved: list[dict[str, Any]], attach: Callable[..., str]
) -> None:
    with qtbot.waitSignal(letters.preview_wanted) as wanted:
        attach("plan.pdf")
    assert wanted.args[0]["parts"]["attachments"] == ["statutes.pdf", "plan.pdf"]
    assert {"plan.pdf", "7 bytes, new"} <= words_in(letters)
    letters.show_test_result({"text": "Sent."})
    assert letters.words.text() == "Sent. New files go with it once you save."
    letters.discard()
    assert (letters.has_changes(), "plan.pdf" in words_in(letters)) == (False, False)
    path = attach("statutes.pdf")
    assert {"statutes.pdf", "7 bytes, replaced"} <= words_in(letters)
    letters.name.copy.click()
    letters.save.click()
    asked = saved.pop()
    assert (asked["copy_of"], asked["parts"]["attachments"]) == ("renewal", ["statutes.pdf"])
    assert asked["files"] == {"statutes.pdf": path}
    letters.show_not_saved(ClientError(""), "renewal")
    letters.discard()
    attach("plan.pdf")
    press_beside_file(qtbot, letters, "Remove plan.pdf")
    assert "left out when you save" in words_in(letters)
    assert letters.form.parts() == template()["parts"]


def test_each_file_that_cannot_be_attached_is_named_with_its_reason(
    letters: LettersPlace, attach: Callable[..., str], tmp_path: Path
) -> None:
    files = letters.form.attachments
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
    assert letters.form.parts()["attachments"] == ["statutes.pdf", "plan.pdf"]
    attach("z.pdf")
    assert files.words.isHidden()


def test_what_was_attached_and_not_saved_is_there_again(
    qtbot: QtBot, letters: LettersPlace, attach: Callable[..., str]
) -> None:
    attach("plan.pdf")
    moved = Path(attach("map.pdf"))
    press_beside_file(qtbot, letters, "Remove statutes.pdf")
    with qtbot.waitSignal(letters.editor.draft_changed) as told:
        letters.editor.tell_draft()
    letters.show_template(template())
    moved.unlink()
    letters.show_draft(told.args[1])
    assert (letters.has_changes(), letters.form.parts()["attachments"]) == (True, ["plan.pdf"])
    assert letters.form.attachments.words.text().startswith("“map.pdf” is not attached.")


def test_files_are_chosen_in_a_dialog(qtbot: QtBot, letters: LettersPlace, tmp_path: Path) -> None:
    statutes = tmp_path / "statutes ü.pdf"
    statutes.write_bytes(b"%PDF")
    letters.form.attachments.attach.click()
    (dialog,) = letters.window().findChildren(QFileDialog)
    dialog.selectFile(str(statutes))
    dialog.accept()
    assert letters.form.attachments.added() == {statutes.name: str(statutes)}


def test_a_missing_file_is_named(letters: LettersPlace) -> None:
    letters.show_template(template(attachments=[{"file": "gone.pdf", "size": None}]))
    assert {"gone.pdf", say("attachment", "lost", file="gone.pdf")} <= words_in(letters)
