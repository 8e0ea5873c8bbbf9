"""Token: a name that cannot be guessed, under which a stranger is told of one task."""

from __future__ import annotations

import secrets
from typing import Final

from desktop.engine.store.tables.beside_tasks import INSERT_TOKEN, TOKEN_OF_TASK
from desktop.engine.transaction.group import Group

TOKEN_BYTES: Final = 16
"""Random bytes of a token: 128 bits."""


def make_token() -> str:
    """Make a token that no task has."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(group: Group, task_id: int) -> str:
    """Return a token of the task, a new one where it has none; raises ``UnknownId``."""
    group.read(task_id)
    known = group.cursor.execute(TOKEN_OF_TASK, (task_id,)).fetchone()
    if known is not None:
        return str(known[0])
    token = make_token()
    group.cursor.execute(INSERT_TOKEN, (token, task_id))
    return token
