"""An answer leaves in one system call: its head waits for its body."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class OneWriteProtocol(H11Protocol):
    """uvicorn's protocol on a transport that gathers what is written in one turn of the loop.

    uvicorn hands head and body over one by one, and each ``send`` lets go of the interpreter's
    lock: with tasks running in other threads, getting it back costs more than the call.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(_Gathering(transport))  # type: ignore[arg-type]


class _Gathering:
    """Everything a transport is, but that its writes go out together."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send ``data`` at the end of this turn of the loop."""
        if not self._pieces:
            self._call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        """Close the connection behind what was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(b"".join(pieces))
