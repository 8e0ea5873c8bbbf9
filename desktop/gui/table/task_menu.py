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

    from desktop.client.api import TaskQuery
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
    copy_addresses: Callable[[TaskQuery], None],
) -> QMenu:
    """Return the menu for what is selected: only what fits.

    Copied as text is what is known of it; the addresses of all that match are read first.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(icon: str, text: str, slot: Callable[[], None]) -> QAction:
        picture = qicon(icon, theme.color("soft text"), theme.px(16))
        action = menu.addAction(picture, text)
        action.triggered.connect(lambda: slot())
        return action

    def offer(each: TaskAction) -> None:
        shown = add(each.icon, each.text, lambda: act(each))
        shown.setEnabled(not each.is_off)
        if each.verb == "cancel":
            shown.setShortcut(QKeySequence(Qt.Key.Key_Delete))

    actions = [each for action in selected.actions for each in (action, *action.more)]
    # Second messages to several people are not where the keyboard begins.
    second = [each for each in actions if each.verb == "resend" and selected.count > 1]
    for each in actions:
        if each not in second:
            offer(each)
    menu.addSeparator()
    known = len(selected.rows)
    words = translate("menu", "Copy as text")
    if known < selected.count:
        words = translate("menu", "Copy the %Ln loaded rows as text", None, known)
    add("copy", words, copy).setShortcut(QKeySequence.StandardKey.Copy)
    addresses, query = addresses_of(selected.rows), selected.query
    if query is not None and known < selected.count:
        text = translate("menu", "Copy the addresses of all %Ln tasks", None, selected.count)
        add("mail", text, lambda: copy_addresses(query))
    elif addresses:
        text = _address_words(selected, len(addresses))
        add("mail", text, lambda: QGuiApplication.clipboard().setText(", ".join(addresses)))
    if second:
        menu.addSeparator()
    for each in second:
        offer(each)
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
