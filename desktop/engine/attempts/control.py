"""What stops an attempt, and its point of no return: how it is crossed, and the evidence of it."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from desktop.contract.tasks import Deed
from desktop.engine.errors import Fenced, TaskCancelled


class CancelReason(StrEnum):
    """Why an attempt is asked to stop."""

    PERSON = "person"
    """A person cancelled the task."""
    TIMEOUT = "timeout"
    """It ran past its timeout before its point of no return."""
    STOP = "stop"
    """The engine stops; the task is given back."""
    FENCED = "fenced"
    """The attempt is no longer the task's own."""


SENTENCES = {
    CancelReason.PERSON: Deed.CANCELLED.value,
    CancelReason.TIMEOUT: "It ran past its timeout.",
    CancelReason.STOP: "The engine is stopping.",
    CancelReason.FENCED: "Another attempt has taken over.",
}


def go_on() -> None:
    """Give way to nothing."""


class Control:
    """One attempt's cancel flag and point of no return; the first reason to stop stays.

    ``give_way`` is called behind the point: the attempt goes on to compute, and may have to wait.
    """

    def __init__(self, give_way: Callable[[], None] = go_on) -> None:
        self._give_way = give_way
        self._lock = threading.Lock()
        self._reason: CancelReason | None = None
        self._begun = False
        self.kept = False  # the effect stayed here: practice
        self.turn = -math.inf  # when its wait for a turn ended, monotonic s; inf while it waits
        self._crossings = 0  # begun and not refused; a task's threads may cross together

    @property
    def reason(self) -> CancelReason | None:
        """Why the attempt is to stop, or ``None`` while it may go on."""
        return self._reason

    @property
    def begun(self) -> bool:
        """Whether the function may have been called."""
        return self._begun

    @property
    def past_point_of_no_return(self) -> bool:
        """Whether the point of no return was begun: from here on only an answer is certain."""
        return self._crossings > 0

    def begin(self) -> bool:
        """Note that the function is about to be called; ``False`` when the attempt is to stop."""
        with self._lock:
            if self._reason is None:
                self._begun = True
            return self._reason is None

    def cancel(self, reason: CancelReason) -> bool:
        """Ask the attempt to stop; ``False`` when a timeout comes after the point of no return."""
        with self._lock:
            if reason is CancelReason.TIMEOUT and self.past_point_of_no_return:
                return False
            self._reason = self._reason or reason
            return True

    def check(self) -> None:
        """Raise ``TaskCancelled`` when the attempt was asked to stop."""
        if self._reason is not None:
            raise TaskCancelled(SENTENCES[self._reason])

    @contextmanager
    def awaiting_turn(self) -> Iterator[None]:
        """Wait for a turn in the body; the timeout counts from its end."""
        self.turn = math.inf
        try:
            yield
        finally:
            self.turn = time.monotonic()

    @contextmanager
    def point_of_no_return(self) -> Iterator[None]:
        """Cross while the body writes it down; a body that fails steps back: nothing has happened.

        Raises ``TaskCancelled`` when the attempt was asked to stop before, or is fenced.
        """
        with self._lock:
            self.check()
            self._crossings += 1
        try:
            yield
        except Fenced:
            self._step_back()
            self.cancel(CancelReason.FENCED)
            self.check()
        except BaseException:
            self._step_back()
            raise
        self._give_way()

    def _step_back(self) -> None:
        with self._lock:
            self._crossings -= 1


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over, to whom, and when, in epoch ms; both texts may be empty."""

    at: int
    what: str = ""
    to: str = ""

    def encode(self) -> str:
        """Write it as the store keeps it."""
        return json.dumps({"at": self.at, "what": self.what, "to": self.to}, ensure_ascii=False)

    @classmethod
    def decode(cls, text: str) -> HandOver:
        """Read what :meth:`encode` wrote."""
        return cls(**json.loads(text))

    @property
    def sentence(self) -> str:
        """Say it to a person, without a full stop; empty where the task has told nothing."""
        if not self.what and not self.to:
            return ""
        to = f" to {self.to}" if self.to else ""
        return f"Handed over{to}: {self.what}" if self.what else f"Handed over{to}"
