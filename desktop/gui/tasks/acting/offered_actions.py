"""How actions on the selected tasks are offered: a row of buttons, and a menu with its copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.contract.rules.mailbox import written_address
from desktop.gui.kit.look.icons import qicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction

    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_actions import Selection, TaskAction


translate = QCoreApplication.translate


def task_menu(
    selected: Selection,
    theme: Theme,
    parent: QWidget,
    act: Callable[[TaskAction], None],
    copy: Callable[[], None],
) -> QMenu:
    """Return the menu for the selected tasks; its copies are of the tasks in memory."""
    add = partial(_add_task_copies, selected, theme, copy)
    return menu_of_actions(selected, theme, parent, act, add)


def menu_of_actions(
    selected: Selection,
    theme: Theme,
    parent: QWidget,
    act: Callable[[TaskAction], None],
    add_copies: Callable[[QMenu], None],
) -> QMenu:
    """Return a menu of the actions that fit the selection, and of its copies."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def offer(each: TaskAction) -> None:
        shown = _add(menu, theme, each.icon, each.text, lambda: act(each))
        shown.setEnabled(not each.is_off)
        if each.verb == "cancel":
            shown.setShortcut(QKeySequence(Qt.Key.Key_Delete))

    actions = [each for action in selected.actions for each in (action, *action.more)]
    # *Send again* to several people must not be where the keyboard starts.
    second = [each for each in actions if each.verb == "resend" and selected.count > 1]
    for each in actions:
        if each not in second:
            offer(each)
    add_copies(menu)
    if second:
        menu.addSeparator()
    for each in second:
        offer(each)
    return menu


def _add_task_copies(
    selected: Selection,
    theme: Theme,
    copy: Callable[[], None],
    menu: QMenu,
) -> None:
    known, addresses = len(selected.rows), addresses_of(selected.rows)
    text = translate("menu", "Copy as text")
    if known < selected.count:
        text = translate("menu", "Copy the %Ln loaded rows as text", None, known)
    words = _address_words(selected, len(addresses))
    add_copies(menu, theme, text, copy, words, addresses)


def add_copies(
    menu: QMenu,
    theme: Theme,
    text: str,
    copy: Callable[[], None],
    words: str,
    addresses: Sequence[str],
) -> None:
    """Add entries that copy rows as text, and addresses if there are some."""
    menu.addSeparator()
    _add(menu, theme, "copy", text, copy).setShortcut(QKeySequence.StandardKey.Copy)
    if addresses:
        _add(menu, theme, "mail", words, partial(copy_text, addresses))


def copy_text(lines: Sequence[str]) -> None:
    """Copy addresses separated by commas, as a recipient field takes them."""
    QGuiApplication.clipboard().setText(", ".join(lines))


def _add(menu: QMenu, theme: Theme, icon: str, text: str, slot: Callable[[], None]) -> QAction:
    picture = qicon(icon, theme.color("soft text"), theme)
    action = menu.addAction(picture, text)
    action.triggered.connect(lambda: slot())
    return action


def _address_words(selected: Selection, addresses: int) -> str:
    """Say how many addresses are copied, and why they are fewer than the tasks."""
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
    """Return the bare addresses of the rows, without duplicates, in their order."""
    return list(dict.fromkeys(written_address(row.to) for row in rows if row.to))
