"""The HTTP server on real sockets: its connections, their first requests, its end."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from desktop.backend import server
from desktop.backend import server as module
from desktop.backend.connections import PATIENCE, Connections, Phase
from desktop.backend.server import ACCEPTED_AT_ONCE, Entrance, OneWriteProtocol
from desktop.backend.starting import listen
from tests import WITHIN
from tests.backend.conftest import CONNECTIONS, TOKEN
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from tests.backend.conftest import Served

NONSENSE = [
    b"nonsense\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /health HTTP/1.1\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /items/1 HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n",
    b"POST /items/1 HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1, 2\r\n\r\n",
    b"POST /items/1 HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST /items/1 HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 100_000,
    b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


def connected(served: Served) -> socket.socket:
    address = urlsplit(served.url)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), WITHIN)


def all_of(raw: socket.socket) -> bytes:
    """Read until the other side ends or resets."""
    answer = b""
    try:
        while piece := raw.recv(65536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_refused_or_cut_off_and_the_next_good_request_is_answered(
    served: Served, nonsense: bytes
) -> None:
    with connected(served) as raw:
        raw.sendall(nonsense.replace(b"{host}", urlsplit(served.url).netloc.encode()))
        raw.shutdown(socket.SHUT_WR)
        answer = all_of(raw)
    assert not answer or answer.startswith(b"HTTP/1.1 4"), answer
    with served.client() as client:
        assert client.post("/items/7", json={"tasks": []}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_strangers_are_turned_away(served: Served, headers: dict[str, str], status: int) -> None:
    with served.client() as client:
        assert client.post("/items/1", headers=headers).status_code == status
        assert client.get("/items/1").status_code == 404


def test_an_answer_comes_in_one_piece(served: Served) -> None:
    request = f"GET /health HTTP/1.1\r\nHost: {urlsplit(served.url).netloc}\r\n\r\n"
    with connected(served) as raw:
        for _ in range(3):
            raw.sendall(request.encode())
            assert raw.recv(65536).endswith(b"}")


def test_a_second_request_may_follow_before_the_first_answer(served: Served) -> None:
    host = urlsplit(served.url).netloc
    request = f"GET /health HTTP/1.1\r\nHost: {host}\r\n"
    with connected(served) as raw:
        raw.sendall(f"{request}\r\n{request}Connection: close\r\n\r\n".encode())
        assert all_of(raw).count(b"HTTP/1.1 200") == 2


def test_a_body_of_two_lengths_is_the_last_one_of_its_connection(served: Served) -> None:
    host = urlsplit(served.url).netloc
    lengths = "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    hidden = f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n"
    with connected(served) as raw:
        raw.sendall(f"POST /items/1 HTTP/1.1\r\nHost: {host}\r\n{lengths}{hidden}".encode())
        answers = all_of(raw)
    assert answers.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answers.lower()


@pytest.mark.parametrize("requests", [1, 2])
def test_a_client_that_has_sent_all_still_gets_its_answer(served: Served, requests: int) -> None:
    head = f"Host: {urlsplit(served.url).netloc}\r\nAuthorization: Bearer {TOKEN}\r\n"
    body = "Content-Length: 12\r\n\r\n" + '{"tasks":[]}'
    with connected(served) as raw:
        for number in range(requests):
            raw.sendall(f"POST /items/{number + 1} HTTP/1.1\r\n{head}{body}".encode())
        raw.shutdown(socket.SHUT_WR)
        assert all_of(raw).count(b"HTTP/1.1 200") == requests


@pytest.mark.anyio
async def test_what_is_being_written_goes_out_though_the_client_sends_nothing_more() -> None:
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    far.setblocking(False)
    config = Config(asyncio.sleep)
    config.load()
    make = partial(OneWriteProtocol, Connections(8, PATIENCE), config, ServerState(), {})
    with far:
        transport, protocol = await loop.connect_accepted_socket(make, near)
        protocol.transport.write(b"the answer")
        if not protocol.eof_received():  # as asyncio does
            transport.close()
        assert await loop.sock_recv(far, 100) == b"the answer"


def test_a_stream_ends_when_its_client_has_left(served: Served) -> None:
    host = urlsplit(served.url).netloc
    with connected(served) as raw:
        token = f"Authorization: Bearer {TOKEN}"
        raw.sendall(f"GET /events HTTP/1.1\r\nHost: {host}\r\n{token}\r\n\r\n".encode())
        assert raw.recv(1)
        raw.shutdown(socket.SHUT_WR)
        all_of(raw)


def test_an_upload_over_the_limit_is_answered_unread(served: Served) -> None:
    def pieces() -> list[bytes]:
        return [b" " * 2**16] * 64

    with served.client() as client:
        assert client.post("/items/1", content=iter(pieces())).status_code == 413
        assert client.get("/health").status_code == 200


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut no client off when it is time to leave."""
    monkeypatch.setattr(server, "DRAIN_WITHIN", None)


