"""Reading beside the writer, in sessions of their own."""

from __future__ import annotations

import psycopg

from desktop.engine.errors import NotWritable
from desktop.engine.postgres.connection import READING, Connection
from desktop.engine.postgres.refusals import is_refusal, not_writable
from desktop.engine.store.lending import Lender


class PostgresReader(Lender):
    """Reads from the database at ``url``; ``NotWritable`` where there is no server."""

    errors = psycopg.Error

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def translate(self, error: Exception) -> NotWritable | None:
        """Translate what the server refuses."""
        if not isinstance(error, psycopg.Error) or not is_refusal(error):
            return None
        return not_writable(error)

    def connect(self) -> Connection:
        """Make one more session."""
        return Connection(self._url, **READING)
