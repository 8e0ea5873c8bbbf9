"""The hands of a person: buttons, rows and entries of menus, pressed where they can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QMenu, QMessageBox

from desktop.gui.kit.widgets.files import DropZone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

    from desktop.gui.kit.widgets.choice import Choice

LEFT = Qt.MouseButton.LeftButton


def press(button: QAbstractButton) -> None:
    """Click a button in its middle, a check box in its square.

    It must be in sight, ready, and under nothing else.
    """
    assert button.isVisible(), f"{button} is not shown"
    assert button.isEnabled(), f"{button} is not ready"
    assert is_bare(button), f"{_over(button)} lies over {button}"
    QTest.mouseClick(button, LEFT, pos=_middle(button))


def asked() -> QMessageBox | None:
    """Return the question that is on screen."""
    boxes = (each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox))
    return next((each for each in boxes if each.isVisible()), None)


def asks(words: str) -> bool:
    """Tell whether a question with these words is on screen."""
    box = asked()
    return box is not None and words in box.text()


def answer(words: str) -> None:
    """Press a button of the question on screen."""
    box = asked()
    assert box is not None
    next(each for each in box.buttons() if each.text() == words).click()


def press_twice_as_fast(button: QAbstractButton) -> None:
    """Give a button the second press of a double click."""
    middle = QPointF(button.rect().center())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        event = QMouseEvent(kind, middle, middle, LEFT, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(button, event)


def is_bare(button: QAbstractButton) -> bool:
    """Tell whether nothing lies over a button, and it has its place in the window."""
    seen = _over(button)
    return seen is not None and (seen is button or button.isAncestorOf(seen))


def _over(button: QAbstractButton) -> QWidget | None:
    return button.window().childAt(button.mapTo(button.window(), _middle(button)))


def _middle(button: QAbstractButton) -> QPoint:
    middle = button.rect().center()
    if isinstance(button, QCheckBox):
        middle.setX(button.height() // 2)
    return middle


def focus() -> QWidget:
    """Return what has the keyboard."""
    here = QApplication.focusWidget()
    assert here is not None
    return here


def pick(choice: Choice, value: str) -> None:
    """Choose a value in a list."""
    choice.set_value(value)
    choice.chosen.emit(value)


def type_over(line: QLineEdit, text: str) -> None:
    """Type a text in place of what stands in a line."""
    line.setText(text)
    line.textEdited.emit(text)


def press_row(view: QAbstractItemView, row: int, column: int = 0) -> None:
    """Click a row of a table."""
    cell = view.visualRect(view.model().index(row, column))
    QTest.mouseClick(view.viewport(), LEFT, pos=cell.center())


def entries(menu: QMenu) -> Iterator[tuple[QMenu, QAction]]:
    """Give what can be chosen in a menu and the menus in it, each with the menu it stands in."""
    for action in menu.actions():
        inside = action.menu()
        if isinstance(inside, QMenu):
            yield from entries(inside)
        elif action.isVisible() and action.isEnabled() and not action.isSeparator():
            yield menu, action


def press_entry(menu: QMenu, words: str, at: QWidget) -> None:
    """Open a menu below ``at`` and click one of its entries; in a menu inside it press Enter."""
    menu.popup(at.mapToGlobal(QPoint(0, at.height())))
    place, action = next(each for each in entries(menu) if each[1].text() == words)
    if place is menu:
        QTest.mouseClick(place, LEFT, pos=place.actionGeometry(action).center())
    else:
        place.popup(menu.mapToGlobal(menu.rect().topRight()))
        place.setActiveAction(action)
        QTest.keyClick(place, Qt.Key.Key_Return)
    place.close()
    menu.close()


def drop_files(on: QWidget, *paths: Path, zone_of: QWidget | None = None) -> None:
    """Drag files over a widget, and drop them there; ``zone_of`` is who takes them, if another."""
    data, copy = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    no_key = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(on, QDragEnterEvent(QPoint(3, 3), copy, data, LEFT, no_key))
    zones = (zone_of or on).findChildren(
        DropZone, options=Qt.FindChildOption.FindDirectChildrenOnly
    )
    assert not zones[0].isHidden()
    QApplication.sendEvent(on, QDropEvent(QPointF(3, 3), copy, data, LEFT, no_key))
    assert zones[0].isHidden()
