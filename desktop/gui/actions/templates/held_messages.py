"""Offers to send messages that have waited for their template, once it is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.contract.states import State
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.tasks.words.states import template_word
from desktop.gui.tasks.words.verbs import SEND as SENDING

if TYPE_CHECKING:
    from desktop.contract.events import TasksEvent
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.frame.main_window import MainWindow

BAR: Final = "held with template "
SEND: Final = "send"


class HeldMessages(QObject):
    """Offers in a bar for each template to send the messages that are still on hold.

    Messages with a pending action are not offered, unless that is undone.
    """

    def __init__(self, window: MainWindow, verbs: TaskVerbs) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._verbs = verbs
        self._pending = verbs.pending
        self._pending.changed.connect(self._on_pending_changed)
        self._held: dict[str, list[int]] = {}
        self._notices.action_chosen.connect(self._on_action)

    def offer(self, template: str, tasks: list[int]) -> None:
        """Offer to send these tasks of a template, in place of earlier ones."""
        self._held.pop(template, None)
        if tasks:
            self._held[template] = tasks
        started = self._pending.ids()
        left = [task for task in tasks if task not in started]
        if not left:
            self._notices.take_back(BAR + template)
            return
        words = self.tr(
            "The template “{}” works again: %Ln messages are ready to be sent.", None, len(left)
        )
        send = self.tr("Send the %Ln messages", None, len(left))
        bar = BarText(
            "info", words.format(template_word(template)), ((SEND, send),), dismissible=True
        )
        self._notices.say(BAR + template, bar)

    def forget(self, template: str) -> None:
        """Remove the offer for a template that was renamed."""
        self.offer(template, [])

    def follow(self, event: TasksEvent) -> None:
        """Leave out tasks that no longer wait."""
        gone = {row["id"] for row in event["rows"] if row["state"] != State.WAITING}
        gone.update(event["gone"])
        for template, tasks in list(self._held.items()):
            if not gone.isdisjoint(tasks):
                self.offer(template, [task for task in tasks if task not in gone])

    def _on_action(self, name: str, action: str) -> None:
        template = name.removeprefix(BAR)
        if not name.startswith(BAR) or template not in self._held:
            return
        if action == SEND:
            started = self._pending.ids()
            tasks = [task for task in self._held[template] if task not in started]
            self._verbs.act("retry", tasks, said=SENDING)
        else:
            self.forget(template)

    def _on_pending_changed(self) -> None:
        """Leave out tasks with a pending action, and drop those handed to the backend."""
        gone = self._pending.ids(is_due=True)
        for template, tasks in list(self._held.items()):
            self.offer(template, [task for task in tasks if task not in gone])
