"""Questions before what cannot be undone: small dialogs whose Enter and Escape are the refusal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox, QWidget

from desktop.gui.kit.look.appearance import px
from desktop.gui.kit.widgets.buttons import ActionButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton

    from desktop.gui.kit.widgets.dialog import Dialog

translate = QCoreApplication.translate


def ask(
    over: QWidget, words: str, refusal: str, *answers: tuple[str, Callable[[], object]]
) -> QMessageBox:
    """Ask over the window of a widget; each of ``answers`` is a button with what it does.

    ``refusal`` is the button of Enter, Escape and the cross: it only closes the question. Closing
    the returned dialog refuses, too.
    """
    box = QMessageBox(over.window())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(QApplication.applicationDisplayName())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words)
    refuses, roles = ActionButton(refusal, box), QMessageBox.ButtonRole
    box.addButton(refuses, roles.RejectRole)
    box.setDefaultButton(refuses)
    box.setEscapeButton(refuses)
    follows: dict[QAbstractButton, Callable[[], object]] = {}
    for word, follow in answers:
        box.addButton(button := ActionButton(word, box), roles.AcceptRole)
        follows[button] = follow
    for row in box.findChildren(QDialogButtonBox):
        if row.sizeHint().width() > over.window().width() - px(48):
            row.setOrientation(Qt.Orientation.Vertical)
    box.finished.connect(partial(_follow, box, follows))
    box.open()
    return box


def ask_about_changes(
    typed: Dialog, discard: Callable[[], object], save: Callable[[], object]
) -> None:
    """Ask what becomes of what was typed; the question goes with what was typed into."""
    box = ask(
        typed,
        translate("questions", "You have unsaved changes."),
        translate("questions", "Keep editing"),
        (translate("questions", "Discard"), discard),
        (translate("questions", "Save"), save),
    )
    typed.closed.connect(box.close)


def _follow(
    box: QMessageBox, follows: dict[QAbstractButton, Callable[[], object]], _result: int
) -> None:
    for button, follow in follows.items():
        if button is box.clickedButton():
            follow()
