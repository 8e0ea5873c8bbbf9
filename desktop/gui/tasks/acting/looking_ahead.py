"""Asks the backend what the buttons for several tasks would do, before one is pressed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer

from desktop.gui.link.jobs import Job
from desktop.gui.tasks.acting.task_actions import MOST_PREVIEWED, preview_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import Api, ApiSource
    from desktop.contract.tasks import BulkAction, BulkAnswer
    from desktop.gui.link.jobs import Jobs, Ticket
    from desktop.gui.tasks.acting.pending_actions import PendingActions, PreviewKey
    from desktop.gui.tasks.acting.task_actions import Selected

SETTLE_MS: Final = 200
"""Milliseconds without a change of the selection before the backend is asked."""
AGAIN_MS: Final = 2000
"""Milliseconds before the backend is asked again about tasks that have changed."""


class LookingAhead(QObject):
    """Lets the buttons say how many tasks each applies to, as the backend judges it now.

    The tasks' states alone do not tell: for example, a message that was sent again is not retried.
    """

    def __init__(
        self,
        view: str,
        selected: Callable[[], Selected],
        pending: PendingActions,
        source: ApiSource,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        """Follow the selection of ``view``, which ``selected`` returns."""
        super().__init__(parent)
        self._view = view
        self._selected = selected
        self._pending = pending
        self._source = source
        self._jobs = jobs
        self._asked: object = None
        self._ticket: Ticket | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_rested)

    def look(self) -> None:
        """Ask once the selection, which has changed, stays the same."""
        self._timer.start(SETTLE_MS)

    def look_again(self) -> None:
        """Ask after a while: the selected tasks may have changed."""
        if self._asked is not None and not self._timer.isActive():
            self._timer.start(AGAIN_MS)

    def _on_rested(self) -> None:
        selected, api = self._selected(), self._source.api
        if not 1 < selected.count <= MOST_PREVIEWED or api is None:
            self._asked = None
            self._pending.set_previews({}, self._view)
            return
        revisions = [(row.id, row.rev) for row in selected.rows]
        asked = (
            revisions,
            selected.query,
            dict(selected.counts),
            self._pending.of_rows(selected.rows),
        )
        if asked == self._asked:
            return
        self._asked = asked
        looks = [look for each in selected.offered if (look := preview_key(each))]
        if self._ticket is not None:
            self._ticket.cancel()
        set_previews = partial(self._pending.set_previews, view=self._view)
        job = Job(_look, api, looks).then(set_previews)
        self._ticket = self._jobs.start(job.otherwise(lambda _: None))  # the states alone must do


def _look(api: Api, looks: Sequence[PreviewKey]) -> dict[PreviewKey, BulkAnswer]:
    """Ask the backend what each action would do."""
    found: dict[PreviewKey, BulkAnswer] = {}
    for deed, which in looks:
        given = (list(which), None) if isinstance(which, tuple) else (None, which)
        found[deed, which] = api.many.preview(cast("BulkAction", deed), *given)
    return found
