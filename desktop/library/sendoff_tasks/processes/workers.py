"""Workers, for the process that runs the tasks: verbs for them, and who follows them.

It applies their notes, and ends the attempts of those that are lost.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple, cast

from sendoff_tasks.attempts.claim import Claim, decode_outcome
from sendoff_tasks.attempts.outcomes import Crashed, GivenBack, LeftUncertain, Outcome
from sendoff_tasks.duties.recovery import settle_restored, suspect
from sendoff_tasks.errors import Busy, Closed, EngineError, Fenced, NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.postgres import orders
from sendoff_tasks.postgres.orders import NOTED
from sendoff_tasks.postgres.writer_store import PostgresGroup
from sendoff_tasks.processes.server_link import (
    AGAIN_S,
    ServerLink,
    WorkerRow,
    beginning_again,
    connected,
)
from sendoff_tasks.processes.submitting import LOOK_S
from sendoff_tasks.queues.workers import Workers, releasable
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import RunningTask
from sendoff_tasks.transaction.replies import HalfDone
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.writer.notes import (
    AttemptNote,
    EndNote,
    answer_to,
    decode,
    plain_ends,
    write_notes,
)

log = logging.getLogger(__name__)

STEP: Final = 500
"""Notes applied in one group."""
PLAINEST: Final = 2
"""The last of the forms in which an end may be written."""
LEASE_S: Final = 10.0
"""How long a worker's beat may stand still before its attempts are taken from it, s."""

_TAKEN: Final = ("%", STEP)


class NotedRow(NamedTuple):
    """A worker's note; ``number`` is its place among that worker's notes."""

    worker: str
    number: int
    task_id: int
    attempt: int
    kind: str
    told: str


def meet(group: Group) -> list[str]:
    """Update the workers that take orders; attempts of a deleted worker have crashed.

    Returns the held queues that a new worker may be able to run.
    """
    there = {"", *orders.read_workers(group)}
    for running in [*group.memory.running.values()]:
        if running.worker not in there:
            write_notes(
                group,
                [
                    EndNote(
                        running.claim,
                        Crashed(ENGLISH.say("attempt", "worker_deleted"), is_evidence=False),
                    )
                ],
            )
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


def _note(group: Group, row: NotedRow) -> AttemptNote | None:
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


def refuse(group: Group, row: NotedRow, error: Exception, form: int = 0) -> None:
    """Do what is still possible for an attempt whose note cannot be applied.

    ``form`` is how plain its end is to be.
    """
    if row.kind in orders.AWAITED:
        answer(group, row, EngineError("store.not_recorded", why=sentence(error)))
        return
    running = group.memory.running.get(row.task_id)
    if row.kind == "end" and running is not None and _is_of(row, running):
        forms = [*plain_ends(_end(running.claim, row), error, group.now)]
        write_notes(group, forms[form])
    _mark_applied(group, [row])


def _end(claim: Claim, row: NotedRow) -> EndNote:
    """Return the end that a worker has noted; an unreadable one is *uncertain*."""
    try:
        return EndNote(claim, decode_outcome(row.told))
    except Exception:  # noqa: BLE001 - it may be of another version
        return EndNote(claim, LeftUncertain("", ""))


def bury(group: Group, worker: str, beat: int | None) -> bool:
    """End the attempts of a worker that has left, or has not moved since ``beat``.

    Its notes are applied first; what one that has left did not end is given back. Returns whether
    the worker is gone; one that has moved is not.
    """
    found = group.cursor.execute(orders.LOCK, (worker,)).fetchone()
    if found is None or (beat is not None and found[1] != beat):
        return False
    take(group)  # these were asked for ahead and are already deleted
    while rows := _read_notes(group, worker):
        apply(group, rows)
    own = [each for each in group.memory.running.values() if each.worker == worker]
    cut_short = {each.record.id: each for each in own if each.is_current}
    outcomes: dict[int, Outcome] = dict.fromkeys(cut_short, GivenBack())
    if beat is not None:
        how = ENGLISH.say("history", "worker_silent", worker=found[0])
        lived = group.now - round(LEASE_S * 1000)
        for record, crashed in suspect(group, [e.record for e in cut_short.values()], lived):
            outcomes[record.id] = replace(crashed, error=how)
    write_notes(group, [EndNote(each.claim, outcomes[n]) for n, each in cut_short.items()])
    group.cursor.execute(orders.FORGET, (worker,))
    group.part(Workers).offers.pop(worker, None)
    orders.know_functions(group)
    return True


ALONE_S: Final = 10.0
"""How often workers are looked for while there is none, s; a new one notifies."""


