"""The card of one item: its recipient, values and tasks, and whether the recipient was informed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.contract.rules.mailbox import Mailbox
from desktop.gui.items.item_table import ItemSelection
from desktop.gui.items.item_words import (
    UNTOLD,
    correctable,
    headline,
    informed_sentence,
    line_words,
    look_of,
    messages,
)
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, px, set_color, set_role, sized
from desktop.gui.kit.widgets.action_row import Action, ActionRow
from desktop.gui.kit.widgets.buttons import HERE, Link, give_key
from desktop.gui.kit.widgets.card import Card, CardScrollArea, Headline, turn
from desktop.gui.kit.widgets.surfaces import Rule, clear, stacked
from desktop.gui.kit.widgets.texts import WholeLabel, tip
from desktop.gui.kit.words.states import ASIDE, LOOKS
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import tip_of, tip_words
from desktop.gui.tasks.acting.offered_actions import (
    ActionButtons,
    add_copies,
    menu_of_actions,
)
from desktop.gui.tasks.acting.task_actions import fitting_actions
from desktop.gui.tasks.detail.selected_tasks import SelectedTasks
from desktop.gui.tasks.detail.summary_tab import ItemFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QMenu

    from desktop.contract.items import Item
    from desktop.gui.items.item_table import ItemModel, ItemTable
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import Selection, TaskAction


WAYS_ON: Final = frozenset({"retry", "send", "try_now", "done", "again", "send_again", "undo"})
"""Actions that the card offers for a message that has not reached its recipient."""
SIDES: Final = 800
"""The least width with tasks beside facts, in grid units; half of it fits a task's line."""


