"""Every way a call can end is one error of the tree, with a sentence."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, get_type_hints

import pytest

from sendoff_tasks.client import http as http_module
from sendoff_tasks.client.errors import (
    BackendBroken,
    BackendBusy,
    BackendGone,
    ClientError,
    Refused,
    TooSlow,
    field_errors,
)
from sendoff_tasks.client.http import RETRY_AFTER, Http, client_options
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.model.problems import Barred, FieldError, Problem
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.words.table import Said
from tests.client.conftest import Canned
from tests.docs.shown import ROOT

Answering = Callable[[Canned], Backend]
PROBLEM = {"Content-Type": "application/problem+json"}


def problem(status: int, **more: object) -> Canned:
    body = {"type": "about:blank", "title": "Title", "status": status, "detail": "Say why.", **more}
    return Canned(status, json.dumps(body).encode(), dict(PROBLEM))


def error_of(backend: Backend, method: str = "POST") -> ClientError:
    http = Http(backend)
    try:
        with pytest.raises(ClientError) as caught:
            http.call(method, "/items", json={})
    finally:
        http.close()
    return caught.value


def test_half_a_character_is_sent_like_any_other_text(answering: Answering) -> None:
    """The backend says what is wrong with it; a search just finds nothing."""
    canned = Canned()
    http = Http(answering(canned))
    http.call("GET", "/tasks", params={"text": "a\ud83d", "limit": 1})
    http.call("POST", "/items", json={"title": "a\ud83d"})
    http.close()
    (_, path, _, _), (_, _, headers, body) = canned.heard
    assert path == "/tasks?text=a%EF%BF%BD&limit=1"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"title": "a\ud83d"}


def test_a_2xx_is_its_json_and_headers_and_a_204_no_data(answering: Answering) -> None:
    canned = Canned(201, b'{"item_id": 7}', {"Content-Type": "application/json", "X-A": "b"})
    http = Http(answering(canned))
    answer = http.call("POST", "/items", json={"title": "ü"}, key="k1")
    assert answer.data == {"item_id": 7}
    assert answer.headers["x-a"] == "b"
    method, path, headers, body = canned.heard[0]
    assert (method, path) == ("POST", "/items")
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == "k1"
    assert json.loads(body) == {"title": "ü"}
    canned.status, canned.body = 204, b""
    assert http.call("DELETE", "/items/1").data is None
    http.close()


def test_a_4xx_is_refused_with_its_fields(answering: Answering) -> None:
    fields = [
        {"path": "recipient.email", "message": "There is no @ in this address."},
        {"path": "mail.password", "message": "No keyring.", "reason": "no_keyring"},
    ]
    for status in (400, 403, 404, 409, 413, 422):
        error = error_of(answering(problem(status, errors=fields)))
        assert isinstance(error, Refused)
        assert (error.status, str(error), field_errors(error)) == (status, "Say why.", fields)
    error = error_of(answering(problem(404, detail="")))
    assert isinstance(error, Refused)
    assert (str(error), field_errors(error)) == ("Title", ())


WHOLE: Problem = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "detail": "Say why.",
    "errors": [{"path": "mail.port", "message": "No.", "reason": "mail.bad_port", "data": {}}],
    "refusal": Refusal.RUNNING,
    "data": {"task_id": 4},
    "barred": Barred.VIEWER,
}


def test_every_key_of_a_problem_reaches_the_caller_and_is_documented(answering: Answering) -> None:
    for kind, whole in (
        (Problem, WHOLE),
        (FieldError, WHOLE["errors"][0]),
    ):
        assert get_type_hints(kind).keys() == whole.keys()
    error = error_of(answering(Canned(409, json.dumps(WHOLE).encode(), dict(PROBLEM))))
    assert isinstance(error, Refused)
    assert error.problem == WHOLE
    told = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    for key in WHOLE.keys() - {"type", "title", "status", "detail"}:  # as in RFC 9457
        assert f"`{key}`" in told


def test_a_token_of_another_launch_and_a_port_without_a_listener_mean_that_it_is_gone(
    answering: Answering, closed_port: int
) -> None:
    assert isinstance(error_of(answering(problem(401))), BackendGone)
    assert isinstance(error_of(Backend(f"http://127.0.0.1:{closed_port}", "t", 1)), BackendGone)


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [
        ("POST", 502, BackendGone),
        ("POST", 503, BackendGone),
        ("POST", 504, TooSlow),
        ("GET", 504, BackendGone),  # one that is too slow is asked again at once
    ],
)
def test_what_a_proxy_answers_in_its_place_means_that_it_is_gone_or_too_slow(
    answering: Answering, method: str, status: int, error: type[ClientError]
) -> None:
    page = Canned(status, b"<html>", {"Content-Type": "text/html"})
    assert type(error_of(answering(page), method)) is error


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "2", 2.0), (503, "7", 7.0), (503, None, 1.0), (429, "soon", 1.0), (503, "-3", 0.0)],
)
def test_429_and_503_say_when_to_come_back(
    answering: Answering, status: int, header: str | None, seconds: float
) -> None:
    canned = problem(status)
    if header is not None:
        canned.headers["Retry-After"] = header
    error = error_of(answering(canned))
    assert isinstance(error, BackendBusy)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    "canned",
    [
        Canned(500, b"Internal Server Error", {"Content-Type": "text/plain"}),
        Canned(404, b"<html>", {"Content-Type": "text/html"}),
        Canned(404, b"[1]", dict(PROBLEM)),
        Canned(404, b"{half", dict(PROBLEM)),
        Canned(200, b"<html>", {"Content-Type": "text/html"}),
        Canned(302, b"", {"Location": "/elsewhere"}),
        problem(500),
        Canned(200, b"{}", {"Content-Encoding": "gzip"}),
        Canned(404, b"{}", {"Content-Encoding": "gzip"}),
    ],
    ids=["500", "html", "list", "half", "html 200", "redirect", "problem 500", "gzip", "gzip 404"],
)
def test_what_the_contract_does_not_know_is_broken(answering: Answering, canned: Canned) -> None:
    assert isinstance(error_of(answering(canned)), BackendBroken)


def test_bug_of_the_backend_is_a_row_of_the_words(answering: Answering) -> None:
    error = error_of(answering(problem(500, refusal="api.bug", data={})))
    assert isinstance(error.args[0], Said)
    assert error.args[0].reason == "api.bug"


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"\0\0\r\n"]
)
def test_a_connection_cut_at_any_point_is_gone(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        error = error_of(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1))
        thread.join()
    assert isinstance(error, BackendGone)
    assert not isinstance(error, TooSlow)


@pytest.mark.parametrize(
    ("method", "options", "is_told"),
    [
        ("GET", {}, True),
        ("POST", {"key": "k"}, True),
        ("POST", {"repeatable": True}, True),
        ("POST", {}, False),
    ],
)
def test_a_connection_closed_while_idle_is_made_again_for_what_may_come_twice(
    method: str, options: dict[str, Any], is_told: bool
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(1 + is_told):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)
                    connection.recv(65536)  # the next request, which gets no answer

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        http = Http(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1))
        http.call("GET", "/stats")
        if is_told:
            assert http.call(method, "/tasks", **options).data == {}
        else:
            with pytest.raises(BackendGone):
                http.call(method, "/tasks", **options)
        http.close()
        thread.join()


def test_what_is_not_answered_or_not_taken_in_time_is_too_slow_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        http = Http(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1))
        bodies: list[Any] = [{}, "x" * (64 << 20)]
        for body in bodies:
            with pytest.raises(TooSlow, match="try again"):
                http.call("POST", "/items", json=body, within=0.2)
        http.close()


def test_too_many_calls_at_once_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "CONNECTIONS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        http = Http(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1))
        first = threading.Thread(target=lambda: http.call("GET", "/stats"))
        first.start()
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            with pytest.raises(BackendBusy) as caught:
                http.call("GET", "/stats", within=0.05)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            first.join()
        http.close()
    assert caught.value.retry_after == RETRY_AFTER
    assert "again" in str(caught.value)


def test_a_call_under_way_ends_as_gone_though_its_answer_arrives_after_the_close() -> None:
    caught = list[BaseException]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        http = Http(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1))

        def call() -> None:
            with pytest.raises(BackendGone) as gone:
                http.call("GET", "/stats")
            caught.append(gone.value)

        under_way = threading.Thread(target=call)
        under_way.start()
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            http.close()
            with suppress(ConnectionError):
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            under_way.join()
    assert len(caught) == 1


def test_a_connection_made_while_the_client_is_closed_is_not_left_open(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, made = socket.create_connection, list[socket.socket]()
    http = Http(answering(Canned()))

    def closed_meanwhile(*args: Any, **more: Any) -> socket.socket:
        http.close()
        made.append(connect(*args, **more))
        return made[0]

    monkeypatch.setattr(socket, "create_connection", closed_meanwhile)
    assert http.call("GET", "/stats").data == {}
    assert made[0].fileno() == -1
    with pytest.raises(BackendGone):
        http.call("GET", "/stats")


def test_only_plain_http_on_the_loopback_goes_unverified() -> None:
    def verified(url: str) -> object:
        return client_options(Backend(url, "t", 1))["verify"]

    assert not verified("http://127.0.0.1:1")
    assert not verified("http://[::1]:1")
    assert verified("https://127.0.0.1:1")
    assert verified("https://sendoff.example.org")
    assert verified("http://127.0.0.1.example.org")


def test_many_threads_share_one_client(answering: Answering) -> None:
    canned = Canned()
    http = Http(answering(canned))
    threads = [
        threading.Thread(target=lambda: [http.call("GET", "/stats") for _ in range(5)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    http.close()
    assert len(canned.heard) == 40
