"""Decides whether the next group waits for the notes of workers, whose slots it needs."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.engine.transaction.replies import Request


class WorkerWait:
    """Whether the next group waits for the request that brings workers' notes.

    It does while workers lack slots for another group like the last one, and that request was
    answered and has not come again. It waits only once, because their attempts may be slow.

    Callers' threads read :attr:`is_on` and call :meth:`came`, under the lock of the inbox. The
    writer thread alone does the rest.
    """

    def __init__(self) -> None:
        self.lacks_slots = False  # whether workers lack slots for another group like the last one
        self._is_away = False  # whether the request that brings workers' notes will come again

    @property
    def is_on(self) -> bool:
        """Whether the next group needs the slots that workers' next notes free."""
        return self.lacks_slots and self._is_away

    def came(self, request: Request) -> None:
        """Take note of a request that was left for the writer."""
        if request.ahead is not None:
            self._is_away = False

    def answered(self, requests: Sequence[Request]) -> int:
        """Take note of the requests of a group; return how many requests to expect after it."""
        callers = sum(request.ahead is None for request in requests)
        if callers < len(requests):
            self._is_away = True
        return callers + self.is_on

    def give_up(self) -> None:
        """End the wait, until the request has been answered again."""
        if self.is_on:
            self._is_away = False