@pytest.mark.usefixtures("patient")
def test_an_open_stream_ends_by_itself_when_it_is_time_to_leave(served: Served) -> None:
    with served.client() as client, client.stream("GET", "/events") as stream:
        chunks = stream.iter_bytes()
        next(chunks)
        served.shutdown.ask()
        for _ in chunks:
            pass
        served.thread.join(WITHIN)
        assert not served.thread.is_alive()


def test_an_open_stream_keeps_no_newcomer_waiting(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ACCEPTED_AT_ONCE", 1)
    monkeypatch.setattr(server, "STANDS_BACK", 3600.0)
    with served.client() as client, client.stream("GET", "/events") as stream:
        next(stream.iter_bytes())
        for _ in range(2):
            with served.client() as newcomer:
                assert newcomer.get("/health").status_code == 200


def test_a_half_sent_request_delays_no_other_for_long(served: Served) -> None:
    with connected(served) as half:
        host = urlsplit(served.url).netloc
        half.sendall(
            f"POST /items/1 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n{".encode()
        )
        assert b"100" in half.recv(100)  # the request is being answered
        served.shutdown.ask()
        served.thread.join(WITHIN)
        assert not served.thread.is_alive()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for clients for a moment only."""
    monkeypatch.setattr(server, "PATIENCE", dict.fromkeys(PATIENCE, 0.2))


@pytest.mark.usefixtures("hasty")
def test_a_half_sent_head_is_cut_off(served: Served) -> None:
    with connected(served) as silent, connected(served) as half:
        half.sendall(b"GET /health HTTP/1.1\r\nHost: x")
        with eventually(lambda: half_way_through_a_second(served)) as second:
            assert [all_of(raw) for raw in (silent, half, second)] == [b"", b"", b""]


def half_way_through_a_second(served: Served) -> socket.socket | None:
    """Have a request answered, and half send another; not where it was cut off before."""
    raw = connected(served)
    host = urlsplit(served.url).netloc
    with suppress(ConnectionError):
        raw.sendall(f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\nGET /he".encode())
        if b"200 OK" in raw.recv(65536):
            return raw
    raw.close()
    return None


def test_as_many_strangers_as_like_leave_the_window_its_place(served: Served) -> None:
    host = urlsplit(served.url).netloc
    with served.client() as window, ExitStack() as stack:
        for number in range(3 * CONNECTIONS):
            stranger = stack.enter_context(connected(served))
            stranger.sendall(f"GET /health HTTP/1.1\r\nHost: {host}\r\n".encode())
            if number % 3:
                stranger.sendall(b"\r\n")  # and is idle then
            assert window.get("/tasks").status_code == 200
            if number % 8 == 0:
                assert stack.enter_context(served.client()).get("/stats").status_code == 200
        assert window.get("/health").headers["date"]


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
