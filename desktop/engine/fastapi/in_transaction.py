"""Tasks added in a transaction of the app's own: they exist only if it commits."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final, ParamSpec, overload

from desktop.engine.facade.add_task import (
    AddOptions,
    AddsTasks,
    Function,
    TakesOptions,
    TaskRef,
    number_of,
)
from desktop.engine.facade.engine import Engine
from desktop.engine.postgres.handed_rows import TASK
from desktop.engine.processes.app_sessions import Session
from desktop.engine.processes.wire import dump_task
from desktop.engine.submission import Place
from desktop.engine.verbs.token import make_token

P = ParamSpec("P")
AddWith = Callable[[AddOptions, Function, Sequence[Any], Mapping[str, Any]], TaskRef]
NONE: Final = AddOptions()
NEEDS_DATABASE: Final = "using(session) needs tasks in a database: install(app, database=…)"


class HandedRef(TaskRef):
    """A task written in a transaction; it gets its number after the COMMIT."""

    __slots__ = ("_token", "number", "place", "sender")

    def __init__(self, sender: str, place: int) -> None:
        self.sender = sender
        self.place = place
        self.number = None
        self._token = make_token()

    @property
    def token(self) -> str:
        """The task's token."""
        return self._token


class Sender:
    """Numbers the tasks that are handed over; those of one transaction are one line."""

    def __init__(self) -> None:
        self.name = f"request {secrets.token_hex(16)}"
        self.places = count(1)


class TransactionTasks(AddsTasks[TaskRef], TakesOptions["TransactionTasks"]):
    """Adds tasks in the transaction that ``session`` has begun, or begins.

    They are accepted once it commits, and start one after the other. If it, or a savepoint in it,
    is rolled back, they never existed. With an async session, await :meth:`add_task_async`.
    """

    def __init__(
        self, engine: Engine, session: Session, sender: Sender, options: AddOptions = NONE
    ) -> None:
        self._engine = engine
        self._session = session
        self._sender = sender
        self._options = options

    def _with(self, wanted: AddOptions) -> TransactionTasks:
        self._after(wanted.after)  # raises for a task without a number
        return TransactionTasks(self._engine, self._session, self._sender, wanted)

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return self._engine.now()

    def _add(self, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskRef:
        ref, row = self._write(func, args, kwargs)
        self._session.hand_over(row)
        return ref

    @overload
    def add_task_async(self, func: str, *args: Any, **kwargs: Any) -> Awaitable[TaskRef]: ...
    @overload
    def add_task_async(
        self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs
    ) -> Awaitable[TaskRef]: ...
    async def add_task_async(self, func: Function, *args: Any, **kwargs: Any) -> TaskRef:
        """Like ``add_task``, in an async session."""
        ref, row = self._write(func, args, kwargs)
        await self._session.hand_over_async(row)
        return ref

    def _write(
        self, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[HandedRef, dict[str, Any]]:
        """Return a task's reference, and the row that hands it over."""
        ref, wanted = HandedRef(self._sender.name, next(self._sender.places)), self._options
        task = self._engine.task_of(func, *args, **kwargs)
        task = wanted.applied_to(task, self._after(wanted.after))
        prepared = self._engine.prepared(replace(task, token=ref.token))
        row = {
            "sender": ref.sender,
            "number": ref.place,
            "kind": TASK,
            "token": ref.token,
            "wanted": dump_task(prepared, in_line=wanted.is_in_line),
        }
        return ref, row

    def _after(self, after: TaskRef | int | None) -> Place | int | None:
        if isinstance(after, HandedRef) and after.sender == self._sender.name:
            return Place(after.place)
        return number_of(after)


class InTests(TransactionTasks):
    """Replaces it in tests without a database: ``add`` adds the request's own tasks."""

    def __init__(self, engine: Engine, add: AddWith, options: AddOptions = NONE) -> None:
        self._engine = engine
        self._add_with = add
        self._options = options

    def _with(self, wanted: AddOptions) -> TransactionTasks:
        return InTests(self._engine, self._add_with, wanted)

    def _add(self, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskRef:
        return self._add_with(self._options, func, args, kwargs)

    async def add_task_async(self, func: Function, *args: Any, **kwargs: Any) -> TaskRef:
        """Like ``add_task``."""
        return self._add(func, args, kwargs)
