"""The services of the routes: made by the composition root, kept on the application."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from desktop.contract.batches import BATCHES, BatchesEvent, BatchState
from desktop.plain_imports import import_shiboken
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.http.services import Beside, TaskServices

if TYPE_CHECKING:
    from starlette.requests import Request

    from desktop.backend.current_settings import CurrentSettings, SettingsEffects
    from desktop.backend.messages import MessageComposer
    from desktop.items.facade import Batches, DoNotSend, Register
    from desktop.mail.sign_in.account import SendingAccount
    from desktop.settings.office_folder import OfficeFolder
    from desktop.settings.secrets import Passwords
    from sendoff_tasks.events.journal import Frame


BATCHES_AT_ONCE: Final = 32
"""Batches of one event, to keep it below the size that a frame of tasks may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(TaskServices):
    """The backend's services: one of each in a process.

    - ``io``: the threads of blocking tasks
    - ``drafting``: held while rows of a draft are read, checked and written back
    """

    folder: OfficeFolder
    settings: CurrentSettings
    letters: MessageComposer
    passwords: Passwords
    account: SendingAccount
    effects: SettingsEffects
    io: IoThreads
    drafting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def batches(self) -> Batches:
        """The verbs and reads of batches."""
        from desktop.items.facade import Batches

        return Batches(self.engine, self.letters.about, self.settings.sending)

    @property
    def register(self) -> Register:
        """The items."""
        from desktop.items.facade import Register

        return Register(self.engine)

    @property
    def do_not_send(self) -> DoNotSend:
        """The list *Do not send*, and the messages that came back."""
        from desktop.items.facade import DoNotSend

        return DoNotSend(self.engine)

    def beside(self, frame: Frame) -> Beside:
        """Return the events of changed batches; finished ones match the counts before them."""
        told = [
            self._changed(frame.batches[start : start + BATCHES_AT_ONCE])
            for start in range(0, len(frame.batches), BATCHES_AT_ONCE)
        ]
        is_one_done = any(row["state"] == BatchState.DONE for each in told for row in each["rows"])
        return Beside([(BATCHES, each) for each in told], with_counts=is_one_done)

    def _changed(self, numbers: Sequence[int]) -> BatchesEvent:
        event = BatchesEvent(rows=[], gone=[])
        for number in numbers:
            try:
                event["rows"].append(self.batches.get(number))
            except UnknownId:
                event["gone"].append(number)
        return event


def services_of(request: Request) -> Services:
    """Find the services of the application a request came to."""
    return cast("Services", request.app.state.services)


P = ParamSpec("P")
T = TypeVar("T")


class IoThreads(Executor):
    """An executor that is created when first needed, because importing Qt is slow.

    Create it before any thread imports modules. While shiboken6, the base of Qt for Python, is
    imported, it adds a finder to ``sys.meta_path``, removes it again, and iterates over
    ``sys.modules``. A thread that imports at that moment may not find an existing module; if it
    adds one, shiboken6 aborts the process.
    """

    def __init__(self, threads: int) -> None:
        with suppress(ImportError):
            import_shiboken()
        self._threads = threads
        self._lock = threading.Lock()
        self._made: Executor | None = None

    def warm_up(self) -> None:
        """Create the executor before the first task needs it; takes its time."""
        self._executor()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        return self._executor().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuse new calls. ``cancel_futures`` drops waiting ones, ``wait`` waits for running ones.

        If no executor was created, an idle one is, to refuse later calls too.
        """
        with self._lock:
            made = self._made = self._made or ThreadPoolExecutor()
        made.shutdown(wait, cancel_futures=cancel_futures)

    def _executor(self) -> Executor:
        with self._lock:
            if self._made is None:
                self._made = _make(self._threads)
            return self._made


def _make(threads: int) -> Executor:
    try:
        from desktop.qtpool import QtThreads
    except ImportError:
        return ThreadPoolExecutor(threads, thread_name_prefix="io")
    return QtThreads(threads)
