"""``Idempotency-Key``: the same request twice has one effect and one answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Final

from desktop.backend.problems import ProblemError, bad_field
from desktop.engine.submission import Idempotency

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = {"Idempotent-Replayed": "true"}
"""Headers of an answer that was given before."""
KEY_LIMIT: Final = 200
KEPT: Final = 7 * 86_400
"""Seconds a key is remembered."""
ANSWERS: Final = 1000
"""Answers of ``Answers`` that are kept at most."""


def idempotency_of(request: Request, body: Any, note: Any = None) -> Idempotency | None:
    """Read the request's key; ``None`` when it has none. ``note`` goes with it to the store.

    Two requests are the same when route, query and checked body are; the order of keys in the
    body does not count. Raises ``ProblemError`` 422 for a key that cannot be one.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_LIMIT:
        raise bad_field(HEADER, f"A key has 1 to {KEY_LIMIT} characters.")
    asked = [request.method, request.url.path, request.url.query, body]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return Idempotency(key, digest, note)


class Answers:
    """First answers of the calls that leave nothing in the store: mail tests and previews.

    They live as long as the backend: all that a key forgotten by a restart can cost is a second
    test mail. What schedules tasks keeps its keys in the store, in the tasks' own transaction.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[float, str, asyncio.Future[Any]]] = {}

    async def once(
        self, idempotency: Idempotency | None, call: Callable[[], Awaitable[Any]]
    ) -> tuple[Any, bool]:
        """Give the answer of ``call``, and whether it is an earlier one.

        A failure is not remembered. Raises ``ProblemError`` 409 for a key of another request.
        """
        if idempotency is None:
            return await call(), False
        self._forget()
        known = self._answers.get(idempotency.key)
        if known is not None:
            _, body_hash, answer = known
            if body_hash != idempotency.body_hash:
                raise ProblemError(409, f"This {HEADER} was used for another request.")
            return await asyncio.shield(answer), True
        return await self._first(idempotency, call), False

    async def _first(self, idempotency: Idempotency, call: Callable[[], Awaitable[Any]]) -> Any:
        answer = asyncio.ensure_future(call())
        self._answers[idempotency.key] = (self._clock(), idempotency.body_hash, answer)
        try:
            return await asyncio.shield(answer)
        except Exception:
            self._answers.pop(idempotency.key, None)
            raise

    def _forget(self) -> None:
        """Drop answers that are too old, and the oldest when there are too many."""
        too_old = self._clock() - KEPT
        for key, (at, _, answer) in list(self._answers.items()):
            if at > too_old and len(self._answers) < ANSWERS:
                break
            if answer.done():
                del self._answers[key]
