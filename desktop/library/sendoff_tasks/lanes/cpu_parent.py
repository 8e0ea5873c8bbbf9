"""The parent's side of a cpu-lane slot: it follows one process and replaces it when it dies."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from functools import partial
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Final

from sendoff_tasks.attempts.attempt import CpuOrder, stopped, unforeseen
from sendoff_tasks.attempts.context import TaskContext, store_step
from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import Crashed, Held, LeftUncertain, NotBegun
from sendoff_tasks.errors import EngineError, TaskCancelled
from sendoff_tasks.folder.backend_addresses import PROGRAM_REPLACED
from sendoff_tasks.lanes.cpu_child import (
    BegunMessage,
    EndMessage,
    FromProcess,
    NoteMessage,
    ReadyMessage,
    StopMessage,
    WrittenMessage,
    serve,
)
from sendoff_tasks.lanes.os_process import LANE_PROCESS, kill, kill_group, wait_until_gone
from sendoff_tasks.lanes.runs import not_begun
from sendoff_tasks.text import sentence
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from queue import SimpleQueue

    from sendoff_tasks.attempts.claim import AttemptLedger
    from sendoff_tasks.attempts.outcomes import Outcome
    from sendoff_tasks.lanes.runs import Run, TrackedLane


STARTS: Final = 2
"""Processes tried for one attempt, because an idle one may have been killed."""
LEAVE_S: Final = 1.0
"""How long a process may take to end after it closed its pipe, s."""
CLOSE_S: Final = 11.0
"""How long it may take to close what the app has opened in it, s: as in any process, and to end."""
READY_S: Final = 60.0
"""How long a process may take to become ready, s; it imports the program's main module. As long
again may take the import of a task's function before its timeout begins."""
_said = partial(ENGLISH.say, "process")
_SPAWN = multiprocessing.get_context("spawn")


class Slot:
    """Takes runs from a queue shared with its siblings; ``None`` in the queue ends one of them.

    The first run starts the process, which stays warm. For the kernel this thread is the
    process's parent, so the thread lives as long as the lane.
    """

    def __init__(
        self,
        queue: SimpleQueue[Run | None],
        lane: TrackedLane,
        ledger: AttemptLedger,
    ) -> None:
        self._queue = queue
        self._lane = lane
        self._ledger = ledger
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._warm: LaneProcess | None = None
        self._thread = threading.Thread(target=self._serve, name="cpu-slot", daemon=True)
        self._thread.start()

    def kill(self, run: Run) -> None:
        """Kill the process if it is running this attempt and not already the next one."""
        with self._lock:
            if self._run is run and self._warm is not None:
                self._warm.kill()

    def ask_to_stop(self) -> None:
        """Make the running task's ``check_cancelled`` raise."""
        with self._lock:
            if self._warm is not None:
                self._warm.tell(StopMessage())

    def join(self, seconds: float) -> None:
        """Wait until the thread and its process have ended, for ``seconds`` after a close."""
        self._thread.join(seconds + CLOSE_S)

    def _serve(self) -> None:
        while (run := self._queue.get()) is not None:
            with self._lock:
                self._run = run
            try:
                outcome = self._attempt(run)
            except Exception as error:  # noqa: BLE001 - the next run needs this thread
                self._drop_process()
                outcome = unforeseen(error, run.control)
            with self._lock:
                self._run = None
            if self._warm is not None and self._warm.killed:
                self._drop_process()  # killed just after the attempt had ended by itself
            self._lane.end(run, outcome)
        if self._warm is not None:
            self._drop_process()

    def _attempt(self, run: Run) -> Outcome:
        """Run one attempt to its end; it is put off if no process lives to begin it.

        A process that ends itself would do so again, so a person has to look.
        """
        how, by_itself = "", False
        for _ in range(STARTS):
            try:
                process = self._warm_process()
            except Exception as error:  # noqa: BLE001 - the system may lack memory, threads, files
                return not_begun(error)
            is_ready = process.is_ready()
            if not run.control.begin():  # its process may be killed already
                return stopped(run.claim, run.control)
            if is_ready and process.order(CpuOrder.of(run.claim)):
                return self._follow(run, process)
            how, by_itself = self._drop_process(), process.ended_itself
        words = f"{how} The attempt had not begun."
        if not by_itself:
            return NotBegun(words)
        return Held(words if is_ready else f"{words} {_said('no_guard')}", "")

    def _warm_process(self) -> LaneProcess:
        """Return the warm process, or start one."""
        process = self._warm or LaneProcess()
        with self._lock:
            self._warm = process
        return process

    def _follow(self, run: Run, process: LaneProcess) -> Outcome:
        """Relay the process's messages until it ends its order or dies."""
        claim = run.claim
        self._lane.watch(run, spare=READY_S)
        while (message := process.receive()) is not None:
            match message:
                case BegunMessage():
                    self._lane.watch(run)
                case NoteMessage("progress", told):
                    self._ledger.progress(claim, *told)
                case NoteMessage("log", told):
                    self._ledger.log(claim, *told)
                case NoteMessage():
                    process.tell(self._write(run, message))
                case EndMessage():
                    if message.is_last:
                        self._drop_process()
                    return message.outcome
        how = self._drop_process()
        if process.killed:
            return stopped(claim, run.control)
        if run.control.past_point_of_no_return:
            return LeftUncertain(how, "", cut_short=True)
        return Crashed(how)

    def _drop_process(self) -> str:
        """Dispose of the process and return how it ended, as a sentence."""
        with self._lock:
            process, self._warm = self._warm, None
        return process.end() if process is not None else ""

    def _write(self, run: Run, asked: NoteMessage) -> WrittenMessage:
        """Mark the point of no return, or store a step, for the process waiting for it."""
        given = run.claim, self._ledger, run.control
        try:
            if asked.kind == "step":
                store_step(*given, *asked.told)
            else:
                TaskContext(*given).point_of_no_return(*asked.told)
        except TaskCancelled:
            return WrittenMessage(reason=run.control.reason or CancelReason.PERSON)
        except EngineError as error:
            return WrittenMessage(error=str(error))
        except Exception as error:  # noqa: BLE001 - the process waits for an answer
            return WrittenMessage(error=sentence(error))
        return WrittenMessage()


