"""Reads the rows of a spreadsheet into a draft, one piece after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.errors import BackendBusy, BackendGone
from desktop.gui.importing.import_calls import Upload, Uploaded
from desktop.gui.link.jobs import Job
from desktop.sheets import Stop

if TYPE_CHECKING:
    from collections.abc import Collection

    from desktop.client.api import ApiSource
    from desktop.gui.link.jobs import Jobs
    from desktop.sheets import Description

AGAIN_AFTER_MS: Final = 1000
"""Milliseconds until a piece is sent again while the backend is away."""


class Reading(QObject):
    """Reads one file at a time.

    ``turned_to`` carries the number of the draft whose file is read from now on, or ``None``.
    ``progressed`` carries the share that is read, 0 to 1. ``ended`` follows the last row, with an
    :class:`Uploaded`. ``failed`` carries an error of the file or a refusal; ``ended`` comes before
    it, with ``None``. ``waits`` carries an error after which reading continues once the backend is
    back.
    """

    turned_to = Signal(object)
    progressed = Signal(float)
    ended = Signal(object)
    failed = Signal(object)
    waits = Signal(object)

    def __init__(self, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._jobs = jobs
        self._stop = Stop()
        self._upload: Upload | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER_MS)
        self._again.timeout.connect(self._put_next)

    @property
    def is_under_way(self) -> bool:
        """Whether a file is being read."""
        return self._upload is not None

    def begin(
        self,
        found: Description,
        columns: dict[str, str | None],
        plain: Collection[str],
        number: int,
        there: int,
        replaces: int | None,
    ) -> None:
        """Read the rows of a file into a draft that already has the first ``there`` rows.

        Once all are read, the draft that it ``replaces`` is deleted.
        """
        self.stop()
        self._stop = Stop()
        self._turn_to(Upload(found, columns, plain, number, self._stop, there, replaces))
        self.progressed.emit(0.0)
        self._put_next()

    def stop(self) -> None:
        """Stop reading; the rows read so far stay in the draft."""
        self._again.stop()
        self._stop.now()
        upload = self._upload
        if upload is not None:
            self._turn_to(None)
            self._jobs.start(Job(upload.close))

    def _turn_to(self, upload: Upload | None) -> None:
        self._upload = upload
        self.turned_to.emit(None if upload is None else upload.number)

    def _put_next(self) -> None:
        upload = self._upload
        if upload is None:
            return
        if self._source.api is None:
            self._wait(BackendGone())
            return
        job = Job(upload.put_next, self._source.api).then(partial(self._on_put, upload))
        self._jobs.start(job.otherwise(partial(self._on_not_put, upload)))

    def _on_put(self, upload: Upload, told: float | Uploaded) -> None:
        if upload is not self._upload:
            return
        if isinstance(told, float):
            self.progressed.emit(told)
            self._put_next()
        else:
            self._turn_to(None)
            self.ended.emit(told)

    def _on_not_put(self, upload: Upload, error: Exception) -> None:
        if upload is not self._upload:
            return
        if isinstance(error, BackendGone | BackendBusy):
            self._wait(error)
            return
        self._turn_to(None)
        self.ended.emit(None)
        self.failed.emit(error)

    def _wait(self, error: Exception) -> None:
        self._again.start()
        self.waits.emit(error)
