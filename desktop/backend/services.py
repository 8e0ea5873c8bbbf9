"""The services of the routes: made by the composition root, kept on the application."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast

from anyio import to_thread

from desktop.backend.http.wire.requests import to_json
from desktop.plain_imports import import_shiboken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from desktop.backend.current_settings import CurrentSettings, SettingsEffects
    from desktop.backend.letters import Letters
    from desktop.contract.model.events import Notice
    from desktop.engine.events.journal import Frame, Subscription
    from desktop.engine.events.notices import Notices
    from desktop.engine.facade.engine import Engine
    from desktop.engine.functions.registry import Registry
    from desktop.items.facade import Batches, Register
    from desktop.mail.sign_in.account import SendingAccount
    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class Services:
    """The backend's services: one of each in a process.

    - ``io``: the threads of blocking tasks; ``None`` in a monitor, where the app has them
    - ``drafting``: held while rows of a draft are read, checked and written back
    - ``cut_off``: set while there is no session with the server that has the database; a monitor
      never sets it
    """

    registry: Registry
    engine: Engine
    settings: CurrentSettings
    letters: Letters
    passwords: Passwords
    account: SendingAccount
    effects: SettingsEffects
    streams: OpenStreams
    io: IoThreads | None = None
    drafting: threading.Lock = field(default_factory=threading.Lock)
    cut_off: threading.Event = field(default_factory=threading.Event)

    @property
    def batches(self) -> Batches:
        """The verbs and reads of batches."""
        from desktop.items.facade import Batches

        return Batches(self.engine, self.letters.about)

    @property
    def register(self) -> Register:
        """The items."""
        from desktop.items.facade import Register

        return Register(self.engine)

    @property
    def notices(self) -> Notices:
        """The engine's notice board, which the backend's own notices use too."""
        return self.engine.board


def services_of(request: Request) -> Services:
    """Find the services of the application a request came to."""
    return cast("Services", request.app.state.services)


FRESH: Final = 0.1
"""Seconds for which counts are reused for other streams. With many streams, each of which sends
counts less often, they are reused for half of that interval."""


class OpenStreams:
    """The event streams of connected clients; used on the server's loop only.

    At most one thread reads for them. A thread for each stream would take threads and the
    interpreter lock from other requests.
    """

    def __init__(self) -> None:
        self.draining = False
        self._open: set[Subscription] = set()
        self._reading = asyncio.Lock()
        self._stats = ""
        self._read_at = 0.0

    @contextmanager
    def listening(self, subscription: Subscription) -> Iterator[Subscription]:
        """Count a subscription as open while the block runs, then close it."""
        self._open.add(subscription)
        try:
            yield subscription
        finally:
            self._open.discard(subscription)
            subscription.close()

    def drain(self) -> None:
        """End every stream now. Streams that are opened later end at once."""
        self.draining = True
        for subscription in list(self._open):
            subscription.close()

    async def stats(self, engine: Engine, *, by_now: bool = False) -> str:
        """Return the counts as JSON, at most ``FRESH`` seconds old; with ``by_now``, the newest."""
        async with self._reading:
            fresh = 0.0 if by_now else max(FRESH, engine.journal.pace / 2)
            if not self._stats or time.monotonic() - self._read_at > fresh:
                self._stats = await to_thread.run_sync(_stats, engine)
                self._read_at = time.monotonic()
            return self._stats

    async def notices(self, engine: Engine) -> list[Notice]:
        """Return the active notices."""
        async with self._reading:
            return await to_thread.run_sync(engine.notices)

    async def frame(self, subscription: Subscription) -> Frame | None:
        """Return the stream's next frame."""
        async with self._reading:
            return await to_thread.run_sync(subscription.next_frame)


def _stats(engine: Engine) -> str:
    return to_json(engine.stats()).decode()


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
