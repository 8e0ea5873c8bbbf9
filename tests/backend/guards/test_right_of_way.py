"""A request has the right of way while the backend works for it, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.backend.guards.right_of_way import RightOfWayMiddleware
from desktop.engine.lanes.right_of_way import RightOfWay

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

pytestmark = pytest.mark.anyio


class Counted(RightOfWay):
    """Tells how many requests have it."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def take(self) -> None:
        super().take()
        self.held += 1

    def release(self) -> None:
        super().release()
        self.held -= 1


async def test_it_is_had_from_the_body_to_the_answer() -> None:
    way = Counted()
    seen: list[tuple[str, int]] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(("called", way.held))
        await receive()
        seen.append(("has its body", way.held))
        await send({"type": "http.response.start", "status": 200})
        seen.append(("begins to answer", way.held))
        await send({"type": "http.response.body", "more_body": True})
        seen.append(("has sent the first part", way.held))
        await receive()
        seen.append(("its client went", way.held))

    messages = iter([{"type": "http.request"}, {"type": "http.disconnect"}])

    async def receive() -> Message:
        seen.append(("waits", way.held))
        return next(messages)

    async def send(_message: Message) -> None: ...

    await RightOfWayMiddleware(app, right_of_way=way)({"type": "http"}, receive, send)
    assert seen == [
        ("called", 1),
        ("waits", 0),
        ("has its body", 1),
        ("begins to answer", 1),
        ("has sent the first part", 0),
        ("waits", 0),
        ("its client went", 0),
    ]


async def test_a_request_that_fails_gives_it_back() -> None:
    way = Counted()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None: ...

    with pytest.raises(ZeroDivisionError):
        await RightOfWayMiddleware(app, right_of_way=way)({"type": "http"}, nothing, send)
    assert way.held == 0
