"""Sessions of the app's own, SQLAlchemy's or psycopg's, sync or async, behind one interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import Any, Final

from sqlalchemy import text

from desktop.engine.postgres.handed_rows import HAND_OVER

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
