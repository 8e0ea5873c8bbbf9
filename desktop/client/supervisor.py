"""Keeps a backend running: attaches to one or starts one, watches it, and restarts it.

::

    Starting ──► Ready ──► Gone ──► Starting …
      │    ▲                ▲
      │    └── Finishing, Away
      │            ▲        │
      ├── taken ───┘        │
      └── not ready ────────┴──► GaveUp ── try_now ──► Starting

The state of a backend is Away while that is a spare or has another API, and Ready while it can be
used.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from desktop.builds import BUILD, on_disk
from desktop.client.child import spawn
from desktop.client.server_watch import (
    CHECK_EVERY,
    SILENT_CHECKS,
    other_contract,
    pause,
    spare_at,
)
from sendoff_tasks.client.health import (
    SERVES,
    Away,
    BackendHealth,
    Checks,
    Finishing,
    GaveUp,
    Gone,
    Missing,
    Ready,
    Starting,
    running_backend,
    still_serves,
)
from sendoff_tasks.folder.backend_addresses import FOLDER_TAKEN, OTHER_PROGRAM, STORE_DAMAGED
from sendoff_tasks.folder.lock_file import is_held
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.child import Child
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.folder.backend_addresses import Backend


BACKOFF: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before the first, second, … restart in a row; the last value repeats."""
STEADY_AFTER: Final = 60.0
"""Seconds that a backend has to be ready before the delays start again at the first."""
GIVE_UP_AFTER: Final = 5
"""Failed starts in a row after which the cause is not expected to go away by itself."""
READY_WITHIN: Final = 60.0
"""Seconds that a start may take, or go on without news of an update of its store."""
STOP_WITHIN: Final = 15.0
"""Seconds that an orderly stop may take; running tasks get 10 of them."""
FREE_WITHIN: Final = 60.0
"""Seconds that another backend may hold the folder without an answer: it is starting or ending."""
FREE_EVERY: Final = 0.25
_say: Final = partial(ENGLISH.say, "background")


class Restarts:
    """Counts the starts of a backend in a row."""

    def __init__(self) -> None:
        self._restarts = self._failed = 0
        self._ready_at = 0.0

    def ready(self) -> None:
        """Note that a backend was started, or was found running."""
        self._failed = 0
        self._ready_at = time.monotonic()

    def lost(self) -> None:
        """Note that the backend has ended or hangs."""
        if time.monotonic() - self._ready_at > STEADY_AFTER:
            self._restarts = 0

    def failed(self, *, is_hopeless: bool) -> None:
        """Note a failed start; another one would not help if it ``is_hopeless``."""
        self._failed = GIVE_UP_AFTER if is_hopeless else self._failed + 1

    @property
    def are_over(self) -> bool:
        """Whether a person has to solve the problem first."""
        return self._failed >= GIVE_UP_AFTER

    def next_delay(self) -> float:
        """Return the seconds before the next start, and count it."""
        seconds = BACKOFF[min(self._restarts, len(BACKOFF) - 1)]
        self._restarts += 1
        return seconds


class _NotReady(Exception):
    """A start failed; the text is the reason."""


class _Hopeless(_NotReady):
    """Another process keeps the folder, or another program: a start would not change that."""


class _Damaged(_NotReady):
    """The database is damaged: another start would not change that."""


