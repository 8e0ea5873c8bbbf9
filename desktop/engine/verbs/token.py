"""Tokens: unguessable names by which outsiders can look up one task."""

from __future__ import annotations

import secrets
from typing import Final

from desktop.engine.store.tables.beside_tasks import INSERT_TOKEN, TOKEN_OF_TASK
from desktop.engine.transaction.group import Group

TOKEN_BYTES: Final = 16
"""Random bytes of a token: 128 bits."""


def make_token() -> str:
    """Return a new token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(group: Group, task_id: int) -> str:
    """Return the task's token, creating one if it has none; raise ``UnknownId``."""
    group.read(task_id)
    known = group.cursor.execute(TOKEN_OF_TASK, (task_id,)).fetchone()
    if known is not None:
        return str(known[0])
    token = make_token()
    group.cursor.execute(INSERT_TOKEN, (token, task_id))
    return token
