"""A listener who reads every event after its commit, and remembers it through every crash."""

from __future__ import annotations

from typing import Any

from sendoff_tasks.model.states import RESENDABLE, State, may_become
from tests.simulation.judging.broken import expect
from tests.simulation.judging.due_times import DueTimes
from tests.simulation.judging.endings import CRASHES, UNSEEN, crashed, endings, states_after
from tests.simulation.judging.errand import Errand, unsure_before
from tests.simulation.judging.outside import Outside
from tests.simulation.judging.seen import Event, Seen
from tests.simulation.judging.turns import SuspectQueue
from tests.simulation.stage.functions import CHIME

FLOOR = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'events_floor'"
ITEMS = "SELECT first_task, task_count FROM items"
LAST = "SELECT coalesce(max(id), 0) FROM events"
EVENTS = "SELECT id, task_id, state, attempt, at FROM events WHERE id > ? ORDER BY id"
ARGUMENTS = "SELECT arguments, addressee FROM tasks WHERE id = ?"
OF_ROW = f"{ARGUMENTS} AND batch_id IN (SELECT id FROM batches)"  # noqa: S608  constants
PAUSED = "SELECT queue FROM pauses"
SHEETS = "SELECT name, paused_at, started_at, id FROM batches"
HELD = "SELECT name, until FROM queues"
KEYS = (
    "SELECT function, key FROM tasks WHERE key IS NOT NULL AND state NOT IN "
    "('succeeded', 'cancelled', 'failed') GROUP BY function, key HAVING count(*) > 1"
)
TABLE = "SELECT id, state, attempt FROM tasks"
SAID_SINCE = """
SELECT b.name FROM batches AS own, batch_rows AS r JOIN batches AS b ON b.id = r.batch_id
WHERE own.name = ? AND (b.started_at, b.id) > (own.started_at, own.id)
AND json_extract(r.item, '$.item_id') = ? AND json_extract(r.item, '$.title') <> ?
AND r.checked = 'same' AND r.outcome = 'left_out'
"""
"""The spreadsheets started since whose row says that the item is right as it was sent."""
PERSONS = frozenset({State.FAILED, State.CANCELLED, State.UNCERTAIN})
"""States a task leaves only by a person's word."""


OVER = PERSONS | {State.SUCCEEDED}
MONTH_MS = 30 * 24 * 3600 * 1000


