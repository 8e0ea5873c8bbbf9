"""What a mail server takes, learned by trying: how many connections, and how soon it takes more.

Providers word their limits in many ways and languages, so a limit is known by what the server does:
an answer that every message gets is about the sender, the login or a limit, not about a message.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Final

from desktop.contract.items import MAIL_AT_ONCE
from desktop.mail import errors
from desktop.mail.smtp.dialogue import is_about_settings, is_greylisting, is_no_such_recipient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALIKE: Final = 5
"""This many refusals in a row with one code are about every message, if they were for several
domains; if they are about the sender or temporary, several addresses are enough."""
FIRST_TRIES: Final = 20
"""As many temporary refusals are about every message if each address was tried for the first time:
before that, it may be greylisting."""
REMEMBERED: Final = 10_000
"""Addresses whose first try is remembered."""
SHORTEST_S: Final = 1.0
"""The shortest wait before one message tries again, s."""
LONGEST_S: Final = 3600.0
"""The longest, s."""
MORE_AFTER_S: Final = 600.0
"""Seconds after which one more connection is tried than the server allowed."""
ALONE_S: Final = 2.0
"""Seconds after the start in which one message is sent at a time. A program that crashes soon after
each of its starts leaves the outcome of one message open each time, not of as many as it can send
at once."""
FIRST: Final = 2
"""Messages that are sent at the same time then. A hundred messages later there are 16, so a server
does not see all connections at once."""
LOOK_AGAIN: Final = 1.0
"""Seconds between two checks whether a waiting message was cancelled."""


class Capacity:
    """What one server takes; thread-safe.

    A message holds a turn while it is sent. There is one turn in the first ``ALONE_S``, then there
    are ``FIRST``, so a server that leaves one message without an answer does not stop all others.
    Each whole round of accepted messages makes it one more. After a refusal that is about every
    message there is one turn. Then each accepted message makes it one more, up to half of what was
    too many, and from there on each round (slow start and congestion avoidance, RFC 5681).
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, most: int = MAIL_AT_ONCE
    ) -> None:
        """Know nothing of the server but that it takes ``most`` messages at once."""
        self._clock = clock
        self._most = most
        self._changed = threading.Condition()
        self._turns = 0  # messages that are being sent
        self._allowed = most  # connections, as the server allows them
        self._more_at = 0.0
        self._window = self._enough = float(FIRST)  # turns, never more than connections
        self._alone_until = clock() + ALONE_S
        self._refused = _Alike()
        self._greylisting = _Greylisting()
        self._pace = _Pace()
        self._has_accepted = False
        self._last: errors.MailQuota | None = None  # the last refusal of all messages
        self._last_at = 0.0

    @contextmanager
    def turn(self, check: Callable[[], object]) -> Iterator[None]:
        """Wait for a turn, and hold it; ``check`` may raise while waiting.

        Raises:
            MailQuota: if the server has refused all messages meanwhile.
        """
        asked = self._clock()
        with self._changed:
            while self._turns >= self._given():
                check()
                self._changed.wait(LOOK_AGAIN)
            self._check(asked)
            self._turns += 1
        try:
            yield
        finally:
            with self._changed:
                self._turns -= 1
                self._changed.notify_all()

    @contextmanager
    def judging(self, address: str) -> Iterator[None]:
        """Send a message to ``address`` in the block; its error becomes what it means."""
        began = time.monotonic()
        try:
            yield
        except errors.MailError as error:
            judged = self.judge(error, address, began)
            if judged is error:
                raise
            raise judged from error
        self.accepted(address, began)

    def limit_connections(self, count: int) -> None:
        """Note that the server refused a connection beside ``count`` others."""
        with self._changed:
            self._allowed = max(1, min(self._allowed, count))
            self._more_at = self._clock() + MORE_AFTER_S

    def accepted(self, address: str, began: float) -> None:
        """Note that the server accepted a message to ``address`` whose sending ``began`` then."""
        now = self._clock()
        with self._changed:
            self._has_accepted = True
            self._refused.clear()
            self._greylisting.accepted(address, now)
            self._pace.accepted(began, now)
            if self._allowed < self._most and now >= self._more_at:
                self._allowed += 1
                self._more_at = now + MORE_AFTER_S
            if now >= self._alone_until:
                more = 1.0 if self._window < self._enough else 1 / self._window
                self._window = min(self._window + more, self._most)
            self._changed.notify_all()

    def judge(self, error: errors.MailError, address: str, began: float) -> errors.MailError:
        """Return what the refusal of a message to ``address`` means, given the answers before it.

        A message whose sending ``began`` before the server was to be tried again adds nothing to
        how long it is waited.
        """
        if error.code is None or isinstance(error, errors.MailHeld):
            return error
        with self._changed:
            if not isinstance(error, errors.MailQuota):
                if _is_about_settings(error) and not self._has_accepted:
                    return _held(error)
                if not self._is_about_all(error, address):
                    return error
                error = _refuses_all(error)
            now = self._clock()
            error.after = self._pace.refused(began, now, error.after)
            self._last, self._last_at = error, now
            if self._window > 1:
                self._window, self._enough = 1.0, max(1.0, self._window / 2)
            return error

    def _given(self) -> int:
        """Return how many turns there are now."""
        if self._clock() < self._alone_until:
            return 1
        return min(int(self._window), self._allowed)

    def _check(self, asked: float) -> None:
        """Raise the refusal of all that came since ``asked``, unless its wait is over."""
        left = self._pace.left(self._clock())
        if self._last is not None and left > 0 and asked < self._last_at:
            error = copy(self._last)
            error.after = left
            raise error

    def _is_about_all(self, error: errors.MailError, address: str) -> bool:
        """Note a refusal; tell whether messages for anyone got the same before."""
        answer = error.code, error.enhanced
        if isinstance(error, errors.MailLater):
            if is_greylisting(error.said or ""):
                return False
            now = self._clock()
            is_first, error.after = self._greylisting.refused(address, now)
            if error.after is not None:
                return False
            most = FIRST_TRIES if is_first else ALIKE
            is_about_all = self._refused.add(answer, address, address, most)
            if is_about_all:
                self._greylisting.all_refused()
            return is_about_all
        says_whose = error.enhanced is not None or is_no_such_recipient(error.said or "")
        is_its_own = isinstance(error, errors.WrongLetter) or (
            isinstance(error, errors.WrongAddress) and says_whose
        )
        if is_its_own or not isinstance(error, errors.MailFinal):
            return False
        group = address if _is_about_settings(error) else address.rpartition("@")[2]
        return self._refused.add(answer, address, group)


