"""Says why a file cannot be used."""

from __future__ import annotations

from sendoff_tasks.words.table import ENGLISH


def unread(file: object, error: OSError) -> str:
    """Say that a file cannot be read, with the system's reason."""
    return ENGLISH.say("file", "unread", file=file, why=error.strerror or error)


def unwritten(file: object, error: OSError) -> str:
    """Say that a file cannot be written, with the system's reason."""
    return ENGLISH.say("file", "unwritten", file=file, why=error.strerror or error)
