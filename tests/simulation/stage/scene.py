"""Everything a history plays on: the computer, the program while it runs, and who looks on."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, Final

from desktop.mail.files import SETTINGS, FolderFiles
from sendoff_tasks.errors import EngineError, TaskCancelled
from sendoff_tasks.folder.database_backups import RESTORED_AT
from sendoff_tasks.folder.safe_files import QuietFiles
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.store.tables.pending import PLAINLY, ActionOptions, PackedIds
from sendoff_tasks.store.tables.statements import ADD_META
from sendoff_tasks.verbs.bulk import BulkDone
from tests.simulation.computer.clock import UNNOTICED_S, Clock
from tests.simulation.computer.connection import Connection, PowerCut
from tests.simulation.computer.disk import STRUCK, Disk, File, Kept, Trouble
from tests.simulation.computer.folder import Place
from tests.simulation.computer.template import image
from tests.simulation.judging.allowance import Allowance
from tests.simulation.judging.broken import Broken, expect
from tests.simulation.judging.errand import Attempt, Errand, renewed
from tests.simulation.judging.listener import Listener
from tests.simulation.judging.outside import EARLY_S, Ask, Lane, Later, Outside
from tests.simulation.judging.preferences import Preferences
from tests.simulation.judging.witness import Witness
from tests.simulation.stage.functions import FUNCTIONS, registry
from tests.simulation.stage.process import PATH, Process
from tests.simulation.stage.props import (
    MANY,
    Awaited,
    Click,
    Copy,
    Corrected,
    Handed,
    Setting,
    Sheet,
)
from tests.simulation.stage.task_files import TaskFiles
from tests.simulation.stage.task_files import forget as forget_tasks

KINDS: Final = {kept: f"power cuts, {kept} of what waited kept" for kept in Kept}
KINDS[Kept.ALL] = "kills"
MARK: Final = f"{PATH}.mark"
STORE: Final = (PATH, f"{PATH}-wal", MARK)
RUNS: Final = "SELECT value FROM meta WHERE key = 'run'"
SETTINGS_FILE: Final = f"/{SETTINGS}"
UNOPENED: Final = STRUCK[Trouble.UNOPENED]
PENDING: Final = """
SELECT id, due_at, done_at, answer ->> 'touched', coalesce(answer ->> 'ids', '[]') FROM pending
"""
EARLIER: Final = """
SELECT tasks, coalesce(answer ->> 'beyond', 0) FROM pending
WHERE id < ? AND done_at IS NULL AND asked ->> 'addressee' IS NULL
"""
CANCELS: Final = """
SELECT tasks, coalesce(answer ->> 'beyond', 0) FROM pending
WHERE action = 'cancel' AND done_at IS NULL
"""
STOPPED: Final = """
SELECT 1 FROM pending, tasks WHERE tasks.id = ? AND done_at IS NULL
AND action = 'cancel' AND asked ->> 'batch_id' = batch_id
"""
SENT_ANEW: Final = """
SELECT 1 FROM tasks AS t WHERE t.id IN (SELECT value FROM json_each(?)) AND (
  t.item_id IN (SELECT item_id FROM corrections) OR
  t.item_id IN (SELECT item_id FROM tasks AS new WHERE new.id > t.id)
) LIMIT 1
"""
TAKES_OVER: Final = frozenset(
    {"cancel", "retry", "done", "again", "remove", "resend", "send", "undo", "run_now", "move"}
    | {"join"}
)
"""What is done now to a task that an action waits for."""
PAUSED_WHY: Final = "SELECT value FROM meta WHERE key = 'paused_why'"
ROW_OF: Final = """
SELECT b.name || 'r' || t.batch_row FROM tasks AS t JOIN batches AS b ON b.id = t.batch_id
WHERE t.id = ?
"""


class Scene:
    """The computer with its disk and clock; the program may be down (``process`` is ``None``)."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.clock = Clock()
        self.disk = Disk(Random(seed), {PATH: File(image())})
        self.task_files = TaskFiles(lambda: self.disk, self.clock)
        self.registry = registry(chimes=setting.chimes)
        allowance = Allowance(self.registry)
        self.preferences = Preferences(allowance)
        if setting.is_ours:
            self.disk.put(SETTINGS_FILE, self.preferences.text)
        self.outside = Outside(
            self.clock, allowance, self._row_of, self._is_to_be_cancelled, setting.is_ours
        )
        self.witness = Witness(self.outside, may_forget=setting.most < MANY, trusts=True)
        self.listener = Listener()
        self.handed: dict[str, Handed] = {}
        self.clicks: dict[str, Click] = {}
        self.corrected: dict[int, Corrected] = {}
        self.once_titled: set[str] = set()  # what items of an older store may still be called
        self.sheets: dict[str, Sheet] = {}
        self.awaited: list[Awaited] = []
        self.gone: set[str] = set()
        self.happened: Counter[str] = Counter()
        self.is_trusted = True  # whether the disk has kept everything that it said it had
        self.damaged = False  # it has not, and the program has said so
        self.process: Process | None = None
        self.copies: dict[str, Copy] = {}
        self._lost: set[int] | None = None  # in an older store, the numbers that it may lack
        self._begins_paused = False  # the program has to know that the store is older
        self._may_begin_paused = False

    @property
    def files(self) -> FolderFiles:
        """The files beside the store."""
        root: Any = Place(self.disk, "")
        return FolderFiles(root, QuietFiles(self.clock.steady))

    @property
    def time(self) -> Any:
        """What stands for the module ``time`` where the program waits for a file."""
        return SimpleNamespace(time=self.clock.now, monotonic=self.clock.steady, sleep=self._doze)

    def _doze(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.task_files.go_on()

    # the program's lives

    def boot(self) -> None:
        """Start the program; what refuses to start stays down."""
        if self.process is not None or self.damaged:
            return
        slots, disk, before = self.setting.slots, self.disk, self.disk.struck.copy()
        self._may_begin_paused |= self._marked()[0] is None
        forget_tasks(self.registry)  # of an earlier start, which may have failed
        lanes: Any = {"io": Lane("io", slots, self.outside, lambda: self._ledger, disk)}
        try:
            self.process = Process(
                self.disk,
                self.clock,
                self.registry,
                lanes,
                self.setting.checkpoint_pages,
                self.files if self.setting.is_ours else None,
            )
        except StoreDamaged as error:
            self._damage(error)
        except (PowerCut, EngineError, MemoryError):  # a disk that is full: to be started again
            if self.disk.off:
                self._power_went()
        except Exception as error:  # noqa: BLE001 - it runs on what a lying drive has left
            self._stumble(error)
        self._may_begin_paused |= disk.struck[UNOPENED] > before[UNOPENED]
        if self.process is not None:
            self._ledger = self.process.ledger
            self.happened["starts"] += 1
            if not self.setting.is_ours:
                self.process.engine.limit(self.outside.allowance.wanted)
            self.clock.begin(self.process.newest)
            self.guarded(self._meet)
            self.settle()
        if self.process is not None:
            self.outside.asks.clear()

    def end(self, kept: Kept) -> None:
        """Let the program end now, alone or with the computer."""
        self.disk, old = self.disk.stop(kept), self.disk
        old.off = True
        self.happened[KINDS[kept]] += 1
        self.leave()
        if old.has_lied and kept is not Kept.ALL:
            self._restart()

    def leave(self) -> None:
        """See the program gone."""
        if self.process is not None:
            self.process.close()
            self.process = None
            if abs(self.clock.unseen) > UNNOTICED_S:
                self.clock.forget_doubt()
        self.outside.stopped()
        self.preferences.stopped()
        self.jumped_unseen()
        # Who was answered before the end has an answer that counts.
        self.awaited = [one for one in self.awaited if one.future.done()]
        if self.disk.off:  # the power went in the last moment
            self.end(self._any_outage())

    def _meet(self, process: Process) -> None:
        """See the program started: on an older store it begins paused, and says so."""
        self._judge_settings(process)
        says = counts_on = NoticeId.RESTORED in {
            notice["id"] for notice in process.journal.board.active
        }
        if self._may_begin_paused:  # an earlier start has paused it, and then failed
            says |= process.connection.execute(PAUSED_WHY).fetchone() is not None
        if self.is_trusted:
            expect(says or not self._begins_paused, "an older store begins paused", "it does not")
            how = "the store is the one that was here last"
            may = self._begins_paused or self._may_begin_paused
            expect(may or not says, "only an older store begins paused", how)
        if says:
            self.happened["starts on a store that is taken for an older one"] += 1
            self.outside.paused.add("")
            self.outside.forget_notes()
            for later in self.outside.laters:
                later.may_be_gone = True
        if self._lost is not None:
            self.witness.begin(process.connection)
            # A copy may be paused since before it was made: then its numbers come again.
            self.witness.gone |= (self._lost - self.witness.tasks.keys()) if counts_on else set()
            expect(not says or "" in self.outside.paused, "an older store begins paused", "it runs")
        (runs,) = process.connection.execute(RUNS).fetchone() or ("",)
        is_marked = self._marked()[0] == runs.split(" ")[0]
        self._lost, self._begins_paused = None, False
        self._may_begin_paused &= not is_marked  # until it can be noted, it may be told again
        self.witness.meet(process.connection)

    def settle(self) -> float | None:
        """Let the engine do all there is to do now; returns when it wants to be woken."""
        due: float | None = self.guarded(self._settle)
        return due

    def guarded(self, act: Callable[[Process], Any]) -> Any:
        """Do something in the program, if it runs; the power may go in it."""
        if self.process is None:
            return None
        try:
            return act(self.process)
        except PowerCut:
            self._power_went()
        except (StoreDamaged, sqlite3.Error) as error:
            self._damage(error)
        except Exception as error:  # noqa: BLE001
            self._stumble(error)
        return None

    def _settle(self, process: Process) -> float | None:
        self.clock.rely()
        self.task_files.go_on()
        process.follow_settings()
        self.preferences.follow(process)
        due = process.settle(partial(self.witness.look, process.connection))
        self.witness.look(process.connection)
        self._judge_settings(process)
        self.task_files.judge(self.registry)
        self._hear_answers()
        if self.outside.laters:
            self._judge_pending(process)
        self.outside.drop_answered(in_doubt=self.disk.in_doubt)
        if not process.refused:
            self.clock.seen()
            is_stopping = not process.core.claiming  # what is due then is made at the next start
            sees_all = self.is_trusted and not self.clock.has_jumped and not is_stopping
            if self.setting.chimes and sees_all:
                self.witness.due.complete(self.clock.now())
        return due

    def _judge_pending(self, process: Process) -> None:
        """See that what waits is carried out once it is due, or undone: never both, never lost."""
        rows = {number: times for number, *times in process.connection.execute(PENDING)}
        for later in [*self.outside.laters]:
            if later.number is None or not self.is_trusted:
                continue
            due_at, done_at, touched, ids = rows.get(later.number, (None, None, None, "[]"))
            told = f"{later.verb} {later.number}, due at {due_at}, done at {done_at}"
            if due_at is None:
                expected = later.is_undone or later.may_be_gone or self._is_sent_anew(later)
                expect(expected, "a pending action is not lost", told)
            else:
                expect(not later.is_undone, "what is undone is not done", told)
            if due_at is None or done_at is not None:
                self.outside.laters.remove(later)
                early = later.not_before - self.clock.steady()
                is_vain = later.verb == "cancel" and touched == 0  # all of its batch has ended
                in_time = due_at is None or early <= EARLY_S or self.clock.has_jumped or is_vain
                expect(in_time, "not early", told)
                self._judge_earlier(process, later.number, set(json.loads(ids)), told)
            elif not process.refused:
                expect(due_at > self.clock.now() * 1000, "what is due is done", told)

    def _judge_earlier(self, process: Process, number: int, tried: set[int], told: str) -> None:
        """See that what an action has tried is not tried again by one that was asked for before."""
        for runs, beyond in process.connection.execute(EARLIER, (number,)):
            again = {
                task for task in tried.intersection(PackedIds(json.loads(runs))) if task > beyond
            }
            expect(
                not again, "a later action takes its tasks", f"{told}: {sorted(again)} wait still"
            )

    def _is_sent_anew(self, later: Later) -> bool:
        """Tell whether items of its tasks were corrected, or sent by a row of a spreadsheet."""
        assert self.process is not None
        tasks = json.dumps([*(later.tasks or ())])
        return self.process.connection.execute(SENT_ANEW, (tasks,)).fetchone() is not None

    def _is_to_be_cancelled(self, task_id: int) -> bool:
        assert self.process is not None
        rows = self.process.connection.execute(CANCELS)
        of_batch = self.process.connection.execute(STOPPED, (task_id,)).fetchone() is not None
        left = (PackedIds(json.loads(runs)) for runs, beyond in rows if task_id > beyond)
        return of_batch or any(task_id in each for each in left)

    def _judge_settings(self, process: Process) -> None:
        if process.settings is not None and self.is_trusted:
            self.preferences.judge(process)

    def _power_went(self) -> None:
        self.end(self._any_outage())

    def _any_outage(self) -> Kept:
        return self.disk.random.choice(list(Kept)[1:])

    def _damage(self, error: Exception) -> None:
        expect(self.disk.has_lied, "the store stays sound", repr(error))
        self.damaged = True
        self.leave()

    def _stumble(self, error: Exception) -> None:
        """Judge an error that is not the house's own: on sound data there is none."""
        if self.is_trusted:
            raise Broken("errors are the house's own", repr(error)) from error
        self.happened["stumbles over what a lying drive has left"] += 1
        self.damaged = True
        self.leave()

    def _restart(self) -> None:
        """Judge from here by what is there: a drive that lies may lose anything."""
        self.is_trusted = self.outside.trusts = False
        self.outside.errands = renewed(self.outside.errands, Errand.afresh)
        self.witness = Witness(self.outside, may_forget=True, trusts=False)
        self.preferences.doubt()
        self._forget_answers()

    def _forget_answers(self) -> None:
        self.listener = Listener()
        self.once_titled.update(*(known.titles for known in self.corrected.values()))
        self.once_titled |= {f"Item {label}" for label in self.handed}
        self.handed.clear()
        self.clicks.clear()
        self.corrected.clear()
        self.sheets.clear()
        self.awaited.clear()

    # other programs, which copy the store and put it back

    def _marked(self) -> tuple[str | None, int]:
        """Return the run that the mark beside the store names, and its event, if it is whole."""
        file = self.disk.files.get(MARK)
        if file is not None and file.is_readable:
            with suppress(ValueError):
                told = json.loads(bytes(file.content))
                return told["run"], told["event"]
        return None, 0

    def copy(self, label: str) -> None:
        """Copy the store and its mark, at a moment at which nothing is written."""
        self.settle()
        if self.process is None or self.process.refused or not self.is_trusted:
            return
        (runs,) = self.process.connection.execute(RUNS).fetchone() or ("",)
        files = {name: bytes(f.content) for name, f in self.disk.files.items() if name in STORE}
        crossed = [
            token
            for token, errand in self.outside.errands.items()
            if errand.had_crossed
            or any(True in a.passed for a in errand.attempts.values())
            or (errand.is_past and errand.is_urged and errand.may_act)  # found in sent/, and asked
        ]
        run, last = self._marked()[0], self.process.journal.last
        mark = self.disk.files[MARK].inode if MARK in self.disk.files else 0
        is_marked = run is not None and bool(runs) and not runs.endswith(" ")
        self.copies[label] = Copy(files, run, mark, last, is_marked, frozenset(crossed))

    def put_back(self, label: str, mark: str, *, in_place: bool) -> None:
        """Put a copy in the place of the store; its ``mark`` stays, comes with it, or is lost.

        Where it ``tells`` that the copy was restored, it is as ``sendoff doctor --restore`` does.
        """
        copy = self.copies.get(label)
        if self.process is not None or copy is None or not self.is_trusted or self.disk.has_lied:
            return
        self.happened["older stores put back"] += 1
        run, event = self._marked()
        match mark:
            case "stays":
                is_other = copy.run not in {None, run} or event > copy.event
                knows = run is not None and (is_other or not in_place)
            case "comes":
                there = self.disk.files.get(MARK)
                is_same = there is not None and there.inode == copy.mark
                knows = copy.run is not None and not (in_place and is_same)
            case _:
                knows = copy.is_marked or mark == "tells"
        for name in STORE if mark == "comes" else STORE[:2]:
            self.disk.put(name, copy.files.get(name), in_place=in_place)
        if mark in {"lost", "tells"}:
            self.disk.put(MARK, None)
        if mark == "tells":
            faults, self.disk.faults = self.disk.faults, []  # a restore that fails says so
            restored = Connection(self.disk, PATH)
            restored.execute(ADD_META, (RESTORED_AT, "1800000000000"))
            restored.close()
            self.disk.faults = faults
        self._lost = {*(self._lost or ()), *self.witness.tasks, *self.witness.gone}
        self._begins_paused, self._may_begin_paused = knows, True
        self.clock.forget_doubt()
        self.preferences.doubt()
        self.outside.go_back(() if knows else copy.crossed)
        self.witness = Witness(self.outside, may_forget=self.setting.most < MANY, trusts=True)
        self._forget_answers()

    def _row_of(self, task_id: int) -> str | None:
        """Tell the token of the row that a task came with; ``None`` if that was forgotten."""
        assert self.process is not None
        found = self.process.connection.execute(ROW_OF, (task_id,)).fetchone()
        return None if found is None else str(found[0])

    def jumped_unseen(self) -> None:
        """Excuse what follows from a jump of the clock while no program could see it."""
        if self.process is None and self.clock.unseen:
            self.outside.excuse(self.clock.missed())

    def forget(self, function: str) -> None:
        """Take a function out of the program, as when its file is gone."""
        self.gone.add(function)
        self.outside.forget_waits(function)
        self.outside.allowance.changed()
        self.registry.exchange({function: f"The file of {function} is gone."}, ())

    def bring_back(self, function: str) -> None:
        self.gone.discard(function)
        self.outside.allowance.changed()
        self.registry.add(FUNCTIONS[function])

    # callers

    def ask(
        self,
        act: Callable[[Any], Future[Any]],
        on_answer: Callable[[Any], Any] = lambda _: None,
    ) -> Future[Any] | None:
        """Have the engine asked for something; a program that is down hears nothing."""
        if self.process is None:
            return None
        try:
            future = act(self.process.engine)
        except EngineError:
            return None
        self.awaited.append(Awaited(future, on_answer))
        return future

    def want(
        self,
        verb: str,
        tasks: list[int] | None,
        act: Callable[[Any], Future[Any]],
        on_answer: Callable[[Any], Any] = lambda _: None,
    ) -> None:
        """Do as :meth:`ask` for a person who wants something done to tasks.

        It may have to wait for an earlier action on the same batch.
        """

        def told(done: Any) -> None:
            if future is not None and isinstance(done, BulkDone) and "pending" in done.answer:
                number = done.answer["pending"]["id"]
                now = self.clock.steady()  # one that was asked for since may have its place
                self._await(Later(verb, future, meant, number, now, may_be_gone=True))
            on_answer(done)

        meant = None if tasks is None else frozenset(tasks)
        future = self.ask(act, told)
        if future is not None:
            self.outside.asks.append(Ask(verb, future, meant))
            self.take_over(verb, meant)

    def want_later(
        self, action: BulkAction, tasks: list[int], delay: float, asked: ActionOptions = PLAINLY
    ) -> None:
        """Do as :meth:`want` for a person who may still undo it."""
        asks = partial(_bulk, action=action, tasks=tasks, delay=delay, asked=asked)
        self.have_wait(action, frozenset(tasks), delay, asks)

    def have_wait(
        self,
        verb: str,
        tasks: frozenset[int] | None,
        delay: float,
        ask: Callable[[Any], Future[Any]],
    ) -> None:
        """Have something wait; if there is nothing to do, nothing waits."""

        def told(done: BulkDone) -> None:
            if "pending" in done.answer:
                later.number = done.answer["pending"]["id"]
            else:
                self.outside.laters.remove(later)
                self.outside.ever.remove(later)

        future = self.ask(ask, told)
        if future is not None:
            self.take_over(verb, tasks)
            later = Later(verb, future, tasks, not_before=self.clock.steady() + delay)
            self._await(later)

    def _await(self, later: Later) -> None:
        self.outside.laters.append(later)
        self.outside.ever.append(later)

    def take_over(self, verb: str, tasks: frozenset[int] | None) -> None:
        """Note that what waits may lose its tasks to a later action on some of them."""
        if verb in TAKES_OVER:
            self.outside.lose(tasks)

    def _hear_answers(self) -> None:
        waiting, self.awaited = self.awaited, []
        for one in waiting:
            if not one.future.done() and self.process is not None and self.process.refused:
                self.awaited.append(one)
                continue
            expect(one.future.done(), "everyone is answered", "a caller still waits at rest")
            error = one.future.exception()
            if error is None:
                one.on_answer(one.future.result())
            elif (
                not isinstance(error, EngineError | TaskCancelled | MemoryError) and self.is_trusted
            ):
                raise Broken("errors are the house's own", repr(error))

    # picking

    def pick(self, fraction: float, *states: str) -> int:
        """Return the number of some task, of one in these states where there are any."""
        tasks = self.witness.tasks
        some = [n for n, seen in tasks.items() if seen.state in states] or list(tasks) or [0]
        return sorted(some)[int(fraction * len(some))]

    def attempt(self, fraction: float) -> Attempt | None:
        """Return some attempt that is under way."""
        live = sorted(self.outside.live)
        return self.outside.live[live[int(fraction * len(live))]] if live else None


def _bulk(
    engine: Any, *, action: BulkAction, tasks: list[int], delay: float, asked: ActionOptions
) -> Future[Any]:
    future: Future[Any] = engine.bulk(action, tasks, None, delay, asked)
    return future
