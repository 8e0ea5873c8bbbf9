"""Orders: rows that say which attempts workers should run.

The process that decides writes orders in the COMMIT that claims an attempt, deletes them in the one
that ends it, and applies the workers' notes. A worker reads its orders, and writes notes of its
attempts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Final

from sendoff_tasks.attempts.claim import TRAVELLING, Claim, encode_claim
from sendoff_tasks.functions.source import source_of
from sendoff_tasks.functions.spec import TaskSpec, elsewhere
from sendoff_tasks.functions.worker_offer import WorkerOffer, stand_in
from sendoff_tasks.model.states import State
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.store.tables.records import FunctionRecord
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import RunningTask, place_of

log = logging.getLogger(__name__)

NOTED: Final = "sendoff_noted"
"""The channel that is notified when a worker has written notes, has joined, or leaves.

For notes, the payload is the worker's id and the number of its last note; otherwise it is empty.
"""

OLDER: Final = "Worker %s is of an older version, which does not know %s: it gets no tasks."
_DELETE_ORDERS: Final = "DELETE FROM orders WHERE task_id = ANY(?::bigint[])"
_ORDER: Final = (
    "WITH claimed AS (SELECT task_id, attempt, worker, claim::text FROM ROWS FROM"
    " (unnest(?::bigint[]), unnest(?::bigint[]), json_array_elements_text(?::json),"
    " json_array_elements(?::json)) AS row (task_id, attempt, worker, claim)),"
    " placed AS (INSERT INTO ran_on SELECT task_id, attempt, name"
    " FROM claimed JOIN workers ON id = worker ON CONFLICT DO NOTHING)"
    " INSERT INTO orders (task_id, attempt, worker, claim) SELECT * FROM claimed"
)
_STOP: Final = "UPDATE orders SET stop = true WHERE task_id = ANY(?::bigint[])"
_WAKE: Final = "SELECT pg_notify(channel, '') FROM json_array_elements_text(?::json) AS channel"
_ALL_ORDERS: Final = "SELECT task_id, attempt, worker FROM orders"


def channel_of(worker: str) -> str:
    """Return the channel on which a worker hears that its orders or answers have changed.

    All names of one worker share it.
    """
    return f"sendoff_worker_{worker.partition('.')[0]}"


def hand_over(group: Group) -> None:
    """Write orders for attempts claimed for workers, delete those of ended ones, stop others.

    The worker of an ended attempt has noted the end itself, and need not hear of it at once. The
    COMMIT notifies the workers of the others. It waits for earlier COMMITs that notify; most of
    the workers' own do not wait for a disk.
    """
    memory = group.memory
    claimed = [each for each in group.claimed if each.worker]
    known = (memory.running.get(task_id) for task_id in group.ended)
    ended = [each for each in known if each is not None and each.worker]
    stopping = [each for each in group.to_stop if each.worker]
    if ended:
        group.cursor.execute(_DELETE_ORDERS, (_encode_array(each.claim.task_id for each in ended),))
    if claimed:
        orders = (
            _encode_array(each.record.id for each in claimed),
            _encode_array(each.claim.attempt for each in claimed),
            json.dumps([each.worker for each in claimed]),
            json.dumps([encode_claim(each.claim) for each in claimed]),
        )
        group.cursor.execute(_ORDER, orders)
    if stopping:
        group.cursor.execute(_STOP, (_encode_array(each.record.id for each in stopping),))
    to_wake = group.part(Workers).to_wake
    to_wake.update(each.worker for each in (*claimed, *stopping))
    if to_wake:
        channels = [channel_of(worker) for worker in sorted(to_wake)]
        group.cursor.execute(_WAKE, (json.dumps(channels),))


def _encode_array(numbers: Iterable[int]) -> str:
    """Encode numbers as an array for the server; the driver takes a microsecond for each."""
    return f"{{{','.join(map(str, numbers))}}}"


def read_workers(group: Group) -> set[str]:
    """Read which workers take orders, and their functions; return the ids of all workers."""
    rows = group.cursor.execute(OFFERS).fetchall()
    ready = (read_offer(id_, offer) for id_, stage, offer, _ in rows if stage == "ready")
    workers = group.part(Workers)
    workers.offers = {worker.id: worker for worker in ready if worker is not None}
    workers.names = {id_: name for id_, _, _, name in rows}
    know_functions(group)
    return {row[0] for row in rows}


def know_functions(group: Group) -> None:
    """Register the functions of the workers that take orders."""
    group.registry.know_elsewhere(functions_of(group.part(Workers).offers.values()))


def functions_of(workers: Iterable[WorkerOffer]) -> dict[str, TaskSpec]:
    """Return the functions of workers; the first worker by id that has a function describes it."""
    found: dict[str, TaskSpec] = {}
    for worker in sorted(workers, key=attrgetter("id"), reverse=True):
        specs = {name: _stand_in(name, json.dumps(told)) for name, told in worker.described.items()}
        found |= {name: spec for name, spec in specs.items() if spec is not None}
    return found


@lru_cache(maxsize=100)
def read_offer(id_: str, offer: str) -> WorkerOffer | None:
    """Decode an offer; ``None`` if the worker's version does not fit, so it gets no orders."""
    try:
        worker = WorkerOffer.decode(id_, offer)
    except ValueError:
        log.exception("Could not read the row of worker %s; it gets no tasks", id_)
        return None
    if unread := TRAVELLING - worker.reads:
        log.error(OLDER, id_, ", ".join(sorted(unread)))
        return None
    return worker


