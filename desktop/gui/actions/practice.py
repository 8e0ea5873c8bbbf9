"""Offers to send what practice mode kept, once real sending is on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from desktop.client.api import TaskQuery
from desktop.client.calls.items import ItemQuery
from desktop.contract.items import CONFIRMATION, Informed
from desktop.contract.reasons import Reason
from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.jobs import Asker, Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.verbs import SEND as SENDING
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.contract.items import Items
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs
    from desktop.gui.table.task_actions import Which

BAR: Final = "kept"
SEND: Final = "send_kept"
KEPT: Final = TaskQuery(task=CONFIRMATION, reasons=(Reason.KEPT,))
"""The kept messages; a person's own tasks may keep other things."""
ONLY_KEPT: Final = ItemQuery(informed=(Informed.KEPT,))
"""The items whose message was kept and for which none was sent since."""


class Practice(QObject):
    """Offers to send kept messages once real sending is on."""

    def __init__(
        self, window: MainWindow, source: ApiSource, jobs: Jobs, verbs: TaskVerbs, live: Live
    ) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._ask = Asker(source, jobs, lambda _: None)  # asked again at the next connection
        self._verbs = verbs
        self._count = 0
        self._is_real = False
        self._rereading = Rereading(window, self._count_again, elsewhere=True)
        self._notices.action_chosen.connect(self._on_action)
        live.tasks_changed.connect(self._on_tasks)
        verbs.undone.connect(self._on_undone)

    def follow(self, settings: dict[str, Any]) -> None:
        """Count the kept messages if real sending is on."""
        self._notices.take_back(BAR)
        self._is_real = settings["mail"]["transport"] == "smtp"
        self._count_and_offer()

    def _count_and_offer(self) -> None:
        if self._is_real:
            self._ask(lambda api: Job(api.items.page, ONLY_KEPT, limit=1).then(self._offer))

    def _on_undone(self, which: Which) -> None:
        """Offer again to send kept messages if a person has undone just that."""
        if isinstance(which, Everything) and replace(which.query, known_at=None) == KEPT:
            self._count_and_offer()

    def _on_tasks(self, _event: TasksEvent) -> None:
        """Count the offered messages again: some may have been sent or removed."""
        if BAR in self._notices.names():
            self._rereading.note()

    def _count_again(self) -> None:
        self._ask(lambda api: Job(api.items.page, ONLY_KEPT, limit=1).then(self._on_counted))

    def _on_counted(self, page: Items) -> None:
        if BAR in self._notices.names():
            self._offer(page)

    def _offer(self, page: Items) -> None:
        """Offer to send kept messages; recipients that got another message since do not count."""
        self._count = page["counts"][Informed.KEPT]
        if not self._count:
            self._notices.take_back(BAR)
            return
        said = self.tr(
            "%Ln e-mails were kept in practice mode and have not been sent.", None, self._count
        )
        actions = ((SEND, self.tr("Send")),)
        bar = BarText("info", said, actions, icon="inbox", dismissible=True)
        self._notices.say(BAR, bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != BAR:
            return
        self._notices.take_back(BAR)
        if action != DISMISS:
            self._verbs.act("retry", Everything(KEPT, self._count), said=SENDING)
