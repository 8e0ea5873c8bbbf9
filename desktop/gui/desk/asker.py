"""Asking the backend that is there: one way for all who fill a sheet or carry out a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.client.errors import BackendGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.gui.jobs import Job, Jobs, Ticket


class Asker:
    """Starts jobs that ask the present backend; ``failed`` hears why one was not answered."""

    def __init__(
        self, source: ApiSource, jobs: Jobs, failed: Callable[[Exception], object]
    ) -> None:
        self._source = source
        self._jobs = jobs
        self._failed = failed

    def __call__(
        self,
        job: Callable[[Api], Job[Any]],
        failed: Callable[[Exception], object] | None = None,
    ) -> Ticket | None:
        """Start the job; while there is no backend, it fails at once with ``BackendGone``."""
        failed = failed or self._failed
        if self._source.api is None:
            failed(BackendGone())
            return None
        return self._jobs.start(job(self._source.api).otherwise(failed))