class _Alike:
    """The refusals since the last accepted message that had one reply code.

    An answer that was about all messages once is believed sooner: at the second address.
    """

    def __init__(self) -> None:
        self._answer: object = None
        self._count = 0
        self._groups: set[str] = set()
        self._known: set[object] = set()
        self._last = ""

    def clear(self) -> None:
        self._count = 0
        self._groups.clear()

    def add(self, answer: object, address: str, group: str, most: int = ALIKE) -> bool:
        """Note one; tell whether it is about all: ``most`` came before it.

        ``group`` is the domain or the address of which there must be several.
        """
        is_again, self._last = address == self._last, address
        if answer in self._known and not is_again:
            return True
        if answer != self._answer:
            self.clear()
            self._answer = answer
        if self._count >= most and len(self._groups | {group}) > 1:
            self._known.add(answer)
            return True
        self._count += 1
        self._groups.add(group)
        return False


class _Greylisting:
    """Addresses that were refused for now, and how long it takes until such a one is taken.

    Greylisting (RFC 6647) refuses each address until some time after its first try. When all were
    refused, it is told from a limit by what is taken next: addresses that were refused before, or
    also one that is new.
    """

    def __init__(self) -> None:
        self._tried_at: dict[str, float] = {}
        self._delay: float | None = None  # infinite before one was taken; ``None``: no greylisting

    def refused(self, address: str, now: float) -> tuple[bool, float | None]:
        """Note a refusal; tell whether it is the address's first, and how long that has to wait.

        ``None`` if it is not known to be greylisting.
        """
        is_first = address not in self._tried_at
        if is_first and len(self._tried_at) >= REMEMBERED:
            del self._tried_at[next(iter(self._tried_at))]
        since = now - self._tried_at.setdefault(address, now)
        if self._delay is None or not since < self._delay < math.inf:
            return is_first, None
        return is_first, max(SHORTEST_S, self._delay - since)

    def accepted(self, address: str, now: float) -> None:
        tried_at = self._tried_at.pop(address, None)
        if tried_at is None:
            self._delay = None
        elif self._delay is not None:
            self._delay = min(self._delay, now - tried_at)

    def all_refused(self) -> None:
        """Note that the last refusal was about all."""
        self._delay = math.inf


class _Pace:
    """How long a server that refused accepts nothing: three quarters of the last time, then steps.

    The steps begin with an eighth of it and double. So a limit of a second is found in a second,
    and one of an hour again within an eighth.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._until = 0.0
        self._step = SHORTEST_S
        self._learned = 0.0

    def left(self, now: float) -> float:
        """Return the seconds until one message tries again; 0 or less if it may."""
        return self._until - now if self._since is not None else 0.0

    def refused(self, began: float, now: float, named: float | None) -> float:
        """Return the seconds until one message tries again, ``named`` ones if the server said."""
        if named is not None:
            self._since = now if self._since is None else self._since
            self._until = now + named
        elif self._since is None:
            self._since, self._step = now, max(SHORTEST_S, self._learned / 8)
            self._until = now + max(SHORTEST_S, self._learned * 3 / 4)
        elif began >= self._until:
            self._until = now + min(self._step, LONGEST_S)
            self._step *= 2
        return max(self.left(now), 0.0)

    def accepted(self, began: float, now: float) -> None:
        """End the wait, unless the message was on its way before the refusal."""
        if self._since is not None and began >= self._until:
            self._learned, self._since = now - self._since, None


def _is_about_settings(error: errors.MailError) -> bool:
    return is_about_settings(error.enhanced, error.said or "")


def _held(error: errors.MailError) -> errors.MailHeld:
    return errors.MailHeld("check_settings", text=str(error), **error.answer)


def _refuses_all(error: errors.MailError) -> errors.MailQuota:
    """Make the error for an answer that every message gets."""
    reason = "refuses_all" if isinstance(error, errors.MailFinal) else "quota"
    return errors.MailQuota(reason, **error.answer)
