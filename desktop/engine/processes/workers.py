"""Verbs for workers: get to know them, apply their notes, end their attempts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, cast

from desktop.engine.attempts.claim import Claim, decode_outcome
from desktop.engine.attempts.outcomes import Crashed, GivenBack, LeftUncertain, Outcome
from desktop.engine.duties.recovery import suspect
from desktop.engine.errors import EngineError, Fenced
from desktop.engine.postgres import orders
from desktop.engine.postgres.writer_store import PostgresGroup
from desktop.engine.queues.workers import Workers, releasable
from desktop.engine.text import sentence
from desktop.engine.transaction.group import Group
from desktop.engine.transaction.memory import RunningTask
from desktop.engine.transaction.replies import HalfDone
from desktop.engine.writer.notes import EndNote, Note, answer_to, decode, plain_end, write_notes

STEP: Final = 500
"""Notes applied in one group."""
LEASE_S: Final = 10.0
"""How long a worker's beat may stand still before its attempts are taken from it, s."""
SILENT: Final = "The worker {} that ran it gave no sign of life."
DELETED: Final = "The worker that ran it was deleted from the table of workers."

_TAKEN: Final = ("%", STEP)


class NotedRow(NamedTuple):
    """A worker's note; ``number`` is its place among that worker's notes."""

    worker: str
    number: int
    task_id: int
    attempt: int
    kind: str
    told: str


log = logging.getLogger(__name__)


def meet(group: Group) -> list[str]:
    """Update the workers that take orders; attempts of a deleted worker have crashed.

    Returns the held queues that a new worker may be able to run.
    """
    there = {"", *orders.read_workers(group)}
    for running in [*group.memory.running.values()]:
        if running.worker not in there:
            write_notes(group, [EndNote(running.claim, Crashed(DELETED, is_evidence=False))])
    return releasable(group)


def ask_for_notes(group: Group) -> None:
    """Ask the server ahead for what :func:`take` needs, while the group does everything else."""
    cast(PostgresGroup, group).cursor.ahead(orders.TAKE, _TAKEN)


def take(group: Group) -> list[NotedRow]:
    """Apply up to ``STEP`` notes; return them."""
    taken = group.cursor.execute(orders.TAKE, _TAKEN).fetchall()
    rows = [NotedRow(*row) for row in taken]
    try:
        _apply_rows(group, rows)
    except EngineError as error:
        raise HalfDone(error) from error  # the notes are deleted already
    return rows


def waiting(group: Group) -> list[NotedRow]:
    """Return the notes not applied yet, the oldest of each worker first."""
    return _read_notes(group, "%")


def _read_notes(group: Group, worker: str) -> list[NotedRow]:
    found = group.cursor.execute(orders.NOTES, (worker, STEP)).fetchall()
    return [NotedRow(*row) for row in found]


def apply(group: Group, rows: Sequence[NotedRow]) -> None:
    """Apply notes and remove them; awaited ones are answered instead."""
    _apply_rows(group, rows)
    _mark_applied(group, [row for row in rows if row.kind not in orders.AWAITED])


def _apply_rows(group: Group, rows: Sequence[NotedRow]) -> None:
    for row in rows:
        note = _note(group, row)
        refused = write_notes(group, [] if note is None else [note])
        if row.kind in orders.AWAITED:
            late = Fenced(row.task_id, row.attempt) if note is None else None
            answer(group, row, refused[0][1] if refused else late)


def _note(group: Group, row: NotedRow) -> Note | None:
    """Decode a note of an attempt that is under way there; ``None`` for a late one."""
    running = group.memory.running.get(row.task_id)
    if running is None or not _is_of(row, running):
        return None
    return decode(running.claim, row.kind, row.told, group.now)


def _is_of(row: NotedRow, running: RunningTask) -> bool:
    return (running.worker, running.claim.attempt) == (row.worker, row.attempt)


def answer(group: Group, row: NotedRow, error: BaseException | None) -> None:
    """Answer an awaited note."""
    group.part(Workers).to_wake.add(row.worker)
    group.cursor.execute(orders.ANSWER, (answer_to(error), row.worker, row.number))


def _mark_applied(group: Group, rows: Iterable[NotedRow]) -> None:
    done: dict[str, list[int]] = {}
    for row in rows:
        done.setdefault(row.worker, []).append(row.number)
    for worker, numbers in done.items():
        group.cursor.execute(orders.APPLIED, (worker, numbers))


def refuse(group: Group, row: NotedRow, error: Exception) -> None:
    """Do what is still possible for an attempt whose note cannot be applied."""
    if row.kind in orders.AWAITED:
        answer(group, row, EngineError(f"It could not be recorded: {sentence(error)}"))
        return
    running = group.memory.running.get(row.task_id)
    if row.kind == "end" and running is not None and _is_of(row, running):
        write_notes(group, plain_end(_end(running.claim, row), error, group.now))
    _mark_applied(group, [row])


def _end(claim: Claim, row: NotedRow) -> EndNote:
    """Return the end that a worker has noted; an unreadable one is *uncertain*."""
    try:
        return EndNote(claim, decode_outcome(row.told))
    except Exception:  # noqa: BLE001 - it may be of another version
        return EndNote(claim, LeftUncertain("", ""))


def bury(group: Group, worker: str, beat: int | None) -> bool:
    """End the attempts of a worker that has left, or has not moved since ``beat``.

    Its notes are applied first. Returns whether the worker is gone; one that has moved is not.
    """
    found = group.cursor.execute(orders.LOCK, (worker,)).fetchone()
    if found is None or (beat is not None and found[1] != beat):
        return False
    take(group)  # these were asked for ahead and are already deleted
    while rows := _read_notes(group, worker):
        apply(group, rows)
    own = [each for each in group.memory.running.values() if each.worker == worker]
    cut_short = {each.record.id: each for each in own if each.is_current}
    outcomes: dict[int, Outcome] = dict.fromkeys(cut_short, GivenBack(begun=False))
    if beat is not None:
        how, lived = SILENT.format(found[0]), group.now - round(LEASE_S * 1000)
        for record, crashed in suspect(group, [e.record for e in cut_short.values()], lived):
            outcomes[record.id] = replace(crashed, error=how)
    write_notes(group, [EndNote(each.claim, outcomes[n]) for n, each in cut_short.items()])
    group.cursor.execute(orders.FORGET, (worker,))
    group.part(Workers).offers.pop(worker, None)
    orders.know_functions(group)
    return True
