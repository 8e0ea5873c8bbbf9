"""Salvages a group that cannot be written as a whole, by writing each note and request alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

from desktop.engine.errors import NotWritable
from desktop.engine.text import sentence
from desktop.engine.transaction.memory import Memory
from desktop.engine.transaction.replies import HalfDone, Request, answer, settle
from desktop.engine.transaction.writer_store import WriterStore
from desktop.engine.writer.note_kinds import EndNote, MarkNote, Note, StepNote
from desktop.engine.writer.notes import plain_end

log = logging.getLogger(__name__)

Write = Callable[[list[Note], list[Request]], None]
"""Writes notes and requests and does what follows, or rolls back and raises."""


class Left(NamedTuple):
    """What the disk refused, and everything after it."""

    notes: list[Note]
    requests: list[Request]
    refusal: Exception


def write_each_alone(
    write: Write,
    store: WriterStore,
    memory: Memory,
    now: int,
    notes: list[Note],
    requests: list[Request],
) -> Left | None:
    """Write each note and each request alone, at ``now`` (epoch ms); return what has to wait.

    All of them were rolled back, so verbs and notes must tolerate being done again. What the disk
    refuses waits with everything after it; otherwise an end could overtake its own log.
    """
    try:
        while notes:
            _write_note(write, store, memory, now, notes[0])
            notes = notes[1:]
        while requests:
            _do_request(write, store, requests[0])
            requests = requests[1:]
    except Exception as error:
        if not store.is_refusal(error):
            raise
        return Left(notes, requests, error)
    return None


def _write_note(write: Write, store: WriterStore, memory: Memory, now: int, note: Note) -> None:
    try:
        write([note], [])
    except Exception as error:
        if store.is_refusal(error):
            raise
        log.exception("This cannot be written: %r", note)
        match note:
            case MarkNote(_, future) | StepNote(_, future):
                why = f"It could not be recorded: {sentence(error)}"
                settle(future, (None, NotWritable(why)))
            case EndNote():
                _end_plainly(write, store, memory, plain_end(note, error, now))


def _end_plainly(write: Write, store: WriterStore, memory: Memory, plain: list[Note]) -> None:
    """Write an end without its details; if a bug prevents even that, leave it to the next start."""
    task_id = plain[-1].claim.task_id
    try:
        write(plain, [])
    except Exception as error:
        if store.is_refusal(error):
            raise
        log.exception("Task %s is judged at the next start", task_id)
        memory.running.pop(task_id, None)


def _do_request(write: Write, store: WriterStore, request: Request) -> None:
    try:
        write([], [request])
    except Exception as error:
        if store.is_refusal(error):
            raise
        told = error.error if isinstance(error, HalfDone) else error
        answer([(request.reply, (None, told))])
