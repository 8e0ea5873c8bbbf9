"""When a request's tasks are put on disk and begin: by the parts of its response, or messages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from sendoff_tasks.fastapi.requests import TASKS, RequestTasks


def keeping(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Commit what a WebSocket's route adds before it waits for a message, or sends one.

    Its client may stay for hours, and usually ends the route with an exception by leaving.
    """
    kept: list[RequestTasks] = []
    scope[TASKS] = kept

    async def commit() -> None:
        for tasks in kept:
            await tasks.commit()

    async def receive_after() -> Message:
        await commit()
        return await receive()

    async def send_after(message: Message) -> None:
        await commit()
        await send(message)

    return receive_after, send_after


@asynccontextmanager
async def answering(
    scope: Scope, receive: Receive, send: Send
) -> AsyncIterator[tuple[Receive, Send]]:
    """Let a request's tasks begin once the last part of its response was sent.

    What was added since its route has returned, or begun to yield, is put on disk before that part:
    once the request is over, because an exception drops it. If the client has gone, it counts.
    """
    waiting: list[RequestTasks] = scope.setdefault(TASKS, [])
    held: list[Message] = []
    is_away = False

    async def keep() -> None:
        for tasks in waiting:
            await tasks.commit(is_last=True)

    def begin() -> None:
        for tasks in waiting:
            tasks.answered()

    async def receive_from() -> Message:
        nonlocal is_away
        message = await receive()
        is_away = is_away or message["type"] == "http.disconnect"
        return message

    async def send_to(message: Message) -> None:
        nonlocal is_away
        is_last = message["type"] in _LAST and not message.get("more_body", False)
        if is_last and any(tasks.has_more for tasks in waiting):
            held.append(message)
            return
        try:
            await send(message)
        except OSError:
            is_away = True
            raise
        if is_last:
            begin()

    try:
        try:
            yield receive_from, send_to
        except BaseException:
            if not is_away:
                for tasks in waiting:
                    tasks.drop()
            await keep()
            raise
        await keep()
        for message in held:
            await send(message)
    finally:
        begin()


_LAST: Final = frozenset({"http.response.body", "http.response.pathsend"})
"""Messages of which one without ``more_body`` ends a response."""
