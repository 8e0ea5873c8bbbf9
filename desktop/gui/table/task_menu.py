"""The table's context menu, and what it copies."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.gui.look.icons import qicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.theme import Theme
    from desktop.gui.table.selected import Selected
    from desktop.gui.table.task_actions import TaskAction
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate


def task_menu(
    selected: Selected,
    theme: Theme,
    parent: QWidget,
    act: Callable[[TaskAction], None],
    copy: Callable[[], None],
) -> QMenu:
    """Return the menu for what is selected: only what fits; copied is what is known of it."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(icon: str, text: str, slot: Callable[[], None]) -> QAction:
        picture = qicon(icon, theme.color("soft text"), theme.px(16))
        action = menu.addAction(picture, text)
        action.triggered.connect(lambda: slot())
        return action

    for each in (each for action in selected.actions for each in (action, *action.more)):
        shown = add(each.icon, each.text, lambda each=each: act(each))  # type: ignore[misc]
        shown.setEnabled(not each.is_off)
        if each.verb == "cancel":
            shown.setShortcut(QKeySequence(Qt.Key.Key_Delete))
    menu.addSeparator()
    known = len(selected.rows)
    words = translate("menu", "Copy as text")
    if known < selected.count:
        words = translate("menu", "Copy the %Ln loaded rows as text", None, known)
    add("copy", words, copy).setShortcut(QKeySequence.StandardKey.Copy)
    addresses = addresses_of(selected.rows)
    if addresses:
        text = _address_words(selected, len(addresses))
        add("mail", text, lambda: QGuiApplication.clipboard().setText(", ".join(addresses)))
    return menu


def _address_words(selected: Selected, addresses: int) -> str:
    """Say how many addresses are copied, and why these are fewer than the tasks."""
    known = len(selected.rows)
    none = sum(not row.to for row in selected.rows)
    unknown = selected.count - known
    why = [
        addresses < known - none and translate("menu", "each once"),
        none and translate("menu", "%Ln tasks have none", None, none),
        unknown and translate("menu", "%Ln are not loaded", None, unknown),
    ]
    text = translate("menu", "Copy %Ln addresses", None, addresses)
    said = ", ".join(each for each in why if each)
    return f"{text} ({said})" if said else text


def addresses_of(rows: Sequence[Row]) -> list[str]:
    """Return the bare addresses of the rows, each once, in their order."""
    bare = (parseaddr(row.to)[1] for row in rows if row.to)
    return list(dict.fromkeys(address for address in bare if address))
