"""The backend listens on the loopback only, on a socket with the right details."""

from __future__ import annotations

import socket

import pytest

from desktop.backend.serving.listening import listen, loopback, url_of
from desktop.backend.serving.starting import StartError, UsageError


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_loopback_hosts_are_taken(host: str) -> None:
    assert loopback(host).is_loopback


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.0.2.7", "example.org", "", "127.0.0.1:80", "127.0.0.2"]
)
def test_others_are_refused_with_a_sentence(host: str) -> None:
    with pytest.raises(UsageError, match=r"\.$"):
        loopback(host)


def test_the_system_picks_a_port() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener) == f"http://127.0.0.1:{port}"
        socket.create_connection(("127.0.0.1", port)).close()


def test_the_socket_names_its_protocol_so_that_answers_are_not_held_back() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_named() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StartError, match=str(port)):
            listen("127.0.0.1", port)


def test_a_port_that_was_just_left_can_be_taken_again() -> None:
    with listen("127.0.0.1", 0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address):
            listener.accept()[0].close()  # the side that closes first keeps the port waiting
    listen(*address).close()


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_over_ipv6_the_url_has_brackets() -> None:
    try:
        listener = listen("::1", 0)
    except StartError:
        pytest.skip("the loopback has no IPv6 address here")
    with listener:
        assert url_of(listener).startswith("http://[::1]:")
