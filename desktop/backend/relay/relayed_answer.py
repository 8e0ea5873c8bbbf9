"""The answer to a relayed request, passed on part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.backend.relay.exchange import Ended

if TYPE_CHECKING:
    from starlette.types import Message, Send


class RelayedAnswer:
    """Passes the parts of an answer on to the client, and knows how far that has come."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = self.has_failed = self.is_whole = False
        self.is_stream = False  # of events

    async def take(self, head: dict[str, Any], body: bytes) -> None:
        """Send a part to the client; raises ``Ended`` if the request failed."""
        message: Message
        if "failed" in head:
            self.has_failed = True
            raise Ended
        if "status" in head:
            headers = [(name.encode("latin-1"), v.encode("latin-1")) for name, v in head["headers"]]
            self.has_begun = True
            self.is_stream = any(value.startswith(b"text/event-stream") for _, value in headers)
            message = {"type": "http.response.start", "status": head["status"], "headers": headers}
        else:
            self.is_whole = not head["more"]
            message = {"type": "http.response.body", "body": body, "more_body": head["more"]}
        await self._send(message)

    async def cut_off(self) -> None:
        """End an event stream in order: its client resumes after the last event that it has read.

        Any other unfinished answer ends with its connection.
        """
        if self.is_stream:
            await self._send({"type": "http.response.body", "body": b""})
