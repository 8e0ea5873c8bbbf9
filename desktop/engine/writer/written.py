"""A group that is on disk, and the answers it owes."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.engine.transaction.group import Group
from desktop.engine.transaction.replies import Answer, More, Request, answer, keep, settle
from desktop.engine.writer.inbox import AwaitedNote, Inbox, Note
from desktop.engine.writer.notes import Refusal


@dataclass(frozen=True, slots=True)
class Written:
    """A group after its COMMIT; ``answers`` are what its requests are told."""

    group: Group
    notes: list[Note]
    refused: list[Refusal]
    answers: list[tuple[Request, Answer]]

    def answer(self, inbox: Inbox) -> None:
        """Tell everyone who waits for it; requests that are not done go on in ``inbox``."""
        answer((r.reply, told) for r, told in self.answers if not isinstance(told[0], More))
        for request, (value, _) in self.answers:
            if isinstance(value, More):
                keep(inbox.go_on, request, value)
        for point, error in self.refused:
            keep(settle, point.future, (None, error))
        for note in self.notes:
            if isinstance(note, AwaitedNote) and not note.future.done():
                keep(settle, note.future, (None, None))
