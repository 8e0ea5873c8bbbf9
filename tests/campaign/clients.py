"""Sixteen clients that post items and post them again until they are answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendBusy, BackendGone, ClientError
from tests.campaign.caller import Caller

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.items import NewItem

CLIENTS: Final = 16


@dataclass
class Clients(Caller):
    """Post items 1 … ``items``; ``accepted`` holds those that were answered.

    ``allowance`` says up to which number they may go: the campaign spreads its items over all its
    faults.
    """

    items: int
    accepted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._next = 1
        self._allowance = 0
        self._threads = [threading.Thread(target=self._post) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def allow(self, upto: int) -> None:
        """Let them go on up to this item."""
        with self._changed:
            self._allowance = min(upto, self.items)
            self._changed.notify_all()

    def wait_accepted(self, number: int, within: float) -> bool:
        """Wait until so many were answered; tells whether they were within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.accepted) >= number, within)

    def wait_refused_or(self, number: int, within: float) -> bool:
        """Wait until another answer was a refusal, or so many items were accepted."""
        with self._changed:
            before = self.refused
            return self._changed.wait_for(
                lambda: self.refused > before or len(self.accepted) >= number, within
            )

    def end(self) -> None:
        """Let every client end; none is left in the middle of a post."""
        self._end(*self._threads)

    def _post(self) -> None:
        while (number := self._take()) is not None:
            body: NewItem = {
                "recipient": {"name": f"Guest {number}", "email": f"g{number}@example.org"},
                "tasks": ["send_confirmation_email", "record"],
            }
            api: Api | None = None
            while (api := self._present(other_than=api)) is not None:
                if self._answered(api, number, body):
                    break

    def _take(self) -> int | None:
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._next <= self._allowance)
            if self._over:
                return None
            self._next += 1
            return self._next - 1

    def _answered(self, api: Api, number: int, body: NewItem) -> bool:
        """Post until it is answered; false when the backend is gone."""
        while not self._over:
            try:
                api.items.submit(number, body, new_key())
            except BackendGone:
                return False
            except BackendBusy as error:
                self._note_refusal(error.retry_after)
            except ClientError as error:
                self.odd.append(f"item {number}: {error}")
                return True
            else:
                with self._changed:
                    self.accepted.add(number)
                    self._changed.notify_all()
                return True
        return True

    def _note_refusal(self, retry_after: float) -> None:
        with self._changed:
            self.refused += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._over, min(retry_after, 0.2))
