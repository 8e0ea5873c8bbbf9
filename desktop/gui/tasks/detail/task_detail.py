"""The desk's page of the selected task, or of several: it is read, and followed as it changes."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal

from desktop.contract.office import office_row
from desktop.gui.kit.widgets.buttons import INSIDE, SEND_KEYS, give_key
from desktop.gui.kit.widgets.surfaces import tab_stops_in
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.tasks.detail.contents import read_task
from desktop.gui.tasks.detail.desk_page import DeskPage
from desktop.gui.tasks.detail.facts import LETTER
from desktop.gui.tasks.detail.modes import LetterShown, of_several, of_task, saying
from sendoff_tasks.client.errors import BackendGone, is_missing
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent

    from desktop.contract.items import NewItem
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource, Ticket
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import Selection
    from desktop.gui.tasks.detail.contents import TaskRead
    from desktop.gui.tasks.detail.desk_content import DeskAction
    from desktop.gui.tasks.detail.paper import PaperHead
    from sendoff_tasks.model.events import TasksEvent


SETTLE_MS: Final = 200
"""Minimum milliseconds between two reads of a task that keeps changing."""
REST_MS: Final = 80
"""Milliseconds after the last selection before a task is read: arrows go through many."""
KEPT: Final = 20
"""Tasks that are shown again at once, as they were read."""


class DetailPane(DeskPage):
    """Shows a task or a selection; ``action_chosen`` carries a verb and the tasks it fits.

    Its row says at once what can be done; the letter and the history follow once the task is read.
    ``link_chosen`` carries the name of a place (see ``facts``) and its target.
    """

    action_chosen = Signal(str, object)

    def __init__(self, api: ApiSource, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._api, self._rights = api, rights
        self._pending = pending
        self._pending.changed.connect(self._say_again)
        self.task: int | None = None
        self.row: Row | None = None
        self.read: TaskRead | None = None
        self.ticket: Ticket | None = None
        self._selected: Selection | None = None
        self._looked = LetterShown()
        self._again: dict[str, Any] = {}
        self._ask_again = LatestRequest(api, lambda why: self._on_again(None, str(why)))
        self._kept: OrderedDict[int, TaskRead] = OrderedDict()
        self._behind = self._begins = False
        self._make_head: Callable[[], PaperHead] | None = None
        give_key(self, SEND_KEYS, self.tr("Save the correction"), self.send, INSIDE)
        self.acted.connect(self._on_acted)
        self.way_chosen.connect(self._on_way)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._read)
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._catch_up)
        self._second = QTimer(self, interval=1000, timerType=Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._on_second)
        self.show_task(None)

    def correct_with(self, make: Callable[[], PaperHead]) -> None:
        """Let a head correct what is shown; it is made when the first letter is shown."""
        self._make_head = make

    def _head(self) -> PaperHead | None:
        """Return what corrects the shown task."""
        is_letter = self.row is not None and self.row.is_mail and self.read is not None
        if self.paper.head is None and self._make_head is not None and is_letter:
            head = self._make_head()
            head.changed.connect(self._say_again)
            stops = [self.lead.history, *tab_stops_in(head)]
            self.paper.begin_with(head)
            for stop, following in pairwise(stops):
                self.setTabOrder(stop, following)
        return self.paper.head

    def begin(self) -> None:
        """Move the focus to what has to be corrected, or to the letter."""
        head = self.paper.head
        self._begins = self.task is not None and self.read is None
        if head is None or not head.isVisible() or not head.begin():
            super().begin()

    def send(self) -> None:
        """Send or save what is typed, if anything is."""
        if self.paper.head is not None:
            self.paper.head.send()

    def begin_once_read(self) -> None:
        """Move the focus to what has to be corrected of the next task that is read."""
        self._begins = True

    def show_task(self, task_id: int | None, row: Row | None = None) -> None:
        """Show a task: what its ``row`` tells at once, the rest as soon as it is read.

        Without one, ask the person to choose one.
        """
        self._selected = None
        if task_id is None:
            self._forget(say("desk", "choose"))
        elif task_id != self.task:
            self._drop_reading()
            known = self._kept.get(task_id)
            is_as_read = row is not None and known is not None and known.task["rev"] == row.rev
            self.task, self.row = task_id, row
            self.read = known if is_as_read else None
            self._drop_again()
            self._say_again()
            self._behind = True
            self._rest.start()
        elif self.row is None and row is not None:
            self.row = row
            self._say_again()

    def show_selected(self, selected: Selection) -> None:
        """Show the count of selected tasks, with the actions on all of them."""
        self._drop_reading()
        self.task = self.row = self.read = None
        self._selected = selected
        self._say_again()

    def count_again(self) -> None:
        """Update ages now, and once a second from now on, as a countdown beside it does."""
        if self._second.isActive():
            self._second.start()
            self._on_second()

    def reload(self) -> None:
        """Read the shown task again, and its letter; what was kept of others may be outdated."""
        self._kept.clear()
        self._read(whole=True)

    def take_item(self, number: int, body: NewItem) -> None:
        """Show an item as it was corrected by now, and read the rest again."""
        read = self.read
        if read is not None and read.item is not None and read.item["item_id"] == number:
            self.read = replace(read, item={**read.item, "item": body})
        self.reload()

    def apply(self, event: TasksEvent) -> None:
        """Follow the shown task: update its row at once, and the rest once it is read."""
        if self._selected is not None:
            self._follow_selected(event)
        for task in map(office_row, event["rows"]):
            known = self.row
            if known is not None and task["resend_of"] and task.get("item_id") == known.item_id:
                self._behind = True  # its message may be being sent again
            # The read under way may be older than this event.
            self._behind |= self.ticket is not None and task["id"] == self.task
            if known is not None and task["id"] == known.id and task["rev"] > known.rev:
                self.row = row_of(task)
                self._say_again()
                self._behind = True
        self._behind |= self.row is not None and bool(event["gone"])  # it may name one of them
        self._catch_up()
        if self.task is not None and self.task in event["gone"]:
            self._forget(say("desk", "gone"))

    def showEvent(self, event: QShowEvent) -> None:
        """Update times while they are visible."""
        super().showEvent(event)
        self._second.start()
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop updates and reads while hidden."""
        super().hideEvent(event)
        self._second.stop()
        self.settle.stop()
        self._behind |= self._drop_reading()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on; Tab meets what is in the pane."""
        super().focusInEvent(event)
        self.begin()

    def _read(self, *, whole: bool = False) -> None:
        """Read the task; its letter only if it may be another one, or the ``whole`` is wanted."""
        self._drop_reading()
        if self.task is None or self._api.api is None:
            self._behind = self.task is not None
            return
        self._behind = False
        known = None if whole else self.read
        job = Job(read_task, self._api.api, self.task, known)
        self.ticket = self._api.jobs.start(job.then(self._on_read).otherwise(self._on_failure))

    def _catch_up(self) -> None:
        """Read the task if it is outdated, unless a read is under way or has just ended."""
        waits = self.settle.isActive() or self._rest.isActive()
        if self._behind and self.ticket is None and not waits:
            self._read()

    def _on_second(self) -> None:
        """Update times; read again after a failed read, for a queued task, or for a log."""
        if self._selected is None:  # of several, no time is said
            self._say_again()
        state = self.row.state if self.row is not None and self.read is not None else None
        logs = state == State.RUNNING and self.history.isVisible()
        self._behind |= self.task is not None and (state in {None, State.QUEUED} or logs)
        self._catch_up()

    def _drop_reading(self) -> bool:
        """Cancel the read under way; tell whether there was one."""
        self._rest.stop()
        ticket, self.ticket = self.ticket, None
        if ticket is not None:
            ticket.cancel()
        return ticket is not None

    def _on_read(self, read: TaskRead) -> None:
        self.ticket = None
        self.settle.start()
        row, known = row_of(read.task), self.row
        if known is not None and known.id == row.id and known.rev > row.rev:
            self._behind, row = True, known
        if self.read is not None and self.read.letter_of != read.letter_of:
            self._drop_again()
        self.row, self.read = row, read
        self._kept[row.id] = read
        self._kept.move_to_end(row.id)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._say_again()
        if self._begins and self.isVisible():
            self._begins = False
            self.begin()

    def _on_failure(self, error: Exception) -> None:
        self.ticket = None
        if isinstance(error, BackendGone):
            self._behind = True
            return
        if is_missing(error):
            self._forget(say("desk", "gone"))
            return
        self.row = self.read = None
        self.show_mode(saying(str(error)))

    def _say_again(self) -> None:
        """Show what is known now: times pass, and actions are started, done and undone."""
        if self._selected is not None:
            self.show_mode(of_several(self._selected))
        elif self.row is not None:
            read = self.read
            if read is not None:
                read = replace(read, **self._again)
            told = self._rights, self._pending, time.time(), self._looked
            shown, head = of_task(self.row, read, *told), self._head()
            self.show_mode(shown if head is None else head.dress(shown, self.row, self.read))
        elif self.task is not None:
            self.show_mode(saying(""))

    def _follow_selected(self, event: TasksEvent) -> None:
        selected = self._selected
        if selected is None:
            return
        rows = {row.id: row for row in selected.rows}
        changed = [
            row_of(task)
            for task in event["rows"]
            if task["id"] in rows and task["rev"] > rows[task["id"]].rev
        ]
        gone = [task_id for task_id in event["gone"] if rows.pop(task_id, None)]
        rows.update((row.id, row) for row in changed)
        if changed or gone:
            count = selected.count - len(gone)
            self._selected = replace(selected, rows=list(rows.values()), count=count)
            self._say_again()

    def _forget(self, sentence: str) -> None:
        """Forget the shown task, and say why nothing is shown."""
        self._drop_reading()
        self.task = self.row = self.read = None
        self._behind = False
        self.show_mode(saying(sentence))

    def _on_acted(self, action: DeskAction) -> None:
        if self.paper.head is None or not self.paper.head.act(action.verb):
            self.action_chosen.emit(action.verb, action.about)

    def _on_way(self, name: str) -> None:
        """Show the letter in another way, or open it elsewhere."""
        looked = self._looked
        if name in {"plain", "formatted"}:
            self._look(looked._replace(plain=name == "plain"))
        elif name == "earlier":
            self._drop_again()
            self._say_again()
        elif name == "again" and self.task is not None:
            number = self.task
            self._ask_again.ask(
                lambda api: Job(api.message, number, again=True).then(self._on_again)
            )
        elif self.shown.paper.letter is not None:
            self.link_chosen.emit(LETTER, str(self.shown.paper.letter["source"]))

    def _on_again(self, letter: Mapping[str, Any] | None, why: str = "") -> None:
        self._again = {"letter": letter, "why": why}
        self._look(self._looked._replace(again=True))

    def _drop_again(self) -> None:
        """Show the letter of the task itself."""
        self._ask_again.drop()
        self._looked, self._again = LetterShown(plain=self._looked.plain), {}

    def _look(self, looked: LetterShown) -> None:
        self._looked = looked
        self.paper.show_plain(looked.plain)
        self._say_again()
