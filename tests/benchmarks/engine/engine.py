"""The engine without HTTP beside its rivals: durable tasks/s, idle starts, and a ``kill -9``."""

from __future__ import annotations

import os
import threading
import time
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure, against, quantile
from tests.benchmarks.peers.field import DURABLE, IN_MEMORY, LIMIT, OURS
from tests.benchmarks.peers.session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.field import Peer
    from tests.benchmarks.peers.session import Killed
    from tests.benchmarks.plan import Plan

STARTS_A_SECOND = 40
KILLED_TASKS_A_SECOND = 250
PAGE = b"x" * 4096
TIMES_A_RIVAL = 3.0
TIMES_THE_LIMIT = 0.9
WHAT = "tasks that do nothing, 16 submitters, each answer on disk"


def run(plan: Plan) -> list[Figure]:
    """Measure everyone turn by turn; who is not installed has a row that says so."""
    peers = [peer for peer in (LIMIT, IN_MEMORY, *DURABLE) if peer.is_installed]
    absent = [peer for peer in DURABLE if not peer.is_installed]
    return [
        *_throughput(plan, peers),
        *(Figure(f"  {WHAT}", "", 0, f"{peer.title}: not installed") for peer in absent),
        *_idle_starts(plan, peers),
        *_kills(plan, peers),
    ]


def _throughput(plan: Plan, peers: Sequence[Peer]) -> list[Figure]:
    found: dict[str, list[float]] = {peer.title: [] for peer in (OURS, *peers)}
    for _ in range(plan.reps):
        for peer in (OURS, *peers):
            with session(peer, plan.place(peer.module)) as measured:
                found[peer.title].append(measured.tasks_a_second(plan.times(peer.a_second)))
    rivals = {peer.title for peer in peers if peer in DURABLE}
    fastest = max(rivals, key=lambda title: median(found[title]), default=None)
    targets = {LIMIT.title: TIMES_THE_LIMIT, fastest: TIMES_A_RIVAL}
    return [
        against(
            WHAT if peer.title in targets else f"  {WHAT}",
            "tasks/s",
            found[OURS.title],
            found[peer.title],
            beside=peer.title,
            at_least=targets.get(peer.title),
        )
        for peer in peers
    ]


def _idle_starts(plan: Plan, peers: Sequence[Peer]) -> list[Figure]:
    found: dict[str, list[list[float]]] = {peer.title: [] for peer in (OURS, *peers)}
    syncs = []
    for _ in range(plan.reps):
        syncs.append(_syncs(plan))
        for peer in (OURS, *peers):
            with session(peer, plan.place(peer.module)) as measured:
                found[peer.title].append(measured.starts(plan.times(STARTS_A_SECOND)))
    figures = []
    for name, part, at_most, above in (("p50", 0.5, 0.6, 0.4), ("p99", 0.99, 2.0, 1.8)):
        ours = [quantile(times, part) for times in found[OURS.title]]
        disk = [quantile(times, part) for times in syncs]
        what = f"start on an idle engine, {name}"
        # A fixed limit, or the disk of this run and what lies above.
        limit = max(at_most, median(disk) + above)
        figures.append(against(what, "ms", ours, disk, beside=f"fdatasync {name}", limit=limit))
        for peer in peers:
            theirs = [quantile(times, part) for times in found[peer.title]]
            figures.append(against(f"  {what}", "ms", ours, theirs, beside=peer.title))
    return figures


def _kills(plan: Plan, peers: Sequence[Peer]) -> list[Figure]:
    """Count once: whether a task is lost is no matter of speed."""
    tasks = plan.times(KILLED_TASKS_A_SECOND)
    found: dict[str, Killed] = {}
    for peer in (OURS, *peers):
        with session(peer, plan.place(peer.module), plan.patience) as measured:
            found[peer.title] = measured.killed(tasks)
    ours = found.pop(OURS.title)
    lost = ", ".join(f"{title} {killed.lost}" for title, killed in found.items())
    twice = ", ".join(f"{title} {killed.twice}" for title, killed in found.items())
    what = f"kill -9 in the middle of {tasks:,}"
    met = ours.lost == 0
    return [
        Figure(f"{what}: lost", "tasks", ours.lost, lost, target="none", met=met),
        Figure(f"{what}: ended twice", "tasks", ours.twice, twice),
    ]


def _syncs(plan: Plan) -> list[float]:
    """Write and sync a page with the pauses of idle starts; ms."""
    pause = threading.Event()
    chance = Random(1)
    place = plan.place("sync") / "file"
    file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    found = []
    for _ in range(plan.times(STARTS_A_SECOND)):
        pause.wait(chance.uniform(0.005, 0.015))
        began = time.perf_counter()
        os.write(file, PAGE)
        os.fdatasync(file)
        found.append((time.perf_counter() - began) * 1000)
    os.close(file)
    return found
