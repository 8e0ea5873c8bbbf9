"""The HTTP server on real sockets: its connections, which are closed when, and its end."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack, suppress
from functools import partial
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from sendoff_tasks.http import server
from sendoff_tasks.http.server import OneWriteProtocol
from tests import WITHIN
from tests.backend.conftest import CONNECTIONS, TOKEN, Served
from tests.looking import eventually

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


def test_nonsense_is_refused_or_cut_off_and_the_next_good_request_is_answered(
    served: Served,
) -> None:
    for nonsense in NONSENSE:
        with connected(served) as raw:
            raw.sendall(nonsense.replace(b"{host}", urlsplit(served.url).netloc.encode()))
            raw.shutdown(socket.SHUT_WR)
            answer = all_of(raw)
        assert not answer or answer.startswith(b"HTTP/1.1 4"), (nonsense, answer)
        with served.client() as client:
            assert client.post("/items/7", json={"tasks": []}).status_code == 200


def test_an_answer_comes_in_one_piece_and_a_second_request_may_follow_before_it(
    served: Served,
) -> None:
    request = f"GET /health HTTP/1.1\r\nHost: {urlsplit(served.url).netloc}\r\n"
    with connected(served) as raw:
        for _ in range(3):
            raw.sendall(f"{request}\r\n".encode())
            assert raw.recv(65536).endswith(b"}")
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


def test_a_stream_ends_when_its_client_has_left(served: Served) -> None:
    host = urlsplit(served.url).netloc
    with connected(served) as raw:
        token = f"Authorization: Bearer {TOKEN}"
        raw.sendall(f"GET /events HTTP/1.1\r\nHost: {host}\r\n{token}\r\n\r\n".encode())
        assert raw.recv(1)
        raw.shutdown(socket.SHUT_WR)
        all_of(raw)


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
    """Wait for strangers for a moment only."""
    monkeypatch.setattr(server, "STRANGERS_WITHIN", 1.0)


@pytest.mark.usefixtures("hasty")
def test_a_half_sent_head_is_cut_off(served: Served) -> None:
    with connected(served) as silent, connected(served) as half:
        half.sendall(b"GET /health HTTP/1.1\r\nHost: x")
        with eventually(lambda: half_way_through_a_second(served)) as second:
            assert [all_of(raw) for raw in (silent, half, second)] == [b"", b"", b""]


@pytest.mark.usefixtures("hasty")
def test_client_with_the_token_stays_connected(served: Served) -> None:
    with (
        served.client() as client,
        connected(served) as stranger,
        client.stream("GET", "/events") as stream,
    ):
        chunks = stream.iter_bytes()
        assert all_of(stranger) == b""
        assert client.post("/items/8", json={"tasks": []}).status_code == 200
        assert next(chunks)


@pytest.mark.anyio
@pytest.mark.usefixtures("hasty")
async def test_answer_to_a_stranger_takes_its_time() -> None:
    """The page of the tasks has a stream, and shows no token."""
    late = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        asyncio.get_running_loop().call_later(2 * server.STRANGERS_WITHIN, late.set)
        await late.wait()
        await send({"type": "http.response.body", "body": b"two"})

    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    far.setblocking(False)
    config = Config(app, log_config=None)
    config.load()
    make = partial(OneWriteProtocol, 8, {}, config, ServerState(), {})
    told = b""
    with far:
        await loop.connect_accepted_socket(make, near)
        await loop.sock_sendall(far, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while piece := await loop.sock_recv(far, 1000):
            told += piece
    assert b"one" in told
    assert b"two" in told


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
