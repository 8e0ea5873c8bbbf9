"""What our own workers run for other processes: the same work, for the workers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sendoff_tasks import task
from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind


@task
def work(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)
