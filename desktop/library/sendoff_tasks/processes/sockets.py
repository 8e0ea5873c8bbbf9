"""Where the owner of a folder listens, and how other processes connect to it.

Normally this is a Unix socket in the folder, which only the folder's user may open. Windows has
none, a path may be too long for one, and some network folders do not support them. Then the owner
listens on the loopback, and a file in the folder, which only its user may read, has the port and a
token. Each side shows a proof that it knows the token.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from asyncio.trsock import TransportSocket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from sendoff_tasks.folder.keys import is_same, new_secret, side_proof
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.safe_files import write_atomic

LIMIT: Final = 1 << 30
"""The longest line, in bytes."""
LOOPBACK: Final = "127.0.0.1"
PROOF_S: Final = 2.0
"""How long each side may take to show its proof, s."""
OTHER_PROGRAM: Final = "What listens there is another program."
TURNS: Final = 3
"""Turns of an event loop between a new connection and the call that serves it."""

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def listening(folder: DataFolder, serve: Serve) -> AsyncIterator[None]:
    """Call ``serve`` for each process that connects; only the folder's owner may do this."""
    serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving[task] = writer
        _owners.add(connection := writer.get_extra_info("socket"))

        def end(ended: asyncio.Task[None]) -> None:
            _owners.discard(connection)
            serving.pop(ended).close()

        task.add_done_callback(end)

    _forget(folder)  # files of a process that was killed
    try:
        listener = _listen_in_folder(folder)
    except OSError:
        listener, serve = _listen_on_loopback(folder, serve)
    server = await asyncio.start_server(begin, sock=listener, limit=LIMIT)
    _owners.add(listener)
    try:
        yield
    finally:
        _owners.discard(listener)
        _forget(folder)
        await _stop_accepting(server)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


_owners: Final[set[socket.socket | TransportSocket]] = set()
"""By these this process is reached, if it is an owner."""


def _let_go() -> None:
    """In a forked process: with copies of these, others would not notice the owner's end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for each in _owners:
        if (descriptor := each.fileno()) >= 0:
            os.dup2(nothing, descriptor, inheritable=False)  # its object may close it
    os.close(nothing)
    _owners.clear()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_let_go)


async def _stop_accepting(server: asyncio.Server) -> None:
    """Close the server once the newest connections are being served.

    ``close`` alone would lose them: nothing would tell them that this side has ended.
    """
    with contextlib.suppress(NotImplementedError):  # Windows
        for listener in server.sockets:
            asyncio.get_running_loop().remove_reader(listener.fileno())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    server.close()


async def connected(folder: DataFolder) -> Stream:
    """Connect to the folder's owner; raise ``OSError`` if none listens yet."""
    try:
        port, token = _read_address(folder)
    except FileNotFoundError:
        return await _connect_in_folder(folder)
    reader, writer = await asyncio.open_connection(LOOPBACK, port, limit=LIMIT)
    is_owner = False
    try:
        writer.write(_proof(token, "other"))
        is_owner = await _shows(reader, _proof(token, "owner"))
    finally:
        if not is_owner:
            writer.close()
    if not is_owner:
        raise ConnectionError(OTHER_PROGRAM)
    return reader, writer


def _read_address(folder: DataFolder) -> tuple[int, str]:
    """Return the owner's port and token; raise ``ConnectionError`` for an unusable file."""
    try:
        match json.loads(folder.owner_file.read_bytes()):
            case {"port": int(port), "token": str(token)} if 0 < port < 1 << 16:
                return port, token
    except ValueError as error:
        raise ConnectionError(f"{folder.owner_file} cannot be read") from error
    raise ConnectionError(f"{folder.owner_file} says no port and token")


if sys.platform == "win32":

    def _listen_in_folder(folder: DataFolder) -> socket.socket:
        raise OSError("There are no Unix sockets here.")

    async def _connect_in_folder(folder: DataFolder) -> Stream:
        raise ConnectionRefusedError

else:

    def _listen_in_folder(folder: DataFolder) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(folder.owner_socket))
            folder.owner_socket.chmod(0o600)  # before anyone can connect
            listener.listen()
        except BaseException:
            listener.close()
            raise
        return listener

    async def _connect_in_folder(folder: DataFolder) -> Stream:
        return await asyncio.open_unix_connection(folder.owner_socket, limit=LIMIT)


def _listen_on_loopback(folder: DataFolder, serve: Serve) -> tuple[socket.socket, Serve]:
    """Listen on the loopback; return a socket, and ``serve`` for clients that know the token."""
    token = new_secret()

    async def serve_known(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await _shows(reader, _proof(token, "other")):
            writer.write(_proof(token, "owner"))
            await serve(reader, writer)

    listener = socket.create_server((LOOPBACK, 0))
    where = {"port": listener.getsockname()[1], "token": token}
    write_atomic(folder.owner_file, json.dumps(where).encode(), durable=False)
    return listener, serve_known


def _proof(token: str, side: str) -> bytes:
    return f"{side_proof(token, side)}\n".encode()


async def _shows(reader: asyncio.StreamReader, wanted: bytes) -> bool:
    """Tell whether the other side sends this first."""
    with contextlib.suppress(OSError, EOFError):
        async with asyncio.timeout(PROOF_S):
            return is_same(await reader.readexactly(len(wanted)), wanted)
    return False


def _forget(folder: DataFolder) -> None:
    folder.owner_socket.unlink(missing_ok=True)
    folder.owner_file.unlink(missing_ok=True)
