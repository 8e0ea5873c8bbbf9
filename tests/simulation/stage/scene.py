"""Everything a history plays on: the computer, the program while it runs, and who looks on."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from random import Random
from typing import Any, Final

from desktop.engine.errors import EngineError, TaskCancelled
from desktop.engine.store.errors import StoreDamaged
from tests.simulation.computer.clock import Clock
from tests.simulation.computer.connection import PowerCut
from tests.simulation.computer.disk import Disk, File, Kept
from tests.simulation.computer.template import image
from tests.simulation.judging.allowance import Allowance
from tests.simulation.judging.broken import Broken, expect
from tests.simulation.judging.errand import Attempt
from tests.simulation.judging.listener import Listener
from tests.simulation.judging.outside import Ask, Lane, Outside
from tests.simulation.judging.witness import Witness
from tests.simulation.stage.functions import FUNCTIONS, registry
from tests.simulation.stage.process import PATH, Process
from tests.simulation.stage.props import MANY, Awaited, Click, Corrected, Handed, Setting, Sheet

KINDS: Final = {kept: f"power cuts, {kept} of what waited kept" for kept in Kept}
KINDS[Kept.ALL] = "kills"
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
        self.registry = registry(chimes=setting.chimes)
        allowance = Allowance(self.registry)
        self.outside = Outside(self.clock, allowance, self._row_of, setting.is_ours)
        self.witness = Witness(self.outside, may_forget=setting.most < MANY, trusts=True)
        self.listener = Listener()
        self.handed: dict[str, Handed] = {}
        self.clicks: dict[str, Click] = {}
        self.corrected: dict[int, Corrected] = {}
        self.sheets: dict[str, Sheet] = {}
        self.awaited: list[Awaited] = []
        self.gone: set[str] = set()
        self.happened: Counter[str] = Counter()
        self.is_trusted = True  # whether the disk has kept everything that it said it had
        self.damaged = False  # it has not, and the program has said so
        self.process: Process | None = None

    # the program's lives

    def boot(self) -> None:
        """Start the program; what refuses to start stays down."""
        if self.process is not None or self.damaged:
            return
        slots, disk = self.setting.slots, self.disk
        lanes: Any = {"io": Lane("io", slots, self.outside, lambda: self._ledger, disk)}
        try:
            self.process = Process(
                self.disk, self.clock, self.registry, lanes, self.setting.checkpoint_pages
            )
        except StoreDamaged as error:
            self._damage(error)
        except (PowerCut, EngineError, MemoryError):  # a disk that is full: to be started again
            if self.disk.off:
                self._power_went()
        except Exception as error:  # noqa: BLE001 - it runs on what a lying drive has left
            self._stumble(error)
        if self.process is not None:
            self._ledger = self.process.ledger
            self.happened["starts"] += 1
            self.process.engine.limit(self.outside.allowance.wanted)
            self.guarded(lambda process: self.witness.meet(process.connection))
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
            self._begin_again()

    def leave(self) -> None:
        """See the program gone."""
        if self.process is not None:
            self.process.close()
            self.process = None
        self.outside.stopped()
        self.jumped_unseen()
        # Who was answered before the end has an answer that counts.
        self.awaited = [one for one in self.awaited if one.future.done()]
        if self.disk.off:  # the power went in the last moment
            self.end(self._any_outage())

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
        due = process.settle()
        self.witness.look(process.connection)
        self._hear_answers()
        self.outside.drop_answered(in_doubt=self.disk.in_doubt)
        if not process.refused:
            self.clock.seen()
            is_stopping = not process.core.claiming  # what is due then is made at the next start
            sees_all = self.is_trusted and not self.clock.has_jumped and not is_stopping
            if self.setting.chimes and sees_all:
                self.witness.due.complete(self.clock.now())
        return due

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

    def _begin_again(self) -> None:
        """Judge from here by what is there: a drive that lies may lose anything."""
        self.is_trusted = self.outside.trusts = False
        self.outside.errands = {t: e.afresh() for t, e in self.outside.errands.items()}
        self.witness = Witness(self.outside, may_forget=True, trusts=False)
        self.listener = Listener()
        self.handed.clear()
        self.clicks.clear()
        self.corrected.clear()
        self.sheets.clear()
        self.awaited.clear()

    def _row_of(self, task_id: int) -> str:
        """Tell the token of the row that a task came with."""
        assert self.process is not None
        token: str = self.process.connection.execute(ROW_OF, (task_id,)).fetchone()[0]
        return token

    def jumped_unseen(self) -> None:
        """Excuse what follows from a jump of the clock while no program could see it."""
        if self.process is None and self.clock.unseen:
            self.outside.excuse(self.clock.unseen)
            self.clock.unseen = 0.0

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
        """Do as :meth:`ask` for a person who wants something done to tasks."""
        future = self.ask(act, on_answer)
        if future is not None:
            meant = None if tasks is None else frozenset(tasks)
            self.outside.asks.append(Ask(verb, future, meant))

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
