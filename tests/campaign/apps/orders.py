"""Sixteen clients that place orders with an app."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import httpx

from tests.campaign.clients import CLIENTS

PACE_S: Final = 0.1
"""Seconds from the start of one request of a client to its next."""
TIMEOUT_S: Final = 120.0
"""Busy cores take their time until the processes of a reload have loaded the app."""
SLOW_OF: Final = 100
"""One order in so many takes seconds to deliver."""
IDLE_S: Final = 1.0
"""A connection that is kept is used again for so long: less than a server keeps it."""
NO_ANSWER: Final = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
"""The connection was closed instead of an answer."""


@dataclass
class Orders:
    """Place orders until so many were answered; each request is an order of its own.

    ``answered`` holds the orders that were, and how many seconds each took; ``broken`` those whose
    connection ended without an answer, and how. ``refused`` are answers that say no.

    Each request has a connection of its own, or with ``kept`` each client. With ``again``, one that
    got no answer is sent once more, as a proxy may be told to; ``sent_again`` counts them.
    """

    url: str
    kept: bool = False
    again: bool = False
    answered: dict[int, float] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)
    refused: int = 0
    sent_again: int = 0
    odd: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._last = self._allowance = self._open = 0
        self._over = False
        self._threads = [threading.Thread(target=self._place) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def allow(self, upto: int) -> None:
        """Let them go on until so many orders are answered."""
        with self._changed:
            self._allowance = upto
            self._changed.notify_all()

    def wait_answered(self, number: int, within: float) -> bool:
        """Wait until so many were answered; tells whether they were within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.answered) >= number, within)

    def end(self) -> None:
        """Let every client end."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _place(self) -> None:
        one = httpx.Limits(max_keepalive_connections=int(self.kept), keepalive_expiry=IDLE_S)
        with httpx.Client(
            base_url=self.url, timeout=TIMEOUT_S, trust_env=False, limits=one
        ) as client:
            while (order := self._take()) is not None:
                began = time.monotonic()
                self._ask(client, order, began)
                with self._changed:
                    self._changed.wait_for(lambda: self._over, began + PACE_S - time.monotonic())

    def _take(self) -> int | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or len(self.answered) + self._open < self._allowance
            )
            if self._over:
                return None
            self._open += 1
            self._last += 1
            return self._last

    def _ask(self, client: httpx.Client, order: int, began: float) -> None:
        request = client.build_request(
            "POST", f"/orders/{order}", params={"slowly": order % SLOW_OF == 0}
        )
        try:
            try:
                answer = client.send(request)
            except NO_ANSWER:
                if not self.again:
                    raise
                with self._changed:
                    self.sent_again += 1
                answer = client.send(request)
        except httpx.TransportError as error:
            self._note(order, error, time.monotonic() - began)
        else:
            self._note(order, answer, time.monotonic() - began)

    def _note(self, order: int, came: httpx.Response | httpx.TransportError, took: float) -> None:
        with self._changed:
            self._open -= 1
            if isinstance(came, httpx.TransportError):
                self.broken[order] = f"{came!r} at {time.strftime('%H:%M:%S')} after {took:.1f} s"
                if isinstance(came, httpx.TimeoutException):
                    self.odd.append(f"order {order}: {came!r}")
            elif came.status_code == HTTPStatus.OK:
                self.answered[order] = took
            else:
                self.refused += 1
                self.odd.append(f"order {order}: {came.status_code} {came.text[:200]}")
            self._changed.notify_all()
