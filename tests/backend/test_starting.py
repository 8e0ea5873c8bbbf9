"""A start prepares stdout, descriptors, log and the listening socket, or fails in a sentence."""

from __future__ import annotations

import logging
import resource
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.backend import starting
from desktop.backend.starting import (
    FAILURES,
    KEPT,
    LEAST_CONNECTIONS,
    MOST_CONNECTIONS,
    FewFailures,
    OneRecord,
    StartError,
    UsageError,
    listen,
    loopback,
    url_of,
)
from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.backend.siege import besieged, window_waits

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "connections"),
    [
        (100, 100, 100, LEAST_CONNECTIONS),
        (256, 5000, 4096, MOST_CONNECTIONS),
        (500, 500, 500, 500 - KEPT),
        (5000, 5000, 5000, MOST_CONNECTIONS),
    ],
)
def test_the_limit_is_raised_and_most_is_kept(
    soft: int, hard: int, raised: int, connections: int
) -> None:
    code = f"""
import resource
from desktop.backend.starting import connection_limit, raise_limit
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
        with besieged(server, half=400, idle=40, streams=5):
            window_waits(server, 1.0)
            tasks = [{"task": "nothing", "args": [number]} for number in range(100)]
            server.call("POST", "/tasks", tasks)  # each begins a thread of the pool
            server.wait_done(len(tasks))
            window_waits(server, 1.0)
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


def test_of_many_failures_of_one_function_the_first_of_each_minute_are_kept() -> None:
    now = 0.0
    few = FewFailures(clock=lambda: now)

    def failed(task: str) -> logging.LogRecord:
        fields = {"task": task, "levelno": logging.ERROR, "msg": "It failed"}
        return logging.makeLogRecord(fields)

    records = [failed("send") for _ in range(3_000)]
    kept = [record.getMessage() for record in records if few.filter(record)]
    assert len(kept) == FAILURES
    assert "more of these are left out" in kept[-1]
    assert "others are left out" not in "".join(kept[:-1])
    assert few.filter(failed("another"))
    now = 61.0
    assert few.filter(failed("send"))


def test_a_record_is_shown_as_one_whatever_its_text_says() -> None:
    said = "\x1b]0;owned\x07 \x9b31m\r\n2026-11-25 INFO sendoff: all is well"
    error = ValueError(said)
    raised = (type(error), error, None)
    fields = {"name": "sendoff.task", "levelname": "ERROR", "msg": said, "exc_info": raised}
    shown = OneRecord("%(levelname)s %(name)s: %(message)s").format(logging.makeLogRecord(fields))
    first, *others = shown.splitlines()
    assert first == "ERROR sendoff.task: ␛]0;owned␇ �31m␍"
    assert all(line.startswith("  ") for line in others)
    assert "␛]0;owned" in others[-2]


def test_a_record_with_half_a_character_is_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(starting, "log_to", lambda made, form: handlers.extend(made))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(logging.getLogger("sendoff.task"), "filters", [])
    starting.install_log(tmp_path, on_stderr=False)
    handlers[0].handle(logging.makeLogRecord({"msg": "It failed: %s", "args": ("a\ud83d",)}))
    handlers[0].close()
    assert (tmp_path / "backend.log").read_text() == "It failed: a\\ud83d\n"
