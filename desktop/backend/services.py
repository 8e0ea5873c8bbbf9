"""The services of the routes: made by the composition root, kept on the application."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from desktop.contract.batches import BATCHES, BatchesEvent, BatchState
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.http.services import Beside, TaskServices

if TYPE_CHECKING:
    from starlette.requests import Request

    from desktop.backend.current_settings import CurrentSettings, SettingsEffects
    from desktop.backend.messages import MessageComposer
    from desktop.items.facade import Batches, DoNotSend, Register
    from desktop.mail.sign_in.account import SendingAccount
    from desktop.settings.secrets import Passwords
    from sendoff_tasks.events.journal import Frame


BATCHES_AT_ONCE: Final = 32
"""Batches of one event, to keep it below the size that a frame of tasks may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(TaskServices):
    """The backend's services: one of each in a process.

    ``drafting`` is held while rows of a draft are read, checked and written back.
    """

    settings: CurrentSettings
    letters: MessageComposer
    passwords: Passwords
    account: SendingAccount
    effects: SettingsEffects
    drafting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def batches(self) -> Batches:
        """The verbs and reads of batches."""
        from desktop.items.facade import Batches

        return Batches(self.engine, self.letters.about)

    @property
    def register(self) -> Register:
        """The items."""
        from desktop.items.facade import Register

        return Register(self.engine)

    @property
    def do_not_send(self) -> DoNotSend:
        """The list *Do not send*, and the messages that came back."""
        from desktop.items.facade import DoNotSend

        return DoNotSend(self.engine)

    def beside(self, frame: Frame) -> Beside:
        """Return the events of changed batches; finished ones match the counts before them."""
        told = [
            self._changed(frame.batches[start : start + BATCHES_AT_ONCE])
            for start in range(0, len(frame.batches), BATCHES_AT_ONCE)
        ]
        is_one_done = any(row["state"] == BatchState.DONE for each in told for row in each["rows"])
        return Beside([(BATCHES, each) for each in told], with_counts=is_one_done)

    def _changed(self, numbers: Sequence[int]) -> BatchesEvent:
        event = BatchesEvent(rows=[], gone=[])
        for number in numbers:
            try:
                event["rows"].append(self.batches.get(number))
            except UnknownId:
                event["gone"].append(number)
        return event


def services_of(request: Request) -> Services:
    """Find the services of the application a request came to."""
    return cast("Services", request.app.state.services)
