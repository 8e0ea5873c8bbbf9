"""A standby without the last commits, or a snapshot, takes the place of a database's server."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from desktop.items.tables.schema import metadata
from desktop.mail.files import SETTINGS
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.facade import opening
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.files import BRING
from tests import WITHIN
from tests.backend.serve import Serve
from tests.benchmarks.peers.services import free_port, new_cluster, postgres_on, standby_of
from tests.engine.postgres.test_full_disk import is_answered
from tests.looking import eventually
from tests.mail.server import Server, running
from tests.test_engine_doctor import MAIL

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("server")]
BEHIND = "SELECT count(*) FROM pg_stat_replication WHERE replay_lsn IS DISTINCT FROM {}"
NOW = "pg_current_wal_lsn()"


class Servers:
    """A server, and what takes its place later; ``url`` leads to the one that can write."""

    def __init__(self, held: ExitStack) -> None:
        self._held = held
        self._cluster = held.enter_context(new_cluster("--no-sync"))
        ports = free_port(), free_port()
        self._ports = iter(ports)
        self._first = self._run(self._cluster)
        self._second = ""
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.url = f"postgresql://benchmark@{hosts}/postgres?target_session_attrs=read-write"

    def _run(self, cluster: str) -> str:
        running = postgres_on(cluster, next(self._ports), "-c", "fsync=off")
        url = self._held.enter_context(running)
        eventually(lambda: is_answered(url))
        return url

    def copy(self, *, follows: bool) -> None:
        """Copy the server as it is now; a standby then follows it, and loses it."""
        self._copy = Path(self._held.enter_context(standby_of(self._first)))
        if not follows:
            (self._copy / "standby.signal").unlink()
            return
        self._second = self._run(str(self._copy))
        with psycopg.connect(self._first, autocommit=True) as admin:
            eventually(lambda: admin.execute(BEHIND.format(NOW)).fetchone() == (0,))
        with psycopg.connect(self._second, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
            admin.execute("SELECT pg_reload_conf()")
            following = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'"
            eventually(lambda: admin.execute(following).fetchone() == (0,))

    def fail(self) -> None:
        """End the server at once, and have the other one take its place."""
        pid = int(Path(self._cluster, "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        if not self._second:
            self._run(str(self._copy))
            return
        with psycopg.connect(self._second, autocommit=True) as admin:
            admin.execute("SELECT pg_promote()")


@pytest.fixture
def servers() -> Iterator[Servers]:
    with ExitStack() as held:
        yield Servers(held)


def submit(serve: Serve, first: int, last: int) -> None:
    items = [
        {"item_id": n, "recipient": {"email": f"p{n}@example.org"}} for n in range(first, last)
    ]
    assert serve.client.post("/items/batch", json={"items": items}).is_success


def tasks(serve: Serve) -> list[Any]:
    with suppress(httpx.HTTPError):
        answer = serve.client.get("/tasks", params={"limit": 500})
        if answer.status_code == HTTPStatus.OK:
            return list(answer.json()["tasks"])
    return []


def states(serve: Serve) -> Counter[str]:
    return Counter(row["state"] for row in tasks(serve))


def notice(serve: Serve) -> str:
    """Return the notice of a database that begins paused."""
    with serve.client.stream("GET", "/events") as stream:
        return next(line for line in stream.iter_lines() if '"restored"' in line)


@contextmanager
def sending(servers: Servers) -> Iterator[tuple[Server, threading.Event]]:
    """Run a mail server that keeps messages waiting until the event is set."""
    opening.migrate(servers.url, metadata.sorted_tables)
    free = threading.Event()
    with running() as smtp, closing(Connection(servers.url)) as session:
        settings = MAIL.format(smtp.port).replace('user = "ada"', 'user = ""')
        session.execute(BRING, (SETTINGS, settings.encode(), 0.0))
        smtp.refuse = lambda _: None if free.wait(WITHIN) else "450 4.3.0 Later"
        yield smtp, free


def lose(servers: Servers, serve: Serve, free: threading.Event, *, follows: bool) -> None:
    """Have the server copied while 30 of 40 messages are on their way; 43 are sent then."""
    free.set()
    submit(serve, 1, 11)
    eventually(lambda: states(serve) == {"succeeded": 10})
    free.clear()
    submit(serve, 11, 41)
    eventually(lambda: states(serve)["running"])
    servers.copy(follows=follows)
    free.set()
    eventually(lambda: states(serve) == {"succeeded": 40})
    submit(serve, 41, 44)
    eventually(lambda: states(serve) == {"succeeded": 43})


def check(serve: Serve, smtp: Server) -> Counter[str]:
    """Assert that nothing runs, was sent twice or is missing untold; returns the states."""
    eventually(lambda: 0 < states(serve).total() < 43)
    eventually(lambda: not states(serve)["running"])
    found = states(serve)
    assert found.total() == 40
    assert found["succeeded"] >= 10
    assert set(found) <= {"succeeded", "uncertain", "queued"}
    (queue,) = (q for q in serve.client.get("/queues").json()["queues"] if q["name"] == "mail")
    assert queue["paused"]
    assert "made here, 3 new tasks among them." in notice(serve)
    sent = Counter(each.rcpt_tos[0] for each in smtp.mails)
    assert len(sent) == 43
    assert set(sent.values()) == {1}
    return found


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("follows", [True, False])
def test_nothing_is_sent_twice_and_what_is_missing_is_told(
    servers: Servers, tmp_path: Path, follows: bool, restarts: bool
) -> None:
    with sending(servers) as (smtp, free), ExitStack() as held:
        serve = Serve(tmp_path / "data", servers.url)
        held.callback(lambda: serve.close())
        lose(servers, serve, free, follows=follows)
        if restarts:
            serve.close()
        servers.fail()
        if restarts:
            serve = Serve(tmp_path / "data", servers.url)
        found = check(serve, smtp)
        assert restarts or not found["queued"], "the process knows what it has sent"


def test_a_spare_knows_what_the_server_lacks_once_the_first_backend_is_gone(
    servers: Servers, tmp_path: Path
) -> None:
    with sending(servers) as (smtp, free), ExitStack() as held:
        first = Serve(tmp_path / "first", servers.url)
        held.callback(lambda: first.close())
        spare = held.enter_context(closing(Serve(tmp_path / "second", servers.url)))
        lose(servers, first, free, follows=True)
        marks = [OfficeFolder(tmp_path / name).newest_group for name in ("first", "second")]
        eventually(lambda: len({json.dumps(json.loads(m.read_bytes())) for m in marks}) == 1)
        first.process.kill()
        servers.fail()
        check(spare, smtp)
        first.close()
        first = Serve(tmp_path / "first", servers.url)
        eventually(lambda: first.client.get("/health").json()["status"] == "spare")
        assert spare.client.post("/queues/resume", json={}).is_success
        eventually(lambda: not states(spare)["queued"])


def test_a_backend_that_comes_back_tells_what_its_spare_could_not_know(
    servers: Servers, tmp_path: Path
) -> None:
    with sending(servers) as (_, free), ExitStack() as held:
        first = Serve(tmp_path / "first", servers.url)
        held.callback(lambda: first.close())
        spare = held.enter_context(closing(Serve(tmp_path / "second", servers.url)))
        spare.process.send_signal(signal.SIGSTOP)
        lose(servers, first, free, follows=True)
        first.process.kill()
        servers.fail()
        spare.process.send_signal(signal.SIGCONT)
        eventually(lambda: states(spare).keys() & {"succeeded", "queued"} == {"succeeded"})
        first.close()
        first = Serve(tmp_path / "first", servers.url)
        assert "made here, 3 new tasks among them." in notice(spare)