class Witness:
    """Judges each event by those before it."""

    def __init__(self, outside: Outside, *, may_forget: bool, trusts: bool) -> None:
        self.outside = outside
        self.may_forget = may_forget  # what has ended, at any age
        self.trusts = trusts  # the disk; else nothing is judged by what was before
        self.events: list[Event] = []
        self._begun = 0  # the last event of before
        self.tasks: dict[int, Seen] = {}
        self.gone: set[int] = set()
        self.errands: dict[int, Errand] = {}
        self.rows: dict[int, Errand] = {}  # by item, what was last made of a spreadsheet's row
        self._looked: tuple[Any, int] | None = None  # the connection, and what it had changed
        self._holds: list[tuple[str, int | None]] = []
        self.turns = SuspectQueue()
        self.due = DueTimes(outside.clock)
        self._at_first: dict[int, str] = {}  # the states that it began with

    @property
    def last(self) -> int:
        return max(self._begun, self.events[-1].id if self.events else 0)

    def look(self, connection: Any) -> None:
        """Read what is new, where anything was written since the last look."""
        looked = connection, connection.total_changes
        if looked != self._looked:
            self._looked = looked
            self._read(connection)
        self.outside.see_holds(self._holds)

    def _read(self, connection: Any) -> None:
        """Read what is new; where some of it was trimmed already, the table itself."""
        floor = connection.execute(FLOOR).fetchone()[0]
        trimmed = floor > self.last
        for row in connection.execute(EVENTS, (self.last,)):
            event = Event(*row)
            self.events.append(event)
            if event.task_id > 0 and not trimmed:  # below 0 it is no task, at 0 everything
                self._hear(connection, event)
        if trimmed:
            self._begun = floor
            self._read_all(connection)
        if self.trusts:
            self.due.look(connection)
        twice = connection.execute(KEYS).fetchall()
        expect(not (twice and self.trusts), "one open task for each key", str(twice))
        self.outside.paused = {queue for (queue,) in connection.execute(PAUSED)}
        sheets = connection.execute(SHEETS).fetchall()
        self.outside.paused_sheets = {name for name, paused, *_ in sheets if paused is not None}
        self._holds = connection.execute(HELD).fetchall()

    def begin(self, connection: Any) -> None:
        """Begin with what a store has that was not known before."""
        self._begun = connection.execute(LAST).fetchone()[0]
        self._read_all(connection)
        for first, count in connection.execute(ITEMS):
            self.gone |= {*range(first, first + count)} - self.tasks.keys()
        self._at_first = {number: seen.state for number, seen in self.tasks.items()}
        self.outside.paused = {queue for (queue,) in connection.execute(PAUSED)}

    def meet(self, connection: Any) -> None:
        """See the program started, before anything starts in it."""
        self.compare(connection)
        self.look(connection)
        self.turns.restart()

    def compare(self, connection: Any) -> None:
        """Compare what was read of events and pauses with what is on disk."""
        if not self.trusts:
            return
        floor = max(self._begun, connection.execute(FLOOR).fetchone()[0])
        known = [event for event in self.events if event.id > floor]
        there = [Event(*row) for row in connection.execute(EVENTS, (floor,))][: len(known)]
        lost = next((e for e, t in zip(known, there, strict=False) if e != t), None)
        if len(there) < len(known):
            lost = lost or known[len(there)]
        expect(lost is None, "what is on disk stays", f"{lost} was read and is no more")
        paused = {queue for (queue,) in connection.execute(PAUSED)}
        meant = any(ask.verb in {"pause", "resume"} for ask in self.outside.asks)
        how = f"{sorted(paused)} are paused, were {sorted(self.outside.paused)}"
        expect(meant or paused == self.outside.paused, "what is on disk stays", how)

    def compare_tasks(self, connection: Any) -> None:
        """Compare the tasks as the events told them with the table."""
        table = {row[0]: Seen(*row[1:]) for row in connection.execute(TABLE)}
        if table != self.tasks:
            odd = sorted(dict(table.items() ^ self.tasks.items()))[0]
            how = f"task {odd} is {table.get(odd)}, the events told {self.tasks.get(odd)}"
            expect(False, "events tell the table", how)

    def _read_all(self, connection: Any) -> None:
        table = {row[0]: Seen(*row[1:]) for row in connection.execute(TABLE)}
        for number in self.tasks.keys() - table.keys():
            self._note_gone(number)
        known, self.tasks = self.tasks, table
        for number, seen in table.items():
            errand = self._errand(connection, number)
            if errand is not None:
                self._catch_up(errand, known.get(number), seen)
                errand.is_urged |= self.outside.wanted(number)

    def _catch_up(self, errand: Errand, before: Seen | None, seen: Seen) -> None:
        """Note what a task has become by events that are gone."""
        if seen.state == State.CANCELLED:
            self._take_back(errand)
        elif before is not None and before.state in PERSONS and seen.state not in OVER:
            errand.is_taken_back = False
            errand.again()
        errand.done = self.trusts and seen.state == State.SUCCEEDED
        errand.not_before = errand.not_before_wall = None
        errand.unsure = errand.unsure | {errand.is_message}

    def _hear(self, connection: Any, event: Event) -> None:
        before = self.tasks.get(event.task_id)
        if event.state is None:
            if self.trusts:
                self._judge_end(before, event)
            self._note_gone(event.task_id)
            return
        expect(event.task_id not in self.gone, "numbers are used once", f"{event} came back")
        errand = self._errand(connection, event.task_id)
        if self.trusts and before is None and errand is not None:
            self._judge_resend(errand)
            self._judge_row(connection, errand)
        if self.trusts and before is not None and before.state != event.state:
            self._judge_move(before, event, errand)
            if errand is not None and before.state == State.RUNNING:
                self._judge_outcome(errand, event)
            elif errand is not None and event.state == State.FAILED:
                self.turns.expire(errand.function)
                self._judge_expired(errand, event)
        if errand is not None and (before is None or before.state != event.state):
            self._tell(errand, before, event)
        self.tasks[event.task_id] = Seen(event.state, event.attempt)

    def _note_gone(self, task_id: int) -> None:
        self.gone.add(task_id)
        self.tasks.pop(task_id, None)
        errand = self.errands.get(task_id)
        if errand is not None:
            errand.be_forgotten()

    def _judge_end(self, before: Seen | None, event: Event) -> None:
        undone = self.outside.asked(event.task_id, "undo") and (
            before is None or not before.attempt
        )
        over = before is not None and before.state in OVER
        removed = over and self.outside.asked(event.task_id, "remove")
        old = over and self._is_old(event.task_id)
        expect(
            undone or removed or old, "nothing is forgotten", f"{event} of a task that was {before}"
        )

    def _is_old(self, task_id: int) -> bool:
        """Whether the task ended so long ago that it may be forgotten."""
        ended, state = 0, self._at_first.get(task_id, "")
        for event in self.events:  # later ones may tell that it was sent again
            if event.task_id == task_id and event.state not in {None, state}:
                ended, state = event.at, str(event.state)
        clock = self.outside.clock
        is_old = clock.now() * 1000 - ended >= MONTH_MS and not clock.is_doubted
        return self.may_forget or is_old

    def _judge_move(self, before: Seen, event: Event, errand: Errand | None) -> None:
        told = f"task {event.task_id} went from {before.state} to {event.state}"
        allowed = may_become(State(before.state), State(event.state or ""))
        expect(allowed, "states move along the table", told)
        begins = event.state == State.RUNNING
        expect(event.attempt == before.attempt + begins, "attempts are counted", told)
        if event.state == State.SUCCEEDED and before.state == State.UNCERTAIN:
            expect(self.outside.asked(event.task_id, "done"), "a person's word", told)
        elif before.state in PERSONS:
            expect(self.outside.wanted(event.task_id), "a person's word", told)
        of_sheet = errand is not None and errand.row_of is not None  # it waits for its turn
        if event.state == State.SCHEDULED and not of_sheet:
            expect(self.outside.asked(event.task_id, "move"), "a person's word", told)
        with_others = errand is not None and any(other.is_taken_back for other in errand.after)
        if event.state == State.CANCELLED and before.state != State.RUNNING and not with_others:
            expect(self.outside.asked(event.task_id, "cancel"), "a person's word", told)

    def _judge_resend(self, errand: Errand) -> None:
        """Judge that what is done once more has ended; it may be forgotten by now."""
        first = None if errand.resend_of is None else self.tasks.get(errand.resend_of)
        how = f"{errand} is sent again, of one that is {first}"
        expect(first is None or first.state in RESENDABLE, "only what has ended is sent again", how)

    def _judge_row(self, connection: Any, errand: Errand) -> None:
        """Judge that a row is sent once: the same again only as a person wanted it."""
        if errand.row_of is None or errand.resend_of is not None:
            return
        _, item, title = errand.row_of
        since = connection.execute(SAID_SINCE, errand.row_of).fetchone()
        how = f"{errand} leaves, though {since} said since that the item was right"
        expect(since is None, "newer words stand", how)
        last = self.rows.get(item)
        if last is not None and last is not errand and not last.is_taken_back:
            assert last.row_of is not None
            same = last.row_of[2] == title and not errand.is_sent_again
            how = f"{errand} is as {last} was, and is sent again"
            expect(not same, "the same row is sent once", how)
            how = f"{errand} follows {last}, whose spreadsheet was sent later"
            older = self._sent_at(connection, errand) < self._sent_at(connection, last)
            expect(not older, "newer words stand", how)
        self.rows[item] = errand

    def _sent_at(self, connection: Any, errand: Errand) -> tuple[int, int]:
        """Tell when the spreadsheet of a row was started, in an order."""
        assert errand.row_of is not None
        query = "SELECT coalesce(started_at, 0), id FROM batches WHERE name = ?"
        moment, number = connection.execute(query, (errand.row_of[0],)).fetchone() or (0, 0)
        return moment, number

    def _take_back(self, errand: Errand) -> None:
        """Note that a row was cancelled, by its own task or by one that was sent again."""
        errand.is_taken_back = True
        if errand.resend_of is not None and errand.row_of is not None:
            last = self.rows.get(errand.row_of[1])
            if last is not None:
                last.is_taken_back = True

    def _judge_outcome(self, errand: Errand, event: Event) -> None:
        """Judge what an attempt's end is recorded as; one that never reached its lane was none."""
        attempt = errand.attempts.get((event.task_id, event.attempt))
        if attempt is None and errand.is_past:
            return
        allowed = UNSEEN
        if attempt is not None:
            pending = self.outside.asked(event.task_id, "cancel")
            stops = {True} if attempt.asked_to_stop else {False, pending}
            attempt.ended = None if self.outside.clock.has_jumped else event.at / 1000
            allowed = endings(attempt, *stops)
            attempt.is_over = True
        states = sorted(map(str, states_after(allowed, errand)))
        how = f"attempt {event.attempt} of {errand} made it {event.state}, not {states}"
        expect(event.state in states, "outcomes are true", how)
        if self.outside.are_ours and attempt is not None and attempt.said is None:
            held = event.state == State.WAITING
            evidence = errand.evidence(event.task_id, event.attempt)
            how = f"{errand} is held, with evidence of {evidence} attempts"
            expect(not held or evidence >= CRASHES, "nobody is blamed for others", how)
        again = crashed(attempt) and event.state == State.QUEUED
        errand.crashes = errand.crashes + 1 if again else 0
        how = f"{errand} has crashed {errand.crashes} times in a row and is {event.state}"
        expect(errand.crashes < CRASHES, "outcomes are true", how)

    def _judge_order(self, errand: Errand) -> None:
        """Judge that all have succeeded that it is after, but for those that are gone by now."""
        if errand.is_past or not self.trusts:
            return  # they may have succeeded before
        lacking = [str(other) for other in errand.after if not other.done and other.task_id]
        how = f"{errand} begins before {lacking} has succeeded"
        expect(not lacking or errand.is_urged, "it begins after those it follows", how)

    def _judge_expired(self, errand: Errand, event: Event) -> None:
        """Judge that a task failed without an attempt: only its deadline does that."""
        due = errand.deadline
        passed = due is not None and event.at / 1000 > due - 0.01
        how = f"{errand} failed at {event.at / 1000}, its deadline is {due}"
        expect(passed or (due and self.outside.clock.has_jumped), "deadlines", how)

    def _errand(self, connection: Any, task_id: int) -> Errand | None:
        """Find what the task is for; ``None`` for one that was forgotten at once."""
        errand = self.errands.get(task_id)
        if errand is not None and errand.row_of is not None:
            return self._row_errand(connection, task_id, errand)
        if errand is None:
            row = connection.execute(ARGUMENTS, (task_id,)).fetchone()
            if row is None:
                return None
            errand = self.errands[task_id] = self.outside.errand_of(task_id, *row)
            # A drive that lies may keep a new task, and lose that it was asked for.
            once = errand.task_id in {None, task_id} or not self.trusts
            expect(once, "accepted once", f"{errand} is also task {task_id}")
            errand.task_id = task_id
            if errand.is_message:
                errand.unsure |= unsure_before(connection, task_id, self.errands)
            is_due = errand.function == CHIME and errand.resend_of is None
            if self.trusts and is_due and not errand.is_past:
                self.due.made(connection, task_id)
        return errand

    def _row_errand(self, connection: Any, task_id: int, errand: Errand) -> Errand:
        """Find which row a task is for now: a changed one takes over what has not begun.

        After months its spreadsheet may be forgotten.
        """
        row = connection.execute(OF_ROW, (task_id,)).fetchone()
        other = errand if row is None else self.outside.errand_of(task_id, *row)
        if other is not errand:
            other.take_over(errand)
            self.outside.lose(frozenset({task_id}))
            self.errands[task_id] = other
            if self.trusts:
                self._judge_row(connection, other)
        return other

    def _queued(self, function: str) -> list[int]:
        queued = [number for number, seen in self.tasks.items() if seen.state == State.QUEUED]
        return [
            number
            for number in queued
            if self.errands[number].function == function
            and not self.outside.asked(number, "cancel")  # it may have to wait for that
        ]

    def _tell(self, errand: Errand, before: Seen | None, event: Event) -> None:
        match event.state:
            case State.RUNNING if self.trusts:
                self._judge_order(errand)
                self.turns.start(errand.function, event.task_id, self._queued(errand.function))
            case State.SUCCEEDED:
                errand.done = self.trusts
            case State.UNCERTAIN if errand.is_message:
                errand.unsure = {True}
            case State.CANCELLED:
                self._take_back(errand)
            case State.WAITING if before is not None and before.state == State.RUNNING:
                errand.not_before = errand.waits.pop(event.attempt, None)
            case State.SCHEDULED if before is not None and before.state in PERSONS:
                errand.is_taken_back = False
                errand.again()
            case State.QUEUED:
                if self.trusts:
                    self.outside.due(errand, f"{errand}, which is queued,")
                if before is not None and before.state != State.RUNNING:
                    errand.crashes = 0
                errand.is_taken_back = False
                errand.is_urged |= self.outside.wanted(event.task_id)
                if before is not None and before.state in PERSONS:
                    errand.again()
