"""Text of others in a tip is shown as it is; Qt would take what looks like HTML for HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from desktop.gui.kit.widgets.texts import (
    ElidedLabel,
    Feedback,
    forget_absence,
    tip,
)
from sendoff_tasks.client.errors import BackendGone, ClientError, TooSlow
from tests.gui.tasks.table.table_bench import shown_table
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs


EVIL = '<img src="file:///etc/hostname"> & <b>bold</b> of a title that has no room in its cell'


def read(shown: str) -> str:
    """Give what a person reads of a tip."""
    document = QTextDocument()
    document.setHtml(shown)
    return document.toPlainText()


@pytest.mark.parametrize("text", ["", EVIL, "Ada <ada@example.org>", "a & b", "two\nlines", "a  b"])
def test_it_reads_as_it_was_written(text: str) -> None:
    assert read(tip(text)) == text


def test_a_label_that_is_cut_says_the_whole_as_written(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(EVIL)
    label.resize(80, 20)
    label.grab()
    assert read(label.toolTip()) == EVIL
    label.resize(2000, 20)
    label.grab()
    assert label.toolTip() == ""


@pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)\(\)")
def test_a_cell_that_is_cut_says_the_whole_as_written(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    view = shown_table(qtbot, jobs, themes, TaskSource([task_row(1, title=EVIL), task_row(2)]))
    index = next(
        each
        for column in range(view.model().columnCount())
        if (each := view.model().index(1, column)).data() == EVIL
    )
    view.setColumnWidth(index.column(), 120)
    at = view.visualRect(index).center()
    help_asked = QHelpEvent(QEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), help_asked)
    assert read(QToolTip.text()) == EVIL
    QToolTip.hideText()


def test_only_what_says_that_the_backend_is_away_goes_with_that(qtbot: QtBot) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    column = QVBoxLayout(sheet)
    gone, slow, wrong, usual = Feedback(), Feedback(), Feedback(), Feedback()
    for each in (gone, slow, wrong, usual):
        column.addWidget(each)
    usual.say_usually("It is kept.")
    sheet.show()
    gone.say_why("It is away.", BackendGone())
    slow.say_why("It is slow.", TooSlow())
    wrong.say_why("It is full.", ClientError("It is full."))
    usual.say_why("It is away.", BackendGone())
    assert all(each.isVisible() for each in (gone, slow, wrong))
    forget_absence(sheet)
    assert [each.isVisible() for each in (gone, slow, wrong)] == [False, False, True]
    assert (usual.text(), usual.property("role")) == ("It is kept.", "soft")
