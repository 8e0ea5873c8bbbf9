"""An attempt's cancel flag and point of no return, and the evidence of a hand-over."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sendoff_tasks.errors import Fenced, TaskCancelled
from sendoff_tasks.words.table import ENGLISH


class CancelReason(StrEnum):
    """Why an attempt is asked to stop."""

    PERSON = "person"
    """A person cancelled the task."""
    TIMEOUT = "timeout"
    """The attempt ran past its timeout before its point of no return."""
    STOP = "stop"
    """The engine stops and gives the task back."""
    FENCED = "fenced"
    """The attempt no longer owns the task."""


def stop_sentence(reason: CancelReason) -> str:
    """Say why an attempt is asked to stop."""
    return ENGLISH.say("stop", reason)


def go_on() -> None:
    """Do not give way."""


class Control:
    """One attempt's cancel flag and point of no return; the first reason to stop stays.

    ``give_way`` is called after the point of no return: the attempt continues to compute, and may
    have to wait for requests first.
    """

    def __init__(self, give_way: Callable[[], None] = go_on) -> None:
        self._give_way = give_way
        self._lock = threading.Lock()
        self.reason: CancelReason | None = None  # why the attempt should stop
        self.begun = False  # whether the function may have been called
        self.kept = False  # the effect was kept here, for now
        self.turn = -math.inf  # when the wait for a turn ended, monotonic s; inf during the wait
        self._crossings = 0  # points of no return begun; a task's threads may cross together

    @property
    def past_point_of_no_return(self) -> bool:
        """Whether the point of no return was begun; from then on only an answer is certain."""
        return self._crossings > 0

    def begin(self) -> bool:
        """Record that the function is about to be called; ``False`` if the attempt should stop."""
        with self._lock:
            if self.reason is None:
                self.begun = True
            return self.reason is None

    def cancel(self, reason: CancelReason) -> bool:
        """Ask the attempt to stop; ``False`` for a timeout after the point of no return."""
        with self._lock:
            if reason is CancelReason.TIMEOUT and self.past_point_of_no_return:
                return False
            self.reason = self.reason or reason
            return True

    def check(self) -> None:
        """Raise ``TaskCancelled`` if the attempt was asked to stop."""
        if self.reason is not None:
            raise TaskCancelled(stop_sentence(self.reason))

    @contextmanager
    def awaiting_turn(self) -> Iterator[None]:
        """Wait for a turn in the body; the timeout counts from the end of the body."""
        self.turn = math.inf
        try:
            yield
        finally:
            self.turn = time.monotonic()

    @contextmanager
    def point_of_no_return(self) -> Iterator[None]:
        """Cross the point of no return while the body writes it down.

        If the body fails, the crossing is undone: nothing has happened. Raises ``TaskCancelled``
        if the attempt was asked to stop before, or is fenced.
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
    """What was handed over, to whom, and when (epoch ms); both texts may be empty."""

    at: int
    what: str = ""
    to: str = ""

    def encode(self) -> str:
        """Return the hand-over as the store keeps it."""
        return json.dumps({"at": self.at, "what": self.what, "to": self.to}, ensure_ascii=False)

    @classmethod
    def decode(cls, text: str) -> HandOver:
        """Reverse :meth:`encode`."""
        return cls(**json.loads(text))

    @property
    def sentence(self) -> str:
        """The hand-over as a sentence without a full stop; empty if the task gave no texts."""
        if not self.what and not self.to:
            return ""
        to = f" to {self.to}" if self.to else ""
        return f"Handed over{to}: {self.what}" if self.what else f"Handed over{to}"
