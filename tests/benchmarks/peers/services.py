"""The servers some rivals need: each private to one use, on a free port and a scratch folder."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Service = Literal["redis", "redis, synced always", "postgres"]
REDIS = "BENCHMARK_REDIS"
POSTGRES = "BENCHMARK_POSTGRES"
"""The environment variables that say where they listen."""
UP_WITHIN = 20.0
DOWN_WITHIN = 10.0
"""Seconds."""


def is_installed(service: Service) -> bool:
    """Tell whether the server's program is on this machine."""
    return bool(_postgres_programs() if service == "postgres" else shutil.which("redis-server"))


@contextmanager
def serving(service: Service | None, folder: Path) -> Iterator[dict[str, str]]:
    """Run the service; gives the environment that leads to it."""
    if service is None:
        yield {}
    elif service == "postgres":
        with postgres() as url:
            _wait_until_ready(url)
            yield {POSTGRES: url}
    else:
        with redis(folder, "everysec" if service == "redis" else "always") as url:
            yield {REDIS: url}


@contextmanager
def redis(folder: Path, synced: str) -> Iterator[str]:
    """Run Redis with its append-only file, ``synced`` once a second, as it advises, or always."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--appendfsync", synced]
    with _running(command, port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def postgres(*, durable: bool = True) -> Iterator[str]:
    """Run PostgreSQL on a new cluster.

    It is as it comes, but for tests need not be ``durable``.
    """
    made, run = [], []
    if not durable:  # nor need it tidy up: each of hundreds of databases in turn, all the time
        made, run = ["--no-sync"], ["-c", "fsync=off", "-c", "autovacuum=off"]
    with new_cluster(*made) as cluster, postgres_on(cluster, free_port(), *run) as url:
        yield url


@contextmanager
def new_cluster(*options: str) -> Iterator[str]:
    """Make a cluster in a scratch folder, with options of ``initdb``; its user is not root."""
    with tempfile.TemporaryDirectory(prefix="sendoff-benchmark-postgres-") as cluster:
        user = _user()
        if user is not None:
            shutil.chown(cluster, user, pwd.getpwnam(user).pw_gid)
        make = [_program("initdb"), "-D", cluster, "-A", "trust", "-U", "benchmark", *options]
        subprocess.run(make, user=user, check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield cluster


@contextmanager
def standby_of(url: str) -> Iterator[str]:
    """Copy the cluster of a server that runs, to follow it; gives the folder."""
    with tempfile.TemporaryDirectory(prefix="sendoff-benchmark-standby-") as cluster:
        user = _user()
        if user is not None:
            shutil.chown(cluster, user, pwd.getpwnam(user).pw_gid)
        copy = [
            _program("pg_basebackup"),
            "-D",
            cluster,
            "-d",
            url,
            "-R",
            "-c",
            "fast",
            "--no-sync",
        ]
        subprocess.run(copy, user=user, check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield cluster


@contextmanager
def postgres_on(cluster: str, port: int, *options: str) -> Iterator[str]:
    """Run PostgreSQL on a cluster; gives its address."""
    command = [_program("postgres"), "-D", cluster, "-p", str(port), "-k", cluster]
    with _running([*command, "-c", "listen_addresses=127.0.0.1", *options], port, _user()):
        yield f"postgresql://benchmark@127.0.0.1:{port}/postgres"


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _program(name: str) -> str:
    programs = _postgres_programs()
    assert programs is not None
    return str(programs / name)


def _postgres_programs() -> Path | None:
    found = shutil.which("postgres")
    if found is not None:
        return Path(found).resolve().parent  # a link may have no neighbours
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))  # as Debian has it
    return versions[-1].parent if versions else None


@contextmanager
def _running(command: list[str], port: int, user: str | None = None) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, user=user, cwd="/", stdout=quiet, stderr=quiet)
    try:
        _wait_for(port)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(DOWN_WITHIN)
        except subprocess.TimeoutExpired:
            # PostgreSQL may miss it while it recovers from a crash that its full disk repeats.
            server.send_signal(signal.SIGQUIT)
            server.wait()


def _wait_for(port: int) -> None:
    latest = time.monotonic() + UP_WITHIN
    pause = threading.Event()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > latest:
                raise
            pause.wait(0.02)
        else:
            return


def _wait_until_ready(url: str) -> None:
    """Wait until PostgreSQL takes sessions, which is later than it can be reached."""
    programs = _postgres_programs()
    assert programs is not None
    command = [str(programs / "pg_isready"), "-q", "-d", url, "-t", str(int(UP_WITHIN))]
    latest, pause = time.monotonic() + UP_WITHIN, threading.Event()
    while subprocess.run(command).returncode != 0 and time.monotonic() < latest:
        pause.wait(0.02)


def free_port() -> int:
    """Choose one below those that systems give out: no client has it when the server wants it."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as listening, suppress(OSError):
            listening.bind(("127.0.0.1", port))
            return port
