"""Tasks added in a transaction of the app's own: they exist only if it commits."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from inspect import iscoroutinefunction
from itertools import count
from typing import Any, Final

from sqlalchemy import text

from desktop.contract.states import State
from desktop.engine.errors import TaskFailed
from desktop.engine.facade.add_task import (
    AddsTasksAsync,
    AsyncWithOptions,
    Function,
    TakesOptions,
    TaskRef,
    follow,
)
from desktop.engine.facade.engine import Engine
from desktop.engine.postgres.handed_rows import HAND_OVER, TASK, UnacceptedTask
from desktop.engine.processes.wire import dump_task
from desktop.engine.submission import Place, TaskOptions
from desktop.engine.verbs.submit import make_token, prepare_task

NEEDS_DATABASE: Final = "using(session) needs tasks in a database: install(app, database=…)"


class HandedRef(TaskRef):
    """A task written in a transaction; it gets its number after the COMMIT."""

    __slots__ = ("_token", "place", "sender")

    def __init__(self, engine: Engine, sender: str, place: int) -> None:
        super().__init__(engine)
        self.sender = sender
        self.place = place
        self._token = make_token()

    @property
    def token(self) -> str:
        """The task's token."""
        return self._token

    async def keep(self) -> None:
        """Do as ``TaskRef.keep``; ``TaskFailed`` if the task could not be accepted."""
        async for number in follow(self._number, lambda number: number is not None):
            self.number = number

    def _number(self) -> int | None:
        found = self.engine.task_with_token(self._token)
        if isinstance(found, UnacceptedTask):
            if found.error is not None:
                raise TaskFailed(State.FAILED, found.error)
            return None
        return None if found is None else found["id"]


class Sender:
    """Numbers the tasks that are handed over; those of one transaction are one line."""

    def __init__(self) -> None:
        self.name = f"request {secrets.token_hex(16)}"
        self.places = count(1)


class TransactionTasks(AddsTasksAsync[TaskRef], TakesOptions[AsyncWithOptions[TaskRef]]):
    """Adds tasks in the transaction that ``session`` has begun, or begins.

    They are accepted once it commits, and start one after the other. If it, or a savepoint in it,
    is rolled back, they never existed. With an async session, await :meth:`add_task_async`.
    """

    def __init__(self, engine: Engine, session: Session, sender: Sender) -> None:
        self._engine = engine
        self._session = session
        self._sender = sender

    def _with(self, options: TaskOptions) -> AsyncWithOptions[TaskRef]:
        return AsyncWithOptions(self._add, self._add_async, options)

    def now(self) -> float:
        """Return the engine's current time, epoch s."""
        return self._engine.now()

    def _add(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef:
        ref, row = self._write(options, func, args, kwargs)
        self._session.hand_over(row)
        return ref

    async def _add_async(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskRef:
        ref, row = self._write(options, func, args, kwargs)
        await self._session.hand_over_async(row)
        return ref

    def _write(
        self, options: TaskOptions, func: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[HandedRef, dict[str, Any]]:
        """Return a task's reference, and the row that hands it over."""
        ref = HandedRef(self._engine, self._sender.name, next(self._sender.places))
        task = self._engine.task_of(func, args, kwargs, options)
        registry = self._engine.config.registry
        prepared = prepare_task(replace(task, token=ref.token), registry)
        row = {
            "sender": ref.sender,
            "number": ref.place,
            "kind": TASK,
            "token": ref.token,
            "wanted": dump_task(prepared),
        }
        return ref, row

    def _place_of(self, after: TaskRef | int) -> Place | int:
        if isinstance(after, HandedRef) and after.sender == self._sender.name:
            return Place(after.place)
        return super()._place_of(after)


KINDS: Final = "SQLAlchemy's Session, Connection and their async kinds, and psycopg's connections"
BLOCKS: Final = "this session blocks: write background_tasks.using(session).add_task(…)"
AWAITED: Final = (
    "this session is to be awaited: write await background_tasks.using(session).add_task_async(…)"
)
ELSEWHERE: Final = (
    "this session is not one of the database that install(app, database=…) names, or its user may "
    "not write to the table sendoff.handed"
)
_ELSEWHERE: Final = frozenset({"42P01", "3F000", "42501"})
"""The server's SQLSTATEs for a missing table or schema, or missing rights."""
_BY_NAME: Final = text(re.sub(r"%\((\w+)\)s", r":\1", HAND_OVER))


class Session:
    """A session to hand tasks over in; raises ``TypeError`` for anything else."""

    def __init__(self, real: Any) -> None:
        roots = {kind.__module__.partition(".")[0] for kind in type(real).__mro__}
        execute = getattr(real, "execute", None)
        if execute is None or not roots & {"sqlalchemy", "psycopg"}:
            raise TypeError(f"using(…) takes {KINDS}; got {real!r}")
        self.is_awaited = iscoroutinefunction(execute)
        self._execute = execute
        self._statement: Any = _BY_NAME if "sqlalchemy" in roots else HAND_OVER

    def hand_over(self, row: Mapping[str, Any]) -> None:
        """Write a row in the session's transaction."""
        if self.is_awaited:
            raise TypeError(AWAITED)
        try:
            self._execute(self._statement, row)
        except Exception as error:
            if _is_elsewhere(error):
                raise RuntimeError(ELSEWHERE) from error
            raise

    async def hand_over_async(self, row: Mapping[str, Any]) -> None:
        """Like :meth:`hand_over`, in an async session."""
        if not self.is_awaited:
            raise TypeError(BLOCKS)
        try:
            await self._execute(self._statement, row)
        except Exception as error:
            if _is_elsewhere(error):
                raise RuntimeError(ELSEWHERE) from error
            raise


def _is_elsewhere(error: Exception) -> bool:
    """Return whether the session cannot write to the table; other errors are the driver's."""
    real = getattr(error, "orig", None) or error
    return (getattr(real, "sqlstate", None) or getattr(real, "pgcode", None)) in _ELSEWHERE
