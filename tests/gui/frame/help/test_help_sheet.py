"""A page of the help is set so that its title, its headings and its text are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor, QTextFormat

from desktop.gui.frame.help_sheets import HelpSheet

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.look.appearance import ThemeSource


def steps(sheet: HelpSheet) -> dict[int, set[int]]:
    """Return the font sizes of the shown page, in steps, by level of heading; 0 is text."""
    found: dict[int, set[int]] = {}
    block = sheet.text.document().begin()
    while block.isValid():
        at = QTextCursor(block)
        at.movePosition(QTextCursor.MoveOperation.NextCharacter)
        step = at.charFormat().property(QTextFormat.Property.FontSizeAdjustment.value) or 0
        found.setdefault(block.blockFormat().headingLevel(), set()).add(step)
        block = block.next()
    return found


def test_a_title_is_larger_than_its_headings_which_are_larger_than_the_text(
    host: QWidget, themes: ThemeSource
) -> None:
    sheet = HelpSheet(host)
    sheet.open()
    sheet.list.setCurrentRow(1)
    assert steps(sheet) == {1: {2}, 2: {1}, 0: {0}}
