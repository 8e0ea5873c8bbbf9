"""A start prepares what it needs or fails in a sentence; the end can be asked for at any time."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendoff_tasks.http import lifecycle as module
from sendoff_tasks.http.lifecycle import (
    LEAST_CONNECTIONS,
    MOST_CONNECTIONS,
    RESERVED,
    Shutdown,
    StartError,
    UsageError,
    follow_parent,
    listen,
    loopback,
    signals,
    url_of,
)
from tests import WITHIN
from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.backend.siege import besieged, window_waits
from tests.looking import eventually


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "connections"),
    [
        (100, 100, 100, LEAST_CONNECTIONS),
        (256, 5000, 4096, MOST_CONNECTIONS),
        (500, 500, 500, 500 - RESERVED),
        (5000, 5000, 5000, MOST_CONNECTIONS),
    ],
)
def test_the_limit_is_raised_and_most_is_kept(
    soft: int, hard: int, raised: int, connections: int
) -> None:
    code = f"""
import resource
from sendoff_tasks.http.lifecycle import connection_limit, raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
raise_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE), connection_limit())
"""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < hard:
        pytest.fail("this machine allows no test of it")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"({raised}, {hard}) {connections}\n"


def test_strangers_cannot_end_a_backend_that_may_open_few_files(tmp_path: Path) -> None:
    with sendoff(tmp_path / "data", descriptors=256) as server:
        opened = Path(f"/proc/{server.process.pid}/fd")
        with besieged(server, half=400, idle=40, streams=5):
            eventually(lambda: len(list(opened.iterdir())) > 200)
            window_waits(server, 0.1)
            tasks = [{"task": "nothing", "args": [number]} for number in range(100)]
            server.call("POST", "/tasks", tasks)  # each begins a thread of the pool
            server.wait_done(len(tasks))
            window_waits(server, 0.1)
        assert server.process.poll() is None
    log = (tmp_path / "data" / "logs" / "benchmark.log").read_text()
    assert "Traceback" not in log


def test_loopback_hosts_are_taken_and_others_refused_with_a_sentence() -> None:
    assert all(loopback(host).is_loopback for host in ("127.0.0.1", "localhost", "::1", "[::1]"))
    other = ("0.0.0.0", "::", "192.0.2.7", "example.org", "", "127.0.0.1:80", "127.0.0.2")
    for host in other:
        with pytest.raises(UsageError, match=r"\.$"):
            loopback(host)


def test_the_system_picks_a_port() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener) == f"http://127.0.0.1:{port}"
        assert listener.proto == socket.IPPROTO_TCP  # else answers are held back
        socket.create_connection(("127.0.0.1", port)).close()


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


def test_who_listens_is_told_and_who_listens_too_late_at_once() -> None:
    shutdown, told, late = Shutdown(), threading.Event(), threading.Event()
    shutdown.when_asked(told.set)
    assert not told.is_set()
    shutdown.ask()
    assert told.is_set()
    shutdown.when_asked(late.set)
    assert late.is_set()


def test_who_listens_for_a_while_is_told_only_then() -> None:
    shutdown, told = Shutdown(), threading.Event()
    with shutdown.meanwhile(told.set):
        pass
    shutdown.ask()
    assert not told.is_set()
    with shutdown.meanwhile(told.set):
        assert told.is_set()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_asks_and_the_old_handler_comes_back(name: str) -> None:
    number = getattr(signal, name)
    inherited = signal.signal(number, signal.default_int_handler)  # ignored under nohup
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)
    try:
        with signals(shutdown.ask):
            signal.raise_signal(number)
            assert told.is_set()
        assert signal.getsignal(number) == signal.default_int_handler
    finally:
        signal.signal(number, inherited)


def test_a_backend_under_nohup_outlives_its_terminal() -> None:
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals(shutdown.ask):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not told.is_set()


def test_the_end_of_the_parents_pipe_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    said = iter([b"what comes down the pipe", b"means nothing"])
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)

    def read(descriptor: int, size: int) -> bytes:
        """Read what the pipe's other end says meanwhile; at last, that it was closed."""
        assert not told.is_set()
        words = next(said, b"")
        if words:
            os.write(writing, words)
        else:
            os.close(writing)
        return os.read(descriptor, size)

    monkeypatch.setattr(module, "_STDIN", reading)
    monkeypatch.setattr(module, "os", SimpleNamespace(read=read))
    follow_parent(shutdown)
    assert told.wait(WITHIN)
    os.close(reading)
