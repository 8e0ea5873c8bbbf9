"""Tasks in PostgreSQL beside other queues there, and what workers add; each as it comes."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure, against, quantile
from tests.benchmarks.peers.field import BARE, ON_POSTGRES, OURS_ON_POSTGRES, WORKERS
from tests.benchmarks.peers.services import is_installed
from tests.benchmarks.peers.session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.field import Peer
    from tests.benchmarks.plan import Plan

STARTS_A_SECOND = 40
WAITING_A_SECOND = 700
"""Tasks of 0.1 s: two workers have 80 threads."""
TIMES_ONE = 1.7
TIMES = {"pgqueuer_postgres": 0.4, "procrastinate_postgres": 8.0}
"""The least ratio beside each queue, by its module."""
START_MS = 12.0
WHAT = "tasks that do nothing, 16 submitters, each answer on the server's disk"


def run(plan: Plan) -> list[Figure]:
    """Measure everyone turn by turn; who is not installed has a row that says so."""
    if not is_installed("postgres"):
        return [Figure("PostgreSQL", "", 0, "not installed")]
    others = (BARE, *ON_POSTGRES)
    peers = [peer for peer in others if peer.is_installed]
    return [
        *_throughput(plan, peers),
        *(
            Figure(f"  {WHAT}", "", 0, f"{each.title}: not installed")
            for each in others
            if each not in peers
        ),
        *_two_workers(plan),
        *_idle_starts(plan, peers),
    ]


def _throughput(plan: Plan, peers: Sequence[Peer]) -> list[Figure]:
    everyone = (OURS_ON_POSTGRES, WORKERS, *peers)
    found: dict[str, list[float]] = {peer.title: [] for peer in everyone}
    for _ in range(plan.reps):
        for peer in everyone:
            with session(peer, plan.place(peer.module)) as measured:
                found[peer.title].append(measured.tasks_a_second(plan.times(peer.a_second)))
    figures = []
    for ours, indent in ((OURS_ON_POSTGRES, ""), (WORKERS, "  ")):
        for peer in peers:
            what = f"{indent}{ours.title}: {WHAT}"
            rates = found[ours.title], found[peer.title]
            least = TIMES.get(peer.module)
            figures.append(against(what, "tasks/s", *rates, beside=peer.title, at_least=least))
    return figures


def _two_workers(plan: Plan) -> list[Figure]:
    """Run tasks that wait on one worker and on two, which alone have their function."""
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(plan.reps):
        for workers, rates in found.items():
            with session(WORKERS, plan.place(WORKERS.module), workers=workers) as measured:
                tasks = plan.times(WAITING_A_SECOND)
                rates.append(measured.tasks_a_second(tasks, "waits"))
    what = "two workers, tasks that wait 0.1 s"
    beside = "one worker"
    return [against(what, "tasks/s", found[2], found[1], beside=beside, at_least=TIMES_ONE)]


def _idle_starts(plan: Plan, peers: Sequence[Peer]) -> list[Figure]:
    everyone = (WORKERS, *peers)
    found: dict[str, list[list[float]]] = {peer.title: [] for peer in everyone}
    for _ in range(plan.reps):
        for peer in everyone:
            with session(peer, plan.place(peer.module)) as measured:
                found[peer.title].append(measured.starts(plan.times(STARTS_A_SECOND)))
    figures = []
    for name, part, limit in (("p50", 0.5, None), ("p99", 0.99, START_MS)):
        times = {title: [quantile(each, part) for each in runs] for title, runs in found.items()}
        assert all(median(each) > 0 for each in times.values())
        what = f"start on an idle worker, {name}"
        for peer in peers:
            figures.append(
                against(
                    what,
                    "ms",
                    times[WORKERS.title],
                    times[peer.title],
                    beside=peer.title,
                    limit=limit,
                )
            )
            what = f"  start on an idle worker, {name}"
            limit = None
    return figures