class ItemCard(Card):
    """Shows one item; ``task_chosen`` carries the number of one of its tasks.

    ``tasks_chosen`` carries the number of the item whose tasks to show, ``correction_chosen`` the
    task whose item to correct, ``forget_chosen`` the item whose person to forget, ``action_chosen``
    a verb and its tasks.
    """

    task_chosen = Signal(int)
    tasks_chosen = Signal(int)
    forget_chosen = Signal(object)
    correction_chosen = Signal(int)
    action_chosen = Signal(str, object)

    def __init__(self, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._pending, self._rights = pending, rights
        self._item: Item | None = None
        self._told: list[tuple[int, str]] = []
        self.title = set_role(WholeLabel(), "title")
        self.informed = Headline()
        self.nothing = QLabel(self.tr("Choose an item to see what happened to it."))
        self.facts = ItemFacts()
        self.history = set_role(WholeLabel(), "soft")
        self.row = ActionRow(rights, rare={"forget"})
        self.row.chosen.connect(self._on_chosen)
        self.tasks: dict[int, Link] = {}
        self._lay_out()
        self.show_item(None)

    @property
    def item_id(self) -> int | None:
        """The number of the item shown."""
        return None if self._item is None else self._item["item_id"]

    def show_item(self, item: Item | None) -> None:
        """Show an item, or none; its history follows by :meth:`show_history`."""
        if item is None or item["item_id"] != self.item_id:
            self.show_history([])
        self._item = item
        for part in (self.title, self.informed):
            part.setVisible(item is not None)
        self.nothing.setVisible(item is None)
        self.show_bar(there=item is not None)
        to = item["recipient"] if item else None
        self.facts.show_item(item, str(Mailbox(to.get("name") or "", to["email"])) if to else "")
        self.row.offer([] if item is None else self._actions(item), item)
        if item is None:
            self._show_tasks([])
            return
        self.title.setText(headline(item))
        look = look_of(item)
        shown = ("info", "text") if look is None else (look.icon, look.token)
        said = informed_sentence(item, time.time())
        self.informed.say(said, *shown)
        self._show_tasks([row_of(task) for task in item["tasks"]])

    def show_history(self, lines: Sequence[str]) -> None:
        """Show what was done for the item, and its values before corrections."""
        self.history.setText("\n".join(line.replace("\n", " · ") for line in lines))
        self.history.setVisible(bool(lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put tasks below facts if there is no room beside them."""
        super().resizeEvent(event)
        turn(self._sides, beside=self.width() >= px(SIDES))

    def _lay_out(self) -> None:
        self.top.addWidget(self.title, 1)
        self.top.addLayout(self.row)
        left = sized(QVBoxLayout(), margins=(0, 1, 0, 0))
        left.addWidget(self.facts)
        left.addStretch(1)
        self._grid = sized(QGridLayout(), across=12, down=2)  # links are higher than other lines
        self._grid.setColumnStretch(2, 1)
        right = QVBoxLayout()
        right.addLayout(self._grid)
        right.addStretch(1)
        self._sides = sized(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=12)
        self._sides.addLayout(left, 1)
        self._sides.addLayout(right, 1)
        self.column.addWidget(self.informed)
        self.column.addWidget(self.nothing)
        self.column.addLayout(self._sides)
        self.column.addWidget(self.history)
        self.column.addStretch(1)

    def _show_tasks(self, rows: Sequence[Row]) -> None:
        """Show a line for each task, newest first; replace the lines only if they have changed."""
        now = time.time()
        told = [(row.id, line_words(row, now)) for row in reversed(rows)]
        if told == self._told:
            return
        focused = next((number for number, link in self.tasks.items() if link.hasFocus()), None)
        clear(self._grid)
        self._told, self.tasks = told, {}
        for line, row in enumerate(reversed(rows)):
            self._add_task(line, row, line_words(row, now))
        if focused in self.tasks:
            self.tasks[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_task(self, line: int, row: Row, said: str) -> None:
        look, picture = LOOKS[row.look], QLabel()
        ink = ASIDE if row.seen else look.token
        icons.draw(picture, look.icon, ink)
        link, state = Link(row.title), WholeLabel()
        set_color(state, ink)
        state.setText(said)
        link.setAccessibleName(self.tr("{task}: {state}").format(task=row.title, state=said))
        link.setToolTip(tip(self.tr("Show task {}").format(row.id)))
        link.clicked.connect(lambda _=False, number=row.id: self.task_chosen.emit(number))
        top = Qt.AlignmentFlag.AlignTop  # a long state takes several lines
        self._grid.addWidget(picture, line, 0, top)
        self._grid.addWidget(link, line, 1, top | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(state, line, 2)
        for part in (picture, link, state):
            part.show()  # else it is hidden until the next layout
        self.tasks[row.id] = link

    def _actions(self, item: Item) -> list[Action]:
        """List the actions for an item: those that come and go first, so the others stay."""
        actions = [action for action, _ in self._ways_on(item)]
        if correctable(item) is not None:
            actions.append(Action("correct", self.tr("Correct…"), "pencil", tip_words("correct")))
        if item["tasks"]:
            actions.append(Action("tasks", self.tr("Show its tasks"), "chevron-right"))
        if not item["erased"]:
            effect = self.tr("Delete the name, address, fields and e-mails of this person")
            actions.append(Action("forget", self.tr("Forget this person…"), "trash-2", effect))
        return actions

    def _ways_on(self, item: Item) -> Sequence[tuple[Action, object]]:
        """Return the actions for an item's newest message, if the recipient is not informed."""
        own = messages(item) if item["informed"] in UNTOLD else []
        if not own:
            return []
        last = row_of(max(own, key=lambda task: task["id"]))
        return [
            (Action(each.verb, each.text, each.icon, tip_of(each.verb, each.effect)), each.which)
            for each in fitting_actions([last], self._rights, self._pending)
            if each.verb in WAYS_ON
        ]

    def _on_chosen(self, verb: str, item: Item) -> None:
        for action, which in self._ways_on(item):
            if action.verb == verb:
                self.action_chosen.emit(verb, which)
        if verb == "tasks":
            self.tasks_chosen.emit(item["item_id"])
        elif verb == "forget":
            self.forget_chosen.emit(item)
        elif verb == "correct" and (task := correctable(item)) is not None:
            self.correction_chosen.emit(task)


class SeveralItems(QWidget):
    """Replaces the card while several items are selected in ``table``.

    It shows their tasks as the detail does; ``action_chosen`` carries a verb and its tasks.
    """

    action_chosen = Signal(str, object)

    def __init__(
        self, model: ItemModel, table: ItemTable, rights: WindowRights, pending: PendingActions
    ) -> None:
        super().__init__()
        self._model = model
        self._table = table
        self.is_shown = False
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tasks = SelectedTasks(rights, pending)
        self.buttons = ActionButtons()
        self.buttons.chosen.connect(self.action_chosen)
        bar = sized(QWidget(), height=(42, 34))
        row = sized(QHBoxLayout(bar), margins=(16, 0, 16, 0), spacing=8)
        row.addWidget(self.buttons, 1, Qt.AlignmentFlag.AlignVCenter)
        below = CardScrollArea(self.tasks)
        stacked(self, bar, Rule(), below, filling=below)
        self.selection = ItemSelection(model, table, rights, pending)
        self.selection.changed.connect(self._on_selection_changed)
        pending.changed.connect(self._on_pending_changed)
        words = self.tr("Cancel the tasks of the selected items, or remove those that have ended")
        give_key(table, QKeySequence.StandardKey.Delete, words, self._take_out, HERE)

    def menu(self) -> QMenu:
        """Return the menu of actions for the items' tasks."""
        selected, theme = self.selection.selected, LOOK.theme
        return menu_of_actions(selected, theme, self, self._act, self.add_copies)

    def add_copies(self, menu: QMenu) -> None:
        """Add entries that copy the items, and the addresses of their recipients."""
        people = [item["recipient"] for item in self.selection.items()]
        found = list(dict.fromkeys(each["email"] for each in people if each))
        words = self.tr("Copy %Ln addresses", None, len(found))
        text = self.tr("Copy as text")
        add_copies(menu, LOOK.theme, text, self._table.copy_rows, words, found)

    def _on_selection_changed(self, items: list[int]) -> None:
        self.is_shown = len(items) > 1
        if not self.is_shown:
            self._show_tasks(None)
            return
        count, selected = len(items), self.selection.selected
        is_part = self._model.is_full and count == self._model.rowCount()
        title = say("selected", "first_items" if is_part else "items", n=count)
        self._show_tasks(selected, f"{title} · {say('count', 'tasks', n=selected.count)}")

    def _show_tasks(self, selected: Selection | None, title: str = "") -> None:
        self.tasks.show_selected(selected, title)
        self.buttons.offer(self.tasks.fitting)

    def _on_pending_changed(self) -> None:
        self.tasks.tell()
        self.buttons.offer(self.tasks.fitting)

    def _take_out(self) -> None:
        action = self.selection.selected.taking_out
        if action is not None:
            self._act(action)

    def _act(self, action: TaskAction) -> None:
        self.action_chosen.emit(action.verb, action.which)
