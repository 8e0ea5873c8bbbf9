"""The one crossing from worker threads to the GUI thread: jobs, what runs them, what they ask."""

from __future__ import annotations

import inspect
from functools import partial
from itertools import count
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.qtpool import QtExecutor
from sendoff_tasks.client.errors import BackendBusy, BackendGone, TooSlow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from PySide6.QtCore import QThreadPool

    from desktop.client.api import Api

P = ParamSpec("P")
T = TypeVar("T")


class Job(Generic[T]):
    """Work for a worker thread, with callbacks for the GUI thread; a value, started elsewhere.

    ``function`` takes plain data and returns plain data; it never sees a widget.
    """

    __slots__ = ("args", "function", "kwargs", "on_failure", "on_success")

    def __init__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function = function
        self.args: Any = args
        self.kwargs: Any = kwargs
        self.on_success: Callable[[T], object] | None = None
        self.on_failure: Callable[[Exception], object] | None = None

    def then(self, on_success: Callable[[T], object]) -> Job[T]:
        """Return this job with a callback for its success, called with the result."""
        return self._with(on_success, self.on_failure)

    def otherwise(self, on_failure: Callable[[Exception], object]) -> Job[T]:
        """Return this job with a callback for its failure, called with the exception."""
        return self._with(self.on_success, on_failure)

    def _with(
        self,
        on_success: Callable[[T], object] | None,
        on_failure: Callable[[Exception], object] | None,
    ) -> Job[T]:
        job = Job(self.function, *self.args, **self.kwargs)
        job.on_success, job.on_failure = on_success, on_failure
        return job


class Ticket:
    """A started job: after ``cancel`` none of its callbacks is called any more."""

    def __init__(self, job: Job[Any]) -> None:
        self.job = job
        self.cancelled = False
        self.future: Future[Any] | None = None

    def cancel(self) -> None:
        """Drop the job: it never starts, or its outcome is ignored. GUI thread only."""
        self.cancelled = True
        if self.future is not None:
            self.future.cancel()


class ApiSource:
    """Holds the client of the current backend for widgets; ``api`` is ``None`` while it is gone.

    ``jobs`` run what asks it. ``on_back`` is called each time the backend answers again.
    """

    def __init__(self, jobs: Jobs, api: Api | None = None) -> None:
        self.jobs = jobs
        self.api = api
        self.on_back: Callable[[], object] = lambda: None
        self._once_back: dict[object, Callable[[], object]] = {}

    @property
    def gone(self) -> Exception:
        """The error of a call while there is no backend."""
        return self.jobs.in_words(BackendGone())

    def once_back(self, who: object, follows: Callable[[], object]) -> None:
        """Call ``follows`` once the backend answers again; replaces an earlier one of ``who``."""
        self._once_back[who] = follows

    def forget(self, who: object) -> None:
        """Drop the callback of ``who``."""
        self._once_back.pop(who, None)

    def ask_again(
        self, who: object, asked: Api | None, error: Exception, ask: Callable[[], object]
    ) -> bool:
        """Have ``ask`` called when it is worth it; ``False`` if the error is an answer.

        At once if the backend was too slow, or if there is another one than the one ``asked``;
        when a busy one wants to be asked; else once one answers again.
        """
        if isinstance(error, BackendBusy):
            again = partial(self.jobs.call, ask)
            QTimer.singleShot(round(error.retry_after * 1000), self.jobs, again)
        elif not isinstance(error, BackendGone):
            return False
        elif self.api is None or (self.api is asked and not isinstance(error, TooSlow)):
            self.once_back(who, ask)
        else:
            ask()
        return True

    def go_on(self) -> None:
        """Call what has waited for the backend: it answers."""
        waiting, self._once_back = self._once_back, {}
        self.on_back()
        for follows in waiting.values():
            self.jobs.call(follows)


class Asker:
    """Starts jobs that call the current backend; ``failed`` receives their errors."""

    def __init__(self, source: ApiSource, failed: Callable[[Exception], object]) -> None:
        self._source = source
        self.failed = failed

    def __call__(
        self,
        job: Callable[[Api], Job[Any]],
        failed: Callable[[Exception], object] | None = None,
    ) -> Ticket | None:
        """Start the job; without a backend, it fails at once with ``BackendGone``."""
        failed = failed or self.failed
        if self._source.api is None:
            failed(self._source.gone)
            return None
        return self._source.jobs.start(job(self._source.api).otherwise(failed))


