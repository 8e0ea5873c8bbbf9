"""Whether e-mails are kept or sent, and when those of mail-outs leave, by the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from desktop.contract.rules.hours import FOREVER, SendingHours

SWITCHES: Final = 100
"""Switches that are remembered; e-mails submitted before them may be sent or kept."""


class Sending:
    """Whether e-mails are only kept now or were earlier, and when mail-outs leave; thread-safe.

    Each switch is a moment, epoch ms, and whether e-mails are kept from then on. What was submitted
    before the first switch is sent or kept, by what counts at its time.
    """

    def __init__(self) -> None:
        self.switches: Sequence[tuple[int, bool]] = ()
        self.hours: SendingHours | None = None
        self._practising: bool | None = None

    def is_practice(self) -> bool:
        """Whether e-mails are kept; also before anything is known."""
        return self._practising is not False

    @property
    def is_known(self) -> bool:
        """Whether the settings were read."""
        return self._practising is not None

    def recall(self, switches: Sequence[tuple[int, bool]], *, practising: bool) -> None:
        """Go on as before the start."""
        self.switches, self._practising = switches, practising

    def switch(self, *, practising: bool, now: int, keeps: bool = False) -> None:
        """Begin or end practice mode after ``now``, epoch ms.

        What was submitted before the first switch counts as submitted for real: real sending, once
        set up, sends what was planned before. With ``keeps``, what is open is kept from now on.
        """
        before = () if keeps else self.switches or ((0, False),)
        self.switches = (*before, (now + 1, practising))[-SWITCHES:]
        self._practising = practising

    def span(self, moment: int) -> tuple[int, int]:
        """Return when mail-outs leave next from a moment on, and until when; epoch ms.

        Practice mode has no hours.
        """
        if self.hours is None or self.is_practice() or moment >= FOREVER:
            return moment, FOREVER
        return self.hours.span(moment)

    def waits(self, submitted: int) -> bool:
        """Tell whether an e-mail submitted then waits for real sending, epoch ms."""
        return self.is_practice() and self._was_practice(submitted) is False

    def asks(self, submitted: int) -> bool:
        """Tell whether an e-mail submitted then, in practice mode, is not sent unasked."""
        return not self.is_practice() and self._was_practice(submitted) is True

    def is_for_real(self, submitted: int) -> bool:
        """Tell whether practice mode would divert an e-mail submitted then."""
        return self._was_practice(submitted) is not True

    def _was_practice(self, at: int) -> bool | None:
        found = [practising for since, practising in self.switches if since <= at]
        return found[-1] if found else None
