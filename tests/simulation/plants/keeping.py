"""Mistakes of keeping what was said and of starting what may start."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, Final
from unittest.mock import patch

from sendoff_tasks.attempts.outcomes import Crashed
from sendoff_tasks.dispatch import claimer
from sendoff_tasks.dispatch.after_attempt import end
from sendoff_tasks.dispatch.claimer import Claimer
from sendoff_tasks.duties import pruner
from sendoff_tasks.duties.clock_changes import Drift
from sendoff_tasks.duties.stager import stage as stage_tasks
from sendoff_tasks.errors import Fenced
from sendoff_tasks.model.states import State
from sendoff_tasks.store import database
from sendoff_tasks.store.tables import beside_tasks, statements
from sendoff_tasks.transaction import replies
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.memory import Memory
from sendoff_tasks.transaction.rate_windows import Starts
from sendoff_tasks.transaction.replies import More, answer, answer_of
from sendoff_tasks.verbs import pause_queue, submit
from sendoff_tasks.writer import core
from sendoff_tasks.writer.core import Core
from sendoff_tasks.writer.notes import Ledger
from tests.simulation.computer.disk import File
from tests.simulation.plants.planting import plant

LOST: Final = ("what is on disk stays", "nothing accepted is lost", "items have all their tasks")


@plant("synchronous = NORMAL", *LOST)
def normal() -> Any:
    real = database._configure

    def configure(connection: Any) -> None:
        real(connection)
        connection.execute("PRAGMA synchronous = NORMAL")

    return patch.object(database, "_configure", configure)


@plant("a sync is skipped", *LOST)
def skipped_sync() -> Any:
    return patch.object(File, "sync", lambda file: None)


@plant("a task that begins after one of several", "it begins after those it follows")
def after_one() -> Any:
    any_row = "DELETE FROM followers WHERE task_id = ? AND ? IS NOT NULL AND success = ?"
    return patch.object(beside_tasks, "LET_GO", any_row)


@plant("the answer before the COMMIT", *LOST)
def early_answer() -> Any:
    def answer_early(request: Any, group: Group) -> Any:
        told = answer_of(request, group)
        if not isinstance(told[0], More):
            answer([(request.reply, told)])
            request.reply = Future()
        return told

    return patch.object(replies, "answer_of", answer_early)


@plant("the dispatch before the COMMIT", "started once")
def early_dispatch() -> Any:
    begin, start = Core._claim, Core._start

    def claim(self: Core, group: Group) -> None:
        begin(self, group)
        for claimed in group.claimed:
            start(self, claimed)

    return patch.multiple(Core, _claim=claim, _start=lambda *_: None)


@plant("a task is deleted, then run", "nothing is forgotten")
def delete_then_run() -> Any:
    def recover(group: Group) -> None:
        for record in group.select(statements.RUNNING):
            group.cursor.execute("DELETE FROM tasks WHERE id = ?", (record.id,))
            group.note_deleted(record, "")

    return patch.object(core, "recover", recover)


@plant("recovery by age", "one at a time", "a late writer changes nothing", "outcomes are true")
def recovery_by_age() -> Any:
    def stage(group: Group) -> None:
        for running in group.memory.running.values():
            old = group.now - (running.record.started_at or 0) > 60_000
            if old and running.is_current:
                end(group, running.record, Crashed("it is too old"))
                group.leave(running)
        stage_tasks(group)

    return patch.object(core, "stage", stage)


@plant(
    "a claim without a fence",
    *("a late writer changes nothing", "only what was in flight repeats", "no effect twice"),
)
def no_fence() -> Any:
    def under_way(self: Memory, claim: Any) -> Any:
        running = self.running.get(claim.task_id)
        if running is None or not running.is_current:
            raise Fenced(claim.task_id, claim.attempt)
        return running

    return patch.object(Memory, "under_way", under_way)


@plant("an effect before its mark is on disk", "no effect twice", "outcomes are true")
def early_effect() -> Any:
    real = Ledger.point_of_no_return

    def point_of_no_return(self: Ledger, *given: Any) -> Future[None]:
        real(self, *given)
        passed: Future[None] = Future()
        passed.set_result(None)
        return passed

    return patch.object(Ledger, "point_of_no_return", point_of_no_return)


@plant("the pruner forgets what is unfinished", "nothing is forgotten")
def greedy_pruner() -> Any:
    ended = ((State.SUCCEEDED, State.WAITING, State.SCHEDULED), pruner.ENDED[1])
    return patch.object(pruner, "ENDED", ended)


@plant("a rate that is kept in memory only", "rates")
def forgetful_rate() -> Any:
    return patch.object(Starts, "write", lambda *_: None)


@plant("a rate that is not kept", "rates")
def no_rate() -> Any:
    return patch.object(Starts, "count", lambda *_: None)


@plant("a pause that is kept in memory only", "pauses are kept")
def forgetful_pause() -> Any:
    def begin(group: Group, name: str, since: int) -> None:
        group.memory.pauses[name] = since

    return patch.object(pause_queue, "_begin", begin)


@plant("a hold that is kept in memory only", "held queues start nothing")
def forgetful_hold() -> Any:
    real = Memory.load

    def load(self: Memory, connection: Any) -> None:
        real(self, connection)
        self.held_queues.clear()

    return patch.object(Memory, "load", load)


@plant("a limit that forgets what runs already", "concurrency", "slots")
def forgetful_limit() -> Any:
    real = Claimer._room
    return patch.object(Claimer, "_room", lambda self, *place: real(self, *place) + 1)


@plant("a stager that is five seconds early", "not early")
def hasty_stager() -> Any:
    def stage(group: Group) -> None:
        group.now += 5_000
        stage_tasks(group)
        group.now -= 5_000

    return patch.object(core, "stage", stage)


@plant("a priority that always comes first", "everyone has a turn")
def no_turns() -> Any:
    return patch.object(claimer, "_is_by_age", lambda _: False)


@plant("delays that do not follow the clock", "not early")
def deaf_to_jumps() -> Any:
    return patch.object(Drift, "follow", lambda *_: None)


@plant("a key that is not looked for", "one open task for each key")
def no_key() -> Any:
    return patch.object(submit.OpenKeys, "find", lambda *_: None)


@plant("words that stay when their task is forgotten", "search finds each task")
def stale_words() -> Any:
    real = Group.note_deleted
    return patch.object(Group, "note_deleted", lambda self, record, words: real(self, record, ""))


@plant("a count that is not taken back", "counts are true")
def wrong_count() -> Any:
    real = Group._count

    def count(self: Group, function: int, state: str, n: int) -> None:
        if n > 0 or state != State.WAITING:
            real(self, function, state, n)

    return patch.object(Group, "_count", count)
