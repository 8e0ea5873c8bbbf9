"""Who is measured: ours, the rivals that keep tasks on disk, and two that are only shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from tests.benchmarks.peers.services import is_installed

if TYPE_CHECKING:
    from tests.benchmarks.peers.services import Service


@dataclass(frozen=True, slots=True)
class Peer:
    """One program under the same work: the ``module`` beside this one drives it.

    ``a_second`` says about how many tasks it runs, so a stretch lasts as long for each.
    """

    title: str
    module: str
    a_second: int
    package: str | None = None
    service: Service | None = None
    has_worker: bool = True

    @property
    def is_installed(self) -> bool:
        """Whether its package and its server are on this machine."""
        if self.service is not None and not is_installed(self.service):
            return False
        try:
            self.version()
        except PackageNotFoundError:
            return False
        return True

    def version(self) -> str:
        """Tell the version of its package; raises ``PackageNotFoundError``."""
        return "" if self.package is None else f"{self.package} {version(self.package)}"


OURS: Final = Peer("Sendoff", "sendoff", 6_000, has_worker=False)
LIMIT: Final = Peer("raw SQLite loop", "raw_sqlite", 4_000, has_worker=False)
IN_MEMORY: Final = Peer("BackgroundTasks", "background_tasks", 3_000, "fastapi", has_worker=False)
DURABLE: Final = (
    Peer("Huey + SQLite", "huey_sqlite", 1_500, "huey"),
    Peer("Dramatiq + Redis", "dramatiq_redis", 1_500, "dramatiq", "redis"),
    Peer(
        "Dramatiq + Redis, synced always",
        "dramatiq_redis",
        1_000,
        "dramatiq",
        "redis, synced always",
    ),
    Peer("Celery + Redis", "celery_redis", 1_000, "celery", "redis"),
    Peer("Procrastinate + PostgreSQL", "procrastinate_postgres", 500, "procrastinate", "postgres"),
)
OURS_ON_POSTGRES: Final = Peer(
    "Sendoff on PostgreSQL", "sendoff_postgres", 2_000, service="postgres", has_worker=False
)
WORKERS: Final = Peer("Sendoff with a worker", "sendoff_workers", 1_000, service="postgres")
BARE: Final = Peer("bare SKIP LOCKED", "skip_locked", 2_000, "psycopg", "postgres")
ON_POSTGRES: Final = (
    Peer("PgQueuer", "pgqueuer_postgres", 500, "pgqueuer", "postgres"),
    *(peer for peer in DURABLE if peer.service == "postgres"),
)
"""Queues in PostgreSQL."""
