"""How actions on the selected tasks are offered: a row of buttons, and a menu with its copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLayout, QMenu, QSizePolicy, QWidget

from desktop.contract.rules.mailbox import written_address
from desktop.gui.kit.look.icons import qicon
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.widgets.action_row import Action, ActionRow, room
from desktop.gui.kit.words.verbs import ELSEWHERE, action_word, tip_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction

    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_actions import Selection, TaskAction


ENDING: Final = ("cancel", "seen")
"""Verbs of the last place."""


translate = QCoreApplication.translate


class ActionButtons(QWidget):
    """The row of buttons for actions; ``chosen`` carries an action's verb and the tasks it fits.

    It takes the room there is: buttons without room are in its menu.
    """

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        # Those offered are already the allowed ones.
        ends = {verb: action_word(verb) for verb in ENDING}
        self.row = ActionRow(ALL_RIGHTS, rare=ELSEWHERE, last=ends)
        self.row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.row.chosen.connect(self._on_chosen)
        self.setLayout(self.row)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def offer(self, actions: Sequence[TaskAction]) -> None:
        """Show buttons for these actions."""
        shown = [each for one in actions for each in (one, *one.more) if not each.is_rare]
        self.row.offer([_button(each) for each in shown], shown)
        self.row.activate()  # the buttons of another task are there at once

    def minimumSizeHint(self) -> QSize:
        """Return the room of the menu button, or of an only button if that is smaller."""
        menu = room([self.row.more], 0)
        if len(self.row.buttons) > 1:
            return menu
        only = room([*self.row.buttons.values()], 0)
        return min(menu, only, key=QSize.width)

    def _on_chosen(self, verb: str, shown: Sequence[TaskAction]) -> None:
        for each in shown:
            if each.verb == verb:
                self.chosen.emit(verb, each.which)


def _button(action: TaskAction) -> Action:
    widest = [action.widest] if action.widest else []
    effect, works = tip_of(action.verb, action.effect), not action.is_off
    return Action(action.verb, action.text, action.icon, effect, works, widest)


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