class LatestRequest:
    """A request that replaces its predecessor: only the answer to the last one counts.

    ``failed`` receives the error. Unless that is an answer, the request is sent again.
    """

    def __init__(self, source: ApiSource, failed: Callable[[Exception], object]) -> None:
        self._source = source
        self._failed = failed
        self._ticket: Ticket | None = None

    def ask(self, job: Callable[[Api], Job[Any]]) -> None:
        """Start this job in place of the one before."""
        self._ask(job, is_late=False)

    def drop(self) -> None:
        """Cancel the request."""
        self._source.forget(self)
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _ask(self, job: Callable[[Api], Job[Any]], *, is_late: bool) -> None:
        self.drop()
        api = self._source.api
        if api is None:
            self._on_failed(api, job, self._source.gone)
            return
        asks = self._late(job(api)) if is_late else job(api)
        failed = partial(self._on_failed, api, job)
        self._ticket = self._source.jobs.start(asks.otherwise(failed))

    def _on_failed(
        self, asked: Api | None, job: Callable[[Api], Job[Any]], error: Exception
    ) -> None:
        again = partial(self._ask_again, self._ticket, job)
        self._source.ask_again(self, asked, error, again)
        if not isinstance(error, BackendGone) or self._source.api in (None, asked):
            self._failed(error)

    def _ask_again(self, before: Ticket | None, job: Callable[[Api], Job[Any]]) -> None:
        if before is self._ticket:  # else it was dropped or replaced meanwhile
            self._ask(job, is_late=True)

    def _late(self, job: Job[T]) -> Job[T]:
        """Let the late answer also tell other requests that the backend is there."""
        follows = job.on_success

        def take(answer: T) -> None:
            self._source.go_on()
            if follows is not None:
                follows(answer)

        return job.then(take)


class Jobs(QObject):
    """Runs jobs on a ``QThreadPool`` and calls their callbacks on the GUI thread, its own.

    A pool of one thread runs jobs in the order in which they were started. Without ``otherwise``, a
    job's error goes to ``on_unhandled``, so the person still sees it. A callback that refers to a
    deleted Qt object (as its method, or through a partial or a closure) is dropped. Objects that
    callbacks refer to are released on the GUI thread. ``succeeded`` is emitted after each success.
    ``in_words`` puts errors into the window's language before anyone sees them.
    """

    succeeded = Signal()
    _done = Signal(object)

    def __init__(
        self,
        pool: QThreadPool,
        on_unhandled: Callable[[Exception], object],
        in_words: Callable[[Exception], Exception] = lambda error: error,
    ) -> None:
        super().__init__()
        self.in_words = in_words
        self._executor = QtExecutor(pool)
        self._on_unhandled = on_unhandled
        self.under_way: dict[int, Ticket] = {}
        self._numbers = count()
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def start(self, job: Job[Any]) -> Ticket:
        """Start a job; returns at once."""
        ticket, number = Ticket(job), next(self._numbers)
        self.under_way[number] = ticket
        ticket.future = self._executor.submit(job.function, *job.args, **job.kwargs)
        # Only the number is passed: the last reference to a callback must not be a worker's.
        ticket.future.add_done_callback(lambda _: self._done.emit(number))
        return ticket

    def cancel_all(self) -> None:
        """Drop every job under way, before the widgets behind the callbacks are deleted."""
        for ticket in list(self.under_way.values()):
            ticket.cancel()

    def call(self, callback: Callable[..., object], *answer: object) -> None:
        """Call back, unless the callback refers to a deleted Qt object."""
        if all(map(shiboken6.isValid, _reached(callback))):
            callback(*answer)

    @Slot(object)
    def _on_done(self, number: int) -> None:
        ticket = self.under_way.pop(number)
        if ticket.cancelled or ticket.future is None:
            return
        error = ticket.future.exception()
        if error is None:
            if ticket.job.on_success is not None:
                self.call(ticket.job.on_success, ticket.future.result())
            self.succeeded.emit()
            return
        if not isinstance(error, Exception):  # such as SystemExit, which must not end the window
            error = RuntimeError(f"A job ended with {error!r}.")
        self.call(ticket.job.on_failure or self._on_unhandled, self.in_words(error))


def _reached(callback: Any) -> Iterator[QObject]:
    """Find the Qt objects that a callback refers to."""
    left, seen = [callback], set[int]()
    while left:
        held = left.pop()
        if id(held) in seen:  # a closure may refer to itself
            continue
        seen.add(id(held))
        match held:
            case QObject():
                yield held
            case MethodType():
                left.append(held.__self__)
            case partial():
                left += [held.func, *held.args, *held.keywords.values()]
            case FunctionType():
                left += inspect.getclosurevars(held).nonlocals.values()