class _Process(SpawnProcess):
    """A process that multiprocessing neither ends nor waits for: the lane does.

    So it can have children (a pool of the task's own), and a daemonic process (hypercorn's worker)
    can start it. ``daemon=True`` would allow neither, and anything else would be joined at the end
    of the program. Its pipes end it with its parent.
    """

    def start(self) -> None:
        """Start the process, as ``BaseProcess.start`` does for one that is not in its table."""
        self.daemon = False
        self._popen = self._Popen(self)
        self._sentinel = self._popen.sentinel


class LaneProcess:
    """A spawned process, alive until :meth:`end`; raises ``OSError`` if none can be started.

    ``killed`` is true if the parent killed it.
    """

    def __init__(self) -> None:
        self.killed = False
        self._hung_up = False
        self._is_ready = False
        self._has_lifespan = False
        self._mute = _said("mute")
        self._lock = threading.Lock()
        self._orders, their_orders = _SPAWN.Pipe()
        their_control, self._control = _SPAWN.Pipe(duplex=False)
        self._process = _Process(
            target=serve,
            args=(their_orders, their_control, os.getpid(), logging.getLogger().level),
            name=LANE_PROCESS,
        )
        try:
            self._process.start()
        except BaseException:
            self._close()
            raise
        finally:
            their_orders.close()
            their_control.close()

    def is_ready(self) -> bool:
        """Wait until the process accepts orders; ``False`` if it never will."""
        if not self._is_ready:
            try:
                came = self._orders.poll(READY_S)
            except OSError:
                came = True
            self._is_ready = came and isinstance(self.receive(), ReadyMessage)
            self._mute = _said("mute") if came else _said("late", within=f"{READY_S:g}")
        return self._is_ready

    def order(self, order: CpuOrder) -> bool:
        """Send an order; ``False`` if the process is already gone."""
        try:
            if not self._orders.poll():  # an idle process sends nothing; data means it has ended
                self._orders.send(order)
                self._has_lifespan = order.lifespan is not None
                return True
        except OSError:
            pass
        self._hung_up = True
        return False

    def tell(self, message: WrittenMessage | StopMessage) -> None:
        """Send a message about the running order; dropped if the process is gone."""
        with self._lock, suppress(OSError):
            self._control.send(message)

    def receive(self) -> FromProcess | None:
        """Wait for the next message; ``None`` if no more will come."""
        try:
            message: FromProcess = self._orders.recv()
        except (EOFError, OSError):
            self._hung_up = True
            return None
        except Exception:  # noqa: BLE001 - a task can write anything into its end of the pipe
            return None
        return message

    def kill(self) -> None:
        """Kill the process and all its task has started; returns at once."""
        self.killed = True
        kill(self._process)

    def end(self) -> str:
        """Wait for the end of the process and its group; return how it ended, as a sentence."""
        leave_s = LEAVE_S
        if self._has_lifespan and not (self._hung_up or self.killed):
            with suppress(OSError):
                self._orders.send(None)
                self._hung_up, leave_s = True, CLOSE_S
        if self._hung_up:
            wait_until_gone(self._process, leave_s)
        code = self._process.exitcode
        if code is None:
            kill(self._process)
        else:
            kill_group(self._process)
        self._process.join()
        self._close()
        return self._mute if code is None else _how_it_ended(code)

    @property
    def ended_itself(self) -> bool:
        """Whether it has ended with an exit code, not by a signal or as of another build."""
        code = self._process.exitcode
        return code is not None and code >= 0 and code != PROGRAM_REPLACED

    def _close(self) -> None:
        with self._lock:
            self._orders.close()
            self._control.close()


def _how_it_ended(code: int) -> str:
    if code == PROGRAM_REPLACED:
        return _said("updated")
    if code >= 0:
        return _said("exited", code=code)
    if code == -signal.SIGKILL:
        return _said("killed")
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "of no name"
    return _said("signal", number=-code, name=name)
