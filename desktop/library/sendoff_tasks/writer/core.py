"""The engine without threads: a step is one group, so a simulator can control time and chance.

A group that cannot be written as a whole is salvaged: each note and request is written alone.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from random import Random
from typing import Final, NamedTuple

from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.dispatch.after_attempt import SuspectQueue
from sendoff_tasks.dispatch.claimer import Claimer, StartCounts, serve
from sendoff_tasks.duties.clock_changes import Drift, doubt_at_start
from sendoff_tasks.duties.pruner import PrunerProgress, tidy, trim
from sendoff_tasks.duties.recovery import Life, note_life, note_stop, recover, settle_restored
from sendoff_tasks.duties.scrubber import Scrubbing, scrub
from sendoff_tasks.duties.stager import stage
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.events.journal import Journal
from sendoff_tasks.events.notices import OWN, RETRY_S, Trouble, tell_doubt, tell_standstill
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.lanes import Lane
from sendoff_tasks.lanes.runs import not_begun
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.queues.followers import Followers, follow
from sendoff_tasks.queues.holds import (
    ReturnedFunctions,
    Trials,
    hold_without_function,
    release_returned,
)
from sendoff_tasks.queues.limits import Limits
from sendoff_tasks.queues.workers import Workers
from sendoff_tasks.schedules import ScheduleRecords, make_due
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.causes import CauseCounts
from sendoff_tasks.transaction.features import Feature
from sendoff_tasks.transaction.function_rows import Sources, StoredVariables
from sendoff_tasks.transaction.group import Group, WriterStore
from sendoff_tasks.transaction.memory import NEVER, Memory, RunningTask
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.rate_windows import Starts
from sendoff_tasks.transaction.replies import (
    Answer,
    HalfDone,
    Request,
    answer,
    answers_of,
    run_logged,
    settle,
)
from sendoff_tasks.transaction.searching import SearchWords, index_new_tasks
from sendoff_tasks.verbs.pause_queue import log_pause
from sendoff_tasks.verbs.pending import give_up
from sendoff_tasks.writer.figures import Durations, Throughput
from sendoff_tasks.writer.notes import (
    AttemptNote,
    EndNote,
    Ledger,
    MarkNote,
    ProgressNote,
    RefusedNote,
    StepNote,
    plain_ends,
    write_notes,
)
from sendoff_tasks.writer.writer import Inbox

log = logging.getLogger(__name__)

PARTS: Final[Sequence[type[Part]]] = (
    CauseCounts,
    SearchWords,
    Sources,
    StoredVariables,
    Starts,
    SuspectQueue,
    Acts,
    PendingRecords,
    Workers,
    StartCounts,
    Followers,
    Trials,
    ReturnedFunctions,
    ScheduleRecords,
    Life,
    PrunerProgress,
    Scrubbing,
)
"""What is remembered for each feature, beside the tasks."""


class WrittenGroup(NamedTuple):
    """A group after its COMMIT, and the answers to those who wait for it."""

    group: Group
    answers: list[tuple[Request, Answer]]
    refused: list[RefusedNote]
    notes: list[AttemptNote]


class ApplicationText(Part):
    """A text that the store remembers from one run to the next; any thread may replace it.

    A new text is written at the beginning of the next group. So it is on disk as soon as anything
    that an attempt does because of it, such as passing its point of no return.
    ``on_open`` is called with the stored text before the engine does anything else with the store.
    """

    def __init__(self) -> None:
        self.on_open: Callable[[str | None], None] = lambda text: None
        self.text: str | None = None
        self._stored: str | None = None

    def load(self, source: Source) -> None:
        """Read the stored text."""
        self._stored = statements.read_meta(source, statements.APPLICATION)

    def open(self, group: Group) -> None:
        """Take the stored text, and write the one that replaces it at once."""
        self.text = self._stored
        self.on_open(self.text)
        self.store(group)

    def store(self, group: Group) -> None:
        """Write the text, unless it is stored already."""
        text = self.text
        if text is not None and text != self._stored:
            group.cursor.execute(statements.PUT_META, (statements.APPLICATION, text))
            self._stored = text


class Core:
    """Does the writer's work, one transaction per step.

    ``lanes``, by name, run what is claimed and report through ``ledger``. Only ``throughput`` and
    ``durations`` may be read from any thread.
    """

    def __init__(
        self,
        writer_store: WriterStore,
        registry: Registry,
        limits: Limits,
        random: Random,
        inbox: Inbox,
        ledger: Ledger,
        journal: Journal,
        remembered: ApplicationText | None,
        features: Sequence[Feature],
    ) -> None:
        self._limits = limits
        self._remembered = remembered or ApplicationText()
        parts = [*(kind() for kind in PARTS), *(part() for each in features for part in each.parts)]
        self.memory = Memory([*parts, limits, self._remembered], features)
        self.throughput = Throughput()
        self.durations = Durations()
        self.lanes: Mapping[str, Lane] = {}
        self.claiming = True
        self.ending = False  # whether the process was asked to end; it may still claim
        self.scheduling = True  # whether schedules make tasks
        self._writer_store = writer_store
        self._registry = registry
        self._random = random
        self._inbox = inbox
        self._ledger = ledger
        self._journal = journal
        self._trouble = Trouble(journal.board, journal.reader)
        self._stale = True  # whether memory must be loaded from the store
        self._more = True
        self._retry_at: float | None = None  # steady s
        self._steady = 0.0
        self.drift = Drift()

    def open(self, now: float) -> None:
        """Judge what an earlier run left; ``now`` in epoch s. Raises ``NotWritable``."""
        group = self._group(now)
        self.memory.begin(group)
        try:
            group.begin()
            self._refresh(group)
            doubt_at_start(group)
            settle_restored(group)
            self._writer_store.adopt(group)
            recover(group)
            follow(group)
            self._settle_features(group)
            self._remembered.open(group)
            self._limits.open(group)
            log_pause(group)
            group.commit()
        except Exception as error:
            refusal = self._writer_store.refusal(error)
            if refusal is None:
                raise
            self._roll_back()
            self._trouble.begin(refusal)
            raise refusal from error
        self.memory.commit(group)
        self._journal.committed(self.memory, group.failures)
        self._tell(group)
        tell_doubt(self._journal.board, group.now, self.memory.doubt.doubted_until)

    def step(self, now: float, steady: float) -> float | None:
        """Write one group and start what it claimed; ``now`` in epoch s, ``steady`` only passes.

        Returns when the next step is due at the latest (epoch s), or ``None``.
        """
        self._steady = steady
        self.drift.look(now, steady)
        notes, requests = self._inbox.take()
        progress = self._ledger.take_progress()
        if notes or progress or requests or self.drift.jump or now >= self._next(now):
            self._write(now, [*progress, *notes], requests)
        due = self._next(now)
        return None if due == math.inf else due

    def _next(self, now: float) -> float:
        if self._retry_at is not None:
            return now + max(0.0, self._retry_at - self._steady)
        memory = self.memory
        is_new = memory.part(ReturnedFunctions).version != self._registry.version
        if self._more or self._inbox.urgent or memory.responses.over or is_new:
            return now
        life = memory.part(Life)
        if self._stops and memory.running and not life.stop_noted:
            return now
        tidy = memory.part(PrunerProgress).next_tidy if self._is_sound else NEVER
        schedule = memory.part(ScheduleRecords).next_at if self._makes_due else NEVER
        due = min(memory.next_due, memory.next_group, life.next_age, tidy, schedule)
        return math.inf if due == NEVER else due / 1000

    @property
    def _stops(self) -> bool:
        return self.ending or not self.claiming

    @property
    def _is_sound(self) -> bool:
        return self._journal.reader.damage is None

    @property
    def _makes_due(self) -> bool:
        return self.scheduling and self.claiming and self._is_sound

    def _group(self, now: float) -> Group:
        ms = math.floor(now * 1000)  # never early
        return self._writer_store.group(self.memory, self._registry, self._random, ms)

    def _refresh(self, group: Group) -> None:
        self._writer_store.load(group)
        self._stale = False

    def _write(self, now: float, notes: list[AttemptNote], requests: list[Request]) -> None:
        """Write one group; if that fails, wait for the disk, or find the part that is to blame."""
        try:
            written = self._transact(now, notes, requests, duties=True)
        except Exception as error:
            if self._writer_store.is_refusal(error):
                self._refused(notes, requests, error)
            else:
                log.exception("A transaction failed; its requests are written one by one")
                self._journal.reader.on_surprise()  # rows and indexes may disagree
                self._each_alone(now, notes, requests, error)
        else:
            self._after_commit(now, written)
            run_logged(self._journal.board.take_back, NoticeId.ENGINE)

    def _transact(
        self, now: float, notes: list[AttemptNote], requests: list[Request], *, duties: bool = False
    ) -> WrittenGroup:
        """Write everything to disk or nothing, with or without the standing ``duties``.

        Nothing follows the COMMIT: if this raises, nothing was written, and all is written again.
        """
        group = self._group(now)
        self.memory.begin(group)
        try:
            group.begin()
            if self._stale:
                self._refresh(group)
                settle_restored(group)
            self.drift.follow(group)
            group.part(Starts).clamp_to_now(group)
            self._remembered.store(group)
            self._limits.store(group)
            refused = write_notes(group, notes)
            answers = answers_of(requests, group)
            if duties:
                release_returned(group)
                if self._makes_due:
                    make_due(group)
                stage(group)
                if requests:
                    self._settle_features(group)  # a finished batch may have open rows again
                follow(group)
                self.memory.responses.settle(group)
                self._claim(group)
                if self._stops:
                    note_stop(group)
                note_life(group)
                trim(group)
                for feature in self.memory.features:
                    feature.go_on(group)
                if self._is_sound:
                    alone = self._inbox.empty and not (notes or requests)
                    tidy(group, self._writer_store.give_back, alone=alone)
                    index_new_tasks(group, alone=alone)
                    scrub(group, alone=alone)
                if self._trouble.lasts and not requests:
                    group.all_changed()  # writes something, which shows whether the disk accepts it
            group.more = group.more or bool(group.part(Followers).moved_tasks)
            follow(group)
            self._settle_features(group)
            written = WrittenGroup(group, answers, refused, notes)
            group.commit()
        except BaseException:
            self._roll_back()
            raise
        return written

    def _settle_features(self, group: Group) -> None:
        for feature in self.memory.features:
            feature.settle(group)

    def _claim(self, group: Group) -> None:
        if self.claiming and self.lanes and self._is_sound:
            hold_without_function(group)
            claimer = Claimer(group, self.lanes, self._writer_store.store)
            for feature in self.memory.features:
                feature.feed(group, claimer, self._inbox.nearness.now)
            serve(group, claimer)
            self.memory.at_limit = claimer.close()

    def _after_commit(self, now: float, written: WrittenGroup) -> None:
        """Do what follows the COMMIT: answers, then attempts, then events and notices."""
        group, *told = written
        run_logged(self._settle, now, group)
        run_logged(self._inbox.answer_all, *told)
        for claimed in group.claimed:
            if not claimed.worker:  # a worker's order was part of the COMMIT
                run_logged(self._start, claimed)
        for stopping in group.to_stop:
            if not stopping.worker:
                run_logged(self._stop, stopping)
        self._tell(group)
        run_logged(self._journal.committed, self.memory, group.failures)

    def _tell(self, group: Group) -> None:
        for notice in group.notices:
            board = self._journal.board
            (board.tell if notice["id"] in OWN else board.pass_on)(notice)

    def _settle(self, now: float, group: Group) -> None:
        """Update what memory knows that is not read from the store."""
        self.drift.followed()
        self._more = group.more
        self.memory.commit(group)
        if self.memory.last_event != self._journal.last:
            self._trouble.end()
        if not self._trouble.lasts:
            self._retry_at = None
        tell_doubt(self._journal.board, group.now, self.memory.doubt.doubted_until)
        self._inbox.patient = not self.memory.queued()
        self._inbox.worker_wait.lacks_slots = self.memory.part(Workers).lacks_slots
        measured, functions = self.memory.measured, self.memory.functions
        self.throughput.count(now, len(group.claimed), measured.finished(functions))
        self.durations.count(measured, functions)

    def _start(self, running: RunningTask) -> None:
        try:
            self._ledger.begin(running.claim)
            self.lanes[running.lane].start(running.claim)
        except Exception as error:
            self._ledger.finish(running.claim, not_begun(error))
            log.exception("Lane %s could not start an attempt", running.lane)

    def _stop(self, running: RunningTask) -> None:
        claim = running.claim
        self.lanes[running.lane].cancel(claim.task_id, claim.attempt, CancelReason.PERSON)

    def _refused(self, notes: list[AttemptNote], requests: list[Request], error: Exception) -> None:
        """Refuse the callers, keep the notes of attempts, and try again soon."""
        refusal = self._writer_store.refusal(error) or NotWritable(
            Refusal.OTHER, text=sentence(error)
        )
        self._trouble.begin(refusal)
        self._retry_at = self._steady + RETRY_S
        self._ledger.put_back([note for note in notes if isinstance(note, ProgressNote)])
        self._inbox.put_back([note for note in notes if not isinstance(note, ProgressNote)])
        answer((request.reply, (None, refusal)) for request in requests)

    def _each_alone(
        self, now: float, notes: list[AttemptNote], requests: list[Request], error: Exception
    ) -> None:
        """Write one by one what failed together; report a failing duty and try it again.

        A pending action of which a step failed ends with the error.
        """
        faulty = self.memory.part(PendingRecords).under_way
        if faulty is not None:
            end = partial(give_up, number=faulty.id, why=sentence(error))
            requests = [Request(end, Future()), *requests]
        elif not (notes or requests):
            self._retry_at = self._steady + RETRY_S
            tell_standstill(self._journal.board, error)
            return
        try:
            while notes:
                self._write_note(now, notes[0])
                notes = notes[1:]
            while requests:
                self._do_request(now, requests[0])
                requests = requests[1:]
        except Exception as failure:
            if not self._writer_store.is_refusal(failure):
                raise
            self._refused(notes, requests, failure)
        self._more = True

    def _write_alone(self, now: float, notes: list[AttemptNote], requests: list[Request]) -> None:
        self._after_commit(now, self._transact(now, notes, requests))

    def _write_note(self, now: float, note: AttemptNote) -> None:
        try:
            self._write_alone(now, [note], [])
        except Exception as error:
            if self._writer_store.is_refusal(error):
                raise
            log.exception("Could not write %r", note)
            match note:
                case MarkNote(_, future) | StepNote(_, future):
                    refusal = NotWritable("store.not_recorded", why=sentence(error))
                    settle(future, (None, refusal))
                case EndNote():
                    self._end_plainly(now, note, error)

    def _end_plainly(self, now: float, note: EndNote, error: Exception) -> None:
        """Write an end as plainly as it takes; if a bug prevents it, leave it to the next start."""
        for plain in plain_ends(note, error, math.floor(now * 1000)):
            try:
                self._write_alone(now, plain, [])
            except Exception as failure:
                if self._writer_store.is_refusal(failure):
                    raise
                log.exception("Could not write %r", plain[-1])
            else:
                return
        log.error(
            "Could not write the end of task %s; the next start decides what became of it",
            note.claim.task_id,
        )
        self.memory.running.pop(note.claim.task_id, None)

    def _do_request(self, now: float, request: Request) -> None:
        try:
            self._write_alone(now, [], [request])
        except Exception as error:
            if self._writer_store.is_refusal(error):
                raise
            told = error.error if isinstance(error, HalfDone) else error
            answer([(request.reply, (None, told))])

    def _roll_back(self) -> None:
        self._stale = True
        self.memory.undo()
        self._writer_store.roll_back()
