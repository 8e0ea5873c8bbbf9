"""The grace period of new tasks: their start is announced, counted down, and can be undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.client.api import new_key
from desktop.contract.items import MAIL_QUEUE
from desktop.gui.link.jobs import Asker, Job
from desktop.settings.preferences import WindowSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import ApiSource
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.link.jobs import Jobs


class GracePeriod(QObject):
    """Offers *Undo* for new tasks that the backend starts after these ``seconds``.

    Everything that can be undone for a while asks it for how long.
    """

    def __init__(self, toasts: Toasts, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._source = source
        self._ask = Asker(source, jobs, toasts.warn)
        self.seconds = WindowSettings().grace_seconds  # the default until settings are read

    def offer(
        self,
        says: Callable[[str], str],
        tasks: list[int],
        *,
        icon: str = "send",
        too_late: str = "",
        left: str = "",
        undo: str = "",
        queue: str = MAIL_QUEUE,
        later: str = "",
    ) -> None:
        """Say that these tasks start; ``says`` makes the text of when, which is empty for now.

        ``undo`` is the button's text, if *Undo* would promise too much. ``too_late`` is shown if
        the tasks have started by then, ``left`` after an undo that takes back only a part.
        ``queue`` is the tasks' queue, ``later`` says when they start if their batch delays them.
        """

        def words(seconds: int) -> str:
            return says(later or self._toasts.when(seconds, queue))

        if self.seconds < 1:
            self._toasts.show(lambda _: words(0), icon=icon)
            return
        toast = self._toasts.show(
            words,
            seconds=self.seconds,
            action=undo or self.tr("Undo"),
            icon=icon,
        )
        toast.action_chosen.connect(partial(self.take_back, tasks, too_late, left))

    def take_back(self, tasks: list[int], too_late: str = "", left: str = "") -> None:
        """Cancel these tasks and show ``left``; if they have started, show ``too_late``."""
        too_late = too_late or self.tr("Too late: it was already sent")
        if self._source.api is None:
            again = partial(self.take_back, tasks, too_late, left)
            self._source.once_back(tuple(tasks), again)
            words = self.tr(
                "It is taken back once Sendoff answers again, if that is still possible"
            )
            self._toasts.show(words, icon="info")
            return
        told = partial(self._on_cancelled, too_late, left)
        self._ask(lambda api: Job(api.many.act, "cancel", tasks, key=new_key()).then(told))

    def _on_cancelled(self, too_late: str, left: str, answer: BulkAnswer) -> None:
        words = left if answer["touched"] else too_late
        if words:
            self._toasts.show(words, icon="info")
