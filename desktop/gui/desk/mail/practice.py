"""What practice mode kept: offered to be sent once real sending is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from desktop.client.api import TaskQuery
from desktop.client.calls.items import ItemQuery
from desktop.contract.items import CONFIRMATION, Informed
from desktop.contract.reasons import Reason
from desktop.gui.frame.notices.notice_bar import DISMISS, BarText
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.items import Items
    from desktop.gui.desk.tasks.task_verbs import TaskVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs

BAR: Final = "kept"
SEND: Final = "send_kept"
KEPT: Final = TaskQuery(task=CONFIRMATION, reasons=(Reason.KEPT,))
"""The messages among what was kept: own tasks may keep something else."""
ONLY_KEPT: Final = ItemQuery(informed=(Informed.KEPT,))
"""The items whose message was kept, and which no message has left for since."""


class Practice(QObject):
    """Counts what was kept whenever real sending is on, and sends it when the person says so."""

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs, verbs: TaskVerbs) -> None:
        super().__init__(window)
        self._window = window
        self._source = source
        self._jobs = jobs
        self._verbs = verbs
        self._count = 0
        window.notices.action_chosen.connect(self._on_action)

    def follow(self, settings: dict[str, Any]) -> None:
        """Look how much there is to send; practice mode itself offers nothing."""
        self._window.notices.take_back(BAR)
        if settings["mail"]["transport"] == "smtp" and self._source.api is not None:
            job = Job(self._source.api.items.page, ONLY_KEPT, limit=1)
            self._jobs.start(job.then(self._offer))

    def _offer(self, page: Items) -> None:
        """Count people, not messages: who was sent another one since is not told twice."""
        self._count = page["counts"][Informed.KEPT]
        if not self._count:
            return
        said = self.tr(
            "%Ln e-mails were kept in practice mode and have not been sent.", None, self._count
        )
        actions = ((SEND, self.tr("Send them")),)
        bar = BarText("info", said, actions, icon="inbox", dismissible=True)
        self._window.notices.say(BAR, bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != BAR:
            return
        self._window.notices.take_back(BAR)
        if action != DISMISS:
            self._verbs.act("retry", Everything(KEPT, self._count))
