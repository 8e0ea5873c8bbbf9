"""What a server can refuse, in sentences for a person."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import errors

from desktop.engine.errors import NotWritable

GONE: Final = "The database server cannot be reached, so nothing new can be kept."
_SENTENCES: Final[dict[type[psycopg.Error], str]] = {
    errors.DiskFull: "The database server's disk is full, so nothing new can be kept.",
    errors.TooManyConnections: "The database server takes no more connections.",
    errors.AdminShutdown: "The database server is shutting down; it is tried again soon.",
    errors.CannotConnectNow: "The database server is starting; it is tried again soon.",
    errors.ReadOnlySqlTransaction: "The database can only be read now; it may be a standby.",
    errors.InsufficientPrivilege: "The database user may not write to its tables.",
}


def is_refusal(error: Exception) -> bool:
    """Tell whether the server takes nothing now; its other errors are our own mistakes."""
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return True
    return isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege)


def not_writable(error: psycopg.Error) -> NotWritable:
    """Translate an error of the server, or of the way to it."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return NotWritable(sentence)
    if error.sqlstate is None:
        return NotWritable(GONE)
    return NotWritable(f"The database refused to write: {error.diag.message_primary}.")
