"""A sign-in under way: a page in the browser and a code for another device, until one answers."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import Unreached
from desktop.mail.sign_in.client import IssuerRefused
from desktop.mail.sign_in.loopback import BrowserAnswer, Loopback
from sendoff_tasks.folder.keys import new_secret

if TYPE_CHECKING:
    from desktop.mail.sign_in.client import DeviceCode, Granted, IssuerClient

LASTS: Final = timedelta(minutes=15)
SLOWER: Final = 5.0
"""Seconds by which polls are further apart after *slow down* (RFC 8628, 3.5)."""
_WITHOUT_CODE: Final = frozenset({SignInProblem.WRONG_CLIENT, SignInProblem.NO_PUBLIC_CLIENT})
"""The refusals by which Entra gives no token for a code to a program that may use the browser."""


@dataclass(frozen=True, slots=True)
class SignInEnd:
    """How a sign-in ended: ``granted``, or with a ``problem``; neither if it was cancelled."""

    granted: Granted | None = None
    problem: SignInProblem | None = None
    said: str = ""


class SigningIn:
    """One sign-in under way; thread-safe.

    The first of its ends counts. ``on_end`` is called for it in a thread, unless a person has
    cancelled it.
    """

    def __init__(
        self,
        client: IssuerClient,
        scope: str,
        hint: str,
        on_end: Callable[[SigningIn, SignInEnd], None],
    ) -> None:
        self._client = client
        self._scope = scope
        self._on_end = on_end
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._cancelled = False
        self._verifier = new_secret()
        state = new_secret()
        self._loopback = Loopback(state, self._answered)
        self._redirect = f"http://{client.issuer.loopback}:{self._loopback.port}/"
        self._deadline = time.monotonic() + LASTS.total_seconds()
        self.until = datetime.now(UTC) + LASTS
        self.page = client.page(self._redirect, state, self._verifier, scope, hint)
        """The address of the page on which a person signs in."""
        self.device: DeviceCode | None = None
        """The code for another device, once its issuer has given one."""
        threading.Thread(target=self._wait, name="sign-in", daemon=True).start()

    def cancel(self) -> None:
        """End it; an answer that is on its way is dropped."""
        self._cancelled = True
        if self._is_first_end():
            self._loopback.close()

    def _wait(self) -> None:
        """Poll for the other device until something ends it or its time is over."""
        ended = SignInEnd(problem=SignInProblem.NO_ANSWER)
        if self._client.issuer.device:
            with suppress(IssuerRefused, Unreached):  # the page in the browser remains
                self.device = self._client.begin_device(self._scope)
        interval = self.device.interval if self.device else math.inf
        while (left := self._deadline - time.monotonic()) > 0:
            if self._stop.wait(min(interval, left)):
                return
            if self.device is None:
                continue
            try:
                ended = SignInEnd(self._client.poll_device(self.device))
                break
            except Unreached:
                continue
            except IssuerRefused as error:
                if error.error == "slow_down":
                    interval += SLOWER
                elif error.error == "expired_token" or error.problem in _WITHOUT_CODE:
                    self.device, interval, ended = None, math.inf, _refused(error)
                elif error.error != "authorization_pending":
                    ended = _refused(error)
                    break
        if self._is_first_end():
            self._loopback.close()
            self._report(ended)

    def _answered(self, answer: BrowserAnswer) -> None:
        """Go on with the browser's answer, in the listener's thread."""
        if self._is_first_end():
            self._report(self._exchanged(answer))

    def _exchanged(self, answer: BrowserAnswer) -> SignInEnd:
        if "code" not in answer:
            error = answer.get("error_subcode") or answer.get("error", "")
            return _refused(IssuerRefused(error, answer.get("error_description", "")))
        try:
            return SignInEnd(self._client.exchange(answer["code"], self._redirect, self._verifier))
        except IssuerRefused as error:
            return _refused(error)
        except Unreached as error:
            return SignInEnd(problem=SignInProblem.UNREACHED, said=str(error))

    def _is_first_end(self) -> bool:
        with self._lock:
            is_first = not self._stop.is_set()
            self._stop.set()
        return is_first

    def _report(self, ended: SignInEnd) -> None:
        if not self._cancelled:
            self._on_end(self, ended)


def _refused(error: IssuerRefused) -> SignInEnd:
    """Return the end for a refusal; here, *revoked* is an answer that came too late."""
    problem = error.problem
    if problem is None or problem is SignInProblem.REVOKED:
        problem = SignInProblem.NO_ANSWER
    return SignInEnd(problem=problem, said=error.said)