class Watching:
    """Follows the workers of the database at ``url`` while this process runs its tasks.

    Meanwhile it shows other processes that this one lives, even if the writer waits for a lock.
    """

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url
        self._known: dict[str, tuple[str, str]] = {}  # stage and offer of each known worker
        self._is_forgotten = False  # whether a refused group may have forgotten one of them
        self._moved: dict[str, tuple[int, float]] = {}  # a worker's beat, and since when, steady s
        self._applied: dict[str, int] = {}  # the number of each worker's last note

    async def follow(self) -> None:
        """Follow the workers until another process runs the tasks."""
        while not self._engine.is_displaced:
            with beginning_again():
                async with connected(self._url, NOTED) as link:
                    # Nothing is known of the time without a connection, so all leases start again.
                    self._known, self._moved = {}, {}
                    async with link.showing_life(self._engine.session_name, LOOK_S):
                        await self._follow_link(link)
            await asyncio.sleep(AGAIN_S)

    async def _follow_link(self, link: ServerLink) -> None:
        look_at = 0.0
        while not self._engine.is_displaced:
            link.woken.clear()
            told, link.told = link.told, set()
            try:
                if any(self._is_new(text) for text in told):
                    await self._apply_all()
                if not told or "" in told or time.monotonic() >= look_at:
                    await self._look(link)
                    look_at = time.monotonic() + LOOK_S
            except (Busy, NotWritable, Closed) as error:
                log.info("Could not apply the notes of workers (will retry): %s", error)
                self._is_forgotten, look_at = True, 0.0
                await asyncio.sleep(AGAIN_S)
            else:
                await link.wait(LOOK_S if self._known else ALONE_S)

    def _is_new(self, text: str) -> bool:
        """Tell whether a notification (``text``) is about a note that is not applied yet.

        A notification may come after its note was applied.
        """
        worker, _, number = text.rpartition(" ")
        return number.isdecimal() and int(number) > self._applied.get(worker, 0)

    async def _look(self, link: ServerLink) -> None:
        """Look for workers, for their notes, and whether they live; and for an older database."""
        if await link.is_restored():
            await self._engine.ask(settle_restored)
        rows = await link.workers()
        await self._meet(rows)
        if any(row.has_noted for row in rows):
            await self._apply_all()
        await self._bury(rows)

    async def _meet(self, rows: list[WorkerRow]) -> None:
        """Give orders to new workers, and none to those that leave."""
        found = {row.id: (row.stage, row.offer) for row in rows}
        if found == self._known and not self._is_forgotten:
            return
        for row in rows:
            if row.id not in self._known:
                log.info("Worker %s has connected", row.name)
        for queue in await self._engine.ask(meet):
            await asyncio.wrap_future(self._engine.release(queue))
        self._known, self._is_forgotten = found, False
        self._applied = {id_: self._applied.get(id_, 0) for id_ in found}

    async def _apply_all(self) -> None:
        """Apply all notes."""
        while len(await self._apply()) == STEP:
            pass

    async def _apply(self) -> list[NotedRow]:
        """Apply up to ``STEP`` notes; return them."""
        try:
            taken: list[NotedRow] = await self._engine.ask(take, ahead=ask_for_notes)
        except (Busy, NotWritable, Closed):
            raise
        except Exception:
            log.exception("Could not apply the notes of workers together; applying each alone")
            taken = await self._engine.ask(waiting)
            for row in taken:
                await self._apply_one(row)
        for row in taken:
            self._applied[row.worker] = row.number
        return taken

    async def _apply_one(self, row: NotedRow) -> None:
        try:
            await self._engine.ask(partial(apply, rows=[row]))
        except (Busy, NotWritable, Closed):
            raise
        except Exception as error:
            log.exception("Could not apply a worker's note: %r", row)
            await self._refuse(row, error)

    async def _refuse(self, row: NotedRow, error: Exception, form: int = 0) -> None:
        try:
            await self._engine.ask(partial(refuse, row=row, error=error, form=form))
        except (Busy, NotWritable, Closed):
            raise
        except Exception:
            if form == PLAINEST:
                raise
            log.exception("Could not apply a worker's note in a plainer form: %r", row)
            await self._refuse(row, error, form + 1)

    async def _bury(self, rows: list[WorkerRow]) -> None:
        """End the attempts of workers that are gone, or have not moved for a lease."""
        now = time.monotonic()
        moved = {row.id: self._since(row, now) for row in rows}
        self._moved = moved
        for row in rows:
            beat, since = moved[row.id]
            is_gone = row.stage == "gone"
            if not is_gone and now - since <= LEASE_S:
                continue
            done = partial(bury, worker=row.id, beat=None if is_gone else beat)
            if await self._engine.ask(done):
                level = logging.INFO if is_gone else logging.WARNING
                how = "has left" if is_gone else "did not respond; its attempts are over"
                log.log(level, "The worker %s %s", row.name, how)

    def _since(self, row: WorkerRow, now: float) -> tuple[int, float]:
        known = self._moved.get(row.id)
        return known if known is not None and known[0] == row.beat else (row.beat, now)
