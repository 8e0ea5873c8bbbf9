"""Submitting to the process that runs the tasks: what waits, the thread that sends it, answers."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sendoff_tasks.errors import Busy, Closed, EngineError, NotWritable
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.folder.lock_file import last_holder
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.processes.wire import (
    dump_answers,
    dump_line,
    dump_wanted,
    load_answers,
    load_line,
)
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.text import sentence
from sendoff_tasks.transaction.replies import Answer, LoopReply, answer, call_in
from sendoff_tasks.verbs.lines import Call, Line, LineAnswer, Wanted, accept_line, refusal, result
from sendoff_tasks.verbs.submit import PreparedSubmission
from sendoff_tasks.writer.writer import BACKLOG, take_requests

log = logging.getLogger(__name__)

PATIENCE_S: Final = 15.0
"""How long a caller waits for an owner, s; longer than an owner takes to stop."""
Reply = Future[Any] | LoopReply


@dataclass(slots=True)
class _WaitingRequest:
    """A request as JSON, its reply, and since when it waits, steady s."""

    wanted: str
    weight: int
    reply: Reply | None
    since: float


class Submitter:
    """Collects requests into lines; each line is sent until it is answered, one at a time.

    Requests that come meanwhile share the next line. ``on_work`` is called, from any thread, when
    there is something to send after there was nothing. ``reader`` reads the owner's store.
    """

    def __init__(self, reader: ReaderPool) -> None:
        self.reader = reader
        self.on_work: Callable[[], None] = lambda: None
        self.process = f"process {secrets.token_hex(16)}"
        self._number = 0
        self._lock = threading.Lock()
        self._waiting: deque[_WaitingRequest] = deque()
        self._backlog = 0
        self._line: bytes | None = None
        self._in_line: list[_WaitingRequest] = []
        self._closed = False
        self._idle = threading.Event()
        self._idle.set()

    @property
    def named(self) -> tuple[str, int]:
        """The names of this process and of its last line."""
        return self.process, self._number

    @property
    def has_work(self) -> bool:
        """Whether anything is unanswered."""
        return self._line is not None or bool(self._waiting)

    def hand_over(self, wanted: Wanted, reply: Reply) -> None:
        """Submit a request, from any thread; raise ``Busy`` if too much waits, or ``Closed``."""
        waiting = _WaitingRequest(dump_wanted(wanted), wanted.weight, reply, time.monotonic())
        with self._lock:
            if self._closed:
                raise Closed
            if self._backlog > BACKLOG:
                raise Busy(1.0)
            self._backlog += waiting.weight
            self._waiting.append(waiting)
            self._idle.clear()
            is_first = len(self._waiting) == 1
        if is_first:
            self.on_work()

    def end_response(self, response: str) -> None:
        """Tell that a response is over; if that is lost, its tasks wait for some minutes."""
        with suppress(Busy, Closed):
            self.hand_over(Call("answered", (response,)), Future())

    # for the sending thread

    def line(self) -> bytes | None:
        """Return the line to send: the unanswered one again, or the next."""
        if self._line is None and (taken := self._take()):
            self._number += 1
            self._in_line = taken
            self._line = dump_line(self.process, self._number, [w.wanted for w in taken])
        return self._line

    def settle(self, text: bytes) -> None:
        """Pass a line's answers on to the callers."""
        number, answers = load_answers(text)
        if number != self._number or self._line is None:
            return
        answered, self._in_line, self._line = self._in_line, [], None
        told = zip(answered, answers, strict=True)
        answer((w.reply, _read(each)) for w, each in told if w.reply is not None)
        self._look_idle()

    def give_up(self, older_than: float, error: EngineError | None = None) -> bool:
        """Refuse requests older than this, s, and tell whether there were any.

        Sent ones may have been accepted nevertheless. A line that no caller waits for any more is
        not sent again.
        """
        before = time.monotonic() - older_than
        with self._lock:
            late = [waiting for waiting in self._waiting if waiting.since <= before]
            self._waiting = deque(w for w in self._waiting if w.since > before)
            self._backlog -= sum(waiting.weight for waiting in late)
        late += [waiting for waiting in self._in_line if waiting.since <= before]
        self._refuse(late, error or NotWritable("engine.silent"))
        if all(waiting.reply is None for waiting in self._in_line):
            self._in_line, self._line = [], None
            if self._waiting:
                self.on_work()
        self._look_idle()
        return bool(late)

    def wait(self, seconds: float) -> None:
        """Block until everything is answered, or for ``seconds``."""
        self._idle.wait(seconds)

    def close(self) -> None:
        """Accept nothing more, and refuse what is left."""
        with self._lock:
            self._closed = True
            left = [*self._in_line, *self._waiting]
            self._waiting.clear()
        self._refuse(left, Closed())
        self._idle.set()
        self.reader.close()

    def _look_idle(self) -> None:
        with self._lock:
            if not self.has_work:
                self._idle.set()

    def _take(self) -> list[_WaitingRequest]:
        """Take the requests of one line: as many as fit a group, or a single large one."""
        with self._lock:
            taken = take_requests(self._waiting)
            self._backlog -= sum(waiting.weight for waiting in taken)
        return taken

    def _refuse(self, waiting: Sequence[_WaitingRequest], error: EngineError) -> None:
        replies = [each.reply for each in waiting if each.reply is not None]
        for each in waiting:
            each.reply = None  # a later answer has no recipient
        answer((reply, (None, error)) for reply in replies)