class Supervisor:
    """Keeps one backend running for the data folder, and reports each change of its state.

    ``child`` is a backend that was already spawned. Without it, the supervisor attaches to a
    running backend of the folder, which it never stops, or spawns one. Used on one event loop.
    """

    def __init__(
        self,
        data: OfficeFolder,
        report: Callable[[BackendState], object],
        child: Child | None = None,
    ) -> None:
        self._data = data
        self._report = report
        self._child: Child | None = None
        self._spawned = child
        self._ready: asyncio.Future[Backend]
        self._exit: asyncio.Future[int]
        self._hurry = asyncio.Event()
        self._look = asyncio.Event()
        self._replaced = asyncio.Event()
        self._updating_at = -READY_WITHIN  # when an update of the store was last heard of

    async def run(self) -> None:
        """Keep a backend running until cancelled; then call ``stop``."""
        restarts = Restarts()
        while True:
            self._hurry.clear()
            self._report(Starting())
            is_damaged = False
            try:
                backend = await self._bring_up()
                restarts.ready()
                reason = await self._until_lost(backend)
                restarts.lost()
            except _NotReady as error:
                reason, is_damaged = str(error), isinstance(error, _Damaged)
                restarts.failed(is_hopeless=isinstance(error, (_Damaged, _Hopeless)))
            if restarts.are_over:
                self._report(GaveUp(reason, is_damaged))
                await self._hurry.wait()
                restarts = Restarts()
            else:
                seconds = restarts.next_delay()
                self._report(Gone(reason, seconds))
                await pause(seconds, self._hurry)

    def try_now(self) -> None:
        """End the pause before the next start."""
        self._hurry.set()

    def ask_now(self) -> None:
        """Check the health of the running backend at once."""
        self._look.set()

    def renew(self) -> None:
        """Restart our own backend, or try again: the program's files were replaced."""
        self._replaced.set()
        self.try_now()

    async def stop(self) -> None:
        """Stop our own backend in an orderly way, or kill it; leave an attached one alone."""
        child = self._child or self._spawned
        if child is None:
            return
        if self._child is None:
            self._adopt(child)
        child.close_pipe()
        await asyncio.wait({self._exit}, timeout=STOP_WITHIN)
        if not self._exit.done():
            child.kill()
            await asyncio.wait({self._exit})

    async def _bring_up(self) -> Backend:
        """Attach, or start one and wait until it is ready; raises ``_NotReady``."""
        while True:
            if self._spawned is None:
                running = await self._find()
                if running is not None:
                    return running
                self._spawned = await self._spawn()
            child, self._spawned = self._spawned, None
            self._adopt(child)
            backend = await self._until_ready()
            if backend is not None:
                return backend
            await self._until_free()

    async def _find(self) -> Backend | None:
        """Find a running backend; wait for one that only another program can start.

        Only an app has its functions, and only the starter of ``serve --database`` the address.
        """
        running = await asyncio.to_thread(running_backend, self._data)
        if running is None and self._data.waits_for_backend:
            is_app = self._data.app_mark.exists()
            self._report(Away(Missing.APP if is_app else Missing.DATABASE))
            while running is None:
                await asyncio.sleep(FREE_EVERY)
                running = await asyncio.to_thread(running_backend, self._data)
        return running

    async def _spawn(self) -> Child:
        spawning = asyncio.ensure_future(asyncio.to_thread(spawn, self._data))
        try:
            return await asyncio.shield(spawning)
        except asyncio.CancelledError:
            await asyncio.wait({spawning})  # ``stop`` has to know the process that is being made
            if spawning.exception() is None:
                self._spawned = spawning.result()
            raise
        except OSError as error:
            raise _NotReady(_say("not_started", why=error.strerror or error)) from error

    async def _until_ready(self) -> Backend | None:
        """Wait for our own backend; ``None`` if it ended because another one holds the folder."""
        first: set[asyncio.Future[Any]] = {self._ready, self._exit}
        while True:
            done, _ = await asyncio.wait(
                first, timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED
            )
            if done or time.monotonic() - self._updating_at > READY_WITHIN:
                break
        if self._ready.done():
            return self._ready.result()
        if not self._exit.done():
            await self._kill()
            raise _NotReady(_say("late", seconds=round(READY_WITHIN)))
        if self._exit.result() == FOLDER_TAKEN:
            self._child = None
            return None
        kinds = {STORE_DAMAGED: _Damaged, OTHER_PROGRAM: _Hopeless}
        raise kinds.get(self._exit.result(), _NotReady)(await self._how_it_ended())

    async def _until_free(self) -> None:
        """Wait until the folder is free, or the backend that holds it answers after all."""
        self._report(Finishing())
        since = time.monotonic()
        while await asyncio.to_thread(is_held, self._data.backend_lock):
            if await asyncio.to_thread(running_backend, self._data) is not None:
                return
            if time.monotonic() - since > FREE_WITHIN:
                raise _Hopeless(_say("folder_taken", folder=self._data.root))
            await asyncio.sleep(FREE_EVERY)

    async def _until_lost(self, backend: Backend) -> str:
        """Report that the backend is ready, wait until it has ended or hangs, and return why.

        If the database of our own backend is damaged, stops it and raises ``_Damaged``.
        """
        if self._child is not None and backend.build == BUILD:
            self._report(Ready(backend, own=True))
        else:
            self.ask_now()  # the answer tells whether it is a spare, and its API
        if self._child is None or backend.build == on_disk():
            self._replaced.clear()
        silence = asyncio.create_task(self._until_silent(backend))
        renewal = asyncio.create_task(self._replaced.wait())
        ends: set[asyncio.Future[Any]] = {silence}
        if self._child is not None:
            ends |= {self._exit, renewal}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            silence.cancel()
            renewal.cancel()
        if self._child is not None and self._exit.done():
            return await self._how_it_ended()
        if not silence.done():
            self._replaced.clear()
            self._report(Finishing())
            await self.stop()
            self._child = None
            return _say("updated")
        health = silence.result()
        if health is BackendHealth.GONE:
            return _say("gone")
        if health is BackendHealth.DAMAGED:
            await self.stop()
            self._child = None
            raise _Damaged(_say("damaged"))
        await self._kill()
        return _say("silent", seconds=round(CHECK_EVERY * SILENT_CHECKS))

    async def _until_silent(self, backend: Backend) -> BackendHealth:
        """Check the backend until it is gone, damaged or silent, and return which.

        For one that we have not started, or of another build, also reports whether it is ready.
        """
        ready = Ready(backend, own=self._child is not None)
        said: BackendState = ready if ready.own and backend.build == BUILD else Starting()
        fatal = BackendHealth.DAMAGED if ready.own else BackendHealth.GONE
        silent = 0
        with contextlib.closing(Checks(backend)) as checks:
            while silent < SILENT_CHECKS:
                await pause(CHECK_EVERY, self._look)
                self._look.clear()
                serves = partial(still_serves, backend, self._data)
                if not (ready.own or await asyncio.to_thread(serves)):
                    return BackendHealth.GONE
                health = await asyncio.to_thread(checks.ask)
                if health is fatal:
                    return health
                silent = 0 if health in SERVES else silent + 1
                is_spare = health is BackendHealth.SPARE
                away = spare_at if is_spare else partial(other_contract, own=ready.own)
                found = away(checks.heard) or ready
                if not silent and found != said:
                    said = found
                    self._report(found)
        return BackendHealth.SILENT

    def _adopt(self, child: Child) -> None:
        """Make a child our backend; its threads report through two futures of this loop."""
        loop = asyncio.get_running_loop()
        self._child = child
        ready = self._ready = loop.create_future()
        gone = self._exit = loop.create_future()

        def tell(hear: Callable[[Any], object], what: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(hear, what)

        child.watch(
            partial(tell, ready.set_result),
            partial(tell, gone.set_result),
            partial(tell, self._on_update),
        )

    def _on_update(self, done: float) -> None:
        self._updating_at = time.monotonic()
        self._report(Starting(done))

    async def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            await asyncio.wait({self._exit})  # awaiting the future itself would pass on a cancel
            self._child = None

    async def _how_it_ended(self) -> str:
        """Return a sentence about how our backend ended, and forget it."""
        child, self._child = self._child, None
        code = self._exit.result()
        if code < 0:
            return _say("killed", signal=-code)
        words = await asyncio.to_thread(child.last_words) if child is not None else ""
        return words or _say("ended", status=code)
