"""Connections that only take room cost no transport, and no more turns than they may have."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from desktop.backend.guards.connections import Connections, Phase
from desktop.backend.serving import entrance as module
from desktop.backend.serving.entrance import ACCEPTED_AT_ONCE, Entrance
from desktop.backend.serving.listening import listen
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

pytestmark = pytest.mark.anyio
LIMIT = 100


class Line(asyncio.Protocol):
    """What stands behind the entrance; ``made`` are all of them."""

    made: list[Line]
    transport: asyncio.BaseTransport

    def __init__(self, first: bytes) -> None:
        self.received = first
        self.is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.made.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True

    def data_received(self, data: bytes) -> None:
        self.received += data


@pytest.fixture
async def lines(monkeypatch: pytest.MonkeyPatch, anyio_backend: str) -> AsyncIterator[list[Line]]:
    made: list[Line] = []
    monkeypatch.setattr(Line, "made", made, raising=False)
    yield made
    for line in made:
        line.transport.close()
    await until(lambda: all(line.is_closed for line in made))
    await asyncio.sleep(0)  # the transport closes its socket after it has told


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def clients(stack: ExitStack, listener: socket.socket, words: bytes, number: int) -> list[Any]:
    """Connect so many; the system keeps them until they are accepted."""
    found = [socket.create_connection(listener.getsockname(), WITHIN) for _ in range(number)]
    for raw in found:
        stack.enter_context(raw)
        raw.sendall(words)
    return found


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not reached():  # noqa: ASYNC110 - what another side closes has no event
            await asyncio.sleep(0.001)


async def test_a_protocol_is_made_when_the_head_is_whole(
    lines: list[Line], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[socket.socket] = []

    def describe(raw: socket.socket) -> str:  # which asks the system twice
        described.append(raw)
        return ""

    monkeypatch.setattr(socket.socket, "__repr__", describe)
    listener = stack.enter_context(listen("127.0.0.1", 0))
    connections = Connections(LIMIT, {})
    entrance = Entrance(listener, connections, Line)
    half, silent = (
        clients(stack, listener, words, 20) for words in (b"GET / HTTP/1.1\r\nHost: x\r", b"")
    )
    entrance.open()
    await until(lambda: len(connections) == 40)
    assert lines == []
    assert described == []
    half[0].sendall(b"\n\r")
    silent[0].sendall(b"GET / HTTP/1.0\n\n")
    await until(lambda: len(lines) == 1)
    half[0].sendall(b"\nmore")
    await until(lambda: len(lines) == 2 and lines[1].received.endswith(b"\r\n\r\nmore"))
    assert lines[0].received == b"GET / HTTP/1.0\n\n"
    for raw in (half[1], silent[1]):
        raw.close()
    await until(lambda: len(connections) == 36)
    entrance.close()
    assert len(connections) == 0
    assert half[2].recv(1) == b""


@pytest.mark.parametrize("words", [b"\x16\x03\x01", b"GET /" + b"a" * 20_000])
async def test_what_the_parser_refuses_is_not_waited_for(
    lines: list[Line], stack: ExitStack, words: bytes
) -> None:
    listener = stack.enter_context(listen("127.0.0.1", 0))
    entrance = Entrance(listener, Connections(LIMIT, {}), Line)
    clients(stack, listener, words, 1)
    entrance.open()
    await until(lambda: len(lines) == 1 and lines[0].received == words)
    entrance.close()


async def accepts_no_more_than(connections: Connections, count: int) -> None:
    """Wait until there are so many, then let everything run that is ready: there are no more."""
    await until(lambda: len(connections) == count)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(connections) == count


async def test_after_as_many_as_may_come_at_once_there_is_a_rest(
    lines: list[Line], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST", 3600.0)
    listener = stack.enter_context(listen("127.0.0.1", 0))
    connections = Connections(LIMIT, {})
    entrance = Entrance(listener, connections, Line)
    clients(stack, listener, b"", ACCEPTED_AT_ONCE + 3)
    entrance.open()
    await accepts_no_more_than(connections, ACCEPTED_AT_ONCE)
    entrance.open()  # as after the rest
    await until(lambda: len(connections) == ACCEPTED_AT_ONCE + 3)
    entrance.close()


class Asking:
    """A connection with a request that has not been answered."""

    def __init__(self, connections: Connections) -> None:
        self.phase: Phase | None = None
        connections.open(self)
        connections.move(self, Phase.ANSWER)

    def abort(self) -> None:
        raise AssertionError("it is being answered")


@pytest.mark.parametrize("phase", [Phase.IDLE, Phase.STREAM, None])
async def test_after_so_many_nothing_more_is_accepted_until_the_answer_leaves(
    lines: list[Line], stack: ExitStack, monkeypatch: pytest.MonkeyPatch, phase: Phase | None
) -> None:
    monkeypatch.setattr(module, "REST", 0.0)
    monkeypatch.setattr(module, "STANDS_BACK", 3600.0)
    listener = stack.enter_context(listen("127.0.0.1", 0))
    connections = Connections(LIMIT, {})
    asking = Asking(connections)
    entrance = Entrance(listener, connections, Line)
    clients(stack, listener, b"", ACCEPTED_AT_ONCE + 3)
    entrance.open()
    await accepts_no_more_than(connections, 1 + ACCEPTED_AT_ONCE)
    if phase is None:
        connections.forget(asking)
    else:
        connections.move(asking, phase)
    await until(lambda: len(connections) == (phase is not None) + ACCEPTED_AT_ONCE + 3)
    entrance.close()


async def test_an_answer_that_takes_long_is_not_waited_for(
    lines: list[Line], stack: ExitStack
) -> None:
    listener = stack.enter_context(listen("127.0.0.1", 0))
    connections = Connections(LIMIT, {})
    Asking(connections)
    entrance = Entrance(listener, connections, Line)
    clients(stack, listener, b"", ACCEPTED_AT_ONCE + 3)
    entrance.open()
    await until(lambda: len(connections) == 1 + ACCEPTED_AT_ONCE + 3)
    entrance.close()


async def test_closed_while_it_rests_it_stays_closed(
    lines: list[Line], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REST", 0.0)
    listener = stack.enter_context(listen("127.0.0.1", 0))
    connections = Connections(LIMIT, {})
    asking = Asking(connections)
    entrance = Entrance(listener, connections, Line)
    clients(stack, listener, b"", ACCEPTED_AT_ONCE + 3)
    entrance.open()
    await until(lambda: len(connections) == 1 + ACCEPTED_AT_ONCE)
    entrance.close()
    connections.forget(asking)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(connections) == 0


class Full(socket.socket):
    """A listener of a system that has no descriptor left, once."""

    is_full = True

    def accept(self) -> tuple[socket.socket, Any]:
        if self.is_full:
            self.is_full = False
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


async def test_without_descriptors_it_accepts_again_after_a_while(
    lines: list[Line], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "NO_ROOM", 0.0)
    listener = listen("127.0.0.1", 0)
    full = stack.enter_context(
        Full(listener.family, listener.type, listener.proto, listener.detach())
    )
    full.setblocking(False)
    entrance = Entrance(full, Connections(LIMIT, {}), Line)
    clients(stack, full, b"GET / HTTP/1.1\r\n\r\n", 1)
    entrance.open()
    await until(lambda: len(lines) == 1)
    entrance.close()
