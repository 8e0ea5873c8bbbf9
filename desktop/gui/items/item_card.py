"""The desk's page of one item: its recipient, values and tasks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Signal

from desktop.contract.rules.mailbox import Mailbox
from desktop.gui.items.item_words import (
    UNTOLD,
    informed_lead,
    line_words,
    look_of,
    messages,
    who,
)
from desktop.gui.kit.words.states import ASIDE, LOOKS
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import fitting_actions
from desktop.gui.tasks.detail.desk_content import (
    DeskAction,
    DeskContent,
    Fact,
    Foot,
    Head,
    Lead,
    Paper,
    TaskHistory,
    TaskLine,
)
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.facts import item_lines
from desktop.gui.tasks.detail.modes import on_desk, saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.items import Item
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions


translate = QCoreApplication.translate
WAYS_ON: Final = frozenset({"retry", "send", "try_now", "done", "again", "send_again", "undo"})
"""Actions that the page offers for a message that has not reached its recipient."""
TASKS, FORGET = "tasks", "forget"


def of_item(
    item: Item,
    rights: WindowRights,
    pending: PendingActions,
    now: float,
    done: Sequence[str] = (),
) -> DeskContent:
    """Show an item; ``done`` are lines on what was done for it, and its values before."""
    number = say("desk", "item", number=item["item_id"])
    look, to = look_of(item), item["recipient"]
    icon, ink = ("info", "text") if look is None else look
    mailbox = str(Mailbox(to.get("name") or "", to["email"])) if to else ""
    lines = item_lines(item, mailbox).items()
    rows = [row_of(task) for task in item["tasks"]]
    ways_on, left, more = _ways_on(item, rights, pending), _actions(item), []
    if rights.allows(FORGET) and not item["erased"]:
        effect = translate("items", "Delete the name, address, fields and e-mails of this person")
        text = translate("items", "Forget this person…")
        more = [DeskAction(FORGET, text, "trash-2", effect, about=item)]
    return DeskContent(
        Head(who(item) or number, number if who(item) else "", more=tuple(more)),
        Lead(*informed_lead(item, now), icon, ink),
        Paper(facts=tuple(Fact(name, text) for name, text in lines)),
        TaskHistory(
            is_there=bool(rows or done),
            is_open=True,
            tasks=tuple(_line(row, now) for row in reversed(rows)),
            deeds=tuple(line.replace("\n", " · ") for line in done),
        ),
        Foot(tuple(left), tuple(reversed(ways_on))),
    )


def _line(row: Row, now: float) -> TaskLine:
    look = LOOKS[row.look]
    ink = ASIDE if row.seen else look.token
    return TaskLine(row.id, row.title, line_words(row, now), look.icon, ink)


def _actions(item: Item) -> list[DeskAction]:
    actions = []
    if item["tasks"]:
        text = translate("items", "Show its tasks")
        actions.append(DeskAction(TASKS, text, "chevron-right", about=item["item_id"]))
    return actions


def _ways_on(item: Item, rights: WindowRights, pending: PendingActions) -> list[DeskAction]:
    """Return the actions for an item's newest message, if the recipient is not informed."""
    own = messages(item) if item["informed"] in UNTOLD else []
    if not own:
        return []
    last = row_of(max(own, key=lambda task: task["id"]))
    fitting = fitting_actions([last], rights, pending)
    return [on_desk(each) for each in fitting if each.verb in WAYS_ON][:2]


class ItemCard(DeskPage):
    """Shows one item; ``tasks_chosen`` carries the number of the item whose tasks to show.

    ``task_chosen`` carries the number of one of its tasks, ``forget_chosen`` the item whose
    person to forget, ``action_chosen`` a verb and its tasks.
    """

    task_chosen = Signal(int)
    tasks_chosen = Signal(int)
    forget_chosen = Signal(object)
    action_chosen = Signal(str, object)

    def __init__(self, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._pending, self._rights = pending, rights
        self._item: Item | None = None
        self._done: Sequence[str] = ()
        self.acted.connect(self._on_acted)
        self.link_chosen.connect(lambda _, task: self.task_chosen.emit(task))
        self.show_item(None)

    @property
    def item_id(self) -> int | None:
        """The number of the item shown."""
        return None if self._item is None else self._item["item_id"]

    def show_item(self, item: Item | None) -> None:
        """Show an item, or none; its history follows by :meth:`show_history`."""
        if item is None or item["item_id"] != self.item_id:
            self._done = ()
        self._item = item
        self._show()

    def show_history(self, lines: Sequence[str]) -> None:
        """Show what was done for the item, and its values before corrections."""
        self._done = lines
        self._show()

    def _show(self) -> None:
        if self._item is None:
            self.show_mode(saying(self.tr("Choose an item to see what happened to it.")))
        else:
            told = self._rights, self._pending, time.time(), self._done
            self.show_mode(of_item(self._item, *told))

    def _on_acted(self, action: DeskAction) -> None:
        ways = {TASKS: self.tasks_chosen, FORGET: self.forget_chosen}
        if (way := ways.get(action.verb)) is not None:
            way.emit(action.about)
        else:
            self.action_chosen.emit(action.verb, action.about)