def _read(each: LineAnswer) -> Answer:
    try:
        return result(each), None
    except EngineError as error:
        return None, error.with_traceback(None)


AGAIN_S: Final = 0.03
"""How soon a process looks again for a listening owner, or for a folder without one, s."""
LOOK_S: Final = 1.0
"""How often it looks for callers that have waited too long, s."""
LEAVE_S: Final = 5.0
"""How long an ending process waits for missing answers, s."""


class Submitting(ABC):
    """Runs ``_take_part`` in a thread and event loop of its own, until :meth:`_end_thread`.

    ``place`` is where the tasks are. ``loop`` is the event loop's class, if it must be a certain
    one.
    """

    loop: type[asyncio.AbstractEventLoop] | None = None

    def __init__(
        self, engine: Engine, registry: Registry, reader: ReaderPool, place: object
    ) -> None:
        self._engine = engine
        self._registry = registry
        self._place = place
        self._line_server = LineServer(engine, registry)
        self._submitter = Submitter(reader)
        self._is_leaving = False
        self._end: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)

    @abstractmethod
    async def _take_part(self) -> None:
        """Submit, and do everything else this process does for the folder."""

    def _end_thread(self) -> None:
        """End the thread, and refuse what is unanswered."""
        self._end()
        if self._thread.ident is not None:
            self._thread.join()
        self._submitter.close()
        self._engine.elsewhere = None

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=self.loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        part = asyncio.create_task(self._take_part())
        watching = asyncio.create_task(self._refuse_late())
        self._end = lambda: call_in(loop, _cancel, part)
        if self._is_leaving:
            part.cancel()
        try:
            await part
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("%s: lost the process that runs the tasks", self._place)
            self._submitter.close()  # from now on every caller is refused
        watching.cancel()

    async def _send_lines(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send one line after the other to the owner, until it closes the connection."""
        sent = b""

        def send() -> None:
            nonlocal sent
            line = self._submitter.line()
            if line is not None and line is not sent:
                sent = line
                writer.write(line)

        self._when_there_is_work(send)
        send()
        try:
            while (text := await reader.readline()).endswith(b"\n"):
                self._submitter.settle(text)
                send()
        except OSError:
            pass  # the owner was killed
        finally:
            self._submitter.on_work = lambda: None
            writer.close()

    async def _answer_own(self) -> None:
        """Accept here what this process has submitted; raise ``Closed``."""
        while (line := self._submitter.line()) is not None:
            self._submitter.settle(await self._line_server.answer(load_line(line)))

    def _when_there_is_work(self, call: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._submitter.on_work = lambda: call_in(loop, call)

    async def _refuse_late(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if self._submitter.give_up(PATIENCE_S):
                who = "The process that runs the tasks"
                if isinstance(self._place, Path):
                    who = f"Process {last_holder(DataFolder(self._place).backend_lock)}"
                log.warning("%s: %s has not answered for %g s", self._place, who, PATIENCE_S)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


async def woken_within(seconds: float, woken: asyncio.Event) -> bool:
    """Wait until the event is set, at most ``seconds``; tell whether it is set."""
    if woken.is_set():  # the usual case under load
        return True
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # `wait_for` may lose a cancellation
            await woken.wait()
    return woken.is_set()


class LineServer:
    """Answers lines with an engine; unknown functions are imported from their modules."""

    def __init__(self, engine: Engine, registry: Registry) -> None:
        self._engine = engine
        self._registry = registry
        self._looked_for: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one process, line by line, until it or the engine ends."""
        process = ""
        try:
            while text := await reader.readline():
                line = load_line(text)
                process = line.process
                writer.write(await self.answer(line))
        except Closed:
            pass  # the process sends the line again, to the next owner
        except ConnectionError:
            log.info("A process that submitted tasks has disconnected")
        except ValueError as error:
            log.error("Could not read the request of another process: %s", error)  # noqa: TRY400
        finally:
            if process:
                with suppress(EngineError):
                    self._engine.do(lambda group: group.memory.responses.end_all(process))

    async def answer(self, line: Line) -> bytes:
        """Answer one line; raise ``Closed`` if the engine accepts nothing more."""
        await self.learn(line)
        try:
            answers = await self._engine.ask(lambda group: accept_line(group, line), line.weight)
        except Closed:
            raise
        except EngineError as error:
            answers = [refusal(error)] * len(line.wanted)
        except Exception as error:  # rolled back: nothing of the line was accepted
            log.exception("Could not accept the request of another process")
            failed = EngineError(Refusal.OTHER, text=sentence(error))
            answers = [refusal(failed)] * len(line.wanted)
        return dump_answers(line.number, answers)

    async def learn(self, wanted: Line | PreparedSubmission) -> None:
        """Import unknown functions; each is looked for once.

        Tasks whose function is not found are held until it is.
        """
        every = wanted.wanted if isinstance(wanted, Line) else [wanted]
        submissions = (each for each in every if isinstance(each, PreparedSubmission))
        tasks = (task for submission in submissions for task in submission.tasks)
        places = {
            task.spec.name: str(task.spec.source)
            for task in tasks
            if self._registry.get(task.spec.name) is None
        }
        unknown = {name: at for name, at in places.items() if at not in self._looked_for}
        if unknown:
            self._looked_for.update(unknown.values())
            await asyncio.to_thread(self._registry.recall, unknown)