@lru_cache(maxsize=1000)
def _stand_in(name: str, told: str) -> TaskSpec | None:
    try:
        return stand_in(name, json.loads(told))
    except (AttributeError, LookupError, TypeError, ValueError):
        log.exception("Could not read a worker's description of function %s", name)
        return None


def adopt(group: Group) -> None:
    """Take over the attempts that workers run, and delete the orders of all other attempts."""
    read_workers(group)
    memory, outdated = group.memory, []
    for task_id, attempt, worker in group.cursor.execute(_ALL_ORDERS).fetchall():
        record = group.find(task_id)
        if record is None or (record.state, record.attempt) != (State.RUNNING, attempt):
            outdated.append(task_id)
        elif task_id not in memory.running:
            function = memory.functions[record.function]
            spec = group.spec(record) or _describe_elsewhere(function)
            # The worker has the full claim.
            claim = Claim(record.id, attempt, record.max_attempts, spec, record.arguments)
            lane = spec.lane
            memory.running[task_id] = RunningTask(record, claim, lane, function.queue, worker)
            memory.busy_lanes[place_of(lane, worker)] += 1
            memory.busy_queues[function.queue] += 1
    if outdated:
        group.cursor.execute(_DELETE_ORDERS, (_encode_array(outdated),))


def _describe_elsewhere(function: FunctionRecord) -> TaskSpec:
    """Return the description of a function that only the worker has."""
    place, (_, name, queue, lane, title) = source_of(elsewhere), function
    return TaskSpec(name, elsewhere, place, title, queue, lane)


# Statements of the process that decides.

WORKERS: Final = (
    "SELECT id, name, stage, beat, EXISTS"
    " (SELECT 1 FROM sendoff.noted WHERE worker = id AND answer IS NULL), md5(offer)"
    " FROM sendoff.workers"
)
READY: Final = "SELECT id, md5(offer) FROM sendoff.workers WHERE stage = 'ready'"
OFFERED: Final = "SELECT id, offer FROM sendoff.workers WHERE stage = 'ready'"
OFFERS: Final = "SELECT id, stage, offer, name FROM workers"
NOTES: Final = (
    "SELECT worker, number, task_id, attempt, kind, told FROM noted"
    " WHERE answer IS NULL AND worker LIKE ? ORDER BY worker, number LIMIT ?"
)
AWAITED: Final = ("mark", "step")
"""The kinds of notes whose answers attempts wait for."""
TAKE: Final = (
    f"WITH found AS MATERIALIZED ({NOTES}), gone AS (DELETE FROM noted USING found"  # noqa: S608
    " WHERE (noted.worker, noted.number) = (found.worker, found.number)"
    f" AND found.kind NOT IN {AWAITED})"
    " SELECT * FROM found ORDER BY worker, number"
)
"""Reads notes, and deletes those that need no answer."""
ANSWER: Final = "UPDATE noted SET answer = ? WHERE worker = ? AND number = ?"
APPLIED: Final = "DELETE FROM noted WHERE worker = ? AND number = ANY(?)"
LOCK: Final = "SELECT name, beat FROM workers WHERE id = ? FOR UPDATE"
FORGET: Final = "DELETE FROM workers WHERE id = ?"

# Statements of a worker.

JOIN: Final = (
    "WITH joined AS (INSERT INTO workers (id, name, offer, stage, beat)"
    " VALUES (?, ?, ?, 'ready', 0) ON CONFLICT (id) DO NOTHING RETURNING id)"
    " SELECT pg_notify('sendoff_noted', '') FROM joined"
)
_UNSYNCED: Final = "unsynced AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
"""Makes its transaction not wait for the server's disk."""
BEAT: Final = (
    f"WITH {_UNSYNCED}"  # noqa: S608
    " UPDATE workers SET beat = beat + 1 FROM unsynced WHERE id = ?"
)
"""Sends a heartbeat without waiting for the disk, so an order that comes then need not wait."""
LEAVE: Final = (
    "WITH told AS (UPDATE workers SET stage = ? WHERE id = ? RETURNING id)"
    " SELECT pg_notify('sendoff_noted', '') FROM told"
)
_NOTE: Final = (
    "WITH {}leased AS MATERIALIZED (SELECT id FROM {} WHERE id = ? FOR KEY SHARE OF workers),"
    " told AS (INSERT INTO noted (worker, number, task_id, attempt, kind, told)"
    " SELECT leased.id, row.* FROM leased, jsonb_to_recordset(?::jsonb)"
    " AS row (number bigint, task_id bigint, attempt bigint, kind text, told text)"
    " ON CONFLICT (worker, number) DO NOTHING RETURNING worker, number)"
    " SELECT (SELECT pg_notify('sendoff_noted', worker || ' ' || number) FROM told"
    " ORDER BY number DESC LIMIT 1) FROM leased"
)
NOTE: Final = _NOTE.format("", "workers")
"""Writes notes if the worker's row exists, and locks the row until they are written. It returns no
row if the worker's lease is over."""
NOTE_ENDS: Final = _NOTE.format(f"{_UNSYNCED}, ", "unsynced, workers")
"""Writes the ends of attempts without waiting for the disk. The COMMIT that applies them puts them
on disk; the worker sends them again if the server may have lost them."""
ORDERS: Final = (
    "SELECT task_id, attempt, number, stop, CASE WHEN number > ? THEN claim END"
    " FROM workers LEFT JOIN orders ON worker = id AND number >= ? WHERE id = ?"
)
"""Reads a worker's orders, with the claims of those that it does not know. There is no row if its
lease is over, and a row of NULLs if it has no orders.

It reads from the worker's oldest order on; below that the index still has all deleted orders."""
ANSWERS: Final = "SELECT number, answer FROM noted WHERE worker = ? AND answer IS NOT NULL"
