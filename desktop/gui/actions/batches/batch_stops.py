"""Pauses a batch while its cancel can still be undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.client.errors import BackendGone
from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api, ApiSource
    from desktop.gui.jobs import Jobs


class BatchStops:
    """Pauses and resumes batches; the last request for a batch wins.

    The backend stores the pause, so it outlives this window and the backend. While the backend is
    away, nothing is sent anyway; the request follows once it is back.
    """

    def __init__(
        self, source: ApiSource, jobs: Jobs, failed: Callable[[Exception], object]
    ) -> None:
        self._source = source
        self._jobs = jobs
        self._failed = failed
        self._wanted: dict[int, bool] = {}  # whether to pause, by batch with a request under way

    def stop(self, number: int) -> None:
        """Pause a batch."""
        self._want(number, is_stopped=True)

    def let_go(self, number: int) -> None:
        """Resume a batch that was paused here."""
        self._want(number, is_stopped=False)

    def _want(self, number: int, *, is_stopped: bool) -> None:
        is_under_way = number in self._wanted
        self._wanted[number] = is_stopped
        if not is_under_way:
            self._ask(number)

    def _ask(self, number: int) -> None:
        is_stopped, api = self._wanted[number], self._source.api
        if api is None:
            self._source.once_back((BatchStops, number), partial(self._ask, number))
            return
        job = Job(api.batches.pause if is_stopped else api.batches.resume, number)
        job = job.then(partial(self._on_answer, number, is_stopped=is_stopped))
        self._jobs.start(job.otherwise(partial(self._on_failed, number, api)))

    def _on_answer(self, number: int, _: object, *, is_stopped: bool) -> None:
        if self._wanted[number] == is_stopped:
            del self._wanted[number]
        else:
            self._ask(number)

    def _on_failed(self, number: int, asked: Api, error: Exception) -> None:
        if isinstance(error, BackendGone) and self._source.api in {None, asked}:
            self._source.once_back((BatchStops, number), partial(self._ask, number))
        elif isinstance(error, BackendGone):
            self._ask(number)
        else:
            del self._wanted[number]
            self._failed(error)
